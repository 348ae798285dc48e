"""Boosted trees: worked out by hand, written and read, and the same as where they were fitted."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.judge.logistic import logistic
from assistant.judge.trees import Node, Trees
from corpus.errors import BadInput
from eval.learning import Example, fit_trees

LEAF = 0
STUMP = (
    Node("known", 0.5, 1, 2, 0.0),
    Node("", 0.0, LEAF, LEAF, -1.0),
    Node("", 0.0, LEAF, LEAF, 2.0),
)
DEEPER = (
    Node("known", 0.2, 1, 2, 0.0),
    Node("", 0.0, LEAF, LEAF, -0.5),
    Node("cosine", 0.7, 3, 4, 0.0),
    Node("", 0.0, LEAF, LEAF, 0.25),
    Node("", 0.0, LEAF, LEAF, 1.0),
)
TREES = Trees(-0.5, (STUMP, DEEPER))


@pytest.mark.parametrize(
    ("known", "cosine", "odds"),
    [
        (0.1, 0.9, -0.5 - 1.0 - 0.5),
        (0.5, 0.7, -0.5 - 1.0 + 0.25),  # up to a threshold, the way is left
        (0.5, 0.8, -0.5 - 1.0 + 1.0),
        (0.6, 0.8, -0.5 + 2.0 + 1.0),
    ],
)
def test_leaves_are_added_up(known: float, cosine: float, odds: float) -> None:
    told = TREES.probability({"known": known, "cosine": cosine, "more": 1.0})
    assert told == pytest.approx(logistic(odds))


def test_a_missing_feature_is_an_error() -> None:
    with pytest.raises(KeyError, match="cosine"):
        TREES.probability({"known": 1.0})


def test_they_come_back_as_they_were_written() -> None:
    assert Trees.from_json(json.loads(json.dumps(TREES.to_json()))) == TREES
    assert TREES.names == {"known", "cosine"}


@pytest.mark.parametrize(
    "nodes",
    [
        [[0, 0.5, 0, 1], [1.0]],  # leads to itself: a walk would never end
        [[0, 0.5, 1, 2], [1.0]],  # leads nowhere
        [[7, 0.5, 1, 2], [1.0], [2.0]],  # looks at nothing
        [],
    ],
)
def test_trees_that_lead_to_no_leaf_are_refused(nodes: list[list[float]]) -> None:
    with pytest.raises(ValueError, match=r"node|feature"):
        Trees.from_json({"base": 0.0, "features": ["known"], "trees": [nodes]})


def made(count: int = 600, seed: int = 3) -> list[Example]:
    """Clauses hold where two signs are there together, with one label in ten turned."""
    numbers = np.random.default_rng(seed)
    examples: list[Example] = []
    for known, cosine, noise, turn in numbers.random((count, 4)):
        holds = (known > 0.5 and cosine > 0.4) != (turn < 0.1)
        examples.append(Example({"known": known, "cosine": cosine, "noise": noise}, bool(holds)))
    return examples


def test_what_is_fitted_tells_what_two_signs_say_together() -> None:
    trees = fit_trees(made())
    both, one = ({"known": 0.9, "cosine": c, "noise": 0.5} for c in (0.9, 0.1))
    assert trees.probability(both) > 0.8
    assert trees.probability(one) < 0.3


SHARES = st.floats(0, 1)
FITTED = fit_trees(made())


@given(SHARES, SHARES, SHARES, SHARES)
def test_more_of_what_speaks_for_a_clause_never_speaks_against_it(
    known: float, more: float, cosine: float, noise: float
) -> None:
    low, high = sorted((known, more))
    told = [
        FITTED.probability({"known": one, "cosine": cosine, "noise": noise}) for one in (low, high)
    ]
    assert told[0] <= told[1]


def test_the_same_examples_give_the_same_trees() -> None:
    assert fit_trees(made()) == FITTED


@pytest.mark.parametrize("holds", [True, False])
def test_of_one_kind_alone_nothing_is_learned(holds: bool) -> None:
    with pytest.raises(BadInput, match="đều trả lời được"):
        fit_trees([Example({"known": 0.5}, holds)] * 80)
