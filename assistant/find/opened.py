"""What a question's bounds lead to without a search: a place, or all that is due then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.find.ground import Ground, Quote
from assistant.understand.weights import count_words


@dataclass(frozen=True, slots=True)
class Opened:
    """What bounds lead to; one of the three is said.

    Args:
        ground: all that stands within them, where that is asked for.
        clauses: ids of what stands within them, where something of it is asked.
        missing: why nothing stands there, for people.
    """

    ground: Ground | None = None
    clauses: frozenset[str] = frozenset()
    missing: str = ""


def whole_ground(groups: Sequence[Sequence[Quote]], words: int) -> Ground:
    """Quote groups whole and in order, as far as there is room; the first always is.

    Args:
        groups: quotes that are read together.
        words: that may be quoted.
    """
    quotes: list[Quote] = []
    left_out = 0
    for group in groups:
        length = sum(count_words(quote.text) for quote in group)
        if left_out or (quotes and length > words):
            left_out += 1
            continue
        quotes += group
        words -= length
    return Ground(
        quotes=tuple(quotes),
        coverage=1.0,
        missing=frozenset(),
        unknown=(),
        unknown_share=0.0,
        topic_unknown=False,
        strangers=(),
        relevance=1.0,
        left_out=left_out,
    )
