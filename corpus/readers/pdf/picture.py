"""A page of a PDF as a picture, so that a quote can be looked at where it stands."""

from __future__ import annotations

import ctypes
import io
import math
import time
from collections.abc import Callable
from typing import Final

import pypdfium2 as pdfium
from PIL import Image
from pypdfium2 import raw

from corpus.errors import NotFound, UnreadableFile
from corpus.readers.pdf.document import PDFIUM

_WIDTH: Final = 1100
"""Pixels across a page: letters of 13 points on A4 are 24 pixels high."""
_MOST_PIXELS: Final = 4_000_000
_SECONDS: Final = 10.0
"""A drawing of a page can be made to take hours."""


def page_picture(
    data: bytes, page: int, name: str, clock: Callable[[], float] = time.monotonic
) -> bytes:
    """Return a page as PNG, at most 1,100 pixels wide and four million in all.

    Args:
        data: the whole file.
        page: 1-based.
        name: of the file, for messages.
        clock: seconds.

    Raises:
        NotFound: the file has no such page.
        UnreadableFile: it can't be drawn, or not in ten seconds.
    """
    try:
        with PDFIUM:
            document = pdfium.PdfDocument(data)
            try:
                if not 1 <= page <= len(document):
                    raise NotFound(
                        f"Tệp “{name}” không có trang {page}.", f"Chọn trang 1 đến {len(document)}."
                    )
                return _drawn(document[page - 1], name, clock)
            finally:
                document.close()
    except pdfium.PdfiumError as error:
        raise UnreadableFile(f"Không vẽ được trang {page} của “{name}”.", _REMEDY) from error


_REMEDY: Final = "Tải tệp gốc về để xem."


def _drawn(page: pdfium.PdfPage, name: str, clock: Callable[[], float]) -> bytes:
    across, down = (max(1.0, one) for one in page.get_size())
    scale = min(_WIDTH / across, math.sqrt(_MOST_PIXELS / (across * down)))
    width, height = max(1, int(across * scale)), max(1, int(down * scale))
    bitmap = pdfium.PdfBitmap.new_native(width, height, raw.FPDFBitmap_BGR)
    try:
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
        until = clock() + _SECONDS
        pause = raw.IFSDK_PAUSE()
        pause.version = 1
        asked = type(pause.NeedToPauseNow)(lambda _: int(clock() > until))
        pause.NeedToPauseNow = asked
        flags = raw.FPDF_ANNOT
        state = raw.FPDF_RenderPageBitmap_Start(
            bitmap.raw, page.raw, 0, 0, width, height, 0, flags, ctypes.byref(pause)
        )
        raw.FPDF_RenderPage_Close(page.raw)
        if state != raw.FPDF_RENDER_DONE:
            raise UnreadableFile(f"Một trang của “{name}” quá phức tạp để vẽ.", _REMEDY)
        picture = Image.frombuffer(
            "RGB", (width, height), bytes(bitmap.buffer), "raw", "BGR", bitmap.stride, 1
        )
    finally:
        bitmap.close()
        page.close()
    written = io.BytesIO()
    picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(written, "PNG")
    return written.getvalue()
