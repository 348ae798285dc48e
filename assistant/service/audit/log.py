"""The audit log: who asked what, when, what was cited, and what came of it.

Records are only appended, each with the hash of the one before. A second small file beside the
log holds the last record's number and hash, so that cutting off the end shows too. ``verify``
finds a changed, missing, reordered or inserted record, and personal data that vanished otherwise
than by ``purge``.

It can't find: a log that somebody who can write both files has built anew from some record on,
or thrown away altogether. Against that, note the head (``congvu audit show`` prints it) where
that person can't write, and give it to ``verify`` later. After a power cut the second file may
lag, so that the records since it was last written could be cut off unnoticed. Erased pages are
overwritten, but copies in backups and in the disk's own spare blocks are out of reach.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self, TextIO

from assistant.service.audit.chain import AuditCheck, check_chain
from assistant.service.audit.records import (
    AuditRecord,
    Cited,
    EventKind,
    Head,
    Row,
    hash_personal,
    hash_record,
    ranges,
)
from assistant.service.audit.schema import HEAD_SCHEMA, SCHEMA
from corpus.store.closing import Closing
from corpus.store.database import Database, stamp, storable

__all__ = ["AuditCheck", "AuditLog", "AuditRecord", "Cited", "EventKind", "Head"]

FILE_NAME: Final = "audit.sqlite"
"""Under the home folder; ``audit-head.sqlite`` lies beside it."""

_SALT_BYTES: Final = 32
_OWN_KINDS: Final = frozenset({EventKind.PURGE.value, EventKind.FORGET.value})
_ROW = (
    "SELECT record.seq, at, kind, outcome, body, personal_hash, previous, hash,"
    " salt, caller, question FROM record LEFT JOIN personal ON personal.seq = record.seq"
)


class AuditLog(Closing):
    """An open log; any thread may append, and several processes.

    Args:
        database: opened with the schema of the log.
        side: the file beside it, or None when it is missing.
        clock: gives the time of a record.
    """

    def __init__(
        self, database: Database, side: Database | None, clock: Callable[[], datetime]
    ) -> None:
        self._db = database
        self._side = side
        self._clock = clock

    @classmethod
    def open(
        cls,
        path: Path,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        timeout_s: float = 10.0,
    ) -> Self:
        """Open the log at ``path``, making it when there is none.

        Args:
            path: the SQLite file; its folder must exist.
            clock: gives the time of a record, with a time zone.
            timeout_s: seconds to wait for another process that is writing.

        Raises:
            Damaged: one of the files holds something else.
            NotReady: one was written by a newer congvu, or may not be opened.
            Busy: another process was writing for longer than ``timeout_s``.
        """
        side_path = path.with_name(f"{path.stem}-head{path.suffix}")
        database = Database.open(path, SCHEMA, timeout_s)
        try:
            # A log with records had that file: made anew, it would hide that the end is gone.
            fresh = not database.rows(
                "SELECT seq FROM record UNION SELECT seq FROM anchor WHERE seq > 0 LIMIT 1"
            )
            side = None
            if fresh or side_path.exists():
                side = Database.open(side_path, HEAD_SCHEMA, timeout_s)
        except BaseException:
            database.close()
            raise
        return cls(database, side, clock)

    def close(self) -> None:
        """Close the files; the log can't be used afterwards."""
        self._db.close()
        if self._side is not None:
            self._side.close()

    def append(  # noqa: PLR0913 - what makes up a record
        self,
        kind: str,
        caller: str,
        outcome: str,
        *,
        question: str | None = None,
        cited: Iterable[tuple[str, str, str]] = (),
        versions: Mapping[str, str] | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> Head:
        """Write down an event; it is on disk when this returns.

        Args:
            kind: one of ``EventKind``.
            caller: name of who caused it; can be erased later.
            outcome: what came of it, e.g. ``answered``, ``refused``.
            question: what was asked; can be erased later.
            cited: (notice id, SHA-256 of notice or clause, clause id) of what was relied on.
            versions: what the answer was made with.
            detail: further data, ready for JSON; nothing personal, for it can't be erased.

        Returns:
            The head of the chain.

        Raises:
            NoSpace: the disk is full.
            Busy: another process was writing for too long.
            ValueError: only the log itself writes about purging and forgetting.
        """
        if str(kind) in _OWN_KINDS:
            raise ValueError(f"only the log itself writes {kind} records")
        body = _body(cited, versions or {}, detail or {})
        with self._db.writing() as db:
            may_move = self._follows_side(db)
            head = self._insert(db, (str(kind), storable(outcome), body), caller, question)
        self._move_side(head, may_move)
        return head

    def head(self) -> Head:
        """Return the last record's number and hash."""
        with self._db.reading() as db:
            return _last(db)

    def records(
        self,
        *,
        since: datetime | None = None,
        caller: str | None = None,
        kind: str | None = None,
        limit: int = 50,
    ) -> tuple[AuditRecord, ...]:
        """Return the latest records in the order they were written.

        Args:
            since: only from then on.
            caller: only of this caller.
            kind: only of this kind.
            limit: at most so many.
        """
        rows = self._db.rows(
            f"{_ROW} WHERE (?1 IS NULL OR at >= ?1) AND (?2 IS NULL OR caller = ?2)"
            " AND (?3 IS NULL OR kind = ?3) ORDER BY record.seq DESC LIMIT ?4",
            (since and stamp(since), caller, kind and str(kind), max(0, limit)),
        )
        return tuple(Row(*row).record() for row in reversed(rows))

    def verify(self, noted: Head | None = None) -> AuditCheck:
        """Look through the whole log.

        Args:
            noted: a head that was noted elsewhere, if any; its record must still be there.
        """
        # Read first: the file is never ahead of a sound log.
        side = self._read_side()
        with self._db.reading() as db, closing(db.execute(f"{_ROW} ORDER BY record.seq")) as found:
            return check_chain((Row(*row) for row in found), _anchor(db), side, noted)

    def export(self, target: TextIO) -> int:
        """Write all records as JSON lines, the oldest first, with salts.

        With them, whoever gets the file can work out every hash again.

        Returns:
            How many there were.
        """
        count = 0
        with self._db.reading() as db, closing(db.execute(f"{_ROW} ORDER BY record.seq")) as found:
            for values in found:
                row = Row(*values)
                told = row.record().to_dict() | {
                    "salt": row.salt.hex() if row.salt is not None else None,
                    "personal_hash": row.personal_hash,
                }
                target.write(json.dumps(told, ensure_ascii=False) + "\n")
                count += 1
        return count

    def purge(self, *, before: datetime | None = None, caller: str | None = None, by: str) -> int:
        """Erase who asked what, for good; the records and the chain stay.

        Args:
            before: in records older than that.
            caller: in records of this caller.
            by: name of who erases.

        Returns:
            In how many records; nothing is written when it is none.

        Raises:
            ValueError: neither bound is given.
        """
        if before is None and caller is None:
            raise ValueError("purging needs a bound")
        with self._db.writing() as db:
            found = db.execute(
                "SELECT personal.seq FROM personal JOIN record ON record.seq = personal.seq"
                " WHERE (?1 IS NULL OR at < ?1) AND (?2 IS NULL OR caller = ?2)"
                " ORDER BY personal.seq",
                (before and stamp(before), caller),
            ).fetchall()
            if not found:
                return 0
            may_move = self._follows_side(db)
            db.execute("INSERT INTO erasing VALUES (1)")
            db.executemany("DELETE FROM personal WHERE seq = ?", found)
            db.execute("DELETE FROM erasing")
            detail = {"count": len(found), "erased": ranges([seq for (seq,) in found])}
            head = self._insert(db, (EventKind.PURGE.value, "done", _body((), {}, detail)), by)
        self._move_side(head, may_move)
        self._db.wipe()
        return len(found)

    def forget_before(self, moment: datetime) -> int:
        """Drop whole records older than ``moment``, keeping the hash of the last of them.

        Returns:
            How many; nothing is written when it is none.
        """
        with self._db.writing() as db:
            # Up to the first that stays: the chain has no holes, even if a clock once went back.
            last = db.execute(
                "SELECT seq, hash FROM record WHERE seq <"
                " coalesce((SELECT min(seq) FROM record WHERE at >= ?),"
                " (SELECT max(seq) + 1 FROM record)) ORDER BY seq DESC LIMIT 1",
                (stamp(moment),),
            ).fetchone()
            if last is None:
                return 0
            may_move = self._follows_side(db)
            db.execute("INSERT INTO erasing VALUES (1)")
            db.execute("DELETE FROM personal WHERE seq <= ?", last[:1])
            gone = db.execute("DELETE FROM record WHERE seq <= ?", last[:1]).rowcount
            db.execute("UPDATE anchor SET seq = ?, hash = ?", last)
            db.execute("DELETE FROM erasing")
            detail = {
                "before": stamp(moment),
                "count": gone,
                "until": {"seq": last[0], "hash": last[1]},
            }
            head = self._insert(db, (EventKind.FORGET.value, "done", _body((), {}, detail)), "")
        self._move_side(head, may_move)
        self._db.wipe()
        return gone

    def _insert(
        self,
        db: sqlite3.Connection,
        said: tuple[str, str, str],
        caller: str,
        question: str | None = None,
    ) -> Head:
        before = _last(db)
        seq, at, salt = before.seq + 1, stamp(self._clock()), secrets.token_bytes(_SALT_BYTES)
        caller = storable(caller)
        question = storable(question) if question is not None else None
        personal = hash_personal(salt, caller, question)
        head = Head(seq, hash_record(seq, at, (*said, personal), before.hash))
        db.execute(
            "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (seq, at, *said, personal, before.hash, head.hash),
        )
        db.execute("INSERT INTO personal VALUES (?, ?, ?, ?)", (seq, salt, caller, question))
        return head

    def _follows_side(self, db: sqlite3.Connection) -> bool:
        """Return whether the log goes on from what the file beside it holds.

        If not, that file is left as it is: moved on, it would no longer show what is missing.
        """
        side = self._read_side()
        if side is None:
            return False
        if side.seq <= _anchor(db).seq:  # lagging far behind, after a power cut
            return True
        found = db.execute("SELECT hash FROM record WHERE seq = ?", (side.seq,)).fetchone()
        return found is not None and found[0] == side.hash

    def _move_side(self, head: Head, may_move: bool) -> None:
        if self._side is not None and may_move:
            with self._side.writing() as db:
                # Another process may have been quicker with a later record.
                db.execute(
                    "UPDATE head SET seq = ?1, hash = ?2 WHERE seq < ?1", (head.seq, head.hash)
                )

    def _read_side(self) -> Head | None:
        if self._side is None:
            return None
        return Head(*self._side.rows("SELECT seq, hash FROM head")[0])


def _body(
    cited: Iterable[tuple[str, str, str]], versions: Mapping[str, str], detail: Mapping[str, Any]
) -> str:
    return json.dumps({"cited": list(cited), "versions": dict(versions), "detail": dict(detail)})


def _anchor(db: sqlite3.Connection) -> Head:
    return Head(*db.execute("SELECT seq, hash FROM anchor").fetchone())


def _last(db: sqlite3.Connection) -> Head:
    row = db.execute("SELECT seq, hash FROM record ORDER BY seq DESC LIMIT 1").fetchone()
    return Head(*row) if row is not None else _anchor(db)
