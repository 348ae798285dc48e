"""How a clause is cited, in every grammar that occurs."""

from __future__ import annotations

import pytest
from fakes_notices import SAMPLE_FILES, SAMPLES, at, check_laws, labels, read, read_file

from corpus.notice import ClauseKind

K = ClauseKind


def cited(*lines: str) -> list[str]:
    return labels(read(*lines))


def test_thong_bao_number_letter_paren_star_dash() -> None:
    assert cited(
        *("1. Về chợ số", "a) Mục tiêu", "* Đến năm 2026:", "- Một chợ.", "- Hai chợ."),
        *(
            "* Đến năm 2030:",
            "- Ba chợ.",
            "b) Nhiệm vụ",
            "(1) Sở Y tế",
            "- Việc một.",
            "- Việc hai.",
        ),
        *("(2) Sở Nội vụ  làm việc ba.", "2. Về phí", "a) Sở Tài chính thu."),
    ) == [
        "mục 1",
        "mục 1.a",
        "mục 1.a, nhóm * thứ nhất",
        "mục 1.a, nhóm * thứ nhất, gạch đầu dòng 1",
        "mục 1.a, nhóm * thứ nhất, gạch đầu dòng 2",
        "mục 1.a, nhóm * thứ hai",
        "mục 1.a, nhóm * thứ hai, gạch đầu dòng 1",
        "mục 1.b",
        "mục 1.b.(1)",
        "mục 1.b.(1), gạch đầu dòng 1",
        "mục 1.b.(1), gạch đầu dòng 2",
        "mục 1.b.(2)",
        "mục 2",
        "mục 2.a",
    ]


def test_a_number_with_a_bracket_begins_a_list_inside_one_with_a_point() -> None:
    assert cited("1. Việc", "1) Một", "2) Hai", "2. Việc", "1) Ba", "3. Việc") == [
        *("mục 1", "mục 1.1", "mục 1.2", "mục 2", "mục 2.1", "mục 3"),
    ]
    assert cited("Điều 1. Việc", "1. Một", "k) Hai", "1) Ba", "2. Bốn") == [
        *("Điều 1", "khoản 1 Điều 1", "điểm k khoản 1 Điều 1"),
        *("mục 1 điểm k khoản 1 Điều 1", "khoản 2 Điều 1"),
    ]


def test_a_list_whose_typist_mixed_the_signs_is_one() -> None:
    assert cited("1. Một", "2) Hai", "3. Ba") == ["mục 1", "mục 2", "mục 3"]
    assert cited("1) Một", "2) Hai", "3) Ba") == ["mục 1", "mục 2", "mục 3"]


def test_capital_letters_stand_above_roman_numbers() -> None:
    lines = ("A. TÌNH HÌNH", "I. KẾT QUẢ", "1. Việc", "B. NHIỆM VỤ", "I. MỤC TIÊU", "C. CÁCH LÀM")
    assert cited(*lines) == ["mục A", "mục A.I", "mục A.I.1", "mục B", "mục B.I", "mục C"]


def test_old_documents_number_with_strokes() -> None:
    lines = (
        "I/ Đối tượng:",
        "1- Các dự án",
        "- Dự án mới",
        "2- Dự án cũ",
        "II- Thủ tục",
        "1/ Hồ sơ",
    )
    assert cited(*lines) == [
        *("mục I", "mục I.1", "mục I.1, gạch đầu dòng 1", "mục I.2", "mục II", "mục II.1"),
    ]


def test_bullets_restart_at_each_number() -> None:
    lines = ["(1) Sở Y tế", *["- Việc."] * 8, "(2) Sở Nội vụ", "- Việc."]
    assert [cited(*lines)[n] for n in (8, 10)] == [
        *("mục (1), gạch đầu dòng 8", "mục (2), gạch đầu dòng 1"),
    ]


def test_laws_are_cited_from_the_smallest_unit() -> None:
    assert cited(
        *("Chương II", "QUY ĐỊNH CỤ THỂ", "Điều 3. Phí chợ", "1. Phí gồm:", "a) Phí gửi xe;"),
        *("- Xe đạp;", "b) Phí vệ sinh.", "2. Phí thu theo tháng.", "Điều 4. Hiệu lực", "Từ nay."),
    ) == [
        "Chương II",
        "Điều 3",
        "khoản 1 Điều 3",
        "điểm a khoản 1 Điều 3",
        "điểm a khoản 1 Điều 3, gạch đầu dòng 1",
        "điểm b khoản 1 Điều 3",
        "khoản 2 Điều 3",
        "Điều 4",
        "Điều 4, đoạn 1",
    ]


def test_phu_luc_number_decimal_dash_plus_dot() -> None:
    assert cited(
        *(
            "1. THỂ CHẾ",
            "- Việc.",
            "2. HẠ TẦNG",
            "2.1. Chợ",
            "- Việc như sau:",
            "+ Chợ một.",
            "+ Hai.",
        ),
        *("- Việc.", "\t2.2. Phí", "· Việc.", "· Việc."),
    ) == [
        "mục 1",
        "mục 1, gạch đầu dòng 1",
        "mục 2",
        "mục 2.1",
        "mục 2.1, gạch đầu dòng 1",
        "mục 2.1, gạch đầu dòng 1, dấu cộng 1",
        "mục 2.1, gạch đầu dòng 1, dấu cộng 2",
        "mục 2.1, gạch đầu dòng 2",
        "mục 2.2",
        "mục 2.2, chấm đầu dòng 1",
        "mục 2.2, chấm đầu dòng 2",
    ]


def test_bao_cao_levels_change_from_part_to_part() -> None:
    notice = read(
        *(
            "Phần 1",
            "KẾT QUẢ",
            "I. VỀ CHỢ",
            "1. Phí",
            "Đã thu đủ.",
            "- Việc.",
            "II. VỀ XE",
            "1. Đủ xe.",
        ),
        *("Phần 2", "VIỆC TỚI", "Mở đầu phần hai.", "1. Giải ngân", "- Việc."),
        *(
            "Phần 3",
            "KIẾN NGHỊ",
            "I. GỠ VƯỚNG",
            "(5) Gỡ chợ",
            "a) Về phí",
            "Sở Tài chính giảm phí.",
        ),
        *("b) Về xe", "Sở Y tế mua xe.", "II. MỚI", "1. Chợ đêm", "a) Mở chợ đêm."),
    )
    assert {c.line_range[0]: c.label for c in notice.clauses} == {
        1: "Phần 1",
        3: "Phần 1, mục I",
        4: "Phần 1, mục I.1",
        5: "Phần 1, mục I.1, đoạn 1",
        6: "Phần 1, mục I.1, gạch đầu dòng 1",
        7: "Phần 1, mục II",
        8: "Phần 1, mục II.1",
        9: "Phần 2",
        11: "Phần 2, đoạn 1",
        12: "Phần 2, mục 1",
        13: "Phần 2, mục 1, gạch đầu dòng 1",
        14: "Phần 3",
        16: "Phần 3, mục I",
        17: "Phần 3, mục I.(5)",
        18: "Phần 3, mục I.(5).a",
        19: "Phần 3, mục I.(5).a, đoạn 1",
        20: "Phần 3, mục I.(5).b",
        21: "Phần 3, mục I.(5).b, đoạn 1",
        22: "Phần 3, mục II",
        23: "Phần 3, mục II.1",
        24: "Phần 3, mục II.1.a",
    }
    assert at(notice, 1).text == "Phần 1 KẾT QUẢ"


def test_opening_and_closing_paragraphs() -> None:
    assert cited(
        *(
            "Ngày 5/3/2026, Ban họp.",
            "Sau khi bàn, Ban kết luận:",
            "1. Sở Y tế làm.",
            "2. Sở Nội vụ làm.",
        ),
        *("Tổ Giúp việc trân trọng thông báo để các đơn vị biết, thực hiện.",),
    ) == ["đoạn mở đầu 1", "đoạn mở đầu 2", "mục 1", "mục 2", "đoạn kết 1"]


@pytest.mark.parametrize(
    "closing",
    [
        "Trong quá trình thực hiện, nếu có vướng mắc, các cơ quan báo về Sở.",
        "Nghị quyết này được Hội đồng nhân dân thông qua ngày 18/7/2025.",
        "Văn phòng kính trình Ban Chỉ đạo xem xét.",
        "Sở đề nghị các cơ quan quan tâm, phối hợp./.",
    ],
)
def test_formulas_that_close_a_notice_are_not_its_last_item(closing: str) -> None:
    assert cited("1. Sở Y tế làm.", "2. Sở Nội vụ làm.", closing)[-1] == "đoạn kết 1"


def test_text_without_any_numbering_is_cited_by_paragraph() -> None:
    assert cited("Chợ mở lúc 5 giờ.", "", "Chợ đóng lúc 21 giờ.") == ["đoạn 1", "đoạn 2"]


def test_the_text_of_an_item_is_its_first_paragraph_but_a_title_is_none() -> None:
    assert cited("1. Sở Y tế làm việc này.", "Việc gồm hai bước.") == ["mục 1", "mục 1, đoạn 2"]
    assert cited("1. Về y tế", "Việc gồm hai bước.") == ["mục 1", "mục 1, đoạn 1"]


def test_a_paragraph_that_sums_up_belongs_to_the_whole_list() -> None:
    assert cited("1. Về chợ", "(1) Chợ một đông.", "(2) Chợ hai vắng.", "Nhìn chung, chợ đông.")[
        -1
    ] == ("mục 1, đoạn 1")


def test_a_list_that_runs_inside_a_paragraph_makes_no_items() -> None:
    assert cited("1. Về chợ", "(1) Chợ một; (2) Chợ hai.", "Các chợ đều đông.") == [
        *("mục 1", "mục 1, đoạn 1", "mục 1, đoạn 2"),
    ]


def test_unnumbered_titles_and_what_stands_under_them() -> None:
    assert cited("QUYẾT NGHỊ:", "Điều 1. Mở chợ.", "TỔ CHỨC THỰC HIỆN", "Sở Y tế làm.") == [
        "phần “QUYẾT NGHỊ”",
        "Điều 1",
        "phần “TỔ CHỨC THỰC HIỆN”",
        "đoạn mở đầu 1",
    ]


def test_lists_that_begin_anew_under_titles_are_told_apart() -> None:
    assert cited("CHỢ ĐÊM", "1. Mở chợ.", "BẾN XE", "1. Mở bến.") == [
        "phần “CHỢ ĐÊM”",
        "mục 1, phần “CHỢ ĐÊM”",
        "phần “BẾN XE”",
        "mục 1, phần “BẾN XE”",
    ]


def test_a_number_given_twice_is_told_apart_by_its_line() -> None:
    assert cited("1. Mở chợ.", "1. Mở bến.", "2. Thu phí.") == [
        *("mục 1, dòng 1 của tệp", "mục 1, dòng 2 của tệp", "mục 2"),
    ]


def test_a_list_of_numbers_inside_a_number_needs_a_colon() -> None:
    assert cited("1. Các việc:", "1. Mở chợ.", "2. Mở bến.", "2. Thu phí.") == [
        *("mục 1", "mục 1.1", "mục 1.2", "mục 2"),
    ]


def test_numbers_inside_a_letter_and_then_the_next_number() -> None:
    assert cited("1. Chợ", "a) Việc", "1. Mở.", "2. Đóng.", "b) Phí.", "2. Bến.") == [
        *("mục 1", "mục 1.a", "mục 1.a.1", "mục 1.a.2", "mục 1.b", "mục 2"),
    ]


def test_a_gap_in_the_numbers_is_kept() -> None:
    assert cited("1. Chợ.", "3. Bến.", "a) Xe.", "c) Thuyền.", "4. Phí.") == [
        *("mục 1", "mục 3", "mục 3.a", "mục 3.c", "mục 4"),
    ]


def test_the_letter_i_and_the_roman_i_are_two_things() -> None:
    assert cited("1. Chợ", "h) Mở.", "i) Đóng:", "(i) buổi trưa;", "(ii) buổi tối.", "k) Phí.") == [
        *("mục 1", "mục 1.h", "mục 1.i", "mục 1.i.(i)", "mục 1.i.(ii)", "mục 1.k"),
    ]


def test_decimals_say_where_they_stand() -> None:
    assert cited(
        "I. CHỢ", "1. Phí", "1.1. Xe", "1.1.1. Xe đạp.", "1.1.2. Ô tô.", "1.2. Thuyền."
    ) == [
        *("mục I", "mục I.1", "mục I.1.1", "mục I.1.1.1", "mục I.1.1.2", "mục I.1.2"),
    ]


def test_plus_outside_and_dash_inside() -> None:
    assert cited("1. Chợ", "+ Buổi sáng:", "- Mở.", "- Thu.", "+ Buổi tối:", "- Đóng.") == [
        "mục 1",
        "mục 1, dấu cộng 1",
        "mục 1, dấu cộng 1, gạch đầu dòng 1",
        "mục 1, dấu cộng 1, gạch đầu dòng 2",
        "mục 1, dấu cộng 2",
        "mục 1, dấu cộng 2, gạch đầu dòng 1",
    ]


def test_footnotes_tables_and_lines_of_signs() -> None:
    notice = read(
        *(
            "1. Về chợ",
            "Số liệu như sau¹:",
            "Chợ\tHộ",
            "Bến Gỗ\t12",
            "¹ Tính đến tháng 6.",
            "Tân Lam\t30",
        ),
        *("-----", "Hết bảng."),
    )
    assert [(c.kind, c.label) for c in notice.clauses] == [
        (K.HEADING, "mục 1"),
        (K.PARAGRAPH, "mục 1, đoạn 1"),
        (K.TABLE_HEADER, "mục 1, bảng 1, dòng tiêu đề"),
        (K.TABLE_ROW, "mục 1, bảng 1, dòng 1"),
        (K.FOOTNOTE, "chú thích 1"),
        (K.TABLE_ROW, "mục 1, bảng 1, dòng 2"),
        (K.NOTE, "ghi chú"),
        (K.PARAGRAPH, "mục 1, đoạn 2"),
    ]


def test_two_tables_in_one_section_are_two() -> None:
    found = cited("1. Về chợ", "A\tB", "1\t2", "Và bảng này:", "C\tD", "3\t4")
    assert found[-1] == "mục 1, bảng 2, dòng 1"


def test_one_line_with_a_tab_is_no_table() -> None:
    assert cited("1. Về chợ", "Chợ Bến Gỗ\tmở lúc 5 giờ.", "Hết.")[1] == "mục 1, đoạn 1"


def test_a_title_has_no_content_and_a_statement_before_a_list_has() -> None:
    notice = read(
        "1. Về chợ",
        "a) Sở Y tế:",
        "- Việc.",
        "b) Kéo nước sạch về 310 quầy hàng chưa có nước theo hai bước sau đây:",
        "- Bước một.",
        "* Một số mục tiêu đến năm 2030 đối với bốn chợ được chọn làm điểm:",
        "- Nhập hồ sơ (Sở Nội vụ, hạn 28/02/2026), chia theo hai khu vực sau đây:",
        "+ Một.",
    )
    kinds = [at(notice, n).kind for n in (1, 2, 4, 6, 7)]
    assert kinds == [K.HEADING, K.HEADING, K.ITEM, K.HEADING, K.BULLET]


def test_markdown_headings_and_bold_marks() -> None:
    assert cited("## I. MỤC TIÊU", "**1.** Mở chợ.", "### 2. Thu phí", "**a)** Phí xe.") == [
        *("mục I", "mục I.1", "mục I.2", "mục I.2.a"),
    ]


@pytest.mark.parametrize("path", SAMPLE_FILES, ids=lambda path: path.name[:12])
def test_the_samples_keep_the_laws(path: object) -> None:
    check_laws(read_file(SAMPLES / str(path)))


@pytest.mark.parametrize(
    ("file", "line", "label"),
    [
        ("18-TB-TGV_2025-10-14.txt", 26, "mục 1.a, nhóm * thứ ba, gạch đầu dòng 1"),
        ("18-TB-TGV_2025-10-14.txt", 67, "mục 3.b.(2), gạch đầu dòng 4"),
        ("18-TB-TGV_2025-10-14.txt", 79, "mục 4.c"),
        ("18-TB-TGV_2025-10-14.txt", 93, "chú thích 2"),
        ("27-NQ-HDND_2025-07-18.md", 33, "khoản 3 Điều 2"),
        ("27-NQ-HDND_2025-07-18.md", 84, "mục II.2.b, gạch đầu dòng 2, Chương trình"),
        ("45-KH-UBND_2025-11-05.txt", 35, "mục II.2.b, gạch đầu dòng 2"),
        ("phu-luc-I_nhiem-vu-den-31-3-2026.txt", 15, "mục 2.1, gạch đầu dòng 3, dấu cộng 2"),
        ("phu-luc-I_nhiem-vu-den-31-3-2026.txt", 28, "mục 2.3, chấm đầu dòng 4"),
        ("bao-cao-so-ket-CDS_du-thao_2026-06-15.md", 29, "đoạn mở đầu 4"),
        ("bao-cao-so-ket-CDS_du-thao_2026-06-15.md", 59, "Phần 1, mục II.1, bảng 1, dòng 4"),
        ("bao-cao-so-ket-CDS_du-thao_2026-06-15.md", 126, "Phần 3, mục I.(2), gạch đầu dòng 2"),
        ("bao-cao-so-ket-CDS_du-thao_2026-06-15.md", 142, "đoạn kết 1"),
    ],
)
def test_labels_in_the_samples(file: str, line: int, label: str) -> None:
    assert at(read_file(SAMPLES / file), line).label == label


def test_a_shallower_decimal_closes_the_deeper_ones() -> None:
    notice = read("1.1. Chợ", "1.1.1. Bến Gỗ.", "1.2. Bến", "1.2.1. Tân Lam.", "3.1. Phí.")
    assert labels(notice) == ["mục 1.1", "mục 1.1.1", "mục 1.2", "mục 1.2.1", "mục 3.1"]


def test_decimals_that_begin_anew_do_not_nest_without_end() -> None:
    notice = read(*["1.1. Chợ", "1.1.1. Bến."] * 50)
    assert max(len(clause.context) for clause in notice.clauses) == 1
