"""``congvu keys …``: who may call ``congvu serve``, and what for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

import typer
from rich import box
from rich.table import Column, Table

from assistant.runtime.home import make_home
from assistant.service import keys
from assistant.service.audit import log as audit_log
from assistant.service.audit.log import AuditLog, EventKind
from assistant.service.callers import LOCAL_NAME, Scope
from assistant.service.keys import KeyInfo, KeyStore
from corpus.dates import write_date
from ui.cli.console import put
from ui.cli.moments import moment_after
from ui.cli.notices import AsJson
from ui.cli.shell import Shell
from ui.wording import clean

app = typer.Typer(help="Khoá truy cập của `congvu serve`: tạo, xem, thu hồi.", no_args_is_help=True)


@app.command()
def create(  # noqa: PLR0913, PLR0917 - the options of one command
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="TÊN", help="Tên người hay phần mềm dùng khoá.")],
    scope: Annotated[
        list[Scope] | None,
        typer.Option(
            help="Quyền: ask (hỏi), read (xem văn bản), manage (quản lý); dùng được nhiều lần.",
            show_default="ask",
        ),
    ] = None,
    expires: Annotated[
        str | None,
        typer.Option(metavar="HẠN", help="Hạn dùng: 90d (số ngày) hoặc 2031-06-05 (hết ngày đó)."),
    ] = None,
    origin: Annotated[
        list[str] | None,
        typer.Option(
            metavar="URL",
            help="Chỉ dùng được từ trang web này (https://cong.tinh.gov.vn); quyền chỉ là ask;"
            " dùng được nhiều lần.",
        ),
    ] = None,
    per_minute: Annotated[
        int | None,
        typer.Option(
            metavar="SỐ", help="Số lần gọi mỗi phút; bỏ trống: theo thiết lập chung.", min=1
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tạo khoá và in ra một lần duy nhất."""
    shell = Shell.of(context)
    now = datetime.now().astimezone()
    with _open(shell) as (store, log):
        made = store.create(
            name,
            scope or [Scope.ASK],
            now,
            expires_at=moment_after(expires, now) if expires is not None else None,
            origins=origin or (),
            per_minute=per_minute,
        )
        _record(log, EventKind.KEY_CREATED, made.info)
    if as_json:
        told = {"key": made.text, **_json(made.info, now)}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    typer.echo(made.text)
    put(shell.err, "Hãy cất khoá này ngay: không xem lại được. Trên máy chỉ giữ mã băm của nó.")
    if made.info.origins:
        put(shell.err, f"Khoá chỉ dùng được từ: {', '.join(made.info.origins)}.")


@app.command("list")
def show(context: typer.Context, as_json: AsJson = False) -> None:
    """Liệt kê các khoá (không có phần bí mật)."""
    shell = Shell.of(context)
    now = datetime.now().astimezone()
    with _open(shell) as (store, _):
        known = store.list()
    if as_json:
        typer.echo(json.dumps([_json(one, now) for one in known], ensure_ascii=False, indent=2))
        return
    if not known:
        put(shell.err, "Chưa có khoá nào. Tạo bằng `congvu keys create TÊN`.")
        return
    key_id = Column("Mã", no_wrap=True)
    table = Table(
        key_id, "Tên", "Quyền", "Trang web", "Mỗi phút", "Tạo", "Hạn", "Tình trạng", box=box.SIMPLE
    )
    for one in known:
        table.add_row(
            one.id,
            clean(one.name),
            ", ".join(sorted(one.scopes)),
            ", ".join(one.origins),
            str(one.per_minute or ""),
            _day(one.created_at),
            _day(one.expires_at),
            _state(one, now),
        )
    shell.out.print(table)


@app.command()
def revoke(
    context: typer.Context,
    key: Annotated[str, typer.Argument(metavar="KHOÁ", help="Mã hoặc tên của khoá.")],
) -> None:
    """Thu hồi khoá: từ lúc này không dùng được nữa."""
    shell = Shell.of(context)
    with _open(shell) as (store, log):
        revoked = store.revoke(key, datetime.now().astimezone())
        _record(log, EventKind.KEY_REVOKED, revoked)
    put(shell.out, f"Đã thu hồi khoá {revoked.id} ({revoked.name}).")


@contextmanager
def _open(shell: Shell) -> Iterator[tuple[KeyStore, AuditLog]]:
    home = make_home(shell.load_settings().home)
    with (
        AuditLog.open(home / audit_log.FILE_NAME) as log,
        KeyStore.open(home / keys.FILE_NAME) as store,
    ):
        yield store, log


def _record(log: AuditLog, kind: EventKind, info: KeyInfo) -> None:
    # Without the name, which may be a person's: it could not be erased from here.
    detail = {"key": info.id, "scopes": sorted(info.scopes), "origins": list(info.origins)}
    log.append(kind, LOCAL_NAME, "done", detail=detail)


def _state(info: KeyInfo, now: datetime) -> str:
    if info.revoked_at is not None:
        return f"đã thu hồi {_day(info.revoked_at)}"
    return "đang dùng" if info.is_live(now) else "hết hạn"


def _day(moment: datetime | None) -> str:
    return write_date(moment.astimezone().date()) if moment is not None else ""


def _json(info: KeyInfo, now: datetime) -> dict[str, Any]:
    return {
        "id": info.id,
        "name": info.name,
        "scopes": sorted(info.scopes),
        "origins": list(info.origins),
        "per_minute": info.per_minute,
        "created_at": info.created_at.isoformat(),
        "expires_at": info.expires_at.isoformat() if info.expires_at else None,
        "revoked_at": info.revoked_at.isoformat() if info.revoked_at else None,
        "live": info.is_live(now),
    }
