from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.facts.quantities import Bound, Quantity, find_quantities, read_figure, write_figure


def only(text: str) -> Quantity:
    [found] = find_quantities(text)
    return found


@pytest.mark.parametrize(
    ("text", "value", "dimension"),
    [
        ("kinh phí 2.400 triệu đồng", 2_400_000_000, "đồng"),
        ("ủng hộ 900 triệu", 900_000_000, "đồng"),
        ("đạt 91%", 91, "%"),
        ("làm 12,4 km đường", 12_400, "m"),
        ("trong 02 (hai) ngày làm việc", 2, "ngày làm việc"),
        ("trong 30 ngày", 30, "ngày"),
        ("giảm 0,037 %", Decimal("0.037"), "%"),
    ],
)
def test_a_unit_gives_the_dimension(text: str, value: Decimal, dimension: str) -> None:
    found = only(text)
    assert (found.value, found.dimension) == (value, dimension)


@pytest.mark.parametrize(
    ("text", "value", "counted"),
    [("cấp 16.181 thẻ", 16_181, "thẻ"), ("mua 3 xe", 3, "xe"), ("cấp 1 240 thẻ", 1240, "thẻ")],
)
def test_what_has_no_unit_is_counted(text: str, value: int, counted: str) -> None:
    found = only(text)
    assert (found.value, found.dimension, found.counted[0]) == (value, "", counted)


@pytest.mark.parametrize(
    "text",
    [
        "Điều 5 và khoản 1",
        "hoàn thành trước ngày 30/6/2026",
        "Thông báo số 210/TB-UBND ngày 06/3/2026",
        "1. Sở Y tế mua xe",
        "trong quý I năm 2026",
        "cấp 1,240 thẻ",  # a fraction, or thousands as in English
        "rộng 2.5 ha",
    ],
)
def test_what_names_something_or_reads_two_ways_is_no_quantity(text: str) -> None:
    assert find_quantities(text) == ()


def test_a_bound_is_kept() -> None:
    assert only("không quá 20 ngày").bound is Bound.MOST
    assert only("ít nhất 3 người").bound is Bound.LEAST
    assert only("khoảng 5 km").bound is Bound.ABOUT
    assert only("cấp 5 km").bound is Bound.EXACT


@given(st.decimals(0, 10**12, places=2))
def test_what_is_written_is_read_back(value: Decimal) -> None:
    written = write_figure(value)
    read = read_figure(written)
    assert read == value


@given(st.text(max_size=40), st.integers(0, 10**9), st.text(max_size=40))
def test_every_quantity_stands_where_it_says(before: str, value: int, after: str) -> None:
    text = f"{before} {write_figure(Decimal(value))} triệu đồng {after}"
    for found in find_quantities(text):
        assert found.span.of(text) == found.text
