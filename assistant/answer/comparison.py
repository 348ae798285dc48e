"""Which clauses are quoted where a question compares and doesn't name the notices."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.find.retriever import Evidence
from assistant.judge.agreement import differ, same_task
from assistant.judge.coverage import lacks
from assistant.judge.ranking import known, left_of, near
from assistant.understand.question import Question
from assistant.understand.weights import Weights, terms, worth

_OTHER = 0.5  # share of the best score that one more clause must have
_TIE = 0.7  # share of the best score at which a clause that holds the answer is taken
_ADDED = 0.1  # share of the question that one more clause must add
_ELSEWHERE = 0.65  # share of the best score at which another notice may say it otherwise
_MOST = 4


def choose_compared(
    question: Question, ranked: Sequence[Evidence], weights: Weights
) -> list[Evidence]:
    """Choose the clauses that hold what is compared.

    Args:
        question: that compares.
        ranked: all clauses found, best first; not empty.
        weights: of the question's words.
    """
    chosen = [_best(question, ranked)]
    for one in near(ranked, _OTHER):
        is_new = one not in chosen and one.clause.kind.is_content
        if len(chosen) < _MOST and is_new and _adds(question, one, chosen, weights):
            chosen.append(one)
    return chosen


def _best(question: Question, ranked: Sequence[Evidence]) -> Evidence:
    """The best that holds the kind of thing asked for, where one near it does."""
    return next((e for e in near(ranked, _TIE) if not lacks(question, e.clause)), ranked[0])


def _adds(
    question: Question, found: Evidence, chosen: Sequence[Evidence], weights: Weights
) -> bool:
    """Whether a clause tells what the others don't, or tells the same otherwise or elsewhere."""
    best = chosen[0]
    is_same = same_task(best.clause, found.clause)
    if is_same and all(differ(question, e.clause, found.clause) for e in chosen):
        return True
    notices = {e.notice.id for e in chosen}
    if found.notice.id in notices:
        # The words that name a notice are no part of what is asked.
        said: set[str] = set().union(*(known(e) | terms(e.notice.header.title) for e in chosen))
        added = worth(left_of(weights, said), known(found))
        return added >= _ADDED * sum(weights.values())
    is_near = found.score >= _ELSEWHERE * best.score and not lacks(question, found.clause)
    return len(notices) == 1 and (is_near or is_same)
