"""PDF files (.pdf): with a layer of text, scanned, or both."""

from __future__ import annotations

from corpus.readers.base import Reading
from corpus.readers.tools import Tools


class PdfReader:
    """Reads ``.pdf``; the letters of pages that are pictures are recognised.

    Args:
        tools: what there is on this machine; without those that recognise letters a scan is
            refused, and its pages are passed over where others have letters.
    """

    def __init__(self, tools: Tools | None = None) -> None:
        self._tools = tools or Tools()

    @property
    def suffixes(self) -> tuple[str, ...]:
        """File name endings it reads."""
        return (".pdf",)

    def read(self, data: bytes, name: str) -> Reading:
        """Read a PDF file.

        Raises:
            UnreadableFile: empty, damaged, encrypted, a scan that can't be recognised, or
                with too many pages.
        """
        # pdfium is slow to load, and most commands read no file.
        from corpus.readers.pdf.document import read_document  # noqa: PLC0415

        return read_document(data, name, self._tools)
