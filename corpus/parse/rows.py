"""The rows of a table, whatever notation wrote them: their cells and their head.

Markdown knows one head row and wants it first, and converters put the head where they can: of a
head of two rows the second one is the first row of the body, and a table whose head is not marked
has an empty one, with the real one below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.parse.notation import raised, says
from corpus.text import fold

_BREAK = re.compile(r"<br\s{0,3}/?>|</p>|</li>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
# A letterhead and a signature are laid out as tables; what stands in them is no data.
_LAID_OUT = re.compile(
    r"\b(?:cong hoa xa hoi chu nghia viet nam|dang cong san viet nam|noi nhan ?:"
    r"|doc lap\W{1,5}tu do\W{1,5}hanh phuc)"
)
_VALUE = re.compile(r"[\d.,/%\s–-]{1,40}[^\W\d_]{0,9}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_IN_BRACKETS = re.compile(r"\([^\d()]{1,60}\)")
_COUNTED = re.compile(r"\(?(?:(?P<number>\d{1,2})|[A-Z])\)?(?:\s?=.{1,40})?")
_HEAD_ROWS = 3
_OF = " – "


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it is written, and its place in the source."""

    raw: str
    start: int

    @property
    def text(self) -> str:
        """What it says, on one line."""
        return _flat(_BREAK.sub(" ", self.raw))

    def pieces(self) -> Iterator[tuple[str, int]]:
        """The lines in it, each with the place in the source where it ends."""
        at = 0
        for end in [*(match.start() for match in _BREAK.finditer(self.raw)), len(self.raw)]:
            if text := _flat(self.raw[at:end]):
                yield text, self.start + end
            at = end


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    Args:
        cells: in the order of the source.
        texts: what stands in each column; a merged cell may stand in several.
        end: the place in the source where the row ends.
        is_head: whether the notation marks it as a part of the head.
    """

    cells: tuple[Cell, ...]
    texts: tuple[str, ...]
    end: int
    is_head: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not any(self.texts)


def is_laid_out(rows: Sequence[Row]) -> bool:
    """Whether a table is a letterhead or a signature, drawn as one to stand in two columns."""
    return any(_LAID_OUT.search(fold(text)) for row in rows for text in row.texts)


def head_of(rows: Sequence[Row]) -> tuple[tuple[str, ...], int]:
    """Return the names of the columns, and how many rows at the top make the head.

    Empty rows above it count, and the row that numbers the columns below it. A second row goes
    on with the head where it is marked as such, where it parts merged columns, and where it says
    nothing but units; the name of such a column is made of both.

    Args:
        rows: of the whole table, one of them not empty.
    """
    first = next(n for n, row in enumerate(rows) if not row.is_empty)
    names = rows[first].texts
    used = first + 1
    while used < len(rows) - 1 and used - first < _HEAD_ROWS:
        texts = rows[used].texts
        if _numbers(texts):
            return names, used + 1
        if rows[used].is_empty or not (rows[used].is_head or _goes_on(names, texts)):
            break
        names = _joined(names, texts)
        used += 1
    return names, used


def _goes_on(names: Sequence[str], texts: Sequence[str]) -> bool:
    told = [text for text in texts if text]
    if all(_IN_BRACKETS.fullmatch(text) for text in told):
        return True
    years = all(_YEAR.fullmatch(text) for text in told)
    if not years and any(_VALUE.fullmatch(text) for text in told):
        return False
    new = [n for n, text in enumerate(texts[: len(names)]) if text and text != names[n]]
    merged = [n for n in new if _is_merged(names, n)]
    return len(merged) == len(new) > 1


def _is_merged(names: Sequence[str], n: int) -> bool:
    """Whether column n has its name from a cell that reaches over its neighbour too."""
    before = names[n - 1] if n else None
    after = names[n + 1] if n + 1 < len(names) else None
    if not names[n]:
        return n > 0
    return after == "" or names[n] in (before, after)


def _joined(names: Sequence[str], texts: Sequence[str]) -> tuple[str, ...]:
    joined: list[str] = []
    over = ""  # the name that reaches over columns without one
    for n, text in enumerate(texts):
        name = names[n] if n < len(names) else ""
        over = name or over
        name = name or (over if text else "")
        joined.append(_OF.join(dict.fromkeys(part for part in (name, text) if part)))
    return tuple(joined)


def _numbers(texts: Sequence[str]) -> bool:
    """Whether a row does nothing but number the columns: A, B, 1, 2, 3 = 1 + 2."""
    found = [_COUNTED.fullmatch(text) for text in texts]
    numbers = [int(match["number"]) for match in found if match and match["number"]]
    return all(found) and len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1))


def _flat(text: str) -> str:
    return " ".join(says(_TAG.sub(" ", raised(text))).split())
