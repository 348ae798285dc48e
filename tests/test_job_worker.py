"""The worker of jobs goes on, whatever can't be written, and loses nothing that it was given."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fakes_api import wait_for

from assistant.runtime.intake import AddReport
from assistant.service.callers import local_caller
from assistant.service.jobs import worker as worker_module
from assistant.service.jobs.records import FileState, JobFile
from assistant.service.jobs.store import JobStore
from assistant.service.jobs.worker import Worker
from corpus.errors import Busy, NoSpace
from corpus.store.library import Added, Outcome

ME = local_caller()
NOW = datetime(2031, 6, 5, tzinfo=UTC)
FULL = NoSpace("Ổ đĩa đã đầy.", "Giải phóng dung lượng rồi thử lại.")


class Shelf:
    """A library and an index of names."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.indexed: set[str] = set()
        self.go, self.reads = threading.Event(), threading.Event()
        self.go.set()
        self.broken: Exception | None = None

    def store_upload(self, file_name: Path, data: bytes) -> AddReport:
        self.reads.set()
        assert self.go.wait(10)
        if self.broken is not None:
            raise self.broken
        self.kept[hashlib.sha256(data).hexdigest()] = file_name.stem
        added = Added(Outcome.ADDED, file_name.stem)
        return AddReport(file_name, file_name.name, added=added)

    def is_kept(self, sha256: str) -> str | None:
        return self.kept.get(sha256)

    def index(self, progress: Callable[[int, int], None]) -> None:
        self.indexed = set(self.kept.values())

    def is_behind(self) -> bool:
        return self.indexed != set(self.kept.values())


class Bench:
    """A worker, what it works with, and one job."""

    def __init__(self, folder: Path) -> None:
        self.stock = Shelf()
        self.store = JobStore.open(folder / "jobs.sqlite")
        self.told: Callable[..., None] = lambda caller, report: None
        self.worker = self.new_worker()
        self.job = self.store.create(ME.name, NOW)

    def new_worker(self) -> Worker:
        def told(*given: Any) -> None:
            self.told(*given)

        return Worker(self.stock, self.store, nullcontext, told)

    def send(self, *names: str) -> list[int]:
        rows = [(name, len(name), hashlib.sha256(name.encode()).hexdigest()) for name in names]
        places = list(self.store.append(self.job, ME.name, rows))
        data = [(place, name.encode()) for place, name in zip(places, names, strict=True)]
        self.worker.take(self.job, data, ME)
        return places

    def states(self) -> list[str]:
        return [one.state.value for one in self.store.files(self.job)]

    def ends_as(self, *states: str) -> None:
        wait_for(lambda: self.states() == list(states))


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(worker_module, "PAUSE_SECONDS", 0.01)
    bench = Bench(tmp_path)
    yield bench
    bench.stock.go.set()
    bench.worker.close()
    bench.store.close()


class Failing:
    """Lets some calls of a method fail, then all through."""

    def __init__(self, method: Callable[..., Any], *calls: int, error: Exception = FULL) -> None:
        self.method, self.calls, self.error, self.count = method, calls, error, 0

    def __call__(self, *given: Any, **more: Any) -> Any:
        self.count += 1
        if self.count in self.calls:
            raise self.error
        return self.method(*given, **more)


@pytest.mark.parametrize("method", ["file", "update", "settle"])
@pytest.mark.parametrize("calls", [(1,), (1, 2, 3), (2,), (3, 4)])
@pytest.mark.parametrize("error", [FULL, Busy("Sổ đang bận.", "Hãy thử lại.")])
def test_a_write_that_fails_for_a_while_stops_nothing(
    bench: Bench,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    calls: tuple[int, ...],
    error: Exception,
) -> None:
    failing = Failing(getattr(bench.store, method), *calls, error=error)
    monkeypatch.setattr(bench.store, method, failing)
    bench.send("a.txt", "b.txt")
    bench.ends_as("done", "done")
    bench.send("c.txt")
    bench.ends_as("done", "done", "done")
    assert bench.stock.indexed == {"a", "b", "c"}
    assert [one.notice_id for one in bench.store.files(bench.job)] == ["a", "b", "c"]


def test_a_row_that_can_never_be_written_keeps_no_other_file_waiting(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = bench.store.update

    def choosy(job_id: str, file: JobFile, **more: Any) -> bool:
        if file.name == "a.txt" and file.state is FileState.STORED:
            raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "no")
        return update(job_id, file, **more)

    monkeypatch.setattr(bench.store, "update", choosy)
    bench.send("a.txt", "b.txt")
    bench.ends_as("done", "done")
    assert bench.stock.indexed == {"a", "b"}


def test_what_the_audit_log_can_not_take_is_indexed_all_the_same(bench: Bench) -> None:
    def told(*given: Any) -> None:
        raise FULL

    bench.told = told
    bench.send("a.txt")
    bench.ends_as("done")
    assert bench.stock.indexed == {"a"}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_worker_that_died_is_started_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def die() -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(bench.worker, "_work", die)
        bench.send("a.txt")
        thread = bench.worker._thread
        assert thread is not None
        thread.join(5)
    bench.send("b.txt")
    bench.ends_as("done", "done")


def test_a_job_that_is_forgotten_while_it_waits_stops_nothing(bench: Bench) -> None:
    bench.stock.go.clear()
    bench.send("a.txt", "b.txt")
    assert bench.stock.reads.wait(5)
    bench.store.forget_before(NOW.replace(year=2032))
    bench.job = bench.store.create(ME.name, NOW)
    bench.send("c.txt")
    bench.stock.go.set()
    bench.ends_as("done")


def test_what_is_being_read_is_not_thrown_away_for_room(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "MOST_WAITING_BYTES", 20)
    begun, go = threading.Event(), threading.Event()
    file = bench.store.file

    def slowly(*given: Any) -> Any:
        begun.set()
        assert go.wait(5)
        return file(*given)

    monkeypatch.setattr(bench.store, "file", slowly)
    bench.send("a.txt")
    assert begun.wait(5)
    bench.worker.reserve(18)  # not before it is off the queue, and its row still waits
    go.set()
    bench.ends_as("done")


def test_what_failed_and_was_thrown_away_is_told_when_it_is_tried_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "MOST_WAITING_BYTES", 20)
    bench.stock.broken = FULL
    [place] = bench.send("a.txt")
    bench.ends_as("failed")
    bench.worker.reserve(18)
    bench.worker.retry(bench.job, [place], ME)
    bench.ends_as("lost")


def test_what_is_no_longer_failed_is_not_tried_again(bench: Bench) -> None:
    bench.stock.broken = FULL
    [place] = bench.send("a.txt")
    bench.ends_as("failed")
    bench.stock.broken = None
    bench.stock.go.clear()
    for _ in range(3):  # somebody clicks thrice
        bench.worker.retry(bench.job, [place], ME)
    bench.store.cancel(bench.job, ME.name)
    bench.worker.retry(bench.job, [place], ME)
    bench.stock.go.set()
    wait_for(lambda: bench.states()[0] in {"done", "cancelled"})
    bench.send("b.txt")
    wait_for(lambda: bench.states()[1] == "done")
    assert bench.states()[0] in {"done", "cancelled"}


def test_what_arrives_before_the_service_is_open_is_not_taken_for_left(bench: Bench) -> None:
    left = bench.store.append(bench.job, ME.name, [("old.txt", 1, "0" * 64)])
    bench.worker = bench.new_worker()
    bench.stock.go.clear()
    bench.send("a.txt", "b.txt")
    assert bench.stock.reads.wait(5)
    bench.worker.recover()
    assert bench.store.files(bench.job)[left[0]].state is FileState.LOST
    bench.stock.go.set()
    bench.ends_as("lost", "done", "done")


def test_what_was_left_is_recovered_later_where_it_can_not_be_written_at_first(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.store.append(bench.job, ME.name, [(f"{n}.txt", 1, "0" * 64) for n in range(3)])
    bench.store.settle(bench.job, 1, FileState.CANCELLED)
    bench.worker = bench.new_worker()
    with monkeypatch.context() as patch:
        patch.setattr(bench.store, "update", Failing(bench.store.update, 2))
        with pytest.raises(NoSpace):
            bench.worker.recover()
    bench.worker.recover()
    assert bench.states() == ["lost", "cancelled", "lost"]


def test_what_was_cancelled_meanwhile_stays_cancelled(bench: Bench) -> None:
    bench.stock.broken = FULL
    [place] = bench.send("a.txt")
    bench.ends_as("failed")
    stale = bench.store.files(bench.job)[place]
    bench.store.cancel(bench.job, ME.name)
    assert not bench.store.update(
        bench.job, replace(stale, state=FileState.WAITING), only_from=FileState.FAILED
    )
    bench.worker.retry(bench.job, [place], ME)
    assert bench.states() == ["cancelled"]


def test_an_index_that_is_being_built_is_waited_for(bench: Bench) -> None:
    busy = Busy("Một tiến trình khác đang lập chỉ mục.", "Đợi tiến trình đó xong rồi chạy lại.")
    building = Failing(bench.stock.index, 1, 2, error=busy)
    bench.stock.index = building  # type: ignore[method-assign]
    bench.send("a", "b")
    bench.ends_as("done", "done")
    assert building.count >= 3
    assert bench.stock.indexed == {"a", "b"}
