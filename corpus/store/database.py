"""One SQLite file with a schema and a version, shared by threads and processes.

Threads share one connection under a lock; several processes may have the file open (WAL:
readers never wait, a second writer waits ``timeout_s`` and then gets ``Busy``). Every change is
one transaction, so a process that is killed leaves the state before or after it, never between.

That holds for the migration of an older file, too: all its steps are one transaction, and of
several processes that open the file the first one migrates it. No copy of the old file is kept:
what is purged or forgotten later would live on in it.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from corpus.store.closing import Closing
from corpus.store.database_errors import Wording

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
        migrations: version → the statements that lead from it to the next one. A table may be
            dropped and made anew: references between tables are looked at afterwards. 0 stands
            for files from before there were versions; without it, a file that holds tables and
            has no version is somebody else's.
        checked: whether SQLite's own check runs whenever the file is opened; it reads all of
            it, which a large file whose rows are checked as they are read needn't.
    """

    name: str
    restore: str
    version: int
    statements: tuple[str, ...]
    durable: bool = True
    migrations: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    checked: bool = True


class Database(Closing):
    """An open file; see the module for threads, processes and crashes."""

    def __init__(self, connection: sqlite3.Connection, wording: Wording) -> None:
        self._db = connection
        self._wording = wording
        self._lock = threading.RLock()

    @classmethod
    def open(cls, path: Path, schema: Schema, timeout_s: float) -> Self:
        """Open the file at ``path``, making it (for its owner alone) when there is none.

        A file that an older congvu wrote is migrated.

        Args:
            path: the SQLite file; its folder must exist.
            schema: what it holds.
            timeout_s: seconds to wait for another process that is writing.

        Raises:
            Damaged: the file holds something else, or SQLite's own check fails.
            NotReady: it was written by a newer congvu, or by one so old that no migration leads
                from it, or may not be opened.
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

    def compact(self) -> None:
        """Write the file anew without the pages that nothing needs any more."""
        with self._lock, self._wording.explained():
            self._db.execute("VACUUM")
        self.wipe()


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
    if schema.checked and db.execute("PRAGMA quick_check").fetchone()[0] != "ok":
        raise wording.damaged()
    if _version(db) != schema.version:
        db.execute("BEGIN IMMEDIATE")
        _bring_up_to_date(db, schema, wording)
        db.execute("COMMIT")
    # Only now: where references are enforced, dropping a table deletes what refers to its rows.
    db.execute("PRAGMA foreign_keys = ON")


def _bring_up_to_date(db: sqlite3.Connection, schema: Schema, wording: Wording) -> None:
    version = _version(db)  # looked up again: another process may have been here first
    if version > schema.version:
        raise wording.newer()
    if version == 0 and not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        # Not executescript: it would commit before the version is set.
        for statement in schema.statements:
            db.execute(statement)
    elif version == 0 and 0 not in schema.migrations:
        raise wording.damaged()
    else:
        _migrate(db, version, schema, wording)
    db.execute(f"PRAGMA user_version = {schema.version}")


def _migrate(db: sqlite3.Connection, version: int, schema: Schema, wording: Wording) -> None:
    steps = range(version, schema.version)
    if any(step not in schema.migrations for step in steps):
        raise wording.too_old(version)
    try:
        for step in steps:
            for statement in schema.migrations[step]:
                db.execute(statement)
    except (sqlite3.OperationalError, sqlite3.IntegrityError) as error:
        # A missing table, a value that may not be: the file is not what its version says.
        if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT}:
            raise wording.damaged() from error
        raise
    if db.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise wording.damaged()


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])
