"""Notices read for the pages."""

from __future__ import annotations

import hashlib

from assistant.runtime.workspace import Workspace
from assistant.service.callers import Caller
from assistant.service.history.reopened import Reopener
from assistant.service.shelf import Shelf
from corpus.notice import Clause, Notice
from corpus.readers import read_file
from corpus.readers.files import sample_paths


class Readings:
    """Reads notices; any thread may use it.

    Args:
        shelf: where they are; it checks each time what the caller may read.
        workspace: of the same notices, for citations that somebody holds already.
    """

    def __init__(self, shelf: Shelf, workspace: Workspace) -> None:
        self._shelf = shelf
        self._workspace = workspace

    def notice(self, name: str, caller: Caller) -> Notice:
        """Return a notice with its clauses; raises as ``Shelf.notice``."""
        return self._shelf.notice(name, caller)

    def reopener(self) -> Reopener:
        """Return what compares stored citations with the notices of today."""
        return Reopener(self._workspace.library, self._workspace.read)

    def clause(self, name: str, clause: str, caller: Caller) -> tuple[Notice, Clause] | None:
        """Return a clause with its notice, or None if the notice has no such clause."""
        notice = self.notice(name, caller)
        number = clause.rpartition("#")[2]
        found = (one for one in notice.clauses if one.id.rpartition("#")[2] == number)
        one = next(found, None)
        return (notice, one) if one is not None else None


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
