"""OpenDocument texts (.odt), read as LibreOffice shows them (OASIS OpenDocument 1.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from corpus.blocks import Anchor, BlockKind
from corpus.errors import UnreadableFile
from corpus.readers.base import Beside, Reading
from corpus.readers.blocks import TextBuilder
from corpus.readers.layout import only_places
from corpus.readers.office.names import number
from corpus.readers.office.numbering import written
from corpus.readers.office.package import Package, open_body

_URN = "{urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _TABLE, _STYLE = f"{_URN}text:1.0}}", f"{_URN}table:1.0}}", f"{_URN}style:1.0}}"
_OFFICE, _DRAW = f"{_URN}office:1.0}}", f"{_URN}drawing:1.0}}"
_FORMAT = f"{_URN}xsl-fo-compatible:1.0}}"
_FORMS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman",
          "I": "upperRoman", "": "none"}  # fmt: skip
_LEFT_OUT = frozenset(
    {
        f"{_OFFICE}annotation", f"{_TEXT}note", f"{_TEXT}tracked-changes", f"{_TEXT}hidden-text",
        f"{_OFFICE}forms", f"{_TEXT}sequence-decls", f"{_TEXT}ruby-text", f"{_DRAW}frame",
        f"{_TEXT}hidden-paragraph",
    }
)  # fmt: skip
_HOLDERS = frozenset(
    f"{_TEXT}{name}"
    for name in (
        "section", "index-body", "table-of-content", "illustration-index", "table-index",
        "alphabetical-index", "user-index", "bibliography", "index-title",
    )
)  # fmt: skip
_SIGNS = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
_BULLETS = {"\uf0b7": "•", "\uf0a7": "▪", "\uf02d": "-"}
_DEEPEST = 10  # levels of a list
_REPEATED = 200  # columns that one element may stand for
_NESTED = 30


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is labelled."""

    form: str = "none"
    before: str = ""
    after: str = ""
    start: int = 1
    shown: int = 1
    bullet: str = ""


@dataclass(slots=True)
class _Counts:
    """How far the levels of a list have been counted."""

    of: dict[int, int] = field(default_factory=dict)


class OpenDocumentReader:
    """Reads ``.odt``."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """File name endings it reads."""
        return (".odt",)

    def read(self, data: bytes, name: str) -> Reading:
        """Read a document.

        Raises:
            UnreadableFile: empty, damaged, encrypted, a bomb, or no OpenDocument text.
        """
        package, body = open_body(
            data,
            name,
            save_as="ODT (.odt) hoặc Word (.docx)",
            kind="text",
            called="văn bản ODT",
        )
        return _Document(package, body, name).read()


class _Document:
    """One document while it is read."""

    def __init__(self, package: Package, body: etree._Element, name: str) -> None:
        self._package = package
        self._body = body
        self._name = name
        self._roots = [body.getroottree().getroot()]
        if "styles.xml" in package:
            self._roots.append(package.xml("styles.xml"))
        self._lists = self._read_lists()
        self._styles = {
            one.get(f"{_STYLE}name", ""): one
            for root in reversed(self._roots)
            for one in root.iter(f"{_STYLE}style")
        }
        self._builder = TextBuilder()
        self._places = {element: i for i, element in enumerate(body.iter(f"{_TEXT}p", f"{_TEXT}h"))}
        self._counts: dict[str, _Counts] = {}
        self._notes: list[etree._Element] = []
        self._unseen: list[str] = []
        self._boxes: list[etree._Element] = []
        self._depth = 0

    def read(self) -> Reading:
        """Return the reading."""
        self._write_blocks(self._body)
        for i, note in enumerate(self._notes, start=1):  # a note has none of its own
            text = " ".join(self._words(one) for one in note.iter(f"{_TEXT}p"))
            anchor = Anchor("", self._places.get(next(note.iter(f"{_TEXT}p"), note), 0))
            self._builder.add(BlockKind.FOOTNOTE, f"[^{i}]: {text.strip()}", anchor, label=str(i))
        if not self._builder.blocks:
            raise UnreadableFile(
                f"Tệp “{self._name}” trống, không có chữ nào.",
                "Nếu văn bản là ảnh quét, hãy dùng bản có chữ.",
            )
        edges = [
            " ".join("".join(one.itertext()).split())
            for root in self._roots[1:]
            for kind in ("header", "footer", "header-left", "footer-left", "header-first")
            for place in root.iter(f"{_STYLE}{kind}")
            for one in place.iter(f"{_TEXT}p")
        ]
        comments = [
            "\n".join("".join(p.itertext()) for p in one.iter(f"{_TEXT}p"))
            for one in self._body.iter(f"{_OFFICE}annotation")
        ]
        gone = [
            "".join(one.itertext())
            for change in self._body.iter(f"{_TEXT}deletion")
            for one in change.iter(f"{_TEXT}p", f"{_TEXT}h")
        ]
        beside = (
            Beside("đầu trang, chân trang", "\n".join(edges)),
            Beside("thuộc tính của tệp", "\n".join(self._properties())),
            Beside("chữ ẩn", "\n".join(self._unseen)),
            Beside("ý kiến nhận xét", "\n".join(comments)),
            Beside("phần đã xoá", "\n".join(gone)),
        )
        return Reading(
            self._builder.text,
            self._builder.blocks,
            tuple(self._warnings(len(comments))),
            tuple(one for one in beside if one.text.strip()),
            self._pages(),
        )

    def _warnings(self, comments: int) -> Iterator[str]:
        if revisions := sum(1 for _ in self._body.iter(f"{_TEXT}changed-region")):
            yield (
                f"Tệp còn theo dõi thay đổi: đã chấp nhận {revisions} chỗ sửa có theo dõi;"
                " đây có thể chưa phải bản cuối."
            )
        if unseen := [words for words in self._unseen if words.strip()]:
            yield f"Đã bỏ {len(unseen)} đoạn chữ ẩn hoặc chữ trắng."
        if comments:
            yield f"Không đọc {comments} ý kiến nhận xét (comment) trong tệp."

    def _properties(self) -> Iterator[str]:
        if "meta.xml" not in self._package:
            return
        for element in self._package.xml("meta.xml").iter(etree.Element):
            if element.text and element.text.strip():
                yield element.text.strip()
                named = element.get("{*}name") or etree.QName(element).localname
                yield f"{named}: {element.text.strip()}"

    def _pages(self) -> int | None:
        if "meta.xml" not in self._package:
            return None
        for one in self._package.xml("meta.xml").iter("{*}document-statistic"):
            for key, counted in one.items():
                if key.endswith("}page-count") and number(counted, 0) > 0:
                    return number(counted, 0)
        return None

    def _read_lists(self) -> dict[str, dict[int, _Level]]:
        found: dict[str, dict[int, _Level]] = {}
        for root in self._roots:
            for style in root.iter(f"{_TEXT}list-style", f"{_TEXT}outline-style"):
                outline = style.tag == f"{_TEXT}outline-style"
                name = _OUTLINE if outline else style.get(f"{_STYLE}name", "")
                found.setdefault(name, {number(one.get(f"{_TEXT}level"), 1): _level(one)
                                        for one in style})  # fmt: skip
        return found

    def _write_blocks(self, parent: etree._Element) -> None:
        for child in parent:
            if child.tag in (f"{_TEXT}p", f"{_TEXT}h"):
                self._write_paragraph(child, "")
            elif child.tag == f"{_TEXT}list":
                self._write_list(child, "", 1)
            elif child.tag == f"{_TABLE}table":
                self._write_table(child)
            elif child.tag in _HOLDERS:
                self._write_blocks(child)

    def _write_list(self, element: etree._Element, outer: str, level: int) -> None:
        if level > _DEEPEST:
            raise self._package.bomb("danh sách lồng nhau quá sâu")
        name = element.get(f"{_TEXT}style-name", outer)
        for label, item in self._items(element, name, level):
            labels = iter((label,))  # of the first paragraph
            for child in item:
                if child.tag in (f"{_TEXT}p", f"{_TEXT}h"):
                    self._write_paragraph(child, next(labels, ""))
                elif child.tag == f"{_TEXT}list":
                    self._write_list(child, name, level + 1)

    def _items(
        self, element: etree._Element, name: str, level: int
    ) -> Iterator[tuple[str, etree._Element]]:
        """Yield the items of a list with their labels, and count them.

        Args:
            element: the list.
            name: of its style.
            level: how deep it stands in others, from 1.
        """
        goes_on = element.get(f"{_TEXT}continue-numbering") == "true" or (
            element.get(f"{_TEXT}continue-list") is not None
        )
        counts = self._counts.setdefault(name, _Counts())
        if level == 1 and not goes_on:
            counts.of.clear()
        for item in element:
            if item.tag == f"{_TEXT}list-header":
                yield "", item
            elif item.tag == f"{_TEXT}list-item":
                start = item.get(f"{_TEXT}start-value")
                label = ""
                if any(one.tag != f"{_TEXT}list" for one in item):
                    label = self._label(name, counts, level, start)
                yield label, item

    def _label(self, name: str, counts: _Counts, level: int, start: str | None) -> str:
        shown = self._lists.get(name, {}).get(level, _Level())
        if start is not None:
            counts.of[level] = number(start, 1)
        else:
            counts.of[level] = counts.of[level] + 1 if level in counts.of else shown.start
        for deeper in [one for one in counts.of if one > level]:
            del counts.of[deeper]
        if shown.bullet:
            return _BULLETS.get(shown.bullet, shown.bullet)
        if shown.form == "none":
            return f"{shown.before}{shown.after}".strip()
        levels = range(max(1, level - shown.shown + 1), level + 1)
        of = self._lists.get(name, {})
        numbers = (
            written(counts.of.get(one, of.get(one, _Level()).start), of.get(one, _Level()).form)
            for one in levels
        )
        return f"{shown.before}{'.'.join(one for one in numbers if one)}{shown.after}".strip()

    def _write_paragraph(self, paragraph: etree._Element, label: str) -> None:
        words = self._words(paragraph)
        boxes, self._boxes = self._boxes, []
        kind = BlockKind.LIST_ITEM if label else BlockKind.PARAGRAPH
        if paragraph.tag == f"{_TEXT}h":
            kind = BlockKind.HEADING
            listed = paragraph.get(f"{_TEXT}is-list-header") == "true"
            if not label and not listed and words.strip():
                level = number(paragraph.get(f"{_TEXT}outline-level"), 1)
                label = self._label(_OUTLINE, self._counts.setdefault(_OUTLINE, _Counts()), level,
                                    None)  # fmt: skip
        text = f"{label} {words}" if label else words
        self._builder.add(kind, text, Anchor("", self._places.get(paragraph, 0)), label=label)
        for box in boxes:
            self._write_blocks(box)

    def _words(self, paragraph: etree._Element) -> str:
        return "".join(self._pieces(paragraph, hidden=self._is_hidden(paragraph)))

    def _is_hidden(self, element: etree._Element) -> bool:
        style = self._styles.get(element.get(f"{_TEXT}style-name", ""))
        properties = None if style is None else style.find(f"{_STYLE}text-properties")
        if properties is None:
            return False
        if properties.get(f"{_TEXT}display") == "none":
            return True
        ground = properties.get(f"{_FORMAT}background-color", "transparent")
        white = properties.get(f"{_FORMAT}color", "").lower() == "#ffffff"
        return white and ground in ("transparent", "#ffffff")

    def _pieces(self, element: etree._Element, *, hidden: bool) -> Iterator[str]:
        yield from self._said(element.text, hidden=hidden)
        for child in element:
            if child.tag == f"{_TEXT}s":
                yield " " * min(number(child.get(f"{_TEXT}c"), 1), 100)
            elif child.tag in _SIGNS:
                yield _SIGNS[child.tag]
            elif child.tag == f"{_TEXT}note" and not hidden:
                self._notes.append(child.find(f"{_TEXT}note-body"))
                yield f"[^{len(self._notes)}]"
            elif child.tag == f"{_DRAW}frame":
                self._boxes += child.findall(f"{_DRAW}text-box")
            elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
                yield from self._pieces(child, hidden=hidden or self._is_hidden(child))
            elif child.tag in (f"{_TEXT}hidden-text", f"{_TEXT}hidden-paragraph"):
                self._unseen.append("".join(child.itertext()))
            yield from self._said(child.tail, hidden=hidden)

    def _said(self, text: str | None, *, hidden: bool) -> Iterator[str]:
        if text and hidden:
            self._unseen.append(text)
        elif text:
            yield " ".join(text.split("\n"))

    def _write_table(self, table: etree._Element) -> None:
        self._depth += 1
        if self._depth > _NESTED:
            raise self._package.bomb("bảng lồng nhau quá sâu")
        rows = [list(_cells(row)) for row in _rows(table)]
        rough = [
            ["\n".join("".join(p.itertext()) for p in cell.iter(f"{_TEXT}p")) for cell, _ in row
             if cell is not None]
            for row in rows
        ]  # fmt: skip
        if only_places(rough):
            for cell, _ in (one for row in rows for one in row):
                if cell is not None:
                    self._write_blocks(cell)
        else:
            self._builder.begin_table()
            for row in rows:
                texts: list[str] = []
                for cell, columns in row:
                    text = "" if cell is None else " ".join(self._cell_parts(cell, "", 0))
                    texts += [text] * columns if cell is None else [text, *[""] * (columns - 1)]
                first = next((one for one, _ in row if one is not None), table)
                place = next(first.iter(f"{_TEXT}p"), None)
                self._builder.add_row(texts, Anchor("", self._places.get(place, 0)))
        self._depth -= 1

    def _cell_parts(self, parent: etree._Element, outer: str, level: int) -> Iterator[str]:
        """Yield the texts of a cell, those of its lists and tables too."""
        for child in parent:
            if child.tag in (f"{_TEXT}p", f"{_TEXT}h"):
                yield self._words(child)
                boxes, self._boxes = self._boxes, []
                for box in boxes:
                    yield from self._cell_parts(box, "", 0)
            elif child.tag == f"{_TEXT}list" and level < _DEEPEST:
                name = child.get(f"{_TEXT}style-name", outer)
                for label, item in self._items(child, name, level + 1):
                    inside = self._cell_parts(item, name, level + 1)
                    yield " ".join([label, *inside]).strip()
            elif child.tag == f"{_TABLE}table":
                for row in _rows(child):
                    for cell, _ in _cells(row):
                        if cell is not None:
                            yield from self._cell_parts(cell, "", 0)


_OUTLINE = "\0outline"  # no style has this name


def _level(element: etree._Element) -> _Level:
    bullet = element.get(f"{_TEXT}bullet-char", "")
    if etree.QName(element).localname != "list-level-style-bullet":
        bullet = ""
    return _Level(
        _FORMS.get(element.get(f"{_STYLE}num-format", ""), "decimal"),
        element.get(f"{_STYLE}num-prefix", "")[:20],
        element.get(f"{_STYLE}num-suffix", "")[:20],
        number(element.get(f"{_TEXT}start-value"), 1),
        number(element.get(f"{_TEXT}display-levels"), 1),
        bullet[:2],
    )


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == f"{_TABLE}table-row":
            yield child
        elif child.tag in (f"{_TABLE}table-header-rows", f"{_TABLE}table-rows"):
            yield from child.iterchildren(f"{_TABLE}table-row")


def _cells(row: etree._Element) -> Iterator[tuple[etree._Element | None, int]]:
    """Yield the cells of a row; None for what another cell covers, and how many columns."""
    for child in row:
        repeated = number(child.get(f"{_TABLE}number-columns-repeated"), 1)
        if child.tag == f"{_TABLE}table-cell":
            yield child, 1
            if repeated > 1:
                yield None, min(repeated - 1, _REPEATED)
        elif child.tag == f"{_TABLE}covered-table-cell":
            yield None, min(max(1, repeated), _REPEATED)
