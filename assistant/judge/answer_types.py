"""Whether a text holds the kind of thing that was asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise

from assistant.understand.figures import figures
from assistant.understand.question import Asked
from corpus.facts.agencies import find_agencies
from corpus.facts.deadlines import find_deadlines
from corpus.facts.references import find_references
from corpus.notice import Span
from corpus.parse.markers import find_marker
from corpus.text import fold

# What numbers a clause, a footnote or a day counts nothing.
_MARKING_NUMBER = re.compile(
    r"(?:^|›)\s*(?:Điều )?\(?\d{1,2}(?:\.\d{1,2})*[.)]|\(\d{1,2}\)|\[\d{1,3}\]"
    r"|(?<=[.;:…”)] )\d{1,2}(?:\.\d{1,2})*\.(?= [^\W\d_])|\b(?:ngày|tháng|năm|quý) +\d[\d/ -]*",
    re.I,
)
# “1.200/107.000 ha” are numbers, “15/6” and “6/2026” are dates.
_DAY_OR_MONTH = re.compile(r"\d{1,2}(?:/\d{1,2})?(?:/\d{4})|\d{1,2}/\d{1,2}")
_NUMBER_WORD = re.compile(r"\b(?:hai|ba|bốn|sáu|bảy|tám|chín|mười)\b(?! là)", re.I)
_WHO = frozenset({Asked.OWNER, Asked.PERSON})
_PARTS = re.compile(r"[\s(“\"'‘\[]+")
_DATE = re.compile(
    r"\d{1,2}[/-]\d{4}|\d{1,2}/\d{1,2}|thang \d|nam \d{4}|nam hoc \d{4}|quy (?:[ivx]+|\d)"
    r"|thuong xuyen|hang (?:tuan|thang|quy|nam|ngay)|theo lo trinh|dinh ky"
    r"|\d{1,9} (?:thang|nam|ngay|tuan|gio|phut)|ky hop|(?:ke )?tu ngay"
    r"|\d{4}\s{0,9}[-–]\s{0,9}\d{4}|sau moi"
)
_PLACE = re.compile(
    r"dia chi|tru so|dat tai|\btai (?:cac )?(?:tinh|thanh pho|xa|phuong|khu|toa nha|so \d)"
    r"|\bso \d{1,9}\w? (?:duong|pho)\b|\w\.(?:vn|com|org|net)\b"
)
_ANY_PLACE = re.compile(r"\bnoi nao\b")
_NAMED_PLACE = re.compile(r"(?:[Tt]ỉnh|[Tt]hành phố|TP\.?|[Hh]uyện|[Xx]ã|[Pp]hường) [A-ZĐÀ-Ỹ]")
_OFFICE = re.compile(r"người đứng đầu|thủ trưởng|chủ đầu tư|chủ tịch|giám đốc", re.I)
# What a number must come with to answer: (how it is asked for, how it is told); folded.
_UNITS = (
    (
        r"bao nhieu tien|bao nhieu kinh phi|tri gia bao nhieu"
        r"|(?:kinh phi|von|so tien) (?:la )?bao nhieu",
        r"\d\s{0,9}(?:(?:nghin|trieu|ty|ti|ngan)\s{0,9})?(?:(?:ty|ti|trieu|nghin)\s{0,9})?"
        r"(?:dong|usd|do|vnd|euro)",
    ),
    (r"bao nhieu (?:phan tram|%)|may phan tram", r"\d\s{0,9}(?:%|phan tram)"),
    (r"bao nhieu ngay|may ngay", r"\d\s{0,9}ngay"),
)


def _has_unit(question: str, text: str) -> bool:
    return all(re.search(told, text) for asked, told in _UNITS if re.search(asked, question))


def offers(asked: Asked, text: str, question: str) -> bool:
    """Whether ``text`` holds something of the kind ``asked`` that the question didn't say.

    Args:
        asked: the kind.
        text: a clause with its context.
        question: the question's own words don't count.
    """
    told = _TOLD.get(asked)
    return told is None or told(text, question)


def unmet(asked: Iterable[Asked], told: Callable[[Asked], bool]) -> frozenset[Asked]:
    """Return the kinds asked for that are not told; “ai” is answered by a person or an agency."""
    wanted = frozenset(asked)
    missing = frozenset(kind for kind in wanted if not told(kind))
    return missing - _WHO if wanted >= _WHO and not missing >= _WHO else missing


def numbers_told(text: str, question: str) -> set[str]:
    """Return the numbers of ``text`` that may answer “bao nhiêu”.

    Dates, document numbers, the clause's own number and what the question said are none.
    """
    marker = find_marker(text)
    own = [Span(0, marker.end)] if marker else []
    dated = [*(r.span for r in find_references(text)), *(d.span for d in find_deadlines(text))]
    return set(figures(without(text, [*own, *dated]))) - set(figures(question))


def without(text: str, spans: Iterable[Span]) -> str:
    """Return ``text`` with a blank in place of each span; they may overlap."""
    kept: list[str] = []
    at = 0
    for span in sorted(spans, key=lambda span: span.start):
        kept.append(text[at : max(at, span.start)])
        at = max(at, span.end)
    return " ".join([*kept, text[at:]])


def _number(text: str, question: str) -> bool:
    said = _MARKING_NUMBER.sub(lambda match: " " * len(match[0]), text)
    references = [found.span for found in find_references(text)]
    said = without(said, [span for span in references if span.of(said) == span.of(text)])
    told = {one for one in figures(said) if not _DAY_OR_MONTH.fullmatch(one)}
    told -= set(figures(question))
    return bool(told or _NUMBER_WORD.search(said)) and _has_unit(fold(question), fold(text))


def _deadline(text: str, question: str) -> bool:
    asked_about = fold(question)
    dates = [m[0] for m in _DATE.finditer(fold(text))]
    return any(d not in asked_about for d in dates) or bool(find_deadlines(text))


def _owner(text: str, question: str) -> bool:
    known_names = fold(question)
    return any(fold(a.canonical) not in known_names for a in find_agencies(text))


def _document(text: str, question: str) -> bool:
    known_numbers = fold(question)
    return any(fold(r.number) not in known_numbers for r in find_references(text))


def _place(text: str, question: str) -> bool:
    # “nơi nào” asks for a province as often as for an address.
    if _ANY_PLACE.search(fold(question)) and _NAMED_PLACE.search(text):
        return True
    return bool(_PLACE.search(fold(text)))


def _person(text: str, _: str) -> bool:
    """Whether a person is named or told by the office.

    Two capital words follow each other in every name (“Nông Văn Thuỷ”).
    """
    if _OFFICE.search(text):
        return True
    capital = [word[0].isupper() for word in _PARTS.split(text) if word]
    return any(a and b for a, b in pairwise(capital))


_TOLD: Mapping[Asked, Callable[[str, str], bool]] = {
    Asked.NUMBER: _number,
    Asked.DEADLINE: _deadline,
    Asked.OWNER: _owner,
    Asked.DOCUMENT: _document,
    Asked.PLACE: _place,
    Asked.PERSON: _person,
    Asked.SIGNER: _person,
}
