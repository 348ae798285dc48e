"""The rows of tables in HTML, as converters write them into Markdown where cells are merged."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.notice import Span
from corpus.parse.rows import Cell, Row
from corpus.text import mend_line

_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z]{1,12})\b(?P<attributes>[^<>]{0,500})>")
_TABLE = re.compile(r"<table\b|</table\s{0,9}>", re.IGNORECASE)
_REACH = re.compile(r"\b(row|col)span\s{0,3}=\s{0,3}[\"']?(\d{1,3})", re.IGNORECASE)
_MOST_COLUMNS = 100
_MOST_ROWS = 200  # that one merged cell reaches down
_CELLS = ("td", "th")
_PARTS = ("tr", "thead", "tbody", "tfoot", "table")


def table_places(source: str) -> list[Span]:
    """Return the places of the outermost tables of ``source`` that are closed, in order."""
    places: list[Span] = []
    opened: list[int] = []
    for match in _TABLE.finditer(source):
        if match[0][1] != "/":
            opened.append(match.start())
        elif opened:
            place = Span(opened.pop(), match.end())
            while places and places[-1].start > place.start:
                places.pop()
            places.append(place)
    return places


def html_rows(source: str, place: Span) -> list[Row]:
    """Return the rows of a table; the last one ends where the table does.

    Args:
        source: the file's text.
        place: from ``<table`` to ``</table>``.
    """
    reader = _Reader(source)
    for tag in _TAG.finditer(source, place.start, place.end):
        reader.take(tag)
    rows = reader.rows
    return [*rows[:-1], replace(rows[-1], end=place.end)] if rows else []


class _Reader:
    """Puts cells and rows together, tag by tag; closing tags may be left out."""

    def __init__(self, source: str) -> None:
        self.rows: list[Row] = []
        self._source = source
        self._cells: list[tuple[Cell, str]] = []
        self._open: re.Match[str] | None = None
        self._in_head = False
        self._names_only = False  # whether all cells of the row are <th>
        self._below: dict[int, tuple[str, int]] = {}  # column → text of a merged cell, rows left

    def take(self, tag: re.Match[str]) -> None:
        name, ends = tag["name"].lower(), bool(tag["end"])
        if name in _CELLS or name in _PARTS:
            self._close_cell(tag.start())
        if name in _PARTS:
            self._close_row(tag.end() if ends else tag.start())
            if name == "thead":
                self._in_head = not ends
        elif name in _CELLS and not ends:
            self._open = tag
            self._names_only = (self._names_only or not self._cells) and name == "th"

    def _close_cell(self, at: int) -> None:
        if self._open is not None:
            start = self._open.end()
            raw = mend_line(self._source[start:at])
            self._cells.append((Cell(raw, start), self._open["attributes"]))
        self._open = None

    def _close_row(self, at: int) -> None:
        if self._cells:
            is_head = self._in_head or self._names_only
            texts = self._laid_out(is_head=is_head)
            self.rows.append(Row(tuple(cell for cell, _ in self._cells), texts, at, is_head))
        self._cells = []
        self._names_only = False

    def _laid_out(self, *, is_head: bool) -> tuple[str, ...]:
        """The texts by column: a cell's in all its rows and, in a head, in all its columns."""
        texts: list[str] = []
        for cell, attributes in self._cells:
            self._take_over(texts)
            reach = {kind.lower(): int(count) for kind, count in _REACH.findall(attributes)}
            rows = min(reach.get("row", 1), _MOST_ROWS)
            for n in range(max(1, min(reach.get("col", 1), _MOST_COLUMNS - len(texts)))):
                text = cell.text if n == 0 or is_head else ""
                if rows > 1:
                    self._below[len(texts)] = (text, rows - 1)
                texts.append(text)
        self._take_over(texts)
        return tuple(texts)

    def _take_over(self, texts: list[str]) -> None:
        """Add what reaches down into the next columns from the rows above."""
        while len(texts) in self._below:
            column = len(texts)
            text, left = self._below.pop(column)
            if left > 1:
                self._below[column] = (text, left - 1)
            texts.append(text)
