"""Finds a secrecy stamp; the word in running text is none.

The three degrees are those of Luật Bảo vệ bí mật nhà nước (tuyệt mật, tối mật, mật). A stamp is
a line by itself, a cell of a header line, or the value of a header field.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from html import unescape

from corpus.errors import SecretFile

_HEAD_LINES = 30
_TAIL_LINES = 10
_LINE_REACH = 300
"""Characters of a line that are looked at: a stamp is short, a paragraph is not."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_COMMENT = re.compile(r"<!--|-->")
_TAG = re.compile(r"<[^<>]{0,80}>")
_CELL = re.compile(r"\t|\||\s{3,}|\u00a0{2,}")
_PART = re.compile(r"[-–—,;:/·•+&]|\bvà\b")
_LISTED = re.compile(r"[-+•·]|\*\s|\d")
_NOT_LETTER = re.compile(r"[\W\d_]+")

# Typists and scanners lose or swap marks, so “mâṭ”, “MAT” and “tôi mật” count; “mặt”, “mắt” and
# “mất” are other words. Spaces are taken out first, for letters set apart (“M Ậ T”).
_DEGREES = {
    "Tuyệt mật": re.compile(r"tuy[eêẹệ]t(m[aâạậ]t)"),
    "Tối mật": re.compile(r"t[oôóốơớ]i(m[aâạậ]t)"),
    "Mật": re.compile(r"(m[aâạậ]t)"),
}
_COVER = re.compile(r"^(?:tàiliệu|vănbản|hồsơ|bản|dấu|đóngdấu)")
_URGENCY = re.compile(r"^(?:thượng)?khẩn$|^h[oỏ]a?ảt[oố]c(?:hẹngiờ)?$|^h[oỏ][aả]t[oố]c(?:hẹngiờ)?$")
_FIELD = re.compile(
    r"\b(?:độ|mức|cấp|dấu|phân\s+loại|do|muc|cap)[\s_-]*(?:độ|do)?[\s_-]*(?:bảo|bao)?[\s_-]*"
    r"(?:mật|mat)\s*[\"”*]*(?:\s*[:=|]|\t)[\s\"“*\[(]*(?P<value>(?:tuy\w+\s+|t\w{1,2}i\s+)?m\wt)"
    r"(?=\s*(?:$|[^\w\s]|(?:độ\s+khẩn|do\s+khan|mức|số|so)\b))"
)

# Properties of the file, as converters write them at its top; the value must be a degree alone.
_PROPERTY = re.compile(
    r"^\W*(?:x[\s_-]*)?(?:classification|secrecy|security|confidentiality|sensitivity|keywords?"
    r"|labels?|phân[\s_-]*loại|nhãn|từ[\s_-]*kho[áa])[\s_-]*[\"*]*[:=](?P<value>.+)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A secrecy stamp: its degree and the 1-based line it stands on."""

    degree: str
    line: int


def check_secrecy(text: str) -> None:
    """Refuse a text that carries a secrecy stamp.

    Args:
        text: a whole file; its first 30 and last 10 non-blank lines are looked at.

    Raises:
        SecretFile: names the degree and the line.
    """
    stamp = find_stamp(text)
    if stamp is not None:
        raise SecretFile(
            f"Văn bản có dấu độ mật “{stamp.degree}” ở dòng {stamp.line}.",
            "Không đưa tài liệu bí mật nhà nước vào đây; nếu văn bản đã được giải mật, "
            "hãy dùng bản không còn dấu độ mật.",
        )


def find_stamp(text: str) -> Stamp | None:
    """Return the first secrecy stamp of ``text``, or None."""
    lines = _LINE_END.split(text)
    written = [i for i, line in enumerate(lines) if _plain(line)]
    looked_at = sorted({*written[:_HEAD_LINES], *written[-_TAIL_LINES:]})
    for i in looked_at:
        alone = not any(_plain(lines[j]) for j in (i - 1, i + 1) if 0 <= j < len(lines))
        if degree := _degree_of_line(lines[i], alone):
            return Stamp(degree, i + 1)
    return None


def _plain(line: str) -> str:
    short = unicodedata.normalize("NFKC", unescape(_COMMENT.sub(" ", line[:_LINE_REACH])))
    visible = "".join(c for c in short if unicodedata.category(c) not in {"Cf", "Cc"} or c == "\t")
    return _TAG.sub(" ", visible).strip()


def _degree_of_line(line: str, alone: bool) -> str | None:
    plain = _plain(line)
    if field := _FIELD.search(plain.lower()):
        return _degree(field["value"])
    if (found := _PROPERTY.match(plain)) and (degree := _degree_of_parts(found["value"])):
        return degree
    # A lower-case word on a line of its own may be the end of a wrapped sentence, and a list of
    # the degrees (“- Mật”) stamps nothing.
    letters = _NOT_LETTER.sub("", plain)
    likely = letters[:1].isupper() or alone or plain[:1] in "([*{«“<"
    listed = _LISTED.match(plain) is not None and not letters.isupper()
    if likely and not listed and (degree := _degree_of_parts(plain)):
        return degree
    cells = _CELL.split(plain)
    if len(cells) > 1:
        for cell in cells:
            if cell.upper() == cell and (degree := _degree_of_parts(cell)):
                return degree
    return None


def _degree_of_parts(text: str) -> str | None:
    """The degree if the text is nothing but one, with or without a word of urgency."""
    words = [_NOT_LETTER.sub("", part.lower()) for part in _PART.split(text)]
    words = [word for word in words if word]
    degrees = [_degree(word) for word in words if not _URGENCY.match(word)]
    return degrees[0] if len(degrees) == 1 else None


def _degree(word: str) -> str | None:
    compact = _COVER.sub("", _NOT_LETTER.sub("", word.lower()))
    for name, pattern in _DEGREES.items():
        if pattern.fullmatch(compact):
            return name
    return None
