"""The words of a question that carry meaning, and what each is worth."""

from __future__ import annotations

from collections.abc import Mapping, Set
from functools import lru_cache
from itertools import pairwise

from assistant.understand.stopwords import is_stop
from corpus.facts.terms import spell_out
from corpus.text import fold, has_diacritics, plain_number, syllables
from index.vocabulary import Vocabulary

Weights = Mapping[str, float]
"""Folded words and pairs of words (``a b``) with their weight, above 0."""

_PAIR = 0.5  # a pair is rarer than its words, and would outweigh them
# “bốn điều kiện” are 4; “năm” is a year more often than 5, “ba” a father.
_COUNTS = {"hai": "2", "bốn": "4", "sáu": "6", "bảy": "7", "tám": "8", "chín": "9", "mười": "10"}


def folded_words(text: str) -> list[str]:
    """Return the words of ``text`` in one form: folded, full names, numbers without zeros."""
    return [_one_form(word) for word in syllables(spell_out(text))]


def telling_words(text: str) -> list[str]:
    """Return those of ``folded_words`` that are no stop words."""
    is_bare = not has_diacritics(text)
    words = syllables(spell_out(text))
    return [_one_form(word) for word in words if not is_stop(word, is_bare=is_bare)]


def _one_form(syllable: str) -> str:
    return _COUNTS.get(syllable) or plain_number(fold(syllable))


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
    """Weigh the words and pairs of words of ``text`` by how rare they are in the notices.

    A word without marks is a stop word by its letters alone where nothing could tell its marks:
    ``text`` or the library has none at all, or no notice writes the word so.

    Args:
        text: with its marks, as far as they were typed or restored.
        vocabulary: of the notices.
    """
    is_bare = vocabulary.is_bare or not has_diacritics(text)
    found: dict[str, float] = {}
    words: list[tuple[str, bool]] = []
    for syllable in syllables(spell_out(text)):
        word = _one_form(syllable)
        stops = is_stop(syllable, is_bare=is_bare or _is_unsure(syllable, vocabulary))
        words.append((word, stops))
        if not stops and (len(word) > 1 or word.isdigit()):
            found[word] = vocabulary.rarity(word)
    for (a, a_stops), (b, b_stops) in pairwise(words):
        pair = f"{a} {b}"
        # “số hóa” is a word, “tư nào” is how a question is put: no notice writes it.
        if not (a_stops or b_stops) or (a_stops != b_stops and vocabulary.knows(pair)):
            found[pair] = _PAIR * vocabulary.rarity(pair)
    return found


def _is_unsure(syllable: str, vocabulary: Vocabulary) -> bool:
    """Whether a syllable stands without marks because nothing told which it should have."""
    is_known = len(syllable) > 1 and vocabulary.writes(syllable)
    return not is_known and fold(syllable) == syllable
