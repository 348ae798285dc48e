"""The time that an answer may take, beside the caller who may leave before."""

from __future__ import annotations

import threading
from collections.abc import Callable


class TimeLimit(threading.Event):
    """Set when the caller leaves or the time is over.

    Args:
        cancel: set when the caller leaves.
        clock: seconds.
        seconds: time allowed.
    """

    def __init__(self, cancel: threading.Event, clock: Callable[[], float], seconds: float) -> None:
        super().__init__()
        self._cancel = cancel
        self._clock = clock
        self._end = clock() + seconds

    @property
    def is_over(self) -> bool:
        """Whether it is the time that ended it."""
        return not self._cancel.is_set() and self._clock() >= self._end

    def is_set(self) -> bool:
        """Whether nothing more should be done."""
        return super().is_set() or self._cancel.is_set() or self._clock() >= self._end


def is_out_of_time(cancel: threading.Event) -> bool:
    """Whether it is the time that ended an answer, and not its caller: who waits still wants it."""
    return isinstance(cancel, TimeLimit) and cancel.is_over
