"""Fits the weights of relevance and of the gate to questions whose clauses are known.

    python scripts/fit.py --notices ../shared/notices SET.jsonl… [--samples] [--check]

The sets are in the format of the `notices` suite (question, answerable, gold lines). For every
question the signs of `assistant/judge/{relevance,gate_features}.py` are worked out
with the real embedder, and a logistic regression is fitted to them. `--check` only prints what
ten-fold cross-validation says. Written are `assistant/fitted/{relevance,gate}.json`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from assistant.answer.choice import GroundFinder
from assistant.answer.lookup import Reading
from assistant.judge.gate_features import features
from assistant.judge.logistic import Features, Logistic
from assistant.judge.relevance import Relevance
from assistant.runtime.settings import Settings
from assistant.runtime.wiring import LocalParts
from assistant.understand.question import Question, understand
from assistant.understand.weighing import weigh_question
from corpus.parse.notices import parse_notice
from corpus.readers import find_files
from eval.dataset import Question as Gold
from eval.suites.asking import Clauses
from eval.suites.notices import NoticeQuestions
from index.embedder import Embedder
from index.embedding_cache import EmbeddingCache
from index.snapshot import Snapshot
from index.snapshot_store import SnapshotStore

ROOT = Path(__file__).parents[1]
FITTED = ROOT / "assistant" / "fitted"
_EVIDENCE = 20  # clauses judged for a question
_SHOWN = 12  # as `evidence_clauses` in the settings
_STRENGTH = 0.05  # inverse of the L2 penalty on standardised features; .02 to .2 do the same
_FOLDS, _TIMES = 10, 3
_FALSE_REFUSALS = 0.04  # share of answerable questions that the gate may refuse
_ROUNDS = 50
_AGAINST = frozenset({"behind_best", "unknown", "topic_unknown", "stranger"})
_DONE = 1e-9

Matrix = NDArray[np.float64]
_UNFITTED = Logistic({}, 0.0)


@dataclass(frozen=True, slots=True)
class Example:
    """What a model saw, and what it should have said.

    Args:
        question: number of the question it belongs to.
        features: by name.
        holds: whether the clause is gold, or the question answerable.
    """

    question: int
    features: Features
    holds: bool


@dataclass(frozen=True, slots=True)
class Material:
    """Questions on one set of notices.

    Args:
        reading: looks the notices up.
        clauses: tells which of them stand on gold lines.
        asked: each question with its number, as it is understood and as it is given.
    """

    reading: Reading
    clauses: Clauses
    asked: tuple[tuple[int, Question, Gold], ...]

    @classmethod
    def load(
        cls, sets: Iterable[Path], notices: Path, embedder: Embedder, work: Path, start: int
    ) -> Material:
        """Read the sets and index the notices under ``work``; questions are numbered on."""
        snapshot = _snapshot(notices, embedder, work)
        reading = Reading.of(snapshot, embedder)
        asked: list[tuple[int, Question, Gold]] = []
        for path in sets:
            given = NoticeQuestions.load(path, notices)
            for one in given.questions.values():
                history = given.history.get(one.id, ())
                read = understand(one.question, history, snapshot.notices, reading.vocabulary)
                asked.append((start + len(asked), read, one))
        return cls(reading, Clauses.of(tuple(snapshot.notices.values())), tuple(asked))

    def for_relevance(self) -> Iterator[Example]:
        """Yield the clauses found for the questions that have an answer."""
        for number, question, one in self.asked:
            if one.answerable:
                yield from _clause_signs(self.reading, self.clauses, question, one, number)

    def for_gate(self, relevance: Logistic) -> Iterator[Example]:
        """Yield what the gate sees of each question as a whole, with that relevance."""
        reading = self.reading
        finder = GroundFinder(reading.snapshot.clauses, reading.vocabulary, relevance)
        for number, question, one in self.asked:
            find = partial(reading.find, limit=_SHOWN, vectors={})
            evidence = find(question)
            ground = finder.choose(question, evidence, find) if evidence else None
            if ground is not None and ground.quotes:
                weights = weigh_question(question, reading.vocabulary)
                signs = features(question, weights, evidence, ground)
                yield Example(number, signs, one.answerable)


def _snapshot(notices: Path, embedder: Embedder, work: Path) -> Snapshot:
    read = [
        parse_notice(path.open(encoding="utf-8-sig", newline="").read(), path.name)
        for path in find_files([notices])
    ]
    return SnapshotStore(work).build(read, embedder, EmbeddingCache(work / "vectors.sqlite"))


def _clause_signs(
    reading: Reading, clauses: Clauses, question: Question, one: Gold, number: int
) -> Iterator[Example]:
    relevance = Relevance(question, weigh_question(question, reading.vocabulary), _UNFITTED)
    found = reading.find(question, _EVIDENCE)
    best = max((evidence.score for evidence in found), default=0.0)
    lines = [line for group in one.gold for line in group]
    for evidence in found:
        holds = any(clauses.touches(evidence.clause.id, line) for line in lines)
        yield Example(number, relevance.features(evidence, best), holds)


def fit(examples: Sequence[Example], *, even: bool) -> Logistic:
    """Fit a logistic regression with an L2 penalty by Newton's method.

    Args:
        examples: all with the same features.
        even: whether both answers weigh the same, however many there are of each.
    """
    names = list(examples[0].features)
    x = np.array([[one.features[name] for name in names] for one in examples])
    y = np.array([float(one.holds) for one in examples])
    share = np.array([1.0, 1.0]) if not even else 0.5 / np.array([1 - y.mean(), y.mean()])
    weight = share[y.astype(int)]
    mean, spread = x.mean(0), x.std(0)
    spread[spread == 0] = 1.0
    z = np.c_[(x - mean) / spread, np.ones(len(x))]
    penalty = np.eye(z.shape[1]) / _STRENGTH
    penalty[-1, -1] = 0.0
    beta = np.zeros(z.shape[1])
    for _ in range(_ROUNDS):
        p = 1 / (1 + np.exp(-z @ beta))
        gradient = z.T @ (weight * (p - y)) + penalty @ beta
        step = np.linalg.solve((z.T * (weight * p * (1 - p))) @ z + penalty, gradient)
        beta -= step
        if np.abs(step).max() < _DONE:
            break
    slopes = beta[:-1] / spread
    return Logistic(dict(zip(names, slopes.tolist(), strict=True)), float(beta[-1] - slopes @ mean))


def sensible(examples: Sequence[Example], *, even: bool) -> Logistic:
    """Fit, and leave out what would count the wrong way: too few examples have it.

    A lacking law must never speak for an answer.
    """
    kept = list(examples)
    while True:
        model = fit(kept, even=even)
        wrong = {name for name, weight in model.weights.items() if (weight > 0) == _against(name)}
        if not wrong:
            return model
        kept = [
            replace(one, features={k: v for k, v in one.features.items() if k not in wrong})
            for one in kept
        ]


def _against(name: str) -> bool:
    return name.startswith("lacks_") or name in _AGAINST


def cross_validated(examples: Sequence[Example], *, even: bool) -> Matrix:
    """Return each example's probability by models that never saw its question."""
    questions = sorted({one.question for one in examples})
    told = np.zeros(len(examples))
    for seed in range(_TIMES):
        order = np.random.default_rng(seed).permutation(questions)
        for fold in np.array_split(order, _FOLDS):
            left_out = set(fold.tolist())
            model = sensible([one for one in examples if one.question not in left_out], even=even)
            for at, one in enumerate(examples):
                if one.question in left_out:
                    told[at] += model.probability(one.features) / _TIMES
    return told


def report(relevance: Sequence[Example], gate: Sequence[Example], told: Matrix) -> None:
    """Print what cross-validation says of both."""
    judged = cross_validated(relevance, even=False)
    first: dict[int, tuple[float, bool]] = {}
    for one, probability in zip(relevance, judged, strict=True):
        first[one.question] = max(first.get(one.question, (-1.0, False)), (probability, one.holds))
    right = np.mean([holds for _, holds in first.values()])
    sys.stdout.write(f"relevance: {len(first)} questions, first clause is gold {right:.3f}\n")
    holds = np.array([one.holds for one in gate])
    sys.stdout.write(f"gate: {holds.sum()} answerable, {(~holds).sum()} not\n")
    for share in (0.02, 0.03, _FALSE_REFUSALS, 0.05, 0.08):
        split = np.quantile(told[holds], share)
        sys.stdout.write(
            f"  false refusals {share:.2f}: refusal recall {(told[~holds] < split).mean():.3f}\n"
        )


def main() -> None:
    """Collect, cross-validate, and write unless told not to."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("sets", nargs="*", type=Path)
    arguments.add_argument("--notices", type=Path, required=True)
    arguments.add_argument("--samples", action="store_true", help="take the sample set, too")
    arguments.add_argument("--check", action="store_true", help="write nothing")
    given = arguments.parse_args()
    embedder = LocalParts(Settings()).open_embedder("auto")
    pairs = [(given.sets, given.notices)]
    if given.samples:
        pairs.append(([ROOT / "eval" / "samples.jsonl"], ROOT / "corpus" / "samples"))
    with TemporaryDirectory() as work:
        loaded: list[Material] = []
        for at, (sets, notices) in enumerate(pairs):
            home = Path(work) / str(at)
            home.mkdir()
            start = sum(len(one.asked) for one in loaded)
            loaded.append(Material.load(sets, notices, embedder, home, start))
        clauses = [example for one in loaded for example in one.for_relevance()]
        relevance = sensible(clauses, even=False)
        opened = [example for one in loaded for example in one.for_gate(relevance)]
    told = cross_validated(opened, even=True)
    report(clauses, opened, told)
    if given.check:
        return
    split = float(np.quantile(told[[one.holds for one in opened]], _FALSE_REFUSALS))
    gate = sensible(opened, even=True)
    # The gate opens at one half, wherever the share of false refusals puts that.
    gate = Logistic(gate.weights, gate.bias - float(np.log(split / (1 - split))))
    for name, model in (("relevance", relevance), ("gate", gate)):
        weights = {feature: round(weight, 4) for feature, weight in model.weights.items()}
        text = json.dumps({"weights": weights, "bias": round(model.bias, 4)}, indent=2)
        (FITTED / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
