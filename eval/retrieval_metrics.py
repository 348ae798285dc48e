"""Recall, mean reciprocal rank and nDCG by ir-measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ir_measures
from ir_measures import RR, R, nDCG

DEPTH = 10
"""Documents of a ranking that are judged."""

_MEASURES = {
    "R@1": R @ 1,
    "R@3": R @ 3,
    "R@5": R @ 5,
    "R@10": R @ 10,
    "MRR@10": RR @ 10,
    "nDCG@10": nDCG @ 10,
}
NAMES = tuple(_MEASURES)
"""R@k is recall: relevant documents among the first k ÷ relevant documents."""


def judge_rankings(
    qrels: Mapping[str, Mapping[str, int]], rankings: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """Return each question's measures by name.

    Args:
        qrels: question id → document id → relevance; only these questions are judged.
        rankings: question id → document ids, best first; an absent question found nothing.

    Raises:
        ValueError: a ranking holds a document twice.
    """
    twice = [q for q, documents in rankings.items() if len(set(documents)) != len(documents)]
    if twice:
        raise ValueError(f"a document twice in the ranking of {twice[0]}")
    judged = {question: dict.fromkeys(NAMES, 0.0) for question in qrels}
    # Falling scores: nothing is left to how a tool orders ties.
    run = {
        question: {document: float(-rank) for rank, document in enumerate(documents)}
        for question, documents in rankings.items()
        if question in qrels and documents
    }
    if not run:
        return judged
    names = {measure: name for name, measure in _MEASURES.items()}
    for found in ir_measures.iter_calc(list(names), {q: dict(qrels[q]) for q in qrels}, run):
        judged[found.query_id][names[found.measure]] = float(found.value)
    return judged


def judge_ranking(relevant: Mapping[str, int], ranking: Sequence[str]) -> dict[str, float]:
    """Return the measures of one question; arguments as for ``judge_rankings``."""
    return judge_rankings({"q": relevant}, {"q": ranking})["q"]
