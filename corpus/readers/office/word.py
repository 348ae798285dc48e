"""Word documents (.docx), read as Word shows them (ECMA-376, part 1, 17).

Tracked changes are accepted, hidden words and comments left out; the warnings tell it. Text boxes
follow the paragraph that they are anchored in, notes stand at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from corpus.blocks import Anchor, BlockKind
from corpus.errors import UnreadableFile
from corpus.parse.titles import says_draft
from corpus.readers.base import Beside, Reading
from corpus.readers.blocks import TextBuilder
from corpus.readers.layout import only_places
from corpus.readers.office.names import number, value, w
from corpus.readers.office.numbering import Numbering
from corpus.readers.office.package import Package
from corpus.readers.office.runs import RunReader, Words
from corpus.readers.office.structure import (
    blocks_in,
    cells_in,
    has_ground,
    lines_in,
    notes_in,
    rough_text,
    rows_in,
)
from corpus.readers.office.styles import Styles, is_coloured, look_of
from corpus.readers.old_fonts import converted

_REVISIONS = (w("ins"), w("del"), w("moveTo"), w("moveFrom"))
_PAGE_NUMBER = re.compile(r"\W*(?:trang|page)?\W*\d{0,4}(?:\W*(?:/|of|trên)\W*\d{1,4})?\W*", re.I)
_NESTED = 30  # tables within each other
_SHOWN = 120  # characters of a header that a warning quotes


class WordReader:
    """Reads ``.docx``, and ``.docm`` without its macros."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """File name endings it reads."""
        return (".docx", ".docm")

    def read(self, data: bytes, name: str) -> Reading:
        """Read a Word document.

        Raises:
            UnreadableFile: empty, damaged, encrypted, a bomb, or no Word document.
        """
        package = Package(data, name, "Word (.docx)")
        main = package.main_part()
        return _Document(package, main, name).read()


class _Document:
    """One document while it is read."""

    def __init__(self, package: Package, main: str, name: str) -> None:
        self._package = package
        self._name = name
        self._main = main
        self._related: dict[str, list[str]] = {}
        for relation in package.relations(main).values():
            if not relation.external and relation.target in package:
                self._related.setdefault(relation.kind, []).append(relation.target)
        self._styles = Styles(self._root("styles"))
        self._numbering = Numbering(self._root("numbering"), self._styles.lists_of_styles())
        self._notes = {
            False: notes_in(self._root("footnotes"), w("footnote")),
            True: notes_in(self._root("endnotes"), w("endnote")),
        }
        self._endnotes_from = max([0, *(number(one, 0) for one in self._notes[False])])
        self._runs = RunReader(self._styles, self._mark)
        self._builder = TextBuilder()
        self._referred: dict[tuple[bool, str], None] = {}
        self._unseen: list[str] = []
        self._part = main
        self._places: dict[etree._Element, int] = {}
        self._carried = ""  # of a paragraph whose end was deleted
        self._depth = 0
        self._encodings: set[str] = set()

    def read(self) -> Reading:
        """Return the reading."""
        root = self._package.xml(self._main)
        body = root.find(w("body"))
        if body is None:
            raise self._package.damaged("không phải tệp Word")
        edges = {place: self._edge_lines(kind) for kind, place in _EDGES}
        self._write_drafts(edges)
        self._enter(self._main, root)
        self._write_blocks(body, on_colour=root.find(w("background")) is not None)
        self._write_notes()
        if not self._builder.blocks:
            raise UnreadableFile(
                f"Tệp “{self._name}” trống, không có chữ nào.",
                "Nếu văn bản là ảnh quét, hãy dùng bản có chữ.",
            )
        comments = self._comments()
        beside = [Beside(place, "\n".join(lines)) for place, lines in edges.items()]
        beside.append(Beside("thuộc tính của tệp", "\n".join(self._package.properties())))
        beside.append(Beside("chữ ẩn", "\n".join(self._unseen)))
        beside.append(Beside("ý kiến nhận xét", "\n".join(comments)))
        deleted = (text.text or "" for text in root.iter(w("delText")))
        beside.append(Beside("phần đã xoá", "\n".join(deleted)))
        described = (one.get("descr", "") for one in root.iter("{*}docPr"))
        beside.append(Beside("mô tả hình", "\n".join(described)))
        return Reading(
            self._builder.text,
            self._builder.blocks,
            tuple(self._warnings(root, len(comments), edges)),
            tuple(one for one in beside if one.text.strip()),
            self._package.pages(),
        )

    def _root(self, kind: str) -> etree._Element | None:
        parts = self._related.get(kind)
        return self._package.xml(parts[0]) if parts else None

    def _enter(self, part: str, root: etree._Element) -> None:
        self._part = part
        self._places = {element: i for i, element in enumerate(root.iter(w("p")))}

    def _anchor(self, paragraph: etree._Element) -> Anchor:
        return Anchor(self._part, self._places.get(paragraph, 0))

    def _mark(self, is_endnote: bool, note_id: str) -> str:
        if note_id not in self._notes[is_endnote]:
            return ""
        shown = number(note_id, 0) + (self._endnotes_from if is_endnote else 0)
        return f"[^{shown}]"

    def _write_blocks(self, parent: etree._Element, *, on_colour: bool) -> None:
        """Write the paragraphs and tables of a body, a cell or a box."""
        element = parent
        for element in blocks_in(parent):
            if element.tag == w("p"):
                self._write_paragraph(element, on_colour=on_colour)
            else:
                self._write_table(element, on_colour=on_colour)
        if self._carried:  # there is no further paragraph to join
            self._builder.add(BlockKind.PARAGRAPH, self._carried, self._anchor(element))
            self._carried = ""

    def _write_paragraph(self, paragraph: etree._Element, *, on_colour: bool) -> None:
        label, words, ends = self._read_paragraph(paragraph, on_colour=on_colour)
        if ends:
            style = value(paragraph.find(w("pPr")), "pStyle")
            level = self._styles.paragraph_property(style, "outlineLvl")
            own = value(paragraph.find(w("pPr")), "outlineLvl")
            outline = own if own is not None else (level[1].get(w("val")) if level else None)
            kind = BlockKind.LIST_ITEM if label else BlockKind.PARAGRAPH
            if number(outline, 9) < 9:
                kind = BlockKind.HEADING
            self._builder.add(
                kind, words.text, self._anchor(paragraph), label=label, bold=words.bold
            )
        for box in words.boxes:
            self._write_blocks(box, on_colour=True)

    def _read_paragraph(
        self, paragraph: etree._Element, *, on_colour: bool
    ) -> tuple[str, Words, bool]:
        """Return a paragraph's label, its words with the label, and whether it ends here."""
        properties = paragraph.find(w("pPr"))
        style = value(properties, "pStyle")
        look = self._styles.look(style)
        own_ground = is_coloured(properties)
        if own_ground is None:
            shading = self._styles.paragraph_property(style, "shd")
            own_ground = None if shading is None else is_coloured(shading[1].getparent())
        words = self._runs.read(paragraph, look, on_colour=on_colour or bool(own_ground))
        self._unseen += words.unseen
        self._encodings |= words.encodings
        self._referred.update(dict.fromkeys(words.notes))
        mark = None if properties is None else properties.find(w("rPr"))
        if mark is not None and any(mark.find(one) is not None for one in _REVISIONS[1::2]):
            self._carried += words.text
            words.text = ""
            return "", words, False
        label = gap = ""
        if words.text.strip() or self._carried or not look_of(mark).over(look).hidden:
            label, gap = self._label(properties, style)
        words.text = label + (gap if label else "") + self._carried + words.text
        self._carried = ""
        return label, words, True

    def _label(self, properties: etree._Element | None, style: str | None) -> tuple[str, str]:
        """Count a numbered paragraph; Word lets a style say the list, the level, or both."""
        own = None if properties is None else properties.find(w("numPr"))
        list_id, level = value(own, "numId"), value(own, "ilvl")
        if list_id is None:
            said = self._styles.paragraph_property(style, "numPr")
            if said is None:
                return "", ""
            list_id = value(said[1], "numId")
            if list_id is None:
                return "", ""
            if level is None:
                of_style = self._numbering.level_of_style(list_id, said[0])
                level = value(said[1], "ilvl") if of_style is None else str(of_style)
        return self._numbering.next_label(list_id, number(level, 0))

    def _write_table(self, table: etree._Element, *, on_colour: bool) -> None:
        self._depth += 1
        if self._depth > _NESTED:
            raise self._package.bomb("bảng lồng nhau quá sâu")
        style = value(table.find(w("tblPr")), "tblStyle")
        coloured = on_colour or self._styles.has_ground(style)
        rows = [(row, list(cells_in(row))) for row in rows_in(table)]
        looks = [
            [rough_text(cell.element) for cell in cells if cell.element is not None]
            for _, cells in rows
        ]
        if only_places(looks):
            for _, cells in rows:
                for cell in cells:
                    if cell.element is not None:
                        self._write_blocks(cell.element, on_colour=coloured or has_ground(cell))
        else:
            self._builder.begin_table()
            for row, cells in rows:
                first = next(row.iter(w("p")), None)
                texts: list[str] = []
                for cell in cells:
                    ground = coloured or has_ground(cell)
                    texts += [self._cell_text(cell.element, on_colour=ground)]
                    texts += [""] * (cell.columns - 1)
                anchor = Anchor(self._part, 0) if first is None else self._anchor(first)
                self._builder.add_row(texts, anchor)
        self._depth -= 1

    def _cell_text(self, cell: etree._Element | None, *, on_colour: bool) -> str:
        """Return the text of a cell on one line, tables within it too."""
        if cell is None:
            return ""
        parts: list[str] = []
        for element in blocks_in(cell):
            if element.tag == w("p"):
                _, words, _ = self._read_paragraph(element, on_colour=on_colour)
                parts.append(words.text)
                parts += [self._cell_text(box, on_colour=True) for box in words.boxes]
                continue
            self._depth += 1
            if self._depth > _NESTED:
                raise self._package.bomb("bảng lồng nhau quá sâu")
            for row in rows_in(element):
                inner = (self._cell_text(one.element, on_colour=on_colour) for one in cells_in(row))
                parts += inner
            self._depth -= 1
        if self._carried:
            parts.append(self._carried)
            self._carried = ""
        return " ".join(part for part in parts if part.strip())

    def _write_notes(self) -> None:
        """Write the notes that the text refers to, in its order."""
        done: set[tuple[bool, str]] = set()
        for is_endnote, kind in ((False, "footnotes"), (True, "endnotes")):
            root = self._root(kind)
            if root is None:
                continue
            self._enter(self._related[kind][0], root)
            notes = notes_in(root, w(kind[:-1]))
            for one in [note for note in self._referred if note[0] is is_endnote]:
                if one in done:
                    continue
                done.add(one)
                element = notes[one[1]]
                text = self._cell_text(element, on_colour=False).strip()
                first = next(element.iter(w("p")), element)
                mark = self._mark(*one)
                self._builder.add(
                    BlockKind.FOOTNOTE, f"{mark}: {text}", self._anchor(first), label=mark[2:-1]
                )

    def _edge_lines(self, kind: str) -> list[str]:
        """The lines of all page headers, or all footers, each once."""
        found: dict[str, None] = {}
        for part in self._related.get(kind, ()):
            root = self._package.xml(part)
            found.update(dict.fromkeys(lines_in(root)))
            found.update(dict.fromkeys(one.get("string", "") for one in root.iter("{*}textpath")))
        return [line for line in found if line.strip()]

    def _write_drafts(self, edges: dict[str, list[str]]) -> None:
        """Write what a page header or a watermark says of the whole document: that it's a draft."""
        header = next(iter(self._related.get("header", ())), "")
        for line in edges["đầu trang"]:
            if says_draft(line):
                self._builder.add(BlockKind.PARAGRAPH, line, Anchor(header, 0))

    def _comments(self) -> list[str]:
        root = self._root("comments")
        if root is None:
            return []
        return ["\n".join(lines_in(one)) for one in root.iter(w("comment"))]

    def _warnings(
        self, root: etree._Element, comments: int, edges: dict[str, list[str]]
    ) -> Iterator[str]:
        if revisions := sum(1 for _ in root.iter(*_REVISIONS)):
            yield (
                f"Tệp còn theo dõi thay đổi: đã chấp nhận {revisions} chỗ sửa có theo dõi;"
                " đây có thể chưa phải bản cuối."
            )
        if self._encodings:
            yield converted(self._encodings)
        unseen = [words for words in self._unseen if words.strip()]
        if unseen:
            yield f"Đã bỏ {len(unseen)} đoạn chữ ẩn, chữ trắng hoặc chữ quá nhỏ để đọc."
        if comments:
            yield f"Không đọc {comments} ý kiến nhận xét (comment) trong tệp."
        for place, lines in edges.items():
            left = [one for one in lines if not (_PAGE_NUMBER.fullmatch(one) or says_draft(one))]
            if left:
                yield f"Không đưa vào nội dung chữ ở {place}: “{' / '.join(left)[:_SHOWN]}”."
        if pictures := sum(1 for _ in root.iter("{*}blip")):
            yield f"Tệp có {pictures} hình; chữ trong hình không được đọc."
        if root.find(f".//{w('altChunk')}") is not None:
            yield "Tệp có phần nhúng từ tệp khác; phần ấy không được đọc."


_EDGES = (("header", "đầu trang"), ("footer", "chân trang"))
