"""The library of notices: their sources and versions, in one SQLite file.

Clauses are not stored: reading them again from the source gives the same ones.

Beside the file lies a folder ``originals`` with what the notices were read from
(``corpus.store.origins``).

``corpus.store.database`` says what holds for threads, processes and crashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Self

from corpus.blocks import Pages
from corpus.errors import Damaged
from corpus.notice import Header, Notice, Span
from corpus.parse.links import Links
from corpus.parse.unsure import with_unsure
from corpus.store import corrections, origins, stated
from corpus.store.closing import Closing
from corpus.store.corrections import Corrections, corrected_header
from corpus.store.database import Database, Schema, stamp
from corpus.store.library_rows import (
    Added,
    Outcome,
    StoredNotice,
    document_key,
    header_to_json,
    spans_from_json,
    spans_to_json,
    unnumbered,
)
from corpus.store.names import find_by_name
from corpus.store.notice_rows import NoticeRows, unknown
from corpus.store.originals import Originals
from corpus.store.origins import Origin, Origins
from corpus.store.stated import StatedFacts

__all__ = ["Added", "Library", "Outcome", "StoredNotice"]

Parse = Callable[[str, str, Pages], Notice]
"""Makes a notice of a source, its file name and where its pages begin."""

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
            superseded_at TEXT,
            unsure TEXT NOT NULL DEFAULT '[]'
        ) STRICT
        """,
        "CREATE UNIQUE INDEX one_current_version ON notice (document_key)"
        " WHERE superseded_at IS NULL",
        *origins.TABLES,
        *_OF_HEADS,
    ),
    migrations={
        1: ("ALTER TABLE notice ADD COLUMN unsure TEXT NOT NULL DEFAULT '[]'", *origins.TABLES),
        2: _OF_HEADS,
    },
)


class Library(Closing):
    """Notices with their versions; see the module for threads, processes and crashes."""

    def __init__(self, database: Database, originals: Originals) -> None:
        self._db = database
        self.corrections = Corrections(database)
        """What people put right in the heads of the notices."""
        self._rows = NoticeRows(database, self.corrections)
        self.origins = Origins(database, originals, self._rows)
        """What the notices were read from."""
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
        originals = Originals(path.parent / "originals")
        return cls(Database.open(path, _SCHEMA, timeout_s), originals)

    def close(self) -> None:
        """Close the file; the library can't be used afterwards."""
        self._db.close()

    def add(self, notice: Notice, added_at: datetime, origin: Origin | None = None) -> Added:
        """Store a notice.

        Content that is there already, under whatever file name, is left alone, but gets the
        original that it lacks, with its name, or that is read otherwise now; that of another
        format is not put in the place of the one it has. Content that was superseded before
        becomes the current version again. A document with the same key (kind, number, issuer,
        date; without a number: kind, file name, title) and other content becomes a new version,
        and the old one is kept; but where people say that the document of that key is called
        otherwise (``Corrections.meant``), it is another document.

        Args:
            notice: a parsed notice.
            added_at: now, with a time zone.
            origin: what it was read from, judged to be no secret; None where there is no file.

        Raises:
            ValueError: ``content_hash`` is not that of ``source``, or the time has no zone.
            NoSpace: the disk is full; nothing was changed.
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
                better = origin is not None and self.origins.keep(db, notice, origin)
                return Added(Outcome.UNCHANGED, same[0], known_as=same[1], completed=better)
            key = same[3] if same is not None else None
            if key is None:
                read = document_key(notice.header, notice.file_name)
                key = self.corrections.meant(db, read, notice.file_name)
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
                    " source, added_at, unsure) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        notice.id,
                        key,
                        notice.content_hash,
                        notice.file_name,
                        header_to_json(notice.header),
                        notice.source,
                        now,
                        spans_to_json(notice.unsure),
                    ),
                )
            notice_id = notice.id if same is None else same[0]
            if origin is not None:
                self.origins.keep(db, notice, origin)
            if current is None:
                return Added(Outcome.ADDED, notice_id)
            return Added(Outcome.NEW_VERSION, notice_id, replaced_id=current[0])

    def remove(self, notice_id: str) -> tuple[StoredNotice, ...]:
        """Delete a notice for good and return what was deleted.

        A current notice goes with all its versions; a superseded version goes alone. The
        deleted text is overwritten in the file, and originals that no other version needs are
        deleted.

        Raises:
            NotFound: there is no such id.
        """
        with self._db.writing() as db:
            notice = self._rows.get(notice_id)
            gone = self.versions(notice_id) if notice.is_current else (notice,)
            db.executemany("DELETE FROM notice WHERE id = ?", [(one.id,) for one in gone])
            self.corrections.forget(db)
            db.execute(
                "DELETE FROM stated WHERE content_hash NOT IN (SELECT content_hash FROM notice)"
            )
        self._db.wipe()
        self.origins.sweep()
        return gone

    def notices(self) -> tuple[StoredNotice, ...]:
        """Return the current version of every document, in the order they were added."""
        return self._rows.select("WHERE superseded_at IS NULL ORDER BY added_at, notice.rowid")

    def find(self, name: str) -> StoredNotice:
        """Return the current notice that ``name`` means: an id, ``45-TB/TGV``, ``TB45``, a file.

        Raises:
            BadInput: unknown or ambiguous; the message names the candidates.
        """
        return find_by_name(self.notices(), name)

    def like(self, header: Header, file_name: str) -> StoredNotice | None:
        """Return the current version of the document that a file would be added as a version of.

        Args:
            header: as read, or as people put it right.
            file_name: of the file.
        """
        with self._db.reading() as db:
            key = self.corrections.meant(db, document_key(header, file_name), file_name)
        found = self._rows.select("WHERE document_key = ? AND superseded_at IS NULL", (key,))
        return found[0] if found else None

    def versions(self, notice_id: str) -> tuple[StoredNotice, ...]:
        """Return all versions of the document that ``notice_id`` is one of, the current first.

        Raises:
            NotFound: there is no such id.
        """
        self._rows.get(notice_id)
        return self._rows.select(
            "WHERE document_key = (SELECT document_key FROM notice WHERE id = ?)"
            " ORDER BY superseded_at IS NOT NULL, superseded_at DESC, added_at DESC,"
            " notice.rowid DESC",
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
            raise unknown(notice_id)
        row = rows[0]
        if _hash(row[0]) != row[1]:
            raise Damaged(
                f"Nội dung văn bản “{row[2]}” trong thư viện đã bị hỏng.",
                f"Chạy `congvu remove {notice_id}` rồi thêm lại tệp gốc.",
            )
        return str(row[0])

    def load(self, notice_id: str, parse: Parse) -> Notice:
        """Read a notice with its clauses from the stored source.

        A newer congvu may read another header or id out of the same source. The row then
        follows ``parse``, so that everyone speaks of the notice by the same id again.

        Args:
            notice_id: of any version.
            parse: makes the notice again.

        Raises:
            NotFound: there is no such id.
            Damaged: the stored text does not match its hash.
        """
        stored = self._rows.get(notice_id)
        pages = self.origins.pages(notice_id)
        notice = parse(self.source(notice_id), stored.file_name, pages)
        notice = with_unsure(notice, self._unsure(notice_id))
        if notice.corrected:  # handed on from an index, with what was put right when it was made
            notice = replace(notice, header=stored.as_read, corrected=())
        if (notice.id, notice.header) != (stored.id, stored.as_read):
            self._follow(stored, notice)
        if not stored.corrected:
            return notice
        values = {one.field.value: one.value for one in self.corrections.of(notice.id)}
        header = corrected_header(notice.header, values)
        return replace(notice, header=header, corrected=tuple(values))

    def load_all(self, parse: Parse) -> tuple[Notice, ...]:
        """Read the current version of every document, as ``load`` does."""
        read = {one.content_hash: self.load(one.id, parse) for one in self.notices()}
        # Looked up again: rows that follow the parser may turn out to be versions of each other.
        return tuple(read[one.content_hash] for one in self.notices() if one.content_hash in read)

    def _unsure(self, notice_id: str) -> tuple[Span, ...]:
        rows = self._db.rows("SELECT unsure FROM notice WHERE id = ?", (notice_id,))
        return spans_from_json(rows[0][0])

    def links(self, parse: Parse) -> Links:
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
            corrected = bool(self.corrections.of(stored.id))
            read = document_key(notice.header, stored.file_name)
            stays = unnumbered(old) != was_read or (corrected and not stored.is_current)
            key = old
            if read != was_read and not stays:
                key = self.corrections.meant(db, read, stored.file_name, apart=old)
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
            if corrected and key != old:  # what was put right, and its older versions, follow
                db.execute("UPDATE notice SET document_key = ? WHERE document_key = ?", (key, old))
                self.corrections.move(db, old, key)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
