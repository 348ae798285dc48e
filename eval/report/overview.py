"""What the runs are, how they stand to the targets, and what they measured besides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eval.report.charts import bullet
from eval.report.load import is_of_level
from eval.report.numbers import DASH, number, share
from eval.report.refusals import REFUSALS, wording
from eval.report.run_data import Run
from eval.report.sections import Section, badge, measured, paragraph, table
from eval.report.targets import Standing, State, Target, stand
from eval.report.words import SUITES, metric_name, metric_unit, value_name
from ui.html import Child, Html, el, join

_KINDS = {State.MET: "met", State.MISSED: "missed", State.UNKNOWN: "unknown"}
_PARTS = {
    "versions": "Phiên bản",
    "machine": "Máy",
    "set": "Thiết lập đổi",
    "options": "Tùy chọn",
    "settings": "Thiết lập",
}


def standings(runs: Sequence[Run], targets: Sequence[Target]) -> list[list[Standing]]:
    """Return a row for each target that a run is meant to reach: one standing for each run."""
    rows = [[stand(target, run, runs) for run in runs] for target in targets]
    return [row for row in rows if any(one.state is not State.OTHER for one in row)]


def verdict(runs: Sequence[Run], rows: Sequence[Sequence[Standing]]) -> Html:
    """Return what a person reads first: how many targets each run reaches."""
    items: list[Html] = []
    for i, run in enumerate(runs):
        own = [row[i] for row in rows if row[i].state is not State.OTHER]
        met = sum(one.state is State.MET for one in own)
        unknown = sum(one.state is State.UNKNOWN for one in own)
        told = f"Đạt {met} trên {len(own)} mục tiêu" if own else "Không có mục tiêu cho bộ dữ liệu"
        more = f", {unknown} mục tiêu chưa đo" if unknown else ""
        suite = SUITES.get(run.suite, run.suite or "Không rõ bộ đo")
        suite += f" · hệ thống đối chiếu {run.peer}" if run.peer else ""
        asked = f"{suite} · {number(len(run.records))} câu hỏi" if run.records else suite
        where = [one for one in (asked, day(run.info.get("started"))) if one]
        items.append(
            el(
                "li",
                el("span", run.name, class_="run") if len(runs) > 1 else None,
                el("strong", told + more),
                el("span", " · ".join(where)),
            )
        )
    return el("ul", *items, class_="verdict")


def targets_section(runs: Sequence[Run], rows: Sequence[Sequence[Standing]]) -> Section:
    """Return the headline table."""
    title = "So với mục tiêu"
    if not rows:
        return Section(
            "muc-tieu", title, paragraph("Không đặt mục tiêu nào cho bộ đo và dữ liệu này.")
        )
    suites = dict.fromkeys(run.suite for run in runs)
    tables = [_suite_table(one, runs, rows) for one in suites]
    hint = None
    if with_peers(runs):
        hint = paragraph(
            "Cột “÷” là kết quả của congvu chia cho kết quả của hệ thống đối chiếu trên cùng câu "
            "hỏi, văn bản và mô hình.",
            kind="hint",
        )
    several = sum(one is not None for one in tables) > 1
    parts = [
        join([el("h3", SUITES.get(suite, suite)) if several else None, one])
        for suite, one in zip(suites, tables, strict=True)
        if one is not None
    ]
    return Section("muc-tieu", title, join([hint, *parts]))


def _suite_table(
    suite: str, runs: Sequence[Run], rows: Sequence[Sequence[Standing]]
) -> Html | None:
    """Return the targets that runs of one suite have to reach, a column for each run."""
    own = [i for i, run in enumerate(runs) if run.suite == suite]
    meant = [row for row in rows if any(row[i].state is not State.OTHER for i in own)]
    if not meant:
        return None
    pairs = [(a, b) for a, b in with_peers(runs) if a in own]
    names = [runs[i].name for i in own] if len(runs) > 1 else ["Kết quả"]
    return table(
        f"Kết quả và mục tiêu; dòng nhỏ là khoảng tin cậy {share(0.95)} và số lượng đã đếm",
        ["Độ đo", "Mục tiêu", *names, *(f"{runs[a].name} ÷ {runs[b].name}" for a, b in pairs)],
        [
            [
                row[0].target.label,
                row[0].target.shown,
                *(_standing(runs[i], row[i]) for i in own),
                *(_ratio(row[a], row[b]) for a, b in pairs),
            ]
            for row in meant
        ],
        kind="cards",
    )


def with_peers(runs: Sequence[Run]) -> list[tuple[int, int]]:
    """Return (ours, peer's) for each peer's run that has one of ours on the same data."""
    pairs: list[tuple[int, int]] = []
    for place, run in enumerate(runs):
        ours = next((i for i, one in enumerate(runs) if not one.peer and one.asks_same(run)), None)
        if run.peer and ours is not None:
            pairs.append((ours, place))
    return pairs


def _ratio(ours: Standing, theirs: Standing) -> Child:
    first, second = (None if one.metric is None else one.metric.value for one in (ours, theirs))
    if first is None or second is None:
        return DASH
    if not second:
        return join([DASH, el("small", "đối chiếu bằng 0")], " ")
    ratio = first / second
    better = (ratio > 1) == (ours.target.sense == ">=")
    told = None if ratio == 1 else el("small", "congvu tốt hơn" if better else "congvu kém hơn")
    decimals = 0 if not ratio else 2 if ratio >= 0.1 else 3
    value = el("span", number(ratio, decimals), class_="value")
    return join([value, told], " ")


def _standing(run: Run, one: Standing) -> Child:
    if one.state is State.OTHER:
        return join([DASH, el("small", "không đo ở đây")], " ")
    tag = badge(_KINDS[one.state], one.state.value)
    found, target = one.metric, one.target
    if found is None or found.value is None:
        why = "cần cả lần chạy có dấu" if target.gap else "không có trong lần chạy"
        return join([tag, el("small", why)], " ")
    close = el("small", "mục tiêu nằm trong khoảng sai số") if one.is_close else None
    drawn = None
    if target.unit in {"share", "score"}:
        drawn = bullet(found.value, found.low, found.high, target.value)
    kind = None
    if one.kind:
        most = "thấp nhất" if target.sense == ">=" else "cao nhất"
        kind = el("small", f"{most}: {value_name('kind', one.kind)}")
    guessed = wording(run) if target.metric in REFUSALS else None
    return join([measured(found, target.unit, tag, drawn), kind, close, guessed], " ")


def others_section(runs: Sequence[Run], rows: Sequence[Sequence[Standing]]) -> Section | None:
    """Return the measures that no target is set for."""
    used = {
        (name, i)
        for row in rows
        for i, one in enumerate(row)
        for name in one.target.metrics
        if one.metric is not None and not one.target.gap
    }
    names = dict.fromkeys(
        name
        for i, run in enumerate(runs)
        for name in run.metrics
        if (name, i) not in used and not _stands_elsewhere(name)
    )
    found = {name: [run.figure(name) for run in runs] for name in names}
    found = {name: cells for name, cells in found.items() if any(cells)}
    if not found:
        return None
    shown = table(
        "Số đo không đặt mục tiêu",
        ["Độ đo", *([run.name for run in runs] if len(runs) > 1 else ["Kết quả"])],
        [
            [
                metric_name(name),
                *(measured(one, metric_unit(name)) if one else DASH for one in cells),
            ]
            for name, cells in found.items()
        ],
    )
    return Section("so-do-khac", "Số đo khác", shown)


def _stands_elsewhere(name: str) -> bool:
    """Whether it has a section of its own: words of a kind, the funnel, a level of load."""
    of_kind = name.startswith("words_") and name.count("_") > 1
    return of_kind or name.startswith("kept_") or is_of_level(name)


def runs_section(runs: Sequence[Run]) -> Section:
    """Return what the runs were made with, and what they lack."""
    lacking: list[Html] = []
    for run in runs:
        before = f"{run.name}: " if len(runs) > 1 else ""
        lacking += [el("li", before + one) for one in run.lacks]
    missing = (
        join([paragraph("Những gì lần chạy hoặc bộ dữ liệu không có:"), el("ul", *lacking)])
        if lacking
        else None
    )
    rows: list[list[Child]] = []
    for key, name in (
        ("suite", "Bộ đo"),
        ("started", "Bắt đầu"),
        ("finished", "Kết thúc"),
        ("command", "Câu lệnh"),
    ):
        rows.append([name, *(_plain(key, run.info.get(key)) for run in runs)])
    rows.append(["Dữ liệu", *(run.data or DASH for run in runs)])
    rows.append(["SHA-256 của dữ liệu", *(_of(run.info.get("data"), "sha256") for run in runs)])
    main = table("Lần chạy", ["", *(run.name for run in runs)], rows)
    details = [
        el("details", el("summary", title), _part_table(part, title, runs))
        for part, title in _PARTS.items()
        if any(isinstance(run.info.get(part), Mapping) and run.info.get(part) for run in runs)
    ]
    return Section("lan-chay", "Lần chạy", join([missing, main, *details]))


def _part_table(part: str, title: str, runs: Sequence[Run]) -> Html:
    found = [_mapping(run.info.get(part)) for run in runs]
    keys = dict.fromkeys(key for one in found for key in one)
    rows: list[list[Child]] = []
    for key in keys:
        cells = [_plain(key, one.get(key)) for one in found]
        differs = len(set(cells)) > 1
        rows.append([join([key, " ≠" if differs else None]), *cells])
    return table(
        f"{title}; ≠ là chỗ các lần chạy khác nhau" if len(runs) > 1 else title,
        ["Tên", *(run.name for run in runs)],
        rows,
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _of(value: object, key: str) -> str:
    return str(_mapping(value).get(key) or DASH)


def _plain(key: str, value: object) -> str:
    if value is None or value == "":
        return DASH
    if key in {"started", "finished"}:
        return day(value)
    if isinstance(value, float):
        return number(value, 1 if value == round(value, 1) else 3)
    if isinstance(value, bool):
        return "có" if value else "không"
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def day(value: object) -> str:
    """Write an ISO time as ``22/11/2026 01:19 UTC``; other text as it is, nothing as empty."""
    text = "" if value is None else str(value)
    date, _, clock = text.partition("T")
    parts = date.split("-")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return text
    zone = " UTC" if clock.endswith(("Z", "+00:00")) else ""
    return f"{'/'.join(reversed(parts))} {clock[:5]}{zone}".strip()
