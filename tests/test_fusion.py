from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from index.fusion import fuse, min_max

SCORES = st.lists(st.floats(-1e3, 1e3, width=32), min_size=1, max_size=30).map(
    lambda values: np.array(values, dtype=np.float32)
)


def scores(*values: float) -> NDArray[np.float32]:
    return np.array(values, dtype=np.float32)


def test_the_least_becomes_0_and_the_most_1() -> None:
    assert_allclose(min_max(scores(2, 4, 3)), [0, 1, 0.5])


def test_rows_outside_the_mask_are_0_and_do_not_count() -> None:
    mask = np.array([True, False, True, True])
    assert_allclose(min_max(scores(2, 100, 4, 3), mask), [0, 0, 1, 0.5])


def test_equal_scores_tell_nothing() -> None:
    assert_allclose(min_max(scores(3, 3, 3)), [0, 0, 0])


def test_an_empty_mask_finds_nothing() -> None:
    assert_allclose(min_max(scores(1, 2), np.array([False, False])), [0, 0])


@given(SCORES)
def test_normalised_scores_keep_their_order_within_0_and_1(
    given_scores: NDArray[np.float32],
) -> None:
    normalised = min_max(given_scores)
    assert normalised.min() >= 0
    assert normalised.max() <= 1
    order = np.argsort(given_scores, kind="stable")
    assert np.all(np.diff(normalised[order]) >= 0)


def test_the_fused_score_is_the_weighted_mean() -> None:
    fused = fuse([(3.0, scores(1, 0)), (1.0, scores(0, 1))])
    assert_allclose(fused, [0.75, 0.25])


@given(SCORES)
def test_one_ranking_fused_with_itself_is_itself(given_scores: NDArray[np.float32]) -> None:
    normalised = min_max(given_scores)
    assert_allclose(fuse([(0.6, normalised), (0.4, normalised)]), normalised, atol=1e-6)
