"""How many of the likeliest clauses are quoted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from assistant.find.retriever import Evidence

_MOST = 8


def plan(ranked: Sequence[Evidence], recall: float = 1.0) -> list[Evidence]:
    """Choose as many of the likeliest clauses as make the best answer that can be expected.

    An answer of the first k clauses is worth F = (1 + b²) · hits / (k + b² · all), with the hits
    and all the clauses that answer expected from the relevance of each: few where the first is
    sure, more where several may hold a part (the expected F-measure: Lewis 1995, SIGIR,
    "Evaluating and optimizing autonomous text classification systems").

    Args:
        ranked: clauses that were judged, the likeliest first; not empty.
        recall: b, how many times a clause that is missing counts as much as one too many.
    """
    weight = recall**2
    hits = list(accumulate(found.relevance for found in ranked))
    expected = weight * max(hits[-1], 1.0)  # one clause at least, or nothing is asked
    worth = [hit / (k + expected) for k, hit in enumerate(hits[:_MOST], 1)]
    return list(ranked[: worth.index(max(worth)) + 1])
