"""Lines that were cut at a fixed width are put together, and no others."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from fakes_notices import SAMPLE_FILES, check_laws, labels, read, read_file, source_of
from fakes_time import assert_grows_evenly
from hypothesis import given
from hypothesis import strategies as st

from corpus.notice import ClauseKind, Notice
from corpus.parse.lines import split_lines
from corpus.parse.notices import parse_notice
from corpus.parse.wrapping import unwrap

K = ClauseKind
HEAD = (
    *("ỦY BAN NHÂN DÂN TỈNH VÂN HẢI", "Số: 77/BC-UBND", "Vân Hải, ngày 20 tháng 4 năm 2026"),
    *("BÁO CÁO", "Kết quả xóa nhà tạm quý I năm 2026"),
)
TAIL = ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Tô Quang Bính")
TEXTS = (
    "1. Tính đến hết quý I, số nhà tạm đã xóa trên địa bàn toàn tỉnh là 58. Các xã vùng cao còn"
    " 31 nhà đang làm móng, dự kiến xong trước ngày 30. Tháng 6 sẽ nghiệm thu chung.",
    "2. Việc vận động kinh phí do Ủy ban Mặt trận Tổ quốc tỉnh phối hợp với Sở Xây dựng thực hiện,"
    " tổng số tiền nhận được là 4,2 tỷ đồng, trong đó Công ty Thủy điện ủng hộ 900 triệu đồng.",
    "a) Sở Nội vụ rà soát danh sách hộ được hỗ trợ theo Quyết định số 12/QĐ-UBND giai đoạn 2021 -"
    " 2025, gửi Sở Xây dựng và Ủy ban nhân dân các xã trước ngày 15/5/2026; nơi nào chậm thì"
    " Chủ tịch xã giải trình theo khoản 2 Điều 5. Việc này xong trong quý II năm 2026.",
    "- Công an tỉnh giữ trật tự ở 46 xã, phường; cử 120 cán bộ xuống cơ sở và báo cáo Ủy ban nhân"
    " dân tỉnh trước ngày 20 hằng tháng.",
)


def wrapped(width: int, between: tuple[str, ...] = ("",)) -> tuple[str, ...]:
    lines = list(HEAD)
    for text in TEXTS:
        lines += [*between, *textwrap.wrap(text, width)]
    return (*lines, *between, *TAIL)


def texts(notice: Notice) -> list[str]:
    return [one.text for one in notice.clauses if one.kind in (K.ITEM, K.BULLET)]


@pytest.mark.parametrize("width", range(60, 111, 5))
def test_lines_that_were_cut_are_whole_again(width: int) -> None:
    found = read(*wrapped(width))
    check_laws(found)
    assert texts(found) == list(TEXTS)
    assert labels(found) == [
        "phần đầu văn bản",
        *("mục 1", "mục 2", "mục 2.a", "mục 2.a, gạch đầu dòng 1", "phần chữ ký"),
    ]
    assert found.clauses[-1].text == "\n".join(TAIL)


@pytest.mark.parametrize("width", range(60, 111, 5))
def test_without_blank_lines_only_the_end_of_a_sentence_may_part(width: int) -> None:
    found = read(*wrapped(width, between=()))
    check_laws(found)
    assert " ".join(one.text for one in found.clauses[1:-1]) == " ".join(TEXTS)
    assert all(one.text[-1] in ".;" for one in found.clauses[1:-1])


def test_indented_lines_of_markdown_are_whole_again() -> None:
    lines = list(HEAD)
    for text in TEXTS[:2]:
        mark, words = text.split(" ", 1)
        lines += ["", *textwrap.wrap(f"{mark}  {words}", 72, subsequent_indent="    ")]
    assert [" ".join(text.split()) for text in texts(read(*lines))] == list(TEXTS[:2])


def test_a_clause_that_was_cut_is_shown_where_it_stands() -> None:
    found = read(*wrapped(72))
    first = found.clauses[1]
    assert first.lines == ((7, 9),)
    assert " ".join(first.spans[0].of(found.source).split()) == first.text


LONG = "Sở Nội vụ rà soát danh sách các hộ được hỗ trợ về nhà ở trên địa bàn của tỉnh"
FULL = "Sở Xây dựng hướng dẫn các xã làm hồ sơ, nghiệm thu và quyết toán kinh phí với"
assert len(LONG) in range(75, 80)
assert len(FULL) in range(75, 80)


def body(*lines: str) -> list[str]:
    """The lines of a text that is cut at 78 characters."""
    cut = (FULL, "Kho bạc Nhà nước theo quy định.", "")
    return [line.text for line in unwrap(split_lines("\n".join((*cut * 3, *lines))))][3:]


@pytest.mark.parametrize(
    "following",
    [
        "1. Sở Y tế cấp thuốc cho các hộ dân ở vùng sâu, vùng xa của tỉnh.",
        "a) Sở Y tế cấp thuốc.",
        "- Sở Y tế cấp thuốc.",
        "Điều 1. Sở Y tế cấp thuốc.",
        "CHỦ TỊCH",
        "Xã\tSố hộ",
        "| Xã | Số hộ |",
        "[1] Theo Sở Y tế.",
        "# Phần hai",
        "14",
        "- 14 -",
        "Tên xã     Số hộ",
    ],
)
def test_what_is_no_running_text_begins_anew(following: str) -> None:
    assert body(LONG, following) == [LONG, following]


def test_the_next_number_of_a_list_begins_anew_though_the_last_has_no_stop() -> None:
    assert body("1. Việc.", f"2. {LONG[:74]}", "3. Việc.")[1:] == [f"2. {LONG[:74]}", "3. Việc."]


def test_a_number_that_nothing_comes_before_goes_on() -> None:
    assert body("1. Việc.", LONG, "58. Các xã còn lại.")[1:] == [f"{LONG} 58. Các xã còn lại."]


def test_a_line_that_had_room_for_the_next_word_ends() -> None:
    assert body(LONG[:60], "Sở Y tế cấp thuốc.") == [LONG[:60], "Sở Y tế cấp thuốc."]


def test_the_long_rows_of_a_table_say_nothing_of_the_width() -> None:
    rows = ["Cơ quan\tViệc", *[f"Sở Y tế\t{LONG} {LONG}"] * 8]
    assert body(*rows, LONG, "Trung tâm Y tế làm.")[-1] == f"{LONG} Trung tâm Y tế làm."


def test_after_a_blank_line_a_paragraph_begins() -> None:
    assert body(LONG, "", "Sở Y tế cấp thuốc.") == [LONG, "Sở Y tế cấp thuốc."]


def test_the_short_end_of_a_paragraph_in_capitals_belongs_to_it() -> None:
    assert body(LONG, "57-NQ/TW.") == [f"{LONG} 57-NQ/TW."]


def test_a_word_cut_at_its_hyphen_is_joined_without_a_blank() -> None:
    assert body(f"{LONG[:-4]} 02-", "KH/TU ngày 5/8.") == [f"{LONG[:-4]} 02-KH/TU ngày 5/8."]


@pytest.mark.parametrize("path", SAMPLE_FILES, ids=lambda path: path.name)
def test_a_notice_with_a_line_for_each_paragraph_is_left_alone(path: Path) -> None:
    lines = split_lines(source_of(path))
    assert unwrap(lines) == lines


@pytest.mark.parametrize("path", SAMPLE_FILES, ids=lambda path: path.name)
def test_a_sample_that_is_cut_has_its_clauses_again(path: Path) -> None:
    whole = read_file(path)
    cut = "\n".join(
        "\n".join(textwrap.wrap(line, 72)) if "\t" not in line else line
        for line in source_of(path).splitlines()
    )
    found = parse_notice(cut, path.name)
    check_laws(found)
    told = {one.text: one.label for one in whole.clauses if one.kind in (K.ITEM, K.BULLET)}
    kept = {one.text: one.label for one in found.clauses if one.kind in (K.ITEM, K.BULLET)}
    assert len(told.items() & kept.items()) >= 0.9 * len(told)


WORDS = st.sampled_from(
    [
        *(
            "Sở",
            "Y tế,",
            "các xã",
            "và",
            "58.",
            "30",
            "của;",
            "định:",
            "CHỦ",
            "a)",
            "1.",
            "-",
            "(1)",
            "[1]",
        )
    ]
)


@given(st.lists(st.lists(WORDS, max_size=30), max_size=12), st.integers(40, 110))
def test_the_laws_hold_for_any_cut_text(paragraphs: list[list[str]], width: int) -> None:
    lines = [line for words in paragraphs for line in textwrap.wrap(" ".join(words), width)]
    check_laws(parse_notice("\n".join(lines), "a.txt"))


@pytest.mark.parametrize("line", [FULL, f"58. {FULL}", "x" * 78, f"{'x ' * 39}", FULL.upper()])
def test_putting_together_takes_time_that_grows_with_the_length(line: str) -> None:
    assert_grows_evenly(lambda n: parse_notice(f"{line}\n" * (n // len(line)), "a.txt"), 8_000)
