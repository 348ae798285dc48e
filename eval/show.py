"""Figures and comparisons as people read them on a terminal, and as one JSON object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table

from eval.compare import Comparison
from eval.ledger import Stage
from eval.measures import Metric
from eval.report.words import STAGES
from eval.wording import FAIR, QUESTION_ONLY

if TYPE_CHECKING:
    from eval.learning import Reliability

_MOST_FLIPS = 40


def metrics_object(metrics: Mapping[str, Metric]) -> dict[str, float | None]:
    """Return name → value, for scripts; intervals stand in ``metrics.json``."""
    return {name: metric.value for name, metric in metrics.items()}


def metrics_table(metrics: Mapping[str, Metric]) -> Table:
    """Return all figures with their intervals."""
    table = Table("Độ đo", "Kết quả", "Khoảng 95 %", "n")
    for name, metric in metrics.items():
        interval = f"{_shown(metric.low)} – {_shown(metric.high)}"
        table.add_row(name, _shown(metric.value), interval, str(metric.n))
    return table


def reliability_table(found: Reliability) -> Table:
    """Return how probable answers were told to be, and how often they were right."""
    caption = f"Brier {found.brier:.3f}, ECE {found.ece:.3f}"
    table = Table("Số câu", "Xác suất nêu ra", "Tỷ lệ trả lời được", caption=caption)
    for one in found.bins:
        table.add_row(str(one.count), _shown(one.told), _shown(one.held))
    return table


def comparison_parts(found: Comparison) -> list[RenderableType]:
    """Return what changed: settings, rates, times, questions."""
    parts: list[RenderableType] = [f"Cùng có {found.common} câu."]
    if found.only_one:
        parts.append(f"{found.only_one} câu chỉ có ở một lần chạy, không được so sánh.")
    parts += [f"{name}: {old} → {new}" for name, (old, new) in found.settings.items()]
    rates = Table("Độ đo", "A", "B", "B − A", "Khoảng 95 %", "")
    for name, one in found.differences.items():
        interval = f"{one.low:+.3f} – {one.high:+.3f}"
        verdict = "KÉM ĐI" if one.regression else ""
        rates.add_row(name, f"{one.a:.3f}", f"{one.b:.3f}", f"{one.change:+.3f}", interval, verdict)
    parts.append(rates)
    if found.stages:
        parts.append(_stages_table(found))
    if found.times:
        parts.append(_times_table(found))
    if found.times and not found.same_machine:
        parts.append("Hai lần chạy trên hai máy khác nhau: thời gian chỉ kể ra, không xét hơn kém.")
    for flip in found.flips[:_MOST_FLIPS]:
        sign = "+" if flip.better else "−"
        parts.append(f"{sign} {flip.metric} {flip.id}: {flip.question}")
    if len(found.flips) > _MOST_FLIPS:
        parts.append(f"… và {len(found.flips) - _MOST_FLIPS} câu nữa (xem --json).")
    return parts


def _stages_table(found: Comparison) -> Table:
    stages = Table("Câu hỏi dừng ở", "A", "B", "B − A", "rời khỏi đây", "mới tới đây")
    for name, one in found.stages.items():
        stages.add_row(
            STAGES[Stage(name)],
            *(str(count) for count in (one.a, one.b)),
            f"{one.b - one.a:+d}",
            *(str(count) for count in (one.left, one.came)),
        )
    return stages


def wording_note(metrics: Mapping[str, Metric]) -> str | None:
    """Say what the figures of refusal are to be held against; None where there is nothing."""
    found = metrics.get(QUESTION_ONLY)
    if found is None or found.value is None:
        return None
    told = (
        f"Chỉ đọc câu hỏi, không đọc văn bản, đã phân biệt được câu trả lời được với câu không có"
        f" ở mức AUC {_shown(found.value)} (0.5 là đoán mò)"
    )
    if found.value <= FAIR:
        return f"{told}: số từ chối đúng không nhờ cách hỏi."
    return f"{told}: một phần số từ chối đúng có thể chỉ là đoán theo cách hỏi."


def _times_table(found: Comparison) -> Table:
    times = Table("Thời gian (ms)", "A p50", "B p50", "B − A", "Khoảng 95 %", "A p95", "B p95", "")
    for name, one in found.times.items():
        interval = "–" if one.low is None else f"{one.low:+.0f} – {one.high:+.0f}"
        middle = (f"{one.a:.0f}", f"{one.b:.0f}", f"{one.change:+.0f}", interval)
        tail = (f"{one.p95[0]:.0f}", f"{one.p95[1]:.0f}")
        times.add_row(name, *middle, *tail, "CHẬM ĐI" if one.regression else "")
    return times


def _shown(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"
