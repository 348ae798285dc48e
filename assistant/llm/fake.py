"""A language model whose answers are written beforehand, for tests."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from typing import Final

from assistant.llm.base import Generation
from assistant.llm.stops import StopFilter
from corpus.errors import NotReady

Reply = str | Exception | Callable[[Generation], str]
"""What to answer, what to raise, or how to work out the answer from the request."""

_WAIT_SECONDS: Final = 10.0


class QueueLLM:
    """Answers each request with the next reply, in small pieces; a piece is its token.

    It honours ``cancel``, ``stop`` and ``max_tokens``; a grammar is only recorded.

    Args:
        replies: one for each request to come. An exception is raised as it is.
        context_length: as reported; nothing is counted.
        piece: characters of a piece.
        gate: when given, each piece waits for it to be set, so that a test can act between
            two pieces; the test opens it and clears it.
        supports_grammar: what it says of itself.

    Attributes:
        requests: every request taken up, in order.
        pieces: how many pieces were produced altogether.
        closed: whether it was closed.
    """

    def __init__(
        self,
        replies: Iterable[Reply] = (),
        *,
        context_length: int = 4096,
        piece: int = 4,
        gate: threading.Event | None = None,
        supports_grammar: bool = True,
    ) -> None:
        self._replies = deque(replies)
        self._context_length = context_length
        self._piece = piece
        self._gate = gate
        self._supports_grammar = supports_grammar
        self._lock = threading.Lock()
        self.requests: list[Generation] = []
        self.pieces = 0
        self.closed = False

    @property
    def id(self) -> str:
        """Name, as reported in ``versions``."""
        return "fake"

    @property
    def context_length(self) -> int:
        """Tokens that fit, as told to the constructor."""
        return self._context_length

    @property
    def supports_grammar(self) -> bool:
        """Whether it says that grammars are kept to."""
        return self._supports_grammar

    def generate(self, request: Generation, cancel: threading.Event) -> Generator[str, None, None]:
        """Yield the next reply piece by piece.

        Raises:
            AssertionError: no reply is left.
            NotReady: it is closed.
        """
        text = self._take(request)
        stop = StopFilter(request.stop)
        starts = range(0, len(text), self._piece)
        for start in starts[: request.max_tokens]:
            if self._gate is not None and not self._wait(self._gate, cancel):
                return
            if cancel.is_set():
                return
            self.pieces += 1
            if piece := stop.feed(text[start : start + self._piece]):
                yield piece
            if stop.done:
                return
        if held := stop.flush():
            yield held

    def close(self) -> None:
        """Refuse later requests."""
        self.closed = True

    def _take(self, request: Generation) -> str:
        with self._lock:
            if self.closed:
                raise NotReady("Mô hình giả đã đóng.", "Hãy mở lại.")
            self.requests.append(request)
            if not self._replies:
                raise AssertionError(
                    f"QueueLLM has no reply left for request {len(self.requests)}: {request}"
                )
            reply = self._replies.popleft()
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, str) else reply(request)

    @staticmethod
    def _wait(gate: threading.Event, cancel: threading.Event) -> bool:
        """Wait for the gate; return False when cancelled before."""
        for _ in range(int(_WAIT_SECONDS / 0.01)):
            if gate.wait(0.01):
                return True
            if cancel.is_set():
                return False
        raise AssertionError(f"QueueLLM waited {_WAIT_SECONDS} s for its gate")
