"""What the words of a question are worth, with those of the question it leans on."""

from __future__ import annotations

from assistant.understand.question import Question
from assistant.understand.weights import terms, weigh
from index.vocabulary import Vocabulary

_SEVERAL = 2  # notices that are compared


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
