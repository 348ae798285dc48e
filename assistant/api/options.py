"""How the HTTP API is guarded."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Self

from assistant.runtime.settings import Settings
from assistant.service.origins import parse_origin

ANY_HOST = "*"
LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class ApiOptions:
    """Bounds and permissions of the HTTP API.

    Args:
        keys_required: whether each caller needs a key. Without it, only programs on this very
            machine may call, and they may do everything.
        cors_origins: web origins whose pages may call, besides those that keys are bound to.
        root_path: what a proxy puts before each path.
        upload_max_mb: of an uploaded file.
        hosts: names by which the service may be called (``Host``), or ``*`` for any. Without keys
            a page of the web could otherwise reach it under a name that it points here.
        threads: questions that may be in work or in line, those refused at once included.
        body_max_bytes: of any other request.
        failures_per_minute: requests without a good key that an address is told 401 for;
            beyond, it is told 429.
    """

    keys_required: bool
    cors_origins: tuple[str, ...] = ()
    root_path: str = ""
    upload_max_mb: int = 10
    hosts: tuple[str, ...] = LOCAL_HOSTS
    threads: int = 32
    body_max_bytes: int = 1024 * 1024
    failures_per_minute: int = 30

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Take them from the settings; on any address but loopback, keys are always needed.

        Raises:
            BadInput: one of ``cors_origins`` is no origin.
        """
        keys = settings.require_keys or not is_loopback(settings.host)
        given = (one.strip() for one in settings.cors_origins.split(","))
        return cls(
            keys_required=keys,
            cors_origins=tuple(parse_origin(one) for one in given if one),
            root_path=settings.root_path,
            upload_max_mb=settings.upload_max_mb,
            hosts=(ANY_HOST,) if keys else LOCAL_HOSTS,
            threads=settings.parallel_questions + settings.queue_size + 16,
        )

    @property
    def upload_max_bytes(self) -> int:
        """Of a request that carries a file: the file and what surrounds it in the form."""
        return self.upload_max_mb * 1024 * 1024 + 64 * 1024


def is_loopback(host: str) -> bool:
    """Return whether an address or name means this machine alone."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
