"""One question on its way through the service: what is counted, written down and shown of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

from assistant.contract import Answer, CitedClause, CitedNotice, EvidenceItem, WarningKind
from assistant.events import CitationMade, Delta, Done, Event, EvidenceFound, LeadMade, Warned
from assistant.runtime.wiring import Answerer
from assistant.service.callers import Caller
from assistant.service.inquiries import FoundClause, Inquiry
from assistant.service.metrics import Metrics


class InquiryRecorder:
    """One question on its way: what is counted and written down about it.

    Args:
        inquiry: the question.
        caller: who asks.
        metrics: where it is counted.
        clock: seconds.
    """

    def __init__(
        self, inquiry: Inquiry, caller: Caller, metrics: Metrics, clock: Callable[[], float]
    ) -> None:
        self.inquiry = inquiry
        self.caller = caller
        self.answer: Answer | None = None
        self.cached = False
        self._metrics = metrics
        self._clock = clock
        self._start = clock()
        self._marked: set[str] = set()

    @property
    def milliseconds(self) -> int:
        """Since the question came in, at least 1."""
        return max(1, round((self._clock() - self._start) * 1000))

    @property
    def outcome(self) -> str:
        """What became of it, if nothing was raised."""
        if self.answer is None:
            return "cancelled"
        return "refused" if self.answer.refused else "answered"

    def mark(self, until: str) -> None:
        """Note the time the first time that ``until`` is reached."""
        if until not in self._marked:
            self._marked.add(until)
            self._metrics.seconds.labels(until).observe(self._clock() - self._start)

    def count(self, outcome: str) -> None:
        """Count the outcome."""
        self._metrics.outcomes.labels(outcome).inc()
        if self.answer is None:
            return
        self.mark("total")
        self._metrics.words.inc(len(self.answer.answer.split()))
        if self.answer.refusal_reason is not None:
            self._metrics.refusals.labels(self.answer.refusal_reason.value).inc()


def cited(answer: Answer | None) -> tuple[tuple[str, str, str], ...]:
    """Return notice, SHA-256 of the clause's text and clause of every citation."""
    citations = answer.citations if answer is not None else ()
    return tuple(
        (
            one.notice.id,
            hashlib.sha256(one.clause.text.encode("utf-8")).hexdigest(),
            one.clause.id,
        )
        for one in citations
    )


def replayed(answer: Answer) -> Iterator[Event]:
    """Yield the events of an answer that was given before."""
    yield EvidenceFound(answer.evidence)
    yield Delta(answer.below_lead)
    for citation in answer.citations:
        yield CitationMade(citation)
    for sentence in answer.lead:
        yield LeadMade(sentence)
    for warning in answer.warnings:
        yield Warned(warning)
    yield Done(answer)


def describe(assistant: Answerer, items: Sequence[EvidenceItem]) -> tuple[FoundClause, ...]:
    """Return the clauses of the evidence as the assistant's own snapshot has them."""
    snapshot = assistant.snapshot
    found = []
    for item in items:
        clause = snapshot.clauses[item.clause_id]
        notice = snapshot.notices[clause.notice_id]
        found.append(FoundClause(item, CitedNotice.of(notice), CitedClause.of(clause)))
    return tuple(found)


def is_degraded(answer: Answer) -> bool:
    """Whether a part of the assistant failed, so that another time the answer may be better."""
    return any(one.kind is WarningKind.DEGRADED for one in answer.warnings)


def title_of(question: str) -> str:
    """Return what a conversation that begins with ``question`` is called."""
    words = " ".join(question.split())
    return words if len(words) <= 80 else f"{words[:79]}…"
