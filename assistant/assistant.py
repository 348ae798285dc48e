"""The assistant: a question in, a cited and verified answer out, or a refusal."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from assistant.answer.in_force import in_force_warnings
from assistant.answer.lead import Claim, LeadWriter, Writing, claims_from_data
from assistant.answer.lookup import Findings, Reading
from assistant.answer.wording import (
    CitedQuotes,
    body,
    cite,
    contrast,
    corrections,
    lead_text,
    left_out,
    untold,
    warnings,
)
from assistant.contract import (
    GAP,
    Answer,
    AnswerWarning,
    Citation,
    EvidenceItem,
    LeadSentence,
    RefusalReason,
    Timings,
    Versions,
    WarningKind,
    with_lead,
)
from assistant.events import (
    CitationMade,
    Delta,
    Done,
    Event,
    EvidenceFound,
    LeadBegun,
    LeadMade,
    Warned,
)
from assistant.find.ground import Ground, Quote
from assistant.find.retriever import Evidence
from assistant.judge.bounds import Difference
from assistant.llm.base import GrammarLLM
from assistant.llm.prompting import Prompt
from assistant.operations.desk import Desk
from assistant.operations.told import Told
from assistant.time_limit import is_out_of_time
from assistant.understand.question import Asked, Question, Turn, understand
from corpus.errors import BadInput, Cancelled, CongvuError, EmptyLibrary, TooSlow
from corpus.notice import ClauseKind
from index.embedder import Embedder
from index.snapshot import Snapshot

_WITHOUT_LEAD = frozenset({Asked.LIST, Asked.COMPARISON})
_UNFITTED = (
    "Chưa có trọng số cho mô hình nhúng {}: trả lời hay từ chối chỉ xét theo câu chữ, kém chắc hơn."
)
_LEAD_WORDS = 220  # words of ground: a longer one makes the model slow and vague


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """How answers are made.

    Args:
        evidence: clauses retrieved and shown as evidence.
        question_max_chars: a longer question is refused as bad input.
        answer_max_tokens: upper bound of what the LLM writes.
        lead: whether the LLM phrases a sentence before the quotes.
        quote_enough: words; quotes this short answer by themselves, and the LLM takes seconds.
    """

    evidence: int = 12
    question_max_chars: int = 2000
    answer_max_tokens: int = 256
    lead: bool = True
    quote_enough: int = 30


class Assistant:
    """Answers from one snapshot.

    Args:
        reading: what it looks things up with.
        lead: phrases the sentence before the quotes, or None.
        options: how answers are made.
        versions: reported with every answer.
        clock: seconds, for timings.
        today: the day on which documents must be in force.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - two of them are clocks, with a default
        self,
        reading: Reading,
        lead: LeadWriter | None,
        options: AnswerOptions,
        versions: Versions,
        clock: Callable[[], float] = time.perf_counter,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._today = today
        self._reading = reading
        self._desk = Desk.of(reading.snapshot, reading.vocabulary)
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
        return cls(
            reading=Reading.of(snapshot, embedder),
            lead=LeadWriter(llm, prompt, options.answer_max_tokens) if options.lead else None,
            options=options,
            versions=Versions(snapshot.id, llm.id, embedder.id, prompt.version),
        )

    @property
    def snapshot(self) -> Snapshot:
        """The notices that it answers from."""
        return self._reading.snapshot

    def search(
        self, question: str, notices: Sequence[str] = (), limit: int | None = None
    ) -> tuple[EvidenceItem, ...]:
        """Return the clauses that are nearest to ``question``, best first, without answering.

        Args:
            question: as typed.
            notices: ids of the only notices to look in; none means all.
            limit: clauses; None for as many as an answer's evidence.

        Raises:
            BadInput: as for ``stream``.
            EmptyLibrary: there is nothing to look in.
        """
        self._check(question, notices)
        reading = self._reading
        asked = understand(question, (), reading.snapshot.notices, reading.vocabulary)
        found = reading.retriever.find(asked, limit or self._options.evidence, notices)
        return _items(found)

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
        raise _cancelled()

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        notices: Sequence[str] = (),
        cancel: threading.Event | None = None,
    ) -> Iterator[Event]:
        """Yield evidence, quotes, citations, the LLM's sentence, warnings, and the whole answer.

        The quotes don't wait for the LLM: its sentence belongs above them and comes after them,
        if it comes. It is shown only when it is verified, so nothing has to be taken back. Where
        the LLM is too busy, fails, or the time is over, the quotes stand alone with a warning.

        Args:
            question: as typed.
            history: earlier turns, oldest first.
            notices: ids of the only notices to look in; none means all.
            cancel: when set, the answer stops within a token. A ``TimeLimit`` that is over
                ends the answer too, unless its quotes are shown already.

        Raises:
            BadInput: the question is empty or too long, or a notice id is unknown.
            EmptyLibrary: there is nothing to answer from.
            Cancelled: ``cancel`` was set.
        """
        stop = cancel or threading.Event()

        def go_on() -> None:
            if stop.is_set():
                raise _cancelled()

        watch = _Watch(self._clock)
        self._check(question, notices)
        go_on()
        reading = self._reading
        asked = understand(
            question,
            history,
            reading.snapshot.notices,
            reading.vocabulary,
            turn_chars=self._options.question_max_chars,
        )
        operation = self._desk.recognise(asked)
        said = self._desk.tell(operation, asked, notices)
        if said is not None:
            yield from self._tell(_Request(question, asked, (), stop, watch, 1.0), said)
            return
        found = reading.look_up(asked, self._options.evidence, notices, go_on)
        go_on()
        ground, verdict = found.ground, found.verdict
        items = _items(found.evidence[: self._options.evidence])
        request = _Request(question, asked, items, stop, watch, verdict.confidence)
        result = self._desk.work_out(operation, asked, found.evidence, notices)
        go_on()
        if isinstance(result, Told):
            yield from self._tell(replace(request, confidence=1.0), result)
        elif verdict.reason is not None or ground is None:
            reason = verdict.reason or RefusalReason.NO_EVIDENCE
            yield from self._refuse(request, reason, found)
        else:
            undone = (result,) if result else ()
            yield from self._answer(request, ground, undone, verdict.differences)

    def _tell(self, request: _Request, said: Told) -> Iterator[Event]:
        """Give the answer that an operation made."""
        if request.stop.is_set():
            raise _cancelled()
        request.watch.mark_retrieve()
        yield EvidenceFound(request.items)
        request.watch.mark_first()
        yield Delta(said.text)
        citations = tuple(entry.citation() for entry in said.cited)
        for citation in citations:
            yield CitationMade(citation)
        told = (*said.warnings, *self._in_force(said.cited))
        for warning in told:
            yield Warned(warning)
        answer = request.answer(self._versions, (), said.text, citations, told)
        yield Done(replace(answer, computed=said.computed))

    def _check(self, question: str, notices: Sequence[str]) -> None:
        known = self._reading.snapshot.notices
        if not known:
            raise EmptyLibrary(
                "Kho chưa có văn bản nào.", "Thêm văn bản bằng `congvu add THƯ_MỤC`."
            )
        if not any(c.isalnum() for c in question):
            raise BadInput("Câu hỏi trống.", "Gõ câu hỏi bằng tiếng Việt, có dấu hoặc không dấu.")
        if len(question) > self._options.question_max_chars:
            raise BadInput(
                f"Câu hỏi dài {len(question)} ký tự, quá {self._options.question_max_chars}.",
                "Rút gọn câu hỏi hoặc chia thành nhiều câu.",
            )
        unknown = [name for name in notices if name not in known]
        if unknown:
            raise BadInput(
                f"Không có văn bản {', '.join(unknown)} trong chỉ mục.",
                "Xem các văn bản bằng `congvu list`.",
            )

    def _answer(
        self,
        request: _Request,
        ground: Ground,
        undone: tuple[AnswerWarning, ...],
        mistakes: Sequence[Difference],
    ) -> Iterator[Event]:
        cited = cite(ground)
        data = (
            *corrections(mistakes, cited),
            *claims_from_data(request.asked, _marked(cited), ground.disputed),
        )
        failed: list[AnswerWarning] = []
        # It writes while the quotes are on their way to the reader, who may be slow to take them.
        writing: Writing | None = None
        with _degrading(failed):
            writing = self._begin(request, cited, data)
        request.watch.mark_retrieve()
        yield EvidenceFound(request.items)
        pieces = [*([lead_text(data)] if data else []), body(cited)]
        request.watch.mark_quote()
        for index, piece in enumerate(pieces):
            yield Delta(f"{GAP if index else ''}{piece}")
        citations = tuple(entry.citation() for entry in cited)
        for citation in citations:
            yield CitationMade(citation)
        lead: tuple[LeadSentence, ...] = ()
        if writing is not None:
            yield LeadBegun()
            claim = self._awaited(request, writing, failed)
            if claim is not None:
                request.watch.mark_lead()
                lead = (LeadSentence(claim.shown, claim.markers),)
        for sentence in lead:
            yield LeadMade(sentence)
        lacking = untold(request.asked, cited, self.snapshot.notices)
        unfitted = self._unfitted()
        told = (
            *warnings(cited, ground.disputed),
            *self._in_force(cited),
            *lacking,
            *undone,
            *left_out(ground),
            *failed,
            *unfitted,
        )
        for warning in told:
            yield Warned(warning)
        answer = request.answer(self._versions, lead, GAP.join(pieces), citations, told)
        yield Done(answer, ground)

    @staticmethod
    def _awaited(request: _Request, writing: Writing, failed: list[AnswerWarning]) -> Claim | None:
        """Wait for the LLM's sentence; with the quotes shown, it may fail to come.

        Raises:
            Cancelled: the caller has gone.
        """
        claim: Claim | None = None
        with _degrading(failed):
            claim = writing.claim()
            if claim is None and is_out_of_time(request.stop):
                raise TooSlow("Mô hình ngôn ngữ chưa viết xong khi hết thời gian cho phép.")
        if request.stop.is_set() and not is_out_of_time(request.stop):
            raise _cancelled()
        return claim

    def _begin(
        self, request: _Request, cited: Sequence[CitedQuotes], data: Sequence[Claim]
    ) -> Writing | None:
        """Let the LLM phrase a sentence where the quotes alone would make heavy reading."""
        kinds = {quote.clause.kind for entry in cited for quote in entry.quotes}
        words = sum(len(quote.text.split()) for entry in cited for quote in entry.quotes)
        if self._lead is None or data or request.asked.asked & _WITHOUT_LEAD:
            return None
        if ClauseKind.TABLE_ROW in kinds or not self._options.quote_enough < words <= _LEAD_WORDS:
            return None
        return self._lead.begin(request.asked, _marked(cited), request.stop)

    def _refuse(self, request: _Request, reason: RefusalReason, found: Findings) -> Iterator[Event]:
        request.watch.mark_retrieve()
        yield EvidenceFound(request.items)
        differences = found.verdict.differences
        cited = cite(found.ground) if found.ground and differences else ()
        text = (
            f"{contrast(differences, cited)}{GAP}{body(cited)}"
            if cited
            else found.told or _refusal_text(reason, request.asked, found.evidence)
        )
        request.watch.mark_first()
        yield Delta(text)
        citations = tuple(entry.citation() for entry in cited)
        for citation in citations:
            yield CitationMade(citation)
        told = (*self._in_force(cited), *self._unfitted())
        for warning in told:
            yield Warned(warning)
        yield Done(request.refused(self._versions, text, reason, citations, told), found.ground)

    def _in_force(self, cited: Sequence[CitedQuotes]) -> tuple[AnswerWarning, ...]:
        """Warn of what is cited and was replaced, amended or is not yet in force."""
        return in_force_warnings(cited, self._reading.links, self._today())

    def _unfitted(self) -> tuple[AnswerWarning, ...]:
        """Warn where an embedder is used whose cosines the gate doesn't know."""
        if self._reading.is_fitted:
            return ()
        return (AnswerWarning(WarningKind.UNFITTED, _UNFITTED.format(self._versions.embedder)),)


@dataclass(frozen=True, slots=True)
class _Request:
    """A question on its way to an answer."""

    question: str
    asked: Question
    items: tuple[EvidenceItem, ...]
    stop: threading.Event
    watch: _Watch
    confidence: float

    def answer(
        self,
        versions: Versions,
        lead: tuple[LeadSentence, ...],
        text: str,
        citations: tuple[Citation, ...],
        told: tuple[AnswerWarning, ...],
    ) -> Answer:
        """Return the whole answer: the lead, and ``text`` below it."""
        return Answer(
            question=self.question,
            answer=with_lead(lead, text),
            refused=False,
            refusal_reason=None,
            citations=citations,
            evidence=self.items,
            versions=versions,
            warnings=told,
            timings_ms=self.watch.timings(),
            confidence=self.confidence,
            lead=lead,
        )

    def refused(
        self,
        versions: Versions,
        text: str,
        reason: RefusalReason,
        citations: tuple[Citation, ...],
        told: tuple[AnswerWarning, ...],
    ) -> Answer:
        """Return a refusal; it cites the nearest clause where it says in what that differs."""
        return Answer(
            question=self.question,
            answer=text,
            refused=True,
            refusal_reason=reason,
            citations=citations,
            evidence=self.items,
            versions=versions,
            warnings=told,
            timings_ms=self.watch.timings(),
            confidence=self.confidence,
        )


@contextmanager
def _degrading(failed: list[AnswerWarning]) -> Iterator[None]:
    """Note that the LLM failed: the quotes hold without its sentence.

    That goes for a full queue too. Callers are held back by the service's own queue, before
    anything is searched; whoever got past it has the quotes at hand.
    """
    try:
        yield
    except Cancelled:
        raise
    except CongvuError as error:
        text = f"Chỉ có trích dẫn, không có câu tóm tắt. {error}"
        failed.append(AnswerWarning(WarningKind.DEGRADED, text))


def _cancelled() -> Cancelled:
    return Cancelled("Câu trả lời đã bị dừng.")


def _items(evidence: Sequence[Evidence]) -> tuple[EvidenceItem, ...]:
    return tuple(EvidenceItem(e.clause.id, e.score, e.lexical, e.dense) for e in evidence)


def _marked(cited: Sequence[CitedQuotes]) -> list[tuple[int, Quote]]:
    return [(entry.marker, entry.whole) for entry in cited]


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
        self._quote: int | None = None
        self._lead: int | None = None

    def _now(self) -> int:
        return max(1, round((self._clock() - self._start) * 1000))

    def mark_retrieve(self) -> None:
        self._retrieve = self._now()

    def mark_first(self) -> None:
        self._first = self._now()

    def mark_quote(self) -> None:
        self._first = self._quote = self._now()

    def mark_lead(self) -> None:
        self._lead = self._now()

    def timings(self) -> Timings:
        return Timings(self._retrieve, self._first, self._quote, self._lead, self._now())
