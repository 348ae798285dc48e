"""The corpus's own words: how rare they are, and how they are written with their marks.

Questions come without diacritics or with wrong ones. The embedder is lost on them, so they
are restored from what the notices themselves write: the likeliest path through the accented
forms of each syllable, by bigram counts (Viterbi).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from corpus.agencies import abbreviations
from corpus.text import fold, has_diacritics, syllables, unify_tone
from index.initials import Initials

# Words of questions, which notices hardly use; counted as often as common words are.
_QUESTION_PHRASES = (
    "bao nhiêu, bao giờ, bao lâu, khi nào, thế nào, như thế nào, vì sao, tại sao, ở đâu, là gì,"
    " cái gì, việc gì, làm gì, những gì, gồm những gì, bộ nào, cơ quan nào, đơn vị nào, ai, của ai,"
    " mấy, tháng mấy, ngày nào, năm nào, có phải không, hay không, thì sao, nếu, thì, cho hỏi, vậy,"
    " không, nghỉ phép, lương, học phí, chậm nhất, phải, muốn, nhờ, giúp, hạn chót, phụ trách, lo,"
    " tới, cái, mình, thấy, so sánh, khác nhau, giống nhau"
)
_QUESTION_COUNT = 50
_WORD = re.compile(r"[^\W\d_]+")
_BACKOFF = 0.4  # Brants et al. 2007, stupid backoff
_MIN_FOLDED_LENGTH = 2


class Vocabulary:
    """Counts of the corpus's syllables and bigrams.

    Args:
        texts: every text of the corpus, as it stands.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._unigrams: Counter[str] = Counter()
        self._bigrams: Counter[tuple[str, str]] = Counter()
        self._containing: Counter[str] = Counter()
        self._texts = 0
        known = list(texts)
        self._initials = Initials(known)
        for text in known:
            running = syllables(text)
            self._texts += 1
            self._unigrams.update(running)
            self._bigrams.update(pairwise(running))
            folded = [fold(word) for word in running]
            self._containing.update(set(folded) | {" ".join(p) for p in pairwise(folded)})
        running = syllables(_QUESTION_PHRASES)
        self._unigrams.update(dict.fromkeys(running, _QUESTION_COUNT))
        self._bigrams.update(dict.fromkeys(pairwise(running), _QUESTION_COUNT))
        self._forms: dict[str, list[str]] = defaultdict(list)
        for word in self._unigrams:
            self._forms[fold(word)].append(word)
        self._total = sum(self._unigrams.values())

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

    def spell_out(self, text: str) -> str:
        """Return ``text`` with the abbreviations that only the notices' own words explain."""
        return self._initials.spell_out(text, abbreviations())

    def restore(self, text: str) -> str:
        """Return ``text`` with the marks that the corpus gives its syllables.

        A text without any marks is restored as a whole; in one with marks, only syllables
        that the corpus never writes so are replaced (typing errors). Words the corpus doesn't
        know, numbers and capital abbreviations stay as they are.
        """
        flat = unify_tone(unicodedata.normalize("NFC", text))
        bare = not has_diacritics(flat)
        words = list(_WORD.finditer(flat))
        choices = [self._choices(word[0], bare=bare) for word in words]
        if not bare:
            choices = self._seen_beside([word[0].lower() for word in words], choices)
        best = self._likeliest(choices)
        out: list[str] = []
        at = 0
        for word, form in zip(words, best, strict=True):
            out += [flat[at : word.start()], _in_case_of(word[0], form)]
            at = word.end()
        return "".join(out) + flat[at:]

    def _choices(self, word: str, *, bare: bool) -> Sequence[str]:
        lowered = word.lower()
        if len(word) < _MIN_FOLDED_LENGTH or (word.isupper() and not bare):
            return (lowered,)
        if not bare and lowered in self._unigrams:
            return (lowered,)
        return self._forms.get(fold(lowered)) or (lowered,)

    def _seen_beside(
        self, typed: Sequence[str], choices: Sequence[Sequence[str]]
    ) -> list[Sequence[str]]:
        """Keep another form of a typed word only where the corpus has it beside a neighbour.

        A word that the notices lack may well be right: “đầu” must not become “đâu”.
        """
        kept: list[Sequence[str]] = []
        for before, word, after, forms in zip(
            ["", *typed], typed, [*typed[1:], ""], choices, strict=False
        ):
            seen = [
                form
                for form in forms
                if (before, form) in self._bigrams or (form, after) in self._bigrams
            ]
            kept.append(seen if seen and tuple(forms) != (word,) else (word,))
        return kept

    def _likeliest(self, choices: Sequence[Sequence[str]]) -> list[str]:
        """Viterbi over the choices."""
        scores = {"": 0.0}
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
        pair = self._bigrams[before, word]
        if pair:
            return math.log(pair / self._unigrams[before])
        return math.log(_BACKOFF * (self._unigrams[word] + 0.5) / (self._total + 1))


def _in_case_of(original: str, form: str) -> str:
    if original.lower() == form:
        return original
    if original.isupper() and len(original) > 1:
        return form.upper()
    return form.capitalize() if original[:1].isupper() else form
