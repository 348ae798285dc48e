"""How a question looks while its answer is on its way.

The quotes are laid out as they will stay, so that whoever reads them is left in peace when the
sentence above them comes, and when the answer is whole.
"""

from __future__ import annotations

from collections.abc import Mapping

from assistant.contract import Citation, LeadSentence
from assistant.events import CitationMade, Delta, LeadBegun, LeadMade
from assistant.service.inquiries import ClausesFound, FoundClause, Served
from ui.html import Child, Html, el
from ui.web.answers import Look, actions_row, asked, retry, seen, sources, words
from ui.web.icons import icon


class Progress:
    """An answer as far as it is there.

    Args:
        question: as asked.
        look: how it will be shown.
    """

    def __init__(self, question: str, look: Look) -> None:
        self._question = question
        self._look = look
        self._found: tuple[FoundClause, ...] | None = None
        self._below = ""
        self._citations: dict[int, Citation] = {}
        self._lead: list[LeadSentence] = []
        self._is_writing = False

    @property
    def citations(self) -> Mapping[int, Citation]:
        """By marker, as far as they are there."""
        return self._citations

    def take(self, event: Served) -> str | None:
        """Take in what was served.

        Returns:
            What a screen reader shall say of it, ``""`` for nothing; None where the page can wait
            for what comes right after it.
        """
        match event:
            case ClausesFound(clauses):
                self._found = clauses
                return f"Đang xem {len(clauses)} điều khoản."
            case Delta(text):
                self._below += text
                return ""
            case CitationMade(citation):
                self._citations[citation.marker] = citation
            case LeadBegun():
                self._is_writing = True
                return f"Có {len(self._citations)} trích dẫn, đang viết câu tóm tắt."
            case LeadMade(sentence):
                self._is_writing = False
                self._lead.append(sentence)
                return f"Câu tóm tắt, đặt trên các trích dẫn: {sentence.text}"
        return None

    def html(self) -> Html:
        """Return the exchange as it is now."""
        found = self._found
        parts: list[Child]
        if found is None:
            parts = [el("p", "Đang tìm trong các văn bản…", class_="cv-waiting")]
        elif not self._below:
            waiting = el("p", "Đang soạn câu trả lời…", class_="cv-waiting")
            parts = [seen(found, is_live=True), waiting]
        else:
            # The wait is told below the quotes: most sentences fail to hold and never come, and
            # nothing that is read may move for that.
            parts = [
                words(self._lead, self._below, self._citations, self._look.index),
                el("p", "Đang viết câu tóm tắt…", class_="cv-waiting cv-lead-waiting")
                if self._is_writing
                else None,
                sources(tuple(self._citations.values()), {}, self._look),
                seen(found) if found else None,
            ]
        return el(
            "article",
            asked(self._question),
            el("div", *parts, class_="cv-answer cv-answer-live"),
            class_="cv-exchange",
            aria_label="Câu đang trả lời",
        )

    def stopped(self, told: Html, *, is_error: bool) -> Html:
        """Return the exchange when nothing more comes; ``told`` says why."""
        body = words(self._lead, self._below, {}, self._look.index) if self._below else None
        return el(
            "article",
            asked(self._question),
            el(
                "div",
                body,
                el("p", icon("warning" if is_error else "stop"), el("span", told)),
                actions_row([retry(self._question)]),
                # Quotes that are all there hold, whatever became of the sentence above them.
                class_="cv-answer cv-stopped"
                + (" cv-error" if is_error else "")
                + ("" if self._citations else " cv-cut"),
                role="alert" if is_error else None,
            ),
            class_="cv-exchange",
            aria_label="Câu chưa trả lời xong",
        )
