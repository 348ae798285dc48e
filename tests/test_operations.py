"""Talk, the list of notices, summaries and arithmetic: answered without a guess."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes_library import DRAFT, PLAN, TB18, Library

from assistant.answer.quotation import find_markers
from assistant.contract import Answer, WarningKind, Working
from assistant.operations.asked import Measure, measure, parts
from assistant.operations.recognise import Operation, Recogniser
from assistant.operations.working import result_of

TASKS = """ỦY BAN NHÂN DÂN TỈNH SÔNG BÍCH
Số: 77/TB-UBND
Sông Bích, ngày 06 tháng 3 năm 2031

THÔNG BÁO
Kết luận cuộc họp tháng 3

1. Về đường
a) Sở Xây dựng chủ trì sửa cầu Mỏ Quạ, kinh phí 1.350 triệu đồng, xong trước ngày 10/3/2031.
b) Sở Xây dựng chủ trì đắp đê Cồn Sậy, kinh phí 2.400 triệu đồng, xong trước ngày 30/6/2031.
2. Về trường
a) Sở Y tế mua 3 xe cứu thương, kinh phí không quá 900 triệu đồng, xong trước ngày 15/5/2031.
b) Sở Nội vụ phối hợp với Sở Xây dựng kiểm tra trường Bãi Bồi, xong trước ngày 05/9/2031.
"""
TABLE = """ỦY BAN NHÂN DÂN TỈNH SÔNG BÍCH
Số: 78/BC-UBND
Sông Bích, ngày 07 tháng 3 năm 2031

BÁO CÁO
Kết quả tiêm phòng

I. SỐ LIỆU

Xã\tSố trâu bò\tTỷ lệ tiêm
Mỏ Quạ\t1.240 con\t91%
Bãi Bồi\t402 con\t66%
Cồn Sậy\t865 con\t78%
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("operations"), TASKS, TABLE, TB18, PLAN, DRAFT)


def ask(library: Library, question: str) -> Answer:
    assistant, _ = library.assistant()
    answer = assistant.ask(question)
    markers = {number for _, number in find_markers(answer.answer)}
    assert markers == {citation.marker for citation in answer.citations}
    assert all(citation.verified for citation in answer.citations)
    return answer


@pytest.mark.parametrize("question", ["Xin chào", "chao ban", "Cảm ơn bạn", "Bạn làm được gì?"])
def test_talk_is_no_refusal_and_cites_nothing(library: Library, question: str) -> None:
    answer = ask(library, question)
    assert not answer.refused
    assert answer.citations == ()


@pytest.mark.parametrize(
    "question",
    [
        "Chào bạn, cho mình hỏi ai chủ trì sửa cầu Mỏ Quạ?",
        "Cảm ơn, còn kinh phí đắp đê Cồn Sậy là bao nhiêu?",
        "chao ban, han mua xe cuu thuong la khi nao",
    ],
)
def test_a_greeting_swallows_no_question(question: str) -> None:
    assert Recogniser.load().recognise(question) is Operation.OTHER


def test_every_notice_is_named_with_its_head(library: Library) -> None:
    answer = ask(library, "Trong kho hiện có những văn bản nào?")
    assert len(answer.citations) == len(library.notices)
    assert all(notice.header.number in answer.answer for notice in library.notices)


def test_kind_and_year_bound_the_list(library: Library) -> None:
    answer = ask(library, "Liệt kê các kế hoạch năm 2031 trong kho")
    assert [citation.notice.number for citation in answer.citations] == ["9/KH-UBND"]


def test_a_summary_quotes_every_section_and_says_what_it_leaves_out(library: Library) -> None:
    answer = ask(library, "Tóm tắt Thông báo số 77/TB-UBND")
    assert "cầu Mỏ Quạ" in answer.answer
    assert "xe cứu thương" in answer.answer
    assert "trích yếu nguyên văn" in answer.answer
    assert {citation.notice.number for citation in answer.citations} == {"77/TB-UBND"}


def test_a_summary_of_a_draft_says_that_it_is_one(library: Library) -> None:
    answer = ask(library, "Tóm tắt dự thảo báo cáo sơ kết")
    assert WarningKind.DRAFT in {warning.kind for warning in answer.warnings}


def test_a_sum_shows_every_operand_with_its_marker(library: Library) -> None:
    answer = ask(library, "Tổng kinh phí sửa cầu Mỏ Quạ và đắp đê Cồn Sậy là bao nhiêu?")
    first, _, rest = answer.answer.partition("\n")
    assert "1.350 triệu đồng [1] + đắp đê cồn sậy: 2.400 triệu đồng [2]" in first
    assert first.endswith("= 3.750 triệu đồng [1][2].")
    assert "Mỏ Quạ" in rest
    [computed] = answer.computed
    assert computed.working is Working.SUM
    assert [operand.quote for operand in computed.operands] == [
        "1.350 triệu đồng",
        "2.400 triệu đồng",
    ]


def test_a_difference_is_the_larger_less_the_smaller(library: Library) -> None:
    question = "Chênh lệch kinh phí giữa sửa cầu Mỏ Quạ và đắp đê Cồn Sậy là bao nhiêu?"
    assert "= 1.050 triệu đồng [1][2]" in ask(library, question).answer


@pytest.mark.parametrize(
    "question",
    [
        "Tổng kinh phí sửa cầu Mỏ Quạ và đắp đê Hòn Tro là bao nhiêu?",  # no such dyke
        "Chênh lệch kinh phí giữa sửa cầu Mỏ Quạ và mua xe cứu thương là bao nhiêu?",  # a bound
    ],
)
def test_nothing_is_worked_out_of_unsure_operands(library: Library, question: str) -> None:
    answer = ask(library, question)
    assert answer.computed == ()
    assert answer.refused or any("Không tính được" in w.text for w in answer.warnings)


def test_tasks_of_an_agency_are_counted_apart_from_those_it_helps_with(library: Library) -> None:
    answer = ask(library, "Thông báo số 77/TB-UBND giao Sở Xây dựng mấy nhiệm vụ?")
    assert answer.answer.startswith(
        "Sở Xây dựng được giao 2 nhiệm vụ [1][2], phối hợp trong 1 nhiệm vụ khác [3]."
    )


def test_the_last_deadline_is_told_beside_the_others(library: Library) -> None:
    answer = ask(library, "Trong Thông báo 77/TB-UBND việc nào có hạn muộn nhất?")
    assert answer.answer.startswith("Muộn nhất trong 4 thời hạn: 05/9/2031 [1].")
    assert len(answer.citations) == 4


def test_the_lowest_row_of_a_column_is_told(library: Library) -> None:
    answer = ask(library, "Xã nào có tỷ lệ tiêm phòng thấp nhất?")
    assert answer.answer.startswith("Thấp nhất trong 3 tỷ lệ tiêm: Bãi Bồi: 66% [1].")


def test_days_between_two_deadlines(library: Library) -> None:
    question = "Hạn sửa cầu Mỏ Quạ và hạn mua xe cứu thương cách nhau bao nhiêu ngày?"
    assert "= 66 ngày [1][2]" in ask(library, question).answer


@pytest.mark.parametrize(
    ("working", "values", "result"),
    [
        (Working.SUM, ["1.5", "2"], "3.5"),
        (Working.DIFFERENCE, ["2", "5"], "3"),
        (Working.LEAST, ["10", "9"], "9"),
        (Working.MOST, ["2031-03-10", "2031-12-01"], "2031-12-01"),
        (Working.DAYS, ["2032-03-01", "2032-02-28"], "2"),
        (Working.MONTHS, ["2031-01-31", "2031-03-30"], "1"),
        (Working.COUNT, ["", "", ""], "3"),
    ],
)
def test_results(working: Working, values: list[str], result: str) -> None:
    assert result_of(working, values) == result


def test_parts_and_measure_of_a_question() -> None:
    said = "Ba đơn vị thư viện tỉnh, cao đẳng, nhà thiếu nhi cấp tổng cộng bao nhiêu thẻ?"
    assert parts(said) == ["thư viện tỉnh", "cao đẳng", "nhà thiếu nhi cấp"]
    assert measure(said) == Measure("", ("thẻ",))


def test_measures_of_bare_nouns_are_not_mixed(tmp_path: Path) -> None:
    assert measure("Có bao nhiêu văn phòng?") != measure("Có bao nhiêu văn bản?")
