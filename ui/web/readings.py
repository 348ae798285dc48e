"""Notices read for the pages: reading a long one again at every click would take a second."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict

from assistant.service.callers import Caller
from assistant.service.reopened import Reopener
from assistant.service.shelf import Shelf
from corpus.library import Library
from corpus.notice import Clause, Notice
from corpus.parse import parse_notice
from corpus.readers import read_file
from ui.samples import sample_paths

_KEPT = 16
"""Notices kept; one with its clauses takes about a megabyte."""


class Readings:
    """Reads notices and keeps those read last; any thread may use it.

    Args:
        shelf: where they are; it checks each time what the caller may read.
        library: the same notices, for citations that somebody holds already.
    """

    def __init__(self, shelf: Shelf, library: Library) -> None:
        self._shelf = shelf
        self._library = library
        self._lock = threading.Lock()
        self._read: OrderedDict[tuple[str, str], Notice] = OrderedDict()

    def notice(self, name: str, caller: Caller) -> Notice:
        """Return a notice with its clauses; raises as ``Shelf.notice``."""
        return self._library.load(self._shelf.stored(name, caller).id, self._parse)

    def reopener(self) -> Reopener:
        """Return what compares stored citations with the notices of today."""
        return Reopener(self._library, self._parse)

    def clause(self, name: str, clause: str, caller: Caller) -> tuple[Notice, Clause] | None:
        """Return a clause with its notice, or None if the notice has no such clause."""
        notice = self.notice(name, caller)
        number = clause.rpartition("#")[2]
        found = (one for one in notice.clauses if one.id.rpartition("#")[2] == number)
        one = next(found, None)
        return (notice, one) if one is not None else None

    def _parse(self, source: str, file_name: str) -> Notice:
        key = (hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest(), file_name)
        with self._lock:
            known = self._read.get(key)
            if known is not None:
                self._read.move_to_end(key)
                return known
        notice = parse_notice(source, file_name)
        with self._lock:
            self._read[key] = notice
            while len(self._read) > _KEPT:
                self._read.popitem(last=False)
        return notice


class Samples:
    """Tells the made-up notices that come with congvu from a person's own.

    Args:
        hashes: SHA-256 hex digests of their sources.
    """

    def __init__(self, hashes: frozenset[str]) -> None:
        # An id ends in the first digits of the hash, so it can still be told of a notice that
        # was removed.
        self._ends = frozenset(one[:8] for one in hashes)

    @classmethod
    def from_package(cls) -> Samples:
        """Read the samples."""
        texts = (read_file(path).text for path in sample_paths())
        return cls(frozenset(hashlib.sha256(one.encode()).hexdigest() for one in texts))

    def is_sample(self, notice_id: str) -> bool:
        """Whether a notice, by its id, is a sample."""
        return notice_id.rpartition("-")[2] in self._ends
