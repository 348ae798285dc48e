"""The marks that number a Vietnamese notice: Phần 1, Điều 2, A., I., 1., 2.1., a), (1), *, -, +, ·.

Old documents write ``I/``, ``I-``, ``1/`` and ``1-``; what an amendment puts between two items is
``3a.`` or ``a1)``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from corpus.text import is_plain, normalise_with_map

# f, j, w and z are not Vietnamese letters; đ follows d.
ALPHABET = "abcdđeghiklmnopqrstuvxy"
# I, L, V and X are Roman numbers first. After D comes E or Đ, as the typist counts.
_CAPITALS = "ABCDEFGHKM"
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}


class MarkerKind(StrEnum):
    """A level of numbering; how kinds nest differs from notice to notice."""

    PART = "phan"
    CHAPTER = "chuong"
    ARTICLE = "dieu"
    CAPITAL = "capital"  # A.
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
        sign: what ends the number: ``1)`` is another list than ``1.``.
    """

    kind: MarkerKind
    label: str
    ordinal: int
    end: int
    sign: str = ""

    @property
    def is_bullet(self) -> bool:
        """Whether the mark has no number of its own."""
        return self.kind in BULLETS


_MARKUP = r"(?P<markup>(?:#{1,6}\s+)?[*_]{0,3})"
# “Phần 1”, “Phần 1.”, “PHẦN I - KẾT QUẢ”, not “Phần 1 của báo cáo”.
_AFTER_UNIT = r"[*_]{0,3}(?:[.:](?=[\s*_]|$|[A-ZĐ])|\s+[-–](?=\s)|(?=[*_\s]*$))"
# Typists leave out the blank after a mark ("1.Về việc", "a)Xây dựng"); a capital tells it
# from "1.5 tỷ" and from an abbreviation.
_CAPITAL = "[" + "".join(c for c in map(chr, range(0x41, 0x1EFA)) if c.isupper()) + "]"
_SPACE = rf"(?=[\s*]|{_CAPITAL}[^\W\d_]|$)"
_NTH = "nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười"
_PATTERNS: tuple[tuple[MarkerKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(_MARKUP + pattern))
    for kind, pattern in (
        (
            MarkerKind.PART,
            rf"(?:Phần|PHẦN)\s+(?P<n>\d{{1,2}}|[IVX]{{1,5}}|(?i:thứ (?:{_NTH}))){_AFTER_UNIT}",
        ),
        (MarkerKind.CHAPTER, rf"(?:Chương|CHƯƠNG)\s+(?P<n>\d{{1,2}}|[IVXL]{{1,6}}){_AFTER_UNIT}"),
        (MarkerKind.ARTICLE, r"(?:Điều|ĐIỀU)\s+(?P<n>\d{1,3}[a-zđ]?)(?:[*_]{0,3}[.:]|[*_\s]*$)"),
        (
            MarkerKind.CAPITAL,
            rf"(?P<n>[A-HKĐ])[.)/](?=[*]{{0,3}}\s+[*]{{0,3}}{_CAPITAL}{_CAPITAL})",
        ),
        (
            MarkerKind.ROMAN,
            rf"(?P<n>[IVXL]{{1,6}})(?:[.)](?=[\s*]|{_CAPITAL}{_CAPITAL}|$)"
            rf"|[-/](?=\s+[*]{{0,3}}{_CAPITAL}))",
        ),
        (
            MarkerKind.DECIMAL,
            r"(?P<n>\d{1,2}(?:\.\d{1,2}){1,3})"
            rf"(?:\.(?=[*]{{0,3}}\s+[^\W\d])|(?=[*]{{0,3}}\s+{_CAPITAL}))",
        ),
        (
            MarkerKind.NUMBER,
            rf"(?P<n>\d{{1,3}}[a-zđ]?)(?:[.)]{_SPACE}|[-/](?=\s+[*]{{0,3}}{_CAPITAL}[^\W\d_]))",
        ),
        (MarkerKind.LETTER, rf"(?P<n>[a-eghiklmnopqrstuvxyđ]\d?)\){_SPACE}"),
        (MarkerKind.PAREN, rf"\((?P<n>\d{{1,2}})\){_SPACE}"),
        (MarkerKind.PAREN_ROMAN, rf"\((?P<n>[ivx]{{1,5}})\){_SPACE}"),
    )
)
# What every mark but a bullet begins with; most paragraphs have none.
_MAY_BE = re.compile(_MARKUP + r"(?:[A-HKPĐIVXL\d(]|[a-zđ]\))")
_BULLET = re.compile(
    rf"(?:\*\*|__)?(?:(?P<mark>[-–—−+·•●▪◦\uf0b7*])\s+|(?P<tight>[-–+·•])(?={_CAPITAL}[^\W\d_A-Z]))"
)
_BULLET_KINDS = {
    "*": MarkerKind.STAR,
    "+": MarkerKind.PLUS,
    **dict.fromkeys("·•●▪◦\uf0b7", MarkerKind.DOT),
}
_AFTER = re.compile(r"[*_]{0,3}\s*")
_HEAD = 80  # characters: no mark is longer


def find_marker(text: str) -> Marker | None:
    """Return the mark that ``text`` begins with, or None.

    Args:
        text: a paragraph without outer white space; Markdown marks may stand before.
    """
    head = text[:_HEAD]
    if is_plain(head):
        return _marker_of(head)
    mapped = normalise_with_map(head)  # “Điều” typed in two characters is an article too
    marker = _marker_of(mapped.text)
    if marker is None:
        return None
    if marker.end == len(mapped.text):
        return replace(marker, end=len(head))
    return replace(marker, end=mapped.starts[marker.end])


def _marker_of(head: str) -> Marker | None:
    if match := _BULLET.match(head):
        kind = _BULLET_KINDS.get(match["mark"] or match["tight"], MarkerKind.DASH)
        return Marker(kind, "", 0, match.end())
    if _MAY_BE.match(head) is None:
        return None
    for kind, pattern in _PATTERNS:
        if match := pattern.match(head):
            label = match["n"]
            after = _AFTER.match(head, match.end())
            end = after.end() if after else match.end()
            sign = head[match.end("n") : match.end("n") + 1]
            return Marker(kind, _shown(kind, label), _ordinal(kind, label), end, sign)
    return None


def _shown(kind: MarkerKind, label: str) -> str:
    if kind in (MarkerKind.PAREN, MarkerKind.PAREN_ROMAN):
        return f"({label})"
    return label.lower() if label[:1] in "tT" and len(label) > 1 else label


def _ordinal(kind: MarkerKind, label: str) -> int:
    if kind is MarkerKind.LETTER:
        return ALPHABET.index(label[0]) + 1
    if kind is MarkerKind.CAPITAL:
        return _CAPITALS.index(label.replace("Đ", "E")) + 1
    if kind is MarkerKind.DECIMAL:
        return int(label.rsplit(".", 1)[1])
    if label[0].isdigit():
        return int(label.rstrip("abcdefghijklmnopqrstuvwxyzđ"))
    if label[0] in "tT":
        return 1 + _NTH.split("|").index(label.lower().split()[1])
    return roman_value(label.upper())


def roman_value(numeral: str) -> int:
    """Return the value of an upper-case Roman numeral up to LXXXIX."""
    values = [_ROMAN_VALUES[c] for c in numeral]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-a if a < b else a for a, b in pairs)
