"""An app on a free port of this machine, served by a thread of this process."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from assistant.api.listening import listening
from corpus.errors import NotReady

LOOPBACK: Final = "127.0.0.1"
_START_SECONDS: Final = 30.0
_STOP_SECONDS: Final = 30.0
_GRACE_SECONDS: Final = 5
_POLL_SECONDS: Final = 0.01


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Serve ``app`` while the block runs.

    Yields:
        its address, on loopback only.

    Raises:
        NotReady: it doesn't start.
    """
    with listening(LOOPBACK, 0) as listener:
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                ws="none",
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        )
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listener]}, name="load-server", daemon=True
        )
        thread.start()
        try:
            _wait_for(server, thread)
            yield f"http://{LOOPBACK}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(_STOP_SECONDS)


def _wait_for(server: uvicorn.Server, thread: threading.Thread) -> None:
    give_up = time.monotonic() + _START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > give_up:
            raise NotReady("Máy chủ để đo không mở được.", "Hãy chạy lại.")
        time.sleep(_POLL_SECONDS)
