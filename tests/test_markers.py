from __future__ import annotations

import unicodedata

import pytest
from fakes_notices import LINES
from hypothesis import given

from corpus.parse.markers import ALPHABET, MarkerKind, find_marker, roman_value

K = MarkerKind


@pytest.mark.parametrize(
    ("text", "kind", "label", "ordinal", "rest"),
    [
        ("1. Việc", K.NUMBER, "1", 1, "Việc"),
        ("12) Việc", K.NUMBER, "12", 12, "Việc"),
        ("1.Việc", K.NUMBER, "1", 1, "Việc"),
        ("1. 93,5% người dân", K.NUMBER, "1", 1, "93,5% người dân"),
        ("1.\tViệc", K.NUMBER, "1", 1, "Việc"),
        ("2.1. Hạ tầng", K.DECIMAL, "2.1", 1, "Hạ tầng"),
        ("3.4 Nền tảng", K.DECIMAL, "3.4", 4, "Nền tảng"),
        ("1.2.3. Sâu", K.DECIMAL, "1.2.3", 3, "Sâu"),
        ("a) Việc", K.LETTER, "a", 1, "Việc"),
        ("đ) Việc", K.LETTER, "đ", 5, "Việc"),
        ("e)Việc", K.LETTER, "e", 6, "Việc"),
        ("i) Việc", K.LETTER, "i", 9, "Việc"),
        ("(i) việc", K.PAREN_ROMAN, "(i)", 1, "việc"),
        ("(iv) việc", K.PAREN_ROMAN, "(iv)", 4, "việc"),
        ("(3) Sở Y tế", K.PAREN, "(3)", 3, "Sở Y tế"),
        ("(3)Sở Y tế", K.PAREN, "(3)", 3, "Sở Y tế"),
        ("IV. NHÂN LỰC", K.ROMAN, "IV", 4, "NHÂN LỰC"),
        ("I.MỤC TIÊU", K.ROMAN, "I", 1, "MỤC TIÊU"),
        ("II/ Thủ tục", K.ROMAN, "II", 2, "Thủ tục"),
        ("I- Đánh giá", K.ROMAN, "I", 1, "Đánh giá"),
        ("2- Dự án sản xuất", K.NUMBER, "2", 2, "Dự án sản xuất"),
        ("3/ Trên cơ sở", K.NUMBER, "3", 3, "Trên cơ sở"),
        ("A. TÌNH HÌNH", K.CAPITAL, "A", 1, "TÌNH HÌNH"),
        ("**B. NHIỆM VỤ**", K.CAPITAL, "B", 2, "NHIỆM VỤ**"),
        ("Phần 2", K.PART, "2", 2, ""),
        ("PHẦN II. KẾT QUẢ", K.PART, "II", 2, "KẾT QUẢ"),
        ("Phần 1 - KẾT QUẢ", K.PART, "1", 1, "KẾT QUẢ"),
        ("Phần thứ hai", K.PART, "thứ hai", 2, ""),
        ("Chương III", K.CHAPTER, "III", 3, ""),
        ("Điều 7. Hiệu lực", K.ARTICLE, "7", 7, "Hiệu lực"),
        ("Điều 12a. Hiệu lực", K.ARTICLE, "12a", 12, "Hiệu lực"),
        ("Điều 3", K.ARTICLE, "3", 3, ""),
        ("- việc", K.DASH, "", 0, "việc"),
        ("– việc", K.DASH, "", 0, "việc"),
        ("-Việc", K.DASH, "", 0, "Việc"),
        ("+ việc", K.PLUS, "", 0, "việc"),
        ("· việc", K.DOT, "", 0, "việc"),
        ("• việc", K.DOT, "", 0, "việc"),
        ("* việc", K.STAR, "", 0, "việc"),
    ],
)
def test_a_mark_is_read(text: str, kind: MarkerKind, label: str, ordinal: int, rest: str) -> None:
    marker = find_marker(text)
    assert marker is not None
    assert (marker.kind, marker.label, marker.ordinal) == (kind, label, ordinal)
    assert text[marker.end :] == rest
    assert marker.is_bullet == (label == "")


@pytest.mark.parametrize(
    "text",
    [
        "1.245 hồ sơ",
        "1.5 tỷ đồng",
        "30/6/2026",
        "2025. Năm đầu",
        "f) không có chữ này",
        "w) không có chữ này",
        "(a) không phải khoản",
        "Phần 1 của báo cáo",
        "Phần mềm 2",
        "Chương trình 5",
        "Điều 3 Luật này",
        "Điều hành 1",
        "V.I. Lênin",
        "C. Mác và Ph. Ăngghen",
        "A. Đúng",
        "25 - 26% lực lượng",
        "25- 26% lực lượng",
        "I - II năm 2026",
        "12/ 2025",
        "B.H.Xuân",
        "-BC/CQTT",
        "+84 91",
        "*in nghiêng*",
        "---",
        "",
    ],
)
def test_no_mark_is_read_into_other_text(text: str) -> None:
    assert find_marker(text) is None


@pytest.mark.parametrize(
    ("text", "label", "rest"),
    [
        ("**Điều 1.** Ban hành", "1", "Ban hành"),
        ("**Điều 1**. Ban hành", "1", "Ban hành"),
        ("## I. MỤC TIÊU", "I", "MỤC TIÊU"),
        ("### 2. Hạ tầng", "2", "Hạ tầng"),
        ("**(1)** Việc", "(1)", "Việc"),
        ("*a)* Việc", "a", "Việc"),
        ("**3.** Việc", "3", "Việc"),
    ],
)
def test_markdown_around_a_mark_is_not_part_of_it(text: str, label: str, rest: str) -> None:
    marker = find_marker(text)
    assert marker is not None
    assert (marker.label, text[marker.end :]) == (label, rest)


@pytest.mark.parametrize("text", ["Điều 4. Hiệu lực", "Phần 2", "\u200b1. Việc", "đ) Đề án"])
def test_a_mark_typed_with_loose_accents_or_hidden_characters_is_read(text: str) -> None:
    loose = unicodedata.normalize("NFD", text)
    marker, plain = find_marker(loose), find_marker(text.strip("\u200b"))
    assert marker is not None
    assert plain is not None
    assert (marker.kind, marker.label) == (plain.kind, plain.label)
    rest = unicodedata.normalize("NFC", loose[marker.end :])
    assert rest == text.strip("\u200b")[plain.end :]


def test_letters_run_as_the_vietnamese_alphabet_does() -> None:
    marks = [find_marker(f"{letter}) việc") for letter in ALPHABET]
    assert [m.ordinal for m in marks if m] == list(range(1, len(ALPHABET) + 1))


@pytest.mark.parametrize(("numeral", "value"), [("I", 1), ("IV", 4), ("IX", 9), ("XLII", 42)])
def test_roman_numerals(numeral: str, value: int) -> None:
    assert roman_value(numeral) == value


@given(LINES)
def test_a_mark_ends_inside_its_line_and_reads_the_same_decomposed(line: str) -> None:
    line = unicodedata.normalize("NFC", line.strip())
    marker = find_marker(line)
    loose = find_marker(unicodedata.normalize("NFD", line))
    assert (marker is None) == (loose is None)
    if marker and loose:
        assert 0 < marker.end <= len(line)
        assert (marker.kind, marker.label, marker.ordinal) == (
            loose.kind,
            loose.label,
            loose.ordinal,
        )
