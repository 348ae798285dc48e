"""How an answer looks in a terminal."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from datetime import date

from rich.console import Console
from rich.text import Text

from assistant.answer import Answer, AnswerWarning, Citation, CitedNotice, RefusalReason
from assistant.cli.console import clean, put
from assistant.events import Delta, Done
from assistant.parts import Answerer
from assistant.question import Turn
from corpus.dates import write_date
from corpus.notice import Status

AI_NOTICE = (
    "Trợ lý là phần mềm trí tuệ nhân tạo, có thể sai: hãy xem lại điều khoản được dẫn;"
    " người dùng tự quyết định."
)
"""Luật Trí tuệ nhân tạo 134/2025/QH15, Điều 11: people are told that it is an AI."""

DRAFT = "DỰ THẢO"

_REFUSALS = {
    RefusalReason.NO_EVIDENCE: "Các văn bản trong kho không nói tới điều này.",
    RefusalReason.NOT_SUPPORTED: "Các văn bản có nói gần tới nhưng không nêu điều được hỏi.",
    RefusalReason.OUT_OF_SCOPE: "Câu hỏi nhắc tới văn bản không có trong kho.",
}


class AnswerPrinter:
    """Asks, and prints the answer as it comes, its citations and its warnings.

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
        waiting = self._err.status("Đang tìm và soạn câu trả lời…")
        if self._err.is_terminal:
            waiting.start()
        try:
            written = ""
            for event in self._assistant.stream(question, history, notices, cancel):
                if isinstance(event, Delta):
                    waiting.stop()
                    self._out.print(Text(clean(event.text)), end="", soft_wrap=True)
                    written += event.text
                elif isinstance(event, Done):
                    waiting.stop()
                    self._finish(event.answer, written)
                    return event.answer
        finally:
            cancel.set()
            waiting.stop()
        raise AssertionError("the stream ended without the whole answer")

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
        head = " · ".join([*marks, f"{clause.label}, {name} ({lines_of(*clause.lines)})"])
        put(out, f"[{citation.marker}] {head}", style="yellow" if marks else "")
        if _words(citation.quote) not in said:
            put(out, f"“{citation.quote.strip()}”", indent=4, style="italic")


def lines_of(first: int, last: int) -> str:
    """Say which lines of the source file, e.g. ``dòng 25-29``."""
    return f"dòng {first}" if first == last else f"dòng {first}-{last}"


def full_name(notice: CitedNotice) -> str:
    """Return kind, number, date and issuer, as at the first mention of a notice."""
    if not notice.number:
        name = f"{notice.kind} “{notice.title}”".strip() if notice.title else short_name(notice)
    else:
        name = f"{notice.kind} số {notice.number}".strip()
    day = f" ngày {write_date(date.fromisoformat(notice.date))}" if notice.date else ""
    return name + day + (f" của {notice.issuer}" if notice.issuer else "")


def short_name(notice: CitedNotice) -> str:
    """Return kind and number, as at later mentions; the file's name where there is no number."""
    if notice.number:
        return f"{notice.kind} {notice.number}".strip()
    return f"{notice.kind} ({notice.file})" if notice.kind else f"tệp {notice.file}"


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))
