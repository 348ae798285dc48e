"""The measures by kind of question, way of asking and notice."""

from __future__ import annotations

from collections.abc import Sequence

from eval.measures import Metric
from eval.report.numbers import DASH, SPACE, shown
from eval.report.run_data import Run
from eval.report.sections import Section, paragraph, table
from eval.report.targets import Target
from eval.report.words import METRICS, SLICES, VALUES, in_order, metric_unit, value_name
from ui.html import Child, Html, el, join

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
_MOST = 40  # values that a reader still finds something among
_LEAST = 3  # questions in the largest of them, or the table only repeats single answers


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
        note = "Dấu ✗ là chỗ chưa tới mục tiêu chung. n là số câu; ít câu thì số dễ đổi."
        content = join([paragraph(note, kind="hint"), *tables])
    return Section("nhom", "Theo nhóm câu hỏi", content)


def _table(name: str, runs: Sequence[Run], targets: Sequence[Target]) -> Html | None:
    found = {value for run in runs for value in run.slices.get(name, {})}
    values = sorted(found, key=lambda value: in_order(value, VALUES.get(name, {})))
    if len(values) > _MOST or _largest(runs, name) < _LEAST:
        words = f"{SLICES.get(name, name)}: {len(values)} giá trị, mỗi giá trị quá ít câu."
        return paragraph(f"{words} Số của từng giá trị nằm trong slices.json.")
    metrics = [one for one in _SHOWN if any(_has(run, name, one) for run in runs)]
    if not metrics or not values:
        return None
    heads = [METRICS.get(one, one) for one in metrics]
    title = SLICES.get(name, name)
    rows: list[list[Child]] = []
    for value in values:
        # Runs of other suites have other values: a line of dashes would say nothing.
        having = [run for run in runs if value in run.slices.get(name, {})]
        cells = [
            [_cell(run, one, run.slices[name][value].get(one), targets) for run in having]
            for one in metrics
        ]
        label = value_name(name, value)
        if len(runs) == 1:
            rows.append([label, *(one for cell in cells for one in cell)])
        else:
            rows.append([label, _stack([run.name for run in having]), *map(_stack, cells)])
    if len(runs) > 1:
        heads = ["Lần chạy", *heads]
    return table(f"Theo {title.lower()}", [title, *heads], rows)


def _stack(lines: Sequence[Child]) -> Html:
    """Put what belongs to each run on its own line, so that lines of a row match."""
    return el("div", *(el("div", one) for one in lines), class_="stack")


def _largest(runs: Sequence[Run], name: str) -> int:
    found = [of for run in runs for of in run.slices.get(name, {}).values()]
    # Runs need not state n: then nothing speaks against the table.
    return max((one.n or _LEAST for of in found for one in of.values()), default=_LEAST)


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
    count = f"n{SPACE}={SPACE}{found.n}" if found.n else None
    value = el("span", shown(found.value, unit), class_="value")
    return join([value, sign, el("small", count) if count else None], " ")
