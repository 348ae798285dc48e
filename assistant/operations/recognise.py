"""Which operation a question asks for, learned from phrasings (`eval/operations/learn.jsonl`).

It looks at the words alone: words and pairs as typed, letters in a row (for typing errors and “hế
lô”), and a few signs (is a document named, an agency, an end such as “muộn nhất”). Nothing is
embedded, so a greeting is answered at once, and any embedder will do. What is no operation is
learned from real questions, also with a greeting before them: they stay questions.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from itertools import pairwise
from typing import Self

from assistant.operations.asked import words
from corpus.facts.agencies import find_agencies
from corpus.facts.references import find_question_references
from corpus.text import fold, normalise, syllables

_LETTERS = 3  # in a row
_LONGEST = 400  # characters: an operation is asked for in fewer


class Operation(StrEnum):
    """What is done with a question."""

    OTHER = "other"  # looked up and quoted, as most are
    GREETING = "greeting"
    THANKS = "thanks"
    HELP = "help"
    HOLDINGS = "holdings"  # which notices are there
    SUMMARY = "summary"
    COUNT = "count"
    SUM = "sum"
    DIFFERENCE = "difference"
    EXTREME = "extreme"
    INTERVAL = "interval"  # between two dates


TALK = frozenset({Operation.GREETING, Operation.THANKS, Operation.HELP})
"""What is answered without a notice."""


def features(text: str) -> dict[str, float]:
    """Return what is seen of a question, each feature in [0, 1].

    Args:
        text: the question; only its beginning is read.
    """
    said = normalise(text[:_LONGEST]).lower()
    plain = ["#" if word[0].isdigit() else word for word in syllables(said)]
    pairs = [f"{a} {b}" for a, b in pairwise(["^", *plain, "$"])]
    letters = [
        f" {word} "[i : i + _LETTERS]
        for word in map(fold, plain)
        for i in range(len(word) + 2 - _LETTERS + 1)
    ]
    found: dict[str, float] = {}
    for sort, seen in (("word", [*plain, *pairs]), ("letters", letters)):
        each = 1.0 / math.sqrt(len(set(seen)) or 1)
        found |= {f"{sort}:{one}": each for one in set(seen)}
    folded = fold(said)
    signs = {
        "long": min(1.0, len(plain) / 16),
        "document": float(bool(find_question_references(text[:_LONGEST]))),
        "agency": float(bool(find_agencies(text[:_LONGEST]))),
        "most": float(bool(words().most.search(said) or words().least.search(said))),
        "tasks": float(bool(words().tasks.search(said))),
    }
    signs |= {name: float(bool(sign.search(folded))) for name, sign in words().signs.items()}
    return found | {f"sign:{name}": value for name, value in signs.items() if value}


@dataclass(frozen=True, slots=True)
class Recogniser:
    """Multinomial logistic regression over ``features``.

    Args:
        operations: what the weights of a feature are for, in this order.
        weights: of each feature, by name; a feature without any counts nothing.
        bias: of each operation.
        least: probability from which on an operation other than ``OTHER`` is taken.
    """

    operations: tuple[Operation, ...]
    weights: Mapping[str, Sequence[float]]
    bias: Sequence[float]
    least: float

    @classmethod
    def load(cls) -> Self:
        """Load ``recogniser.json``, which ``scripts/fit_operations.py`` writes."""
        path = files("assistant.operations").joinpath("recogniser.json")
        told = json.loads(path.read_text(encoding="utf-8"))
        operations = tuple(Operation(name) for name in told["operations"])
        return cls(operations, told["weights"], told["bias"], told["least"])

    def recognise(self, text: str) -> Operation:
        """Return the operation that a question asks for."""
        shares = self.probabilities(text)
        best = max(shares, key=lambda operation: shares[operation])
        if shares[best] < self.least or (best in TALK and not self._is_talk(text)):
            return Operation.OTHER
        return best

    def _is_talk(self, text: str) -> bool:
        """Whether most of the words were ever seen: a lone word of some notice is no talk."""
        said = [name for name in features(text) if name.startswith("word:") and " " not in name]
        seen = sum(name in self.weights for name in said)
        return 2 * seen > len(said)

    def probabilities(self, text: str) -> dict[Operation, float]:
        """Return how likely each operation is; they add up to 1."""
        scores = list(self.bias)
        for name, value in features(text).items():
            for n, weight in enumerate(self.weights.get(name, ())):
                scores[n] += weight * value
        highest = max(scores)
        powers = [math.exp(score - highest) for score in scores]
        total = sum(powers)
        return {o: power / total for o, power in zip(self.operations, powers, strict=True)}
