from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.notice import Span
from corpus.text import (
    fold,
    has_diacritics,
    is_plain,
    mend_letters,
    mend_line,
    normalise,
    normalise_with_map,
    syllables,
    unify_tone,
)

VIETNAMESE = "aáàảãạăắằâấầđeéêếiíoóòỏôốơớuúùủưứyýỳỷỵqnhĐÀOÒUỶ"
STRANGE = "ÐðƉСаоуТθиΒο"
MARKS = "\u0300\u0301\u0303\u0309\u0323\u0302\u031b"
ODD = " \t\u00a0\u200b\ufeff\u00ad\n.,;:-/()1\u2028"
TEXTS = st.text(st.sampled_from(VIETNAMESE + STRANGE + MARKS + ODD) | st.characters(), max_size=60)
# Korean letters compose without combining marks; no notice has any.
WORDS = st.text(st.sampled_from(VIETNAMESE + ODD), max_size=60)


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ("hoà", "hòa"),
        ("uỷ", "ủy"),
        ("Thuỵ", "Thụy"),
        ("HOÀ", "HÒA"),
        ("khoẻ", "khỏe"),
        ("Uỷ", "Ủy"),
    ],
)
def test_the_two_places_of_a_tone_mark_are_one(newer: str, older: str) -> None:
    assert unify_tone(newer) == older
    assert unify_tone(older) == older
    assert len(unify_tone(newer)) == len(newer)


@pytest.mark.parametrize("word", ["quý", "hoàn", "huýt", "khuỷu", "toán", "quả", "QUỲ"])
def test_a_tone_mark_that_has_one_place_stays(word: str) -> None:
    assert unify_tone(word) == word


def test_decomposed_text_and_odd_spaces_are_read_as_composed_ones() -> None:
    odd = unicodedata.normalize("NFD", " Uỷ\u00a0ban \t nhân\u200b  dân\n") + "\ufeff"
    assert normalise(odd) == "Ủy ban nhân dân"


def test_a_mark_behind_a_zero_width_character_still_belongs_to_its_letter() -> None:
    assert normalise("hoa\u200b\u0300") == "hòa"


def test_folding_drops_every_vietnamese_mark() -> None:
    assert fold("Đề nghị Uỷ ban, ƯỚC 93,54%") == "de nghi uy ban, uoc 93,54%"


def test_numbers_stay_whole_syllables() -> None:
    assert syllables("Đạt 1.245 hồ sơ, 93,54% (12/2025)") == [
        *("đạt", "1.245", "hồ", "sơ", "93,54%", "12/2025"),
    ]


def test_only_marked_text_has_diacritics() -> None:
    assert has_diacritics("Thông bao")
    assert has_diacritics("di") is False
    assert has_diacritics("đi")
    assert not has_diacritics("THONG BAO 45-TB/TGV")


def test_an_empty_span_has_no_place_in_the_original() -> None:
    with pytest.raises(ValueError, match="empty span"):
        normalise_with_map("văn bản").original(Span(1, 1))


ETH = {
    "Ðiều 2. Ðội quản lý thu 8.000 ðồng": "Điều 2. Đội quản lý thu 8.000 đồng",
    "19/QÐ-UBND, NÐ-CP, HÐND": "19/QĐ-UBND, NĐ-CP, HĐND",
    "Ɖộc lập": "Độc lập",
    "ð) Nội dung": "đ) Nội dung",
    "H'Ðrai": "H'Đrai",
}
ALIKE = {
    "143/2025/TT-BTС": "143/2025/TT-BTC",  # Cyrillic С
    "СỘNG HÒА": "CỘNG HÒA",
    "Sở Тài сhính": "Sở Tài chính",
    "Ủy bаn nhân dân": "Ủy ban nhân dân",
    "Βộ Νội vụ": "Bộ Nội vụ",  # Greek Β, Ν
}
RIGHT = (
    "Seyðisfjörður, Garðabær, Þórð, GARÐABÆR",
    "θmin = 5 μm, 30 dB(μV/m), hν, ΔT, αtocopherol",
    "Газпром, ТАСС, АО Транснефть",
    "Sở Tài chính Đắk Lắk",
    "XÐt ®Ò nghÞ",  # TCVN3, where it stands for é
)


@pytest.mark.parametrize("shown", [*ETH, *ALIKE])
def test_a_letter_that_looks_like_the_one_meant_is_read_as_that(shown: str) -> None:
    meant = (ETH | ALIKE)[shown]
    assert mend_letters(shown) == normalise(shown) == meant
    assert fold(shown) == fold(meant)
    assert syllables(unicodedata.normalize("NFD", shown)) == syllables(meant)


@pytest.mark.parametrize("text", RIGHT)
def test_a_letter_of_another_language_is_right_where_it_stands(text: str) -> None:
    assert mend_line(text) == text


@pytest.mark.parametrize(
    ("shown", "meant"),
    [("Sở У tế", "Sở Y tế"), ("а) Chọn giống", "a) Chọn giống"), ("ІІ. СỘNG", "II. CỘNG")],
)
def test_a_cyrillic_letter_alone_in_a_line_is_the_latin_one(shown: str, meant: str) -> None:
    assert mend_line(shown) == meant


def test_a_cyrillic_letter_beside_words_of_its_language_is_left() -> None:
    assert mend_line("Hãng Газпром с Нгok") == "Hãng Газпром с Нгok"


@given(TEXTS)
def test_mending_keeps_every_place(text: str) -> None:
    mended = mend_letters(text)
    assert len(mended) == len(text)
    assert mend_letters(mended) == mended


@given(TEXTS)
def test_normalising_is_idempotent(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert not once.startswith(" ")
    assert not once.endswith(" ")


@given(TEXTS)
def test_the_quick_way_and_the_way_with_a_map_agree(text: str) -> None:
    assert normalise(text) == normalise_with_map(text).text
    composed = unicodedata.normalize("NFC", text)
    if is_plain(composed):
        assert normalise(composed) == normalise_with_map(composed).text


@given(TEXTS, st.data())
def test_what_a_normalised_part_came_from_normalises_to_it(text: str, data: st.DataObject) -> None:
    mapped = normalise_with_map(text)
    assert len(mapped.text) == len(mapped.starts) == len(mapped.ends)
    if not mapped.text:
        return
    start = data.draw(st.integers(0, len(mapped.text) - 1))
    end = data.draw(st.integers(start + 1, len(mapped.text)))
    original = mapped.original(Span(start, end)).of(text)
    shown = normalise(original)
    part = mapped.text[start:end].strip(" ")
    # A cut inside one letter of the original, or inside a syllable, shows the whole of it.
    assert fold(part) in fold(shown)
    boundary = end == len(mapped.text) or mapped.text[end] == " "
    if boundary and (start == 0 or mapped.text[start - 1] == " "):
        assert shown == part


@given(TEXTS)
def test_places_in_the_original_never_go_back(text: str) -> None:
    mapped = normalise_with_map(text)
    assert list(mapped.starts) == sorted(mapped.starts)
    assert all(
        start < end <= len(text) for start, end in zip(mapped.starts, mapped.ends, strict=True)
    )


@given(TEXTS)
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(WORDS)
def test_syllables_are_the_same_composed_and_decomposed(text: str) -> None:
    assert syllables(unicodedata.normalize("NFD", text)) == syllables(
        unicodedata.normalize("NFC", text)
    )
