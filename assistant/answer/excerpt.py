"""Which sentences of a clause, and which of its inherited context, are quoted."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from assistant.answer.phrases import around, phrase_at, shortened
from assistant.find.ground import Quote
from assistant.judge.answer_types import numbers_told, offers
from assistant.understand.question import Asked, Question
from assistant.understand.weights import Weights, count_words, terms, worth
from corpus.facts.sentences import sentences, whole_sentences
from corpus.notice import Clause, ClauseKind, ContextPart, ContextRole, Notice, Span

SEVERAL = frozenset({Asked.LIST, Asked.COMPARISON})
_SPECIFIC = frozenset({Asked.DEADLINE, Asked.OWNER, Asked.NUMBER, Asked.DOCUMENT, Asked.PLACE})
_DATA = _SPECIFIC | {Asked.PERSON, Asked.SIGNER}
_WHOSE = frozenset({Asked.OWNER, Asked.PERSON, Asked.PLACE})
_QUOTABLE = frozenset(
    {ContextRole.OWNER, ContextRole.HEADING, ContextRole.LEAD_IN, ContextRole.CLOSER}
)
_SHORT_CLAUSE = 30  # words: a clause this short is quoted whole, as it reads best
_SHORT_IN_LIST = 60  # words: in a list the clause is the answer, not a sentence of it
_CONTEXT_LENGTH = 320  # characters: a longer heading or closer would drown the clause
_WORTH = 0.06  # share of the question's weight that one more sentence must add
_HEAVY = 60  # words: a sentence of that length must say twice as much as a short one
_PHRASE = 0.3  # share of the best phrase's worth at which another of the sentence is kept
_FOLLOWS = 1.25  # the sentence after one that is quoted is more likely about the same
_FILLS = 0.25  # a sentence with the date or number that is wanted gains by that share
_LEAST_SAID = 4  # words: less is the item's own number (“Điều 1.”)
_NUMBERED = re.compile(r"\((?:\d{1,2}|[ivx]{1,5})\)")  # an item within a paragraph


class SpanPicker:
    """Picks what is quoted of a clause for one question.

    Args:
        question: understood.
        weights: of its words.
        clauses: all clauses of the snapshot, by id.
    """

    def __init__(self, question: Question, weights: Weights, clauses: Mapping[str, Clause]) -> None:
        self._question = question
        self._weights = weights
        self._clauses = clauses
        self._total = sum(weights.values()) or 1.0
        self._short = _SHORT_IN_LIST if question.asked & SEVERAL else _SHORT_CLAUSE

    def quotes(self, clause: Clause, notice: Notice, room: int) -> list[Quote]:
        """Return the sentences of ``clause`` that answer, then the context they need.

        Args:
            clause: what is quoted.
            notice: its notice.
            room: words that may be quoted of a long clause; its best sentence always is.
        """
        own = [Quote(clause, notice, span) for span in self._spans(clause, room)]
        return [*own, *self._inherited(clause, notice)]

    def beginning(self, clause: Clause, notice: Notice, room: int) -> list[Quote]:
        """Return the sentences with which an item of a list begins: they say what it is.

        Args:
            clause: the item.
            notice: its notice.
            room: words; the first sentence is quoted however long it is.
        """
        text = clause.text
        units = sentences(text)
        at = 1
        while at < len(units) and (
            count_words(text[: units[at].end]) <= room
            or count_words(text[: units[at - 1].end]) < _LEAST_SAID
        ):
            at += 1
        own = [Quote(clause, notice, Span(0, units[at - 1].end))] if units else []
        return [*own, *self._inherited(clause, notice)]

    def _spans(self, clause: Clause, room: int) -> list[Span]:
        text = clause.text
        if count_words(text) <= self._short or clause.kind is ClauseKind.TABLE_ROW:
            return [Span(0, len(text))]
        # A sentence of a list is quoted with all its items: each is a part of the answer.
        cut = whole_sentences if Asked.LIST in self._question.asked else sentences
        units = list(cut(text))
        texts = [unit.of(text) for unit in units]
        known = [terms(unit) & self._weights.keys() for unit in texts]
        lengths = [_weight_of_length(unit) for unit in texts]
        picked: list[int] = []
        covered: set[str] = set()
        due = [d.span for d in clause.deadlines if not d.clause_id]
        dated = sorted({i for d in due if (i := _unit_at(units, d.start)) is not None})
        lacking = self._question.asked & _SPECIFIC
        offered = [self._offered(unit, lacking) for unit in texts]
        while len(picked) < len(units):
            left = [i for i in range(len(units)) if i not in picked]
            gain, minus = max(
                (
                    self._gain(known[i] - covered, offered[i] & lacking)
                    / lengths[i]
                    * (_FOLLOWS if i - 1 in picked else 1.0),
                    -i,
                )
                for i in left
            )
            best = -minus
            filled = offered[best] & lacking
            words = sum(count_words(texts[i]) for i in [*picked, best])
            is_worth = gain * lengths[best] >= _WORTH * self._total
            if picked and (not (is_worth or filled) or words > room):
                break
            picked.append(best)
            covered |= known[best]
            lacking = lacking - filled
        if Asked.DEADLINE in self._question.asked and not set(dated) & set(picked):
            picked += dated[-1:]  # another date (“đến năm 2030”) was taken for it
        if self._question.asked & _WHOSE:
            picked += [i for i in {_subject_of(texts, i) for i in picked} if i not in picked]
        kept = [units[i] for i in self._with_items(texts, picked, room)]
        if not self._wants_data_alone:
            return kept
        return [shortened(text, unit, self._wanted, _PHRASE) for unit in kept]

    def _with_items(self, texts: Sequence[str], picked: Sequence[int], room: int) -> list[int]:
        """Add the items of what ends in a colon, or of a list that was cut at its semicolons."""
        kept = set(picked)
        words = sum(count_words(texts[i]) for i in kept)
        for first in sorted(picked):
            at = first
            while at + 1 < len(texts) and self._goes_on(texts[first], *texts[at : at + 2]):
                at += 1
                words += 0 if at in kept else count_words(texts[at])
                if words > room and at > first + 1:
                    break
                kept.add(at)
        return sorted(kept)

    def _goes_on(self, first: str, last: str, following: str) -> bool:
        """Whether the list that ``first`` opens goes on after ``last``, with ``following``."""
        if last.endswith(":"):
            return True
        if Asked.LIST in self._question.asked and _NUMBERED.match(following):
            return _NUMBERED.search(first) is not None
        opens = first.endswith(":") or (":" in first and Asked.LIST in self._question.asked)
        return opens and last.endswith((";", ","))

    @property
    def _wants_data_alone(self) -> bool:
        """Whether dates, numbers and names are all that is asked for; then the rest may go."""
        asked = self._question.asked
        kinds = len(asked - {Asked.NUMBER}) + self._question.numbers
        return bool(asked) and asked <= _DATA and self._question.parts <= kinds

    def _wanted(self, phrase: str) -> float:
        """How much of the question a phrase knows; all of it where it holds what is asked."""
        if self._offered(phrase, self._question.asked):
            return self._total
        return worth(self._weights, terms(phrase))

    def named(self, quotes: Sequence[Quote]) -> list[Quote]:
        """Return as much of a clause's quotes as tells which task is meant and proves its date.

        Args:
            quotes: of one clause, whose owner and deadline are told before them.
        """
        said = [worth(self._weights, terms(quote.text)) for quote in quotes]
        dated = {Asked.DEADLINE} & self._question.asked
        kept = [
            quote
            for quote, known in zip(quotes, said, strict=True)
            if known == max(said) or self._offered(quote.text, frozenset(dated))
        ]
        parts = [replace(quote, span=self._part(quote)) for quote in kept]
        led = [self._led(quote) for quote in kept] if Asked.OWNER in self._question.asked else []
        parts += [one for one in led if one and not any(_covers(part, one) for part in parts)]
        return sorted(parts, key=lambda part: part.span.start)

    @staticmethod
    def _led(quote: Quote) -> Quote | None:
        """The phrase with the name of who leads, where the clause itself says it."""
        names = [o.name for o in quote.clause.owners if o.clause_id == quote.clause.id]
        at = quote.text.find(names[0]) if names else -1
        if at < 0:
            return None
        start = quote.span.start + at
        phrase = phrase_at(quote.clause.text, quote.span, start)
        return replace(quote, span=phrase)

    def _part(self, quote: Quote) -> Span:
        text = quote.clause.text
        return around(text, quote.span, lambda part: worth(self._weights, terms(part)))

    def _gain(self, new: Set[str], fills: Set[Asked]) -> float:
        """Weight of the question's words that are new; more where needs are filled."""
        return worth(self._weights, new) * (1.0 + _FILLS * len(fills))

    def _offered(self, text: str, wanted: frozenset[Asked]) -> frozenset[Asked]:
        return frozenset(a for a in wanted if offers(a, text, self._question.restored))

    def _inherited(self, clause: Clause, notice: Notice) -> list[Quote]:
        """Quote the context that the clause can't be answered from without."""
        asked = self._question.asked
        deadline_ids = {d.clause_id for d in clause.deadlines if d.clause_id}
        owner_ids = {o.clause_id for o in clause.owners if o.clause_id != clause.id}
        specific = asked & _SPECIFIC
        lacking = specific - self._offered(clause.text, specific)
        # The number of a heading (“3 Nhà”) counts nothing, unless the heading says of what.
        counted = lacking & {Asked.NUMBER}
        short = self._numbers(clause.text) < self._question.numbers

        def needed(part: ContextPart) -> bool:
            return (
                (Asked.OWNER in asked and part.clause_id in owner_ids)
                or (Asked.DEADLINE in asked and part.clause_id in deadline_ids)
                or bool(self._offered(part.text, lacking - counted))
                or (bool(self._offered(part.text, counted)) and self._adds(part.text, clause.text))
                or (short and self._numbers(part.text) > 0 and self._adds(part.text, clause.text))
            )

        # A long lead-in about whoever is meant names none of the bodies that are listed.
        several = Asked.LIST in asked
        parts = [
            part
            for part in quotable(clause)
            if not (several and part.role is ContextRole.LEAD_IN and _is_long(part.text))
        ]
        found = [self._clauses[part.clause_id] for part in parts if needed(part)]
        return [Quote.whole(one, notice) for one in found]

    def _numbers(self, text: str) -> int:
        return len(numbers_told(text, self._question.restored))

    def _adds(self, text: str, to: str) -> bool:
        """Whether ``text`` knows words of the question that ``to`` doesn't."""
        return worth(self._weights, terms(text) - terms(to)) > 0


def quotable(clause: Clause) -> list[ContextPart]:
    """Return the context that may be quoted with a clause, outermost first."""
    return [
        part
        for part in clause.context
        if part.role in _QUOTABLE and len(part.text) <= _CONTEXT_LENGTH
    ]


def _is_long(text: str) -> bool:
    return count_words(text) > _SHORT_CLAUSE


def _covers(part: Quote, other: Quote) -> bool:
    return part.span.start <= other.span.start and other.span.end <= part.span.end


def _unit_at(units: Sequence[Span], at: int) -> int | None:
    """The index of the unit in which the place ``at`` stands."""
    i = bisect_right(units, at, key=lambda unit: unit.start) - 1
    return i if i >= 0 and at < units[i].end else None


def _weight_of_length(text: str) -> float:
    return 1.0 + count_words(text) / _HEAVY


def _subject_of(texts: Sequence[str], at: int) -> int:
    """The part of a sentence cut at its semicolons that names whom the part ``at`` is about."""
    while at and texts[at - 1].endswith(";") and not _NUMBERED.match(texts[at]):
        at -= 1
    return at
