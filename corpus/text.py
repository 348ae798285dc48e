"""Text hygiene: one form for comparing Vietnamese text, with a way back to the file's own.

Four traps are handled here and nowhere else: decomposed characters (NFD), the two places of
a tone mark (``hoà``/``hòa``, ``uỷ``/``ủy``), odd spaces (tabs, double, no-break), and letters of
another alphabet that look like those that were meant (``Ð`` for ``Đ``, Cyrillic ``С`` for ``C``).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from corpus.notice import Span

_NEWER = "oàoáoảoãoạoèoéoẻoẽoẹuỳuýuỷuỹuỵ"
_OLDER = "òaóaỏaõaọaòeóeỏeõeọeùyúyủyũyụy"
_TONE_PAIRS = {_NEWER[i : i + 2]: _OLDER[i : i + 2] for i in range(0, len(_NEWER), 2)}
_TONE_PAIRS |= {k.upper(): v.upper() for k, v in _TONE_PAIRS.items()}
_TONE_PAIRS |= {k.capitalize(): v.capitalize() for k, v in _TONE_PAIRS.items() if k.islower()}
# An open syllable only: "hoàn" and "huýt" are written one way; "q" takes the "u" to itself. The
# look behind stands last: a pattern that begins with letters is searched ten times as fast.
_TONE = re.compile(
    r"(?:" + "|".join(_TONE_PAIRS) + r")(?<![qQ]..)(?![^\W\d_]|[\u0300-\u036f])",
    re.DOTALL,
)
_SYLLABLE = re.compile(r"\d+(?:[.,/]\d+)*%?|[^\W\d_]+")
_LEADING_ZEROS = re.compile(r"(?<![\d.,])0+(?=\d)")
_NOT_WRITTEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
# Above the second plane of Unicode no character combines.
_MARKS = "".join(char for char in map(chr, range(0x20000)) if unicodedata.combining(char))
_CLUSTER = re.compile(rf"\s|\S[{_MARKS}{_NOT_WRITTEN.pattern[1:-1]}]*")
# Eth is what the keyboards and code pages of Western Europe have in the place of đ; Ɖ is a
# letter of West Africa. Source of the pairs: Unicode confusables (UTS #39), those that a reader
# of print can't tell apart.
_ETH = str.maketrans("ÐƉð", "ĐĐđ")
_CYRILLIC = "АВЕКМНОРСТУХІЅЈԚԜҮЀӐаеорсухіѕјһԁԛԝѐӑ"
_CYRILLIC_READ = "ABEKMHOPCTYXISJQWYÈĂaeopcyxisjhdqwèă"
_GREEK = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο"
_GREEK_READ = "ABEZHIKMNOPTYXo"
_ALIKE = str.maketrans(_CYRILLIC + _GREEK, _CYRILLIC_READ + _GREEK_READ)
_STRANGE = re.compile(f"[ÐƉð{_CYRILLIC}{_GREEK}]")
_NOT_PLAIN = re.compile(f"[{_NOT_WRITTEN.pattern[1:-1]}{_STRANGE.pattern[1:-1]}]")
_WORD = re.compile(rf"(?:[^\W\d_][\u0300-\u036f{_NOT_WRITTEN.pattern[1:-1]}]*)+")
_FOREIGN = re.compile("[\u0370-\u03ff\u0400-\u052f]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_VIETNAMESE_MARKS = "\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b"
# What a word of another language than Vietnamese has: ö, æ and þ of Icelandic, a letter of Greek.
_OTHER_LETTER = re.compile(f"[^A-Za-zĐđÐðƉ{_VIETNAMESE_MARKS}]")
_CYRILLIC_ALONE = re.compile(
    rf"(?<![\w\u0300-\u036f])(?:[{_CYRILLIC}]|[ІХ]{{2,4}})(?![\w\u0300-\u036f])"
)


def mend_letters(text: str) -> str:
    """Put the letters that were meant in the place of those that look alike; of the same length.

    Word by word. Eth is ``đ`` where a Vietnamese word has one: at its beginning, or anywhere
    among capitals (``QÐ-UBND``). A Cyrillic or Greek letter is the Latin one that it looks like
    where the word has Latin letters and no other of its alphabet; ``θmin`` and ``μm`` are right
    as they are.
    """
    if _STRANGE.search(text) is None:
        return text
    return _WORD.sub(_mend_word, text)


def mend_line(line: str) -> str:
    """Mend a line as ``mend_letters`` does, and the Cyrillic letters that stand alone in it.

    They number lists (``а)``, ``ІІ.``) and are words (``Sở У tế``), unless the line has words of a
    language that is written so.
    """
    if _STRANGE.search(line) is None:
        return line
    mended = mend_letters(line)
    alone = "".join(_CYRILLIC_ALONE.findall(mended))
    if len(_FOREIGN.findall(mended)) > len(alone):
        return mended
    return _CYRILLIC_ALONE.sub(lambda match: match[0].translate(_ALIKE), mended)


def shown_as_latin(text: str) -> str:
    """Return ``text`` as a reader takes it: each look-alike as the letter that it looks like.

    For what must not slip through in disguise; words of other languages are lost by it.
    """
    return text.translate(_ALIKE).translate(_ETH)


def _mend_word(match: re.Match[str]) -> str:
    word = match[0]
    if _STRANGE.search(word) is None:
        return word
    if _LATIN.search(word) and _FOREIGN.search(word):
        latin = word.translate(_ALIKE)
        word = word if _FOREIGN.search(latin) else latin
    if _OTHER_LETTER.search(unicodedata.normalize("NFD", _NOT_WRITTEN.sub("", word))):
        return word
    return word.translate(_ETH) if word.isupper() else word[:1].translate(_ETH) + word[1:]


_TOO_MANY_MARKS = re.compile(rf"[{_MARKS}]{{31,}}")


def has_run_of_marks(text: str) -> bool:
    """Whether more than 30 marks stand on one letter.

    No language writes that, and putting such marks in order takes ``unicodedata`` time that
    grows with their square. Source of the figure: UAX #15, Stream-Safe Text Format.
    """
    return _TOO_MANY_MARKS.search(text) is not None


def unify_tone(text: str) -> str:
    """Move the tone mark of open ``oa, oe, uy`` to the first vowel; same length out as in.

    Args:
        text: in NFC.
    """
    return _TONE.sub(lambda match: _TONE_PAIRS[match[0]], text)


def is_plain(text: str) -> bool:
    """Whether ``text`` is composed, with nothing that isn't written and no look-alikes."""
    return unicodedata.is_normalized("NFC", text) and not _NOT_PLAIN.search(text)


def normalise(text: str) -> str:
    """Return ``text`` in the form all comparisons use: NFC, one tone place, single spaces."""
    if is_plain(text):  # a line of a million characters costs a hundredth of the way with a map
        return unify_tone(" ".join(text.split()))
    return normalise_with_map(text).text


def fold(text: str) -> str:
    """Return ``text`` lower-cased without diacritics (``đ`` becomes ``d``); idempotent."""
    if _FOLDED_APART.search(text) is None:
        return text.translate(_FOLDED)
    return _fold_any(text)


def _fold_any(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", mend_letters(text).lower())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare.replace("đ", "d").replace("ð", "d"))


# Latin letters and the marks of print: what Vietnamese is written in folds letter by letter.
_FOLDED_APART = re.compile("[^\0-\u024f\u1e00-\u1eff\u2000-\u206f]")
_FOLDED = str.maketrans(
    {
        char: _fold_any(char)
        for block in (range(0x250), range(0x1E00, 0x1F00), range(0x2000, 0x2070))
        for char in map(chr, block)
    }
)


def lowered(text: str) -> str:
    """Return ``text`` in small letters, each character in its place."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def syllables(text: str) -> list[str]:
    """Split a text into lower-case syllables and whole numbers (``1.245``, ``93,54%``)."""
    return _SYLLABLE.findall(normalise(text).lower())


def plain_number(word: str) -> str:
    """Drop leading zeros of a figure, in dates too: people write 05/9 and 5/9."""
    return _LEADING_ZEROS.sub("", word)


def has_diacritics(text: str) -> bool:
    """Whether any letter carries a Vietnamese mark."""
    lowered = unicodedata.normalize("NFC", mend_letters(text).lower())
    return fold(lowered) != lowered


@dataclass(frozen=True, slots=True)
class NormalisedText:
    """A normalised text and, for each of its characters, where it came from.

    Args:
        text: the normalised text.
        starts: for character i, the code point in the original where it begins.
        ends: for character i, the code point in the original just after it.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def original(self, span: Span) -> Span:
        """Return the span of the original text that ``span`` of the normalised text shows.

        Args:
            span: not empty, inside the normalised text.

        Raises:
            ValueError: the span is empty.
        """
        if span.start == span.end:
            raise ValueError("an empty span has no place in the original")
        return Span(self.starts[span.start], self.ends[span.end - 1])


def normalise_with_map(text: str) -> NormalisedText:
    """Normalise ``text`` as ``normalise`` does and keep the way back to every character."""
    text = mend_letters(text)
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in clusters(text):
        cluster = text[start:end]
        if cluster.isspace():
            if out and out[-1] != " ":
                out.append(" ")
                starts.append(start)
                ends.append(end)
            continue
        for char in composed(cluster):
            out.append(char)
            starts.append(start)
            ends.append(end)
    if out and out[-1] == " ":
        out.pop()
        starts.pop()
        ends.pop()
    return NormalisedText(unify_tone("".join(out)), tuple(starts), tuple(ends))


def composed(cluster: str) -> str:
    """Return one cluster in NFC and without what isn't written; ``""`` if that was all."""
    return unicodedata.normalize("NFC", _NOT_WRITTEN.sub("", cluster))


def clusters(text: str) -> list[tuple[int, int]]:
    """Return the ranges of ``text`` that NFC may change as one: a base and what follows it.

    Marks and zero-width characters follow their base; white space takes none, so that it is
    always seen as such.
    """
    return [match.span() for match in _CLUSTER.finditer(text)]
