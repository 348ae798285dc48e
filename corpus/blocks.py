"""What a reader tells of each piece of a text: what it is, and where it stands in the original."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from corpus.notice import Span

Pages = tuple[tuple[int, int], ...]
"""(offset in the text, 1-based page) wherever another page begins; empty without pages."""


class BlockKind(StrEnum):
    """What the file says a piece of its text is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    FOOTNOTE = "footnote"  # endnotes too


@dataclass(frozen=True, slots=True)
class PageBox:
    """A rectangle on a page as it is shown: the place of a line, or of a row.

    Args:
        page: 1-based.
        left: from the left edge, in widths of the page, 0 to 1; the others likewise.
        top: from the upper edge, in heights of the page.
        right: see ``left``.
        bottom: see ``top``.
        start: offset of its first character in the block's text.
    """

    page: int
    left: float
    top: float
    right: float
    bottom: float
    start: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in the original file, so that a quote can be shown there.

    Args:
        part: the part of the file: a part's name in a .docx, a sheet's in an .xlsx, ``""`` where
            there is only one.
        paragraph: 0-based number of the paragraph (of the element in HTML, of the line in plain
            text, of the row in a sheet) within the part; in a PDF of the paragraph, row or note
            on its page.
        page: 1-based, 0 where the file has no pages of its own.
        boxes: where its lines stand on their pages, in the order of the text; empty where the
            file has no pages.
    """

    part: str
    paragraph: int
    page: int = 0
    boxes: tuple[PageBox, ...] = ()


@dataclass(frozen=True, slots=True)
class Style:
    """How a block looks.

    Args:
        bold: whether all its letters are bold.
        capitals: whether all its letters are capitals, typed or shown so.
    """

    bold: bool = False
    capitals: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the text: a paragraph, a row, a note.

    Args:
        kind: what it is.
        span: its place in the text, label included.
        anchor: its place in the original.
        label: that of a list item as it stands in the text, the number of a footnote; else ``""``.
        style: how it looks, where the file says it.
        cells: for a row, the places of its cells in the text; an empty cell has an empty span.
        table: 1-based number of the row's table in the file; 0 for what is no row.
    """

    kind: BlockKind
    span: Span
    anchor: Anchor
    label: str = ""
    style: Style | None = None
    cells: tuple[Span, ...] = ()
    table: int = 0


@dataclass(frozen=True, slots=True)
class Extent:
    """How much was recognised in a file.

    Args:
        pages: None where the file doesn't say it.
        tables: how many.
        footnotes: how many, endnotes too.
    """

    pages: int | None = None
    tables: int = 0
    footnotes: int = 0


@dataclass(frozen=True, slots=True)
class Recognised:
    """What came of reading a file, for the person who adds it.

    Args:
        clauses: how many that state something.
        extent: how much else.
        warnings: what was decided or left out, Vietnamese sentences.
        doubts: what should be looked at in the original, Vietnamese sentences.
    """

    clauses: int
    extent: Extent = field(default_factory=Extent)
    warnings: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def pages_of(blocks: Iterable[Block]) -> Pages:
    """Return where pages begin in the text.

    A note stands in the text behind the paragraph that its page ends in, so a page may come
    again.

    Args:
        blocks: in the order of the text.
    """
    found: list[tuple[int, int]] = []
    for block in blocks:
        page = block.anchor.page
        if page and (not found or found[-1][1] != page):
            found.append((block.span.start, page))
    return tuple(found)


def page_at(pages: Pages, offset: int) -> int:
    """Return the page that a place in the text stands on, 0 where there are no pages."""
    at = bisect_right(pages, offset, key=lambda one: one[0])
    return pages[max(at, 1) - 1][1] if pages else 0


def boxes_of(blocks: Sequence[Block], spans: Iterable[Span]) -> tuple[PageBox, ...]:
    """Return the boxes of the lines that hold any of ``spans``, in the order of the text.

    Args:
        blocks: of the whole text, in its order.
        spans: places in the text.
    """
    found: dict[PageBox, None] = {}
    for span in spans:
        first = bisect_right(blocks, span.start, key=lambda one: one.span.end)
        for block in blocks[first:]:
            if block.span.start >= span.end:
                break
            boxes = block.anchor.boxes
            length = block.span.end - block.span.start
            for i, box in enumerate(boxes):
                end = boxes[i + 1].start if i + 1 < len(boxes) else length
                if block.span.start + box.start < span.end and block.span.start + end > span.start:
                    found.setdefault(box)
    return tuple(found)
