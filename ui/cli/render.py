"""How an answer looks in a terminal."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence

from rich.console import Console
from rich.status import Status as Spinner
from rich.text import Text

from assistant.contract import GAP, Answer, AnswerWarning, Citation, RefusalReason
from assistant.events import Delta, Done, LeadBegun, LeadMade
from assistant.runtime.wiring import Answerer
from assistant.understand.question import Turn
from corpus.notice import Status
from ui.cli.console import put
from ui.wording import DRAFT, clean, full_name, place_of, short_name

_LEAD = "Tóm tắt: "
_REFUSALS = {
    RefusalReason.NO_EVIDENCE: "Các văn bản trong kho không nói tới điều này.",
    RefusalReason.NOT_SUPPORTED: "Các văn bản có nói gần tới nhưng không nêu điều được hỏi.",
    RefusalReason.OUT_OF_SCOPE: "Câu hỏi nhắc tới văn bản không có trong kho.",
}


class AnswerPrinter:
    """Asks, and prints the answer as it comes, its citations and its warnings.

    What is printed stays where it is, so the LLM's sentence, which comes after the quotes, stands
    below them here and says what it is.

    Args:
        assistant: what is asked.
        out: gets the answer.
        err: shows that the assistant is at work, if it is a terminal.
    """

    def __init__(self, assistant: Answerer, out: Console, err: Console) -> None:
        self._assistant = assistant
        self._out = out
        self._err = err

    def ask(
        self, question: str, history: Sequence[Turn] = (), notices: Sequence[str] = ()
    ) -> Answer:
        """Print the answer to ``question`` and return it.

        However this is left, also by Ctrl-C, the model stops working for it.
        """
        cancel = threading.Event()
        waiting = self._waiting("Đang tìm trong các văn bản…")
        try:
            written, has_lead = "", False
            for event in self._assistant.stream(question, history, notices, cancel):
                if isinstance(event, Delta):
                    waiting.stop()
                    written += self._write(event.text)
                elif isinstance(event, LeadBegun):
                    # On a line of its own: what shows the wait is wiped off with its line.
                    written += self._write("\n")
                    waiting = self._waiting("Đang viết câu tóm tắt…")
                elif isinstance(event, LeadMade):
                    waiting.stop()
                    gap = GAP.removeprefix("\n") if written.endswith("\n") else GAP
                    before = " " if has_lead else f"{gap}{_LEAD}"
                    written += self._write(f"{before}{event.sentence.text}")
                    has_lead = True
                elif isinstance(event, Done):
                    waiting.stop()
                    self._finish(event.answer, written)
                    return event.answer
        finally:
            cancel.set()
            waiting.stop()
        raise AssertionError("the stream ended without the whole answer")

    def _waiting(self, told: str) -> Spinner:
        """Show that the assistant is at work."""
        waiting = self._err.status(told)
        if self._err.is_terminal:
            waiting.start()
        return waiting

    def _write(self, text: str) -> str:
        self._out.print(Text(clean(text)), end="", soft_wrap=True)
        return text

    def _finish(self, answer: Answer, written: str) -> None:
        if not written.strip():
            reason = answer.refusal_reason or RefusalReason.NOT_SUPPORTED
            put(self._out, answer.answer.strip() or _REFUSALS[reason])
        elif not written.endswith("\n"):
            self._out.print()
        print_warnings(self._out, answer.warnings)
        print_citations(self._out, answer.citations, answer.answer)


def print_warnings(out: Console, warnings: Sequence[AnswerWarning]) -> None:
    """Print what a reader must know before relying on the answer."""
    for warning in warnings:
        put(out, f"Lưu ý: {warning.text}", style="yellow")


def print_citations(out: Console, citations: Sequence[Citation], answer: str = "") -> None:
    """Print where each marker leads; a notice is named in full once.

    Args:
        out: where to print.
        citations: in the order of their markers.
        answer: the text before them: words that it quotes already are not printed again.
    """
    said = _words(answer)
    if citations:
        out.print()
        put(out, "Căn cứ:", style="bold")
    named: set[str] = set()
    for citation in citations:
        notice, clause = citation.notice, citation.clause
        name = short_name(notice) if notice.id in named else full_name(notice)
        named.add(notice.id)
        marks = [DRAFT] if notice.status == Status.DRAFT else []
        marks += [] if citation.verified else ["CHƯA KIỂM CHỨNG"]
        head = " · ".join([*marks, f"{clause.label}, {name} ({place_of(clause)})"])
        put(out, f"[{citation.marker}] {head}", style="yellow" if marks else "")
        if _words(citation.quote) not in said:
            put(out, f"“{citation.quote.strip()}”", indent=4, style="italic")


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))
