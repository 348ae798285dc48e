"""Words that were recognised on a page, as the letters and lines of a page of a PDF."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from corpus.readers.pdf.glyphs import Glyph, PageContent, Rule
from corpus.readers.pdf.tables import MOST_RULES
from corpus.readers.scan.weak import weakened

SURE = 80.0
"""Confidence of a word, of 100, below which its figures are to be checked against the original."""
_SAME = 0.5  # of a word: where another one shares more of its place, it is the same
_MEET = 6.0  # points between the end of a line and the one that it ends on
_LONG = 90.0  # points
_ONE_SIZE = 0.18  # of the size of letters: rows of one size are measured that far apart


@dataclass(frozen=True, slots=True)
class Word:
    """A word on a page, points from the upper left corner.

    Args:
        text: without white space.
        left: where it begins.
        top: the height of its highest dot.
        right: where it ends.
        bottom: the height of its lowest dot.
        base: the height of the line that it stands on.
        size: the height of its row.
        sure: the confidence, 0 to 100.
        last: whether it ends its line.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    base: float
    size: float
    sure: float
    last: bool


def content_of(found: dict[str, Any]) -> PageContent:
    """Return a page as the readers of PDF see one.

    Args:
        found: what ``worker`` wrote of it.
    """
    words = _apart(_once([Word(*one) for one in found["words"]]))
    height = found["height"]
    usual = _usual_size(words)
    glyphs: list[Glyph] = []
    for word in words:
        text = weakened(word.text) if word.sure < SURE else word.text
        size = usual if abs(word.size - usual) <= _ONE_SIZE * usual else word.size
        wide = (word.right - word.left) / len(text)
        base = height - word.base
        for i, letter in enumerate(text):
            left = word.left + i * wide
            glyphs.append(Glyph(letter, left, left + wide, base, size, bold=False))
        if not word.last:
            glyphs.append(Glyph(" ", word.right, word.right, base, size, bold=False))
    rules = [
        Rule(True, at, height - end, height - start)
        if upright
        else Rule(False, height - at, start, end)
        for upright, at, start, end in found["rules"]
    ]
    return PageContent(
        glyphs,
        _of_tables(rules),
        found["width"],
        height,
        "",
        0,
        scanned=True,
        faint="\n".join(found["faint"]),
    )


def _of_tables(rules: Sequence[Rule]) -> list[Rule]:
    """Keep the lines that are long, or end on lines of the other direction as in a table.

    The others are those of stamps, signatures and titles. Where there are too many, it is a drawing
    or a photo, and none is kept: each is compared with all of the other direction.
    """
    upright = sum(one.upright for one in rules)
    if max(upright, len(rules) - upright) > MOST_RULES:
        return []
    kept: list[Rule] = []
    for rule in rules:
        across = [
            one.at
            for one in rules
            if one.upright != rule.upright and one.start - _MEET <= rule.at <= one.end + _MEET
        ]
        ends = (rule.start, rule.end)
        if rule.end - rule.start >= _LONG or all(
            any(abs(at - end) <= _MEET for at in across) for end in ends
        ):
            kept.append(rule)
    return kept


def _once(words: Sequence[Word]) -> list[Word]:
    """Of words that were read twice keep those that are surer."""
    gone: set[int] = set()
    order = sorted(range(len(words)), key=lambda i: words[i].base)
    for at, i in enumerate(order):
        for j in order[at + 1 :]:
            one, other = words[i], words[j]
            if other.base - one.base > 0.5 * max(one.size, other.size):
                break
            shared = min(one.right, other.right) - max(one.left, other.left)
            if shared > _SAME * min(one.right - one.left, other.right - other.left):
                gone.add(i if one.sure < other.sure else j)
    return [word for i, word in enumerate(words) if i not in gone]


def _apart(words: Sequence[Word]) -> list[Word]:
    """Let no word of a line reach into the next: letters are read from left to right."""
    apart: list[Word] = []
    for i, word in enumerate(words):
        after = words[i + 1] if i + 1 < len(words) else None
        if after is None or word.last or after.left >= word.right:
            apart.append(word)
        else:
            apart.append(replace(word, right=max(word.left + 0.1, after.left - 0.1)))
    return apart


def _usual_size(words: Sequence[Word]) -> float:
    letters: defaultdict[float, int] = defaultdict(int)
    for word in words:
        letters[round(word.size * 2) / 2] += len(word.text)
    return max(letters, key=lambda size: letters[size], default=0.0)
