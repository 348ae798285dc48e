"""The whole page: one HTML text that asks nothing of the network and works without scripts."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files

from eval.report.behaviour import length_section, reliability_section, times_section
from eval.report.cases import cases_section
from eval.report.differences import differences_section
from eval.report.funnel import funnel_section
from eval.report.load import load_section
from eval.report.overview import (
    others_section,
    runs_section,
    standings,
    targets_section,
    verdict,
)
from eval.report.refusals import gate_section
from eval.report.run_data import Run
from eval.report.slices import slices_section
from eval.report.targets import Target
from ui.html import Html, el

TITLE = "Báo cáo đo chất lượng"


def make_page(runs: Sequence[Run], targets: Sequence[Target]) -> str:
    """Return the report on runs.

    Args:
        runs: at least one; the first is what the others are compared with.
        targets: what has to be reached.
    """
    rows = standings(runs, targets)
    # What callers at once were told and how long they waited has a section of its own.
    under_load = all(run.suite == "load" for run in runs)
    sections = [
        targets_section(runs, rows),
        differences_section(runs),
        slices_section(runs, targets),
        funnel_section(runs),
        gate_section(runs),
        None if under_load else times_section(runs, targets),
        load_section(runs),
        reliability_section(runs),
        length_section(runs),
        cases_section(runs),
        others_section(runs, rows),
        runs_section(runs),
    ]
    present = [one for one in sections if one is not None]
    contents = [el("li", el("a", one.title, href=f"#{one.key}")) for one in present]
    title = f"{TITLE}: {', '.join(run.name for run in runs)}"
    body = el(
        "body",
        el("a", "Tới nội dung chính", href="#noi-dung", class_="skip"),
        el("header", el("p", "congvu", class_="brand"), el("h1", TITLE), verdict(runs, rows)),
        el("nav", el("ul", *contents), aria_label="Mục lục"),
        el("main", *(one.html for one in present), id="noi-dung"),
        Html(f"<script>{_asset('page.js')}</script>"),
    )
    page = el("html", _head(title), body, lang="vi")
    return f"<!doctype html>\n{page}\n"


def _head(title: str) -> Html:
    style, script = _asset("page.css"), _asset("page.js")
    # Whatever escaped every check still could not load, send or run anything.
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    return el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=policy),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("meta", name="referrer", content="no-referrer"),
        el("title", title),
        el("link", rel="icon", href="data:,"),
        Html(f"<style>{style}</style>"),
    )


def _asset(name: str) -> Html:
    return Html(files("eval.report").joinpath(name).read_text(encoding="utf-8"))


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"sha256-{digest}"
