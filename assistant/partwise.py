"""Whether clauses answer a part of a question, and whether one more is worth quoting for it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.coverage import lacks
from assistant.focus import lacks_count
from assistant.question import Question
from assistant.ranking import known
from assistant.retrieval import Evidence
from assistant.weights import Weights, worth

_ANSWERED = 0.6  # share of a part's own words that a clause must know to answer it
_LEAST = 0.5  # the same, for a clause that is quoted for the part alone
_MORE = 0.15  # share of a part's own words by which it must know more than what is quoted


def answers(part: Question, own: Weights, chosen: Sequence[Evidence]) -> bool:
    """Whether one of the chosen clauses answers a part of the question.

    Args:
        part: understood.
        own: weights of its own words.
        chosen: what is quoted already.
    """
    return any(_answers(part, own, found) for found in chosen)


def adds(part: Question, own: Weights, found: Evidence, chosen: Sequence[Evidence]) -> bool:
    """Whether a clause answers a part better than what is quoted already.

    Args:
        part: understood.
        own: weights of its own words.
        found: the best clause for it.
        chosen: what is quoted already.
    """
    if not _holds(part, found):
        return False
    said: set[str] = set().union(*(known(e) for e in chosen))
    there = share(own, known(found))
    had = share(own, said) if any(_holds(part, e) for e in chosen) else 0.0
    return there >= _LEAST and there >= had + _MORE


def share(own: Weights, said: set[str]) -> float:
    """Share of the single words, by weight, that are said."""
    single = {term: weight for term, weight in own.items() if " " not in term}
    return worth(single, said) / (sum(single.values()) or 1.0)


def _answers(part: Question, own: Weights, found: Evidence) -> bool:
    said = known(found)
    figures = {term for term in own if term[0].isdigit() and " " not in term}
    return _holds(part, found) and figures <= said and share(own, said) >= _ANSWERED


def _holds(part: Question, found: Evidence) -> bool:
    """Whether a clause of the right notice has the kind of thing that is asked for."""
    in_place = not part.notice_ids or found.notice.id in part.notice_ids
    return in_place and not lacks(part, found.clause) and not lacks_count(part, [found.clause])
