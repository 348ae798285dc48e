"""Results that an answer worked out are worked out again here, from the cited clauses' words.

Written apart from the arithmetic of ``assistant`` on purpose, as figures are read apart: a result
counts as told by the clauses only if every operand stands in the clause that its marker leads to,
says there the value that went in, and gives the result that the answer shows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from eval.dataset import Citation, Computation, Operand

_NUMBER = re.compile(r"\d[\d. ]*(?:,\d+)?")
_DAY = re.compile(r"(\d{1,2})\s*(?:[/.-]|tháng)\s*(\d{1,2})\s*(?:[/.-]|năm)\s*(\d{4})", re.I)
_MONTH = re.compile(r"(?<!\d)(\d{1,2})\s*(?:[/-]|năm)\s*(\d{4})", re.I)
# How many of one unit another is: “1,5 tỷ” counts as 1500 of “triệu đồng”.
_SCALES = {"nghìn": 10**3, "ngàn": 10**3, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
_MULTIPLES = {"km": 1000, "tạ": 100, "tấn": 1000, "ha": 10**4, "tuần": 7}


def proved(computed: Sequence[Computation], citations: Mapping[int, Citation]) -> tuple[str, ...]:
    """Return what is shown of the results that hold.

    Args:
        computed: as the answer tells them.
        citations: of the answer, by marker.
    """
    return tuple(one.shown for one in computed if _holds(one, citations))


def _holds(one: Computation, citations: Mapping[int, Citation]) -> bool:
    if not one.operands or not all(_stands(o, one.unit, citations) for o in one.operands):
        return False
    try:
        result = _result(one.working, [o.value for o in one.operands])
    except (ValueError, InvalidOperation):
        return False
    if result != one.result:
        return False
    if one.working in ("most", "least"):
        return any(o.value == result and o.quote and _shows(one, o) for o in one.operands)
    found = _NUMBER.search(one.shown)
    return found is not None and _read(found[0]) == Decimal(result)


def _shows(one: Computation, operand: Operand) -> bool:
    return " ".join(operand.quote.split()) == " ".join(one.shown.split())


def _stands(operand: Operand, unit: str, citations: Mapping[int, Citation]) -> bool:
    """Whether the operand's words are the clause's and say its value."""
    cited = citations.get(operand.marker)
    if cited is None or operand.quote not in cited.clause.text:
        return False
    if not operand.value:  # the clause counts as a whole
        return not operand.quote
    if operand.value.count("-") == 2:
        return _day(operand.quote) == date.fromisoformat(operand.value)
    number = _NUMBER.search(operand.quote)
    if number is None:
        return False
    own = _scale(operand.quote[number.end() :])
    value = _read(number[0]) * own / (_scale(unit) if unit else 1)
    # A row that is compared has no unit of the result: its value is the smallest unit's.
    return value == Decimal(operand.value)


def _read(number: str) -> Decimal:
    return Decimal(re.sub(r"[. ]", "", number).replace(",", "."))


def _scale(unit: str) -> Decimal:
    times = Decimal(1)
    for word in re.findall(r"[^\W\d_]+", unit.lower()):
        times *= _SCALES.get(word, _MULTIPLES.get(word, 1))
    return times


def _day(text: str) -> date | None:
    if day := _DAY.search(text):
        return date(int(day[3]), int(day[2]), int(day[1]))
    month = _MONTH.search(text)
    return date(int(month[2]), int(month[1]), 1) if month else None


def _result(working: str, values: Sequence[str]) -> str:
    if working == "count":
        return str(len(values))
    if working in ("days", "months"):
        first, last = sorted(map(date.fromisoformat, values))
        if working == "days":
            return str((last - first).days)
        return str(
            (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
        )
    if working in ("most", "least"):
        dates = all(value.count("-") == 2 for value in values)
        read = {
            value: date.fromisoformat(value).toordinal() if dates else Decimal(value)
            for value in values
        }
        pick = max if working == "most" else min
        return pick(read, key=lambda value: read[value])
    numbers = [Decimal(value) for value in values]
    total = sum(numbers) if working == "sum" else max(numbers) - min(numbers)
    return f"{Decimal(total):f}"
