"""Sentences of administrative Vietnamese, and the items of lists that run inside them."""

from __future__ import annotations

import re
from itertools import pairwise

from corpus.notice import Span

# "TP. Hà Nội", "v.v.", initials and numbers such as 1.245 do not end a sentence.
_END = re.compile(
    r"(?<!\bTP)(?<!\bTp)(?<!\btp)(?<!\bTS)(?<!\bGS)(?<!\bv\.v)(?<!\b[A-ZĐ])"
    r"[.!?…]+[”\"’»)\]*_]*\s+(?=[\"“'‘(\[*_]*[^\W\d_a-z]|[\"“(\[*_]*\d|[⁰¹²³⁴-⁹])"
)
_ITEM = re.compile(r"(?<=[:;,.])\s+(?=[*_]*\((?:\d{1,2}|[ivx]{1,5})\)[*_]*\s)")
_SEMICOLON = re.compile(r";\s+")
_LONG = 120  # characters: a shorter sentence is not worth cutting at a semicolon


def sentences(text: str) -> tuple[Span, ...]:
    """Return the spans of the sentences of ``text``, without the white space between them.

    Inline lists are cut at their numbers (``…: (1) …; (2) …``), long sentences at semicolons:
    each piece can be quoted by itself.
    """
    whole = Span(0, len(text))
    pieces = [p for s in _cut(text, whole, _END) for p in _cut(text, s, _ITEM)]
    out: list[Span] = []
    for piece in pieces:
        if piece.end - piece.start > _LONG:
            out += _cut(text, piece, _SEMICOLON)
        else:
            out.append(piece)
    return tuple(out)


def _cut(text: str, span: Span, pattern: re.Pattern[str]) -> list[Span]:
    cuts = [span.start, *(m.end() for m in pattern.finditer(text, span.start, span.end)), span.end]
    return [trimmed for a, b in pairwise(cuts) if (trimmed := _trim(text, a, b)) is not None]


def _trim(text: str, start: int, end: int) -> Span | None:
    bare = text[start:end].strip()
    if not bare:
        return None
    first = text.index(bare, start)
    return Span(first, first + len(bare))
