"""What files of before 2007 (.doc, .xls) are: the OLE file that they should be, or another kind."""

from __future__ import annotations

from corpus.errors import UnreadableFile
from corpus.readers.base import Reader, Reading

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # MS-CFB 2.2

Others = tuple[tuple[bytes, type[Reader]], ...]
"""What files are that only their name calls so, by their first bytes."""


def read_other(data: bytes, name: str, others: Others, program: str, remedy: str) -> Reading | None:
    """Read a file that only its name calls one of before 2007; None where it is one.

    Args:
        data: the whole file.
        name: its name, for messages.
        others: what else it may be.
        program: whose files have this ending, for messages: ``Word``.
        remedy: what to do where it is none of these.

    Raises:
        UnreadableFile: empty, or neither OLE nor one of the others.
    """
    if not data.strip(b"\0 \r\n\t"):
        raise UnreadableFile(f"Tệp “{name}” trống.", "Kiểm tra lại tệp rồi thêm lần nữa.")
    for magic, make in others:
        if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(magic):
            return make().read(data, name)
    if not data.startswith(_MAGIC):
        raise UnreadableFile(f"Tệp “{name}” hỏng hoặc không phải tệp {program}.", remedy)
    return None
