"""The seam to a file format: bytes of one format in, source text out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

MAX_FILE_BYTES = 20 * 1024 * 1024
"""Largest file read unless the caller says otherwise; the longest real notice is below 1 MB."""

MAX_LINES = 50_000
"""Most lines with text; the longest real notice has 2,600. Each is a clause that takes a tenth of
a millisecond to read and two kilobytes to keep."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The text of a file as given.

    Args:
        text: every character of the file, line ends kept, byte-order mark dropped.
        file_name: without folders; bytes of the name that are not UTF-8 are replaced.
        size: bytes on disk.
    """

    text: str
    file_name: str
    size: int


class Reader(Protocol):
    """Turns the bytes of one format into text."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """File name endings it reads, lower case, with the dot."""

    def decode(self, data: bytes, name: str) -> str:
        """Return the text of ``data``; ``name`` is only used in messages.

        Raises:
            UnreadableFile: the bytes are not a text of this format.
        """
