"""The seam to a file format: bytes of one format in, text and its blocks out.

The clause parser works on the text, line by line, so a reader writes it as the parser reads it:
a paragraph is a line, the label of a list item stands before it as it is shown, a row of a table
is a line with a tab between its cells, a footnote is a line ``[^n]: …`` whose mark ``[^n]`` stands
in the text. What the file knows beyond that is in the blocks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from corpus.blocks import Block, BlockKind, Extent
from corpus.notice import Span

MAX_FILE_BYTES = 20 * 1024 * 1024
"""Largest file read unless the caller says otherwise; the longest real notice is below 1 MB."""

MAX_CONTAINER_BYTES = 200 * 1024 * 1024
"""Largest archive or message: a folder of many documents."""

MAX_LINES = 50_000
"""Most lines with text; the longest real notice has 2,600. Each is a clause that takes a tenth of
a millisecond to read and two kilobytes to keep."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Words that stand in the file but not in its text; they are searched for secrecy stamps.

    Args:
        place: where they stand, for people: ``đầu trang``, ``thuộc tính của tệp``.
        text: the words.
    """

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of a file.

    Args:
        text: what is read, in the form that the clause parser takes.
        blocks: in the order of the text, none overlapping another; every line with words belongs
            to one.
        warnings: what a person should know of the reading, Vietnamese sentences.
        beside: what was left out of the text.
        pages: as many as the file says it has, None where it doesn't.
        unsure: words whose figures were read with little confidence, in the order of the text.
        unread: 1-based numbers of the pages that could not be read: nobody knows what they hold.
    """

    text: str
    blocks: tuple[Block, ...]
    warnings: tuple[str, ...] = ()
    beside: tuple[Beside, ...] = ()
    pages: int | None = None
    unsure: tuple[Span, ...] = ()
    unread: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceFile:
    """What was read from a file.

    Args:
        text: of plain text every character, line ends kept, byte-order mark dropped; of other
            formats as ``Reading.text``.
        file_name: without folders; bytes of the name that are not UTF-8 are replaced.
        size: bytes on disk.
        blocks: see ``Reading``.
        warnings: see ``Reading``.
        beside: see ``Reading``.
        pages: see ``Reading``.
        unsure: see ``Reading``.
        unread: see ``Reading``.
    """

    text: str
    file_name: str
    size: int
    blocks: tuple[Block, ...] = field(default=(), repr=False)
    warnings: tuple[str, ...] = ()
    beside: tuple[Beside, ...] = ()
    pages: int | None = None
    unsure: tuple[Span, ...] = ()
    unread: tuple[int, ...] = ()

    @property
    def extent(self) -> Extent:
        """How much was recognised."""
        notes = sum(block.kind is BlockKind.FOOTNOTE for block in self.blocks)
        tables = len({block.table for block in self.blocks if block.table})
        return Extent(self.pages, tables, notes)


class Reader(Protocol):
    """Turns the bytes of one format into text and blocks."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """File name endings it reads, lower case, with the dot."""

    def read(self, data: bytes, name: str) -> Reading:
        """Read ``data``; ``name`` is only used in messages.

        Raises:
            UnreadableFile: the bytes are not a text of this format.
        """
