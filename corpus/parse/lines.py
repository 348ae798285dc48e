"""Lines of a source, and the paragraphs that page breaks cut into several of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from corpus.notice import Span
from corpus.parse.markers import Marker, find_marker
from corpus.parse.titles import bare, kind_of_bare
from corpus.text import mend_line, normalise

_LINE_END = re.compile(r"\r\n|\r|\n")
_TRAILERS = " \t*_⁰¹²³⁴⁵⁶⁷⁸⁹)]”\"’'»"
_ENDS_SENTENCE = (".", ":", ";", "!", "?", "…")
_FOOTNOTE_SUPERSCRIPT = re.compile(r"^[*_]*([⁰¹²³⁴-⁹]{1,3})")
_FOOTNOTE_BRACKET = re.compile(r"^[*_]*\[\^?(\d{1,3})\](?:(?!\():)?\s*[^\s(]")
# A full line that stops on one of these stops in the middle of a sentence, whatever follows;
# “số” alone doesn't: “chuyển đổi số” ends many titles.
_OPEN_END = re.compile(
    r"(?<!\w)(?:của|và|các|với|tại|theo|cho|những|bởi|hoặc|ngày|tháng"
    r"|(?:định|quyết|báo|hoạch|văn|luật|trình|tư|thị|cáo|luận) số)$"
)
_FULL_LINE = 60  # characters: a page break cuts a full line, a title or an item may be shorter
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_LOOK_AHEAD = 12  # lines: more footnotes than that do not fit under one page


@dataclass(frozen=True)
class Line:
    """One line as it was meant: a line of the source, or what its notation made of several.

    What is read off it is asked for by every step, and worked out once.

    Args:
        number: 1-based number of the source's line that it begins on.
        span: its place in the source, without outer white space.
        text: what it says: the source's own words, look-alike letters mended, Markdown's escapes
            and the marks of its tables read; the cells of a row stand between tabs.
        indent: characters of white space before it.
        height: lines of the source that it takes up, blank ones between them included.
        table: 1-based number of the table in the file that its notation makes it a row of; 0 for
            what is no row, or one that only tabs tell.
    """

    number: int
    span: Span
    text: str
    indent: int = 0
    height: int = 1
    table: int = 0

    @property
    def last(self) -> int:
        """The number of the source's line that it ends on."""
        return self.number + self.height - 1

    @cached_property
    def marker(self) -> Marker | None:
        """The mark that it begins with."""
        return find_marker(self.text)

    @cached_property
    def bare(self) -> str:
        """Its text normalised and without Markdown marks around it."""
        return bare(self.text)

    @cached_property
    def kind(self) -> tuple[str, str] | None:
        """The kind of document that it names, and the rest of it; see ``kind_of``."""
        return kind_of_bare(self.bare)

    @cached_property
    def is_table_row(self) -> bool:
        """Whether tabs part the line into cells; the tab that follows a mark doesn't."""
        if self.table:
            return True
        if "\t" not in self.text:
            return False
        return self.text.find("\t", self.marker.end if self.marker else 0) >= 0

    @cached_property
    def footnote_number(self) -> int | None:
        """The number of the footnote that begins here, or None."""
        if self.table:
            return None
        if match := _FOOTNOTE_SUPERSCRIPT.match(self.text):
            return int(match[1].translate(_SUPERSCRIPTS))
        if match := _FOOTNOTE_BRACKET.match(self.text):
            return int(match[1])
        return None


@dataclass(frozen=True)
class Paragraph:
    """One or more lines that are one piece of text; lines need not be neighbours."""

    lines: tuple[Line, ...]

    @property
    def spans(self) -> tuple[Span, ...]:
        """Places in the source, one for each line."""
        return tuple(line.span for line in self.lines)

    @cached_property
    def text(self) -> str:
        """The joined text, as ``join_pieces`` makes it."""
        if len(self.lines) == 1:
            return self.first.text
        return join_pieces([line.text for line in self.lines])

    @cached_property
    def marker(self) -> Marker | None:
        """The mark that it begins with."""
        return self.first.marker if len(self.lines) == 1 else find_marker(self.text)

    @cached_property
    def bare(self) -> str:
        """Its text normalised and without Markdown marks around it."""
        return self.first.bare if len(self.lines) == 1 else bare(self.text)

    @cached_property
    def introduces(self) -> bool:
        """Whether it ends in a colon: what follows is what it speaks of."""
        return self.text.rstrip(" *_").endswith(":")

    @cached_property
    def is_sentence(self) -> bool:
        """Whether it ends as a sentence does, or the item of a list."""
        return self.text.rstrip(' *_⁰¹²³⁴⁵⁶⁷⁸⁹)”"').endswith((".", ";", "…"))

    @property
    def first(self) -> Line:
        """The line that the paragraph begins on."""
        return self.lines[0]


def split_lines(source: str) -> tuple[Line, ...]:
    r"""Return the non-blank lines of ``source``; only ``\n``, ``\r\n`` and ``\r`` end a line.

    Their texts are the source's own, letters that only look like the ones meant mended.
    """
    found: list[Line] = []
    start = 0
    ends = [(m.start(), m.end()) for m in _LINE_END.finditer(source)]
    for number, (end, after) in enumerate([*ends, (len(source), len(source))], start=1):
        raw = source[start:end]
        if text := raw.strip():
            indent = raw.index(text[0])
            span = Span(start + indent, start + indent + len(text))
            found.append(Line(number, span, mend_line(text), indent))
        start = after
    return tuple(found)


def join_pieces(pieces: Iterable[str]) -> str:
    """Join the parts of a text that was cut: a space between, none after a hyphen in a word."""
    parts: list[str] = []
    tail = ""  # the last two characters
    for piece in pieces:
        if tail and not (len(tail) > 1 and tail[-1] == "-" and tail[-2].isalnum()):
            parts.append(" ")
            tail += " "
        parts.append(piece)
        tail = (tail + piece)[-2:]
    return "".join(parts)


def paragraphs(lines: Sequence[Line]) -> list[Paragraph]:
    """Put page-broken paragraphs back together.

    A paragraph that stops in the middle of a sentence goes on in the next one that begins in
    the middle of a sentence, though footnotes stand between them. A footnote that was cut by
    the same page break goes on at the foot of the next page.

    Args:
        lines: the non-blank lines of a document's body, in order.
    """
    done: dict[int, list[Line]] = {}
    taken: set[int] = set()
    cut_note: int | None = None
    for i, line in enumerate(lines):
        if i in taken:
            continue
        pieces = done.setdefault(i, [line])
        is_note = line.footnote_number is not None
        current = line
        j = i
        while not is_note and is_cut(current):
            found = _continuation(lines, j, taken)
            if found is None:
                break
            after = _continuation(lines, found, taken) if cut_note is not None else None
            if cut_note is not None and after == found + 1 and is_cut(lines[cut_note]):
                done[cut_note].append(lines[found])
                taken.add(found)
                cut_note, found = None, after
            for between in range(j + 1, found):
                if lines[between].footnote_number is None and between not in taken:
                    owner = _note_before(lines, between)
                    done.setdefault(owner, [lines[owner]]).append(lines[between])
                    taken.add(between)
            pieces.append(lines[found])
            taken.add(found)
            current, j = lines[found], found
        if is_note and is_cut(line):
            cut_note = i
    return [Paragraph(tuple(done[i])) for i in sorted(done) if i not in taken]


def _note_before(lines: Sequence[Line], i: int) -> int:
    """Index of the last footnote before line ``i``; there is one."""
    return next(k for k in range(i - 1, -1, -1) if lines[k].footnote_number is not None)


def is_cut(line: Line) -> bool:
    """Whether a line stops before the end of a sentence; the row of a table never does."""
    if line.table or not any(c.isalnum() for c in line.text):
        return False
    whole = line.text.rstrip(" *_")
    return not (
        line.text.rstrip(_TRAILERS).endswith(_ENDS_SENTENCE) or whole.endswith(_ENDS_SENTENCE)
    )


def is_open_end(text: str) -> bool:
    """Whether the last word of ``text`` is one that no sentence and no title ends in."""
    return _OPEN_END.search(normalise(text[-20:])) is not None


def _goes_on(cut: Line, line: Line) -> bool:
    """Whether ``line`` begins in the middle of the sentence that ``cut`` stops in."""
    if line.is_table_row or line.footnote_number is not None or line.marker is not None:
        return False
    if line.text[0] in '“"' and find_marker(line.text.lstrip('“" ')) is not None:
        return False  # “c) …”: the new text of what the line above says is changed
    inside_word = len(cut.text) > 1 and cut.text[-1] == "-" and cut.text[-2].isalnum()
    bare = line.text.lstrip("*_“\"'")
    if inside_word or bare[:1].islower():
        return True
    if len(cut.text) < _FULL_LINE:
        return False
    first = bare.split(" ", 1)[0].strip("*_,.;:()“”")
    abbreviation = (
        len(first) > 1 and first.isupper() and any(c.islower() for c in bare[:_FULL_LINE])
    )
    return bare[:1] == "(" or abbreviation or is_open_end(cut.text)


def _continuation(lines: Sequence[Line], i: int, taken: set[int]) -> int | None:
    """Index of the line that goes on with the cut line ``i``, or None."""
    notes_seen = False
    for j in range(i + 1, min(len(lines), i + 1 + _LOOK_AHEAD)):
        line = lines[j]
        if j in taken:
            continue
        if line.footnote_number is not None:
            notes_seen = True
            continue
        if _goes_on(lines[i], line):
            return j
        if not (notes_seen and line.marker is not None and line.marker.is_bullet):
            return None
    return None
