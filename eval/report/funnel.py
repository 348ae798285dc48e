"""Where questions are lost on their way to the answer: a funnel, and the same for each group."""

from __future__ import annotations

from collections.abc import Sequence

from eval.funnel import Funnel
from eval.ledger import WAY, Stage
from eval.report import charts
from eval.report.numbers import DASH, number, share
from eval.report.run_data import Json, Run
from eval.report.sections import Section, figures, interval, paragraph, table
from eval.report.words import FUNNEL_LEFT, SLICES, STAGES, VALUES, in_order, value_name
from ui.html import Child, Html, el, join

_GROUPED = ("kind", "style", "notice")
_MOST = 40  # bars that a reader still finds one among


def funnel_section(runs: Sequence[Run]) -> Section | None:
    """Return the funnel of each run; None where no run wrote ledgers."""
    told = [(i, run, found) for i, run in enumerate(runs) if (found := _funnel(run)).lost]
    if not told:
        return None
    hint = (
        "Một câu trả lời đúng đi qua năm bước: tìm thấy văn bản, tìm đủ điều khoản đáp án, chọn "
        "đúng điều khoản để trích, phần trích nêu đủ ý bắt buộc, rồi cửa kiểm soát cho qua. Câu "
        "sai được tính vào bước đầu tiên làm nó không thể đúng nữa."
    )
    parts: list[Child] = [paragraph(hint, kind="hint")]
    for i, run, found in told:
        parts += [el("h3", run.name) if len(runs) > 1 else None, _whole(i, found), _unasked(run)]
        level = "h4" if len(runs) > 1 else "h3"
        groups = [one for name in _GROUPED if (one := _group(i, run, name, level)) is not None]
        folded = len(runs) > 1 and groups
        parts += [figures(f"Theo nhóm: {run.name}", join(groups))] if folded else groups
    return Section("mat-o-dau", "Câu hỏi mất ở đâu", join(parts))


def _funnel(run: Run) -> Funnel:
    return Funnel.of(record.raw for record in run.records)


def _steps(found: Funnel) -> tuple[Stage, ...]:
    return ((Stage.FAILED,) if found.at(Stage.FAILED) else ()) + WAY


def _whole(place: int, found: Funnel) -> Html | None:
    if not found.asked:
        return None
    steps = [(FUNNEL_LEFT[stage], found.left(stage), found.at(stage)) for stage in _steps(found)]
    rows: list[list[Child]] = [["Câu trả lời được", number(found.asked), DASH, share(1)]]
    rows += [
        [name, number(left), number(-lost), share(left / found.asked)] for name, left, lost in steps
    ]
    numbers = table(
        f"{found.asked} câu mà văn bản trả lời được",
        ["Sau bước", "Còn lại", "Mất ở bước này", "Phần còn lại"],
        rows,
    )
    drawn = charts.funnel(f"pheu-{place}", found.asked, steps)
    return el("div", el("figure", drawn), numbers, class_="pair")


def _unasked(run: Run) -> Html | None:
    """Say what became of what nothing answers."""
    found = _funnel(run)
    told: list[str] = []
    if found.unanswerable:
        told.append(
            f"{found.unanswerable} câu không có trong văn bản: từ chối {found.at(Stage.REFUSED)}, "
            f"trả lời nhầm {found.at(Stage.ANSWERED)}."
        )
    own_out = run.figure("own_out_refusals")
    if own_out is not None and own_out.value is not None:
        told.append(
            f"Hỏi lại các câu trả lời được khi bỏ chính văn bản của chúng ra: từ chối đúng "
            f"{share(own_out.value)} ({interval(own_out, 'share')})."
        )
    return paragraph(" ".join(told)) if told else None


def _group(place: int, run: Run, name: str, level: str) -> Html | None:
    """Return one bar and one row for each value of a slice, under a heading of that level."""
    groups: dict[str, list[Json]] = {}
    for record in run.records:
        for value in record.slices(name):
            groups.setdefault(value, []).append(record.raw)
    order = sorted(groups, key=lambda value: in_order(value, VALUES.get(name, {})))
    found = {value: Funnel.of(groups[value]) for value in order}
    title = SLICES.get(name, name)
    if not any(one.asked for one in found.values()):
        return None
    if len(found) > _MOST:
        return paragraph(f"{title}: {len(found)} giá trị, quá nhiều để vẽ; xem records.jsonl.")
    steps = [
        stage for stage in (Stage.FAILED, *WAY) if any(one.at(stage) for one in found.values())
    ]
    bars = [
        (value_name(name, value), [(stage.value, one.at(stage)) for stage in (Stage.NONE, *steps)])
        for value, one in found.items()
        if one.asked
    ]
    names = {stage.value: STAGES[stage] for stage in (Stage.NONE, *steps)}
    rows = [_row(value_name(name, value), one, steps) for value, one in found.items()]
    heads = [title, "Số câu", "Đúng", *(STAGES[stage] for stage in steps), "Từ chối đúng"]
    drawn = charts.shares_lost(f"mat-{name}-{place}", f"Theo {title.lower()}", bars, names)
    numbers = table(f"Số câu mất ở từng bước, theo {title.lower()}", heads, rows)
    label = f"Biểu đồ theo {title.lower()}"
    scrolled = el("div", drawn, class_="scroll lost", tabindex=0, role="region", aria_label=label)
    heading = el(level, f"Theo {title.lower()}")
    return join([heading, charts.stage_legend(names), scrolled, numbers])


def _row(label: str, one: Funnel, steps: Sequence[Stage]) -> list[Child]:
    right = one.at(Stage.NONE)
    of = f"{share(right / one.asked)} ({right}/{one.asked})" if one.asked else DASH
    refused = f"{one.at(Stage.REFUSED)}/{one.unanswerable}" if one.unanswerable else DASH
    lost = [number(one.at(stage)) if one.asked else DASH for stage in steps]
    return [label, number(one.asked + one.unanswerable), of, *lost, refused]
