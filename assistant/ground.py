"""The ground of an answer: the verbatim sentences that hold what was asked.

Given exactly the right clauses, the default LLM writing freely is right in .63 of the cases,
the clauses quoted are right always. So what is quoted is chosen first, and the LLM may only
phrase what stands in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.needs import offers
from assistant.question import Asked, Question
from assistant.retrieval import Evidence
from corpus.notice import Clause, ClauseKind, ContextRole, Notice, Span
from corpus.sentences import sentences
from corpus.text import fold, syllables
from index.vocabulary import Vocabulary

_STOP = frozenset(
    "la gi nao ai bao nhieu may khi luc dau the va cua cac nhung cho voi theo trong thi ma o tai"
    " nay do duoc phai co khong hay se da dang vi sao sau truoc den tu ve mot so nhu ra vao vay"
    " nhe a em anh chi minh toi xin hoi biet cu bi boi do con nua roi chua bang noi giup lam gom"
    " nhieu gio lau ko k dc vs".split()
)
_SHORT_CLAUSE = 60  # words: a clause this short is quoted whole
_FACT_WORDS = 90
_LIST_WORDS = 260
_WORTH = 0.06  # share of the question's weight that one more sentence must add
_NEAR = 0.72  # share of the best score that makes another clause worth quoting in a list
_LIST_CLAUSES = 6
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
        unknown: rare words of the question that occur in no quote or context.
    """

    quotes: tuple[Quote, ...]
    coverage: float
    missing: frozenset[Asked]
    unknown: tuple[str, ...] = ()


class GroundFinder:
    """Chooses the ground among retrieved clauses.

    Args:
        clauses: all clauses of the snapshot, by id.
        vocabulary: tells how rare a word is.
    """

    def __init__(self, clauses: Mapping[str, Clause], vocabulary: Vocabulary) -> None:
        self._clauses = clauses
        self._vocabulary = vocabulary

    def weights(self, text: str) -> dict[str, float]:
        """Return the folded syllables and bigrams of ``text`` that carry meaning, weighed."""
        words = [fold(word) for word in syllables(text)]
        found: dict[str, float] = {}
        for word in words:
            if word not in _STOP and (len(word) > 1 or word.isdigit()):
                found[word] = self._vocabulary.rarity(word)
        for a, b in zip(words, words[1:], strict=False):
            if a not in _STOP and b not in _STOP:
                found[f"{a} {b}"] = 0.5 * self._vocabulary.rarity(f"{a} {b}")
        return found

    def choose(self, question: Question, evidence: Sequence[Evidence]) -> Ground:
        """Choose the quotes that answer ``question``.

        Args:
            question: understood.
            evidence: retrieved clauses, best first; not empty.
        """
        weights = self.weights(question.search_text)
        several = bool(question.asked & {Asked.LIST, Asked.COMPARISON})
        chosen = self._clauses_to_quote(question, evidence, weights, several=several)
        limit = _LIST_WORDS if several else _FACT_WORDS
        quotes: list[Quote] = []
        for found in chosen:
            room = limit - sum(_words(quote.text) for quote in quotes)
            if quotes and room < 10:
                break
            quotes += self._quotes_of(question, found, weights, room)
        said = self._said(quotes)
        covered = sum(weight for term, weight in weights.items() if term in said)
        total = sum(weights.values()) or 1.0
        texts = " ".join([*(q.text for q in quotes), *self._context_texts(quotes)])
        missing = frozenset(a for a in question.asked if not offers(a, texts, question.restored))
        unknown = tuple(
            term
            for term in weights
            if " " not in term and term not in said
        )
        return Ground(tuple(quotes), covered / total, missing, unknown)

    def _clauses_to_quote(
        self,
        question: Question,
        evidence: Sequence[Evidence],
        weights: Mapping[str, float],
        *,
        several: bool,
    ) -> list[Evidence]:
        best = evidence[0]
        if not several:
            for found in evidence[:3]:
                texts = " ".join([found.clause.text, found.clause.context_text])
                if found.score >= 0.85 * best.score and not any(
                    not offers(a, texts, question.restored) for a in question.asked
                ):
                    return [found]
            return [best]
        near = [e for e in evidence if e.score >= _NEAR * best.score][:_LIST_CLAUSES]
        return near

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
        if _words(text) <= _SHORT_CLAUSE or clause.kind is ClauseKind.TABLE_ROW:
            return [Span(0, len(text))]
        units = list(sentences(text))
        terms = [self._terms(unit.of(text)) for unit in units]
        picked: list[int] = []
        covered: set[str] = set()
        while True:
            gains = [
                (
                    sum(w for t, w in weights.items() if t in terms[i] and t not in covered)
                    * (1.15 if self._fits(question, units[i].of(text)) else 1.0),
                    -i,
                )
                for i in range(len(units))
                if i not in picked
            ]
            if not gains:
                break
            gain, minus = max(gains)
            words = sum(_words(units[i].of(text)) for i in [*picked, -minus])
            total = sum(weights.values()) or 1.0
            if picked and (gain < _WORTH * total or words > room):
                break
            picked.append(-minus)
            covered |= terms[-minus]
        return [units[i] for i in sorted(picked)]

    def _fits(self, question: Question, text: str) -> bool:
        return any(offers(a, text, question.restored) for a in question.asked)

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
        for part in clause.context:
            if part.role in (ContextRole.ATTACHED, ContextRole.COLUMNS, ContextRole.REFERRED):
                continue
            new = self._terms(part.text) - own
            gain = sum(weights.get(term, 0.0) for term in new) / (sum(weights.values()) or 1.0)
            wanted = (
                (Asked.OWNER in question.asked and part.clause_id in owner_ids)
                or (Asked.DEADLINE in question.asked and part.clause_id in deadline_ids)
                or (gain > 0.1 and self._fits(question, part.text))
            )
            if wanted and len(part.text) <= _CONTEXT_LENGTH:
                source = self._clauses[part.clause_id]
                quotes.append(Quote(source, notice, Span(0, len(source.text))))
        return quotes

    def _context_texts(self, quotes: Iterable[Quote]) -> list[str]:
        return [quote.clause.context_text for quote in quotes]

    def _said(self, quotes: Sequence[Quote]) -> set[str]:
        said: set[str] = set()
        for quote in quotes:
            said |= self._terms(quote.clause.text)
            said |= self._terms(quote.clause.context_text)
            said |= self._terms(quote.notice.short_name + " " + quote.notice.header.title)
        return said

    def _terms(self, text: str) -> set[str]:
        words = [fold(word) for word in syllables(text)]
        return set(words) | {f"{a} {b}" for a, b in zip(words, words[1:], strict=False)}


def _words(text: str) -> int:
    return len(text.split())
