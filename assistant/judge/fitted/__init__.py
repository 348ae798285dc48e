"""Weights that `congvu eval fit` learned from questions, one file an embedder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Self

from assistant.judge.logistic import Answering, Calibration, Logistic
from assistant.judge.trees import Trees
from corpus.errors import Damaged

_SUFFIX = ".json"


@dataclass(frozen=True, slots=True)
class Fitted:
    """Models that were fitted together.

    Args:
        embedder: whose cosines they count on, ``model/dimension``; ``""`` for none.
        relevance: of clauses.
        answering: of what was chosen of them.
    """

    embedder: str
    relevance: Trees
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
        return cls(told["embedder"], Trees.from_json(told["relevance"]), answering)

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        gate = self.answering
        return {
            "embedder": self.embedder,
            "relevance": self.relevance.to_json(),
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


def _same(fitted: str, asked: str) -> bool:
    parts = zip(fitted.split("/"), asked.split("/"), strict=False)
    return all(mine == its for mine, its in parts)


def _plain(model: Logistic) -> dict[str, Any]:
    return {"weights": dict(model.weights), "bias": model.bias}
