"""Places of a document that a text cites: “điểm a khoản 2 Điều 5”, “khoản 1, 2 và 3 Điều 10”."""

from __future__ import annotations

import re
from functools import cache

from corpus.dates import View
from corpus.language import read_table

Place = tuple[tuple[str, str], ...]
"""Numbered units, outermost first, as (word, number)."""

_LETTER = r"[a-z]\d?(?![\w/])"
_NUMBER = r"\d{1,3}[a-z]?(?![\w/]|[.,]\d)"
_ROMAN = r"(?:[ivxl]{1,6}|\d{1,3})(?![\w/])"
_NUMBERS = {"điểm": _LETTER, "khoản": _NUMBER, "điều": _NUMBER}
_QUOTED = re.compile(r"“[^“”]{0,2000}”|\"[^\"]{0,2000}\"")
# “Bổ sung Điều 10a vào sau Điều 10” says of Điều 10 only where it stands.
_BESIDE = re.compile(
    r"\b(?:vao )?(?:ngay |lien |tiep )?(?:sau|truoc) (?:diem|khoan|dieu|muc|chuong|phu luc)"
    r" (?:so )?[\da-z]{1,4}(?!\w)"
)
# What an article is not cited with: it is unique without them.
_AROUND = frozenset({"chương", "phần", "mục", "phụ lục"})
_MORE = re.compile(r",? va |,? hoac |, ?")
_MOST = 200  # places: a list in a repeal has not been seen longer


def cited_places(text: str) -> tuple[Place, ...]:
    """Return the places that ``text`` cites, in order, without what stands in quotes.

    Small units stand before the large ones that they are of, as laws are cited; a large unit
    holds for all small ones before it that have none: “điểm a, điểm b khoản 2 Điều 3” are two
    places.
    """
    view = View.of(_QUOTED.sub(lambda match: " " * len(match[0]), text))
    ranks = list(read_table("places")["units"])
    words = {said: unit for unit, forms in read_table("places")["units"].items() for said in forms}
    folded = _BESIDE.sub(lambda match: " " * len(match[0]), view.folded)
    found: list[dict[str, str]] = []
    for match in _pattern().finditer(folded):
        group = next(name for name, value in match.groupdict().items() if value and name[0] == "w")
        unit = words[match[group]]
        start, end = match.span(group.replace("w", "n"))
        numbers = _numbers(view, start, end)
        wanting = [
            one
            for one in found
            if unit not in one and _rank(one, ranks) > ranks.index(unit)
            if not (unit in _AROUND and "điều" in one)
        ]
        if wanting and len(numbers) == 1:
            for one in wanting:
                one[unit] = numbers[0]
            continue
        found += [{unit: number} for number in numbers[: _MOST - len(found)]]
    return tuple(dict.fromkeys(_place(one, ranks) for one in found))


def _rank(units: dict[str, str], ranks: list[str]) -> int:
    return min(ranks.index(unit) for unit in units)


def _place(units: dict[str, str], ranks: list[str]) -> Place:
    return tuple(sorted(units.items(), key=lambda one: ranks.index(one[0])))


def _numbers(view: View, start: int, end: int) -> list[str]:
    """The numbers of a list as they stand: ``đ`` is no ``d``."""
    numbers: list[str] = []
    at = start
    for joint in [*_MORE.finditer(view.folded, start, end), None]:
        stop = joint.start() if joint else end
        numbers.append(view.plain[at:stop].strip().lower())
        at = joint.end() if joint else end
    return [number for number in numbers if number]


@cache
def _pattern() -> re.Pattern[str]:
    parts = []
    for i, (unit, said) in enumerate(read_table("places")["units"].items()):
        number = _NUMBERS.get(unit, _ROMAN)
        words = "|".join(sorted((word for word in said if len(word) > 2), key=len, reverse=True))
        more = rf"(?:(?:,? va |,? hoac |, ?){number}){{0,40}}"
        parts.append(rf"(?P<w{i}>{words}) (?:so )?(?P<n{i}>{number}{more})")
    return re.compile(r"\b(?:" + "|".join(parts) + ")")


def told_place(place: Place) -> str:
    """Return a place as laws cite it: ``điểm b khoản 1 Điều 4``."""
    said = " ".join(
        f"{word} {number.upper() if word in _AROUND else number}"
        for word, number in reversed(place)
    )
    return said.replace("điều ", "Điều ").replace("phụ lục", "Phụ lục")
