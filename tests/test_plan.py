from __future__ import annotations

from dataclasses import replace

import pytest
from fakes_library import PLAN, Library
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.plan import plan
from assistant.find.retriever import Evidence


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    library = Library(tmp_path_factory.mktemp("plan"), PLAN)
    return library.evidence(library.understood("Ai trồng rừng?"))[0]


def judged(one: Evidence, *relevance: float) -> list[Evidence]:
    return [replace(one, relevance=each) for each in sorted(relevance, reverse=True)]


def test_a_sure_clause_stands_alone(one: Evidence) -> None:
    assert len(plan(judged(one, 0.95, 0.1, 0.05))) == 1


def test_clauses_that_are_as_likely_stand_together(one: Evidence) -> None:
    assert len(plan(judged(one, 0.8, 0.75, 0.7, 0.04))) == 3


def test_an_unlikely_clause_is_quoted_where_none_is_likelier(one: Evidence) -> None:
    assert len(plan(judged(one, 0.05))) == 1


def test_more_is_quoted_where_what_is_missing_counts_more(one: Evidence) -> None:
    unsure = judged(one, 0.8, 0.3, 0.28, 0.1)
    assert len(plan(unsure)) < len(plan(unsure, recall=2.0))


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30), st.floats(1.0, 3.0))
def test_the_likeliest_are_quoted_and_never_more_than_a_reader_takes_in(
    one: Evidence, relevance: list[float], recall: float
) -> None:
    ranked = judged(one, *relevance)
    chosen = plan(ranked, recall)
    assert chosen == ranked[: len(chosen)]
    assert 1 <= len(chosen) <= 8
