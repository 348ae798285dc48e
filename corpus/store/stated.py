"""What documents say of others, kept beside them: linking a library reads none of its texts.

It is read out of a text and the head above it: the day of signing may be the first in force, and
a title says what is amended. So it is read again when code reads otherwise and when the head does,
such as after it was put right.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from corpus.notice import DocumentReference, Header, Notice, Span
from corpus.parse.acts import Relation, RelationKind
from corpus.parse.links import Stated
from corpus.parse.version import reading_code
from corpus.store.database import Database
from corpus.store.library_rows import StoredNotice, header_to_json

TABLES = (
    """
    CREATE TABLE stated (
        content_hash TEXT PRIMARY KEY,
        head_hash TEXT NOT NULL,
        read_by TEXT NOT NULL,
        said TEXT NOT NULL
    ) STRICT
    """,
)


class StatedFacts:
    """What the documents of a library state.

    Args:
        database: of the library.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def keep(self, notices: Iterable[Notice]) -> None:
        """Read what notices state, but for those that this code has read before."""
        code = reading_code()
        known = self._known(code)
        rows = [
            (one.content_hash, _head_hash(one.header), code, _to_json(Stated.of(one)))
            for one in notices
            if _key(one) not in known
        ]
        if rows:
            with self._db.writing() as db:
                # What was removed while it was read must not come back.
                db.executemany(
                    "INSERT OR REPLACE INTO stated SELECT ?1, ?2, ?3, ?4"
                    " WHERE EXISTS (SELECT 1 FROM notice WHERE content_hash = ?1)",
                    rows,
                )

    def of(
        self, notices: Iterable[StoredNotice], load: Callable[[str], Notice]
    ) -> tuple[Stated, ...]:
        """Return what notices state, under the heads that they have now.

        Args:
            notices: of the library.
            load: takes the id of one that was not read yet under this head, or by other code.
        """
        code = reading_code()
        known = self._known(code)
        # Read again, one may have another id and head.
        now = [one if _key(one) in known else load(one.id) for one in notices]
        self.keep(one for one in now if isinstance(one, Notice))
        known = self._known(code)
        return tuple(
            replace(_from_json(one.id, known[_key(one)]), header=one.header)
            for one in now
            if _key(one) in known
        )

    def _known(self, code: str) -> dict[tuple[str, str], str]:
        """(hash of the content, hash of the head) → what is stated."""
        rows = self._db.rows(
            "SELECT content_hash, head_hash, said FROM stated WHERE read_by = ?", (code,)
        )
        return {(str(content), str(head)): str(said) for content, head, said in rows}


def _key(notice: Notice | StoredNotice) -> tuple[str, str]:
    return notice.content_hash, _head_hash(notice.header)


def _head_hash(header: Header) -> str:
    return hashlib.sha256(header_to_json(header).encode()).hexdigest()


def _to_json(stated: Stated) -> str:
    def day(value: date | None) -> str | None:
        return value.isoformat() if value else None

    relations = [
        [
            one.kind.value,
            one.clause_id.rpartition("#")[2],
            [one.target.text, one.target.span.start, one.target.span.end],
            [one.target.number, one.target.kind, day(one.target.date)],
            one.places,
            one.attached,
            day(one.day),
            one.issuer,
        ]
        for one in stated.relations
    ]
    days = [day(stated.begins), day(stated.settled), stated.unsettled]
    said = [*days, stated.ended, day(stated.ends), relations]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _from_json(notice_id: str, said: str) -> Stated:
    begins, settled, unsettled, ended, ends, relations = json.loads(said)
    found = tuple(_relation(notice_id, row) for row in relations)
    days = _day(begins), _day(settled), unsettled
    return Stated(notice_id, Header(), found, *days, ended, _day(ends))


def _relation(notice_id: str, row: list[Any]) -> Relation:
    (
        kind,
        clause,
        (text, start, end),
        (number, target_kind, day),
        places,
        attached,
        since,
        issuer,
    ) = row
    target = DocumentReference(text, Span(start, end), number, target_kind, _day(day))
    told = tuple(tuple((word, at) for word, at in place) for place in places)
    clause_id = f"{notice_id}#{clause}"
    return Relation(RelationKind(kind), clause_id, target, told, attached, _day(since), issuer)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
