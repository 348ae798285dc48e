"""Server-sent events (HTML standard, 9.2) that stop the answer when their reader leaves."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from assistant.api.answering import Answering
from assistant.api.problems import (
    Problem,
    headers_of,
    problem_of,
    respond,
    unexpected_problem,
)
from assistant.service.callers import Caller
from assistant.service.inquiries import Inquiry, Served
from corpus.errors import Cancelled, CongvuError

PING: Final = b": ...\n\n"
_log = logging.getLogger("congvu.api")

Written = Callable[[Served], Iterable[bytes]]
"""Writes an event of the service as server-sent events."""


def sse(data: object, event: str | None = None) -> bytes:
    """Return one server-sent event; JSON keeps its data on one line."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    name = f"event: {event}\n" if event is not None else ""
    return f"{name}data: {text}\n\n".encode()


class EventStream(Response):
    """Answers one question as server-sent events.

    Nothing is sent before the first event, so that a full queue, a missing scope or a bad
    question still get a status of their own. What goes wrong later becomes an event.

    Args:
        answering: makes the answer.
        inquiry: the question.
        caller: who asks.
        write: turns an event into bytes.
        fail: turns a problem after the first event into bytes.
        adapt: changes the problem document that is sent in place of the stream.
    """

    media_type = "text/event-stream"

    def __init__(  # noqa: PLR0913, PLR0917 - the parts of one response
        self,
        answering: Answering,
        inquiry: Inquiry,
        caller: Caller,
        write: Written,
        fail: Callable[[Problem], bytes],
        adapt: Callable[[Problem], Problem] = lambda problem: problem,
    ) -> None:
        super().__init__(
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
            media_type=self.media_type,
        )
        # A stream has no length that could be known.
        del self.headers["content-length"]
        self._answering = answering
        self._inquiry = inquiry
        self._caller = caller
        self._write = write
        self._fail = fail
        self._adapt = adapt

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events; see the class."""
        started = False
        try:
            async with self._answering.opened(self._inquiry, self._caller, receive) as events:
                async for event in events:
                    if not started:
                        started = True
                        await self._start(send)
                    for chunk in (PING,) if event is None else self._write(event):
                        await _send(send, chunk)
        except Cancelled:
            if not started:
                await self._refuse(Cancelled("Câu trả lời đã bị dừng."), scope, receive, send)
                return
        except CongvuError as error:
            if not started:
                await self._refuse(error, scope, receive, send)
                return
            await _send(send, self._fail(problem_of(error)))
        except Exception:
            if not started:
                raise
            _log.exception("an answer broke off")
            await _send(send, self._fail(unexpected_problem()))
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _start(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})

    async def _refuse(self, error: CongvuError, scope: Scope, receive: Receive, send: Send) -> None:
        response = respond(self._adapt(problem_of(error)), headers_of(error))
        await response(scope, receive, send)


async def _send(send: Send, chunk: bytes) -> None:
    await send({"type": "http.response.body", "body": chunk, "more_body": True})
