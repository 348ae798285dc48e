"""A run's figures with their intervals, made from the records of its questions in one way.

A record may hold, besides whatever describes it:

- ``measures``: name → ``[part, whole]``; a rate is the sum of parts ÷ the sum of wholes;
- ``timings_ms``: name → milliseconds; gives ``<name>_ms_p50`` and ``_p95``;
- ``words``: of the answer; gives ``words_p50`` and ``words_p90``;
- ``confidence`` and ``answerable``: give ``aurc``, the area under the risk–coverage curve;
- ``samples``: name → repeated measurements; gives their median under that name;
- ``pairs``: name → ``[[ours, limit], …]``, measured together; gives the ratio of their medians;
- ``slices``: name → values; the rates and quantiles of each are given apart.

So every rate can be sliced and compared pairwise without knowing what it counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.statistics import RESAMPLES, SEED, area, risk_coverage, wilson

Record = Mapping[str, Any]
"""One question of a run, as it stands in ``records.jsonl``."""

LOWER_IS_BETTER = frozenset(
    {
        "false_refusals",
        "lost",
        "mixed",
        "changed",
        "told_to_come_back",
        "character_errors",
        "character_errors_moved",
    }
)
"""Rates that get worse by rising; times, word counts and the AURC do as well."""

_AURC_RESAMPLES = 500  # a curve each; the ends of the interval move by less than .01


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure with its 95 % interval.

    Args:
        value: None when there was nothing to measure.
        low: lower end of the interval, None where one measurement has none.
        high: its upper end.
        n: questions or measurements that it rests on.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int


def rate(shares: Sequence[tuple[float, float]]) -> Metric:
    """Pool (part, whole) of each question; see ``eval.statistics.estimate`` for the interval.

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
    value = float(parts.sum() / wholes.sum())
    if value in {0.0, 1.0}:
        low, high = wilson(round(value * counted), counted)
    else:
        low, high = (float(one) for one in np.quantile(values, [0.025, 0.975]))
    return Metric(value, low, high, counted)


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
    low, high = _interval(drawn, len(column))
    return Metric(float(np.quantile(column, share)), low, high, len(column))


def ratio(pairs: Sequence[tuple[float, float]]) -> Metric:
    """Return the ratio of two medians; pairs are resampled whole, so a busy minute cancels out.

    Args:
        pairs: two measurements that were made together, the second above 0.
    """
    if not pairs:
        return Metric(None, None, None, 0)
    table = np.array(pairs, dtype=np.float64)
    above, below = np.median(table, axis=0)
    drawn = np.median(table[resample(len(table))], axis=1)
    low, high = _interval(drawn[:, 0] / drawn[:, 1], len(table))
    return Metric(float(above / below), low, high, len(table))


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
    if (curve := _aurc(records)) is not None:
        found["aurc"] = curve
    for name, values in _gather(record.get("samples") or {} for record in records).items():
        found[name] = quantile(values, 0.5)
    pairs: dict[str, list[tuple[float, float]]] = {}
    for record in records:
        for name, many in (record.get("pairs") or {}).items():
            pairs.setdefault(name, []).extend((float(a), float(b)) for a, b in many)
    return found | {name: ratio(many) for name, many in pairs.items()}


def words_by_kind(records: Sequence[Record]) -> dict[str, Metric]:
    """Return ``words_<kind>_p50`` and ``_p90`` of the answers of each kind of question."""
    words: dict[str, list[float]] = {}
    for record in records:
        if record.get("words") is not None and record.get("kind"):
            words.setdefault(str(record["kind"]), []).append(float(record["words"]))
    return {
        f"words_{kind}_p{percent}": quantile(words[kind], percent / 100)
        for kind in sorted(words)
        for percent in (50, 90)
    }


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


def _aurc(records: Sequence[Record]) -> Metric | None:
    """Return the area under the risk–coverage curve; None unless both sorts of question occur."""
    scored = [
        (float(record["confidence"]), bool(record["answerable"]))
        for record in records
        if record.get("confidence") is not None and record.get("answerable") is not None
    ]
    if len({answerable for _, answerable in scored}) < 2:
        return None

    def of(rows: Sequence[int]) -> float:
        some = [scored[row] for row in rows]
        return area(risk_coverage([score for score, _ in some], [a for _, a in some]))

    drawn = np.array([of(rows) for rows in resample(len(scored))[:_AURC_RESAMPLES].tolist()])
    low, high = _interval(drawn, len(scored))
    return Metric(of(range(len(scored))), low, high, len(scored))


def _interval(drawn: NDArray[np.float64], n: int) -> tuple[float | None, float | None]:
    """Return the middle 95 % of resampled values; a single measurement has none."""
    if n < 2:
        return None, None
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)


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
