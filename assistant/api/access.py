"""Who is calling: by key, or because the call comes from this very machine."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from starlette.requests import HTTPConnection

from assistant.api.options import ApiOptions, is_loopback
from assistant.service.callers import Caller, Scope, local_caller
from assistant.service.keys import KeyStore
from assistant.service.limits.rates import RateLimiter
from assistant.service.origins import same_origin
from corpus.errors import Forbidden, NotAllowed, Unauthenticated

_KEY_PREFIX: Final = "congvu_"
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_ADDRESSES: Final = 4096
_log = logging.getLogger("congvu.api")


class Access:
    """Tells who is calling.

    Failures are limited per address, good keys never: behind one address there may be a whole
    agency, and one program with a wrong key must not lock out the others. To guess a key of 256
    random bits is hopeless at any speed; the limit keeps the log readable.

    Args:
        keys: the keys there are.
        options: whether they are needed.
        clock: seconds, for the limit of failures.
        now: the time, for keys that expire.
        denied: hears of each refused key, with the class of the error.
    """

    def __init__(
        self,
        keys: KeyStore,
        options: ApiOptions,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        denied: Callable[[str], None] = lambda error: None,
    ) -> None:
        self._keys = keys
        self._options = options
        self._failures = RateLimiter(clock, _ADDRESSES)
        self._now = now
        self._denied = denied

    def caller(self, connection: HTTPConnection) -> Caller:
        """Return who calls.

        Without keys, what is sent in place of one is ignored: programs made for OpenAI always
        send something. A key of ours is always checked.

        Raises:
            Unauthenticated: a key is needed and there is none, or it is no good.
            Forbidden: the key is not for the page that calls, or a page of another site calls a
                service without keys.
            TooMany: the address failed too often.
        """
        presented = _presented(connection)
        if self._is_open(connection) and not presented.startswith(_KEY_PREFIX):
            self._check_page(connection)
            return local_caller()
        address = connection.client.host if connection.client is not None else ""
        try:
            return self._keys.check(presented, self._now(), connection.headers.get("origin"))
        except NotAllowed as error:
            _log.warning("%s from %s", type(error).__name__, address or "?")
            self._failures.take(address, self._options.failures_per_minute)
            # After the limit: nobody shall fill the audit log by trying keys.
            self._denied(type(error).__name__)
            raise

    def may_see_figures(self, connection: HTTPConnection) -> None:
        """Check that the caller may read what is counted.

        Raises:
            Unauthenticated, TooMany: as for ``caller``.
            Forbidden: the key lacks the scope ``manage``.
        """
        if is_local(connection) and not _presented(connection).startswith(_KEY_PREFIX):
            return
        if not self.caller(connection).may(Scope.MANAGE):
            raise Forbidden(
                "Số liệu vận hành chỉ dành cho khoá có quyền manage.",
                "Dùng khoá khác, hoặc xem từ chính máy chủ.",
            )

    def _is_open(self, connection: HTTPConnection) -> bool:
        if self._options.keys_required:
            return False
        if not is_local(connection):
            raise Unauthenticated(
                "Dịch vụ này chỉ nhận lời gọi từ chính máy chủ.",
                "Muốn gọi từ nơi khác: đặt CONGVU_REQUIRE_KEYS=true và tạo khoá bằng"
                " `congvu keys create`.",
            )
        return True

    def _check_page(self, connection: HTTPConnection) -> None:
        """Refuse the pages of other sites: a browser on this machine carries them here."""
        origin = connection.headers.get("origin")
        own = f"{connection.url.scheme}://{connection.headers.get('host', '')}"
        if origin is None or origin == own:
            return
        if not any(same_origin(one, origin) for one in self._options.cors_origins):
            raise Forbidden(
                "Trang đang gọi không thuộc danh sách được phép.",
                "Thêm địa chỉ trang vào CONGVU_CORS_ORIGINS.",
            )


def is_local(connection: HTTPConnection) -> bool:
    """Return whether a program on this machine calls, and not a proxy for another one."""
    client = connection.client
    forwarded = any(name in connection.headers for name in _FORWARDED)
    return client is not None and is_loopback(client.host) and not forwarded


def _presented(connection: HTTPConnection) -> str:
    scheme, _, key = connection.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.casefold() == "bearer" else ""
