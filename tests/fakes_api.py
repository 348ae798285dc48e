"""The API over a service with fakes: in this process, and on a port of this machine."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fakes_service import open_service
from starlette.testclient import TestClient

from assistant.api.app import CongvuApi, create_api
from assistant.api.options import ANY_HOST, ApiOptions
from assistant.runtime.settings import Settings
from assistant.service.callers import Scope
from assistant.service.keys import KeyStore
from assistant.service.service import Service

REFUSED = "Ngân sách quốc phòng?"
OPEN = ApiOptions(keys_required=False)
CLOSED = ApiOptions(keys_required=True, hosts=(ANY_HOST,))


@dataclass
class Api:
    """The API and what it is made of."""

    service: Service
    keys: KeyStore
    app: CongvuApi

    def key(self, *scopes: Scope, name: str = "reader", **more: Any) -> str:
        """Make a key and return it."""
        return self.keys.create(name, scopes, datetime.now(UTC), **more).text

    def client(self, host: str = "127.0.0.1", **headers: str) -> TestClient:
        """Return a client on this machine, or at another address."""
        return TestClient(
            self.app,
            base_url="http://127.0.0.1:8017",
            headers=headers,
            client=(host, 50000),
            raise_server_exceptions=True,
        )

    def holder(self, *scopes: Scope, **more: Any) -> TestClient:
        """Return a client far away that has a key."""
        key = self.key(*scopes, name=f"{'-'.join(scopes)}", **more)
        return self.client("203.0.113.9", Authorization=f"Bearer {key}")


@contextmanager
def api_on(service: Service, options: ApiOptions = OPEN) -> Iterator[Api]:
    """Open keys beside a service."""
    with KeyStore.open(service.workspace.settings.home / "keys.sqlite") as keys:
        yield Api(service, keys, create_api(service, keys, options))


@contextmanager
def opened(
    settings: Settings, folder: Path, options: ApiOptions = OPEN, **more: Any
) -> Iterator[Api]:
    """Open a service on three notices, and the API on it."""
    service = open_service(settings, folder, **more)
    try:
        with api_on(service, options) as api:
            yield api
    finally:
        service.close()


@contextmanager
def served(app: CongvuApi, **more: Any) -> Iterator[str]:
    """Serve an app on a free port of this machine and yield its address."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_level="warning", server_header=False, ws="none", **more
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_for(lambda: server.started)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive(), "the server does not stop"


def wait_for(happened: Any, seconds: float = 5.0) -> float:
    """Wait until ``happened()`` and return the seconds it took."""
    start = time.monotonic()
    while not happened():
        assert time.monotonic() - start < seconds, "it did not happen in time"
        time.sleep(0.005)
    return time.monotonic() - start


def events_of(lines: Iterator[str]) -> list[tuple[str, Any]]:
    """Read server-sent events."""
    events: list[tuple[str, Any]] = []
    name = "message"
    for line in lines:
        if line.startswith("event: "):
            name = line[7:]
        elif line.startswith("data: "):
            text = line[6:]
            events.append((name, text if text == "[DONE]" else json.loads(text)))
        elif not line:
            name = "message"
    return events


def stream(client: Any, question: str, **more: Any) -> list[tuple[str, Any]]:
    """Ask for a stream and return its events."""
    body = {"question": question, "stream": True, **more}
    with client.stream("POST", "/v1/ask", json=body) as response:
        assert response.status_code == 200, response.read()
        assert response.headers["content-type"].startswith("text/event-stream")
        return events_of(response.iter_lines())


def assert_problem(response: httpx.Response | Any, status: int, code: str) -> dict[str, Any]:
    """Check that a response is a problem document, and return it."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["status"] == status
    assert problem["code"] == code
    assert problem["type"] == f"urn:congvu:problem:{code}"
    assert problem["title"]
    assert problem["detail"]
    assert problem["remedy"]
    return problem
