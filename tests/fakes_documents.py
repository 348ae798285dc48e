"""What every reader must hold, and small files of each format."""

from __future__ import annotations

from corpus.parse.lines import split_lines
from corpus.readers import SourceFile
from corpus.readers.base import Block, BlockKind


def words_of(file: SourceFile, block: Block) -> str:
    """The text of a block."""
    return file.text[block.span.start : block.span.end]


def cells_of(file: SourceFile, block: Block) -> list[str]:
    """The texts of a row's cells."""
    return [file.text[cell.start : cell.end] for cell in block.cells]


def assert_blocks_hold(file: SourceFile) -> None:
    """Check the law of blocks: in order, apart, exact, and every line with words in one."""
    end = 0
    for block in file.blocks:
        words = words_of(file, block)
        assert block.span.start >= end
        assert words == words.strip()
        assert words
        end = block.span.end
        if block.kind is BlockKind.LIST_ITEM:
            assert block.label in words
        assert (block.kind is BlockKind.TABLE_ROW) == bool(block.table)
        if block.cells:
            assert "\t".join(cells_of(file, block)) == words
    covered = set[int]()
    for block in file.blocks:
        covered.update(range(block.span.start, block.span.end))
    for line in split_lines(file.text):
        assert covered.issuperset(range(line.span.start, line.span.end))
