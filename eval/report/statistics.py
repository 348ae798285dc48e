"""What the pictures show, worked out from the records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.report.plot import Point
from eval.report.run_data import Run
from eval.statistics import GatePoint, area, risk_coverage, wilson

_BINS = 10


def ecdf(values: Sequence[float]) -> tuple[Point, ...]:
    """Return the corners of the empirical distribution of ``values``, from share 0 to 1."""
    points: list[Point] = [(0.0, 0.0)]
    for i, value in enumerate(sorted(values)):
        points += [(value, i / len(values)), (value, (i + 1) / len(values))]
    return tuple(points)


def quantile(values: Sequence[float], share: float) -> float:
    """Return a linear-interpolated quantile of at least one value."""
    return float(np.quantile(np.array(values, dtype=np.float64), share))


def timings(run: Run, name: str) -> tuple[float, ...]:
    """Return the times of that name, in seconds, of the questions that have one."""
    return tuple(record.timings[name] for record in run.records if name in record.timings)


@dataclass(frozen=True, slots=True)
class Gate:
    """How a run's gate lets questions through.

    Args:
        coverage: share of all questions that were answered.
        risk: share of the answered ones that the notices don't answer.
        points: one for each score that could be the threshold; empty without scores.
        area: under the curve of ``points``.
        least_area: the same if every answerable question scored above every other.
        scored: questions with a score.
        of: questions altogether.
    """

    coverage: float
    risk: float
    points: tuple[GatePoint, ...]
    area: float
    least_area: float
    scored: int
    of: int

    @property
    def is_flat(self) -> bool:
        """Whether all questions have the same score, so that it tells nothing."""
        return len(self.points) < 2


def gate(run: Run) -> Gate | None:
    """Return the gate's behaviour, None without questions that say whether they're answerable."""
    known = [
        record
        for record in run.records
        if record.flag("answerable") is not None and record.flag("refused") is not None
    ]
    if not known:
        return None
    answered = [record for record in known if not record.flag("refused")]
    wrongly = sum(not record.flag("answerable") for record in answered)
    scored = gate_scores(run)
    points = risk_coverage([score for score, _ in scored], [able for _, able in scored])
    ideal = sorted((able for _, able in scored), reverse=True)
    return Gate(
        coverage=len(answered) / len(known),
        risk=wrongly / len(answered) if answered else 0.0,
        points=points,
        area=area(points),
        least_area=area(risk_coverage([float(-n) for n in range(len(ideal))], ideal)),
        scored=len(scored),
        of=len(known),
    )


@dataclass(frozen=True, slots=True)
class Bin:
    """Outcomes whose score lies in one range.

    Args:
        score: their mean score.
        share: how many of them came out right, 0-1.
        low: lower end of the 95 % Wilson interval.
        high: upper end.
        n: how many there are.
    """

    score: float
    share: float
    low: float
    high: float
    n: int


def reliability(pairs: Sequence[tuple[float, bool]]) -> tuple[Bin, ...]:
    """Put outcomes into ten ranges of equal width between the least and the greatest score.

    Scores within 0 and 1 are ranged over the whole of it, so that runs can be compared.

    Args:
        pairs: score, and whether it came out right.
    """
    if not pairs:
        return ()
    scores = [score for score, _ in pairs]
    low, high = (0.0, 1.0) if is_share(scores) else (min(scores), max(scores))
    width = (high - low) / _BINS or 1.0
    groups: dict[int, list[tuple[float, bool]]] = {}
    for score, right in pairs:
        groups.setdefault(min(_BINS - 1, int((score - low) / width)), []).append((score, right))
    return tuple(_bin(groups[i]) for i in sorted(groups))


def is_share(scores: Sequence[float]) -> bool:
    """Whether scores could be read as probabilities."""
    return all(0 <= score <= 1 for score in scores)


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the mean distance of score and share, weighted by n (ECE, Naeini et al. 2015)."""
    return sum(one.n * abs(one.score - one.share) for one in bins) / sum(one.n for one in bins)


def _bin(group: Sequence[tuple[float, bool]]) -> Bin:
    n = len(group)
    right = sum(was_right for _, was_right in group)
    low, high = wilson(right, n)
    return Bin(sum(score for score, _ in group) / n, right / n, low, high, n)


def gate_scores(run: Run) -> list[tuple[float, bool]]:
    """Return confidence of every question, refused or not, and whether it can be answered."""
    return [
        (record.confidence, answerable)
        for record in run.records
        if record.confidence is not None
        and (answerable := record.flag("answerable")) is not None
        and record.flag("refused") is not None
    ]


def answer_scores(run: Run) -> list[tuple[float, bool]]:
    """Return score and rightness of every answer that was given; of retrieval, its first document.

    Refusals are left out: a low score is what they are for.
    """
    pairs: list[tuple[float, bool]] = []
    for record in run.records:
        right = record.right
        if right is None or record.flag("refused"):
            continue
        score = record.ranked[0].score if record.ranked else record.confidence
        if score is not None:
            pairs.append((score, right))
    return pairs


def evidence_scores(run: Run) -> list[tuple[float, bool]]:
    """Return score of every retrieved clause, and whether it stands on a gold line."""
    return [
        (found.score, found.is_gold)
        for record in run.records
        for found in record.evidence
        if found.is_gold is not None
    ]
