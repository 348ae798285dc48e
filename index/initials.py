"""Abbreviations that no table knows, spelled out with the words of the notices themselves.

Civil servants shorten whatever they write often: “XD”, “QL”, “KN”. What such letters stand for
are words of the notices with these initials; their neighbours in the question tell which.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import pairwise

from corpus.text import fold, has_diacritics, syllables

_LENGTHS = (2, 3, 4, 5)  # letters: longer ones stand for whole names, which the table has
# Capitals, or letters that no syllable could be; not those of a document's number.
_TOKEN = re.compile(r"(?<![\w/&.-])(?:[A-ZĐ]{2,5}|[bcdđghklmnpqrstvx]{2,4})(?![\w&-]|/\w|\s*\d)")
# Measures are written so in full.
_MEASURE_WORDS = "km kg mm cm nm ml gb mb kb kw mw hz tp tt nq qd cv"
_MEASURES = frozenset(_MEASURE_WORDS.split())
_LEAST = 3  # times that words must follow each other to be what letters stand for
_NEAR = 64  # characters in which the neighbour stands
_BESIDE = 3.0  # what a neighbour that the notices have there too is worth, in logarithms


class Initials:
    """Runs of words of the notices, by their first letters.

    Args:
        texts: every text of the corpus, as it stands.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        runs: Counter[tuple[str, ...]] = Counter()
        self._single: Counter[str] = Counter()
        self._pairs: set[tuple[str, str]] = set()
        for text in texts:
            words = syllables(text)
            self._single.update(words)
            self._pairs.update(pairwise(map(fold, words)))
            for length in _LENGTHS:
                runs.update(tuple(words[i : i + length]) for i in range(len(words) - length + 1))
        self._by_letters: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
        self._runs: Mapping[tuple[str, ...], int] = {}
        kept = {run: n for run, n in runs.items() if n >= _LEAST and "".join(run).isalpha()}
        for run in kept:
            self._by_letters["".join(word[0] for word in run)].append(run)
        self._runs = kept

    def spell_out(self, text: str, known: Collection[str]) -> str:
        """Return ``text`` with the abbreviations that can be told spelled out.

        Args:
            text: a question; in one without marks they are spelled out without.
            known: abbreviations that another table spells out; they stay.
        """
        if text.isupper():
            return text
        marked = has_diacritics(text)

        def full(match: re.Match[str]) -> str:
            short = match[0]
            is_known = short in known or short.upper() in known or short in _MEASURES
            if is_known or short.lower() in self._single:
                return short
            before = syllables(text[max(0, match.start() - _NEAR) : match.start()])[-1:]
            after = syllables(text[match.end() : match.end() + _NEAR])[:1]
            run = self._likeliest(short.lower(), before, after) or short
            return run if marked else fold(run)

        return _TOKEN.sub(full, text)

    def _likeliest(self, letters: str, before: list[str], after: list[str]) -> str:
        marked = self._by_letters.get(letters, [])
        runs = marked or self._by_letters.get(letters.replace("d", "đ"), [])
        if not runs:
            return ""

        def score(run: tuple[str, ...]) -> float:
            alone = math.prod(self._single[word] for word in run) ** (1 / len(run))
            together = self._runs[run]
            beside = sum(self._follows(word, run[0]) for word in before)
            beside += sum(self._follows(run[-1], word) for word in after)
            return math.log(together) + math.log(together / alone) + _BESIDE * beside

        best: tuple[str, ...] = max(runs, key=score)
        return " ".join(best)

    def _follows(self, first: str, second: str) -> bool:
        return (fold(first), fold(second)) in self._pairs
