"""How models are fitted to examples, and how far their probabilities are to be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.judge.logistic import Logistic, logistic
from corpus.errors import BadInput
from eval.learning import Example, calibrate, fit, reliability


def made(count: int = 300, seed: int = 5) -> list[Example]:
    """Hold the likelier the higher ``up`` and the lower ``down``; ``idle`` is noise."""
    random = np.random.default_rng(seed)
    rows: list[Example] = []
    truth = Logistic({"up": 2.0, "lacks_down": -1.0}, 0.5)
    for _ in range(count):
        up, down, idle = random.normal(size=3).tolist()
        chance = truth.probability({"up": up, "lacks_down": down})
        # Features on scales of their own: the weights must come back on these.
        features = {"up": up, "lacks_down": 10 * down, "idle": idle, "same": 3.0}
        rows.append(Example(features, bool(random.random() < chance)))
    return rows


def test_the_direction_is_recovered() -> None:
    model = fit(made(3000), even=False)
    assert model.weights["up"] == pytest.approx(2.0, rel=0.3)
    assert model.weights["lacks_down"] == pytest.approx(-0.1, rel=0.3)
    assert abs(model.weights.get("idle", 0.0)) < 0.15
    assert "same" not in model.weights  # what never differs tells nothing
    assert model.bias == pytest.approx(0.5, abs=0.2)


@pytest.mark.parametrize("name", ["lacks_up", "unknown", "stranger", "behind_best"])
def test_what_speaks_against_an_answer_never_counts_for_it(name: str) -> None:
    rows = [Example(one.features | {name: one.features["up"]}, one.holds) for one in made()]
    model = fit(rows, even=False)
    assert name not in model.weights  # it goes with “up”, which speaks for one
    assert model.weights["up"] > 0


def test_what_speaks_for_an_answer_never_counts_against_it() -> None:
    rows = [
        Example(one.features | {"coverage": one.features["lacks_down"]}, one.holds)
        for one in made()
    ]
    assert "coverage" not in fit(rows, even=False).weights


def test_the_order_of_the_examples_is_nothing() -> None:
    rows = made()
    shuffled = [rows[at] for at in np.random.default_rng(1).permutation(len(rows))]
    first, second = fit(rows, even=True), fit(shuffled, even=True)
    assert second.weights == pytest.approx(first.weights, abs=1e-6)
    assert second.bias == pytest.approx(first.bias, abs=1e-6)
    assert first.weights != fit(rows[:200], even=True).weights


@pytest.mark.parametrize(("even", "expected"), [(False, 0.2), (True, 0.5)])
def test_both_answers_weigh_the_same_where_told(even: bool, expected: float) -> None:
    rows = [Example({"same": 1.0, "up": float(n % 10 == 0)}, n % 10 < 2) for n in range(400)]
    told = fit(rows, even=even)
    assert np.mean([told.probability(one.features) for one in rows]) == pytest.approx(
        expected, abs=0.1
    )


def test_where_nothing_tells_anything_the_share_is_told() -> None:
    rows = [Example({"same": 1.0}, n % 10 < 2) for n in range(40)]
    assert fit(rows, even=False) == Logistic({}, pytest.approx(np.log(0.25)))
    assert fit(rows, even=True) == Logistic({}, 0.0)


def outcomes(odds: Sequence[float], slope: float, seed: int = 0) -> list[bool]:
    """What holds where ``slope * odds`` are the true log-odds."""
    random = np.random.default_rng(seed)
    return [bool(random.random() < logistic(slope * one)) for one in odds]


def test_a_model_that_is_too_sure_is_toned_down() -> None:
    odds = np.random.default_rng(2).normal(0, 3, 4000).tolist()
    held = outcomes(odds, 0.5)
    line = calibrate(odds, held)
    assert line.slope == pytest.approx(0.5, abs=0.05)
    assert line.intercept == pytest.approx(0.0, abs=0.1)
    raw = reliability([logistic(one) for one in odds], held)
    told = reliability([line.probability(one) for one in odds], held)
    assert told.ece < 0.03 < raw.ece
    assert told.brier < raw.brier


def test_a_model_that_tells_the_opposite_is_not_calibrated() -> None:
    odds = np.random.default_rng(2).normal(0, 3, 200).tolist()
    with pytest.raises(BadInput, match="nói ngược"):
        calibrate(odds, outcomes(odds, -1.0))


@pytest.mark.parametrize("holds", [True, False])
def test_of_one_kind_alone_nothing_is_learned(holds: bool) -> None:
    rows = [replace(one, holds=holds) for one in made(20)]
    with pytest.raises(BadInput, match="đều"):
        fit(rows, even=False)
    with pytest.raises(BadInput, match="đều"):
        calibrate([0.1, 0.2], [holds, holds])


def test_reliability_is_worked_out() -> None:
    found = reliability([0.1, 0.1, 0.9, 0.9], [False, True, True, True], bins=2)
    assert [(one.count, one.told, one.held) for one in found.bins] == [
        (2, pytest.approx(0.1), 0.5),
        (2, pytest.approx(0.9), 1.0),
    ]
    assert found.ece == pytest.approx((2 * 0.4 + 2 * 0.1) / 4)
    assert found.brier == pytest.approx((0.01 + 0.81 + 0.01 + 0.01) / 4)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40))
def test_every_example_is_in_one_bin(rows: list[tuple[float, bool]]) -> None:
    found = reliability([p for p, _ in rows], [held for _, held in rows])
    assert sum(one.count for one in found.bins) == len(rows)
    assert 0.0 <= found.ece <= 1.0
    assert [one.told for one in found.bins] == sorted(one.told for one in found.bins)
