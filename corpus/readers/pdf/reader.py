"""PDF files with a layer of text (.pdf)."""

from __future__ import annotations

from corpus.readers.base import Reading


class PdfReader:
    """Reads ``.pdf`` that holds letters; a scan is refused."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """File name endings it reads."""
        return (".pdf",)

    def read(self, data: bytes, name: str) -> Reading:
        """Read a PDF file.

        Raises:
            UnreadableFile: empty, damaged, encrypted, a scan, in an encoding of old fonts, or
                with too many pages.
        """
        # pdfium is slow to load, and most commands read no file.
        from corpus.readers.pdf.document import read_document  # noqa: PLC0415

        return read_document(data, name)
