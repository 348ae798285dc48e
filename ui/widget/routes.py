"""Serves the widget's script and a page that shows it."""

from __future__ import annotations

import gzip
import hashlib
from importlib.resources import files

from fastapi import FastAPI, Request, Response

from ui.widget.script import widget_script

_HOUR = "public, max-age=3600, stale-while-revalidate=86400"
_ANY_PAGE = {
    # The script is there for other sites, also for those that isolate themselves (COEP) or ask
    # for it with `crossorigin` to check its hash (SRI). It holds nothing secret.
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
}
_DEMO_ONLY = {
    # As strict as a portal might be: the demo proves that the widget works under it.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
        " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self';"
        " require-trusted-types-for 'script'"
    ),
}


def mount_widget(app: FastAPI) -> None:
    """Add ``/widget/congvu-widget.js`` and ``/widget/demo.html`` to ``app``.

    Args:
        app: the application; its middlewares apply to these paths too.
    """
    folder = files("ui.widget")
    page = folder.joinpath("demo.html").read_text(encoding="utf-8")
    style = folder.joinpath("demo.css").read_text(encoding="utf-8")
    _add(app, "congvu-widget.js", "text/javascript", widget_script(), _ANY_PAGE)
    _add(app, "demo.html", "text/html", page, _DEMO_ONLY)
    _add(app, "demo.css", "text/css", style, {})


def _add(app: FastAPI, name: str, media_type: str, text: str, more: dict[str, str]) -> None:
    plain = text.encode()
    packed = gzip.compress(plain, mtime=0)
    tag = hashlib.sha256(plain).hexdigest()[:32]
    common = {
        "Cache-Control": _HOUR,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
        **more,
    }

    def send(request: Request) -> Response:
        small = "gzip" in request.headers.get("Accept-Encoding", "")
        headers = {**common, "ETag": f'"{tag}-gz"' if small else f'"{tag}"'}
        if headers["ETag"] in request.headers.get("If-None-Match", ""):
            return Response(status_code=304, headers=headers)
        if small:
            headers["Content-Encoding"] = "gzip"
        return Response(packed if small else plain, media_type=media_type, headers=headers)

    app.add_api_route(
        f"/widget/{name}", send, methods=["GET", "HEAD"], include_in_schema=False, name=name
    )
