"""Numbers as they are written in Vietnamese: comma before decimals, point between thousands."""

from __future__ import annotations

from typing import Literal

Unit = Literal["share", "score", "gap", "seconds", "rate", "gib", "words", "number"]

DASH = "–"  # stands where there is nothing to show
SPACE = "\u00a0"  # between a number and its unit, which never stand on two lines
POINTS = f"{SPACE}điểm{SPACE}%"
_SWAP = str.maketrans(",.", ".,")
_SUFFIX: dict[Unit, str] = {
    "seconds": f"{SPACE}giây",
    "rate": f"{SPACE}điều khoản/giây",
    "gib": f"{SPACE}GiB",
    "words": f"{SPACE}từ",
}
_DECIMALS: dict[Unit, int] = {"rate": 1, "gib": 2, "words": 0, "gap": 3, "score": 3}


def number(value: float, decimals: int = 0) -> str:
    """Write a number, e.g. ``1.234,50``; what rounds to nought has no sign."""
    text = f"{value:,.{decimals}f}"
    if value < 0 and not any(c in "123456789" for c in text):
        text = text.lstrip("-")
    return text.translate(_SWAP).replace("-", "−")


def share(value: float) -> str:
    """Write a share as a percentage with one decimal, ``93,5 %``; whole ones without it."""
    percent = number(value * 100, 1)
    return f"{percent.removesuffix(',0')}{SPACE}%"


def seconds(value: float) -> str:
    """Write a time: milliseconds with three decimals below 0.1 s, else two."""
    return f"{number(value, 3 if value < 0.1 else 2)}{SPACE}giây"


def shown(value: float | None, unit: Unit) -> str:
    """Write a value with its unit; a dash for none."""
    if value is None:
        return DASH
    if unit == "share":
        return share(value)
    if unit == "seconds":
        return seconds(value)
    decimals = _DECIMALS.get(unit, 0 if value == int(value) else 2)
    return number(value, decimals) + _SUFFIX.get(unit, "")


def bound(value: float, unit: Unit) -> str:
    """Write a target: as ``shown``, with no more decimals than it has."""
    head, space, suffix = shown(value, unit).partition(SPACE)
    trimmed = head.rstrip("0").rstrip(",") if "," in head else head
    return trimmed + space + suffix


def signed(value: float, unit: Unit) -> str:
    """Write a difference with its sign; shares in percentage points."""
    size = abs(value)
    text = f"{number(size * 100, 1)}{POINTS}" if unit == "share" else shown(size, unit)
    if not any(c in "123456789" for c in text):
        return text
    return ("+" if value > 0 else "−") + text
