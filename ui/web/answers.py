"""How a question and its answer look in the chat."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.answer.quotation import find_markers, quotations
from assistant.contract import Answer, Citation, LeadSentence
from assistant.service.history.feedback import Reason
from assistant.service.history.reopened import Reopened
from assistant.service.inquiries import FoundClause
from ui.exchanges import Shown
from ui.export import as_text, refusal_title
from ui.html import Child, Html, el, join
from ui.web.icons import icon
from ui.web.notice_marks import button, chips, notice_name, warning_boxes
from ui.wording import place_of

_CELL: Final = r"[^|“”]+: “[^|“”]*”"
_ROW: Final = re.compile(rf"{_CELL}(?: \| {_CELL})+[ .\[\]\d]*")
NEAREST: Final = 3
"""Clauses shown under a refusal."""

IsSample = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Look:
    """How an exchange is to be shown.

    Args:
        index: its place in the conversation, from 0; markers name it when pressed.
        is_sample: tells by a notice's id whether it is a sample.
        nearest: clauses to show under a refusal.
        ask_again: whether its question can be asked again.
    """

    index: int
    is_sample: IsSample
    nearest: Sequence[FoundClause] = ()
    ask_again: bool = True


def exchange(shown: Shown, look: Look) -> Html:
    """Return a finished exchange."""
    answer = shown.answer
    block = _refusal(shown, look) if answer.refused else _answer(shown, look)
    return el(
        "article",
        asked(shown.question),
        block,
        class_="cv-exchange",
        id=f"cv-x-{look.index}",
        aria_label=f"Câu hỏi {look.index + 1}",
        data_exchange=shown.id or None,
    )


def status_words(answer: Answer) -> str:
    """Say to a screen reader that the answer is there."""
    if answer.refused:
        return f"Không trả lời: {refusal_title(answer.refusal_reason)}."
    return f"Đã trả lời, có {len(answer.citations)} dẫn chiếu."


def asked(question: str) -> Html:
    """Return the question above its answer."""
    return el("div", el("h3", question), class_="cv-question")


def _answer(shown: Shown, look: Look) -> Html:
    answer = shown.answer
    citations = {one.marker: one for one in answer.citations}
    return el(
        "div",
        words(answer.lead, answer.below_lead, citations, look.index),
        warning_boxes(answer.warnings),
        sources(answer.citations, shown.changed, look),
        seen(shown.seen) if shown.seen else None,
        _actions(shown, look),
        class_="cv-answer",
    )


def words(
    lead: Sequence[LeadSentence], below: str, citations: Mapping[int, Citation], index: int
) -> Html:
    """Return what an answer says.

    Args:
        lead: the sentences above the quotes.
        below: the quotes, as text.
        citations: by marker; a marker without one can't be pressed.
        index: place of the exchange in the conversation.
    """
    above = " ".join(sentence.text for sentence in lead)
    return el(
        "div",
        el("p", _line(above, citations, index), class_="cv-lead") if above else None,
        _paragraphs(below, citations, index),
        class_="cv-words",
    )


def _refusal(shown: Shown, look: Look) -> Html:
    answer = shown.answer
    nearest = look.nearest
    return el(
        "div",
        el(
            "div",
            icon("none"),
            el("strong", refusal_title(answer.refusal_reason)),
            class_="cv-refusal-title",
        ),
        el("div", _paragraphs(answer.answer, {}, look.index), class_="cv-words"),
        el(
            "div",
            el("p", "Gần nhất trong kho văn bản:", class_="cv-small-title"),
            _clause_list(nearest),
            class_="cv-nearest",
        )
        if nearest
        else None,
        warning_boxes(answer.warnings),
        _actions(shown, look),
        class_="cv-answer cv-refusal",
    )


def _paragraphs(words: str, citations: Mapping[int, Citation], index: int) -> Html:
    """Lay out an answer: lines that begin with a dash are a list, the others paragraphs."""
    blocks: list[Html] = []
    items: list[Html] = []
    for line in words.strip().splitlines():
        if line.startswith("- "):
            items.append(el("li", _line(line[2:], citations, index)))
            continue
        if items:
            blocks.append(el("ul", *items))
            items = []
        if line.strip():
            blocks.append(el("p", _line(line, citations, index)))
    if items:
        blocks.append(el("ul", *items))
    return join(blocks)


def _line(line: str, citations: Mapping[int, Citation], index: int) -> Html:
    """Show quoted words as such and markers as buttons; a table's row cell by cell."""
    if not _ROW.fullmatch(line):
        return _said(line, citations, index)
    cells = (_said(cell, citations, index) for cell in line.split(" | "))
    return join(el("span", cell, class_="cv-cell") for cell in cells)


def _said(line: str, citations: Mapping[int, Citation], index: int) -> Html:
    pieces: list[Child] = []
    at = 0
    for said in quotations(line):
        pieces.append(_with_marks(line[at : said.start], citations, index))
        pieces.append(el("q", said.of(line)[1:-1]))
        at = said.end
    return join([*pieces, _with_marks(line[at:], citations, index)])


def _with_marks(words: str, citations: Mapping[int, Citation], index: int) -> Html:
    pieces: list[Child] = []
    at = 0
    for span, number in find_markers(words):
        citation = citations.get(number)
        mark = span.of(words) if citation is None else _mark(citation, index)
        pieces += [words[at : span.start], mark]
        at = span.end
    return join([*pieces, words[at:]])


def _mark(citation: Citation, index: int) -> Html:
    where = f"{citation.clause.label}, {notice_name(citation.notice)}"
    return el(
        "button",
        f"[{citation.marker}]",
        type="button",
        class_="cv-mark",
        data_act="clause",
        data_index=index,
        data_marker=citation.marker,
        aria_label=f"Dẫn chiếu {citation.marker}: {where}",
        title=where,
        aria_controls="cv-panel",
    )


def sources(
    citations: Sequence[Citation], changed: Mapping[int, Reopened], look: Look
) -> Html | None:
    """Return the citations, None where there are none.

    Args:
        citations: of the answer.
        changed: how those stand that are not as they were, by marker.
        look: how the exchange is shown.
    """
    if not citations:
        return None
    return el(
        "div",
        el("p", "Căn cứ", class_="cv-small-title"),
        el("ol", *(_source(one, changed.get(one.marker), look) for one in citations)),
        class_="cv-sources",
    )


def _source(one: Citation, changed: Reopened | None, look: Look) -> Html:
    return el(
        "li",
        el(
            "button",
            el("span", str(one.marker), class_="cv-source-number"),
            el(
                "span",
                el("span", one.clause.label, class_="cv-source-label"),
                el("span", notice_name(one.notice), class_="cv-source-notice"),
                class_="cv-source-words",
            ),
            el(
                "span",
                chips(
                    status=one.notice.status,
                    is_sample=look.is_sample(one.notice.id),
                    verified=one.verified,
                ),
                class_="cv-chips",
            ),
            type="button",
            class_="cv-source",
            data_act="clause",
            data_index=look.index,
            data_marker=one.marker,
            aria_controls="cv-panel",
        ),
        el("p", icon("warning"), el("span", changed.text), class_="cv-changed")
        if changed
        else None,
    )


def seen(found: Sequence[FoundClause], *, is_live: bool = False) -> Html:
    """Return the evidence, open as long as there is nothing else to read."""
    told = f"{'Đang' if is_live else 'Đã'} xem {len(found)} điều khoản"
    return el(
        "details",
        el("summary", f"{told}…" if is_live else told,
           class_="cv-waiting" if is_live else "cv-small-title"),
        _clause_list(found),
        class_="cv-evidence",
        open=is_live,
    )  # fmt: skip


def _clause_list(found: Sequence[FoundClause]) -> Html:
    return el("ul", *(_found(one) for one in found), class_="cv-clauses")


def _found(one: FoundClause) -> Html:
    return el(
        "li",
        el(
            "button",
            el("span", one.clause.label, class_="cv-source-label"),
            el("span", notice_name(one.notice), class_="cv-source-notice"),
            el("span", _short(one.clause.text), class_="cv-source-text"),
            type="button",
            class_="cv-clause-button",
            data_act="clause",
            data_notice=one.notice.id,
            data_clause=one.clause.id,
            aria_controls="cv-panel",
            title=place_of(one.clause),
        ),
    )


def _short(words: str, length: int = 160) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= length else f"{flat[: length - 1].rstrip()}…"


def retry(question: str) -> Html:
    """Return the button that asks once more."""
    return button("Hỏi lại", "retry", icon_="retry", class_="cv-quiet", data_question=question)


def actions_row(actions: Sequence[Child]) -> Html:
    """Return what can be done with an answer."""
    return el(
        "div", *actions, class_="cv-actions", role="group", aria_label="Thao tác với câu trả lời"
    )


def _actions(shown: Shown, look: Look) -> Html:
    actions: list[Child] = [
        button(
            "Chép",
            "copy",
            icon_="copy",
            class_="cv-quiet",
            title="Chép câu trả lời kèm dẫn chiếu",
            data_text=as_text(shown, look.is_sample),
        )
    ]
    if look.ask_again:
        actions.append(retry(shown.question))
    if shown.id:
        actions += [el("span", *_thumbs(), class_="cv-thumbs"), _feedback_form(shown)]
    return actions_row(actions)


def _thumbs() -> list[Html]:
    return [
        button(
            "Câu trả lời tốt", "up", icon_="up", class_="cv-quiet", only_icon=True,
            aria_pressed="false",
        ),
        button(
            "Câu trả lời chưa tốt", "down", icon_="down", class_="cv-quiet", only_icon=True,
            aria_pressed="false", aria_expanded="false",
        ),
    ]  # fmt: skip


def _feedback_form(shown: Shown) -> Html:
    reasons = [one for one in Reason if one is not Reason.CORRECT]
    return el(
        "form",
        el(
            "fieldset",
            el("legend", "Câu trả lời chưa tốt ở chỗ nào?"),
            *(
                el(
                    "label",
                    el("input", type="radio", name="reason", value=one.value, required=True),
                    el("span", one.vietnamese),
                )
                for one in reasons
            ),
        ),
        el(
            "label",
            el("span", "Nói rõ hơn (không bắt buộc)"),
            el("textarea", name="comment", rows=2, maxlength=2000),
            class_="cv-comment",
        ),
        el(
            "div",
            el("button", "Gửi góp ý", type="submit", class_="cv-button cv-primary"),
            button("Thôi", "close-feedback", class_="cv-button"),
            class_="cv-form-buttons",
        ),
        class_="cv-feedback",
        data_form="feedback",
        data_exchange=shown.id,
        hidden=True,
        aria_label="Góp ý về câu trả lời",
    )
