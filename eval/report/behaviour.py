"""The times, how far scores can be relied on, and how long answers are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from eval.report import charts
from eval.report.numbers import DASH, number, seconds, share
from eval.report.plot import legend
from eval.report.run_data import Run
from eval.report.sections import Section, badge, figures, paragraph, table
from eval.report.statistics import (
    Bin,
    answer_scores,
    calibration_error,
    evidence_scores,
    gate_scores,
    is_share,
    quantile,
    reliability,
    timings,
)
from eval.report.targets import Target
from eval.report.words import TIMES, value_name
from eval.score import LENGTH_LIMITS
from ui.html import Child, Html, el, join


def times_section(runs: Sequence[Run], targets: Sequence[Target]) -> Section:
    """Return how long evidence, quotes, the LLM's sentence and the whole answer take."""
    found = dict.fromkeys(
        [*TIMES, *(name for run in runs for record in run.records for name in record.timings)]
    )
    pictures: list[Html] = []
    rows: list[list[Child]] = []
    absent: list[str] = []
    drawn_runs: set[int] = set()
    for name in found:
        timed = [
            (i, run.name, times) for i, run in enumerate(runs) if (times := timings(run, name))
        ]
        title = TIMES.get(name, name)
        if not timed:
            absent.append(title.lower())
            continue
        bounds = _bounds(name, runs, targets)
        drawn_runs |= {i for i, _, _ in timed}
        drawn = charts.latency(f"thoi-gian-{len(pictures)}", title, timed, bounds)
        pictures.append(el("figure", el("figcaption", title), drawn))
        for _, run, times in timed:
            rows.append(
                [
                    join([title, el("small", run)], " ") if len(runs) > 1 else title,
                    seconds(quantile(times, 0.5)),
                    seconds(quantile(times, 0.95)),
                    seconds(max(times)),
                    number(len(times)),
                ]
            )
    note = f"Bản ghi không đo: {', '.join(absent)}." if absent else None
    if not pictures:
        return Section("thoi-gian", "Thời gian trả lời", paragraph(note))
    hint = (
        "Mỗi đường cho biết phần câu hỏi đã xong sau ngần ấy giây; chấm là p50 và p95, "
        "hình thoi là mục tiêu. Chấm ở bên trái hình thoi là đạt."
    )
    numbers = table(
        "Thời gian, kể cả các câu bị từ chối",
        ["", "p50 (một nửa số câu)", "p95", "Lâu nhất", "Số câu"],
        rows,
    )
    content = join(
        [
            paragraph(hint, kind="hint"),
            el("div", *pictures, class_="grid-of-plots"),
            legend([(i, run.name) for i, run in enumerate(runs) if i in drawn_runs], len(runs)),
            numbers,
            paragraph(note) if note else None,
        ]
    )
    return Section("thoi-gian", "Thời gian trả lời", content)


def _bounds(name: str, runs: Sequence[Run], targets: Sequence[Target]) -> list[tuple[float, float]]:
    wanted = {f"{name}_ms_p50": 0.5, f"{name}_ms_p95": 0.95}
    return [
        (wanted[target.metric], target.value)
        for target in targets
        if target.metric in wanted and any(target.applies(run) for run in runs)
    ]


Pairs = Callable[[Run], Sequence[tuple[float, bool]]]


def reliability_section(runs: Sequence[Run]) -> Section | None:
    """Return how often a score of some height was right."""
    judged = [(i, run) for i, run in enumerate(runs) if run.judges]
    if not judged:
        return None
    hint = (
        "Nếu điểm đáng tin thì điểm cao phải đúng nhiều hơn điểm thấp. Trên đường chéo, điểm "
        "chính là xác suất đúng. Vạch đứng là khoảng 95 %; chấm càng to thì càng nhiều câu."
    )
    retrieval = all(run.suite == "beir" for _, run in judged)
    first = "Điểm của tài liệu đứng đầu" if retrieval else "Độ tin của câu đã trả lời"
    shown = [
        None
        if retrieval
        else _reliability(
            "tin-cay-0",
            "Độ tin của cửa, mọi câu hỏi",
            ("Độ tin", "Phần là câu trả lời được"),
            judged,
            gate_scores,
        ),
        _reliability(
            "tin-cay-1",
            first,
            ("Điểm" if retrieval else "Độ tin", "Phần đúng"),
            judged,
            answer_scores,
        ),
        None
        if retrieval
        else _reliability(
            "tin-cay-2",
            "Điểm của từng điều khoản tìm được",
            ("Điểm", "Phần là điều khoản đáp án"),
            judged,
            evidence_scores,
        ),
    ]
    plots = el("div", *shown, class_="grid-of-plots")
    names = legend([(i, run.name) for i, run in judged], len(runs))
    content = join([paragraph(hint, kind="hint"), plots, names])
    return Section("do-tin-cay", "Điểm số đáng tin đến đâu", content)


def _reliability(
    key: str, title: str, labels: tuple[str, str], runs: Sequence[tuple[int, Run]], pairs: Pairs
) -> Html:
    """Return one diagram with its figures, or why it can't be drawn."""
    ranged = [(i, run.name, pairs(run)) for i, run in runs]
    drawn = [(i, name, reliability(found)) for i, name, found in ranged if _tells(found)]
    notes = [
        paragraph(f"{name}: {_why_not(found)}") for _, name, found in ranged if not _tells(found)
    ]
    if not drawn:
        return el("div", el("h3", title), *notes)
    for _, name, bins in drawn:
        if is_share([one.score for one in bins]):
            error = number(calibration_error(bins), 3)
            notes.append(paragraph(f"{name}: sai lệch trung bình so với đường chéo {error}."))
    rows = [_bin_row(name, one) for _, name, bins in drawn for one in bins]
    heads = ["Lần chạy", "Điểm trung bình", "Phần đúng", "Khoảng 95 %", "Số lượng"]
    return el(
        "figure",
        el("figcaption", title),
        charts.reliability_diagram(key, title, labels, drawn),
        *notes,
        figures("Số liệu", table(title, heads, rows)),
    )


def _bin_row(name: str, one: Bin) -> list[Child]:
    ends = f"{share(one.low)} – {share(one.high)}"
    return [name, number(one.score, 2), share(one.share), ends, number(one.n)]


def _tells(pairs: Sequence[tuple[float, bool]]) -> bool:
    return len({score for score, _ in pairs}) > 1


def _why_not(pairs: Sequence[tuple[float, bool]]) -> str:
    if not pairs:
        return "bản ghi không có điểm nào đi cùng kết quả đúng hay sai."
    right = sum(was_right for _, was_right in pairs)
    return (
        f"mọi điểm ghi lại đều bằng {number(pairs[0][0], 2)} ({right} trên {len(pairs)} đúng), "
        "nên điểm này không nói được gì về độ tin cậy."
    )


def length_section(runs: Sequence[Run]) -> Section | None:
    """Return words of the answers by kind; None where no answer has any."""
    spans = [_words_by_kind(run) if run.judges else {} for run in runs]
    kinds = sorted({kind for one in spans for kind in one}, key=_order)
    if not kinds:
        return None
    bars = [
        (
            value_name("kind", kind),
            [(i, *_span(one[kind])) for i, one in enumerate(spans) if kind in one],
            LENGTH_LIMITS.get(kind),
        )
        for kind in kinds
    ]
    rows = [
        _length_row(kind, run.name if len(runs) > 1 else "", one[kind])
        for kind in kinds
        for run, one in zip(runs, spans, strict=True)
        if kind in one
    ]
    hint = (
        "Chấm đặc là p50, chấm rỗng là p90, vạch đứt là giới hạn của từng loại. Có giới hạn để "
        "không ai thắng bằng cách chép ra thật nhiều điều khoản."
    )
    numbers = table(
        "Số từ của câu trả lời, kể cả trích dẫn, không kể câu từ chối",
        ["Loại", "p50", "p90", "Giới hạn p50 / p90", "Trong giới hạn", "Số câu"],
        rows,
    )
    names = legend([(i, run.name) for i, run in enumerate(runs) if spans[i]], len(runs))
    picture = el("figure", charts.length_chart("do-dai-ve", bars))
    side = el("div", picture, names)
    content = join([paragraph(hint, kind="hint"), el("div", side, numbers, class_="pair")])
    return Section("do-dai", "Độ dài câu trả lời", content)


def _words_by_kind(run: Run) -> dict[str, list[float]]:
    words: dict[str, list[float]] = {}
    for record in run.records:
        count = record.number("words")
        if count is not None and not record.flag("refused"):
            words.setdefault(record.text("kind") or "khác", []).append(count)
    return words


def _span(words: Sequence[float]) -> tuple[float, float]:
    return quantile(words, 0.5), quantile(words, 0.9)


def _order(kind: str) -> tuple[int, str]:
    known = list(LENGTH_LIMITS)
    return (known.index(kind) if kind in known else len(known), kind)


def _length_row(kind: str, run: str, words: Sequence[float]) -> list[Child]:
    limit = LENGTH_LIMITS.get(kind)
    p50, p90 = _span(words)
    within: Child = DASH
    if limit is not None:
        kept = p50 <= limit[0] and p90 <= limit[1]
        within = badge("met", "có") if kept else badge("missed", "không")
    return [
        join([value_name("kind", kind), el("small", run) if run else None], " "),
        number(p50),
        number(p90),
        f"{limit[0]} / {limit[1]}" if limit else DASH,
        within,
        number(len(words)),
    ]
