"""The ground of an answer: the verbatim sentences that hold what was asked.

Given exactly the right clauses, the default LLM writing freely is right in .63 of the cases,
the clauses quoted are right always. So what is quoted is chosen first, and the LLM may only
phrase what stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import replace

from assistant.answer.comparison import choose_compared
from assistant.answer.excerpt import SEVERAL, SpanPicker
from assistant.answer.lead import claims_from_data
from assistant.answer.lists import ListChooser
from assistant.answer.partwise import answers, choose_for, choose_number, numbers_told_of
from assistant.find.ground import Ground, Quote
from assistant.find.retriever import Evidence
from assistant.judge.agreement import find_disagreeing
from assistant.judge.coverage import describe
from assistant.judge.ranking import rerank
from assistant.judge.relevance import Relevance
from assistant.judge.trees import Trees
from assistant.understand.question import Asked, Question
from assistant.understand.weighing import weigh_question
from assistant.understand.weights import Weights, count_words, weigh
from corpus.notice import Clause, ContextRole
from index.vocabulary import Vocabulary

Find = Callable[[Question], Sequence[Evidence]]
"""Looks up a part of a question."""

# Limits of length for people, by `evaluation.md`: 120 words for a fact, 350 for a list; a list
# is kept shorter because its clauses come with the headings they need.
_FACT_WORDS = 120
_LIST_WORDS = 300
_ITEM_WORDS = 50  # of one item of a list with several
_ITEMS_WORDS = 180  # of all of them, where they need not be shorter than that
_MOST_ITEMS = 8  # clauses that are quoted for one list
_FEW = 2  # items: of so few, each may be quoted at length
_LEAST_WORDS = 10  # room for less is room for nothing
# Of a question that asks for no list, a clause is quoted beside the likeliest if it is likely to
# hold a part of the answer, by itself and beside that one. Chosen on documents left out.
_LIKELY = 0.3
_AS_LIKELY = 0.6
_MOST_CLAUSES = 4
_MOST_PARTS = 2  # parts of a question that get room of their own
# “văn bản nào”, “tỉnh nào”: the answer is one and seldom calls itself so.
_ASKED_KIND = re.compile(
    r"\b(?:văn bản|cơ quan|đơn vị|tổ chức|địa phương|đồng chí|doanh nghiệp|thời điểm|thời gian"
    r"|nội dung|nhiệm vụ|công việc) (?:nào|gì)\b",
    re.I,
)


class GroundFinder:
    """Chooses the ground among retrieved clauses.

    Args:
        clauses: all clauses of the snapshot, by id.
        vocabulary: tells how rare a word is.
        relevance: tells how likely a clause is to answer.
    """

    def __init__(
        self, clauses: Mapping[str, Clause], vocabulary: Vocabulary, relevance: Trees
    ) -> None:
        self._clauses = clauses
        self._vocabulary = vocabulary
        self._lists = ListChooser(clauses)
        self._relevance = relevance

    def judging_by(self, relevance: Trees) -> GroundFinder:
        """Return one that chooses among the same clauses by another relevance."""
        other = copy(self)
        other._relevance = relevance
        return other

    def choose(self, question: Question, evidence: Sequence[Evidence], find: Find) -> Ground:
        """Choose the quotes that answer ``question``.

        Args:
            question: understood.
            evidence: retrieved clauses, best first; not empty.
            find: looks up a part of the question by itself.
        """
        weights = weigh_question(question, self._vocabulary)
        ranked = self._ranked(question, evidence)
        several = bool(question.asked & SEVERAL)
        # Where the parts are about several notices, a clause for the whole is one for none.
        named = {part.notice_ids for part in question.divided if len(part.notice_ids) == 1}
        chosen = [] if len(named) > 1 else self._chosen(question, ranked, weights)
        added = self._added(question, chosen, find)
        chosen = chosen or ([] if added else self._chosen(question, ranked, weights))
        found_items, chosen = len(chosen), chosen[:_MOST_ITEMS]
        other = None if several or not chosen else find_disagreeing(question, chosen[0], ranked)
        picker = SpanPicker(question, weights, self._clauses)
        groups = _quoted(question, picker, chosen, other)
        left_out = 0
        if Asked.LIST in question.asked:
            left_out = found_items - len(groups)
            groups = _in_order(groups)
        for part, found in added:
            own = SpanPicker(part, weigh_question(part, self._vocabulary), self._clauses)
            room = _LIST_WORDS // len(added) if part.is_side else _FACT_WORDS
            groups.append(_new(own.quotes(found.clause, found.notice, room), groups))
        whole = [quote for group in groups for quote in group]
        if not several and not added and _data_tell_all(question, groups):
            main = groups[0][0].clause
            mine = [quote for quote in groups[0] if quote.clause is main]
            groups[0] = [*picker.named(mine), *groups[0][len(mine) :]]
            # The first clause tells all; beside it stands only what says otherwise.
            otherwise = [g for g in groups[1:] if other and g and g[0].clause is other.clause]
            groups = [groups[0], *otherwise]
        quotes = [quote for group in groups for quote in group]
        # A follow-up such as “Hạn của việc đó là bao giờ?” has no words of its own.
        # Of notices that are compared, the names are known, and the subject is what counts.
        said = next((part.restored for part in question.divided if part.is_side), question.restored)
        asked = weigh(_ASKED_KIND.sub(" ", said), self._vocabulary) or weights
        # What the gate looks at is not shortened: less is shown where a line tells it already.
        disputed = [other.clause.id] if other else []
        ground = describe(question, whole, asked, disputed, self._around(whole))
        relevance = max(e.relevance for e in [*chosen, *(e for _, e in added)])
        return replace(ground, quotes=tuple(quotes), relevance=relevance, left_out=left_out)

    def _ranked(self, question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
        weights = weigh_question(question, self._vocabulary)
        return rerank(evidence, weights, Relevance(question, weights, self._relevance))

    def _added(
        self, question: Question, chosen: Sequence[Evidence], find: Find
    ) -> list[tuple[Question, Evidence]]:
        """Look for each part of the question that the chosen clauses don't answer."""
        added: list[tuple[Question, Evidence]] = []
        for part in question.divided:
            had = [*chosen, *(found for _, found in added)]
            own = weigh(part.restored, self._vocabulary)
            # Of a list that is asked for with its length, the items are the number.
            counts = part.asked == {Asked.NUMBER} and Asked.LIST in question.asked
            if (counts and len(chosen) > 1) or answers(part, own, had):
                continue
            found = choose_for(part, own, self._ranked(part, find(part)), had)
            if found is not None:
                added.append((part, found))
        told = numbers_told_of(chosen, question)
        if added or len(told) >= question.numbers:
            return added
        for part in question.divided:
            own = weigh(part.restored, self._vocabulary)
            found = choose_number(part, own, self._ranked(part, find(part)), told)
            if found is not None:
                return [(part, found)]
        return added

    def _around(self, quotes: Sequence[Quote]) -> list[str]:
        """The paragraphs that quoted footnotes belong to: what a note is about stands there."""
        notes = {quote.clause.id: quote.clause for quote in quotes}.values()
        parts = [part for note in notes for part in note.context_of(ContextRole.REFERRED)]
        return [self._clauses[part.clause_id].text for part in parts]

    def _chosen(
        self, question: Question, ranked: Sequence[Evidence], weights: Weights
    ) -> list[Evidence]:
        if Asked.COMPARISON in question.asked:
            return choose_compared(question, ranked, weights)
        if Asked.LIST in question.asked:
            return self._lists.choose(question, ranked, weights)
        return _planned(ranked)


def _quoted(
    question: Question, picker: SpanPicker, chosen: Sequence[Evidence], other: Evidence | None
) -> list[list[Quote]]:
    """Quote the chosen clauses, each a group, as far as there is room for them."""
    several = bool(question.asked & SEVERAL)
    parts = min(max(question.parts, len(chosen)), _MOST_PARTS)
    room = _LIST_WORDS if several else _FACT_WORDS * parts
    each = max(_ITEM_WORDS, _ITEMS_WORDS // (len(chosen) or 1))
    groups: list[list[Quote]] = []
    for found in [*chosen, *([other] if other else [])]:
        if groups and room < _LEAST_WORDS:
            break
        if len(chosen) > _FEW and Asked.LIST in question.asked:
            more = picker.beginning(found.clause, found.notice, each)
        else:
            more = picker.quotes(found.clause, found.notice, room)
        groups.append(_new(more, groups))
        room -= sum(count_words(quote.text) for quote in groups[-1])
    return groups


def _data_tell_all(question: Question, groups: Sequence[Sequence[Quote]]) -> bool:
    """Whether the line made of the clause's data answers; then the quote need only prove it."""
    asked = question.asked - ({Asked.PERSON} if Asked.OWNER in question.asked else set())
    if not asked or not asked <= {Asked.OWNER, Asked.DEADLINE} or question.parts > len(asked):
        return False
    told = claims_from_data(question, [(1, quote) for quote in groups[0]])
    return len(told) == len(asked)


def _planned(ranked: Sequence[Evidence]) -> list[Evidence]:
    """Choose the likeliest clause, and those that are nearly as likely to hold a part."""
    least = max(_LIKELY, _AS_LIKELY * ranked[0].relevance)
    more = [found for found in ranked[1:_MOST_CLAUSES] if found.relevance >= least]
    return [ranked[0], *more]


def _new(quotes: Sequence[Quote], groups: Sequence[Sequence[Quote]]) -> list[Quote]:
    """Leave out what is quoted already."""
    quoted = [quote for group in groups for quote in group]
    return [quote for quote in quotes if quote not in quoted]


def _in_order(groups: Sequence[list[Quote]]) -> list[list[Quote]]:
    """Order the items of a list as their notice does; the notice of the best one comes first."""
    filled = [group for group in groups if group]
    notices = list(dict.fromkeys(group[0].notice.id for group in filled))
    return sorted(
        filled,
        key=lambda group: (notices.index(group[0].notice.id), group[0].clause.spans[0].start),
    )
