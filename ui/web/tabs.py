"""What one browser tab shows, and how its answer is stopped."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ui.exchanges import Shown


@dataclass(frozen=True, slots=True)
class Tab:
    """The conversation of one tab; Gradio keeps one for each of its sessions.

    Args:
        conversation: id of the stored conversation, None before the first answer.
        title: of the conversation.
        exchanges: shown ones, the oldest first.
    """

    conversation: str | None = None
    title: str = ""
    exchanges: tuple[Shown, ...] = ()


class Running:
    """The answers that are being given, by tab; any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cancels: dict[str, threading.Event] = {}

    def __len__(self) -> int:
        return len(self._cancels)

    @contextmanager
    def begun(self, tab: str) -> Iterator[threading.Event]:
        """Give an event that ``stop`` sets; an answer still given in the same tab is stopped.

        Args:
            tab: Gradio's name of the session.
        """
        cancel = threading.Event()
        with self._lock:
            earlier = self._cancels.get(tab)
            self._cancels[tab] = cancel
        if earlier is not None:
            earlier.set()
        try:
            yield cancel
        finally:
            cancel.set()
            with self._lock:
                if self._cancels.get(tab) is cancel:
                    del self._cancels[tab]

    def stop(self, tab: str) -> None:
        """Stop what is answered in a tab, if anything is: Stop was pressed or the tab closed."""
        with self._lock:
            cancel = self._cancels.get(tab)
        if cancel is not None:
            cancel.set()

    def leave(self, tab: str) -> None:
        """Stop what is answered in a tab, which shows another conversation from now on."""
        with self._lock:
            cancel = self._cancels.pop(tab, None)
        if cancel is not None:
            cancel.set()

    def is_current(self, tab: str, cancel: threading.Event) -> bool:
        """Whether a tab still shows the answer that ``cancel`` stops."""
        with self._lock:
            return self._cancels.get(tab) is cancel
