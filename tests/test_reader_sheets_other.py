"""Spreadsheets of LibreOffice (.ods) and of old Excel (.xls): rows of tasks keep their columns."""

from __future__ import annotations

import io
from datetime import date

import pytest
import xlwt
from fakes_documents import assert_blocks_hold, cells_of, packed

from corpus.errors import SecretFile, UnreadableFile
from corpus.readers import SourceFile, check_file, read_bytes

URNS = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
    for short in ("office", "table", "text", "style")
)


def ods(*tables: str, styles: str = "", others: str = "") -> bytes:
    content = (
        f"<office:document-content {URNS}><office:automatic-styles>{styles}"
        "</office:automatic-styles><office:body><office:spreadsheet>"
        f"{''.join(tables)}</office:spreadsheet></office:body></office:document-content>"
    )
    header = f"<office:document-styles {URNS}>{others}</office:document-styles>"
    return packed({"content.xml": content, "styles.xml": header})


def sheet(*rows: str, name: str = "Nhiệm vụ", more: str = "", columns: str = "") -> str:
    return f'<table:table table:name="{name}" {more}>{columns}{"".join(rows)}</table:table>'


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def cell(text: str = "", more: str = "") -> str:
    return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"


COVERED = "<table:covered-table-cell/>"


def read(data: bytes, name: str = "a.ods") -> SourceFile:
    file = read_bytes(data, name)
    assert_blocks_hold(file)
    return file


def rows_of(file: SourceFile) -> list[list[str]]:
    return [cells_of(file, block) for block in file.blocks if block.table]


def test_rows_keep_their_columns_and_dates_are_written_as_here() -> None:
    day = 'office:value-type="date" office:date-value="2026-11-15"'
    head = row(cell("STT"), cell("Nhiệm vụ"), cell("Hạn"))
    task = row(cell("1"), cell("Lập <text:span>kho</text:span>"), cell("11/15/26", day))
    file = read(ods(sheet(head, task)))
    assert rows_of(file) == [["STT", "Nhiệm vụ", "Hạn"], ["1", "Lập kho", "15/11/2026"]]


def test_an_owner_merged_over_rows_stands_in_each_of_them_once() -> None:
    over = 'table:number-rows-spanned="2" table:number-columns-spanned="1"'
    rows = (
        row(cell("Sở Y tế", over), cell("Việc một")),
        row(COVERED, cell("Việc hai")),
        row(cell("Sở Nội vụ"), cell("Việc ba")),
    )
    file = read(ods(sheet(*rows)))
    assert rows_of(file) == [
        ["Sở Y tế", "Việc một"],
        ["Sở Y tế", "Việc hai"],
        ["Sở Nội vụ", "Việc ba"],
    ]


def test_what_is_hidden_is_left_out_and_told() -> None:
    styles = (
        '<style:style style:name="h"><style:table-properties table:display="false"/></style:style>'
    )
    column = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    data = ods(
        sheet(
            row(cell("Hiện"), cell("Cột ẩn")),
            row(cell("Lọc"), more='table:visibility="filter"'),
            columns=column,
        ),
        sheet(row(cell("Trang ẩn")), name="Nháp", more='table:style-name="h"'),
        styles=styles,
    )
    file = read(data)
    assert rows_of(file) == [["Hiện"]]
    assert any("Nháp" in one for one in file.warnings)
    assert any("1 dòng ẩn" in one for one in file.warnings)
    assert {"Cột ẩn", "Lọc", "Trang ẩn"} <= set(file.beside[0].text.split("\n"))


def test_empty_rows_and_cells_to_the_end_of_the_sheet_cost_nothing() -> None:
    far = 'table:number-rows-repeated="1048000"'
    wide = '<table:table-cell table:number-columns-repeated="16000"/>'
    file = read(ods(sheet(row(cell("a"), wide, cell("b")), row(wide, more=far), row(cell("c")))))
    assert rows_of(file) == [["a", "b"], ["c"]]


@pytest.mark.parametrize(
    "bomb",
    [
        row(cell("a"), more='table:number-rows-repeated="9000000"'),
        row(cell("a", 'table:number-columns-repeated="16000"')),
    ],
)
def test_cells_that_repeat_without_end_are_refused(bomb: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(ods(sheet(bomb)))
    assert caught.value.remedy


def test_a_stamp_in_a_header_or_a_hidden_sheet_is_found() -> None:
    header = "<style:master-page><style:header><text:p>TUYỆT MẬT</text:p></style:header>"
    header += "</style:master-page>"
    with pytest.raises(SecretFile):
        check_file(read(ods(sheet(row(cell("Việc"))), others=header)))


@pytest.mark.parametrize("data", [b"", b"abc", packed({"content.xml": "<a/>"}), ods(sheet())])
def test_what_is_no_sheet_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(data)
    assert caught.value.remedy


def xls(*rows: list[object], hidden: str = "", merged: bool = False) -> bytes:
    book = xlwt.Workbook()
    one = book.add_sheet("Nhiệm vụ")
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for i, cells in enumerate(rows):
        for j, value in enumerate(cells):
            if value is not None:
                one.write(i, j, value, *([day] if isinstance(value, date) else []))
    if merged:
        one.write_merge(1, 2, 0, 0, "Sở Y tế")
    if hidden:
        other = book.add_sheet("Nháp")
        other.write(0, 0, hidden)
        other.visibility = 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_old_excel_keeps_columns_dates_figures_and_merged_owners() -> None:
    head = ["Cơ quan", "Việc", "Hạn", "Số"]
    data = xls(
        head, [None, "Một", date(2026, 11, 15), 12], [None, "Hai", "thường xuyên", 1.5], merged=True
    )
    file = read(data, "a.xls")
    assert rows_of(file) == [
        head,
        ["Sở Y tế", "Một", "15/11/2026", "12"],
        ["Sở Y tế", "Hai", "thường xuyên", "1,5"],
    ]


def test_a_hidden_sheet_of_old_excel_is_left_out_and_looked_through() -> None:
    file = read(xls(["Việc"], hidden="chữ nháp"), "a.xls")
    assert file.text == "Việc\n"
    assert any("Nháp" in one for one in file.warnings)
    with pytest.raises(SecretFile):
        check_file(read(xls(["Việc"], hidden="TUYỆT MẬT"), "a.xls"))


@pytest.mark.parametrize(
    "data",
    [b"", b"abc", xls(["a"])[:600], b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, xls()],
)
def test_what_is_no_old_excel_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_bytes(data, "a.xls")
    assert caught.value.remedy
