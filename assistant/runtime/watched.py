"""What was seen in folders that are watched, so that a watch can be stopped and gone on with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from corpus.store.closing import Closing
from corpus.store.database import Database, Schema, storable

FILE_NAME: Final = "watched.sqlite"
_SCHEMA = Schema(
    name="sổ theo dõi thư mục",
    restore="Đổi tên tệp này rồi chạy lại `congvu watch`; văn bản đã nhận vẫn còn trong kho.",
    version=1,
    statements=(
        """
        CREATE TABLE seen (
            folder TEXT NOT NULL,
            path TEXT NOT NULL,
            size INTEGER NOT NULL,
            mtime_ns INTEGER NOT NULL,
            sha256 TEXT NOT NULL,
            notices TEXT NOT NULL,
            gone INTEGER NOT NULL,
            PRIMARY KEY (folder, path)
        ) STRICT
        """,
    ),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was when it was taken in.

    Args:
        path: within the folder, with slashes.
        size: bytes.
        mtime_ns: when it was changed, nanoseconds since 1970.
        sha256: hex digest of its bytes.
        notices: ids of what it holds; of a file that was refused, what it held before.
        gone: whether it is no longer there.
    """

    path: str
    size: int
    mtime_ns: int
    sha256: str
    notices: tuple[str, ...] = ()
    gone: bool = False


class WatchList(Closing):
    """The files of the folders; one process watches a folder.

    Args:
        database: open.
        folder: the folder, absolute.
    """

    def __init__(self, database: Database, folder: Path) -> None:
        self._db = database
        self._folder = storable(str(folder))

    @classmethod
    def open(cls, path: Path, folder: Path, timeout_s: float = 10.0) -> Self:
        """Open the file at ``path`` for a folder; raises as ``Database.open``."""
        return cls(Database.open(path, _SCHEMA, timeout_s), folder)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def all(self) -> dict[str, Seen]:
        """Return what was seen, by path."""
        rows = self._db.rows(
            "SELECT path, size, mtime_ns, sha256, notices, gone FROM seen WHERE folder = ?"
            " ORDER BY path",
            (self._folder,),
        )
        return {row[0]: _seen_of(row) for row in rows}

    def held(self) -> frozenset[str]:
        """Return the ids of what the files hold that are there, of every watched folder."""
        rows = self._db.rows("SELECT notices FROM seen WHERE NOT gone")
        return frozenset(id_ for row in rows for id_ in json.loads(row[0]))

    def keep(self, seen: Seen) -> None:
        """Write down how a file is now."""
        with self._db.writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    self._folder,
                    seen.path,
                    seen.size,
                    seen.mtime_ns,
                    seen.sha256,
                    json.dumps(seen.notices),
                    seen.gone,
                ),
            )

    def forget(self, path: str) -> None:
        """Forget a file."""
        with self._db.writing() as db:
            db.execute("DELETE FROM seen WHERE folder = ? AND path = ?", (self._folder, path))


def _seen_of(row: Sequence[Any]) -> Seen:
    path, size, mtime_ns, sha256, notices, gone = row
    return Seen(path, size, mtime_ns, sha256, tuple(json.loads(notices)), bool(gone))
