"""The notices as callers of the service see and manage them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.runtime.intake import AddReport, Preview
from assistant.runtime.workspace import Changes
from assistant.service.audit.corrections import correction_detail
from assistant.service.audit.records import EventKind
from assistant.service.callers import Caller, Scope
from assistant.service.pictures import Pictures
from assistant.service.service import Service
from assistant.service.uploads import check_size, plain_name
from corpus.blocks import Block, PageBox, Recognised, boxes_of
from corpus.errors import NotFound
from corpus.notice import Clause, Notice, Span
from corpus.parse.links import Links
from corpus.readers import PAGED, page_picture
from corpus.store.corrections import Correction, Field
from corpus.store.library import StoredNotice

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Original:
    """The file that a notice was read from.

    Args:
        notice: what the library says of it.
        data: the whole file.
    """

    notice: StoredNotice
    data: bytes


@dataclass(frozen=True, slots=True)
class Boxes:
    """Tells where clauses and quotes stand on the pages of the original.

    Args:
        notice: whose clauses.
        blocks: of its text.
    """

    notice: Notice
    blocks: tuple[Block, ...]

    def of(self, clause: Clause, quote: str = "") -> tuple[PageBox, ...]:
        """Return the boxes of the lines that a clause stands in.

        Args:
            clause: of the notice.
            quote: the part of it that is looked for; the whole clause where that is ``""`` or
                not found word for word.
        """
        spans = clause.spans
        quoted = quote.strip()
        for span in spans if quoted else ():
            at = self.notice.source.find(quoted, span.start, span.end)
            if at >= 0:
                spans = (Span(at, at + len(quoted)),)
                break
        return boxes_of(self.blocks, spans)


class Shelf:
    """Looks notices up, takes new ones in and removes them.

    Args:
        service: whose notices they are.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._workspace = service.workspace
        self._pictures = Pictures()

    def notices(self, caller: Caller) -> tuple[StoredNotice, ...]:
        """Return the current version of every notice, in the order they were added.

        Raises:
            Forbidden: the caller may not read.
        """
        self._service.allow(caller, Scope.READ)
        return self._workspace.library.notices()

    def stored(self, name: str, caller: Caller) -> StoredNotice:
        """Return what the library says of a notice; see ``notice``."""
        self._service.allow(caller, Scope.READ)
        return self._workspace.library.find(name)

    def like(self, notice: Notice, caller: Caller) -> StoredNotice | None:
        """Return what has the content of a notice, or would get it as a new version, or None."""
        same = [one for one in self.notices(caller) if one.content_hash == notice.content_hash]
        if same:
            return same[0]
        return self._workspace.library.like(notice.header, notice.file_name)

    def notice(self, name: str, caller: Caller) -> Notice:
        """Return a notice with its clauses and its source text.

        Args:
            name: id, number or file name.
            caller: who reads.

        Raises:
            Forbidden: the caller may not read.
            BadInput: unknown or ambiguous.
        """
        self._service.allow(caller, Scope.READ)
        return self._workspace.load(name)

    def clause(self, name: str, clause: str, caller: Caller) -> tuple[Notice, Clause]:
        """Return one clause and the notice around it.

        Args:
            name: id, number or file name of the notice.
            clause: the clause's id, or what follows ``#`` in it.
            caller: who reads.

        Raises:
            Forbidden: the caller may not read.
            BadInput: there is no such notice or clause.
        """
        notice = self.notice(name, caller)
        for one in notice.clauses:
            if clause in {one.id, one.id.rpartition("#")[2]}:
                return notice, one
        raise NotFound(
            f"Văn bản “{notice.short_name}” không có điều khoản “{clause}”.",
            "Xem các điều khoản bằng GET /v1/notices/{mã}.",
        )

    def original(self, name: str, caller: Caller) -> Original:
        """Return the file that a notice was read from.

        Args:
            name: id (of an older version too), number or file name.
            caller: who reads.

        Raises:
            Forbidden: the caller may not read.
            NotFound: there is no such notice, or its file was not kept.
        """
        self._service.allow(caller, Scope.READ)
        stored = self._any_version(name)
        return Original(stored, self._workspace.library.origins.original(stored.id))

    def page(self, name: str, page: int, caller: Caller) -> bytes:
        """Return a page of the original as PNG.

        Args:
            name: as for ``original``.
            page: 1-based.
            caller: who reads.

        Raises:
            Forbidden: the caller may not read.
            NotFound: there is no such notice or page, or the file has no pages to be shown.
            UnreadableFile: the page can't be drawn.
        """
        original = self.original(name, caller)
        stored = original.notice
        if not stored.file_name.lower().endswith(PAGED):
            raise NotFound(
                f"“{stored.file_name}” không chia trang nên không có ảnh trang.",
                "Xem toàn văn, hoặc tải tệp gốc.",
            )
        return self._pictures.page(
            # Not of the text: another file with the same text has other pages.
            hashlib.sha256(original.data).hexdigest(),
            page,
            lambda: page_picture(original.data, page, stored.file_name),
        )

    def boxes(self, notice: Notice, caller: Caller) -> Boxes:
        """Return what tells where the text of a notice stands on the pages of its original.

        Raises:
            Forbidden: the caller may not read.
            NotFound: there is no such notice any more.
        """
        self._service.allow(caller, Scope.READ)
        return Boxes(notice, self._workspace.library.origins.blocks(notice.id))

    def changes(self, name: str, caller: Caller, since: str | None = None) -> Changes:
        """Return what changed in a notice since an earlier version; see ``Workspace.changes``.

        Raises:
            Forbidden: the caller may not read.
            NotFound: there is no such notice, or no earlier version.
        """
        self._service.allow(caller, Scope.READ)
        return self._workspace.changes(name, since)

    def recognised(self, name: str, caller: Caller) -> Recognised | None:
        """Return what came of reading a notice's file, None if an older congvu added it.

        Raises:
            Forbidden: the caller may not read.
            NotFound: there is no such notice.
        """
        self._service.allow(caller, Scope.READ)
        return self._workspace.library.origins.recognised(self._any_version(name).id)

    def _any_version(self, name: str) -> StoredNotice:
        library = self._workspace.library
        try:
            return next(one for one in library.versions(name) if one.id == name)
        except NotFound:
            return library.find(name)

    def preview(self, file_name: str, data: bytes, caller: Caller) -> Preview:
        """Read an upload without storing it, so that a person can see what was recognised.

        Raises:
            Forbidden: the caller may not manage notices.
            UnreadableFile: it is no text that congvu can read, or too large.
            SecretFile: it carries a secrecy stamp.
        """
        self._service.allow(caller, Scope.MANAGE)
        check_size(data, self._workspace.settings.upload_max_mb)
        return self._workspace.preview(plain_name(file_name), data)

    def add(
        self,
        file_name: str,
        data: bytes,
        caller: Caller,
        progress: Progress = lambda done, total: None,
    ) -> AddReport:
        """Store an upload and bring the index up to it.

        Args:
            file_name: as the person's machine calls it.
            data: the whole file.
            caller: who adds.
            progress: hears how the index grows, in passages.

        Returns:
            what became of it; ``error`` is never set.

        Raises:
            Forbidden: the caller may not manage notices.
            UnreadableFile, SecretFile: it can't be taken in.
            Busy: another change is under way.
            NoSpace: the disk is full; nothing was changed.
        """
        self._service.allow(caller, Scope.MANAGE)
        check_size(data, self._workspace.settings.upload_max_mb)
        name = plain_name(file_name)
        with self._service.changing():
            # In memory: what turns out to be a state secret must not have been on this disk.
            report = self._workspace.add_upload(
                name, data, progress, lambda report: self._service.record_added(caller, report)
            )
            if report.error is not None:
                raise report.error
            if report.changed:
                self._service.changed()
        return report

    def remove(
        self, name: str, caller: Caller, progress: Progress = lambda done, total: None
    ) -> tuple[StoredNotice, ...]:
        """Delete a notice with all its versions from library and index.

        Raises:
            Forbidden: the caller may not manage notices.
            BadInput: unknown or ambiguous.
            Busy: another change is under way; or the notice is gone, and files that come in
                all the time kept the index from being built.
        """
        self._service.allow(caller, Scope.MANAGE)

        def forgotten(gone: Sequence[StoredNotice]) -> None:
            self._pictures.forget()
            try:
                for one in gone:
                    detail = {"notice": one.id}
                    self._service.record(EventKind.REMOVE, caller, "done", detail=detail)
            finally:
                self._service.forget([one.id for one in gone])

        with self._service.changing():
            gone = self._workspace.remove(name, progress=progress, forgotten=forgotten)
            self._service.changed()
        return gone

    def links(self, caller: Caller) -> Links:
        """Return what the notices do to each other.

        Raises:
            Forbidden: the caller may not read.
        """
        self._service.allow(caller, Scope.READ)
        return self._workspace.links()

    def corrections(self, name: str, caller: Caller) -> tuple[Correction, ...]:
        """Return what people put right in the head of a notice.

        Raises:
            Forbidden: the caller may not read.
            BadInput: unknown or ambiguous.
        """
        stored = self.stored(name, caller)
        return self._workspace.library.corrections.of(stored.id)

    def correct(
        self,
        name: str,
        values: Mapping[Field, str | None],
        caller: Caller,
        progress: Progress = lambda done, total: None,
    ) -> StoredNotice:
        """Put right what was recognised of a notice; the index follows.

        Args:
            name: id, number or file name.
            values: field → the right value, or None to undo its correction.
            caller: who does it; the name is kept with the correction.
            progress: hears how the index is built again, in passages.

        Raises:
            Forbidden: the caller may not manage notices.
            BadInput: the notice is unknown or ambiguous, or a value can't be.
            Busy: another change is under way.
        """
        self._service.allow(caller, Scope.MANAGE)

        def put_right(stored: StoredNotice) -> None:
            detail = correction_detail(stored, values)
            self._service.record(EventKind.CORRECT, caller, "done", detail=detail)

        with self._service.changing():
            stored = self._workspace.correct(name, values, caller.name, progress, put_right)
            self._service.changed()
        return stored
