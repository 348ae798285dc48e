"""The clause beside the chat: the quoted words in it, where it stands, what must be known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.contract import AnswerWarning, CitedClause, CitedNotice, WarningKind
from corpus.notice import Clause, ContextRole, OwnerRole, Status
from corpus.parse.unsure import told_unsure
from ui.html import Html, el, join
from ui.web.icons import icon
from ui.web.notice_marks import button, chips, day, marked, notice_link, warning_boxes
from ui.wording import full_name, place_of

_ROLES = {
    ContextRole.ATTACHED: "Trong",
    ContextRole.HEADING: "Thuộc",
    ContextRole.OWNER: "Cơ quan",
    ContextRole.LEAD_IN: "Đoạn dẫn",
    ContextRole.CLOSER: "Áp dụng chung",
    ContextRole.COLUMNS: "Các cột",
    ContextRole.REFERRED: "Chú thích cho",
}


@dataclass(frozen=True, slots=True)
class ClauseView:
    """What the panel shows.

    Args:
        notice: as cited or as it is now.
        clause: as cited or as it is now.
        is_sample: whether the notice is one of the samples.
        quote: the quoted part; ``""`` for a clause that is only evidence.
        marker: of the citation, None for evidence.
        index: of the exchange that cites it.
        verified: whether the quote was found in the clause.
        live: the clause that says so in the library now, None if none does any more.
        changed: what became of it since it was cited; ``""`` if nothing.
        warnings: those about this clause.
    """

    notice: CitedNotice
    clause: CitedClause
    is_sample: bool
    quote: str = ""
    marker: int | None = None
    index: int | None = None
    verified: bool = True
    live: Clause | None = None
    changed: str = ""
    warnings: Sequence[AnswerWarning] = ()


def empty_panel() -> Html:
    """Return what stands in the panel before anything is opened."""
    return el("p", "Bấm vào một dẫn chiếu để xem điều khoản.", class_="cv-empty")


def clause_panel(view: ClauseView, nonce: str) -> Html:
    """Return the panel's content.

    Args:
        view: what it shows.
        nonce: sent by the page, so that opening the same clause twice is noticed.
    """
    clause, notice = view.clause, view.notice
    kicker = f"Dẫn chiếu [{view.marker}]" if view.marker is not None else "Điều khoản đã xem"
    return el(
        "div",
        el("p", kicker, class_="cv-kicker"),
        el("h2", clause.label, id="cv-panel-title", tabindex="-1"),
        el("p", full_name(notice), class_="cv-panel-notice"),
        el("p", chips(status=notice.status, is_sample=view.is_sample, verified=view.verified)),
        el("p", icon("warning"), el("span", view.changed), class_="cv-changed", role="note")
        if view.changed
        else None,
        warning_boxes(view.warnings),
        _unsure(view),
        _context(view, closing=False),
        el(
            "blockquote",
            _row(view) or marked(clause.text, view.quote),
            class_="cv-clause-text",
            id="cv-panel-text",
            lang="vi",
        ),
        _outside(view),
        _context(view, closing=True),
        _facts(view),
        _doors(view),
        data_nonce=nonce,
        class_="cv-panel-body",
    )


def _unsure(view: ClauseView) -> Html | None:
    """Tell which figures are to be checked, where the answer's warnings don't tell it."""
    words = view.clause.unsure
    if not words or any(one.kind is WarningKind.UNSURE for one in view.warnings):
        return None
    return warning_boxes([AnswerWarning(WarningKind.UNSURE, told_unsure(words))])


def _row(view: ClauseView) -> Html | None:
    """Show a row of a table under the names of its columns; cells that were quoted are marked."""
    if view.live is None or not view.live.table or view.live.text != view.clause.text:
        return None
    return el(
        "dl",
        *(
            join(
                [
                    el("dt", name),
                    el("dd", el("mark", cell) if cell and _in_quote(cell, view.quote) else cell),
                ]
            )
            for name, cell in view.live.table
        ),
    )


def _in_quote(cell: str, quote: str) -> bool:
    """Whether a cell was quoted; the quote leaves the number before the first one out."""
    pieces = [piece.strip() for piece in quote.split("\t")]
    return any(piece and cell.strip().endswith(piece) for piece in pieces)


def _outside(view: ClauseView) -> Html | None:
    """Show a quote that does not stand in the clause's text itself."""
    if not view.quote.strip() or view.quote.strip() in view.clause.text:
        return None
    return el("p", "Đoạn được trích: ", el("q", view.quote.strip()), class_="cv-outside")


def _context(view: ClauseView, *, closing: bool) -> Html | None:
    """Show what the clause inherits; what closes its list stands after it."""
    if view.live is None:
        if closing or not view.clause.context:
            return None
        parts = [("Thuộc", piece) for piece in view.clause.context.split(" › ")]
    else:
        parts = [
            (_ROLES[part.role], part.text)
            for part in view.live.context
            if (part.role is ContextRole.CLOSER) is closing
            # A row is shown under its columns already.
            and not (part.role is ContextRole.COLUMNS and view.live.table)
        ]
    if not parts:
        return None
    return el(
        "ol",
        *(el("li", el("span", name, class_="cv-role"), " ", words) for name, words in parts),
        class_="cv-context",
        aria_label="Điều khoản này đứng ở đâu",
    )


def _facts(view: ClauseView) -> Html:
    notice = view.notice
    status = "Dự thảo" if notice.status == Status.DRAFT else "Đã ban hành"
    rows = [
        ("Số ký hiệu", notice.number or "không có số"),
        ("Loại", notice.kind or "không rõ"),
        ("Ngày", day(notice.date)),
        ("Cơ quan", notice.issuer or "không rõ"),
        ("Tình trạng", status),
        ("Vị trí", place_of(view.clause) + f", tệp {notice.file}"),
    ]
    if view.live is not None:
        owners = [
            f"{one.canonical} ({'chủ trì' if one.role is OwnerRole.LEAD else 'phối hợp'})"
            for one in view.live.owners
        ]
        deadlines = list(dict.fromkeys(one.text.strip() for one in view.live.deadlines))
        rows += [("Việc của", "; ".join(dict.fromkeys(owners)))] if owners else []
        rows += [("Thời hạn", "; ".join(deadlines))] if deadlines else []
    return el(
        "dl",
        *(join([el("dt", name), el("dd", value)]) for name, value in rows),
        class_="cv-facts",
    )


def _doors(view: ClauseView) -> Html:
    where = f"{view.clause.label}, {full_name(view.notice)}"
    copied = f"“{view.clause.text.strip()}”\n({where})"
    return el(
        "div",
        _door(view.live, view.quote.strip()) if view.live is not None else None,
        button("Chép điều khoản", "copy", icon_="copy", data_text=copied),
        class_="cv-doors",
    )


def _door(clause: Clause, quote: str) -> Html:
    return el(
        "a",
        icon("document"),
        el("span", "Xem trong toàn văn"),
        href=notice_link(clause.notice_id, clause.id),
        class_="cv-button cv-primary",
        data_act="read",
        data_quote=quote or None,
    )
