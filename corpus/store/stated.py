"""What documents say of others, kept beside them: linking a library reads none of its texts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from corpus.notice import DocumentReference, Header, Notice, Span
from corpus.parse.links import Stated
from corpus.parse.relations import Relation, RelationKind
from corpus.parse.version import reading_code
from corpus.store.database import Database
from corpus.store.library_rows import StoredNotice

TABLES = (
    """
    CREATE TABLE stated (
        content_hash TEXT PRIMARY KEY,
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
        known = set(self._known(code))
        rows = [
            (one.content_hash, code, _to_json(Stated.of(one)))
            for one in notices
            if one.content_hash not in known
        ]
        if rows:
            with self._db.writing() as db:
                # What was removed while it was read must not come back.
                db.executemany(
                    "INSERT OR REPLACE INTO stated SELECT ?1, ?2, ?3"
                    " WHERE EXISTS (SELECT 1 FROM notice WHERE content_hash = ?1)",
                    rows,
                )

    def of(
        self, notices: Iterable[StoredNotice], load: Callable[[str], Notice]
    ) -> tuple[Stated, ...]:
        """Return what notices state, under the heads that they have now.

        Args:
            notices: of the library.
            load: takes the id of one that was not read yet, or by other code.
        """
        stored = list(notices)
        code = reading_code()
        known = self._known(code)
        self.keep(load(one.id) for one in stored if one.content_hash not in known)
        known = self._known(code)
        return tuple(
            replace(_from_json(one.id, known[one.content_hash]), header=one.header)
            for one in stored
            if one.content_hash in known
        )

    def _known(self, code: str) -> dict[str, str]:
        rows = self._db.rows("SELECT content_hash, said FROM stated WHERE read_by = ?", (code,))
        return {str(content_hash): str(said) for content_hash, said in rows}


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
        ]
        for one in stated.relations
    ]
    said = [day(stated.begins), stated.ended, day(stated.ends), relations]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _from_json(notice_id: str, said: str) -> Stated:
    begins, ended, ends, relations = json.loads(said)
    found = tuple(_relation(notice_id, row) for row in relations)
    return Stated(notice_id, Header(), found, _day(begins), ended, _day(ends))


def _relation(notice_id: str, row: list[Any]) -> Relation:
    kind, clause, (text, start, end), (number, target_kind, day), places, attached = row
    target = DocumentReference(text, Span(start, end), number, target_kind, _day(day))
    told = tuple(tuple((word, at) for word, at in place) for place in places)
    return Relation(RelationKind(kind), f"{notice_id}#{clause}", target, told, attached)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
