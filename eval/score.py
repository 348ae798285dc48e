"""Puts the judged answers of a run together: figures overall and by slice, and a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from rich.table import Table

from eval.dataset import Answer, Question
from eval.metrics import Judged, Share, judge
from eval.statistics import Estimate, GatePoint, Quantiles, estimate, quantiles, risk_coverage

_SHORT_KINDS = ("fact", "owner", "deadline", "number", "person")
_LONG_KINDS = ("list", "aggregate")
LENGTH_LIMITS = dict.fromkeys(_SHORT_KINDS, (40, 120)) | dict.fromkeys(_LONG_KINDS, (150, 350))
"""Most words an answer may have at p50 and p90, by kind; other kinds have no limit."""

_MEASURES = {
    "accuracy": "Trả lời đúng",
    "citation_recall": "Trích dẫn: độ phủ",
    "citation_precision": "Trích dẫn: độ chính xác",
    "faithful_in_clause": "Số liệu có trong điều khoản",
    "faithful_with_context": "Số liệu có trong điều khoản và ngữ cảnh",
    "refusal_recall": "Từ chối đúng",
    "false_refusals": "Từ chối nhầm",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """The measures over some questions.

    Args:
        questions: how many there are.
        accuracy: right ÷ answerable questions.
        citation_recall: gold groups cited ÷ gold groups.
        citation_precision: citations that touch a gold line ÷ citations.
        faithful_in_clause: see ``Judged``.
        faithful_with_context: see ``Judged``.
        refusal_recall: refused ÷ unanswerable questions.
        false_refusals: refused ÷ answerable questions.
    """

    questions: int
    accuracy: Estimate
    citation_recall: Estimate
    citation_precision: Estimate
    faithful_in_clause: Estimate
    faithful_with_context: Estimate
    refusal_recall: Estimate
    false_refusals: Estimate


@dataclass(frozen=True, slots=True)
class Length:
    """Words of the answers of one kind, and whether they keep to its limits (None: no limit)."""

    words: Quantiles
    within: bool | None


@dataclass(frozen=True, slots=True)
class Report:
    """The score of one run.

    Args:
        overall: over all questions.
        slices: by ``kind``, ``style`` and ``notice``, then by value; a question whose gold lines
            stand in two notices is in both slices.
        length: by kind, of answers that are no refusal.
        timings_ms: by name, as reported with the answers.
        gate: the risk–coverage curve, from the confidence of each answer that has one.
        unanswered: ids without an answer record, or with an error in it.
        judged: one for each question, in order.
    """

    overall: Figures
    slices: Mapping[str, Mapping[str, Figures]]
    length: Mapping[str, Length]
    timings_ms: Mapping[str, Quantiles]
    gate: tuple[GatePoint, ...]
    unanswered: tuple[str, ...]
    judged: tuple[Judged, ...]

    def to_json(self) -> dict[str, object]:
        """Return the report without the single questions, ready for ``json.dumps``."""
        return {
            "overall": asdict(self.overall),
            "slices": {
                name: {value: asdict(figures) for value, figures in values.items()}
                for name, values in self.slices.items()
            },
            "length": {kind: asdict(length) for kind, length in self.length.items()},
            "timings_ms": {name: asdict(found) for name, found in self.timings_ms.items()},
            "gate": [asdict(point) for point in self.gate],
            "unanswered": list(self.unanswered),
        }

    def details(self) -> list[dict[str, object]]:
        """Return one record for each question: what was measured, and why it failed."""
        return [_detail(one) for one in self.judged]

    def tables(self) -> tuple[Table, ...]:
        """Return the report for people: overall, by slice, length and time."""
        overall = Table("Độ đo", "Kết quả", "Khoảng 95 %", title=self._title)
        for name, title in _MEASURES.items():
            found: Estimate = getattr(self.overall, name)
            overall.add_row(title, _shown(found), _interval(found))
        slices = Table("Nhóm", "Câu", "Đúng", "Độ phủ", "Chính xác", "Từ chối đúng", "Từ chối nhầm")
        for values in self.slices.values():
            for value, figures in values.items():
                slices.add_row(
                    value,
                    str(figures.questions),
                    _shown(figures.accuracy),
                    _shown(figures.citation_recall),
                    _shown(figures.citation_precision),
                    _shown(figures.refusal_recall),
                    _shown(figures.false_refusals),
                )
            slices.add_section()
        return overall, slices, self._length_table(), self._time_table()

    @property
    def _title(self) -> str:
        title = f"Chấm {self.overall.questions} câu hỏi"
        missing = len(self.unanswered)
        return f"{title}, {missing} câu không có câu trả lời" if missing else title

    def _length_table(self) -> Table:
        table = Table("Số từ theo loại", "p50", "p90", "Trong giới hạn")
        for kind, length in self.length.items():
            within = {True: "có", False: "KHÔNG", None: "–"}[length.within]
            table.add_row(kind, f"{length.words.p50:.0f}", f"{length.words.p90:.0f}", within)
        return table

    def _time_table(self) -> Table:
        table = Table("Thời gian (ms)", "p50", "p95")
        for name, found in self.timings_ms.items():
            table.add_row(name, f"{found.p50:.0f}", f"{found.p95:.0f}")
        return table


def score(questions: Sequence[Question], answers: Mapping[str, Answer]) -> Report:
    """Judge every question of a set; one without an answer is wrong.

    Args:
        questions: the whole set.
        answers: by question id.
    """
    judged = tuple(judge(question, answers.get(question.id)) for question in questions)
    gated = [one for one in judged if one.confidence is not None]
    return Report(
        overall=_figures(judged),
        slices={
            "kind": _sliced((one.question.kind, one) for one in judged),
            "style": _sliced((one.question.style, one) for one in judged),
            "notice": _sliced((file, one) for one in judged for file in one.question.files),
        },
        length=_lengths(judged),
        timings_ms=_timings(answers.values()),
        gate=risk_coverage(
            [one.confidence for one in gated if one.confidence is not None],
            [one.question.answerable for one in gated],
        ),
        unanswered=tuple(one.question.id for one in judged if not one.answered),
        judged=judged,
    )


def _figures(judged: Sequence[Judged]) -> Figures:
    answerable = [one for one in judged if one.question.answerable]
    unanswerable = [one for one in judged if not one.question.answerable]
    return Figures(
        questions=len(judged),
        accuracy=estimate([Share(int(one.right), 1) for one in answerable]),
        citation_recall=estimate([one.recall for one in answerable]),
        citation_precision=estimate([one.precision for one in answerable]),
        faithful_in_clause=estimate([one.faithful_in_clause for one in judged]),
        faithful_with_context=estimate([one.faithful_with_context for one in judged]),
        refusal_recall=estimate([Share(int(one.refused), 1) for one in unanswerable]),
        false_refusals=estimate([Share(int(one.refused), 1) for one in answerable]),
    )


def _sliced(pairs: Iterable[tuple[str, Judged]]) -> dict[str, Figures]:
    groups: dict[str, list[Judged]] = {}
    for value, one in pairs:
        groups.setdefault(value, []).append(one)
    return {value: _figures(groups[value]) for value in sorted(groups)}


def _lengths(judged: Sequence[Judged]) -> dict[str, Length]:
    words: dict[str, list[float]] = {}
    for one in judged:
        if one.words is not None:
            words.setdefault(one.question.kind, []).append(one.words)
    lengths: dict[str, Length] = {}
    for kind in sorted(words):
        if found := quantiles(words[kind]):
            limit = LENGTH_LIMITS.get(kind)
            within = None if limit is None else found.p50 <= limit[0] and found.p90 <= limit[1]
            lengths[kind] = Length(found, within)
    return lengths


def _timings(answers: Iterable[Answer]) -> dict[str, Quantiles]:
    values: dict[str, list[float]] = {}
    for answer in answers:
        for name, value in answer.timings_ms.items():
            if value is not None:
                values.setdefault(name, []).append(value)
    return {name: found for name in values if (found := quantiles(values[name]))}


def _detail(one: Judged) -> dict[str, object]:
    question = one.question
    return {
        "id": question.id,
        "kind": question.kind,
        "style": question.style,
        "question": question.question,
        "answerable": question.answerable,
        "answered": one.answered,
        "refused": one.refused,
        "right": one.right,
        "citation_recall": asdict(one.recall),
        "citation_precision": asdict(one.precision),
        "faithful_in_clause": asdict(one.faithful_in_clause),
        "faithful_with_context": asdict(one.faithful_with_context),
        "claims_with_figures": one.claims_with_figures,
        "words": one.words,
        "confidence": one.confidence,
        "gate_told": one.gate_told,
        "reasons": list(one.reasons),
    }


def _shown(found: Estimate) -> str:
    return "–" if found.value is None else f"{found.value:.2f} ({found.part}/{found.whole})"


def _interval(found: Estimate) -> str:
    return "–" if found.value is None else f"{found.low:.2f} – {found.high:.2f}"
