"""``congvu ask``: one question, or a file of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from assistant.runtime.wiring import Answerer
from assistant.runtime.workspace import Workspace
from corpus.errors import BadInput, Cancelled, CongvuError
from ui.cli.batch import Asked, Unasked, check_question, read_batch, read_history
from ui.cli.console import CountProgress, put
from ui.cli.notices import INDEXING
from ui.cli.render import AnswerPrinter
from ui.cli.shell import Shell
from ui.wording import AI_NOTICE


def ask(  # noqa: PLR0913, PLR0917 - the options of one command
    context: typer.Context,
    question: Annotated[
        str | None, typer.Argument(metavar="CÂU_HỎI", help="Câu hỏi, để trong dấu ngoặc kép.")
    ] = None,
    notice: Annotated[
        list[str] | None,
        typer.Option(metavar="VĂN_BẢN", help="Chỉ tìm trong văn bản này; dùng được nhiều lần."),
    ] = None,
    history: Annotated[
        Path | None,
        typer.Option(metavar="TỆP", help="Tệp JSON gồm các lượt hỏi đáp trước đó."),
    ] = None,
    batch: Annotated[
        Path | None,
        typer.Option(metavar="TỆP", help="Tệp JSONL, mỗi dòng {id, question, history?}."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="TỆP", help="Ghi kết quả của --batch vào tệp này.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Chỉ in một đối tượng JSON theo hợp đồng.")
    ] = False,
) -> None:
    """Hỏi một câu và nhận câu trả lời có dẫn điều khoản."""
    shell = Shell.of(context)
    if (question is None) == (batch is None):
        raise BadInput(
            "Cần một câu hỏi hoặc --batch, không phải cả hai.",
            'Ví dụ: congvu ask "Ai chủ trì …?"',
        )
    if batch is None and out is not None:
        raise BadInput("--out chỉ đi cùng --batch.", "Với một câu hỏi, dùng --json > TỆP.")
    if batch is not None and (history is not None or as_json):
        raise BadInput(
            "--batch không đi cùng --history hay --json.",
            "Lịch sử nằm trong từng dòng; kết quả luôn là JSON.",
        )
    settings = shell.load_settings()
    limit = settings.question_max_chars
    with shell.open_workspace(settings) as workspace:
        if batch is not None:
            _ask_batch(shell, workspace, read_batch(batch, limit), notice or (), batch, out)
            return
        asked = check_question(question or "", limit)
        turns = read_history(history, limit) if history is not None else ()
        notices = _ids(workspace, notice or ())
        assistant = open_assistant(shell, workspace)
        if as_json:
            answer = assistant.ask(asked, turns, notices)
            typer.echo(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2))
            return
        AnswerPrinter(assistant, shell.out, shell.err).ask(asked, turns, notices)
        put(shell.err, AI_NOTICE, style="dim")


def open_assistant(shell: Shell, workspace: Workspace) -> Answerer:
    """Open the assistant, showing the progress of an index that must be built first."""
    with CountProgress(INDEXING, shell.err, waiting="Đang mở mô hình…") as progress:
        return workspace.open_assistant(progress)


def _ids(workspace: Workspace, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(workspace.library.find(name).id for name in names)


@contextmanager
def _target(out: Path | None, batch: Path) -> Iterator[TextIO | None]:
    if out is None:
        yield None
        return
    if out.exists() and out.samefile(batch):
        raise BadInput(f"“{out}” chính là tệp câu hỏi.", "Chọn tệp khác cho --out.")
    try:
        target = out.open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise BadInput(
            f"Không ghi được “{out}”: {error.strerror}.", "Xem lại thư mục và quyền ghi."
        ) from error
    with target:
        yield target


def _ask_batch(  # noqa: PLR0913, PLR0917
    shell: Shell,
    workspace: Workspace,
    lines: Sequence[Asked | Unasked],
    names: Sequence[str],
    batch: Path,
    out: Path | None,
) -> None:
    """Answer line by line, each written as soon as it is there.

    Raises:
        typer.Exit: with code 2, when a line could not be answered.
    """
    notices = _ids(workspace, names)
    assistant = open_assistant(shell, workspace)
    failed = 0
    with _target(out, batch) as target, CountProgress("Trả lời", shell.err) as progress:
        progress(0, len(lines))
        for done, line in enumerate(lines, start=1):
            record = _answered(assistant, line, notices)
            failed += "error" in record
            typer.echo(json.dumps(record, ensure_ascii=False), file=target)
            if target is not None:
                target.flush()  # what a kill leaves are whole answers
            progress(done, len(lines))
    if failed:
        put(shell.err, f"{failed}/{len(lines)} câu không trả lời được, xem `error`.")
        raise typer.Exit(BadInput.exit_code)


def _answered(assistant: Answerer, line: Asked | Unasked, notices: Sequence[str]) -> dict[str, Any]:
    if isinstance(line, Unasked):
        return {"id": line.id, "error": _error(line.error)}
    try:
        answer = assistant.ask(line.question, line.history, notices)
    except Cancelled:
        raise
    except CongvuError as error:
        return {"id": line.id, "question": line.question, "error": _error(error)}
    return {"id": line.id, **answer.to_dict()}


def _error(error: CongvuError) -> dict[str, Any]:
    return {
        "kind": type(error).__name__,
        "message": error.message,
        "remedy": error.remedy,
        "exit_code": error.exit_code,
    }
