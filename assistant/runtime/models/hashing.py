"""SHA-256 of files and streams, read in blocks so that a model never stands in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

BLOCK = 1 << 20
"""Bytes read at a time."""


def blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield what is left in ``stream``, ``BLOCK`` bytes at a time."""
    while block := stream.read(BLOCK):
        yield block


def sha256_of(path: Path, advance: Callable[[int], None] = lambda count: None) -> str:
    """Return the hexadecimal digest of a file; ``advance`` gets the bytes read each time."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in blocks(stream):
            digest.update(block)
            advance(len(block))
    return digest.hexdigest()
