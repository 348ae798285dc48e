"""What an answer quotes is verbatim, and nothing in it is taken for one of our markers."""

from __future__ import annotations

import pytest
from fakes_time import assert_grows_evenly

from assistant.answer.quotation import find_markers, quotations, without_markers
from eval.claims import split_claims

ANSWER = "Thời hạn: 31/3/2032 [1].\n\n- “Cảng mở năm 2031 [9], xem [1]” [1] — “Cột [2]” [2]"


def numbers(text: str) -> list[int]:
    return [number for _, number in find_markers(text)]


def test_only_what_stands_outside_a_quotation_is_a_marker() -> None:
    assert numbers(ANSWER) == [1, 1, 2]
    assert [span.of(ANSWER) for span, _ in find_markers(ANSWER)] == ["[1]", "[1]", "[2]"]


def test_quotations_are_found_with_their_marks() -> None:
    assert [span.of(ANSWER) for span in quotations(ANSWER)] == [
        "“Cảng mở năm 2031 [9], xem [1]”",
        "“Cột [2]”",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“Chưa đóng [1].", [1]),  # a mark that nothing closes would hide the rest
        ("“Chưa đóng [1]\n” [2]", [1, 2]),
        ("đóng ” mà không mở [1]", [1]),
        ("“Là “3 Nhà” [7].” [1]", [1]),
        ("“a “b” [7]", [7]),
        ('Đường kính ("): “5" [9]” [1]', [1]),  # inches open no quotation
        ("[1234] [x] [1", []),
    ],
)
def test_odd_quotation_marks(text: str, found: list[int]) -> None:
    assert numbers(text) == found


def test_a_text_without_its_markers_keeps_those_of_the_notice() -> None:
    assert without_markers("Có [1]: “xem [9]” [2]").split() == ["Có", ":", "“xem", "[9]”"]


def test_the_judge_of_answers_reads_markers_as_we_write_them() -> None:
    claims = split_claims('Đường kính: “5" [9]. Chú thích [7].” [1]\nNói "xem [8]" [2]')
    assert [claim.markers for claim in claims] == [(1,), (2,)]


@pytest.mark.parametrize("unit", ["“", "”", "[1", "[1]", "“” ", "“[1]” ", "“\n", "1", " "])
def test_time_grows_with_the_length(unit: str) -> None:
    def read(length: int) -> None:
        text = unit * (length // len(unit))
        numbers(text)
        without_markers(text)

    assert_grows_evenly(read, 10_000)
