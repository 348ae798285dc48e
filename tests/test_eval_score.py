"""Every measure on a case worked out by hand, and on one where it must say no."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from corpus.errors import BadInput
from eval.commands import app
from eval.dataset import Answer, Question, load_answers, load_questions
from eval.metrics import Judged, Share, judge
from eval.score import score
from eval.statistics import Estimate, estimate, quantiles, risk_coverage

FILE = "12-TB_2031.txt"


def question(**changed: Any) -> Question:
    fields = {
        "id": "q1",
        "question": "Sở nào chủ trì, hạn nào?",
        "kind": "owner",
        "style": "formal",
        "answerable": True,
        "gold": [[{"file": FILE, "line": 10}, {"file": "khac.txt", "line": 3}]],
        "must": [["Sở Nội vụ", "Sở NV"], ["9/2031"]],
        "must_not": ["Sở Tài chính"],
    }
    return Question.model_validate(fields | changed)


def citation(marker: int = 1, lines: Sequence[int] = (10, 10), **clause: Any) -> dict[str, Any]:
    text = "Sở Nội vụ chủ trì, xong trước 05/9/2031."
    return {
        "marker": marker,
        "notice": {"id": "n", "file": FILE, "number": "12-TB/BCĐ", "date": "2031-04-03"},
        "clause": {"text": text, "lines": list(lines), "label": "mục 3.a", **clause},
    }


RIGHT = "Sở Nội vụ chủ trì, xong trước 5/9/2031 [1]."


def answer(text: str = RIGHT, **changed: Any) -> Answer:
    fields = {"id": "q1", "answer": text, "refused": False, "citations": [citation()]}
    return Answer.model_validate(fields | changed)


def test_a_right_answer_has_full_marks_and_no_reasons() -> None:
    judged = judge(question(), answer())
    assert judged.right
    assert judged.recall == judged.precision == Share(1, 1)
    assert judged.faithful_in_clause == judged.faithful_with_context == Share(1, 1)
    assert judged.words == 8
    assert judged.reasons == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Sở Nội vụ chủ trì [1].", "thiếu ý bắt buộc 2: 9/2031"),
        ("Xong trước 5/9/2031 [1].", "thiếu ý bắt buộc 1: Sở Nội vụ | Sở NV"),
        (f"{RIGHT} Không phải Sở Tài chính [1].", "có ý bị cấm: Sở Tài chính"),
    ],
)
def test_an_answer_is_wrong_for_a_reason(text: str, reason: str) -> None:
    judged = judge(question(), answer(text))
    assert not judged.right
    assert reason in judged.reasons


def test_missing_and_null_expectations_ask_for_nothing() -> None:
    bare = Question.model_validate(
        {"id": "q", "question": "?", "kind": "fact", "style": "chat", "answerable": True}
        | {"must_not": None, "must": None, "gold": None}
    )
    judged = judge(bare, answer("Gì đó."))
    assert judged.right
    assert judged.recall == Share(0, 0)


def test_a_refused_answerable_question_is_wrong_and_cites_nothing() -> None:
    judged = judge(question(), answer(refused=True))
    assert not judged.right
    assert judged.recall == Share(0, 1)
    assert judged.precision == Share(0, 0)
    assert judged.words is None
    assert "từ chối câu trả lời được" in judged.reasons


def test_an_unanswerable_question_is_right_when_refused() -> None:
    asked = question(answerable=False, gold=[], must=[])
    assert judge(asked, answer("", refused=True, citations=[])).right
    answered = judge(asked, answer())
    assert not answered.right
    assert answered.recall == answered.precision == Share(0, 0)


def test_recall_counts_gold_groups() -> None:
    asked = question(gold=[[{"file": FILE, "line": 10}], [{"file": FILE, "line": 20}]])
    judged = judge(asked, answer())
    assert judged.recall == Share(1, 2)
    assert f"không trích dẫn: {FILE}:20" in judged.reasons


@pytest.mark.parametrize(
    ("lines", "spans", "touches"),
    [
        ([10, 10], None, True),
        ([8, 10], None, True),
        ([10, 12], None, True),
        ([11, 12], None, False),
        ([1, 9], None, False),
        ([8, 12], [[8, 8], [12, 12]], False),  # the footnote between two halves
        ([8, 12], [[8, 8], [10, 12]], True),
        ([10, 10], [], True),
    ],
)
def test_a_citation_touches_a_gold_line_in_its_ranges(
    lines: list[int], spans: list[list[int]] | None, touches: bool
) -> None:
    judged = judge(question(), answer(citations=[citation(lines=lines, spans_lines=spans)]))
    assert judged.recall.part == judged.precision.part == int(touches)


def test_the_same_line_of_another_notice_is_not_touched() -> None:
    other = citation()
    other["notice"]["file"] = "khac.txt"
    assert judge(question(), answer(citations=[other])).precision == Share(0, 1)


def test_file_names_are_compared_in_nfc() -> None:
    cited = citation()
    cited["notice"]["file"] = "ke\u0302\u0301.txt"
    asked = question(gold=[[{"file": "kế.txt", "line": 10}]])
    assert judge(asked, answer(citations=[cited])).recall == Share(1, 1)


def test_precision_counts_claims_without_a_marker_and_markers_to_nowhere_as_zero() -> None:
    # [1] touches, [2] does not, [9] leads nowhere, one claim has no marker: 1 of 4.
    text = "Sở Nội vụ chủ trì [1][2]. Xong sớm [9]. Còn nữa."
    judged = judge(question(), answer(text, citations=[citation(1), citation(2, (90, 90))]))
    assert judged.precision == Share(1, 4)
    assert any("[2] ngoài đáp án" in reason for reason in judged.reasons)
    assert any("[9] không dẫn tới đâu" in reason for reason in judged.reasons)
    assert "câu không có trích dẫn: Còn nữa." in judged.reasons


def test_a_citation_is_counted_for_every_claim_and_once_when_unused() -> None:
    used_twice = judge(question(), answer("Một [1]. Hai [1].", citations=[citation()]))
    assert used_twice.precision == Share(2, 2)
    unused = answer("Một [1].", citations=[citation(1), citation(2, (90, 90))])
    assert judge(question(), unused).precision == Share(1, 2)


def test_figures_are_looked_for_in_the_clause_and_then_in_its_context() -> None:
    cited = citation(context="Nhiệm vụ năm 2033, Sở Y tế")
    text = "Theo Thông báo 12-TB/BCĐ ngày 3/4/2031, Sở Y tế làm xong năm 2033 [1]. Xong [1]."
    judged = judge(question(), answer(text, citations=[cited]))
    assert judged.faithful_in_clause == Share(1, 2)
    assert judged.faithful_with_context == Share(2, 2)
    assert judged.claims_with_figures == 1
    wrong = judge(question(), answer("Xong năm 2035 [1].", citations=[cited]))
    assert wrong.faithful_with_context == Share(0, 1)
    assert "không có trong điều khoản được dẫn: 2035" in wrong.reasons


def test_a_figure_without_a_citation_is_not_faithful() -> None:
    judged = judge(question(), answer("Xong trước 5/9/2031."))
    assert judged.faithful_with_context == Share(0, 1)


def test_any_of_several_cited_clauses_may_hold_a_figure() -> None:
    cited = [citation(1), citation(2, text="Kinh phí 70 triệu đồng.")]
    judged = judge(question(), answer("Sở Nội vụ được 70 triệu đồng [1][2].", citations=cited))
    assert judged.faithful_in_clause == Share(1, 1)


def test_an_absent_answer_is_wrong_and_no_refusal() -> None:
    for record in (None, Answer.model_validate({"id": "q1", "error": "hết giờ"})):
        judged = judge(question(), record)
        assert (judged.right, judged.refused, judged.answered) == (False, False, False)
        assert judged.recall == Share(0, 1)
        assert judged.reasons[0].startswith("không có câu trả lời")


def run() -> tuple[list[Question], dict[str, Answer]]:
    """Four questions: right, wrong, refused rightly, answered wrongly."""
    unanswerable = {"answerable": False, "gold": [], "must": [], "kind": "unanswerable"}
    questions = [
        question(id="right"),
        question(id="wrong", kind="fact", style="chat", gold=[[{"file": "b.txt", "line": 1}]]),
        question(id="refused", **unanswerable),
        question(id="answered", **unanswerable),
    ]
    answers = {
        "right": answer(id="right", evidence=[{"score": 0.9}], timings_ms={"total": 100}),
        "wrong": answer(
            "Sở Y tế [1].", id="wrong", evidence=[{"score": 0.5}], timings_ms={"total": 300}
        ),
        "refused": answer("", id="refused", refused=True, evidence=[{"score": 0.2}], citations=[]),
        "answered": answer(id="answered", evidence=[{"score": 0.5}, {"score": 0.1}]),
    }
    return questions, answers


def value(found: Estimate) -> tuple[float | None, int, int]:
    return found.value, found.part, found.whole


def test_a_run_is_added_up() -> None:
    report = score(*run())
    overall = report.overall
    assert overall.questions == 4
    assert value(overall.accuracy) == (0.5, 1, 2)
    assert value(overall.citation_recall) == (0.5, 1, 2)
    assert value(overall.citation_precision) == (0.5, 1, 2)
    assert value(overall.faithful_in_clause) == (2 / 3, 2, 3)
    assert value(overall.refusal_recall) == (0.5, 1, 2)
    assert value(overall.false_refusals) == (0.0, 0, 2)
    assert report.timings_ms["total"].p50 == 200
    assert report.unanswered == ()


def test_a_refused_answerable_question_is_a_false_refusal() -> None:
    questions, answers = run()
    answers["right"] = answer("", id="right", refused=True, citations=[])
    assert value(score(questions, answers).overall.false_refusals) == (0.5, 1, 2)


def test_a_run_is_sliced_by_kind_style_and_notice() -> None:
    slices = score(*run()).slices
    assert value(slices["kind"]["owner"].accuracy) == (1.0, 1, 1)
    assert value(slices["kind"]["fact"].accuracy) == (0.0, 0, 1)
    assert slices["kind"]["unanswerable"].accuracy.value is None
    assert slices["style"]["formal"].questions == 3
    assert sorted(slices["notice"]) == [FILE, "b.txt", "khac.txt"]
    assert slices["notice"]["khac.txt"].questions == 1  # the other file of the first group


def test_a_question_without_an_answer_is_wrong_and_named() -> None:
    questions, answers = run()
    del answers["right"]
    report = score(questions, answers)
    assert value(report.overall.accuracy) == (0.0, 0, 2)
    assert report.unanswered == ("right",)


@pytest.mark.parametrize(
    ("words", "kind", "within"),
    [
        ([40] * 5, "owner", True),
        ([41] * 5, "owner", False),  # p50 over
        ([10] * 4 + [300], "owner", False),  # p90 over: 10 + 0.6 * 290
        ([150] * 5, "list", True),
        ([151] * 5, "list", False),
        ([999] * 5, "temporal", None),
    ],
)
def test_length_is_judged_by_kind(words: list[int], kind: str, within: bool | None) -> None:
    questions = [question(id=str(i), kind=kind) for i in range(len(words))]
    answers = {str(i): answer("từ " * n + "[1]", id=str(i)) for i, n in enumerate(words)}
    length = score(questions, answers).length[kind]
    assert length.within is within
    assert length.words.n == len(words)


def test_quantiles_are_interpolated() -> None:
    found = quantiles([10, 20, 30])
    assert found is not None
    assert (found.p50, found.p90, found.p95) == (20, 28, 29)
    assert quantiles([]) is None


def test_the_gate_curve_goes_from_strict_to_wide() -> None:
    points = risk_coverage([0.9, 0.5, 0.2, 0.5], [True, True, False, False])
    assert [(p.threshold, p.coverage) for p in points] == [(0.9, 0.25), (0.5, 0.75), (0.2, 1.0)]
    assert [p.risk for p in points] == [0.0, pytest.approx(1 / 3), 0.5]
    assert risk_coverage([], []) == ()
    assert score(*run()).gate == points


def test_a_citation_without_a_label_is_told_by_its_lines() -> None:
    away = citation(lines=(16, 18), label="")
    told = judge(question(), answer(citations=[away])).reasons
    assert any(reason.endswith(", dòng 16–18") for reason in told)


def test_the_gates_own_confidence_wins_over_the_best_evidence() -> None:
    evidence = [{"clause_id": "n#1", "score": 0.9}, {"clause_id": "n#2", "score": 0.4}]
    told = answer("Không có.", refused=True, evidence=evidence, confidence=0.2)
    untold = answer("Không có.", refused=True, evidence=evidence)
    found = [judge(question(), one) for one in (told, untold, answer("Không có."))]
    assert [one.confidence for one in found] == [0.2, 0.9, None]
    assert [one.gate_told for one in found] == [True, False, False]
    assert score([question()], {question().id: told}).details()[0]["gate_told"] is True


def test_an_interval_holds_the_value_and_is_the_same_every_time() -> None:
    shares = [Share(1, 1)] * 30 + [Share(0, 1)] * 10
    found = estimate(shares)
    assert (found.value, found.part, found.whole) == (0.75, 30, 40)
    assert found.low is not None
    assert found.high is not None
    # The normal approximation gives 0.75 ± 0.134.
    assert found.low == pytest.approx(0.616, abs=0.03)
    assert found.high == pytest.approx(0.884, abs=0.03)
    assert estimate(shares) == found
    assert estimate(shares, seed=1, resamples=5) != estimate(shares, seed=2, resamples=5)
    equal = estimate([Share(1, 1)] * 5)
    # Wilson: 5 / (5 + 1.96 squared); a bootstrap of equal outcomes would claim certainty.
    assert (equal.low, equal.high) == pytest.approx((0.5655, 1.0), abs=1e-4)


def test_questions_are_resampled_not_citations() -> None:
    # One question with forty citations says less than forty questions with one.
    together = estimate([Share(0, 40), Share(40, 40)])
    assert (together.low, together.high) == (0.0, 1.0)


def test_shares_are_pooled_over_questions() -> None:
    assert estimate([Share(1, 1), Share(0, 3)]).value == 0.25
    assert estimate([Share(0, 0)]).value is None
    assert estimate([]).low is None
    assert estimate([Share(0, 0), Share(1, 1)]) == estimate([Share(1, 1)])


def write(path: Path, records: Sequence[object]) -> Path:
    path.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in records) + "\n")
    return path


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    questions, answers = run()
    return (
        write(tmp_path / "questions.jsonl", [one.model_dump() for one in questions]),
        write(tmp_path / "answers.jsonl", [one.model_dump() for one in answers.values()]),
    )


def test_files_come_back_as_they_were_written(files: tuple[Path, Path]) -> None:
    questions = load_questions(files[0])
    assert list(questions) == run()[0]
    assert load_answers(files[1], questions) == run()[1]


GOOD = answer().model_dump()


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([GOOD, GOOD], "cùng id"),
        ([GOOD | {"id": "lạ"}], "không có trong bộ câu hỏi: lạ"),
        ([{"id": "q1"}], "thiếu trường answer, refused"),
        ([GOOD | {"citations": [{"marker": 1, "notice": {}, "clause": {}}]}], "notice.file"),
        ([GOOD | {"citations": [citation(1), citation(1)]}], "hai trích dẫn cùng một số"),
        (["chữ"], "dòng 1"),
    ],
)
def test_a_bad_answer_file_is_told(tmp_path: Path, records: list[object], said: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        load_answers(write(tmp_path / "a.jsonl", records), [question()])
    assert caught.value.remedy


def test_a_bad_question_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    for content, said in (
        (b"{", "không phải JSON"),
        (b"", "không có câu hỏi"),
        (b"\xff", "bảng mã"),
    ):
        path.write_bytes(content)
        with pytest.raises(BadInput) as caught:
            load_questions(path)
        assert said in str(caught.value)
    with pytest.raises(BadInput, match="Không đọc được"):
        load_questions(tmp_path / "none.jsonl")


def test_the_command_prints_a_table_or_json_and_writes_details(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    arguments = ["score", "--data", str(files[0]), "--answers", str(files[1])]
    runner = CliRunner(env={"COLUMNS": "140"})
    shown = runner.invoke(app, arguments)
    assert shown.exit_code == 0
    assert "Chấm 4 câu hỏi" in shown.stdout
    assert "0.50 (1/2)" in shown.stdout
    details = tmp_path / "details.jsonl"
    told = runner.invoke(app, [*arguments, "--json", "--details", str(details)])
    assert told.exit_code == 0
    report = json.loads(told.stdout)
    assert report["overall"]["accuracy"]["value"] == 0.5
    assert report["length"]["owner"]["within"] is True
    records = [json.loads(line) for line in details.read_text().splitlines()]
    assert [one["id"] for one in records] == ["right", "wrong", "refused", "answered"]
    assert records[0]["reasons"] == []
    assert "không trích dẫn: b.txt:1" in records[1]["reasons"]


def test_details_that_cannot_be_written_are_told(files: tuple[Path, Path], tmp_path: Path) -> None:
    arguments = ["score", "--data", str(files[0]), "--answers", str(files[1])]
    failed = CliRunner().invoke(app, [*arguments, "--details", str(tmp_path / "none" / "d.jsonl")])
    assert isinstance(failed.exception, BadInput)


def gold_quoted(asked: Question, folder: Path) -> Answer:
    """The answer that quotes the first line of every gold group whole."""
    cited = []
    for marker, group in enumerate(asked.gold, start=1):
        source = (folder / group[0].file).read_text(encoding="utf-8")
        number = group[0].line
        text = source.split("\n")[number - 1]
        notice = {"file": group[0].file}
        clause = {"text": text, "lines": [number, number]}
        cited.append({"marker": marker, "notice": notice, "clause": clause})
    text = "\n".join(f"“{one['clause']['text']}” [{one['marker']}]" for one in cited)
    refused = not asked.answerable
    return answer(text, id=asked.id, refused=refused, citations=cited)


@pytest.mark.shared
def test_quoting_the_gold_lines_of_notices_dev_is_right_throughout(
    notices_dir: Path, bench_dir: Path
) -> None:
    """The documents report 1.00 for it: any other figure is a fault of the scorer."""
    questions = load_questions(bench_dir / "notices-dev" / "questions.jsonl")
    overall = score(questions, {one.id: gold_quoted(one, notices_dir) for one in questions}).overall
    assert overall.accuracy.value == 1
    assert overall.citation_recall.value == overall.citation_precision.value == 1
    assert overall.faithful_in_clause.value == overall.refusal_recall.value == 1
    assert overall.false_refusals.value == 0


def test_judging_takes_nothing_from_other_questions() -> None:
    questions, answers = run()
    alone: list[Judged] = [judge(one, answers[one.id]) for one in questions]
    assert list(score(questions, answers).judged) == alone
