"""What a clause inherits, the data on it, and what holds for any text."""

from __future__ import annotations

import time
import unicodedata
from datetime import date

import pytest
from fakes_notices import SAMPLES, TEXTS, at, check_laws, labels, places, read, read_file
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.notice import Clause, ClauseKind, ContextRole, Notice, OwnerRole
from corpus.parse.notices import parse_notice

R = ContextRole


def context(notice: Notice, line: int) -> list[tuple[ContextRole, int]]:
    """Role and first line of what the clause on this line inherits."""
    parts = at(notice, line).context
    lines = places(notice, tuple(part.clause_id for part in parts))
    return list(zip([part.role for part in parts], lines, strict=True))


def owners(clause: Clause) -> list[tuple[str, OwnerRole]]:
    return [(owner.canonical, owner.role) for owner in clause.owners]


def due(clause: Clause) -> list[date | None]:
    return [deadline.due for deadline in clause.deadlines]


# Context


def test_headings_and_owner_heading_are_inherited() -> None:
    notice = read("1. Về chợ", "b) Nhiệm vụ", "(1) Sở Tài chính", "- Thu phí.", "(2) Sở Y tế  làm.")
    assert context(notice, 4) == [(R.HEADING, 1), (R.HEADING, 2), (R.OWNER, 3)]
    assert context(notice, 5) == [(R.HEADING, 1), (R.HEADING, 2)]


def test_the_owner_of_a_bullet_is_its_owner_heading() -> None:
    notice = read("(1) Sở Tài chính", "- Thu phí.", "- Phối hợp với Sở Y tế lập bảng giá.")
    heading = at(notice, 1).id
    assert owners(at(notice, 2)) == [("Sở Tài chính", OwnerRole.LEAD)]
    assert at(notice, 2).owners[0].clause_id == heading
    assert owners(at(notice, 3)) == [
        ("Sở Tài chính", OwnerRole.PARTICIPATE),
        ("Sở Y tế", OwnerRole.PARTICIPATE),
    ]


def test_an_owner_heading_may_say_more_than_a_name() -> None:
    notice = read("1. Sở Y tế chủ trì, phối hợp với các sở, ngành liên quan:", "a) Mở trạm.")
    assert context(notice, 2) == [(R.OWNER, 1)]
    assert owners(at(notice, 2))[0] == ("Sở Y tế", OwnerRole.LEAD)


def test_lead_in_and_closer_hold_for_the_whole_list() -> None:
    notice = read(
        *("(2) Các đơn vị làm điểm", "Mỗi đơn vị làm một việc, cụ thể:", "- Sở Y tế mở trạm."),
        *("- Sở Nội vụ mở lớp.", "Các đơn vị nêu trên báo cáo trước ngày 15/12/2025."),
    )
    around = [(R.LEAD_IN, 2), (R.CLOSER, 5)]
    assert context(notice, 3)[-2:] == context(notice, 4)[-2:] == around
    assert due(at(notice, 3)) == [date(2025, 12, 15)]
    assert at(notice, 3).deadlines[0].clause_id == at(notice, 5).id
    assert owners(at(notice, 4)) == [("Sở Nội vụ", OwnerRole.LEAD)]


def test_a_closer_of_numbered_sentences_is_no_part_of_the_last_one() -> None:
    notice = read(
        *("1. Về chợ", "(1) Sở Y tế mở trạm.", "(2) Sở Nội vụ mở lớp."),
        *("Các nhiệm vụ nêu trên hoàn thành trước ngày 30/6/2026.",),
    )
    assert due(at(notice, 2)) == due(at(notice, 3)) == [date(2026, 6, 30)]
    assert at(notice, 4).label == "mục 1, đoạn 1"


def test_a_deadline_of_its_own_beats_the_closer() -> None:
    notice = read(
        *("Các việc sau:", "- Sở Y tế mở trạm trước 01/3/2026.", "- Sở Nội vụ mở lớp."),
        *("Các đơn vị nêu trên báo cáo trước ngày 15/12/2025.",),
    )
    assert due(at(notice, 2)) == [date(2026, 3, 1)]
    assert at(notice, 2).deadlines[0].clause_id == ""


@pytest.mark.parametrize(
    "paragraph",
    [
        "Chợ Bến Gỗ có 120 quầy hàng và hai cổng.",
        "Ngoài ra, " + "chợ còn nhiều việc khác phải làm, " * 12 + "xong trước ngày 30/6/2026.",
    ],
)
def test_a_paragraph_after_a_list_that_speaks_of_itself_closes_nothing(paragraph: str) -> None:
    notice = read("1. Về chợ", "- Mở trạm.", "- Mở lớp.", paragraph)
    assert context(notice, 2) == [(R.HEADING, 1)]


def test_what_introduces_a_list_reaches_the_lists_inside_it() -> None:
    notice = read(
        *("Các việc sau:", "- Về chợ:", "+ Mở chợ.", "- Mở bến."),
        *("Các việc nêu trên hoàn thành trước ngày 30/6/2026.",),
    )
    assert context(notice, 3) == [(R.LEAD_IN, 1), (R.CLOSER, 5), (R.HEADING, 2)]
    assert due(at(notice, 3)) == [date(2026, 6, 30)]


def test_lists_told_in_words_have_a_lead_in_too() -> None:
    notice = read("Tóm tắt:", "Một là, chợ đông.", "Hai là, bến vắng.", "Chợ đóng lúc 21 giờ.")
    assert context(notice, 2) == context(notice, 3) == [(R.LEAD_IN, 1)]
    assert context(notice, 4) == []
    notice = read("1. Về chợ", "Kết quả như sau:", "(1) chợ một; (2) chợ hai.")
    assert context(notice, 3) == [(R.HEADING, 1), (R.LEAD_IN, 2)]


def test_the_opening_of_a_notice_is_not_repeated_in_every_item() -> None:
    notice = read("Ban họp và kết luận như sau:", "1. Về chợ", "a) Mở chợ.")
    assert context(notice, 2) == [(R.LEAD_IN, 1)]
    assert context(notice, 3) == [(R.HEADING, 2)]


def test_a_list_further_on_does_not_take_the_lead_in() -> None:
    notice = read("Các việc sau:", "- Mở trạm.", "Chợ đã mở.", "- Chợ đông.")
    assert context(notice, 2) == [(R.LEAD_IN, 1)]
    assert context(notice, 4) == []


def test_a_bullet_that_announces_others_leads_them_in() -> None:
    notice = read("- Sở Y tế chủ trì các nội dung sau:", "- Mở trạm.", "- Mở lớp.")
    assert context(notice, 2) == context(notice, 3) == [(R.LEAD_IN, 1)]
    assert owners(at(notice, 3)) == [("Sở Y tế", OwnerRole.LEAD)]


def test_a_colon_typed_for_a_full_stop_leads_nothing_in() -> None:
    notice = read("- Mở trạm (hạn 31/12/2025; Thông báo số 18-TB/TGV ngày 14/10/2025:", "- Mở lớp.")
    assert context(notice, 2) == []


def test_deadline_and_owner_of_a_statement_go_to_its_list() -> None:
    notice = read(
        "- Nhập hồ sơ theo khu vực như sau (Sở Nội vụ, hạn 28/02/2026):", "+ Đồng bằng.", "+ Núi."
    )
    assert due(at(notice, 1)) == due(at(notice, 3)) == [date(2026, 2, 28)]
    assert owners(at(notice, 3)) == [("Sở Nội vụ", OwnerRole.LEAD)]


def test_a_later_paragraph_takes_neither_deadline_nor_owner_of_the_first() -> None:
    notice = read("1. Sở Y tế mở trạm trước ngày 15/5/2026.", "Hợp đồng cũ được thanh lý dần.")
    assert context(notice, 2) == [(R.LEAD_IN, 1)]
    assert at(notice, 2).deadlines == ()
    assert at(notice, 2).owners == ()


def test_a_group_that_says_when_is_inherited() -> None:
    notice = read(
        "(1) Sở Y tế",
        "* Triển khai các nhiệm vụ trong năm 2025",
        "- Mở trạm.",
        "* Đến năm 2030:",
        "- Mở lớp.",
    )
    assert due(at(notice, 3)) == [date(2025, 12, 31)]
    assert context(notice, 3) == [(R.OWNER, 1), (R.HEADING, 2)]
    assert owners(at(notice, 5)) == [("Sở Y tế", OwnerRole.LEAD)]


def test_clauses_of_a_programme_say_so_first() -> None:
    notice = read_file(SAMPLES / "27-NQ-HDND_2025-07-18.md")
    part = at(notice, 72).context[0]
    assert (part.role, part.text) == (R.ATTACHED, "Chương trình")
    assert at(notice, 29).context_of(R.ATTACHED) == ()


def test_context_reads_from_the_outside_to_the_inside() -> None:
    notice = read("1. Về chợ", "a) Phí", "- Thu phí.")
    assert at(notice, 3).context_text == "1. Về chợ › a) Phí"


def test_a_lead_in_of_ten_pages_is_shortened_where_it_is_inherited() -> None:
    notice = read("Chợ " * 5000 + "gồm:", "- Một.")
    assert len(at(notice, 2).context[0].text) <= 2000


# Tables and footnotes


def test_rows_know_their_columns_and_what_introduces_the_table() -> None:
    notice = read("1. Về chợ", "Kết quả như sau:", "Chợ\tHộ\tPhí", "Bến Gỗ\t12\t3,5", "Tân Lam\t30")
    row = at(notice, 4)
    assert row.table == (("Chợ", "Bến Gỗ"), ("Hộ", "12"), ("Phí", "3,5"))
    assert context(notice, 4) == [(R.HEADING, 1), (R.LEAD_IN, 2), (R.COLUMNS, 3)]
    assert at(notice, 5).table == (("Chợ", "Tân Lam"), ("Hộ", "30"))


def test_a_table_at_the_top_of_a_text_has_columns_too() -> None:
    notice = read("Chợ\tHộ", "Bến Gỗ\t12\t7")
    assert at(notice, 2).table == (("Chợ", "Bến Gỗ"), ("Hộ", "12"), ("cột 3", "7"))


def test_a_cell_cut_by_a_page_break_is_one_cell() -> None:
    notice = read_file(SAMPLES / "bao-cao-so-ket-CDS_du-thao_2026-06-15.md")
    row = at(notice, 52)
    assert row is at(notice, 58)
    assert row.lines == ((52, 52), (58, 58))
    assert row.table[0] == ("Xã, phường", "3. Xã Khe Thượng")
    assert row.table[3][1].endswith("vào cuối ngày")
    assert at(notice, 59).table[0] == ("Xã, phường", "4. Xã Đồng Mây")


def test_a_footnote_and_the_clause_that_refers_to_it_know_each_other() -> None:
    notice = read(
        "1. Về chợ", "- Đã mở. Đã thu phí [1] đủ.", "- Đã đóng.", "[1] Theo Sở Tài chính."
    )
    assert places(notice, at(notice, 2).footnote_ids) == [4]
    assert at(notice, 3).footnote_ids == ()
    assert context(notice, 4) == [(R.HEADING, 1), (R.REFERRED, 2)]
    assert at(notice, 4).context[-1].text == "Đã thu phí"


def test_a_footnote_gives_nobody_a_task() -> None:
    notice = read("(1) Sở Y tế", "- Mở trạm¹ trước ngày 15/5/2026.", "¹ Trạm gồm hai phòng.")
    assert at(notice, 3).owners == ()
    assert at(notice, 3).deadlines == ()


def test_square_metres_are_no_footnote() -> None:
    notice = read("1. Sàn rộng 80 m² và 2 km² đất, thu phí² đủ.", "² Theo Sở Tài chính.")
    assert at(notice, 2).context[-1].text.endswith("thu phí")


def test_the_number_of_a_footnote_refers_to_no_other() -> None:
    notice = read("- Mở chợ¹ và bến¹¹.", "¹ Chợ Bến Gỗ.", "¹¹ Bến Tân Lam.")
    assert places(notice, at(notice, 1).footnote_ids) == [2, 3]
    assert at(notice, 3).footnote_ids == ()


def test_footnotes_that_begin_anew_on_every_page() -> None:
    notice = read("- Mở chợ¹.", "¹ Chợ Bến Gỗ.", "- Mở bến¹.", "¹ Bến Tân Lam.", "- Đường².")
    assert places(notice, at(notice, 1).footnote_ids) == [2]
    assert places(notice, at(notice, 3).footnote_ids) == [4]
    assert at(notice, 5).footnote_ids == ()


def test_a_page_broken_clause_stands_on_both_lines() -> None:
    notice = read(
        "1. Kho dữ liệu đã nối được năm hệ", "¹ Ghi chú.", "thống của sở, ngành.", "2. Phí."
    )
    assert at(notice, 1) is at(notice, 3)
    assert at(notice, 1).text == "1. Kho dữ liệu đã nối được năm hệ thống của sở, ngành."
    assert at(notice, 1).line_range == (1, 3)
    assert at(notice, 2).kind is ClauseKind.FOOTNOTE


def test_a_document_number_cut_by_a_page_break_is_whole() -> None:
    notice = read("1. Theo Chương trình số 02-", "¹ Ghi chú.", "CTr/BCĐ ngày 05/8/2025, Sở làm.")
    assert [r.number for r in at(notice, 1).references] == ["02-CTr/BCĐ"]


# Bad shapes


@pytest.mark.parametrize("source", ["", "\n", " \n\t\r\n\u00a0\n"])
def test_nothing_gives_no_clauses(source: str) -> None:
    assert parse_notice(source, "trong.txt").clauses == ()


def test_windows_and_old_mac_line_ends_change_no_label() -> None:
    path = SAMPLES / "18-TB-TGV_2025-10-14.txt"
    given_text = path.read_text(encoding="utf-8")
    plain = parse_notice(given_text, path.name)
    for end in ("\r\n", "\r"):
        other = parse_notice(given_text.replace("\n", end), path.name)
        assert labels(other) == labels(plain)
        assert [c.lines for c in other.clauses] == [c.lines for c in plain.clauses]
        check_laws(other)


@pytest.mark.parametrize("file", ["18-TB-TGV_2025-10-14.txt", "27-NQ-HDND_2025-07-18.md"])
def test_a_decomposed_file_is_read_alike_and_quoted_as_it_is(file: str) -> None:
    text = (SAMPLES / file).read_text(encoding="utf-8")
    plain = parse_notice(unicodedata.normalize("NFC", text), file)
    loose = parse_notice(unicodedata.normalize("NFD", text), file)
    assert loose.header == plain.header
    assert [(c.kind, c.label, c.lines) for c in loose.clauses] == [
        (c.kind, c.label, c.lines) for c in plain.clauses
    ]
    assert [due(c) for c in loose.clauses] == [due(c) for c in plain.clauses]
    assert [owners(c) for c in loose.clauses] == [owners(c) for c in plain.clauses]
    assert any(not unicodedata.is_normalized("NFC", c.text) for c in loose.clauses)
    check_laws(loose)


def test_hidden_characters_before_a_mark_do_not_hide_it() -> None:
    assert labels(read("\u200b1. Chợ", "\ufeff- Mở.", "\u00a0 -\u00a0Đóng.")) == [
        *("mục 1", "mục 1, gạch đầu dòng 1", "mục 1, gạch đầu dòng 2"),
    ]


MILLION = 1_000_000
SHAPES = {
    "letters": "a" * MILLION,
    "blanks": "x" + " " * MILLION + "y",
    "words": "Bộ Tài chính chủ trì " * (MILLION // 21),
    "digits": "1" * MILLION,
    "brackets": "(" * MILLION,
    "stars": "*" * MILLION,
    "stops": ". " * (MILLION // 2),
    "superscripts": "x¹" * (MILLION // 2),
    "accents": "a" + "\u0301" * MILLION,
}
LISTS = {
    "one number": "1. Việc này làm ngay.",
    "nested": "1. Việc\na) Sở Y tế:\n- Mở trạm:\n+ Mở lớp.",
    "bullets": "- Việc này làm trước 30/6/2026.",
    "rows": "Chợ\tHộ",
    "lower case": "việc này còn",
    "footnotes": "[1] việc [1] này",
    "titles": "CHỦ TỊCH",
    "recipients": "Nơi nhận:\n- Sở Y tế.",
    "annexes": "KẾ HOẠCH\n(Kèm theo Quyết định số 1)",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_line_of_a_million_characters_is_read_in_seconds(shape: str) -> None:
    begun = time.process_time()
    notice = parse_notice(SHAPES[shape], "dai.txt")
    assert time.process_time() - begun < 15  # 0.1 to 3 s on the machine it was written on
    check_laws(notice)


@pytest.mark.parametrize("shape", LISTS)
def test_five_thousand_short_lines_are_read_in_seconds(shape: str) -> None:
    lines = [LISTS[shape]] * (5000 // (1 + LISTS[shape].count("\n")))
    begun = time.process_time()
    notice = parse_notice("\n".join(lines), "nhieu.txt")
    assert time.process_time() - begun < 10
    assert max(len(clause.context) for clause in notice.clauses) < 12
    check_laws(notice)


# Laws


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_the_laws_hold_for_any_text(source: str) -> None:
    check_laws(parse_notice(source, "thu.txt"))


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=300))
def test_the_laws_hold_for_any_characters(source: str) -> None:
    check_laws(parse_notice(source, "thu.txt"))


@settings(max_examples=30, deadline=None)
@given(TEXTS)
def test_reading_is_deterministic(source: str) -> None:
    assert parse_notice(source, "thu.txt") == parse_notice(source, "thu.txt")


def test_another_text_is_another_notice() -> None:
    one, other = read("1. Mở chợ."), read("1. Mở bến.")
    assert one.id != other.id
    assert one.content_hash != other.content_hash
    assert at(one, 1).id == f"{one.id}#1"
