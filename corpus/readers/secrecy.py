"""Finds a secrecy stamp; the word in running text is none.

The three degrees are those of Luật Bảo vệ bí mật nhà nước (tuyệt mật, tối mật, mật). A stamp is
a line by itself, a cell of a header line, or the value of a header field. It stands at the head
or the tail of a document, and a file may hold several: a notice and what is attached to it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from corpus.errors import SecretFile
from corpus.notice import Span
from corpus.parse.lines import Line
from corpus.parse.zones import Zone, split_sections
from corpus.readers.base import SourceFile
from corpus.text import fold, shown_as_latin

_HEAD_LINES = 30
_TAIL_LINES = 10
_PAGE_EDGE_LINES = 5
"""Lines on either side of a page break: a stamp is repeated at the very edge, or not at all."""
_LINE_REACH = 300
"""Characters of a line that are looked at: a stamp is short, a paragraph is not."""

_LINE_END = re.compile(r"\r\n|\r|\n")
# More than ``split_sections`` looks for: to look at some lines in vain costs nothing, to miss
# the head of a stamped annex does. Folded text; the names also stand in the right column.
_NAMES_STATE = re.compile(
    r"\b(?:cong hoa xa hoi chu nghia viet nam|dang cong san viet nam"
    r"|doc lap\W{1,5}tu do\W{1,5}hanh phuc)\b"
)
_NAMES_ANNEX = re.compile(
    r"\W*(?:(?:tai lieu |van ban |noi dung |ban hanh |dinh |gui )?kem(?: theo)?"
    r"|phu luc|phu bieu|bieu|mau|danh muc|de cuong|dinh kem)\b"
)
_HEAD_LENGTH = 120  # characters: a longer line is running text
_ENDS = frozenset({Zone.RECIPIENTS, Zone.SIGNATURE, Zone.NOTE})
"""Zones behind which another document may begin, whatever it is called."""
_PAGE_BREAK = re.compile(r"[-*=_]{3,}|\W{0,5}(?:trang|page)\W{1,3}\d{1,4}\b.{0,9}")
_RULE_LENGTH = 30  # characters: a longer line breaks no page, unless it is a rule all along
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
# Runs are bounded: unbounded ones beside each other cost a power of a hostile line's length.
_FIELD = re.compile(
    r"\b(?:độ|mức|cấp|dấu|phân\s{1,9}loại|do|muc|cap)[\s_-]{0,9}(?:độ|do)?[\s_-]{0,9}"
    r"(?:bảo|bao)?[\s_-]{0,9}(?:mật|mat)\s{0,20}[\"”*]{0,9}(?:\s{0,20}[:=|]|\t)[\s\"“*\[(]*"
    r"(?P<value>(?:tuy\w{1,9}\s{1,9}|t\w{1,2}i\s{1,9})?m\wt)"
    r"(?=\s*(?:$|[^\w\s]|(?:độ\s{1,9}khẩn|do\s{1,9}khan|mức|số|so)\b))"
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


def check_file(file: SourceFile) -> None:
    """Refuse a file that carries a secrecy stamp, in its text or beside it.

    Raises:
        SecretFile: names the degree and the place.
    """
    check_secrecy(file.text)
    for beside in file.beside:
        if stamp := find_stamp(beside.text):
            raise _secret(stamp, f"ở {beside.place}")


def check_secrecy(text: str) -> None:
    """Refuse a text that carries a secrecy stamp.

    Args:
        text: a whole file; of each document in it the first 30 and last 10 non-blank lines are
            looked at, of each page the first and last 5.

    Raises:
        SecretFile: names the degree and the line.
    """
    stamp = find_stamp(text)
    if stamp is not None:
        raise _secret(stamp, f"ở dòng {stamp.line}")


def _secret(stamp: Stamp, place: str) -> SecretFile:
    return SecretFile(
        f"Văn bản có dấu độ mật “{stamp.degree}” {place}.",
        "Không đưa tài liệu bí mật nhà nước vào đây; nếu văn bản đã được giải mật, "
        "hãy dùng bản không còn dấu độ mật.",
    )


def find_stamp(text: str) -> Stamp | None:
    """Return the first secrecy stamp of ``text``, or None; takes time linear in its length."""
    lines = _LINE_END.split(text)
    plain = [_plain(line) for line in lines]
    written = [i for i, line in enumerate(plain) if line]
    found: dict[int, Stamp] = {}
    for n, i in enumerate(written):
        alone = not any(plain[j] for j in (i - 1, i + 1) if 0 <= j < len(plain))
        if degree := _degree_of_line(plain[i], alone):
            found[n] = Stamp(degree, i + 1)
    if not found:  # nearly always, and finding the edges takes ten times as long
        return None
    near = _near_edges([plain[i] for i in written], _page_edges(lines, plain))
    return next((stamp for n, stamp in found.items() if near[n]), None)


def _near_edges(lines: Sequence[str], page_edges: Iterable[int]) -> bytearray:
    """Say of each line, by 1 or 0, whether it stands near an edge of a document or a page.

    Args:
        lines: without the blank ones.
        page_edges: indices of the lines that follow a page break or are one.
    """
    near = bytearray(len(lines))

    def mark(start: int, end: int) -> None:
        start, end = max(0, start), min(len(lines), end)
        near[start:end] = b"\x01" * (end - start)

    for edge in (0, len(lines), *_document_edges(lines)):
        mark(edge - _TAIL_LINES, edge + _HEAD_LINES)
    for edge in page_edges:
        mark(edge - _PAGE_EDGE_LINES, edge + _PAGE_EDGE_LINES + 1)
    return near


def _document_edges(lines: Sequence[str]) -> Iterator[int]:
    """Indices where a document ends or another one may begin."""
    numbered = [Line(i, Span(0, len(text)), text) for i, text in enumerate(lines)]
    for section in split_sections(numbered):
        for n, (zone, part) in enumerate(section.zones):
            if n == 0 or zone in _ENDS:
                yield part[0].number
    for i, text in enumerate(lines):
        if len(text) > _HEAD_LENGTH:
            continue
        folded = fold(text)
        if _NAMES_ANNEX.match(folded) or _NAMES_STATE.search(folded):
            yield i


def _page_edges(lines: Sequence[str], plain: Sequence[str]) -> Iterator[int]:
    """How many lines with text stand before each page break; the break may be a line of none."""
    before = 0
    for line, text in zip(lines, plain, strict=True):
        if "\f" in line or _PAGE_BREAK.fullmatch(fold(text[:_RULE_LENGTH])):
            yield before
        before += bool(text)


def _plain(line: str) -> str:
    short = unicodedata.normalize("NFKC", unescape(_COMMENT.sub(" ", line[:_LINE_REACH])))
    visible = "".join(c for c in short if unicodedata.category(c) not in {"Cf", "Cc"} or c == "\t")
    visible = shown_as_latin(visible)
    # Cut again: one character may become eighteen.
    return _TAG.sub(" ", visible[:_LINE_REACH]).strip()


def _degree_of_line(plain: str, alone: bool) -> str | None:
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
