"""The ground of an answer: the verbatim sentences that hold what was asked.

Given exactly the right clauses, the default LLM writing freely is right in .63 of the cases,
the clauses quoted are right always. So what is quoted is chosen first, and the LLM may only
phrase what stands in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.agreement import find_disagreeing
from assistant.coverage import describe, lacks
from assistant.needs import numbers_told
from assistant.question import Asked, Question
from assistant.quotes import Ground, Quote
from assistant.retrieval import Evidence
from assistant.spans import SEVERAL, SpanPicker, quotable
from assistant.verify import figures
from assistant.weights import Weights, count_words, terms, weigh, weigh_question, worth
from corpus.agencies import find_agencies
from corpus.notice import Clause, ClauseKind, ContextRole
from corpus.terms import spell_out
from corpus.text import fold
from index.vocabulary import Vocabulary

# Limits of length for people, by `evaluation.md`: 120 words for a fact, 350 for a list; a list
# is kept shorter because its clauses come with the headings they need.
_FACT_WORDS = 120
_LIST_WORDS = 260
_LEAST_WORDS = 10  # room for less is room for nothing
_LIST_CLAUSES = 6
_NEAR = 0.72  # share of the best score that makes another clause worth quoting in a list
_COMPARED = 0.5  # the same, of the best clause of another notice, where notices are compared
_TIE = 0.85  # share of the best score at which the next clause may hold the answer instead
_BEST_FEW = 3  # clauses that show which of the question's names and dates are to be had
_MOST_PARTS = 2  # parts of a question that get room of their own
# The second clause, for the second part of a question:
_LEFT = 0.12  # share of the question that the first clause must leave for it
_SECOND = 0.55  # share of the first clause's score that it must have
_ADDED = 0.4  # share of what was left that it must know
_SAME = 0.7  # share of the first clause's score, where it only has another number to tell
_DETAIL = 0.25  # share of the words of the item above it that a sub-item must know


class GroundFinder:
    """Chooses the ground among retrieved clauses.

    Args:
        clauses: all clauses of the snapshot, by id.
        vocabulary: tells how rare a word is.
    """

    def __init__(self, clauses: Mapping[str, Clause], vocabulary: Vocabulary) -> None:
        self._clauses = clauses
        self._vocabulary = vocabulary

    def choose(self, question: Question, evidence: Sequence[Evidence]) -> Ground:
        """Choose the quotes that answer ``question``.

        Args:
            question: understood.
            evidence: retrieved clauses, best first; not empty.
        """
        weights = weigh_question(question, self._vocabulary)
        ranked = rerank(evidence, weights)
        several = bool(question.asked & SEVERAL)
        limit = _LIST_WORDS if several else _FACT_WORDS * min(question.parts, _MOST_PARTS)
        chosen = _to_quote(question, ranked, weights)
        other = None if several else find_disagreeing(question, chosen[0], ranked)
        picker = SpanPicker(question, weights, self._clauses)
        groups: list[list[Quote]] = []
        room = limit
        for found in [*chosen, *([other] if other else [])]:
            if groups and room < _LEAST_WORDS:
                break
            quoted = [quote for group in groups for quote in group]
            more = picker.quotes(found.clause, found.notice, room)
            groups.append([quote for quote in more if quote not in quoted])
            room -= sum(count_words(quote.text) for quote in groups[-1])
        if Asked.LIST in question.asked:
            groups = _in_order(groups)
        quotes = [quote for group in groups for quote in group]
        own = weigh(question.restored, self._vocabulary)
        return describe(question, quotes, own, [other.clause.id] if other else [])


def rerank(evidence: Sequence[Evidence], weights: Weights) -> list[Evidence]:
    """Order clauses by the mean of their score and of how much of the question they know."""
    total = sum(weights.values()) or 1.0
    scored = [
        replace(e, score=round((e.score + worth(weights, _known(e)) / total) / 2, 4))
        for e in evidence
    ]
    return sorted(scored, key=lambda e: -e.score)


def _to_quote(question: Question, ranked: Sequence[Evidence], weights: Weights) -> list[Evidence]:
    best = ranked[0]
    near = [e for e in ranked if e.score >= _NEAR * best.score]
    if Asked.COMPARISON in question.asked:
        # What is compared stands in different notices: the best clause of each.
        of_notice: dict[str, Evidence] = {}
        for found in ranked:
            if found.score >= _COMPARED * best.score:
                of_notice.setdefault(found.notice.id, found)
        kept = _with_names(question, [*of_notice.values(), *near])
        return list(dict.fromkeys(kept))[:_LIST_CLAUSES]
    if Asked.LIST in question.asked:
        kept = _with_figures(question, _with_names(question, near))
        return _without_details(kept[:_LIST_CLAUSES], weights)
    tied = [e for e in ranked[:_BEST_FEW] if e.score >= _TIE * best.score]
    answering = [e for e in tied if not lacks(question, e.clause)]
    first = _explained(answering[0] if answering else best, ranked, weights)
    second = _second(question, first, ranked, weights)
    return [first, second] if second else [first]


def _explained(found: Evidence, ranked: Sequence[Evidence], weights: Weights) -> Evidence:
    """Put the clause that refers to a footnote before it, where that one says more itself.

    A footnote is found by the words of that clause too, for it is read with it.
    """
    referring = {part.clause_id for part in found.clause.context_of(ContextRole.REFERRED)}
    own = worth(weights, terms(found.clause.text))
    return next(
        (
            e
            for e in ranked
            if e.clause.id in referring and worth(weights, terms(e.clause.text)) > own
        ),
        found,
    )


def _second(
    question: Question, first: Evidence, ranked: Sequence[Evidence], weights: Weights
) -> Evidence | None:
    """Find what answers the other part of a question that asks for two things."""
    if question.parts < _MOST_PARTS:
        return None
    if question.numbers >= _MOST_PARTS:
        # Two numbers asked for, one told: the other stands in a clause about the same.
        parts = [first.clause.text, *(p.text for p in quotable(first.clause))]
        told = set().union(*(numbers_told(part, question.restored) for part in parts))
        if len(told) >= question.numbers:
            return None
        near = [e for e in ranked if e.score >= _SAME * first.score]
        return next(
            (e for e in near if numbers_told(e.clause.text, question.restored) - told), None
        )
    said = _known(first)
    left = {term: weight for term, weight in weights.items() if term not in said}
    # Pairs alone are missing wherever the notice puts the same words in another order.
    if all(" " in term for term in left) or sum(left.values()) < _LEFT * sum(weights.values()):
        return None
    for found in ranked:
        if found is first or found.score < _SECOND * first.score:
            continue
        added = worth(left, _known(found))
        if added >= _ADDED * sum(left.values()) and not lacks(question, found.clause):
            return found
    return None


def _without_details(found: Sequence[Evidence], weights: Weights) -> list[Evidence]:
    """Leave out headings, and what stands under another item and says nothing of the question."""
    above = {part.clause_id for e in found for part in e.clause.context}
    items = [
        e for e in found if e.clause.kind is not ClauseKind.HEADING or e.clause.id not in above
    ]
    own = {e.clause.id: worth(weights, terms(e.clause.text)) for e in items}

    def is_detail(e: Evidence) -> bool:
        most = max((own.get(part.clause_id, 0.0) for part in e.clause.context), default=0.0)
        return own[e.clause.id] < _DETAIL * most

    kept = [e for e in items if not is_detail(e)]
    return kept if len(kept) > 1 else items  # of a single item, the details are the list


def _in_order(groups: Sequence[list[Quote]]) -> list[list[Quote]]:
    """Order the items of a list as their notice does; the notice of the best one comes first."""
    filled = [group for group in groups if group]
    notices = list(dict.fromkeys(group[0].notice.id for group in filled))
    return sorted(
        filled,
        key=lambda group: (notices.index(group[0].notice.id), group[0].clause.spans[0].start),
    )


def _with_names(question: Question, found: Sequence[Evidence]) -> list[Evidence]:
    """Leave out clauses about other agencies or places than the question names."""
    named = [fold(a.canonical) for a in find_agencies(question.restored)]
    texts = [fold(spell_out(_text(e))) for e in found]
    return _sharing(found, [{name for name in named if name in text} for text in texts])


def _with_figures(question: Question, found: Sequence[Evidence]) -> list[Evidence]:
    """Leave out clauses with other dates and numbers than the question names."""
    of_documents = set(figures(" ".join(r.text for r in question.references)))
    asked = set(figures(question.restored)) - of_documents
    return _sharing(found, [asked & set(figures(_text(e))) for e in found])


def _sharing(found: Sequence[Evidence], has: Sequence[set[str]]) -> list[Evidence]:
    """Keep those that have all that the best few have between them."""
    wanted: set[str] = set().union(*has[:_BEST_FEW])
    return [e for e, those in zip(found, has, strict=True) if those >= wanted] or list(found[:1])


def _text(found: Evidence) -> str:
    return f"{found.clause.text} {found.clause.context_text}"


def _known(found: Evidence) -> set[str]:
    return terms(_text(found))
