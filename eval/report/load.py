"""Many callers at once: what became of their questions, and how times grow with their number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from eval.report.numbers import DASH, number, seconds, shown
from eval.report.plot import Plot, Scale, legend
from eval.report.run_data import Run
from eval.report.sections import Section, badge, paragraph, table
from ui.html import Child, Html, el, join

_LEVEL = re.compile(r"callers_(\d+)_requests")
_CALLERS = "Số người hỏi cùng lúc"
_DRAWN = ("evidence", "first_quote", "total")
_TIMES = {
    "evidence": "Hiện điều khoản liên quan",
    "first_token": "Chữ đầu tiên của câu trả lời",
    "first_quote": "Hiện trích dẫn",
    "lead": "Hiện câu tóm tắt của mô hình",
    "total": "Trả lời xong",
    "in_line": "Trong đó: chờ trong hàng của máy chủ",
}
_SHARES = (0.5, 0.95)
_NONE_ALLOWED = (("lost", "Mất"), ("mixed", "Lẫn"), ("changed", "Khác khi hỏi một mình"))


def is_of_level(metric: str) -> bool:
    """Whether a measure is of one level and so stands in the section's own table."""
    return metric.startswith("callers_")


def load_section(runs: Sequence[Run]) -> Section | None:
    """Return the levels of all runs of the suite ``load``; None where there is none."""
    levels = [(i, run, _levels(run)) for i, run in enumerate(runs)]
    levels = [one for one in levels if one[2]]
    if not levels:
        return None
    hint = (
        "Thời gian tính từ lúc hỏi lần đầu, kể cả chờ trong hàng và quay lại sau khi được mời"
        " quay lại (503 hoặc 429 có Retry-After). Mất: không có câu trả lời. Lẫn: nhận câu trả"
        " lời, hoặc một phần câu trả lời, của người khác."
    )
    pictures = [_picture(name, levels) for name in _DRAWN]
    several = len(runs) > 1
    rows = [(run, level, run.name if several else "") for _, run, own in levels for level in own]
    came = table(
        "Câu hỏi ra sao; mỗi mức một dòng",
        [
            _CALLERS,
            "Số câu",
            "Lượt được mời quay lại",
            *(title for _, title in _NONE_ALLOWED),
            "Câu trả lời mỗi phút",
            "Bộ nhớ lớn nhất",
        ],
        [_outcomes(*row) for row in rows],
    )
    took = table(
        "Thời gian, p50 / p95",
        [_CALLERS, *_TIMES.values()],
        [_times(*row) for row in rows],
    )
    names = legend([(i, run.name) for i, run, _ in levels], len(runs))
    plots = el("div", *pictures, class_="grid-of-plots")
    content = join([paragraph(hint, kind="hint"), plots, names, took, came])
    return Section("tai", "Nhiều người hỏi cùng lúc", content)


def _levels(run: Run) -> list[int]:
    found = (_LEVEL.fullmatch(name) for name in run.metrics)
    return sorted(int(one[1]) for one in found if one)


def _value(run: Run, level: int, name: str) -> float | None:
    metric = run.figure(f"callers_{level}_{name}")
    return None if metric is None else metric.value


def _outcomes(run: Run, level: int, name: str) -> list[Child]:
    memory, per_minute = (_value(run, level, one) for one in ("peak_memory_gib", "answers_per_min"))
    return [
        _head(level, name),
        shown(_value(run, level, "requests"), "number"),
        shown(_value(run, level, "told_to_come_back"), "share"),
        *(_none_allowed(_value(run, level, one)) for one, _ in _NONE_ALLOWED),
        DASH if per_minute is None else number(per_minute, 1),
        shown(memory, "gib"),
    ]


def _times(run: Run, level: int, name: str) -> list[Child]:
    return [_head(level, name), *(_both(run, level, one) for one in _TIMES)]


def _head(level: int, name: str) -> Html:
    return join([number(level), el("small", name) if name else None], " ")


def _both(run: Run, level: int, name: str) -> str:
    both = [_value(run, level, f"{name}_ms_p{100 * share:.0f}") for share in _SHARES]
    return " / ".join(DASH if one is None else seconds(one) for one in both)


def _none_allowed(count: float | None) -> Child:
    if count is None:
        return DASH
    return badge("missed" if count else "met", number(count))


def _picture(name: str, levels: Sequence[tuple[int, Run, Sequence[int]]]) -> Html:
    """Draw p50 (dots) and p95 (large dots) of one time by the number of callers."""
    lines = [
        (i, run.name, share, points)
        for i, run, own in levels
        for share in _SHARES
        if (points := _points(run, own, f"{name}_ms_p{100 * share:.0f}"))
    ]
    every = sorted({level for _, _, own in levels for level in own})
    top = max((value for *_, points in lines for _, value in points), default=1.0)
    across = Scale(_CALLERS, 0.0, every[-1] * 1.05, tuple(every), number)
    plot = Plot(across, Scale.of("Thời gian (giây)", top))
    drawn: list[Html] = []
    told: list[str] = []
    for i, run_name, share, points in lines:
        percent = f"p{100 * share:.0f}"
        drawn.append(plot.line(points, i))
        for level, value in points:
            hint = f"{run_name}: {number(level)} người, {percent} {seconds(value)}"
            told.append(hint)
            drawn.append(plot.dot((level, value), i, hint, 3 if share == _SHARES[0] else 5))
        level, value = points[-1]
        above = min(value + plot.y.high * 0.06, plot.y.high)
        drawn.append(plot.note((level, above), percent, "end", 4 if above > value else -12))
    title = _TIMES[name]
    picture = plot.draw(f"tai-{name}", title, "; ".join(told) + ".", *drawn)
    return el("figure", el("figcaption", title), picture)


def _points(run: Run, levels: Sequence[int], name: str) -> list[tuple[float, float]]:
    found = ((level, _value(run, level, name)) for level in levels)
    return [(float(level), value) for level, value in found if value is not None]
