"""Words that tell no clause from another are told by their marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.understand.stopwords import STOP, is_stop
from corpus.text import fold, syllables


@pytest.mark.parametrize("word", ["quý", "đâu", "tại", "bao", "mấy", "nói", "về", "chỉ", "có"])
def test_question_words_are_stop_words(word: str) -> None:
    assert is_stop(word, is_bare=False)


@pytest.mark.parametrize(
    "word",
    [
        "quỹ",
        "đầu",
        "đất",
        "tài",
        "bảo",
        "máy",
        "nội",
        "chí",
        "vệ",
        "trọng",
        "chợ",
        "đảng",
        "cơ",
        "sở",
    ],
)
def test_words_of_the_domain_are_none(word: str) -> None:
    assert not is_stop(word, is_bare=False)


@given(st.sampled_from(sorted(STOP)))
def test_what_is_typed_without_marks_is_told_by_its_letters(word: str) -> None:
    assert is_stop(word, is_bare=False)
    assert is_stop(fold(word), is_bare=True)


def test_the_words_are_written_as_syllables_are() -> None:
    assert [word for word in STOP if syllables(word) != [word]] == []
