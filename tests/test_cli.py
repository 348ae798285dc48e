"""What a person types, what they read, and what a script gets: output, exit code, nothing else."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fakes_assistant import DRAFT, NOTICE, OTHER, SECRET, FakeAssistant, FakeParts, write
from machine import ROOT

from assistant.cli.app import run
from assistant.cli.doctor import settings_markdown
from assistant.cli.shell import Shell
from assistant.settings import Settings
from assistant.workspace import Workspace
from corpus.errors import Busy, ModelMissing

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = ["add", "list", "show", "remove", "index", "ask", "chat", "demo", "doctor", "settings"]
COMMANDS += ["models list", "models pull", "models verify", "models path", "eval score"]
MISSING = ModelMissing("Chưa có mô hình.", "Hãy chạy `congvu models pull`.")
QUESTION = "Bao nhiêu kho lạnh được rà soát?"


@dataclass
class Result:
    """What one run of congvu left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.out)
        return found


@dataclass
class Congvu:
    """Runs command lines in one home with fakes for the models."""

    settings: Settings
    capsys: pytest.CaptureFixture[str]
    parts: FakeParts = field(default_factory=FakeParts)
    interactive: bool = False

    def __call__(self, *arguments: str | Path) -> Result:
        self.capsys.readouterr()
        shell = Shell(
            load_settings=lambda: self.settings,
            open_workspace=lambda settings: Workspace(settings, self.parts),
            is_interactive=lambda: self.interactive,
        )
        code = run([str(one) for one in arguments], shell)
        captured = self.capsys.readouterr()
        return Result(code, captured.out, captured.err)

    @property
    def assistant(self) -> FakeAssistant:
        return self.parts.assistants[-1]


@pytest.fixture
def congvu(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Congvu:
    return Congvu(settings, capsys)


@pytest.fixture
def filled(congvu: Congvu, tmp_path: Path) -> Congvu:
    """With two notices and a draft."""
    result = congvu("add", write(tmp_path / "in", a=NOTICE, b=OTHER, draft=DRAFT))
    assert result.code == 0, result.err
    return congvu


# Help and the command line itself


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(congvu: Congvu, command: str) -> None:
    result = congvu(*command.split(), "--help")
    assert result.code == 0
    assert f"Usage: congvu {command}" in result.out
    assert "Tùy chọn" in result.out


def test_without_a_command_the_help_is_shown(congvu: Congvu) -> None:
    result = congvu()
    assert result.code == 0
    assert {word for command in COMMANDS for word in command.split()[:1]} <= set(
        re.findall(r"\w+", result.out)
    )


def test_the_version_is_told(congvu: Congvu) -> None:
    assert re.fullmatch(r"congvu \d+\.\d+\.\d+\n", congvu("--version").out)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["frob"], "Không có lệnh 'frob'"),
        (["list", "--frob"], "Không có tùy chọn --frob"),
        (["add"], "Thiếu ĐƯỜNG_DẪN"),
        (["show"], "Thiếu VĂN_BẢN"),
        (["list", "x"], "Thừa tham số x"),
        (["ask", "Hỏi?", "--out"], "--out"),
        (["ask"], "Cần một câu hỏi"),
        (["ask", "Hỏi gì?", "--batch", "x.jsonl"], "không phải cả hai"),
        (["ask", "Hỏi gì?", "--out", "x.jsonl"], "--batch"),
        (["ask", "--batch", "x.jsonl", "--json"], "--json"),
    ],
)
def test_a_wrong_command_line_is_told_in_vietnamese(
    congvu: Congvu, arguments: list[str], said: str
) -> None:
    result = congvu(*arguments)
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert len(result.err.strip().splitlines()) == 2


def test_every_command_in_the_readme_exists(congvu: Congvu) -> None:
    named = set(re.findall(r"(?:^\$ |`)congvu ((?:models |eval )?[a-z]+)", README, re.MULTILINE))
    assert named >= {"add", "list", "ask", "chat", "doctor"}
    assert all(congvu(*name.split(), "--help").code == 0 for name in named)


def test_the_readme_lists_the_settings(congvu: Congvu) -> None:
    assert settings_markdown() in README
    assert congvu("settings", "--markdown").out == settings_markdown() + "\n"


HEAVY = "{'torch', 'sentence_transformers', 'llama_cpp', 'faiss', 'bm25s', 'langchain_core'}"


@pytest.mark.parametrize("command", ["--help", "list", "settings"])
def test_a_quick_command_loads_nothing_heavy(command: str) -> None:
    code = f"""
import sys
from assistant.cli.app import main
sys.argv = ["congvu", {command!r}]
try:
    main()
finally:
    print(sorted({HEAVY} & set(sys.modules)), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stderr.strip().splitlines()[-1] == "[]"


def test_who_closes_the_pipe_early_is_not_told_off() -> None:
    code = "from assistant.cli.app import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "settings", "--markdown"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    _, err = process.communicate(timeout=60)
    assert err == b""


# Notices


def test_what_was_added_is_told_by_name(congvu: Congvu, tmp_path: Path) -> None:
    result = congvu("add", write(tmp_path / "in", a=NOTICE, draft=DRAFT))
    assert result.code == 0
    assert "Đã thêm: Thông báo 12/TB-UBND.\n" in result.out
    assert "“draft.txt” (DỰ THẢO)" in result.out
    assert "Lập chỉ mục" in result.err
    assert "Lập chỉ mục" not in result.out


def test_a_duplicate_changes_nothing_and_is_no_error(filled: Congvu, tmp_path: Path) -> None:
    result = filled("add", write(tmp_path / "again", copy=NOTICE))
    assert result.code == 0
    assert "Đã có sẵn" in result.out
    assert "12/TB-UBND (tệp a.txt)" in result.out
    assert result.err == ""


def test_a_new_version_is_told(filled: Congvu, tmp_path: Path) -> None:
    result = filled("add", write(tmp_path / "new", a=NOTICE + "3. Thêm việc nữa.\n"))
    assert "Bản mới thay bản trước: Thông báo 12/TB-UBND" in result.out


def test_refused_files_are_told_and_end_in_code_2(congvu: Congvu, tmp_path: Path) -> None:
    result = congvu("add", write(tmp_path / "in", a=NOTICE, secret=SECRET, empty=" "))
    assert result.code == 2
    assert "Đã thêm: Thông báo 12/TB-UBND" in result.out
    assert "secret.txt" in result.err
    assert "độ mật" in result.err
    assert "“empty.txt” trống" in result.err


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"", "trống"),
        ("a.txt", b"\x00\x01\x02" * 99, "nhị phân"),
        ("a.txt", "Thông báo".encode("utf-16-le"), "nhị phân"),
        ("a.txt", b"Th\xabng b\xb8o \xae\xad\xeec", "bảng mã"),
        ("a.docx", b"PK", "loại tệp"),
        ("a.txt", b"a" * (20 * 2**20 + 1), "quá lớn"),
    ],
    ids=["empty", "binary", "utf-16 without mark", "tcvn3", "word", "large"],
)
def test_a_bad_file_is_told_with_a_remedy(
    congvu: Congvu, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    result = congvu("add", tmp_path / name)
    assert result.code == 2
    assert said in result.err
    assert "Traceback" not in result.err
    assert congvu("list", "--json").out == "[]\n"


def test_a_folder_without_notices_is_told(congvu: Congvu, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    result = congvu("add", tmp_path / "in")
    assert result.code == 2
    assert "Không có văn bản nào đọc được" in result.err


def test_text_without_any_structure_and_a_huge_line_are_taken(
    congvu: Congvu, tmp_path: Path
) -> None:
    plain = "Họp bàn việc sửa kho lạnh.\n\nMọi người đồng ý.\n"
    result = congvu("add", write(tmp_path / "in", plain=plain, huge="kho lạnh " * 120_000))
    assert result.code == 0
    assert "đoạn 1" in congvu("show", "plain.txt").out


def test_missing_models_are_told_and_the_notices_kept(congvu: Congvu, tmp_path: Path) -> None:
    congvu.parts.embedder = MISSING
    result = congvu("add", write(tmp_path / "in", a=NOTICE))
    assert result.code == 3
    assert "Đã thêm" in result.out
    assert "congvu models pull" in result.err
    assert "12/TB-UBND" in congvu("list").out


def test_the_list_says_what_is_a_draft(filled: Congvu) -> None:
    out = filled("list").out
    assert re.search(r"12/TB-UBND +Thông báo +05/06/2031 +Đã ban hành", out)
    assert re.search(r"Báo cáo .*DỰ THẢO", out)


def test_the_list_as_json_is_for_programs(filled: Congvu) -> None:
    listed = json.loads(filled("list", "--json").out)
    assert [one["number"] for one in listed] == ["12/TB-UBND", "13/TB-UBND", ""]
    assert [one["status"] for one in listed] == ["issued", "issued", "draft"]


def test_an_empty_list_says_what_to_do(congvu: Congvu) -> None:
    result = congvu("list")
    assert (result.code, result.out) == (0, "")
    assert "congvu add" in result.err


def test_a_notice_is_shown_as_an_outline(filled: Congvu) -> None:
    out = filled("show", "TB12").out
    assert "Thông báo số 12/TB-UBND ngày 05/06/2031 của UBND TỈNH SÔNG BÍCH" in out
    assert "mục 1 (dòng 8)\n    1. Sở Công Thương rà soát" in out
    assert "DỰ THẢO" not in out
    assert filled("show", "draft.txt").out.startswith("DỰ THẢO: ")


@pytest.mark.parametrize("name", ["mục 1", "muc 1", "dòng 8", "8", "Dòng  8"])
def test_a_clause_is_shown_with_what_is_known_of_it(filled: Congvu, name: str) -> None:
    out = filled("show", "TB12", name).out
    assert "mục 1, Thông báo số 12/TB-UBND" in out
    assert "1. Sở Công Thương rà soát 7 kho lạnh" in out
    assert "Chủ trì: Sở Công Thương" in out
    assert "chậm nhất 15/11/2031" in out


def test_a_clause_as_json_is_for_programs(filled: Congvu) -> None:
    shown = filled("show", "TB12", "mục 1", "--json").json
    assert shown["clause"]["lines"] == [8, 8]  # type: ignore[index]
    assert shown["deadlines"][0]["due"] == "2031-11-15"  # type: ignore[index]
    outline = filled("show", "TB12", "--json").json
    assert len(outline["clauses"]) >= 3  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "said"), [("mục 9", "mục 1"), ("dòng 999", "Dòng gần nhất"), ("7", "không thuộc")]
)
def test_an_unknown_clause_is_told_with_the_nearest(filled: Congvu, name: str, said: str) -> None:
    result = filled("show", "TB12", name)
    assert result.code == 2
    assert said in result.err


def test_removing_asks_first(filled: Congvu, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = filled("remove", "TB12")
    assert refused.code == 2
    assert "--yes" in refused.err
    filled.interactive = True
    monkeypatch.setattr("builtins.input", lambda prompt="": "n")
    monkeypatch.setattr("typer.termui.visible_prompt_func", lambda prompt: "n", raising=False)
    assert "12/TB-UBND" in filled("list").out


def test_what_is_removed_is_told(filled: Congvu) -> None:
    result = filled("remove", "TB12", "TB13", "--yes")
    assert result.code == 0
    assert result.out == "Đã gỡ: Thông báo 12/TB-UBND, Thông báo 13/TB-UBND.\n"
    assert "12/TB-UBND" not in filled("list").out


def test_an_unknown_notice_is_told_with_what_is_there(filled: Congvu) -> None:
    for command in (
        ["show", "TB99"],
        ["remove", "TB99", "--yes"],
        ["ask", "Gì?", "--notice", "99"],
    ):
        result = filled(*command)
        assert result.code == 2
        assert "12/TB-UBND" in result.err


def test_the_index_is_counted_and_rolled_back(filled: Congvu, tmp_path: Path) -> None:
    assert "3 văn bản" in filled("index").out
    filled("add", write(tmp_path / "more", c=OTHER.replace("13/", "14/")))
    back = filled("index", "--rollback")
    assert "gồm 3 văn bản" in back.out
    asked = filled("ask", QUESTION)
    assert "congvu index" in asked.err
    assert "4 văn bản" in filled("index").out


def test_nothing_to_roll_back_is_not_ready(congvu: Congvu) -> None:
    result = congvu("index", "--rollback")
    assert result.code == 3


# Asking


def test_an_answer_is_shown_with_its_citations(filled: Congvu) -> None:
    result = filled("ask", QUESTION)
    assert result.code == 0
    assert result.out == (
        "Có trong văn bản [1].\n"
        "\n"
        "Căn cứ:\n"
        "[1] mục 1, Thông báo số 12/TB-UBND ngày 05/06/2031 của UBND TỈNH SÔNG BÍCH (dòng 8)\n"
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


# Batches


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
        tmp_path, {"id": "x", "question": QUESTION}, {"id": "y", "question": "Các trạm?"}
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


# Chat and demo


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Types lines into ``input()``, then Ctrl-D; an exception is raised as if by a key."""

    def lines(*given: str | BaseException) -> None:
        left = list(given)

        def answer(prompt: str = "") -> str:
            if not left:
                raise EOFError
            line = left.pop(0)
            if isinstance(line, BaseException):
                raise line
            return line

        monkeypatch.setattr("builtins.input", answer)

    return lines


def test_a_chat_remembers_and_shows_its_sources(
    filled: Congvu, typing: Callable[..., None]
) -> None:
    filled.interactive = True
    typing(
        QUESTION, "/nguon 1", "/nguon 9", "", "Thế Sở Y tế?", "/moi", "Các trạm?", "/gì", "/thoat"
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
    typing(KeyboardInterrupt(), QUESTION, "Các trạm?")
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


# Doctor and settings


def test_the_doctor_says_what_is_missing_and_what_to_do(congvu: Congvu) -> None:
    result = congvu("doctor")
    assert result.code == 3
    assert "congvu models pull embeddinggemma-300m" in result.out
    assert "congvu add" in result.out
    report = congvu("doctor", "--json").json
    assert report["ready"] is False
    names = {check["name"] for check in report["checks"]}  # type: ignore[attr-defined]
    assert {"Python", "Bộ xử lý", "Bộ nhớ", "Kho văn bản"} <= names


def test_the_doctor_looks_and_makes_nothing(congvu: Congvu, settings: Settings) -> None:
    congvu("doctor")
    assert not settings.home.exists()


def test_the_doctor_tells_a_damaged_index_and_one_that_is_behind(
    filled: Congvu, settings: Settings
) -> None:
    assert "✓ Chỉ mục: khớp" in filled("doctor").out
    (passages,) = settings.home.rglob("passages.jsonl")
    passages.write_bytes(b"")
    out = filled("doctor").out
    assert "✗ Chỉ mục: bị hỏng" in out
    assert "passages.jsonl" in out


def test_the_doctor_tells_a_damaged_library(congvu: Congvu, settings: Settings) -> None:
    settings.home.mkdir()
    (settings.home / "library.sqlite").write_bytes(b"no database" * 100)
    result = congvu("doctor")
    assert result.code == 3
    assert "bị hỏng" in result.out


def test_the_doctor_tries_the_server_and_keeps_its_password(
    congvu: Congvu, settings: Settings
) -> None:
    congvu.settings = Settings(
        home=settings.home,
        models=settings.models,
        llm_server="http://user:geheim@127.0.0.1:9/v1",
        llm_server_key="schluessel",
    )
    result = congvu("doctor")
    assert "không trả lời" in result.out
    assert "geheim" not in result.out
    assert "schluessel" not in result.out
    assert "qwen" not in result.out.split("Thiết lập")[0]


def test_the_settings_say_where_they_come_from(
    congvu: Congvu, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "congvu.toml").write_text("queue_size = 3\n", encoding="utf-8")
    monkeypatch.setenv("CONGVU_CONFIG", str(tmp_path / "congvu.toml"))
    monkeypatch.setenv("CONGVU_THREADS", "1")
    congvu.settings = Settings.load()
    out = congvu("settings").out
    assert re.search(r"threads +1 +CONGVU_THREADS", out)
    assert re.search(rf"queue_size +3 +{re.escape(str(tmp_path))}/congvu.toml", out)
    assert re.search(r"claims_max +\d+ +mặc định", out)


def test_a_wrong_setting_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    shell = Shell(
        lambda: Settings.load({"CONGVU_THREADS": "nhiều"}), Workspace, is_interactive=lambda: False
    )
    assert run(["list"], shell) == 2
    assert "CONGVU_THREADS" in capsys.readouterr().err


def test_colours_are_for_terminals_only(filled: Congvu, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in "".join(filled("ask", QUESTION).out + filled("list").out)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "30")
    narrow = filled("show", "TB12", "8").out
    assert "\x1b[1m" in narrow
    assert max(len(re.sub(r"\x1b\[\d+m", "", line)) for line in narrow.splitlines()) <= 30
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in filled("ask", QUESTION).out
    assert os.environ["NO_COLOR"]
