"""A zip file of XML parts, opened in memory and within limits (ECMA-376, part 2).

Nothing of it is written to the disk, no link in it is followed and no entity is expanded.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from corpus.errors import UnreadableFile
from corpus.readers.zipped import UNPACKING_ERRORS, is_bomb, is_encrypted, is_packed_oddly

MAX_ENTRIES = 5_000
"""Entries of a package; a report of 500 pages with a picture on each has a thousand."""
MAX_PART_BYTES = 48 * 1024 * 1024
"""One part, unpacked; 500 pages of text are 10 to 20 MB of XML."""
MAX_UNPACKED_BYTES = 256 * 1024 * 1024

_OLE = b"\xd0\xcf\x11\xe0"
# “Strict Open XML” has other names for the same elements (ECMA-376, part 1).
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": (
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    ),
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    ),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
}
_OPEN_DOCUMENT = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part says of another one.

    Args:
        kind: the last word of its type: ``footnotes``, ``header``, ``worksheet``.
        target: the other part's name; for an external one the address, which is never opened.
        external: whether it lies outside the package.
    """

    kind: str
    target: str
    external: bool


class Package:
    """The parts of a file.

    Args:
        data: the whole file.
        name: its name, for messages.
        save_as: how the program that wrote it calls the format, for remedies: ``Word (.docx)``.

    Raises:
        UnreadableFile: empty, no zip, damaged, encrypted, or a bomb.
    """

    def __init__(self, data: bytes, name: str, save_as: str) -> None:
        self._name = name
        self._save_as = save_as
        if not data.strip(b"\0 \r\n\t"):
            raise UnreadableFile(
                f"Tệp “{name}” trống, không có chữ nào.", "Kiểm tra lại tệp rồi thêm lần nữa."
            )
        if data.startswith(_OLE):
            raise UnreadableFile(
                f"Tệp “{name}” có đặt mật khẩu, hoặc là tệp đời cũ mang đuôi mới.",
                f"Mở tệp, bỏ mật khẩu (nếu có) rồi lưu lại dạng {save_as}.",
            )
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise self.damaged() from error
        self._check_entries()
        self._names = {entry.filename.lstrip("/") for entry in self._zip.infolist()}

    def __contains__(self, part: str) -> bool:
        return part in self._names

    def damaged(self, what: str = "") -> UnreadableFile:
        """Return the error that tells that the file is damaged."""
        told = f" ({what})" if what else ""
        return UnreadableFile(
            f"Tệp “{self._name}” hỏng hoặc không đúng định dạng như đuôi tệp{told}.",
            f"Mở tệp bằng chương trình đã tạo ra nó rồi lưu lại dạng {self._save_as}.",
        )

    def bomb(self, what: str) -> UnreadableFile:
        """Return the error that tells that the file unpacks to more than a document is."""
        return UnreadableFile(
            f"Tệp “{self._name}” bung ra lớn bất thường ({what}), không phải văn bản thật.",
            f"Mở tệp rồi lưu lại dạng {self._save_as}, hoặc tách văn bản thành nhiều tệp nhỏ.",
        )

    def _check_entries(self) -> None:
        entries = self._zip.infolist()
        if len(entries) > MAX_ENTRIES:
            raise self.bomb("quá nhiều phần")
        if any(map(is_encrypted, entries)):
            raise UnreadableFile(
                f"Tệp “{self._name}” có đặt mật khẩu.",
                f"Mở tệp, bỏ mật khẩu rồi lưu lại dạng {self._save_as}.",
            )
        if any(map(is_packed_oddly, entries)):
            raise self.damaged("cách nén lạ")
        if len({entry.filename.casefold() for entry in entries}) < len(entries):
            raise self.damaged("có hai phần trùng tên")
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
            raise self.bomb("dung lượng khi bung")
        if any(map(is_bomb, entries)):
            raise self.bomb("tỷ lệ nén")

    def read(self, part: str) -> bytes:
        """Return the bytes of a part.

        Raises:
            UnreadableFile: it is missing, damaged or too large.
        """
        if part not in self._names:
            raise self.damaged(f"thiếu phần {part}")
        entry = self._entry(part)
        if entry.file_size > MAX_PART_BYTES:
            raise self.bomb("dung lượng khi bung")
        try:
            return self._zip.read(entry)  # never more than the size that was checked
        except UNPACKING_ERRORS as error:
            raise self.damaged() from error

    def _entry(self, part: str) -> zipfile.ZipInfo:
        try:
            return self._zip.getinfo(part)
        except KeyError:
            return self._zip.getinfo(f"/{part}")

    def xml(self, part: str) -> etree._Element:
        """Return the root of an XML part.

        Raises:
            UnreadableFile: as for ``read``, no XML, nested too deep, or with a document type.
        """
        # Without ``huge_tree``: nesting below 256, so that walking it can't overflow the stack.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
        data = self.read(part)
        for strict, usual in _STRICT.items():
            data = data.replace(strict, usual)
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self.damaged() from error
        if root.getroottree().docinfo.internalDTD is not None:  # no program writes one
            raise self.damaged("có khai báo DTD")
        return root

    def relations(self, part: str) -> dict[str, Relation]:
        """Return what a part refers to, by id; of the package itself for ``""``."""
        folder, file = posixpath.split(part)
        where = posixpath.join(folder, "_rels", f"{file}.rels")
        if where not in self._names:
            return {}
        found: dict[str, Relation] = {}
        for one in self.xml(where).iter(f"{_RELATIONS}Relationship"):
            target = one.get("Target", "")
            external = one.get("TargetMode") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = one.get("Type", "").rpartition("/")[2]
            found[one.get("Id", "")] = Relation(kind, target, external)
        return found

    def main_part(self) -> str:
        """Return the name of the part that the package is about.

        Raises:
            UnreadableFile: there is none.
        """
        for relation in self.relations("").values():
            if relation.kind == "officeDocument" and relation.target in self._names:
                return relation.target
        raise self.damaged("không có phần nội dung")

    def properties(self) -> Iterator[str]:
        """Yield the properties of the file: each value, and with its name before it."""
        for part in ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml"):
            if part not in self._names:
                continue
            for element in self.xml(part).iter(etree.Element):
                if element.text and element.text.strip() and len(element) == 0:
                    owner = element.getparent()
                    outer = owner.get("name") if owner is not None else None
                    named = outer or etree.QName(element).localname
                    yield element.text.strip()
                    yield f"{named}: {element.text.strip()}"

    def pages(self) -> int | None:
        """Return how many pages the program that saved the file counted, if it says it."""
        if "docProps/app.xml" not in self._names:
            return None
        for element in self.xml("docProps/app.xml").iter("{*}Pages"):
            text = (element.text or "").strip()
            if text.isascii() and text.isdigit() and int(text[:6]) > 0:
                return int(text[:6])
        return None


def open_body(
    data: bytes, name: str, *, save_as: str, kind: str, called: str
) -> tuple[Package, etree._Element]:
    """Open an OpenDocument file and find its body (OASIS OpenDocument 1.3, parts 2 and 3).

    Args:
        data: the whole file.
        name: its name, for messages.
        save_as: as for ``Package``.
        kind: the element that the body holds: ``text``, ``spreadsheet``.
        called: what people call that, for messages.

    Raises:
        UnreadableFile: as for ``Package``, or it holds another kind.
    """
    package = Package(data, name, save_as)
    if "META-INF/manifest.xml" in package:
        encrypted = package.xml("META-INF/manifest.xml").find(".//{*}encryption-data")
        if encrypted is not None:
            raise UnreadableFile(
                f"Tệp “{name}” có đặt mật khẩu.", "Mở tệp, bỏ mật khẩu rồi lưu lại."
            )
    body = package.xml("content.xml").find(f"{_OPEN_DOCUMENT}body/{_OPEN_DOCUMENT}{kind}")
    if body is None:
        raise package.damaged(f"không phải {called}")
    return package, body
