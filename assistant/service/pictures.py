"""Pages of original files as pictures; those looked at last are kept for a moment."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

_BYTES: Final = 32 * 1024 * 1024


class Pictures:
    """Draws pages; any thread may use it.

    Args:
        most_bytes: what all pictures that are kept take; a larger one is drawn and not kept.
    """

    def __init__(self, most_bytes: int = _BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int], bytes] = OrderedDict()

    def page(self, content: str, page: int, draw: Callable[[], bytes]) -> bytes:
        """Return the picture of a page.

        Args:
            content: what tells the file from all others.
            page: 1-based.
            draw: makes the picture.
        """
        key = (content, page)
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
                return known
        picture = draw()
        with self._lock:
            self._kept[key] = picture
            while sum(map(len, self._kept.values())) > self._most_bytes:
                self._kept.popitem(last=False)
        return picture

    def forget(self) -> None:
        """Drop all pictures, as when a notice was removed."""
        with self._lock:
            self._kept.clear()
