"""How well the data that identify a document are read, against a gold written by hand.

The gold (``eval/sets/headers.jsonl``) was read off the documents themselves, and is parted by
document: faults are looked at and mended on ``work``; of ``measure`` only totals are looked at.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from corpus.facts.references import normalise_number
from corpus.notice import Notice
from corpus.parse.sheet import Sheet, read_sheet
from corpus.text import fold


@dataclass(frozen=True, slots=True)
class Digest:
    """Words that are checked and not repeated: the text of the documents stays with them.

    Args:
        begins: the first words, for people.
        sha256: hex digest of all the letters and figures, folded, in UTF-8.
    """

    begins: str
    sha256: str

    def __str__(self) -> str:
        return f"{self.begins}…"


Value = str | Digest | Sequence[str] | None
"""Of a field: words, a digest of many words, names, or nothing."""

GOLD = Path(__file__).parent / "sets" / "headers.jsonl"


class Part(StrEnum):
    """What a document of the gold is for."""

    WORK = "work"
    MEASURE = "measure"


@dataclass(frozen=True, slots=True)
class HeaderGold:
    """What a document says of itself.

    Args:
        file: its path below the folder that holds ``documents``, ``notices`` and ``cases``.
        part: what it is for.
        values: field → value as it stands in the text: ``kind``, ``number``, ``issuer``,
            ``status``, ``title`` as a digest and, as ISO 8601, ``date`` and ``effective``; None
            where the text doesn't say; ``signers`` is a list of names.
    """

    file: str
    part: Part
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class FieldScore:
    """How often one field was read as the gold has it.

    Args:
        right: documents where it was.
        wrong: file → (gold, read), where it was not.
    """

    right: int
    wrong: Mapping[str, tuple[str, str]]

    @property
    def share(self) -> float:
        """Right documents among all, in [0, 1]; 1 where there are none."""
        total = self.right + len(self.wrong)
        return self.right / total if total else 1.0


def load_gold(path: Path = GOLD) -> tuple[HeaderGold, ...]:
    """Read the gold.

    Args:
        path: JSON Lines, an object with ``file``, ``part`` and the fields for each document.
    """
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(
        HeaderGold(
            row.pop("file"),
            Part(row.pop("part")),
            {k: Digest(**v) if isinstance(v, dict) else v for k, v in row.items()},
        )
        for row in rows
    )


def score_headers(
    gold: Iterable[HeaderGold], notices: Mapping[str, Notice]
) -> dict[str, FieldScore]:
    """Compare what was read with the gold, field by field.

    Upper and lower case, tone placement and punctuation don't count; numbers are compared as
    ``normalise_number`` writes them, signers as a set.

    Args:
        gold: the documents to look at.
        notices: what was read of them, by the gold's ``file``.
    """
    right: dict[str, int] = {}
    wrong: dict[str, dict[str, tuple[str, str]]] = {}
    for document in gold:
        notice = notices[document.file]
        read = header_values(notice, read_sheet(notice))
        for field, value in document.values.items():
            expected = _comparable(field, value)
            wrong.setdefault(field, {})
            right.setdefault(field, 0)
            if expected == _comparable(field, read[field]):
                right[field] += 1
            else:
                wrong[field][document.file] = (str(value), str(read[field]))
    return {field: FieldScore(right[field], wrong[field]) for field in right}


def header_values(notice: Notice, sheet: Sheet) -> dict[str, Value]:
    """Return what was read of a document, under the names of the gold's fields."""
    header = notice.header
    effective = sheet.in_force_from
    return {
        "kind": header.kind,
        "number": header.number,
        "issuer": header.issuer,
        "date": header.date.isoformat() if header.date else None,
        "title": header.title,
        "status": header.status.value,
        "signers": list(sheet.signers),
        "effective": effective.isoformat() if effective else None,
    }


def _comparable(field: str, value: Value) -> Hashable:
    if isinstance(value, Digest):
        return value.sha256
    if field == "title" and value:
        return digest_of(str(value))
    if value is None or not isinstance(value, str):
        return frozenset(map(_letters, value)) if value else ""
    if field == "number":
        return normalise_number(value)
    if field == "issuer":  # a dash parts two bodies
        return " ".join(re.findall(r"\w+|[-–]", fold(value))).replace("–", "-")
    return _letters(value)


def digest_of(text: str) -> str:
    """Return what ``Digest.sha256`` says of a text."""
    return hashlib.sha256(_letters(text).encode()).hexdigest()


def _letters(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())
