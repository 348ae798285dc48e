"""``congvu eval …``: measures the assistant's answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from corpus.errors import BadInput
from eval.dataset import load_answers, load_questions
from eval.score import score

app = typer.Typer(help="Đo chất lượng câu trả lời.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep ``score`` a command of its own though it is the only one."""


@app.command("score")
def score_command(
    data: Annotated[Path, typer.Option(help="Bộ câu hỏi, JSONL.")],
    answers: Annotated[Path, typer.Option(help="Câu trả lời của `congvu ask --batch`, JSONL.")],
    as_json: Annotated[bool, typer.Option("--json", help="In báo cáo dạng JSON.")] = False,
    details: Annotated[
        Path | None, typer.Option(help="Ghi từng câu và lý do sai vào tệp JSONL này.")
    ] = None,
) -> None:
    """Chấm câu trả lời theo đáp án: độ đúng, trích dẫn, độ dài, từ chối."""
    questions = load_questions(data)
    report = score(questions, load_answers(answers, questions))
    if details is not None:
        lines = [json.dumps(record, ensure_ascii=False) for record in report.details()]
        try:
            details.write_text("\n".join(lines) + "\n", encoding="utf-8")
        except OSError as error:
            raise BadInput(
                f"Không ghi được “{details}”.", "Kiểm tra thư mục và quyền ghi."
            ) from error
    if as_json:
        typer.echo(json.dumps(report.to_json(), ensure_ascii=False, indent=2))
    else:
        Console().print(*report.tables(), sep="\n")
