"""Runs of the same questions beside each other: paired differences, and what changed sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.compare import Difference, difference, time_difference
from eval.measures import LOWER_IS_BETTER, measure_names, shares_of
from eval.report.cases import case_anchors
from eval.report.numbers import DASH, POINTS, Unit, shown, signed
from eval.report.record import Record
from eval.report.run_data import Run
from eval.report.sections import Section, badge, paragraph, table
from eval.report.words import METRICS, TIMES, in_order, metric_name, metric_unit
from ui.html import Child, Html, el, join

_MOST = 8  # questions that changed sides and are listed unfolded


def differences_section(runs: Sequence[Run]) -> Section | None:
    """Return how runs of the same questions differ; None where all are of different suites."""
    title = "So sánh các lần chạy"
    pairs = _pairs(runs)
    if len({run.suite for run in runs}) == len(runs):
        return None
    if not pairs:
        return Section("so-sanh", title, paragraph("Không có câu hỏi chung: không so được."))
    hint = (
        "Trên những câu hỏi chung của hai lần chạy. Khoảng 95 % của hiệu số lấy theo từng "
        "cặp câu; khoảng chứa 0 là chưa rõ hơn kém."
    )
    places = case_anchors(runs)
    parts = [_against(first, run, places) for first, run in pairs]
    return Section("so-sanh", title, join([paragraph(hint, kind="hint"), *parts]))


def _pairs(runs: Sequence[Run]) -> list[tuple[Run, Run]]:
    """Return each run with what it is compared with: the first of its suite, or a peer's."""
    pairs: list[tuple[Run, Run]] = []
    for place, run in enumerate(runs):
        before = next((one for one in runs[:place] if _common(one, run)), None)
        if before is not None:
            # Of a peer and ours, ours is what is judged.
            pairs.append((run, before) if run.peer and not before.peer else (before, run))
    return pairs


def _common(first: Run, run: Run) -> list[Record]:
    if first.suite != run.suite:
        return []
    return [one for one in first.records if one.id in run.by_id]


def _against(first: Run, run: Run, places: Mapping[str, str]) -> Html:
    heading = el("h3", f"{run.name} so với {first.name}")
    common = _common(first, run)
    old = [one.raw for one in common]
    new = [run.by_id[one.id].raw for one in common]
    found = {
        name: one
        for name in sorted(measure_names([*old, *new]), key=lambda name: in_order(name, METRICS))
        if (one := difference(name, shares_of(old, name), shares_of(new, name))) is not None
    }
    rows = [_row(name, one) for name, one in found.items()]
    timed = {name: _timed(first, run, name) for name in TIMES}
    rows += [_time_row(name, pairs) for name, pairs in timed.items() if pairs]
    if rows:
        shown_ = table(
            f"Hiệu số trên {len(common)} câu hỏi chung",
            ["Độ đo", first.name, run.name, "Hiệu số", "Khoảng 95 %", "Nhận xét"],
            rows,
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


def _timed(first: Run, run: Run, name: str) -> list[tuple[float, float]]:
    """Return milliseconds of the common questions that both runs timed."""
    return [
        (1000 * one.timings[name], 1000 * run.by_id[one.id].timings[name])
        for one in _common(first, run)
        if name in one.timings and name in run.by_id[one.id].timings
    ]


def _time_row(name: str, pairs: Sequence[tuple[float, float]]) -> list[Child]:
    one = time_difference(pairs, None)
    ends = DASH
    remark = badge("unknown", "chưa rõ")
    if one.low is not None and one.high is not None:
        ends = f"{_bare(one.low / 1000, 'seconds')} đến {_bare(one.high / 1000, 'seconds')}"
        if not one.low <= 0 <= one.high:
            remark = badge("met", "nhanh hơn") if one.change < 0 else badge("missed", "chậm hơn")
    return [
        f"{TIMES[name]}, p50",
        shown(one.a / 1000, "seconds"),
        shown(one.b / 1000, "seconds"),
        signed(one.change / 1000, "seconds"),
        ends,
        remark,
    ]


def _bare(value: float, unit: Unit) -> str:
    return signed(value, unit).removesuffix(POINTS)


def _remark(name: str, one: Difference) -> Html:
    if one.low <= 0 <= one.high:
        return badge("unknown", "chưa rõ" if one.change else "như nhau")
    better = (one.change < 0) == (name in LOWER_IS_BETTER)
    return badge("met", "tốt hơn") if better else badge("missed", "kém hơn")


def _flips(title: str, ids: Sequence[str], run: Run, places: Mapping[str, str]) -> list[Html]:
    items = [
        el("li", el("a", one, href=f"#{places[one]}"), " ", run.by_id[one].question) for one in ids
    ]
    if len(items) > _MOST:
        return [el("dd", el("details", el("summary", title), el("ul", *items)))]
    return [el("dt", title), el("dd", el("ul", *items) if items else DASH)]
