"""The library of notices: their sources and versions, in one SQLite file.

Clauses are not stored: reading them again from the source gives the same ones.

``corpus.store.database`` says what holds for threads, processes and crashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Self

from corpus.errors import Damaged, NotFound
from corpus.notice import Notice
from corpus.parse.links import Links
from corpus.store import corrections, stated
from corpus.store.closing import Closing
from corpus.store.corrections import Corrections, corrected_header
from corpus.store.database import Database, Schema, stamp
from corpus.store.library_rows import (
    COLUMNS,
    StoredNotice,
    document_key,
    header_to_json,
    stored_notice,
)
from corpus.store.names import find_by_name
from corpus.store.stated import StatedFacts

__all__ = ["Added", "Library", "Outcome", "StoredNotice"]

_OF_HEADS = (*corrections.TABLES, *stated.TABLES)
_SCHEMA = Schema(
    name="thư viện",
    restore="Khôi phục thư viện từ bản sao lưu, hoặc đổi tên tệp này rồi chạy `congvu add` lại.",
    version=3,
    statements=(
        """
        CREATE TABLE notice (
            id TEXT PRIMARY KEY,
            document_key TEXT NOT NULL,
            content_hash TEXT NOT NULL UNIQUE,
            file_name TEXT NOT NULL,
            header TEXT NOT NULL,
            source TEXT NOT NULL,
            added_at TEXT NOT NULL,
            superseded_at TEXT
        ) STRICT
        """,
        "CREATE UNIQUE INDEX one_current_version ON notice (document_key)"
        " WHERE superseded_at IS NULL",
        *_OF_HEADS,
    ),
    migrations={1: (), 2: _OF_HEADS},
)


class Outcome(StrEnum):
    """What adding a notice did."""

    ADDED = "added"
    UNCHANGED = "unchanged"  # the same content is there already
    NEW_VERSION = "new_version"  # the same document had other content


@dataclass(frozen=True, slots=True)
class Added:
    """The result of adding a notice.

    Args:
        outcome: what was done.
        notice_id: the notice that holds the content now.
        replaced_id: the version that it supersedes, for ``NEW_VERSION``.
        known_as: the file name under which the content was there before, for ``UNCHANGED``.
    """

    outcome: Outcome
    notice_id: str
    replaced_id: str | None = None
    known_as: str | None = None


class Library(Closing):
    """Notices with their versions; see the module for threads, processes and crashes."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self.corrections = Corrections(database)
        """What people put right in the heads of the notices."""
        self.facts = StatedFacts(database)
        """What the notices say of each other."""

    @classmethod
    def open(cls, path: Path, timeout_s: float = 10.0) -> Self:
        """Open the library at ``path``, making it when there is none.

        Args:
            path: the SQLite file; its folder must exist.
            timeout_s: seconds to wait for another process that is writing.

        Raises:
            Damaged: the file is not a library, or SQLite's own check fails.
            NotReady: it was written by a newer congvu, or may not be opened.
            Busy: another process was writing for longer than ``timeout_s``.
        """
        return cls(Database.open(path, _SCHEMA, timeout_s))

    def close(self) -> None:
        """Close the file; the library can't be used afterwards."""
        self._db.close()

    def add(self, notice: Notice, added_at: datetime) -> Added:
        """Store a notice.

        Content that is there already, under whatever file name, is left alone. Content that
        was superseded before becomes the current version again. A document with the same key
        (kind, number, issuer, date; without a number: kind, file name, title) and other
        content becomes a new version, and the old one is kept.

        Args:
            notice: a parsed notice.
            added_at: now, with a time zone.

        Raises:
            ValueError: ``content_hash`` is not that of ``source``, or the time has no zone.
        """
        if _hash(notice.source) != notice.content_hash:
            raise ValueError(f"content_hash of {notice.id} is not that of its source")
        now = stamp(added_at)
        with self._db.writing() as db:
            same = db.execute(
                "SELECT id, file_name, superseded_at, document_key FROM notice"
                " WHERE content_hash = ?",
                (notice.content_hash,),
            ).fetchone()
            if same is not None and same[2] is None:
                return Added(Outcome.UNCHANGED, same[0], known_as=same[1])
            key = same[3] if same is not None else None
            if key is None:
                read = document_key(notice.header, notice.file_name)
                key = self.corrections.meant(db, read)
            current = db.execute(
                "SELECT id FROM notice WHERE document_key = ? AND superseded_at IS NULL", (key,)
            ).fetchone()
            if current is not None:
                db.execute("UPDATE notice SET superseded_at = ? WHERE id = ?", (now, current[0]))
            if same is not None:
                db.execute(
                    "UPDATE notice SET superseded_at = NULL, added_at = ? WHERE id = ?",
                    (now, same[0]),
                )
            else:
                db.execute(
                    "INSERT INTO notice (id, document_key, content_hash, file_name, header,"
                    " source, added_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (
                        notice.id,
                        key,
                        notice.content_hash,
                        notice.file_name,
                        header_to_json(notice.header),
                        notice.source,
                        now,
                    ),
                )
            notice_id = notice.id if same is None else same[0]
            if current is None:
                return Added(Outcome.ADDED, notice_id)
            return Added(Outcome.NEW_VERSION, notice_id, replaced_id=current[0])

    def remove(self, notice_id: str) -> tuple[StoredNotice, ...]:
        """Delete a notice for good and return what was deleted.

        A current notice goes with all its versions; a superseded version goes alone. The
        deleted text is overwritten in the file.

        Raises:
            NotFound: there is no such id.
        """
        with self._db.writing() as db:
            notice = self._get(notice_id)
            gone = self.versions(notice_id) if notice.is_current else (notice,)
            db.executemany("DELETE FROM notice WHERE id = ?", [(one.id,) for one in gone])
            self.corrections.forget(db)
            db.execute(
                "DELETE FROM stated WHERE content_hash NOT IN (SELECT content_hash FROM notice)"
            )
        self._db.wipe()
        return gone

    def notices(self) -> tuple[StoredNotice, ...]:
        """Return the current version of every document, in the order they were added."""
        return self._select("WHERE superseded_at IS NULL ORDER BY added_at, rowid")

    def find(self, name: str) -> StoredNotice:
        """Return the current notice that ``name`` means: an id, ``45-TB/TGV``, ``TB45``, a file.

        Raises:
            BadInput: unknown or ambiguous; the message names the candidates.
        """
        return find_by_name(self.notices(), name)

    def versions(self, notice_id: str) -> tuple[StoredNotice, ...]:
        """Return all versions of the document that ``notice_id`` is one of, the current first.

        Raises:
            NotFound: there is no such id.
        """
        self._get(notice_id)
        return self._select(
            "WHERE document_key = (SELECT document_key FROM notice WHERE id = ?)"
            " ORDER BY superseded_at IS NOT NULL, superseded_at DESC, added_at DESC, rowid DESC",
            (notice_id,),
        )

    @property
    def revision(self) -> str:
        """A hash over the current contents; an index built at another revision is behind."""
        rows = self._db.rows(
            "SELECT content_hash FROM notice WHERE superseded_at IS NULL ORDER BY content_hash"
        )
        corrected = self.corrections.digest
        return _hash("\n".join([row[0] for row in rows] + ([corrected] if corrected else [])))

    def source(self, notice_id: str) -> str:
        """Return the text of a notice as it was given, of any version.

        Raises:
            NotFound: there is no such id.
            Damaged: the stored text does not match its hash.
        """
        rows = self._db.rows(
            "SELECT source, content_hash, file_name FROM notice WHERE id = ?", (notice_id,)
        )
        if not rows:
            raise _unknown(notice_id)
        row = rows[0]
        if _hash(row[0]) != row[1]:
            raise Damaged(
                f"Nội dung văn bản “{row[2]}” trong thư viện đã bị hỏng.",
                f"Chạy `congvu remove {notice_id}` rồi thêm lại tệp gốc.",
            )
        return str(row[0])

    def load(self, notice_id: str, parse: Callable[[str, str], Notice]) -> Notice:
        """Read a notice with its clauses from the stored source.

        A newer congvu may read another header or id out of the same source. The row then
        follows ``parse``, so that everyone speaks of the notice by the same id again.

        Args:
            notice_id: of any version.
            parse: takes source and file name.

        Raises:
            NotFound: there is no such id.
            Damaged: the stored text does not match its hash.
        """
        stored = self._get(notice_id)
        notice = parse(self.source(notice_id), stored.file_name)
        if notice.corrected:  # handed on from an index, with what was put right when it was made
            notice = replace(notice, header=stored.as_read, corrected=())
        if (notice.id, notice.header) != (stored.id, stored.as_read):
            self._follow(stored, notice)
        if not stored.corrected:
            return notice
        values = {one.field.value: one.value for one in self.corrections.of(notice.id)}
        header = corrected_header(notice.header, values)
        return replace(notice, header=header, corrected=tuple(values))

    def load_all(self, parse: Callable[[str, str], Notice]) -> tuple[Notice, ...]:
        """Read the current version of every document, as ``load`` does."""
        read = {one.content_hash: self.load(one.id, parse) for one in self.notices()}
        # Looked up again: rows that follow the parser may turn out to be versions of each other.
        return tuple(read[one.content_hash] for one in self.notices() if one.content_hash in read)

    def links(self, parse: Callable[[str, str], Notice]) -> Links:
        """Return the relations between the current notices.

        Args:
            parse: takes source and file name of one that was not read yet by this code.
        """
        return Links(self.facts.of(self.notices(), lambda one: self.load(one, parse)))

    def _follow(self, stored: StoredNotice, notice: Notice) -> None:
        with self._db.writing() as db:
            [[old]] = db.execute(
                "SELECT document_key FROM notice WHERE id = ?", (stored.id,)
            ).fetchall()
            # One that was found to be a version of a corrected document stays one.
            was_read = document_key(stored.as_read, stored.file_name)
            key = document_key(notice.header, stored.file_name) if old == was_read else old
            if stored.is_current:
                # Read rightly at last, two documents may be versions of one: the later stays.
                rivals = db.execute(
                    "SELECT id, added_at FROM notice WHERE document_key = ?"
                    " AND superseded_at IS NULL AND id != ?"
                    " UNION SELECT id, added_at FROM notice WHERE id = ? ORDER BY added_at",
                    (key, stored.id, stored.id),
                ).fetchall()
                latest = rivals[-1][1]
                db.executemany(
                    "UPDATE notice SET superseded_at = ? WHERE id = ?",
                    [(latest, one_id) for one_id, _ in rivals[:-1]],
                )
            db.execute(
                "UPDATE notice SET id = ?, header = ?, document_key = ? WHERE id = ?",
                (notice.id, header_to_json(notice.header), key, stored.id),
            )
            self.corrections.move(db, old, key)

    def _get(self, notice_id: str) -> StoredNotice:
        found = self._select("WHERE id = ?", (notice_id,))
        if not found:
            raise _unknown(notice_id)
        return found[0]

    def _select(self, where: str, values: tuple[str, ...] = ()) -> tuple[StoredNotice, ...]:
        rows = self._db.rows(f"SELECT {COLUMNS} FROM notice {where}", values)  # noqa: S608
        return self.corrections.apply([stored_notice(row) for row in rows])


def _unknown(notice_id: str) -> NotFound:
    return NotFound(
        f"Không có văn bản nào mang mã “{notice_id}”.", "Xem mã các văn bản bằng `congvu list`."
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
