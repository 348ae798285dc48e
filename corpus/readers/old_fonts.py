"""Letters typed for fonts of the nineties: TCVN 5712:1993 (TCVN3, ABC), VNI and VPS.

Their bytes stand in a file as the Western letters of the same codes; the font shows Vietnamese
ones. TCVN3 (fonts ``.Vn…``) and VPS (fonts ``VPS …``) have one byte a letter. VNI (fonts
``VNI-…``) writes a bare letter and behind it a byte for all its marks, for some letters one byte
alone.

Sources: TCVN 5712:1993, VN3; the tables of VNI Windows and VPS as keyboards for Vietnamese have
them (compared with those of xvnkb and VBKey).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from corpus.text import normalise

TCVN3_NAME, VNI_NAME, VPS_NAME = "TCVN3", "VNI", "VPS"

_CODES = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ",
    0xB5: "àảãáạ",
    0xBB: "ằẳẵắ",
    0xC6: "ặầẩẫấậè",
    0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù",
    0xF1: "ủũúụừửữứựỳỷỹýỵ",
}
TCVN3 = {first + i: letter for first, letters in _CODES.items() for i, letter in enumerate(letters)}
"""The Vietnamese letter of each code, for ``str.translate``; every letter keeps its place."""

_VPS_CODES = {
    0x80: "ÀẢÃẤẦẨọỗĂếềểệẮẰẲẾ",
    0x93: "ỀỂỄỐỒỔỖýỷỵỚỜỞ",
    0xA1: "ắằẳẵặỠớÙờởỡŨỨợỪổỬỲỸÍÌộỈĨÓửữÒỎÕựầÁÂấẩẫậđẻÉÊẹỉễịỹƯỦồốÔỏơÈừứÚũưÝẺ",
    0xE0: "àáâãảạă",
    0xE8: "èéêẽìí",
    0xEF: "ĩẴĐòóôõ",
    0xF7: "Ơụùúủ",
    0xFD: "ỶẼỳ",
}
_VPS = {first + i: letter for first, run in _VPS_CODES.items() for i, letter in enumerate(run)}
VPS = _VPS | {
    ord(bytes([code]).decode("cp1252")): letter
    for code, letter in _VPS.items()
    if 0x80 <= code < 0xA0 and code not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}  # cp1252 has none there
}
"""Likewise, with the characters that Windows-1252 has for the codes."""

_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_ROOF, _BREVE = "\u0302", "\u0306"
_VNI_MARKS = {
    "ù": _ACUTE,
    "ø": _GRAVE,
    "û": _HOOK,
    "õ": _TILDE,
    "ï": _DOT,
    "â": _ROOF,
    "á": _ROOF + _ACUTE,
    "à": _ROOF + _GRAVE,
    "å": _ROOF + _HOOK,
    "ã": _ROOF + _TILDE,
    "ä": _ROOF + _DOT,
    "ê": _BREVE,
    "é": _BREVE + _ACUTE,
    "è": _BREVE + _GRAVE,
    "ú": _BREVE + _HOOK,
    "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT,
}
_VNI_TONES = frozenset("ùøûõï")
_VNI_ROOFED = frozenset("âáàåãä")
_VNI_ALONE = {"ñ": "đ", "ö": "ư", "ô": "ơ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_BASES = {
    **dict.fromkeys("a", frozenset(_VNI_MARKS)),
    **dict.fromkeys("eo", _VNI_TONES | _VNI_ROOFED),
    **dict.fromkeys("uyöô", _VNI_TONES),
}
"""What marks a letter may have; ``ö`` and ``ô`` are ``ư`` and ``ơ``."""


def _vni_pairs() -> dict[str, str]:
    pairs: dict[str, str] = {}
    for base, marks in _VNI_BASES.items():
        for mark in marks:
            letter = normalise(_VNI_ALONE.get(base, base) + _VNI_MARKS[mark])
            for typed in (base + mark, base + mark.upper()):
                pairs[typed] = letter
            for typed in (base.upper() + mark, base.upper() + mark.upper()):
                pairs[typed] = letter.upper()
    return pairs


_VNI_PAIRS = _vni_pairs()
_VNI_LETTERS = _VNI_ALONE | {one.upper(): letter.upper() for one, letter in _VNI_ALONE.items()}
_VNI = re.compile("|".join(map(re.escape, (*_VNI_PAIRS, *_VNI_LETTERS))))


def old_encoding(font: str) -> str:
    """Return the encoding that a font shows its letters by, told by its name; ``""`` for none.

    ``.VnTime`` and ``.VnArialH`` are of TCVN3, ``VNI-Times`` of VNI,
    ``VPS Times`` of VPS.
    """
    name = font.strip().lower()
    if name.startswith(".vn"):
        return TCVN3_NAME
    if name.startswith(("vni-", "vni ")):
        return VNI_NAME
    return VPS_NAME if name.startswith(("vps ", "vps-")) else ""


def shown_by(text: str, font: str) -> str:
    """Return the letters that a font of an old encoding shows; of another font the same.

    A font of TCVN3 whose name ends in H shows capitals.
    """
    encoding = old_encoding(font)
    if encoding == TCVN3_NAME:
        letters = text.translate(TCVN3)
        return letters.upper() if font.strip().endswith("H") else letters
    if encoding == VPS_NAME:
        return text.translate(VPS)
    return from_vni(text) if encoding == VNI_NAME else text


def from_vni(text: str) -> str:
    """Return a text that was typed in VNI; marks and letter become one letter."""
    return _VNI.sub(lambda found: _VNI_PAIRS.get(found[0]) or _VNI_LETTERS[found[0]], text)


def vni_pair(base: str, mark: str) -> str:
    """Return the letter that two characters are in VNI; ``""`` where they are two."""
    return _VNI_PAIRS.get(base + mark, "")


def converted(encodings: Iterable[str]) -> str:
    """Return what a person is told of it."""
    named = ", ".join(sorted(set(encodings)))
    return f"Chữ dùng phông cũ ({named}) đã được chuyển sang Unicode."
