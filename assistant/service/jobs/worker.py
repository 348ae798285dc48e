"""Reads, stores and indexes the files of jobs, one after the other, in a thread of its own.

What is not yet judged to be no secret lies in memory only: a file that waits when the process ends
is lost and told so. What is in the library goes on to be indexed when the service is opened again.

Files are indexed together: when none waits any more, or a hundred are stored.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Final, Protocol

from assistant.runtime.intake import AddReport
from assistant.service.callers import Caller
from assistant.service.jobs.records import FileState, JobFile
from assistant.service.jobs.store import JobStore
from corpus.errors import Busy, Cancelled, CongvuError
from corpus.readers.scan.recognition import end_running

_log = logging.getLogger("congvu.jobs")

MOST_WAITING_BYTES: Final = 256 * 1024 * 1024
_TOGETHER: Final = 100
_PATIENCE_SECONDS: Final = 30.0
"""What a process that ends waits for the file that is being read."""
_LOST = (
    "Dịch vụ đã dừng trước khi đọc tệp này.",
    "Gửi lại tệp; những tệp đã nhận được nhận ra và bỏ qua.",
)
_UNEXPECTED = (
    "Có lỗi ngoài dự kiến khi nhận tệp.",
    "Hãy thử lại, hoặc báo người quản trị; chi tiết nằm trong nhật ký của máy chủ.",
)

Place = tuple[str, int]
"""A file: the id of its job and its position."""


class Stock(Protocol):
    """What the worker does it with."""

    def store_upload(self, file_name: Path, data: bytes) -> AddReport:
        """Store a file that is in memory; ``file_name`` may have the way to it before it."""

    def is_kept(self, sha256: str) -> str | None:
        """Return the id of the notice that was read from a file, or None."""

    def index(self, progress: Callable[[int, int], None]) -> None:
        """Bring the index up to the library, and answer from it."""

    def is_behind(self) -> bool:
        """Whether the index lacks something of the library."""


class Worker:
    """Works off what is handed to it.

    Args:
        stock: the library and the index.
        store: where it is written down.
        changing: held while the index is built.
        told: hears of each file that was read: who sent it, and what became of it.
    """

    def __init__(
        self,
        stock: Stock,
        store: JobStore,
        changing: Callable[[], AbstractContextManager[None]],
        told: Callable[[Caller, AddReport], None],
    ) -> None:
        self._stock = stock
        self._store = store
        self._changing = changing
        self._told = told
        self._changed = threading.Condition()
        self._queue: deque[tuple[Place, Caller]] = deque()
        self._data: dict[Place, bytes] = {}
        self._unindexed: list[Place] = []
        self._behind = False  # whether one of these changed the library
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._recovered = False
        self.indexing: tuple[int, int] | None = None
        """Passages done and all of them, while an index is built."""

    def take(self, job_id: str, files: Sequence[tuple[int, bytes]], caller: Caller) -> None:
        """Take files whose rows wait; see ``recover``, which comes before.

        Args:
            job_id: their job.
            files: position and bytes of each.
            caller: who sent them.
        """
        with self._changed:
            for position, data in files:
                self._data[job_id, position] = data
                self._queue.append(((job_id, position), caller))
            self._wake()

    def reserve(self, size: int) -> None:
        """Check that there is room in memory.

        Raises:
            Busy: too much waits already.
        """
        with self._changed:
            if self._held() + size > MOST_WAITING_BYTES:
                queued = {place for place, _ in self._queue}
                # What failed is only kept in case that it is tried again.
                self._data = {at: data for at, data in self._data.items() if at in queued}
            if self._held() + size > MOST_WAITING_BYTES:
                raise Busy(
                    "Quá nhiều tệp đang chờ đọc.", "Hãy gửi tiếp khi đã đọc bớt.", retry_after_s=10
                )

    def drop(self, places: Sequence[Place]) -> None:
        """Forget the bytes of files that are left out."""
        with self._changed:
            for place in places:
                self._data.pop(place, None)

    def retry(self, job_id: str, files: Sequence[JobFile], caller: Caller) -> None:
        """Try again what failed: to index what is stored, to read what is still in memory."""
        with self._changed:
            for file in files:
                place = (job_id, file.position)
                if file.notice_id:
                    state, words = FileState.STORED, ("", "")
                    self._unindexed.append(place)
                elif place in self._data:
                    state, words = FileState.WAITING, ("", "")
                    self._queue.append((place, caller))
                else:
                    state, words = FileState.LOST, _LOST
                self._note(job_id, replace(file, state=state, message=words[0], remedy=words[1]))
            self._wake()

    def recover(self) -> bool:
        """Go on with what an earlier process left, and return whether something is to be indexed.

        Only one process may serve a home; what it takes itself is never taken for left.
        """
        if self._recovered:
            return False
        self._recovered = True
        for job_id, file in self._store.unfinished():
            notice = file.notice_id or self._stock.is_kept(file.sha256)
            if notice is None:
                state = replace(file, state=FileState.LOST, message=_LOST[0], remedy=_LOST[1])
                self._note(job_id, state)
            elif self._stock.is_behind():
                self._note(job_id, replace(file, state=FileState.STORED, notice_id=notice))
                self._unindexed.append((job_id, file.position))
            else:
                self._note(job_id, replace(file, state=FileState.DONE, notice_id=notice))
        return bool(self._unindexed)

    def go_on(self) -> None:
        """Index in the background what ``recover`` found."""
        with self._changed:
            self._wake()

    def close(self) -> None:
        """Stop after the file that is being read; an index that is being built is given up.

        So are scanned pages that take longer than that.
        """
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(_PATIENCE_SECONDS)
        end_running()

    def _held(self) -> int:
        return sum(map(len, self._data.values()))

    def _wake(self) -> None:
        if self._thread is None and not self._stopping:
            self._thread = threading.Thread(target=self._run, name="congvu-jobs", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopping or self._queue or self._unindexed)
                if self._stopping:
                    return
                reads = self._queue and len(self._unindexed) < _TOGETHER
                place, caller = self._queue.popleft() if reads else (None, None)
            if place is not None and caller is not None:
                self._read(place, caller)
            else:
                self._index()

    def _read(self, place: Place, caller: Caller) -> None:
        job_id, position = place
        file = replace(self._store.file(job_id, position), state=FileState.READING)
        if not self._store.update(job_id, file, only_from=FileState.WAITING):
            self.drop([place])  # cancelled meanwhile
            return
        with self._changed:
            data = self._data.get(place)
        if data is None:  # cancelled between the two
            return
        try:
            report = self._stock.store_upload(Path(file.name), data)
        except Cancelled:
            return  # the process ends; the next one finds the row
        except CongvuError as error:
            self._fail(job_id, file, (error.message, error.remedy))
            return
        except Exception:  # noqa: BLE001 - the last to hear of it; one file must not stop the others
            _log.exception("a file of a job can't be read")
            self._fail(job_id, file, _UNEXPECTED)
            return
        self.drop([place])
        self._told(caller, report)
        self._note(job_id, _after(file, report))
        if report.added is not None:
            with self._changed:
                self._unindexed.append(place)
                self._behind |= report.changed

    def _index(self) -> None:
        with self._changed:
            places, self._unindexed = self._unindexed, []
            changed, self._behind = self._behind, False
        problem: tuple[str, str] | None = None
        try:
            with self._changing():
                if changed or self._stock.is_behind():
                    self._stock.index(self._progress)
        except Cancelled:
            return  # the process ends; the rows say that they are stored
        except CongvuError as error:
            problem = (error.message, error.remedy)
        except Exception:  # noqa: BLE001 - as above
            _log.exception("the index can't be built")
            problem = _UNEXPECTED
        finally:
            self.indexing = None
        for job_id, position in places:
            file = self._store.file(job_id, position)
            if problem is None:
                self._note(job_id, replace(file, state=FileState.DONE))
            else:
                self._fail(job_id, file, problem)

    def _progress(self, done: int, total: int) -> None:
        if self._stopping:
            raise Cancelled("Dịch vụ đang dừng.")
        self.indexing = (done, total)

    def _fail(self, job_id: str, file: JobFile, words: tuple[str, str]) -> None:
        failed = replace(file, state=FileState.FAILED, message=words[0], remedy=words[1])
        self._note(job_id, failed)

    def _note(self, job_id: str, file: JobFile) -> None:
        self._store.update(job_id, file)


def _after(file: JobFile, report: AddReport) -> JobFile:
    if report.added is None:
        error = report.error
        words = (error.message, error.remedy) if error is not None else _UNEXPECTED
        return replace(file, state=FileState.REFUSED, message=words[0], remedy=words[1])
    return replace(
        file,
        state=FileState.STORED,
        outcome=report.added.outcome.value,
        notice_id=report.added.notice_id,
        known_as=report.added.known_as or "",
        header=report.header,
        recognised=report.recognised,
    )
