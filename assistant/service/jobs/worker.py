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
PAUSE_SECONDS: Final = 5.0
"""What is waited where nothing can be written down, before it is tried again."""
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
Words = tuple[str, str]
"""What went wrong, and what can be done about it."""


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
        self._owed: deque[Callable[[], object]] = deque()  # what could not be written down yet
        self._behind = False  # whether one of these changed the library
        self._thread: threading.Thread | None = None
        self._stopping = False
        # Looked up before anything can be sent to this process.
        self._left = deque((job_id, file.position) for job_id, file in store.unfinished())
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

    def retry(self, job_id: str, positions: Sequence[int], caller: Caller) -> None:
        """Try again what failed: to index what is stored, to read what is still in memory.

        Args:
            job_id: the job.
            positions: its files; those that have not failed (any more) are left alone.
            caller: who asks for it.
        """
        with self._changed:
            try:
                for position in positions:
                    self._retry((job_id, position), caller)
            finally:
                self._wake()

    def _retry(self, place: Place, caller: Caller) -> None:
        job_id, position = place
        file = self._store.file(job_id, position)
        if file is None:
            return
        state, words = FileState.WAITING, ("", "")
        if file.notice_id:
            state = FileState.STORED
        elif place not in self._data:
            state, words = FileState.LOST, _LOST
        now = _moved(file, state, words)
        if not self._store.update(job_id, now, only_from=FileState.FAILED):
            return
        if state is FileState.STORED:
            self._unindexed.append(place)
        elif state is FileState.WAITING:
            self._queue.append((place, caller))

    def recover(self) -> bool:
        """Go on with what an earlier process left, and return whether something is to be indexed.

        Only one process may serve a home; what it takes itself is never taken for left.
        """
        while self._left:
            self._recover(*self._left[0])
            self._left.popleft()  # only now: what fails is tried when the service is opened again
        return bool(self._unindexed)

    def _recover(self, job_id: str, position: int) -> None:
        file = self._store.file(job_id, position)
        if file is None or file.state.is_final:
            return
        notice = file.notice_id or self._stock.is_kept(file.sha256)
        if notice is None:
            after = _moved(file, FileState.LOST, _LOST)
        elif self._stock.is_behind():
            after = replace(file, state=FileState.STORED, notice_id=notice)
        else:
            after = replace(file, state=FileState.DONE, notice_id=notice)
        if self._store.update(job_id, after, only_from=file.state):
            with self._changed:
                self._unindexed += [(job_id, position)] if after.state is FileState.STORED else []

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
        alive = self._thread is not None and self._thread.is_alive()
        if not alive and not self._stopping:
            self._thread = threading.Thread(target=self._run, name="congvu-jobs", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(
                    lambda: self._stopping or self._owed or self._queue or self._unindexed
                )
                if self._stopping:
                    return
            try:
                if self._owed:
                    self._pay()
                else:
                    self._work()
            except Exception:  # noqa: BLE001 - without this thread every later file would wait for ever
                _log.exception("a job can't be gone on with; it is tried again")
                with self._changed:
                    self._changed.wait_for(lambda: self._stopping, PAUSE_SECONDS)

    def _work(self) -> None:
        """Read one file, or index what is stored."""
        with self._changed:
            if not self._queue or len(self._unindexed) >= _TOGETHER:
                place = None
            else:
                place, caller = self._queue.popleft()
                # With it: what is being read is not there to be thrown away for room.
                data = self._data.pop(place, None)
        if place is None:
            self._index()
            return
        try:
            file = self._begun(place, data)
        except Exception:
            with self._changed:  # the row says that it waits, and so it does
                self._queue.append((place, caller))
                if data is not None:
                    self._data[place] = data
            raise
        if file is not None and data is not None:
            self._read(place, caller, file, data)

    def _begun(self, place: Place, data: bytes | None) -> JobFile | None:
        """Write down that a file is being read, and return it if it is still wanted."""
        job_id, position = place
        file = self._store.file(job_id, position)
        if file is None:
            return None
        now = (
            _moved(file, FileState.READING)
            if data is not None
            else _moved(file, FileState.LOST, _LOST)
        )
        return now if self._store.update(job_id, now, only_from=FileState.WAITING) else None

    def _read(self, place: Place, caller: Caller, file: JobFile, data: bytes) -> None:
        try:
            report = self._stock.store_upload(Path(file.name), data)
        except Cancelled:
            return  # the process ends; the next one finds the row
        except Exception as error:  # noqa: BLE001 - the last to hear of it; one file must not stop the others
            words = _words(error, "a file of a job can't be read")
            with self._changed:
                self._data[place] = data  # for when it is tried again
            self._note(place, _moved(file, FileState.FAILED, words))
            return
        try:
            self._told(caller, report)
        except Exception:  # noqa: BLE001 - it is in the library: questions must find it all the same
            _log.exception("what became of a file is not in the audit log")
        self._note(place, _after(file, report))
        if report.added is not None:
            with self._changed:
                self._unindexed.append(place)
                self._behind |= report.changed

    def _index(self) -> None:
        with self._changed:
            places, self._unindexed = self._unindexed, []
            changed, self._behind = self._behind, False
        words = ("", "")
        state = FileState.DONE
        try:
            with self._changing():
                if changed or self._stock.is_behind():
                    self._stock.index(self._progress)
        except Cancelled:
            return  # the process ends; the rows say that they are stored
        except Busy:  # an index is being built, at the start of a service, say: the files wait
            with self._changed:
                self._unindexed = [*places, *self._unindexed]
                self._behind = self._behind or changed
                self._changed.wait_for(lambda: self._stopping, PAUSE_SECONDS)
            return
        except Exception as error:  # noqa: BLE001 - as above
            state, words = FileState.FAILED, _words(error, "the index can't be built")
        finally:
            self.indexing = None
        for place in places:
            self._settle(place, state, words)

    def _progress(self, done: int, total: int) -> None:
        if self._stopping:
            raise Cancelled("Dịch vụ đang dừng.")
        self.indexing = (done, total)

    def _settle(self, place: Place, state: FileState, words: Words) -> None:
        self._owe(lambda: self._store.settle(*place, state, *words))

    def _note(self, place: Place, file: JobFile) -> None:
        self._owe(lambda: self._store.update(place[0], file))

    def _owe(self, write: Callable[[], object]) -> None:
        """Write something down, now or as soon as it can be, after what came before."""
        self._owed.append(write)
        try:
            while self._owed:
                self._pay()
        except CongvuError:  # the disk is full, or somebody else writes
            _log.exception("what became of a file can't be written down yet")

    def _pay(self) -> None:
        """Write down the first of what is owed; what can never be written is given up."""
        try:
            self._owed[0]()
        except CongvuError:
            raise
        except Exception:  # noqa: BLE001 - trying again would keep all others waiting for ever
            _log.exception("what became of a file can't be written down")
        self._owed.popleft()


def _moved(file: JobFile, state: FileState, words: Words = ("", "")) -> JobFile:
    return replace(file, state=state, message=words[0], remedy=words[1])


def _words(error: Exception, what: str) -> Words:
    if isinstance(error, CongvuError):
        return error.message, error.remedy
    _log.error(what, exc_info=error)
    return _UNEXPECTED


def _after(file: JobFile, report: AddReport) -> JobFile:
    if report.added is None:
        error = report.error
        words = (error.message, error.remedy) if error is not None else _UNEXPECTED
        return _moved(file, FileState.REFUSED, words)
    return replace(
        file,
        state=FileState.STORED,
        outcome=report.added.outcome.value,
        notice_id=report.added.notice_id,
        known_as=report.added.known_as or "",
        header=report.header,
        recognised=report.recognised,
    )
