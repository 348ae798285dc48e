"""Dates as notices write them, and the view of a text that all recognisers read.

A recogniser must find ``Thống báo số 45 -TB/TGV`` in decomposed, doubly spaced text and still
return places in the text as given. :class:`View` is that bridge: it has one character for every
character a reader sees, so a pattern is written once, without tones and in small letters.
"""

from __future__ import annotations

import calendar
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from corpus.notice import Span
from corpus.text import clusters, composed, fold, is_plain, mend_letters

# Emphasis marks of Markdown stand between a number and its date, footnote markers stick to
# numbers (“Kế hoạch 02²³”), dashes are typed many ways.
_PLAIN = str.maketrans(dict.fromkeys("*⁰¹²³⁴⁵⁶⁷⁸⁹", " ") | dict.fromkeys("–—‑−‐", "-"))
_NOT_PLAIN = re.compile("[*⁰¹²³⁴⁵⁶⁷⁸⁹–—‑−‐]")
_Found = TypeVar("_Found")

_FOLD = str.maketrans(
    {
        chr(code): fold(chr(code))
        for block in (range(0x41, 0x5B), range(0xC0, 0x250), range(0x1E00, 0x1F00))
        for code in block
        if len(fold(chr(code))) == 1
    }
)


def spaced(pattern: str) -> str:
    """Write a pattern plainly: a blank is a run of blanks, ``~`` a run that may be empty.

    The runs are bounded, so a line of a million blanks costs no more than its length.
    """
    return pattern.replace(" ", r"\s{1,9}").replace("~", r"\s{0,9}")


@dataclass(frozen=True, slots=True)
class View:
    """A text as it is read, with the way back to the text as given.

    Args:
        text: the text as given.
        plain: composed (NFC), one code point for each visible character; ``*`` and
            superscript digits are blanks, every dash is ``-``.
        folded: ``plain`` in small letters without diacritics, of the same length.
        starts: for each character its place in the text as given and, last, that text's
            length; None where places are equal.
    """

    text: str
    plain: str
    folded: str
    starts: tuple[int, ...] | None
    _found: dict[Callable[[View], Any], Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @classmethod
    def of(cls, text: str) -> View:
        """Return the view of ``text``."""
        starts: tuple[int, ...] | None = None
        seen = text
        if not is_plain(text):
            ranges = clusters(text)
            mended = mend_letters(text)
            seen = "".join(composed(mended[start:end])[:1] or " " for start, end in ranges)
            starts = (*(start for start, _ in ranges), len(text))
        plain = seen.translate(_PLAIN) if _NOT_PLAIN.search(seen) else seen
        return cls(text, plain, plain.translate(_FOLD), starts)

    def once(self, find: Callable[[View], _Found]) -> _Found:
        """Return what ``find`` finds here; however many ask, it looks once."""
        if find not in self._found:
            self._found[find] = find(self)
        found: _Found = self._found[find]
        return found

    def span(self, start: int, end: int) -> Span:
        """Return the span in the text as given of ``plain[start:end]``."""
        if self.starts is None:
            return Span(start, end)
        return Span(self.starts[start], self.starts[end])

    def without(self, spans: Iterable[Span]) -> View:
        """Return the view with parts blotted out.

        Args:
            spans: in the text as given, as ``span`` returns them, in order.
        """
        pieces, folded, at = [], [], 0
        for span in spans:
            start, end = max(at, self._place(span.start)), self._place(span.end)
            blot = "\x00" * (end - start)
            pieces += [self.plain[at:start], blot]
            folded += [self.folded[at:start], blot]
            at = end
        if not pieces:
            return self
        plain = "".join([*pieces, self.plain[at:]])
        return View(self.text, plain, "".join([*folded, self.folded[at:]]), self.starts)

    def _place(self, position: int) -> int:
        return position if self.starts is None else bisect_left(self.starts, position)


class Unit(StrEnum):
    """How exact a period is."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """A day, month, quarter or year named in a text.

    Args:
        start: first character, in the folded text that was read.
        end: one past the last.
        unit: how exact it is.
        first: first day of it; None where the year isn't said (``ngày 15 tháng 6``).
        last: last day of it; None likewise.
        bare: written without the word ngày, tháng, quý or năm (``6/2026``).
    """

    start: int
    end: int
    unit: Unit
    first: date | None
    last: date | None
    bare: bool = False


_YEAR = r"(?:19|20)\d\d"
_DAY = (
    rf"(?:ngay )?(?P<d1>\d{{1,2}})~(?P<dot>[/.-])~(?P<m1>\d{{1,2}})~(?P=dot)~(?P<y1>{_YEAR})"
    rf"|ngay (?P<d2>\d{{1,2}}) thang (?P<m2>\d{{1,2}})(?: nam (?P<y2>{_YEAR}))?"
)
_PERIOD = re.compile(
    spaced(
        rf"(?<![\d/.,-])(?:{_DAY}"
        rf"|(?P<word>thang )?(?P<m3>\d{{1,2}})~[/-]~(?P<y3>{_YEAR})"
        rf"|thang (?P<m4>\d{{1,2}}) nam (?P<y4>{_YEAR})"
        rf"|quy (?P<q5>iv|i{{1,3}}|[1-4])(?:~[/-]~| nam )(?P<y5>{_YEAR})"
        rf"|(?<!viet\s)nam (?P<y6>{_YEAR})(?!~[-/]~\d)"
        r")(?![\d/%]|[.,]\d)"
    )
)
_YEAR_SAID = re.compile(_YEAR)
_DAY_AT = re.compile(spaced(rf"(?:{_DAY})(?![\d/])"))
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def end_of_month(year: int, month: int) -> date:
    """Return the last day of a month (1-12)."""
    return date(year, month, calendar.monthrange(year, month)[1])


def find_periods(folded: str) -> Iterator[Period]:
    """Yield the periods of a folded text in order; impossible ones (31/2/2025) are left out."""
    # All name a year but “ngày 15 tháng 6”.
    if "thang" not in folded and _YEAR_SAID.search(folded) is None:
        return
    for match in _PERIOD.finditer(folded):
        period = _period(match)
        if period is not None:
            yield period


def date_at(folded: str, position: int) -> tuple[int, date] | None:
    """Return the end and the value of the full date that begins at ``position``, if any."""
    match = _DAY_AT.match(folded, position)
    value = _day(match) if match else None
    return None if match is None or value is None else (match.end(), value)


def write_date(day: date) -> str:
    """Return a date as official texts write it: ``09/4/2026``, ``15/6/2026``, ``30/01/2026``.

    Source: NĐ 30/2020/NĐ-CP, Phụ lục I.II.4: a leading zero for days below 10 and months 1, 2.
    """
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)
    return f"{day.day:02}/{month}/{day.year}"


def _day(match: re.Match[str]) -> date | None:
    year = match["y1"] or match["y2"]
    if year is None:
        return None
    return _valid(int(year), int(match["m1"] or match["m2"]), int(match["d1"] or match["d2"]))


def _valid(year: int, month: int, day: int) -> date | None:
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return date(year, month, day)


def _period(match: re.Match[str]) -> Period | None:
    if match["d1"] or match["d2"]:
        value = _day(match)
        if value is None and (match["y1"] or match["y2"]):
            return None
        return Period(match.start(), match.end(), Unit.DAY, value, value)
    if match["m3"] or match["m4"]:
        year, month = int(match["y3"] or match["y4"]), int(match["m3"] or match["m4"])
        if not 1 <= month <= 12:
            return None
        bare = bool(match["m3"]) and not match["word"]
        first, last = date(year, month, 1), end_of_month(year, month)
        return Period(match.start(), match.end(), Unit.MONTH, first, last, bare)
    if match["q5"]:
        quarter = _QUARTERS.get(match["q5"]) or int(match["q5"])
        year, month = int(match["y5"]), 3 * quarter
        first, last = date(year, month - 2, 1), end_of_month(year, month)
        return Period(match.start(), match.end(), Unit.QUARTER, first, last)
    year = int(match["y6"])
    return Period(match.start(), match.end(), Unit.YEAR, date(year, 1, 1), date(year, 12, 31))
