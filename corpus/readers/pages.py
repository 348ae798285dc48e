"""Pages of original files as pictures, for formats that have pages."""

from __future__ import annotations

PAGED = (".pdf",)
"""Endings, lower case with the dot, of files whose pages can be shown."""


def page_picture(data: bytes, page: int, name: str) -> bytes:
    """Return a page of a PDF as PNG; see ``pdf.picture``."""
    # pdfium is slow to load, and most commands read no file.
    from corpus.readers.pdf import picture  # noqa: PLC0415

    return picture.page_picture(data, page, name)
