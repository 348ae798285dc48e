"""Linear models whose weights were learned from questions: relevance and the gate use them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Self

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

    @classmethod
    def load(cls, name: str) -> Self:
        """Load ``assistant/fitted/<name>.json``, which ``scripts/fit.py`` writes."""
        text = files("assistant.judge.fitted").joinpath(f"{name}.json").read_text(encoding="utf-8")
        told = json.loads(text)
        return cls(weights=told["weights"], bias=told["bias"])

    def probability(self, features: Features) -> float:
        """Return the probability, in (0, 1).

        Args:
            features: at least those that have weights.

        Raises:
            KeyError: a feature is missing.
        """
        total = self.bias + sum(weight * features[name] for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(-_MOST, min(_MOST, total))))
