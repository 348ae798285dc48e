"""One score from several: each is brought to [0, 1] for the question, then weighed.

Min-max before a weighted sum beats reciprocal-rank fusion on ALQAC (R@1 .837 against .783 with
the same two rankings); the weights are told in ``docs/decisions/0006-titles-lend-their-score.md``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]


def min_max(scores: Scores, mask: NDArray[np.bool_] | None = None) -> Scores:
    """Bring the scores of the rows in ``mask`` to [0, 1]; the rest are 0.

    Args:
        scores: shape (n,).
        mask: shape (n,), rows that may be found; all where None.
    """
    out = np.zeros_like(scores, dtype=np.float32)
    rows = np.ones(len(scores), dtype=bool) if mask is None else mask
    if not rows.any():
        return out
    low, high = float(scores[rows].min()), float(scores[rows].max())
    if high > low:
        out[rows] = (scores[rows] - low) / (high - low)
    return out


def fuse(parts: Sequence[tuple[float, Scores]]) -> Scores:
    """Return the weighted mean of normalised scores, shape (n,), in [0, 1].

    Args:
        parts: (weight, scores of shape (n,) in [0, 1]); weights are positive.
    """
    total = sum(weight for weight, _ in parts)
    stacked = np.stack([weight * scores for weight, scores in parts])
    fused: Scores = (stacked.sum(axis=0) / total).astype(np.float32)
    return fused
