"""Logistic regression: what a model says, and how `scripts/fit.py` fits it."""

from __future__ import annotations

import importlib.util
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.judge.logistic import Features, Logistic

FIT = Path(__file__).parents[1] / "scripts" / "fit.py"
Row = tuple[int, Features, bool]
"""Question, features, and whether it holds."""


@pytest.fixture(scope="module")
def script() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("fit_script", FIT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look their module up
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def fitted(script: ModuleType, rows: Sequence[Row], *, even: bool = False) -> Logistic:
    model = script.fit([script.Example(*row) for row in rows], even=even)
    assert isinstance(model, Logistic)
    return model


def judged(script: ModuleType, rows: Sequence[Row], *, even: bool = False) -> list[float]:
    """The probability of each row by models that never saw its question."""
    told = script.cross_validated([script.Example(*row) for row in rows], even=even)
    return [float(one) for one in told]


def made(count: int = 300, seed: int = 5) -> list[Row]:
    """Rows that hold the likelier the higher ``up`` and the lower ``down``; ``idle`` is noise."""
    random = np.random.default_rng(seed)
    rows: list[Row] = []
    for number in range(count):
        up, down, idle = random.normal(size=3).tolist()
        chance = Logistic({"up": 2.0, "lacks_down": -1.0}, 0.5).probability(
            {"up": up, "lacks_down": down}
        )
        # Features on scales of their own: the weights must come back on these.
        features = {"up": up, "lacks_down": 10 * down, "idle": idle, "same": 3.0}
        rows.append((number // 2, features, bool(random.random() < chance)))
    return rows


@pytest.mark.parametrize(
    ("total", "expected"), [(0.0, 0.5), (math.log(3), 0.75), (-math.log(3), 0.25)]
)
def test_a_probability_is_worked_out(total: float, expected: float) -> None:
    model = Logistic({"a": 2.0, "b": -1.0}, 0.5)
    assert model.probability({"a": total / 2, "b": 0.5}) == pytest.approx(expected)
    assert model.probability({"a": total, "b": total + 0.5, "c": 9.0}) == pytest.approx(expected)


@given(st.floats(-5, 5), st.floats(-5, 5), st.floats(-5, 5), st.floats(0, 5))
def test_it_is_a_probability_and_follows_its_weights(
    weight: float, bias: float, value: float, more: float
) -> None:
    model = Logistic({"a": weight}, bias)
    low, high = model.probability({"a": value}), model.probability({"a": value + more})
    assert 0.0 < low < 1.0
    assert (high - low) * weight >= 0.0


def test_a_higher_feature_tells() -> None:
    model = Logistic({"a": 1.0, "b": -1.0}, 0.0)
    told = [model.probability({"a": a, "b": 0.0}) for a in (-1.0, 0.0, 1.0)]
    assert told == sorted(set(told))
    told = [model.probability({"a": 0.0, "b": b}) for b in (1.0, 0.0, -1.0)]
    assert told == sorted(set(told))


@pytest.mark.parametrize("total", [-1e9, -700.0, 700.0, 1e9])
def test_nothing_is_too_far_off(total: float) -> None:
    told = Logistic({"a": 1.0}, 0.0).probability({"a": total})
    assert told == pytest.approx(float(total > 0), abs=1e-12)
    assert told > 0.0


def test_a_missing_feature_is_an_error() -> None:
    with pytest.raises(KeyError, match="b"):
        Logistic({"a": 1.0, "b": 1.0}, 0.0).probability({"a": 1.0})


@pytest.mark.parametrize("name", ["relevance", "gate"])
def test_the_shipped_models_are_read(name: str) -> None:
    model = Logistic.load(name)
    assert model.weights
    assert all(math.isfinite(value) for value in (*model.weights.values(), model.bias))


def test_the_direction_is_recovered(script: ModuleType) -> None:
    model = fitted(script, made(2000))
    assert model.weights["up"] == pytest.approx(2.0, rel=0.25)
    assert model.weights["lacks_down"] == pytest.approx(-0.1, rel=0.25)
    assert abs(model.weights["idle"]) < 0.15
    assert model.weights["same"] == 0.0  # what never differs tells nothing
    assert model.bias == pytest.approx(0.5, abs=0.2)


def test_the_order_of_the_examples_is_nothing(script: ModuleType) -> None:
    rows = made()
    shuffled = [rows[at] for at in np.random.default_rng(1).permutation(len(rows))]
    first, second = fitted(script, rows, even=True), fitted(script, shuffled, even=True)
    assert second.weights == pytest.approx(first.weights, abs=1e-9)
    assert second.bias == pytest.approx(first.bias, abs=1e-9)
    assert first.weights != fitted(script, rows[:200], even=True).weights


@pytest.mark.parametrize(("even", "expected"), [(False, 0.2), (True, 0.5)])
def test_both_answers_weigh_the_same_where_told(
    script: ModuleType, even: bool, expected: float
) -> None:
    rows: list[Row] = [(n, {"idle": float(n % 2)}, n % 10 < 2) for n in range(40)]
    model = fitted(script, rows, even=even)
    assert model.probability({"idle": 0.5}) == pytest.approx(expected, abs=1e-6)


def named(questions: int = 40, each: int = 3) -> list[Row]:
    """Rows whose label only the question's own number tells."""
    labels = [True, False] * (questions // 2)
    np.random.default_rng(3).shuffle(labels)
    return [
        (number, {f"is_{n}": float(n == number) for n in range(questions)}, labels[number])
        for number in range(questions)
        for _ in range(each)
    ]


def gap(rows: Sequence[Row], told: Sequence[float]) -> float:
    """How far those that hold are above those that don't, on average."""
    yes = [p for row, p in zip(rows, told, strict=True) if row[2]]
    no = [p for row, p in zip(rows, told, strict=True) if not row[2]]
    return float(np.mean(yes) - np.mean(no))


def test_no_question_is_judged_by_a_model_that_saw_it(script: ModuleType) -> None:
    rows = named()
    seen = fitted(script, rows, even=True)
    assert gap(rows, [seen.probability(features) for _, features, _ in rows]) > 0.15
    assert abs(gap(rows, judged(script, rows, even=True))) < 0.05


def test_a_questions_own_labels_change_nothing_of_how_it_is_judged(script: ModuleType) -> None:
    rows = made(80)
    told = judged(script, rows)
    turned = [(q, features, holds != (q == 7)) for q, features, holds in rows]
    again = judged(script, turned)
    same = [a == b for a, b in zip(told, again, strict=True)]
    assert [s for (q, *_), s in zip(rows, same, strict=True) if q == 7] == [True, True]
    assert not all(same)


def test_what_can_be_learned_is(script: ModuleType) -> None:
    rows = made()
    assert gap(rows, judged(script, rows, even=True)) > 0.25
