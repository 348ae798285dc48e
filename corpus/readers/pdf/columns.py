"""The two columns at the head and the end of a document, each read by itself.

Forms: Nghị định 30/2020/NĐ-CP, Phụ lục I; the Party's guides have the same places.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.readers.pdf.lines import TextLine
from corpus.text import fold

_STATE = re.compile(r"cong hoa xa hoi chu nghia viet nam|dang cong san viet nam")
_RECIPIENTS = re.compile(r"noi nhan\W{0,3}$|noi nhan\s?:")
_HEAD_LINES = 12
_ABOVE = 3  # lines of the signature that stand higher than the recipients
_RIGHT = 0.42  # of the width of a page: the right column begins behind it


def parted(lines: Sequence[TextLine], width: float) -> list[tuple[tuple[TextLine, ...], bool]]:
    """Part the lines of a page into runs that are read from top to bottom.

    With each comes whether it is a column of a head or an end.

    Args:
        lines: of one page, from the top.
        width: of the page, points.
    """
    runs: list[tuple[tuple[TextLine, ...], bool]] = []
    start = 0
    while start < len(lines):
        end = _region(lines, start, width)
        if end == start:
            begin = start
            while start < len(lines) and _region(lines, start, width) == start:
                start += 1
            runs.append((tuple(lines[begin:start]), False))
            continue
        runs += [(side, True) for side in _columns(lines[start:end], width) if side]
        start = end
    return runs


def _region(lines: Sequence[TextLine], start: int, width: float) -> int:
    """One past the last line of the two columns that begin at ``start``; ``start`` for none."""
    ahead = range(start, min(start + _ABOVE + 1, len(lines)))
    for i in ahead:
        texts = [fold(piece.text) for piece in lines[i].pieces]
        if any(map(_STATE.search, texts)) and len(texts) > 1:
            return _end_of_head(lines, i, width)
        if any(map(_RECIPIENTS.match, texts)):
            return _end_of_tail(lines, i, width)
        if not _beside(lines[i], width):
            break
    return start


def _beside(line: TextLine, width: float) -> bool:
    """Whether a line may stand in the columns, above their first common line."""
    return len(line.pieces) > 1 or line.left >= _RIGHT * width


def _crosses(line: TextLine, width: float) -> bool:
    return any(one.left < 0.3 * width and one.right > 0.62 * width for one in line.pieces)


def _end_of_head(lines: Sequence[TextLine], i: int, width: float) -> int:
    end = i + 1
    for j in range(i + 1, min(i + _HEAD_LINES, len(lines))):
        if _crosses(lines[j], width):
            break
        if len(lines[j].pieces) > 1:
            end = j + 1
    return end


def _end_of_tail(lines: Sequence[TextLine], i: int, width: float) -> int:
    end = i + 1
    while end < len(lines) and not _crosses(lines[end], width):
        end += 1
    return end


def _columns(lines: Sequence[TextLine], width: float) -> list[tuple[TextLine, ...]]:
    """The left column, then the right one."""
    sides: tuple[list[TextLine], list[TextLine]] = ([], [])
    for line in lines:
        for i, piece in enumerate(line.pieces):
            right = piece.left >= _RIGHT * width or i > 0
            sides[right].append(TextLine([piece], line.base, line.size, line.page))
    return [tuple(side) for side in sides]
