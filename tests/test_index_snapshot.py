"""A snapshot is whole or it is refused by name; the one before it then answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from fakes_index import NEW, NEWEST, OLD, make_notice, noon
from filelock import FileLock

from corpus.errors import Busy, Damaged, EmptyLibrary, NotReady
from corpus.notice import Notice
from index.cache import EmbeddingCache
from index.embedder import Embedder
from index.fakes import CountingEmbedder
from index.passages import PassageSettings
from index.snapshot import IndexSettings, Snapshot
from index.snapshot_store import SnapshotStore


@pytest.fixture
def cache(tmp_path: Path) -> EmbeddingCache:
    return EmbeddingCache(tmp_path / "cache.sqlite3")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def store(root: Path) -> SnapshotStore:
    return SnapshotStore(root, clock=noon, lock_timeout=0)


@pytest.fixture
def build(store: SnapshotStore, cache: EmbeddingCache) -> Callable[[tuple[Notice, ...]], Snapshot]:
    return lambda notices: store.build(notices, CountingEmbedder(), cache)


Build = Callable[[tuple[Notice, ...]], Snapshot]


def folders(root: Path) -> set[str]:
    return {path.name for path in (root / "snapshots").iterdir()}


def test_a_snapshot_holds_what_went_in(build: Build) -> None:
    snapshot = build(NEW)
    assert snapshot.notices == {notice.id: notice for notice in NEW}
    assert set(snapshot.clauses) == {"a#0", "a#1", "b#0"}
    assert [passage.clause_id for passage in snapshot.passages] == ["a#0", "a#1", "b#0"]
    assert snapshot.manifest.created == noon()
    assert snapshot.manifest.notices == {notice.id: notice.content_hash for notice in NEW}


def test_rows_of_both_indexes_are_the_passages(build: Build) -> None:
    snapshot = build(NEW)
    question = CountingEmbedder().embed_queries(["Sở Y tế lập danh mục trạm"])[0]
    assert int(np.argmax(snapshot.store.scores(question))) == 2
    assert int(np.argmax(snapshot.lexical.scores("danh muc tram", folded=True))) == 2


def test_the_same_input_gives_the_same_id_and_files(tmp_path: Path, cache: EmbeddingCache) -> None:
    today = SnapshotStore(tmp_path / "1", clock=noon)
    tomorrow = SnapshotStore(tmp_path / "2", clock=lambda: noon() + timedelta(days=1))
    one = today.build(NEW, CountingEmbedder(), cache)
    other = tomorrow.build(tuple(reversed(NEW)), CountingEmbedder(), cache)
    assert one.id == other.id
    assert one.manifest.files == other.manifest.files
    assert one.manifest.created != other.manifest.created


@pytest.mark.parametrize(
    ("embedder", "settings"),
    [
        (CountingEmbedder(32), IndexSettings()),
        (CountingEmbedder(id="other"), IndexSettings()),
        (CountingEmbedder(), IndexSettings(PassageSettings(characters=20))),
        (CountingEmbedder(), IndexSettings(b=0.3)),
    ],
)
def test_another_embedder_or_setting_gives_another_id(
    tmp_path: Path, cache: EmbeddingCache, embedder: Embedder, settings: IndexSettings
) -> None:
    plain = SnapshotStore(tmp_path / "1").build(OLD, CountingEmbedder(), cache)
    other = SnapshotStore(tmp_path / "2", settings).build(OLD, embedder, cache)
    assert plain.id != other.id


def test_only_changed_texts_are_embedded(
    build: Build, store: SnapshotStore, cache: EmbeddingCache
) -> None:
    first = build(NEW).manifest.counts
    assert (first.embedded, first.reused) == (3, 0)
    changed = make_notice("a", "Sở Công Thương rà soát kho lạnh.", "Báo cáo trước 20/12/2031.")
    embedder = CountingEmbedder()
    seen: list[tuple[int, int]] = []
    counts = store.build(
        (changed, NEW[1]), embedder, cache, lambda done, total: seen.append((done, total))
    ).manifest.counts
    assert embedder.embedded == ["Báo cáo trước 20/12/2031."]
    assert (counts.embedded, counts.reused) == (1, 2)
    assert seen == [(2, 3), (3, 3)]


def test_a_text_that_occurs_twice_is_embedded_once(
    store: SnapshotStore, cache: EmbeddingCache
) -> None:
    embedder = CountingEmbedder()
    snapshot = store.build((make_notice("a", "Như trên.", "Như trên."),), embedder, cache)
    assert embedder.embedded == ["Như trên."]
    assert len(snapshot.store) == 2


def test_unchanged_input_builds_nothing(build: Build, root: Path) -> None:
    build(OLD)
    newer = build(NEW)
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}
    assert build(NEW).id == newer.id
    after = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}
    del before[root / "build.lock"], after[root / "build.lock"]
    assert after == before


def test_two_snapshots_are_kept(build: Build, root: Path) -> None:
    ids = [build(notices).id for notices in (OLD, NEW, NEWEST)]
    assert folders(root) == set(ids[1:])


def test_rolling_back_and_forth(build: Build, store: SnapshotStore) -> None:
    old, new = build(OLD), build(NEW)
    assert store.roll_back().id == old.id
    assert store.load_current().id == old.id
    assert store.roll_back().id == new.id


def test_back_to_earlier_notices_is_a_build_like_any(
    build: Build, store: SnapshotStore, root: Path
) -> None:
    old, new = build(OLD), build(NEW)
    assert build(OLD).id == old.id
    status = store.status()
    assert status.current is not None
    assert status.previous is not None
    assert (status.current.id, status.previous.id) == (old.id, new.id)
    assert folders(root) == {old.id, new.id}


def test_there_must_be_something_to_roll_back_to(build: Build, store: SnapshotStore) -> None:
    build(OLD)
    with pytest.raises(NotReady):
        store.roll_back()


def flip(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


FILES = (
    "manifest.json",
    "notices.jsonl",
    "passages.jsonl",
    "vectors.faiss",
    "bm25/lexical.json",
    "bm25/folded-bigrams/data.csc.index.npy",
)


@pytest.mark.parametrize(("name", "harm"), list(product(FILES, [flip, cut_short, Path.unlink])))
def test_a_damaged_file_is_named_and_the_previous_snapshot_answers(
    root: Path,
    build: Build,
    caplog: pytest.LogCaptureFixture,
    name: str,
    harm: Callable[[Path], None],
) -> None:
    old, new = build(OLD), build(NEW)
    store = SnapshotStore(root)
    harm(root / "snapshots" / new.id / name)
    assert store.load_current().id == old.id
    assert new.id in caplog.text
    assert name in caplog.text
    status = store.status()
    assert status.current is None
    assert status.previous is not None
    assert any(name in message for message in status.damaged)


def test_a_damaged_pointer_is_named_and_the_previous_snapshot_answers(
    build: Build, store: SnapshotStore, root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    old = build(OLD)
    build(NEW)
    (root / "current").write_text("../../etc/passwd\n", encoding="ascii")
    assert store.load_current().id == old.id
    assert str(root / "current") in caplog.text


def test_when_all_are_damaged_it_is_said(build: Build, store: SnapshotStore, root: Path) -> None:
    for notices in (OLD, NEW):
        flip(root / "snapshots" / build(notices).id / "vectors.faiss")
    with pytest.raises(Damaged, match="vectors\\.faiss") as raised:
        store.load_current()
    assert "congvu index" in raised.value.remedy


@pytest.mark.parametrize("notices", [NEW, NEWEST])
def test_the_next_build_mends_what_is_damaged(
    build: Build, store: SnapshotStore, root: Path, notices: tuple[Notice, ...]
) -> None:
    old, new = build(OLD), build(NEW)
    flip(root / "snapshots" / new.id / "notices.jsonl")
    built = build(notices)
    assert built.notices.keys() == {notice.id for notice in notices}
    status = store.status()
    assert status.damaged == ()
    assert status.previous is not None
    assert status.previous.id == old.id
    assert folders(root) == {old.id, built.id}


def test_a_damaged_previous_one_is_not_offered(
    build: Build, store: SnapshotStore, root: Path
) -> None:
    old = build(OLD)
    build(NEW)
    flip(root / "snapshots" / old.id / "notices.jsonl")
    with pytest.raises(NotReady):
        store.roll_back()


def test_another_format_is_refused(build: Build, store: SnapshotStore, root: Path) -> None:
    snapshot = build(OLD)
    path = root / "snapshots" / snapshot.id / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8")) | {"format": 999}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    (root / "current").write_text(f"{snapshot.id} {digest}\n", encoding="ascii")
    with pytest.raises(Damaged, match="999"):
        store.load_current()


def test_an_index_of_another_embedder_names_both(build: Build, store: SnapshotStore) -> None:
    build(OLD)
    with pytest.raises(NotReady, match=r"counting/64.*other/8") as raised:
        store.load_current("other/8")
    assert "congvu index" in raised.value.remedy


def test_without_notices_the_remedy_is_to_add_some(store: SnapshotStore, build: Build) -> None:
    with pytest.raises(EmptyLibrary) as raised:
        store.load_current()
    assert "congvu add" in raised.value.remedy
    assert store.status().current is None
    build(OLD)
    with pytest.raises(EmptyLibrary):
        build(())
    with pytest.raises(EmptyLibrary):
        store.load_current()


def test_a_notice_without_passages_is_no_fault(build: Build) -> None:
    assert build((make_notice("a", " "),)).passages == ()


def test_two_notices_of_one_id_are_refused(build: Build) -> None:
    with pytest.raises(ValueError, match="same id"):
        build((*OLD, *OLD))


def test_only_one_builds_at_a_time(build: Build, root: Path) -> None:
    build(OLD)
    with FileLock(root / "build.lock"), pytest.raises(Busy):
        build(NEW)
