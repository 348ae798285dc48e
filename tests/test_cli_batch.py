"""A file of questions: one object a line, in order, whatever goes wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fakes_assistant import QUESTION, FakeAssistant
from fakes_cli import Congvu

from corpus.errors import Busy
from ui.cli.console import CountProgress, open_console


def batch_file(tmp_path: Path, *lines: object) -> Path:
    path = tmp_path / "questions.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def records(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_batch_gives_one_object_a_line_in_order(filled: Congvu, tmp_path: Path) -> None:
    history = [{"role": "user", "content": "Kho lạnh nào?"}]
    path = batch_file(
        tmp_path,
        {"id": "b", "question": QUESTION, "kind": "number"},
        {"id": 7, "question": "Lương bổng?", "history": history},
    )
    result = filled("ask", "--batch", path)
    assert result.code == 0
    first, second = records(result.out)
    assert (first["id"], first["refused"]) == ("b", False)
    assert (second["id"], second["refused"]) == (7, True)
    assert filled.assistant.asked[1][1][0].content == "Kho lạnh nào?"
    assert "2/2" in result.err


def test_a_bad_line_is_told_in_its_place_and_the_others_go_on(
    filled: Congvu, tmp_path: Path
) -> None:
    path = batch_file(
        tmp_path,
        "không phải JSON",
        "[1]",
        {"question": QUESTION},
        {"id": "empty", "question": " "},
        {"id": "none"},
        {"id": "long", "question": "a" * 20_000},
        {"id": "history", "question": QUESTION, "history": [{"role": "system", "content": "x"}]},
        {"id": "good", "question": QUESTION},
    )
    target = tmp_path / "answers.jsonl"
    result = filled("ask", "--batch", path, "--out", target)
    assert (result.code, result.out) == (2, "")
    *bad, good = records(target.read_text(encoding="utf-8"))
    assert [one["id"] for one in bad] == [None, None, None, "empty", "none", "long", "history"]
    assert all(set(one["error"]) >= {"message", "remedy"} for one in bad)  # type: ignore[call-overload]
    assert good["id"] == "good"
    assert "7/8" in result.err


def test_a_question_that_fails_is_told_in_its_place(filled: Congvu, tmp_path: Path) -> None:
    def fail(question: str) -> None:
        if "lạnh" in question:
            raise Busy("Mô hình đang bận.", "Hãy thử lại sau.")

    filled.parts.assemble_as = lambda snapshot: FakeAssistant(snapshot, fail)
    path = batch_file(
        tmp_path, {"id": "x", "question": QUESTION}, {"id": "y", "question": "Danh mục trạm?"}
    )
    result = filled("ask", "--batch", path)
    failed, answered = records(result.out)
    assert (result.code, failed["error"]["kind"]) == (2, "Busy")  # type: ignore[index]
    assert answered["refused"] is False


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_an_empty_batch_is_bad_input(filled: Congvu, tmp_path: Path, content: str) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_text(content, encoding="utf-8")
    assert filled("ask", "--batch", path).code == 2


def test_a_batch_that_is_not_there_is_bad_input(filled: Congvu, tmp_path: Path) -> None:
    result = filled("ask", "--batch", tmp_path / "none.jsonl")
    assert result.code == 2
    assert "none.jsonl" in result.err


def test_a_batch_is_not_written_over_itself(filled: Congvu, tmp_path: Path) -> None:
    path = batch_file(tmp_path, {"id": "x", "question": QUESTION})
    before = path.read_bytes()
    assert filled("ask", "--batch", path, "--out", path).code == 2
    assert path.read_bytes() == before


def test_progress_without_a_terminal_is_a_line_a_tenth_with_the_time_left(
    capsys: pytest.CaptureFixture[str],
) -> None:
    seconds = iter([0.0, 100.0, 101.0, 200.0])
    progress = CountProgress("Trả lời", open_console(stderr=True), clock=lambda: next(seconds))
    with progress:
        for done in (0, 40, 41, 80):
            progress(done, 80)
    assert capsys.readouterr().err.splitlines() == [
        "Trả lời: 0/80",
        "Trả lời: 40/80, còn 2 phút",
        "Trả lời: 80/80",
    ]
