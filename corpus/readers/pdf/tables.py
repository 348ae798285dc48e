"""Ruled tables: the cells between the lines of a page, and the letters in them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.readers.pdf.glyphs import Box, Glyph, Rule
from corpus.readers.pdf.lines import lines_of

_TOUCH = 3.0  # points between lines that meet
MOST_RULES = 600  # of one direction; a drawing has more, and is no table


@dataclass(slots=True)
class RuledTable:
    """A table on a page.

    Args:
        box: its outline.
        rows: the texts of its cells; what another cell covers is empty.
        heights: where each row begins and the last one ends, from the top.
        columns: where its upright lines stand.
        page: 0-based.
    """

    box: Box
    rows: list[list[str]]
    heights: list[float]
    columns: list[float]
    page: int


def tables_of(
    rules: Sequence[Rule], glyphs: Sequence[Glyph], page: int
) -> tuple[list[RuledTable], list[Glyph]]:
    """Return the ruled tables of a page, and the letters that stand in none of them."""
    upright = _joined([one for one in rules if one.upright])
    level = _joined([one for one in rules if not one.upright])
    if max(len(upright), len(level)) > MOST_RULES:
        return [], list(glyphs)
    tables: list[RuledTable] = []
    left = list(glyphs)
    for some_upright, some_level in _meeting(upright, level):
        grid = _Grid(some_upright, some_level)
        if grid.cells < 2:
            continue
        inside = [one for one in left if grid.box.holds(*_middle(one))]
        if inside:
            left = [one for one in left if not grid.box.holds(*_middle(one))]
            rows = grid.rows(inside, page)
            tables.append(RuledTable(grid.box, rows, grid.heights, grid.across, page))
    return sorted(tables, key=lambda one: -one.box.top), left


def _middle(glyph: Glyph) -> tuple[float, float]:
    return (glyph.left + glyph.right) / 2, glyph.base + 0.3 * glyph.size


def _joined(rules: Iterable[Rule]) -> list[Rule]:
    """Put lines together that go on with each other, or lie on each other."""
    done: list[Rule] = []
    at: float | None = None
    for rule in sorted(rules, key=lambda one: (one.at, one.start)):
        at = rule.at if at is None or rule.at - at > _TOUCH else at
        done.append(Rule(rule.upright, at, rule.start, rule.end))
    joined: list[Rule] = []
    for rule in sorted(done, key=lambda one: (one.at, one.start)):
        last = joined[-1] if joined else None
        if last is not None and last.at == rule.at and rule.start <= last.end + _TOUCH:
            joined[-1] = Rule(rule.upright, rule.at, last.start, max(last.end, rule.end))
        else:
            joined.append(rule)
    return joined


def _meet(upright: Rule, level: Rule) -> bool:
    return (
        upright.start - _TOUCH <= level.at <= upright.end + _TOUCH
        and level.start - _TOUCH <= upright.at <= level.end + _TOUCH
    )


def _meeting(upright: Sequence[Rule], level: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Part lines into those that meet each other."""
    owner = list(range(len(upright) + len(level)))

    def find(i: int) -> int:
        while owner[i] != i:
            owner[i] = owner[owner[i]]
            i = owner[i]
        return i

    for i, one in enumerate(upright):
        for j, other in enumerate(level, start=len(upright)):
            if _meet(one, other):
                owner[find(i)] = find(j)
    groups: defaultdict[int, tuple[list[Rule], list[Rule]]] = defaultdict(lambda: ([], []))
    for i, rule in enumerate([*upright, *level]):
        groups[find(i)][0 if rule.upright else 1].append(rule)
    return [group for group in groups.values() if len(group[0]) > 1 and len(group[1]) > 1]


class _Grid:
    """The cells between lines that meet."""

    def __init__(self, upright: Sequence[Rule], level: Sequence[Rule]) -> None:
        self._upright, self._level = upright, level
        self.across = sorted({one.at for one in upright})
        self._up = sorted({one.at for one in level})
        self.box = Box(self.across[0], self._up[0], self.across[-1], self._up[-1])
        self._columns = len(self.across) - 1
        self._rows = len(self._up) - 1
        self.cells = self._columns * self._rows
        self.heights = self._up[::-1]

    def rows(self, glyphs: Iterable[Glyph], page: int) -> list[list[str]]:
        """Return the texts of the cells, from top to bottom."""
        owner = self._owners()
        held: defaultdict[tuple[int, int], list[Glyph]] = defaultdict(list)
        for glyph in glyphs:
            x, y = _middle(glyph)
            column = min(max(bisect_right(self.across, x) - 1, 0), self._columns - 1)
            row = self._rows - 1 - min(max(bisect_right(self._up, y) - 1, 0), self._rows - 1)
            held[owner[row, column]].append(glyph)
        return [
            [self._text(held.get((row, column), ()), page) for column in range(self._columns)]
            for row in range(self._rows)
        ]

    def _text(self, glyphs: Sequence[Glyph], page: int) -> str:
        pieces = (piece.text for line in lines_of(glyphs, page) for piece in line.pieces)
        return " ".join(pieces)

    def _owners(self) -> dict[tuple[int, int], tuple[int, int]]:
        """The first cell of the merged one that each cell belongs to, by row and column."""
        owner: dict[tuple[int, int], tuple[int, int]] = {}
        for row in range(self._rows):
            top, bottom = self._up[self._rows - row], self._up[self._rows - row - 1]
            for column in range(self._columns):
                left, right = self.across[column], self.across[column + 1]
                owner[row, column] = (row, column)
                if column and not _covers(self._upright, left, (top + bottom) / 2):
                    owner[row, column] = owner[row, column - 1]
                elif row and not _covers(self._level, top, (left + right) / 2):
                    owner[row, column] = owner[row - 1, column]
        return owner


def _covers(rules: Iterable[Rule], at: float, middle: float) -> bool:
    return any(one.at == at and one.start <= middle <= one.end for one in rules)
