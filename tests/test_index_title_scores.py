"""What stands under a title is found by the title's words."""

from __future__ import annotations

import numpy as np
import pytest
from fakes_index import make_clause
from hypothesis import given
from hypothesis import strategies as st

from corpus.notice import Clause, ClauseKind, ContextPart, ContextRole
from index.passages import Passage
from index.title_scores import Titles

HEADER, HEADING, ITEM = ClauseKind.HEADER, ClauseKind.HEADING, ClauseKind.ITEM
RECIPIENT = ClauseKind.RECIPIENT


def clause(clause_id: str, kind: ClauseKind, *above: str) -> Clause:
    context = tuple(ContextPart(ContextRole.HEADING, one, "") for one in above)
    return make_clause("…", kind, context, clause_id)


# Two notices; in the first, sections 1 and 1.1 (inside 1) and 2.
CLAUSES = (
    clause("a#0", HEADER),
    clause("a#1", HEADING),
    clause("a#2", ITEM, "a#1"),
    clause("a#3", HEADING, "a#1"),
    clause("a#4", ITEM, "a#1", "a#3"),
    clause("a#5", HEADING),
    clause("a#6", ITEM, "a#5"),
    clause("a#7", RECIPIENT),
    clause("b#0", HEADER),
    clause("b#1", ITEM),
)
ROWS = {one.id: row for row, one in enumerate(CLAUSES)}


def titles(clauses: tuple[Clause, ...] = CLAUSES) -> Titles:
    passages = [Passage(c.id, c.notice_id, c.kind, 0, 1, "…", "") for c in clauses]
    return Titles(passages, {c.id: c for c in clauses})


def lent(**scores: float) -> dict[str, float]:
    """What changed, given the scores by clause; the others have 0.1."""
    given_ = np.full(len(CLAUSES), 0.1, dtype=np.float32)
    for one, score in scores.items():
        given_[ROWS[f"{one[0]}#{one[1:]}"]] = score
    after = titles().lend(given_)
    changed = {one: row for one, row in ROWS.items() if after[row] != given_[row]}
    return {one: pytest.approx(float(after[row])) for one, row in changed.items()}


def test_the_best_clause_under_a_heading_gets_its_score() -> None:
    assert lent(a5=0.9, a6=0.2) == {"a#6": 0.9}


def test_a_heading_reaches_through_the_headings_inside_it() -> None:
    assert lent(a1=0.9, a4=0.3) == {"a#4": 0.9}


def test_the_title_of_a_notice_reaches_its_best_clause_and_no_other_notice() -> None:
    assert lent(a0=0.9, a6=0.3, b1=0.4) == {"a#6": 0.9}


def test_the_higher_of_two_titles_counts() -> None:
    assert lent(a0=0.8, a1=0.9, a4=0.3) == {"a#4": 0.9}


def test_a_clause_that_is_better_than_its_titles_keeps_its_score() -> None:
    assert lent(a0=0.5, a1=0.5, a2=0.6) == {}


def test_who_received_a_notice_is_no_answer_to_its_title() -> None:
    assert lent(a0=0.9, a7=0.5, a2=0.3) == {"a#2": 0.9}


def test_what_may_not_be_found_is_not_lent_to() -> None:
    assert lent(b0=0.9, b1=-1.0) == {}


def test_a_snapshot_without_titles_changes_nothing() -> None:
    scores = np.array([0.4], dtype=np.float32)
    assert titles((clause("c#0", ITEM),)).lend(scores) == scores
    assert titles(()).lend(scores[:0]).shape == (0,)


@given(st.lists(st.floats(-1, 1, width=32), min_size=len(CLAUSES), max_size=len(CLAUSES)))
def test_no_score_falls_and_none_passes_the_best(values: list[float]) -> None:
    scores = np.array(values, dtype=np.float32)
    after = titles().lend(scores)
    assert (after >= scores).all()
    assert after.max() == scores.max()
    assert np.array_equal(titles().lend(after), after)
