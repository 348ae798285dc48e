"""Printing text of unknown origin to terminals, files and pipes."""

from __future__ import annotations

import re
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

_UNLIMITED = 100_000  # columns: what goes into a file or a pipe is not wrapped
_LEAST = 20  # columns left for text, however narrow the terminal
_HOSTILE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def open_console(*, stderr: bool = False) -> Console:
    """Return a console that takes text as it is: no markup, no emoji codes, no highlighting.

    It writes no colour codes where the output is no terminal or ``NO_COLOR`` is set.
    """
    console = Console(stderr=stderr, markup=False, emoji=False, highlight=False)
    if not console.is_terminal:
        console.width = _UNLIMITED
    return console


def clean(text: str) -> str:
    """Replace what would act on a terminal instead of being shown.

    A document may hold escape sequences that recolour, retitle or overwrite what was printed,
    or that turn the direction of writing.
    """
    return _HOSTILE.sub("�", text.replace("\r\n", "\n").replace("\r", "\n"))


def put(console: Console, text: str, indent: int = 0, style: str = "") -> None:
    """Print ``text`` wrapped to the width of the terminal, each line indented."""
    width = max(_LEAST, console.width - indent)
    for line in Text(clean(text)).wrap(console, width):
        line.rstrip()
        console.print(Text(" " * indent) + line, style=style, soft_wrap=True)


class CountProgress:
    """A bar with time left on stderr; without a terminal, a line for each quarter done.

    Args:
        title: what is being done, in Vietnamese.
        console: where to draw; it should write to stderr.
    """

    def __init__(self, title: str, console: Console) -> None:
        self._title = title
        self._console = console
        self._quarter = -1
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            redirect_stdout=False,  # answers in a pipe must not end up on the terminal
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task(title, total=None, visible=False)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def __call__(self, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` are done."""
        if self._console.is_terminal:
            self._bar.update(self._task, completed=done, total=total, visible=True)
            return
        quarter = 4 * done // total if total else 4
        if quarter > self._quarter:
            self._quarter = quarter
            self._console.print(f"{self._title}: {done}/{total}")
