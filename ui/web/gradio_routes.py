"""What of Gradio may be reached from outside: what the page itself needs, and nothing else."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OPEN: Final = re.compile(
    r"/|/config|/theme\.css|/manifest\.json|/favicon\.ico|/robots\.txt"
    r"|/(?:assets|static|svelte)(?:/[\w@-][\w.@-]*)+"
    r"|/gradio_api/(?:queue/(?:join|data)|run/predict|cancel|reset|startup-events|app_id"
    r"|heartbeat/\w+|theme\.css)/?"
)
"""No upload, no files, no proxy, no API pages, no monitoring, no component server."""

_LARGEST_BODY: Final = 256 * 1024
"""Bytes of what the page sends: a question and what it filters by."""

_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval';"
    " style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:;"
    " connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self';"
    " form-action 'self'; frame-ancestors 'none'"
)
"""Gradio builds its parts with ``new Function``; whatever is shown, nothing leaves this origin."""

_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_ADVERTISED: Final = re.compile(
    rb'\s*<meta\s+(?:property="og:|name="twitter:)[^>]*>|\s*<link rel="manifest"[^>]*>', re.DOTALL
)


def is_cross_site(scope: Scope) -> bool:
    """Whether a browser says that another site's page sends the request."""
    headers = Headers(scope=scope)
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    # Browsers leave the first header out on plain HTTP that is not this machine.
    return origin is not None and urlsplit(origin).netloc != headers.get("host", "")


class Gate:
    """Stands before Gradio's own application.

    Args:
        app: Gradio's.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what the page needs; its answers carry the security headers."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        refused = _refused(scope)
        if refused is not None:
            await refused(scope, receive, _with_headers(send))
            return
        if _path(scope) == "/":
            # Gradio would compress the page before it comes back here.
            plain = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
            await self._app({**scope, "headers": plain}, receive, _Page(send))
        else:
            await self._app(scope, receive, _with_headers(send))


class _Page:
    """Holds the page back to change what Gradio writes into every page: language and adverts."""

    def __init__(self, send: Send) -> None:
        self._send = _with_headers(send)
        self._start: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body") or self._start is None:
            return
        body = vietnamese_page(bytes(self._body))
        headers = MutableHeaders(raw=self._start["headers"])
        if "content-length" in headers:
            headers["content-length"] = str(len(body))
        headers["cache-control"] = "no-store"
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})


def vietnamese_page(body: bytes) -> bytes:
    """Return Gradio's page with its language said and without what advertises Gradio."""
    return _ADVERTISED.sub(b"", body).replace(b'lang="en"', b'lang="vi"', 1)


def _path(scope: Scope) -> str:
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "")) or "/"


def _refused(scope: Scope) -> PlainTextResponse | None:
    if not _OPEN.fullmatch(_path(scope)):
        return PlainTextResponse("Không có trang này.", 404)
    if scope["method"] in {"GET", "HEAD"}:
        return None
    if scope["method"] != "POST" or is_cross_site(scope):
        return PlainTextResponse("Không được phép.", 403)
    length = Headers(scope=scope).get("content-length", "")
    if not length.isdigit():
        return PlainTextResponse("Thiếu độ dài.", 411)
    if int(length) > _LARGEST_BODY:
        return PlainTextResponse("Nội dung gửi quá dài.", 413)
    return None


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            for name, value in _HEADERS.items():
                headers[name] = value
        await send(message)

    return sent
