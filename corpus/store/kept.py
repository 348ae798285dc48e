"""Notices read last: reading a long one again for every page of it would take a second each."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable

from corpus.blocks import Pages, page_at
from corpus.notice import Notice
from corpus.parse.notices import parse_notice

_BYTES = 64 * 1024 * 1024
_BYTES_OF_CHARACTER = 4
_BYTES_OF_CLAUSE = 2000
"""What they take in memory (CPython 3.11, decrees of 60 to 570 KB: within a fifth)."""


class KeptNotices:
    """Reads notices as ``parse`` does and keeps those asked for last; any thread may use it.

    A notice is known by its text, file name and pages, so what is kept is never another version.
    The code that reads can't change under a running process, so it is no part of the key.

    Args:
        parse: takes source, file name and pages.
        max_bytes: what all that is kept takes; a larger notice is read and not kept.
    """

    def __init__(
        self,
        parse: Callable[[str, str, Pages], Notice] = parse_notice,
        max_bytes: int = _BYTES,
    ) -> None:
        self._parse = parse
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str, Pages], Notice] = OrderedDict()
        self._bytes = 0
        self._forgotten = 0  # how often something was forgotten

    def __call__(self, source: str, file_name: str, pages: Pages = ()) -> Notice:
        """Return the notice of that text, read now or before."""
        content_hash = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
        key = (content_hash, file_name, pages)
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
                return known
            forgotten = self._forgotten
        notice = self._parse(source, file_name, pages)
        with self._lock:
            # What was removed while it was being read must not come back.
            if forgotten == self._forgotten and key not in self._kept:
                self._keep(key, notice)
        return notice

    def forget(self, content_hashes: Iterable[str]) -> None:
        """Drop the notices with that content."""
        gone = frozenset(content_hashes)
        with self._lock:
            self._forgotten += 1
            for key in [key for key in self._kept if key[0] in gone]:
                self._bytes -= size_of(self._kept.pop(key))

    def _keep(self, key: tuple[str, str, Pages], notice: Notice) -> None:
        if size_of(notice) > self._max_bytes:
            return
        self._kept[key] = notice
        self._bytes += size_of(notice)
        while self._bytes > self._max_bytes:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= size_of(oldest)


class ReadBefore:
    """Reads notices as ``parse`` does, but takes those that the same code has read before.

    An index holds its notices with all that was read of them: to parse a whole library again for
    every file that is added would cost more the larger it is.

    Args:
        notices: read by the code of this process.
        parse: takes source, file name and pages.
    """

    def __init__(
        self, notices: Iterable[Notice], parse: Callable[[str, str, Pages], Notice]
    ) -> None:
        self._notices = {one.content_hash: one for one in notices}
        self._parse = parse

    def __call__(self, source: str, file_name: str, pages: Pages = ()) -> Notice:
        """Return the notice of that text."""
        content_hash = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
        known = self._notices.get(content_hash)
        if known is not None and known.file_name == file_name and _stands_on(known, pages):
            return known
        return self._parse(source, file_name, pages)


def _stands_on(notice: Notice, pages: Pages) -> bool:
    """Whether a notice was read with these pages; its file may have been added since."""
    return all(one.page == page_at(pages, one.spans[0].start) for one in notice.clauses)


def size_of(notice: Notice) -> int:
    """Return about how many bytes a notice takes in memory."""
    characters = len(notice.source) + len(notice.file_name)
    return _BYTES_OF_CHARACTER * characters + _BYTES_OF_CLAUSE * len(notice.clauses)
