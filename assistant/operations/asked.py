"""What a question that asks for a result names: parts, unit, which end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from corpus.facts.agencies import find_agencies
from corpus.facts.quantities import Quantity, dimension_of
from corpus.facts.references import find_question_references
from corpus.facts.terms import spell_out
from corpus.language import read_table
from corpus.text import fold, normalise, plain_number, syllables

_HOW_MANY = re.compile(r"\b(?:bao nhiêu|mấy)\b")
_NUMBER_OF = re.compile(r"\bsố (?!hiệu|liệu)")
_NOUN_WORDS = 3  # syllables after “bao nhiêu” that may name what is counted
_ENDS = re.compile(r"[,;:?!.](?!\d)")


@dataclass(frozen=True, slots=True)
class _Words:
    measures: dict[str, str]
    frame: re.Pattern[str]
    joining: frozenset[str]
    joints: re.Pattern[str]
    numbers: dict[str, int]
    most: re.Pattern[str]
    least: re.Pattern[str]
    dates: re.Pattern[str]
    tasks: re.Pattern[str]
    acting: re.Pattern[str]
    library: re.Pattern[str]
    summary: re.Pattern[str]
    signs: dict[str, re.Pattern[str]]


def _any(words: Sequence[str]) -> re.Pattern[str]:
    longest = sorted(map(normalise, words), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest))})\b")


@cache
def words() -> _Words:
    """Return the tables of ``corpus/language/asking.toml``."""
    told = read_table("asking")
    return _Words(
        measures={normalise(word): dimension for word, dimension in told["measures"].items()},
        frame=_any(told["frame"]["words"]),
        joining=frozenset(map(normalise, told["joining"]["words"])),
        joints=_any(told["joints"]["words"]),
        numbers=told["numbers"],
        most=_any(told["most"]["words"]),
        least=_any(told["least"]["words"]),
        dates=_any(told["dates"]["words"]),
        tasks=_any(told["tasks"]["words"]),
        acting=_any(told["acting"]["words"]),
        library=_any(told["library"]["words"]),
        summary=_any(told["summary"]["words"]),
        # Folded: a question is recognised before its marks are restored.
        signs={name: _any([fold(word) for word in said]) for name, said in told["signs"].items()},
    )


@dataclass(frozen=True, slots=True)
class Measure:
    """What is asked for: a dimension, or what is counted.

    Args:
        dimension: of ``corpus/language/units.toml``, or ``""``.
        noun: syllables that name what is counted, or none.
    """

    dimension: str
    noun: tuple[str, ...] = ()

    def fits(self, quantity: Quantity) -> bool:
        """Whether a quantity is one of what is asked for."""
        if self.dimension or quantity.dimension:
            return self.dimension == quantity.dimension
        told = quantity.counted
        if not told or not self.noun or told[0] != self.noun[0]:
            return False
        # “văn bản” is no “văn phòng”; “thẻ cho …” is “thẻ bạn đọc” cut short.
        second, other = self.noun[1:2], told[1:2]
        return not second or not other or second == other or other[0] in words().joining


def measure(text: str) -> Measure | None:
    """Return what a question asks the amount of; None where it doesn't say.

    Args:
        text: the question, restored.
    """
    said = normalise(text).lower()
    asking = list(_HOW_MANY.finditer(said))
    for match in reversed(asking):
        rest = _ENDS.split(said[match.end() :])[0].split()
        if dimension := dimension_of(rest):
            return Measure(dimension)
        if rest and rest[0] in words().measures:
            return Measure(words().measures[rest[0]])
        if noun := _noun(rest):
            return Measure("", noun)
    found = [(said.index(word), dim) for word, dim in words().measures.items() if word in said]
    if found:
        return Measure(min(found)[1])
    counted = _NUMBER_OF.search(said)
    noun = _noun(said[counted.end() :].split()) if counted else ()
    return Measure("", noun) if noun else None


def _noun(following: Sequence[str]) -> tuple[str, ...]:
    """The syllables before the first that only joins."""
    told = [word.strip(".,;:?!") for word in following[:_NOUN_WORDS]]
    stops = (n for n, word in enumerate(told) if not word.isalpha() or word in words().joining)
    return tuple(told[: next(stops, len(told))])


def content(text: str) -> frozenset[str]:
    """Return the syllables and figures of ``text`` that tell something, with their marks.

    Folded, “thẻ” and “thế” would be one, and the words that only join would take others along.
    """
    return frozenset(
        plain_number(word) for word in syllables(spell_out(text)) if word not in words().joining
    )


def parts(text: str) -> list[str]:
    """Return what stands between the joints of a question, the words of the frame left out.

    “Tổng kinh phí sửa phòng học và mua xe cứu thương” has “kinh phí sửa phòng học” and “mua xe
    cứu thương”; parts of nothing but the frame are left out.
    """
    said = normalise(text).lower()
    pieces = [piece for stretch in _ENDS.split(said) for piece in words().joints.split(stretch)]
    named = (_trimmed(words().frame.sub(" ", piece).split()) for piece in pieces)
    return [piece for piece in named if content(piece) - measuring(text)]


def _trimmed(piece: Sequence[str]) -> str:
    """Leave out the words at either end that only join."""
    told = [n for n, word in enumerate(piece) if word not in words().joining]
    return " ".join(piece[told[0] : told[-1] + 1]) if told else ""


def measuring(text: str) -> frozenset[str]:
    """Return the syllables of a question that name its measure: it is no part's own."""
    wanted = measure(text)
    told = [word for word in words().measures if word in normalise(text).lower()]
    return content(" ".join(told)) | frozenset(wanted.noun if wanted else ())


def said_number(text: str) -> int | None:
    """Return of how many parts a question speaks (“ba đơn vị …”, “cả hai xã”), if it does."""
    for word in normalise(text).lower().split()[:4]:
        if word in words().numbers:
            return words().numbers[word]
    return None


def wants_most(text: str) -> bool | None:
    """Whether the largest or latest is asked for, or the smallest; None where neither is."""
    said = normalise(text).lower()
    most, least = words().most.search(said), words().least.search(said)
    return None if bool(most) == bool(least) else bool(most)


def beyond(text: str, *patterns: re.Pattern[str]) -> frozenset[str]:
    """Return what a question says besides documents, agencies, its frame and ``patterns``.

    Where an operation runs over a whole notice, any other word bounds it to a part.

    Args:
        text: the question, restored.
        patterns: of words that the operation has taken up already, in small letters.
    """
    left = list(text)
    named = [one.span for one in find_question_references(text)]
    for span in [*named, *(agency.span for agency in find_agencies(text))]:
        left[span.start : span.end] = " " * (span.end - span.start)
    said = normalise("".join(left)).lower()
    for pattern in (*patterns, words().frame, words().acting):
        said = pattern.sub(" ", said)
    return content(said)
