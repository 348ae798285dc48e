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
from fakes_index import NEW, NEWEST, OLD, Build, folders, make_notice, make_older, noon
from filelock import FileLock

from corpus.errors import Busy, Damaged, EmptyLibrary, NotReady
from corpus.notice import Notice
from index.embedder import Embedder
from index.embedding_cache import EmbeddingCache
from index.fakes import CountingEmbedder
from index.passages import PassageSettings
from index.snapshot import IndexSettings
from index.snapshot_store import SnapshotStore


def test_a_snapshot_holds_what_went_in(build_index: Build) -> None:
    snapshot = build_index(NEW)
    assert snapshot.notices == {notice.id: notice for notice in NEW}
    assert set(snapshot.clauses) == {"a#0", "a#1", "b#0"}
    assert [passage.clause_id for passage in snapshot.passages] == ["a#0", "a#1", "b#0"]
    assert snapshot.manifest.created == noon()
    assert snapshot.manifest.notices == {notice.id: notice.content_hash for notice in NEW}


def test_rows_of_both_indexes_are_the_passages(build_index: Build) -> None:
    snapshot = build_index(NEW)
    question = CountingEmbedder().embed_queries(["Sở Y tế lập danh mục trạm"])[0]
    assert int(np.argmax(snapshot.store.scores(question))) == 2
    assert int(np.argmax(snapshot.lexical.scores("danh muc tram"))) == 2


def test_the_same_input_gives_the_same_id_and_files(
    tmp_path: Path, index_cache: EmbeddingCache
) -> None:
    today = SnapshotStore(tmp_path / "1", clock=noon)
    tomorrow = SnapshotStore(tmp_path / "2", clock=lambda: noon() + timedelta(days=1))
    one = today.build(NEW, CountingEmbedder(), index_cache)
    other = tomorrow.build(tuple(reversed(NEW)), CountingEmbedder(), index_cache)
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
    tmp_path: Path, index_cache: EmbeddingCache, embedder: Embedder, settings: IndexSettings
) -> None:
    plain = SnapshotStore(tmp_path / "1").build(OLD, CountingEmbedder(), index_cache)
    other = SnapshotStore(tmp_path / "2", settings).build(OLD, embedder, index_cache)
    assert plain.id != other.id


def test_only_changed_texts_are_embedded(
    build_index: Build, index_store: SnapshotStore, index_cache: EmbeddingCache
) -> None:
    first = build_index(NEW).manifest.counts
    assert (first.embedded, first.reused) == (3, 0)
    changed = make_notice("a", "Sở Công Thương rà soát kho lạnh.", "Báo cáo trước 20/12/2031.")
    embedder = CountingEmbedder()
    seen: list[tuple[int, int]] = []
    counts = index_store.build(
        (changed, NEW[1]), embedder, index_cache, lambda done, total: seen.append((done, total))
    ).manifest.counts
    assert embedder.embedded == ["Báo cáo trước 20/12/2031."]
    assert (counts.embedded, counts.reused) == (1, 2)
    assert seen == [(2, 3), (3, 3)]


def test_a_text_that_occurs_twice_is_embedded_once(
    index_store: SnapshotStore, index_cache: EmbeddingCache
) -> None:
    embedder = CountingEmbedder()
    snapshot = index_store.build(
        (make_notice("a", "Như trên.", "Như trên."),), embedder, index_cache
    )
    assert embedder.embedded == ["Như trên."]
    assert len(snapshot.store) == 2


def test_unchanged_input_builds_nothing(build_index: Build, index_root: Path) -> None:
    build_index(OLD)
    newer = build_index(NEW)
    before = {path: path.stat().st_mtime_ns for path in index_root.rglob("*") if path.is_file()}
    assert build_index(NEW).id == newer.id
    after = {path: path.stat().st_mtime_ns for path in index_root.rglob("*") if path.is_file()}
    del before[index_root / "build.lock"], after[index_root / "build.lock"]
    assert after == before


def test_two_snapshots_are_kept(build_index: Build, index_root: Path) -> None:
    ids = [build_index(notices).id for notices in (OLD, NEW, NEWEST)]
    assert folders(index_root) == set(ids[1:])


def test_rolling_back_and_forth(build_index: Build, index_store: SnapshotStore) -> None:
    old, new = build_index(OLD), build_index(NEW)
    assert index_store.roll_back().id == old.id
    assert index_store.load_current().id == old.id
    assert index_store.roll_back().id == new.id


def test_back_to_earlier_notices_is_a_build_like_any(
    build_index: Build, index_store: SnapshotStore, index_root: Path
) -> None:
    old, new = build_index(OLD), build_index(NEW)
    assert build_index(OLD).id == old.id
    status = index_store.status()
    assert status.current is not None
    assert status.previous is not None
    assert (status.current.id, status.previous.id) == (old.id, new.id)
    assert folders(index_root) == {old.id, new.id}


def test_there_must_be_something_to_roll_back_to(
    build_index: Build, index_store: SnapshotStore
) -> None:
    build_index(OLD)
    with pytest.raises(NotReady):
        index_store.roll_back()


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
    index_root: Path,
    build_index: Build,
    caplog: pytest.LogCaptureFixture,
    name: str,
    harm: Callable[[Path], None],
) -> None:
    old, new = build_index(OLD), build_index(NEW)
    store = SnapshotStore(index_root)
    harm(index_root / "snapshots" / new.id / name)
    assert store.load_current().id == old.id
    assert new.id in caplog.text
    assert name in caplog.text
    status = store.status()
    assert status.current is None
    assert status.previous is not None
    assert any(name in message for message in status.damaged)


def test_a_damaged_pointer_is_named_and_the_previous_snapshot_answers(
    build_index: Build,
    index_store: SnapshotStore,
    index_root: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    old = build_index(OLD)
    build_index(NEW)
    pointers = index_root / "pointers"
    previous = pointers.read_text(encoding="ascii").splitlines()[1]
    pointers.write_text(f"../../etc/passwd\n{previous}\n", encoding="ascii")
    assert index_store.load_current().id == old.id
    assert str(pointers) in caplog.text


def test_when_all_are_damaged_it_is_said(
    build_index: Build, index_store: SnapshotStore, index_root: Path
) -> None:
    for notices in (OLD, NEW):
        flip(index_root / "snapshots" / build_index(notices).id / "vectors.faiss")
    with pytest.raises(Damaged, match="vectors\\.faiss") as raised:
        index_store.load_current()
    assert "congvu index" in raised.value.remedy


@pytest.mark.parametrize("notices", [NEW, NEWEST])
def test_the_next_build_mends_what_is_damaged(
    build_index: Build, index_store: SnapshotStore, index_root: Path, notices: tuple[Notice, ...]
) -> None:
    old, new = build_index(OLD), build_index(NEW)
    flip(index_root / "snapshots" / new.id / "notices.jsonl")
    built = build_index(notices)
    assert built.notices.keys() == {notice.id for notice in notices}
    status = index_store.status()
    assert status.damaged == ()
    assert status.previous is not None
    assert status.previous.id == old.id
    assert folders(index_root) == {old.id, built.id}


def test_a_damaged_previous_one_is_not_offered(
    build_index: Build, index_store: SnapshotStore, index_root: Path
) -> None:
    old = build_index(OLD)
    build_index(NEW)
    flip(index_root / "snapshots" / old.id / "notices.jsonl")
    with pytest.raises(NotReady):
        index_store.roll_back()


def test_another_format_is_refused(
    build_index: Build, index_store: SnapshotStore, index_root: Path
) -> None:
    snapshot = build_index(OLD)
    path = index_root / "snapshots" / snapshot.id / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8")) | {"format": 999}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    (index_root / "pointers").write_text(f"{snapshot.id} {digest}\n", encoding="ascii")
    with pytest.raises(Damaged, match="999"):
        index_store.load_current()


def test_an_index_of_another_embedder_names_both(
    build_index: Build, index_store: SnapshotStore
) -> None:
    build_index(OLD)
    with pytest.raises(NotReady, match=r"counting/64.*other/8") as raised:
        index_store.load_current("other/8")
    assert "congvu index" in raised.value.remedy


def test_without_notices_the_remedy_is_to_add_some(
    index_store: SnapshotStore, build_index: Build
) -> None:
    with pytest.raises(EmptyLibrary) as raised:
        index_store.load_current()
    assert "congvu add" in raised.value.remedy
    assert index_store.status().current is None
    build_index(OLD)
    with pytest.raises(EmptyLibrary):
        build_index(())
    with pytest.raises(EmptyLibrary):
        index_store.load_current()


def test_a_notice_without_passages_is_no_fault(build_index: Build) -> None:
    assert build_index((make_notice("a", " "),)).passages == ()


def test_two_notices_of_one_id_are_refused(build_index: Build) -> None:
    with pytest.raises(ValueError, match="same id"):
        build_index((*OLD, *OLD))


def test_only_vectors_of_the_two_snapshots_are_kept(
    build_index: Build, index_store: SnapshotStore, index_cache: EmbeddingCache
) -> None:
    for notices in (NEWEST, NEW, OLD):
        build_index(notices)
    assert index_store.prune(index_cache) == 1  # of the notice that only NEWEST has
    assert index_store.prune(index_cache) == 0
    assert build_index(NEW).manifest.counts.embedded == 0
    index_store.clear()
    assert index_store.prune(index_cache) == 3
    assert build_index(OLD).manifest.counts.embedded == 2


def test_nothing_is_pruned_while_another_builds(
    build_index: Build, index_store: SnapshotStore, index_cache: EmbeddingCache, index_root: Path
) -> None:
    build_index(OLD)
    with FileLock(index_root / "build.lock"), pytest.raises(Busy):
        index_store.prune(index_cache)


def test_without_its_previous_one_a_damaged_pointer_is_said(
    build_index: Build, index_store: SnapshotStore, index_root: Path
) -> None:
    build_index(OLD)
    (index_root / "pointers").write_text("?", encoding="ascii")
    with pytest.raises(Damaged, match="pointers"):
        index_store.load_current()


def test_only_one_builds_at_a_time(build_index: Build, index_root: Path) -> None:
    build_index(OLD)
    with FileLock(index_root / "build.lock"), pytest.raises(Busy):
        build_index(NEW)


def test_a_snapshot_of_an_earlier_congvu_is_built_again_and_not_called_damaged(
    build_index: Build, index_store: SnapshotStore, index_root: Path
) -> None:
    build_index(NEW)
    make_older(index_root)
    status = index_store.status()
    assert (status.current, status.damaged, status.other_format) == (None, (), True)
    with pytest.raises(Damaged, match="do một bản congvu khác lập"):
        index_store.load_current()
    counts = build_index(NEW).manifest.counts
    assert (counts.embedded, counts.reused) == (0, 3)
    assert not index_store.status().other_format
