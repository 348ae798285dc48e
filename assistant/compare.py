"""Which clauses are quoted where a question compares: one of each side, and no more."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.agreement import differ, same_task
from assistant.coverage import lacks
from assistant.question import Question
from assistant.ranking import known, left_of, near
from assistant.retrieval import Evidence
from assistant.weights import Weights, terms, worth

_SIDE = 0.5  # share of the best score that the clause of another side must have
_TIE = 0.7  # share of its side's best score at which a clause that holds the answer is taken
_ADDED = 0.1  # share of the question that one more clause must add
_ELSEWHERE = 0.75  # share of the best score at which another notice may say it otherwise
_MOST = 4


def choose_compared(
    question: Question, ranked: Sequence[Evidence], weights: Weights
) -> list[Evidence]:
    """Choose the clauses that hold what is compared.

    Args:
        question: that compares, or names several notices.
        ranked: all clauses found, best first; not empty.
        weights: of the question's words.
    """
    sides = [
        [e for e in ranked if e.notice.id == notice_id and e.score >= _SIDE * ranked[0].score]
        for notice_id in question.notice_ids
    ]
    if sum(map(bool, sides)) > 1:
        chosen = [_best(question, side) for side in sides if side]
        chosen.sort(key=lambda e: -e.score)
    else:
        chosen = [_best(question, ranked)]
    for found in near(ranked, _SIDE):
        if len(chosen) < _MOST and found not in chosen and found.clause.kind.is_content:
            if _adds(question, found, chosen, weights):
                chosen.append(found)
    return chosen


def _best(question: Question, side: Sequence[Evidence]) -> Evidence:
    """The best of one side that holds the kind of thing asked for, where one near it does."""
    return next((e for e in near(side, _TIE) if not lacks(question, e.clause)), side[0])


def _adds(
    question: Question, found: Evidence, chosen: Sequence[Evidence], weights: Weights
) -> bool:
    """Whether a clause tells what the others don't, or tells the same otherwise or elsewhere."""
    best = chosen[0]
    if same_task(best.clause, found.clause) and differ(question, best.clause, found.clause):
        return True
    if found.notice.id in {e.notice.id for e in chosen}:
        # The words that name a notice are no part of what is asked.
        said: set[str] = set().union(*(known(e) | terms(e.notice.header.title) for e in chosen))
        added = worth(left_of(weights, said), known(found))
        return len(question.notice_ids) < 2 and added >= _ADDED * sum(weights.values())
    is_near = found.score >= _ELSEWHERE * best.score and not lacks(question, found.clause)
    return is_near or same_task(best.clause, found.clause)
