"""Embeddings kept by what they were made of, so that only changed texts are embedded again."""

from __future__ import annotations

import hashlib
import logging
import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from corpus.errors import Damaged
from corpus.store.database import Database, Schema
from corpus.store.database_errors import blames_disk
from index.embedder import Vectors

_log = logging.getLogger("congvu.index")

_SCHEMA = Schema(
    name="bộ nhớ đệm vectơ",
    restore="Xoá tệp này rồi chạy `congvu index`: các vectơ sẽ được tính lại.",
    version=1,
    statements=(
        """
        CREATE TABLE embeddings (
            key BLOB PRIMARY KEY,
            vector BLOB NOT NULL,
            crc INTEGER NOT NULL
        ) WITHOUT ROWID
        """,
    ),
    # The first caches had no version; that the table is theirs shows when it is read.
    migrations={0: ("SELECT key, vector, crc FROM embeddings LIMIT 0",)},
    checked=False,  # every row has its own sum
)
_LOOKUP = 500  # keys a statement; SQLite's bound is far higher, memory isn't
_BUSY_S = 30.0

_Result = TypeVar("_Result")


class EmbeddingCache:
    """A SQLite file of vectors; what is committed survives a kill, what is not is recomputed.

    Nothing in it is precious: a damaged entry counts as absent, and a file that is no
    database is put aside under ``….damaged`` and begun anew, both with a warning.

    Args:
        path: the database file; its folder is made.

    Raises:
        NotReady: it was written by a newer congvu, or may not be opened; so every method.
        Busy: another process was writing for longer than half a minute; so every method.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._with(lambda database: None)

    def get(self, keys: Sequence[bytes], dimension: int) -> dict[bytes, Vectors]:
        """Return what is known of ``keys``: key → vector of shape (dimension,)."""
        found: dict[bytes, Vectors] = {}
        for key, blob, crc in self._with(lambda database: _rows(database, keys)):
            if len(blob) != 4 * dimension or zlib.crc32(blob) != crc:
                _log.warning(
                    "Bộ nhớ đệm %s: mục %s bị hỏng, sẽ tính lại.", self._path, key.hex()[:12]
                )
                continue
            found[key] = np.frombuffer(blob, dtype="<f4").astype(np.float32)
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

        def put_rows(database: Database) -> None:
            with database.writing() as db:
                db.executemany("INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)", rows)

        self._with(put_rows)

    def keep(self, needed: Collection[bytes]) -> int:
        """Delete every vector but those of the keys ``needed`` and return how many they were.

        A vector tells much of its text, so the file is written anew: SQLite leaves deleted
        rows in free pages.

        Raises:
            NoSpace: the disk is full; nothing is lost.
        """
        kept = frozenset(needed)

        def delete_others(database: Database) -> int:
            known = database.rows("SELECT key FROM embeddings")
            gone = [(key,) for (key,) in known if key not in kept]
            if gone:
                with database.writing() as db:
                    db.executemany("DELETE FROM embeddings WHERE key = ?", gone)
                database.compact()
            return len(gone)

        return self._with(delete_others)

    def _open(self) -> Database:
        return Database.open(self._path, _SCHEMA, _BUSY_S)

    def _with(self, work: Callable[[Database], _Result]) -> _Result:
        """Open the file for one piece of work; if it is damaged, do the work on a new one."""
        # Nobody closes a cache, so nothing stays open between two calls.
        try:
            with self._open() as database:
                return work(database)
        except Damaged as error:
            if blames_disk(error):
                raise
            self._put_aside(error)
        with self._open() as database:
            return work(database)

    def _put_aside(self, error: Damaged) -> None:
        aside = self._path.with_name(self._path.name + ".damaged")
        _log.warning("%s Để riêng ra %s.", error.message, aside)
        self._path.replace(aside)
        for suffix in ("-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)


def _rows(database: Database, keys: Sequence[bytes]) -> list[tuple[bytes, bytes, int]]:
    found: list[tuple[bytes, bytes, int]] = []
    for start in range(0, len(keys), _LOOKUP):
        part = keys[start : start + _LOOKUP]
        marks = ",".join("?" * len(part))
        query = f"SELECT key, vector, crc FROM embeddings WHERE key IN ({marks})"  # noqa: S608
        found += [(key, vector, crc) for key, vector, crc in database.rows(query, part)]
    return found


def cache_key(embedder_id: str, title: str, text: str) -> bytes:
    """Return the SHA-256 of what a document vector is made of."""
    parts = (embedder_id, title, text)
    # The lengths keep ("ab", "c") and ("a", "bc") apart.
    sizes = ",".join(str(len(part)) for part in parts)
    return hashlib.sha256("\0".join((sizes, *parts)).encode()).digest()
