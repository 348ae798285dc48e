"""The marks that number a Vietnamese notice: Phần 1, Điều 2, I., 1., 2.1., a), (1), *, -, +, ·."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

# f, j, w and z are not Vietnamese letters; đ follows d.
ALPHABET = "abcdđeghiklmnopqrstuvxy"
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}


class MarkerKind(StrEnum):
    """A level of numbering; how kinds nest differs from notice to notice."""

    PART = "phan"
    CHAPTER = "chuong"
    ARTICLE = "dieu"
    ROMAN = "roman"
    NUMBER = "number"
    DECIMAL = "decimal"  # 2.1.
    LETTER = "letter"  # a)
    PAREN = "paren"  # (1)
    PAREN_ROMAN = "paren_roman"  # (i)
    STAR = "star"
    DASH = "dash"
    PLUS = "plus"
    DOT = "dot"


BULLETS = (MarkerKind.STAR, MarkerKind.DASH, MarkerKind.PLUS, MarkerKind.DOT)


@dataclass(frozen=True, slots=True)
class Marker:
    """A mark at the beginning of a paragraph.

    Args:
        kind: what sort of mark.
        label: as it is cited: ``4``, ``2.1``, ``b``, ``(1)``, ``II``; ``""`` for bullets.
        ordinal: its place in its list, 1-based; 0 for bullets.
        end: where the text after it begins.
    """

    kind: MarkerKind
    label: str
    ordinal: int
    end: int

    @property
    def is_bullet(self) -> bool:
        """Whether the mark has no number of its own."""
        return self.kind in BULLETS


_MARKUP = r"(?P<markup>(?:#{1,6}\s+)?[*_]{0,3})"
_PATTERNS: tuple[tuple[MarkerKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(_MARKUP + pattern))
    for kind, pattern in (
        (MarkerKind.PART, r"(?:Phần|PHẦN)\s+(?P<n>\d{1,2}|[IVX]{1,5})(?=[.:*\s]*$|[.:]\s)[.:]?"),
        (MarkerKind.CHAPTER, r"(?:Chương|CHƯƠNG)\s+(?P<n>\d{1,2}|[IVXL]{1,6})(?=[.:*\s]*$|[.:]\s)[.:]?"),
        (MarkerKind.ARTICLE, r"(?:Điều|ĐIỀU)\s+(?P<n>\d{1,3}[a-zđ]?)[.:]"),
        (MarkerKind.ROMAN, r"(?P<n>[IVXL]{1,6})[.)](?=[\s*])"),
        (MarkerKind.DECIMAL, r"(?P<n>\d{1,2}(?:\.\d{1,2}){1,3})\.?(?=[*]{0,3}\s+[^\W\d])"),
        (MarkerKind.NUMBER, r"(?P<n>\d{1,3})[.)](?=[\s*]+\D|[\s*]+\d+\s)"),
        (MarkerKind.LETTER, r"(?P<n>[a-eghiklmnopqrstuvxyđ])\)(?=[\s*])"),
        (MarkerKind.PAREN, r"\((?P<n>\d{1,2})\)(?=[*]{0,3}\s)"),
        (MarkerKind.PAREN_ROMAN, r"\((?P<n>[ivx]{1,5})\)(?=[*]{0,3}\s)"),
    )
)
_BULLET = re.compile(r"(?P<mark>[-–−+·•*])(?=\s)\s*")  # noqa: RUF001
_BULLET_KINDS = {"*": MarkerKind.STAR, "+": MarkerKind.PLUS, "·": MarkerKind.DOT, "•": MarkerKind.DOT}
_AFTER = re.compile(r"[*_]{0,3}\s*")


def find_marker(text: str) -> Marker | None:
    """Return the mark that ``text`` begins with, or None.

    Args:
        text: a paragraph without outer white space; Markdown marks may stand before.
    """
    head = text[:80]
    if match := _BULLET.match(head):
        kind = _BULLET_KINDS.get(match["mark"], MarkerKind.DASH)
        return Marker(kind, "", 0, match.end())
    for kind, pattern in _PATTERNS:
        if match := pattern.match(head):
            label = match["n"]
            after = _AFTER.match(head, match.end())
            end = after.end() if after else match.end()
            return Marker(kind, _shown(kind, label), _ordinal(kind, label), end)
    return None


def _shown(kind: MarkerKind, label: str) -> str:
    return f"({label})" if kind in (MarkerKind.PAREN, MarkerKind.PAREN_ROMAN) else label


def _ordinal(kind: MarkerKind, label: str) -> int:
    if kind is MarkerKind.LETTER:
        return ALPHABET.index(label) + 1
    if kind is MarkerKind.DECIMAL:
        return int(label.rsplit(".", 1)[1])
    if label[0].isdigit():
        return int(re.match(r"\d+", label)[0])  # type: ignore[index]
    return roman_value(label.upper())


def roman_value(numeral: str) -> int:
    """Return the value of an upper-case Roman numeral up to LXXXIX."""
    values = [_ROMAN_VALUES[c] for c in numeral]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-a if a < b else a for a, b in pairs)
