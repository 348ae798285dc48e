"""How likely a clause is to hold what is asked: learned from questions and their clauses."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from assistant.find.retriever import Evidence
from assistant.judge.coverage import lacks
from assistant.judge.logistic import Features
from assistant.judge.question_focus import lacks_count
from assistant.judge.trees import Trees
from assistant.understand.constraints import Constraints
from assistant.understand.question import Asked, Question
from assistant.understand.weights import Weights, terms, worth
from corpus.facts.agencies import find_agencies
from corpus.facts.quantities import find_quantities
from corpus.facts.sentences import sentences
from corpus.facts.terms import spell_out
from corpus.notice import Clause, ClauseKind
from corpus.text import fold, syllables

_MANY = 8  # siblings: of so many, one more says nothing
_PERIODS = frozenset({"ngày", "tháng", "năm", "giờ", "phút", "tuần"})


class Relevance:
    """Judges the clauses found for one question.

    Args:
        question: understood.
        weights: of its words.
        model: of ``features``.
    """

    def __init__(self, question: Question, weights: Weights, model: Trees) -> None:
        self._question = question
        self._weights = weights
        self._single = {term: weight for term, weight in weights.items() if " " not in term}
        self._model = model
        self._total = sum(weights.values()) or 1.0
        self._description = Constraints.of(question)
        self._is_list = Asked.LIST in question.asked
        self._agencies = [fold(agency.canonical) for agency in find_agencies(question.restored)]
        self._accented = frozenset(syllables(question.restored.lower())) or frozenset({""})

    def of(self, evidence: Sequence[Evidence]) -> list[float]:
        """Return the probability that each clause holds the answer or a part of it, in (0, 1).

        Args:
            evidence: all that was found for the question, best first.
        """
        return [self._model.probability(features) for features in self.features(evidence)]

    def features(self, evidence: Sequence[Evidence]) -> list[Features]:
        """Return what the model looks at, for each clause; shares are in [0, 1]."""
        best = max((one.score for one in evidence), default=0.0)
        nearest = max((one.cosine for one in evidence), default=0.0)
        found = {one.clause.id for one in evidence}
        under = Counter(one.clause.above for one in evidence if one.clause.above)
        wanted = {f"asks_{kind}": float(kind in self._question.asked) for kind in Asked}
        wanted["asks_words"] = math.log1p(len(self._single))
        wanted["asks_parts"] = float(self._question.parts)
        return [
            {
                "score": one.score,
                "behind_best": best - one.score,
                "lexical": one.lexical,
                "cosine": one.cosine,
                "behind_nearest": nearest - one.cosine,
                "rank": 1 / (place + 1),
                "siblings": min(under[one.clause.above] - 1, _MANY) / _MANY
                if one.clause.above
                else 0.0,
                "children": min(under[one.clause.id], _MANY) / _MANY,
                "is_under_found": float(one.clause.above in found),
                **self._words(one),
                **self._lacks(one),
                **_said_by(one.clause),
                **wanted,
            }
            for place, one in enumerate(evidence)
        ]

    def _words(self, one: Evidence) -> Features:
        """How much of the question the clause knows: by itself, and with what it is read with."""
        clause = one.clause
        parts = [terms(span.of(clause.text)) for span in sentences(clause.text)]
        own = terms(clause.text)
        read = own | terms(clause.context_text)
        whole = read | terms(f"{one.notice.short_name} {one.notice.header.title}")
        unknown = [weight for term, weight in self._single.items() if term not in whole]
        figures = [term for term in self._single if term[0].isdigit()]
        accented = frozenset(syllables(f"{clause.text} {clause.context_text}".lower()))
        return {
            "known_in_a_sentence": max((self._share(part) for part in parts), default=0.0),
            "known": self._share(own),
            "known_with_context": self._share(read),
            "known_with_title": self._share(whole),
            "words_known": worth(self._single, read) / (sum(self._single.values()) or 1.0),
            "accented_known": len(self._accented & accented) / len(self._accented),
            "rarest_unknown": max(unknown, default=0.0),
            "figures_known": float(sum(term in own for term in figures)),
            "figures_unknown": float(sum(term not in whole for term in figures)),
        }

    def _share(self, said: frozenset[str]) -> float:
        return worth(self._weights, said) / self._total

    def _lacks(self, one: Evidence) -> Features:
        clause = one.clause
        said = fold(spell_out(f"{clause.text} {clause.context_text}")) if self._agencies else ""
        return {
            "lacks_kind": float(lacks(self._question, clause)),
            "lacks_count": float(lacks_count(self._question, [clause])),
            "lacks_agency": float(any(name not in said for name in self._agencies)),
            "given": float(self._description.given(clause)) if self._is_list else 0.0,
            "due": float(self._description.due(clause)) if self._is_list else 0.0,
        }


@lru_cache(maxsize=4096)  # clauses come again with the next question
def _said_by(clause: Clause) -> Features:
    """What sort of thing a clause says, whatever is asked."""
    quantities = find_quantities(clause.text)
    dimensions = {one.dimension for one in quantities}
    text = clause.text.rstrip()
    return {
        "tells_deadline": float(bool(clause.deadlines)),
        "tells_owner": float(bool(clause.owners)),
        "tells_document": float(bool(clause.references)),
        "tells_money": float("đồng" in dimensions),
        "tells_share": float("%" in dimensions),
        "tells_period": float(bool(dimensions & _PERIODS)),
        "tells_count": float("" in dimensions),
        "leads_in": float(text.endswith(":")),
        "words": math.log1p(len(text.split())),
        "sentences": math.log1p(len(sentences(clause.text))),
        "depth": float(len(clause.place)),
        **{f"is_{kind}": float(clause.kind is kind) for kind in ClauseKind},
    }
