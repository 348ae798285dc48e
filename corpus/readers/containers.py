"""Files that hold other files: archives (.zip) and messages (.eml) with what is attached.

Members are unpacked in memory, within limits, and are read like files of their own.
"""

from __future__ import annotations

import email
import email.policy
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, MIMEPart
from io import BytesIO
from pathlib import PurePosixPath

from corpus.errors import UnreadableFile
from corpus.readers.zipped import UNPACKING_ERRORS, is_bomb, is_encrypted, is_packed_oddly

CONTAINERS = (".zip", ".eml")
"""File name endings, lower case, with the dot."""

_DEEPEST = 3  # containers in containers
_MOST = 2_000  # members of a file, those of containers in it too
_MOST_BYTES = 256 * 1024 * 1024
"""Of all members, unpacked."""
_UTF8 = 0x800
_SPLIT = "Giải nén rồi thêm từng thư mục."
_FIELDS = (("Chủ đề", "subject"), ("Từ", "from"), ("Đến", "to"), ("Ngày", "date"))


@dataclass(frozen=True, slots=True)
class Member:
    """A file in another one.

    Args:
        name: where it lies in it, with slashes.
        data: the whole file.
    """

    name: str
    data: bytes


def is_container(file_name: str) -> bool:
    """Whether a file holds others, by the ending of its name."""
    return file_name.lower().endswith(CONTAINERS)


def members_of(data: bytes, name: str) -> tuple[Member, ...]:
    """Return the files in a container, and those in the containers in it.

    Args:
        data: the whole container.
        name: its name; its ending says what it is.

    Raises:
        UnreadableFile: damaged, encrypted, or unpacking to more than documents are.
    """
    left = _Limits(name)
    return tuple(_members(data, name, left, 1))


class _Limits:
    """What may still be unpacked of one file."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._files, self._bytes = _MOST, _MOST_BYTES

    def take(self, size: int) -> None:
        """Count a member."""
        self._files -= 1
        self._bytes -= size
        if self._files < 0 or self._bytes < 0:
            raise self.bomb("quá nhiều tệp hoặc quá lớn")

    def bomb(self, what: str) -> UnreadableFile:
        """Return the error that tells that there is too much in a file."""
        return UnreadableFile(
            f"Tệp “{self._name}” bung ra lớn bất thường ({what}), không phải tập văn bản thật.",
            _SPLIT,
        )


def _members(data: bytes, name: str, left: _Limits, depth: int) -> Iterator[Member]:
    if depth > _DEEPEST:
        raise left.bomb("tệp nén lồng nhau quá sâu")
    found = _attached(data, name) if name.lower().endswith(".eml") else _packed(data, name, left)
    for member in found:
        left.take(len(member.data))
        if is_container(member.name):
            for inner in _members(member.data, member.name, left, depth + 1):
                yield Member(f"{member.name}/{inner.name}", inner.data)
        else:
            yield member


def _packed(data: bytes, name: str, left: _Limits) -> Iterator[Member]:
    damaged = UnreadableFile(f"Tệp nén “{name}” hỏng hoặc không phải ZIP.", "Nén lại rồi thêm lại.")
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise damaged from error
    entries = [one for one in archive.infolist() if not one.is_dir()]
    if len(entries) > _MOST or sum(one.file_size for one in entries) > _MOST_BYTES:
        raise left.bomb("quá nhiều tệp hoặc quá lớn")
    for entry in entries:
        path = PurePosixPath(_name_of(entry).replace("\\", "/"))
        if any(part.startswith(".") or part == "__MACOSX" for part in path.parts):
            continue
        if is_encrypted(entry):
            raise UnreadableFile(
                f"Tệp nén “{name}” có đặt mật khẩu.", "Giải nén rồi thêm từng tệp."
            )
        if is_bomb(entry):
            raise left.bomb("tỷ lệ nén")
        if is_packed_oddly(entry):
            raise damaged
        try:
            yield Member(str(path).lstrip("/"), archive.read(entry))
        except UNPACKING_ERRORS as error:
            raise damaged from error


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The name of a member; programs write UTF-8 without saying so."""
    if entry.flag_bits & _UTF8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return entry.filename


def _attached(data: bytes, name: str) -> Iterator[Member]:
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not (message["from"] or message["subject"]):
        raise UnreadableFile(
            f"Tệp “{name}” không phải thư điện tử.", "Lưu lại thư dạng .eml rồi thêm lại."
        )
    told = [f"{word}: {message[key]}" for word, key in _FIELDS if message[key]]
    body = message.get_body(("plain", "html"))
    if body is not None:
        ending = "html" if body.get_content_subtype() == "html" else "txt"
        text = _text_of(body)
        if ending == "txt":
            text = "\n".join([*told, "", text])
        # With its mark: a page may name the encoding that it was sent in.
        yield Member(f"noi-dung-thu.{ending}", text.encode("utf-8-sig", "replace"))
    for number, part in enumerate(message.iter_attachments(), start=1):
        if part.get_content_maintype() == "image" and part["content-id"]:
            continue  # a sign or a logo in the text of the message
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield Member(part.get_filename() or f"dinh-kem-{number}", content)
        elif part.get_content_type() == "message/rfc822":
            inner = part.get_content()
            yield Member(f"thu-{number}.eml", inner.as_bytes())


def _text_of(part: MIMEPart) -> str:
    content = part.get_payload(decode=True)
    data = content if isinstance(content, bytes) else b""
    try:
        return data.decode(part.get_content_charset("utf-8"))
    except (LookupError, UnicodeDecodeError):
        return data.decode("utf-8", "replace")
