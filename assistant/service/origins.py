"""Web origins, as browsers send them (RFC 6454): scheme, host and port, nothing else."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from corpus.errors import BadInput

_PORTS: Final = {"http": 80, "https": 443}


def parse_origin(text: str) -> str:
    """Return an origin as browsers send it: lower case, no default port, no slash at the end.

    Args:
        text: ``https://cong.tinh.gov.vn``, ``http://localhost:8080``.

    Raises:
        BadInput: it is no origin: another scheme, a path, ``*``, ``null``.
    """
    error = BadInput(
        f"“{text}” không phải địa chỉ trang web.",
        "Ghi dạng https://cong.tinh.gov.vn, không có đường dẫn phía sau.",
    )
    try:
        parts = urlsplit(text.strip())
        # Browsers send names with Vietnamese letters in their ASCII form.
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except ValueError as cause:  # UnicodeError is one
        raise error from cause
    bare = not (parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc)
    if parts.scheme not in _PORTS or not host or not bare or not _is_host(host):
        raise error
    shown = f"[{host}]" if ":" in host else host
    explicit = f":{port}" if port is not None and port != _PORTS[parts.scheme] else ""
    return f"{parts.scheme}://{shown}{explicit}"


def same_origin(allowed: str, sent: str | None) -> bool:
    """Return whether a request comes from an origin.

    Args:
        allowed: as ``parse_origin`` gave it.
        sent: the ``Origin`` header, or None where there is none.
    """
    if sent is None:
        return False
    try:
        return parse_origin(sent) == allowed
    except BadInput:
        return False


def _is_host(host: str) -> bool:
    return all(char.isascii() and (char.isalnum() or char in "-.:") for char in host)
