"""What every test may use, and which tests can't run here.

A test marked ``shared``, ``models``, ``browser``, ``ocr`` or ``office`` is skipped with a reason
where what it needs isn't there. In CI (``CI=true``) such a skip is a failure: there everything has
to run.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import machine
import pytest
from fakes_assistant import THREE, write
from fakes_cli import Congvu
from fakes_index import Build, noon

from assistant.runtime.models.store import ModelStore
from assistant.runtime.settings import PREFIX, Settings
from index.embedding_cache import EmbeddingCache
from index.fakes import CountingEmbedder
from index.snapshot_store import SnapshotStore

if TYPE_CHECKING:
    from fakes_api import Api
    from starlette.testclient import TestClient

    from assistant.llm.llama_cpp import LlamaCpp
    from index.embedder import Embedder

_NEEDS = ("shared", "models", "browser", "ocr", "office")


def pytest_configure() -> None:
    # As `congvu` does, and before torch or llama.cpp is loaded: where the cores have other work,
    # threads that spin at each barrier make the tests with a model ten times slower.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in _NEEDS:
        if item.get_closest_marker(mark) and (reason := machine.why_not(mark)):
            pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    needs = [mark for mark in _NEEDS if item.get_closest_marker(mark)]
    expected = hasattr(report, "wasxfail")
    if report.skipped and not expected and needs and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped in CI, where {', '.join(needs)} must be: {report.longrepr}"
    return report


@pytest.fixture(scope="session", autouse=True)
def _own_surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep tests away from the library and the settings of the person who runs them."""
    models = machine.model_store().root
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(PREFIX)]:
            patch.delenv(name)
        patch.setenv("CONGVU_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("CONGVU_MODELS", str(models))
        yield


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a machine on which nothing is there yet."""
    return Settings(home=tmp_path / "home", models=tmp_path / "models")


@pytest.fixture(scope="session")
def notices_dir() -> Path:
    """The real notices; the test must be marked ``shared``."""
    return machine.NOTICES


@pytest.fixture(scope="session")
def bench_dir() -> Path:
    """The question sets; the test must be marked ``shared``."""
    return machine.BENCH


@pytest.fixture(scope="session")
def model_store() -> ModelStore:
    """The models of this machine; the test must be marked ``models``."""
    return machine.model_store()


@pytest.fixture(scope="session")
def real_embedder(model_store: ModelStore) -> Embedder:
    """The default embedder, loaded without asking the network; the mark is ``models``."""
    from index.embedders.factory import open_embedder  # noqa: PLC0415 - loads torch

    def refuse(*args: object) -> None:
        raise AssertionError(f"the network was asked for: {args}")

    with pytest.MonkeyPatch.context() as offline:
        offline.setattr(socket.socket, "connect", refuse)
        offline.setattr(socket, "getaddrinfo", refuse)
        return open_embedder(
            model_store.path(machine.EMBEDDER),
            machine.EMBEDDER,
            model_store.catalogue.prompts_of(machine.EMBEDDER),
        )


@pytest.fixture(scope="session")
def real_llm(model_store: ModelStore) -> Iterator[LlamaCpp]:
    """The default language model, for one thread; the mark is ``models``."""
    from assistant.llm.llama_cpp import LlamaCpp  # noqa: PLC0415 - loads the C library

    path = model_store.path(machine.QWEN)
    llm = LlamaCpp.from_file(path, id=machine.QWEN, context_length=4096)
    yield llm
    llm.close()


@pytest.fixture
def index_cache(tmp_path: Path) -> EmbeddingCache:
    return EmbeddingCache(tmp_path / "cache.sqlite3")


@pytest.fixture
def index_root(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def index_store(index_root: Path) -> SnapshotStore:
    """An empty store that waits for nobody."""
    return SnapshotStore(index_root, clock=noon, lock_timeout=0)


@pytest.fixture
def build_index(index_store: SnapshotStore, index_cache: EmbeddingCache) -> Build:
    return lambda notices: index_store.build(notices, CountingEmbedder(), index_cache)


@pytest.fixture
def congvu(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Congvu:
    return Congvu(settings, capsys)


@pytest.fixture
def filled(congvu: Congvu, tmp_path: Path) -> Congvu:
    """With two notices and a draft."""
    result = congvu("add", write(tmp_path / "in", **THREE))
    assert result.code == 0, result.err
    return congvu


@pytest.fixture
def api(settings: Settings, tmp_path: Path) -> Iterator[Api]:
    """On a service with two notices and a draft, for callers on this machine."""
    from fakes_api import opened  # noqa: PLC0415 - loads FastAPI

    with opened(settings, tmp_path / "in") as api:
        yield api


@pytest.fixture
def client(api: Api) -> TestClient:
    """On this machine."""
    return api.client()


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Types lines into ``input()``, then Ctrl-D; an exception is raised as if by a key."""

    def lines(*given: str | BaseException) -> None:
        left = list(given)

        def answer(prompt: str = "") -> str:
            if not left:
                raise EOFError
            line = left.pop(0)
            if isinstance(line, BaseException):
                raise line
            return line

        monkeypatch.setattr("builtins.input", answer)

    return lines
