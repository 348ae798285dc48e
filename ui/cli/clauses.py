"""Finding a clause by what people call it, and showing it in its context."""

from __future__ import annotations

import difflib
import re
from dataclasses import asdict
from typing import Any

from rich.console import Console

from assistant.contract import CitedClause, CitedNotice
from corpus.dates import write_date
from corpus.errors import BadInput
from corpus.notice import Clause, ClauseKind, ContextRole, Notice, OwnerRole
from corpus.parse.unsure import told_unsure
from corpus.text import fold, normalise
from ui.cli.console import put
from ui.wording import DRAFT, full_name, lines_of

_LINE = re.compile(r"(?:dong\s+)?(\d+)")
_TITLE_LENGTH = 70  # characters of a clause shown in the outline
_ROLES = {
    ContextRole.ATTACHED: "văn bản kèm theo",
    ContextRole.HEADING: "thuộc",
    ContextRole.OWNER: "cơ quan",
    ContextRole.LEAD_IN: "câu dẫn",
    ContextRole.CLOSER: "câu chốt",
    ContextRole.COLUMNS: "cột",
    ContextRole.REFERRED: "chú thích cho",
}
_NESTING = frozenset(
    {ContextRole.ATTACHED, ContextRole.HEADING, ContextRole.OWNER, ContextRole.LEAD_IN}
)


def find_clause(notice: Notice, name: str) -> Clause:
    """Return the clause that ``name`` means: an id, a label, ``dòng 112`` or ``112``.

    Raises:
        BadInput: there is none; the remedy names the nearest ones.
    """
    wanted = _plain(name)
    line = _LINE.fullmatch(fold(wanted))
    if line is not None:
        return _at_line(notice, int(line[1]))
    # With its marks first: “điểm đ” is not “điểm d”, but who types without marks is understood.
    for plain in (_plain, _folded):
        found = [
            clause
            for clause in notice.clauses
            if name == clause.id
            or plain(name) in {plain(clause.label), plain(clause.label).partition(" ")[2]}
        ]
        if len(found) == 1:
            return found[0]
        if found:
            raise BadInput(
                f"“{name}” có thể là {len(found)} điều khoản của {notice.short_name}.",
                f"Ghi số dòng, một trong: {', '.join(str(c.line_range[0]) for c in found)}.",
            )
    labels = {_folded(clause.label): clause.label for clause in notice.clauses}
    close = [
        labels[key] for key in difflib.get_close_matches(_folded(name), labels, n=3, cutoff=0.5)
    ]
    raise BadInput(
        f"{notice.short_name} không có điều khoản “{name}”.",
        f"Có phải là: {'; '.join(close)}?"
        if close
        else f"Xem các điều khoản bằng `congvu show {notice.id}`.",
    )


def print_outline(out: Console, notice: Notice) -> None:
    """Print what identifies a notice and the tree of its clauses."""
    header = notice.header
    if notice.is_draft:
        put(out, f"{DRAFT}: văn bản này chưa được ban hành.", style="bold yellow")
    put(out, full_name(CitedNotice.of(notice)), style="bold")
    if header.title and header.number:
        put(out, header.title)
    put(out, f"Mã: {notice.id}")
    put(out, f"Tệp: {notice.file_name}")
    for attached in header.attached:
        put(out, f"Kèm theo: {attached.title} (dòng {attached.first_line})")
    out.print()
    for clause in notice.clauses:
        depth = sum(part.role in _NESTING for part in clause.context)
        style = "bold" if clause.kind is ClauseKind.HEADING else ""
        where = f"{_page(clause)}{lines_of(*clause.line_range)}"
        put(out, f"{clause.label} ({where})", 2 * depth, style)
        put(out, _beginning(clause.text), 2 * depth + 4, "dim")


def print_clause(out: Console, notice: Notice, clause: Clause) -> None:
    """Print a clause with everything that is known of it."""
    draft = f"{DRAFT} · " if notice.is_draft else ""
    put(out, f"{draft}{clause.label}, {full_name(CitedNotice.of(notice))}", style="bold")
    ranges = ", ".join(lines_of(first, last) for first, last in clause.lines)
    where = f"{notice.file_name}, {_page(clause)}{ranges}; mã {clause.id}"
    put(out, where, style="dim")
    out.print()
    before = [part for part in clause.context if part.role is not ContextRole.CLOSER]
    for part in before:
        put(out, f"{_ROLES[part.role]}: {part.text}", 2, "dim")
    put(out, clause.text)
    if clause.unsure:
        put(out, told_unsure(clause.unsure), style="yellow")
    for part in clause.context_of(ContextRole.CLOSER):
        put(out, f"{_ROLES[part.role]}: {part.text}", 2, "dim")
    facts = [*_owners(notice, clause), *_deadlines(notice, clause), *_links(notice, clause)]
    if facts:
        out.print()
    for fact in facts:
        put(out, fact)


def outline_json(notice: Notice) -> dict[str, Any]:
    """Return what ``print_outline`` shows, ready for JSON."""
    attached = [asdict(one) for one in notice.header.attached]
    clauses = [
        {"kind": clause.kind.value, **asdict(CitedClause.of(clause))} for clause in notice.clauses
    ]
    return {**asdict(CitedNotice.of(notice)), "attached": attached, "clauses": clauses}


def clause_json(notice: Notice, clause: Clause) -> dict[str, Any]:
    """Return what ``print_clause`` shows, ready for JSON."""
    return {
        "notice": asdict(CitedNotice.of(notice)),
        "clause": {"kind": clause.kind.value, **asdict(CitedClause.of(clause))},
        "context": [asdict(part) for part in clause.context],
        "owners": [asdict(owner) for owner in clause.owners],
        "deadlines": [
            {
                "text": deadline.text,
                "kind": deadline.kind.value,
                "due": deadline.due.isoformat() if deadline.due else None,
                "clause_id": deadline.clause_id or clause.id,
            }
            for deadline in clause.deadlines
        ],
        "references": [
            {
                "text": reference.text,
                "kind": reference.kind,
                "number": reference.number,
                "date": reference.date.isoformat() if reference.date else None,
            }
            for reference in clause.references
        ],
        "footnotes": list(clause.footnote_ids),
    }


def _plain(text: str) -> str:
    return re.sub(r"[\s,“”\"]+", " ", normalise(text).casefold()).strip()


def _folded(text: str) -> str:
    return fold(_plain(text))


def _at_line(notice: Notice, line: int) -> Clause:
    at = [c for c in notice.clauses if any(a <= line <= b for a, b in c.lines)]
    if at:
        # Where a page-broken paragraph runs around a footnote, the footnote is the nearer one.
        return min(at, key=lambda clause: clause.line_range[1] - clause.line_range[0])
    near = sorted({a for c in notice.clauses for a, _ in c.lines}, key=lambda a: abs(a - line))
    raise BadInput(
        f"Dòng {line} của {notice.short_name} không thuộc điều khoản nào.",
        f"Dòng gần nhất có chữ: {near[0]}." if near else "Văn bản không có điều khoản.",
    )


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _TITLE_LENGTH else line[:_TITLE_LENGTH].rsplit(" ", 1)[0] + "…"


def _page(clause: Clause) -> str:
    return f"trang {clause.page}, " if clause.page else ""


def _label(notice: Notice, clause_id: str) -> str:
    return next((c.label for c in notice.clauses if c.id == clause_id), clause_id)


def _owners(notice: Notice, clause: Clause) -> list[str]:
    words = {OwnerRole.LEAD: "Chủ trì", OwnerRole.PARTICIPATE: "Phối hợp"}
    return [
        f"{words[owner.role]}: {owner.canonical}" + _said_by(notice, clause, owner.clause_id)
        for owner in clause.owners
    ]


def _deadlines(notice: Notice, clause: Clause) -> list[str]:
    return [
        f"Thời hạn: {deadline.text}"
        + (f" (chậm nhất {write_date(deadline.due)})" if deadline.due else "")
        + _said_by(notice, clause, deadline.clause_id)
        for deadline in clause.deadlines
    ]


def _said_by(notice: Notice, clause: Clause, clause_id: str) -> str:
    inherited = clause_id not in {"", clause.id}
    return f", theo {_label(notice, clause_id)}" if inherited else ""


def _links(notice: Notice, clause: Clause) -> list[str]:
    links = [f"Nhắc tới: {reference.text}" for reference in clause.references]
    return links + [f"Xem thêm: {_label(notice, one)}" for one in clause.footnote_ids]
