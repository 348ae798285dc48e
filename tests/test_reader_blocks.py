"""The seam of readers: text and blocks whose offsets are exact."""

from __future__ import annotations

import pytest
from fakes_documents import assert_blocks_hold, cells_of, words_of
from fakes_notices import SAMPLE_FILES
from hypothesis import given
from hypothesis import strategies as st

from corpus.blocks import Anchor, BlockKind
from corpus.errors import SecretFile
from corpus.readers import check_file, read_bytes, read_file
from corpus.readers.base import Beside, SourceFile
from corpus.readers.blocks import TextBuilder
from corpus.readers.files import supported_suffixes

PLAIN = (
    "\n# Chương I\r\n1. Sở Nội vụ báo cáo[^1].\n"
    "STT\tViệc\n1\tRà soát\n  Một dòng.\nHọ tên:\tAn\n[^1]: Ghi chú.\n"
)


@pytest.mark.parametrize("path", SAMPLE_FILES, ids=lambda path: path.name)
def test_the_blocks_of_a_sample_hold(path: object) -> None:
    file = read_file(path)  # type: ignore[arg-type]
    assert_blocks_hold(file)
    assert file.warnings == ()


@given(st.text(st.sampled_from("ab \t\n\r1.)-#[]^\u2028"), min_size=1).map(lambda text: f"x{text}"))
def test_the_blocks_of_any_plain_text_hold(text: str) -> None:
    assert_blocks_hold(read_bytes(text.encode(), "a.txt"))


def test_plain_lines_become_the_blocks_that_the_parser_sees() -> None:
    file = read_bytes(PLAIN.encode(), "a.md")
    assert [(block.kind, block.label, block.anchor.paragraph) for block in file.blocks] == [
        (BlockKind.HEADING, "", 1),
        (BlockKind.LIST_ITEM, "1", 2),
        (BlockKind.TABLE_ROW, "", 3),
        (BlockKind.TABLE_ROW, "", 4),
        (BlockKind.PARAGRAPH, "", 5),
        (BlockKind.PARAGRAPH, "", 6),
        (BlockKind.FOOTNOTE, "1", 7),
    ]
    assert cells_of(file, file.blocks[3]) == ["1", "Rà soát"]
    assert (file.extent.tables, file.extent.footnotes, file.extent.pages) == (1, 1, None)


def test_a_builder_writes_what_the_parser_reads_and_knows_where() -> None:
    builder = TextBuilder()
    anchor = Anchor("word/document.xml", 3)
    builder.add(BlockKind.PARAGRAPH, " \u2028 ", anchor)
    builder.add(BlockKind.LIST_ITEM, " a)\u2028Một\r\n hai ", anchor, label="a)", bold=True)
    builder.begin_table()
    builder.add_row(["", " "], anchor)
    builder.add_row(["1", "", "Rà\tsoát\n", ""], anchor)
    file = SourceFile(builder.text, "a.docx", 1, blocks=builder.blocks)
    assert file.text == "a)\nMột\nhai\n1\t\tRà soát\n"
    assert_blocks_hold(file)
    item, row = file.blocks
    assert words_of(file, item) == "a)\nMột\nhai"
    assert item.style is not None
    assert item.style.bold
    assert cells_of(file, row) == ["1", "", "Rà soát"]


def test_a_stamp_beside_the_text_is_told_by_its_place() -> None:
    file = SourceFile(
        "UBND TỈNH\nThông báo.", "a.docx", 1, beside=(Beside("đầu trang", "TỐI MẬT"),)
    )
    with pytest.raises(SecretFile, match="“Tối mật” ở đầu trang") as caught:
        check_file(file)
    assert caught.value.remedy
    check_file(SourceFile(file.text, "a.docx", 1, beside=(Beside("đầu trang", "Trang 1"),)))


@pytest.mark.parametrize("suffix", supported_suffixes())
def test_an_empty_file_of_any_format_is_refused_with_a_remedy(suffix: str) -> None:
    with pytest.raises(Exception, match="trống") as caught:
        read_bytes(b"", f"a{suffix}")
    assert getattr(caught.value, "remedy", "")
