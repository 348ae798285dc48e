from __future__ import annotations

import pytest
from fakes_library import ANNEX, DRAFT, PLAN, TB18, Library

from assistant.understand.followup import Leaning, lean
from assistant.understand.question import Turn, understand
from index.vocabulary import Vocabulary

_SAID = (
    "Tỉnh Hồ Sen mở bến phà Cồn Sậy cho tàu cá",
    "Sở Công Thương rà soát kho lạnh cũ ở cảng",
    "Sở Y tế lập danh mục trạm xá các đảo",
    "Trường Cao đẳng Thủy sản dạy nghề ướp muối",
)


def _library_of(others: int) -> Vocabulary:
    return Vocabulary([*_SAID, *(["Việc khác"] * others)])


VOCABULARY = _library_of(100)
BEFORE = "Năm 2031 Sở Công Thương rà soát bao nhiêu kho lạnh ở Hà Nội?"
ANSWER = "Sở Công Thương phối hợp với Sở Y tế và Tỉnh Hưng Yên rà soát 12 kho lạnh."


def leaning(text: str, before: str = BEFORE, answer: str = ANSWER) -> Leaning:
    return lean(text, text, before, answer, VOCABULARY)


def test_the_first_question_leans_on_nothing() -> None:
    assert leaning("Bao giờ xong?", before="", answer="") == Leaning(
        "Bao giờ xong?", "", 0.0, goes_on=False
    )


def test_the_less_a_question_says_the_more_it_leans() -> None:
    nothing = leaning("Bao giờ phải xong?")
    something = leaning("Thế kho lạnh cũ bao giờ phải xong?")
    enough = leaning("Thế bến phà Cồn Sậy cho tàu cá và danh mục trạm xá các đảo thì bao giờ xong?")
    assert nothing.weight > something.weight > enough.weight == 0.0
    assert nothing.earlier == BEFORE
    assert enough.earlier == ""
    assert enough.goes_on  # “Thế …” still speaks of the notice that was named before


def test_a_long_question_of_few_words_of_meaning_leans_too() -> None:
    text = "Vậy thì khi nào phải xong và bao giờ thì báo cáo được cho ai?"
    assert leaning(text).weight > 0
    assert leaning(text.removeprefix("Vậy thì ").capitalize()).weight > 0


@pytest.mark.parametrize(
    "text",
    [
        "Bến phà Cồn Sậy ở đô thị nào có trạm xá cho tàu cá và kho lạnh?",
        "Nêu các nghề ướp muối mà Trường Cao đẳng Thủy sản dạy ở cảng Cồn Sậy",
        "Vì sao bến phà Cồn Sậy do ai mở thì tàu cá không vào, trạm xá không có kho lạnh?",
    ],
)
def test_words_that_only_look_like_pointing_back_do_not_count(text: str) -> None:
    assert leaning(text) == Leaning(text, "", 0.0, goes_on=False)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Sở này còn làm gì nữa?", "Sở Công Thương còn làm gì nữa?"),
        ("Cơ quan đó còn làm gì nữa?", "Sở Công Thương còn làm gì nữa?"),
        ("Thành phố đó có mấy bến phà?", "Hà Nội có mấy bến phà?"),
        ("Địa phương này có mấy bến phà?", "Hà Nội có mấy bến phà?"),
        ("Tỉnh ấy có mấy bến phà?", "Tỉnh Hưng Yên có mấy bến phà?"),
        ("Bộ đó còn làm gì nữa?", "Bộ đó còn làm gì nữa?"),
        ("Toàn bộ đó là bao nhiêu, cán bộ này tên gì?",) * 2,
    ],
)
def test_what_is_pointed_at_is_named(text: str, read: str) -> None:
    assert leaning(text).restored == read


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Còn Sở Y tế?", "Năm 2031 rà soát bao nhiêu kho lạnh ở Hà Nội?"),
        ("Còn Đà Nẵng?", "Năm 2031 Sở Công Thương rà soát bao nhiêu kho lạnh ở ?"),
        ("Còn năm 2032?", "Sở Công Thương rà soát bao nhiêu kho lạnh ở Hà Nội?"),
        ("Còn quý sau?", BEFORE),
    ],
)
def test_what_is_replaced_is_not_looked_for(text: str, kept: str) -> None:
    assert leaning(text).earlier == kept


def test_enough_is_enough_in_a_large_library_too() -> None:
    """Words grow rarer with every notice; how much a question says by itself doesn't grow."""
    text = "Thế kho lạnh cũ bao giờ phải xong?"
    large = lean(text, text, BEFORE, "", _library_of(100_000))
    assert large.weight == pytest.approx(leaning(text).weight, abs=0.1)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("library"), TB18, ANNEX, PLAN, DRAFT)


def test_another_subject_is_not_drowned_by_the_one_before(library: Library) -> None:
    history = [
        Turn("user", "Máy làm đá cho tàu cá đặt ở xã nào?"),
        Turn("assistant", "Xã Bến Đá."),
    ]
    text = "Thế Hội Nông dân mở bao nhiêu lớp dạy ướp cá cho ngư dân?"
    notices = library.snapshot.notices
    after = understand(text, history, notices, library.vocabulary)
    alone = understand(text, (), notices, library.vocabulary)
    assert after.earlier_weight < 0.3
    best = [library.evidence(question)[0].clause.id for question in (after, alone)]
    assert best[0] == best[1]
