"""Telling a person how far a download is, on stderr."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)


class Reporter(Protocol):
    """Hears how a pull goes; its methods may be called from several threads."""

    def begin(self, title: str, total: int, done: int = 0) -> None:
        """A stage of ``total`` bytes begins, of which ``done`` are there already."""

    def advance(self, count: int) -> None:
        """``count`` more bytes are there (negative: they were dropped again)."""

    def say(self, message: str) -> None:
        """Something a person should know, one line."""


class SilentReporter:
    """Keeps quiet: for callers that show nothing."""

    def begin(self, title: str, total: int, done: int = 0) -> None:
        """See ``Reporter``."""

    def advance(self, count: int) -> None:
        """See ``Reporter``."""

    def say(self, message: str) -> None:
        """See ``Reporter``."""


class ConsoleReporter:
    """A bar with bytes, speed and time left; without a terminal, one line a stage.

    Args:
        console: where to draw; it should write to stderr.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            redirect_stdout=False,  # what goes into a pipe must not end up on the terminal
            disable=not console.is_terminal,
        )

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

    def begin(self, title: str, total: int, done: int = 0) -> None:
        """See ``Reporter``."""
        for task in self._bar.task_ids:
            self._bar.remove_task(task)
        self._bar.add_task(title, total=total, completed=done)
        if not self._console.is_terminal:
            self.say(f"{title}: {human_size(total)}" + (f", đã có {human_size(done)}" * bool(done)))

    def advance(self, count: int) -> None:
        """See ``Reporter``."""
        for task in self._bar.task_ids:
            self._bar.advance(task, count)

    def say(self, message: str) -> None:
        """See ``Reporter``."""
        self._console.print(message, markup=False, highlight=False, soft_wrap=True)


def human_size(count: int) -> str:
    """Return ``count`` bytes as people write it: ``1,1 GB``, ``35 MB``, ``312 B``."""
    for unit, name, digits in ((10**9, "GB", 1), (10**6, "MB", 0), (10**3, "kB", 0)):
        if count >= unit:
            return f"{count / unit:.{digits}f} {name}".replace(".", ",")
    return f"{count} B"
