"""Pictures of pages: .png, .jpg, .tif with all its pages."""

from __future__ import annotations

from corpus.errors import UnreadableFile
from corpus.readers.base import Reading
from corpus.readers.tools import Tools

_MAGICS = {
    b"\x89PNG\r\n\x1a\n": (".png",),
    b"\xff\xd8\xff": (".jpg", ".jpeg"),
    b"II*\0": (".tif", ".tiff"),
    b"MM\0*": (".tif", ".tiff"),
}


class PictureReader:
    """Reads pictures of pages; their letters are recognised.

    Args:
        tools: what there is on this machine.
    """

    def __init__(self, tools: Tools | None = None) -> None:
        self._tools = tools or Tools()

    @property
    def suffixes(self) -> tuple[str, ...]:
        """File name endings it reads."""
        return tuple(one for ending in dict.fromkeys(_MAGICS.values()) for one in ending)

    def read(self, data: bytes, name: str) -> Reading:
        """Read a picture.

        Raises:
            UnreadableFile: empty, damaged, no picture of these formats, too large, too many pages,
                without letters, or letters can't be recognised on this machine.
        """
        if not data.strip(b"\0 \r\n\t"):
            raise UnreadableFile(f"Tệp “{name}” trống.", "Kiểm tra lại tệp rồi thêm lần nữa.")
        if not data.startswith(tuple(_MAGICS)):
            raise UnreadableFile(
                f"Tệp “{name}” hỏng hoặc không phải ảnh PNG, JPEG, TIFF.",
                "Mở ảnh rồi lưu lại dạng .png.",
            )
        # Few files are pictures, and what they need is slow to load.
        from corpus.readers.pdf.document import assemble  # noqa: PLC0415
        from corpus.readers.pdf.glyphs import BLANK  # noqa: PLC0415
        from corpus.readers.scan.recognition import recognise  # noqa: PLC0415

        found = recognise("image", data, None, name, self._tools)
        if not found.pages:
            raise UnreadableFile(
                f"Không nhận dạng được chữ trong “{name}”: ảnh hỏng, quá lớn hoặc quá lâu.",
                "Quét lại ở 200–300 dpi.",
            )
        # A page that failed keeps its number, so that the others have theirs.
        pages = [found.pages.get(i, BLANK) for i in range(found.count)]
        return assemble(pages, name, failed=found.failed)
