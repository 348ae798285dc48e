"""The corpus's own words: how rare they are, and how they are written with their marks.

Questions come without diacritics or with wrong ones. The embedder is lost on them, so they
are restored: the likeliest path through the accented forms of each syllable, by bigram counts
(Viterbi). What the notices themselves write comes first; what they lack is restored as people
write it elsewhere (``index/background.py``).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from corpus.facts.agencies import abbreviations
from corpus.text import fold, has_diacritics, syllables, unify_tone
from index.background import NUMBER, START, Background, load_background
from index.initials import Initials

_TOKEN = re.compile(r"\d+(?:[.,/]\d+)*%?|[^\W\d_]+")
# Measured on questions and documents that were not counted (docs/decisions/0009): of 1, 5, 20
# and 100, little evidence lets a pair seen once decide, much drowns the corpus's own words.
_PRIOR = 50  # times a syllable must stand in the corpus to outweigh how people write elsewhere
_BACKOFF = 0.4  # Brants et al. 2007, for pairs never seen
_OWN_WEIGHT = 20  # a syllable of the corpus, alone, counts as often as so many elsewhere
# Alone, “o” is “ở” and “y” is “ý”; other letters number the points of a clause.
_SINGLE_LETTERS = frozenset("oy")


class Vocabulary:
    """Counts of the corpus's syllables and bigrams.

    Args:
        texts: every text of the corpus, as it stands.
        background: how people write elsewhere, or None for the counts that come with congvu.
    """

    def __init__(self, texts: Iterable[str], background: Background | None = None) -> None:
        self._background = background or load_background()
        self._unigrams: Counter[str] = Counter()
        self._bigrams: Counter[tuple[str, str]] = Counter()
        self._containing: Counter[str] = Counter()
        self._texts = 0
        known = list(texts)
        self._initials = Initials(known)
        for text in known:
            running = syllables(text)
            self._texts += 1
            counted = [NUMBER if word[0].isdigit() else word for word in running]
            self._unigrams.update(counted)
            self._bigrams.update(pairwise(counted))
            folded = [fold(word) for word in running]
            self._containing.update(set(folded) | {" ".join(p) for p in pairwise(folded)})
        self._written = frozenset(self._unigrams)
        self._is_bare = not any(map(has_diacritics, self._written))
        self._forms: dict[str, list[str]] = defaultdict(list)
        for word in dict.fromkeys([*self._unigrams, *self._background.singles]):
            self._forms[fold(word)].append(word)
        self._total = _OWN_WEIGHT * sum(self._unigrams.values()) + self._background.total

    def rarity(self, folded: str) -> float:
        """Return the inverse document frequency of a folded syllable or bigram, at least 0."""
        found = self._containing[folded]
        return math.log(1 + (self._texts - found + 0.5) / (found + 0.5))

    @property
    def rarest(self) -> float:
        """The rarity of a word that no text has; it grows with their number."""
        return self.rarity("")

    def knows(self, folded: str) -> bool:
        """Whether any text has the folded syllable or bigram."""
        return folded in self._containing

    @property
    def is_bare(self) -> bool:
        """Whether all texts were written without marks."""
        return self._is_bare

    def writes(self, syllable: str) -> bool:
        """Whether any text has the syllable with just these marks."""
        return syllable in self._written

    def spell_out(self, text: str) -> str:
        """Return ``text`` with the abbreviations that only the notices' own words explain."""
        return self._initials.spell_out(text, abbreviations())

    def restore(self, text: str) -> str:
        """Return ``text`` with the marks that the corpus, or else people, give its syllables.

        A text without any marks is restored as a whole; in one with marks, only syllables that
        neither the corpus nor people elsewhere write so are replaced (typing errors). Words that
        nobody was seen to write, numbers and capital abbreviations stay as they are.
        """
        flat = unify_tone(unicodedata.normalize("NFC", text))
        bare = not has_diacritics(flat)
        words = list(_TOKEN.finditer(flat))
        choices = [self._choices(word[0], bare=bare) for word in words]
        if not bare:
            typed = [NUMBER if word[0][0].isdigit() else word[0].lower() for word in words]
            choices = self._seen_beside(typed, choices)
        best = self._likeliest(choices)
        out: list[str] = []
        at = 0
        for word, form in zip(words, best, strict=True):
            written = word[0] if form == NUMBER else _in_case_of(word[0], form)
            out += [flat[at : word.start()], written]
            at = word.end()
        return "".join(out) + flat[at:]

    def _choices(self, word: str, *, bare: bool) -> Sequence[str]:
        if word[0].isdigit():
            return (NUMBER,)
        lowered = word.lower()
        if len(word) == 1 and lowered not in _SINGLE_LETTERS:
            return (lowered,)
        if word.isupper() and not bare:
            return (lowered,)
        if not bare and (lowered in self._unigrams or self._is_marked_word(lowered)):
            return (lowered,)
        return self._forms.get(fold(lowered)) or (lowered,)

    def _is_marked_word(self, word: str) -> bool:
        """Whether people write ``word`` with just the marks it has: “mấy lớp” asks for no “máy”."""
        return has_diacritics(word) and word in self._background.singles

    def _seen_beside(
        self, typed: Sequence[str], choices: Sequence[Sequence[str]]
    ) -> list[Sequence[str]]:
        """Keep another form of a typed word only where it was seen beside a neighbour.

        A word that the notices lack may well be right: “đầu” must not become “đâu”.
        """
        kept: list[Sequence[str]] = []
        for before, word, after, forms in zip(
            [START, *typed], typed, [*typed[1:], ""], choices, strict=False
        ):
            seen = [form for form in forms if self._seen(before, form) or self._seen(form, after)]
            kept.append(seen if seen and word not in seen else (word,))
        return kept

    def _seen(self, first: str, second: str) -> bool:
        pair = (first, second)
        return pair in self._bigrams or pair in self._background.pairs

    def _likeliest(self, choices: Sequence[Sequence[str]]) -> list[str]:
        """Viterbi over the choices."""
        scores = {START: 0.0}
        back: list[dict[str, str]] = []
        for options in choices:
            following: dict[str, float] = {}
            came_from: dict[str, str] = {}
            for option in options:
                following[option], came_from[option] = max(
                    (
                        (score + self._log_probability(before, option), before)
                        for before, score in scores.items()
                    ),
                    key=lambda pair: pair[0],
                )
            scores = following
            back.append(came_from)
        form = max(scores, key=lambda option: scores[option])
        path: list[str] = []
        for came_from in reversed(back):
            path.append(form)
            form = came_from[form]
        return path[::-1]

    def _log_probability(self, before: str, word: str) -> float:
        """Return how likely ``word`` follows, the corpus's counts smoothed by the general ones.

        Dirichlet smoothing (MacKay and Peto 1995): the more often ``before`` stands in the
        corpus, the less anything else counts.
        """
        general = self._background
        seen = general.pairs.get((before, word))
        if seen:
            prior = seen / general.singles[before]
        else:
            alone = _OWN_WEIGHT * self._unigrams[word] + general.singles.get(word, 0)
            prior = _BACKOFF * (alone + 0.5) / (self._total + 1)
        own = self._bigrams[before, word] + _PRIOR * prior
        return math.log(own / (self._unigrams[before] + _PRIOR))


def _in_case_of(original: str, form: str) -> str:
    if original.lower() == form:
        return original
    if original.isupper() and len(original) > 1:
        return form.upper()
    return form.capitalize() if original[:1].isupper() else form
