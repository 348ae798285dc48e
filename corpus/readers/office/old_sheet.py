"""Excel files of before 2007 (.xls), read by calamine: each visible sheet a table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import NoReturn

from corpus.dates import write_date
from corpus.errors import UnreadableFile
from corpus.readers.base import Beside, Reading
from corpus.readers.blocks import TextBuilder
from corpus.readers.office.figures import Figures
from corpus.readers.office.ole import Others, read_other
from corpus.readers.office.rows import SheetRows, write_sheets
from corpus.readers.office.sheet import SheetReader
from corpus.readers.web.html import HtmlReader

_OTHERS: Others = ((b"PK\x03\x04", SheetReader), (b"<", HtmlReader))

_SAVE = "Mở tệp bằng Excel, bỏ mật khẩu nếu có, rồi lưu lại dạng .xlsx."
_RUN = re.compile(r"[ -~À-ÿĂăĐđĨĩŨũƠơƯưẠ-ỹ–]{3,200}")  # words of here, which Excel keeps as UTF-16
_FIGURES = Figures(from_1904=False)


class OldSheetReader:
    """Reads ``.xls``."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """File name endings it reads."""
        return (".xls",)

    def read(self, data: bytes, name: str) -> Reading:
        """Read a workbook.

        Raises:
            UnreadableFile: empty, damaged, encrypted, too large, or no workbook.
        """
        other = read_other(data, name, _OTHERS, "Excel", _SAVE)
        if other is not None:
            return other
        sheets, hidden = _sheets(data, name)

        def refuse(what: str) -> NoReturn:
            raise UnreadableFile(f"Tệp “{name}” lớn bất thường ({what}).", _SAVE)

        builder = TextBuilder()
        write_sheets(builder, [(one.name, one.filled(refuse)) for one in sheets])
        if not builder.blocks:
            raise UnreadableFile(
                f"Tệp “{name}” trống, không có ô nào có chữ.", "Kiểm tra lại tệp rồi thêm lần nữa."
            )
        warnings = ["Tệp .xls: dòng, cột bị ẩn cũng được đọc; nên lưu lại dạng .xlsx."]
        if hidden:
            warnings.append(f"Đã bỏ {len(hidden)} trang tính ẩn: {', '.join(hidden)[:200]}.")
        return Reading(
            builder.text,
            builder.blocks,
            tuple(warnings),
            (Beside("các phần khác của tệp", "\n".join(_strings(data))),),
        )


def _sheets(data: bytes, name: str) -> tuple[list[SheetRows], list[str]]:
    """Return the visible sheets, and the names of the others."""
    # Few files are of this kind.
    from python_calamine import (  # noqa: PLC0415
        CalamineError,
        CalamineWorkbook,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    found: list[SheetRows] = []
    hidden: list[str] = []
    try:
        workbook = CalamineWorkbook.from_object(BytesIO(data))
        for one in workbook.sheets_metadata:
            if one.typ is not SheetTypeEnum.WorkSheet:
                continue
            if one.visible is not SheetVisibleEnum.Visible:
                hidden.append(one.name)
                continue
            sheet = workbook.get_sheet_by_name(one.name)
            rows = tuple(
                (at, {column: _written(value) for column, value in enumerate(row)})
                for at, row in enumerate(sheet.to_python(skip_empty_area=False))
            )
            ends = {
                (start[1], start[0]): end[0]
                for start, end in sheet.merged_cell_ranges or ()
                if start[1] == end[1] and end[0] > start[0]
            }
            found.append(SheetRows(one.name, rows, ends))
    except (CalamineError, ValueError, OSError) as error:
        raise UnreadableFile(f"Tệp “{name}” hỏng hoặc có đặt mật khẩu.", _SAVE) from error
    return found, hidden


def _written(value: object) -> str:
    """Return a cell as people here write it."""
    if isinstance(value, datetime):
        day = write_date(value.date())
        return f"{day} {value:%H:%M}" if value.time() else day
    if isinstance(value, date):
        return write_date(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _FIGURES.written(repr(value), "")
    return " ".join(str(value).split())


def _strings(data: bytes) -> Iterator[str]:
    """Yield what else the file says, for secrecy stamps: page headers, notes, hidden sheets."""
    for start in (0, 1):
        yield from _RUN.findall(data[start:].decode("utf-16-le", "replace"))
