"""What every command is given: how to get at the settings and the workspace, where to print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import typer
from rich.console import Console

from assistant.runtime.settings import Settings
from assistant.runtime.workspace import Workspace
from corpus.errors import BadInput, Cancelled
from corpus.text import fold
from ui.cli.console import open_console, put


@dataclass(frozen=True)
class Shell:
    """The surroundings of one run of a command.

    Args:
        load_settings: reads the settings.
        open_workspace: opens what they point to.
        is_interactive: whether a person sits at the keyboard.
    """

    load_settings: Callable[[], Settings]
    open_workspace: Callable[[Settings], Workspace]
    is_interactive: Callable[[], bool]

    @classmethod
    def of(cls, context: typer.Context) -> Shell:
        """Return the shell that ``run`` put into the context of every command."""
        shell = context.obj
        if not isinstance(shell, cls):
            raise TypeError(f"the context holds {shell!r} and no Shell")
        return shell

    def workspace(self) -> Workspace:
        """Open the workspace; the caller closes it."""
        return self.open_workspace(self.load_settings())

    def confirm(self, verb: str, described: str) -> None:
        """Ask the person at the keyboard before something is done that can't be undone.

        Args:
            verb: what is done, a Vietnamese verb in lower case.
            described: what it is done to.

        Raises:
            BadInput: nobody sits at the keyboard.
            Cancelled: the answer is not yes.
        """
        if not self.is_interactive():
            raise BadInput(
                f"Chưa {verb} {described}: không có ai ở bàn phím để xác nhận.",
                f"Thêm --yes nếu chắc chắn muốn {verb}.",
            )
        put(self.err, f"{verb.capitalize()} {described}? Gõ “có” để {verb}:")
        if fold(input().strip()) not in {"co", "c", "y", "yes"}:
            raise Cancelled(f"Không {verb} gì.")

    @property
    def out(self) -> Console:
        """Where answers go."""
        return open_console()

    @property
    def err(self) -> Console:
        """Where progress and diagnostics go."""
        return open_console(stderr=True)
