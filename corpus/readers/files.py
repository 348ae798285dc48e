"""Files on disk: what may be opened, how large, and which of a folder are notices."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import NoReturn

from corpus.errors import BadInput, UnreadableFile
from corpus.readers.base import (
    MAX_CONTAINER_BYTES,
    MAX_FILE_BYTES,
    MAX_LINES,
    Reader,
    SourceFile,
)
from corpus.readers.containers import CONTAINERS, Member, is_container, members_of
from corpus.readers.office.converted import OldWordReader
from corpus.readers.office.old_sheet import OldSheetReader
from corpus.readers.office.open_document import OpenDocumentReader
from corpus.readers.office.open_sheet import OpenSheetReader
from corpus.readers.office.sheet import SheetReader
from corpus.readers.office.word import WordReader
from corpus.readers.pdf.reader import PdfReader
from corpus.readers.plain import PlainReader
from corpus.readers.rtf import RtfReader
from corpus.readers.scan.reader import PictureReader
from corpus.readers.tools import Tools
from corpus.readers.web.html import HtmlReader
from corpus.text import has_run_of_marks

_READERS: tuple[Callable[[], Reader], ...] = (
    PlainReader,
    WordReader,
    SheetReader,
    HtmlReader,
    RtfReader,
    OpenDocumentReader,
    OpenSheetReader,
    OldSheetReader,
)
_WITH_TOOLS: tuple[Callable[[Tools], Reader], ...] = (PdfReader, PictureReader, OldWordReader)

_LINE = re.compile(r"\S[^\r\n]*")
_REASONS = {
    errno.ENOENT: ("Không tìm thấy “{name}”.", "Kiểm tra lại đường dẫn."),
    errno.ENOTDIR: ("Không tìm thấy “{name}”.", "Kiểm tra lại đường dẫn."),
    errno.EACCES: ("Không có quyền đọc “{name}”.", "Cấp quyền đọc cho tệp rồi thử lại."),
    errno.EPERM: ("Không có quyền đọc “{name}”.", "Cấp quyền đọc cho tệp rồi thử lại."),
    errno.EISDIR: ("“{name}” là thư mục, không phải tệp.", "Chọn một tệp trong thư mục đó."),
    errno.ELOOP: (
        "“{name}” là liên kết vòng, không dẫn tới tệp nào.",
        "Chỉ đường dẫn tới tệp thật.",
    ),
    errno.ENAMETOOLONG: ("Tên “{name}” quá dài.", "Đổi tên tệp cho ngắn lại."),
}


def supported_suffixes() -> tuple[str, ...]:
    """Return the file name endings that some reader takes, lower case, with the dot."""
    return tuple(suffix for reader in _readers(Tools()) for suffix in reader.suffixes)


def _readers(tools: Tools) -> Iterator[Reader]:
    for make in _READERS:
        yield make()
    for make_with in _WITH_TOOLS:
        yield make_with(tools)


def reader_for(file_name: str, tools: Tools | None = None) -> Reader:
    """Return the reader of a file by the ending of its name.

    Args:
        file_name: without folders.
        tools: what there is on this machine for formats that need more than congvu; None for
            nothing.

    Raises:
        UnreadableFile: no reader takes this ending.
    """
    suffix = Path(file_name).suffix.lower()
    for reader in _readers(tools or Tools()):
        if suffix in reader.suffixes:
            return reader
    if is_container(file_name):
        raise UnreadableFile(
            f"“{file_name}” chứa nhiều tệp, không đọc thử được.",
            "Thêm thẳng vào kho: mỗi văn bản trong đó thành một văn bản riêng; hoặc lấy các tệp"
            " trong đó ra rồi đọc thử từng tệp.",
        )
    had = f"đuôi “{suffix}”" if suffix else "không có đuôi tệp"
    raise UnreadableFile(
        f"Chưa đọc được loại tệp của “{file_name}” ({had}).",
        f"Các đuôi đọc được: {', '.join(supported_suffixes())}. Lưu lại văn bản dạng .txt (UTF-8).",
    )


def read_bytes(
    data: bytes, file_name: str, max_bytes: int = MAX_FILE_BYTES, tools: Tools | None = None
) -> SourceFile:
    """Read a file that is already in memory, such as an upload.

    Args:
        data: the whole file.
        file_name: without folders; its ending chooses the reader.
        max_bytes: largest size taken.
        tools: see ``reader_for``.

    Raises:
        UnreadableFile: as for ``read_file``.
    """
    reader = reader_for(file_name, tools)
    _refuse_large(len(data), file_name, max_bytes)
    reading = reader.read(data, file_name)
    _refuse_unnatural(reading.text, file_name)
    return SourceFile(
        reading.text,
        file_name,
        len(data),
        blocks=reading.blocks,
        warnings=reading.warnings,
        beside=reading.beside,
        pages=reading.pages,
        unsure=reading.unsure,
        unread=reading.unread,
    )


def read_file(
    path: Path, max_bytes: int = MAX_FILE_BYTES, tools: Tools | None = None
) -> SourceFile:
    """Read one notice from disk.

    Args:
        path: the file; a link to a file is followed.
        max_bytes: largest size taken; looked up before anything is read.
        tools: see ``reader_for``.

    Raises:
        UnreadableFile: missing, no right to read, not a regular file, unknown ending, empty,
            binary, too large, or in an encoding other than UTF-8 and UTF-16 with its mark.
    """
    name = printable_name(path)
    return read_bytes(load_file(path, max_bytes), name, max_bytes, tools)


def load_file(path: Path, max_bytes: int = MAX_FILE_BYTES) -> bytes:
    """Return the bytes of a notice on disk that some reader takes; see ``read_file``."""
    return _bytes_of(path, printable_name(path), max_bytes, reader_for)


def read_members(path: Path, max_bytes: int = MAX_CONTAINER_BYTES) -> tuple[Member, ...]:
    """Unpack a container from disk into memory; see ``containers.members_of``.

    Args:
        path: the file; a link to a file is followed.
        max_bytes: largest size taken; looked up before anything is read.

    Returns:
        the members that some reader takes.

    Raises:
        UnreadableFile: missing, no right to read, not a regular file, damaged, too large, or with
            no document in it.
    """
    name = printable_name(path)
    return members_in(_bytes_of(path, name, max_bytes), name)


def members_in(data: bytes, name: str) -> tuple[Member, ...]:
    """Unpack a container that is in memory; see ``read_members``."""
    members = members_of(data, name)
    found = tuple(one for one in members if one.name.lower().endswith(supported_suffixes()))
    if not found:
        raise UnreadableFile(
            f"“{name}” không chứa văn bản nào đọc được.",
            f"Các đuôi đọc được: {', '.join(supported_suffixes())}.",
        )
    return found


def _bytes_of(
    path: Path, name: str, max_bytes: int, check: Callable[[str], object] = lambda name: None
) -> bytes:
    """Return the bytes of a file; ``check`` sees its name once it is known that it is one."""
    try:
        _require_regular(path.stat(), name)
        check(name)
        # Not blocking, and looked at again once open: a pipe put in the file's place since
        # would otherwise hang the caller.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as file:
            found = os.fstat(handle)
            _require_regular(found, name)
            _refuse_large(found.st_size, name, max_bytes)
            return file.read(max_bytes + 1)
    except OSError as error:
        raise explain(error, name) from error
    except ValueError as error:  # a NUL in the path
        raise UnreadableFile(
            f"Đường dẫn “{name}” có ký tự không hợp lệ.", "Kiểm tra lại đường dẫn."
        ) from error


def explain(error: OSError, name: str) -> UnreadableFile:
    """Say in Vietnamese why the system refused to open ``name``."""
    message, remedy = _REASONS.get(
        error.errno or 0,
        (f"Không đọc được “{{name}}” ({error.strerror}).", "Kiểm tra tệp và ổ đĩa rồi thử lại."),
    )
    return UnreadableFile(message.replace("{name}", name), remedy)


def printable_name(path: Path) -> str:
    """Return the file name with bytes that are not UTF-8 replaced, so that it can be stored."""
    return os.fsencode(path.name or str(path)).decode("utf-8", "replace")


def sample_paths() -> list[Path]:
    """Return the files of the sample notices, of a province that doesn't exist."""
    return find_files([Path(str(files("corpus") / "samples"))])


def find_files(paths: Iterable[Path]) -> list[Path]:
    """List the notices among files and folders.

    A file is taken as named (``read_file`` judges it). Of a folder, and all folders below, the
    regular files with a supported ending are taken in sorted order; hidden files and folders
    and symbolic links are passed over, so that nothing outside the folder gets in.

    Raises:
        UnreadableFile: a path does not exist, or a folder may not be listed.
        BadInput: there is no notice in any of them.
    """
    given = list(paths)
    found: dict[Path, None] = {}
    for path in given:
        try:
            mode = path.stat().st_mode
        except (OSError, ValueError) as error:
            cause = error if isinstance(error, OSError) else OSError(errno.ENOENT, "")
            raise explain(cause, str(path)) from error
        for file in notices_in(path) if stat.S_ISDIR(mode) else [path]:
            found.setdefault(file)
    if not found:
        names = ", ".join(f"“{path}”" for path in given) or "danh sách"
        raise BadInput(
            f"Không có văn bản nào đọc được trong {names}.",
            f"Chọn thư mục có tệp {', '.join((*supported_suffixes(), *CONTAINERS))}.",
        )
    return list(found)


def notices_in(folder: Path) -> list[Path]:
    """Return the files of a folder that ``find_files`` takes, which may be none.

    Raises:
        UnreadableFile: it does not exist or may not be listed.
    """

    def refuse(error: OSError) -> NoReturn:
        raise explain(error, str(error.filename)) from error

    files: list[Path] = []
    for root, folders, names in os.walk(folder, onerror=refuse, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files += [
            path
            for path in (Path(root, name) for name in names)
            if not path.name.startswith(".")
            and path.suffix.lower() in (*supported_suffixes(), *CONTAINERS)
            and stat.S_ISREG(path.lstat().st_mode)
        ]
    return sorted(files)


def _require_regular(found: os.stat_result, name: str) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), name)
    if not stat.S_ISREG(found.st_mode):
        raise UnreadableFile(
            f"“{name}” không phải tệp thường (ống dẫn, thiết bị hoặc socket).",
            "Chỉ đường dẫn tới tệp văn bản.",
        )


def _refuse_large(size: int, name: str, max_bytes: int) -> None:
    if size > max_bytes:
        raise UnreadableFile(
            f"Tệp “{name}” quá lớn ({_megabytes(size)} MB; tối đa {_megabytes(max_bytes)} MB).",
            "Tách văn bản thành nhiều tệp nhỏ hơn rồi thêm từng tệp.",
        )


def _refuse_unnatural(text: str, name: str) -> None:
    lines = sum(1 for _ in _LINE.finditer(text))
    if lines > MAX_LINES:
        told = f"{_thousands(lines)}; tối đa {_thousands(MAX_LINES)}"
        raise UnreadableFile(
            f"Tệp “{name}” có quá nhiều dòng ({told}).",
            "Tách văn bản thành nhiều tệp nhỏ hơn rồi thêm từng tệp.",
        )
    if has_run_of_marks(text):
        raise UnreadableFile(
            f"Tệp “{name}” có chữ mang hơn 30 dấu chồng lên nhau, không phải chữ viết thật.",
            "Xoá các dấu thừa rồi thêm lại tệp.",
        )


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}".replace(".", ",").removesuffix(",0")
