r"""Figures that were read with little confidence, and how that is known of them to the end.

On the way from a page to the text a weak figure is a digit of another alphabet of Unicode
(MATHEMATICAL MONOSPACE DIGIT, one code point each): offsets hold, and every rule for figures
(``\d``, ``int``) holds for it too. ``TextBuilder`` writes the plain figure and keeps its place.
"""

from __future__ import annotations

from collections.abc import Iterator

from corpus.notice import Span

_FIRST = 0x1D7F6
_WEAK = {ord("0") + i: chr(_FIRST + i) for i in range(10)}
_PLAIN = {_FIRST + i: str(i) for i in range(10)}
_EDGES = "“”\"'‘’()[]{}.,;:!?…"


def weakened(word: str) -> str:
    """Return a word with its figures marked as weak."""
    return word.translate(_WEAK)


def plain(text: str) -> str:
    """Return a text with its weak figures as the figures that they are."""
    return text.translate(_PLAIN)


def weak_words(text: str) -> Iterator[Span]:
    """Yield the words that hold weak figures, without the punctuation around them."""
    at = 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        if plain(word) != word:
            left = start + len(word) - len(word.lstrip(_EDGES))
            yield Span(left, max(left, start + len(word.rstrip(_EDGES))))
