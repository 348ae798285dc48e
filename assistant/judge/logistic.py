"""Linear models whose weights were learned from questions: relevance and the gate use them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Self

from corpus.errors import Damaged

_MOST = 36.0  # beyond that, floats say 0 and 1
_SUFFIX = ".json"

Features = Mapping[str, float]
"""What a model looks at, by name."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """Logistic regression: a probability from features.

    Args:
        weights: of the features, by name, on their own scale.
        bias: added to the weighted sum.
    """

    weights: Mapping[str, float]
    bias: float

    def probability(self, features: Features) -> float:
        """Return the probability, in (0, 1).

        Args:
            features: at least those that have weights.

        Raises:
            KeyError: a feature is missing.
        """
        return logistic(self.log_odds(features))

    def log_odds(self, features: Features) -> float:
        """Return the logarithm of the odds; see ``probability``."""
        return self.bias + sum(weight * features[name] for name, weight in self.weights.items())


@dataclass(frozen=True, slots=True)
class Calibration:
    """Turns what a model says of questions that it has seen into what held for others.

    Platt's: a line through the log-odds, fitted to questions that each model had not seen.

    Args:
        slope: above 0; below 1 where the model is too sure of itself.
        intercept: in log-odds.
    """

    slope: float = 1.0
    intercept: float = 0.0

    def probability(self, log_odds: float) -> float:
        """Return the probability, in (0, 1); it grows with ``log_odds``."""
        return logistic(self.slope * log_odds + self.intercept)


@dataclass(frozen=True, slots=True)
class Answering:
    """What the gate decides by.

    Args:
        model: weighs the signs.
        calibration: makes a probability of what it says.
        least: probability from which on a question is answered, in (0, 1).
        far: cosine below which nothing is near the question; None where cosines tell nothing.
    """

    model: Logistic
    calibration: Calibration = Calibration()
    least: float = 0.5
    far: float | None = None

    def probability(self, features: Features) -> float:
        """Return the probability that the question is answered, in (0, 1)."""
        return self.calibration.probability(self.model.log_odds(features))


@dataclass(frozen=True, slots=True)
class Fitted:
    """Models that were fitted together.

    Args:
        embedder: whose cosines they count on, ``model/dimension``; ``""`` for none.
        relevance: of clauses.
        answering: of what was chosen of them.
    """

    embedder: str
    relevance: Logistic
    answering: Answering

    @property
    def counts_on_words_alone(self) -> bool:
        """Whether they look at no cosine, only at words and at the order of what was found."""
        return not self.embedder

    @classmethod
    def of(cls, embedder_id: str) -> Self:
        """Return the models for an embedder; those that count on words alone where it has none.

        Args:
            embedder_id: ``model/dimension/precision``, or the beginning of it. The precision
                changes cosines in the third digit and is not looked at.

        Raises:
            Damaged: a file of weights can't be read.
        """
        shipped = [
            cls._read(one.name, one.read_text(encoding="utf-8"))
            for one in files("assistant.judge.fitted").iterdir()
            if one.name.endswith(_SUFFIX)
        ]
        own = [one for one in shipped if one.embedder and _same(one.embedder, embedder_id)]
        return own[0] if own else next(one for one in shipped if one.counts_on_words_alone)

    @classmethod
    def _read(cls, name: str, text: str) -> Self:
        try:
            return cls.from_json(json.loads(text))
        except (ValueError, KeyError, TypeError) as error:
            raise Damaged(
                f"Tệp trọng số {name} của bản cài đặt không đọc được.", "Cài lại congvu."
            ) from error

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """Return what ``to_json`` wrote.

        Raises:
            KeyError: something is missing.
            ValueError: the calibration falls, or ``least`` is no probability.
        """
        answering = Answering(
            Logistic(**told["gate"]["model"]),
            Calibration(**told["gate"]["calibration"]),
            told["gate"]["least"],
            told["gate"]["far"],
        )
        if answering.calibration.slope <= 0.0 or not 0.0 < answering.least < 1.0:
            raise ValueError("a surer gate must not be told as a lower probability")
        return cls(told["embedder"], Logistic(**told["relevance"]), answering)

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        gate = self.answering
        return {
            "embedder": self.embedder,
            "relevance": _plain(self.relevance),
            "gate": {
                "model": _plain(gate.model),
                "calibration": {
                    "slope": gate.calibration.slope,
                    "intercept": gate.calibration.intercept,
                },
                "least": gate.least,
                "far": gate.far,
            },
        }


def logistic(log_odds: float) -> float:
    """Return the probability of log-odds, in (0, 1)."""
    return 1.0 / (1.0 + math.exp(-max(-_MOST, min(_MOST, log_odds))))


def _same(fitted: str, asked: str) -> bool:
    parts = zip(fitted.split("/"), asked.split("/"), strict=False)
    return all(mine == its for mine, its in parts)


def _plain(model: Logistic) -> dict[str, Any]:
    return {"weights": dict(model.weights), "bias": model.bias}
