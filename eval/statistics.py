"""Shares with their intervals, quantiles, and the risk–coverage curve."""

from __future__ import annotations

import math
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
        low: lower end; see ``estimate``.
        high: upper end.
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

    Where all outcomes are equal the bootstrap has no width, which would claim certainty: shares
    of 0 and 1 have the Wilson interval, with as many trials as questions that count.

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
    low, high = (float(one) for one in np.quantile(values, [0.025, 0.975]))
    if part in {0, whole}:
        counted = int((wholes > 0).sum())
        low, high = wilson(counted if part else 0, counted)
    return Estimate(part / whole, low, high, part, whole)


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927), which stays within 0 and 1.

    Args:
        part: how many of them.
        whole: at least one.
    """
    z = 1.959964
    share = part / whole
    centre = share + z * z / (2 * whole)
    spread = z * math.sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    below = 1 + z * z / whole
    return max(0.0, (centre - spread) / below), min(1.0, (centre + spread) / below)


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
        threshold: questions with at least this confidence are let through.
        coverage: share of all questions let through.
        risk: share of those let through that the notices don't answer.
    """

    threshold: float
    coverage: float
    risk: float


def risk_coverage(
    confidences: Sequence[float], answerable: Sequence[bool]
) -> tuple[GatePoint, ...]:
    """Return one point for each distinct confidence, from the strictest gate to the widest.

    Args:
        confidences: of each question.
        answerable: whether the notices answer it.
    """
    if not len(confidences):
        return ()
    column = np.array(confidences, dtype=np.float64)
    order = np.argsort(-column, kind="stable")
    sorted_ = column[order]
    wrong = ~np.array(answerable, dtype=np.bool_)[order]
    # The last place of each distinct confidence: a threshold lets all of its equals through.
    ends = np.flatnonzero(np.diff(sorted_, append=-np.inf))
    risks = np.cumsum(wrong)[ends] / (ends + 1)
    return tuple(
        GatePoint(float(sorted_[end]), (int(end) + 1) / len(column), float(risk))
        for end, risk in zip(ends, risks, strict=True)
    )


def area(points: Sequence[GatePoint]) -> float:
    """Return the area under the risk–coverage curve (AURC, Geifman & El-Yaniv 2017).

    The mean over all questions of the risk at the threshold that lets each just through.
    """
    before = 0.0
    total = 0.0
    for point in points:
        total += point.risk * (point.coverage - before)
        before = point.coverage
    return total


def widest(points: Sequence[GatePoint], precision: float) -> GatePoint | None:
    """Return the widest gate whose precision (1 − risk) is reached, None where none does."""
    reached = [point for point in points if 1 - point.risk >= precision - 1e-9]
    return max(reached, key=lambda point: point.coverage, default=None)
