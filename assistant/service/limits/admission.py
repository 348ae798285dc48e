"""Who may ask now, who waits, and who is told to come back."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from corpus.errors import Busy, Cancelled

_POLL_SECONDS: Final = 0.05
"""How often a caller who waits looks whether it was cancelled meanwhile."""

_WEIGHT: Final = 0.2
"""Of the latest question in the running mean of how long they take."""


class Admission:
    """Lets a bounded number of questions run, first come first served.

    Args:
        running: questions answered at the same time.
        waiting: questions that may wait besides; a further one is refused at once.
        clock: seconds, to tell those who are refused when to come back.
    """

    def __init__(
        self, running: int, waiting: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        if running < 1 or waiting < 0:
            raise ValueError(f"running must be ≥ 1 and waiting ≥ 0, not {running} and {waiting}")
        self._limit = running
        self._places = waiting
        self._changed = threading.Condition()
        self._clock = clock
        self._running = 0
        self._queue: deque[object] = deque()
        self._mean_s = 1.0  # how long a question lately took

    @property
    def running(self) -> int:
        """Questions being answered."""
        return self._running

    @property
    def waiting(self) -> int:
        """Questions that wait."""
        return len(self._queue)

    @contextmanager
    def entered(self, cancel: threading.Event) -> Iterator[None]:
        """Wait for one's turn, and keep the place until the block is left.

        Args:
            cancel: when set, the caller leaves the queue.

        Raises:
            Busy: the queue is full.
            Cancelled: the caller left while waiting.
        """
        self._enter(cancel)
        began = self._clock()
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._mean_s += _WEIGHT * (self._clock() - began - self._mean_s)
                self._changed.notify_all()

    def _enter(self, cancel: threading.Event) -> None:
        ticket = object()
        with self._changed:
            if self._running + len(self._queue) >= self._limit + self._places:
                raise Busy(
                    f"Hệ thống đang bận: {self._running} câu đang trả lời,"
                    f" {len(self._queue)} câu đang chờ.",
                    "Hãy thử lại sau ít giây.",
                    self._expected_s(),
                )
            self._queue.append(ticket)
            try:
                while self._queue[0] is not ticket or self._running >= self._limit:
                    if cancel.is_set():
                        raise Cancelled("Câu trả lời đã bị dừng.")
                    self._changed.wait(_POLL_SECONDS)
            except BaseException:
                self._queue.remove(ticket)
                self._changed.notify_all()
                raise
            self._queue.popleft()
            self._running += 1
            self._changed.notify_all()

    def _expected_s(self) -> float:
        """Seconds until those who are here have been served, by how long it lately took."""
        return self._mean_s * (self._running + len(self._queue)) / self._limit
