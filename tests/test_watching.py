"""A watched folder and the library stay in step, whatever happens to the files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes_assistant import MISSING, NOTICE, OTHER, SECRET, open_workspace
from fakes_cli import Congvu

from assistant.runtime.home import make_home
from assistant.runtime.settings import Settings
from assistant.runtime.watched import FILE_NAME, WatchList
from assistant.runtime.watching import Change, Watcher
from assistant.runtime.workspace import Workspace
from corpus.errors import ModelMissing, UnreadableFile

CHANGED = NOTICE.replace("7 kho", "8 kho")


class Watch:
    """A watch that can be stopped and begun again."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.workspace = open_workspace(settings)
        self.folder = folder
        self.seen = WatchList.open(make_home(settings.home) / FILE_NAME, folder)
        self.told: list[Change] = []
        self.begin()

    def begin(self, *, removes: bool = False) -> None:
        self.watcher = Watcher(self.workspace, self.seen, self.folder, removes=removes)

    def look(self, times: int = 2) -> list[tuple[str, str]]:
        """Look, and return what was told meanwhile: kind and path."""
        self.told = []
        for _ in range(times):
            self.watcher.look(self.told.append)
        return [(change.kind.value, change.path) for change in self.told]

    def numbers(self) -> set[str]:
        return {one.header.number for one in self.workspace.library.notices()}

    def indexed(self) -> set[str]:
        notices = self.workspace.snapshots.load_current().notices.values()
        return {one.header.number for one in notices}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    return made


@pytest.fixture
def watch(settings: Settings, folder: Path) -> Iterator[Watch]:
    watch = Watch(settings, folder)
    yield watch
    watch.seen.close()
    watch.workspace.close()


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_there_is_taken_in_once_it_rests(watch: Watch, folder: Path) -> None:
    put(folder / "a.txt", NOTICE)
    put(folder / "sub" / "b.txt", OTHER)
    assert watch.look(1) == []
    assert watch.look(1) == [("taken", "a.txt"), ("taken", "sub/b.txt")]
    assert watch.indexed() == {"12/TB-UBND", "13/TB-UBND"}
    assert watch.look() == []


def test_a_file_that_still_grows_waits(watch: Watch, folder: Path) -> None:
    half = put(folder / "a.txt", NOTICE[:150])
    for size in (160, 170, 180):
        assert watch.look(1) == []
        half.write_text(NOTICE[:size], encoding="utf-8")
    half.write_text(NOTICE, encoding="utf-8")
    assert watch.look(1) == []
    assert watch.look(1) == [("taken", "a.txt")]
    assert watch.workspace.load("12/TB-UBND").source == NOTICE


def test_a_changed_file_is_a_new_version(watch: Watch, folder: Path) -> None:
    path = put(folder / "a.txt", NOTICE)
    watch.look()
    put(path, CHANGED)
    assert watch.look() == [("taken", "a.txt")]
    assert len(watch.workspace.library.versions(watch.workspace.library.find("12/TB-UBND").id)) == 2
    assert watch.numbers() == {"12/TB-UBND"}


def test_a_file_that_holds_another_document_now_lets_the_first_one_go(
    watch: Watch, folder: Path
) -> None:
    path = put(folder / "a.txt", NOTICE)
    watch.look()
    put(path, OTHER)
    assert watch.look() == [("taken", "a.txt"), ("gone", "a.txt")]
    assert watch.numbers() == {"12/TB-UBND", "13/TB-UBND"}
    watch.begin(removes=True)
    put(path, NOTICE)
    assert watch.look() == [("taken", "a.txt"), ("removed", "a.txt")]
    assert watch.numbers() == watch.indexed() == {"12/TB-UBND"}


def test_a_moved_file_is_not_read_again(
    watch: Watch, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(folder / "a.txt", NOTICE)
    watch.look()
    (folder / "2031").mkdir()
    path.rename(folder / "2031" / "b.txt")
    monkeypatch.setattr("assistant.runtime.watching.store_all", None)
    assert watch.look() == [("moved", "2031/b.txt")]
    assert watch.told[0].before == "a.txt"
    assert watch.look() == []
    assert watch.numbers() == {"12/TB-UBND"}


def test_what_is_gone_is_told_and_stays_unless_it_is_to_be_removed(
    watch: Watch, folder: Path
) -> None:
    path = put(folder / "a.txt", NOTICE)
    put(folder / "b.txt", OTHER)
    watch.look()
    path.unlink()
    assert watch.look(1) == []  # an editor may be putting another one in its place
    assert watch.look(1) == [("gone", "a.txt")]
    assert watch.look() == []
    assert watch.numbers() == {"12/TB-UBND", "13/TB-UBND"}
    watch.begin(removes=True)
    assert watch.look() == [("removed", "a.txt")]
    assert watch.numbers() == watch.indexed() == {"13/TB-UBND"}


def test_a_file_that_was_replaced_by_renaming_was_never_gone(watch: Watch, folder: Path) -> None:
    path = put(folder / "a.txt", NOTICE)
    put(folder / "b.txt", OTHER)
    watch.look()
    path.unlink()
    assert watch.look(1) == []
    put(path, CHANGED)
    assert watch.look() == [("taken", "a.txt")]


def test_a_copy_keeps_its_notice_when_the_other_file_goes(watch: Watch, folder: Path) -> None:
    put(folder / "a.txt", NOTICE)
    put(folder / "b.txt", NOTICE)
    watch.begin(removes=True)
    watch.look()
    (folder / "a.txt").unlink()
    assert watch.look() == [("gone", "a.txt")]
    assert watch.numbers() == {"12/TB-UBND"}


def test_a_file_that_is_refused_holds_what_it_held(watch: Watch, folder: Path) -> None:
    path = put(folder / "a.txt", NOTICE)
    put(folder / "b.txt", OTHER)
    watch.begin(removes=True)
    watch.look()
    path.write_bytes(NOTICE.encode() + b"\xff\xfe\0")
    assert watch.look() == [("refused", "a.txt")]
    assert watch.numbers() == {"12/TB-UBND", "13/TB-UBND"}
    put(path, CHANGED)
    assert watch.look() == [("taken", "a.txt")]
    assert len(watch.workspace.library.versions(watch.workspace.library.find("12/TB-UBND").id)) == 2
    path.write_bytes(b"\0")
    watch.look()
    path.unlink()
    assert watch.look() == [("removed", "a.txt")]
    assert watch.numbers() == {"13/TB-UBND"}


def test_a_file_that_can_not_be_opened_holds_what_it_held(
    watch: Watch, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*given: object) -> None:
        raise PermissionError(13, "no")

    path = put(folder / "a.txt", NOTICE)
    watch.begin(removes=True)
    watch.look()
    put(path, CHANGED)
    with monkeypatch.context() as patch:
        patch.setattr("assistant.runtime.watching.hashlib.file_digest", refuse)
        assert watch.look() == [("refused", "a.txt")]
    assert watch.numbers() == {"12/TB-UBND"}


def test_what_another_watched_folder_holds_stays(watch: Watch, folder: Path) -> None:
    put(folder / "a.txt", NOTICE)
    put(folder / "b.txt", OTHER)
    watch.begin(removes=True)
    watch.look()
    other = put(folder.parent / "other" / "a.txt", NOTICE).parent
    home = make_home(watch.workspace.settings.home)
    with WatchList.open(home / FILE_NAME, other) as seen:
        second = Watcher(watch.workspace, seen, other)
        for _ in range(2):
            second.look(lambda change: None)
    (folder / "a.txt").unlink()
    assert watch.look() == [("gone", "a.txt")]
    assert watch.numbers() == {"12/TB-UBND", "13/TB-UBND"}


def test_a_drive_that_is_not_there_removes_nothing(watch: Watch, folder: Path) -> None:
    path = put(folder / "a.txt", NOTICE)
    watch.begin(removes=True)
    watch.look()
    path.rename(folder.parent / "away.txt")
    assert watch.look(4) == [("away", "")]
    assert watch.numbers() == {"12/TB-UBND"}
    (folder.parent / "away.txt").rename(path)
    assert watch.look() == []
    folder.rename(folder.parent / "gone")
    with pytest.raises(UnreadableFile):
        watch.look()
    assert watch.numbers() == {"12/TB-UBND"}


def test_a_watch_goes_on_where_it_was_stopped(
    settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder / "a.txt", NOTICE)
    first = Watch(settings, folder)
    first.look()
    first.seen.close()
    put(folder / "b.txt", OTHER)
    (folder / "a.txt").unlink()
    second = Watch(settings, folder)
    assert second.look() == [("taken", "b.txt"), ("gone", "a.txt")]
    assert second.look() == []
    second.seen.close()


def test_a_refused_file_is_told_once_and_again_when_it_changes(watch: Watch, folder: Path) -> None:
    path = put(folder / "a.txt", SECRET)
    put(folder / "b.txt", OTHER)
    assert watch.look() == [("refused", "a.txt"), ("taken", "b.txt")]
    assert watch.look() == []
    put(path, NOTICE)
    os.utime(path, (1, 1))
    assert watch.look() == [("taken", "a.txt")]


def test_a_file_that_changes_while_it_is_read_is_read_again(
    watch: Watch, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.runtime import watching  # noqa: PLC0415

    path = put(folder / "a.txt", NOTICE)
    store_all = watching.store_all

    def rewriting(*given: object) -> Iterator[object]:
        yield from store_all(*given)  # type: ignore[arg-type]
        put(path, CHANGED)

    with monkeypatch.context() as patch:
        patch.setattr(watching, "store_all", rewriting)
        assert watch.look() == [("taken", "a.txt")]
    assert watch.look() == [("taken", "a.txt")]
    assert "8 kho" in watch.workspace.load("12/TB-UBND").source


def test_what_a_file_held_while_it_was_read_is_let_go_with_it(
    watch: Watch, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.runtime import watching  # noqa: PLC0415

    path = put(folder / "a.txt", NOTICE)
    store_all = watching.store_all

    def rewriting(*given: object) -> Iterator[object]:
        yield from store_all(*given)  # type: ignore[arg-type]
        put(path, OTHER)

    with monkeypatch.context() as patch:
        patch.setattr(watching, "store_all", rewriting)
        assert watch.look() == [("taken", "a.txt")]
    watch.begin(removes=True)
    assert watch.look() == [("taken", "a.txt"), ("removed", "a.txt")]
    assert watch.numbers() == {"13/TB-UBND"}


def test_an_index_that_can_not_be_built_is_built_at_a_later_look(
    watch: Watch, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> None:
        raise MISSING

    put(folder / "a.txt", NOTICE)
    with monkeypatch.context() as patch:
        patch.setattr(Workspace, "index", fail)
        with pytest.raises(ModelMissing):
            watch.look()
    assert watch.look(1) == []
    assert watch.indexed() == {"12/TB-UBND"}


def test_hidden_files_and_links_are_passed_over(watch: Watch, folder: Path, tmp_path: Path) -> None:
    put(folder / ".a.txt.swp", NOTICE)
    put(folder / ".hidden" / "a.txt", NOTICE)
    (folder / "link.txt").symlink_to(put(tmp_path / "outside.txt", NOTICE))
    assert watch.look() == []


def test_the_command_brings_a_folder_in_step_once(congvu: Congvu, folder: Path) -> None:
    put(folder / "a.txt", NOTICE)
    put(folder / "b.txt", OTHER)
    told = congvu("watch", folder, "--once", "--interval", "0.1")
    assert told.code == 0
    assert "Đã thêm: Thông báo 12/TB-UBND." in told.out
    put(folder / "a.txt", NOTICE.replace("12/TB", "14/TB"))
    told = congvu("watch", folder, "--once", "--interval", "0.1")
    assert "Tệp nay chứa văn bản khác: a.txt." in told.out
    assert "congvu remove 12-tb-ubnd" in told.out
    put(folder / "a.txt", NOTICE)
    congvu("watch", folder, "--once", "--interval", "0.1", "--remove")
    (folder / "a.txt").unlink()
    told = congvu("watch", folder, "--once", "--interval", "0.1")
    assert "Tệp đã bị xoá: a.txt." in told.out
    assert "congvu remove 12-tb-ubnd" in told.out
    told = congvu("watch", folder, "--once", "--interval", "0.1", "--remove")
    assert "đã gỡ văn bản khỏi kho: a.txt" in told.out
    assert "12/TB-UBND" not in congvu("list").out
    assert congvu("watch", folder / "none").code == 2
