"""The cache of embeddings gives back what it got, or says that it can't."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import zlib
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import NoSpace, NotReady
from corpus.store.database import Database
from index.embedding_cache import EmbeddingCache, cache_key

KEYS = [cache_key("e", "t", str(i)) for i in range(1200)]


def vector(i: int) -> np.ndarray:
    return np.full(4, i, dtype=np.float32)


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def test_what_is_put_is_got_by_the_next_process(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "embeddings.sqlite3"
    EmbeddingCache(path).put({key: vector(i) for i, key in enumerate(KEYS)})
    found = EmbeddingCache(path).get([*KEYS, b"unknown"], 4)
    assert len(found) == 1200
    assert np.array_equal(found[KEYS[7]], vector(7))
    assert found[KEYS[7]].dtype == np.float32


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE embeddings SET vector = substr(vector, 1, 15)",
        "UPDATE embeddings SET vector = x'00000000000000000000000000000001'",
        "UPDATE embeddings SET crc = crc + 1",
    ],
)
def test_a_damaged_entry_counts_as_absent_and_is_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    path = tmp_path / "c"
    cache = EmbeddingCache(path)
    cache.put({KEYS[0]: vector(3)})
    change(path, damage)
    assert cache.get(KEYS[:1], 4) == {}
    assert KEYS[0].hex()[:12] in caplog.text
    cache.put({KEYS[0]: vector(3)})
    assert np.array_equal(cache.get(KEYS[:1], 4)[KEYS[0]], vector(3))


def test_a_vector_of_another_dimension_counts_as_absent(tmp_path: Path) -> None:
    cache = EmbeddingCache(tmp_path / "c")
    cache.put({KEYS[0]: vector(3)})
    assert cache.get(KEYS[:1], 8) == {}


def test_only_what_is_needed_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "c"
    cache = EmbeddingCache(path)
    cache.put({key: vector(i) for i, key in enumerate(KEYS)})
    gone = vector(7).tobytes()
    assert gone in b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert cache.keep([KEYS[3], b"unknown"]) == 1199
    assert list(cache.get(KEYS, 4)) == [KEYS[3]]
    # Nor can it be read from pages that SQLite doesn't use any more.
    assert gone not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert cache.keep([KEYS[3]]) == 0


def test_a_file_that_is_no_database_is_put_aside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "c"
    path.write_bytes(b"not a database" * 100)
    cache = EmbeddingCache(path)
    cache.put({KEYS[0]: vector(3)})
    assert len(cache.get(KEYS[:1], 4)) == 1
    assert (tmp_path / "c.damaged").read_bytes().startswith(b"not a database")
    assert "c.damaged" in caplog.text


def test_pages_damaged_in_the_middle_are_found_when_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "c"
    cache = EmbeddingCache(path)
    cache.put({key: vector(i) for i, key in enumerate(KEYS)})
    raw = bytearray(path.read_bytes())
    raw[4096:] = b"\xff" * (len(raw) - 4096)
    path.write_bytes(raw)
    assert cache.get(KEYS, 4) == {}
    assert "c.damaged" in caplog.text
    cache.put({KEYS[0]: vector(3)})
    assert len(cache.get(KEYS[:1], 4)) == 1


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    class FullDisk(EmbeddingCache):
        """SQLite's own bound on pages stands in for a full disk: the same error code."""

        def _open(self) -> Database:
            database = super()._open()
            database.rows("PRAGMA max_page_count = 3")
            return database

    with pytest.raises(NoSpace, match="đầy"):
        FullDisk(tmp_path / "c").put({key: vector(1) for key in KEYS})
    assert EmbeddingCache(tmp_path / "c").get(KEYS, 4) == {}


def test_what_is_put_survives_kill_9(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys, numpy as np, pathlib\n"
        "from index.embedding_cache import EmbeddingCache, cache_key\n"
        "cache = EmbeddingCache(pathlib.Path(sys.argv[1]))\n"
        "cache.put({cache_key('e', 't', '0'): np.full(4, 5, dtype=np.float32)})\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "c")],
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == -signal.SIGKILL
    assert np.array_equal(EmbeddingCache(tmp_path / "c").get(KEYS[:1], 4)[KEYS[0]], vector(5))


def test_a_cache_from_before_there_were_versions_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "c"
    with closing(sqlite3.connect(path)) as old, old:
        # As the first congvu wrote it.
        old.execute("PRAGMA journal_mode=WAL")
        old.execute(
            "CREATE TABLE IF NOT EXISTS embeddings (key BLOB PRIMARY KEY,"
            " vector BLOB NOT NULL, crc INTEGER NOT NULL) WITHOUT ROWID"
        )
        blob = vector(6).astype("<f4").tobytes()
        old.execute("INSERT INTO embeddings VALUES (?, ?, ?)", (KEYS[0], blob, zlib.crc32(blob)))
    assert np.array_equal(EmbeddingCache(path).get(KEYS[:1], 4)[KEYS[0]], vector(6))
    with closing(sqlite3.connect(path)) as now:
        assert now.execute("PRAGMA user_version").fetchone() == (1,)


def test_another_program_s_database_is_put_aside(tmp_path: Path) -> None:
    path = tmp_path / "c"
    change(path, "CREATE TABLE notice (x)")
    EmbeddingCache(path).put({KEYS[0]: vector(3)})
    with closing(sqlite3.connect(tmp_path / "c.damaged")) as aside:
        assert aside.execute("SELECT name FROM sqlite_master").fetchall() == [("notice",)]


def test_a_cache_of_a_newer_congvu_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "c"
    EmbeddingCache(path)
    change(path, "PRAGMA user_version = 9")
    with pytest.raises(NotReady, match="mới hơn"):
        EmbeddingCache(path)
    assert not (tmp_path / "c.damaged").exists()


def test_the_cache_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "c"
    EmbeddingCache(path).put({KEYS[0]: vector(3)})
    assert path.stat().st_mode & 0o777 == 0o600


@given(st.tuples(*[st.text()] * 3), st.tuples(*[st.text()] * 3))
def test_only_equal_parts_give_equal_keys(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    assert (cache_key(*one) == cache_key(*other)) == (one == other)


def test_moving_a_letter_from_title_to_text_changes_the_key() -> None:
    assert cache_key("e", "ab", "c") != cache_key("e", "a", "bc")
    assert cache_key("e", "a\0", "b") != cache_key("e", "a", "\0b")
