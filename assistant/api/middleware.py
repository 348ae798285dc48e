"""What every request passes: counting, headers, the name it is for, its size, the last net."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api.options import ANY_HOST
from assistant.api.problems import (
    Problem,
    http_problem,
    problem_of,
    respond,
    unexpected_problem,
)
from assistant.service.metrics import Metrics
from corpus.errors import NoSpace

_log = logging.getLogger("congvu.api")
_BODY_SECONDS: Final = 60.0
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_API: Final = ("/v1/", "/healthz", "/readyz", "/metrics", "/openapi.json")
_EVERYWHERE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def path_of(scope: Scope) -> str:
    """Return the path of a request without what a proxy put before it."""
    path, root = str(scope["path"]), str(scope.get("root_path", ""))
    return path[len(root) :] if root and path.startswith(f"{root}/") else path


class Counted:
    """Counts requests by route, method and status.

    Args:
        app: the app.
        metrics: counts.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and count when the answer begins."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        statuses: list[int] = []

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, counting)
        finally:
            # Paths and methods that callers make up would be figures without end.
            route = getattr(scope.get("route"), "path", None) or "other"
            method = scope["method"] if scope["method"] in _METHODS else "other"
            status = str(statuses[0]) if statuses else "none"
            self._metrics.requests.labels(route, method, status).inc()


class SecurityHeaders:
    """Adds what OWASP ASVS 5 (V3.4) asks for; what an app sets itself stays.

    Args:
        app: the app.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_api = path_of(scope).startswith(_API)
        policy = (
            "default-src 'none'; frame-ancestors 'none'" if is_api else "frame-ancestors 'self'"
        )

        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _EVERYWHERE.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", policy)
                if is_api:
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, adding)


class TrustedHosts:
    """Refuses names that are not ours (DNS rebinding).

    Args:
        app: the app.
        hosts: without ports; ``*`` for any.
    """

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...]) -> None:
        self._app = app
        self._hosts = frozenset(host.casefold() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is meant for us."""
        if scope["type"] == "lifespan" or ANY_HOST in self._hosts:
            await self._app(scope, receive, send)
            return
        host = _without_port(Headers(scope=scope).get("host", "")).casefold()
        if host in self._hosts:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            problem = http_problem(
                421,
                "Dịch vụ không nhận lời gọi qua tên máy này.",
                "Gọi bằng http://127.0.0.1, hoặc đặt CONGVU_REQUIRE_KEYS=true để dùng tên khác.",
            )
            await respond(problem)(scope, receive, send)


class BodyLimit:
    """Refuses bodies that are too large, or too slow, while they come in.

    Args:
        app: the app.
        limit: bytes allowed for a method and a path.
        seconds: until the body must be there.
    """

    def __init__(
        self, app: ASGIApp, limit: Callable[[str, str], int], seconds: float = _BODY_SECONDS
    ) -> None:
        self._app = app
        self._limit = limit
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, counting."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope["method"], path_of(scope))
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isascii() and declared.isdigit() and int(declared) > limit:
            await respond(_too_large(limit), {"Connection": "close"})(scope, receive, send)
            return
        seen, whole = 0, False
        deadline = asyncio.get_running_loop().time() + self._seconds

        async def counting() -> Message:
            nonlocal seen, whole
            if whole:  # waits for the caller to leave, as long as the answer takes
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError as error:
                raise HTTPException(408, headers={"Connection": "close"}) from error
            whole = not message.get("more_body", False)
            seen += len(message.get("body", b""))
            if seen > limit:
                raise HTTPException(413)
            return message

        await self._app(scope, counting, send)


class Unexpected:
    """Logs what nobody foresaw, and tells the caller nothing of it.

    Args:
        app: the app.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and catch."""
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except ClientDisconnect:
            return  # left before the body was whole: nobody is there to be told
        except Exception as error:
            if scope["type"] != "http" or started:
                raise
            full = isinstance(error, OSError) and error.errno in _FULL
            if not full:
                _log.exception("unexpected error")
            problem = problem_of(NoSpace("Ổ đĩa đầy.")) if full else unexpected_problem()
            await respond(problem)(scope, receive, send)


def _too_large(limit: int) -> Problem:
    return http_problem(413, f"Yêu cầu lớn hơn {limit} byte.")


def _without_port(host: str) -> str:
    return host[: host.find("]") + 1] if host.startswith("[") else host.partition(":")[0]
