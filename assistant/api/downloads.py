"""How a file is handed over so that a browser saves it and never runs it."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from corpus.text import fold

SAFE_HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
}
_PLAIN: Final = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST: Final = 80


def attachment(file_name: str) -> str:
    """Return a ``Content-Disposition`` for saving under a name (RFC 6266, RFC 8187).

    Args:
        file_name: any; what old programs read of it is in plain letters.
    """
    stem, dot, ending = file_name.rpartition(".")
    plain = _PLAIN.sub("-", fold(stem if dot else file_name)).strip("-.")[:_LONGEST] or "van-ban"
    plain += f".{_PLAIN.sub('', ending)}" if dot else ""
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"
