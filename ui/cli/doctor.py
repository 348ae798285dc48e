"""``congvu doctor`` and ``congvu settings``: what is there, what is missing, what to do."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich import box
from rich.table import Column, Table

from assistant.runtime.settings import Settings
from corpus.errors import NotReady
from ui.cli.checks import Check, Level, run_checks
from ui.cli.console import put
from ui.cli.notices import AsJson
from ui.cli.shell import Shell

_MARKS = {Level.GOOD: ("✓", "green"), Level.NOTE: ("•", ""), Level.BAD: ("✗", "bold red")}


def doctor(context: typer.Context, as_json: AsJson = False) -> None:
    """Kiểm tra máy, mô hình, kho văn bản, chỉ mục và thiết lập."""
    shell = Shell.of(context)
    loaded = shell.load_settings()
    with shell.open_workspace(loaded) as workspace:
        checks = run_checks(workspace)
    if as_json:
        report = {
            "ready": not any(check.level is Level.BAD for check in checks),
            "checks": [check.to_dict() for check in checks],
            "settings": _settings_json(loaded),
        }
        typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        _print_checks(shell, checks)
        _print_settings(shell, loaded)
    if any(check.level is Level.BAD for check in checks):
        raise typer.Exit(NotReady.exit_code)


def settings(
    context: typer.Context,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="In bảng cho README: mọi mục và giá trị mặc định.")
    ] = False,
) -> None:
    """Liệt kê các thiết lập, giá trị đang dùng và nơi đặt chúng."""
    shell = Shell.of(context)
    if markdown:
        typer.echo(settings_markdown())
    else:
        _print_settings(shell, shell.load_settings())


def settings_markdown() -> str:
    """Return the table of settings that stands in the README."""
    rows = [
        f"| `{info.name}` | `{info.variable}` | {info.default} | {info.values} | {info.meaning} |"
        for info in Settings.describe()
    ]
    head = (
        "| Tên trong TOML | Biến môi trường | Mặc định | Giá trị | Ý nghĩa |\n|---|---|---|---|---|"
    )
    return "\n".join([head, *(row.replace("<", r"\<") for row in rows)])


def _print_checks(shell: Shell, checks: tuple[Check, ...]) -> None:
    out = shell.out
    for check in checks:
        mark, style = _MARKS[check.level]
        put(out, f"{mark} {check.name}: {check.said}", style=style)
        if check.remedy:
            put(out, f"→ {check.remedy}", indent=4)
    out.print()


def _print_settings(shell: Shell, loaded: Settings) -> None:
    name = Column("Thiết lập", no_wrap=True)
    value = Column("Giá trị", overflow="fold")
    table = Table(name, value, "Đặt ở", "Ý nghĩa", box=box.SIMPLE)
    values, origins = loaded.redacted(), Settings.origins()
    for info in Settings.describe():
        table.add_row(info.name, values[info.name] or "không đặt", origins[info.name], info.meaning)
    shell.out.print(table)


def _settings_json(loaded: Settings) -> dict[str, dict[str, str]]:
    values, origins = loaded.redacted(), Settings.origins()
    return {name: {"value": values[name], "origin": origins[name]} for name in values}
