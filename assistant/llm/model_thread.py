"""One thread owns a model that only one caller may use; the others wait their turn."""

from __future__ import annotations

import atexit
import queue
import threading
from collections import deque
from collections.abc import Generator
from types import TracebackType
from typing import Final

from assistant.llm.base import Generation, GrammarLLM
from corpus.errors import Busy, NotReady

_POLL_SECONDS: Final = 0.05
"""How often a caller who waits for a token looks whether it was cancelled meanwhile."""


class _Stop(threading.Event):
    """The one event a model polls: set when the caller cancels or leaves, or the owner closes.

    ``left`` and ``shut`` are plain attributes: garbage collection may set ``left`` at any
    instruction of any thread, where taking the lock of an event could deadlock.
    """

    def __init__(self, cancel: threading.Event) -> None:
        super().__init__()
        self._cancel = cancel
        self.left = False
        self.shut = False

    @property
    def unwanted(self) -> bool:
        """Whether nobody waits for the answer any more."""
        return self.left or self._cancel.is_set()

    def is_set(self) -> bool:
        return self.unwanted or self.shut


class _Job:
    """A request with the way back to its caller; ``out`` ends with None or an exception."""

    def __init__(self, request: Generation, cancel: threading.Event) -> None:
        self.request = request
        self.stop = _Stop(cancel)
        self.out: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()

    def run(self, model: GrammarLLM) -> None:
        """Run the model to the end or to the stop, which it keeps to by its contract."""
        if self.stop.is_set():
            return
        try:
            for piece in model.generate(self.request, self.stop):
                self.out.put(piece)
        except Exception as error:  # noqa: BLE001 - not swallowed: raised in the caller's thread
            self.out.put(error)
        else:
            self.out.put(None)

    def end(self, error: Exception) -> None:
        """Stop the job and tell its caller why."""
        self.stop.shut = True
        self.out.put(error)


class _Answer(Generator[str, None, None]):
    """What the caller iterates over; closing or dropping it stops the job.

    It is a class because a generator function would join the queue only when first asked for
    a piece, and one that was never asked would not notice that it is closed.
    """

    def __init__(self, job: _Job) -> None:
        self._job = job
        self._ended = False

    def send(self, value: None, /) -> str:
        while not self._ended and not self._job.stop.unwanted:
            try:
                item = self._job.out.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                continue
            if isinstance(item, str):
                return item
            self._ended = True
            if item is not None:
                raise item
        self.close()
        raise StopIteration

    def throw(
        self,
        typ: BaseException | type[BaseException],
        val: BaseException | object = None,
        tb: TracebackType | None = None,
        /,
    ) -> str:
        self.close()
        raise typ

    def close(self) -> None:
        self._ended = True
        self._job.stop.left = True

    def __del__(self) -> None:
        self._job.stop.left = True


class ModelThread:
    """An LLM that many threads may call, around a model that only one may use.

    Callers are served first come first served. Who cancels or leaves while waiting is passed
    over without touching the model.

    Args:
        model: the model; the owner closes it.
        queue_size: callers that may wait besides the one being served.
    """

    def __init__(self, model: GrammarLLM, queue_size: int = 8) -> None:
        if queue_size < 1:
            raise ValueError(f"queue_size must be at least 1, not {queue_size}")
        self._model = model
        self._queue_size = queue_size
        self._changed = threading.Condition()
        self._waiting: deque[_Job] = deque()
        self._served: _Job | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name="llm-owner", daemon=True)
        self._thread.start()
        # A daemon thread still inside the model when the interpreter frees it would crash.
        atexit.register(self.close)

    @property
    def id(self) -> str:
        """Name and quantisation of the model."""
        return self._model.id

    @property
    def context_length(self) -> int:
        """Tokens that fit, prompt and output together."""
        return self._model.context_length

    @property
    def supports_grammar(self) -> bool:
        """Whether the model keeps to a grammar."""
        return self._model.supports_grammar

    def generate(self, request: Generation, cancel: threading.Event) -> Generator[str, None, None]:
        """Join the queue at once and return the answer's pieces.

        Raises:
            Busy: the queue is full; at once, not when the first piece is asked for.
            NotReady: the owner is closed.
        """
        job = _Job(request, cancel)
        with self._changed:
            if self._closed:
                raise _closed()
            # Those who left must not keep others out.
            self._waiting = deque(one for one in self._waiting if not one.stop.unwanted)
            if len(self._waiting) + (self._served is not None) > self._queue_size:
                raise Busy(
                    f"Mô hình đang bận, đã có {len(self._waiting)} câu hỏi chờ.",
                    "Hãy thử lại sau ít phút, hoặc tăng `queue_size` trong thiết lập.",
                )
            self._waiting.append(job)
            self._changed.notify()
        return _Answer(job)

    def close(self) -> None:
        """Stop the answer under way, join the thread and close the model."""
        with self._changed:
            if self._closed:
                return
            self._closed = True
            jobs = [*self._waiting, *filter(None, [self._served])]
            self._waiting.clear()
            self._changed.notify()
        for job in jobs:
            job.end(_closed())
        self._thread.join()
        self._model.close()
        atexit.unregister(self.close)

    def _serve(self) -> None:
        while (job := self._next()) is not None:
            job.run(self._model)

    def _next(self) -> _Job | None:
        with self._changed:
            self._served = None
            self._changed.wait_for(lambda: self._closed or self._waiting)
            if self._closed:
                return None
            self._served = self._waiting.popleft()
            return self._served


def _closed() -> NotReady:
    return NotReady("Mô hình ngôn ngữ đã đóng.", "Hãy mở lại trợ lý rồi hỏi lại.")
