"""Where a question names a place of a document: its units, and the document they are of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from assistant.understand.mentions import Mention
from corpus.dates import View
from corpus.facts.references import code_of_kind
from corpus.language import read_table
from corpus.notice import Span
from corpus.parse.places import Place
from corpus.text import fold, syllables

_MOST = 4  # places of one question


@dataclass(frozen=True, slots=True)
class Naming:
    """How questions name a document besides its number.

    Args:
        notice_id: of the notice that it is or stands in.
        kind: ``Quy chế``, ``Phụ lục II``.
        title: what it is about.
        is_attached: whether it is attached to the notice.
    """

    notice_id: str
    kind: str
    title: str
    is_attached: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """The places that a question names.

    Args:
        places: each outermost unit first.
        named: the documents that it says they are of; none where it says none.
        is_tied: whether it says so certainly: the document stands right beside the place.
        is_whole: whether it asks for all that stands there.
    """

    places: tuple[Place, ...]
    named: tuple[Naming, ...]
    is_tied: bool
    is_whole: bool


@dataclass(frozen=True, slots=True)
class _Unit:
    word: str
    number: str
    start: int
    end: int


def find_places(
    text: str, mentions: Sequence[Mention], documents: Sequence[Naming]
) -> Asked | None:
    """Find the places of documents that a question names; None where it names none.

    Args:
        text: the question, with or without its marks.
        mentions: of the library's notices, by number or kind.
        documents: that may be named by what they are.
    """
    view = View.of(text)
    folded = view.folded
    titled = _titled(folded, documents)
    taken = [(m.span.start, m.span.end) for m in mentions] + [(s, e) for s, e, _ in titled]
    units = [
        one for one in _units(folded) if not any(s < one.end and one.start < e for s, e in taken)
    ]
    annexes = [one for one in units if one.word == "phụ lục"]
    units = [one for one in units if one.word != "phụ lục"]
    if not units:
        return None
    places = _places(units, folded)
    where = Span(units[0].start, units[-1].end)
    by_number = [(m.span.start, m.span.end, m.notice_id) for m in mentions]
    beside = [one for one in titled if _beside(folded, where, one[0], one[1], taken)]
    numbered = [one for one in by_number if _beside(folded, where, one[0], one[1], taken)]
    named = tuple(dict.fromkeys(n for _, _, found in beside for n in found))
    ids = {notice_id for _, _, notice_id in by_number}
    if named and ids:
        named = tuple(one for one in named if one.notice_id in ids)
    elif not named:
        near = {notice_id for _, _, notice_id in numbered}
        near = near or (ids if len(ids) == 1 else set())
        named = tuple(one for one in documents if one.notice_id in near)
    spans = [*taken, *((one.start, one.end) for one in [*units, *annexes])]
    whole = not _left(folded, spans)
    tied = bool(named) and bool(beside or numbered or whole)
    return Asked(places, named if tied else (), tied, whole)


def _beside(
    folded: str, where: Span, start: int, end: int, taken: Sequence[tuple[int, int]]
) -> bool:
    """Whether nothing but joints and other names stands between a place and a name."""
    between = Span(where.end, start) if start >= where.end else Span(end, where.start)
    if between.start > between.end:
        return False
    kept = list(folded[between.start : between.end])
    for s, e in taken:
        for i in range(max(s, between.start), min(e, between.end)):
            kept[i - between.start] = " "
    return not _without("".join(kept), read_table("places")["joints"]["words"])


def _left(folded: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """The words of a question that say more than which place is to be opened."""
    kept = list(folded)
    for start, end in spans:
        kept[start:end] = [" "] * (end - start)
    words = read_table("places")
    return _without("".join(kept), [*words["joints"]["words"], *words["opens"]["words"]])


def _without(folded: str, words: Sequence[str]) -> list[str]:
    pattern = "|".join(re.escape(one) for one in sorted(words, key=len, reverse=True))
    return re.findall(r"\w+", re.sub(rf"\b(?:{pattern})\b", " ", folded))


@cache
def _pattern() -> re.Pattern[str]:
    given = read_table("places")
    words = {word: unit for unit, said in given["units"].items() for word in said}
    letters = "".join(letter for said in given["letters"].values() for letter in said)
    said = "|".join(sorted(words, key=len, reverse=True))
    number = r"(?P<number>\d{1,3}(?:\.\d{1,2}){0,3}[a-z]?|[ivx]{1,5}|[a-z])"
    short = rf"(?P<letter>[{letters}])\.?\s?(?P<short>\d{{1,3}}[a-z]?)"
    return re.compile(rf"\b(?:(?P<word>{said})\s(?:so\s)?{number}|{short})(?![\w/]|[.,-]\d)")


def _units(folded: str) -> list[_Unit]:
    given = read_table("places")
    words = {word: unit for unit, said in given["units"].items() for word in said}
    letters = {letter: unit for unit, said in given["letters"].items() for letter in said}
    units: list[_Unit] = []
    for match in _pattern().finditer(folded):
        if match["word"]:
            unit, number = words[match["word"]], match["number"]
            if unit in {"điều", "khoản"} and not number[0].isdigit():
                continue
        else:
            unit, number = letters[match["letter"]], match["short"]
        units.append(_Unit(unit, number, *match.span()))
    # A lone letter before a number may be anything: “k1” is a place where “điều” is said too.
    spelled = any(not _is_short(one, folded) for one in units) or len(units) > 1
    return units if spelled else [one for one in units if not _is_short(one, folded)] or units


def _is_short(unit: _Unit, folded: str) -> bool:
    return folded[unit.start : unit.end].rstrip("0123456789. ")[1:] == ""


def _places(units: Sequence[_Unit], folded: str) -> tuple[Place, ...]:
    """Put the units that belong together in order: outermost first.

    “khoản 1 và khoản 2 Điều 5” are two places: what is said once holds for both.
    """
    ranks = list(read_table("places")["units"])
    chains: list[list[_Unit]] = []
    for unit in units:
        last = chains[-1][-1] if chains else None
        between = folded[last.end : unit.start] if last else ""
        goes_on = last is not None and not _without(between, ("cua", "o", "thuoc", "tai"))
        if goes_on and unit.word not in {one.word for one in chains[-1]}:
            chains[-1].append(unit)
        else:
            chains.append([unit])
    for at in range(len(chains) - 2, -1, -1):
        own = {one.word for one in chains[at]}
        least = min(ranks.index(one) for one in own)
        later = chains[at + 1]
        if own & {one.word for one in later}:
            chains[at] += [one for one in later if ranks.index(one.word) < least]
    return tuple(
        tuple(
            (one.word, one.number) for one in sorted(chain, key=lambda one: ranks.index(one.word))
        )
        for chain in chains[:_MOST]
    )


def _titled(folded: str, documents: Sequence[Naming]) -> list[tuple[int, int, tuple[Naming, ...]]]:
    """Where documents are named by their kind and the words of their title."""
    found: dict[int, list[tuple[int, int, Naming]]] = {}
    for naming in documents:
        for start, end, words in _said(folded, naming):
            found.setdefault(start, []).append((words, end, naming))
    told: list[tuple[int, int, tuple[Naming, ...]]] = []
    for start, said in found.items():
        most, end, _ = max(said, key=lambda one: (one[0], one[1]))
        told.append((start, end, tuple(n for words, _, n in said if words == most)))
    return sorted(told, key=lambda one: one[0])


def _said(folded: str, naming: Naming) -> list[tuple[int, int, int]]:
    """(start, end, words of the title) of each place where the document may be named."""
    kind = fold(naming.kind)
    if not kind:
        return []
    forms = "|".join(map(re.escape, filter(None, (kind, code_of_kind(naming.kind).lower()))))
    title = set(syllables(fold(naming.title)))
    opens = set(read_table("places")["opens"]["words"])
    found: list[tuple[int, int, int]] = []
    for match in re.finditer(rf"\b(?:{forms})\b", folded):
        end, words = match.end(), 0
        for word in re.finditer(r"\w+", folded[match.end() :]):
            gap = folded[end : match.end() + word.start()]
            if word[0] not in title or gap.strip():
                break
            end, words = match.end() + word.end(), words + 1
        # “Điều 2 quy định gì” names no document called “Quy định”, and “Quy chế làm việc” not
        # the only other Quy chế there is.
        alone = not words and kind not in opens and not _goes_on(folded[end:])
        if words > 1 or alone:
            found.append((match.start(), end, words))
    return found


def _goes_on(rest: str) -> bool:
    """Whether a name goes on with words of its own after the kind of document."""
    words = read_table("places")
    known = "|".join(map(re.escape, [*words["joints"]["words"], *words["opens"]["words"]]))
    return re.match(rf"\s*(?:\W|$|(?:{known})\b)", rest.strip()) is None
