"""Logistic models whose weights were learned from questions; the gate uses one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

_MOST = 36.0  # beyond that, floats say 0 and 1

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


def logistic(log_odds: float) -> float:
    """Return the probability of log-odds, in (0, 1)."""
    return 1.0 / (1.0 + math.exp(-max(-_MOST, min(_MOST, log_odds))))
