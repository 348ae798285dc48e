"""Shares with bootstrap intervals, quantiles, and the risk–coverage curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.metrics import Share

RESAMPLES = 2000
SEED = 20260101


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share pooled over questions, with its 95 % interval.

    Args:
        value: sum of parts ÷ sum of wholes, None when there is nothing to divide by.
        low: 2.5th percentile of the resampled values.
        high: 97.5th percentile.
        part: what was counted.
        whole: of how many.
    """

    value: float | None
    low: float | None
    high: float | None
    part: int
    whole: int


def estimate(shares: Sequence[Share], seed: int = SEED, resamples: int = RESAMPLES) -> Estimate:
    """Pool the shares of questions; questions are resampled with replacement.

    The percentile bootstrap of a ratio of sums (Efron & Tibshirani 1993, ch. 13), for the
    citations of one question stand or fall together. Resamples with nothing to divide by are
    left out. The same shares and seed give the same interval.

    Args:
        shares: one for each question.
        seed: of the numpy generator.
        resamples: how often to resample.
    """
    parts = np.array([share.part for share in shares], dtype=np.int64)
    wholes = np.array([share.whole for share in shares], dtype=np.int64)
    part, whole = int(parts.sum()), int(wholes.sum())
    if not whole:
        return Estimate(None, None, None, part, whole)
    drawn = np.random.default_rng(seed).integers(0, len(shares), (resamples, len(shares)))
    below = wholes[drawn].sum(axis=1)
    values = parts[drawn].sum(axis=1)[below > 0] / below[below > 0]
    low, high = np.quantile(values, [0.025, 0.975])
    return Estimate(part / whole, float(low), float(high), part, whole)


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Quantiles of a measure by their percentage, e.g. ``p50``; ``n`` values."""

    n: int
    p50: float
    p90: float
    p95: float


def quantiles(values: Sequence[float]) -> Quantiles | None:
    """Return linear-interpolated quantiles, None without values."""
    if not values:
        return None
    p50, p90, p95 = (float(value) for value in np.quantile(values, [0.5, 0.9, 0.95]))
    return Quantiles(len(values), p50, p90, p95)


@dataclass(frozen=True, slots=True)
class GatePoint:
    """What the gate does at one threshold.

    Args:
        threshold: questions whose best evidence scores at least this are let through.
        coverage: share of all questions let through.
        risk: share of those let through that the notices don't answer.
    """

    threshold: float
    coverage: float
    risk: float


def risk_coverage(
    confidences: Sequence[float], answerable: Sequence[bool]
) -> tuple[GatePoint, ...]:
    """Return one point for each distinct score, from the strictest gate to the widest.

    Args:
        confidences: best evidence score of each question.
        answerable: whether the notices answer it.
    """
    points: list[GatePoint] = []
    for threshold in sorted(set(confidences), reverse=True):
        through = [a for c, a in zip(confidences, answerable, strict=True) if c >= threshold]
        risk = through.count(False) / len(through)
        points.append(GatePoint(threshold, len(through) / len(confidences), risk))
    return tuple(points)
