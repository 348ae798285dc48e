"""The part of a long sentence that answers: whole phrases, cut at commas and conjunctions."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from assistant.understand.weights import count_words
from corpus.notice import Span

# What begins a phrase that can stand or go as a whole. A comma alone does not: between names,
# “phối hợp với Bộ A, Bộ B ban hành …”, a cut would make B the one who acts.
_DOING = (
    r"xây dựng|ban hành|trình|báo cáo|rà soát|hoàn thành|hoàn thiện|triển khai|tổ chức|hướng dẫn"
    r"|nghiên cứu|đề xuất|thực hiện|tăng cường|tập trung|tích hợp|xác định|công bố|bổ sung"
)
_SAYING = (
    r"nhằm|để|trong đó|theo hướng|bảo đảm|đảm bảo|cũng như|trên cơ sở|đồng thời|trong khi|qua đó"
    r"|góp phần|bao gồm|gồm|phối hợp|tăng|giảm|đạt|chiếm|có|là|hạn|trước|được|nhất là|phục vụ cho"
)
_CUT = re.compile(
    rf"(?<=,)\s+(?=(?:{_DOING}|{_SAYING})\s)|(?<=;)\s+"
    r"|(?<!\s)\s+(?=(?:nhằm|trong đó|theo hướng|cũng như|trên cơ sở|đồng thời)\s)"
)
_ENDS_DOING = re.compile(rf"(?:{_DOING}),?$")  # “xây dựng, ban hành và hướng dẫn …”: one object
_LONGEST_END = 24  # characters: longer than any of them
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


def phrase_at(text: str, span: Span, at: int) -> Span:
    """Return the phrase of a sentence in which the place ``at`` of ``text`` stands."""
    return next(phrase for phrase in reversed(_phrases(text, span)) if phrase.start <= at)


def _phrases(text: str, span: Span) -> list[Span]:
    cuts = [span.start]
    at, words, depth = span.start, 0, 0
    for match in _CUT.finditer(text, span.start, span.end):
        before = text[at : match.start()]
        words += count_words(before)
        depth = _depth(before, depth)
        end = text[max(cuts[-1], match.start() - _LONGEST_END) : match.start()]
        # “(hạn 30/11/2025; Thông báo số 7)” is one.
        if words >= _LEAST and not _ENDS_DOING.search(end) and not depth:
            cuts.append(match.end())
            words = 0
        at = match.end()
    bounds = pairwise([*cuts, span.end])
    return [Span(start, start + len(text[start:end].rstrip())) for start, end in bounds]


def _depth(text: str, depth: int) -> int:
    """How many brackets are open after ``text``, where ``depth`` were before it."""
    for match in _BRACKETS.finditer(text):
        depth = depth + 1 if match[0] == "(" else max(0, depth - 1)
    return depth
