"""What the library is given and gives back, and what makes two rows versions of one document."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from corpus.notice import AttachedDocument, Header, Span, Status
from corpus.text import normalise

COLUMNS = "id, header, file_name, content_hash, added_at, superseded_at, size"


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
        completed: whether the content was there without its original file, which it has now.
    """

    outcome: Outcome
    notice_id: str
    replaced_id: str | None = None
    known_as: str | None = None
    completed: bool = False


@dataclass(frozen=True, slots=True)
class StoredNotice:
    """A notice in the library, without its source.

    Args:
        id: as given by the parser.
        header: what identifies it.
        file_name: name of the file it came from, without folders.
        content_hash: SHA-256 hex digest of its source.
        added_at: when it was added (or became current again), in UTC.
        superseded_at: when another version took its place, or None.
        original_bytes: size of the file it was read from, None where that is not kept.
        corrected: names of the fields of ``header`` that a person put right.
        read: the header as it was read, where any was.
    """

    id: str
    header: Header
    file_name: str
    content_hash: str
    added_at: datetime
    superseded_at: datetime | None = None
    original_bytes: int | None = None
    corrected: tuple[str, ...] = ()
    read: Header | None = None

    @property
    def is_current(self) -> bool:
        """Whether questions are answered from this version."""
        return self.superseded_at is None

    @property
    def as_read(self) -> Header:
        """The header as the parser reads it."""
        return self.header if self.read is None else self.read


def document_key(header: Header, file_name: str) -> str:
    """Return what makes two contents versions of one document.

    (kind, number, issuer, date) when there is a number, for Party numbers run per type and
    term and state ones per year; else (kind, file name, title).
    """
    if header.number:
        day = header.date.isoformat() if header.date else ""
        parts = ["number", header.kind, header.number, header.issuer, day]
    else:
        parts = ["file", header.kind, file_name, header.title]
    return json.dumps([normalise(part).casefold() for part in parts], ensure_ascii=False)


def numbered(key: str, which: int) -> str:
    """Return the key of one of several documents that were read alike; the first has the key."""
    return key if which == 1 else json.dumps([*json.loads(key), which], ensure_ascii=False)


def unnumbered(key: str) -> str:
    """Return the ``document_key`` that a numbered one was made of."""
    parts = [part for part in json.loads(key) if isinstance(part, str)]
    return json.dumps(parts, ensure_ascii=False)


def stored_notice(
    row: tuple[str, str, str, str, str, str | None, int | None],
) -> StoredNotice:
    """Return what a row of ``COLUMNS`` says."""
    notice_id, header, file_name, content_hash, added_at, superseded_at, size = row
    return StoredNotice(
        notice_id,
        header_from_json(header),
        file_name,
        content_hash,
        datetime.fromisoformat(added_at),
        datetime.fromisoformat(superseded_at) if superseded_at else None,
        size,
    )


def header_to_json(header: Header) -> str:
    """Return the text that the column ``header`` holds."""
    fields = {
        "kind": header.kind,
        "number": header.number,
        "issuer": header.issuer,
        "date": header.date.isoformat() if header.date else None,
        "title": header.title,
        "status": header.status.value,
        "attached": [[one.title, one.first_line] for one in header.attached],
    }
    return json.dumps(fields, ensure_ascii=False)


def header_from_json(text: str) -> Header:
    """Return the header that ``header_to_json`` wrote."""
    fields = json.loads(text)
    return Header(
        kind=fields["kind"],
        number=fields["number"],
        issuer=fields["issuer"],
        date=date.fromisoformat(fields["date"]) if fields["date"] else None,
        title=fields["title"],
        status=Status(fields["status"]),
        attached=tuple(AttachedDocument(title, line) for title, line in fields["attached"]),
    )


def spans_to_json(spans: Iterable[Span]) -> str:
    """Return the text that the column ``unsure`` holds."""
    return json.dumps([[one.start, one.end] for one in spans])


def spans_from_json(text: str) -> tuple[Span, ...]:
    """Return the spans that ``spans_to_json`` wrote."""
    return tuple(Span(start, end) for start, end in json.loads(text))
