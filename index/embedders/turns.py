"""Who may use a model next: one at a time, and those whom a person waits for come first.

A plain lock would not do: a thread that lets it go and takes it again at once, as an index build
does between two batches, nearly always gets it before a thread that has to be woken up. A question
then waits for the whole build.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """Lets one thread in at a time."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._taken = False
        self._urgent = 0  # how many wait whom a person waits for

    @contextmanager
    def urgent(self) -> Iterator[None]:
        """Take the next turn."""
        with self._changed:
            self._urgent += 1
            try:
                self._changed.wait_for(lambda: not self._taken)
            finally:
                self._urgent -= 1
            self._taken = True
        yield from self._turn()

    @contextmanager
    def patient(self) -> Iterator[None]:
        """Take a turn when nobody waits for an urgent one."""
        with self._changed:
            self._changed.wait_for(lambda: not (self._taken or self._urgent))
            self._taken = True
        yield from self._turn()

    def _turn(self) -> Iterator[None]:
        try:
            yield
        finally:
            with self._changed:
                self._taken = False
                self._changed.notify_all()
