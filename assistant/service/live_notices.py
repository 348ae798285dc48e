"""What of an index may still be answered from, when notices were removed since it was built."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.errors import EmptyLibrary, NotFound
from corpus.store.library import Library


def live_notices(held: Iterable[str], library: Library) -> tuple[str, ...]:
    """Return the notices to look in, so that a removed one is not quoted for a moment longer.

    Another process may remove a notice and take a while to build the next index, or be killed
    before it does. A superseded version counts as there until the index holds the new one.

    Args:
        held: ids of the notices in the index.
        library: what there is now.

    Returns:
        The ids that are still there, or none when they all are: nothing needs to be left out.

    Raises:
        EmptyLibrary: not one of them is there.
    """
    ids = tuple(held)
    current = {one.id for one in library.notices()}
    there = tuple(one for one in ids if one in current or _is_known(one, library))
    if not there:
        raise EmptyLibrary(
            "Các văn bản trong chỉ mục đã được gỡ hết.",
            "Thêm văn bản, hoặc chạy `congvu index` để lập lại chỉ mục.",
        )
    return () if len(there) == len(ids) else there


def _is_known(notice_id: str, library: Library) -> bool:
    try:
        library.versions(notice_id)
    except NotFound:
        return False
    return True
