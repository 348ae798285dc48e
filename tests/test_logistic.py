"""Logistic regression, its calibration, and which weights go with which embedder."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.judge.fitted import Fitted
from assistant.judge.logistic import Answering, Calibration, Logistic, logistic

DEFAULT = Fitted.of("embeddinggemma-300m/768/bf16")
ANY = Fitted.of("counting/64")
COSINES = {"cosine", "behind_nearest", "nearest", "near"}
ODDS = st.floats(-30, 30)


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


@pytest.mark.parametrize("total", [-1e9, -700.0, 700.0, 1e9])
def test_nothing_is_too_far_off(total: float) -> None:
    told = Logistic({"a": 1.0}, 0.0).probability({"a": total})
    assert told == pytest.approx(float(total > 0), abs=1e-12)
    assert told > 0.0


def test_a_missing_feature_is_an_error() -> None:
    with pytest.raises(KeyError, match="b"):
        Logistic({"a": 1.0, "b": 1.0}, 0.0).probability({"a": 1.0})


@given(st.floats(0.05, 3), st.floats(-3, 3), ODDS, ODDS)
def test_a_calibration_keeps_the_order(slope: float, shift: float, a: float, b: float) -> None:
    told = Calibration(slope, shift)
    low, high = (told.probability(odds) for odds in sorted((a, b)))
    assert 0.0 < low <= high <= 1.0


@given(ODDS)
def test_without_a_calibration_the_model_is_believed(odds: float) -> None:
    assert Calibration().probability(odds) == logistic(odds)


def test_the_gate_is_calibrated() -> None:
    model = Logistic({"a": 1.0}, 0.0)
    # A model that is twice too sure, among questions that are seldom answered.
    told = Answering(model, Calibration(0.5, -1.0)).probability({"a": 4.0})
    assert told == pytest.approx(logistic(1.0))
    assert told < model.probability({"a": 4.0})


@pytest.mark.parametrize(
    "id", ["embeddinggemma-300m", "embeddinggemma-300m/768", "embeddinggemma-300m/768/fp32"]
)
def test_an_embedder_gets_its_weights(id: str) -> None:
    assert Fitted.of(id).embedder == "embeddinggemma-300m/768"
    assert not Fitted.of(id).counts_on_words_alone


@pytest.mark.parametrize(
    "id", ["embeddinggemma-300m/256/bf16", "embeddinggemma", "other/768/fp32", "counting/64", ""]
)
def test_another_embedder_gets_weights_that_know_no_cosine(id: str) -> None:
    fitted = Fitted.of(id or "?")
    assert fitted.counts_on_words_alone
    assert COSINES.isdisjoint(fitted.relevance.names)
    assert COSINES.isdisjoint(fitted.answering.model.weights)
    assert fitted.answering.far is None


def test_the_default_embedders_cosines_count() -> None:
    assert "cosine" in DEFAULT.relevance.names
    assert COSINES & set(DEFAULT.answering.model.weights)
    assert DEFAULT.answering.far is not None


@pytest.mark.parametrize("fitted", [DEFAULT, ANY], ids=["default", "any"])
def test_weights_come_back_as_they_were_written(fitted: Fitted) -> None:
    told = json.loads(json.dumps(fitted.to_json()))
    assert Fitted.from_json(told) == fitted
    assert fitted.answering.calibration.slope > 0.0


def test_every_embedder_has_its_weights_once() -> None:
    shipped = [
        json.loads(one.read_text(encoding="utf-8"))["embedder"]
        for one in files("assistant.judge.fitted").iterdir()
        if one.name.endswith(".json")
    ]
    assert len(shipped) == len(set(shipped))
    assert "" in shipped  # for all others


@pytest.mark.parametrize(
    "wrong",
    [
        {"calibration": {"slope": 0.0, "intercept": 0.0}},
        {"calibration": {"slope": -1.0, "intercept": 0.0}},
        {"least": 0.0},
        {"least": 1.0},
    ],
)
def test_a_gate_that_tells_the_opposite_is_refused(wrong: dict[str, Any]) -> None:
    told = DEFAULT.to_json()
    with pytest.raises(ValueError, match="lower probability"):
        Fitted.from_json(told | {"gate": told["gate"] | wrong})


@pytest.mark.parametrize("fitted", [DEFAULT, ANY], ids=["default", "any"])
def test_a_surer_gate_is_told_as_more_probable(fitted: Fitted) -> None:
    gate = fitted.answering
    plain = dict.fromkeys(gate.model.weights, 0.0)
    told = [gate.probability(plain | {"coverage": share}) for share in (0.0, 0.5, 1.0)]
    if "coverage" in gate.model.weights:
        assert told == sorted(set(told))
    surer = replace(gate, model=replace(gate.model, bias=gate.model.bias + 1.0))
    assert surer.probability(plain) > gate.probability(plain)
