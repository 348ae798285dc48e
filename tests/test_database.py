"""Files of older and newer congvus: migrated whole or not at all, or refused with a remedy."""

from __future__ import annotations

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.runtime.watched import WatchList
from assistant.service.audit.log import AuditLog
from assistant.service.history.conversations import History
from assistant.service.jobs.store import JobStore
from assistant.service.keys import KeyStore
from corpus.errors import Damaged, NotReady
from corpus.store.database import Database, Schema
from corpus.store.library import Library
from index.embedding_cache import EmbeddingCache

FIRST = Schema(
    name="sổ đăng ký",
    restore="Khôi phục sổ từ bản sao lưu.",
    version=1,
    statements=(
        "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT",
        "CREATE TABLE task (person_id INTEGER REFERENCES person (id) ON DELETE CASCADE) STRICT",
    ),
)
THIRD = Schema(
    name=FIRST.name,
    restore=FIRST.restore,
    version=3,
    statements=(
        "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL, office TEXT) STRICT",
        "CREATE TABLE task (person_id INTEGER REFERENCES person (id) ON DELETE CASCADE) STRICT",
    ),
    migrations={
        1: ("ALTER TABLE person ADD COLUMN office TEXT",),
        # A table made anew, as SQLite asks for where ALTER can't do it.
        2: (
            "CREATE TABLE fresh (id INTEGER PRIMARY KEY, name TEXT NOT NULL, office TEXT) STRICT",
            "INSERT INTO fresh SELECT id, upper(name), office FROM person",
            "DROP TABLE person",
            "ALTER TABLE fresh RENAME TO person",
        ),
    },
)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.sqlite"
    with Database.open(path, FIRST, 1.0) as database, database.writing() as db:
        db.execute("INSERT INTO person VALUES (1, 'an'), (2, 'minh')")
        db.execute("INSERT INTO task VALUES (1), (2)")
    return path


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(query).fetchall()


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(statement)


def test_an_older_file_is_migrated_step_by_step_and_keeps_its_data(old: Path) -> None:
    with Database.open(old, THIRD, 1.0) as database:
        assert database.rows("SELECT * FROM person ORDER BY id") == [
            (1, "AN", None),
            (2, "MINH", None),
        ]
        assert database.rows("SELECT person_id FROM task") == [(1,), (2,)]
        with database.writing() as db:  # references are enforced again
            db.execute("DELETE FROM person WHERE id = 1")
        assert database.rows("SELECT person_id FROM task") == [(2,)]
    assert rows(old, "PRAGMA user_version") == [(3,)]


def test_a_migrated_file_is_migrated_no_more(old: Path) -> None:
    Database.open(old, THIRD, 1.0).close()
    change(old, "UPDATE person SET name = 'bình' WHERE id = 1")
    with Database.open(old, THIRD, 1.0) as database:
        assert database.rows("SELECT name FROM person WHERE id = 1") == [("bình",)]


def test_a_newer_file_is_refused_and_left_as_it_is(old: Path) -> None:
    Database.open(old, THIRD, 1.0).close()
    with pytest.raises(NotReady, match="mới hơn") as caught:
        Database.open(old, FIRST, 1.0)
    assert "Nâng cấp" in caught.value.remedy
    assert rows(old, "PRAGMA user_version") == [(3,)]


def test_a_version_that_no_migration_leads_from_is_told_with_a_remedy(old: Path) -> None:
    later = replace(THIRD, migrations={2: THIRD.migrations[2]})
    with pytest.raises(NotReady, match="phiên bản 1") as caught:
        Database.open(old, later, 1.0)
    assert "bản congvu trung gian" in caught.value.remedy
    assert FIRST.restore in caught.value.remedy
    assert rows(old, "SELECT name FROM person") == [("an",), ("minh",)]


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE person",
        "ALTER TABLE person ADD COLUMN office TEXT",
        "INSERT INTO task VALUES (9)",  # refers to nobody
    ],
)
def test_a_file_that_is_not_what_its_version_says_is_left_as_it_is(
    old: Path, statement: str
) -> None:
    change(old, statement)
    before = rows(old, "SELECT * FROM sqlite_master")
    with pytest.raises(Damaged, match="sổ đăng ký") as caught:
        Database.open(old, THIRD, 1.0)
    assert caught.value.remedy == FIRST.restore
    assert rows(old, "SELECT * FROM sqlite_master") == before
    assert rows(old, "PRAGMA user_version") == [(1,)]


CHILD = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_database import THIRD
from dataclasses import replace
from corpus.store.database import Database

class Killing(tuple):
    def __iter__(self):
        yield from super().__iter__()
        os.kill(os.getpid(), signal.SIGKILL)

steps = dict(THIRD.migrations)
if sys.argv[2] == "kill":
    steps[2] = Killing(steps[2])
print("ready", flush=True)
sys.stdin.readline()
Database.open(Path(sys.argv[1]), replace(THIRD, migrations=steps), 30.0).close()
"""


def child(path: Path, what: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD.format(tests=str(Path(__file__).parent)), str(path), what],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


def test_a_kill_after_the_last_step_leaves_the_old_file(old: Path) -> None:
    with child(old, "kill") as process:
        process.communicate(b"\n")
    assert process.returncode == -signal.SIGKILL
    assert rows(old, "PRAGMA user_version") == [(1,)]
    assert rows(old, "SELECT * FROM person") == [(1, "an"), (2, "minh")]
    with Database.open(old, THIRD, 1.0) as database:
        assert database.rows("SELECT name FROM person") == [("AN",), ("MINH",)]


def test_of_two_processes_that_open_a_file_one_migrates_it(old: Path) -> None:
    with child(old, "go on") as one, child(old, "go on") as other:
        for process in (one, other):
            assert process.stdin is not None
            process.stdin.write(b"\n")
            process.stdin.flush()
        # A second migration would fail: the column is there.
        assert [process.wait(30) for process in (one, other)] == [0, 0]
    assert rows(old, "SELECT name FROM person") == [("AN",), ("MINH",)]


def test_opening_a_file_does_not_wait_for_who_writes(old: Path) -> None:
    Database.open(old, THIRD, 1.0).close()
    with closing(sqlite3.connect(old, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with Database.open(old, THIRD, 0.0) as database:
            assert database.rows("SELECT count(*) FROM person") == [(2,)]
        other.execute("ROLLBACK")


def _library(folder: Path) -> None:
    Library.open(folder / "file.sqlite").close()


def _history(folder: Path) -> None:
    History.open(folder / "file.sqlite").close()


def _keys(folder: Path) -> None:
    KeyStore.open(folder / "file.sqlite").close()


def _audit(folder: Path) -> None:
    AuditLog.open(folder / "file.sqlite", lambda: datetime.now(UTC)).close()


def _jobs(folder: Path) -> None:
    JobStore.open(folder / "file.sqlite").close()


def _watched(folder: Path) -> None:
    WatchList.open(folder / "file.sqlite", folder).close()


def _cache(folder: Path) -> None:
    EmbeddingCache(folder / "file.sqlite")


@pytest.mark.parametrize(
    ("make", "version", "layout"),
    [
        (_library, 3, "a1946b4de1e22220"),
        (_history, 1, "9a65ad917ccc99fe"),
        (_keys, 1, "a88557399c02bb47"),
        (_audit, 1, "dcf13f8b40c2d9ef"),
        (_jobs, 1, "d5d98996b3f9c858"),
        (_watched, 1, "58465e8aaa37f9f2"),
        (_cache, 1, "adb33279d6f5c88b"),
    ],
)
def test_a_changed_layout_has_a_new_version_and_a_migration(
    tmp_path: Path, make: Callable[[Path], None], version: int, layout: str
) -> None:
    """Files of this version are out there: raise the version, write the migration, add a row.

    The migration of a file made by the old statements must give the new layout.
    """
    make(tmp_path)
    made = sorted(tmp_path.glob("*.sqlite"))
    assert {rows(path, "PRAGMA user_version")[0][0] for path in made} == {version}
    text = "\n".join(
        " ".join(str(statement).split())
        for path in made
        for (statement,) in rows(path, "SELECT sql FROM sqlite_master WHERE sql > '' ORDER BY name")
    )
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == layout
