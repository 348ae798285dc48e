"""Later runs beside the first: paired differences, and the questions that changed sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.compare import Difference, difference
from eval.measures import LOWER_IS_BETTER, measure_names, shares_of
from eval.report.cases import case_anchors
from eval.report.markup import Child, Markup, el, join
from eval.report.numbers import Unit, shown, signed
from eval.report.parts import Section, badge, paragraph, table
from eval.report.run_data import Run
from eval.report.words import METRICS, in_order, metric_name, metric_unit


def differences_section(runs: Sequence[Run]) -> Section | None:
    """Return how each later run differs from the first; None for a single run."""
    if len(runs) < 2:
        return None
    first = runs[0]
    hint = (
        f"So với {first.name}, trên những câu hỏi chung. Khoảng 95 % của hiệu số lấy theo từng "
        "cặp câu; khoảng chứa 0 là chưa rõ hơn kém."
    )
    places = case_anchors(runs)
    parts = [_against(first, run, places) for run in runs[1:]]
    return Section("so-sanh", "So sánh các lần chạy", join([paragraph(hint, kind="hint"), *parts]))


def _against(first: Run, run: Run, places: Mapping[str, str]) -> Markup:
    heading = el("h3", f"{run.name} so với {first.name}")
    common = [one for one in first.records if one.id in run.by_id]
    if first.suite != run.suite or not common:
        return join([heading, paragraph("Khác bộ đo hoặc không có câu hỏi chung: không so được.")])
    old = [one.raw for one in common]
    new = [run.by_id[one.id].raw for one in common]
    found = {
        name: one
        for name in sorted(measure_names([*old, *new]), key=lambda name: in_order(name, METRICS))
        if (one := difference(name, shares_of(old, name), shares_of(new, name))) is not None
    }
    if found:
        shown_ = table(
            f"Hiệu số trên {len(common)} câu hỏi chung",
            ["Độ đo", first.name, run.name, "Hiệu số", "Khoảng 95 %", "Nhận xét"],
            [_row(name, one) for name, one in found.items()],
        )
    else:
        shown_ = paragraph("Bản ghi không có phần measures nên không tính được hiệu số từng cặp.")
    better = [one.id for one in common if _is(first, one.id, False) and _is(run, one.id, True)]
    worse = [one.id for one in common if _is(first, one.id, True) and _is(run, one.id, False)]
    flips = el(
        "dl",
        *_flips(f"Sai thành đúng: {len(better)} câu", better, first, places),
        *_flips(f"Đúng thành sai: {len(worse)} câu", worse, first, places),
    )
    return join([heading, shown_, flips])


def _is(run: Run, question: str, right: bool) -> bool:
    return run.by_id[question].right is right


def _row(name: str, one: Difference) -> list[Child]:
    unit = metric_unit(name)
    return [
        metric_name(name),
        shown(one.a, unit),
        shown(one.b, unit),
        signed(one.change, unit),
        f"{_bare(one.low, unit)} đến {_bare(one.high, unit)}",
        _remark(name, one),
    ]


def _bare(value: float, unit: Unit) -> str:
    return signed(value, unit).removesuffix(" điểm %")


def _remark(name: str, one: Difference) -> Markup:
    if one.low <= 0 <= one.high:
        return badge("unknown", "chưa rõ" if one.change else "như nhau")
    better = (one.change < 0) == (name in LOWER_IS_BETTER)
    return badge("met", "tốt lên") if better else badge("missed", "kém đi")


def _flips(title: str, ids: Sequence[str], run: Run, places: Mapping[str, str]) -> list[Markup]:
    items = [
        el("li", el("a", one, href=f"#{places[one]}"), " ", run.by_id[one].question) for one in ids
    ]
    return [el("dt", title), el("dd", el("ul", *items) if items else "–")]
