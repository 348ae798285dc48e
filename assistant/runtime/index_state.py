"""How the index stands to the library."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.parse.version import reading_code
from corpus.store.kept import KeptNotices, ReadBefore
from corpus.store.library import Library

if TYPE_CHECKING:
    from index.snapshot import Snapshot
    from index.snapshot_store import SnapshotStore


class IndexState(StrEnum):
    """How the index stands to the library."""

    EMPTY = "empty"  # there are no notices to index
    CURRENT = "current"
    ROLLED_BACK = "rolled_back"  # behind, because a person wanted it so
    BEHIND = "behind"
    OUTDATED = "outdated"  # another congvu built it: this one reads or stores notices otherwise
    MISSING = "missing"
    DAMAGED = "damaged"

    @property
    def vietnamese(self) -> str:
        """The words shown to people."""
        return {
            IndexState.EMPTY: "chưa có văn bản nào để lập chỉ mục",
            IndexState.CURRENT: "khớp với kho văn bản",
            IndexState.ROLLED_BACK: "đã được quay về bản trước, không khớp với kho văn bản",
            IndexState.BEHIND: "chưa theo kịp kho văn bản",
            IndexState.OUTDATED: "do một bản congvu khác lập",
            IndexState.MISSING: "chưa được lập",
            IndexState.DAMAGED: "bị hỏng",
        }[self]

    @property
    def needs_build(self) -> bool:
        """Whether the index must be built before the next question."""
        return self not in {IndexState.EMPTY, IndexState.CURRENT, IndexState.ROLLED_BACK}


class IndexComparison:
    """Compares the index with the library, by what both hold and by two notes beside the index.

    The notes: ``index.read-by`` says which code read the notices for the index and what people
    had put right, ``index.rolled-back`` at which revision of the library a person rolled it back.

    Args:
        home: where the notes lie.
        library: the notices.
        snapshots: opens the index, which is slow the first time.
    """

    def __init__(
        self, home: Path, library: Library, snapshots: Callable[[], SnapshotStore]
    ) -> None:
        self._library = library
        self._snapshots = snapshots
        self._read_by = home / "index.read-by"
        self._rolled_back = home / "index.rolled-back"

    def state(self) -> IndexState:
        """Compare the index with the library."""
        notices = {one.id: one.content_hash for one in self._library.notices()}
        if not notices:
            return IndexState.EMPTY
        status = self._snapshots().status()
        usable = status.usable
        if usable is None:
            if status.damaged:
                return IndexState.DAMAGED
            return IndexState.OUTDATED if status.other_format else IndexState.MISSING
        if _holds(self._rolled_back, self._library.revision):
            return IndexState.ROLLED_BACK
        if usable.notices != notices:
            return IndexState.BEHIND
        same = _holds(self._read_by, self.made_by())
        return IndexState.CURRENT if same else IndexState.OUTDATED

    def made_by(self) -> str:
        """The code that reads texts, and what people put right, by which an index is made."""
        return "\n".join(filter(None, (reading_code(), self._library.corrections.digest)))

    def note_built(self, made_by: str) -> None:
        """Note that the index was built.

        Args:
            made_by: as it was before the notices were read for it.
        """
        self._read_by.write_text(made_by, encoding="ascii")
        self._rolled_back.unlink(missing_ok=True)

    def note_rolled_back(self) -> None:
        """Note that a person rolled the index back, which holds until a notice changes."""
        self._rolled_back.write_text(self._library.revision, encoding="ascii")

    def read_before(self, read: KeptNotices, loaded: Iterable[Snapshot | None]) -> ReadBefore:
        """Return what reads notices, but takes those that this code has read for the index.

        Args:
            read: reads the others.
            loaded: snapshots in memory; the current one among them is not read from the disk.
        """
        # What a person went back to, other code may have read.
        if self._rolled_back.exists() or not _begins_with(self._read_by, reading_code()):
            return ReadBefore((), read)
        for snapshot in loaded:
            if snapshot is not None and self._snapshots().is_current(snapshot):
                return ReadBefore(snapshot.notices.values(), read)
        return ReadBefore(self._snapshots().notices(), read)

    def may_hold(self, content_hashes: Iterable[str]) -> bool:
        """Whether the index, or the one before, may hold one of these contents."""
        status = self._snapshots().status()
        # One that was built meanwhile, though the library has moved on, is without them.
        held = {
            content
            for manifest in (status.current, status.previous)
            if manifest is not None
            for content in manifest.notices.values()
        }
        unknown = status.current is None or bool(status.damaged) or status.other_format
        return unknown or not held.isdisjoint(content_hashes)

    def previous_holds_removed(self) -> bool:
        """Whether the index before holds a notice that was removed from the library."""
        previous = self._snapshots().status().previous
        library = self._library
        kept = {v.content_hash for one in library.notices() for v in library.versions(one.id)}
        return previous is not None and bool(set(previous.notices.values()) - kept)


def _begins_with(path: Path, line: str) -> bool:
    try:
        return path.read_text(encoding="ascii", errors="replace").partition("\n")[0] == line
    except FileNotFoundError:
        return False


def _holds(path: Path, text: str) -> bool:
    try:
        return path.read_text(encoding="ascii", errors="replace") == text
    except FileNotFoundError:
        return False
