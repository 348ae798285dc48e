"""Keeps the library in step with a folder, look by look.

A file is taken in when it was the same at two looks one after the other: one that is still being
written grows in between. One that has gone is told at the second look that misses it. Nothing is
removed from the library unless that was asked for, never while a file of any watched folder holds
it, and never when the whole folder seems empty: a drive that isn't there looks like that. A file
that is refused holds what it held before.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from assistant.runtime.intake import AddReport, store_all
from assistant.runtime.watched import Seen, WatchList
from assistant.runtime.workspace import Progress, Workspace
from corpus.readers.files import explain, notices_in

Signature = tuple[int, int]
"""Size, and when it was changed (nanoseconds)."""


class ChangeKind(StrEnum):
    """What happened to a file."""

    TAKEN = "taken"  # new or changed, and now in the library
    REFUSED = "refused"
    MOVED = "moved"
    GONE = "gone"
    REMOVED = "removed"  # gone, and out of the library too
    AWAY = "away"  # the whole folder seems empty


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened in the folder.

    Args:
        kind: what.
        path: within the folder.
        report: what became of a file that was read.
        before: the path of a moved file before.
        notices: ids of what was let go that the file held.
        is_there: whether the file is still there, with something else in it.
    """

    kind: ChangeKind
    path: str
    report: AddReport | None = None
    before: str = ""
    notices: tuple[str, ...] = ()
    is_there: bool = False


class Watcher:
    """Looks at one folder.

    Args:
        workspace: whose library follows.
        seen: what was seen before.
        folder: the folder.
        removes: whether what is gone from the folder goes from the library too.
        now: gives the time.
    """

    def __init__(
        self,
        workspace: Workspace,
        seen: WatchList,
        folder: Path,
        *,
        removes: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._workspace = workspace
        self._seen = seen
        self._folder = folder
        self._removes = removes
        self._now = now
        self._before: dict[str, Signature] | None = None
        self._away = False
        self._behind = False  # whether the index lacks something

    def look(
        self,
        tell: Callable[[Change], None],
        progress: Progress = lambda done, total: None,
    ) -> int:
        """Compare folder and library, take in what changed, and bring the index up to it.

        Args:
            tell: hears of each change when it is done.
            progress: hears how the index grows, in passages.

        Returns:
            how many files wait for the next look.

        Raises:
            UnreadableFile: the folder can't be listed.
            NoSpace: the disk is full; what isn't stored is tried again at the next look.
            NotReady, Busy: the index can't be built now; it is built before the next question.
        """
        there = {path: self._signature(path) for path in self._listed()}
        found = {path: one for path, one in there.items() if one is not None}
        known = self._seen.all()
        before, self._before = self._before, found
        if before is None:
            self._behind = self._workspace.is_behind()
        if self._is_away(found, known, tell):
            return 0
        missing = self._missing(known, found, before)
        waiting = sum(path not in found and path not in missing for path in _living(known))
        left: list[tuple[str, tuple[str, ...]]] = []
        for path, signature in found.items():
            last = known.get(path)
            if last is not None and not last.gone and (last.size, last.mtime_ns) == signature:
                continue
            if before is None or before.get(path) != signature:
                waiting += 1
                continue
            for change in self._take(path, signature, last, missing):
                self._behind |= change.report is not None and change.report.changed
                tell(change)
            if last is not None:
                left.append((path, last.notices))
        for path, one in missing.items():
            if self._removes:
                self._seen.forget(path)
            else:
                self._seen.keep(replace(one, gone=True))
            left.append((path, one.notices))
        for path, notices in left:
            self._let_go(path, notices, path in missing, tell)
        if self._behind:
            self._workspace.index(progress)
            self._behind = False
        return waiting

    def _listed(self) -> Iterator[str]:
        for path in notices_in(self._folder):
            yield path.relative_to(self._folder).as_posix()

    def _signature(self, path: str) -> Signature | None:
        try:
            told = os.stat(self._folder / path, follow_symlinks=False)  # noqa: PTH116 - as listed
        except FileNotFoundError:  # gone since it was listed
            return None
        except OSError as error:
            raise explain(error, path) from error
        return told.st_size, told.st_mtime_ns

    def _is_away(
        self,
        found: dict[str, Signature],
        known: dict[str, Seen],
        tell: Callable[[Change], None],
    ) -> bool:
        away = not found and bool(_living(known))
        if away and not self._away:
            tell(Change(ChangeKind.AWAY, ""))
        self._away = away
        return away

    def _missing(
        self,
        known: dict[str, Seen],
        found: dict[str, Signature],
        before: dict[str, Signature] | None,
    ) -> dict[str, Seen]:
        """Return the files that neither this look nor the one before has found."""
        if before is None:
            return {}
        return {
            path: one
            for path, one in known.items()
            if path not in found and path not in before and (self._removes or not one.gone)
        }

    def _take(
        self, path: str, signature: Signature, last: Seen | None, missing: dict[str, Seen]
    ) -> Iterator[Change]:
        """Take a file in, or see that it is one of ``missing``, which it is taken out of then."""
        file = self._folder / path
        held = last.notices if last is not None else ()
        try:
            with file.open("rb") as opened:
                sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
        except FileNotFoundError:
            return
        except OSError as error:
            refused = AddReport(file, file.name, error=explain(error, path))
            self._seen.keep(Seen(path, *signature, "", held))
            yield Change(ChangeKind.REFUSED, path, refused)
            return
        came_from = next((old for old, one in missing.items() if one.sha256 == sha256), None)
        if came_from is not None:
            moved = missing.pop(came_from)
            self._seen.forget(came_from)
            self._seen.keep(Seen(path, *signature, sha256, moved.notices))
            yield Change(ChangeKind.MOVED, path, before=came_from)
            return
        notices: list[str] = []
        for report in store_all(file, self._workspace.library, self._now, self._workspace.tools):
            if report.added is not None:
                notices.append(report.added.notice_id)
            kind = ChangeKind.TAKEN if report.added is not None else ChangeKind.REFUSED
            yield Change(kind, path, report)
        # Written to while it was read, it has another signature at the next look.
        self._seen.keep(Seen(path, *signature, sha256, tuple(notices) or held))

    def _let_go(
        self,
        path: str,
        notices: tuple[str, ...],
        is_gone: bool,
        tell: Callable[[Change], None],
    ) -> None:
        """See to notices that a file held which is gone, or holds something else now."""
        held = self._seen.held()
        current = {one.id for one in self._workspace.library.notices()}
        alone = tuple(id_ for id_ in notices if id_ not in held and id_ in current)
        if self._removes:
            for notice in alone:
                self._workspace.forget(notice)
                self._behind = True
        if alone or is_gone:
            kind = ChangeKind.REMOVED if self._removes and alone else ChangeKind.GONE
            tell(Change(kind, path, notices=alone, is_there=not is_gone))


def _living(seen: dict[str, Seen]) -> dict[str, Seen]:
    return {path: one for path, one in seen.items() if not one.gone}
