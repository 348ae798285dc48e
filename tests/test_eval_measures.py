"""Rates, times and sizes of a run, from records worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.measures import measure, measure_slices, quantile, rate
from eval.metrics import Share
from eval.statistics import estimate


def test_a_rate_pools_parts_and_wholes_and_leaves_out_what_has_none() -> None:
    found = rate([(1, 3), (0, 0), (1, 1)])
    assert found.value == 2 / 4
    assert found.n == 2
    assert found.low is not None and found.high is not None
    assert 1 / 3 <= found.low < 0.5 < found.high <= 1


def test_a_rate_of_nothing_is_not_nought() -> None:
    assert rate([(0, 0)]).value is None
    assert rate([]).n == 0


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(1, 3)), min_size=1, max_size=20))
def test_a_rate_is_what_the_scorer_says(shares: list[tuple[int, int]]) -> None:
    mine, theirs = rate(list(shares)), estimate([Share(*share) for share in shares])
    assert (mine.value, mine.low, mine.high) == pytest.approx(
        (theirs.value, theirs.low, theirs.high)
    )


def test_a_quantile_of_equal_times_is_certain_and_of_none_unknown() -> None:
    assert quantile([7.0] * 5, 0.95).low == quantile([7.0] * 5, 0.95).high == 7
    assert quantile([1.0, 2.0, 3.0, 10.0], 0.5).value == 2.5
    assert quantile([], 0.5).value is None


def test_records_give_rates_times_words_and_samples_overall_and_by_slice() -> None:
    records = [
        {"id": "a", "measures": {"R@1": [1, 1]}, "slices": {"kind": ["x"]}, "words": 4},
        {"id": "b", "measures": {"R@1": [0, 1]}, "slices": {"kind": ["y", "z"]}},
        {"id": "c", "timings_ms": {"total": 30}, "samples": {"speed": [1.0, 3.0, 8.0]}},
    ]
    found = measure(records)
    assert {name: metric.value for name, metric in found.items()} == {
        "R@1": 0.5,
        "total_ms_p50": 30,
        "total_ms_p95": 30,
        "words_p50": 4,
        "words_p90": 4,
        "speed": 3,
    }
    slices = measure_slices(records)
    assert {name: found["R@1"].value for name, found in slices.items()} == {
        "kind=x": 1,
        "kind=y": 0,
        "kind=z": 0,
    }
