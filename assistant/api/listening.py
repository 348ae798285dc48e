"""The socket that the service listens on."""

from __future__ import annotations

import socket

from corpus.errors import BadInput


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Each event of a stream leaves at once: asyncio asks for that itself only on sockets that name
    their protocol, which those of ``create_server`` don't, and the evidence would wait 40 ms for
    the delayed acknowledgement of the headers.

    Args:
        host: an address or name of this machine.
        port: or 0 for a free one.

    Raises:
        BadInput: the address is not this machine's, or another program has it.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise BadInput(
            f"Không nghe được ở {host}, cổng {port}: {error.strerror}.",
            "Chọn cổng khác bằng --port (0 để tự chọn), hoặc xem lại --host.",
        ) from error
    # Connections inherit it (Linux, BSD).
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
