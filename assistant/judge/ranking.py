"""How much of a question a clause knows: the order in which clauses are looked at."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace

from assistant.find.retriever import Evidence
from assistant.judge.relevance import Relevance
from assistant.understand.weights import Weights, terms, worth


def rerank(evidence: Sequence[Evidence], weights: Weights, relevance: Relevance) -> list[Evidence]:
    """Order clauses by how likely they are to answer.

    Their score becomes the mean of the score and of how much of the question they know.

    Args:
        evidence: what was found.
        weights: of the question's words.
        relevance: judges them.
    """
    total = sum(weights.values()) or 1.0
    judged = [
        replace(
            e,
            score=round((e.score + worth(weights, known(e)) / total) / 2, 4),
            relevance=round(probability, 4),
        )
        for e, probability in zip(evidence, relevance.of(evidence), strict=True)
    ]
    return sorted(judged, key=lambda e: -e.relevance)


def near(ranked: Sequence[Evidence], share: float) -> list[Evidence]:
    """Return those with at least that share of the first one's score."""
    return [e for e in ranked if e.score >= share * ranked[0].score]


def left_of(weights: Weights, said: Set[str]) -> dict[str, float]:
    """Return the weights of the words that are not said."""
    return {term: weight for term, weight in weights.items() if term not in said}


def text_of(found: Evidence) -> str:
    """The clause with its context."""
    return f"{found.clause.text} {found.clause.context_text}"


def known(found: Evidence) -> Set[str]:
    """The words and pairs of words of the clause with its context."""
    return terms(text_of(found))
