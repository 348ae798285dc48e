"""Signing in to the web pages with an access key, where keys are needed."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from importlib.resources import files
from typing import Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.service.callers import Caller
from assistant.service.keys import KeyStore
from assistant.service.limits.rates import RateLimiter
from corpus.errors import NotAllowed, TooMany

COOKIE: Final = "congvu_session"
SIGN_IN: Final = "/dang-nhap"
SIGN_OUT: Final = "/dang-xuat"
_OPEN_PREFIXES: Final = ("/v1/", "/widget/")
_OPEN_PATHS: Final = frozenset(
    {SIGN_IN, "/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"}
)
_ATTEMPTS_PER_MINUTE: Final = 10
_MOST_SESSIONS: Final = 1000
_BODY_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class _Session:
    key: str
    ends: float


class Sessions:
    """Browsers that have signed in; forgotten when the process ends.

    The key is checked again at every request, so that a revoked one stops at once.

    Args:
        keys: the access keys.
        clock: seconds, for how long a session lasts.
        now: the time that keys expire by.
        seconds: how long a session lasts.
    """

    def __init__(
        self,
        keys: KeyStore,
        clock: Callable[[], float],
        now: Callable[[], datetime],
        seconds: float = 12 * 3600,
    ) -> None:
        self._keys = keys
        self._clock = clock
        self._now = now
        self._seconds = seconds
        self._lock = threading.Lock()
        self._sessions: OrderedDict[str, _Session] = OrderedDict()

    def start(self, key: str) -> str:
        """Check a key and return the token of a new session.

        Raises:
            NotAllowed: the key can't be used.
        """
        self._keys.check(key, self._now(), None)
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._sessions[token] = _Session(key, self._clock() + self._seconds)
            while len(self._sessions) > _MOST_SESSIONS:
                self._sessions.popitem(last=False)
        return token

    def caller(self, token: str | None) -> Caller | None:
        """Return whose session it is, or None if it is none or over."""
        with self._lock:
            session = self._sessions.get(token or "")
        if session is None or self._clock() >= session.ends:
            self.end(token)
            return None
        try:
            return self._keys.check(session.key, self._now(), None)
        except NotAllowed:
            self.end(token)
            return None

    def end(self, token: str | None) -> None:
        """Forget a session."""
        with self._lock:
            self._sessions.pop(token or "", None)


def sign_in_routes(sessions: Sessions, limiter: RateLimiter) -> APIRouter:
    """Return the pages for signing in and out.

    Args:
        sessions: where sessions are kept.
        limiter: bounds the attempts of one address.
    """
    router = APIRouter(include_in_schema=False)

    @router.get(SIGN_IN)
    def page() -> HTMLResponse:
        return _page("")

    @router.post(SIGN_IN)
    async def sign_in(request: Request) -> Response:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > _BODY_BYTES:
                return _page("Khoá quá dài. Hãy chép lại đúng khoá được cấp.", 413)
        key = parse_qs(body.decode("utf-8", errors="replace")).get("key", [""])[0].strip()
        if not key:
            return _page("Chưa có khoá truy cập. Hãy nhập khoá rồi đăng nhập.", 401)
        address = request.client.host if request.client is not None else ""
        try:
            limiter.take(f"sign-in {address}", _ATTEMPTS_PER_MINUTE)
            token = sessions.start(key)
        except (NotAllowed, TooMany) as error:
            return _page(str(error), 429 if isinstance(error, TooMany) else 401)
        answer = RedirectResponse(f"{request.scope.get('root_path', '')}/", 303)
        answer.set_cookie(
            COOKIE, token, httponly=True, samesite="strict", secure=request.url.scheme == "https"
        )
        return answer

    @router.post(SIGN_OUT)
    def sign_out(request: Request) -> Response:
        sessions.end(request.cookies.get(COOKIE))
        answer = RedirectResponse(f"{request.scope.get('root_path', '')}{SIGN_IN}", 303)
        answer.delete_cookie(COOKIE)
        return answer

    return router


class PagesNeedSession:
    """Sends a browser without a session to the sign-in page; the API has its own keys.

    Args:
        app: what is behind.
        sessions: who has signed in.
    """

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        self._app = app
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with a redirect."""
        if scope["type"] not in {"http", "websocket"} or self._may(scope):
            await self._app(scope, receive, send)
            return
        target = f"{scope.get('root_path', '')}{SIGN_IN}"
        await RedirectResponse(target, 303)(scope, receive, send)

    def _may(self, scope: Scope) -> bool:
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if path in _OPEN_PATHS or path.startswith(_OPEN_PREFIXES):
            return True
        cookies = cookie_parser(MutableHeaders(scope=scope).get("cookie", ""))
        return self._sessions.caller(cookies.get(COOKIE)) is not None


def _page(problem: str, status: int = 200) -> HTMLResponse:
    html = (files("ui") / "sign_in.html").read_text(encoding="utf-8")
    told = f'<p class="problem">{escape(problem)}</p>' if problem else ""
    headers = {
        "Content-Security-Policy": (
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self';"
            " frame-ancestors 'none'; base-uri 'none'"
        ),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    return HTMLResponse(html.replace("<!-- problem -->", told), status, headers)
