"""What a run has to reach (``eval/targets.toml``), and whether it does."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from eval.measures import Metric
from eval.report.numbers import Unit, bound
from eval.report.run_data import Run


class Target(BaseModel):
    """One row of the table of targets; the file itself says what its fields mean."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    suite: tuple[str, ...] = Field(min_length=1)
    metric: str
    sense: Literal[">=", "<="]
    value: float
    unit: Unit
    data: str = ""
    gap: bool = False
    kinds: tuple[str, ...] = ()

    @property
    def metrics(self) -> tuple[str, ...]:
        """The names in ``metrics.json`` that it is about: all of them have to reach it."""
        if not self.kinds:
            return (self.metric,)
        return tuple(self.metric.replace("KIND", kind) for kind in self.kinds)

    def applies(self, run: Run) -> bool:
        """Whether a run of this suite on this data is meant to reach it."""
        if run.suite not in self.suite or self.data not in run.data.lower():
            return False
        return run.stripped if self.gap else not (run.stripped and run.suite == "beir")

    @property
    def shown(self) -> str:
        """The bound as people read it, e.g. ``≥ 95 %``."""
        return f"{'≥' if self.sense == '>=' else '≤'} {bound(self.value, self.unit)}"

    def is_met(self, value: float) -> bool:
        """Whether a value in the target's unit reaches it."""
        slack = 1e-9  # a rate is a ratio of counts, so this much is rounding, not a miss
        return value >= self.value - slack if self.sense == ">=" else value <= self.value + slack


class State(Enum):
    """How a run stands to a target, in the words of the page."""

    MET = "Đạt"
    MISSED = "Chưa đạt"
    UNKNOWN = "Chưa đo"
    OTHER = "Không thuộc lần chạy này"


@dataclass(frozen=True, slots=True)
class Standing:
    """A run's measure against a target.

    Args:
        metric: in the target's unit; of several kinds the one farthest from the target.
        kind: which kind of question that is, empty for a target of all.
    """

    target: Target
    state: State
    metric: Metric | None
    kind: str = ""

    @property
    def is_close(self) -> bool:
        """Whether the interval leaves it open: the bound lies strictly within."""
        found = self.metric
        if found is None or found.low is None or found.high is None:
            return False
        return found.low < self.target.value < found.high


def load_targets() -> tuple[Target, ...]:
    """Read the targets that come with the package."""
    text = files("eval").joinpath("targets.toml").read_text(encoding="utf-8")
    return tuple(Target.model_validate(one) for one in tomllib.loads(text)["target"])


def stand(target: Target, run: Run, runs: Sequence[Run]) -> Standing:
    """Judge one run by one target.

    Args:
        target: what is to be reached.
        run: what is judged.
        runs: all runs of the page; a gap is measured against the one with diacritics.
    """
    if not target.applies(run):
        return Standing(target, State.OTHER, None)
    if target.kinds:
        return _of_kinds(target, run)
    metric = _gap(target, run, runs) if target.gap else run.figure(target.metric)
    if metric is None or metric.value is None:
        return Standing(target, State.UNKNOWN, None)
    return Standing(target, State.MET if target.is_met(metric.value) else State.MISSED, metric)


def _of_kinds(target: Target, run: Run) -> Standing:
    found = [
        (metric.value, kind, metric)
        for kind, name in zip(target.kinds, target.metrics, strict=True)
        if (metric := run.figure(name)) is not None and metric.value is not None
    ]
    if not found:
        return Standing(target, State.UNKNOWN, None)
    choose = min if target.sense == ">=" else max
    value, kind, metric = choose(found, key=lambda one: one[0])
    state = State.MET if target.is_met(value) else State.MISSED
    return Standing(target, state, metric, kind)


def _gap(target: Target, run: Run, runs: Sequence[Run]) -> Metric | None:
    """Return what stripping the same questions of diacritics loses; no interval is made up."""
    ids = set(run.by_id)
    whole = next((one for one in runs if not one.stripped and set(one.by_id) == ids), None)
    accented = None if whole is None else whole.figure(target.metric)
    bare = run.figure(target.metric)
    if accented is None or bare is None or accented.value is None or bare.value is None:
        return None
    return Metric(accented.value - bare.value, None, None, bare.n)
