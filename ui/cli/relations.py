"""What documents do to each other, and what people put right, as the command line shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from rich.console import Console

from corpus.dates import write_date
from corpus.notice import Clause, Header, Notice
from corpus.parse.links import Link, Links, Related, Validity
from corpus.store.corrections import Correction, Field
from corpus.store.library import StoredNotice
from ui.cli.console import put
from ui.wording import clean

_MOST = 6  # places told of one document


def print_relations(
    out: Console,
    notice: Notice,
    links: Links,
    corrections: Sequence[Correction],
    today: date,
) -> None:
    """Print whether a notice is in force, how it is related to others, what was put right."""
    out.print()
    put(out, told_validity(links.validity(notice.id, today)), style="bold")
    for one in links.related(notice.id):
        put(out, f"{one.told}: {_told(one)}", 2)
    print_corrections(out, corrections)


def print_corrections(out: Console, corrections: Sequence[Correction]) -> None:
    """Print what people put right."""
    for one in corrections:
        when = write_date(one.made_at.astimezone().date())
        name = f"{one.field.vietnamese[0].upper()}{one.field.vietnamese[1:]}"
        put(out, f"{name}: “{one.shown}” – do người dùng sửa ({one.by_whom}, {when})", style="cyan")


def print_head(out: Console, stored: StoredNotice, corrections: Sequence[Correction]) -> None:
    """Print the fields of a head, and beside what was put right what had been read."""
    put_right = {one.field: one for one in corrections}
    for field in Field:
        shown = shown_value(stored.header, field) or "không có"
        told = f"{field.vietnamese[0].upper()}{field.vietnamese[1:]}: {shown}"
        if field in put_right:
            read = shown_value(stored.as_read, field) or "không có"
            told += f" – do người dùng sửa ({put_right[field].by_whom}); máy đọc được: {read}"
        put(out, told)


def shown_value(header: Header, field: Field) -> str:
    """Return a field of a head as people are shown it."""
    if field is Field.DATE:
        return write_date(header.date) if header.date else ""
    if field is Field.STATUS:
        return header.status.vietnamese
    return str(getattr(header, field))


def print_changes(out: Console, clause: Clause, links: Links, today: date) -> None:
    """Print what other documents do to a clause, and what it is new text of."""
    if clause.is_new_text:
        put(out, "Đây là nội dung mới của một văn bản khác, do văn bản này sửa đổi, bổ sung.")
    for link in links.changes_of(clause, today):
        source = links.stated(link.source_id).short_name
        put(out, f"{link.relation.kind.passive} {source}", style="yellow")


def relations_json(
    notice: Notice, links: Links, corrections: Sequence[Correction], today: date
) -> dict[str, Any]:
    """Return what ``print_relations`` shows, ready for JSON."""
    return {
        "validity": links.validity(notice.id, today).to_dict(),
        "relations": [one.to_dict() for one in links.related(notice.id)],
        "corrections": [one.to_dict() for one in corrections],
    }


def changes_json(clause: Clause, links: Links, today: date) -> dict[str, Any]:
    """Return what ``print_changes`` shows, ready for JSON."""
    return {
        "is_new_text": clause.is_new_text,
        "amends": [list(unit) for unit in clause.amends],
        "changed_by": [_link_json(one, links) for one in links.changes_of(clause, today)],
    }


def told_validity(validity: Validity) -> str:
    """Say whether a notice is in force, from when and until when."""
    begins = f"; có hiệu lực từ ngày {write_date(validity.begins)}" if validity.begins else ""
    ends = f"; hết hiệu lực từ ngày {write_date(validity.ends)}" if validity.ends else ""
    return f"Hiệu lực: {validity.standing.vietnamese}{begins}{ends}."


def _told(one: Related) -> str:
    places = ", ".join(one.places[:_MOST]) + (", …" if len(one.places) > _MOST else "")
    here = "" if one.notice_id else " (chưa có trong kho)"
    return clean(f"{one.name}{here}" + (f": {places}" if places else ""))


def _link_json(link: Link, links: Links) -> dict[str, Any]:
    return {
        "kind": link.relation.kind.value,
        "notice": link.source_id,
        "name": links.stated(link.source_id).short_name,
        "clause": link.relation.clause_id,
    }
