"""Worked-out results hold only if they are worked out again from the cited clauses."""

from __future__ import annotations

from typing import Any

import pytest

from eval.dataset import Answer, Question
from eval.metrics import judge

TEXTS = ("Sửa cầu hết 1.350 triệu đồng.", "Đắp đê hết 2.400 triệu đồng.")
SUM = "Tổng: cầu: 1.350 triệu đồng [1] + đê: 2.400 triệu đồng [2] = 3.750 triệu đồng [1][2]."
COMPUTED: dict[str, Any] = {
    "working": "sum",
    "operands": [
        {"marker": 1, "quote": "1.350 triệu đồng", "value": "1350"},
        {"marker": 2, "quote": "2.400 triệu đồng", "value": "2400"},
    ],
    "result": "3750",
    "unit": "triệu đồng",
    "shown": "3.750 triệu đồng",
}


def faithful(text: str = SUM, **changed: Any) -> bool:
    """Whether every claim of an answer with one result is told by what it cites."""
    citations = [
        {
            "marker": n,
            "notice": {"id": "n", "file": "a.txt"},
            "clause": {"text": told, "lines": [n, n]},
        }
        for n, told in enumerate(TEXTS, start=1)
    ]
    fields = {"id": "q1", "answer": text, "refused": False, "citations": citations}
    answer = Answer.model_validate(fields | {"computed": [COMPUTED | changed]})
    question = Question.model_validate(
        {
            "id": "q1",
            "question": "Tổng là bao nhiêu?",
            "kind": "aggregate",
            "style": "formal",
            "answerable": True,
            "gold": [[{"file": "a.txt", "line": 1}]],
            "must": [["3.750"]],
        }
    )
    found = judge(question, answer).faithful_in_clause
    return found.part == found.whole


def test_a_result_is_told_by_the_clauses_of_its_operands() -> None:
    assert faithful()


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        (SUM.replace("3.750", "3.850"), {"shown": "3.850 triệu đồng", "result": "3850"}),
        (SUM.replace("3.750", "3.850"), {}),
        (SUM.replace("[1][2]", "[1]"), {}),
        (SUM, {"operands": COMPUTED["operands"][:1]}),
        (SUM, {"operands": []}),
        (
            SUM,
            {
                "operands": [
                    {"marker": 1, "quote": "1.350 triệu đồng", "value": "1350"},
                    {"marker": 1, "quote": "2.400 triệu đồng", "value": "2400"},
                ]
            },
        ),
        (
            SUM,
            {
                "operands": [
                    {"marker": 1, "quote": "1.350 triệu đồng", "value": "1300"},
                    {"marker": 2, "quote": "2.400 triệu đồng", "value": "2450"},
                ]
            },
        ),
    ],
    ids=[
        "another result", "another figure shown", "an operand not cited", "an operand missing",
        "no operands", "an operand of another clause", "another value than its words",
    ],
)  # fmt: skip
def test_a_result_that_is_not_worked_out_so_is_not_told(text: str, changed: dict[str, Any]) -> None:
    assert not faithful(text, **changed)
