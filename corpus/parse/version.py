"""Which code makes clauses out of a text; another may make others out of the same text."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

READING = (
    "corpus.blocks",
    "corpus.dates",
    "corpus.facts",
    "corpus.language",
    "corpus.notice",
    "corpus.parse",
    "corpus.readers",
    "corpus.text",
)
"""The modules, and whole packages, that a file's text passes through on its way to clauses."""


@cache  # the code of a running process does not change
def reading_code() -> str:
    """Return a hash of the code and the tables that make clauses out of a file.

    With another congvu the same file may give other clauses, and no number that a person has
    to raise by hand would always be raised.
    """
    digest = hashlib.sha256(unicodedata.unidata_version.encode())
    for file in sorted({file for name in READING for file in _files(name)}):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _files(name: str) -> Iterator[Path]:
    """The code of a module or a package, and the tables that lie beside it."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ImportError(f"no module {name}", name=name)
    module = Path(spec.origin)
    yield from module.parent.glob("*.toml")
    if spec.submodule_search_locations is None:
        yield module
    else:
        yield from module.parent.rglob("*.py")
