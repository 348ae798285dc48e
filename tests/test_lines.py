from __future__ import annotations

import pytest
from fakes_notices import TEXTS
from hypothesis import given

from corpus.parse.lines import join_pieces, paragraphs, split_lines

LONG = "Kho dữ liệu dùng chung của tỉnh đã nối được năm hệ thống của các sở, ngành và"
assert len(LONG) > 60


def joined(*lines: str) -> list[str]:
    return [p.text for p in paragraphs(split_lines("\n".join(lines)))]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_counts_the_same(end: str) -> None:
    source = f"một{end}{end} \t hai \u00a0{end}ba"
    assert [(line.number, line.text) for line in split_lines(source)] == [
        *((1, "một"), (3, "hai"), (4, "ba")),
    ]


def test_only_line_ends_end_a_line() -> None:
    assert [line.number for line in split_lines("một\u2028hai\x0bba\x85bốn\x1cnăm")] == [1]


def test_a_line_knows_its_place() -> None:
    source = "\n  hai\t\n"
    [line] = split_lines(source)
    assert line.span.of(source) == line.text == "hai"


def test_a_paragraph_goes_on_in_small_letters_behind_a_page_break() -> None:
    assert joined("Đã nối được năm hệ", "", "thống của sở.") == ["Đã nối được năm hệ thống của sở."]


def test_footnotes_between_the_halves_stay_apart() -> None:
    assert joined("Đã nối được năm hệ", "¹ Tính đến tháng 6.", "² Ước tính.", "thống của sở.") == [
        "Đã nối được năm hệ thống của sở.",
        "¹ Tính đến tháng 6.",
        "² Ước tính.",
    ]


def test_a_number_cut_at_its_hyphen_is_joined_without_a_blank() -> None:
    assert joined("Theo Chương trình số 02-", "CTr/BCĐ ngày 05/8/2025, Sở làm.") == [
        "Theo Chương trình số 02-CTr/BCĐ ngày 05/8/2025, Sở làm."
    ]


def test_a_full_line_goes_on_with_an_abbreviation() -> None:
    assert joined(LONG, "UBND các xã chưa gửi số liệu.") == [
        f"{LONG} UBND các xã chưa gửi số liệu."
    ]


def test_a_full_line_that_stops_on_a_small_word_goes_on() -> None:
    assert joined(LONG, "Trung tâm Điều hành.") == [f"{LONG} Trung tâm Điều hành."]


@pytest.mark.parametrize("following", ["UBND xã tự làm.", "(viết tắt là Kho)", "Sở Y tế làm."])
def test_a_short_title_does_not_swallow_the_line_after_it(following: str) -> None:
    assert joined("1. Mục đích", following) == ["1. Mục đích", following]


def test_a_title_about_chuyen_doi_so_is_whole() -> None:
    title = "2. Về nguồn nhân lực chất lượng cao phục vụ chính quyền số và chuyển đổi số"
    assert joined(title, "Sở Nội vụ mở lớp.") == [title, "Sở Nội vụ mở lớp."]


@pytest.mark.parametrize("following", ["- việc khác", "a) việc khác", "(1) việc khác", "cột\tsố"])
def test_a_mark_or_a_table_begins_anew(following: str) -> None:
    assert len(joined("Đã nối được năm hệ", following)) == 2


@pytest.mark.parametrize("ending", [".", ":", ";", ".”", "…", ".⁴", ".*", "?)"])
def test_a_sentence_that_has_ended_does_not_go_on(ending: str) -> None:
    assert len(joined(f"Đã nối được năm hệ{ending}", "thống của sở.")) == 2


def test_a_footnote_cut_by_the_page_goes_on_at_the_foot_of_the_next() -> None:
    assert joined(
        "Chi thường xuyên chưa theo",
        "³ Số liệu của năm sở còn",
        "kịp yêu cầu.",
        "Trong khu vực công, dữ liệu giúp",
        "thiếu mười hai xã.",
        "giảm thời gian chờ.",
    ) == [
        "Chi thường xuyên chưa theo kịp yêu cầu.",
        "³ Số liệu của năm sở còn thiếu mười hai xã.",
        "Trong khu vực công, dữ liệu giúp giảm thời gian chờ.",
    ]


def test_a_bullet_under_a_footnote_belongs_to_it() -> None:
    assert joined("Đã nối được năm hệ", "⁵ Gồm các nhóm.", "+ Nhóm một.", "thống của sở.") == [
        "Đã nối được năm hệ thống của sở.",
        "⁵ Gồm các nhóm. + Nhóm một.",
    ]


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("¹ Ghi chú", 1),
        ("⁴⁷Ghi chú", 47),
        ("[12] Ghi chú", 12),
        ("[3]Ghi chú", 3),
        ("[^4]: Ghi chú", 4),
        ("*[5] Ghi chú*", 5),
        ("[6](https://vi.du)", None),
        ("1. Việc", None),
        ("80 m²", None),
    ],
)
def test_where_a_footnote_begins(line: str, number: int | None) -> None:
    [read] = split_lines(line)
    assert read.footnote_number == number


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("Sở Y tế\t12", True),
        ("1. Sở Y tế\t12", True),
        ("1.\tSở Y tế\t12", True),
        ("1.\tSở Y tế làm việc này.", False),
        ("-\tSở Y tế làm việc này.", False),
        ("\t3.4. Hạ tầng", False),
    ],
)
def test_the_tab_after_a_mark_makes_no_table(line: str, row: bool) -> None:
    [read] = split_lines(line)
    assert read.is_table_row is row


def test_joining_leaves_a_dash_between_words_alone() -> None:
    assert join_pieces(["năm 2025 -", "2026"]) == "năm 2025 - 2026"
    assert join_pieces(["02-", "CTr"]) == "02-CTr"
    assert join_pieces([]) == ""


@given(TEXTS)
def test_every_line_is_in_one_paragraph(source: str) -> None:
    lines = split_lines(source)
    read = paragraphs(lines)
    assert sorted(line.number for p in read for line in p.lines) == [n.number for n in lines]
    assert [p.first.number for p in read] == sorted(p.first.number for p in read)
