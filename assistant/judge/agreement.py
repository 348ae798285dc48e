"""Whether two clauses give the same task, and whether they disagree on owner or deadline."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from assistant.find.retriever import Evidence
from assistant.understand.question import Asked, Question
from assistant.understand.weights import telling_words
from corpus.notice import Clause, OwnerRole
from corpus.text import fold

_NEAR = 0.3  # share of the relevance: what has less is about something else
_LEAST_PAIRS = 3  # a clause with fewer pairs of words says too little to be the same task
_SHARED = 0.6  # of the shorter clause's pairs of words: the rest is how each notice puts it


def find_disagreeing(
    question: Question, best: Evidence, ranked: Sequence[Evidence]
) -> Evidence | None:
    """Find the clause of another notice that gives the same task another owner or deadline.

    A reader must be told, not spared it.

    Args:
        question: only one that asks for an owner or a deadline is looked at.
        best: the clause that answers it.
        ranked: all clauses found, best first.
    """
    if not question.asked & {Asked.OWNER, Asked.DEADLINE}:
        return None
    for found in ranked:
        if found.notice.id == best.notice.id or found.relevance < _NEAR * best.relevance:
            continue
        if same_task(best.clause, found.clause) and differ(question, best.clause, found.clause):
            return found
    return None


def same_task(first: Clause, second: Clause) -> bool:
    """Whether the shorter of two clauses says little that the other doesn't."""
    a, b = (_task_pairs(clause) for clause in (first, second))
    shorter = min(len(a), len(b))
    return shorter >= _LEAST_PAIRS and len(a & b) >= _SHARED * shorter


def differ(question: Question, first: Clause, second: Clause) -> bool:
    """Whether two clauses disagree on what is asked; 12/2025 and 31/12/2025 do not."""
    if Asked.DEADLINE in question.asked:
        a, b = ({d.due for d in c.deadlines if d.due} for c in (first, second))
        if a and b and not a & b:
            return True
    if Asked.OWNER in question.asked:
        a_lead, b_lead = (
            {fold(o.canonical) for o in c.owners if o.role is OwnerRole.LEAD}
            for c in (first, second)
        )
        return bool(a_lead and b_lead and not a_lead & b_lead)
    return False


def _task_pairs(clause: Clause) -> set[tuple[str, str]]:
    return set(pairwise(telling_words(_without_remarks(clause.text))))


def _without_remarks(text: str) -> str:
    """Drop what stands in brackets: “(Bộ KHCN, hạn 31/12/2025; Thông báo số …)” is no task.

    No pattern: of brackets that nothing closes each would be looked at to the end.
    """
    *closed, rest = text.split(")")
    parts = [part.partition("(") for part in closed]
    return "".join(f"{before} " if opens else f"{before})" for before, opens, _ in parts) + rest
