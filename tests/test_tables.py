"""Tables in Markdown become rows under the names of their columns, whoever wrote them how."""

from __future__ import annotations

import pytest
from fakes_notices import at, check_laws, read
from fakes_time import assert_grows_evenly
from hypothesis import given
from hypothesis import strategies as st

from corpus.notice import Clause, ClauseKind, ContextRole, Notice
from corpus.parse.notices import parse_notice

K = ClauseKind
BODY = ("| Đồng Nghệ | 1.240 con | 91% |", "| Nậm Ruốc | 865 con | 78% |")
ROW = (("Xã", "Nậm Ruốc"), ("Số trâu bò", "865 con"), ("Tỷ lệ", "78%"))
HEAD = "| Xã | Số trâu bò | Tỷ lệ |"
RULE = "| --- | :---: | ---: |"
WAYS = {
    "plain": (HEAD, RULE, *BODY),
    "no pipes outside": ("Xã | Số trâu bò | Tỷ lệ", "---|---|---", *BODY),
    "empty head": ("|  |  |  |", RULE, HEAD, *BODY),
    "no rule": (HEAD, *BODY),
    "rule above": (RULE, HEAD, *BODY),
    "bold head": ("| **Xã** | **Số trâu bò** | **Tỷ lệ** |", RULE, *BODY),
    "columns numbered": (HEAD, RULE, "| (1) | (2) | (3) |", *BODY),
    "columns lettered": (HEAD, RULE, "| A | 1 | 2=1/3 |", *BODY),
    "grid": (
        "+-----------+------------+-------+",
        "| Xã        | Số trâu bò | Tỷ lệ |",
        "+===========+============+=======+",
        "| Đồng Nghệ | 1.240 con  | 91%   |",
        "+-----------+------------+-------+",
        "| Nậm       | 865 con    | 78%   |",
        "| Ruốc      |            |       |",
        "+-----------+------------+-------+",
    ),
    "html": (
        "<table>",
        "<thead><tr><th>Xã</th><th>Số trâu bò</th><th>Tỷ lệ</th></tr></thead>",
        "<tbody>",
        "<tr>",
        "<td>Đồng Nghệ</td>",
        "<td>1.240 con</td>",
        "<td>91%</td>",
        "</tr>",
        '<tr class="x"><td><p>Nậm<br/>Ruốc</p></td><td>865&nbsp;con</td><td>78%</td></tr>',
        "</tbody>",
        "</table>",
    ),
    "html on one line": (
        "<table><tr><td>Xã</td><td>Số trâu bò</td><td>Tỷ lệ</td></tr>"
        "<tr><td>Đồng Nghệ</td><td>1.240 con</td><td>91%</td></tr>"
        "<tr><td>Nậm Ruốc<td>865 con<td>78%</table>",
    ),
}


def notice(*table: str) -> Notice:
    return read("BÁO CÁO", "Kết quả", "", "1. Số liệu:", "", *table, "", "2. Xã Cửa Ngọc chậm.")


def rows(found: Notice) -> list[Clause]:
    return [one for one in found.clauses if one.kind is K.TABLE_ROW]


def without_bold(cells: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name.strip("*"), cell) for name, cell in cells)


@pytest.mark.parametrize("way", WAYS)
def test_a_row_knows_its_columns(way: str) -> None:
    found = notice(*WAYS[way])
    check_laws(found)
    first, second = rows(found)
    assert without_bold(second.table) == ROW
    assert second.label == "mục 1, bảng 1, dòng 2"
    assert second.text == "Nậm Ruốc\t865 con\t78%"
    [columns] = second.context_of(ContextRole.COLUMNS)
    assert columns.text.replace("**", "") == "Xã\tSố trâu bò\tTỷ lệ"
    assert first.above == second.above == found.clauses[1].id
    assert [one.kind for one in found.clauses][1:3] == [K.HEADING, K.TABLE_HEADER]


def test_a_row_is_shown_where_it_stands() -> None:
    found = notice(*WAYS["html on one line"])
    assert [one.line_range for one in rows(found)] == [(6, 6), (6, 6)]
    shown = [span.of(found.source) for one in rows(found) for span in one.spans]
    assert shown[0] == "<tr><td>Đồng Nghệ</td><td>1.240 con</td><td>91%</td></tr>"
    found = notice(*WAYS["empty head"])
    assert [one.line_range for one in rows(found)] == [(9, 9), (10, 10)]
    assert at(found, 6) is at(found, 8)


@pytest.mark.parametrize(
    "head",
    [
        ("| Xã | Kết quả |  |", RULE, "|  | Số con | Tỷ lệ |"),
        ("| Xã | Kết quả | Kết quả |", RULE, "| Xã | Số con | Tỷ lệ |"),
        ("|  |  |  |", RULE, "| Xã | Kết quả |  |", "|  | Số con | Tỷ lệ |"),
        (
            "<table><tr><th rowspan='2'>Xã</th><th colspan=2>Kết quả</th></tr>",
            "<tr><th>Số con</th><th>Tỷ lệ</th></tr>",
            "<tr><td>Đồng Nghệ</td><td>1.240 con</td><td>91%</td></tr>",
            "<tr><td>Nậm Ruốc</td><td>865 con</td><td>78%</td></tr></table>",
        ),
    ],
)
def test_a_head_of_two_rows_names_a_column_by_both(head: tuple[str, ...]) -> None:
    found = notice(*head, *(BODY if "<table>" not in head[0] else ()))
    check_laws(found)
    names = [name for name, _ in rows(found)[1].table]
    assert names == ["Xã", "Kết quả – Số con", "Kết quả – Tỷ lệ"]
    assert len(rows(found)) == 2


def test_units_under_the_head_belong_to_it() -> None:
    found = notice(HEAD, RULE, "|  | (con) | (%) |", *BODY)
    assert [name for name, _ in rows(found)[0].table] == ["Xã", "Số trâu bò – (con)", "Tỷ lệ – (%)"]


@pytest.mark.parametrize(
    "row",
    [
        "|  | 12 con | 3% |",
        "| Nà Lếch | Đạt | Chưa đạt |",
        "| 1 | 2 | 5 |",
        "|  | Chưa báo cáo | |",
    ],
)
def test_what_follows_a_head_is_data_where_it_says_something(row: str) -> None:
    found = notice(HEAD, RULE, row, *BODY)
    assert len(rows(found)) == 3
    assert [name for name, _ in rows(found)[0].table] == ["Xã", "Số trâu bò", "Tỷ lệ"]


def test_an_empty_cell_keeps_its_column() -> None:
    found = notice(HEAD, RULE, "| Nà Lếch |  | 66% |", "|  | 865 con |  |", "| Bản Sài | |")
    assert [tuple(cell for _, cell in one.table) for one in rows(found)] == [
        ("Nà Lếch", "", "66%"),
        ("", "865 con", ""),
        ("Bản Sài", "", ""),
    ]


def test_an_empty_first_cell_between_tabs_keeps_its_column() -> None:
    found = notice("Xã\tSố trâu bò\tTỷ lệ", "Nà Lếch\t402 con\t66%", "\t865 con\t78%", "\t\t5%\tx")
    check_laws(found)
    assert [tuple(cell for _, cell in one.table) for one in rows(found)] == [
        *(("Nà Lếch", "402 con", "66%"), ("", "865 con", "78%"), ("5%", "x")),
    ]


def test_a_merged_cell_stands_in_all_its_rows() -> None:
    found = notice(
        "<table><tr><th>Cơ quan</th><th>Việc</th></tr>",
        "<tr><td rowspan=2>Sở Y tế</td><td>Mua thuốc</td></tr><tr><td>Tập huấn</td></tr></table>",
    )
    assert [one.text for one in rows(found)] == ["Sở Y tế\tMua thuốc", "Sở Y tế\tTập huấn"]


def test_a_bar_inside_a_cell_parts_nothing() -> None:
    found = notice(HEAD, RULE, r"| Đồng Nghệ \| Nậm Ruốc | 5 | 6% |", *BODY)
    assert rows(found)[0].table[0] == ("Xã", "Đồng Nghệ | Nậm Ruốc")


def test_rows_that_look_like_something_else_stay_rows() -> None:
    found = notice(
        *("| Chức vụ | Họ tên |", "|---|---|", "| Chủ tịch | Tô Quang Bính |"),
        *(
            "| Nơi nhận | Sở Y tế |",
            "| [1] | Theo báo cáo |",
            "| QUYẾT ĐỊNH | CŨ |",
            "| 1. | Việc |",
        ),
    )
    check_laws(found)
    assert [one.text for one in rows(found)] == [
        "Chủ tịch\tTô Quang Bính",
        "Nơi nhận\tSở Y tế",
        "[1]\tTheo báo cáo",
        "QUYẾT ĐỊNH\tCŨ",
        "1.\tViệc",
    ]


def test_two_tables_behind_each_other_are_two() -> None:
    found = notice(HEAD, RULE, *BODY, "", "| Thôn | Hộ | Tỷ lệ |", RULE, "| Bản Sài | 12 | 5% |")
    assert [one.label for one in rows(found)] == [
        *("mục 1, bảng 1, dòng 1", "mục 1, bảng 1, dòng 2", "mục 1, bảng 2, dòng 1"),
    ]
    assert rows(found)[2].table[0] == ("Thôn", "Bản Sài")


def test_the_paragraph_above_a_table_is_its_title() -> None:
    found = read("BÁO CÁO", "Kết quả", "", "Bảng 1. Số trâu bò đã tiêm", "", *WAYS["plain"])
    [title] = rows(found)[0].context_of(ContextRole.LEAD_IN)
    assert title.text == "Bảng 1. Số trâu bò đã tiêm"


@pytest.mark.parametrize(
    "line",
    ["| một mình |", "Chọn A | B", "a || b", "<table>", "<table></table>", "|", "||", "+--+"],
)
def test_a_bar_alone_makes_no_table(line: str) -> None:
    found = notice(line)
    check_laws(found)
    assert not [one for one in found.clauses if one.kind in (K.TABLE_ROW, K.TABLE_HEADER)]


def test_words_beside_a_table_are_kept() -> None:
    found = notice(
        "Bảng: <table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table> Hết."
    )
    check_laws(found)
    texts = [one.text for one in found.clauses]
    assert [t for t in texts if t in ("Bảng:", "Hết.")] == ["Bảng:", "Hết."]
    assert "c\td" in texts


LETTERHEAD = (
    "| ỦY BAN NHÂN DÂN<br>TỈNH VÂN HẢI | **CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM**<br>**Độc lập - "
    "Tự do - Hạnh phúc** |",
    "|---|---|",
    "| Số: 61/KH-UBND | *Vân Hải, ngày 12 tháng 01 năm 2026* |",
    "",
    "**KẾ HOẠCH**",
    "",
    "**Trồng cây năm 2026**",
)


def test_a_letterhead_that_is_laid_out_as_a_table_is_read_as_one() -> None:
    found = read(*LETTERHEAD, "", r"1\. Trồng mới 240.000 cây.")
    check_laws(found)
    header = found.header
    assert (header.kind, header.number, header.title) == (
        *("Kế hoạch", "61/KH-UBND", "Trồng cây năm 2026"),
    )
    assert header.issuer == "ỦY BAN NHÂN DÂN TỈNH VÂN HẢI"
    assert [one.kind for one in found.clauses] == [K.HEADER, K.ITEM]


def test_a_signature_that_is_laid_out_as_a_table_is_read_as_one() -> None:
    found = read(
        *LETTERHEAD,
        *("", r"1\. Trồng mới 240.000 cây.", ""),
        "| **Nơi nhận:**<br>- Như trên;<br>- Lưu: VT. | **CHỦ TỊCH**<br>Tô Quang Bính |",
        "|---|---|",
    )
    check_laws(found)
    assert [one.kind for one in found.clauses][2:] == [
        *(K.NOTE, K.RECIPIENT, K.RECIPIENT, K.SIGNATURE),
    ]


PIECES = st.sampled_from(
    [
        *("| a | b |", "|---|---|", "|  |  |", "a | b", "| [1] | x |", "+---+---+", "+===+===+"),
        *(
            "<table>",
            "</table>",
            "<tr><td>a</td><td>b",
            "<th colspan=3>c",
            "x <table><td>y</table> z",
        ),
        *("", "1. Việc", r"1\. Việc", r"a\) Việc", "> - Việc", "CHỦ TỊCH", "Trần Bá", "Nơi nhận:"),
        *("| Nơi nhận:<br>- a | CHỦ TỊCH<br>Trần Bá |", "- - -", "Phụ lục I", "¹ Ghi chú"),
    ]
)


@given(st.lists(PIECES, max_size=14), st.sampled_from(["\n", "\r\n"]))
def test_the_laws_hold_for_any_notation(lines: list[str], end: str) -> None:
    check_laws(parse_notice(end.join(lines), "a.md"))


@pytest.mark.parametrize(
    "unit",
    [
        *("| a | b |\n", "|---|---|\n", "|\n", "|", "| ", "+---+\n", "|---\n", "a | b\n---|---\n"),
        *("<table>\n", "<table>", "</table>", "<table><tr><td>a</td></tr></table>", "<tr><td>"),
        *(
            "<table><tr><td rowspan=99 colspan=99>a",
            "<td ",
            "<",
            "\\|",
            "> ",
            "&#1",
            "\\",
            "| | |\n",
        ),
        *(
            "<table><tr><td>a<td>b<tr><td>c<td>d</table>\n",
            "<br",
            "x<br>",
            "|<br>|\n",
            "+-+\n|a|b|\n",
        ),
    ],
)
def test_reading_a_table_takes_time_that_grows_with_its_length(unit: str) -> None:
    assert_grows_evenly(lambda n: parse_notice(unit * (n // len(unit)), "a.md"), 3_000)


def test_a_large_table_of_merged_cells_is_read_in_its_length() -> None:
    row = "<tr><td rowspan=200 colspan=100>" + "a" * 100
    assert_grows_evenly(lambda n: parse_notice(f"<table>{row * n}</table>", "a.md"), 20)
