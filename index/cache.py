"""Embeddings kept by what they were made of, so that only changed texts are embedded again."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from corpus.errors import NoSpace
from index.embedder import Vectors

_log = logging.getLogger("congvu.index")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS embeddings (
    key BLOB PRIMARY KEY,
    vector BLOB NOT NULL,
    crc INTEGER NOT NULL
) WITHOUT ROWID
"""
_LOOKUP = 500  # keys a statement; SQLite's bound is far higher, memory isn't
_BUSY_S = 30.0


class EmbeddingCache:
    """A SQLite file of vectors; what is committed survives a kill, what is not is recomputed.

    Nothing in it is precious: a damaged entry counts as absent, and a file that is no
    database is put aside under ``….damaged`` and begun anew, both with a warning.

    Args:
        path: the database file; its folder is made.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._prepare()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise  # locked or not writable: the file itself is sound
            self._put_aside(error)

    def get(self, keys: Sequence[bytes], dimension: int) -> dict[bytes, Vectors]:
        """Return what is known of ``keys``: key → vector of shape (dimension,)."""
        found: dict[bytes, Vectors] = {}
        try:
            for key, blob, crc in self._rows(keys):
                if len(blob) != 4 * dimension or zlib.crc32(blob) != crc:
                    _log.warning(
                        "Bộ nhớ đệm %s: mục %s bị hỏng, sẽ tính lại.", self._path, key.hex()[:12]
                    )
                    continue
                found[key] = np.frombuffer(blob, dtype="<f4").astype(np.float32)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            self._put_aside(error)
        return found

    def put(self, vectors: Mapping[bytes, Vectors]) -> None:
        """Keep vectors by key; they are on disk when this returns.

        Raises:
            NoSpace: the disk is full; nothing of this call was kept.
        """
        rows = []
        for key, vector in vectors.items():
            blob = vector.astype("<f4").tobytes()
            rows.append((key, blob, zlib.crc32(blob)))
        with self._writing() as connection, connection:
            connection.executemany("INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)", rows)

    def keep(self, needed: Collection[bytes]) -> int:
        """Delete every vector but those of the keys ``needed`` and return how many they were.

        A vector tells much of its text, so the file is written anew: SQLite leaves deleted
        rows in free pages.

        Raises:
            NoSpace: the disk is full; nothing is lost.
        """
        kept = frozenset(needed)
        with self._writing() as connection:
            known = [key for (key,) in connection.execute("SELECT key FROM embeddings")]
            gone = [(key,) for key in known if key not in kept]
            if gone:
                with connection:
                    connection.executemany("DELETE FROM embeddings WHERE key = ?", gone)
                connection.execute("VACUUM")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return len(gone)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._connection() as connection:
                yield connection
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
                raise NoSpace(
                    f"Ổ đĩa đầy khi ghi {self._path}.", "Giải phóng chỗ trống rồi chạy lại."
                ) from error
            raise

    def _rows(self, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes, int]]:
        with self._connection() as connection:
            for start in range(0, len(keys), _LOOKUP):
                part = keys[start : start + _LOOKUP]
                marks = ",".join("?" * len(part))
                yield from connection.execute(
                    f"SELECT key, vector, crc FROM embeddings WHERE key IN ({marks})",  # noqa: S608
                    part,
                )

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        # One connection a call: the cache may be used from the thread that indexes and from
        # the one that reports, and SQLite ties a connection to its thread.
        with closing(sqlite3.connect(self._path, timeout=_BUSY_S)) as connection:
            yield connection

    def _prepare(self) -> None:
        with self._connection() as connection, connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(_SCHEMA)

    def _put_aside(self, error: sqlite3.DatabaseError) -> None:
        aside = self._path.with_name(self._path.name + ".damaged")
        _log.warning("Bộ nhớ đệm %s bị hỏng (%s): để riêng ra %s.", self._path, error, aside)
        self._path.replace(aside)
        for suffix in ("-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        self._prepare()


def cache_key(embedder_id: str, title: str, text: str) -> bytes:
    """Return the SHA-256 of what a document vector is made of."""
    parts = (embedder_id, title, text)
    # The lengths keep ("ab", "c") and ("a", "bc") apart.
    sizes = ",".join(str(len(part)) for part in parts)
    return hashlib.sha256("\0".join((sizes, *parts)).encode()).digest()
