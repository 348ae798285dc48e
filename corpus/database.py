"""One SQLite file with a schema and a version, shared by threads and processes.

Threads share one connection under a lock; several processes may have the file open (WAL:
readers never wait, a second writer waits ``timeout_s`` and then gets ``Busy``). Every change is
one transaction, so a process that is killed leaves the state before or after it, never between.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from corpus.closing import Closing
from corpus.database_errors import Wording

_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class Schema:
    """What a file holds.

    Args:
        name: what people call it, in Vietnamese and lower case.
        restore: what to do when it is damaged, a Vietnamese sentence.
        version: raised with every change of ``statements``.
        statements: make an empty file ready.
        durable: whether what was committed must survive a power cut; if not, the last changes
            may be lost to one, but nothing is ever half there.
    """

    name: str
    restore: str
    version: int
    statements: tuple[str, ...]
    durable: bool = True


class Database(Closing):
    """An open file; see the module for threads, processes and crashes."""

    def __init__(self, connection: sqlite3.Connection, wording: Wording) -> None:
        self._db = connection
        self._wording = wording
        self._lock = threading.RLock()

    @classmethod
    def open(cls, path: Path, schema: Schema, timeout_s: float) -> Self:
        """Open the file at ``path``, making it (for its owner alone) when there is none.

        Args:
            path: the SQLite file; its folder must exist.
            schema: what it holds.
            timeout_s: seconds to wait for another process that is writing.

        Raises:
            Damaged: the file holds something else, or SQLite's own check fails.
            NotReady: it was written by a newer congvu, or may not be opened.
            Busy: another process was writing for longer than ``timeout_s``.
        """
        wording = Wording(path, schema.name, schema.restore)
        with suppress(OSError):  # where it can't be made, SQLite says so in a moment
            path.touch(mode=_OWNER_ONLY)
        with wording.explained():
            connection = _connect(path, timeout_s)
            try:
                _prepare(connection, schema, wording)
            except BaseException:
                connection.close()
                raise
        return cls(connection, wording)

    def close(self) -> None:
        """Close the file; it can't be used afterwards."""
        with self._lock:
            self._db.close()

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        with self._lock, self._wording.explained():
            return self._db.execute(query, values).fetchall()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Let several queries see one state, on a connection of its own: nobody waits for them."""
        with self._wording.explained(), closing(_connect(self._wording.path)) as db:
            db.execute("PRAGMA query_only = ON")
            db.execute("BEGIN")
            yield db

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Make one change of several statements; an exception undoes all of it."""
        with self._lock, self._wording.explained():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                self._db.rollback()
                raise

    def wipe(self) -> None:
        """Overwrite what was deleted: the journal would else keep it until it is next reused."""
        with self._lock, self._wording.explained():
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def stamp(moment: datetime) -> str:
    """Return a moment as it is stored: ISO 8601 in UTC, sorting as text does.

    Raises:
        ValueError: it has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("the time needs a zone")
    return moment.astimezone(UTC).isoformat()


def storable(text: str) -> str:
    """Return text that SQLite takes: lone surrogates (bytes that were no UTF-8) are written out."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _connect(path: Path, timeout_s: float = 0.0) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=timeout_s, isolation_level=None, check_same_thread=False)


def _prepare(db: sqlite3.Connection, schema: Schema, wording: Wording) -> None:
    db.execute("PRAGMA journal_mode = WAL")
    db.execute(f"PRAGMA synchronous = {'FULL' if schema.durable else 'NORMAL'}")
    db.execute("PRAGMA secure_delete = ON")
    db.execute("PRAGMA foreign_keys = ON")
    if db.execute("PRAGMA quick_check").fetchone()[0] != "ok":
        raise wording.damaged()
    db.execute("BEGIN IMMEDIATE")
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version > schema.version:
        raise wording.newer()
    if version == 0:
        if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise wording.damaged()
        # Not executescript: it would commit before the version is set.
        for statement in schema.statements:
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {schema.version}")
    db.execute("COMMIT")
