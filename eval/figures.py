"""Dates, document numbers, other numbers and agency names of a claim, and whether a text has them.

Written apart from the recognisers of ``corpus`` on purpose: a verifier must not be measured
with its own eyes. Where the two disagree, one of them is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.text import normalise

_D = r"(?P<d>3[01]|[12]\d|0?[1-9])"
_M = r"(?P<m>1[0-2]|0?[1-9])"
_SEP = r"\s?[-/.]\s?"
_DATES = (
    re.compile(r"quý\s+(?P<q>I{1,3}|IV|[1-4])(?:\s*[-/]\s*|\s+năm\s+)(?P<y>\d{4})(?!\d)", re.I),
    re.compile(rf"(?<!\d){_D}\s+tháng\s+{_M}(?:\s+năm\s+(?P<y>\d{{4}}))?(?!\d)", re.I),
    re.compile(rf"(?<![\d/.-]){_D}{_SEP}{_M}{_SEP}(?P<y>(?:19|20)\d\d)(?!\d)"),
    re.compile(rf"tháng\s+{_M}(?:\s*[-/]\s*|\s+năm\s+)(?P<y>\d{{4}})(?!\d)", re.I),
    re.compile(rf"(?<![\d/.,-]){_M}\s?[-/]\s?(?P<y>(?:19|20)\d\d)(?![\d/])"),
    re.compile(rf"ngày\s+{_D}\s?/\s?{_M}(?![\d/])", re.I),
    re.compile(rf"tháng\s+{_M}(?![\d%])(?!\s+năm)", re.I),
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_LETTERS = r"[^\W\d_]"
_DOCUMENT = re.compile(
    rf"(?<![\w./])\d+(?:[./]\d+)*\s?[-/]\s?{_LETTERS}{{2,}}(?:\s?[-/]\s?{_LETTERS}{{2,}})*(?![\w])"
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_UPPER = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
_HEADS = (
    "Bộ|Sở|Ban|Cục|Tổng cục|Vụ|Uỷ ban|Ủy ban|UBND|HĐND|Văn phòng|Viện|Học viện|Đại học|Trường|"
    "Tập đoàn|Ngân hàng|Thanh tra|Hội|Tổ|Đảng ủy|Tỉnh ủy|Thành ủy|Cơ quan|Công an|Kho bạc"
)
_AGENCY = re.compile(rf"(?<!\w)(?P<head>{_HEADS})\s+(?P<rest>[{_UPPER}]\S*(?:\s+\S+)?)")
_FUSED = re.compile(rf"(?<!\w)B(?P<rest>[{_UPPER}]{{2,8}})(?!\w)")
_WHOLE = re.compile(r"(?<!\w)(Chính phủ|Quốc hội|Ban Bí thư|Bộ Chính trị|Thủ tướng)(?!\w)")
_SHORTENED = (
    (re.compile(normalise("Ủy ban nhân dân"), re.I), "UBND"),
    (re.compile("Hội đồng nhân dân", re.I), "HĐND"),
)
_ABBREVIATED = {"chính phủ": "cp", "quốc hội": "qh", "thủ tướng": "ttg"}
_NOT_INITIAL = frozenset({"và", "-", "&", ","})
_INITIALS_REACH = 10


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as it is said; 0 stands for what is not."""

    day: int = 0
    month: int = 0
    quarter: int = 0
    year: int = 0

    def __str__(self) -> str:
        if self.quarter:
            return f"quý {self.quarter}/{self.year}"
        return "/".join(str(part) for part in (self.day, self.month, self.year) if part)

    def is_said_by(self, other: Day) -> bool:
        """Whether all that is said here is said the same there: 31/12/2025 says 12/2025."""
        pairs = (
            (self.day, other.day),
            (self.month, other.month),
            (self.quarter, other.quarter),
            (self.year, other.year),
        )
        return all(mine in {0, theirs} for mine, theirs in pairs)


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency: its first word (``bộ``) and what follows, lower case (``tài chính``, ``khcn``)."""

    head: str
    rest: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What a verifier can check in a text; numbers without thousands dots and leading zeros."""

    dates: frozenset[Day]
    documents: frozenset[str]
    numbers: frozenset[str]
    agencies: frozenset[Agency]

    def __bool__(self) -> bool:
        return bool(self.dates or self.documents or self.numbers or self.agencies)


def figures_of(text: str) -> Figures:
    """Return the dates, document numbers, other numbers and agencies of ``text``."""
    clean = _clean(text)
    documents, rest = _take(_DOCUMENT, clean)
    dates: set[Day] = set()
    for pattern in _DATES:
        found, rest = _take(pattern, rest)
        dates |= {_day(match) for match in found}
    return Figures(
        frozenset(dates),
        frozenset(_document(match[0]) for match in documents),
        frozenset(_number(match[0]) for match in _NUMBER.finditer(rest)),
        frozenset(_agencies(clean)),
    )


def missing_figures(claim: str, text: str) -> tuple[str, ...]:
    """Return what ``claim`` says and ``text`` doesn't, as words for a report.

    Args:
        claim: a sentence of an answer, without markers.
        text: the clause that it cites, with or without context.
    """
    said, given = figures_of(claim), figures_of(text)
    # “năm 2025” is said by “31/12/2025”, and “Thông báo 45” by “45-TB/BCĐ”.
    numbers = set(given.numbers)
    for day in given.dates:
        numbers |= {str(part) for part in (day.day, day.month, day.year) if part}
    for document in given.documents:
        numbers |= {_number(found) for found in re.findall(r"\d+", document)}
    missing = [
        str(day) for day in said.dates if not any(day.is_said_by(other) for other in given.dates)
    ]
    missing += said.documents - given.documents
    missing += said.numbers - numbers
    lower = _clean(text).lower()
    missing += [
        f"{agency.head} {agency.rest}".strip()
        for agency in said.agencies
        if not _has_agency(agency, lower)
    ]
    return tuple(sorted(missing))


def _clean(text: str) -> str:
    clean = normalise(text.replace("*", ""))
    for pattern, short in _SHORTENED:
        clean = pattern.sub(short, clean)
    return clean


def _take(pattern: re.Pattern[str], text: str) -> tuple[list[re.Match[str]], str]:
    return list(pattern.finditer(text)), pattern.sub(" ; ", text)


def _day(match: re.Match[str]) -> Day:
    parts = match.groupdict()
    quarter = (parts.get("q") or "0").lower()
    return Day(
        int(parts.get("d") or 0),
        int(parts.get("m") or 0),
        _ROMAN[quarter] if quarter in _ROMAN else int(quarter),
        int(parts.get("y") or 0),
    )


def _document(text: str) -> str:
    parts = re.split(r"\s?[-/]\s?", text.strip().lower())
    return "-".join(part.lstrip("0") or part for part in parts)


def _number(text: str) -> str:
    if _THOUSANDS.fullmatch(text):
        text = text.replace(".", "")
    whole, *rest = re.split(r"[.,]", text, maxsplit=1)
    return ",".join([whole.lstrip("0") or "0", *rest])


def _agencies(text: str) -> Iterator[Agency]:
    for match in _AGENCY.finditer(text):
        words = [word.strip(".,;:()“”\"'[]") for word in match["rest"].lower().split()]
        # An abbreviation stands alone: what comes after it is no part of the name.
        first = match["rest"].split()[0].strip(".,;:()“”\"'[]")
        rest = words[:1] if first.isupper() and len(first) > 1 else [w for w in words if w]
        if match["rest"].split()[0][-1:] in ".,;:)”":
            rest = words[:1]
        yield Agency(match["head"].lower(), _letters(" ".join(rest)))
    for match in _FUSED.finditer(text):
        yield Agency("bộ", match["rest"].lower())
    for match in _WHOLE.finditer(text):
        yield Agency(match[0].lower(), "")


def _letters(words: str) -> str:
    return re.sub(r"[&/-]", "", words)


def _has_agency(agency: Agency, text: str) -> bool:
    if not agency.rest:
        short = _ABBREVIATED.get(agency.head)
        forms = [agency.head, *([short] if short else [])]
        return any(re.search(rf"(?<!\w){re.escape(form)}(?!\w)", text) for form in forms)
    if agency.head == "bộ" and re.search(rf"(?<!\w)b{re.escape(agency.rest)}(?!\w)", text):
        return True
    starts = [m.end() for m in re.finditer(rf"(?<!\w){re.escape(agency.head)}\s", text)]
    return any(_same_agency(agency.rest, text[start : start + 120]) for start in starts)


def _same_agency(said: str, following: str) -> bool:
    """Whether the words after an agency's head in a text are the agency that was said.

    The first two syllables tell the agencies apart; an abbreviation is the initials of the
    name, with or without “và” (KHCN and KH&CN: Khoa học và Công nghệ).
    """
    words = [word.strip(".,;:()“”\"'[]") for word in following.split()]
    words = [word for word in words if word]
    if _letters(" ".join(words)).startswith(said):
        return True
    if " " not in said:
        initials = "".join(w[0] for w in words[:_INITIALS_REACH] if w not in _NOT_INITIAL)
        return initials.startswith(said)
    first = _letters(words[0]) if words else ""
    spelled = "".join(word[0] for word in said.split())
    return len(first) > 1 and first.startswith(spelled)
