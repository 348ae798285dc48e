"""Printing text of unknown origin to terminals, files and pipes."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from ui.wording import clean

_UNLIMITED = 100_000  # columns: what goes into a file or a pipe is not wrapped
_LEAST = 20  # columns left for text, however narrow the terminal
_WORTH_TELLING = 20
"""Files: to read so many takes a while."""


def open_console(*, stderr: bool = False) -> Console:
    """Return a console that takes text as it is: no markup, no emoji codes, no highlighting.

    It writes no colour codes where the output is no terminal or ``NO_COLOR`` is set.
    """
    console = Console(stderr=stderr, markup=False, emoji=False, highlight=False)
    if not console.is_terminal:
        console.width = _UNLIMITED
    return console


def put(console: Console, text: str, indent: int = 0, style: str = "") -> None:
    """Print ``text`` wrapped to the width of the terminal, each line indented."""
    width = max(_LEAST, console.width - indent)
    for line in Text(clean(text)).wrap(console, width):
        line.rstrip()
        console.print(Text(" " * indent) + line, style=style, soft_wrap=True)


class CountProgress:
    """A bar with time left on stderr; without a terminal, a line for each tenth done.

    Args:
        title: what is being done, in Vietnamese.
        console: where to draw; it should write to stderr.
        waiting: what is being done until the first count, shown on a terminal only.
        clock: seconds.
    """

    def __init__(
        self,
        title: str,
        console: Console,
        waiting: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._title = title
        self._console = console
        self._clock = clock
        self._began: tuple[float, int] | None = None
        self._tenth = -1
        self._shown = title
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[count]}"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            redirect_stdout=False,  # answers in a pipe must not end up on the terminal
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task(waiting, total=None, visible=bool(waiting), count="")

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
        self._show(self._title, done, total)

    def titled(self, title: str) -> Callable[[int, int], None]:
        """Return what counts something else that comes before, on the same bar.

        A few are done before anybody reads of them, so without a terminal they are not told.
        """

        def count(done: int, total: int) -> None:
            if total >= _WORTH_TELLING or self._console.is_terminal:
                self._show(title, done, total)

        return count

    def _show(self, title: str, done: int, total: int) -> None:
        if title != self._shown:
            self._shown, self._began, self._tenth = title, None, -1
        now = self._clock()
        self._began = self._began or (now, done)
        if self._console.is_terminal:
            self._bar.update(
                self._task,
                description=title,
                completed=done,
                total=total,
                visible=True,
                count=f"{done}/{total}",
            )
            return
        tenth = 10 * done // total if total else 10
        if tenth > self._tenth:
            self._tenth = tenth
            began, before = self._began
            left = (now - began) / (done - before) * (total - done) if done > before else 0.0
            self._console.print(f"{title}: {done}/{total}" + _left(left))


def _left(seconds: float) -> str:
    if seconds < 1:
        return ""
    return f", còn {seconds / 60:.0f} phút" if seconds >= 90 else f", còn {seconds:.0f} giây"
