"""What stands on pages beside their text: running heads, page numbers, notes at the foot."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.parse.markers import find_marker
from corpus.readers.pdf.lines import TextLine

_MARGIN = 0.1  # of the height of a page, above and below: where running lines stand
_FIGURES = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[-–\s]{0,4}(?:trang|page)?[-–\s]{0,3}\d{1,4}(?:\s?/\s?\d{1,4})?[-–\s]{0,4}", re.I
)
_SAME_HEIGHT = 6.0  # points
_SMALL = 0.92  # of the size of a page's text: a note is smaller
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_RAISE = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_NOTE = re.compile(r"(?P<n>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}|\d{1,3}(?![\d.,/)]))\s*(?=\D)")


@dataclass(slots=True)
class Note:
    """A note at the foot of a page.

    Args:
        number: its number.
        lines: its lines, the first with the number.
    """

    number: int
    lines: list[TextLine]


def take_running_lines(pages: Sequence[list[TextLine]], heights: Sequence[float]) -> list[str]:
    """Take page numbers and lines that stand on most pages out of the pages; return them.

    Args:
        pages: the lines of each; they are changed.
        heights: of the pages, points.
    """
    seen: Counter[tuple[str, int]] = Counter()
    edges_of = [_edges(page, tall) for page, tall in zip(pages, heights, strict=True)]
    for edges in edges_of:
        seen.update({key for line in edges for key in _keys(line)})
    most = max(2, len(pages) // 2)
    gone: list[str] = []
    for page, edges in zip(pages, edges_of, strict=True):
        running = [line for line in edges if any(seen[key] >= most for key in _keys(line)[:2])]
        numbers = [line for line in (edges[:1] + edges[-1:]) if _PAGE_NUMBER.fullmatch(line.text)]
        for line in running + numbers:
            if line in page and (len(page) > 1 or line in numbers):
                page.remove(line)
                gone.append(line.text)
    return list(dict.fromkeys(gone))


def _edges(page: Sequence[TextLine], tall: float) -> list[TextLine]:
    """The lines in the margins of a page; an item of a list is none of them."""
    return [
        line
        for line in page
        if not _MARGIN * tall < line.base < (1 - _MARGIN) * tall and find_marker(line.text) is None
    ]


def _keys(line: TextLine) -> list[tuple[str, int]]:
    """What lines that are the same on every page share: their words and, about, their height."""
    words = _FIGURES.sub("#", line.text)
    slot = round(line.base / _SAME_HEIGHT)
    return [(words, slot), (words, slot + 1)]


def take_notes(page: list[TextLine]) -> list[Note]:
    """Take the notes at the foot of a page out of it, and raise their marks in its text."""
    size = text_size(page)
    start = len(page)
    while start and page[start - 1].size <= _SMALL * size and len(page[start - 1].pieces) == 1:
        start -= 1
    notes: list[Note] = []
    for line in page[start:]:
        found = _NOTE.match(line.text)
        number = int(found["n"].translate(_SUPERSCRIPTS)) if found else 0
        if found and (not notes or number == notes[-1].number + 1):
            piece = line.pieces[0]
            raised = str(number).translate(_RAISE)
            piece.text = f"{raised} {piece.text[found.end() :].lstrip()}"
            notes.append(Note(number, [line]))
        elif notes:
            notes[-1].lines.append(line)
        else:
            return []  # small print of another kind
    del page[start:]
    _raise_marks(page, notes)
    return notes


def _raise_marks(page: Sequence[TextLine], notes: Sequence[Note]) -> None:
    """Write the marks of notes as superscripts where they are figures behind a letter."""
    pieces = [piece for line in page for piece in line.pieces]
    at = 0
    for note in notes:
        raised = str(note.number).translate(_RAISE)
        mark = re.compile(rf"(?<=[^\W\d_]){note.number}(?!\w)")
        for i in range(at, len(pieces)):
            if raised in pieces[i].text:
                at = i
                break
            pieces[i].text, changed = mark.subn(raised, pieces[i].text, count=1)
            if changed:
                at = i
                break


def text_size(lines: Sequence[TextLine]) -> float:
    """Return the size that most letters of some lines have, points."""
    letters: defaultdict[float, int] = defaultdict(int)
    for line in lines:
        letters[round(line.size * 2) / 2] += len(line.text)
    return max(letters, key=lambda size: letters[size], default=0.0)
