"""A notice in full, with its outline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.contract import CitedNotice
from corpus.notice import Clause, ClauseKind, ContextRole, Notice
from ui.html import Html, el, join
from ui.web.icons import icon
from ui.web.notice_marks import button, chips, light_markup, marked, notice_link, number_of
from ui.web.original import OriginalView
from ui.wording import full_name

_DEEPEST = 5
_TABLE = {ClauseKind.TABLE_HEADER, ClauseKind.TABLE_ROW}


@dataclass(frozen=True, slots=True)
class Target:
    """The clause that the reader opens at.

    Args:
        clause: its id.
        quote: the words to mark in it; ``""`` marks the whole clause.
    """

    clause: str
    quote: str = ""


def reader(  # noqa: PLR0913 - what is shown of a notice
    notice: Notice,
    *,
    is_sample: bool,
    may_manage: bool,
    nonce: str,
    target: Target | None = None,
    original: OriginalView | None = None,
    changes: Html | None = None,
    about: Html | None = None,
) -> Html:
    """Return a notice in full with its outline.

    Args:
        notice: the notice.
        is_sample: whether it is one of the samples.
        may_manage: whether the person may remove it.
        nonce: sent by the page.
        target: where it opens.
        original: its file, None where that is not kept.
        changes: what changed since the version before, None where there is none.
        about: what stands between its head and its text.
    """
    cited = CitedNotice.of(notice)
    at = number_of(target.clause) if target else ""
    clause = next((one for one in notice.clauses if target and one.id == target.clause), None)
    quoted = target.quote if target else ""
    figure = original.figure(clause, quoted) if original is not None else None
    return el(
        "div",
        el(
            "div",
            el(
                "a",
                icon("back"),
                el("span", "Danh sách văn bản"),
                href="#van-ban",
                class_="cv-quiet",
            ),
            el("h1", full_name(cited), id="cv-reader-title", tabindex="-1"),
            el("p", notice.header.title, class_="cv-reader-subject")
            if notice.header.title and notice.header.number
            else None,
            el("p", chips(status=cited.status, is_sample=is_sample)),
            original.download() if original is not None else None,
            button(
                "Gỡ khỏi kho", "remove", icon_="bin", class_="cv-button",
                data_notice=notice.id, data_title=notice.short_name,
            )
            if may_manage
            else None,
            changes,
            class_="cv-reader-head",
        ),
        about,
        el(
            "div",
            el(
                "nav",
                el(
                    "details",
                    el("summary", "Mục lục"),
                    outline(notice),
                    open=True,
                    class_="cv-outline-fold",
                ),
                class_="cv-outline",
                aria_label="Mục lục văn bản",
            ),
            el("div", full_text(notice, target, original), class_="cv-paper", lang="vi"),
            figure,
            class_="cv-reader-body cv-with-pages" if figure else "cv-reader-body",
        ),
        class_="cv-reader",
        data_nonce=nonce,
        data_target=f"dk-{at}" if at else None,
    )  # fmt: skip


def outline(notice: Notice, *, links: bool = True) -> Html:
    """Return the headings as a list, indented by their depth.

    Args:
        notice: the notice.
        links: whether they lead to their clauses.
    """
    heads = [one for one in notice.clauses if one.kind is ClauseKind.HEADING]
    heads = heads or [one for one in notice.clauses if one.kind is ClauseKind.ITEM]
    if not heads:
        return el("p", "Văn bản không chia mục.", class_="cv-empty")
    items = []
    for one in heads:
        words = light_markup(_first_line(one.text))
        shown: Html = (
            el("a", words, href=notice_link(notice.id, one.id), data_act="jump",
               data_number=number_of(one.id))
            if links
            else el("span", words)
        )  # fmt: skip
        items.append(el("li", shown, class_=f"cv-depth-{_depth(one)}"))
    return el("ol", *items)


def full_text(
    notice: Notice, target: Target | None = None, original: OriginalView | None = None
) -> Html:
    """Return every clause in the order of the source; tables as tables."""
    blocks: list[Html] = []
    for in_table, group in groupby(notice.clauses, key=lambda one: one.kind in _TABLE):
        clauses = list(group)
        if in_table:
            blocks.append(_table(clauses, target, original))
        else:
            blocks += [_block(one, target, original) for one in clauses]
    return join(blocks)


def _block(one: Clause, target: Target | None, original: OriginalView | None) -> Html:
    heading = one.kind is ClauseKind.HEADING
    return el(
        "div",
        _number(one),
        el("div", _words(one, target), class_="cv-block-text"),
        id=f"dk-{number_of(one.id)}",
        class_=_classes(one, target, f"cv-block cv-{one.kind.value} cv-depth-{_depth(one)}"),
        role="heading" if heading else None,
        aria_level=min(6, 2 + _depth(one)) if heading else None,
        tabindex="-1",
        **(original.attributes(one) if original is not None else {}),
    )


def _table(rows: Sequence[Clause], target: Target | None, original: OriginalView | None) -> Html:
    written = []
    for one in rows:
        cell = "th" if one.kind is ClauseKind.TABLE_HEADER else "td"
        # A row's cells as its columns name them; a quoted one as it stands, to be marked whole.
        is_target = target is not None and target.clause == one.id
        cells = [part for _, part in one.table] or one.text.split("\t")
        written.append(
            el(
                "tr",
                *(
                    el(cell, el("mark", light_markup(part)) if is_target else light_markup(part))
                    for part in cells
                ),
                id=f"dk-{number_of(one.id)}",
                class_=_classes(one, target, ""),
                tabindex="-1",
                **(original.attributes(one) if original is not None else {}),
            )
        )
    return el("div", el("table", el("tbody", *written)), class_="cv-paper-table", tabindex="0",
              role="region", aria_label="Bảng trong văn bản")  # fmt: skip


def _classes(one: Clause, target: Target | None, classes: str) -> str | None:
    is_target = target is not None and target.clause == one.id
    return f"{classes} cv-target".strip() if is_target else classes or None


def _words(one: Clause, target: Target | None) -> Html:
    if target is None or target.clause != one.id:
        return light_markup(one.text)
    return marked(one.text, target.quote or one.text)


def _number(one: Clause) -> Html:
    """Return what stands in the margin: the line, or the page where the original has pages."""
    where = (f"tr.{one.page}", "Trang của tệp gốc") if one.page else (
        str(one.lines[0][0]), "Dòng trong tệp gốc"
    )  # fmt: skip
    return el("span", where[0], class_="cv-line", title=where[1], aria_hidden="true")


def _depth(one: Clause) -> int:
    outer = {ContextRole.HEADING, ContextRole.OWNER}
    return min(_DEEPEST, sum(part.role in outer for part in one.context))


def _first_line(words: str, length: int = 110) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= length else f"{flat[: length - 1].rstrip()}…"
