"""OpenDocument spreadsheets (.ods): each visible sheet a table (OASIS OpenDocument 1.3, part 3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NoReturn

from lxml import etree

from corpus.dates import write_date
from corpus.errors import UnreadableFile
from corpus.readers.base import Beside, Reading
from corpus.readers.blocks import TextBuilder
from corpus.readers.office.names import number
from corpus.readers.office.package import Package, open_body
from corpus.readers.office.rows import MOST_CELLS, MOST_COLUMNS, SheetRows, write_sheets

_URN = "{urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE, _TABLE, _TEXT = f"{_URN}office:1.0}}", f"{_URN}table:1.0}}", f"{_URN}text:1.0}}"
_STYLE = f"{_URN}style:1.0}}"
_ROW, _COLUMN = f"{_TABLE}table-row", f"{_TABLE}table-column"
_HOLDERS = {
    one: frozenset({f"{_TABLE}table-header-{kind}s", f"{_TABLE}table-{kind}s", f"{one}-group"})
    for one, kind in ((_ROW, "row"), (_COLUMN, "column"))
}
_NESTED = 20


class OpenSheetReader:
    """Reads ``.ods``."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """File name endings it reads."""
        return (".ods",)

    def read(self, data: bytes, name: str) -> Reading:
        """Read a spreadsheet.

        Raises:
            UnreadableFile: empty, damaged, encrypted, a bomb, or no OpenDocument spreadsheet.
        """
        package, body = open_body(
            data,
            name,
            save_as="ODS (.ods) hoặc Excel (.xlsx)",
            kind="spreadsheet",
            called="bảng tính ODS",
        )
        return _Spreadsheet(package, body, name).read()


class _Spreadsheet:
    """One file while it is read."""

    def __init__(self, package: Package, body: etree._Element, name: str) -> None:
        self._package = package
        self._body = body
        self._name = name
        self._unseen: list[str] = []
        self._hidden_rows = 0
        self._hidden_sheets = {
            one.get(f"{_STYLE}name", "")
            for one in body.getroottree().getroot().iter(f"{_STYLE}style")
            if any(
                properties.get(f"{_TABLE}display") == "false"
                for properties in one.iter(f"{_STYLE}table-properties")
            )
        }

    def read(self) -> Reading:
        """Return the reading."""
        shown: list[tuple[str, list[tuple[int, list[str]]]]] = []
        hidden: list[str] = []
        for table in self._body.iterchildren(f"{_TABLE}table"):
            name = table.get(f"{_TABLE}name", "")
            if table.get(f"{_TABLE}style-name") in self._hidden_sheets:
                hidden.append(name)
                self._unseen += [_words(one) for one in table.iter(_ROW)]
                continue
            shown.append((name, self._sheet(name, table).filled(self._refuse)))
        builder = TextBuilder()
        write_sheets(builder, shown)
        if not builder.blocks:
            raise UnreadableFile(
                f"Tệp “{self._name}” trống, không có ô nào có chữ.",
                "Kiểm tra lại tệp rồi thêm lần nữa.",
            )
        notes = [_words(one) for one in self._body.iter(f"{_OFFICE}annotation")]
        warnings = [
            *([f"Đã bỏ {len(hidden)} trang tính ẩn: {', '.join(hidden)[:200]}."] if hidden else []),
            *([f"Đã bỏ {self._hidden_rows} dòng ẩn hoặc bị lọc."] if self._hidden_rows else []),
            *([f"Không đọc {len(notes)} ghi chú của ô."] if notes else []),
        ]
        beside = (
            Beside("ô, dòng hoặc trang tính ẩn", "\n".join(self._unseen)),
            Beside("ghi chú của ô", "\n".join(notes)),
            Beside("đầu trang, chân trang, thuộc tính của tệp", "\n".join(self._others())),
        )
        return Reading(
            builder.text,
            builder.blocks,
            tuple(warnings),
            tuple(one for one in beside if one.text.strip()),
        )

    def _refuse(self, what: str) -> NoReturn:
        raise self._package.bomb(what)

    def _others(self) -> Iterator[str]:
        for part in ("styles.xml", "meta.xml"):
            if part in self._package:
                for one in self._package.xml(part).iter():
                    if isinstance(one.tag, str) and (one.text or "").strip():
                        yield one.text or ""

    def _sheet(self, name: str, table: etree._Element) -> SheetRows:
        hidden = _hidden_columns(table)
        rows: list[tuple[int, dict[int, str]]] = []
        ends: dict[tuple[int, int], int] = {}
        at, count = 0, 0
        for row in _inside(table, _ROW):
            repeated = max(1, number(row.get(f"{_TABLE}number-rows-repeated"), 1))
            cells = self._cells(row, at, hidden, ends)
            if not cells:
                at += repeated
                continue
            if row.get(f"{_TABLE}visibility", "visible") != "visible":
                self._hidden_rows += repeated
                self._unseen.append("\t".join(cells.values()))
                at += repeated
                continue
            count += repeated * len(cells)
            if count > MOST_CELLS:
                self._refuse(f"trang tính “{name}” có quá nhiều ô")
            rows += [(at + i, cells) for i in range(repeated)]
            at += repeated
        return SheetRows(name, tuple(rows), ends)

    def _cells(
        self,
        row: etree._Element,
        at: int,
        hidden: frozenset[int],
        ends: dict[tuple[int, int], int],
    ) -> dict[int, str]:
        """The texts of a row's cells by 0-based column; those with none are left out."""
        cells: dict[int, str] = {}
        column = 0
        for cell in row.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            repeated = max(1, number(cell.get(f"{_TABLE}number-columns-repeated"), 1))
            covered = cell.tag == f"{_TABLE}covered-table-cell"
            text = "" if covered else _text_of(cell)
            if text:
                if repeated > MOST_COLUMNS:
                    self._refuse("dòng có quá nhiều ô")
                down = number(cell.get(f"{_TABLE}number-rows-spanned"), 1)
                across = number(cell.get(f"{_TABLE}number-columns-spanned"), 1)
                if down > 1 and across == 1:
                    ends[column, at] = at + down - 1
                for one in range(column, column + repeated):
                    if one in hidden:
                        self._unseen.append(text)
                    else:
                        cells[one] = text
            column += repeated
        return cells


def _inside(parent: etree._Element, tag: str, depth: int = 0) -> Iterator[etree._Element]:
    """Yield the rows or the columns of a table, whatever holds them together."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _HOLDERS[tag] and depth < _NESTED:
            yield from _inside(child, tag, depth + 1)


def _hidden_columns(table: etree._Element) -> frozenset[int]:
    hidden: set[int] = set()
    column = 0
    for one in _inside(table, _COLUMN):
        repeated = max(1, number(one.get(f"{_TABLE}number-columns-repeated"), 1))
        if one.get(f"{_TABLE}visibility", "visible") != "visible":
            hidden.update(range(column, column + min(repeated, 20_000)))
        column += repeated
    return frozenset(hidden)


def _text_of(cell: etree._Element) -> str:
    """What a cell shows; a date as people here write it, whatever the file's country."""
    day = cell.get(f"{_OFFICE}date-value", "")
    if cell.get(f"{_OFFICE}value-type") == "date" and day:
        try:
            moment = datetime.fromisoformat(day)
        except ValueError:
            return _words(cell)
        written = write_date(date(moment.year, moment.month, moment.day))
        return f"{written} {moment:%H:%M}" if "T" in day and moment.time() else written
    return _words(cell)


def _words(element: etree._Element) -> str:
    """The paragraphs of an element as one line, without those of its notes."""
    lines: list[str] = []
    for paragraph in element.iter(f"{_TEXT}p"):
        noted = next(paragraph.iterancestors(f"{_OFFICE}annotation"), None)
        if noted is None or noted is element:
            lines.append("".join(_pieces(paragraph)))
    return " ".join(" ".join(lines).split())


def _pieces(paragraph: etree._Element) -> Iterator[str]:
    yield paragraph.text or ""
    for one in paragraph.iterdescendants():
        if one.tag in (f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break"):
            yield " "
        elif isinstance(one.tag, str):
            yield one.text or ""
        yield one.tail or ""
