"""The notices as callers of the service see and manage them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from assistant.runtime.workspace import AddReport, Preview
from assistant.service.audit.corrections import correction_detail
from assistant.service.audit.records import EventKind
from assistant.service.callers import Caller, Scope
from assistant.service.service import Service
from corpus.errors import BadInput, Busy, NotFound
from corpus.notice import Clause, Notice
from corpus.parse.links import Links
from corpus.readers import supported_suffixes
from corpus.store.corrections import Correction, Field
from corpus.store.library import StoredNotice

Progress = Callable[[int, int], None]
_NAME_BYTES: Final = 255
"""What file systems take (Linux, NAME_MAX)."""


class Shelf:
    """Looks notices up, takes new ones in and removes them.

    Args:
        service: whose notices they are.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._workspace = service.workspace
        self._managing = threading.Lock()

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

    def preview(self, file_name: str, data: bytes, caller: Caller) -> Preview:
        """Read an upload without storing it, so that a person can see what was recognised.

        Raises:
            Forbidden: the caller may not manage notices.
            UnreadableFile: it is no text that congvu can read, or too large.
            SecretFile: it carries a secrecy stamp.
        """
        self._service.allow(caller, Scope.MANAGE)
        self._check_size(data)
        return self._workspace.preview(_plain_name(file_name), data)

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
        self._check_size(data)
        name = _plain_name(file_name)
        with self._changing():
            # In memory: what turns out to be a state secret must not have been on this disk.
            report = self._workspace.add_upload(name, data, progress)
            if report.error is not None:
                self._service.record(EventKind.ADD, caller, "failed", detail={"file": name})
                raise report.error
            if report.changed:
                self._service.changed()
        self._service.record(EventKind.ADD, caller, "done", detail=_about(report))
        return report

    def remove(
        self, name: str, caller: Caller, progress: Progress = lambda done, total: None
    ) -> tuple[StoredNotice, ...]:
        """Delete a notice with all its versions from library and index.

        Raises:
            Forbidden: the caller may not manage notices.
            BadInput: unknown or ambiguous.
            Busy: another change is under way.
        """
        self._service.allow(caller, Scope.MANAGE)
        with self._changing():
            gone = self._workspace.remove(name, progress=progress)
            self._service.changed(forget=True)
        for one in gone:
            self._service.record(EventKind.REMOVE, caller, "done", detail={"notice": one.id})
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

        with self._changing():
            stored = self._workspace.correct(name, values, caller.name, progress, put_right)
            self._service.changed()
        return stored

    @contextmanager
    def _changing(self) -> Iterator[None]:
        if not self._managing.acquire(blocking=False):
            raise Busy("Kho đang có thay đổi khác.", "Hãy thử lại khi việc ấy xong.")
        try:
            yield
        finally:
            self._managing.release()

    def _check_size(self, data: bytes) -> None:
        limit = self._workspace.settings.upload_max_mb
        if len(data) > limit * 1024 * 1024:
            raise BadInput(
                f"Tệp lớn hơn {limit} MB.",
                "Hãy chia tệp, hoặc nhờ người quản trị tăng `upload_max_mb`.",
            )


def _plain_name(file_name: str) -> str:
    """Return the last part of a file name from another machine, whatever its separators."""
    name = file_name.replace("\\", "/").rpartition("/")[2].strip().replace("\0", "")
    if name in {"", ".", ".."}:
        known = ", ".join(supported_suffixes())
        raise BadInput("Tệp không có tên.", f"Đặt tên tệp có một đuôi đọc được: {known}.")
    if len(os.fsencode(name)) > _NAME_BYTES:
        raise BadInput("Tên tệp quá dài.", "Đổi tên tệp cho ngắn lại.")
    return name


def _about(report: AddReport) -> dict[str, str]:
    added = report.added
    return {"notice": added.notice_id, "outcome": added.outcome.value} if added is not None else {}
