"""``congvu``: puts the commands together and runs one."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from importlib.metadata import EntryPoint, entry_points, version
from io import TextIOWrapper
from typing import Annotated, TextIO

import typer

from assistant.runtime.home import make_home
from assistant.runtime.settings import Settings
from assistant.runtime.workspace import Workspace
from ui.cli import ask, audit, conversation, diff, doctor, keys, models, notices, serve, watch
from ui.cli.console import open_console
from ui.cli.failures import exit_code_of, warnings_on
from ui.cli.shell import Shell

PLUGINS = "congvu.commands"
"""Entry points that add commands: a ``typer.Typer`` becomes a group, a function a command.

So ``eval`` has a command, though nothing below it may import it.
"""

_HELP = ("--help", "-h")


def build_app(plugins: Sequence[EntryPoint]) -> typer.Typer:
    """Return the command line with all its commands.

    Args:
        plugins: commands of other packages.
    """
    app = typer.Typer(
        name="congvu",
        help="Trợ lý tra cứu văn bản chỉ đạo: trả lời có dẫn điều khoản, chạy trên máy của bạn.",
        add_completion=False,
        pretty_exceptions_enable=False,
        invoke_without_command=True,
        context_settings={"help_option_names": list(_HELP)},
    )
    app.callback()(_main)
    app.command("add")(notices.add)
    app.command("watch")(watch.watch)
    app.command("text")(notices.text)
    app.command("list")(notices.show_list)
    app.command("show")(notices.show)
    app.command("diff")(diff.diff)
    app.command("correct")(notices.correct)
    app.command("remove")(notices.remove)
    app.command("index")(notices.index)
    app.command("ask")(ask.ask)
    app.command("chat")(conversation.chat)
    app.command("demo")(conversation.demo)
    app.command("serve")(serve.serve)
    app.command("doctor")(doctor.doctor)
    app.command("settings")(doctor.settings)
    app.add_typer(models.app, name="models")
    app.add_typer(keys.app, name="keys")
    app.add_typer(audit.app, name="audit")
    for plugin in plugins:
        command = plugin.load()
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=plugin.name)
        else:
            app.command(plugin.name)(command)
    return app


def run(arguments: Sequence[str], shell: Shell) -> int:
    """Run one command line and return its exit code.

    Args:
        arguments: without the program's name.
        shell: what the commands work with.
    """
    err = open_console(stderr=True)

    def command() -> object:
        if not arguments or not set(_HELP).isdisjoint(arguments):
            _speak_vietnamese()
        app = build_app(tuple(entry_points(group=PLUGINS)))
        return app(list(arguments), prog_name="congvu", standalone_mode=False, obj=shell)

    with warnings_on(err):
        return exit_code_of(command, err, lambda: make_home(shell.load_settings().home) / "logs")


def main() -> None:
    """Run the command line of this process."""
    # Read when torch is loaded: spinning OpenMP threads take the cores from each other, and a
    # query went from 45 ms to seconds as soon as the two cores had other work (measured).
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # Vietnamese whatever the locale says; a stray byte must not end the program.
            stream.reconfigure(encoding="utf-8", errors="replace")
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # of libraries, in English, for developers
    shell = Shell(Settings.load, Workspace, _is_interactive)
    try:
        code = run(sys.argv[1:], shell)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code)


def _is_interactive() -> bool:
    stdin: TextIO | None = sys.stdin  # None where it was closed, as by `<&-`
    return stdin is not None and stdin.isatty()


def _speak_vietnamese() -> None:
    """Put the fixed words of typer's help pages into Vietnamese."""
    from typer import rich_utils  # noqa: PLC0415 - only help pages need it

    rich_utils.ARGUMENTS_PANEL_TITLE = "Tham số"
    rich_utils.OPTIONS_PANEL_TITLE = "Tùy chọn"
    rich_utils.COMMANDS_PANEL_TITLE = "Lệnh"
    rich_utils.DEFAULT_STRING = "[mặc định: {}]"
    rich_utils.REQUIRED_LONG_STRING = "[bắt buộc]"


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"congvu {version('congvu')}")
        raise typer.Exit


def _main(
    context: typer.Context,
    show_version: Annotated[
        bool,
        typer.Option("--version", help="In số phiên bản.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Trợ lý tra cứu văn bản chỉ đạo: trả lời có dẫn điều khoản, chạy trên máy của bạn."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
