"""Fits linear models to examples, and tells how sure they may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from assistant.judge.logistic import Calibration, Features, Logistic
from assistant.judge.trees import Node, Trees
from corpus.errors import BadInput

_STRENGTH = 0.05  # inverse of the L2 penalty on standardised features; .02 to .2 do the same
_UNBOUND = np.inf  # no penalty: a line through log-odds has two numbers
_TOLERANCE, _ROUNDS = 1e-8, 1000
_AGAINST = frozenset({"behind_best", "unknown", "topic_unknown", "stranger"})
_BINS = 10
# Of boosted trees; chosen by what clauses of documents left out were ranked first. 100 to 300
# trees of 6 to 12 leaves are within a hundredth of it.
_TREES, _LEAVES, _LEARNING_RATE, _LEAST_IN_LEAF, _LEAF_PENALTY = 200, 10, 0.04, 30, 5.0
_TRIED_FEATURES = 0.5  # share of the features that a split is chosen among
_TREE_DIGITS = 5
# What can only speak for a clause, and what can only speak against it.
_FOR_CLAUSE = frozenset(
    {
        "score",
        "lexical",
        "cosine",
        "rank",
        "known_in_a_sentence",
        "known",
        "known_with_context",
        "known_with_title",
        "words_known",
        "accented_known",
        "given",
        "due",
    }
)
_AGAINST_CLAUSE = frozenset(
    {
        "behind_best",
        "behind_nearest",
        "rarest_unknown",
        "figures_unknown",
        "lacks_kind",
        "lacks_count",
        "lacks_agency",
    }
)
_ALIKE = "Mọi câu hỏi dùng để học đều trả lời được, hoặc đều không."
_MORE = "Thêm câu hỏi, cả câu trả lời được và câu không, trên nhiều văn bản hơn."

Column = NDArray[np.float64]
"""One number for each example."""


@dataclass(frozen=True, slots=True)
class Example:
    """What a model saw, and what it should have said.

    Args:
        features: by name.
        holds: whether the clause is gold, or the question answerable.
    """

    features: Features
    holds: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Examples that were told about the same probability.

    Args:
        count: how many.
        told: their mean probability.
        held: share of them that held.
    """

    count: int
    told: float
    held: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """How far probabilities are from what held.

    Args:
        brier: mean squared error.
        ece: expected calibration error: mean distance of ``told`` and ``held``, by count.
        bins: of equal count, from the least to the most probable.
    """

    brier: float
    ece: float
    bins: tuple[Bin, ...]


def fit_trees(examples: Sequence[Example]) -> Trees:
    """Fit boosted trees whose probability can only rise with what speaks for a clause.

    Args:
        examples: all with the same features.

    Raises:
        BadInput: all hold, or none does.
    """
    held = [one.holds for one in examples]
    if len(set(held)) < len((True, False)):
        raise BadInput(_ALIKE, _MORE)
    names = sorted(examples[0].features)
    table = np.array([[one.features[name] for name in names] for one in examples])
    model = HistGradientBoostingClassifier(
        max_iter=_TREES,
        learning_rate=_LEARNING_RATE,
        max_leaf_nodes=_LEAVES,
        min_samples_leaf=_LEAST_IN_LEAF,
        l2_regularization=_LEAF_PENALTY,
        max_features=_TRIED_FEATURES,
        monotonic_cst=[(name in _FOR_CLAUSE) - (name in _AGAINST_CLAUSE) for name in names],
        early_stopping=False,
        random_state=0,
    ).fit(table, held)
    grown = [predictors[0].nodes for predictors in model._predictors]
    base = float(model._baseline_prediction.item())
    return Trees(base, tuple(tuple(_node(row, names) for row in nodes) for nodes in grown))


def _node(row: np.void, names: Sequence[str]) -> Node:
    """Read a node of scikit-learn's tree; thresholds stay whole, or examples would change sides."""
    if row["is_leaf"]:
        return Node("", 0.0, 0, 0, round(float(row["value"]), _TREE_DIGITS))
    name, threshold = names[row["feature_idx"]], float(row["num_threshold"])
    return Node(name, threshold, int(row["left"]), int(row["right"]), 0.0)


def fit(examples: Sequence[Example], *, even: bool) -> Logistic:
    """Fit a logistic regression with an L2 penalty, and leave out what counts the wrong way.

    A year that is lacking must never speak for an answer: where it does, too few examples have
    it. What tells nothing is left out, too.

    Args:
        examples: all with the same features.
        even: whether both answers weigh the same, however many there are of each.

    Raises:
        BadInput: all examples hold, or none does.
    """
    if len({one.holds for one in examples}) < len((True, False)):
        raise BadInput(_ALIKE, _MORE)
    kept = list(examples)
    while kept[0].features:
        model = _fit_all(kept, even=even)
        wrong = {name for name, weight in model.weights.items() if not _is_sound(name, weight)}
        if not wrong:
            return model
        kept = [
            replace(one, features={k: v for k, v in one.features.items() if k not in wrong})
            for one in kept
        ]
    share = 0.5 if even else float(np.mean([one.holds for one in examples]))
    return Logistic({}, float(np.log(share / (1.0 - share))))


def _fit_all(examples: Sequence[Example], *, even: bool) -> Logistic:
    names = list(examples[0].features)
    x = np.array([[one.features[name] for name in names] for one in examples])
    mean, spread = x.mean(0), x.std(0)
    spread[spread == 0.0] = 1.0
    model = _regression(_STRENGTH, "balanced" if even else None)
    model.fit((x - mean) / spread, [one.holds for one in examples])
    slopes = model.coef_[0] / spread
    bias = float(model.intercept_[0] - slopes @ mean)
    return Logistic(dict(zip(names, slopes.tolist(), strict=True)), bias)


def _is_sound(name: str, weight: float) -> bool:
    is_against = name.startswith("lacks_") or name in _AGAINST
    return weight < 0.0 if is_against else weight > 0.0


def calibrate(log_odds: Sequence[float], held: Sequence[bool]) -> Calibration:
    """Fit Platt's line.

    Args:
        log_odds: told by models of examples that they had not seen.
        held: what held of these.

    Raises:
        BadInput: all held or none, or what was told higher held less often.
    """
    if len(set(held)) == 1:
        raise BadInput(_ALIKE, _MORE)
    model = _regression(_UNBOUND, None)
    model.fit(np.array(log_odds)[:, None], list(held))
    slope = float(model.coef_[0, 0])
    if slope <= 0.0:
        raise BadInput("Dấu hiệu học được nói ngược với đáp án của văn bản để riêng.", _MORE)
    return Calibration(slope, float(model.intercept_[0]))


def reliability(told: Sequence[float], held: Sequence[bool], bins: int = _BINS) -> Reliability:
    """Compare probabilities with what held.

    Args:
        told: probabilities; at least one.
        held: what held.
        bins: of about equal count.
    """
    p, y = np.array(told), np.array(held, dtype=np.float64)
    parts = [part for part in np.array_split(np.argsort(p, kind="stable"), bins) if len(part)]
    found = tuple(Bin(len(o), float(p[o].mean()), float(y[o].mean())) for o in parts)
    gaps = sum(one.count * abs(one.told - one.held) for one in found)
    return Reliability(float(((p - y) ** 2).mean()), gaps / len(p), found)


def _regression(strength: float, weight: str | None) -> Any:  # noqa: ANN401 - has no stubs
    return LogisticRegression(
        C=strength, class_weight=weight, solver="newton-cholesky", tol=_TOLERANCE, max_iter=_ROUNDS
    )
