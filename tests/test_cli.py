"""The command line itself, the doctor and the settings."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from fakes_cli import Congvu
from machine import ROOT

from assistant.runtime.settings import Settings
from assistant.runtime.workspace import Workspace
from ui.cli.app import run
from ui.cli.console import open_console
from ui.cli.doctor import settings_markdown
from ui.cli.failures import exit_code_of
from ui.cli.shell import Shell

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = ["add", "list", "show", "remove", "index", "ask", "chat", "demo", "doctor", "settings"]
COMMANDS += ["models list", "models pull", "models verify", "models path", "eval score", "eval fit"]
COMMANDS += ["keys create", "keys list", "keys revoke"]
COMMANDS += ["audit show", "audit verify", "audit export", "audit purge"]


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
    shown = re.findall(r"^\$ congvu (.+)$", README, re.MULTILINE)
    mentioned = re.findall(r"`congvu ([^`]+)`", README)
    assert {line.split()[0] for line in shown} >= {"add", "list", "ask", "show", "chat"}
    for line in [*shown, *mentioned]:
        # An option that doesn't exist is told even where help is asked for.
        result = congvu(*shlex.split(line), "--help")
        assert (result.code, result.err) == (0, ""), line
    assert congvu("list", "--frob", "--help").code == 2


def test_the_readme_lists_the_settings(congvu: Congvu) -> None:
    assert settings_markdown() in README
    assert congvu("settings", "--markdown").out == settings_markdown() + "\n"


HEAVY = "{'torch', 'sentence_transformers', 'llama_cpp', 'faiss', 'bm25s', 'langchain_core'}"


@pytest.mark.parametrize("command", ["--help", "list", "settings"])
def test_a_quick_command_loads_nothing_heavy(command: str) -> None:
    code = f"""
import sys
from ui.cli.app import main
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
    code = "from ui.cli.app import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "settings", "--markdown"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    _, err = process.communicate(timeout=60)
    assert err == b""


def test_the_doctor_says_what_is_missing_and_what_to_do(congvu: Congvu) -> None:
    result = congvu("doctor")
    assert result.code == 3
    assert "congvu models pull embeddinggemma-300m" in result.out
    assert "congvu add" in result.out
    report = congvu("doctor", "--json").json
    assert report["ready"] is False
    names = {check["name"] for check in report["checks"]}  # type: ignore[attr-defined]
    assert {"Python", "Bộ xử lý", "Bộ nhớ", "Kho văn bản"} <= names


def test_the_doctor_tells_an_embedder_that_the_weights_do_not_know(
    congvu: Congvu, settings: Settings
) -> None:
    assert f"✓ Trọng số: đã khớp với {settings.embedder}" in congvu("doctor").out
    congvu.settings = settings.model_copy(update={"embedder": "another-300m"})
    out = congvu("doctor").out
    assert "• Trọng số: chưa khớp với another-300m" in out
    assert "congvu eval fit" in out


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


def test_the_doctor_tells_what_is_open_to_others(congvu: Congvu, settings: Settings) -> None:
    settings.home.mkdir()
    settings.home.chmod(0o755)
    out = congvu("doctor").out
    assert "• Quyền truy cập dữ liệu" in out
    assert "0755" in out
    assert "chmod go=" in out
    settings.home.chmod(0o700)
    assert "✓ Quyền truy cập dữ liệu" in congvu("doctor").out


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
    assert re.search(r"evidence_clauses +\d+ +mặc định", out)


def test_a_wrong_setting_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    shell = Shell(
        lambda: Settings.load({"CONGVU_THREADS": "nhiều"}), Workspace, is_interactive=lambda: False
    )
    assert run(["list"], shell) == 2
    assert "CONGVU_THREADS" in capsys.readouterr().err


def test_a_command_that_is_interrupted_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = exit_code_of(lambda: 130, open_console(stderr=True), lambda: tmp_path)
    assert (code, "Đã dừng." in capsys.readouterr().err) == (130, True)
