"""``congvu diff``: what changed between two versions of a notice."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from assistant.contract import CitedClause
from assistant.runtime.workspace import Changes
from corpus.notice import Clause
from corpus.parse.changes import ClauseChange
from ui.cli.console import put
from ui.cli.notices import AsJson, NoticeName, described
from ui.cli.shell import Shell


def diff(
    context: typer.Context,
    name: NoticeName,
    since: Annotated[
        str | None,
        typer.Option(metavar="MÃ", help="Mã của bản cũ; bỏ trống: bản ngay trước."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """So bản đang dùng của một văn bản với bản trước, từng điều khoản."""
    shell = Shell.of(context)
    with shell.workspace() as workspace:
        changes = workspace.changes(name, since)
    if as_json:
        typer.echo(json.dumps(_json(changes), ensure_ascii=False, indent=2))
        return
    before, after = changes.before, changes.after
    put(
        shell.out,
        f"{described(after.header, after.file_name)}: bản {after.id}"
        f" (thêm {after.added_at:%d/%m/%Y}) so với bản {before.id}"
        f" (thêm {before.added_at:%d/%m/%Y}).",
        style="bold",
    )
    if not changes.clauses:
        put(shell.out, "Không điều khoản nào khác.")
    for change in changes.clauses:
        _print(shell.out, change)


def _print(out: Console, change: ClauseChange) -> None:
    labels = [one.label for one in (change.before, change.after) if one is not None]
    out.print()
    put(out, f"{change.kind.vietnamese}: {' → '.join(dict.fromkeys(labels))}", style="bold")
    old, new = change.words
    if change.before is not None:
        put(out, f"- {_marked(old)}", 2, "red")
    if change.after is not None:
        put(out, f"+ {_marked(new)}", 2, "green")


def _marked(words: tuple[str, str, str]) -> str:
    """Put what differs in brackets, unless that is everything or nothing."""
    start, middle, end = words
    if middle and (start or end):
        middle = f"[{middle}]"
    return " ".join(part for part in (start, middle, end) if part)


def _json(changes: Changes) -> dict[str, object]:
    return {
        "before": changes.before.id,
        "after": changes.after.id,
        "changes": [
            {
                "kind": one.kind.value,
                "before": _clause(one.before),
                "after": _clause(one.after),
            }
            for one in changes.clauses
        ],
    }


def _clause(clause: Clause | None) -> dict[str, object] | None:
    return asdict(CitedClause.of(clause)) if clause is not None else None
