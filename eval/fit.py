"""Fits relevance and the gate, and tells what they are worth on documents they never saw.

Everything is nested by document. What is told of a document comes from models fitted without
it: relevance, the gate on top of it, and how probable an answer is. The gate in turn learns from
what relevance says of documents that *it* had not seen, for so it will meet relevance in use.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import files
from pathlib import Path

import numpy as np

from assistant.assistant import AnswerOptions, Assistant
from assistant.contract import Versions
from assistant.judge.fitted import Fitted
from assistant.judge.gate import Gate
from assistant.judge.logistic import Answering, Calibration, Logistic
from assistant.judge.trees import Trees
from corpus.errors import BadInput
from eval.learning import Example, Reliability, calibrate, fit, fit_trees, reliability
from eval.material import Case, Signs
from eval.measures import Metric, Record, measure
from eval.suites.asking import ask, record_of

SHIPPED = Path(str(files("assistant.judge.fitted")))
FOLDS = 6
FALSE_REFUSALS = 0.04  # share of the answerable questions that the gate may refuse
_FAR = 0.45  # cosine of EmbeddingGemma below which nothing is near a question
_DIGITS = 4
_LEAST_FOLDS = 3  # one that is judged, one that the gate learns from, one that relevance does
COSINES = frozenset({"cosine", "behind_nearest", "nearest", "near"})
"""Features that another embedder has on another scale."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A case that the gate decided, by models that never saw its documents.

    Args:
        case: number of the case.
        log_odds: of the gate, before calibration.
        is_answerable: whether the documents tell it.
        is_answered: whether the quotes do.
    """

    case: int
    log_odds: float
    is_answerable: bool
    is_answered: bool


class Fitting:
    """Fits to cases, with their documents in folds.

    Args:
        cases: of any number of libraries, all with the same embedder.
        embedder: ``model/dimension``; ``""`` leaves out what looks at cosines.
        fold_of: the fold of each case, as ``folds_of`` gives it; folds are held out in turn.
        false_refusals: share of the answerable questions that the gate may refuse.
        progress: hears of cases looked at, and how many there are in all.

    Every method raises ``BadInput`` where the documents are too few to hold some out.
    """

    def __init__(
        self,
        cases: Sequence[Case],
        embedder: str,
        fold_of: Sequence[int],
        false_refusals: float = FALSE_REFUSALS,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:
        self._cases = cases
        self._embedder = embedder
        self._hidden = frozenset() if embedder else COSINES
        self._false_refusals = false_refusals
        self._progress = progress
        self._fold_of = list(fold_of)
        self._folds = sorted(set(self._fold_of))
        if len(self._folds) < _LEAST_FOLDS:
            raise BadInput(
                "Bộ câu hỏi chỉ nói về một nhóm văn bản, không để riêng được phần nào.",
                "Thêm câu hỏi trên ít nhất ba nhóm văn bản.",
            )
        self._clauses = [[*map(self._seen, case.for_relevance())] for case in cases]
        self._relevance: dict[frozenset[int], Trees] = {}
        self._gates: dict[frozenset[int], Logistic] = {}

    def fitted(self) -> Fitted:
        """Return the models fitted to all cases."""
        gate = self._answering(_rounded(self._gate(())), self.judged)
        line = gate.calibration
        calibration = Calibration(round(line.slope, _DIGITS), round(line.intercept, _DIGITS))
        answering = replace(gate, calibration=calibration, least=round(gate.least, _DIGITS))
        return Fitted(self._embedder, self._relevance_without(()), answering)

    def held_out(self, fold: int) -> Fitted:
        """Return the models fitted without a fold; its cases set no threshold either."""
        others = [one for one in self.judged if self._fold_of[one.case] != fold]
        answering = self._answering(self._gate((fold,)), others)
        return Fitted(self._embedder, self._relevance_without((fold,)), answering)

    @cached_property
    def judged(self) -> tuple[Judged, ...]:
        """The cases that the gate decides, each judged without its own fold."""
        found: list[Judged] = []
        for fold in self._folds:
            gate = self._gate((fold,))
            for number, signs in self._signs(fold, (fold,)):
                odds = gate.log_odds(signs.example.features)
                found.append(Judged(number, odds, signs.example.holds, signs.is_answered))
        return tuple(sorted(found, key=lambda one: one.case))

    def first_clause(self) -> Metric:
        """Return how often the likeliest clause is gold, among questions that have one."""
        records: list[Record] = []
        for fold in self._folds:
            model = self._relevance_without((fold,))
            for number in self._in(fold):
                if clauses := self._clauses[number]:
                    best = max(clauses, key=lambda one: model.probability(one.features))
                    records.append({"measures": {"first": [float(best.holds), 1.0]}})
        return measure(records)["first"]

    def reliability(self) -> Reliability:
        """Compare the probabilities that held-out questions are answered with what held."""
        told: list[float] = []
        held: list[bool] = []
        for fold in self._folds:
            answering = self.held_out(fold).answering
            for one in self.judged:
                if self._fold_of[one.case] == fold:
                    told.append(answering.calibration.probability(one.log_odds))
                    held.append(one.is_answered)
        return reliability(told, held)

    def records(self) -> list[Record]:
        """Ask every question of an assistant that was fitted without its documents; no LLM."""
        made: dict[int, Record] = {}
        for fold in self._folds:
            fitted = self.held_out(fold)
            for number in self._in(fold):
                case = self._cases[number]
                reply = ask(_assistant(case, fitted), case.gold, case.history)
                made[number] = record_of(case.gold, reply.answer, case.clauses)
                self._progress(len(made), len(self._cases))
        return [made[number] for number in range(len(self._cases))]

    def _gate(self, left_out: Collection[int]) -> Logistic:
        key = frozenset(left_out)
        if key not in self._gates:
            examples = [
                signs.example
                for fold in self._folds
                if fold not in key
                for taken_out in (False, True)
                for _, signs in self._signs(fold, (fold, *key), taken_out=taken_out)
            ]
            self._gates[key] = fit(examples, even=True)
        return self._gates[key]

    def _signs(
        self, fold: int, unseen: Collection[int], *, taken_out: bool = False
    ) -> list[tuple[int, Signs]]:
        """Return what the gate sees of a fold with relevance that saw none of ``unseen``."""
        relevance = self._relevance_without(unseen)
        found = [
            (number, self._cases[number].for_gate(relevance, taken_out=taken_out))
            for number in self._in(fold)
        ]
        return [
            (number, replace(signs, example=self._seen(signs.example)))
            for number, signs in found
            if signs is not None
        ]

    def _relevance_without(self, folds: Collection[int]) -> Trees:
        key = frozenset(folds)
        if key not in self._relevance:
            kept = [
                example
                for number, examples in enumerate(self._clauses)
                if self._fold_of[number] not in key
                for example in examples
            ]
            self._relevance[key] = fit_trees(kept)
        return self._relevance[key]

    def _in(self, fold: int) -> list[int]:
        return [number for number, its in enumerate(self._fold_of) if its == fold]

    def _seen(self, example: Example) -> Example:
        kept = {k: v for k, v in example.features.items() if k not in self._hidden}
        return replace(example, features=kept)

    def _answering(self, gate: Logistic, judged: Sequence[Judged]) -> Answering:
        line = calibrate([one.log_odds for one in judged], [one.is_answered for one in judged])
        answerable = [line.probability(one.log_odds) for one in judged if one.is_answerable]
        least = float(np.quantile(answerable, self._false_refusals))
        return Answering(gate, line, least, _FAR if self._embedder else None)


def write(fitted: Fitted, folder: Path) -> Path:
    """Write the weights as data and return the file; the folder is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    name = fitted.embedder.replace("/", "-") or "any-embedder"
    path = folder / f"{name}.json"
    path.write_text(json.dumps(fitted.to_json()) + "\n", encoding="utf-8")
    return path


def _assistant(case: Case, fitted: Fitted) -> Assistant:
    reading = case.reading
    reading = replace(
        reading,
        finder=reading.finder.judging_by(fitted.relevance),
        gate=Gate(fitted.answering),
    )
    versions = Versions(reading.snapshot.id, "", fitted.embedder, "")
    return Assistant(reading, None, AnswerOptions(lead=False), versions)


def _rounded(model: Logistic) -> Logistic:
    weights = {name: round(weight, _DIGITS) for name, weight in model.weights.items()}
    return Logistic(weights, round(model.bias, _DIGITS))
