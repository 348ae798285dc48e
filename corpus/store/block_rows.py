"""How what a reader told stands in the library: JSON, of the many blocks without names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from corpus.blocks import Anchor, Block, BlockKind, Extent, PageBox, Pages, Recognised, Style
from corpus.notice import Span


def blocks_to_json(blocks: Sequence[Block]) -> str:
    """Return the text that the column ``blocks`` holds."""
    return _dense([_of_block(block) for block in blocks])


def blocks_from_json(text: str) -> tuple[Block, ...]:
    """Return the blocks that ``blocks_to_json`` wrote."""
    return tuple(_block_of(row) for row in json.loads(text))


def pages_to_json(pages: Pages) -> str:
    """Return the text that the column ``pages`` holds."""
    return _dense(pages)


def pages_from_json(text: str) -> Pages:
    """Return the pages that ``pages_to_json`` wrote."""
    return tuple((offset, page) for offset, page in json.loads(text))


def recognised_to_json(recognised: Recognised) -> str:
    """Return the text that the column ``recognised`` holds."""
    return _dense(asdict(recognised))


def recognised_from_json(text: str) -> Recognised:
    """Return what ``recognised_to_json`` wrote."""
    fields = json.loads(text)
    return Recognised(
        fields["clauses"],
        Extent(**fields["extent"]),
        tuple(fields["warnings"]),
        tuple(fields["doubts"]),
    )


def _dense(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _of_block(block: Block) -> list[Any]:
    anchor, style = block.anchor, block.style
    return [
        block.kind.value,
        [block.span.start, block.span.end],
        [
            anchor.part,
            anchor.paragraph,
            anchor.page,
            [[b.page, b.left, b.top, b.right, b.bottom, b.start] for b in anchor.boxes],
        ],
        block.label,
        None if style is None else [style.bold, style.capitals],
        [[cell.start, cell.end] for cell in block.cells],
        block.table,
    ]


def _block_of(row: list[Any]) -> Block:
    kind, span, (part, paragraph, page, boxes), label, style, cells, table = row
    return Block(
        BlockKind(kind),
        Span(*span),
        Anchor(part, paragraph, page, tuple(PageBox(*box) for box in boxes)),
        label,
        None if style is None else Style(*style),
        tuple(Span(*cell) for cell in cells),
        table,
    )
