"""Asking on the command line: what a person reads, and what a script gets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes_assistant import MISSING, NOTICE, QUESTION, FakeAssistant, write
from fakes_cli import Congvu

from assistant.runtime.settings import Settings
from corpus.errors import Busy


def test_an_answer_is_shown_with_its_citations(filled: Congvu) -> None:
    result = filled("ask", QUESTION)
    assert result.code == 0
    assert result.out == (
        "Có trong văn bản [1].\n"
        "\n"
        "Căn cứ:\n"
        "[1] mục 1, Thông báo số 12/TB-UBND ngày 05/6/2031 của UBND TỈNH SÔNG BÍCH (dòng 8)\n"
        "    “1. Sở Công Thương rà soát 7 kho lạnh trước ngày 15/11/2031.”\n"
    )
    assert result.err.count("trí tuệ nhân tạo") == 1


def test_a_draft_is_cited_as_a_draft(filled: Congvu) -> None:
    out = filled("ask", "Có mấy kho được sửa?", "--notice", "draft.txt").out
    assert "[1] DỰ THẢO · " in out
    assert "Lưu ý: Đây là dự thảo." in out


def test_a_refusal_is_plain_words_and_no_error(filled: Congvu) -> None:
    result = filled("ask", "Lương bổng?")
    assert (result.code, result.out) == (0, "Các văn bản trong kho không có nội dung này.\n")


def test_json_is_the_contract_object_and_nothing_else(filled: Congvu) -> None:
    result = filled("ask", QUESTION, "--json")
    assert result.err == ""
    assert {"question", "answer", "refused", "refusal_reason", "citations", "evidence"} <= set(
        result.json
    )


def test_notices_and_history_reach_the_assistant(filled: Congvu, tmp_path: Path) -> None:
    history = tmp_path / "history.json"
    turns = [{"role": "user", "content": "Trước?"}, {"role": "assistant", "content": "Đáp."}]
    history.write_text(json.dumps(turns), encoding="utf-8")
    result = filled("ask", QUESTION, "--notice", "TB13", "--notice", "TB12", "--history", history)
    assert result.code == 0
    ((question, given, notices),) = filled.assistant.asked
    assert question == QUESTION
    assert [turn.content for turn in given] == ["Trước?", "Đáp."]
    assert [name[:5] for name in notices] == ["13-tb", "12-tb"]


@pytest.mark.parametrize(
    ("question", "said"),
    [("", "trống"), ("  ?! ", "trống"), ("a" * 20_000, "20000"), ("a\udcff", "ký tự hỏng")],
    ids=["empty", "marks only", "20,000 characters", "no UTF-8"],
)
def test_a_bad_question_opens_no_model(filled: Congvu, question: str, said: str) -> None:
    before = len(filled.parts.llms)
    result = filled("ask", question)
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert len(filled.parts.llms) == before


def test_asking_an_empty_library_says_what_to_do(congvu: Congvu) -> None:
    result = congvu("ask", QUESTION)
    assert (result.code, result.out) == (3, "")
    assert "congvu add" in result.err


def test_asking_without_models_says_what_to_do(filled: Congvu) -> None:
    filled.parts.embedder = MISSING
    result = filled("ask", QUESTION)
    assert (result.code, result.out) == (3, "")
    assert "congvu models pull" in result.err


def test_what_a_document_holds_does_not_act_on_the_terminal(congvu: Congvu, tmp_path: Path) -> None:
    hostile = NOTICE.replace(
        "7 kho lạnh", "7 kho lạnh \x1b[31m\x9b2J\u202e [bold]đỏ[/bold] :smile:"
    )
    congvu("add", write(tmp_path / "in", a=hostile))
    for result in (congvu("ask", QUESTION), congvu("show", "TB12"), congvu("show", "TB12", "8")):
        assert result.code == 0
        assert not set("\x1b\x9b\u202e") & set(result.out)
        assert "[bold]" in result.out
    assert ":smile:" in congvu("show", "TB12", "8").out


def test_the_quotes_are_printed_while_the_llm_still_writes(filled: Congvu) -> None:
    shown: list[str] = []

    def lead(question: str) -> Iterator[str]:
        shown.append(filled.capsys.readouterr().out)
        yield "Bảy kho [1]."
        yield "Hạn là 15/11/2031 [1]."

    filled.parts.assemble_as = lambda snapshot: FakeAssistant(snapshot, lead=lead)
    result = filled("ask", QUESTION)
    assert shown == ["Có trong văn bản [1].\n"]
    assert result.out.startswith("\nTóm tắt: Bảy kho [1]. Hạn là 15/11/2031 [1].\n\nCăn cứ:\n")


def test_a_sentence_that_never_comes_leaves_nothing_behind(filled: Congvu) -> None:
    def dropped(question: str) -> Iterator[str]:
        return iter(())

    filled.parts.assemble_as = lambda snapshot: FakeAssistant(snapshot, lead=dropped)
    assert filled("ask", QUESTION).out.startswith("Có trong văn bản [1].\n\nCăn cứ:\n")


def test_a_failure_of_the_assistant_is_told(filled: Congvu) -> None:
    def fail(question: str) -> None:
        raise Busy("Mô hình đang bận.", "Hãy thử lại sau.")

    filled.parts.assemble_as = lambda snapshot: FakeAssistant(snapshot, fail)
    result = filled("ask", QUESTION)
    assert result.code == 5
    assert "Mô hình đang bận.\nHãy thử lại sau.\n" in result.err


def test_ctrl_c_ends_the_answer_and_frees_the_model(filled: Congvu) -> None:
    def interrupt(question: str) -> None:
        raise KeyboardInterrupt

    filled.parts.assemble_as = lambda snapshot: FakeAssistant(snapshot, interrupt)
    result = filled("ask", QUESTION)
    assert result.code == 130
    assert "Traceback" not in result.err
    assert filled.assistant.cancels[0].is_set()
    assert filled.parts.llms[-1].closed


def test_an_unexpected_error_leaves_its_traceback_in_a_log(
    filled: Congvu, settings: Settings
) -> None:
    def crash(question: str) -> None:
        raise RuntimeError("chỗ hỏng")

    filled.parts.assemble_as = lambda snapshot: FakeAssistant(snapshot, crash)
    result = filled("ask", QUESTION)
    assert result.code == 1
    assert "Traceback" not in result.err
    (log,) = (settings.home / "logs").iterdir()
    assert str(log) in result.err
    assert "RuntimeError: chỗ hỏng" in log.read_text(encoding="utf-8")
    assert log.stat().st_mode & 0o077 == 0


def test_a_full_disk_is_told_as_such(filled: Congvu) -> None:
    def fill(question: str) -> None:
        raise OSError(28, "No space left on device")

    filled.parts.assemble_as = lambda snapshot: FakeAssistant(snapshot, fill)
    assert filled("ask", QUESTION).code == 6


def test_colours_are_for_terminals_only(filled: Congvu, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in "".join(filled("ask", QUESTION).out + filled("list").out)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "30")
    narrow = filled("show", "TB12", "8").out
    assert "\x1b[1m" in narrow
    assert max(len(re.sub(r"\x1b\[\d+m", "", line)) for line in narrow.splitlines()) <= 30
    coloured = filled("ask", "Có mấy kho được sửa?", "--notice", "draft.txt").out
    assert "\x1b[33m" in coloured
    monkeypatch.setenv("NO_COLOR", "1")
    plain = filled("ask", "Có mấy kho được sửa?", "--notice", "draft.txt").out
    assert "DỰ THẢO" in plain
    assert not re.search(r"\x1b\[3\d", plain)
