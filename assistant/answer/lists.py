"""Which clauses are quoted where a question asks for a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.find.retriever import Evidence
from assistant.judge.coverage import lacks
from assistant.judge.ranking import known
from assistant.understand.constraints import Constraints
from assistant.understand.question import Question
from assistant.understand.weights import Weights, terms, worth
from corpus.notice import Clause, ClauseKind, ContextRole

_MOST = 8  # items under one lead-in: more of them make no list but a chapter
_LIKELY = 0.3  # relevance from which on a clause is taken for an item
_DETAIL = 0.25  # share of the words of the item above it that a sub-item must know
_ABOVE = 0.85  # share of what an item knows of the question that its lead-in must know
_LEADING = frozenset({ContextRole.OWNER, ContextRole.LEAD_IN, ContextRole.HEADING})
_AROUND = frozenset({ContextRole.LEAD_IN, ContextRole.CLOSER})


class ListChooser:
    """Chooses the items of a list.

    Args:
        clauses: all clauses of the snapshot, by id, in the order of their notices.
    """

    def __init__(self, clauses: Mapping[str, Clause]) -> None:
        self._clauses = clauses
        self._children: dict[str, list[Clause]] = {}
        around = {
            part.clause_id
            for clause in clauses.values()
            for part in clause.context
            if part.role in _AROUND and clauses[part.clause_id].kind is ClauseKind.PARAGRAPH
        }
        for clause in clauses.values():
            above = _above(clause)
            is_item = clause.kind.is_content or clause.kind is ClauseKind.HEADING
            if above and is_item and clause.id not in around:
                self._children.setdefault(above, []).append(clause)

    def choose(
        self, question: Question, ranked: Sequence[Evidence], weights: Weights
    ) -> list[Evidence]:
        """Choose the clauses that are the items.

        Where the words of the question stand in a lead-in or heading rather than in the items,
        all that stands under it is the list: ranked one by one, some would be missed.

        Args:
            question: that asks for a list.
            ranked: all clauses found, best first; not empty.
            weights: of the question's words.
        """
        under = self._under_one(question, ranked, weights)
        if under:
            return under
        asked = Constraints.of(question)
        fitting = [e for e in ranked if asked.fits(e.clause)]
        if fitting and asked.is_all(question, weights):
            return _without_details(fitting, weights)
        likely = [e for e in ranked if e.relevance >= _LIKELY] or list(ranked[:1])
        return _without_details(likely, weights)

    def _under_one(
        self, question: Question, found: Sequence[Evidence], weights: Weights
    ) -> list[Evidence]:
        """All items under the lead-in that the best clause stands under, or is.

        The lead-in itself only says the question again.
        """
        best = found[0]
        most = worth(weights, known(best))
        for above in (_above(best.clause), best.clause.id):
            items = self._children.get(above, [])
            is_title = above == best.clause.id and best.clause.kind is ClauseKind.HEADING
            if not (1 if is_title else 2) <= len(items) <= _MOST:
                continue
            lead_in = self._clauses[above]
            if all(lacks(question, item) for item in items):
                continue
            told = worth(weights, terms(f"{lead_in.context_text} {lead_in.text}"))
            if told >= _ABOVE * most:
                score = {e.clause.id: e.score for e in found}
                return [
                    replace(best, clause=item, score=score.get(item.id, best.score))
                    for item in items
                ]
        return []


def _above(clause: Clause) -> str:
    """Id of the heading or lead-in that a clause stands under; ``""`` for none."""
    above = [part.clause_id for part in clause.context if part.role in _LEADING]
    return above[-1] if above else ""


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
