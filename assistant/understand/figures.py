"""The words and figures of a text, in one form for comparing."""

from __future__ import annotations

import re

from corpus.text import fold, normalise, plain_number

_TOKEN = re.compile(r"\d+(?:[.,/-]\d+)*%?|[^\W\d_]+")


def figures(text: str) -> list[str]:
    """Return the numbers and dates of ``text`` in one form: no leading zeros, plain hyphens."""
    return [token for token in tokens(text) if token[0].isdigit()]


def tokens(text: str) -> list[str]:
    """Return the folded words and the figures of ``text``; a figure keeps its sign."""
    return [plain_number(fold(token)) for token in _TOKEN.findall(joined_ranges(text))]


def joined_ranges(text: str) -> str:
    """Return ``text`` normalised, with “3 – 5” written “3-5”."""
    return re.sub(r"(?<=\d)\s*[–-]\s*(?=\d)", "-", normalise(text))
