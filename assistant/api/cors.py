"""Which pages of the web may call from a browser."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from assistant.service.keys import KeyStore
from assistant.service.origins import same_origin

_FRESH_SECONDS: Final = 5.0


class Origins:
    """The allow-list: from the settings, and those that living keys are bound to.

    Args:
        fixed: from the settings.
        keys: a key made or revoked counts within seconds.
        clock: seconds.
        now: the time, for keys that expire.
    """

    def __init__(
        self,
        fixed: tuple[str, ...],
        keys: KeyStore,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._fixed = fixed
        self._keys = keys
        self._clock = clock
        self._now = now
        self._bound: frozenset[str] = frozenset()
        self._read_at: float | None = None

    def allows(self, origin: str) -> bool:
        """Return whether a page of ``origin`` may read our answers."""
        clock = self._clock()
        if self._read_at is None or clock - self._read_at >= _FRESH_SECONDS:
            now = self._now()
            live = (key for key in self._keys.list() if key.is_live(now))
            self._bound = frozenset(origin for key in live for origin in key.origins)
            self._read_at = clock
        return any(same_origin(one, origin) for one in (*self._fixed, *self._bound))


class PortalCors(CORSMiddleware):
    """CORS (Fetch standard, 3.2) with a list that may change; no cookies, only keys.

    Args:
        app: the app.
        origins: the allow-list.
    """

    def __init__(self, app: ASGIApp, origins: Origins) -> None:
        super().__init__(
            app,
            allow_origins=(),
            allow_methods=("GET", "POST", "DELETE"),
            allow_headers=("Authorization", "Content-Type"),
            allow_credentials=False,
            expose_headers=("Retry-After",),
        )
        self._origins = origins

    def is_allowed_origin(self, origin: str) -> bool:
        """Return whether a page of ``origin`` may call."""
        return self._origins.allows(origin)
