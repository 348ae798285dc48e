"""Saved web pages (.html): the document in a portal's page, or a page written by Word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from corpus.blocks import Anchor, BlockKind
from corpus.errors import UnreadableFile
from corpus.readers.base import Beside, Reading
from corpus.readers.blocks import TextBuilder
from corpus.readers.layout import only_places
from corpus.readers.office.names import number
from corpus.readers.office.numbering import written
from corpus.readers.web.page import (
    decode_page,
    find_document,
    has_ground,
    has_no_text,
    is_unseen,
    parse_page,
    words_in,
)

_SPACE = re.compile(r"[ \t\r\n\f]+")
_BREAK = "\u2028"  # a line break of the page, while white space is put together
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = _HEADINGS | frozenset(
    {
        "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "table", "section", "article", "main",
        "header", "footer", "blockquote", "pre", "hr", "address", "figure", "figcaption", "center",
        "fieldset", "form", "details", "summary", "body", "html", "caption", "tr", "td", "th",
    }
)  # fmt: skip
_BOLD = frozenset({"b", "strong", "th"}) | _HEADINGS
# The attribute ``type`` of a list and the property ``list-style-type`` name the same forms.
_FORMS = {
    "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
    "decimal": "decimal", "lower-alpha": "lowerLetter", "lower-latin": "lowerLetter",
    "upper-alpha": "upperLetter", "upper-latin": "upperLetter", "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman", "decimal-leading-zero": "decimalZero",
}  # fmt: skip
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s{0,9}:\s{0,9}([a-z-]{1,30})", re.IGNORECASE)
_UPPER = re.compile(r"text-transform\s{0,9}:\s{0,9}uppercase", re.IGNORECASE)
_WEIGHT = re.compile(r"font-weight\s{0,9}:\s{0,9}(?:bold|[6-9]00)", re.IGNORECASE)
_BULLET = "•"
# Word writes the mark of a note and the note as links to each other.
_NOTE = re.compile(r"_(?P<kind>ftn|edn)(?P<ref>ref)?(?P<n>\d{1,3})$")
_NESTED = 30  # tables within each other
_COLUMNS = 200


class HtmlReader:
    """Reads ``.html`` and ``.htm``."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """File name endings it reads."""
        return (".html", ".htm")

    def read(self, data: bytes, name: str) -> Reading:
        """Read a saved page.

        Raises:
            UnreadableFile: empty, binary, no page, or nested without end.
        """
        root = parse_page(decode_page(data, name), name)
        return _Page(root, name).read()


class _Page:
    """One page while it is read."""

    def __init__(self, root: etree._Element, name: str) -> None:
        self._root = root
        self._name = name
        self._builder = TextBuilder()
        self._places = {element: i for i, element in enumerate(root.iter())}
        self._unseen: list[str] = []
        self._line: list[str] = []
        self._bold: list[bool] = []
        self._anchor = Anchor("", 0)
        self._kind = BlockKind.PARAGRAPH
        self._label = ""
        self._counts: dict[etree._Element, int] = {}  # of items of lists
        self._endnotes_from = max([0, *self._notes("ftn")])
        self._depth = 0

    def read(self) -> Reading:
        """Return the reading."""
        document = find_document(self._root)
        self._write(document, bold=False, upper=False, on_colour=False)
        self._end_line()
        if not self._builder.blocks:
            raise UnreadableFile(
                f"Trang “{self._name}” không có chữ nào.",
                "Trang có thể chỉ tải chữ khi mở trực tuyến: mở trang, chờ hiện đủ rồi lưu lại.",
            )
        around = " ".join(" ".join(_around(self._root, document)).split())
        warnings = []
        if unseen := [words for words in self._unseen if words.strip()]:
            warnings.append(f"Đã bỏ {len(unseen)} đoạn chữ ẩn, chữ trắng hoặc chữ quá nhỏ để đọc.")
        if around:
            warnings.append(
                f"Chỉ lấy phần văn bản của trang; đã bỏ {len(around)} ký tự ở menu, lề và"
                " chân trang."
            )
        beside = (
            Beside("thuộc tính của tệp", "\n".join(self._properties())),
            Beside("chữ ẩn", "\n".join(self._unseen)),
            Beside("phần ngoài văn bản", "\n".join(_around(self._root, document))),
        )
        return Reading(
            self._builder.text,
            self._builder.blocks,
            tuple(warnings),
            tuple(one for one in beside if one.text.strip()),
        )

    def _properties(self) -> Iterator[str]:
        for title in self._root.iter("title"):
            yield title.text or ""
        for one in self._root.iter("meta"):
            named = one.get("name") or one.get("property") or ""
            if named and one.get("content"):
                yield one.get("content")
                yield f"{named}: {one.get('content')}"

    def _notes(self, kind: str) -> list[int]:
        links = (_NOTE.search(one.get("href", "")) for one in self._root.iter("a"))
        return [int(link["n"]) for link in links if link and link["kind"] == kind]

    def _write(self, element: etree._Element, *, bold: bool, upper: bool, on_colour: bool) -> None:
        """Write an element; its tail is its parent's."""
        if has_no_text(element):
            return
        if is_unseen(element, on_colour=on_colour):
            self._unseen.append(" ".join(" ".join(element.itertext()).split()))
            return
        tag, style = element.tag, element.get("style") or ""
        if tag == "br":
            self._line.append(_BREAK)
            return
        if tag == "table" and self._write_table(element, on_colour=on_colour):
            return
        if tag == "a" and self._write_note_mark(element):
            return
        block = tag in _BLOCKS
        if block:
            self._begin_line(element)
        bold = bold or tag in _BOLD or _WEIGHT.search(style) is not None
        upper = upper or _UPPER.search(style) is not None
        on_colour = on_colour or has_ground(element)
        self._say(element.text, bold=bold, upper=upper, kept=tag == "pre")
        for child in element:
            self._write(child, bold=bold, upper=upper, on_colour=on_colour)
            self._say(child.tail, bold=bold, upper=upper, kept=tag == "pre")
        if block:
            self._end_line()

    def _say(self, text: str | None, *, bold: bool, upper: bool, kept: bool) -> None:
        if not text:
            return
        if text.strip():
            self._bold.append(bold)
        if kept:
            text = text.replace("\n", _BREAK)
        self._line.append(text.upper() if upper else text)

    def _begin_line(self, element: etree._Element) -> None:
        # A paragraph in an item goes on with the item's line, if that has only its label yet.
        labelled = bool(self._label) and "".join(self._line).strip() == self._label
        if not labelled:
            self._end_line()
        self._anchor = Anchor("", self._places[element])
        if element.tag in _HEADINGS:
            self._kind = BlockKind.HEADING
        elif element.tag == "li":
            self._label = self._label_of(element)
            if self._label:
                self._kind = BlockKind.LIST_ITEM
                self._line.append(f"{self._label} ")

    def _end_line(self) -> None:
        words = _lines_of("".join(self._line))
        kind, label = self._kind, self._label
        if note := _NOTE_LINE.match(words):
            kind, label = BlockKind.FOOTNOTE, note[1]
        bold = bool(self._bold) and all(self._bold)
        if words != label:
            self._builder.add(kind, words, self._anchor, label=label, bold=bold)
        self._line, self._bold = [], []
        self._kind, self._label = BlockKind.PARAGRAPH, ""

    def _write_note_mark(self, link: etree._Element) -> bool:
        """Write ``[^n]`` for a link to a note or back from it, if it is one."""
        found = _NOTE.search(link.get("href", ""))
        if found is None:
            return False
        shown = int(found["n"]) + (self._endnotes_from if found["kind"] == "edn" else 0)
        begins = found["ref"] is not None and not "".join(self._line).strip()
        self._line.append(f"[^{shown}]: " if begins else f"[^{shown}]")
        return True

    def _write_table(self, table: etree._Element, *, on_colour: bool) -> bool:
        """Write a table by its rows, if it isn't there for the look of the page only."""
        rows = [_cells_of(row) for row in _rows_of(table)]
        rough = [[_rough(cell) for cell in row] for row in rows]
        if only_places([[one for one in row if one] for row in rough]):
            return False
        self._end_line()
        self._depth += 1
        if self._depth > _NESTED:
            raise UnreadableFile(
                f"Trang “{self._name}” có bảng lồng nhau quá sâu, không phải văn bản thật.",
                "Lưu riêng phần văn bản vào tệp .docx.",
            )
        self._builder.begin_table()
        covered: dict[int, int] = {}  # column: rows below that a cell still covers
        for row in rows:
            if not row:
                continue
            ground = on_colour or has_ground(table) or has_ground(row[0].getparent())
            texts, covered = self._row_texts(row, covered, on_colour=ground)
            self._builder.add_row(texts, Anchor("", self._places[row[0]]))
        self._depth -= 1
        return True

    def _row_texts(
        self, row: Sequence[etree._Element], covered: dict[int, int], *, on_colour: bool
    ) -> tuple[list[str], dict[int, int]]:
        """Return the texts of a row by columns, and which columns cells cover in the rows below."""
        texts: list[str] = []
        below = {column: rows - 1 for column, rows in covered.items() if rows > 1}
        for cell in row:
            while len(texts) in covered:
                texts.append("")
            columns = min(max(1, number(cell.get("colspan"), 1)), _COLUMNS)
            rows = number(cell.get("rowspan"), 1)
            if rows > 1:
                below.update(dict.fromkeys(range(len(texts), len(texts) + columns), rows - 1))
            texts.append(self._cell_text(cell, on_colour=on_colour))
            texts += [""] * (columns - 1)
        return texts, below

    def _cell_text(self, cell: etree._Element, *, on_colour: bool) -> str:
        """Return the text of a cell on one line, tables and lists within it too."""
        parts: list[str] = []
        self._gather(cell, parts, upper=False, on_colour=on_colour)
        return "".join(parts)

    def _gather(
        self, element: etree._Element, parts: list[str], *, upper: bool, on_colour: bool
    ) -> None:
        if has_no_text(element):
            return
        if is_unseen(element, on_colour=on_colour):
            self._unseen.append(" ".join(" ".join(element.itertext()).split()))
            return
        on_colour = on_colour or has_ground(element)
        upper = upper or _UPPER.search(element.get("style") or "") is not None
        gap = " " if element.tag in _BLOCKS or element.tag == "br" else ""
        label = self._label_of(element) if element.tag == "li" else ""
        parts.append(f" {label} " if label else gap)
        for text, child in _inner(element):
            if text:
                parts.append(text.upper() if upper else text)
            if child is not None:
                self._gather(child, parts, upper=upper, on_colour=on_colour)
        parts.append(gap)

    def _label_of(self, item: etree._Element) -> str:
        """Return the label of a list item as a browser shows it, ``""`` for none."""
        owner = item.getparent()
        if owner is None or owner.tag not in ("ol", "ul"):
            return ""
        shown = _LIST_STYLE.search(item.get("style") or "") or _LIST_STYLE.search(
            owner.get("style") or ""
        )
        style = shown[1].lower() if shown else ""
        if style == "none":
            return ""
        form = _FORMS.get(style) or _FORMS.get(item.get("type") or owner.get("type") or "")
        if owner.tag == "ul" and form is None:
            return _BULLET
        if item not in self._counts:
            self._counts.update(_counts_of(owner))
        return f"{written(self._counts[item], form or 'decimal')}."


_NOTE_LINE = re.compile(r"\[\^(\d{1,3})\]: ")


def _inner(element: etree._Element) -> Iterator[tuple[str | None, etree._Element | None]]:
    yield element.text, None
    for child in element:
        yield None, child
        yield child.tail, None


def _lines_of(text: str) -> str:
    """Put white space together as a browser does; a break stays."""
    return "\n".join(_SPACE.sub(" ", line).strip() for line in text.split(_BREAK)).strip()


def _counts_of(owner: etree._Element) -> Iterator[tuple[etree._Element, int]]:
    """The numbers of a list's items: their own ``value``, or one more than the item before."""
    count = number(owner.get("start"), 1)
    for item in owner.iterchildren("li"):
        count = number(item.get("value"), count)
        yield item, count
        count += 1


def _rows_of(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("tbody", "thead", "tfoot"):
            yield from child.iterchildren("tr")


def _cells_of(row: etree._Element) -> list[etree._Element]:
    return [cell for cell in row.iterchildren("td", "th") if not is_unseen(cell, on_colour=True)]


def _rough(cell: etree._Element) -> str:
    """The words of a cell, a line for each paragraph: enough to tell what the table is for."""
    return "\n".join(" ".join(words.split()) for words in words_in(cell) if words.strip())


def _around(root: etree._Element, document: etree._Element) -> Iterator[str]:
    """Yield the words of a page outside of the document."""
    for words, inside in _apart(root, document):
        if not inside and words.strip():
            yield " ".join(words.split())


def _apart(element: etree._Element, document: etree._Element) -> Iterator[tuple[str, bool]]:
    if element is document or has_no_text(element) or is_unseen(element, on_colour=True):
        return
    if element.text:
        yield element.text, False
    for child in element:
        yield from _apart(child, document)
        if child.tail:
            yield child.tail, False
