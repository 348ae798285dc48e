"""What one browser tab shows, and how its answer is stopped."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from assistant.contract import Citation
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


@dataclass(slots=True)
class _Answer:
    """An answer that is being given: how it is stopped, and what it cites so far."""

    cancel: threading.Event
    citations: Mapping[int, Citation] = field(default_factory=dict)


class Running:
    """The answers that are being given, by tab; any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: dict[str, _Answer] = {}

    def __len__(self) -> int:
        return len(self._answers)

    @contextmanager
    def begun(self, tab: str) -> Iterator[threading.Event]:
        """Give an event that ``stop`` sets; an answer still given in the same tab is stopped.

        Args:
            tab: Gradio's name of the session.
        """
        cancel = threading.Event()
        with self._lock:
            earlier = self._answers.get(tab)
            self._answers[tab] = _Answer(cancel)
        if earlier is not None:
            earlier.cancel.set()
        try:
            yield cancel
        finally:
            cancel.set()
            with self._lock:
                if self._is_current(tab, cancel):
                    del self._answers[tab]

    def stop(self, tab: str) -> None:
        """Stop what is answered in a tab, if anything is: Stop was pressed or the tab closed."""
        with self._lock:
            answer = self._answers.get(tab)
        if answer is not None:
            answer.cancel.set()

    def leave(self, tab: str) -> None:
        """Stop what is answered in a tab, which shows another conversation from now on."""
        with self._lock:
            answer = self._answers.pop(tab, None)
        if answer is not None:
            answer.cancel.set()

    def is_current(self, tab: str, cancel: threading.Event) -> bool:
        """Whether a tab still shows the answer that ``cancel`` stops."""
        with self._lock:
            return self._is_current(tab, cancel)

    def note(self, tab: str, cancel: threading.Event, citations: Mapping[int, Citation]) -> None:
        """Keep what the answer that ``cancel`` stops cites, by marker, while it is being given."""
        with self._lock:
            if self._is_current(tab, cancel):
                self._answers[tab].citations = citations

    def citation(self, tab: str, marker: int) -> Citation | None:
        """Return what is cited with a marker in the answer that is being given, or None."""
        with self._lock:
            answer = self._answers.get(tab)
        return None if answer is None else answer.citations.get(marker)

    def _is_current(self, tab: str, cancel: threading.Event) -> bool:
        answer = self._answers.get(tab)
        return answer is not None and answer.cancel is cancel
