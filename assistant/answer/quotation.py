"""Where an answer quotes, and the markers that lead from it to clauses.

A quote is verbatim: a notice's own “[1]”, as of a footnote, stands in it as it does there. So a
marker is one outside of quotation marks, in what we write and in whatever reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.notice import Span

_MARKER = re.compile(r"\[(?P<number>\d{1,3})\]")
_MARKS = re.compile(r"[“”\n\r]")


def quotations(text: str) -> list[Span]:
    """Return where ``text`` quotes, marks included: the outermost “…”, in order.

    A quotation ends on its line; a mark that nothing closes there opens none.
    """
    opened: list[int] = []
    found: list[Span] = []
    for match in _MARKS.finditer(text):
        if match[0] == "“":
            opened.append(match.start())
        elif match[0] != "”":
            opened.clear()
        elif opened:
            start = opened.pop()
            while found and found[-1].start > start:
                found.pop()
            found.append(Span(start, match.end()))
    return found


def find_markers(text: str) -> Iterator[tuple[Span, int]]:
    """Yield each marker of ``text``, with its number, in order."""
    at = 0
    for quoted in [*quotations(text), Span(len(text), len(text))]:
        for match in _MARKER.finditer(text, at, quoted.start):
            yield Span(*match.span()), int(match["number"])
        at = quoted.end


def without_markers(text: str) -> str:
    """Return ``text`` with a blank in place of each marker."""
    kept: list[str] = []
    at = 0
    for span, _ in find_markers(text):
        kept.append(text[at : span.start])
        at = span.end
    return " ".join([*kept, text[at:]])
