"""The words of a question that carry meaning, and what each is worth."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from corpus.terms import spell_out
from corpus.text import fold, syllables
from index.vocabulary import Vocabulary

Weights = Mapping[str, float]
"""Folded words and pairs of words (``a b``) with their weight, above 0."""

# Folded: words that ask, join or stand in every notice. They tell no clause from another.
_STOP_WORDS = """
    a ai anh bang bao bi biet boi cac cai cham chi cho chua co con cu cua cung da dang dat
    dau dc den dinh do duoc em ghi gi giong giup gio gom han hay hien hoi it k khac khi khong khop
    ko la lam lau lo luc luot ma mau may minh mot moi nao nay neu nhat nhau nhe nhieu nhu nhung noi
    nua o phai phan quy ra roi sao sau se so tai thay the theo thi thieu thoi thuan thuc toi tram
    trong truoc tu va vao vay ve vi viec voi vs xin xong
"""
STOP = frozenset(_STOP_WORDS.split())
_PAIR = 0.5  # a pair is rarer than its words, and would outweigh them
_LEADING_ZEROS = re.compile(r"(?<![\d.,])0+(?=\d)")


def folded_words(text: str) -> list[str]:
    """Return the words of ``text`` in one form: folded, full names, numbers without zeros."""
    return [plain_number(fold(word)) for word in syllables(spell_out(text))]


def plain_number(word: str) -> str:
    """Drop leading zeros, in dates too: people write 05/9 and 5/9."""
    return _LEADING_ZEROS.sub("", word)


def terms(text: str) -> set[str]:
    """Return the folded words of ``text`` and the pairs of neighbours."""
    words = folded_words(text)
    return set(words) | {f"{a} {b}" for a, b in pairwise(words)}


def count_words(text: str) -> int:
    """Return the number of words between white space."""
    return len(text.split())


def worth(weights: Weights, found: set[str]) -> float:
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
