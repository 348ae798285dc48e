"""The ground of an answer: the verbatim sentences that hold what was asked.

Given exactly the right clauses, the default LLM writing freely is right in .63 of the cases,
the clauses quoted are right always. So what is quoted is chosen first, and the LLM may only
phrase what stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.needs import offers
from assistant.question import Asked, Question
from assistant.retrieval import Evidence
from assistant.verify import figures
from corpus.agencies import find_agencies
from corpus.notice import Clause, ClauseKind, ContextRole, Notice, OwnerRole, Span
from corpus.sentences import sentences
from corpus.terms import spell_out
from corpus.text import fold, syllables
from index.vocabulary import Vocabulary

_STOP = frozenset(
    ["la", "gi", "nao", "ai", "bao", "nhieu", "may", "khi", "luc", "dau", "the", "va", "cua", "cac", "nhung", "cho", "voi", "theo", "trong", "thi", "ma", "o", "tai", "nay", "do", "duoc", "phai", "co", "khong", "hay", "se", "da", "dang", "vi", "sao", "sau", "truoc", "den", "tu", "ve", "mot", "so", "nhu", "ra", "vao", "vay", "nhe", "a", "em", "anh", "chi", "minh", "toi", "xin", "hoi", "biet", "cu", "bi", "boi", "do", "con", "nua", "roi", "chua", "bang", "noi", "giup", "lam", "gom", "nhieu", "gio", "lau", "ko", "k", "dc", "vs", "phan", "tram", "it", "nhat", "toi", "thieu", "nay", "luot", "cham", "ghi", "thay", "lo", "xong", "viec", "cung", "cai", "moi", "khop", "nhau", "khac", "giong", "mau", "thuan", "dang", "thuc", "hien", "dat", "thoi", "han", "quy", "dinh"]
)
_SHORT_CLAUSE = 60  # words: a clause this short is quoted whole
_FACT_WORDS = 120
_LIST_WORDS = 260
_WORTH = 0.06  # share of the question's weight that one more sentence must add
_EARLIER = 0.5  # weight of the words of the question that a follow-up leans on
_LEFT = 0.12  # share of the question that the first clause must leave for a second one
_SECOND = 0.55  # share of the first clause's score
_ADDED = 0.4  # share of what was left that the second clause must know
_DISPUTED = 0.7
_TASK_PAIRS = 3
_TASK_SHARE = 0.6
# Bodies that speak in every notice: naming them tells nothing about a clause.
_EVERYWHERE = ("ban chi dao", "to giup viec", "co quan thuong truc", "chinh phu", "tinh", "trung uong")
_HEAVY = 60  # words: a sentence of that length must say twice as much as a short one
_NEAR = 0.72  # share of the best score that makes another clause worth quoting in a list
_LIST_CLAUSES = 6
_BEST_FEW = 3  # clauses that show which of the question's names and dates are to be had
_SHORT_IN_LIST = 120
_LEAST_WORDS = 10  # room for less is room for nothing
_COMPARED = 0.5
_TIE = 0.85  # share of the best score at which the next clause may hold the answer instead
_PAIR = 0.5  # weight of a pair of words beside that of its rarity
_SEVERAL = frozenset({Asked.LIST, Asked.COMPARISON})
_SPECIFIC = frozenset(
    {Asked.DEADLINE, Asked.OWNER, Asked.NUMBER, Asked.DOCUMENT, Asked.PLACE}
)
_IN_ITSELF = frozenset({Asked.PLACE, Asked.DOCUMENT})
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
        topic_unknown: whether what is asked about (“Lương của … là bao nhiêu”) is among them.
        strangers: agencies that the question names and neither quotes nor context do.
        disputed: clauses that give the same task another owner or deadline.
    """

    quotes: tuple[Quote, ...]
    coverage: float
    missing: frozenset[Asked]
    unknown: tuple[str, ...]
    unknown_share: float
    topic_unknown: bool
    strangers: tuple[str, ...]
    disputed: tuple[str, ...] = ()


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
        own = self._weights(question.restored, 1.0)
        return self._weights(question.earlier, _EARLIER) | own

    def _weights(self, text: str, factor: float) -> dict[str, float]:
        found: dict[str, float] = {}
        words = _folded(spell_out(text))
        for word in words:
            if word not in _STOP and (len(word) > 1 or word.isdigit()):
                found[word] = factor * self._vocabulary.rarity(word)
        for a, b in pairwise(words):
            if a not in _STOP and b not in _STOP:
                pair = f"{a} {b}"
                found[pair] = factor * _PAIR * self._vocabulary.rarity(pair)
        return found

    def choose(self, question: Question, evidence: Sequence[Evidence]) -> Ground:
        """Choose the quotes that answer ``question``.

        Args:
            question: understood.
            evidence: retrieved clauses, best first; not empty.
        """
        weights = self.weights(question)
        ranked = self._rerank(evidence, weights)
        several = bool(question.asked & _SEVERAL)
        limit = _LIST_WORDS if several else _FACT_WORDS * min(question.parts, 2)
        chosen = self._clauses_to_quote(question, ranked, weights)
        other = [] if several else self._disagreeing(question, chosen[0], ranked)
        quotes: list[Quote] = []
        for found in [*chosen, *other]:
            room = limit - sum(_words(quote.text) for quote in quotes)
            if quotes and room < _LEAST_WORDS:
                break
            more = self._quotes_of(question, found, weights, room)
            quotes += [quote for quote in more if quote not in quotes]
        return self._described(question, quotes, tuple(e.clause.id for e in other))

    def _rerank(
        self, evidence: Sequence[Evidence], weights: Mapping[str, float]
    ) -> list[Evidence]:
        """Order clauses by their score and by how much of the question they know."""
        total = sum(weights.values()) or 1.0

        def known(found: Evidence) -> float:
            said = self._terms(f"{found.clause.text} {found.clause.context_text}")
            return sum(weight for term, weight in weights.items() if term in said) / total

        scored = [replace(e, score=round((e.score + known(e)) / 2, 4)) for e in evidence]
        return sorted(scored, key=lambda e: -e.score)

    def _disagreeing(
        self, question: Question, best: Evidence, ranked: Sequence[Evidence]
    ) -> list[Evidence]:
        """Find the clause of another notice that gives the same task another owner or deadline.

        A reader must be told, not spared it.
        """
        if not question.asked & {Asked.OWNER, Asked.DEADLINE} or question.only_named:
            return []
        for found in ranked:
            if found.notice.id == best.notice.id or found.score < _DISPUTED * best.score:
                continue
            if _same_task(best.clause, found.clause) and _differs(
                question, best.clause, found.clause
            ):
                return [found]
        return []

    def _described(
        self, question: Question, quotes: Sequence[Quote], disputed: tuple[str, ...]
    ) -> Ground:
        weights = self._weights(question.restored, 1.0)
        said = self._said(quotes)
        total = sum(weights.values()) or 1.0
        single = sum(weight for term, weight in weights.items() if " " not in term) or 1.0
        covered = sum(weight for term, weight in weights.items() if term in said)
        texts = " ".join(part for q in quotes for part in (q.clause.text, q.clause.context_text))
        unknown = tuple(term for term in weights if " " not in term and term not in said)
        return Ground(
            quotes=tuple(quotes),
            coverage=covered / total,
            missing=_missing(question, quotes, texts),
            unknown=unknown,
            unknown_share=sum(weights[term] for term in unknown) / single,
            topic_unknown=_topic(question) in unknown,
            strangers=_strangers(question, quotes, texts),
            disputed=disputed,
        )

    def _clauses_to_quote(
        self, question: Question, evidence: Sequence[Evidence], weights: Mapping[str, float]
    ) -> list[Evidence]:
        best = evidence[0]
        if Asked.COMPARISON in question.asked:
            # What is compared stands in different notices: the best clause of each.
            of_notice: dict[str, Evidence] = {}
            for found in evidence:
                if found.score >= _COMPARED * best.score:
                    of_notice.setdefault(found.notice.id, found)
            others = [e for e in evidence if e.score >= _NEAR * best.score]
            kept = self._with_names(question, [*of_notice.values(), *others])
            return list(dict.fromkeys(kept))[:_LIST_CLAUSES]
        if Asked.LIST in question.asked:
            near = [e for e in evidence if e.score >= _NEAR * best.score]
            kept = self._with_figures(question, self._with_names(question, near))
            return kept[:_LIST_CLAUSES]
        first = next(
            (
                found
                for found in evidence[:_BEST_FEW]
                if found.score >= _TIE * best.score and not _missing_in(question, found.clause)
            ),
            best,
        )
        second = self._second(question, first, evidence, weights)
        return [first, second] if second else [first]

    def _second(
        self,
        question: Question,
        first: Evidence,
        evidence: Sequence[Evidence],
        weights: Mapping[str, float],
    ) -> Evidence | None:
        """Find what answers the other part of a question that asks for two things."""
        if question.parts < 2:
            return None
        said = self._terms(f"{first.clause.text} {first.clause.context_text}")
        left = {term: weight for term, weight in weights.items() if term not in said}
        if sum(left.values()) < _LEFT * sum(weights.values()):
            return None
        for found in evidence:
            if found is first or found.score < _SECOND * first.score:
                continue
            terms = self._terms(f"{found.clause.text} {found.clause.context_text}")
            added = sum(weight for term, weight in left.items() if term in terms)
            if added >= _ADDED * sum(left.values()) and not _missing_in(question, found.clause):
                return found
        return None

    def _with_names(self, question: Question, found: Sequence[Evidence]) -> list[Evidence]:
        """Leave out clauses about other agencies or places than the question names."""
        named = [fold(a.canonical) for a in find_agencies(question.restored)]
        texts = [fold(spell_out(f"{e.clause.text} {e.clause.context_text}")) for e in found]
        return _sharing(found, [{name for name in named if name in text} for text in texts])

    def _with_figures(self, question: Question, found: Sequence[Evidence]) -> list[Evidence]:
        """Leave out clauses with other dates and numbers than the question names."""
        of_documents = set(figures(" ".join(r.text for r in question.references)))
        asked = set(figures(question.restored)) - of_documents
        said = [set(figures(f"{e.clause.text} {e.clause.context_text}")) for e in found]
        return _sharing(found, [asked & told for told in said])

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
            worth = gain * (1.0 + _words(unit) / _HEAVY)
            if picked and ((worth < _WORTH * total and not fills) or words > room):
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
        return gain * (1.0 + 0.25 * fills) / (1.0 + _words(unit) / _HEAVY)

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


def _topic(question: Question) -> str:
    """The first word of meaning of “X … là bao nhiêu / là gì”: what is asked about."""
    words = _folded(spell_out(question.restored))
    if " ".join(words[-3:]) != "la bao nhieu" and words[-2:] != ["la", "gi"]:
        return ""
    return next((word for word in words if word not in _STOP), "")


def _missing(question: Question, quotes: Sequence[Quote], texts: str) -> frozenset[Asked]:
    """Kinds of answer that were asked for and that neither words nor data of the quotes hold."""
    own = " ".join(quote.text for quote in quotes)
    data = {Asked.OWNER} if any(quote.clause.owners for quote in quotes) else set()
    data |= {Asked.DEADLINE} if any(quote.clause.deadlines for quote in quotes) else set()
    return frozenset(
        asked
        for asked in question.asked - data
        # A heading may name a town or a resolution; the answer must stand in the clause itself.
        if not offers(asked, own if asked in _IN_ITSELF else texts, question.restored)
    )


def _missing_in(question: Question, clause: Clause) -> bool:
    text = f"{clause.text} {clause.context_text}"
    data = {Asked.OWNER} if clause.owners else set()
    data |= {Asked.DEADLINE} if clause.deadlines else set()
    return any(not offers(asked, text, question.restored) for asked in question.asked - data)


def _same_task(first: Clause, second: Clause) -> bool:
    """Whether the smaller of two clauses says little that the other doesn't."""
    a, b = (_task_pairs(clause) for clause in (first, second))
    smaller = min(len(a), len(b))
    return smaller >= _TASK_PAIRS and len(a & b) >= _TASK_SHARE * smaller


def _task_pairs(clause: Clause) -> set[tuple[str, str]]:
    text = re.sub(r"\([^)]*\)", " ", clause.text)
    return set(pairwise(word for word in _folded(spell_out(text)) if word not in _STOP))


def _differs(question: Question, first: Clause, second: Clause) -> bool:
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


def _sharing(found: Sequence[Evidence], has: Sequence[set[str]]) -> list[Evidence]:
    """Keep those that have all that the best few have between them."""
    wanted: set[str] = set().union(*has[:_BEST_FEW])
    return [e for e, those in zip(found, has, strict=True) if those >= wanted] or list(found[:1])


def _strangers(question: Question, quotes: Sequence[Quote], texts: str) -> tuple[str, ...]:
    known = fold(spell_out(texts))
    issuers = fold(" ".join(spell_out(quote.notice.header.issuer) for quote in quotes))
    return tuple(
        agency.canonical
        for agency in find_agencies(question.restored)
        if fold(agency.canonical) not in known
        and fold(agency.canonical) not in issuers
        and not fold(agency.canonical).startswith(_EVERYWHERE)
    )


def _folded(text: str) -> list[str]:
    return [_plain_number(fold(word)) for word in syllables(text)]


def _plain_number(word: str) -> str:
    """Drop leading zeros, in dates too: people write 05/9 and 5/9."""
    return re.sub(r"(?<![\d.,])0+(?=\d)", "", word)


def _words(text: str) -> int:
    return len(text.split())
