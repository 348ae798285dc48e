"""From the service's thread to the event loop, so that a caller who leaves stops the answer.

An answer is made in a worker thread that hands each event over at once and never waits for the
caller: one who reads slowly keeps no place in the queue. Meanwhile the connection is watched.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

from anyio import CapacityLimiter, to_thread
from starlette.types import Receive

from assistant.events import Done
from assistant.service.callers import Caller
from assistant.service.inquiries import Inquiry, Kept, Served
from assistant.service.service import Service
from corpus.errors import Cancelled

_END: Final = "end"
"""Handed over after the last event."""

SILENT_SECONDS: Final = 15.0
"""A proxy takes a connection that is silent for a minute for dead."""

Handed = Served | Exception | str


@dataclass(frozen=True, slots=True)
class Whole:
    """An answer with where it is stored."""

    done: Done
    kept: Kept


class Answering:
    """Runs questions in threads of their own.

    Args:
        service: answers them.
        threads: at most so many at the same time; it must leave room for those that the
            service's queue refuses at once.
    """

    def __init__(self, service: Service, threads: int) -> None:
        self._service = service
        self._threads = CapacityLimiter(threads)

    async def whole(self, inquiry: Inquiry, caller: Caller, receive: Receive) -> Whole:
        """Return the whole answer.

        Args:
            inquiry: the question.
            caller: who asks.
            receive: of the connection, its body read.

        Raises:
            Cancelled: the caller left.
            CongvuError: as ``Service.ask`` does.
        """
        kept = Kept(None, None, cached=False)
        done: Done | None = None
        async with self.opened(inquiry, caller, receive) as events:
            async for event in events:  # to the end: by then the audit log has it
                if isinstance(event, Kept):
                    kept = event
                elif isinstance(event, Done):
                    done = event
        if done is None:
            raise Cancelled("Câu trả lời đã bị dừng.")
        return Whole(done, kept)

    @asynccontextmanager
    async def opened(
        self, inquiry: Inquiry, caller: Caller, receive: Receive
    ) -> AsyncIterator[AsyncIterator[Served | None]]:
        """Start to answer, and stop when the block is left; arguments as for ``whole``.

        Yields:
            The events as they come, and None whenever there was none for a while. Reading them
            raises what ``Service.ask`` raises, and ``Cancelled`` when the caller leaves.
        """
        cancel = threading.Event()
        handed: asyncio.Queue[Handed] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def hand(item: Handed) -> None:
            with suppress(RuntimeError):  # the loop is closed: the process ends
                loop.call_soon_threadsafe(handed.put_nowait, item)

        def answer() -> None:
            events = self._service.ask(inquiry, caller, cancel)
            try:
                for event in events:
                    hand(event)
                    if cancel.is_set():
                        break
            except Exception as error:  # noqa: BLE001 - raised where the events are read
                hand(error)
            finally:
                _close(events)
                hand(_END)

        async def watch() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            cancel.set()
            handed.put_nowait(Cancelled("Người hỏi đã rời đi."))

        tasks = [
            asyncio.ensure_future(
                to_thread.run_sync(answer, abandon_on_cancel=True, limiter=self._threads)
            ),
            asyncio.ensure_future(watch()),
        ]
        try:
            yield _read(handed)
        finally:
            cancel.set()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _read(handed: asyncio.Queue[Handed]) -> AsyncIterator[Served | None]:
    patience: float | None = None  # before the first event, silence means nothing
    while True:
        try:
            # Not wait_for: in Python 3.11 it loses a cancellation that meets a result (gh-86296).
            async with asyncio.timeout(patience):
                item = await handed.get()
        except TimeoutError:
            yield None
            continue
        patience = SILENT_SECONDS
        if isinstance(item, Exception):
            raise item
        if isinstance(item, str):
            return
        yield item


def _close(events: object) -> None:
    close = getattr(events, "close", None)
    if close is not None:
        close()
