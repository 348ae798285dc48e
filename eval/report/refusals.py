"""The gate: what answering more questions costs, and where its threshold could stand."""

from __future__ import annotations

from collections.abc import Sequence

from eval.report import charts
from eval.report.numbers import number, share
from eval.report.plot import legend
from eval.report.run_data import Run
from eval.report.sections import Section, figures, paragraph, table
from eval.report.statistics import Gate, gate
from eval.statistics import widest
from eval.wording import FAIR, QUESTION_ONLY
from ui.html import Html, el, join

_ROWS = 25  # of the table under a curve; the curve itself shows all
_PRECISION = 0.95
"""Share of the answered questions that the notices answer; the target of the other precisions."""

REFUSALS = frozenset({"refusal_recall", "false_refusals", "own_out_refusals"})
"""Measures that stand beside what the wording alone tells."""

_TITLE = "Từ chối: rủi ro và độ phủ"


def gate_section(runs: Sequence[Run]) -> Section | None:
    """Return the risk–coverage curve; None where no run asks the whole assistant."""
    asked = [(i, run) for i, run in enumerate(runs) if run.judges and run.suite != "beir"]
    found = [(i, run, one) for i, run in asked if (one := gate(run)) is not None]
    if not asked:
        return None
    if not found:
        content = paragraph("Bản ghi không cho biết câu nào trả lời được, câu nào bị từ chối.")
        return Section("tu-choi", _TITLE, content)
    hint = (
        "Cửa kiểm soát từ chối câu hỏi mà văn bản không trả lời. Càng cho nhiều câu đi qua "
        "(sang phải) thì càng dễ trả lời nhầm câu lẽ ra phải từ chối (lên cao). Chấm tròn là "
        "nơi hệ thống đang đứng; đường là nếu chỉ dựa vào điểm đã ghi mà đổi ngưỡng. Hệ thống "
        "còn xét điều khác ngoài điểm, nên chấm có thể nằm ngoài đường."
    )
    notes = [join([_notes(run, one), _guessed(run)]) for _, run, one in found]
    data = [
        figures(f"Số liệu của đường cong: {run.name}", _table(one))
        for _, run, one in found
        if not one.is_flat
    ]
    picture = charts.gate_curve("bieu-do-cua", [(i, run.name, one) for i, run, one in found])
    drawn = el("figure", picture, legend([(i, run.name) for i, run, _ in found], len(runs)))
    text = el("div", paragraph(hint, kind="hint"), *notes, *data)
    return Section("tu-choi", _TITLE, el("div", drawn, text, class_="pair"))


def wording(run: Run) -> Html | None:
    """Return, in small, what the wording of a run's questions alone tells; None if not known."""
    found = run.figure(QUESTION_ONLY)
    if found is None or found.value is None:
        return None
    return el("small", f"đoán từ riêng câu hỏi: AUC {number(found.value, 2)}")


def _guessed(run: Run) -> Html | None:
    """Say how far refusals can be had by the wording of the questions alone."""
    found = run.figure(QUESTION_ONLY)
    if found is None or found.value is None:
        return None
    ends = ""
    if found.low is not None and found.high is not None:
        ends = f", khoảng {number(found.low, 2)} – {number(found.high, 2)}"
    told = (
        f"Một mô hình chỉ đọc câu hỏi, không đọc văn bản nào, xếp câu trả lời được lên trên câu "
        f"không có trong văn bản với AUC {number(found.value, 2)}{ends} (0,5 là đoán mò, 1 là "
        "chắc chắn). "
    )
    fair = found.value <= FAIR
    told += (
        "Cách hỏi hầu như không để lộ câu nào phải từ chối, nên số từ chối đúng là nhờ đối "
        "chiếu với văn bản."
        if fair
        else f"Trên {number(FAIR, 2)}: cách hỏi để lộ câu nào phải từ chối, nên một phần số từ "
        "chối đúng có thể chỉ là đoán theo cách hỏi."
    )
    return paragraph(told)


def _notes(run: Run, one: Gate) -> Html:
    where = (
        f"đang trả lời {share(one.coverage)} số câu; trong đó {share(one.risk)} là câu "
        "lẽ ra phải từ chối."
    )
    told = [where, *(_of_curve(one) if one.scored else [])]
    if not one.scored:
        told.append("Bản ghi không có điểm của cửa (confidence, gate) nên không vẽ được đường.")
    elif not run.gate_told:
        told.append(
            "Lần chạy này không ghi độ tin của cửa (confidence); đường vẽ theo điểm của "
            + ("đoạn giống câu hỏi nhất." if run.peer else "điều khoản tốt nhất.")
        )
    return paragraph(el("b", run.name), ": ", " ".join(told))


def _of_curve(one: Gate) -> list[str]:
    if one.is_flat:
        score = number(one.points[0].threshold, 2)
        return [
            f"Điểm ghi lại của mọi câu đều bằng {score} nên không tách được câu nào với câu "
            "nào: không vẽ được đường."
        ]
    told = [
        f"Diện tích dưới đường (AURC) {number(one.area, 3)}, nhỏ là tốt; không thể nhỏ hơn "
        f"{number(one.least_area, 3)}."
    ]
    point = widest(one.points, _PRECISION)
    if point is None:
        told.append(f"Không ngưỡng nào để {share(_PRECISION)} số câu được trả lời là đáng trả lời.")
    else:
        told.append(
            f"Muốn {share(_PRECISION)} số câu được trả lời là câu văn bản có trả lời thì ngưỡng "
            f"là {number(point.threshold, 3)}, độ phủ {share(point.coverage)}."
        )
    missing = one.of - one.scored
    return [*told, f"{missing} câu không có điểm, không nằm trên đường."] if missing else told


def _table(one: Gate) -> Html:
    step = max(1, -(-len(one.points) // _ROWS))
    rows = [
        [number(point.threshold, 3), share(point.coverage), share(point.risk)]
        for point in one.points[::step]
    ]
    return table("Ngưỡng, độ phủ và rủi ro", ["Ngưỡng", "Độ phủ", "Rủi ro"], rows)
