"""Where a part of a question names a notice that nothing is quoted from, the answer says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes_library import PLAN, TB18, Library

from assistant.answer.wording import CitedQuotes, cite, untold
from assistant.contract import AnswerWarning, WarningKind
from assistant.find.ground import Ground, Quote

BOTH = "So sánh Thông báo 18/TB-UBND và Kế hoạch 9/KH-UBND về ngư dân?"
NOTICE, PLANNED = "sàn bán cá", "60 lớp"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(Path(tmp_path_factory.mktemp("untold")), TB18, PLAN)


def cited(library: Library, *words: str) -> tuple[CitedQuotes, ...]:
    found = [library.clause(one) for one in words]
    quotes = tuple(Quote.whole(clause, library.notice_of(clause)) for clause in found)
    return cite(Ground(quotes, 1.0, frozenset(), (), 0.0, False, ()))


def told(library: Library, text: str, *words: str) -> tuple[AnswerWarning, ...]:
    return untold(library.understood(text), cited(library, *words), library.snapshot.notices)


def test_the_question_names_both(library: Library) -> None:
    named = [part.notice_ids for part in library.understood(BOTH).divided]
    assert named == [(library.notice_of(library.clause(one)).id,) for one in (NOTICE, PLANNED)]


@pytest.mark.parametrize(
    ("words", "there", "lacking"), [(NOTICE, "18/", "9/"), (PLANNED, "9/", "18/")]
)
def test_the_notice_that_nothing_is_quoted_from_is_named(
    library: Library, words: str, there: str, lacking: str
) -> None:
    [warning] = told(library, BOTH, words)
    assert warning.kind is WarningKind.INCOMPLETE
    assert warning.text.startswith("Không tìm thấy")
    assert lacking in warning.text
    assert f" {there}" not in warning.text
    assert warning.clauses == ()


def test_two_of_them_stand_in_one_warning(library: Library) -> None:
    [warning] = told(library, BOTH)
    assert "18/TB-UBND" in warning.text
    assert "9/KH-UBND" in warning.text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BOTH, (NOTICE, PLANNED)),
        ("Ai xây dựng sàn bán cá?", (NOTICE,)),  # names none
        ("Thông báo 18/TB-UBND giao gì?", (PLANNED,)),  # asks one thing: the gate's to judge
        ("Ai xây dựng sàn bán cá, còn lớp ướp cá có bao nhiêu người?", (NOTICE,)),  # names none
    ],
)
def test_nothing_is_said_to_be_lacking(library: Library, text: str, words: tuple[str, ...]) -> None:
    assert told(library, text, *words) == ()


def test_a_named_notice_that_tells_nothing_is_said(library: Library) -> None:
    assistant, _ = library.assistant()
    answer = assistant.ask("So sánh Thông báo 18 và Kế hoạch 9 về vé điện tử tại bến phà")
    assert not answer.refused
    assert {one.notice.number for one in answer.citations} == {"18/TB-UBND"}
    [warning] = answer.warnings
    assert warning.kind is WarningKind.INCOMPLETE
    assert warning.text == "Không tìm thấy điều được hỏi trong Kế hoạch 9/KH-UBND."


def test_the_part_that_is_told_is_answered(library: Library) -> None:
    assistant, _ = library.assistant()
    answer = assistant.ask(
        "Rà soát kho lạnh cũ hạn ngày nào theo Thông báo 18, còn lương giáo viên bao nhiêu tiền"
        " theo Kế hoạch 9?"
    )
    assert not answer.refused
    assert "15/11/2031" in answer.answer


def test_where_no_part_is_told_the_question_is_refused(library: Library) -> None:
    assistant, _ = library.assistant()
    answer = assistant.ask(
        "Học phí đại học bao nhiêu theo Thông báo 18, còn lương giáo viên bao nhiêu theo"
        " Kế hoạch 9?"
    )
    assert answer.refused
