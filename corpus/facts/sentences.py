"""Sentences of administrative Vietnamese, and the items of lists that run inside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from corpus.notice import Span

# "TP. Hà Nội", "v.v.", initials and numbers such as 1.245 do not end a sentence.
_END = re.compile(
    r"(?<!\bTP)(?<!\bTp)(?<!\btp)(?<!\bTS)(?<!\bGS)(?<!\bv\.v)(?<!\b[A-ZĐ])(?<![.!?…])"
    r"[.!?…]+[”\"’»)\]*_]{0,4}\s+(?=[\"“'‘(\[*_]{0,4}(?P<first>[^\W_])|[⁰¹²³⁴-⁹])"
)
_ITEM = re.compile(r"(?<=[:;,.])\s+(?=[*_]{0,3}\((?:\d{1,2}|[ivx]{1,5})\)[*_]{0,3}\s)")
_SEMICOLON = re.compile(r";\s+")
_BRACKET = re.compile(r"[()]")
_LONG = 120  # characters: a shorter sentence is not worth cutting at a semicolon
_REMARK = 300  # characters: a longer bracket holds sentences of its own


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


def whole_sentences(text: str) -> tuple[Span, ...]:
    """Return the spans of the sentences of ``text``, with the lists that run inside them whole."""
    return tuple(_cut(text, Span(0, len(text)), _END))


def _cut(text: str, span: Span, pattern: re.Pattern[str]) -> list[Span]:
    cuts = [span.start, *_ends(text, span, pattern), span.end]
    return [trimmed for a, b in pairwise(cuts) if (trimmed := _trim(text, a, b)) is not None]


def _ends(text: str, span: Span, pattern: re.Pattern[str]) -> Iterator[int]:
    """Where the pattern cuts, but not inside “(hạn 31/12/2025; Thông báo số 5)”: one remark."""
    inside = [part for part in _bracketed(text, span) if part.end - part.start <= _REMARK]
    at = 0
    for match in pattern.finditer(text, span.start, span.end):
        first = match.groupdict().get("first")
        if first and first.islower():
            continue
        while at < len(inside) and inside[at].end <= match.start():
            at += 1
        if at == len(inside) or match.end() <= inside[at].start:
            yield match.end()


def _bracketed(text: str, span: Span) -> list[Span]:
    """The outermost bracketed parts, in order; a bracket that nothing closes opens none."""
    opened: list[int] = []
    found: list[Span] = []
    for match in _BRACKET.finditer(text, span.start, span.end):
        if match[0] == "(":
            opened.append(match.start())
        elif opened:
            start = opened.pop()
            while found and found[-1].start > start:
                found.pop()
            found.append(Span(start, match.end()))
    return found


def _trim(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None
