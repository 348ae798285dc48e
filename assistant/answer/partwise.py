"""Whether clauses answer a part of a question, and which one more is worth quoting for it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answer.excerpt import quotable
from assistant.find.retriever import Evidence
from assistant.judge.agreement import same_task
from assistant.judge.answer_types import numbers_told, offers
from assistant.judge.coverage import lacks
from assistant.judge.question_focus import lacks_count
from assistant.judge.ranking import known, near
from assistant.understand.question import Asked, Question
from assistant.understand.weights import Weights, terms, worth
from corpus.facts.sentences import sentences
from corpus.notice import Clause

_ANSWERED = 0.6  # share of a part's own words that a clause must know to answer it
_TIE = 0.8  # share of the best score at which a clause that holds the answer is taken
_LEAST = 0.5  # share of a part's own words that a clause must know to be quoted for it alone
_LEAST_OTHER = 0.25  # the same where the part names another notice
_LEAST_SIDE = 0.35  # the same where each notice is asked the same
_CLOSE = 0.9  # share of the best score at which what a clause says decides
_IN_SENTENCE = frozenset({Asked.NUMBER, Asked.DEADLINE, Asked.DOCUMENT})
_MORE = 0.15  # share of a part's own words by which it must know more than what is quoted


def answers(part: Question, own: Weights, chosen: Sequence[Evidence]) -> bool:
    """Whether one of the chosen clauses surely answers a part of the question.

    Args:
        part: understood.
        own: weights of its own words.
        chosen: what is quoted already.
    """
    return any(_answers(part, own, found) for found in chosen)


def choose_for(
    part: Question, own: Weights, ranked: Sequence[Evidence], chosen: Sequence[Evidence]
) -> Evidence | None:
    """Choose the clause that answers a part; None where what is quoted does, or nothing does.

    Args:
        part: understood.
        own: weights of its own words.
        ranked: the clauses found for it, best first.
        chosen: what is quoted already.
    """
    holding = [e for e in near(ranked, _TIE) if _holds(part, e)] if ranked else []
    if not holding:
        return None
    close = near(holding, _CLOSE)
    same = [e for e in close if part.is_side and chosen and same_task(chosen[0].clause, e.clause)]
    best = max(same or close, key=lambda e: _told(part, own, e.clause))
    if any(e.clause.id == best.clause.id for e in chosen):
        return None
    if Asked.SIGNER in part.asked:
        return best  # a signature says nothing of what was asked
    there = _share(own, best) if _speaks_of(own, best) else 0.0
    # Another notice that is named may put it otherwise.
    is_other = part.notice_ids and not any(e.notice.id in part.notice_ids for e in chosen)
    if there < ((_LEAST_SIDE if part.is_side else _LEAST_OTHER) if is_other else _LEAST):
        return None
    others = [_share(own, e) for e in chosen if _holds(part, e)]
    return best if there >= max(others, default=0.0) + (_MORE if others else 0.0) else None


def numbers_told_of(chosen: Sequence[Evidence], question: Question) -> set[str]:
    """Return the numbers that chosen clauses, or what may be quoted with them, tell.

    Args:
        chosen: what is quoted for the question.
        question: the whole; its own numbers don't count.
    """
    texts = [t for e in chosen for t in (e.clause.text, *(p.text for p in quotable(e.clause)))]
    return set().union(*(numbers_told(text, question.restored) for text in texts))


def choose_number(
    question: Question, own: Weights, ranked: Sequence[Evidence], told: set[str]
) -> Evidence | None:
    """Choose the clause with another number about the same: “tổng cộng …, trong đó …”.

    Args:
        question: the part whose number is not told.
        own: weights of its own words.
        ranked: the clauses found for it, best first.
        told: numbers that are told.
    """
    return next(
        (
            e
            for e in near(ranked, _TIE)
            if numbers_told(e.clause.text, question.restored) - told
            and _holds(question, e)
            and _share(own, e) >= _LEAST
        ),
        None,
    )


def _answers(part: Question, own: Weights, found: Evidence) -> bool:
    said = known(found)
    figures = {term for term in own if term[0].isdigit() and " " not in term}
    return _holds(part, found) and figures <= said and _share(own, found) >= _ANSWERED


def _told(part: Question, own: Weights, clause: Clause) -> float:
    """The weight of a part's words that stand in one sentence with the number or date asked for.

    A long clause about many things knows all the words of a part, far from each other.
    """
    wanted = part.asked & _IN_SENTENCE
    texts = [span.of(clause.text) for span in sentences(clause.text)] if wanted else []
    telling = [t for t in texts if all(offers(kind, t, part.restored) for kind in wanted)]
    return max((worth(own, terms(t)) for t in telling), default=0.0)


def _share(own: Weights, found: Evidence) -> float:
    """Share of the single words, by weight, that a clause knows with its notice's title."""
    single = {term: weight for term, weight in own.items() if " " not in term}
    said = known(found) | terms(found.notice.header.title)
    return worth(single, said) / (sum(single.values()) or 1.0)


def _speaks_of(own: Weights, found: Evidence) -> bool:
    """Whether a clause has any two words of a part together: apart, they stand everywhere."""
    pairs = {term for term in own if " " in term}
    return not pairs or bool(pairs & (known(found) | terms(found.notice.header.title)))


def _holds(part: Question, found: Evidence) -> bool:
    """Whether a clause of the right notice has the kind of thing that is asked for."""
    in_place = not part.notice_ids or found.notice.id in part.notice_ids
    return in_place and not lacks(part, found.clause) and not lacks_count(part, [found.clause])
