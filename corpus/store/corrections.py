"""What people put right in the head of a document, kept over re-reading and new versions.

A correction belongs to a document and not to one content of it: it is kept by what the document
was read as, and what was read stays beside it, so that it can be undone. A new version is known
by either: it may be read wrong as before, or right at last.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import count
from sqlite3 import Connection
from typing import Any

from corpus.dates import write_date
from corpus.errors import BadInput
from corpus.facts.references import normalise_number
from corpus.notice import Header, Status
from corpus.store.database import Database, stamp, storable
from corpus.store.library_rows import (
    StoredNotice,
    document_key,
    header_from_json,
    numbered,
    unnumbered,
)
from corpus.text import normalise

TABLES = (
    """
    CREATE TABLE correction (
        document_key TEXT NOT NULL,
        field TEXT NOT NULL,
        value TEXT NOT NULL,
        by_whom TEXT NOT NULL,
        made_at TEXT NOT NULL,
        PRIMARY KEY (document_key, field)
    ) STRICT
    """,
)
_LONGEST = 2000  # characters: a title that names all that is amended
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y")


class Field(StrEnum):
    """What of a head can be put right."""

    KIND = "kind"
    NUMBER = "number"
    ISSUER = "issuer"
    DATE = "date"
    TITLE = "title"
    STATUS = "status"

    @property
    def vietnamese(self) -> str:
        """The word shown to people."""
        return _WORDS[self]


_WORDS = {
    Field.KIND: "loại văn bản",
    Field.NUMBER: "số ký hiệu",
    Field.ISSUER: "cơ quan ban hành",
    Field.DATE: "ngày ban hành",
    Field.TITLE: "trích yếu",
    Field.STATUS: "tình trạng",
}


@dataclass(frozen=True, slots=True)
class Correction:
    """One field that a person put right.

    Args:
        field: which.
        value: as given, checked; a date in ISO 8601, ``""`` where the document has none.
        by_whom: who did it.
        made_at: when, in UTC.
    """

    field: Field
    value: str
    by_whom: str
    made_at: datetime

    @property
    def shown(self) -> str:
        """The value as people are shown it."""
        if not self.value:
            return "không có"
        if self.field is Field.DATE:
            return write_date(date.fromisoformat(self.value))
        return Status(self.value).vietnamese if self.field is Field.STATUS else self.value

    def to_dict(self) -> dict[str, object]:
        """Return it ready for JSON."""
        return {
            "field": self.field.value,
            "value": self.value,
            "by": self.by_whom,
            "at": self.made_at.isoformat(),
        }


def checked(field: Field, value: str) -> str:
    """Return a value as it is kept.

    Args:
        field: which one it is of.
        value: as a person gives it; a date as ``2026-03-09`` or ``09/3/2026``.

    Raises:
        BadInput: no such date or status, too long, or no kind.
    """
    text = normalise(storable(value))
    if len(text) > _LONGEST:
        raise BadInput(f"Giá trị của {field.vietnamese} dài quá {_LONGEST} ký tự.", "Ghi ngắn lại.")
    if field is Field.DATE and text:
        return _day(text)
    if field is Field.STATUS and text not in set(Status):
        raise BadInput(
            f"Không có tình trạng “{text}”.", "Chọn issued (đã ban hành) hoặc draft (dự thảo)."
        )
    if field is Field.KIND and not text:
        raise BadInput("Loại văn bản không được để trống.", "Ghi loại, ví dụ “Quyết định”.")
    return normalise_number(text) if field is Field.NUMBER and text else text


def _day(text: str) -> str:
    for form in _DAYS:
        try:
            return datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    raise BadInput(f"“{text}” không phải là ngày.", "Ghi dạng 09/3/2026 hoặc 2026-03-09.")


def corrected_header(header: Header, values: Mapping[str, str]) -> Header:
    """Return a header with the corrected fields in the place of what was read."""
    changed: dict[str, Any] = dict(values)
    if Field.DATE in changed:
        given = changed[Field.DATE]
        changed[Field.DATE] = date.fromisoformat(given) if given else None
    if Field.STATUS in changed:
        changed[Field.STATUS] = Status(changed[Field.STATUS])
    return replace(header, **{str(field): value for field, value in changed.items()})


class Corrections:
    """The corrections of a library.

    Args:
        database: of the library.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, notice_id: str) -> tuple[Correction, ...]:
        """Return the corrections of the document that a notice is a version of."""
        rows = self._db.rows(
            "SELECT field, value, by_whom, made_at FROM correction WHERE document_key ="
            " (SELECT document_key FROM notice WHERE id = ?)",
            (notice_id,),
        )
        found = [
            Correction(Field(field), value, by_whom, datetime.fromisoformat(made_at))
            for field, value, by_whom, made_at in rows
        ]
        return tuple(sorted(found, key=lambda one: list(Field).index(one.field)))

    def apply(self, notices: Sequence[StoredNotice]) -> tuple[StoredNotice, ...]:
        """Return notices with their heads put right."""
        values: dict[str, dict[str, str]] = {}
        for notice_id, field, value in self._db.rows(
            "SELECT notice.id, field, value FROM correction JOIN notice USING (document_key)"
        ):
            values.setdefault(notice_id, {})[field] = value
        return tuple(
            replace(
                one,
                header=corrected_header(one.header, values[one.id]),
                read=one.header,
                corrected=tuple(field for field in Field if field in values[one.id]),
            )
            if one.id in values
            else one
            for one in notices
        )

    def change(
        self, notice: StoredNotice, values: Mapping[Field, str | None], by_whom: str, at: datetime
    ) -> None:
        """Put fields of a document right; what is as it was read needs no correction.

        Args:
            notice: a version of the document.
            values: field → the right value, or None to undo its correction.
            by_whom: who does it.
            at: now, with a time zone.

        Raises:
            BadInput: a value can't be, or another document is called so already.
        """
        now = stamp(at)
        kept = {
            field: checked(field, value) for field, value in values.items() if value is not None
        }
        as_read = notice.as_read
        with self._db.writing() as db:
            [[key]] = db.execute(
                "SELECT document_key FROM notice WHERE id = ?", (notice.id,)
            ).fetchall()
            for field in values:
                db.execute(
                    "DELETE FROM correction WHERE document_key = ? AND field = ?", (key, field)
                )
            for field, value in kept.items():
                if corrected_header(as_read, {field: value}) != as_read:
                    db.execute(
                        "INSERT INTO correction VALUES (?, ?, ?, ?, ?)",
                        (key, field, value, storable(by_whom), now),
                    )
            self._check_alone(db, key)

    def meant(self, db: Connection, key: str, file_name: str, apart: str = "") -> str:
        """Return the key of the document that one is a version of, or one of its own.

        People know better than what was read: a document that they say is called otherwise is
        meant only by a file of the same name, which may be read wrong as before.

        Args:
            db: while it is written to.
            key: of a head as it was read.
            file_name: of the file with that head.
            apart: key of a document that is not asked about.
        """
        called = {
            own: document_key(header, name)
            for own, header, name in self._corrected(db)
            if own != apart
        }
        misread = [own for own, name in called.items() if unnumbered(own) == key and name != key]
        for own in misread:
            if file_name in _file_names(db, own):
                return own
        for own, name in called.items():
            if name == key:
                return own
        begin = f"{key[:-1]}, "  # of those that are numbered; ":" comes after all digits
        keys = db.execute(
            "SELECT document_key FROM notice WHERE superseded_at IS NULL"
            " AND (document_key = ? OR document_key > ? AND document_key < ?)"
            " ORDER BY document_key",
            (key, begin, f"{begin}:"),
        ).fetchall()
        for (own,) in keys:
            if own not in misread and own != apart:
                return str(own)
        return next(one for n in count(1) if (one := numbered(key, n)) not in misread)

    def move(self, db: Connection, old: str, new: str) -> None:
        """Let corrections follow a document that is read as another one from now on."""
        db.execute(
            "UPDATE OR IGNORE correction SET document_key = ? WHERE document_key = ?", (new, old)
        )
        self.forget(db)

    @staticmethod
    def forget(db: Connection) -> None:
        """Drop the corrections of documents that are not there any more."""
        db.execute(
            "DELETE FROM correction WHERE document_key NOT IN (SELECT document_key FROM notice)"
        )

    @property
    def digest(self) -> str:
        """A hash of what is put right in current notices, ``""`` where nothing is."""
        rows = self._db.rows(
            "SELECT content_hash, field, value FROM correction JOIN notice USING (document_key)"
            " WHERE superseded_at IS NULL ORDER BY content_hash, field"
        )
        return hashlib.sha256(repr(rows).encode()).hexdigest() if rows else ""

    @staticmethod
    def _corrected(db: Connection) -> list[tuple[str, Header, str]]:
        """(key, head as people put it right, file name) of each corrected current document."""
        found: dict[str, tuple[Header, str]] = {}
        rows = db.execute(
            "SELECT document_key, header, file_name, field, value"
            " FROM correction JOIN notice USING (document_key) WHERE superseded_at IS NULL"
        ).fetchall()
        for key, header, file_name, field, value in rows:
            known = found[key][0] if key in found else header_from_json(header)
            found[key] = corrected_header(known, {field: value}), file_name
        return [(key, header, file_name) for key, (header, file_name) in found.items()]

    def _check_alone(self, db: Connection, key: str) -> None:
        """Refuse that two documents are called alike: neither could be meant any more."""
        called = {
            own: (document_key(header_from_json(header), name), name)
            for own, header, name in db.execute(
                "SELECT document_key, header, file_name FROM notice WHERE superseded_at IS NULL"
            )
        }
        called |= {
            own: (document_key(header, name), name) for own, header, name in self._corrected(db)
        }
        wanted = called.pop(key, ("", ""))[0]
        for name, file_name in called.values():
            if name == wanted:
                raise BadInput(
                    "Kho đã có một văn bản với đúng loại, số, cơ quan và ngày này: tệp"
                    f" “{file_name}”.",
                    "Kiểm tra lại, hoặc gỡ một trong hai bằng `congvu remove`.",
                )


def _file_names(db: Connection, key: str) -> set[str]:
    rows = db.execute("SELECT file_name FROM notice WHERE document_key = ?", (key,)).fetchall()
    return {name for (name,) in rows}
