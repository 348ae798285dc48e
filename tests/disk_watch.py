"""Sees every file that is opened for writing, those without a name in a folder included."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

_watching: list[list[str]] = []


@contextmanager
def written() -> Iterator[list[str]]:
    """Give a list that fills with the paths opened for writing until the block is left.

    What C code opens itself (SQLite, FAISS) isn't seen.
    """
    _hook()
    paths: list[str] = []
    _watching.append(paths)
    try:
        yield paths
    finally:
        _watching[:] = [one for one in _watching if one is not paths]


def large(text: str) -> bytes:
    """More than the megabyte of a form that Starlette's own reader holds in memory."""
    return (text + "\n\n" + "Sở Nội vụ thực hiện nhiệm vụ.\n" * 40_000).encode()


@cache
def _hook() -> None:
    sys.addaudithook(_see)  # it can't be taken off again


def _see(event: str, arguments: tuple[object, ...]) -> None:
    if _watching and event == "open":
        path, _, flags = arguments
        # A descriptor was opened by its path before, and is seen there.
        is_path = not isinstance(path, int)
        if is_path and isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR):
            for paths in _watching:
                paths.append(str(path))
