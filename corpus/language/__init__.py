"""Word tables of Vietnamese, as data: each table a TOML file beside this one, read here alone."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read_table(name: str) -> dict[str, Any]:
    """Return a table; callers must not change it.

    Args:
        name: of the file, without ``.toml``.

    Raises:
        FileNotFoundError: there is no such table.
    """
    text = files("corpus.language").joinpath(f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)
