"""Letters typed for fonts of the nineties: TCVN 5712:1993 (TCVN3, ABC), one byte a letter.

The bytes stand in a file as the Western letters of the same codes; a font named ``.Vn…`` showed
them as Vietnamese ones. Source of the table: TCVN 5712:1993, VN3.
"""

from __future__ import annotations

CONVERTED = "Chữ dùng phông cũ (TCVN3) đã được chuyển sang Unicode."
"""What a person is told of it."""

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


def is_tcvn3_font(name: str) -> bool:
    """Whether a font shows its letters by TCVN3, by its name: ``.VnTime``, ``.VnArialH``."""
    return name.strip().lower().startswith(".vn")


def from_tcvn3(text: str, font: str) -> str:
    """Return the letters that a font of TCVN3 shows; one whose name ends in H shows capitals."""
    letters = text.translate(TCVN3)
    return letters.upper() if font.strip().endswith("H") else letters
