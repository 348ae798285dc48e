"""The pictures of the page: gate, times, reliability of scores, length of answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.report.numbers import number, seconds, share
from eval.report.plot import Plot, Scale, picture
from eval.report.statistics import Bin, Gate, ecdf, quantile
from ui.html import Html, el, join

LengthRow = tuple[str, Sequence[tuple[int, float, float]], tuple[int, int] | None]
"""A kind; the series, p50 and p90 of each run that has it; bounds of p50 and p90, if any."""


def gate_curve(key: str, gates: Sequence[tuple[int, str, Gate]]) -> Html:
    """Draw risk against coverage; a ring marks where each run's gate really stands."""
    worst = max(max([found.risk, *(point.risk for point in found.points)]) for _, _, found in gates)
    top = next(step for step in (0.1, 0.2, 0.5, 1.0) if worst <= step)
    ticks = tuple(top * i / 5 for i in range(6))
    risk = Scale(
        "Trả lời câu lẽ ra phải từ chối", 0.0, top, ticks, lambda v: f"{number(v * 100)} %"
    )
    plot = Plot(Scale.shares("Độ phủ: phần câu hỏi được trả lời"), risk)
    drawn: list[Html] = []
    told: list[str] = []
    for i, name, found in gates:
        if not found.is_flat:
            drawn.append(plot.line([(p.coverage, p.risk) for p in found.points], i))
        where = f"{name}: trả lời {share(found.coverage)} số câu, rủi ro {share(found.risk)}"
        told.append(where)
        drawn.append(plot.dot((found.coverage, found.risk), i, where, 6))
    return plot.draw(key, "Đường rủi ro – độ phủ", "; ".join(told) + ".", *drawn)


def latency(
    key: str,
    title: str,
    runs: Sequence[tuple[int, str, Sequence[float]]],
    targets: Sequence[tuple[float, float]],
) -> Html:
    """Draw the share of questions done by a time.

    Args:
        key: id of the picture.
        title: what is timed.
        runs: number of the series, name and times in seconds (at least one) of each run.
        targets: (share, seconds) that the curve should pass on the left.
    """
    longest = max([*(max(times) for _, _, times in runs), *(at * 1.05 for _, at in targets)])
    plot = Plot(Scale.of("Thời gian (giây)", longest), Scale.shares("Phần câu hỏi đã xong"))
    drawn: list[Html] = []
    told: list[str] = []
    for at, limit in targets:
        drawn.append(plot.diamond((limit, at), f"mục tiêu p{at * 100:.0f}: {seconds(limit)}"))
    for i, name, times in runs:
        drawn.append(plot.line([*ecdf(times), (plot.x.high, 1.0)], i))
        for at in (0.5, 0.95):
            value = quantile(times, at)
            hint = f"{name}: p{at * 100:.0f} {seconds(value)}"
            told.append(hint)
            drawn.append(plot.dot((value, at), i, hint))
    return plot.draw(key, title, "; ".join(told) + ".", *drawn)


def reliability_diagram(
    key: str, title: str, labels: tuple[str, str], runs: Sequence[tuple[int, str, Sequence[Bin]]]
) -> Html:
    """Draw for each range of scores how many came out right, with intervals.

    Args:
        key: id of the picture.
        title: what is scored.
        labels: of the score and of what a right outcome is.
        runs: number of the series, name and ranges (at least one) of each run.
    """
    every = [one for _, _, bins in runs for one in bins]
    scores = [one.score for one in every]
    probable = all(0 <= score <= 1 for score in scores)
    if probable:
        ticks = (0.0, 0.25, 0.5, 0.75, 1.0)
        across = Scale(labels[0], 0.0, 1.0, ticks, lambda value: number(value, 2))
    elif min(scores) >= 0:
        across = Scale.of(labels[0], max(scores))
    else:
        ends = (min(scores), max(scores))
        across = Scale(labels[0], ends[0], ends[1] + 1e-9, ends, lambda value: number(value, 1))
    plot = Plot(across, Scale.shares(labels[1]))
    drawn = [plot.line([(0, 0), (1, 1)], "diagonal")] if probable else []
    told: list[str] = []
    for i, name, bins in runs:
        drawn += [plot.whisker(one.score, one.low, one.high, i) for one in bins]
        most = max(one.n for one in bins)
        for one in bins:
            hint = f"{name}: điểm {number(one.score, 2)}, đúng {share(one.share)} của {one.n}"
            told.append(hint)
            drawn.append(plot.dot((one.score, one.share), i, hint, 3.5 + 4 * (one.n / most) ** 0.5))
    return plot.draw(key, title, "; ".join(told) + ".", *drawn)


def length_chart(key: str, rows: Sequence[LengthRow]) -> Html:
    """Draw p50 and p90 of the words by kind against the bounds of the kind.

    Args:
        key: id of the picture.
        rows: at least one.
    """
    width, left, right, top, gap = 380.0, 172.0, 22.0, 8.0, 14.0
    most = max(max([*(p90 for _, _, p90 in spans), *(bounds or ())]) for _, spans, bounds in rows)
    scale = Scale.of("Số từ của câu trả lời", most)
    bottom = top + sum(gap * len(spans) + 12 for _, spans, _ in rows)

    def across(value: float) -> float:
        return left + scale.place(value) * (width - left - right)

    drawn = [_rule(across(tick), top, bottom, "grid") for tick in scale.ticks]
    told: list[str] = []
    y = top
    for kind, spans, bounds in rows:
        tall = gap * len(spans) + 12
        middle = y + tall / 2
        drawn.append(el("text", kind, x=left - 8, y=middle + 4, text_anchor="end"))
        drawn += [_rule(across(bound), y + 2, y + tall - 2, "bound") for bound in bounds or ()]
        for place, (i, p50, p90) in enumerate(spans):
            at = y + 6 + gap * (place + 0.5)
            hint = f"{kind}: p50 {number(p50)} từ, p90 {number(p90)} từ"
            told.append(hint)
            series = f"s{i}"
            span = el("line", x1=across(p50), x2=across(p90), y1=at, y2=at, class_=f"span {series}")
            dots = [
                el(
                    "circle",
                    el("title", hint),
                    cx=across(p50),
                    cy=at,
                    r=5.0,
                    class_=f"dot {series}",
                ),
                el(
                    "circle",
                    el("title", hint),
                    cx=across(p90),
                    cy=at,
                    r=4.0,
                    class_=f"ring {series}",
                ),
            ]
            drawn.append(join([span, *dots]))
        y += tall
    drawn += [
        el("text", scale.write(tick), x=across(tick), y=bottom + 16, text_anchor="middle")
        for tick in scale.ticks
    ]
    middle = (left + width - right) / 2
    drawn.append(el("text", scale.label, x=middle, y=bottom + 36, text_anchor="middle"))
    size = (width, bottom + 44)
    return picture(key, "Độ dài câu trả lời theo loại câu hỏi", "; ".join(told) + ".", size, *drawn)


def funnel(key: str, asked: int, steps: Sequence[tuple[str, int, int]]) -> Html:
    """Draw how many questions each step left, and beside them in outline what it lost.

    Args:
        key: id of the picture.
        asked: questions at the start, at least one.
        steps: what is true of those that are left, how many they are, and how many were lost.
    """
    width, left, right, tall, gap = 380.0, 158.0, 66.0, 22.0, 8.0
    scale = (width - left - right) / asked
    rows = [("Câu trả lời được", asked, 0), *steps]
    drawn: list[Html] = []
    for place, (name, kept, lost) in enumerate(rows):
        y = 4 + place * (tall + gap)
        hint = f"{name}: còn {number(kept)}" + (f", mất {number(lost)}" if lost else "")
        drawn += [
            el("text", name, x=left - 8, y=y + tall / 2 + 4, text_anchor="end"),
            _bar((left, y), (kept * scale, tall), "kept", hint),
            _bar((left + kept * scale, y), (lost * scale, tall), "gone", hint),
            el(
                "text",
                f"{number(kept)}" + (f" (−{number(lost)})" if lost else ""),
                x=left + (kept + lost) * scale + 6,
                y=y + tall / 2 + 4,
            ),
        ]
    told = "; ".join(f"{name}: {kept} câu" for name, kept, _ in rows)
    size = (width, 8 + len(rows) * (tall + gap))
    return picture(key, "Số câu còn lại sau từng bước", f"{told}.", size, *drawn)


def shares_lost(
    key: str,
    title: str,
    bars: Sequence[tuple[str, Sequence[tuple[str, int]]]],
    names: Mapping[str, str],
) -> Html:
    """Draw for each group what share of its questions came out right or was lost where.

    Args:
        key: id of the picture.
        title: its name.
        bars: name of the group, and questions by stage; at least one question each.
        names: of the stages.
    """
    width, left, right, tall, gap = 760.0, 250.0, 46.0, 20.0, 7.0
    drawn: list[Html] = []
    told: list[str] = []
    for place, (group, stages) in enumerate(bars):
        y = 4 + place * (tall + gap)
        whole = sum(count for _, count in stages)
        drawn.append(el("text", _short(group), x=left - 8, y=y + 14, text_anchor="end"))
        x = left
        counts: list[str] = []
        for stage, count in stages:
            wide = count / whole * (width - left - right)
            hint = f"{names[stage].lower()} {number(count)}"
            if count:
                counts.append(hint)
                drawn.append(_bar((x, y), (wide, tall), f"stage {stage}", f"{group}: {hint}"))
            if wide > 18:
                words = number(count)
                drawn.append(
                    el("text", words, x=x + wide / 2, y=y + 14, text_anchor="middle", class_="in")
                )
            x += wide
        drawn.append(el("text", f"n = {number(whole)}", x=width - right + 6, y=y + 14))
        told.append(f"{group}: {', '.join(counts)}")
    size = (width, 8 + len(bars) * (tall + gap))
    return picture(key, title, "; ".join(told) + ".", size, *drawn)


_LABEL = 32  # letters of a group's name that fit before its bar


def stage_legend(names: Mapping[str, str]) -> Html:
    """Return the names of stages beside their colours."""
    items = []
    for stage, name in names.items():
        swatch = _bar((1.0, 0.0), (26.0, 12.0), f"stage {stage}", name)
        drawn = el("svg", swatch, viewBox="0 0 28 12", class_="swatch", aria_hidden="true")
        items.append(el("li", drawn, name))
    return el("ul", *items, class_="legend")


def _short(name: str) -> str:
    return name if len(name) <= _LABEL else f"{name[: _LABEL - 1]}…"


def _bar(at: tuple[float, float], size: tuple[float, float], kind: str, hint: str) -> Html:
    (x, y), (width, height) = at, size
    return el("rect", el("title", hint), x=x, y=y, width=width, height=height, class_=kind)


def bullet(value: float, low: float | None, high: float | None, target: float) -> Html:
    """Draw a share between 0 and 1 with its interval and the target, as small as a word.

    It says nothing that the row of the table does not, so screen readers pass it by.
    """
    width = 110.0

    def at(share_: float) -> float:
        return 3 + min(1.0, max(0.0, share_)) * (width - 6)

    span = (
        el("line", x1=at(low), x2=at(high), y1=9, y2=9, class_="span s0")
        if low is not None and high is not None
        else None
    )
    return el(
        "svg",
        el("line", x1=at(0), x2=at(1), y1=9, y2=9, class_="track"),
        span,
        _rule(at(target), 1, 17, "bound"),
        el("circle", cx=at(value), cy=9, r=4.0, class_="dot s0"),
        viewBox=f"0 0 {width:g} 18",
        class_="bullet",
        aria_hidden="true",
    )


def _rule(x: float, top: float, bottom: float, kind: str) -> Html:
    return el("line", x1=x, x2=x, y1=top, y2=bottom, class_=kind)
