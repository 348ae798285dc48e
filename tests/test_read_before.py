"""A file that is added costs what it is worth, not what the library holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes_assistant import NOTICE, OTHER, open_workspace, write

from assistant.runtime.settings import Settings
from assistant.runtime.workspace import Workspace
from corpus.blocks import Pages
from corpus.notice import Notice
from corpus.parse.notices import parse_notice
from corpus.store.kept import KeptNotices, ReadBefore

THIRD = NOTICE.replace("12/TB", "14/TB")


def counting(workspace: Workspace) -> list[str]:
    """Note which notices of the library the workspace parses."""
    read: list[str] = []

    def parse(source: str, file_name: str, pages: Pages = ()) -> Notice:
        read.append(file_name)
        return parse_notice(source, file_name, pages)

    workspace.read = KeptNotices(parse)
    return read


@pytest.fixture
def settings_of_two(settings: Settings, tmp_path: Path) -> Settings:
    with open_workspace(settings) as workspace:
        workspace.add([write(tmp_path / "in", a=NOTICE, b=OTHER)])
    return settings


def test_another_process_parses_only_what_is_new(settings_of_two: Settings) -> None:
    with open_workspace(settings_of_two) as workspace:
        read = counting(workspace)
        workspace.add_upload("c.txt", THIRD.encode())
        assert read == ["c.txt"]
        taken = workspace.snapshots.load_current().notices
        assert {one.file_name for one in taken.values()} == {"a.txt", "b.txt", "c.txt"}
        for one in taken.values():
            assert one == parse_notice(one.source, one.file_name)


def test_so_does_one_that_answers_and_it_reads_no_index_back(settings_of_two: Settings) -> None:
    with open_workspace(settings_of_two) as workspace:
        workspace.open_assistant()
        read = counting(workspace)
        workspace.add_upload("c.txt", THIRD.encode())
        assert read == ["c.txt"]
        built = workspace.snapshots.load_current()
        workspace.snapshots.load_current = None  # type: ignore[method-assign, assignment]
        assert workspace.reopen_assistant().snapshot.id == built.id


@pytest.mark.parametrize("why", ["other code", "rolled back", "damaged"])
def test_what_other_code_may_have_read_is_parsed_again(
    settings_of_two: Settings, tmp_path: Path, why: str
) -> None:
    with open_workspace(settings_of_two) as workspace:
        if why == "other code":
            (settings_of_two.home / "index.read-by").write_text("older", encoding="ascii")
        elif why == "rolled back":
            workspace.add_upload("c.txt", THIRD.encode())
            workspace.roll_back()
        else:
            [notices] = settings_of_two.home.glob("index/snapshots/*/notices.jsonl")
            notices.write_bytes(b"{}")
        read = counting(workspace)
        workspace.add_upload("d.txt", NOTICE.replace("12/TB", "15/TB").encode())
        assert {"a.txt", "b.txt", "d.txt"} <= set(read)


def test_a_notice_whose_pages_are_known_since_is_read_again() -> None:
    before = parse_notice(NOTICE, "a.txt")
    reader = ReadBefore([before], parse_notice)
    assert reader(NOTICE, "a.txt") is before
    assert {one.page for one in reader(NOTICE, "a.txt", ((0, 1),)).clauses} == {1}
    assert reader(NOTICE, "b.txt").file_name == "b.txt"
