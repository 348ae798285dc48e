"""Markdown as converters write it is read as what it says."""

from __future__ import annotations

import pytest
from fakes_notices import check_laws, labels, read
from fakes_time import assert_grows_evenly

from corpus.notice import ClauseKind
from corpus.parse.notation import says
from corpus.parse.notices import parse_notice
from corpus.parse.reading import read_lines


def shown(*lines: str) -> list[str]:
    return [line.text for line in read_lines("\n".join(lines))]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"1\. Trồng cây", "1. Trồng cây"),
        (r"a\) Chọn giống", "a) Chọn giống"),
        (r"\- Giám đốc", "- Giám đốc"),
        (r"\(1\) Sở Y tế", "(1) Sở Y tế"),
        (r"TM\. ỦY BAN NHÂN DÂN", "TM. ỦY BAN NHÂN DÂN"),
        (r"**II\. NHIỆM VỤ**", "**II. NHIỆM VỤ**"),
        (r"Số: 61/KH\-UBND", "Số: 61/KH-UBND"),
        ("Điều\\ 5\\. Hiệu lực", "Điều 5. Hiệu lực"),
        ("ỦY BAN NHÂN DÂN\\", "ỦY BAN NHÂN DÂN"),
        (r"> 1\. Trồng cây", "1. Trồng cây"),
        (r"\[1\] Ghi chú", "[1] Ghi chú"),
        ("Sở Y tế &amp; Sở Nội vụ&nbsp;làm", "Sở Y tế & Sở Nội vụ\u00a0làm"),
        ("Một<br>hai<br />ba", "Một hai ba"),
        (r"C:\\may", r"C:\may"),
        ("<u>Nơi</u> <span class='x'>nhận</span>", "Nơi nhận"),
        ("[Điều 1]{.underline}. Làm", "Điều 1. Làm"),
        ("rộng 80 m<sup>2</sup> theo mẫu<sup>3</sup>", "rộng 80 m² theo mẫu³"),
        ("a &khong; b & c", "a &khong; b & c"),
    ],
)
def test_an_escape_is_the_sign_itself(written: str, meant: str) -> None:
    assert shown(r"1\. Mục đích", written)[1] == meant


@pytest.mark.parametrize(
    "text",
    [r"\\may-chu\_chung", r"theo mẫu \(x^2\)", "> 5 tỷ đồng", "A&amp;B", "một<br>hai", "cuối\\"],
)
def test_a_text_that_is_no_markdown_is_left_as_it_is(text: str) -> None:
    assert shown("1. Mục đích", text)[1] == text


def test_escaped_numbers_number() -> None:
    found = read(
        *(r"I\. MỤC TIÊU", "", r"1\. Trồng 240.000 cây.", "", r"II\. NHIỆM VỤ", "", r"1\. Sở Y tế"),
        *("", r"a\) Chọn giống trước ngày 20/02/2026.", "", r"\- Bàn giao.", "", r"b\) Tập huấn."),
    )
    check_laws(found)
    assert labels(found) == [
        *("mục I", "mục I.1", "mục II", "mục II.1", "mục II.1.a"),
        *("mục II.1.a, gạch đầu dòng 1", "mục II.1.b"),
    ]
    assert found.clauses[3].kind is ClauseKind.HEADING
    assert found.clauses[4].text == "a) Chọn giống trước ngày 20/02/2026."
    assert found.clauses[4].spans[0].of(found.source) == r"a\) Chọn giống trước ngày 20/02/2026."


@pytest.mark.parametrize(
    "line", ["![](media/anh1.png)", "![Ảnh](a.png){width=5cm}", "<!-- trang 2 -->", "</div>"]
)
def test_a_picture_or_a_comment_is_no_clause(line: str) -> None:
    found = read(r"1\. Việc", "", line, "", r"2\. Việc")
    check_laws(found)
    assert found.clauses[1].kind is ClauseKind.NOTE


def test_a_raised_digit_in_a_cell_stays_at_its_letter() -> None:
    found = read("| Chợ | Rộng |", "|---|---|", "| Nậm Ruốc | 80 m<sup>2</sup> |")
    assert found.clauses[-1].text == "Nậm Ruốc\t80 m²"


def test_a_line_of_nothing_but_notation_is_kept() -> None:
    check_laws(read(r"1\. Việc", "", ">", "", "\\", "", "<br>", "", r"2\. Việc"))


@pytest.mark.parametrize(
    "unit",
    [
        "\\",
        "\\- ",
        "&#",
        "&amp",
        "<br ",
        "> ",
        ">",
        "1\\. ",
        "**a",
        "# ",
        "[",
        "[a]{",
        "<u",
        "<sup>",
        "![",
        "![](",
        "<!--",
    ],
)
def test_reading_notation_takes_time_that_grows_with_its_length(unit: str) -> None:
    text = unit * 50_000
    assert says(text) is not None
    assert_grows_evenly(lambda n: parse_notice(f"1\\. a\n{text[:n]}", "a.md"), 12_000)
