"""The ground of an answer: the verbatim sentences that hold what was asked.

Given exactly the right clauses, the default LLM writing freely is right in .63 of the cases,
the clauses quoted are right always. So what is quoted is chosen first, and the LLM may only
phrase what stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.needs import offers
from assistant.question import Asked, Question
from assistant.retrieval import Evidence
from corpus.agencies import find_agencies
from corpus.notice import Clause, ClauseKind, ContextRole, Notice, Span
from corpus.sentences import sentences
from corpus.terms import spell_out
from corpus.text import fold, syllables
from index.vocabulary import Vocabulary

_STOP = frozenset(
    "la gi nao ai bao nhieu may khi luc dau the va cua cac nhung cho voi theo trong thi ma o tai"
    " nay do duoc phai co khong hay se da dang vi sao sau truoc den tu ve mot so nhu ra vao vay"
    " nhe a em anh chi minh toi xin hoi biet cu bi boi do con nua roi chua bang noi giup lam gom"
    " nhieu gio lau ko k dc vs phan tram it nhat toi thieu nay luot cham ghi thay lo xong viec cung"
    " khop nhau khac giong mau thuan"
    " dang thuc hien dat thoi han quy dinh".split()
)
_SHORT_CLAUSE = 60  # words: a clause this short is quoted whole
_FACT_WORDS = 90
_LIST_WORDS = 260
_WORTH = 0.06  # share of the question's weight that one more sentence must add
_NEAR = 0.72  # share of the best score that makes another clause worth quoting in a list
_LIST_CLAUSES = 6
_SHORT_IN_LIST = 120
_LEAST_WORDS = 10  # room for less is room for nothing
_COMPARED = 0.5
_TIE = 0.85  # share of the best score at which the next clause may hold the answer instead
_PAIR = 0.5  # weight of a pair of words beside that of its rarity
_SEVERAL = frozenset({Asked.LIST, Asked.COMPARISON})
_SPECIFIC = frozenset(
    {Asked.DEADLINE, Asked.OWNER, Asked.NUMBER, Asked.DOCUMENT, Asked.PLACE}
)
_QUOTABLE = frozenset(
    {ContextRole.OWNER, ContextRole.HEADING, ContextRole.LEAD_IN, ContextRole.CLOSER}
)
_CONTEXT_LENGTH = 320  # characters of a heading or closer that may be quoted


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim piece of a clause.

    Args:
        clause: the clause.
        notice: its notice.
        span: place in ``clause.text``.
    """

    clause: Clause
    notice: Notice
    span: Span

    @property
    def text(self) -> str:
        """The words, as they stand."""
        return self.span.of(self.clause.text)


@dataclass(frozen=True, slots=True)
class Ground:
    """What an answer may say.

    Args:
        quotes: in the order they are shown; those of one clause follow each other.
        coverage: share of the question's word weight found in the quotes and their context,
            in [0, 1].
        missing: kinds of answer that were asked for and are not there.
        unknown: words of the question that occur in no quote or context.
        unknown_share: their share of the weight of the question's single words, in [0, 1].
        strangers: agencies that the question names and neither quotes nor context do.
    """

    quotes: tuple[Quote, ...]
    coverage: float
    missing: frozenset[Asked]
    unknown: tuple[str, ...]
    unknown_share: float
    strangers: tuple[str, ...]


class GroundFinder:
    """Chooses the ground among retrieved clauses.

    Args:
        clauses: all clauses of the snapshot, by id.
        vocabulary: tells how rare a word is.
    """

    def __init__(self, clauses: Mapping[str, Clause], vocabulary: Vocabulary) -> None:
        self._clauses = clauses
        self._vocabulary = vocabulary

    def weights(self, question: Question) -> dict[str, float]:
        """Return the words and pairs of words of a question that carry meaning, weighed.

        The turn before a follow-up counts half.
        """
        found: dict[str, float] = {}
        for text, factor in ((question.restored, 1.0), (question.earlier, 0.5)):
            words = _folded(spell_out(text))
            for word in words:
                if word not in _STOP and (len(word) > 1 or word.isdigit()):
                    found.setdefault(word, factor * self._vocabulary.rarity(word))
            for a, b in pairwise(words):
                if a not in _STOP and b not in _STOP:
                    pair = f"{a} {b}"
                    found.setdefault(pair, factor * _PAIR * self._vocabulary.rarity(pair))
        return found

    def choose(self, question: Question, evidence: Sequence[Evidence]) -> Ground:
        """Choose the quotes that answer ``question``.

        Args:
            question: understood.
            evidence: retrieved clauses, best first; not empty.
        """
        weights = self.weights(question)
        several = bool(question.asked & _SEVERAL)
        limit = _LIST_WORDS if several else _FACT_WORDS
        quotes: list[Quote] = []
        for found in self._clauses_to_quote(question, evidence):
            room = limit - sum(_words(quote.text) for quote in quotes)
            if quotes and room < _LEAST_WORDS:
                break
            more = self._quotes_of(question, found, weights, room)
            quotes += [quote for quote in more if quote not in quotes]
        said = self._said(quotes)
        total = sum(weights.values()) or 1.0
        covered = sum(weight for term, weight in weights.items() if term in said)
        texts = " ".join(part for q in quotes for part in (q.clause.text, q.clause.context_text))
        own = " ".join(quote.text for quote in quotes)
        missing = frozenset(
            a
            for a in question.asked
            # A heading may name a town; where something is must stand in the clause itself.
            if not offers(a, own if a is Asked.PLACE else texts, question.restored)
        )
        unknown = tuple(term for term in weights if " " not in term and term not in said)
        single = sum(weight for term, weight in weights.items() if " " not in term) or 1.0
        return Ground(
            quotes=tuple(quotes),
            coverage=covered / total,
            missing=missing,
            unknown=unknown,
            unknown_share=sum(weights[term] for term in unknown) / single,
            strangers=_strangers(question, quotes, texts),
        )

    def _clauses_to_quote(
        self, question: Question, evidence: Sequence[Evidence]
    ) -> list[Evidence]:
        best = evidence[0]
        if Asked.COMPARISON in question.asked:
            # What is compared stands in different notices: the best clause of each.
            of_notice: dict[str, Evidence] = {}
            for found in evidence:
                if found.score >= _COMPARED * best.score:
                    of_notice.setdefault(found.notice.id, found)
            others = [e for e in evidence if e.score >= _NEAR * best.score]
            return list(dict.fromkeys([*of_notice.values(), *others]))[:_LIST_CLAUSES]
        if Asked.LIST in question.asked:
            return [e for e in evidence if e.score >= _NEAR * best.score][:_LIST_CLAUSES]
        for found in evidence[:3]:
            text = f"{found.clause.text} {found.clause.context_text}"
            if found.score >= _TIE * best.score and all(
                offers(a, text, question.restored) for a in question.asked
            ):
                return [found]
        return [best]

    def _quotes_of(
        self, question: Question, found: Evidence, weights: Mapping[str, float], room: int
    ) -> list[Quote]:
        clause, notice = found.clause, found.notice
        spans = self._spans(question, clause, weights, room)
        quotes = [Quote(clause, notice, span) for span in spans]
        return [*quotes, *self._inherited(question, clause, notice, weights)]

    def _spans(
        self, question: Question, clause: Clause, weights: Mapping[str, float], room: int
    ) -> list[Span]:
        text = clause.text
        short = _SHORT_IN_LIST if question.asked & _SEVERAL else _SHORT_CLAUSE
        if _words(text) <= short or clause.kind is ClauseKind.TABLE_ROW:
            return [Span(0, len(text))]
        units = list(sentences(text))
        terms = [self._terms(unit.of(text)) for unit in units]
        total = sum(weights.values()) or 1.0
        picked: list[int] = []
        covered: set[str] = set()
        lacking = {a for a in question.asked if a in _SPECIFIC}
        while len(picked) < len(units):
            gains = [
                (self._gain(question, units[i].of(text), terms[i] - covered, weights, lacking), -i)
                for i in range(len(units))
                if i not in picked
            ]
            gain, minus = max(gains)
            unit = units[-minus].of(text)
            fills = any(offers(a, unit, question.restored) for a in lacking)
            words = sum(_words(units[i].of(text)) for i in picked) + _words(unit)
            if picked and ((gain < _WORTH * total and not fills) or words > room):
                break
            picked.append(-minus)
            covered |= terms[-minus]
            lacking = {a for a in lacking if not offers(a, unit, question.restored)}
        return [units[i] for i in sorted(picked)]

    def _gain(
        self,
        question: Question,
        unit: str,
        new: set[str],
        weights: Mapping[str, float],
        lacking: set[Asked],
    ) -> float:
        """Weight of the question's words that the unit adds; more where it fills a need."""
        gain = sum(weight for term, weight in weights.items() if term in new)
        fills = sum(offers(a, unit, question.restored) for a in lacking)
        return gain * (1.0 + 0.25 * fills)

    def _inherited(
        self,
        question: Question,
        clause: Clause,
        notice: Notice,
        weights: Mapping[str, float],
    ) -> list[Quote]:
        """Quote the context that the clause can't be answered from without."""
        own = self._terms(clause.text)
        quotes: list[Quote] = []
        deadline_ids = {d.clause_id for d in clause.deadlines if d.clause_id}
        owner_ids = {o.clause_id for o in clause.owners if o.clause_id != clause.id}
        lacking = [
            a
            for a in question.asked & _SPECIFIC
            if not offers(a, clause.text, question.restored)
        ]
        for part in clause.context:
            if part.role not in _QUOTABLE or len(part.text) > _CONTEXT_LENGTH:
                continue
            new = self._terms(part.text) - own
            gain = sum(weight for term, weight in weights.items() if term in new)
            wanted = (
                (Asked.OWNER in question.asked and part.clause_id in owner_ids)
                or (Asked.DEADLINE in question.asked and part.clause_id in deadline_ids)
                or any(offers(a, part.text, question.restored) for a in lacking)
            )
            if wanted and gain >= 0:
                source = self._clauses[part.clause_id]
                quotes.append(Quote(source, notice, Span(0, len(source.text))))
        return quotes

    def _said(self, quotes: Sequence[Quote]) -> set[str]:
        said: set[str] = set()
        for quote in quotes:
            said |= self._terms(quote.clause.text)
            said |= self._terms(quote.clause.context_text)
            said |= self._terms(f"{quote.notice.short_name} {quote.notice.header.title}")
            if quote.notice.header.date:
                said |= self._terms(f"{quote.notice.header.date:%d/%m/%Y}")
        return said

    def _terms(self, text: str) -> set[str]:
        words = _folded(spell_out(text))
        return set(words) | {f"{a} {b}" for a, b in pairwise(words)}


def _strangers(question: Question, quotes: Sequence[Quote], texts: str) -> tuple[str, ...]:
    known = fold(spell_out(texts))
    issuers = fold(" ".join(spell_out(quote.notice.header.issuer) for quote in quotes))
    return tuple(
        agency.canonical
        for agency in find_agencies(question.restored)
        if fold(agency.canonical) not in known and fold(agency.canonical) not in issuers
    )


def _folded(text: str) -> list[str]:
    return [_plain_number(fold(word)) for word in syllables(text)]


def _plain_number(word: str) -> str:
    """Drop leading zeros, in dates too: people write 05/9 and 5/9."""
    return re.sub(r"(?<![\d.,])0+(?=\d)", "", word)


def _words(text: str) -> int:
    return len(text.split())
