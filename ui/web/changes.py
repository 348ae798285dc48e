"""What changed since the version before, above the full text of a notice."""

from __future__ import annotations

from corpus.parse.changes import ClauseChange
from corpus.store.library import StoredNotice
from ui.html import Html, el, join
from ui.web.notice_marks import day, notice_link

_SHOWN = 200


def change_list(notice_id: str, before: StoredNotice, changes: tuple[ClauseChange, ...]) -> Html:
    """Return the clauses that differ.

    Args:
        notice_id: of the version that is read.
        before: the earlier version.
        changes: what changed since.
    """
    title = f"{len(changes)} thay đổi so với bản thêm ngày {day(before.added_at.date())}"
    rest = len(changes) - _SHOWN
    return el(
        "details",
        el("summary", title),
        el("ol", *(_item(notice_id, one) for one in changes[:_SHOWN])) if changes else None,
        el("p", f"và {rest} thay đổi nữa.", class_="cv-hint") if rest > 0 else None,
        class_="cv-changes",
    )


def _item(notice_id: str, change: ClauseChange) -> Html:
    old, new = change.words
    clause = change.after or change.before
    label = clause.label if clause is not None else ""
    link = change.after and el(
        "a", label, href=notice_link(notice_id, change.after.id), data_act="jump",
        data_number=change.after.id.rpartition("#")[2],
    )  # fmt: skip
    return el(
        "li",
        el("p", el("strong", change.kind.vietnamese), ": ", link or label),
        el("p", _marked("del", old), lang="vi") if change.before is not None else None,
        el("p", _marked("ins", new), lang="vi") if change.after is not None else None,
    )


def _marked(tag: str, words: tuple[str, str, str]) -> Html:
    start, middle, end = words
    return join([start, " " if start else "", el(tag, middle) if middle else None, " ", end])
