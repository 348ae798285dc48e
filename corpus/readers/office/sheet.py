"""Spreadsheets (.xlsx): each visible sheet a table, each row a row (ECMA-376, part 1, 18).

A sheet is no page: its rows are sorted and filtered, and each is a task or a case of its own. So
a cell merged over rows is written in each of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from corpus.blocks import Anchor, BlockKind
from corpus.errors import UnreadableFile
from corpus.readers.base import Beside, Reading
from corpus.readers.blocks import TextBuilder
from corpus.readers.office.figures import BUILT_IN, Figures
from corpus.readers.office.names import number
from corpus.readers.office.package import Package

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_ESCAPED = re.compile(r"_x(00[0-9A-Fa-f]{2})_")  # control characters (22.9.2.19)
_FIELD = re.compile(r"&(?:[LCRPNDTFAGBIUESXYZHOK]|\"[^\"]{0,100}\"|\d{1,3})")  # of page headers
_LAST_COLUMN = 16_384
_COLUMNS = 500
_CELLS = 2_000_000
"""Cells of a sheet, empty ones between others too: more than a person ever typed."""


@dataclass(frozen=True, slots=True)
class _Form:
    """How a cell looks: the format of its numbers, and whether its letters can be seen."""

    numbers: str = ""
    unseen: bool = False


class SheetReader:
    """Reads ``.xlsx``, and ``.xlsm`` without its macros."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """File name endings it reads."""
        return (".xlsx", ".xlsm")

    def read(self, data: bytes, name: str) -> Reading:
        """Read a workbook.

        Raises:
            UnreadableFile: empty, damaged, encrypted, a bomb, or no workbook.
        """
        package = Package(data, name, "Excel (.xlsx)")
        return _Workbook(package, package.main_part(), name).read()


class _Workbook:
    """One workbook while it is read."""

    def __init__(self, package: Package, main: str, name: str) -> None:
        self._package = package
        self._name = name
        self._root = package.xml(main)
        if self._root.tag != f"{_SHEET}workbook":
            raise package.damaged("không phải tệp Excel")
        self._relations = package.relations(main)
        self._strings = self._read_strings()
        self._forms = self._read_forms()
        properties = self._root.find(f"{_SHEET}workbookPr")
        from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self._figures = Figures(from_1904=from_1904)
        self._builder = TextBuilder()
        self._unseen: list[str] = []
        self._edges: list[str] = []
        self._notes: list[str] = []
        self._drawn: list[str] = []
        self._hidden_rows = 0
        self._uncounted = 0

    def read(self) -> Reading:
        """Return the reading."""
        shown: list[tuple[str, str]] = []
        hidden: list[tuple[str, str]] = []
        for sheet in self._root.iter(f"{_SHEET}sheet"):
            relation = self._relations.get(sheet.get(_RELATION_ID, ""))
            if relation is None or relation.kind != "worksheet" or relation.external:
                continue  # a chart
            one = (sheet.get("name", ""), relation.target)
            (hidden if sheet.get("state", "visible") != "visible" else shown).append(one)
        for name, part in hidden:
            self._unseen += ["\t".join(cells) for _, cells in self._read_sheet(name, part)]
        self._hidden_rows = self._uncounted = 0  # of what is shown
        read = [(name, self._read_sheet(name, part)) for name, part in shown]
        filled = [(name, rows) for name, rows in read if rows]
        for name, rows in filled:
            self._write(name, rows, titled=len(filled) > 1)
        if not self._builder.blocks:
            raise UnreadableFile(
                f"Tệp “{self._name}” trống, không có ô nào có chữ.",
                "Kiểm tra lại tệp rồi thêm lần nữa.",
            )
        beside = (
            Beside("đầu trang, chân trang", "\n".join(self._edges)),
            Beside("thuộc tính của tệp", "\n".join(self._package.properties())),
            Beside("ô, dòng hoặc trang tính ẩn", "\n".join(self._unseen)),
            Beside("ghi chú của ô", "\n".join(self._notes)),
            Beside("hộp chữ", "\n".join(self._drawn)),
        )
        return Reading(
            self._builder.text,
            self._builder.blocks,
            tuple(self._warnings([name for name, _ in hidden])),
            tuple(one for one in beside if one.text.strip()),
        )

    def _warnings(self, hidden: list[str]) -> Iterator[str]:
        if hidden:
            yield f"Đã bỏ {len(hidden)} trang tính ẩn: {', '.join(hidden)[:200]}."
        if self._hidden_rows:
            yield (
                f"Đã bỏ {self._hidden_rows} dòng ẩn hoặc bị lọc; nếu cần, bỏ lọc, lưu lại rồi thêm"
                " lại tệp."
            )
        if self._uncounted:
            yield (
                f"{self._uncounted} ô công thức chưa có kết quả nên để trống; mở tệp bằng Excel,"
                " lưu lại rồi thêm lại."
            )
        if self._notes:
            yield f"Không đọc {len(self._notes)} ghi chú của ô."
        if self._drawn:
            yield "Không đọc chữ trong hình vẽ, hộp chữ của trang tính."

    def _part_of(self, kind: str) -> str | None:
        for relation in self._relations.values():
            if relation.kind == kind and not relation.external and relation.target in self._package:
                return relation.target
        return None

    def _read_strings(self) -> list[str]:
        part = self._part_of("sharedStrings")
        if part is None:
            return []
        return [_text_of(item) for item in self._package.xml(part).iterchildren(f"{_SHEET}si")]

    def _read_forms(self) -> list[_Form]:
        part = self._part_of("styles")
        if part is None:
            return []
        root = self._package.xml(part)
        codes = {
            number(one.get("numFmtId"), 0): one.get("formatCode", "")[:300]
            for one in root.iter(f"{_SHEET}numFmt")
        }
        fonts = list(root.iterfind(f"{_SHEET}fonts/{_SHEET}font"))
        filled = [_is_filled(one) for one in root.iterfind(f"{_SHEET}fills/{_SHEET}fill")]
        forms: list[_Form] = []
        for one in root.iterfind(f"{_SHEET}cellXfs/{_SHEET}xf"):
            code = number(one.get("numFmtId"), 0)
            chosen = number(one.get("fontId"), 0)
            font = fonts[chosen] if 0 <= chosen < len(fonts) else None
            fill = number(one.get("fillId"), 0)
            ground = 0 <= fill < len(filled) and filled[fill]
            numbers = codes.get(code, BUILT_IN.get(code, ""))
            unseen = (_is_white(font) and not ground) or numbers.replace(" ", "") == ";;;"
            forms.append(_Form(numbers, unseen))
        return forms

    def _read_sheet(self, name: str, part: str) -> list[tuple[int, list[str]]]:
        """Return the rows that hold words: their 0-based numbers and the texts of their cells.

        Columns without words are left out, so that a table that begins in column C does so here.
        """
        root = self._package.xml(part)
        self._read_beside(root, part)
        hidden_columns = _hidden_columns(root)
        ends = _merged_ends(root)
        covering: dict[int, tuple[int, str]] = {}  # column: last row that a cell covers, its text
        rows: list[tuple[int, dict[int, str]]] = []
        at, count = -1, 0
        for row in root.iterfind(f"{_SHEET}sheetData/{_SHEET}row"):
            at = number(row.get("r"), at + 2) - 1
            cells = self._cells_of(row)
            if row.get("hidden") in ("1", "true"):
                self._hidden_rows += any(cells.values())
                self._unseen.append("\t".join(cells.values()))
                continue
            self._unseen += [cells[column] for column in cells if column in hidden_columns]
            cells = {column: cells[column] for column in cells if column not in hidden_columns}
            covering = {column: one for column, one in covering.items() if one[0] >= at}
            for column, text in cells.items():
                if text and (column, at) in ends:
                    covering[column] = (ends[column, at], text)
            count += len(covering) + len(cells)
            if count > _CELLS:
                raise self._package.bomb(f"trang tính “{name}” có quá nhiều ô")
            covered = {column: text for column, (_, text) in covering.items()}
            rows.append((at, covered | {column: text for column, text in cells.items() if text}))
        used = sorted({column for _, cells in rows for column in cells})
        if len(used) > _COLUMNS or len(used) * len(rows) > _CELLS:
            raise self._package.bomb(f"trang tính “{name}” có quá nhiều ô")
        return [(at, [cells.get(column, "") for column in used]) for at, cells in rows if cells]

    def _cells_of(self, row: etree._Element) -> dict[int, str]:
        """The texts of a row's cells by 0-based column."""
        cells: dict[int, str] = {}
        column = -1
        for cell in row.iterchildren(f"{_SHEET}c"):
            place = _CELL.fullmatch(cell.get("r", ""))
            column = column + 1 if place is None else _column(place[1])
            form = self._form(cell)
            text = self._text(cell, form)
            if form.unseen:
                self._unseen += [text] if text else []
                continue
            cells[column] = text
        return cells

    def _form(self, cell: etree._Element) -> _Form:
        place = number(cell.get("s"), 0)
        return self._forms[place] if 0 <= place < len(self._forms) else _Form()

    def _text(self, cell: etree._Element, form: _Form) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find(f"{_SHEET}is")
            return "" if inline is None else _text_of(inline)
        value = cell.findtext(f"{_SHEET}v") or ""
        if not value and cell.find(f"{_SHEET}f") is not None and kind != "str":
            self._uncounted += 1
        if kind == "s":
            place = number(value, -1)
            return self._strings[place] if 0 <= place < len(self._strings) else ""
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, "")
        return self._figures.written(value, form.numbers) if kind == "n" and value else value

    def _read_beside(self, root: etree._Element, part: str) -> None:
        edges = root.find(f"{_SHEET}headerFooter")
        if edges is not None:
            self._edges += [_FIELD.sub("\n", one.text or "") for one in edges]
        for relation in self._package.relations(part).values():
            if relation.external or relation.target not in self._package:
                continue
            if relation.kind == "comments":
                comments = self._package.xml(relation.target).iter(f"{_SHEET}comment")
                self._notes += [_text_of(one) for one in comments]
            elif relation.kind == "drawing":
                drawing = self._package.xml(relation.target)
                for paragraph in drawing.iter(f"{_DRAWING}p"):
                    text = "".join(paragraph.itertext()).strip()
                    self._drawn += [text] if text else []

    def _write(self, name: str, rows: list[tuple[int, list[str]]], *, titled: bool) -> None:
        if titled:
            self._builder.add(BlockKind.HEADING, name, Anchor(name, 0))
        self._builder.begin_table()
        for at, cells in rows:
            self._builder.add_row(cells, Anchor(name, at))


def _text_of(item: etree._Element) -> str:
    """The text of a string: its runs, without what tells how to say it."""
    text = "".join(
        one.text or "" for one in item.iter(f"{_SHEET}t") if one.getparent().tag != f"{_SHEET}rPh"
    )
    return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) if "_x" in text else text


def _column(letters: str) -> int:
    """The 0-based number of a column: ``A`` is 0, ``AA`` 26."""
    count = 0
    for letter in letters:
        count = count * 26 + ord(letter) - ord("A") + 1
    return count - 1


def _hidden_columns(root: etree._Element) -> frozenset[int]:
    ranges = [
        (number(one.get("min"), 1), number(one.get("max"), 1))
        for one in root.iterfind(f"{_SHEET}cols/{_SHEET}col")
        if one.get("hidden") in ("1", "true")
    ]
    hidden: set[int] = set()
    done = 0
    for first, last in sorted(ranges):
        hidden.update(range(max(first - 1, done), min(last, _LAST_COLUMN)))
        done = max(done, min(last, _LAST_COLUMN))
    return frozenset(hidden)


def _merged_ends(root: etree._Element) -> dict[tuple[int, int], int]:
    """The last row of each merged area of one column, by the place of its first cell."""
    ends: dict[tuple[int, int], int] = {}
    for one in root.iterfind(f"{_SHEET}mergeCells/{_SHEET}mergeCell"):
        found = _RANGE.fullmatch(one.get("ref", ""))
        if found and found[1] == found[3] and int(found[4]) > int(found[2]):
            ends[_column(found[1]), int(found[2]) - 1] = int(found[4]) - 1
    return ends


def _is_filled(fill: etree._Element) -> bool:
    pattern = fill.find(f"{_SHEET}patternFill")
    if pattern is None:
        return fill.find(f"{_SHEET}gradientFill") is not None
    ground = pattern.find(f"{_SHEET}fgColor")
    white = ground is not None and ground.get("rgb", "").upper().endswith("FFFFFF")
    return pattern.get("patternType", "none") != "none" and not white


def _is_white(font: etree._Element | None) -> bool:
    colour = None if font is None else font.find(f"{_SHEET}color")
    if colour is None:
        return False
    return colour.get("rgb", "").upper().endswith("FFFFFF") or (
        colour.get("theme") == "0" and colour.get("tint") is None
    )
