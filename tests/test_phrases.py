from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.phrases import around, phrase_at, shortened
from corpus.notice import Span

TASK = (
    "Sở Công Thương chủ trì, phối hợp với Sở Tài chính, Sở Nội vụ ban hành quy chế trông coi máy"
    " làm đá, trong đó nêu rõ giờ chạy máy của từng bến, nhằm giữ cá tươi khi về tới chợ đầu mối."
)
WHOLE = Span(0, len(TASK))


def worth_of(*words: str) -> Callable[[str], float]:
    return lambda phrase: float(sum(word in phrase for word in words))


def test_phrases_that_say_nothing_of_it_are_left_out() -> None:
    kept = shortened(TASK, WHOLE, worth_of("giờ chạy máy"), 0.3).of(TASK)
    assert kept == "trong đó nêu rõ giờ chạy máy của từng bến,"


def test_what_stands_between_two_wanted_phrases_stays() -> None:
    kept = shortened(TASK, WHOLE, worth_of("chủ trì", "giờ chạy máy"), 0.3).of(TASK)
    assert kept.startswith("Sở Công Thương chủ trì, phối hợp")
    assert kept.endswith("của từng bến,")


def test_a_sentence_without_a_wanted_phrase_stays_whole() -> None:
    assert shortened(TASK, WHOLE, worth_of("tàu hỏa"), 0.3) == WHOLE


def test_a_short_sentence_stays_whole() -> None:
    text = "Sở Công Thương chủ trì, phối hợp với Sở Nội vụ mở lớp."
    assert shortened(text, Span(0, len(text)), worth_of("mở lớp"), 0.3).of(text) == text


def test_a_list_of_names_is_not_cut() -> None:
    # Cut at the comma, “Sở Nội vụ ban hành quy chế” would say that another leads.
    found = around(TASK, WHOLE, worth_of("quy chế")).of(TASK)
    assert "Sở Tài chính, Sở Nội vụ ban hành quy chế" in found


def test_a_remark_in_brackets_is_not_cut() -> None:
    text = (
        "Rà soát kho lạnh cũ ở các bến cá của tỉnh theo danh mục đã duyệt (Sở Công Thương, hạn"
        " 15/11/2031; Thông báo số 18/TB-UBND), trình Ủy ban nhân dân tỉnh xem xét quyết định."
    )
    found = shortened(text, Span(0, len(text)), worth_of("15/11/2031"), 0.3).of(text)
    assert "(Sở Công Thương, hạn 15/11/2031; Thông báo số 18/TB-UBND)" in found


def test_the_best_phrase_takes_its_neighbours_while_it_reads_well() -> None:
    found = around(TASK, WHOLE, worth_of("giờ chạy máy")).of(TASK)
    assert found == (
        "trong đó nêu rõ giờ chạy máy của từng bến, nhằm giữ cá tươi khi về tới chợ đầu mối."
    )


@pytest.mark.parametrize("word", ["Công Thương", "quy chế", "chợ"])
def test_the_phrase_at_a_place_holds_it(word: str) -> None:
    at = TASK.index(word)
    phrase = phrase_at(TASK, WHOLE, at)
    assert phrase.start <= at < phrase.end


@given(st.text(alphabet="ab,;() nhằmđể", max_size=200), st.integers(0, 5))
def test_what_is_left_is_a_part_of_the_sentence(text: str, seed: int) -> None:
    span = Span(0, len(text))
    for found in (
        shortened(text, span, lambda phrase: float(len(phrase) % (seed + 2)), 0.5),
        around(text, span, lambda phrase: float(len(phrase) % (seed + 2))),
    ):
        assert 0 <= found.start <= found.end <= len(text)
