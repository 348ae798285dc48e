"""The assistant: a question in, a cited and verified answer out, or a refusal."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

from assistant.answer import (
    Answer,
    AnswerWarning,
    EvidenceItem,
    RefusalReason,
    Timings,
    Versions,
    WarningKind,
)
from assistant.compose import CitedQuotes, body, cite, lead_text, warnings
from assistant.events import CitationMade, Delta, Done, Event, EvidenceFound, Warned
from assistant.gate import GateLimits, refusal
from assistant.ground import GroundFinder
from assistant.quotes import Ground
from assistant.lead import Claim, LeadWriter, claims_from_data
from assistant.llm.base import GrammarLLM
from assistant.prompting import Prompt
from assistant.question import Asked, Question, Turn, understand
from assistant.retrieval import Evidence, Retriever
from assistant.settings import Settings
from corpus.errors import BadInput, Cancelled, EmptyLibrary, Transient
from index.embedder import Embedder
from index.snapshot import Snapshot
from index.vocabulary import Vocabulary

_WITHOUT_LEAD = frozenset({Asked.LIST, Asked.COMPARISON})
_QUOTE_ENOUGH = 18  # words: a quote this short answers by itself
_LEAD_WORDS = 220  # words of ground: a longer one makes the model slow and vague


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """How answers are made.

    Args:
        evidence: clauses retrieved and shown as evidence.
        question_max_chars: a longer question is refused as bad input.
        answer_max_tokens: upper bound of what the LLM writes.
        lead: whether the LLM phrases a sentence before the quotes.
        limits: where the gate closes.
    """

    evidence: int = 12
    question_max_chars: int = 2000
    answer_max_tokens: int = 256
    lead: bool = True
    limits: GateLimits = field(default_factory=GateLimits)

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Take what concerns answers from the settings."""
        return cls(
            evidence=settings.evidence_clauses,
            question_max_chars=settings.question_max_chars,
            answer_max_tokens=settings.answer_max_tokens,
            lead=settings.lead == "llm",
        )


class Assistant:
    """Answers from one snapshot.

    Args:
        snapshot: the notices.
        retriever: over that snapshot.
        finder: chooses what is quoted.
        vocabulary: of the notices' words.
        lead: phrases the sentence before the quotes, or None.
        options: how answers are made.
        versions: reported with every answer.
        clock: seconds, for timings.
    """

    def __init__(  # noqa: PLR0913
        self,
        snapshot: Snapshot,
        retriever: Retriever,
        finder: GroundFinder,
        vocabulary: Vocabulary,
        lead: LeadWriter | None,
        options: AnswerOptions,
        versions: Versions,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._snapshot = snapshot
        self._retriever = retriever
        self._finder = finder
        self._vocabulary = vocabulary
        self._lead = lead
        self._options = options
        self._versions = versions
        self._clock = clock

    @classmethod
    def from_parts(
        cls, snapshot: Snapshot, embedder: Embedder, llm: GrammarLLM, options: AnswerOptions
    ) -> Self:
        """Wire an assistant.

        Args:
            snapshot: loaded and checked.
            embedder: the one it was made with.
            llm: the language model.
            options: how answers are made.
        """
        prompt = Prompt.load("lead")
        vocabulary = Vocabulary(clause.text for clause in snapshot.clauses.values())
        return cls(
            snapshot=snapshot,
            retriever=Retriever(snapshot, embedder),
            finder=GroundFinder(snapshot.clauses, vocabulary),
            vocabulary=vocabulary,
            lead=LeadWriter(llm, prompt, options.answer_max_tokens) if options.lead else None,
            options=options,
            versions=Versions(snapshot.id, llm.id, embedder.id, prompt.version),
        )

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        notices: Sequence[str] = (),
        cancel: threading.Event | None = None,
    ) -> Answer:
        """Return the whole answer; see ``stream``."""
        for event in self.stream(question, history, notices, cancel):
            if isinstance(event, Done):
                return event.answer
        raise Cancelled("Câu trả lời đã bị dừng.")

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        notices: Sequence[str] = (),
        cancel: threading.Event | None = None,
    ) -> Iterator[Event]:
        """Yield evidence, pieces of text, citations, warnings, and the whole answer.

        A sentence is shown only when it is verified, so nothing has to be taken back.

        Args:
            question: as typed.
            history: earlier turns, oldest first.
            notices: ids of the only notices to look in; none means all.
            cancel: when set, the answer stops within a token.

        Raises:
            BadInput: the question is empty or too long, or a notice id is unknown.
            EmptyLibrary: there is nothing to answer from.
            Cancelled: ``cancel`` was set.
            Busy: the queue of the LLM is full.
        """
        watch = _Watch(self._clock)
        stop = cancel or threading.Event()
        self._check(question, notices)
        asked = understand(question, history, self._snapshot.notices, self._vocabulary)
        evidence = self._retriever.find(asked, self._options.evidence, notices)
        items = tuple(EvidenceItem(e.clause.id, e.score, e.lexical, e.dense) for e in evidence)
        watch.mark_retrieve()
        yield EvidenceFound(items)
        ground = self._finder.choose(asked, evidence) if evidence else None
        reason = refusal(asked, evidence, ground, self._options.limits)
        if reason is not None or ground is None:
            yield from self._refuse(question, asked, reason, evidence, items, watch)
            return
        yield from self._answer(question, asked, ground, items, stop, watch)

    def _check(self, question: str, notices: Sequence[str]) -> None:
        if not self._snapshot.notices:
            raise EmptyLibrary("Kho chưa có văn bản nào.", "Thêm văn bản bằng `congvu add THƯ_MỤC`.")
        if not any(c.isalnum() for c in question):
            raise BadInput("Câu hỏi trống.", "Gõ câu hỏi bằng tiếng Việt, có dấu hoặc không dấu.")
        if len(question) > self._options.question_max_chars:
            raise BadInput(
                f"Câu hỏi dài {len(question):,} ký tự, quá {self._options.question_max_chars:,}.",
                "Rút gọn câu hỏi hoặc chia thành nhiều câu.",
            )
        unknown = [name for name in notices if name not in self._snapshot.notices]
        if unknown:
            raise BadInput(
                f"Không có văn bản {', '.join(unknown)} trong chỉ mục.",
                "Xem các văn bản bằng `congvu list`.",
            )

    def _answer(  # noqa: PLR0913
        self,
        question: str,
        asked: Question,
        ground: Ground,
        items: tuple[EvidenceItem, ...],
        stop: threading.Event,
        watch: _Watch,
    ) -> Iterator[Event]:
        cited = cite(ground)
        told: list[AnswerWarning] = list(warnings(cited, ground.disputed))
        claims = list(claims_from_data(asked, [(c.marker, c.whole) for c in cited]))
        text = lead_text(claims)
        if text:
            watch.mark_first()
            yield Delta(text)
        try:
            claim = self._written(asked, cited, claims, stop)
        except Transient as error:
            # The quotes hold without the model's sentence; that it failed is said.
            told.append(AnswerWarning(WarningKind.DEGRADED, str(error)))
            claim = None
        if stop.is_set():
            raise Cancelled("Câu trả lời đã bị dừng.")
        pieces = [claim.shown] if claim else []
        for piece in [*pieces, body(cited)]:
            gap = "\n\n" if text else ""
            watch.mark_first()
            yield Delta(gap + piece)
            text += gap + piece
        citations = tuple(entry.citation() for entry in cited)
        for citation in citations:
            yield CitationMade(citation)
        for warning in told:
            yield Warned(warning)
        yield Done(
            Answer(
                question=question,
                answer=text,
                refused=False,
                refusal_reason=None,
                citations=citations,
                evidence=items,
                versions=self._versions,
                warnings=tuple(told),
                timings_ms=watch.timings(),
            )
        )

    def _written(
        self,
        asked: Question,
        cited: Sequence[CitedQuotes],
        claims: Sequence[Claim],
        stop: threading.Event,
    ) -> Claim | None:
        """Let the LLM phrase a sentence where the quotes alone would make heavy reading."""
        words = sum(len(quote.text.split()) for entry in cited for quote in entry.quotes)
        if self._lead is None or claims or asked.asked & _WITHOUT_LEAD:
            return None
        if not _QUOTE_ENOUGH < words <= _LEAD_WORDS:
            return None
        return self._lead.write(asked, [(c.marker, c.whole) for c in cited], stop)

    def _refuse(  # noqa: PLR0913
        self,
        question: str,
        asked: Question,
        reason: RefusalReason | None,
        evidence: Sequence[Evidence],
        items: tuple[EvidenceItem, ...],
        watch: _Watch,
    ) -> Iterator[Event]:
        why = reason or RefusalReason.NO_EVIDENCE
        text = _refusal_text(why, asked, evidence)
        watch.mark_first()
        yield Delta(text)
        yield Done(
            Answer(
                question=question,
                answer=text,
                refused=True,
                refusal_reason=why,
                citations=(),
                evidence=items,
                versions=self._versions,
                timings_ms=watch.timings(),
            )
        )


def _refusal_text(reason: RefusalReason, asked: Question, evidence: Sequence[Evidence]) -> str:
    if reason is RefusalReason.NO_EVIDENCE:
        return "Các văn bản trong kho không có nội dung về câu hỏi này."
    if reason is RefusalReason.OUT_OF_SCOPE:
        names = ", ".join(f"{r.kind} {r.number}".strip() for r in asked.missing)
        return f"Kho chưa có {names}, nên không trả lời được về nội dung văn bản đó."
    nearest = evidence[0]
    return (
        "Các văn bản trong kho không nêu điều được hỏi. Gần nhất là "
        f"{nearest.clause.label}, {nearest.notice.short_name}."
    )


class _Watch:
    """Milliseconds since the question came in."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._start = clock()
        self._retrieve = 0
        self._first = 0

    def _now(self) -> int:
        return max(1, round((self._clock() - self._start) * 1000))

    def mark_retrieve(self) -> None:
        self._retrieve = self._now()

    def mark_first(self) -> None:
        self._first = self._first or self._now()

    def timings(self) -> Timings:
        return Timings(self._retrieve, self._first, self._now())
