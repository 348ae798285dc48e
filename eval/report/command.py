"""``congvu eval report``: writes the page of one or several runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corpus.errors import BadInput

FILE_NAME = "report.html"


def report_command(
    runs: Annotated[
        list[Path], typer.Argument(metavar="LẦN_CHẠY…", help="Thư mục của `congvu eval run`.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(metavar="TỆP", help=f"Nơi ghi; không có thì {FILE_NAME} ở lần chạy đầu."),
    ] = None,
) -> None:
    """Viết báo cáo HTML của một hay nhiều lần chạy: mục tiêu, biểu đồ, từng câu sai."""
    from eval.report.page import make_page  # noqa: PLC0415 - loads numpy
    from eval.report.run_data import load_runs  # noqa: PLC0415
    from eval.report.targets import load_targets  # noqa: PLC0415

    page = make_page(load_runs(runs), load_targets())
    path = out or runs[0] / FILE_NAME
    write_page(path, page)
    typer.echo(str(path))


def write_page(path: Path, page: str) -> None:
    """Write a page that only its owner can read: it holds questions and clauses.

    Raises:
        BadInput: it can't be written there.
    """
    beside = path.with_name(f"{path.name}.new")
    try:
        beside.touch(mode=0o600)
        beside.write_text(page, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise BadInput(f"Không ghi được “{path}”.", "Kiểm tra thư mục và quyền ghi.") from error
