"""Many callers, one assistant: the way in for the HTTP API and the web pages.

Everything that a caller may do goes through here, so that scopes, limits, the audit log and
the figures are the same whichever door was taken.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Self

from assistant.contract import Answer
from assistant.events import CitationMade, Delta, Done, Event, EvidenceFound, LeadMade
from assistant.runtime.home import make_home
from assistant.runtime.index_state import IndexState
from assistant.runtime.intake import AddReport
from assistant.runtime.settings import Settings
from assistant.runtime.wiring import Answerer, LocalParts, Parts
from assistant.runtime.workspace import Workspace
from assistant.service.audit.records import EventKind
from assistant.service.callers import LOCAL_NAME, Caller, Scope
from assistant.service.inquiries import ClausesFound, FoundClause, Inquiry, Kept, Readiness, Served
from assistant.service.jobs.stock import WorkspaceStock
from assistant.service.jobs.worker import Worker
from assistant.service.limits.admission import Admission
from assistant.service.limits.answer_cache import AnswerCache, CacheKey
from assistant.service.limits.rates import RateLimiter
from assistant.service.live_notices import live_notices
from assistant.service.metered import MeteredParts
from assistant.service.metrics import Metrics
from assistant.service.recorder import (
    InquiryRecorder,
    cited,
    describe,
    is_degraded,
    replayed,
    title_of,
)
from assistant.service.records import Records, ServiceOptions
from assistant.time_limit import TimeLimit
from assistant.understand.question import Turn
from corpus.errors import (
    BadInput,
    Busy,
    Cancelled,
    CongvuError,
    Damaged,
    EmptyLibrary,
    Forbidden,
    NotFound,
    NotReady,
    TooMany,
    TooSlow,
)

_LOOK_SECONDS = 2.0
"""How often the index on disk is compared with the one in memory: another process may build."""
_TIDY_SECONDS = 3600.0
"""How often what is too old to be kept is looked for."""
_MARKED: Mapping[type, str] = {
    Delta: "first_token",
    CitationMade: "first_quote",  # it comes right after the words that it belongs to
    LeadMade: "lead",
}
"""Events whose first coming is timed."""
_TURNS_KEPT = 6
"""Earlier turns that a follow-up may lean on."""

_log = logging.getLogger("congvu.service")


class Service:
    """Answers for many callers.

    Args:
        workspace: notices, index and models.
        records: history and audit log.
        options: bounds.
        metrics: what is counted.
        clock: seconds, for times and limits.
        now: gives the time that is written down.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the parts of a process
        self,
        workspace: Workspace,
        records: Records,
        options: ServiceOptions,
        metrics: Metrics,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.workspace = workspace
        self.records = records
        self.metrics = metrics
        self._options = options
        self._clock = clock
        self._now = now
        self._admission = Admission(options.parallel, options.waiting)
        self._limiter = RateLimiter(clock)
        self._cache = AnswerCache(options.cached)
        self._opening = threading.Lock()
        self._managing = threading.Lock()
        stock = WorkspaceStock(workspace, self.changed)
        self.jobs = Worker(stock, records.jobs, self._in_line, self.record_added)
        """Takes files in in the background."""
        self._assistant: Answerer | None = None
        self._problem: CongvuError | None = NotReady(
            "Trợ lý đang mở mô hình.", "Hãy thử lại sau ít giây."
        )
        self._looked = self._tidied = clock()
        records.tidy(now(), options.kept)
        self.metrics.watch(
            lambda: self._admission.running,
            lambda: self._admission.waiting,
            lambda: float(self.readiness().ready),
        )

    @classmethod
    def from_settings(cls, settings: Settings, parts: Parts | None = None) -> Self:
        """Open history and audit log under the home folder; the models come later.

        Args:
            settings: where things lie, bounds, models.
            parts: opens the models, or None for those that the settings name.

        Raises:
            NotReady: the home folder can't be made.
            Damaged: a file is not what it should be.
        """
        metrics = Metrics()
        metered = MeteredParts(parts or LocalParts(settings), metrics.tokens)
        workspace = Workspace(settings, metered)
        records = Records.open(make_home(settings.home))
        return cls(workspace, records, ServiceOptions.from_settings(settings), metrics)

    def open(self, progress: Callable[[int, int], None] = lambda done, total: None) -> None:
        """Open the models and check the index; what goes wrong is kept for ``readiness``.

        Args:
            progress: hears how the index grows if it must be built, in passages.
        """
        with self._opening:
            try:
                self._assistant = self._opened(progress)
                self._problem = None
            except CongvuError as error:
                self._assistant, self._problem = None, error
        self.jobs.go_on()

    def close(self) -> None:
        """Close models and files."""
        self.jobs.close()
        self.workspace.close()
        self.records.close()

    def readiness(self) -> Readiness:
        """Say whether questions can be answered, and why not."""
        assistant = self._assistant
        return Readiness(
            ready=assistant is not None,
            snapshot=assistant.snapshot.id if assistant is not None else None,
            problem=self._problem,
        )

    def ask(
        self, inquiry: Inquiry, caller: Caller, cancel: threading.Event | None = None
    ) -> Iterator[Served]:
        """Answer a question; nothing happens before the first event is asked for.

        Args:
            inquiry: the question.
            caller: who asks.
            cancel: when set, the answer stops within a token. Closing the iterator does too.

        Raises:
            Forbidden: the caller may not ask.
            TooMany: the caller asked too often.
            Busy: too many questions wait; a model that is too busy for its sentence is no
                reason to refuse the quotes, which are then all there is, with a warning.
            NotReady: models are not open yet, or there are no notices.
            BadInput: the question, a notice or the conversation can't be used.
            TooSlow: the time allowed was over before there was anything to show.
            Cancelled: the caller left.
        """
        left = cancel or threading.Event()
        with self._told(inquiry, caller) as told:
            self._allow(caller, Scope.ASK)
            assistant = self._current()
            turns = self._turns(inquiry, caller)
            notices = self._ids(inquiry.notices, caller, assistant)
            key = CacheKey.of(assistant.snapshot.id, inquiry.question, turns, notices)
            stop = TimeLimit(left, self._clock, self._options.seconds)
            try:
                yield from self._served(told, assistant, key, stop)
            except Cancelled as error:
                if stop.is_over:
                    raise TooSlow(
                        f"Câu trả lời mất quá {self._options.seconds:.0f} giây nên đã bị dừng.",
                        "Hãy thử lại khi hệ thống bớt bận, hoặc hỏi ngắn hơn.",
                    ) from error
                raise
            finally:
                stop.set()

    def search(
        self, question: str, caller: Caller, notices: Sequence[str] = (), limit: int | None = None
    ) -> tuple[FoundClause, ...]:
        """Return the clauses nearest to ``question``, best first, without answering.

        Args:
            question: as typed.
            caller: who searches.
            notices: the only notices to look in, by id, number or file name.
            limit: clauses; None for as many as the evidence of an answer.

        Raises:
            Forbidden, TooMany, Busy, NotReady, BadInput: as for ``ask``.
        """
        self._allow(caller, Scope.READ)
        assistant = self._current()
        ids = self._ids(notices, caller, assistant)
        with self._admission.entered(threading.Event()):
            found = describe(assistant, assistant.search(question, ids, limit))
        self.record(EventKind.SEARCH, caller, "done", question=question)
        return found

    def allow(self, caller: Caller, scope: Scope) -> None:
        """Check that the caller may do something, without counting it.

        Raises:
            Forbidden: the scope is not the caller's.
        """
        if not caller.may(scope):
            raise Forbidden(
                f"Khoá “{caller.name}” không có quyền {scope.value}.",
                "Hãy dùng khoá khác hoặc xin người quản trị cấp quyền.",
            )

    def record(  # noqa: PLR0913 - an entry of the audit log
        self,
        kind: EventKind,
        caller: Caller,
        outcome: str,
        *,
        question: str | None = None,
        answer: Answer | None = None,
        detail: dict[str, Any] | None = None,
    ) -> None:
        """Write an entry into the audit log."""
        versions = answer.versions if answer is not None else None
        self.records.audit.append(
            kind,
            caller.name,
            outcome,
            question=question,
            cited=cited(answer),
            versions={
                "snapshot": versions.snapshot,
                "llm": versions.llm,
                "embedder": versions.embedder,
                "prompt": versions.prompt,
            }
            if versions is not None
            else {},
            detail=detail or {},
        )

    def record_denied(self, error: str) -> None:
        """Write into the audit log that a key was refused; whose it was is not known."""
        self.records.audit.append(EventKind.DENIED, "", error)

    def forget(self, notice_ids: Sequence[str]) -> None:
        """Forget what is remembered of notices that the library has forgotten."""
        self._cache.clear()
        self.records.jobs.forget_notices(notice_ids)

    def changed(self) -> None:
        """Take in that notices were added or removed through this process."""
        with self._opening:
            self._reopen()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Change notices or index, one after the other.

        Raises:
            Busy: another change is under way.
        """
        if not self._managing.acquire(blocking=False):
            raise Busy(
                "Kho đang có thay đổi khác.",
                "Hãy thử lại khi việc ấy xong; thêm tệp thì gửi kèm `Prefer: respond-async` để tệp"
                " tự chờ đến lượt.",
            )
        try:
            yield
        finally:
            self._managing.release()

    def record_added(self, caller: Caller, report: AddReport) -> None:
        """Write into the audit log what has become of a file."""
        added = report.added
        if added is None:
            self.record(EventKind.ADD, caller, "failed", detail={"file": report.file_name})
        else:
            detail = {"notice": added.notice_id, "outcome": added.outcome.value}
            self.record(EventKind.ADD, caller, "done", detail=detail)

    @contextmanager
    def _in_line(self) -> Iterator[None]:
        """As ``changing``, but wait for the turn."""
        with self._managing:
            yield

    def _opened(self, progress: Callable[[int, int], None]) -> Answerer:
        """Open the assistant; what a job left to be indexed is no reason to wait."""
        self._forget_removed()
        if self.jobs.recover() and self.workspace.index_state() is IndexState.BEHIND:
            try:
                return self.workspace.reopen_assistant()
            except (EmptyLibrary, NotReady, Damaged) as error:
                # There is nothing to answer from before the index is built.
                _log.info("the index of before can't answer meanwhile: %s", error)
        return self.workspace.open_assistant(progress)

    def _allow(self, caller: Caller, scope: Scope) -> None:
        self.allow(caller, scope)
        if caller.name != LOCAL_NAME:  # whoever sits at this machine has no key to limit
            self._limiter.take(caller.name, caller.per_minute or self._options.per_minute)

    def _current(self) -> Answerer:
        """Return the assistant on what the index on disk holds now."""
        now = self._clock()
        if now - self._looked >= _LOOK_SECONDS and self._opening.acquire(blocking=False):
            try:
                self._looked = now
                self._tidy(now)
                manifest = self.workspace.snapshots.status().current
                held = self._assistant.snapshot.id if self._assistant is not None else None
                if manifest is not None and manifest.id != held:
                    self._reopen()
            finally:
                self._opening.release()
        assistant, problem = self._assistant, self._problem
        if assistant is None:
            raise problem or NotReady("Trợ lý chưa sẵn sàng.", "Hãy thử lại sau ít giây.")
        return assistant

    def _tidy(self, now: float) -> None:
        if now - self._tidied >= _TIDY_SECONDS:
            self._tidied = now
            self.records.tidy(self._now(), self._options.kept)
            self._forget_removed()

    def _forget_removed(self) -> None:
        """Forget what jobs still tell of notices that another process removed."""
        told = self.records.jobs.notices_told()  # first: what is told now is in the library by now
        if told:
            library = self.workspace.library
            kept = {one.id for live in library.notices() for one in library.versions(live.id)}
            if gone := told - kept:
                self.forget(sorted(gone))

    def _reopen(self) -> None:
        try:
            self._assistant, self._problem = self.workspace.reopen_assistant(), None
        except EmptyLibrary as error:
            self._assistant, self._problem = None, error

    def _ids(self, names: Sequence[str], caller: Caller, assistant: Answerer) -> tuple[str, ...]:
        if not names:
            return live_notices(assistant.snapshot.notices, self.workspace.library)
        try:
            return tuple(self.workspace.library.find(name).id for name in names)
        except BadInput as error:
            if caller.may(Scope.READ):
                raise
            # The library's own words name the notices there are.
            raise NotFound(
                "Không có văn bản nào, hoặc có nhiều văn bản, mang tên đã chọn.",
                "Ghi đúng mã văn bản trong dẫn chiếu.",
            ) from error

    def _turns(self, inquiry: Inquiry, caller: Caller) -> tuple[Turn, ...]:
        if inquiry.conversation is None:
            return inquiry.history[-_TURNS_KEPT:]
        before = self.records.history.exchanges(inquiry.conversation, caller.name)
        turns = [
            turn
            for one in before[-(_TURNS_KEPT // 2) :]
            for turn in (
                Turn("user", one.question),
                Turn("assistant", str(one.answer.get("answer", ""))),
            )
        ]
        return tuple(turns)

    def _served(
        self, told: InquiryRecorder, assistant: Answerer, key: CacheKey, stop: TimeLimit
    ) -> Iterator[Served]:
        known = self._cache.get(key)
        self.metrics.cache.labels("hit" if known is not None else "miss").inc()
        if known is not None:
            told.cached = True
            answer = replace(
                known,
                question=told.inquiry.question,
                timings_ms=known.timings_ms.all_at(told.milliseconds),
            )
            yield from self._passed(told, assistant, replayed(answer))
            return
        with self._admission.entered(stop):
            events = assistant.stream(told.inquiry.question, key.history, key.notices, stop)
            for event in self._passed(told, assistant, events):
                if isinstance(event, Done) and not is_degraded(event.answer):
                    self._cache.put(key, event.answer)
                yield event

    def _passed(
        self, told: InquiryRecorder, assistant: Answerer, events: Iterator[Event]
    ) -> Iterator[Served]:
        for event in events:
            if isinstance(event, EvidenceFound):
                told.mark("evidence")
                yield ClausesFound(describe(assistant, event.items))
            elif isinstance(event, Done):
                yield self._keep(told, event.answer)
                yield event
            else:
                if until := _MARKED.get(type(event)):
                    told.mark(until)
                yield event

    def _keep(self, told: InquiryRecorder, answer: Answer) -> Kept:
        told.answer = answer
        inquiry, history, owner = told.inquiry, self.records.history, told.caller.name
        if not inquiry.keep:
            return Kept(inquiry.conversation, None, told.cached)
        conversation = inquiry.conversation
        if conversation is None:
            conversation = history.start(owner, title_of(inquiry.question), self._now()).id
        kept = history.append(conversation, owner, inquiry.question, answer.to_dict(), self._now())
        return Kept(conversation, kept.id, told.cached)

    @contextmanager
    def _told(self, inquiry: Inquiry, caller: Caller) -> Iterator[InquiryRecorder]:
        """Count the question and write it into the audit log, whatever becomes of it."""
        told = InquiryRecorder(inquiry, caller, self.metrics, self._clock)
        outcome = "failed"
        detail: dict[str, Any] = {}
        try:
            yield told
            outcome = told.outcome
        except (GeneratorExit, Cancelled):
            # A caller who stops reading after the last event has the whole answer.
            outcome = told.outcome
            raise
        except TooMany:
            outcome = "limited"
            raise
        except Busy:
            outcome = "busy"
            raise
        except CongvuError as error:
            detail = {"error": type(error).__name__}
            raise
        finally:
            told.count(outcome)
            self.record(
                EventKind.ASK,
                caller,
                outcome,
                question=inquiry.question,
                answer=told.answer,
                detail=detail,
            )
