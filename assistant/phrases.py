"""The part of a long sentence that answers: whole phrases, cut at commas and conjunctions."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from assistant.weights import count_words
from corpus.notice import Span

# A phrase that begins here says what for, how or with whom: it can be left out as a whole.
_CUT = re.compile(
    r"(?<=[,;])\s+|\s+(?=(?:nhằm|để|trong đó|theo hướng|bảo đảm|cũng như|trên cơ sở|đồng thời)\s)"
)
_BRACKETS = re.compile(r"[()]")
_SHORT = 24  # words: a shorter sentence reads best whole
_LEAST = 4  # words: what is shorter is one of “quản lý, phát triển và ứng dụng”, no phrase


def shortened(text: str, span: Span, worth_of: Callable[[str], float], share: float) -> Span:
    """Return the part of a sentence from its first to its last wanted phrase.

    Args:
        text: the clause.
        span: one sentence of it.
        worth_of: how much a phrase is wanted, 0 for not at all.
        share: share of the most wanted phrase's worth above which another is kept.
    """
    if count_words(span.of(text)) <= _SHORT:
        return span
    phrases = _phrases(text, span)
    wanted = [worth_of(phrase.of(text)) for phrase in phrases]
    least = share * max(wanted)
    kept = [phrase for phrase, worth in zip(phrases, wanted, strict=True) if worth > least]
    return Span(kept[0].start, kept[-1].end) if kept else span


def around(text: str, span: Span, worth_of: Callable[[str], float]) -> Span:
    """Return the most wanted phrase of a sentence with as many of its neighbours as read well.

    Args:
        text: the clause.
        span: one sentence of it.
        worth_of: how much a phrase is wanted, 0 for not at all.
    """
    phrases = _phrases(text, span)
    wanted = [worth_of(phrase.of(text)) for phrase in phrases]
    first = last = wanted.index(max(wanted))

    def fits(start: int, end: int) -> bool:
        inside = start >= 0 and end < len(phrases)
        return inside and count_words(text[phrases[start].start : phrases[end].end]) <= _SHORT

    while fits(first - 1, last) or fits(first, last + 1):
        first, last = (first - 1, last) if fits(first - 1, last) else (first, last + 1)
    return Span(phrases[first].start, phrases[last].end)


def _phrases(text: str, span: Span) -> list[Span]:
    cuts = [span.start]
    for match in _CUT.finditer(text, span.start, span.end):
        is_long = count_words(text[cuts[-1] : match.start()]) >= _LEAST
        if is_long and not _is_inside(text, span.start, match.start()):
            cuts.append(match.end())
    bounds = pairwise([*cuts, span.end])
    return [Span(start, start + len(text[start:end].rstrip())) for start, end in bounds]


def _is_inside(text: str, start: int, at: int) -> bool:
    """Whether the place stands inside brackets: “(hạn 30/11/2025; Thông báo số 7)” is one."""
    depth = 0
    for match in _BRACKETS.finditer(text, start, at):
        depth = depth + 1 if match[0] == "(" else max(0, depth - 1)
    return depth > 0
