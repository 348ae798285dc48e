"""Which lines of a page are one paragraph."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.parse.lines import join_pieces
from corpus.parse.markers import find_marker
from corpus.readers.pdf.lines import TextLine

_INDENT = 0.8  # of the size of letters: how far the first line of a paragraph is indented
_BLANK = 0.25  # width of a blank
_LOOSE = 1.3  # of the usual distance of lines: a wider one parts paragraphs
_SAME_SIZE = 0.12  # of the size of letters
_LONG = 0.55  # of the width of a page: a line that reaches from margin to margin
_SUBJECT = re.compile(r"V/v\b")  # of a letter: it stands last in its column
STOPS = (".", ";", ":", "!", "?", "…")
"""What a sentence or an item ends with."""


@dataclass(slots=True)
class Paragraph:
    """Lines that are one text.

    Args:
        lines: from the top.
    """

    lines: list[TextLine]

    @property
    def text(self) -> str:
        """The joined text."""
        return join_pieces(line.text for line in self.lines)

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(piece.bold for line in self.lines for piece in line.pieces)


@dataclass(frozen=True, slots=True)
class Margins:
    """Where the text of a page begins and ends, and how far its lines stand apart, points."""

    left: float
    right: float
    distance: float


def margins_of(lines: Sequence[TextLine]) -> Margins:
    """Measure the lines of a page."""
    gaps = [
        above.base - below.base
        for above, below in pairwise(lines)
        if above.page == below.page and 0 < above.base - below.base < 3 * max(above.size, 1.0)
    ]
    return Margins(
        min((line.left for line in lines), default=0.0),
        max((line.right for line in lines), default=0.0),
        median(sorted(gaps)[: max(1, len(gaps) * 2 // 3)]) if gaps else 0.0,
    )


def right_margins(
    pages: Sequence[Sequence[TextLine]], widths: Sequence[float]
) -> dict[float, float]:
    """Return where the text of the pages of each width ends, where long lines show it.

    A page may hold short lines only; the longest of them isn't full for that.

    Args:
        pages: the lines of each.
        widths: of the pages, points.
    """
    ends: defaultdict[float, list[float]] = defaultdict(list)
    for lines, width in zip(pages, widths, strict=True):
        ends[width] += [
            line.right
            for line in lines
            if len(line.pieces) == 1 and line.right - line.left > _LONG * width
        ]
    return {width: sorted(found)[len(found) * 9 // 10] for width, found in ends.items() if found}


def paragraphs_of(
    lines: Iterable[TextLine], margins: Margins, *, apart: bool = False
) -> Iterator[Paragraph]:
    """Put lines together to paragraphs.

    Args:
        lines: of one page, from the top.
        margins: of these lines.
        apart: whether only what begins in the middle of a sentence goes on with the line above,
            as in the columns of a head.
    """
    current: Paragraph | None = None
    for line in lines:
        subject = apart and current is not None and _SUBJECT.match(current.lines[0].text)
        if current is not None and (
            subject or goes_on(current.lines[-1], line, margins, apart=apart)
        ):
            current.lines.append(line)
            continue
        if current is not None:
            yield current
        current = Paragraph([line])
    if current is not None:
        yield current


def goes_on(above: TextLine, line: TextLine, margins: Margins, *, apart: bool = False) -> bool:
    """Whether a line goes on with the one above it, or at the end of the page before.

    It does if that is full: the first word of this one had no room on it.

    Args:
        above: the line before.
        line: the line.
        margins: of the page that ``above`` stands on.
        apart: see ``paragraphs_of``.
    """
    if apart:  # lines of a column are centred or short: none is full
        return line.text[:1].islower() and find_marker(line.text) is None
    size = max(above.size, 1.0)
    same_text = len(above.pieces) == len(line.pieces) == 1 and (
        abs(above.size - line.size) <= _SAME_SIZE * size
    )
    is_full = above.right + _BLANK * size + line.pieces[0].first_word > margins.right - 1.0
    if not (same_text and is_full) or find_marker(line.text) is not None:
        return False
    if line.text.lstrip("“\"'(")[:1].islower():
        return True
    if above.pieces[0].bold is not line.pieces[0].bold:
        return False
    if above.page != line.page:
        return not above.text.endswith(STOPS)
    indented = line.left > max(above.left, margins.left) + _INDENT * size
    return not indented and above.base - line.base <= _LOOSE * margins.distance
