"""The measures by kind of question, way of asking and notice."""

from __future__ import annotations

from collections.abc import Sequence

from eval.measures import Metric
from eval.report.markup import Child, Markup, el, join
from eval.report.numbers import DASH, shown
from eval.report.parts import Section, paragraph, table
from eval.report.run_data import Run
from eval.report.targets import Target
from eval.report.words import METRICS, SLICES, VALUES, in_order, metric_unit, value_name

_SHOWN = (
    "answer_accuracy",
    "citation_recall",
    "citation_precision",
    "faithful_in_clause",
    "refusal_recall",
    "false_refusals",
    "R@1",
    "R@3",
    "R@10",
    "MRR@10",
)


def slices_section(runs: Sequence[Run], targets: Sequence[Target]) -> Section | None:
    """Return one table for each slice; None for runs that only measure speed."""
    judged = [run for run in runs if run.judges]
    if not judged:
        return None
    found = {name for run in judged for name in run.slices}
    names = sorted(found, key=lambda name: in_order(name, SLICES))
    tables = [one for name in names if (one := _table(name, judged, targets)) is not None]
    if not tables:
        content = paragraph("Lần chạy không có slices.json nên không chia được theo nhóm.")
    else:
        note = "Dấu ✗ là chỗ chưa tới mục tiêu chung. n là số câu: nhóm ít câu thì một câu đã đổi nhiều."
        content = join([paragraph(note, kind="hint"), *tables])
    return Section("nhom", "Theo nhóm câu hỏi", content)


def _table(name: str, runs: Sequence[Run], targets: Sequence[Target]) -> Markup | None:
    found = {value for run in runs for value in run.slices.get(name, {})}
    values = sorted(found, key=lambda value: in_order(value, VALUES.get(name, {})))
    metrics = [one for one in _SHOWN if any(_has(run, name, one) for run in runs)]
    if not metrics or not values:
        return None
    several = len(runs) > 1
    rows: list[list[Child]] = []
    for value in values:
        for run in runs:
            cells = [
                _cell(run, one, run.slices.get(name, {}).get(value, {}).get(one), targets)
                for one in metrics
            ]
            label: Child = value_name(name, value)
            if several:
                label = join([label, el("small", run.name)], " ")
            rows.append([label, *cells])
    title = SLICES.get(name, name)
    heads = [METRICS.get(one, one) for one in metrics]
    return table(f"Theo {title.lower()}", [title, *heads], rows)


def _has(run: Run, name: str, metric: str) -> bool:
    return any(
        metric in found and found[metric].value is not None
        for found in run.slices.get(name, {}).values()
    )


def _cell(run: Run, name: str, found: Metric | None, targets: Sequence[Target]) -> Child:
    if found is None or found.value is None:
        return DASH
    unit = metric_unit(name)
    target = next((t for t in targets if t.metric == name and not t.gap and t.applies(run)), None)
    missed = target is not None and not target.is_met(found.value)
    sign = None
    if missed:
        hidden = el("span", "chưa đạt mục tiêu", class_="unseen")
        sign = join([el("span", "✗", class_="missed-sign", aria_hidden="true"), hidden])
    count = f"n = {found.n}" if found.n else None
    value = el("span", shown(found.value, unit), class_="value")
    return join([value, sign, el("small", count) if count else None], " ")
