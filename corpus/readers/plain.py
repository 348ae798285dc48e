"""Plain text and Markdown, in UTF-8 or in UTF-16 with a byte-order mark."""

from __future__ import annotations

import codecs
import re

from corpus.errors import UnreadableFile
from corpus.readers.base import Reading
from corpus.readers.blocks import blocks_of_lines
from corpus.readers.legacy import guess_encoding

_MAGIC = {
    b"%PDF-": "PDF",
    b"PK\x03\x04": "Word, Excel hoặc ZIP",
    b"\xd0\xcf\x11\xe0": "Word hoặc Excel đời cũ",
    b"\x89PNG": "ảnh PNG",
    b"\xff\xd8\xff": "ảnh JPEG",
    b"{\\rtf": "RTF",
    b"\x1f\x8b": "GZIP",
}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_CONTROL_BYTES = re.compile(_CONTROL.pattern.encode("ascii"))
_LINE_END = re.compile(r"\r\n|\r|\n")
_MAX_CONTROL_SHARE = 0.02
"""Text holds none; scanners leave a few (page breaks, U+000C, are not counted)."""

_SAVE_AS_UTF8 = "Mở tệp bằng Word rồi lưu lại dạng văn bản thuần (.txt) với bảng mã UTF-8."


class PlainReader:
    """Reads ``.txt`` and ``.md``; every character is kept but the byte-order mark."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """File name endings it reads."""
        return (".txt", ".md")

    def read(self, data: bytes, name: str) -> Reading:
        """Return the text of ``data``, and its lines as blocks.

        Raises:
            UnreadableFile: empty, binary, or in another encoding.
        """
        for magic, what in _MAGIC.items():
            if data.startswith(magic):
                raise UnreadableFile(
                    f"Tệp “{name}” thật ra là tệp {what}, không phải văn bản thuần.", _SAVE_AS_UTF8
                )
        encoding, body = _encoding_of(data)
        if encoding == "utf-8":
            # Before decoding: a picture would else be told to have a wrong encoding.
            _refuse_binary(len(_CONTROL_BYTES.findall(body)), b"\x00" in body, len(body), name)
        text = _decode(body, encoding, name)
        _refuse_binary(len(_CONTROL.findall(text)), "\x00" in text, len(text), name)
        if not any(char.isprintable() and not char.isspace() for char in text):
            raise UnreadableFile(
                f"Tệp “{name}” trống, không có chữ nào.", "Kiểm tra lại tệp rồi thêm lần nữa."
            )
        return Reading(text, blocks_of_lines(text))


def _encoding_of(data: bytes) -> tuple[str, bytes]:
    """Return the encoding that the byte-order mark names, and the bytes after the mark."""
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8", data[len(codecs.BOM_UTF8) :]
    if data.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le", data[len(codecs.BOM_UTF16_LE) :]
    if data.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be", data[len(codecs.BOM_UTF16_BE) :]
    return "utf-8", data


def _refuse_binary(controls: int, has_nul: bool, length: int, name: str) -> None:
    if has_nul or controls > _MAX_CONTROL_SHARE * length:
        raise UnreadableFile(
            f"Tệp “{name}” là tệp nhị phân, không phải văn bản.",
            f"{_SAVE_AS_UTF8} Tệp UTF-16 phải có dấu BOM ở đầu.",
        )


def _decode(body: bytes, encoding: str, name: str) -> str:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        before = body[: error.start].decode(encoding)
        line = len(_LINE_END.findall(before)) + 1
        place = f"byte thứ {error.start + 1}, dòng {line}"
        if encoding != "utf-8":
            raise UnreadableFile(
                f"Tệp “{name}” có dấu UTF-16 nhưng hỏng từ {place}.", _SAVE_AS_UTF8
            ) from error
        raise UnreadableFile(
            f"Tệp “{name}” không phải UTF-8: sai từ {place}.", _remedy_for(body)
        ) from error


def _remedy_for(body: bytes) -> str:
    guess = guess_encoding(body)
    if guess is None:
        return f"{_SAVE_AS_UTF8} Bảng mã cũ có thể là TCVN3 (ABC), VNI hoặc windows-1258."
    if guess == "windows-1258":
        return f"Có lẽ tệp dùng bảng mã windows-1258. {_SAVE_AS_UTF8}"
    return (
        f"Có lẽ tệp dùng bảng mã {guess}. {_SAVE_AS_UTF8} "
        "Nếu chữ vẫn sai dấu, chuyển mã sang Unicode bằng Unikey (Ctrl+Shift+F6) trước khi lưu."
    )
