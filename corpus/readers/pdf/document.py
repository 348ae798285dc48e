"""The pages of a PDF put together to one text."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import pypdfium2 as pdfium

from corpus.blocks import Anchor, BlockKind, PageBox
from corpus.errors import UnreadableFile
from corpus.parse.markers import find_marker
from corpus.readers.base import Beside, Reading
from corpus.readers.blocks import TextBuilder
from corpus.readers.legacy import guess_encoding
from corpus.readers.old_fonts import CONVERTED, TCVN3
from corpus.readers.pdf.columns import parted
from corpus.readers.pdf.furniture import Note, take_notes, take_running_lines
from corpus.readers.pdf.glyphs import HYPHEN, Box, PageContent, read_page
from corpus.readers.pdf.lines import TextLine, lines_of
from corpus.readers.pdf.paragraphs import (
    Margins,
    Paragraph,
    goes_on,
    margins_of,
    paragraphs_of,
    right_margins,
)
from corpus.readers.pdf.tables import RuledTable, tables_of

PDFIUM = threading.Lock()
"""pdfium may be used by one thread at a time. It is given up after each page: who wants to see one
must not wait for a whole file."""

_MAGIC = b"%PDF-"
_MAGIC_REACH = 1024  # bytes before the magic that programs pass over
_MOST_PAGES = 3_000
_LETTERS = 20  # of a page: with fewer it is a picture
_NAMED = 8  # pages that a warning names
_SAME_PLACE = 6.0  # points
_ABOVE, _BELOW = 0.95, 0.3  # of the size of letters: how far they reach from the line they stand on
_SAVE_AS_TEXT = (
    "Dùng bản .docx hoặc bản PDF xuất thẳng từ Word; bản quét thì nhận dạng chữ (OCR) rồi lưu"
    " dạng .docx và đối chiếu lại."
)


def read_document(data: bytes, name: str) -> Reading:
    """Read a PDF file; see ``PdfReader``."""
    if not data.strip(b"\0 \r\n\t"):
        raise UnreadableFile(
            f"Tệp “{name}” trống, không có chữ nào.", "Kiểm tra lại tệp rồi thêm lần nữa."
        )
    if _MAGIC not in data[:_MAGIC_REACH]:
        raise _damaged(name)
    pages, beside = _open(data, name)
    return _Document(pages, name).reading(beside)


def _damaged(name: str) -> UnreadableFile:
    return UnreadableFile(
        f"Tệp “{name}” hỏng hoặc không phải PDF.",
        "Mở tệp bằng trình đọc PDF rồi in lại ra PDF (Print to PDF), hoặc dùng bản .docx.",
    )


def _open(data: bytes, name: str) -> tuple[list[PageContent], list[Beside]]:
    with PDFIUM:
        document = _opened(data, name)
    try:
        if len(document) > _MOST_PAGES:
            raise UnreadableFile(
                f"Tệp “{name}” có quá nhiều trang ({len(document)}; tối đa {_MOST_PAGES}).",
                "Tách tệp thành nhiều tệp nhỏ hơn.",
            )
        with PDFIUM:
            properties = document.get_metadata_dict(skip_empty=True)
        told = [line for key, one in properties.items() for line in (one, f"{key}: {one}")]
        pages: list[PageContent] = []
        for number in range(len(document)):
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

    def __init__(self, pages: Sequence[PageContent], name: str) -> None:
        self._pages = pages
        self._name = name
        self._builder = TextBuilder()
        self._count: Counter[int] = Counter()  # of the blocks of each page
        self._notes: list[Note] = []  # of pages that are done
        self._is_tcvn3 = False

    def reading(self, beside: list[Beside]) -> Reading:
        """Return the reading."""
        empty = [i + 1 for i, page in enumerate(self._pages) if len(page.glyphs) < _LETTERS]
        if len(empty) == len(self._pages):
            raise UnreadableFile(
                f"Tệp “{self._name}” là bản quét hoặc ảnh, không có lớp chữ.", _SAVE_AS_TEXT
            )
        self._name_letters()
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
        ]
        return Reading(
            self._builder.text,
            self._builder.blocks,
            tuple(self._warnings(empty, unseen)),
            tuple(one for one in beside if one.text.strip()),
            len(self._pages),
        )

    def _name_letters(self) -> None:
        """Turn letters that only an old font shows right into those that are meant.

        In such a file none is a Vietnamese one; where some are, no letter is changed.
        """
        glyphs = [glyph for page in self._pages for glyph in page.glyphs]
        text = "".join(glyph.text for glyph in glyphs)
        encoding = None
        if sum("\u1ea0" <= char <= "\u1ef9" for char in text) <= len(text) / 200:
            encoding = guess_encoding(text.encode("latin-1", "ignore"))
        if encoding == "VNI":
            raise UnreadableFile(
                f"Chữ trong tệp “{self._name}” dùng phông VNI.",
                "Mở bản Word gốc, chuyển mã sang Unicode bằng Unikey (Ctrl+Shift+F6) rồi lưu lại.",
            )
        self._is_tcvn3 = encoding is not None and encoding.startswith("TCVN3")
        # A glyph that a file calls a soft hyphen is seen: Word writes its no-break hyphens so.
        letters = {ord(HYPHEN): "-", 0xAD: "-"}
        if self._is_tcvn3:
            letters = TCVN3 | {ord(HYPHEN): TCVN3[0xAD]}
        for glyph in glyphs:
            glyph.text = glyph.text.translate(letters)

    def _warnings(self, empty: list[int], unseen: str) -> Iterator[str]:
        if empty:
            named = ", ".join(map(str, empty[:_NAMED])) + ("…" if len(empty) > _NAMED else "")
            yield f"Trang {named} không có lớp chữ (ảnh quét) nên không đọc được."
        if self._is_tcvn3:
            yield CONVERTED
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
                    for paragraph in paragraphs_of(run, margins, apart=apart):
                        if waiting is not None and _page_break(*waiting, paragraph):
                            waiting[0].lines += paragraph.lines
                            waiting = (waiting[0], margins)
                            continue
                        self._flush(waiting)
                        waiting = (paragraph, margins)
            self._notes += notes[i]
        self._flush(waiting)

    def _flush(self, waiting: tuple[Paragraph, Margins] | None) -> None:
        if waiting is not None:
            self._write_paragraph(waiting[0])
        for note in self._notes:
            self._write_note(note)
        self._notes = []

    def _write_paragraph(self, paragraph: Paragraph) -> None:
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
            self._builder.begin_table()
        for row, (top, bottom) in rows:
            box = Box(table.box.left, bottom, table.box.right, top)
            anchor = self._anchor(table.page, (self._on_page(box, table.page),))
            self._builder.add_row(row, anchor)

    def _write_note(self, note: Note) -> None:
        text = Paragraph(note.lines).text
        anchor = self._anchor(note.lines[0].page, self._boxes(note.lines, text))
        self._builder.add(BlockKind.FOOTNOTE, text, anchor, label=str(note.number))


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


def _same_columns(one: RuledTable, other: RuledTable) -> bool:
    return (
        one.page + 1 == other.page
        and len(one.columns) == len(other.columns)
        and all(abs(a - b) <= _SAME_PLACE for a, b in zip(one.columns, other.columns, strict=True))
    )
