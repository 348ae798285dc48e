"""How likely a clause is to hold what is asked: learned from questions and their clauses."""

from __future__ import annotations

from assistant.find.retriever import Evidence
from assistant.judge.coverage import lacks
from assistant.judge.logistic import Features, Logistic
from assistant.judge.question_focus import lacks_count
from assistant.understand.constraints import Constraints
from assistant.understand.question import Asked, Question
from assistant.understand.weights import Weights, terms, worth
from corpus.facts.agencies import find_agencies
from corpus.facts.sentences import sentences
from corpus.facts.terms import spell_out
from corpus.text import fold


class Relevance:
    """Judges the clauses found for one question.

    Args:
        question: understood.
        weights: of its words.
        model: of ``features``.
    """

    def __init__(self, question: Question, weights: Weights, model: Logistic) -> None:
        self._question = question
        self._weights = weights
        self._model = model
        self._total = sum(weights.values()) or 1.0
        self._description = Constraints.of(question)
        self._is_list = Asked.LIST in question.asked
        self._agencies = [fold(agency.canonical) for agency in find_agencies(question.restored)]

    def of(self, found: Evidence, best: float) -> float:
        """Return the probability that the clause holds the answer or a part of it, in (0, 1).

        Args:
            found: a clause that was found.
            best: the highest score of all that were found.
        """
        return self._model.probability(self.features(found, best))

    def features(self, found: Evidence, best: float) -> Features:
        """Return what the model looks at."""
        clause = found.clause
        whole = f"{clause.text} {clause.context_text}"
        parts = [terms(span.of(clause.text)) for span in sentences(clause.text)]
        parts = parts or [terms(clause.text)]
        said = fold(spell_out(whole)) if self._agencies else ""
        return {
            "score": found.score,
            "behind_best": best - found.score,
            "lexical": found.lexical,
            "cosine": found.cosine,
            "known_in_a_sentence": max(worth(self._weights, p) for p in parts) / self._total,
            "lacks_kind": float(lacks(self._question, clause)),
            "lacks_count": float(lacks_count(self._question, [clause])),
            "lacks_agency": float(any(name not in said for name in self._agencies)),
            "given": self._description.given(clause) if self._is_list else 0,
            "due": self._description.due(clause) if self._is_list else 0,
        }
