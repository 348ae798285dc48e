"""What the chat page does: ask, stop, show clauses, keep conversations, take feedback.

Nothing here knows of Gradio: a method takes what the page sent and returns the parts of the page
that change, by name.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from assistant.contract import CitedClause, CitedNotice
from assistant.events import Done
from assistant.service.callers import Caller, Scope
from assistant.service.history.conversations import Exchange
from assistant.service.history.feedback import Rating, Reason
from assistant.service.history.reopened import CitationState
from assistant.service.inquiries import ClausesFound, FoundClause, Inquiry, Kept
from assistant.service.service import Service
from assistant.service.shelf import Shelf
from corpus.errors import BadInput, Cancelled, CongvuError, NotFound
from corpus.notice import Clause, Notice
from corpus.store.library import StoredNotice
from ui.exchanges import Shown, read_answer
from ui.html import Html, join, text
from ui.web import answers, panel, side
from ui.web.answers import Look
from ui.web.filters import Filter
from ui.web.live import Progress
from ui.web.notice_marks import problem
from ui.web.panel import ClauseView
from ui.web.readings import Readings, Samples
from ui.web.sent import Sent
from ui.web.tabs import Running, Tab

Updates = dict[str, Html | Tab]
"""Parts of the page that change: their new HTML, and under ``tab`` what the tab now shows."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Questions shown in an empty chat.

    Args:
        of_samples: about the sample notices.
        general: for a person's own notices.
    """

    of_samples: tuple[str, ...]
    general: tuple[str, ...]


class Chat:
    """The chat page.

    Args:
        service: answers.
        shelf: the notices.
        readings: notices that were read.
        samples: tells which notices are samples.
        examples: questions to begin with.
        files: where the exports are, up to the conversation's id.
        now: the time.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the parts of a page
        self,
        service: Service,
        shelf: Shelf,
        readings: Readings,
        samples: Samples,
        examples: Examples,
        files: str,
        now: Callable[[], datetime],
    ) -> None:
        self._service = service
        self._history = service.records.history
        self._shelf = shelf
        self._readings = readings
        self._samples = samples
        self._examples = examples
        self._files = files
        self._now = now
        self.running = Running()

    def opened(self, caller: Caller) -> Updates:
        """Show an empty chat, past conversations and filters."""
        return {
            **self._shown(Tab(), caller),
            "filters": side.filter_form(self._notices(caller)),
        }

    def restocked(self, tab: Tab, caller: Caller) -> Updates:
        """Show that there are other notices than before."""
        updates: Updates = {"filters": side.filter_form(self._notices(caller))}
        return updates if tab.exchanges else {**updates, "thread": self._welcome(caller)}

    def ask(self, tab: Tab, sent: Sent, caller: Caller, session: str) -> Iterator[Updates]:
        """Answer a question, showing the evidence, the quotes, then the sentence above them.

        Args:
            tab: what the tab shows.
            sent: ``question`` and the filter's fields.
            caller: who asks.
            session: Gradio's name of the tab.
        """
        question = sent.text("question").strip()
        if not question:
            raise BadInput("Chưa có câu hỏi.", "Hãy gõ câu hỏi rồi bấm Enter.")
        progress = Progress(question, Look(len(tab.exchanges), self._samples.is_sample))
        yield {"live": progress.html(), "status": text("Đang tìm…")}
        with self.running.begun(session) as cancel:
            self.running.note(session, cancel, progress.citations)
            answering = self._answering(tab, question, Filter.of(sent), caller, cancel, progress)
            for updates in answering:
                if not self.running.is_current(session, cancel):
                    return  # the tab shows another conversation by now
                yield updates

    def clause(self, tab: Tab, sent: Sent, caller: Caller, session: str) -> Updates:
        """Open a clause in the panel: a citation by exchange and marker, evidence by its id."""
        index, marker = sent.number("index"), sent.number("marker")
        if index is not None and marker is not None:
            view = self._cited(tab, index, marker, caller, session)
        else:
            view = self._seen(sent.text("notice"), sent.text("clause"), caller)
        return {"panel": panel.clause_panel(view, sent.text("nonce"))}

    def open(self, sent: Sent, caller: Caller, session: str) -> Updates:
        """Open a past conversation, with its citations as they were."""
        self._service.allow(caller, Scope.ASK)
        conversation = self._history.conversation(sent.text("conversation"), caller.name)
        exchanges = self.stored(conversation.id, caller)
        self.running.leave(session)
        return self._shown(Tab(conversation.id, conversation.title, exchanges), caller)

    def new(self, caller: Caller, session: str) -> Updates:
        """Begin another conversation."""
        self.running.leave(session)
        return self._shown(Tab(), caller)

    def found(self, tab: Tab, sent: Sent, caller: Caller) -> Updates:
        """Search the past conversations."""
        return {"list": self._list(tab, caller, sent.text("search"))}

    def rename(self, tab: Tab, sent: Sent, caller: Caller) -> Updates:
        """Give a past conversation another title."""
        renamed = self._history.rename(sent.text("conversation"), caller.name, sent.text("title"))
        if renamed.id == tab.conversation:
            tab = replace(tab, title=renamed.title)
        return {"tab": tab, "head": self._head(tab), "list": self._list(tab, caller)}

    def delete(self, tab: Tab, sent: Sent, caller: Caller) -> Updates:
        """Delete a past conversation; the message offers to bring it back."""
        gone = self._history.conversation(sent.text("conversation"), caller.name)
        self._history.delete(gone.id, caller.name, self._now())
        told = join(["Đã xoá cuộc hỏi đáp “", gone.title, "”."])
        updates = self._shown(Tab(), caller) if gone.id == tab.conversation else {}
        return {
            **updates,
            "list": self._list(tab, caller),
            "toast": side.toast(told, sent.text("nonce"), undo=gone.id),
        }

    def restore(self, tab: Tab, sent: Sent, caller: Caller) -> Updates:
        """Bring a deleted conversation back."""
        back = self._history.restore(sent.text("conversation"), caller.name)
        told = join(["Đã khôi phục “", back.title, "”."])
        return {
            "list": self._list(tab, caller),
            "toast": side.toast(told, sent.text("nonce")),
        }

    def feedback(self, sent: Sent, caller: Caller) -> Updates:
        """Keep what a person thinks of an answer."""
        try:
            verdict = Rating(sent.text("verdict"))
            reason = Reason(sent.text("reason")) if sent.text("reason") else None
        except ValueError as error:
            raise BadInput("Góp ý không dùng được.", "Hãy tải lại trang.") from error
        self._history.give_feedback(
            sent.text("exchange"), caller.name, verdict, reason, sent.text("comment"), self._now()
        )
        return {"toast": side.toast(text("Cảm ơn, góp ý đã được ghi lại."), sent.text("nonce"))}

    def stored(self, conversation: str, caller: Caller) -> tuple[Shown, ...]:
        """Return a past conversation's exchanges as they were given, with what changed since.

        Raises:
            NotFound: it is not the caller's.
        """
        exchanges = self._history.exchanges(conversation, caller.name)
        return tuple(self._reopened(one) for one in exchanges)

    def _answering(  # noqa: PLR0913, PLR0917 - one answer on its way
        self,
        tab: Tab,
        question: str,
        chosen: Filter,
        caller: Caller,
        cancel: threading.Event,
        progress: Progress,
    ) -> Iterator[Updates]:
        found: tuple[FoundClause, ...] = ()
        kept = Kept(None, None, False)
        try:
            notices = chosen.choose(self._notices(caller))
            inquiry = Inquiry(question, notices=notices, conversation=tab.conversation)
            for event in self._service.ask(inquiry, caller, cancel):
                if isinstance(event, Kept):
                    kept = event
                elif isinstance(event, Done):
                    shown = Shown(
                        kept.exchange_id or "", question, event.answer, self._now(), {}, found
                    )
                    yield self._answered(tab, shown, kept, caller)
                else:
                    found = event.clauses if isinstance(event, ClausesFound) else found
                    told = progress.take(event)
                    status: Updates = {"status": text(told)} if told else {}
                    if told is not None:
                        yield {"live": progress.html(), **status}
        except Cancelled:
            stopped = text("Đã dừng câu trả lời.")
            yield {"live": progress.stopped(stopped, is_error=False), "status": stopped}
        except CongvuError as error:
            live = progress.stopped(problem(error), is_error=True)
            yield {"live": live, "status": text(error.message)}

    def _answered(self, tab: Tab, shown: Shown, kept: Kept, caller: Caller) -> Updates:
        title = tab.title
        if tab.conversation is None and kept.conversation_id is not None:
            title = self._history.conversation(kept.conversation_id, caller.name).title
        tab = Tab(kept.conversation_id, title, (*tab.exchanges, shown))
        return {**self._shown(tab, caller), "status": text(answers.status_words(shown.answer))}

    def _shown(self, tab: Tab, caller: Caller) -> Updates:
        return {
            "tab": tab,
            "head": self._head(tab),
            "thread": self._thread(tab, caller),
            "live": Html(""),
            "list": self._list(tab, caller),
        }

    def _thread(self, tab: Tab, caller: Caller) -> Html:
        if not tab.exchanges:
            return self._welcome(caller)
        return join(
            answers.exchange(
                one,
                Look(
                    index=index,
                    is_sample=self._samples.is_sample,
                    nearest=self._nearest(one, caller) if one.answer.refused else (),
                ),
            )
            for index, one in enumerate(tab.exchanges)
        )

    def _welcome(self, caller: Caller) -> Html:
        notices = self._notices(caller)
        samples = any(self._samples.is_sample(one.id) for one in notices)
        readiness = self._service.readiness()
        questions = self._examples.of_samples if samples else self._examples.general
        return side.welcome(questions, len(notices), samples=samples, problem=readiness.problem)

    def _head(self, tab: Tab) -> Html:
        return side.chat_head(tab.title, tab.conversation, self._files)

    def _list(self, tab: Tab, caller: Caller, search: str = "") -> Html:
        conversations = self._history.conversations(caller.name, search=search or None)
        return side.conversation_list(conversations, tab.conversation, self._now(), search)

    def _notices(self, caller: Caller) -> Sequence[StoredNotice]:
        return self._shelf.notices(caller) if caller.may(Scope.READ) else ()

    def _nearest(self, shown: Shown, caller: Caller) -> tuple[FoundClause, ...]:
        """Return the clauses nearest to a refused question that are still there."""
        if shown.seen:
            return shown.seen[: answers.NEAREST]
        found = []
        for item in shown.answer.evidence[: answers.NEAREST]:
            live = self._live(item.clause_id.rpartition("#")[0], item.clause_id, caller)
            if live is not None:
                notice, clause = live
                found.append(FoundClause(item, CitedNotice.of(notice), CitedClause.of(clause)))
        return tuple(found)

    def _reopened(self, exchange: Exchange) -> Shown:
        answer = read_answer(exchange.answer)
        reopener = self._readings.reopener()
        changed = {
            one["marker"]: stands
            for one in exchange.answer["citations"]
            if (stands := reopener.reopen(one)).state is not CitationState.SAME
        }
        return Shown(exchange.id, exchange.question, answer, exchange.asked_at, changed)

    def _cited(self, tab: Tab, index: int, marker: int, caller: Caller, session: str) -> ClauseView:
        shown = tab.exchanges[index] if 0 <= index < len(tab.exchanges) else None
        if shown is not None:
            citation = shown.citation(marker)
        else:  # of the answer that is being given
            citation = self.running.citation(session, marker)
        if citation is None:
            raise NotFound("Không có dẫn chiếu ấy trong cuộc hỏi đáp.", "Hãy mở lại cuộc hỏi đáp.")
        # Looked up now: the notice may have changed since the answer was given in this very tab.
        stands = self._readings.reopener().reopen(asdict(citation))
        live = self._live(stands.notice_id or "", stands.clause_id or "", caller)
        return ClauseView(
            notice=citation.notice,
            clause=citation.clause,
            is_sample=self._samples.is_sample(citation.notice.id),
            quote=citation.quote,
            marker=marker,
            index=index,
            verified=citation.verified,
            live=live[1] if live is not None else None,
            changed="" if stands.state is CitationState.SAME else stands.text,
            warnings=[
                one
                for one in (shown.answer.warnings if shown is not None else ())
                if citation.clause.id in one.clauses
            ],
        )

    def _seen(self, notice: str, clause: str, caller: Caller) -> ClauseView:
        live = self._live(notice, clause, caller)
        if live is None:
            raise NotFound("Điều khoản này không còn trong kho.", "Hãy hỏi lại.")
        read, one = live
        return ClauseView(
            notice=CitedNotice.of(read),
            clause=CitedClause.of(one),
            is_sample=self._samples.is_sample(read.id),
            live=one,
        )

    def _live(self, notice: str, clause: str, caller: Caller) -> tuple[Notice, Clause] | None:
        """Return a clause as it is in the library, None if it isn't or may not be read."""
        if not caller.may(Scope.READ) or not notice or not clause:
            return None
        try:
            return self._readings.clause(notice, clause, caller)
        except NotFound:
            return None
