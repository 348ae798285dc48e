"""Retrieval measures on rankings worked out by hand, and where they must say no."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.retrieval_metrics import DEPTH, NAMES, judge_ranking, judge_rankings


def test_the_relevant_document_in_second_place() -> None:
    assert judge_ranking({"a": 1}, ["x", "a", "y"]) == pytest.approx(
        {
            "R@1": 0,
            "R@3": 1,
            "R@5": 1,
            "R@10": 1,
            "MRR@10": 1 / 2,
            "nDCG@10": 1 / math.log2(3),  # DCG of rank 2 over the ideal 1
        }
    )


def test_two_relevant_documents_share_the_recall() -> None:
    found = judge_ranking({"a": 1, "b": 1}, ["a", "x", "y", "b"])
    assert found["R@1"] == found["R@3"] == 1 / 2
    assert found["R@5"] == 1
    assert found["MRR@10"] == 1
    ideal = 1 + 1 / math.log2(3)
    assert found["nDCG@10"] == pytest.approx((1 + 1 / math.log2(5)) / ideal)


def test_a_document_after_the_tenth_place_is_not_found() -> None:
    ranking = [f"x{i}" for i in range(DEPTH)] + ["a"]
    assert set(judge_ranking({"a": 1}, ranking).values()) == {0}


@pytest.mark.parametrize("ranking", [[], ["x"]])
def test_a_ranking_without_the_document_has_nothing(ranking: list[str]) -> None:
    assert judge_ranking({"a": 1}, ranking) == dict.fromkeys(NAMES, 0)


def test_a_question_without_a_ranking_counts_as_lost_and_one_without_judgement_not_at_all() -> None:
    found = judge_rankings({"q": {"a": 1}, "r": {"b": 1}}, {"q": ["a"], "other": ["a"]})
    assert found == {"q": dict.fromkeys(NAMES, 1), "r": dict.fromkeys(NAMES, 0)}


def test_a_document_twice_would_count_twice_and_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        judge_ranking({"a": 1}, ["x", "a", "a"])


@given(st.permutations([f"d{i}" for i in range(8)]), st.integers(0, 7))
def test_one_relevant_document_gives_what_its_rank_says(ranking: list[str], gold: int) -> None:
    rank = ranking.index(f"d{gold}") + 1
    found = judge_ranking({f"d{gold}": 1}, ranking)
    assert found["MRR@10"] == pytest.approx(1 / rank)
    assert found["nDCG@10"] == pytest.approx(1 / math.log2(rank + 1))
    assert [found[f"R@{k}"] for k in (1, 3, 5, 10)] == [float(rank <= k) for k in (1, 3, 5, 10)]
