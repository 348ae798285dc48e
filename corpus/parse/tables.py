"""Tables in Markdown: each row becomes a line with tabs between its cells.

Forms: pipes (GitHub Flavored Markdown 4.10), grids (Pandoc's Markdown), and HTML.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, zip_longest

from corpus.notice import Span
from corpus.parse.html_rows import html_rows, table_places
from corpus.parse.lines import Line
from corpus.parse.rows import Cell, Row, head_of, is_laid_out
from corpus.text import mend_line

_PIPE = re.compile(r"(?<!\\)\|")
_RULE_CELL = re.compile(r"\s*:?-+:?\s*")
_GRID_RULE = re.compile(r"\+[-=:+]+\+")
_MOST_COLUMNS = 100  # a wider table is none


def read_tables(source: str, lines: Sequence[Line]) -> tuple[Line, ...]:
    """Put rows in the place of the lines that write down tables.

    What says nothing, rules, tags and empty rows, belongs to the row above it, or else below.

    Args:
        source: the file's text.
        lines: of ``source``, as ``split_lines`` returns them.
    """
    if "|" not in source and "</" not in source:
        return tuple(lines)
    reader = _Tables(source, lines)
    i = 0
    while i < len(lines):
        i = reader.read(i)
    return tuple(reader.lines)


class _Tables:
    """Reads a file from line to line; what is read stands in ``lines``."""

    def __init__(self, source: str, lines: Sequence[Line]) -> None:
        self.lines: list[Line] = []
        self._source = source
        self._given = lines
        self._starts = [line.span.start for line in lines]
        self._html = [
            (place, rows) for place in table_places(source) if (rows := html_rows(source, place))
        ]
        self._at = 0  # up to where the source is told
        self._tables = 0

    def read(self, i: int) -> int:
        """Read the table or the line that begins at index i; return the index behind it."""
        rows: list[Row]
        line = self._given[i]
        self._at = line.span.start
        k = bisect_left(self._html, line.span.start, key=lambda table: table[0].start)
        if k < len(self._html) and self._html[k][0].start < line.span.end:
            return self._read_html(i, k)
        end, rows = i + 1, []
        if _GRID_RULE.fullmatch(line.text):
            end, rows = self._grid(i)
        elif "|" in line.text:
            end, rows = self._pipes(i)
        if rows:
            self._add_rows(rows)
        else:
            self.lines += self._given[i:end]
        return end

    def _read_html(self, i: int, k: int) -> int:
        """Read the tables from the k-th on that begin on a line, and what stands beside them."""
        last = i
        while k < len(self._html) and self._html[k][0].start < self._given[last].span.end:
            place, rows = self._html[k]
            self._add_words(place.start)
            self._add_rows(rows)
            last = self._index(place.end - 1)
            k += 1
        end = self._given[last].span.end
        self._add_words(end)
        self._reach(end)
        return last + 1

    def _pipes(self, i: int) -> tuple[int, list[Row]]:
        columns = len(_split(self._given[i]))
        ruled = self._goes_on(i + 1) and _is_rule(self._given[i + 1], columns)
        rows: list[Row] = []
        end = i
        while end == i or self._goes_on(end):
            line = self._given[end]
            cells = _split(line)
            if len(cells) > _MOST_COLUMNS or not (_is_fenced(line) or (ruled and "|" in line.text)):
                break
            if not _is_rule(line, len(cells)):
                texts = [cell.text for cell in cells] + [""] * (columns - len(cells))
                rows.append(Row(tuple(cells), tuple(texts), line.span.end, ruled and end == i))
            elif rows:
                rows[-1] = replace(rows[-1], end=line.span.end)
            end += 1
        return (end, rows) if end > i + 1 else (i + 1, [])

    def _grid(self, i: int) -> tuple[int, list[Row]]:
        rows: list[Row] = []
        written: list[list[Cell]] = []
        end = i + 1
        while self._goes_on(end):
            line = self._given[end]
            if _GRID_RULE.fullmatch(line.text):
                if written:
                    rows.append(_grid_row(written, line.span.end))
                    written = []
                elif rows:
                    rows[-1] = replace(rows[-1], end=line.span.end)
                if "=" in line.text:
                    rows = [replace(row, is_head=True) for row in rows]
            elif _is_fenced(line):
                written.append(_split(line))
            else:
                break
            end += 1
        if written:  # its last rule is missing
            rows.append(_grid_row(written, self._given[end - 1].span.end))
        return end, rows if all(len(row.texts) <= _MOST_COLUMNS for row in rows) else []

    def _goes_on(self, i: int) -> bool:
        """Whether line i is the next one of the file, without a blank one before it."""
        given = self._given
        return i < len(given) and given[i].number == given[i - 1].number + 1

    def _add_rows(self, rows: Sequence[Row]) -> None:
        if all(row.is_empty for row in rows):
            self._add(" ".join(self._source[self._at : rows[-1].end].split()), rows[-1].end)
        elif max(len(row.texts) for row in rows) == 1 or is_laid_out(rows):
            for row in rows:
                for cell in row.cells:
                    for text, end in cell.pieces():
                        self._add(text, end)
                self._reach(row.end)
        else:
            self._tables += 1
            names, used = head_of(rows)
            self._add("\t".join(names), rows[used - 1].end, self._tables)
            for row in rows[used:]:
                if row.is_empty:
                    self._reach(row.end)
                else:
                    self._add("\t".join(row.texts), row.end, self._tables)

    def _add_words(self, end: int) -> None:
        """Add what stands beside a table on its line, if it says anything."""
        if text := Cell(mend_line(self._source[self._at : end]), self._at).text:
            self._add(text, end)

    def _add(self, text: str, end: int, table: int = 0) -> None:
        start = self._at
        while self._source[start].isspace():
            start += 1
        number = self._number(start)
        height = self._number(end - 1) - number + 1
        self.lines.append(Line(number, Span(start, end), text, height=height, table=table))
        self._at = end

    def _reach(self, end: int) -> None:
        """Let the line before, if it is of this table, reach as far as there."""
        if self.lines and self._at == self.lines[-1].span.end < end:
            line = self.lines[-1]
            height = self._number(end - 1) - line.number + 1
            self.lines[-1] = replace(line, span=Span(line.span.start, end), height=height)
            self._at = end

    def _number(self, place: int) -> int:
        return self._given[self._index(place)].number

    def _index(self, place: int) -> int:
        return bisect_right(self._starts, place) - 1


def _is_fenced(line: Line) -> bool:
    text = line.text
    return len(text) > 2 and text[0] == text[-1] == "|" and text[-2] != "\\"


def _is_rule(line: Line, columns: int) -> bool:
    if "-" not in line.text or "|" not in line.text:
        return False
    cells = _split(line)
    return len(cells) == columns and all(_RULE_CELL.fullmatch(cell.raw) for cell in cells)


def _split(line: Line) -> list[Cell]:
    """The cells between the pipes of a line."""
    text = line.text
    bars = [match.start() for match in _PIPE.finditer(text)]
    if not bars or bars[0] > 0:
        bars.insert(0, -1)
    if bars[-1] < len(text) - 1:
        bars.append(len(text))
    return [Cell(text[a + 1 : b], line.span.start + a + 1) for a, b in pairwise(bars)]


def _grid_row(written: Sequence[Sequence[Cell]], end: int) -> Row:
    """One row whose cells are written in several lines."""
    texts = tuple(
        " ".join(cell.text for cell in column if cell is not None and cell.text)
        for column in zip_longest(*written)
    )
    return Row(tuple(cell for part in written for cell in part), texts, end)
