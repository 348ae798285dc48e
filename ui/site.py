"""The whole site: API, web chat, widget, and signing in where keys are needed."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp

from assistant.api.app import create_api
from assistant.api.dependencies import ApiParts
from assistant.api.options import ApiOptions
from assistant.runtime.settings import Settings
from assistant.service.callers import Caller
from assistant.service.keys import KeyStore
from assistant.service.limits.rates import RateLimiter
from assistant.service.service import Service
from corpus.errors import Unauthenticated
from ui.sessions import COOKIE, SIGN_OUT, PagesNeedSession, Sessions, sign_in_routes
from ui.web import mount_chat
from ui.widget import mount_widget


def build_site(service: Service, keys: KeyStore, settings: Settings) -> ASGIApp:
    """Return the application that a server runs.

    Args:
        service: answers.
        keys: access keys.
        settings: where it listens, limits, allowed origins, path behind a proxy. Where callers
            need a key, people have to sign in with one.
    """
    options = ApiOptions.from_settings(settings)
    app = create_api(service, keys, options)
    parts: ApiParts = app.state.parts
    mount_widget(app)
    sessions = Sessions(keys, time.monotonic, lambda: datetime.now(UTC))

    def caller_of(connection: HTTPConnection) -> Caller:
        if not options.keys_required:
            return parts.access.caller(connection)
        caller = sessions.caller(connection.cookies.get(COOKIE))
        if caller is None:
            raise Unauthenticated("Phiên đăng nhập đã hết.", "Hãy tải lại trang và đăng nhập.")
        return caller

    if options.keys_required:
        app.include_router(sign_in_routes(sessions, RateLimiter(time.monotonic)))
        app.add_middleware(PagesNeedSession, sessions=sessions)
    # Below the page's own address, wherever a proxy puts it.
    sign_out = SIGN_OUT.lstrip("/") if options.keys_required else None
    mount_chat(app, service, parts.shelf, caller_of, sign_out=sign_out)
    return app
