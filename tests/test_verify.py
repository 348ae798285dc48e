from __future__ import annotations

import pytest
from fakes_library import DRAFT, TB18
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.verify import adds, check
from assistant.understand.figures import figures
from corpus.notice import Clause
from corpus.parse.notices import parse_notice

CLAUSES = parse_notice(TB18, "0.txt").clauses + parse_notice(DRAFT, "3.txt").clauses


def clause(words: str) -> Clause:
    [found] = [one for one in CLAUSES if words in one.text]
    return found


TARGET = clause("48 kho lạnh")
WASTE = clause("hải sản hỏng")
REVIEW = clause("Rà soát 12 kho")
FERRY = clause("sửa chữa bến phà")
TICKETS = clause("vé điện tử")
BEGUN = clause("khởi công")


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        ("Đến năm 2033, tỉnh có 48 kho lạnh [1].", TARGET),
        ("Công suất tối thiểu 350 tấn mỗi kho", TARGET),
        ("Tỷ lệ hải sản hỏng giảm còn từ 5% đến 7,5%", WASTE),
        ("Sở Công Thương rà soát 12 kho lạnh cũ", REVIEW),  # the owner heading is context
        ("Báo cáo trước ngày 15/11/2031", REVIEW),
        ("Sửa chữa bến phà Cồn Sậy hoàn thành trước ngày 31/03/2032", FERRY),
        ("Sáu tháng qua có 7 kho lạnh được khởi công", BEGUN),  # and no footnote mark
    ],
)
def test_what_a_clause_says_holds(claim: str, cited: Clause) -> None:
    assert check(claim, [cited]).holds, check(claim, [cited])


@pytest.mark.parametrize(
    ("claim", "cited", "what"),
    [
        ("Tỉnh có 12 kho lạnh", TARGET, "figure of another clause"),
        ("Tỉnh có 350 kho lạnh", TARGET, "figure beside other words"),
        ("Công suất 350 tấn mỗi kho", TARGET, "bound left out"),
        ("Tỷ lệ hải sản hỏng giảm còn 7,5%", WASTE, "half a range"),
        ("Tỷ lệ hải sản hỏng giảm còn từ 5%", WASTE, "the other half"),
        ("Báo cáo trước ngày 15/12/2031", REVIEW, "another date"),
        ("Tại 9 bến phà trước ngày 31/3/2032", FERRY, "figure of a neighbour"),
    ],
)
def test_a_wrong_figure_does_not_hold(claim: str, cited: Clause, what: str) -> None:
    result = check(claim, [cited])
    assert result.figures, what
    assert not result.holds


def test_figures_of_two_items_are_not_joined() -> None:
    text = "- Cấp máy: đợt một 24 xã trước 31/01/2032, đợt hai 34 xã trước 31/5/2032."
    [cited] = [c for c in parse_notice(text, "x.txt").clauses if "Cấp máy" in c.text]
    assert check("Đợt hai 34 xã trước 31/5/2032", [cited]).holds
    assert check("Đợt một 24 xã trước 31/5/2032", [cited]).figures == ("24", "31/5/2032")


def test_an_agency_that_the_clause_does_not_name() -> None:
    result = check("Sở Y tế rà soát 12 kho lạnh cũ", [REVIEW])
    assert result.agencies == ("Sở Y tế",)
    assert not result.holds


def test_an_abbreviated_agency_is_the_same() -> None:
    [cited] = parse_notice("Sở KHCN thẩm định 5 máy làm đá.", "x.txt").clauses
    assert check("Sở Khoa học và Công nghệ thẩm định 5 máy làm đá", [cited]).holds


def test_an_invented_word() -> None:
    result = check("Tỉnh có 48 kho lạnh hiện đại", [TARGET])
    assert result.words == ("hiện", "đại")
    assert not result.holds


def test_a_word_with_other_marks_is_invented() -> None:
    assert check("Báo cao trước ngày 15/11/2031", [REVIEW]).words == ("cao",)


def test_an_address_without_its_dots_is_another() -> None:
    [cited] = parse_notice("Vé bán tại banve.songbich.vn từ 6 giờ.", "x.txt").clauses
    assert check("Vé bán tại banve.songbich.vn", [cited]).holds
    assert not check("Vé bán tại banve songbich vn", [cited]).holds


def test_a_negation_may_not_be_left_out() -> None:
    assert check("Xe cứu thương không phải mua vé", [TICKETS]).holds
    assert check("Xe cứu thương phải mua vé", [TICKETS]).dropped == ("không",)


@pytest.mark.parametrize(
    "claim",
    [
        "Tỉnh có bao nhiêu kho lạnh",
        "Tỉnh có 48 kho lạnh khi nào",
        "Đã có kho nào chạy đủ công suất chưa, có 7 kho lạnh",
        "Tỉnh có 48 kho lạnh không",
    ],
)
def test_a_question_is_no_claim(claim: str) -> None:
    result = check(claim, [TARGET, BEGUN])
    assert result.is_question
    assert not result.holds


def test_words_in_another_order_say_something_else() -> None:
    assert check("Sở Xây dựng phối hợp với Sở Tài chính sửa chữa bến phà", [FERRY]).holds
    assert not check("Sở Tài chính phối hợp với Sở Xây dựng sửa chữa bến phà", [FERRY]).holds


@pytest.mark.parametrize("date", ["05/6/2031", "5/6/2031", "05/06/2031", "5/06/2031"])
def test_leading_zeros_are_no_other_date(date: str) -> None:
    [cited] = parse_notice("Họp ngày 05/6/2031 về bến phà.", "x.txt").clauses
    assert check(f"Họp ngày {date} về bến phà", [cited]).holds


def test_several_clauses_may_be_cited() -> None:
    assert check("Tỉnh có 48 kho lạnh", [REVIEW, TARGET]).holds


@given(st.sampled_from([c for c in CLAUSES if c.kind.is_content and "\n" not in c.text]))
def test_a_whole_clause_holds_in_itself(cited: Clause) -> None:
    result = check(cited.text, [cited])
    assert not (result.figures or result.agencies or result.words or result.dropped)
    assert result.order == 1.0


def test_a_claim_must_add_to_the_question() -> None:
    assert adds("Tỉnh có 48 kho lạnh [1].", "tỉnh có bao nhiêu kho lạnh")
    assert not adds("Tỉnh có kho lạnh [1].", "tỉnh có bao nhiêu kho lạnh")


def test_figures_in_one_form() -> None:
    assert figures("Từ 05/6/2031 đến 3 – 8 nghìn tỷ, 7,5%") == ["5/6/2031", "3-8", "7,5%"]
