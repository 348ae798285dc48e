"""How much of a question a clause knows: the order in which clauses are looked at."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace

from assistant.question import Question
from assistant.relevance import Relevance
from assistant.retrieval import Evidence
from assistant.weights import Weights, terms, weigh, worth
from index.vocabulary import Vocabulary

_SEVERAL = 2  # notices that are compared


def rerank(evidence: Sequence[Evidence], weights: Weights, relevance: Relevance) -> list[Evidence]:
    """Order clauses by how likely they are to answer.

    Their score becomes the mean of the score and of how much of the question they know.

    Args:
        evidence: what was found.
        weights: of the question's words.
        relevance: judges them.
    """
    total = sum(weights.values()) or 1.0
    best = max((e.score for e in evidence), default=0.0)
    judged = [
        replace(
            e,
            score=round((e.score + worth(weights, known(e)) / total) / 2, 4),
            relevance=relevance.of(e, best),
        )
        for e in evidence
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


def weigh_question(question: Question, vocabulary: Vocabulary) -> dict[str, float]:
    """Weigh a question with the one it leans on, whose words count less."""
    before = weigh(question.earlier, vocabulary)
    earlier = {term: question.earlier_weight * weight for term, weight in before.items()}
    weights = earlier | weigh(question.restored, vocabulary)
    if len(question.notice_ids) < _SEVERAL:
        return weights
    # The numbers of notices that are compared tell which they are, not what is asked of them.
    found = [one for one in question.references if one not in question.missing]
    naming: set[str] = set().union(*(terms(one.text) for one in found))
    return {term: weight for term, weight in weights.items() if term not in naming}
