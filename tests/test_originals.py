"""The file that a notice was read from is kept as long as the notice, and for nobody else."""

from __future__ import annotations

import errno
import hashlib
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from disk_watch import written
from fakes_assistant import NOTICE, OTHER, SECRET, open_workspace, write
from fakes_cli import Congvu
from fakes_documents import Words, docx, par, pdf

from assistant.runtime.settings import Settings
from assistant.runtime.workspace import Workspace
from assistant.service.pictures import Pictures
from corpus.errors import Damaged, NoSpace, NotFound
from corpus.parse.notices import parse_notice
from corpus.store.library import Library, Outcome
from corpus.store.originals import Originals

NOW = datetime(2031, 6, 7, tzinfo=UTC)
CHANGED = NOTICE.replace("7 kho", "8 kho")
WORD = docx("".join(map(par, NOTICE.splitlines())))


def pages(*texts: str) -> bytes:
    """A PDF with a page of lines for each text."""
    made: list[list[Words]] = [
        [(80.0, 780.0 - 20 * i, 13.0, line) for i, line in enumerate(text.splitlines()) if line]
        for text in texts
    ]
    return pdf(*made)


def kept(settings: Settings) -> set[str]:
    folder = settings.home / "originals"
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def workspace(settings: Settings) -> Workspace:
    return open_workspace(settings)


def test_the_file_comes_back_byte_for_byte_and_is_for_its_owner_alone(
    workspace: Workspace, settings: Settings
) -> None:
    added = workspace.add_upload("a.docx", WORD).added
    assert added is not None
    assert workspace.library.origins.original(added.notice_id) == WORD
    assert kept(settings) == {sha(WORD)}
    folder = settings.home / "originals"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / sha(WORD)).stat().st_mode & 0o777 == 0o600
    assert workspace.library.notices()[0].original_bytes == len(WORD)


def test_a_secret_file_never_is_on_the_disk(settings: Settings) -> None:
    secret = docx("".join(map(par, SECRET.splitlines())))
    with open_workspace(settings) as workspace:
        workspace.library.notices()
        with written() as paths:
            assert workspace.add_upload("mat.docx", secret).error is not None
    assert (paths, kept(settings)) == ([], set())


def test_an_original_goes_with_its_last_version(workspace: Workspace, settings: Settings) -> None:
    workspace.add_upload("a.txt", NOTICE.encode())
    workspace.add_upload("a.txt", CHANGED.encode())
    workspace.add_upload("b.txt", OTHER.encode())
    assert kept(settings) == {sha(one.encode()) for one in (NOTICE, CHANGED, OTHER)}
    _, old = workspace.library.versions(workspace.library.find("12/TB-UBND").id)
    assert workspace.library.origins.original(old.id) == NOTICE.encode()
    workspace.library.remove(old.id)
    assert kept(settings) == {sha(CHANGED.encode()), sha(OTHER.encode())}
    workspace.remove("12/TB-UBND")
    assert kept(settings) == {sha(OTHER.encode())}


def test_the_same_bytes_are_kept_and_read_once(
    workspace: Workspace, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = workspace.add_upload("a.docx", WORD)
    monkeypatch.setattr("assistant.runtime.intake.read_bytes", None)  # to read again would fail
    again = workspace.add_upload("b.docx", WORD)
    assert again.added is not None
    assert (again.added.outcome, again.added.known_as) == (Outcome.UNCHANGED, "a.docx")
    assert (again.header, again.recognised) == (first.header, first.recognised)
    assert kept(settings) == {sha(WORD)}


def test_a_file_is_read_again_by_another_congvu(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.add_upload("a.docx", WORD)
    monkeypatch.setattr("assistant.runtime.intake.reading_code", lambda: "newer")
    again = workspace.add_upload("a.docx", WORD)
    assert again.changed, "blocks of the newer reader are not taken in"
    assert not workspace.add_upload("a.docx", WORD).changed


def test_what_a_kill_left_is_swept(workspace: Workspace, settings: Settings) -> None:
    workspace.add_upload("a.txt", NOTICE.encode())
    folder = settings.home / "originals"
    (folder / sha(b"row was not committed")).write_bytes(b"row was not committed")
    (folder / ".writing-abc").write_bytes(b"half")
    workspace.library.origins.sweep()
    assert kept(settings) == {sha(NOTICE.encode())}


def test_a_full_disk_adds_nothing(
    workspace: Workspace, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    workspace.library.notices()
    monkeypatch.setattr("corpus.store.originals.os.fsync", full)
    with pytest.raises(NoSpace):
        workspace.add_upload("a.txt", NOTICE.encode())
    assert (workspace.library.notices(), kept(settings)) == ((), set())


def test_a_changed_file_is_not_handed_out(workspace: Workspace, settings: Settings) -> None:
    added = workspace.add_upload("a.txt", NOTICE.encode()).added
    assert added is not None
    (settings.home / "originals" / sha(NOTICE.encode())).write_bytes(b"other")
    with pytest.raises(Damaged):
        workspace.library.origins.original(added.notice_id)


def test_many_writers_of_the_same_file_leave_one(tmp_path: Path) -> None:
    originals = Originals(tmp_path / "originals")
    barrier = threading.Barrier(8)

    def keep(_: int) -> str:
        barrier.wait(10)
        return originals.keep(WORD)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(keep, range(8))) == {sha(WORD)}
    assert originals.sizes() == {sha(WORD): len(WORD)}
    assert originals.read(sha(WORD)) == WORD


def test_a_library_of_before_opens_and_gets_the_files_that_are_added_again(
    settings: Settings, tmp_path: Path
) -> None:
    notice = parse_notice(NOTICE, "a.txt")
    settings.home.mkdir(parents=True)
    path = settings.home / "library.sqlite"
    with Library.open(path) as library:
        library.add(notice, NOW)
    with closing(sqlite3.connect(path)) as db:
        for table in ("correction", "stated", "origin"):
            db.execute(f"DROP TABLE {table}")
        db.execute("ALTER TABLE notice DROP COLUMN unsure")
        db.execute("PRAGMA user_version = 1")
        db.commit()
    with open_workspace(settings) as workspace:
        (stored,) = workspace.library.notices()
        assert (stored.id, stored.original_bytes) == (notice.id, None)
        assert workspace.load("12/TB-UBND").clauses == notice.clauses
        with pytest.raises(NotFound) as caught:
            workspace.library.origins.original(notice.id)
        assert "Thêm lại" in caught.value.remedy
        again = workspace.add([write(tmp_path / "in", a=NOTICE)])[0]
        assert again.added is not None
        assert (again.added.outcome, again.changed) == (Outcome.UNCHANGED, True)
        assert workspace.library.origins.original(notice.id) == NOTICE.encode()


def test_a_clause_knows_its_page_also_after_it_was_stored(workspace: Workspace) -> None:
    more = "3. Sở Xây dựng sửa bến phà Cồn Sậy trong năm 2032."
    added = workspace.add_upload("a.pdf", pages(NOTICE, more)).added
    assert added is not None
    clauses = workspace.load(added.notice_id).clauses
    assert {one.page for one in clauses if "kho lạnh" in one.text} == {1}
    assert {one.page for one in clauses if "bến phà" in one.text} == {2}
    snapshot = workspace.snapshots.load_current()
    assert {one.page for one in snapshot.clauses.values()} == {1, 2}
    blocks = workspace.library.origins.blocks(added.notice_id)
    assert {box.page for block in blocks for box in block.anchor.boxes} == {1, 2}


def test_the_same_text_without_pages_gets_none(workspace: Workspace) -> None:
    added = workspace.add_upload("a.docx", WORD).added
    assert added is not None
    assert {one.page for one in workspace.load(added.notice_id).clauses} == {0}


def test_show_writes_the_original_and_nothing_over(congvu: Congvu, tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(WORD)
    assert congvu("add", tmp_path / "a.docx").code == 0
    out = tmp_path / "out.docx"
    told = congvu("show", "12/TB-UBND", "--original", out)
    assert (told.code, out.read_bytes()) == (0, WORD)
    out.write_bytes(b"mine")
    told = congvu("show", "12/TB-UBND", "--original", out)
    assert (told.code, out.read_bytes()) == (2, b"mine")
    assert "không ghi đè" in told.err
    assert congvu("show", "12/TB-UBND", "--original", tmp_path / "none" / "x").code == 2
    assert "1 tệp gốc" in congvu("doctor").out


def test_show_names_the_page(congvu: Congvu, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pages(NOTICE, "3. Sở Xây dựng sửa bến phà trong năm 2032."))
    assert congvu("add", tmp_path / "a.pdf").code == 0
    assert "(trang 2, dòng" in congvu("show", "12/TB-UBND").out


def test_pages_that_were_drawn_are_kept_as_long_as_there_is_room() -> None:
    drawn: list[tuple[str, int]] = []
    pictures = Pictures(most_bytes=25)

    def look(content: str, page: int) -> bytes:
        def draw() -> bytes:
            drawn.append((content, page))
            return b"0123456789"

        return pictures.page(content, page, draw)

    for content, page in (("a", 1), ("a", 2), ("a", 1), ("b", 1), ("a", 1), ("a", 2)):
        assert look(content, page) == b"0123456789"
    assert drawn == [("a", 1), ("a", 2), ("b", 1), ("a", 2)]
    pictures.forget()
    look("a", 1)
    assert drawn[-1] == ("a", 1)
