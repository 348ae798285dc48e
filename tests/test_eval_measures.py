"""Rates, times and sizes of a run, from records worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.measures import measure, measure_slices, quantile, rate, ratio, words_by_kind
from eval.metrics import Share
from eval.statistics import area, estimate, risk_coverage, widest, wilson


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


@pytest.mark.parametrize("part", [0, 1])
def test_a_rate_of_equal_outcomes_has_the_interval_of_wilson(part: int) -> None:
    found = rate([(part, 1)] * 9 + [(0, 0)])
    # Nine of nine: 9 / (9 + 1.96 squared) = .7009.
    ends = (0.7009, 1.0) if part else (0.0, 0.2991)
    assert found.value == part
    assert (found.low, found.high) == pytest.approx(ends, abs=1e-4)
    assert (found.low, found.high) == wilson(9 * part, 9)


def test_a_pooled_rate_of_one_counts_questions_not_citations() -> None:
    # Five citations of one question are no five trials.
    found = rate([(5, 5), (4, 4)])
    assert (found.low, found.high) == wilson(2, 2)


def test_a_single_measurement_has_no_interval() -> None:
    assert quantile([7.0], 0.5).low is None
    assert ratio([(6.0, 3.0)]).low is None


def test_a_ratio_is_of_the_medians_and_pairs_stay_together() -> None:
    # Rounds differ by a factor of ten, ours is half the limit in each.
    pairs = [(5.0, 10.0), (50.0, 100.0), (0.5, 1.0), (20.0, 40.0)]
    found = ratio(pairs)
    assert (found.value, found.low, found.high, found.n) == (0.5, 0.5, 0.5, 4)
    unpaired = ratio([(5.0, 100.0), (50.0, 10.0), (0.5, 40.0), (20.0, 1.0)])
    assert unpaired.low is not None and unpaired.high is not None
    assert unpaired.low < 0.5 < unpaired.high
    assert ratio([]).value is None


def test_pairs_of_all_records_make_one_ratio() -> None:
    records = [{"id": "a", "pairs": {"r": [[2, 4]]}}, {"id": "b", "pairs": {"r": [[4, 4], [6, 4]]}}]
    found = measure(records)["r"]
    assert (found.value, found.n) == (1.0, 3)


def test_words_are_told_by_kind() -> None:
    records = [
        {"id": "a", "kind": "fact", "words": 10},
        {"id": "b", "kind": "fact", "words": 30},
        {"id": "c", "kind": "list", "words": None},  # refused
    ]
    found = words_by_kind(records)
    assert {name: one.value for name, one in found.items()} == {
        "words_fact_p50": 20,
        "words_fact_p90": 28,
    }


# The gate


def test_the_area_under_a_risk_coverage_curve_by_hand() -> None:
    # .9 right, .8 wrong, .6 right and wrong together: risks 0, 1/2, 2/4 at 1/4, 2/4, 4/4.
    points = risk_coverage([0.6, 0.9, 0.8, 0.6], [True, True, False, False])
    assert [(p.threshold, p.coverage, p.risk) for p in points] == [
        (0.9, 0.25, 0.0),
        (0.8, 0.5, 0.5),
        (0.6, 1.0, 0.5),
    ]
    assert area(points) == pytest.approx(0.25 * 0 + 0.25 * 0.5 + 0.5 * 0.5)
    assert area(risk_coverage([0.1, 0.2], [True, True])) == 0
    assert risk_coverage([], []) == ()


def test_the_widest_gate_of_a_precision_is_not_the_first() -> None:
    points = risk_coverage([0.9, 0.8, 0.7, 0.6], [True, False, True, True])
    found = widest(points, 0.75)
    assert found is not None
    assert (found.threshold, found.coverage) == (0.6, 1.0)
    assert widest(points, 0.95) == points[0]
    assert widest(risk_coverage([0.9], [False]), 0.95) is None


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=30))
def test_a_curve_ends_with_all_questions_let_through(pairs: list[tuple[int, bool]]) -> None:
    scores, answerable = [score / 4 for score, _ in pairs], [one for _, one in pairs]
    points = risk_coverage(scores, answerable)
    assert points[-1].coverage == 1
    assert points[-1].risk == pytest.approx(answerable.count(False) / len(pairs))
    assert 0 <= area(points) <= 1
    for point in points:
        through = [a for s, a in zip(scores, answerable, strict=True) if s >= point.threshold]
        assert point.coverage == len(through) / len(pairs)
        assert point.risk == pytest.approx(through.count(False) / len(through))


def test_the_area_is_told_where_some_questions_have_no_answer() -> None:
    records = [
        {"id": f"q{n}", "confidence": n / 10, "answerable": n > 2, "slices": {"kind": ["a"]}}
        for n in range(10)
    ]
    found = measure(records)["aurc"]
    assert found.value is not None and found.low is not None and found.high is not None
    assert found.low <= found.value <= found.high
    assert found.n == 10
    assert "aurc" not in measure(records[3:])
    assert "aurc" not in measure([{"id": "q"}])
