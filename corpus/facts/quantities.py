"""Quantities as notices write them: “3 xe”, “2.400 triệu đồng”, “1,5 ha”, “không quá 20 ngày”.

A figure that could be read in two ways is read in none: a sum of it might be wrong. So “1,240
thẻ” (a fraction, or thousands as in English?) and “2.5” are no quantities, and neither is what
names something: “Điều 5”, a date, the number of a document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache

from corpus.dates import View, find_periods
from corpus.facts.references import find_references
from corpus.language import read_table
from corpus.notice import Span
from corpus.text import normalise

_FIGURE = re.compile(
    r"(?<![\w.,/%-])(?P<figure>\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?: \d{3})+(?!\d)(?:,\d+)?"
    r"|\d+(?:,\d+)?)(?![\d/]|[.,]\d|-\d)"
)
_LIST_NUMBER = re.compile(r"\s*[*_#]*\s*\d{1,3}[.)]\s")
_IN_DOUBT = re.compile(r"[1-9]\d{0,2},\d{3}")  # 1,240: a fraction or, in English, thousands
_WORD = re.compile(r"[^\W\d_]+[²2]?|%")
_BEFORE = re.compile(r"([^\W\d_]+)[ \xa0]{1,3}$")
_IN_WORDS = re.compile(r"[ \xa0]{0,3}\([^()\d]{1,40}\)")  # “02 (hai) ngày”
_COUNTED_WORDS = 4  # syllables after a figure that may name what is counted
_REACH = 40  # characters looked at on either side of a figure


class Bound(StrEnum):
    """How a figure bounds what it tells."""

    EXACT = "exact"
    MOST = "most"  # không quá, tối đa, đến
    LEAST = "least"  # ít nhất, từ, trên
    ABOUT = "about"  # khoảng, gần


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure with what it measures.

    Args:
        text: figure and unit, as they stand.
        span: their place in the text that was read.
        value: in the smallest unit of the dimension: ``2.400 triệu đồng`` is 2 400 000 000.
        dimension: what it measures (``đồng``, ``%``, ``ngày``); ``""`` where things are counted.
        counted: the syllables after a count, in small letters: ``("xe", "cứu", "thương")``.
        bound: how the figure bounds what it tells.
        step: of how many smallest units the written figure counts: 1 000 000 for ``triệu đồng``.
        unit: scale and unit as written, for showing a result: ``triệu đồng``.
    """

    text: str
    span: Span
    value: Decimal
    dimension: str
    counted: tuple[str, ...]
    bound: Bound
    step: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class _Units:
    scales: Mapping[str, Decimal]
    units: Mapping[tuple[str, ...], tuple[str, Decimal]]
    bounds: tuple[tuple[str, Bound], ...]
    names: frozenset[str]

    @classmethod
    def of(cls, told: Mapping[str, Mapping[str, object]]) -> _Units:
        """Take the tables of ``corpus/language/units.toml``."""
        units: dict[tuple[str, ...], tuple[str, Decimal]] = {}
        for dimension, written in told["units"].items():
            assert isinstance(written, Mapping)
            for unit, times in written.items():
                units[tuple(normalise(unit).lower().split())] = (dimension, Decimal(times))
        bounds = sorted(told["bounds"].items(), key=lambda pair: -len(pair[0]))
        words = told["names"]["words"]
        assert isinstance(words, list)
        return cls(
            scales={word: Decimal(str(times)) for word, times in told["scales"].items()},
            units=units,
            bounds=tuple((words, Bound(str(kind))) for words, kind in bounds),
            names=frozenset(words),
        )


@cache
def _units() -> _Units:
    return _Units.of(read_table("units"))


def read_figure(figure: str) -> Decimal | None:
    """Return the value of a figure in Vietnamese spelling; None where it may be read two ways.

    ``2.400`` and ``1 240`` are thousands, ``1,5`` and ``0,037`` fractions.
    """
    if _FIGURE.fullmatch(figure) is None or _IN_DOUBT.fullmatch(figure):
        return None
    return Decimal(re.sub(r"[. ]", "", figure).replace(",", "."))


def write_figure(value: Decimal) -> str:
    """Return ``value`` as official texts write it: ``3.750``, ``1,5``; the inverse of reading."""
    whole, _, rest = f"{value:f}".partition(".")
    rest = rest.rstrip("0")
    grouped = f"{int(whole):,}".replace(",", ".")
    sign = "-" if value < 0 and not grouped.startswith("-") else ""
    return f"{sign}{grouped},{rest}" if rest else f"{sign}{grouped}"


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of ``text``, in order."""
    view = View.of(_without_names(text))
    plain = view.plain.replace("\xa0", " ")
    number = _LIST_NUMBER.match(plain)
    return tuple(
        quantity
        for match in _FIGURE.finditer(plain, number.end() if number else 0)
        if (quantity := _quantity(text, view, plain, match)) is not None
    )


def _without_names(text: str) -> str:
    """Blot out documents and dates: their figures count nothing."""
    given = list(text)
    spans = [reference.span for reference in find_references(text)]
    view = View.of(text)
    # “trong năm 2026” is a date, “05 năm” none.
    spans += [view.span(period.start, period.end) for period in find_periods(view.folded)]
    for span in spans:
        given[span.start : span.end] = "\x00" * (span.end - span.start)
    return "".join(given)


def _quantity(text: str, view: View, plain: str, match: re.Match[str]) -> Quantity | None:
    units = _units()
    before = plain[max(0, match.start() - _REACH) : match.start()]
    named = _BEFORE.search(before)
    if named and normalise(named[1]).lower() in units.names:
        return None
    value = read_figure(match["figure"])
    if value is None:
        return None
    at, scale = match.end(), Decimal(1)
    spelled = _IN_WORDS.match(plain, at)
    at = spelled.end() if spelled else at
    words = list(_words(plain, at))
    end, taken = match.end(), 0
    while taken < len(words) and words[taken][0] in units.scales:
        scale *= units.scales[words[taken][0]]
        end, taken = words[taken][1], taken + 1
    rest = tuple(word for word, _ in words[taken:])
    length = next((n for n in (3, 2, 1) if rest[:n] in units.units and len(rest) >= n), 0)
    if length:
        dimension, times = units.units[rest[:length]]
        end = words[taken + length - 1][1]
    elif taken and not rest:  # “310 triệu” alone is money, “7 triệu con gà” is not
        dimension, times = "đồng", Decimal(1)
    else:
        dimension, times = "", Decimal(1)
    span = view.span(match.start(), end)
    return Quantity(
        text=span.of(text),
        span=span,
        value=value * scale * times,
        dimension=dimension,
        counted=() if dimension else rest[:_COUNTED_WORDS],
        bound=_bound(before),
        step=scale * times,
        unit=" ".join(plain[match.end() if spelled is None else spelled.end() : end].split()),
    )


def _words(plain: str, at: int) -> Iterator[tuple[str, int]]:
    """Yield the words right after a figure with their ends, up to the next sign or figure."""
    limit = min(len(plain), at + _REACH)
    at = _skip(plain, at, limit)
    while match := _WORD.match(plain, at, limit):
        yield normalise(match[0]).lower(), match.end()
        at = _skip(plain, match.end(), limit)


def _skip(plain: str, at: int, limit: int) -> int:
    """Return the next place that is no blank."""
    while at < limit and plain[at] == " ":
        at += 1
    return at


def _bound(before: str) -> Bound:
    words = normalise(before).lower()
    for phrase, bound in _units().bounds:
        if words == phrase or words.endswith(f" {phrase}"):
            return bound
    return Bound.EXACT


def dimension_of(words: Sequence[str]) -> str:
    """Return the dimension of the unit that ``words`` begin with; ``""`` where they don't.

    Args:
        words: in small letters.
    """
    units = _units()
    at = next((n for n, word in enumerate(words) if word not in units.scales), len(words))
    for length in (3, 2, 1):
        if found := units.units.get(tuple(words[at : at + length])):
            return found[0]
    return "đồng" if at else ""
