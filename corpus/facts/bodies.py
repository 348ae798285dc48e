"""Names of bodies that are set on several lines, as in the head of a document."""

from __future__ import annotations

from functools import cache

from corpus.language import read_table
from corpus.text import fold


def begins_body(line: str) -> bool:
    """Return whether a line of a head begins the name of another body than the line above.

    ``TỔ GIÚP VIỆC`` does under ``BAN CHỈ ĐẠO``, ``VIỆT NAM`` and ``MÔI TRƯỜNG`` go on with a name.
    """
    return f"{fold(line)} ".startswith(_bodies()[0])


def ends_presiding(line: str) -> bool:
    """Return whether a line of a head ends in who presides over what the next line names."""
    return f" {fold(line)}".endswith(_bodies()[1])


@cache
def _bodies() -> tuple[tuple[str, ...], tuple[str, ...]]:
    data = read_table("abbreviations")
    first = [*data["agencies"], *data["patterns"]["heads"], *data["patterns"]["bodies"]]
    return (
        tuple(f"{fold(word)} " for word in first),
        tuple(f" {fold(word)}" for word in data["patterns"]["presiding"]),
    )
