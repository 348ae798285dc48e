"""What the page of notices does: list, read, take in, remove.

As in ``chat``, a method returns the parts of the page that change, by name.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from assistant.service.callers import Caller, Scope
from assistant.service.jobs.desk import JobDesk
from assistant.service.jobs.records import FileState, Job
from assistant.service.shelf import Progress, Shelf
from corpus.errors import BadInput, CongvuError, NotFound
from corpus.notice import Notice
from corpus.readers import PAGED
from corpus.store.corrections import Field
from corpus.store.library import Outcome, StoredNotice
from ui.html import Html, join, text
from ui.web import notices, reader, relations, side
from ui.web.changes import change_list
from ui.web.chat import Updates
from ui.web.jobs import job_list
from ui.web.notice_marks import problem
from ui.web.original import OriginalView
from ui.web.readings import Readings, Samples
from ui.web.sent import Sent
from ui.web.uploads import Upload, Uploads

_LOOK_SECONDS: Final = 0.2
"""How often the progress bar is drawn again."""


class Stacks:
    """The page of notices.

    Args:
        shelf: the notices.
        readings: notices that were read.
        samples: tells which notices are samples.
        uploads: files that wait to be taken in.
        desk: files that are taken in in the background.
    """

    def __init__(
        self, shelf: Shelf, readings: Readings, samples: Samples, uploads: Uploads, desk: JobDesk
    ) -> None:
        self._shelf = shelf
        self._desk = desk
        self._readings = readings
        self._samples = samples
        self._uploads = uploads

    def listed(self, caller: Caller) -> Updates:
        """Show the list of notices."""
        if not caller.may(Scope.READ):
            told = "Khoá của bạn chỉ để hỏi, không xem được danh sách văn bản."
            return {"shelf": text(told)}
        found = notices.notice_table(
            self._shelf.notices(caller),
            self._samples.is_sample,
            may_manage=caller.may(Scope.MANAGE),
        )
        return {"shelf": found}

    def read(self, sent: Sent, caller: Caller) -> Updates:
        """Show a notice in full, at a clause if one is named."""
        notice = self._readings.notice(sent.text("notice"), caller)
        number = sent.text("clause").rpartition("#")[2]
        clause = next((one.id for one in notice.clauses if one.id.endswith(f"#{number}")), None)
        if number and clause is None:
            raise NotFound("Văn bản không có điều khoản ấy.", "Xem mục lục của văn bản.")
        target = reader.Target(clause, sent.text("quote")) if clause else None
        stored = self._shelf.stored(notice.id, caller)
        about = relations.about(
            notice,
            stored,
            self._shelf.links(caller),
            self._shelf.corrections(stored.id, caller),
            datetime.now().astimezone().date(),
            may_manage=caller.may(Scope.MANAGE),
        )
        shown = reader.reader(
            notice,
            is_sample=self._samples.is_sample(notice.id),
            may_manage=caller.may(Scope.MANAGE),
            nonce=sent.text("nonce"),
            target=target,
            original=self._original(notice, caller),
            changes=self._changes(notice, caller),
            about=about,
        )
        return {"reader": shown}

    def _changes(self, notice: Notice, caller: Caller) -> Html | None:
        try:
            found = self._shelf.changes(notice.id, caller)
        except NotFound:  # there is only one version
            return None
        return change_list(notice.id, found.before, found.clauses)

    def _original(self, notice: Notice, caller: Caller) -> OriginalView | None:
        if self._shelf.stored(notice.id, caller).original_bytes is None:
            return None
        pages = 0
        if notice.file_name.lower().endswith(PAGED):
            recognised = self._shelf.recognised(notice.id, caller)
            pages = (recognised.extent.pages or 0) if recognised is not None else 0
        return OriginalView(notice.id, self._shelf.boxes(notice, caller), pages)

    def correct(self, sent: Sent, caller: Caller) -> Iterator[Updates]:
        """Put right, or undo, what was recognised of a notice, and show it again."""
        name = sent.text("notice")
        values: dict[Field, str | None] = {
            field: sent.text(field.value) for field in Field if field.value in sent.data
        }
        values |= {field: None for field in Field if field.value in sent.texts("undo")}
        if not values:
            raise BadInput("Chưa có gì thay đổi.", "Sửa ít nhất một ô rồi bấm Lưu.")

        done: list[StoredNotice] = []

        def put_right(progress: Progress) -> str:
            stored = self._shelf.correct(name, values, caller, progress)
            done.append(stored)
            return f"Đã ghi phần sửa của {_named(stored)}."

        yield from self._worked(
            "Đang ghi phần sửa và lập lại chỉ mục", put_right, caller, sent.text("nonce")
        )
        if done:  # else what was typed stays, to be typed right
            yield self.read(sent, caller)

    def preview(self, sent: Sent, caller: Caller) -> Updates:
        """Show what was recognised in an upload."""
        token = sent.text("token")
        seen = self._uploads.find(token, caller.name).preview
        known = self._shelf.like(seen.notice, caller)
        return {"intake": notices.preview(seen, token=token, known=known)}

    def discard(self, sent: Sent, caller: Caller) -> Updates:
        """Forget an upload."""
        self._uploads.drop(sent.text("token"), caller.name)
        return {"intake": Html("")}

    def add(self, sent: Sent, caller: Caller) -> Iterator[Updates]:
        """Take an upload in, showing how far the index is."""
        upload = self._uploads.find(sent.text("token"), caller.name)
        yield from self._worked(
            "Đang đưa vào kho và lập chỉ mục",
            lambda progress: self._taken_in(upload, caller, progress),
            caller,
            sent.text("nonce"),
        )
        self._uploads.drop(sent.text("token"), caller.name)

    def jobs(self, caller: Caller) -> Updates:
        """Show the files that are still being taken in for the caller, if there are any."""
        if not caller.may(Scope.MANAGE):
            return {}
        running = (one for one in self._desk.jobs(caller) if not one.is_finished)
        job = next(running, None)
        return {"jobs": self._listed_files(job)} if job is not None else {}

    def job(self, sent: Sent, caller: Caller) -> Updates:
        """Show how far the files of a job are; with the list of notices once they are done."""
        return self._shown(self._desk.job(sent.text("job"), caller), caller)

    def cancel(self, sent: Sent, caller: Caller) -> Updates:
        """Leave out what is not read yet."""
        return self._shown(self._desk.cancel(sent.text("job"), caller), caller)

    def retry(self, sent: Sent, caller: Caller) -> Updates:
        """Try again what failed."""
        return self._shown(self._desk.retry(sent.text("job"), caller), caller)

    def _shown(self, job: Job, caller: Caller) -> Updates:
        files = self._listed_files(job)
        return {**self.listed(caller), "jobs": files} if job.is_finished else {"jobs": files}

    def _listed_files(self, job: Job) -> Html:
        return job_list(job, self._desk.indexing(job))

    def remove(self, sent: Sent, caller: Caller) -> Iterator[Updates]:
        """Remove a notice, which the person has confirmed."""
        name = sent.text("notice")
        yield from self._worked(
            "Đang gỡ khỏi kho và lập lại chỉ mục",
            lambda progress: self._removed(name, caller, progress),
            caller,
            sent.text("nonce"),
        )

    def _taken_in(self, upload: Upload, caller: Caller, progress: Progress) -> str:
        job = self._desk.submit(upload.file_name, upload.data, caller)
        while not job.is_finished:
            if (step := self._desk.indexing(job)) is not None:
                progress(*step)
            time.sleep(_LOOK_SECONDS / 2)
            job = self._desk.job(job.id, caller)
        file = job.files[0]
        if file.state is not FileState.DONE:
            raise CongvuError(file.message or file.state.vietnamese, file.remedy)
        outcome = Outcome(file.outcome)
        return {
            Outcome.ADDED: "Đã thêm {} vào kho.",
            Outcome.NEW_VERSION: "Đã thay bản cũ của {} bằng bản mới.",
            Outcome.UNCHANGED: "{} đã có trong kho với đúng nội dung này.",
        }[outcome].format(upload.preview.notice.short_name)

    def _removed(self, name: str, caller: Caller, progress: Progress) -> str:
        gone = self._shelf.remove(name, caller, progress)
        return f"Đã gỡ {_named(gone[0])} khỏi kho."

    def _worked(
        self, title: str, work: Callable[[Progress], str], caller: Caller, nonce: str
    ) -> Iterator[Updates]:
        """Do something long in another thread and tell how far it is."""
        yield {"intake": notices.working(title, 0, 0)}
        job = _Job(work)
        for done, total in job.steps():
            yield {"intake": notices.working(title, done, total)}
        if job.error is not None:
            told = side.toast(problem(job.error), nonce, is_error=True)
            yield {**self.listed(caller), "intake": Html(""), "toast": told}
            return
        yield {
            **self.listed(caller),
            "intake": Html(""),
            "toast": side.toast(join([job.told]), nonce),
        }


@dataclass
class _Job:
    """Work in a thread of its own; what it returns or raises can be asked for afterwards.

    Args:
        work: is given what takes its progress.
    """

    work: Callable[[Progress], str]
    told: str = ""
    error: CongvuError | None = None
    _done: queue.SimpleQueue[tuple[int, int] | None] = field(default_factory=queue.SimpleQueue)
    _crash: BaseException | None = None

    def steps(self) -> Iterator[tuple[int, int]]:
        """Start, and yield (done, total) until it ends."""
        thread = threading.Thread(target=self._run, name="congvu-notices", daemon=False)
        thread.start()
        while (step := self._latest()) is not None:
            yield step
        thread.join()
        if self._crash is not None:
            raise self._crash

    def _latest(self) -> tuple[int, int] | None:
        step = self._done.get()
        while step is not None:
            try:
                step = self._done.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                return step
        return step

    def _run(self) -> None:
        try:
            self.told = self.work(lambda done, total: self._done.put((done, total)))
        except CongvuError as error:
            self.error = error
        except BaseException as error:  # noqa: BLE001 - raised again by who waits
            self._crash = error
        finally:
            self._done.put(None)


def _named(notice: StoredNotice) -> str:
    header = notice.header
    return f"{header.kind} {header.number}".strip() or header.title or notice.file_name
