"""``congvu audit …``: who asked what, and whether the log is as it was written."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.table import Column, Table

from assistant.runtime.home import make_home
from assistant.service.audit.log import FILE_NAME, AuditLog, AuditRecord, EventKind, Head
from assistant.service.audit.schema import RESTORE
from assistant.service.callers import LOCAL_NAME
from assistant.service.history.conversations import FILE_NAME as HISTORY
from assistant.service.history.conversations import History
from corpus.dates import write_date
from corpus.errors import BadInput, Damaged
from ui.cli.console import put
from ui.cli.moments import moment_before
from ui.cli.notices import AsJson
from ui.cli.shell import Shell
from ui.wording import clean

app = typer.Typer(help="Nhật ký kiểm toán: xem, kiểm tra, xuất, xoá.", no_args_is_help=True)

_ERASED = "(đã xoá)"
_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})", re.ASCII)
_MOMENT = "90d (số ngày trước) hoặc 2031-06-05 (đầu ngày đó)"


@app.command()
def show(  # noqa: PLR0913, PLR0917 - the options of one command
    context: typer.Context,
    since: Annotated[
        str | None, typer.Option(metavar="LÚC", help=f"Chỉ từ lúc này: {_MOMENT}.")
    ] = None,
    caller: Annotated[
        str | None, typer.Option(metavar="TÊN", help="Chỉ của người gọi này.")
    ] = None,
    kind: Annotated[EventKind | None, typer.Option(help="Chỉ loại việc này.")] = None,
    limit: Annotated[
        int, typer.Option(metavar="SỐ", help="Nhiều nhất bao nhiêu bản ghi mới nhất.", min=1)
    ] = 50,
    as_json: AsJson = False,
) -> None:
    """Xem các bản ghi mới nhất và dấu cuối chuỗi (nên ghi lại dấu đó ở nơi khác)."""
    shell = Shell.of(context)
    moment = moment_before(since, _now()) if since is not None else None
    with _open(shell) as log:
        head = log.head()
        records = log.records(since=moment, caller=caller, kind=kind, limit=limit)
    if as_json:
        told = {
            "head": {"seq": head.seq, "hash": head.hash},
            "records": [one.to_dict() for one in records],
        }
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    if records:
        shell.out.print(_table(records))
    else:
        put(shell.err, "Không có bản ghi nào.")
    put(shell.out, f"Dấu cuối chuỗi: {head}")


@app.command()
def verify(
    context: typer.Context,
    head: Annotated[
        str | None,
        typer.Option(metavar="DẤU", help="Dấu đã ghi lại trước đây; bản ghi ấy phải còn nguyên."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Kiểm tra nhật ký có bị sửa, xoá, chèn hay đảo không."""
    shell = Shell.of(context)
    noted = _parse_head(head) if head is not None else None
    with _open(shell) as log:
        check = log.verify(noted)
    if as_json:
        typer.echo(json.dumps(check.to_dict(), ensure_ascii=False, indent=2))
    if not check.ok:
        raise Damaged(
            f"Nhật ký kiểm toán không còn nguyên vẹn, từ bản ghi {check.first_bad}:"
            f" {check.problem}.",
            RESTORE,
        )
    if not as_json:
        put(shell.out, f"Nhật ký nguyên vẹn: {check.records} bản ghi.")
        put(shell.out, f"Dấu cuối chuỗi: {check.head}")


@app.command()
def export(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp JSONL sẽ ghi ra.")],
) -> None:
    """Xuất toàn bộ nhật ký ra tệp JSONL (chỉ chủ tệp đọc được)."""
    shell = Shell.of(context)
    with _open(shell) as log:
        try:
            # A log names people: made readable for its owner alone, and never in another's place.
            number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise BadInput(f"Đã có tệp “{path}”.", "Chọn tên khác.") from error
        except OSError as error:
            raise BadInput(
                f"Không ghi được “{path}”: {error.strerror}.", "Xem lại thư mục và quyền ghi."
            ) from error
        with os.fdopen(number, "w", encoding="utf-8", newline="\n") as target:
            count = log.export(target)
        log.append(EventKind.EXPORT, LOCAL_NAME, "done", detail={"count": count})
    put(shell.out, f"Đã xuất {count} bản ghi ra {path}.")


@app.command()
def purge(
    context: typer.Context,
    before: Annotated[
        str | None, typer.Option(metavar="LÚC", help=f"Của các bản ghi trước lúc này: {_MOMENT}.")
    ] = None,
    caller: Annotated[str | None, typer.Option(metavar="TÊN", help="Của người gọi này.")] = None,
    history: Annotated[
        bool, typer.Option("--history", help="Xoá luôn lịch sử hỏi đáp tương ứng.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Không hỏi lại.")] = False,
) -> None:
    """Xoá hẳn dữ liệu cá nhân (ai hỏi, hỏi gì); bản ghi và chuỗi băm vẫn còn."""
    shell = Shell.of(context)
    if before is None and caller is None:
        raise BadInput("Cần --before hoặc --caller.", "Ví dụ: congvu audit purge --before 365d")
    if history and before is not None and caller is not None:
        raise BadInput(
            "--history chỉ đi cùng một trong hai: --before hoặc --caller.", "Chạy hai lần."
        )
    moment = moment_before(before, _now()) if before is not None else None
    if not yes:
        shell.confirm("xoá", "hẳn dữ liệu cá nhân, không khôi phục được")
    with _open(shell) as log:
        count = log.purge(before=moment, caller=caller, by=LOCAL_NAME)
    put(shell.out, f"Đã xoá dữ liệu cá nhân trong {count} bản ghi.")
    if history:
        with History.open(shell.load_settings().home / HISTORY) as chats:
            gone = chats.forget_before(moment) if moment else chats.forget_owner(caller or "")
        put(shell.out, f"Đã xoá {gone} cuộc hỏi đáp.")


@contextmanager
def _open(shell: Shell) -> Iterator[AuditLog]:
    with AuditLog.open(make_home(shell.load_settings().home) / FILE_NAME) as log:
        yield log


def _now() -> datetime:
    return datetime.now().astimezone()


def _parse_head(text: str) -> Head:
    found = _HEAD.fullmatch(text.strip())
    if found is None:
        raise BadInput(
            f"“{text}” không phải dấu của nhật ký.",
            "Chép lại dòng “Dấu cuối chuỗi” mà `congvu audit show` đã in.",
        )
    return Head(int(found[1]), found[2])


def _table(records: tuple[AuditRecord, ...]) -> Table:
    number = Column("Số", justify="right", no_wrap=True)
    table = Table(number, "Lúc", "Người gọi", "Việc", "Kết quả", "Câu hỏi", "Dẫn", box=box.SIMPLE)
    for one in records:
        at = one.at.astimezone()
        table.add_row(
            str(one.seq),
            f"{at:%H:%M:%S} {write_date(at.date())}",
            _ERASED if one.erased else clean(one.caller or ""),
            clean(one.kind),
            clean(one.outcome),
            clean(one.question or ""),
            ", ".join(clean(cited.clause_id) for cited in one.cited),
        )
    return table
