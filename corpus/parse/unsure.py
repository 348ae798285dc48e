"""Which words of a clause are to be checked against the original."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from corpus.notice import Clause, Notice, Span

CHECK = "cần đối chiếu bản gốc"
"""What people are told of a figure that was read with little confidence."""


def with_unsure(notice: Notice, unsure: Sequence[Span]) -> Notice:
    """Return a notice that knows which of its words were read with little confidence.

    Args:
        notice: as it was read, or with what was told of an earlier reading.
        unsure: places in its source, in order, none overlapping another.
    """
    if not unsure and not notice.unsure:
        return notice
    clauses = tuple(_marked(clause, notice.source, unsure) for clause in notice.clauses)
    return replace(notice, clauses=clauses, unsure=tuple(unsure))


def _marked(clause: Clause, source: str, unsure: Sequence[Span]) -> Clause:
    words = (
        one.of(source)
        for one in unsure
        if any(span.start < one.end and one.start < span.end for span in clause.spans)
    )
    return replace(clause, unsure=tuple(dict.fromkeys(words)))


def told_unsure(words: Iterable[str]) -> str:
    """Return what people are told of words that were read with little confidence."""
    named = ", ".join(f"“{word}”" for word in words)
    return f"Bản quét, máy đọc không chắc {named}: {CHECK}."
