"""The pages of a PDF put together to one text."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import pypdfium2 as pdfium

from corpus.blocks import Anchor, BlockKind, PageBox
from corpus.errors import UnreadableFile
from corpus.parse.markers import find_marker
from corpus.readers.base import Beside, Reading
from corpus.readers.blocks import TextBuilder
from corpus.readers.old_fonts import converted
from corpus.readers.pdf.columns import parted
from corpus.readers.pdf.furniture import Note, take_notes, take_running_lines
from corpus.readers.pdf.glyphs import Box, PageContent, read_page
from corpus.readers.pdf.letters import name_letters
from corpus.readers.pdf.lines import TextLine, lines_of
from corpus.readers.pdf.paragraphs import (
    STOPS,
    Margins,
    Paragraph,
    goes_on,
    margins_of,
    paragraphs_of,
    right_margins,
)
from corpus.readers.pdf.tables import RuledTable, tables_of
from corpus.readers.scan.recognition import Recognised, ocr_model, recognise
from corpus.readers.tools import Tools

PDFIUM = threading.Lock()
"""pdfium may be used by one thread at a time. It is given up after each page: who wants to see one
must not wait for a whole file."""

_MAGIC = b"%PDF-"
_MAGIC_REACH = 1024  # bytes before the magic that programs pass over
_MOST_PAGES = 3_000
_NAMED = 8  # pages that a warning names
_UNEVEN = 0.8  # of the size of letters: how far full lines of a scan may fall short
_SAME_PLACE = 0.015  # of the width of a table
_ABOVE, _BELOW = 0.95, 0.3  # of the size of letters: how far they reach from the line they stand on


def read_document(data: bytes, name: str, tools: Tools) -> Reading:
    """Read a PDF file; see ``PdfReader``."""
    if not data.strip(b"\0 \r\n\t"):
        raise UnreadableFile(
            f"Tệp “{name}” trống, không có chữ nào.", "Kiểm tra lại tệp rồi thêm lần nữa."
        )
    if _MAGIC not in data[:_MAGIC_REACH]:
        raise _damaged(name)
    pages, beside = _open(data, name)
    found = _recognised(data, name, pages, tools)
    if all(page.is_picture and i not in found.pages for i, page in enumerate(pages)):
        raise UnreadableFile(
            f"Không nhận dạng được trang nào của tệp “{name}”.",
            "Quét lại ở 200–300 dpi, hoặc dùng bản .docx.",
        )
    pages = [found.pages.get(i, page) for i, page in enumerate(pages)]
    return assemble(pages, name, beside, found.failed)


def _recognised(data: bytes, name: str, pages: Sequence[PageContent], tools: Tools) -> Recognised:
    """Have the pages recognised that are pictures; where others have letters, those are kept."""
    pictures = [i for i, page in enumerate(pages) if page.is_picture]
    if not pictures:
        return Recognised()
    try:
        ocr_model(tools, name)
    except UnreadableFile as error:
        if len(pictures) == len(pages):
            raise
        return Recognised(failed=dict.fromkeys(pictures, f"ảnh quét. {error.remedy}"))
    return recognise("pdf", data, pictures, name, tools)


def assemble(
    pages: Sequence[PageContent],
    name: str,
    beside: Sequence[Beside] = (),
    failed: Mapping[int, str] | None = None,
) -> Reading:
    """Put pages together to a text.

    Args:
        pages: what stands on them.
        name: of the file, for messages.
        beside: words of the file that stand on none.
        failed: why pages were not recognised, by their 0-based number.

    Raises:
        UnreadableFile: there are no letters.
    """
    return _Document(pages, name, failed or {}).reading(list(beside))


def _damaged(name: str) -> UnreadableFile:
    return UnreadableFile(
        f"Tệp “{name}” hỏng hoặc không phải PDF.",
        "Mở tệp bằng trình đọc PDF rồi in lại ra PDF (Print to PDF), hoặc dùng bản .docx.",
    )


def _open(data: bytes, name: str) -> tuple[list[PageContent], list[Beside]]:
    with PDFIUM:
        document = _opened(data, name)
    try:
        with PDFIUM:
            count = len(document)
        if count > _MOST_PAGES:
            raise UnreadableFile(
                f"Tệp “{name}” có quá nhiều trang ({count}; tối đa {_MOST_PAGES}).",
                "Tách tệp thành nhiều tệp nhỏ hơn.",
            )
        with PDFIUM:
            properties = document.get_metadata_dict(skip_empty=True)
        told = [line for key, one in properties.items() for line in (one, f"{key}: {one}")]
        pages: list[PageContent] = []
        for number in range(count):
            with PDFIUM:
                page = document[number]
                pages.append(read_page(page))
                page.close()
    except pdfium.PdfiumError as error:
        raise _damaged(name) from error
    finally:
        with PDFIUM:
            document.close()
    return pages, [Beside("thuộc tính của tệp", "\n".join(told))]


def _opened(data: bytes, name: str) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise UnreadableFile(
                f"Tệp “{name}” có đặt mật khẩu.", "Mở tệp, bỏ mật khẩu rồi lưu lại."
            ) from error
        raise _damaged(name) from error


class _Document:
    """One file while its pages are put together."""

    def __init__(self, pages: Sequence[PageContent], name: str, failed: Mapping[int, str]) -> None:
        self._pages = pages
        self._name = name
        self._failed = failed
        self._builder = TextBuilder()
        self._count: Counter[int] = Counter()  # of the blocks of each page
        self._notes: list[Note] = []  # of pages that are done
        self._row: tuple[list[str], Anchor] | None = None  # may go on on the next page
        self._encoding = ""  # of the fonts, an old one

    def reading(self, beside: list[Beside]) -> Reading:
        """Return the reading."""
        if not any(page.glyphs for page in self._pages):
            raise UnreadableFile(
                f"Tệp “{self._name}” không có chữ nào.", "Kiểm tra lại tệp rồi thêm lần nữa."
            )
        self._encoding = name_letters(self._pages)
        tables: list[list[RuledTable]] = []
        lines: list[list[TextLine]] = []
        for i, page in enumerate(self._pages):
            found, rest = tables_of(page.rules, page.glyphs, i)
            tables.append(found)
            lines.append(lines_of(rest, i))
        running = take_running_lines(lines, [page.height for page in self._pages])
        notes = [take_notes(page) for page in lines]
        self._write(lines, tables, notes)
        unseen = "\n".join(page.unseen for page in self._pages if page.unseen)
        beside = [
            *beside,
            Beside("đầu trang, chân trang", "\n".join(running)),
            Beside("chữ ẩn", unseen),
            Beside("chữ mờ của bản quét", "\n".join(page.faint for page in self._pages)),
        ]
        return Reading(
            self._builder.text,
            self._builder.blocks,
            tuple(self._warnings(unseen)),
            tuple(one for one in beside if one.text.strip()),
            len(self._pages),
            self._builder.unsure,
            tuple(sorted(i + 1 for i in self._failed)),
        )

    def _warnings(self, unseen: str) -> Iterator[str]:
        for why in dict.fromkeys(self._failed.values()):
            named = _named(i for i, one in self._failed.items() if one == why)
            yield f"Trang {named} không đọc được: {why.rstrip('.')}."
        if scanned := [i for i, page in enumerate(self._pages) if page.scanned]:
            yield (
                f"Trang {_named(scanned)} là ảnh quét, chữ do máy nhận dạng nên có thể sai."
                f" {len(self._builder.unsure)} chỗ có số đọc không chắc, cần đối chiếu bản gốc."
            )
        if self._encoding:
            yield converted([self._encoding])
        if unseen:
            yield f"Đã bỏ {len(unseen)} ký tự chữ trắng hoặc quá nhỏ để đọc."
        if unknown := sum(page.unknown for page in self._pages):
            yield f"{unknown} ký tự không rõ là chữ gì (ghi là �); hãy đối chiếu bản gốc."

    def _write(
        self,
        lines: Sequence[list[TextLine]],
        tables: Sequence[list[RuledTable]],
        notes: Sequence[list[Note]],
    ) -> None:
        """Write the pages; the notes of one follow the paragraph that it ends in."""
        rights = right_margins(lines, [page.width for page in self._pages])
        waiting: tuple[Paragraph, Margins] | None = None  # may go on on the next page
        last_table: RuledTable | None = None  # likewise
        for i, page in enumerate(self._pages):
            for item in _in_order(lines[i], tables[i]):
                if isinstance(item, RuledTable):
                    self._flush(waiting)
                    waiting = None
                    self._write_table(item, last_table)
                    last_table = item
                    continue
                last_table = None
                for run, apart in parted(item, page.width):
                    margins = margins_of(run)
                    if not apart and page.width in rights:
                        margins = replace(margins, right=rights[page.width])
                    if page.scanned:
                        margins = replace(margins, right=margins.right - _UNEVEN * item[0].size)
                    for paragraph in paragraphs_of(run, margins, apart=apart):
                        if waiting is not None and _page_break(*waiting, paragraph):
                            waiting[0].lines += paragraph.lines
                            waiting = (waiting[0], margins)
                            continue
                        self._flush(waiting)
                        waiting = (paragraph, margins)
            self._notes += notes[i]
        self._flush(waiting)
        self._flush_row()

    def _flush(self, waiting: tuple[Paragraph, Margins] | None) -> None:
        if waiting is not None:
            self._write_paragraph(waiting[0])
        for note in self._notes:
            self._write_note(note)
        self._notes = []

    def _write_paragraph(self, paragraph: Paragraph) -> None:
        self._flush_row()
        text = paragraph.text
        marker = find_marker(text)
        label = text[: marker.end].strip() if marker else ""
        kind = BlockKind.LIST_ITEM if label else BlockKind.PARAGRAPH
        anchor = self._anchor(paragraph.lines[0].page, self._boxes(paragraph.lines, text))
        self._builder.add(kind, text, anchor, label=label, bold=paragraph.bold)

    def _anchor(self, page: int, boxes: tuple[PageBox, ...]) -> Anchor:
        self._count[page] += 1
        return Anchor("", self._count[page] - 1, page + 1, boxes)

    def _boxes(self, lines: Sequence[TextLine], text: str) -> tuple[PageBox, ...]:
        """Return the boxes of lines that were joined to ``text``."""
        boxes: list[PageBox] = []
        at = 0
        for line in lines:
            at = max(text.find(line.text, at, at + len(line.text) + 1), at)
            bottom, top = line.base - _BELOW * line.size, line.base + _ABOVE * line.size
            box = Box(line.left, bottom, line.right, top)
            boxes.append(self._on_page(box, line.page, at))
            at += len(line.text)
        return tuple(boxes)

    def _on_page(self, box: Box, page: int, start: int = 0) -> PageBox:
        """Say of a box where it is on its page, whatever the size of that."""
        across, down = self._pages[page].width, self._pages[page].height
        shares = (box.left / across, 1 - box.top / down, box.right / across, 1 - box.bottom / down)
        left, top, right, bottom = (round(min(max(one, 0.0), 1.0), 4) for one in shares)
        return PageBox(page + 1, left, top, right, bottom, start)

    def _write_table(self, table: RuledTable, last: RuledTable | None) -> None:
        """Write a table, or what a page break cut off the last one."""
        rows = list(zip(table.rows, pairwise(table.heights), strict=True))
        if last is not None and _same_columns(last, table):
            if rows and last.rows and rows[0][0] == last.rows[0]:
                rows = rows[1:]  # the head of the table is repeated on each page
            table.rows[:0] = last.rows[:1]
        else:
            self._flush_row()
            self._builder.begin_table()
            last = None
        for row, (top, bottom) in rows:
            if not any(row):
                continue
            box = self._on_page(Box(table.box.left, bottom, table.box.right, top), table.page)
            if self._row is not None and last is not None and _row_goes_on(self._row[0], row):
                above, anchor = self._row
                joined = [f"{one} {rest}".strip() for one, rest in zip(above, row, strict=True)]
                self._row = (joined, replace(anchor, boxes=(*anchor.boxes, box)))
                last = None
                continue
            self._flush_row()
            self._row = (list(row), self._anchor(table.page, (box,)))
            last = None

    def _flush_row(self) -> None:
        if self._row is not None:
            self._builder.add_row(*self._row)
            self._row = None

    def _write_note(self, note: Note) -> None:
        self._flush_row()
        text = Paragraph(note.lines).text
        anchor = self._anchor(note.lines[0].page, self._boxes(note.lines, text))
        self._builder.add(BlockKind.FOOTNOTE, text, anchor, label=str(note.number))


def _named(pages: Iterable[int]) -> str:
    """The numbers of pages for people, of many the first."""
    numbers = sorted(pages)
    return ", ".join(str(i + 1) for i in numbers[:_NAMED]) + ("…" if numbers[_NAMED:] else "")


def _in_order(
    lines: Sequence[TextLine], tables: Sequence[RuledTable]
) -> Iterator[RuledTable | Sequence[TextLine]]:
    """Yield tables, and the lines between them, from the top of a page."""
    start = 0
    for table in tables:
        end = start
        while end < len(lines) and lines[end].base > (table.box.top + table.box.bottom) / 2:
            end += 1
        if end > start:
            yield lines[start:end]
        yield table
        start = end
    if start < len(lines):
        yield lines[start:]


def _page_break(above: Paragraph, margins: Margins, below: Paragraph) -> bool:
    """Whether a paragraph goes on with the last one of the page before."""
    last, first = above.lines[-1], below.lines[0]
    return last.page != first.page and goes_on(last, first, margins)


def _row_goes_on(above: Sequence[str], row: Sequence[str]) -> bool:
    """Whether a row at the top of a page is the rest of the last one of the page before.

    It is if each of its cells goes on in the middle of a sentence, or if it has one cell only and
    not the first: a row of its own says who, or until when.
    """
    pairs = [(one, rest) for one, rest in zip(above, row, strict=False) if rest]
    if len(above) != len(row) or not pairs:
        return False
    if len(pairs) == 1 and not row[0] and sum(map(bool, above)) > 1:
        return bool(pairs[0][0])
    return all(one and not one.endswith(STOPS) and rest[0].islower() for one, rest in pairs)


def _same_columns(one: RuledTable, other: RuledTable) -> bool:
    """Whether a table goes on on the next page, where a scanned sheet may lie otherwise."""
    near = _SAME_PLACE * (one.columns[-1] - one.columns[0])
    places = ([place - table.columns[0] for place in table.columns] for table in (one, other))
    return (
        one.page + 1 == other.page
        and len(one.columns) == len(other.columns)
        and all(abs(a - b) <= near for a, b in zip(*places, strict=True))
    )
