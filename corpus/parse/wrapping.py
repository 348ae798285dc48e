"""Puts together the lines of a text that was cut at a fixed width, as in e-mail or out of a PDF.

Whether a file is such a text is read off its lines: many end near one width, few go beyond it,
and most of the full ones stop in the middle of a sentence. In such a file a full line goes on in
the next one, though that begins with a capital or a figure: the “58.” after “… trên địa bàn là”
numbers no item.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from corpus.language import read_table
from corpus.notice import Span
from corpus.parse.lines import Line, is_cut, is_open_end, join_pieces
from corpus.parse.markers import Marker, MarkerKind
from corpus.parse.titles import is_upper
from corpus.text import normalise

_NARROWEST, _WIDEST = 40, 130  # characters
_FULL = 0.85  # of the width: type of unequal breadth, and typists, leave the rest free
_TIGHT = 0.94  # of the width: with the next word a line would have been longer than that
_BEYOND = 1.06  # of the width
_MOST_BEYOND = 0.1  # of the lines: tables, addresses, notes in smaller type
_LEAST_FULL = 0.2  # of the lines
_LEAST_CUT = 0.5  # of the full lines
_LEAST_SURE = 0.4  # of those that are cut: the next begins in small letters, or this ends in “và”
_LEAST = 2  # lines, of each sort
_LAYOUT = re.compile(r"\S\s{3}\s*\S")  # columns made with blanks
_PAGE_NUMBER = re.compile(r"[-–—\s]{0,5}\d{1,4}[-–—\s]{0,5}")
_RANGE = re.compile(r"[-–] ?\d")
_NUMBERED = frozenset(
    {
        MarkerKind.ARTICLE,
        MarkerKind.ROMAN,
        MarkerKind.NUMBER,
        MarkerKind.LETTER,
        MarkerKind.PAREN,
        MarkerKind.PAREN_ROMAN,
    }
)


@cache
def _before_figure() -> re.Pattern[str]:
    """What stands before a figure in running text and at the end of no title."""
    words = "|".join(map(re.escape, read_table("cut_lines")["before_figure"]))
    return re.compile(rf"(?<!\w)(?:{words})$", re.IGNORECASE)


def unwrap(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Put the cut lines of a file together, if it has any.

    Args:
        lines: all that are not blank, in order.

    Returns:
        The lines; one that was put together reaches from its first part to its last.
    """
    width = _width_of(lines)
    if width is None or not _are_cut(lines, width):
        return tuple(lines)
    return tuple(_Wrapped(lines, width).joined())


def _width_of(lines: Sequence[Line]) -> int | None:
    """Return the width, in characters, near which most lines end; None where too few do."""
    lengths = sorted(_length(line) for line in lines if not line.is_table_row)
    most = (0, 0)
    for width in range(_NARROWEST, _WIDEST + 1):
        near = bisect_right(lengths, width) - bisect_right(lengths, int(_FULL * width))
        most = max(most, (near, width))
    near, width = most
    beyond = len(lengths) - bisect_right(lengths, int(_BEYOND * width))
    if not near or near < _LEAST_FULL * len(lengths) or beyond > _MOST_BEYOND * len(lengths):
        return None
    return lengths[bisect_right(lengths, width) - 1]


def _are_cut(lines: Sequence[Line], width: int) -> bool:
    """Whether full lines stop in the middle of a sentence more often than not."""
    full = [
        (line, following)
        for line, following in pairwise(lines)
        if _length(line) > _FULL * width and _are_prose(line, following)
    ]
    cut = [(line, following) for line, following in full if is_cut(line)]
    sure = sum(_begins_small(following) or is_open_end(line.text) for line, following in cut)
    return len(cut) >= max(_LEAST, _LEAST_CUT * len(full)) and sure >= max(
        _LEAST, _LEAST_SURE * len(cut)
    )


class _Wrapped:
    """The lines of a text that was cut.

    Args:
        lines: all that are not blank.
        width: at which they were cut, in characters.
    """

    def __init__(self, lines: Sequence[Line], width: int) -> None:
        self._lines = lines
        self._width = width
        self._numbers: dict[MarkerKind, set[int]] = defaultdict(set)
        self._by_blanks = _are_parted_by_blanks(lines, width)

    def joined(self) -> Iterator[Line]:
        """Yield the lines as they were before they were cut."""
        parts: list[Line] = []
        for line in self._lines:
            if parts and not self._goes_on(parts[-1], line):
                yield _join(parts)
                parts = []
            if not parts and line.marker is not None:
                self._numbers[line.marker.kind].add(line.marker.ordinal)
            parts.append(line)
        if parts:
            yield _join(parts)

    def _goes_on(self, line: Line, following: Line) -> bool:
        if _length(line) <= _FULL * self._width or not _are_prose(line, following):
            return False
        if is_upper(following.bare) and following.text[-1] not in ".,;:)":
            return False  # a title, a signature
        first = following.text.split(None, 1)[0]
        tight = _length(line) + 1 + len(first) > _TIGHT * self._width
        marker = following.marker
        if not is_cut(line):
            ended = line.text.endswith((":", ";"))
            small = _begins_small(following)
            return marker is None and tight and (small or (self._by_blanks and not ended))
        if marker is not None:
            return tight and self._is_no_item(line, following, marker)
        return tight or _begins_small(following) or is_open_end(line.text)

    def _is_no_item(self, line: Line, following: Line, marker: Marker) -> bool:
        """Whether what looks like the mark of an item belongs to the sentence before it."""
        if marker.is_bullet:  # “2021” and “- 2025”
            return line.text[-1].isdecimal() and _RANGE.match(following.text) is not None
        if is_open_end(line.text) or _before_figure().search(normalise(line.text[-20:])):
            return True
        known = self._numbers[marker.kind]
        begins = marker.ordinal == 1 or marker.ordinal - 1 in known
        return marker.kind in _NUMBERED and not begins


def _length(line: Line) -> int:
    return line.indent + len(line.text)


def _are_prose(line: Line, following: Line) -> bool:
    """Whether two lines are neighbours in running text."""
    if following.number != line.last + 1 or _PAGE_NUMBER.fullmatch(following.text):
        return False
    if following.footnote_number is not None or is_upper(line.bare):
        return False
    return not any(
        one.is_table_row or one.text[0] in "#|" or _LAYOUT.search(one.text)
        for one in (line, following)
    )


def _begins_small(line: Line) -> bool:
    return line.text.lstrip("*_“\"'(")[:1].islower() and line.marker is None


def _are_parted_by_blanks(lines: Sequence[Line], width: int) -> bool:
    """Whether a blank line stands between paragraphs, so that neighbours are one paragraph."""
    blanks = sum(following.number > line.last + 1 for line, following in pairwise(lines))
    others = sum(
        _length(line) <= _FULL * width
        and not is_cut(line)
        and following.marker is None
        and _are_prose(line, following)
        for line, following in pairwise(lines)
    )
    return blanks >= _LEAST and others <= _MOST_BEYOND * blanks


def _join(parts: Sequence[Line]) -> Line:
    if len(parts) == 1:
        return parts[0]
    first, last = parts[0], parts[-1]
    return replace(
        first,
        span=Span(first.span.start, last.span.end),
        text=join_pieces(part.text for part in parts),
        height=last.last - first.number + 1,
    )
