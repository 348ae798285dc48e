"""Which clauses are quoted where a question asks for a list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.question import Question
from assistant.ranking import known, near, text_of
from assistant.retrieval import Evidence
from assistant.verify import figures
from assistant.weights import Weights, terms, worth
from corpus.agencies import find_agencies
from corpus.notice import Clause, ClauseKind, ContextRole
from corpus.owners import find_actors, is_given_to
from corpus.terms import spell_out
from corpus.text import fold, normalise

_NEAR = 0.72  # share of the best score that makes another clause worth quoting
_MOST = 8
_BEST_FEW = 3  # clauses that show which of the question's names and dates are to be had
_DETAIL = 0.25  # share of the words of the item above it that a sub-item must know
_ABOVE = 0.85  # share of what an item knows of the question that its lead-in must know
_LEADING = frozenset({ContextRole.OWNER, ContextRole.LEAD_IN, ContextRole.HEADING})
_AROUND = frozenset({ContextRole.LEAD_IN, ContextRole.CLOSER})
# “những loại quỹ nào”: the words between say what the items are, the first of them the most.
_FOCUS = re.compile(r"\b(?:những|các|mấy|\d{1,2}) ([^\W\d][\w ]{1,60}?) (?:nào|gì)\b")
# What every item of a notice is: as a focus it tells none from another.
_GENERIC = re.compile(
    r"^(?:(?:loại|nhóm|việc|công việc|nhiệm vụ|nội dung|yêu cầu|giải pháp|mục tiêu|điều|công tác"
    r"|hoạt động|khoản|mục|vấn đề|thứ)(?: |$))+"
)


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
        found = _with_figures(question, _with_names(question, near(ranked, _NEAR)))
        actors = find_actors(question.restored)
        given = [e for e in found if any(is_given_to(e.clause.owners, one) for one in actors)]
        found = given or found
        under = self._under_one(found, weights)
        if under:
            return under[:_MOST]
        return _without_details(_with_focus(question, found)[:_MOST], weights)

    def _under_one(self, found: Sequence[Evidence], weights: Weights) -> list[Evidence]:
        """All items under the lead-in that the best clause stands under, or is.

        The lead-in itself only says the question again.
        """
        best = found[0]
        most = worth(weights, known(best))
        for above in (_above(best.clause), best.clause.id):
            items = self._children.get(above, [])
            if len(items) < 2 or len(items) > _MOST:
                continue
            lead_in = self._clauses[above]
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


def _with_focus(question: Question, found: Sequence[Evidence]) -> list[Evidence]:
    """Leave out clauses that don't name what the items are to be, where the best does."""
    match = _FOCUS.search(normalise(question.restored).lower())
    head = _GENERIC.sub("", match[1]).split() if match else []
    if not head:
        return list(found)
    named = re.compile(rf"\b{re.escape(head[0])}\b")
    having = [e for e in found if named.search(normalise(e.clause.text).lower())]
    return having if found[0] in having and len(having) > 1 else list(found)


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


def _with_names(question: Question, found: Sequence[Evidence]) -> list[Evidence]:
    """Leave out clauses about other agencies or places than the question names."""
    named = [fold(a.canonical) for a in find_agencies(question.restored)]
    texts = [fold(spell_out(text_of(e))) for e in found]
    return _sharing(found, [{name for name in named if name in text} for text in texts])


def _with_figures(question: Question, found: Sequence[Evidence]) -> list[Evidence]:
    """Leave out clauses with other dates and numbers than the question names."""
    of_documents = set(figures(" ".join(r.text for r in question.references)))
    asked = set(figures(question.restored)) - of_documents
    return _sharing(found, [asked & set(figures(text_of(e))) for e in found])


def _sharing(found: Sequence[Evidence], has: Sequence[set[str]]) -> list[Evidence]:
    """Keep those that have all that the best few have between them."""
    wanted: set[str] = set().union(*has[:_BEST_FEW])
    return [e for e, those in zip(found, has, strict=True) if those >= wanted] or list(found[:1])
