"""The words of a question that carry meaning, and what each is worth."""

from __future__ import annotations

from collections.abc import Mapping, Set
from functools import lru_cache
from itertools import pairwise

from assistant.understand.stopwords import STOP
from corpus.facts.terms import spell_out
from corpus.text import fold, plain_number, syllables
from index.vocabulary import Vocabulary

Weights = Mapping[str, float]
"""Folded words and pairs of words (``a b``) with their weight, above 0."""

_PAIR = 0.5  # a pair is rarer than its words, and would outweigh them
# “bốn điều kiện” are 4; “năm” is a year more often than 5, “ba” a father.
_COUNTS = {"hai": "2", "bốn": "4", "sáu": "6", "bảy": "7", "tám": "8", "chín": "9", "mười": "10"}


def folded_words(text: str) -> list[str]:
    """Return the words of ``text`` in one form: folded, full names, numbers without zeros."""
    return [
        _COUNTS.get(word.lower()) or plain_number(fold(word)) for word in syllables(spell_out(text))
    ]


@lru_cache(maxsize=1024)  # clauses come again with the next question
def terms(text: str) -> frozenset[str]:
    """Return the folded words of ``text`` and the pairs of neighbours."""
    words = folded_words(text)
    return frozenset(words) | {f"{a} {b}" for a, b in pairwise(words)}


def count_words(text: str) -> int:
    """Return the number of words between white space."""
    return len(text.split())


def worth(weights: Weights, found: Set[str]) -> float:
    """Return the weight of those terms that are in ``found``."""
    return sum(weight for term, weight in weights.items() if term in found)


def weigh(text: str, vocabulary: Vocabulary) -> dict[str, float]:
    """Weigh the words and pairs of words of ``text`` by how rare they are in the notices."""
    found: dict[str, float] = {}
    words = folded_words(text)
    for word in words:
        if word not in STOP and (len(word) > 1 or word.isdigit()):
            found[word] = vocabulary.rarity(word)
    for a, b in pairwise(words):
        if a not in STOP and b not in STOP:
            pair = f"{a} {b}"
            found[pair] = _PAIR * vocabulary.rarity(pair)
    return found
