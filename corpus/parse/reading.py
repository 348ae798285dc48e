"""A file's text as lines that say what was meant, whatever their notation."""

from __future__ import annotations

from corpus.parse.lines import Line, split_lines
from corpus.parse.notation import is_markdown, read_notation
from corpus.parse.tables import read_tables
from corpus.parse.wrapping import unwrap


def read_lines(source: str) -> tuple[Line, ...]:
    """Return the lines of a file as they were meant.

    Letters that only look like those meant are mended, the escapes and tables of Markdown are
    read, lines that were cut at a fixed width are put together again. Every line keeps its place
    in ``source``; together they hold all that is written there.
    """
    given = split_lines(source)
    lines = read_tables(source, given)
    if any(line.table for line in lines) or is_markdown(given):
        lines = read_notation(lines)
    return unwrap(lines)
