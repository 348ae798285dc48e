"""A run's figures with their intervals, made from the records of its questions in one way.

A record may hold, besides whatever describes it:

- ``measures``: name → ``[part, whole]``; a rate is the sum of parts ÷ the sum of wholes;
- ``timings_ms``: name → milliseconds; gives ``<name>_ms_p50`` and ``_p95``;
- ``words``: of the answer; gives ``words_p50`` and ``words_p90``;
- ``samples``: name → repeated measurements; gives their median under that name;
- ``slices``: name → values; the rates and quantiles of each are given apart.

So every rate can be sliced and compared pairwise without knowing what it counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.statistics import RESAMPLES, SEED

Record = Mapping[str, Any]
"""One question of a run, as it stands in ``records.jsonl``."""

LOWER_IS_BETTER = frozenset({"false_refusals"})
"""Rates that get worse by rising; times and word counts do as well."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure with its 95 % interval.

    Args:
        value: None when there was nothing to measure.
        low: 2.5th percentile of the resampled values.
        high: 97.5th percentile.
        n: questions or measurements that it rests on.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int


def rate(shares: Sequence[tuple[float, float]]) -> Metric:
    """Pool (part, whole) of each question; see ``eval.statistics.estimate`` for the bootstrap.

    Args:
        shares: one for each question, in a fixed order; a whole of 0 doesn't count.
    """
    parts, wholes = _columns(shares)
    counted = int((wholes > 0).sum())
    if not counted:
        return Metric(None, None, None, 0)
    drawn = resample(len(shares))
    below = wholes[drawn].sum(axis=1)
    values = parts[drawn].sum(axis=1)[below > 0] / below[below > 0]
    low, high = np.quantile(values, [0.025, 0.975])
    return Metric(float(parts.sum() / wholes.sum()), float(low), float(high), counted)


def quantile(values: Sequence[float], share: float) -> Metric:
    """Return a linear-interpolated quantile with its bootstrap interval.

    Args:
        values: measurements.
        share: 0.5 is the median.
    """
    if not values:
        return Metric(None, None, None, 0)
    column = np.array(values, dtype=np.float64)
    drawn = np.quantile(column[resample(len(column))], share, axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Metric(float(np.quantile(column, share)), float(low), float(high), len(column))


def resample(questions: int) -> NDArray[np.int64]:
    """Return the rows of the seeded bootstrap, shape (RESAMPLES, questions)."""
    return np.random.default_rng(SEED).integers(0, questions, (RESAMPLES, questions))


def measure(records: Sequence[Record]) -> dict[str, Metric]:
    """Return all figures of ``records`` by name."""
    found = {name: rate(shares_of(records, name)) for name in measure_names(records)}
    timings = _gather(record.get("timings_ms") or {} for record in records)
    for name, values in timings.items():
        found[f"{name}_ms_p50"] = quantile(values, 0.5)
        found[f"{name}_ms_p95"] = quantile(values, 0.95)
    if words := [float(r["words"]) for r in records if r.get("words") is not None]:
        found["words_p50"], found["words_p90"] = quantile(words, 0.5), quantile(words, 0.9)
    for name, values in _gather(record.get("samples") or {} for record in records).items():
        found[name] = quantile(values, 0.5)
    return found


def measure_slices(records: Sequence[Record]) -> dict[str, dict[str, Metric]]:
    """Return the figures of each slice, named ``kind=deadline``; slices may overlap."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        for name, values in (record.get("slices") or {}).items():
            for value in values:
                groups.setdefault(f"{name}={value}", []).append(record)
    return {name: measure(groups[name]) for name in sorted(groups)}


def measure_names(records: Iterable[Record]) -> list[str]:
    """Return the names of the rates, in order of appearance."""
    return list(dict.fromkeys(name for r in records for name in r.get("measures") or {}))


def shares_of(records: Iterable[Record], name: str) -> list[tuple[float, float]]:
    """Return (part, whole) of the rate ``name`` for each record; (0, 0) where it has none."""
    pairs = ((record.get("measures") or {}).get(name, (0, 0)) for record in records)
    return [(float(part), float(whole)) for part, whole in pairs]


def _columns(
    shares: Sequence[tuple[float, float]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    table = np.array(shares, dtype=np.float64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _gather(maps: Iterable[Mapping[str, Any]]) -> dict[str, list[float]]:
    values: dict[str, list[float]] = {}
    for found in maps:
        for name, value in found.items():
            many = value if isinstance(value, list) else [value]
            values.setdefault(name, []).extend(float(one) for one in many if one is not None)
    return {name: found for name, found in values.items() if found}
