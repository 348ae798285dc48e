"""Spreadsheets become tables whose rows keep their columns."""

from __future__ import annotations

import machine
import pytest
from fakes_documents import assert_blocks_hold, cell, cells_of, docx, packed, par, rows, xlsx_parts
from fakes_time import assert_grows_evenly

from corpus.blocks import Anchor
from corpus.errors import SecretFile, UnreadableFile
from corpus.notice import ClauseKind
from corpus.parse.notices import parse_notice
from corpus.readers import SourceFile, check_file, read_bytes, read_file
from corpus.readers.office.figures import Figures


def read(*sheets: str, **others: object) -> SourceFile:
    file = read_bytes(packed(xlsx_parts(*sheets, **others)), "a.xlsx")  # type: ignore[arg-type]
    assert_blocks_hold(file)
    return file


HEAD = cell("A1", "STT") + cell("B1", "Nhiệm vụ") + cell("C1", "Cơ quan chủ trì")


@pytest.mark.shared
def test_the_traps_of_an_ordinary_workbook_are_read() -> None:
    file = read_file(machine.DOCUMENTS / "tasks-traps.xlsx")
    lines = file.text.splitlines()
    assert len(lines) == 2001
    assert lines[0] == "STT\tNhiệm vụ\tCơ quan chủ trì\tThời hạn\tGhi chú"
    assert lines[2] == "2\tXây dựng nền tảng số 1\tSở KHCN\t31/12/2025"
    assert "2000 ô công thức" in file.warnings[0]
    clauses = parse_notice(file.text, "a.xlsx").clauses
    assert [one.kind for one in clauses].count(ClauseKind.TABLE_ROW) == 2000
    assert [str(one.due) for one in clauses[2].deadlines] == ["2025-12-31"]


def test_a_merged_cell_stands_in_every_row_that_it_covers() -> None:
    sheet = rows(
        HEAD,
        cell("A2", 1) + cell("B2", "Một") + cell("C2", "Sở A"),
        cell("A3", 2) + cell("B3", "Hai"),
        cell("A4", 3) + cell("B4", "Ba") + cell("C4", "Sở B"),
        more='<mergeCells><mergeCell ref="C2:C3"/></mergeCells>',
    )
    file = read(sheet)
    assert [cells_of(file, block)[-1] for block in file.blocks[1:]] == ["Sở A", "Sở A", "Sở B"]
    assert [block.anchor for block in file.blocks] == [Anchor("Trang 1", i) for i in range(4)]
    assert file.extent.tables == 1


def test_empty_rows_and_columns_are_left_out_and_empty_cells_kept() -> None:
    sheet = rows(
        "", cell("C2", "DANH MỤC"), "", cell("C4", "STT") + cell("E4", "Việc") + cell("G4", "Hạn"),
        cell("C5", 1) + cell("G5", "31/12"), cell("E6", "Hai") + cell("G6", " "),
    )  # fmt: skip
    assert read(sheet).text == "DANH MỤC\nSTT\tViệc\tHạn\n1\t\t31/12\n\tHai\n"


def test_sheets_are_named_where_there_are_several() -> None:
    file = read(rows(HEAD), rows(""), rows(HEAD))
    assert [line for line in file.text.splitlines() if "\t" not in line] == ["Trang 1", "Trang 3"]
    assert file.extent.tables == 2


def test_shared_and_rich_texts_are_read_whole() -> None:
    strings = (
        "<si><t>một</t></si><si><r><t>hai </t></r><r><t>ba</t></r><rPh><t>x</t></rPh></si>"
        "<si><t>a_x000D_\nb_x0041c</t></si>"
    )
    cells = "".join(f'<c r="{"ABCD"[i]}1" t="s"><v>{i}</v></c>' for i in range(4))
    assert read(rows(cells), strings=strings).text == "một\thai ba\ta b_x0041c\n"


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        ("46022", "dd/mm/yyyy", "31/12/2025"),
        ("46022", "yyyy\\-mm\\-dd", "31/12/2025"),
        ("46022", "[$-42A]d mmmm yyyy;@", "31/12/2025"),
        ("46022.5", "m/d/yy h:mm", "31/12/2025 12:00"),
        ("46022", "mm/yyyy", "12/2025"),
        ("46022", "yyyy", "2025"),
        ("0.75", "h:mm", "18:00"),
        ("1.5", "[h]:mm", "36:00"),
        ("99999999", "dd/mm/yyyy", "99999999"),
        ("1", "General", "1"),
        ("84.1", "", "84,1"),
        ("0.30000000000000004", "", "0,3"),
        ("1E+6", "", "1000000"),
        ("1234567.891", "#,##0.00", "1.234.567,89"),
        ("1234.5", "#,##0.##", "1.234,5"),
        ("0.841", "0.0%", "84,1%"),
        ("-0.5", "0%", "-50%"),
        ("7", "00", "07"),
        ("1500", '#,##0 "đồng"', "1.500"),
        ("12", "@", "12"),
        ("x", "0", "x"),
        ("1e999999", "0", "1e999999"),
        ("NaN", "0", "NaN"),
    ],
)
def test_figures_and_dates_are_written_as_vietnamese_do(value: str, form: str, shown: str) -> None:
    assert Figures().written(value, form) == shown


def test_days_may_be_counted_from_1904() -> None:
    styles = '<cellXfs><xf/><xf numFmtId="14"/></cellXfs>'
    sheet = rows(cell("A1", 0, 's="1"') + cell("B1", "x"))
    assert read(sheet, styles=styles).text.startswith("30/12/1899")
    old = read(sheet, styles=styles, workbook='<workbookPr date1904="1"/>')
    assert old.text.startswith("01/01/1904")


def test_a_formula_is_read_by_its_result_and_told_where_there_is_none() -> None:
    sheet = rows(
        HEAD,
        cell("A2", more="<f>1+1</f><v>2</v>")
        + cell("B2", more="<f>A2</f><v></v>")
        + '<c r="C2" t="str"><f>"a"</f><v>chữ</v></c>',
        '<c r="A3" t="b"><v>1</v></c><c r="B3" t="e"><v>#N/A</v></c>' + cell("C3", "x"),
    )
    file = read(sheet)
    assert file.text.splitlines()[1:] == ["2\t\tchữ", "TRUE\t#N/A\tx"]
    assert "1 ô công thức" in file.warnings[0]


WHITE = (
    '<fonts><font/><font><color rgb="FFFFFFFF"/></font></fonts>'
    '<fills><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FF1F4E79"/></patternFill></fill></fills>'
    '<cellXfs><xf/><xf fontId="1"/><xf fontId="1" fillId="1"/></cellXfs>'
)


def test_what_is_hidden_is_left_out_and_told() -> None:
    shown = rows(
        HEAD.replace('r="A1"', 'r="A1" s="2"') + cell("D1", "lệnh một", 's="1"'),
        cell("A2", 1) + cell("B2", "Một") + cell("C2", "Sở A") + cell("E2", "lệnh hai"),
        cell("A3", 2) + cell("B3", "lệnh ba"),
        more="",
    ).replace('<row r="3">', '<row r="3" hidden="1">')
    shown = '<cols><col min="5" max="5" hidden="1"/></cols>' + shown
    file = read(shown, rows(cell("A1", "lệnh bốn")), styles=WHITE, states=("visible", "veryHidden"))
    assert file.text == "STT\tNhiệm vụ\tCơ quan chủ trì\n1\tMột\tSở A\n"
    assert "1 trang tính ẩn: Trang 2" in file.warnings[0]
    assert "1 dòng ẩn hoặc bị lọc" in file.warnings[1]
    [unseen] = [one.text for one in file.beside if "ẩn" in one.place]
    assert all(f"lệnh {word}" in unseen for word in ("một", "hai", "ba", "bốn"))


COMMENT = (
    "comments",
    '<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<commentList><comment><text><t>TỐI MẬT</t></text></comment></commentList></comments>",
)
DRAWN = (
    "drawing",
    '<x xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:p>'
    "<a:t>TỐI MẬT</a:t></a:p></x>",
)


@pytest.mark.parametrize(
    ("more", "others", "place"),
    [
        (
            '<headerFooter><oddHeader>&amp;C&amp;"Times"&amp;14TỐI MẬT</oddHeader></headerFooter>',
            {},
            "đầu trang",
        ),
        ("", {"beside": {"c": COMMENT}}, "ghi chú"),
        ("", {"beside": {"d": DRAWN}}, "hộp chữ"),
    ],
)
def test_a_stamp_is_found_wherever_it_stands(
    more: str, others: dict[str, object], place: str
) -> None:
    with pytest.raises(SecretFile, match=f"Tối mật.*{place}"):
        check_file(read(rows(HEAD, more=more), **others))


def test_a_stamp_in_a_cell_or_a_hidden_sheet_is_found() -> None:
    with pytest.raises(SecretFile, match="dòng 1"):
        check_file(read(rows(cell("B1", "TỐI MẬT"), HEAD)))
    with pytest.raises(SecretFile, match="ẩn"):
        check_file(read(rows(HEAD), rows(cell("A1", "MẬT")), states=("visible", "hidden")))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (docx(par("x")), "không phải tệp Excel"),
        (packed(xlsx_parts(rows(""))), "không có ô nào"),
        (b"\xd0\xcf\x11\xe0xx", "mật khẩu"),
        (b"STT,Viec", "hỏng"),
    ],
)
def test_what_is_no_workbook_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said) as caught:
        read_bytes(data, "a.xlsx")
    assert caught.value.remedy


@pytest.mark.parametrize(
    "sheet",
    [
        "<sheetData>"
        + "".join(
            f'<row r="{i}"><c r="{a}{b}{i}"><v>1</v></c></row>'
            for i, (a, b) in enumerate(
                (
                    (a, b)
                    for a in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                    for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                ),
                start=1,
            )
        )
        + "</sheetData>",
        rows(
            "".join(cell(f"{a}1", "x") for a in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            *[""] * 90_000,
            more="<mergeCells>"
            + "".join(f'<mergeCell ref="{a}1:{a}1048576"/>' for a in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
            + "</mergeCells>",
        ),
    ],
    ids=["a cell in each column", "cells merged to the end"],
)
def test_a_sheet_that_grows_without_end_is_refused(sheet: str) -> None:
    with pytest.raises(UnreadableFile, match="quá nhiều ô"):
        read(sheet)


@pytest.mark.parametrize("kind", ["rows", "columns hidden", "merged", "strings"])
def test_reading_takes_time_linear_in_the_length(kind: str) -> None:
    def made(length: int) -> bytes:
        lines = [cell(f"A{i}", i) + cell(f"B{i}", "x") for i in range(1, length + 1)]
        before = more = strings = ""
        if kind == "columns hidden":
            before = "<cols>" + '<col min="9" max="16384" hidden="1"/>' * length + "</cols>"
        elif kind == "merged":
            ranges = (f'<mergeCell ref="B{i}:B{length}"/>' for i in range(1, length))
            more = f"<mergeCells>{''.join(ranges)}</mergeCells>"
        elif kind == "strings":
            strings = "<si><t>x</t></si>" * length
        return packed(xlsx_parts(before + rows(*lines, more=more), strings=strings))

    files = {length: made(length) for length in (1000, 8000)}
    assert_grows_evenly(lambda length: read_bytes(files[length], "a.xlsx"), 1000)
