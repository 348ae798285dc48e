"""Rows of sheets, whatever format they come from, written as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NoReturn

from corpus.blocks import Anchor, BlockKind
from corpus.readers.blocks import TextBuilder

MOST_COLUMNS = 500
MOST_CELLS = 2_000_000
"""Cells of a sheet, empty ones between others too: more than a person ever typed."""


@dataclass(frozen=True, slots=True)
class SheetRows:
    """A sheet.

    Args:
        name: of the sheet.
        rows: 0-based number of each row and the texts of its cells by 0-based column.
        ends: the last row of each area of one column that is merged over rows, by the column and
            the row of its first cell.
    """

    name: str
    rows: tuple[tuple[int, Mapping[int, str]], ...]
    ends: Mapping[tuple[int, int], int]

    def filled(self, refuse: Callable[[str], NoReturn]) -> list[tuple[int, list[str]]]:
        """Return the rows that hold words.

        A sheet is no page, its rows are sorted and filtered: a cell merged over rows stands in
        each of them. Columns without words are left out.

        Args:
            refuse: raises the error that there is too much; gets what.
        """
        covering: dict[int, tuple[int, str]] = {}
        whole: list[tuple[int, dict[int, str]]] = []
        count = 0
        for at, cells in self.rows:
            covering = {column: one for column, one in covering.items() if one[0] >= at}
            for column, text in cells.items():
                if text and (column, at) in self.ends:
                    covering[column] = (self.ends[column, at], text)
            count += len(covering) + len(cells)
            if count > MOST_CELLS:
                refuse(f"trang tính “{self.name}” có quá nhiều ô")
            covered = {column: text for column, (_, text) in covering.items()}
            whole.append((at, covered | {column: text for column, text in cells.items() if text}))
        used = sorted({column for _, cells in whole for column in cells})
        if len(used) > MOST_COLUMNS or len(used) * len(whole) > MOST_CELLS:
            refuse(f"trang tính “{self.name}” có quá nhiều ô")
        return [(at, [cells.get(column, "") for column in used]) for at, cells in whole if cells]


def write_sheets(
    builder: TextBuilder, sheets: Iterable[tuple[str, list[tuple[int, list[str]]]]]
) -> None:
    """Write the rows of sheets, each sheet a table; several have their names above them."""
    filled = [(name, rows) for name, rows in sheets if rows]
    for name, rows in filled:
        if len(filled) > 1:
            builder.add(BlockKind.HEADING, name, Anchor(name, 0))
        builder.begin_table()
        for at, cells in rows:
            builder.add_row(cells, Anchor(name, at))
