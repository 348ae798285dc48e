from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.understand.weights import count_words, folded_words, terms, weigh, worth
from corpus.facts.terms import spell_out
from corpus.text import fold, plain_number
from index.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("giải quyết TTHC", "giải quyết thủ tục hành chính"),
        ("tthc nộp qua mạng", "thủ tục hành chính nộp qua mạng"),
        ("Bộ KHCN chủ trì", "Bộ Khoa học và Công nghệ chủ trì"),
        ("đẩy mạnh CĐS", "đẩy mạnh chuyển đổi số"),
    ],
)
def test_an_abbreviation_and_its_full_form_are_the_same_words(short: str, full: str) -> None:
    assert fold(spell_out(short)) == fold(spell_out(full))


@pytest.mark.parametrize("text", ["ai chủ trì việc này", "sổ sách của xã", "ta đi thôi"])
def test_syllables_are_no_abbreviations(text: str) -> None:
    assert spell_out(text) == text


@given(st.sampled_from(["TTHC", "Bộ KHCN", "CĐS", "UBND tỉnh", "xã Bến Đá"]))
def test_what_is_spelled_out_stays_as_it_is(text: str) -> None:
    once = spell_out(text)
    assert fold(spell_out(once)) == fold(once)


def test_words_in_one_form() -> None:
    assert folded_words("Trước ngày 05/09, KHO lạnh") == folded_words("truoc ngay 5/9, kho lanh")


@pytest.mark.parametrize(
    ("word", "plain"), [("05", "5"), ("0", "0"), ("1.005", "1.005"), ("a", "a")]
)
def test_leading_zeros_say_nothing(word: str, plain: str) -> None:
    assert plain_number(word) == plain


def test_terms_are_words_and_their_neighbours() -> None:
    assert terms("kho lạnh cũ") == {"kho", "lanh", "cu", "kho lanh", "lanh cu"}


def test_rare_words_weigh_more_and_question_words_nothing() -> None:
    vocabulary = Vocabulary(["kho lạnh", "kho gạo", "kho muối", "bến phà"])
    weights = weigh("kho lạnh nào ở đâu?", vocabulary)
    assert set(weights) == {"kho", "lanh", "kho lanh"}
    assert weights["lanh"] > weights["kho"] > 0
    assert worth(weights, {"kho", "gao"}) == weights["kho"]


def test_words_are_counted_between_white_space() -> None:
    assert count_words("  hai\tba\nbốn ") == 3
