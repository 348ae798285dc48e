"""The audit log keeps what happened, shows every edit, and forgets persons without a scar."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as checked
from hypothesis import strategies as st

from assistant.service.audit.log import AuditLog, Cited, EventKind, Head
from assistant.service.audit.records import GENESIS, hash_personal, hash_record, ranges
from assistant.service.audit.schema import SCHEMA
from corpus.errors import Damaged, NoSpace

NOW = datetime(2031, 6, 5, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        self.now += MINUTE
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audit.sqlite"


@pytest.fixture
def log(path: Path) -> Iterator[AuditLog]:
    with AuditLog.open(path, Clock()) as opened:
        yield opened


def fill(log: AuditLog, count: int, caller: str = "an") -> None:
    for n in range(count):
        cited = [("n1", "ab" * 32, f"n1#{n}")]
        log.append("ask", caller, "answered", question=f"Câu hỏi {n}?", cited=cited)


def edit(path: Path, *statements: str) -> None:
    """Change the file as somebody would who wants to hide it: without the triggers."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            db.execute(f"DROP TRIGGER {name}")
        db.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            db.execute(statement)


def first_bad(path: Path) -> int | None:
    with AuditLog.open(path) as log:
        return log.verify().first_bad


def test_an_event_comes_back_as_it_was_told(log: AuditLog) -> None:
    log.append(
        EventKind.ASK,
        "Phòng Tổng hợp",
        "answered",
        question="Ai chủ trì?",
        cited=[("n1", "ab" * 32, "n1#4")],
        versions={"snapshot": "s1", "llm": "m"},
        detail={"ms": 12},
    )
    log.append("search", "an", "done")
    record, other = log.records()
    assert (record.seq, record.kind, record.outcome, record.at) == (
        1,
        "ask",
        "answered",
        NOW + MINUTE,
    )
    assert (record.caller, record.question, record.erased) == (
        "Phòng Tổng hợp",
        "Ai chủ trì?",
        False,
    )
    assert record.cited == (Cited("n1", "ab" * 32, "n1#4"),)
    assert (record.versions, record.detail) == ({"snapshot": "s1", "llm": "m"}, {"ms": 12})
    assert (other.question, other.cited, other.previous) == (None, (), record.hash)
    assert record.previous == GENESIS
    assert log.head() == Head(2, other.hash)


def test_records_are_chosen_and_the_latest_are_kept(log: AuditLog) -> None:
    fill(log, 3)
    log.append("add", "bình", "done")
    fill(log, 2, "bình")
    assert [one.seq for one in log.records(limit=2)] == [5, 6]
    assert [one.seq for one in log.records(caller="bình")] == [4, 5, 6]
    assert [one.seq for one in log.records(kind=EventKind.ASK, caller="bình")] == [5, 6]
    assert [one.seq for one in log.records(since=NOW + 3 * MINUTE)] == [3, 4, 5, 6]


def test_a_sound_log_is_sound_after_a_restart(path: Path) -> None:
    for _ in range(3):
        with AuditLog.open(path) as log:
            fill(log, 5)
    with AuditLog.open(path) as log:
        check = log.verify()
        assert (check.ok, check.records, check.head) == (True, 15, log.head())
    assert path.stat().st_mode & 0o077 == 0


def test_an_empty_log_is_sound(log: AuditLog) -> None:
    assert log.verify().ok
    assert log.head() == Head()
    assert log.purge(caller="an", by="local") == 0
    assert log.forget_before(NOW + timedelta(days=99)) == 0
    assert log.records() == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record SET outcome = 'refused' WHERE seq = 2",
        "DELETE FROM record WHERE seq = 2",
        "DELETE FROM personal WHERE seq = 2",
        "UPDATE personal SET question = 'x' WHERE seq = 2",
        "UPDATE anchor SET seq = 2",
        "INSERT OR REPLACE INTO record SELECT * FROM record WHERE seq = 2",
        "INSERT INTO record SELECT seq + 7, at, kind, outcome, body, personal_hash, previous, hash"
        " FROM record WHERE seq = 3",
        "INSERT OR REPLACE INTO personal SELECT * FROM personal WHERE seq = 2",
    ],
)
def test_the_file_itself_refuses_changes(path: Path, log: AuditLog, statement: str) -> None:
    fill(log, 3)
    with closing(sqlite3.connect(path)) as db, pytest.raises(sqlite3.IntegrityError):
        db.execute("PRAGMA foreign_keys = ON")
        db.execute(statement)
    assert log.verify().ok


EDITS = {
    "the outcome": ("UPDATE record SET outcome = 'refused' WHERE seq = 4", 4),
    "the time": ("UPDATE record SET at = '2031-06-05T08:04:01+00:00' WHERE seq = 4", 4),
    "what was cited": ("UPDATE record SET body = replace(body, 'n1#3', 'n1#9') WHERE seq = 4", 4),
    "the question": ("UPDATE personal SET question = 'Khác?' WHERE seq = 4", 4),
    "the caller": ("UPDATE personal SET caller = 'bình' WHERE seq = 4", 4),
    "the salt": ("UPDATE personal SET salt = zeroblob(32) WHERE seq = 4", 4),
    "the personal part is gone": ("DELETE FROM personal WHERE seq = 4", 4),
    "one is gone": ("DELETE FROM record WHERE seq = 4", 4),
    "the first is gone": ("DELETE FROM record WHERE seq = 1", 1),
    "the last is gone": ("DELETE FROM record WHERE seq = 7", 7),
    "the end is gone": ("DELETE FROM record WHERE seq > 4", 5),
    "all are gone": ("DELETE FROM record", 1),
    "one is put before": (
        "INSERT INTO record SELECT 0, at, kind, outcome, body, personal_hash, previous, hash"
        " FROM record WHERE seq = 1",
        1,
    ),
    "one is put behind": (
        "INSERT INTO record SELECT 8, at, kind, outcome, body, personal_hash, previous, hash"
        " FROM record WHERE seq = 7",
        8,
    ),
}


@pytest.mark.parametrize(("statement", "bad"), EDITS.values(), ids=EDITS)
def test_an_edit_is_found_and_its_place_is_named(path: Path, statement: str, bad: int) -> None:
    with AuditLog.open(path, Clock()) as log:
        fill(log, 7)
    assert first_bad(path) is None
    edit(path, statement)
    assert first_bad(path) == bad


def test_two_records_that_changed_places_are_found(path: Path) -> None:
    with AuditLog.open(path, Clock()) as log:
        fill(log, 5)
    swaps = [("2", "-1"), ("3", "2"), ("-1", "3")]
    edit(path, *(f"UPDATE record SET seq = {b} WHERE seq = {a}" for a, b in swaps))
    edit(path, *(f"UPDATE personal SET seq = {b} WHERE seq = {a}" for a, b in swaps))
    assert first_bad(path) == 2


def test_a_beginning_that_was_cut_off_is_found_even_with_an_anchor(path: Path) -> None:
    with AuditLog.open(path, Clock()) as log:
        fill(log, 5)
        third = log.records()[2]
    edit(
        path,
        "DELETE FROM record WHERE seq <= 3",
        "DELETE FROM personal WHERE seq <= 3",
        f"UPDATE anchor SET seq = 3, hash = '{third.hash}'",
    )
    assert first_bad(path) == 4


COLUMNS = ["at", "kind", "outcome", "body", "personal_hash", "previous", "hash"]


@checked(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    seq=st.integers(1, 6),
    column=st.sampled_from([*COLUMNS, "caller", "question"]),
    place=st.integers(0, 10**6),
    new=st.characters(codec="utf-8", exclude_characters="\0"),
)
def test_no_single_character_can_be_changed(  # noqa: PLR0917 - what hypothesis draws
    tmp_path_factory: pytest.TempPathFactory,
    sample: Path,
    seq: int,
    column: str,
    place: int,
    new: str,
) -> None:
    folder = tmp_path_factory.mktemp("edit")
    path = Path(shutil.copytree(sample, folder / "log")) / "audit.sqlite"
    table = "record" if column in COLUMNS else "personal"
    with closing(sqlite3.connect(path)) as db:
        (old,) = db.execute(f"SELECT {column} FROM {table} WHERE seq = ?", (seq,)).fetchone()
    at = place % len(old)
    changed = old[:at] + new + old[at + 1 :]
    edit(path, "SELECT 1")
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(f"UPDATE {table} SET {column} = ? WHERE seq = ?", (changed, seq))
    assert first_bad(path) == (None if changed == old else seq)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    with AuditLog.open(folder / "audit.sqlite", Clock()) as log:
        fill(log, 6)
    return folder


def test_a_log_built_anew_is_found_with_a_head_noted_elsewhere(tmp_path: Path) -> None:
    noted = {}
    for name, question in (("a", "Thật?"), ("b", "Giả?")):
        (tmp_path / name).mkdir()
        with AuditLog.open(tmp_path / name / "audit.sqlite", Clock()) as log:
            fill(log, 3)
            log.append("ask", "an", "answered", question=question)
            fill(log, 2)
            noted[name] = log.head()
    with AuditLog.open(tmp_path / "b" / "audit.sqlite") as log:
        assert log.verify().ok
        check = log.verify(noted["a"])
        assert (check.ok, check.first_bad) == (False, 6)
    with AuditLog.open(tmp_path / "a" / "audit.sqlite") as log:
        fill(log, 2)
        assert log.verify(noted["a"]).ok


def test_going_on_after_a_cut_does_not_hide_it(path: Path) -> None:
    with AuditLog.open(path, Clock()) as log:
        fill(log, 5)
    edit(path, "DELETE FROM record WHERE seq > 3", "DELETE FROM personal WHERE seq > 3")
    with AuditLog.open(path, Clock()) as log:
        fill(log, 9)
        assert log.verify().first_bad == 5


def test_a_missing_side_file_is_told_and_not_made_anew(path: Path) -> None:
    with AuditLog.open(path) as log:
        fill(log, 3)
    for file in path.parent.glob("audit-head*"):
        file.unlink()
    for _ in range(2):
        with AuditLog.open(path) as log:
            fill(log, 1)
            check = log.verify()
            assert not check.ok
            assert "audit-head.sqlite" in check.problem


def test_a_side_file_that_lags_is_no_harm(path: Path) -> None:
    side = path.with_name("audit-head.sqlite")
    with AuditLog.open(path) as log:
        fill(log, 2)
    shutil.copy(side, side.with_suffix(".old"))
    with AuditLog.open(path) as log:
        fill(log, 3)
    shutil.copy(side.with_suffix(".old"), side)
    with AuditLog.open(path) as log:
        assert log.verify().ok
        fill(log, 1)
        assert log.verify().ok
    edit(path, "DELETE FROM record WHERE seq = 6")
    assert first_bad(path) == 6


def test_purging_erases_a_person_and_leaves_the_chain(path: Path) -> None:
    with AuditLog.open(path, Clock()) as log:
        fill(log, 2, "Nguyễn Thị Bích")
        fill(log, 2, "bình")
        log.append("ask", "Nguyễn Thị Bích", "refused", question="Chuyện riêng của tôi?")
        assert log.purge(caller="Nguyễn Thị Bích", by="local") == 3
        assert log.verify().ok
        records = log.records()
        assert [one.erased for one in records] == [True, True, False, False, True, False]
        assert {one.caller for one in records if one.erased} == {None}
        assert {one.question for one in records if one.erased} == {None}
        assert records[0].cited  # what was cited is nobody's person
        assert (records[5].kind, records[5].caller) == ("purge", "local")
        assert records[5].detail == {"count": 3, "erased": [[1, 2], [5, 5]]}
        assert log.purge(caller="Nguyễn Thị Bích", by="local") == 0
        fill(log, 1)
        assert log.verify().ok
        on_disk = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert "Nguyễn Thị Bích".encode() not in on_disk
    assert "Chuyện riêng".encode() not in on_disk
    assert "bình".encode() in on_disk
    assert first_bad(path) is None
    edit(path, "DELETE FROM personal WHERE seq = 3")
    assert first_bad(path) == 3


def test_purging_can_stop_at_a_moment(log: AuditLog) -> None:
    fill(log, 4)
    assert log.purge(before=NOW + 3 * MINUTE, by="local") == 2
    assert [one.erased for one in log.records()] == [True, True, False, False, False]
    assert log.purge(before=NOW + 4 * MINUTE, caller="bình", by="local") == 0
    with pytest.raises(ValueError, match="bound"):
        log.purge(by="local")


def test_a_purge_does_not_excuse_what_came_after_it(path: Path) -> None:
    with AuditLog.open(path, Clock()) as log:
        fill(log, 2)
        log.purge(caller="an", by="local")
        fill(log, 1)
    edit(path, "DELETE FROM personal WHERE seq = 4")
    assert first_bad(path) == 4


def test_a_forged_purge_does_not_excuse_what_came_after_it(path: Path) -> None:
    with AuditLog.open(path, Clock()) as log:
        fill(log, 2)
        body = json.dumps({"cited": [], "versions": {}, "detail": {"erased": [[1, 9]]}})
        with log._db.writing() as db:
            head = log._insert(db, ("purge", "done", body), "an")
        log._move_side(head, may_move=True)
        fill(log, 1)
    edit(path, "DELETE FROM personal WHERE seq = 4")
    assert first_bad(path) == 4


def test_a_slower_process_does_not_move_the_side_file_back(path: Path) -> None:
    with AuditLog.open(path, Clock()) as log:
        slower = log.append("ask", "an", "answered")
        fill(log, 2)
        log._move_side(slower, may_move=True)
    edit(path, "DELETE FROM record WHERE seq = 3")
    assert first_bad(path) == 3


def test_old_records_are_dropped_and_the_rest_still_holds(path: Path) -> None:
    with AuditLog.open(path, Clock()) as log:
        fill(log, 3, "người cũ")
        fill(log, 3)
        assert log.forget_before(NOW + 4 * MINUTE) == 3
        assert [one.seq for one in log.records()] == [4, 5, 6, 7]
        assert log.records()[-1].kind == "forget"
        assert log.forget_before(NOW + 4 * MINUTE) == 0
        fill(log, 1)
        check = log.verify()
        assert (check.ok, check.records) == (True, 5)
        on_disk = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert "người cũ".encode() not in on_disk
    with AuditLog.open(path, Clock(NOW + timedelta(days=400))) as log:
        assert log.forget_before(NOW + timedelta(days=365)) == 5
        assert (log.verify().ok, log.verify().records) == (True, 1)
        fill(log, 2)
        assert log.verify().ok
    edit(path, "DELETE FROM record WHERE seq = 9")
    assert first_bad(path) == 9


def test_a_clock_that_went_back_makes_no_hole(path: Path) -> None:
    clock = Clock()
    with AuditLog.open(path, clock) as log:
        fill(log, 2)
        clock.now = NOW - timedelta(days=1)
        fill(log, 2)
        assert log.forget_before(NOW) == 0
        clock.now = NOW + timedelta(days=1)
        fill(log, 1)
        assert log.forget_before(NOW + timedelta(hours=1)) == 4
        assert log.verify().ok


steps = st.one_of(
    st.tuples(st.just("append"), st.text(max_size=20), st.none() | st.text(max_size=30)),
    st.tuples(st.just("purge"), st.text(max_size=3), st.none()),
    st.tuples(st.just("purge_before"), st.integers(0, 40), st.none()),
    st.tuples(st.just("forget"), st.integers(0, 40), st.none()),
    st.tuples(st.just("reopen"), st.none(), st.none()),
)


@checked(deadline=None, max_examples=60)
@given(did=st.lists(steps, max_size=15), surrogate=st.booleans())
def test_whatever_is_done_in_order_leaves_a_sound_log(
    tmp_path_factory: pytest.TempPathFactory, did: list[tuple[str, Any, Any]], surrogate: bool
) -> None:
    folder = tmp_path_factory.mktemp("steps")
    clock = Clock()
    log = AuditLog.open(folder / "audit.sqlite", clock)
    if surrogate:
        log.append("ask", "\udcff", "answered", question="\ud800?", detail={"x": "\ud800"})
    for kind, first, second in did:
        if kind == "append":
            log.append("ask", first, "answered", question=second)
        elif kind == "purge":
            log.purge(caller=first, by="local")
        elif kind == "purge_before":
            log.purge(before=NOW + first * MINUTE, by="local")
        elif kind == "forget":
            log.forget_before(NOW + first * MINUTE)
        else:
            log.close()
            log = AuditLog.open(folder / "audit.sqlite", clock)
        check = log.verify()
        assert check.ok, check
        assert check.head == log.head()
    log.close()
    shutil.rmtree(folder)


def test_an_export_can_be_checked_by_anybody(log: AuditLog) -> None:
    fill(log, 3)
    log.purge(before=NOW + 2 * MINUTE, by="local")
    target = io.StringIO()
    assert log.export(target) == 4
    previous = GENESIS
    for line in target.getvalue().splitlines():
        told = json.loads(line)
        body = json.dumps(
            {
                "cited": [[one["notice"], one["sha256"], one["clause"]] for one in told["cited"]],
                "versions": told["versions"],
                "detail": told["detail"],
            }
        )
        if told["salt"] is not None:
            salt = bytes.fromhex(told["salt"])
            assert hash_personal(salt, told["caller"], told["question"]) == told["personal_hash"]
        chained = (told["kind"], told["outcome"], body, told["personal_hash"])
        assert told["previous"] == previous
        assert hash_record(told["seq"], told["at"], chained, previous) == told["hash"]
        previous = told["hash"]
    assert log.head() == Head(4, previous)


def test_threads_append_to_one_chain(log: AuditLog) -> None:
    threads = [threading.Thread(target=fill, args=(log, 20, f"t{n}")) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check = log.verify()
    assert (check.ok, check.records) == (True, 80)


APPENDING = """
import sys
from pathlib import Path
from assistant.service.audit.log import AuditLog

with AuditLog.open(Path(sys.argv[1])) as log:
    for n in range(int(sys.argv[2])):
        print(log.append("ask", "an", "answered", question=f"Câu {n}?").seq, flush=True)
"""


def appending(path: Path, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", APPENDING, str(path), str(count)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
    )


def test_processes_append_to_one_chain(path: Path) -> None:
    processes = [appending(path, 40) for _ in range(3)]
    said = [process.communicate()[0].split() for process in processes]
    assert sorted(int(seq) for seqs in said for seq in seqs) == list(range(1, 121))
    with AuditLog.open(path) as log:
        assert (log.verify().ok, log.verify().records) == (True, 120)


@pytest.mark.parametrize("after", [3, 17, 40])
def test_a_kill_leaves_a_sound_log_with_all_that_was_said(path: Path, after: int) -> None:
    process = appending(path, 100_000)
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(after)]
    process.kill()
    said += process.stdout.read().split()
    process.wait()
    process.stdout.close()
    with AuditLog.open(path) as log:
        check = log.verify()
        assert check.ok, check
        assert check.records - len(said) in {0, 1}
        fill(log, 1)
        assert log.verify().ok


def test_a_full_disk_is_told_and_nothing_is_half_there(path: Path) -> None:
    with AuditLog.open(path) as log:
        fill(log, 2)
        log._db._db.execute("PRAGMA max_page_count = 20")
        with pytest.raises(NoSpace, match="nhật ký kiểm toán"):
            fill(log, 500)
        before = log.head()
        assert log.verify().ok
        log._db._db.execute("PRAGMA max_page_count = 100000")
        fill(log, 1)
        assert log.head().seq == before.seq + 1
        assert log.verify().ok


def test_a_file_that_is_something_else_is_told(path: Path) -> None:
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(Damaged, match="Nhật ký kiểm toán") as caught:
        AuditLog.open(path)
    assert caught.value.remedy == SCHEMA.restore


def test_a_record_that_can_not_be_read_is_told(path: Path) -> None:
    with AuditLog.open(path) as log:
        fill(log, 2)
    edit(path, "UPDATE record SET body = '{' WHERE seq = 2")
    with AuditLog.open(path) as log, pytest.raises(Damaged, match="Bản ghi 2"):
        log.records()


def test_a_forged_purge_that_can_not_be_read_is_told(path: Path) -> None:
    with AuditLog.open(path) as log:
        fill(log, 2)
        first, second = log.records()
    with closing(sqlite3.connect(path)) as db:
        (personal,) = db.execute("SELECT personal_hash FROM record WHERE seq = 2").fetchone()
    at = second.at.isoformat()
    forged = hash_record(2, at, ("purge", "done", "{}", personal), first.hash)
    edit(path, f"UPDATE record SET kind = 'purge', outcome = 'done', body = '{{}}',"
         f" hash = '{forged}' WHERE seq = 2")  # fmt: skip
    assert first_bad(path) == 2


@pytest.mark.parametrize("kind", [EventKind.PURGE, EventKind.FORGET, "purge"])
def test_nobody_else_writes_about_purging(log: AuditLog, kind: str) -> None:
    with pytest.raises(ValueError, match="only the log"):
        log.append(kind, "an", "done")


def test_appending_costs_little(log: AuditLog) -> None:
    fill(log, 20)
    taken = []
    for _ in range(100):
        began = time.perf_counter()
        fill(log, 1)
        taken.append(time.perf_counter() - began)
    assert statistics.median(taken) < 0.02  # seconds; a few ms where nothing else runs


@given(st.sets(st.integers(1, 60)))
def test_ranges_hold_what_they_were_made_of(numbers: set[int]) -> None:
    found = ranges(sorted(numbers))
    assert [n for a, b in found for n in range(a, b + 1)] == sorted(numbers)
    assert all(b + 1 < c for (_, b), (c, _) in pairwise(found))
