"""Which of a document's own data a question wants: who signed it, when it is in force.

Learned, not listed: “ai đặt bút ký”, “chạy từ hôm nào” and “có hiệu lực” are told from what
questions ask of clauses by the syllables that stand in them. ``eval/fit_wanted.py`` fits the
weights to questions whose gold clause a sheet (``corpus.parse.sheet``) knows.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Self

from corpus.facts.references import find_question_references
from corpus.parse.sheet import DatumKind
from corpus.text import fold, syllables

SURE = 0.5
"""The probability from which on a datum counts as wanted."""

_LONGEST = 3  # syllables of an n-gram
_NAMED = "vb0"  # stands for every document number, so that none is learned
_KINDS = re.compile(r"\b(?:thong tu|nghi dinh|nghi quyet|quyet dinh|ke hoach|van ban|cong van)\b")


def signs(question: str) -> frozenset[str]:
    """Return the folded n-grams of a question, of one to three syllables.

    Numbers of documents and kinds of them are one word each: they say which document is meant,
    not what is wanted of it.
    """
    kept = question
    for reference in reversed(find_question_references(question)):
        kept = f"{kept[: reference.span.start]} {_NAMED} {kept[reference.span.end :]}"
    text = _KINDS.sub(_NAMED, fold(" ".join(syllables(kept))))
    words = ["^", *(re.sub(r"\d[\d./-]*%?", "0", word) for word in text.split()), "$"]
    return frozenset(
        " ".join(words[i : i + n])
        for n in range(1, _LONGEST + 1)
        for i in range(len(words) - n + 1)
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Tells the data that a question wants, each by a logistic regression over its n-grams.

    Args:
        weights: kind → n-gram → weight.
        biases: kind → what is added.
    """

    weights: Mapping[DatumKind, Mapping[str, float]]
    biases: Mapping[DatumKind, float]

    @classmethod
    def load(cls) -> Self:
        """Load ``wanted.json``, which ``eval/fit_wanted.py`` writes."""
        text = files("assistant.understand").joinpath("wanted.json").read_text(encoding="utf-8")
        told = json.loads(text)
        return cls(
            {DatumKind(kind): one["weights"] for kind, one in told.items()},
            {DatumKind(kind): one["bias"] for kind, one in told.items()},
        )

    def of(self, question: str) -> dict[DatumKind, float]:
        """Return the probability of each kind, in (0, 1).

        Args:
            question: as typed or restored.
        """
        found = signs(question)
        return {
            kind: 1.0 / (1.0 + math.exp(-self.biases[kind] - sum(map(lookup, found))))
            for kind, weights in self.weights.items()
            for lookup in [lambda sign, weights=weights: weights.get(sign, 0.0)]
        }
