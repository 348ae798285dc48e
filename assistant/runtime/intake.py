"""How files come into the library: read, judged, and stored with what they were read from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath

from corpus.blocks import Recognised, pages_of
from corpus.errors import BadInput, CongvuError, SecretFile
from corpus.notice import Header, Notice
from corpus.parse.doubts import doubts_of
from corpus.parse.notices import parse_notice
from corpus.parse.unsure import with_unsure
from corpus.parse.version import reading_code
from corpus.readers import (
    SourceFile,
    check_file,
    is_container,
    load_file,
    read_bytes,
    read_members,
    reader_for,
)
from corpus.readers.files import printable_name
from corpus.readers.tools import Tools
from corpus.store.library import Added, Library, Outcome
from corpus.store.origins import Origin

_NOT_KEPT = "Tệp gốc chưa được giữ vì có trang chưa đọc được; thêm lại tệp khi mọi trang đọc được."


@dataclass(frozen=True, slots=True)
class AddReport:
    """What became of one file.

    Args:
        path: the file.
        file_name: without folders.
        header: what was read of the notice, None if the file was refused.
        recognised: what else was read, None if the file was refused.
        added: what the library did with it, None if it was refused.
        error: why it was refused.
    """

    path: Path
    file_name: str
    header: Header | None = None
    recognised: Recognised | None = None
    added: Added | None = None
    error: CongvuError | None = None

    @property
    def changed(self) -> bool:
        """Whether the library is another one than before."""
        added = self.added
        return added is not None and (added.outcome is not Outcome.UNCHANGED or added.completed)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was decided or left out when it was read."""
        return self.recognised.warnings if self.recognised is not None else ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What was read from a file that is not stored.

    Args:
        notice: what was read.
        warnings: what a person should know of the reading.
    """

    notice: Notice
    warnings: tuple[str, ...] = ()


def preview(file_name: str, data: bytes, tools: Tools) -> Preview:
    """Read a notice without storing it; see ``Workspace.preview``."""
    file = _judged(data, file_name, tools)
    return Preview(_parsed(file), file.warnings)


def store_all(
    path: Path, library: Library, now: Callable[[], datetime], tools: Tools
) -> Iterator[AddReport]:
    """Store a file on disk, or the files in it, and yield what became of each.

    Args:
        path: a file; an archive or a message gives each document in it.
        library: where to.
        now: gives the time.
        tools: what reading some formats needs.
    """
    if not is_container(path.name):
        yield store(path, partial(load_file, path), library, now, tools)
        return
    try:
        members = read_members(path)
    except BadInput as error:
        yield AddReport(path, printable_name(path), error=error)
        return
    for one in members:
        inner = path / PurePosixPath(one.name)
        yield store(inner, partial(_given, one.data), library, now, tools)


def store(
    path: Path,
    load: Callable[[], bytes],
    library: Library,
    now: Callable[[], datetime],
    tools: Tools,
) -> AddReport:
    """Store one document.

    A file that this congvu has read before is known by its bytes and not read again. One with
    pages that could not be read is not kept: those may be secret, and may be read another time.

    Args:
        path: the last part of it names the file and chooses the reader.
        load: gives its bytes.
        library: where to.
        now: gives the time.
        tools: what reading some formats needs.

    Raises:
        NoSpace: the disk is full; nothing was changed.
    """
    name = printable_name(path)
    try:
        reader_for(name)
        data = load()
        known = library.origins.read_from(hashlib.sha256(data).hexdigest(), reading_code())
        if known is not None:
            added = Added(Outcome.UNCHANGED, known.id, known_as=known.file_name)
            return AddReport(path, name, known.header, library.origins.recognised(known.id), added)
        try:
            file = _judged(data, name, tools)
        except SecretFile as error:
            raise SecretFile(f"{name}: {error.message}", error.remedy) from error
        notice = _parsed(file)
        clauses = sum(one.kind.is_content for one in notice.clauses)
        warnings = (*file.warnings, *([_NOT_KEPT] if file.unread else []))
        recognised = Recognised(clauses, file.extent, warnings, doubts_of(notice))
        origin = Origin(data, file.blocks, recognised, reading_code()) if not file.unread else None
        added = library.add(notice, now(), origin)
    except BadInput as error:
        return AddReport(path, name, error=error)
    return AddReport(path, name, notice.header, recognised, added)


def _judged(data: bytes, file_name: str, tools: Tools) -> SourceFile:
    """Read a file in memory, and refuse it there if it is a secret."""
    file = read_bytes(data, file_name, tools=tools)
    check_file(file)
    return file


def _parsed(file: SourceFile) -> Notice:
    notice = parse_notice(file.text, file.file_name, pages_of(file.blocks))
    return with_unsure(notice, file.unsure)


def _given(data: bytes) -> bytes:
    return data
