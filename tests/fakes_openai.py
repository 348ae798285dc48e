"""A small OpenAI-compatible server with real sockets and real server-sent events."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Body = dict[str, Any]
Answer = Callable[[Body], list[str]]
"""The pieces of an answer to a request's body."""


@dataclass
class FakeOpenAI:
    """What the server should do, and what it saw.

    Args:
        answer: gives the pieces; ``max_tokens`` cuts them, ``stop`` is left to the adapter.
        status: another HTTP status than 200, sent with ``error`` as its body.
        error: body of a refusal.
        events: sent instead of an answer, as they are.
        piece_seconds: between two pieces.
        silent: when given, nothing is sent until it is set.
    """

    answer: Answer
    status: int = 200
    error: bytes = b'{"error": {"message": "said so"}}'
    events: list[bytes] | None = None
    piece_seconds: float = 0.0
    silent: threading.Event | None = None
    url: str = ""
    bodies: list[Body] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    sent: int = 0
    left: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serve(fake: FakeOpenAI) -> Iterator[FakeOpenAI]:
    """Serve on a free local port until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body: Body = json.loads(self.rfile.read(length))
            fake.bodies.append({"path": self.path, **body})
            fake.headers.append(dict(self.headers))
            try:
                self._reply(body)
            except (BrokenPipeError, ConnectionResetError):
                fake.left.set()

        def _reply(self, body: Body) -> None:
            if fake.silent is not None:
                self._wait_silently(fake.silent)
            self.send_response(fake.status)
            if fake.status != 200:
                self.end_headers()
                self.wfile.write(fake.error)
                return
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            for event in fake.events if fake.events is not None else _events(fake, body):
                self.wfile.write(event)
                self.wfile.flush()
                fake.sent += 1
                time.sleep(fake.piece_seconds)

        def _wait_silently(self, silent: threading.Event) -> None:
            self.connection.settimeout(0.01)
            while not silent.is_set():
                try:
                    if self.connection.recv(1) == b"":
                        raise BrokenPipeError
                except TimeoutError:
                    continue
            self.connection.settimeout(None)

        def log_message(self, format: str, *args: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def event(delta: Body, finish: str | None = None) -> bytes:
    """Return one event of a chat completion stream."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return b"data: " + json.dumps({"choices": [choice]}, ensure_ascii=False).encode() + b"\n\n"


DONE = b"data: [DONE]\n\n"


def _events(fake: FakeOpenAI, body: Body) -> Iterator[bytes]:
    pieces = fake.answer(body)
    yield b": a comment\n\n"
    yield event({"role": "assistant", "content": None})
    for piece in pieces[: body["max_tokens"]]:
        yield event({"content": piece})
    yield event({}, "length" if len(pieces) > body["max_tokens"] else "stop")
    yield b'data: {"choices": [], "usage": {"total_tokens": 3}}\n\n'
    yield DONE
