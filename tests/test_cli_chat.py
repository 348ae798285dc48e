"""Talking to the assistant in a terminal, and the demo."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from fakes_assistant import QUESTION, FakeAssistant
from fakes_cli import Congvu
from machine import ROOT


def test_a_chat_remembers_and_shows_its_sources(
    filled: Congvu, typing: Callable[..., None]
) -> None:
    filled.interactive = True
    typing(
        QUESTION,
        "/nguon 1",
        "/nguon 9",
        "",
        "Thế Sở Y tế?",
        "/moi",
        "Danh mục trạm?",
        "/gì",
        "/thoat",
    )
    result = filled("chat")
    assert result.code == 0
    assert "Chủ trì: Sở Công Thương" in result.out
    assert "không có dẫn chiếu [9]" in result.err
    histories = [[turn.content for turn in turns] for _, turns, _ in filled.assistant.asked]
    assert histories == [[], [QUESTION, "Có trong văn bản [1]."], []]
    assert result.err.count("trí tuệ nhân tạo") == 1


def test_ctrl_c_stops_the_answer_and_not_the_chat(
    filled: Congvu, typing: Callable[..., None]
) -> None:
    def interrupt(question: str) -> None:
        if question == QUESTION:
            raise KeyboardInterrupt

    filled.interactive = True
    filled.parts.assemble_as = lambda snapshot: FakeAssistant(snapshot, interrupt)
    typing(KeyboardInterrupt(), QUESTION, "Danh mục trạm?")
    result = filled("chat")
    assert result.code == 0
    assert "Đã dừng câu trả lời." in result.err
    assert "Ctrl-D để thoát" in result.err
    assert "Sở Y tế lập danh mục" in result.out
    assert filled.assistant.asked[1][1] == ()
    assert filled.assistant.cancels[0].is_set()


def test_a_bad_question_does_not_end_the_chat(filled: Congvu, typing: Callable[..., None]) -> None:
    filled.interactive = True
    typing("?", "a" * 20_000, QUESTION)
    result = filled("chat", "--notice", "TB12")
    assert result.code == 0
    assert "Câu hỏi trống" in result.err
    assert "20000" in result.err
    assert len(filled.assistant.asked) == 1


def test_questions_may_be_piped_into_the_chat(
    filled: Congvu, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", iter([f"{QUESTION}\n", "\n", "Lương bổng?\n"]))
    result = filled("chat")
    assert result.code == 0
    assert "Hỏi>" not in result.out
    assert "không có nội dung" in result.out


def test_the_demo_asks_its_questions_and_ends_where_nobody_types(congvu: Congvu) -> None:
    result = congvu("demo")
    assert result.code == 0
    questions = (ROOT / "ui" / "questions.txt").read_text(encoding="utf-8").splitlines()
    assert [question for question, _, _ in congvu.assistant.asked] == questions
    assert all(f"Hỏi> {question}\n" in result.out for question in questions)
    assert "[1] " in result.out
    assert "VĂN BẢN MẪU" in result.err
    again = congvu("demo")
    assert "VĂN BẢN MẪU" not in again.err
    assert "Lập chỉ mục" not in again.err
    assert "Đã gỡ 6 văn bản mẫu" in congvu("demo", "--clean").out
    assert congvu("list", "--json").out == "[]\n"


def test_the_demo_goes_on_to_a_chat_with_a_person(
    congvu: Congvu, typing: Callable[..., None]
) -> None:
    congvu.interactive = True
    typing("Nền tảng dùng chung?")
    congvu("demo")
    assert congvu.assistant.asked[-1][0] == "Nền tảng dùng chung?"


def test_the_demo_stays_out_of_a_persons_own_library(filled: Congvu) -> None:
    result = filled("demo")
    assert result.code == 0
    assert "không thêm văn bản mẫu" in result.err
    assert len(json.loads(filled("list", "--json").out)) == 3
