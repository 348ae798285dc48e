"""Whatever interrupts a build, a whole snapshot answers afterwards."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from fakes_index import NEW, OLD, Build, folders, make_notice, noon

from corpus.errors import NoSpace
from index.builder import sync_to_disk
from index.embedder import Vectors
from index.embedding_cache import EmbeddingCache
from index.fakes import CountingEmbedder
from index.snapshot_store import SnapshotStore


def test_word_numbers_do_not_depend_on_the_process(
    tmp_path: Path, index_cache: EmbeddingCache
) -> None:
    here = SnapshotStore(tmp_path / "here").build(OLD, CountingEmbedder(), index_cache)
    run_script(
        tmp_path,
        "store.build(OLD, CountingEmbedder(), cache)",
        {"PYTHONHASHSEED": "12345"},
    )
    there = SnapshotStore(tmp_path / "index").load_current()
    assert there.manifest.files == here.manifest.files


def run_script(
    home: Path, statement: str, environment: dict[str, str]
) -> subprocess.CompletedProcess[bytes]:
    script = (
        "import os, pathlib, signal\n"
        "from test_index_faults import *\n"
        "home = pathlib.Path(os.environ['TEST_HOME'])\n"
        "store = SnapshotStore(home / 'index', clock=noon)\n"
        "cache = EmbeddingCache(home / 'cache.sqlite3')\n"
        f"{statement}\n"
    )
    return subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        capture_output=True,
        env={
            **os.environ,
            **environment,
            "TEST_HOME": str(home),
            "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path]),
        },
    )


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_changes_nothing(
    index_root: Path, build_index: Build, index_cache: EmbeddingCache, number: int
) -> None:
    old = build_index(OLD)
    written = 0

    def full_after(limit: int) -> Callable[[Path], None]:
        def sync(path: Path) -> None:
            nonlocal written
            written += 1
            if written > limit:
                raise OSError(number, os.strerror(number), str(path))

        return sync

    for limit in range(100):
        written = 0
        full = SnapshotStore(index_root, clock=noon, sync=full_after(limit))
        try:
            full.build(NEW, CountingEmbedder(), index_cache)
        except NoSpace:
            answering = SnapshotStore(index_root).load_current()
            assert answering.id == old.id or (index_root / "pointers").read_text().startswith(
                answering.id
            )
            assert not any(name.startswith(".") for name in folders(index_root))
        else:
            break
    assert limit > 10
    assert SnapshotStore(index_root).load_current().notices.keys() == {"a", "b"}


def test_whenever_it_is_killed_a_whole_snapshot_answers(
    index_root: Path, build_index: Build, index_cache: EmbeddingCache, tmp_path: Path
) -> None:
    """The state of the disk at every step is kept, then each is started from."""
    old = build_index(OLD)
    states: list[Path] = []

    def picture(path: Path) -> None:
        sync_to_disk(path)
        states.append(tmp_path / f"state-{len(states)}")
        shutil.copytree(index_root, states[-1])

    new = SnapshotStore(index_root, clock=noon, sync=picture).build(
        NEW, CountingEmbedder(), index_cache
    )
    answering = [SnapshotStore(state).load_current().id for state in states]
    assert len(states) > 10
    assert answering == sorted(answering, key=[old.id, new.id].index)
    assert set(answering) == {old.id, new.id}
    for state in states:
        again = SnapshotStore(state, clock=noon).build(NEW, CountingEmbedder(), index_cache)
        assert again.id == new.id
        assert folders(state) <= {old.id, new.id}


def test_whenever_a_roll_back_is_killed_both_snapshots_are_there(
    index_root: Path, build_index: Build, tmp_path: Path
) -> None:
    old, new = build_index(OLD), build_index(NEW)
    states: list[Path] = []

    def picture(path: Path) -> None:
        sync_to_disk(path)
        states.append(tmp_path / f"state-{len(states)}")
        shutil.copytree(index_root, states[-1])

    SnapshotStore(index_root, sync=picture).roll_back()
    pairs = []
    for state in states:
        status = SnapshotStore(state).status()
        assert status.current is not None
        assert status.previous is not None
        pairs.append((status.current.id, status.previous.id))
    assert set(pairs) == {(new.id, old.id), (old.id, new.id)}


class Killed(CountingEmbedder):
    """Dies at its second batch as by ``kill -9``."""

    def embed_documents(
        self,
        texts: Sequence[str],
        titles: Sequence[str],
        progress: Callable[[int], None] = lambda done: None,
    ) -> Vectors:
        if self.embedded:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().embed_documents(texts, titles, progress)


MANY = (make_notice("many", *(f"Nhiệm vụ số {i} của sở." for i in range(300))),)


def test_kill_9_in_the_middle_of_a_build(
    build_index: Build, index_store: SnapshotStore, index_root: Path, tmp_path: Path
) -> None:
    old = build_index(OLD)
    done = run_script(tmp_path, "store.build(MANY, Killed(), cache)", {})
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert any(name.startswith(".building-") for name in folders(index_root))
    assert index_store.load_current().id == old.id
    counts = build_index(MANY).manifest.counts
    assert (counts.embedded, counts.reused) == (44, 256)  # the first batch of 256 was kept
    assert not any(name.startswith(".building-") for name in folders(index_root))
