"""Two runs on the same questions, question by question.

A difference is that of the pooled rates; its interval comes from resampling questions, the
same for both runs (paired bootstrap, Efron & Tibshirani 1993, ch. 8 and 13): what is hard for
both cancels out. Times are compared by their medians in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import BadInput
from eval.funnel import stage_of
from eval.ledger import Stage
from eval.measures import LOWER_IS_BETTER, Record, measure_names, resample, shares_of
from eval.record import RunFolder
from eval.statistics import wilson

BOUND = 0.02
"""How much a rate may get worse."""

TIME_BOUND = 0.2
"""How much longer a time may take at p50, as a share of what it took."""

_NOTICED_MS = 20.0
"""A change of a time that nobody could notice is no regression, however sure it is."""

FLIPPING = ("answer_accuracy", "refusal_recall", "R@1")
"""Rates whose changed questions are listed; a false refusal is a wrong answer already."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How one rate changed from A to B.

    Args:
        a: in run A, over the questions both have.
        b: in run B.
        change: b − a.
        low: 2.5th percentile of the resampled changes.
        high: 97.5th percentile.
        n: questions that count in either.
        regression: it got worse by more than the bound, and the interval excludes 0.
    """

    a: float
    b: float
    change: float
    low: float
    high: float
    n: int
    regression: bool


@dataclass(frozen=True, slots=True)
class TimeDifference:
    """How one time changed from A to B, milliseconds.

    Args:
        a: median in run A, over the questions that both have it of.
        b: in run B.
        change: b − a.
        low: 2.5th percentile of the resampled changes, None for a single question.
        high: 97.5th percentile.
        p95: (A, B), told but not judged: it rests on a few questions.
        n: questions.
        regression: it got longer by more than the bound, and the interval excludes 0; never
            where the machines differ.
    """

    a: float
    b: float
    change: float
    low: float | None
    high: float | None
    p95: tuple[float, float]
    n: int
    regression: bool


@dataclass(frozen=True, slots=True)
class Flip:
    """A question that one run gets and the other doesn't.

    Args:
        id: of the question.
        question: its text.
        metric: which rate.
        better: whether B is the one that gets it.
    """

    id: str
    question: str
    metric: str
    better: bool


@dataclass(frozen=True, slots=True)
class StageChange:
    """How many questions were lost at one stage, of those that both runs followed.

    Args:
        a: in run A.
        b: in run B.
        left: lost there in A and no longer in B.
        came: lost there in B and not in A.
    """

    a: int
    b: int
    left: int
    came: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from run A to run B.

    Args:
        differences: by rate.
        times: by name, e.g. ``total``.
        stages: by where questions were lost, in the order of the way; those of ``eval.ledger``.
        flips: in the order of the questions.
        common: questions that both runs have.
        only_one: questions that one of them lacks.
        settings: what differs between the runs, name → (A, B).
        same_machine: whether times can be judged.
    """

    differences: Mapping[str, Difference]
    times: Mapping[str, TimeDifference]
    stages: Mapping[str, StageChange]
    flips: tuple[Flip, ...]
    common: int
    only_one: int
    settings: Mapping[str, tuple[str, str]]
    same_machine: bool

    @property
    def regressions(self) -> tuple[str, ...]:
        """The rates and times that got worse beyond their bounds."""
        return (
            *(name for name, one in self.differences.items() if one.regression),
            *(f"{name}_ms_p50" for name, one in self.times.items() if one.regression),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the comparison ready for JSON."""
        return asdict(self) | {"regressions": list(self.regressions)}


def compare_runs(
    a: RunFolder, b: RunFolder, bound: float = BOUND, time_bound: float = TIME_BOUND
) -> Comparison:
    """Compare two runs; A is the one before.

    Args:
        a: a run's directory.
        b: another's.
        bound: how much a rate may get worse, at least 0.
        time_bound: how much longer a time may take, as a share of its median in A.

    Raises:
        BadInput: one is no run, or they are of different suites or data.
    """
    first, second = a.info(), b.info()
    for what, old, new in (
        ("bộ đo", first.get("suite"), second.get("suite")),
        ("dữ liệu", first.get("data", {}).get("sha256"), second.get("data", {}).get("sha256")),
    ):
        if old != new:
            raise BadInput(
                f"Hai lần chạy khác {what}: {old} và {new}.", "So sánh hai lần chạy cùng bộ câu."
            )
    in_a, in_b = ({record["id"]: record for record in run.records()} for run in (a, b))
    pairs = [(record, in_b[one]) for one, record in in_a.items() if one in in_b]
    if not pairs:
        raise BadInput("Hai lần chạy không có câu hỏi chung.", "So sánh hai lần chạy cùng bộ câu.")
    machines = (first.get("machine"), second.get("machine"))
    return Comparison(
        differences=_differences(pairs, bound),
        times=_times(pairs, time_bound if machines[0] == machines[1] else None),
        stages=_stages(pairs),
        flips=tuple(flip for name in FLIPPING for flip in _flips(name, pairs)),
        common=len(pairs),
        only_one=len(in_a.keys() ^ in_b.keys()),
        settings=_changed(first, second),
        same_machine=machines[0] == machines[1],
    )


def _stages(pairs: Sequence[tuple[Record, Record]]) -> dict[str, StageChange]:
    both = [(stage_of(old), stage_of(new)) for old, new in pairs]
    known = [(old, new) for old, new in both if old is not None and new is not None]
    changes = {
        stage.value: StageChange(
            a=sum(old is stage for old, _ in known),
            b=sum(new is stage for _, new in known),
            left=sum(old is stage is not new for old, new in known),
            came=sum(new is stage is not old for old, new in known),
        )
        for stage in Stage
    }
    return {name: one for name, one in changes.items() if one.a or one.b}


def _differences(pairs: Sequence[tuple[Record, Record]], bound: float) -> dict[str, Difference]:
    old, new = [one for one, _ in pairs], [two for _, two in pairs]
    return {
        name: found
        for name in measure_names([*old, *new])
        if (found := difference(name, shares_of(old, name), shares_of(new, name), bound))
    }


def difference(
    name: str,
    a: Sequence[tuple[float, float]],
    b: Sequence[tuple[float, float]],
    bound: float = BOUND,
) -> Difference | None:
    """Compare one rate; None where a run has nothing to divide by.

    Args:
        name: says whether lower is better.
        a: (part, whole) of each question in A.
        b: the same questions in B.
        bound: how much it may get worse.
    """
    before, after = np.array(a, dtype=np.float64), np.array(b, dtype=np.float64)
    if not before[:, 1].any() or not after[:, 1].any():
        return None
    # Only questions that count in either: the rest would only thin the resamples out.
    counted = (before[:, 1] > 0) | (after[:, 1] > 0)
    before, after = before[counted], after[counted]
    drawn = resample(len(before))
    usable = (before[drawn, 1].sum(axis=1) > 0) & (after[drawn, 1].sum(axis=1) > 0)
    changes = _rates(after, drawn[usable]) - _rates(before, drawn[usable])
    low, high = (float(value) for value in np.quantile(changes, [0.025, 0.975]))
    old, new = (float(one[:, 0].sum() / one[:, 1].sum()) for one in (before, after))
    if low == high and abs(new - old) in {0.0, 1.0}:
        low, high = _without_width(new - old, len(before))
    loss = new - old if name in LOWER_IS_BETTER else old - new
    excludes_zero = low > 0 or high < 0
    # A hair above the bound by rounding is not above it.
    regression = loss > bound + 1e-9 and excludes_zero
    return Difference(old, new, new - old, low, high, len(before), regression)


def _without_width(change: float, n: int) -> tuple[float, float]:
    """Return an interval where all questions changed alike, which the bootstrap calls certain.

    At least the share w (Wilson) of all questions would do as these did, and the rest may do
    anything.
    """
    sure = wilson(n, n)[0]
    if not change:
        return sure - 1, 1 - sure
    return (2 * sure - 1, 1.0) if change > 0 else (-1.0, 1 - 2 * sure)


def _rates(shares: NDArray[np.float64], drawn: NDArray[np.int64]) -> NDArray[np.float64]:
    rates: NDArray[np.float64] = shares[drawn, 0].sum(axis=1) / shares[drawn, 1].sum(axis=1)
    return rates


def _flips(name: str, pairs: Sequence[tuple[Record, Record]]) -> list[Flip]:
    flips: list[Flip] = []
    for old, new in pairs:
        before, after = shares_of([old, new], name)
        if before[1] and after[1] and before[0] / before[1] != after[0] / after[1]:
            better = after[0] / after[1] > before[0] / before[1]
            flips.append(Flip(old["id"], str(old.get("question", "")), name, better))
    return flips


def _times(
    pairs: Sequence[tuple[Record, Record]], bound: float | None
) -> dict[str, TimeDifference]:
    columns: dict[str, list[tuple[float, float]]] = {}
    for old, new in pairs:
        before, after = old.get("timings_ms") or {}, new.get("timings_ms") or {}
        for name in before.keys() & after.keys():
            columns.setdefault(name, []).append((float(before[name]), float(after[name])))
    return {name: time_difference(columns[name], bound) for name in sorted(columns)}


def time_difference(
    pairs: Sequence[tuple[float, float]], bound: float | None = TIME_BOUND
) -> TimeDifference:
    """Compare the medians of one time; questions are resampled whole.

    Args:
        pairs: milliseconds in A and B of each question, at least one.
        bound: how much longer it may take, as a share of the median in A; None judges nothing.
    """
    table = np.array(pairs, dtype=np.float64)
    old, new = (float(one) for one in np.median(table, axis=0))
    low: float | None = None
    high: float | None = None
    if len(table) > 1:
        medians = np.median(table[resample(len(table))], axis=1)
        low, high = (float(v) for v in np.quantile(medians[:, 1] - medians[:, 0], [0.025, 0.975]))
    loss = new - old
    beyond = bound is not None and loss > max(bound * old, _NOTICED_MS) + 1e-9
    tails = np.percentile(table, 95, axis=0)
    return TimeDifference(
        a=old,
        b=new,
        change=loss,
        low=low,
        high=high,
        p95=(float(tails[0]), float(tails[1])),
        n=len(table),
        regression=beyond and low is not None and low > 0,
    )


def _changed(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    changed: dict[str, tuple[str, str]] = {}
    for part in ("versions", "settings", "options", "machine"):
        old, new = a.get(part) or {}, b.get(part) or {}
        for name in sorted({*old, *new}):
            if old.get(name) != new.get(name):
                changed[f"{part}.{name}"] = (str(old.get(name)), str(new.get(name)))
    return changed
