"""Puts a text together from blocks, so that every offset is exact."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.blocks import Anchor, Block, BlockKind, Style
from corpus.notice import Span
from corpus.parse.lines import Line, split_lines
from corpus.parse.titles import is_upper
from corpus.readers.scan.weak import plain, weak_words

_IN_CELL = re.compile(r"\s+")
# What ends a line for the parser, and what does so for others (form feed, U+2028 and such).
_LINE_END = re.compile(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


class TextBuilder:
    """Takes blocks in the order in which they are read."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._tables = 0
        self._unsure: list[Span] = []

    @property
    def unsure(self) -> tuple[Span, ...]:
        """The words of the text whose figures were read with little confidence."""
        return tuple(self._unsure)

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._parts)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks so far."""
        return tuple(self._blocks)

    def add(
        self, kind: BlockKind, words: str, anchor: Anchor, *, label: str = "", bold: bool = False
    ) -> None:
        """Write a paragraph; one without words is passed over.

        Args:
            kind: what it is, any but a row.
            words: its text with its label; a break in it begins a new line of the same block.
            anchor: its place in the original.
            label: the label that ``words`` begins with.
            bold: whether all of it is bold.
        """
        lines = (line.strip() for line in _LINE_END.split(words))
        written = "\n".join(line for line in lines if line)
        if not written:
            return
        span = self._write(written)
        style = Style(bold, is_upper(written))
        self._blocks.append(Block(kind, span, anchor, plain(label), style))

    def begin_table(self) -> None:
        """Begin a table: the rows that follow are its rows."""
        self._tables += 1

    def add_row(self, cells: Sequence[str], anchor: Anchor) -> None:
        """Write a row of the table that was begun last; one without words is passed over.

        A row whose words stand in its first cell alone is a line like any other: no tab parts it.

        Args:
            cells: their texts; white space in them is written as one blank.
            anchor: the place of the row in the original.
        """
        written = [_IN_CELL.sub(" ", cell).strip() for cell in cells]
        while written and not written[-1]:
            written.pop()
        if not written:
            return
        span = self._write("\t".join(written))
        spans: list[Span] = []
        at = span.start
        for cell in written:
            spans.append(Span(at, at + len(cell)))
            at += len(cell) + 1
        self._blocks.append(
            Block(BlockKind.TABLE_ROW, span, anchor, cells=tuple(spans), table=self._tables)
        )

    def _write(self, words: str) -> Span:
        start = self._length
        self._unsure += [Span(start + one.start, start + one.end) for one in weak_words(words)]
        self._parts += [plain(words), "\n"]
        self._length += len(words) + 1
        return Span(start, start + len(words))


def blocks_of_lines(text: str) -> tuple[Block, ...]:
    """Return the blocks of a plain text: what the parser sees in its lines."""
    lines = split_lines(text)
    rows = [line.is_table_row for line in lines]
    blocks: list[Block] = []
    tables = 0
    for i, line in enumerate(lines):
        above, below = rows[i] and i > 0 and rows[i - 1], rows[i + 1 : i + 2] == [True]
        tables += rows[i] and below and not above
        blocks.append(_block_of(line, tables if rows[i] and (above or below) else 0))
    return tuple(blocks)


def _block_of(line: Line, table: int) -> Block:
    anchor = Anchor("", line.number - 1)
    style = Style(capitals=is_upper(line.bare))
    if line.footnote_number is not None:
        return Block(BlockKind.FOOTNOTE, line.span, anchor, str(line.footnote_number), style)
    if table:
        return Block(BlockKind.TABLE_ROW, line.span, anchor, cells=_cells(line), table=table)
    if line.text.startswith("#") and line.text.lstrip("#").startswith(" "):
        return Block(BlockKind.HEADING, line.span, anchor, style=style)
    if line.marker is not None:
        return Block(BlockKind.LIST_ITEM, line.span, anchor, line.marker.label, style)
    return Block(BlockKind.PARAGRAPH, line.span, anchor, style=style)


def _cells(line: Line) -> tuple[Span, ...]:
    spans: list[Span] = []
    at = line.span.start
    for cell in line.text.split("\t"):
        spans.append(Span(at, at + len(cell)))
        at += len(cell) + 1
    return tuple(spans)
