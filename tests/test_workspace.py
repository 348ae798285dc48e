"""Library, index and models stay together, whatever happens between two steps."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fakes_assistant import (
    DRAFT,
    MISSING,
    NOTICE,
    OTHER,
    SECRET,
    FakeParts,
    open_workspace,
    write,
)
from fakes_index import make_older

from assistant.runtime.index_state import IndexState
from assistant.runtime.settings import Settings
from assistant.runtime.workspace import Workspace
from corpus.blocks import Pages
from corpus.errors import (
    BadInput,
    Busy,
    Damaged,
    EmptyLibrary,
    ModelMissing,
    NotFound,
    NotReady,
    SecretFile,
)
from corpus.notice import Notice
from corpus.parse.notices import parse_notice
from corpus.store.library import Outcome
from index.fakes import CountingEmbedder

NOW = datetime(2031, 6, 7, tzinfo=UTC)


@pytest.fixture
def parts() -> FakeParts:
    return FakeParts()


@pytest.fixture
def workspace(settings: Settings, parts: FakeParts) -> Iterator[Workspace]:
    with open_workspace(settings, parts) as opened:
        yield opened


def indexed(workspace: Workspace) -> set[str]:
    """The notices that questions are answered from, by number."""
    snapshot = workspace.snapshots.load_current()
    return {notice.header.number for notice in snapshot.notices.values()}


def everything_on_disk(settings: Settings) -> bytes:
    index = settings.home / "index"
    return b"".join(path.read_bytes() for path in sorted(index.rglob("*")) if path.is_file())


def test_a_folder_is_added_and_indexed(workspace: Workspace, tmp_path: Path) -> None:
    reports = workspace.add([write(tmp_path / "in", a=NOTICE, b=OTHER)])
    assert [report.path.name for report in reports] == ["a.txt", "b.txt"]
    assert all(report.changed for report in reports)
    assert indexed(workspace) == {"12/TB-UBND", "13/TB-UBND"}
    assert workspace.index_state() is IndexState.CURRENT


def test_a_file_that_is_refused_keeps_no_other_one_out(
    workspace: Workspace, tmp_path: Path
) -> None:
    folder = write(tmp_path / "in", a=NOTICE, secret=SECRET, empty="  \n", z=OTHER)
    (folder / "binary.txt").write_bytes(b"\x00\x01\x02" * 50)
    reports = {report.path.stem: report for report in workspace.add([folder])}
    assert {name for name, report in reports.items() if report.error} == {
        "secret",
        "empty",
        "binary",
    }
    assert isinstance(reports["secret"].error, SecretFile)
    assert "secret.txt" in str(reports["secret"].error)
    assert indexed(workspace) == {"12/TB-UBND", "13/TB-UBND"}


def test_every_file_is_reported_before_the_index_is_built(
    settings: Settings, tmp_path: Path
) -> None:
    seen: list[str] = []
    with open_workspace(settings, FakeParts(MISSING)) as workspace:
        with pytest.raises(ModelMissing):
            workspace.add(
                [write(tmp_path / "in", a=NOTICE, b=OTHER)],
                report=lambda report: seen.append(report.path.name),
            )
        assert seen == ["a.txt", "b.txt"]


def test_a_path_that_does_not_exist_adds_nothing(workspace: Workspace, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", a=NOTICE)
    with pytest.raises(BadInput, match="none"):
        workspace.add([folder, tmp_path / "none"])
    assert workspace.library.notices() == ()


def test_a_folder_without_notices_is_bad_input(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.exe").write_bytes(b"PK")
    with pytest.raises(BadInput, match="Không có văn bản"):
        workspace.add([tmp_path / "in"])


def test_a_duplicate_opens_no_model(settings: Settings, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", a=NOTICE)
    with open_workspace(settings) as workspace:
        workspace.add([folder])
    parts = FakeParts(MISSING)
    with open_workspace(settings, parts) as workspace:
        (report,) = workspace.add([folder])
    assert report.added is not None
    assert report.added.outcome is Outcome.UNCHANGED
    assert parts.precisions == []


def test_notices_are_kept_when_the_model_is_missing(settings: Settings, tmp_path: Path) -> None:
    with open_workspace(settings, FakeParts(MISSING)) as workspace:
        with pytest.raises(ModelMissing):
            workspace.add([write(tmp_path / "in", a=NOTICE)])
        assert workspace.index_state() is IndexState.MISSING
    with open_workspace(settings) as workspace:
        workspace.open_assistant()
        assert indexed(workspace) == {"12/TB-UBND"}


def test_only_changed_texts_are_embedded_again(
    workspace: Workspace, parts: FakeParts, tmp_path: Path
) -> None:
    assert isinstance(parts.embedder, CountingEmbedder)
    workspace.add([write(tmp_path / "in", a=NOTICE)])
    before = len(parts.embedder.embedded)
    workspace.add([write(tmp_path / "in", a=NOTICE.replace("7 kho lạnh", "9 kho lạnh"))])
    assert len(parts.embedder.embedded) == before + 1
    assert len(workspace.library.notices()) == 1
    counts = workspace.index()
    assert (counts.notices, counts.passages) == (1, before)


def test_an_index_that_a_kill_left_behind_is_built_before_the_question(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with open_workspace(settings) as workspace:
        workspace.add([write(tmp_path / "in", a=NOTICE)])
        workspace.library.add(parse_notice(OTHER, "b.txt"), NOW)  # … and killed here
    with open_workspace(settings) as workspace, caplog.at_level(logging.WARNING):
        assert workspace.is_behind()
        workspace.open_assistant()
        assert indexed(workspace) == {"12/TB-UBND", "13/TB-UBND"}
        assert "đang lập lại" in caplog.text


def test_what_another_process_adds_while_the_index_is_built_is_in_it(
    workspace: Workspace, settings: Settings, tmp_path: Path
) -> None:
    workspace.add([write(tmp_path / "in", a=NOTICE)])
    late = [NOTICE.replace("12/TB", "14/TB")]

    def meanwhile(done: int, total: int) -> None:
        with open_workspace(settings, FakeParts()) as other:
            while late:
                notice = other.preview("late.txt", late.pop().encode()).notice
                other.library.add(notice, NOW)

    workspace.add([write(tmp_path / "more", b=OTHER)], meanwhile)
    assert not late
    assert workspace.index_state() is IndexState.CURRENT


def test_a_library_that_never_stands_still_ends_in_an_error(
    workspace: Workspace, settings: Settings
) -> None:
    workspace.library.add(parse_notice(NOTICE, "a.txt"), NOW)
    numbers = iter(range(100))

    def meanwhile(done: int, total: int) -> None:
        with open_workspace(settings, FakeParts()) as other:
            text = NOTICE.replace("kho lạnh", f"kho lạnh {next(numbers)}")
            other.library.add(parse_notice(text, "late.txt"), NOW)

    with pytest.raises(Busy, match="thay đổi liên tục"):
        workspace.index(meanwhile)
    assert workspace.is_behind()
    workspace.index()
    assert workspace.index_state() is IndexState.CURRENT


def test_a_notice_is_parsed_once_and_gone_when_it_is_removed(
    workspace: Workspace, tmp_path: Path
) -> None:
    workspace.add([write(tmp_path / "in", a=NOTICE, b=OTHER)])
    notice = workspace.load("TB12")
    assert workspace.load(notice.id) is notice
    workspace.remove("TB12")
    with pytest.raises(BadInput):
        workspace.load("TB12")
    with pytest.raises(NotFound):
        workspace.library.load(notice.id, workspace.read)
    assert workspace.read(notice.source, notice.file_name) is not notice


def test_an_up_to_date_index_is_not_built_again(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with open_workspace(settings) as workspace:
        workspace.add([write(tmp_path / "in", a=NOTICE)])
    parts = FakeParts()
    with open_workspace(settings, parts) as workspace, caplog.at_level(logging.WARNING):
        workspace.open_assistant()
    assert isinstance(parts.embedder, CountingEmbedder)
    assert parts.embedder.embedded == []
    assert [one for one in caplog.records if one.name.startswith("congvu")] == []
    assert parts.llms[0].closed


def test_a_damaged_index_is_built_again(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with open_workspace(settings) as workspace:
        workspace.add([write(tmp_path / "in", a=NOTICE)])
    (passages,) = settings.home.rglob("passages.jsonl")
    passages.write_bytes(passages.read_bytes()[:-5])
    with open_workspace(settings) as workspace, caplog.at_level(logging.WARNING):
        assert workspace.index_state() is IndexState.DAMAGED
        workspace.open_assistant()
        assert "passages.jsonl" in caplog.text
        assert workspace.index_state() is IndexState.CURRENT


def test_another_embedder_means_another_index(settings: Settings, tmp_path: Path) -> None:
    with open_workspace(settings) as workspace:
        workspace.add([write(tmp_path / "in", a=NOTICE)])
    other = FakeParts(CountingEmbedder(id="other"))
    with open_workspace(settings, other) as workspace:
        workspace.open_assistant()
        assert workspace.snapshots.load_current().manifest.embedder == "other/64"


class NamedEmbedder(CountingEmbedder):
    """One that says of itself what the real one says."""

    @property
    def id(self) -> str:
        return "embeddinggemma-300m/768/bf16"


def test_the_precision_of_the_index_is_kept(settings: Settings, tmp_path: Path) -> None:
    parts = FakeParts(NamedEmbedder())
    for folder in (write(tmp_path / "one", a=NOTICE), write(tmp_path / "two", b=OTHER)):
        with open_workspace(settings, parts) as workspace:
            workspace.add([folder])
    assert parts.precisions == ["auto", "bf16"]


def test_what_is_removed_is_gone_from_the_disk(
    workspace: Workspace, settings: Settings, tmp_path: Path
) -> None:
    workspace.add([write(tmp_path / "in", a=NOTICE, b=OTHER)])
    assert "bến phà".encode() in everything_on_disk(settings)
    (gone,) = workspace.remove("13/TB-UBND")
    assert gone.header.number == "13/TB-UBND"
    assert indexed(workspace) == {"12/TB-UBND"}
    assert "bến phà".encode() not in everything_on_disk(settings)
    with pytest.raises(NotReady):
        workspace.roll_back()


def test_vectors_of_what_is_removed_are_forgotten(
    workspace: Workspace, parts: FakeParts, tmp_path: Path
) -> None:
    folder = write(tmp_path / "in", a=NOTICE, b=OTHER)
    workspace.add([folder])
    first = len(parts.embedder.embedded)
    workspace.remove("13/TB-UBND")
    assert len(parts.embedder.embedded) == first
    workspace.add([folder])
    assert first < len(parts.embedder.embedded) < 2 * first  # those of the removed one alone


def test_an_unknown_name_removes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    workspace.add([write(tmp_path / "in", a=NOTICE)])
    with pytest.raises(BadInput):
        workspace.remove("12/TB-UBND", "99/TB-UBND")
    assert indexed(workspace) == {"12/TB-UBND"}


def test_without_the_last_notice_the_library_is_empty(
    workspace: Workspace, settings: Settings, parts: FakeParts, tmp_path: Path
) -> None:
    workspace.add([write(tmp_path / "in", a=NOTICE)])
    workspace.remove("TB12")
    assert workspace.index_state() is IndexState.EMPTY
    assert "kho lạnh".encode() not in everything_on_disk(settings)
    with pytest.raises(EmptyLibrary, match="chưa có văn bản"):
        workspace.open_assistant()
    assert parts.llms == []


def test_a_removed_notice_is_not_searched_though_the_model_is_missing(
    settings: Settings, tmp_path: Path
) -> None:
    with open_workspace(settings) as workspace:
        workspace.add([write(tmp_path / "in", a=NOTICE, b=OTHER)])
    with open_workspace(settings, FakeParts(MISSING)) as workspace:
        with pytest.raises(ModelMissing):
            workspace.remove("TB13")
        assert [one.header.number for one in workspace.library.notices()] == ["12/TB-UBND"]
    assert "bến phà".encode() not in everything_on_disk(settings)


def test_what_is_removed_while_files_come_in_all_the_time_is_gone_and_told(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.add([write(tmp_path / "in", a=NOTICE, b=OTHER)])
    build, count = workspace._build, 0

    def disturbed(*given: Any) -> Any:
        nonlocal count
        count += 1
        workspace.store_upload(Path("n.txt"), NOTICE.replace("12/TB", f"{50 + count}/TB").encode())
        return build(*given)

    monkeypatch.setattr(workspace, "_build", disturbed)
    gone: list[str] = []
    with pytest.raises(Busy):
        workspace.remove("TB13", forgotten=lambda all_: gone.extend(one.id for one in all_))
    assert len(gone) == 1
    assert "bến phà".encode() not in everything_on_disk(workspace.settings)
    assert "12/TB-UBND" in indexed(workspace)  # what was built meanwhile goes on answering


def test_what_is_removed_while_another_process_builds_leaves_no_index_of_it(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.add([write(tmp_path / "in", a=NOTICE, b=OTHER)])

    def busy(*given: Any) -> Any:
        raise Busy("Đang lập chỉ mục.", "Hãy thử lại.")

    monkeypatch.setattr(workspace, "_build", busy)
    with pytest.raises(Busy):
        workspace.remove("TB13")
    assert "bến phà".encode() not in everything_on_disk(workspace.settings)


def test_a_person_may_go_back_to_the_index_before(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with open_workspace(settings) as workspace:
        workspace.add([write(tmp_path / "in", a=NOTICE)])
        workspace.add([write(tmp_path / "in", b=OTHER)])
        assert workspace.roll_back().counts.notices == 1
        assert workspace.index_state() is IndexState.ROLLED_BACK
        with caplog.at_level(logging.WARNING):
            workspace.open_assistant()
        assert "congvu index" in caplog.text
        assert indexed(workspace) == {"12/TB-UBND"}
        workspace.add([write(tmp_path / "in", c=DRAFT)])
        assert len(indexed(workspace)) == 3


def test_index_undoes_going_back(workspace: Workspace, tmp_path: Path) -> None:
    workspace.add([write(tmp_path / "in", a=NOTICE)])
    workspace.add([write(tmp_path / "in", b=OTHER)])
    workspace.roll_back()
    assert workspace.index().notices == 2
    assert workspace.index_state() is IndexState.CURRENT


def test_a_notice_added_by_an_older_congvu_gets_the_id_of_this_one(
    settings: Settings, tmp_path: Path
) -> None:
    notice = parse_notice(NOTICE, "a.txt")
    with open_workspace(settings) as workspace:
        workspace.library.add(replace(notice, id="old-id"), NOW)
        assert workspace.load("old-id").id == notice.id
        assert workspace.load("TB12").id == notice.id
        workspace.index()
        assert list(workspace.snapshots.load_current().notices) == [notice.id]


def test_an_index_of_an_older_congvu_is_built_again(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with open_workspace(settings) as workspace:
        workspace.add([write(tmp_path / "in", a=NOTICE)])
    (settings.home / "index.read-by").write_text("another congvu", encoding="ascii")
    with open_workspace(settings) as workspace, caplog.at_level(logging.WARNING):
        assert workspace.index_state() is IndexState.OUTDATED
        workspace.open_assistant()
        assert "bản congvu khác" in caplog.text
        assert workspace.index_state() is IndexState.CURRENT


def test_an_index_in_the_format_of_an_older_congvu_is_built_again(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with open_workspace(settings) as workspace:
        workspace.add([write(tmp_path / "in", a=NOTICE)])
    make_older(settings.home / "index")
    with open_workspace(settings) as workspace, caplog.at_level(logging.WARNING):
        assert workspace.index_state() is IndexState.OUTDATED
        workspace.open_assistant()
        assert "do một bản congvu khác lập; đang lập lại" in caplog.text
        assert workspace.index_state() is IndexState.CURRENT


def test_an_index_with_other_ids_than_the_library_is_behind(settings: Settings) -> None:
    with open_workspace(settings) as workspace:
        workspace.library.add(replace(parse_notice(NOTICE, "a.txt"), id="old-id"), NOW)
        workspace.index()
        assert workspace.index_state() is IndexState.CURRENT
        workspace.library.load(workspace.library.find("TB12").id, renamed)
        assert workspace.index_state() is IndexState.BEHIND


def renamed(source: str, file_name: str, pages: Pages = ()) -> Notice:
    return replace(parse_notice(source, file_name), id="new-id")


def test_a_home_that_can_not_be_made_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    settings = Settings(home=tmp_path / "file" / "home")
    with open_workspace(settings) as workspace, pytest.raises(NotReady, match="file") as caught:
        workspace.library.notices()
    assert "CONGVU_HOME" in caught.value.remedy


def test_the_home_is_for_its_owner_alone(workspace: Workspace, settings: Settings) -> None:
    workspace.library.notices()
    assert settings.home.stat().st_mode & 0o077 == 0


def test_a_library_that_is_damaged_is_told(settings: Settings) -> None:
    settings.home.mkdir()
    (settings.home / "library.sqlite").write_bytes(b"no database" * 100)
    with open_workspace(settings) as workspace, pytest.raises(Damaged, match=r"library\.sqlite"):
        workspace.open_assistant()
