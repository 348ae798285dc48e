"""Letters put together to lines, and lines to pieces that wide gaps part."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.readers.pdf.glyphs import Glyph

_SAME_LINE = 0.25  # of the size of letters
_BLANK = 0.18  # a gap between letters that stands for a blank
_SOME_GAP = 0.06  # one that does where pdfium says so too
_WIDE = 1.8  # a gap that parts columns; the words of a justified line stand closer
_RAISED = (0.12, 0.75)  # how far the mark of a note stands above the line
_SMALL = 0.85  # its size
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(slots=True)
class Piece:
    """Words of one line that no wide gap parts.

    Args:
        text: with single blanks; raised figures as superscripts.
        left: where it begins, points.
        right: where it ends.
        bold: whether all its letters are bold.
        first_word: width of its first word.
    """

    text: str
    left: float
    right: float
    bold: bool
    first_word: float


@dataclass(slots=True)
class TextLine:
    """A line on a page.

    Args:
        pieces: from left to right.
        base: its height on the page, points.
        size: of its letters, points.
        page: 0-based.
    """

    pieces: list[Piece]
    base: float
    size: float
    page: int

    @property
    def text(self) -> str:
        """Its words, a tab between the pieces."""
        return "\t".join(piece.text for piece in self.pieces)

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.pieces[0].left

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.pieces[-1].right


def lines_of(glyphs: Sequence[Glyph], page: int) -> list[TextLine]:
    """Return the lines of a page, or a cell, from top to bottom.

    Args:
        glyphs: in any order.
        page: its 0-based number.
    """
    rows = [row for row in _rows(glyphs) if any(not one.text.isspace() for one in row)]
    raised = _take_raised(rows)
    lines = [_line(row, raised, page) for row in rows if row]
    return [line for line in lines if line.pieces]


def _rows(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Letters of one height, from top to bottom."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda one: -one.base):
        if rows and rows[-1][0].base - glyph.base <= _SAME_LINE * max(glyph.size, 1.0):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return rows


def _take_raised(rows: list[list[Glyph]]) -> set[int]:
    """Move small raised letters into the row below that they belong to; return their ids."""
    raised: set[int] = set()
    for above, row in pairwise(rows):
        size = median(one.size for one in row)
        base = row[0].base
        ends = sorted(one.right for one in row if not one.text.isspace())
        first = min((one.left for one in row if not one.text.isspace()), default=0.0)
        kept: list[Glyph] = []
        for glyph in above:
            lifted = (glyph.base - base) / size if size else 1.0
            at = bisect_left(ends, glyph.left - 0.5 * size)
            behind = at < len(ends) and ends[at] <= glyph.left + 0.5 * size
            beside = behind or -0.2 * size <= first - glyph.right <= size
            small = glyph.size <= _SMALL * size
            if small and beside and _RAISED[0] <= lifted <= _RAISED[1]:
                row.append(glyph)
                raised.add(id(glyph))
            else:
                kept.append(glyph)
        above[:] = kept
    return raised


def _line(row: list[Glyph], raised: set[int], page: int) -> TextLine:
    row.sort(key=lambda one: one.left)
    seen = [one for one in row if not one.text.isspace()]
    usual = [one for one in seen if id(one) not in raised] or seen
    size = median(one.size for one in usual) if usual else 0.0
    base = median(one.base for one in usual) if usual else 0.0
    groups: list[list[Glyph]] = []
    blank_before: set[int] = set()
    last: Glyph | None = None
    blank = False
    for glyph in row:
        if glyph.text.isspace():
            blank = True
            continue
        gap = 0.0 if last is None else glyph.left - last.right
        if last is None or gap > _WIDE * size:
            groups.append([])
        elif blank or gap > (_SOME_GAP if glyph.apart else _BLANK) * size:
            blank_before.add(id(glyph))
        groups[-1].append(glyph)
        last, blank = glyph, False
    pieces = [_piece(group, blank_before, raised) for group in groups]
    return TextLine(pieces, base, size, page)


def _piece(group: list[Glyph], blank_before: set[int], raised: set[int]) -> Piece:
    parts: list[str] = []
    first_end: float | None = None
    for i, glyph in enumerate(group):
        if id(glyph) in blank_before:
            parts.append(" ")
            if first_end is None:
                first_end = group[i - 1].right
        text = glyph.text
        parts.append(text.translate(_SUPERSCRIPTS) if id(glyph) in raised else text)
    left, right = group[0].left, group[-1].right
    end = right if first_end is None else first_end
    return Piece("".join(parts), left, right, all(one.bold for one in group), end - left)
