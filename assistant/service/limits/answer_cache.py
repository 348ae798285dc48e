"""Answers that were given before, for the same question on the same snapshot."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.contract import Answer
from assistant.understand.question import Turn


@dataclass(frozen=True, slots=True)
class CacheKey:
    """Everything that an answer depends on.

    Args:
        snapshot: id of the snapshot it was made from.
        question: as typed: a typo or a missing mark may change what is found.
        history: earlier turns.
        notices: ids of the only notices to look in, sorted.
    """

    snapshot: str
    question: str
    history: tuple[Turn, ...]
    notices: tuple[str, ...]

    @classmethod
    def of(
        cls, snapshot: str, question: str, history: Sequence[Turn], notices: Sequence[str]
    ) -> CacheKey:
        """Make the key; white space around the question doesn't count."""
        return cls(snapshot, question.strip(), tuple(history), tuple(sorted(set(notices))))


class AnswerCache:
    """The answers used last; any thread may use it.

    Models and prompts don't change while a process runs, so the snapshot is all that does.

    Args:
        size: answers kept; 0 keeps none.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._answers: OrderedDict[CacheKey, Answer] = OrderedDict()

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, key: CacheKey) -> Answer | None:
        """Return what was answered, or None."""
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def put(self, key: CacheKey, answer: Answer) -> None:
        """Keep an answer, and drop the one used longest ago where there is no room."""
        with self._lock:
            self._answers[key] = answer
            self._answers.move_to_end(key)
            while len(self._answers) > self._size:
                self._answers.popitem(last=False)

    def clear(self) -> None:
        """Forget everything, as when a notice was removed."""
        with self._lock:
            self._answers.clear()
