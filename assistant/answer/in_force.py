"""Whether what is quoted is in force today, and what replaced, repealed or changed it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from assistant.answer.wording import CitedQuotes
from assistant.contract import AnswerWarning, WarningKind
from corpus.dates import write_date
from corpus.facts.cited_places import told_place
from corpus.notice import Clause, Notice
from corpus.parse.acts import RelationKind
from corpus.parse.links import Link, Links, Standing

_PART = {
    RelationKind.AMENDS: "đã được sửa đổi, bổ sung",
    RelationKind.CORRECTS: "đã được đính chính",
    RelationKind.REPEALS: "đã bị bãi bỏ",
    RelationKind.REPLACES: "đã hết hiệu lực",
}
_MOST = 3  # documents named in one warning


def in_force_warnings(
    cited: Sequence[CitedQuotes], links: Links, today: date
) -> tuple[AnswerWarning, ...]:
    """Warn of quotes that are no longer, not yet, or no longer so in force.

    Args:
        cited: what the answer quotes.
        links: between the notices that it is made from.
        today: the day on which it is asked.
    """
    notices: dict[str, Notice] = {}
    clauses: dict[str, list[Clause]] = {}
    for entry in cited:
        quote = entry.quotes[0]
        notices[quote.notice.id] = quote.notice
        clauses.setdefault(quote.notice.id, []).append(quote.clause)
    told: list[AnswerWarning] = []
    for notice_id, notice in notices.items():
        validity = links.validity(notice_id, today)
        ids = tuple(dict.fromkeys(clause.id for clause in clauses[notice_id]))
        if validity.standing is Standing.ENDED:
            since = f" từ ngày {write_date(validity.ends)}" if validity.ends else ""
            text = f"{notice.short_name} đã hết hiệu lực{since}{_shown(validity.by, links)}."
            told.append(AnswerWarning(WarningKind.SUPERSEDED, text, ids, _ids(validity.by)))
            continue
        if validity.standing is Standing.NOT_YET and validity.begins is not None:
            text = (
                f"{notice.short_name} chưa có hiệu lực: có hiệu lực từ ngày"
                f" {write_date(validity.begins)}."
            )
            told.append(AnswerWarning(WarningKind.NOT_IN_FORCE, text, ids))
        told += _changed(notice, clauses[notice_id], links, today)
    return tuple(told)


def _changed(
    notice: Notice, clauses: Sequence[Clause], links: Links, today: date
) -> Iterator[AnswerWarning]:
    """Warn of clauses that other documents changed; those changed alike by the same at once."""
    by: dict[tuple[Link, ...], list[Clause]] = {}
    for clause in dict.fromkeys(clauses):
        alike: dict[RelationKind, list[Link]] = {}
        for link in links.changes_of(clause, today):
            alike.setdefault(link.relation.kind, []).append(link)
        for same in alike.values():
            by.setdefault(tuple(same), []).append(clause)
    for found, changed in by.items():
        placed = any(link.relation.places for link in found)
        what = ", ".join(dict.fromkeys(clause.label for clause in changed)) if placed else ""
        may_have_ended = any(link.relation.ends_all for link in found)
        done = "có thể đã hết hiệu lực" if may_have_ended else _PART[found[0].relation.kind]
        text = f"{what} {notice.short_name} {done}{_shown(found, links)}.".strip()
        if may_have_ended or not placed:
            text += " Cần đối chiếu điều khoản này với văn bản ấy."
        ids = tuple(clause.id for clause in changed)
        yield AnswerWarning(WarningKind.AMENDED, f"{text[0].upper()}{text[1:]}", ids, _ids(found))


def _shown(by: Sequence[Link], links: Links) -> str:
    """Say by what: “: Nghị định 8/2030/NĐ-CP thay thế (từ ngày 01/8/2030)”."""
    told: dict[str, None] = {}
    for link in by:
        day = links.day_of(link)
        since = f" (từ ngày {write_date(day)})" if day else ""
        name = links.stated(link.source_id).short_name
        places = ", ".join(told_place(place) for place in link.relation.places[:_MOST])
        of = f" {places}" if places else ""
        told[f"{name} {link.relation.kind.vietnamese.lower()}{of}{since}"] = None
    shown = "; ".join(list(told)[:_MOST])
    return f": {shown}{'; …' if len(told) > _MOST else ''}" if told else ""


def _ids(links: Sequence[Link]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(link.relation.clause_id for link in links))
