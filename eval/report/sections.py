"""Pieces that every section of the page is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eval.measures import Metric
from eval.report.numbers import SPACE, Unit, shown
from ui.html import Child, Html, el, join

SIGNS = {"met": "✓", "missed": "✗", "unknown": "○"}


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page with a place in its table of contents."""

    key: str
    title: str
    content: Html

    @property
    def html(self) -> Html:
        """The section as it stands on the page."""
        heading = el("h2", self.title, id=f"{self.key}-h")
        return el("section", heading, self.content, id=self.key, aria_labelledby=f"{self.key}-h")


def badge(kind: str, words: str) -> Html:
    """Return a state by sign, word and colour; ``kind`` is a key of ``SIGNS``."""
    sign = el("span", SIGNS[kind], aria_hidden="true")
    return el("span", sign, " ", words, class_=f"badge {kind}")


def paragraph(*children: Child, kind: str | None = None) -> Html:
    """Return a paragraph."""
    return el("p", *children, class_=kind)


def table(
    caption: str, head: Sequence[Child], rows: Iterable[Sequence[Child]], kind: str = "scroll"
) -> Html:
    """Return a table whose first column names the rows.

    Args:
        caption: what it shows.
        head: names of the columns.
        rows: as many cells each.
        kind: ``scroll`` moves sideways where the screen is too narrow; ``cards`` puts each row
            into a card there.
    """
    # A table that style sheets lay out as blocks loses its meaning for screen readers unless
    # the roles are said.
    heads = [el("th", one, scope="col", role="columnheader") for one in head]
    body = [el("tr", *_cells(head, row), role="row") for row in rows]
    drawn = el(
        "table",
        el("caption", el("span", caption)),
        el("thead", el("tr", *heads, role="row"), role="rowgroup"),
        el("tbody", *body, role="rowgroup"),
        role="table",
    )
    if kind == "cards":
        return el("div", drawn, class_="cards")
    return el("div", drawn, class_="scroll", tabindex=0, role="region", aria_label=caption)


def _cells(head: Sequence[Child], row: Sequence[Child]) -> list[Html]:
    first, *rest = row
    named = zip(head[1:], rest, strict=True)
    return [
        el("th", first, scope="row", role="rowheader"),
        *(el("td", cell, data_label=str(name or ""), role="cell") for name, cell in named),
    ]


def figures(summary: str, content: Html) -> Html:
    """Return the figures behind a picture, folded away."""
    return el("details", el("summary", summary), content)


def interval(metric: Metric, unit: Unit) -> str:
    """Write the 95 % interval and the number counted, empty where neither is known."""
    parts: list[str] = []
    if metric.low is not None and metric.high is not None and metric.low < metric.high:
        low, high = shown(metric.low, unit), shown(metric.high, unit)
        short = low.rsplit(SPACE, 1)[0] if unit in {"share", "seconds", "words", "gib"} else low
        parts.append(f"{short}{SPACE}–{SPACE}{high}")
    elif metric.low is not None and metric.n > 1 and unit == "share":
        # The bootstrap of equal outcomes has no width; shown as one it would claim certainty.
        parts.append("mọi câu như nhau")
    if metric.n:
        parts.append(f"n{SPACE}={SPACE}{metric.n}")
    return " · ".join(parts)


def measured(metric: Metric, unit: Unit, *after: Child) -> Html:
    """Return a value with its interval beneath."""
    note = interval(metric, unit)
    return join(
        [
            el("span", shown(metric.value, unit), class_="value"),
            *after,
            el("small", note) if note else None,
        ],
        " ",
    )
