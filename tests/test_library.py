"""The library keeps every version, survives a kill, and knows notices by their names."""

from __future__ import annotations

import hashlib
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from corpus.blocks import Pages
from corpus.errors import BadInput, Busy, Damaged, NotReady
from corpus.notice import AttachedDocument, Header, Notice, Status
from corpus.store.library import Library, Outcome

NOW = datetime(2031, 4, 3, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def notice(
    source: str,
    number: str = "",
    *,
    kind: str = "Thông báo",
    file_name: str = "a.txt",
    issuer: str = "UBND tỉnh Lam Sơn",
    day: date | None = date(2031, 4, 3),
    title: str = "",
) -> Notice:
    content_hash = hashlib.sha256(source.encode()).hexdigest()
    header = Header(kind, number, issuer, day, title)
    return Notice(f"n-{content_hash[:8]}", header, source, content_hash, file_name)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


def test_a_notice_comes_back_with_its_header_after_reopening(tmp_path: Path) -> None:
    header = Header(
        "Nghị quyết",
        "03/NQ-HĐND",
        "HĐND tỉnh Lam Sơn",
        date(2031, 1, 9),
        "Về đường ven sông",
        Status.DRAFT,
        (AttachedDocument("Chương trình", 40),),
    )
    source = "Điều 1.\r\nLàm đường.\r"
    content_hash = hashlib.sha256(source.encode()).hexdigest()
    given = Notice("n1", header, source, content_hash, "nq.md")
    with Library.open(tmp_path / "library.db") as library:
        added = library.add(given, NOW)
        assert (added.outcome, added.notice_id, added.replaced_id) == ("added", "n1", None)
    with Library.open(tmp_path / "library.db") as library:
        (stored,) = library.notices()
        assert stored.header == header
        assert (stored.id, stored.file_name, stored.content_hash) == ("n1", "nq.md", content_hash)
        assert (stored.added_at, stored.superseded_at, stored.is_current) == (NOW, None, True)
        assert library.source("n1") == source


def test_a_duplicate_is_unchanged_and_named_even_under_another_file_name(library: Library) -> None:
    first = library.add(notice("Một", "1/TB", file_name="a.txt"), NOW)
    again = library.add(notice("Một", "1/TB", file_name="b.txt"), LATER)
    assert again.outcome is Outcome.UNCHANGED
    assert (again.notice_id, again.known_as) == (first.notice_id, "a.txt")
    assert [stored.added_at for stored in library.notices()] == [NOW]


def test_other_content_of_the_same_document_supersedes_it(library: Library) -> None:
    old = library.add(notice("Một", "1/TB"), NOW)
    new = library.add(notice("Một sửa", "1/TB", file_name="a (sửa).txt"), LATER)
    assert (new.outcome, new.replaced_id) == (Outcome.NEW_VERSION, old.notice_id)
    assert [stored.id for stored in library.notices()] == [new.notice_id]
    current, superseded = library.versions(old.notice_id)
    assert (current.id, current.is_current) == (new.notice_id, True)
    assert (superseded.id, superseded.superseded_at) == (old.notice_id, LATER)
    assert library.source(old.notice_id) == "Một"


def test_superseded_content_added_again_is_current_again(library: Library) -> None:
    old = library.add(notice("Một", "1/TB"), NOW)
    new = library.add(notice("Hai", "1/TB"), NOW)
    back = library.add(notice("Một", "1/TB"), LATER)
    assert (back.outcome, back.replaced_id) == (Outcome.NEW_VERSION, new.notice_id)
    assert [stored.id for stored in library.notices()] == [old.notice_id]
    assert [stored.id for stored in library.versions(new.notice_id)] == [
        old.notice_id,
        new.notice_id,
    ]


@pytest.mark.parametrize(
    "other",
    [
        notice("Hai", "45/TB", kind="Kế hoạch"),
        notice("Hai", "45/NQ"),
        notice("Hai", "45/TB", issuer="Sở Nội vụ"),
        notice("Hai", "45/TB", day=date(2032, 4, 3)),
        notice("Hai", "45/TB", day=None),
    ],
    ids=["kind", "number", "issuer", "date", "no date"],
)
def test_the_number_alone_makes_no_key(library: Library, other: Notice) -> None:
    library.add(notice("Một", "45/TB"), NOW)
    assert library.add(other, NOW).outcome is Outcome.ADDED
    assert len(library.notices()) == 2


def test_the_key_does_not_see_unicode_forms_and_spaces(library: Library) -> None:
    library.add(notice("Một", "45/TB", issuer="Uỷ ban nhân dân"), NOW)
    same = notice("Hai", "45/TB", issuer="Ủy  ban nhân dân")
    assert library.add(same, NOW).outcome is Outcome.NEW_VERSION


def test_without_a_number_file_name_and_title_make_the_key(library: Library) -> None:
    library.add(notice("Một", file_name="pl.txt", title="Phụ lục"), NOW)
    assert library.add(notice("Hai", file_name="pl.txt", title="Khác"), NOW).outcome == "added"
    assert library.add(notice("Ba", file_name="pl2.txt", title="Phụ lục"), NOW).outcome == "added"
    assert library.add(notice("Bốn", file_name="pl.txt", title="Phụ lục"), NOW).outcome == (
        "new_version"
    )


def test_a_removed_notice_is_gone_with_its_versions_and_its_text(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        library.add(notice("Chuyện thứ nhất cần quên", "1/TB"), NOW)
        new = library.add(notice("Chuyện thứ hai cần quên", "1/TB"), NOW)
        kept = library.add(notice("Chuyện giữ lại", "2/TB"), NOW)
        assert len(library.remove(new.notice_id)) == 2
        assert [stored.id for stored in library.notices()] == [kept.notice_id]
        with pytest.raises(BadInput, match="congvu list"):
            library.versions(new.notice_id)
        on_disk = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert "cần quên".encode() not in on_disk
    assert "giữ lại".encode() in on_disk


def test_a_superseded_version_can_be_removed_alone(library: Library) -> None:
    old = library.add(notice("Một", "1/TB"), NOW)
    new = library.add(notice("Hai", "1/TB"), NOW)
    assert [stored.id for stored in library.remove(old.notice_id)] == [old.notice_id]
    assert [stored.id for stored in library.versions(new.notice_id)] == [new.notice_id]


def test_the_revision_follows_the_current_contents_alone(library: Library, tmp_path: Path) -> None:
    empty = library.revision
    one = library.add(notice("Một", "1/TB"), NOW)
    with_one = library.revision
    library.add(notice("Một", "1/TB", file_name="b.txt"), LATER)
    assert library.revision == with_one != empty
    two = library.add(notice("Hai", "2/TB"), NOW)
    with_both = library.revision
    assert with_both not in {with_one, empty}
    library.remove(two.notice_id)
    assert library.revision == with_one
    library.add(notice("Một sửa", "1/TB"), NOW)
    assert library.revision != with_one
    library.remove(library.find("1/TB").id)
    assert library.revision == empty
    with Library.open(tmp_path / "other.db") as other:
        other.add(notice("Hai", "2/TB"), NOW)
        other.add(notice("Một", "1/TB"), LATER)
        assert other.revision == with_both
    assert one.outcome is Outcome.ADDED


FIND = [
    ("45-TB/BCĐ", "45"),
    ("45 -tb/bcđ", "45"),
    ("45-TB-BCD", "45"),
    ("TB45", "45"),
    ("tb 45", "45"),
    ("Thông báo số 45-TB/BCĐ", "45"),
    ("thông báo 45", "45"),
    ("45-TB-BCĐ_2031.txt", "45"),
    ("45-TB-BCĐ_2031", "45"),
    ("NQ 3", "nq"),
    ("nghị quyết 03", "nq"),
    ("03/NQ-HĐND", "nq"),
    ("phu luc", "pl"),
    ("phụ lục ii", "pl"),
    ("nghị quyết 45", "45nq"),
]


@pytest.fixture
def shelf(library: Library) -> Library:
    for one in (
        notice("45", "45-TB/BCĐ", file_name="45-TB-BCĐ_2031.txt"),
        notice("45nq", "45-NQ/TU", kind="Nghị quyết", file_name="nq45.txt"),
        notice("nq", "03/NQ-HĐND", kind="Nghị quyết", file_name="nq.md"),
        notice("pl", kind="Phụ lục", title="Phụ lục II Danh mục nhiệm vụ", file_name="pl.txt"),
    ):
        library.add(one, NOW)
    return library


@pytest.mark.parametrize(("name", "source"), FIND)
def test_a_notice_is_found_by_what_people_call_it(shelf: Library, name: str, source: str) -> None:
    assert shelf.source(shelf.find(name).id) == source


def test_a_notice_is_found_by_its_id(shelf: Library) -> None:
    for stored in shelf.notices():
        assert shelf.find(stored.id) == stored


@pytest.mark.parametrize("name", ["KH45", "TB4", "99", "", "   ", "Thông báo 45-TB/TW", "?"])
def test_an_unknown_name_is_told_with_what_is_there(shelf: Library, name: str) -> None:
    with pytest.raises(BadInput) as caught:
        shelf.find(name)
    assert "45-TB/BCĐ" in caught.value.remedy


def test_an_ambiguous_name_is_told_with_its_candidates(shelf: Library) -> None:
    with pytest.raises(BadInput, match=r"45-TB/BCĐ.*45-NQ/TU") as caught:
        shelf.find("45")
    assert "03/NQ" not in caught.value.message


def test_an_empty_library_says_so(library: Library) -> None:
    with pytest.raises(BadInput, match="Chưa có văn bản"):
        library.find("TB45")


def test_only_current_versions_are_found(library: Library) -> None:
    library.add(notice("Một", "1/TB"), NOW)
    new = library.add(notice("Hai", "1/TB"), NOW)
    assert library.find("1/TB").id == new.notice_id


def test_loading_reads_the_stored_source_again(library: Library) -> None:
    given = notice("Một", "1/TB")
    library.add(given, NOW)
    seen: list[tuple[str, str]] = []

    def parse(source: str, file_name: str, pages: Pages = ()) -> Notice:
        seen.append((source, file_name))
        return given

    assert library.load(given.id, parse) is given
    assert seen == [("Một", "a.txt")]
    with pytest.raises(BadInput):
        library.load("none", parse)


def renamed(source: str, file_name: str, pages: Pages = ()) -> Notice:
    """A newer parser: it finds another number, so that the id is another one too."""
    return replace(notice(source, "9/TB", file_name=file_name), id=f"new-{source}")


def test_a_row_follows_a_newer_parser(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        old = library.add(notice("Một", "1/TB"), NOW)
        assert library.load(old.notice_id, renamed).id == "new-Một"
    with Library.open(path) as library:
        (stored,) = library.notices()
        assert (stored.id, stored.header.number, stored.added_at) == ("new-Một", "9/TB", NOW)
        assert library.load("new-Một", renamed).id == "new-Một"
        again = library.add(notice("Hai", "9/TB"), LATER)
        assert (again.outcome, again.replaced_id) == (Outcome.NEW_VERSION, "new-Một")


@pytest.mark.parametrize("later_first", [False, True])
def test_two_rows_that_turn_out_to_be_one_document_keep_the_later(
    library: Library, later_first: bool
) -> None:
    library.add(notice("Một", "1/TB"), LATER if later_first else NOW)
    library.add(notice("Hai", "2/TB"), NOW if later_first else LATER)
    kept, superseded = ("Một", "Hai") if later_first else ("Hai", "Một")
    assert [one.source for one in library.load_all(renamed)] == [kept]
    assert [one.id for one in library.notices()] == [f"new-{kept}"]
    current, old = library.versions(f"new-{kept}")
    assert (current.is_current, old.id, old.superseded_at) == (True, f"new-{superseded}", LATER)


def test_a_superseded_row_follows_too_and_stays_superseded(library: Library) -> None:
    old = library.add(notice("Một", "1/TB"), NOW)
    new = library.add(notice("Hai", "1/TB"), LATER)
    library.load(old.notice_id, renamed)
    assert [one.id for one in library.notices()] == [new.notice_id]
    assert library.source("new-Một") == "Một"


def test_what_is_given_is_checked(library: Library) -> None:
    wrong = Notice("n", Header(), "Một", "0" * 64, "a.txt")
    with pytest.raises(ValueError, match="content_hash"):
        library.add(wrong, NOW)
    with pytest.raises(ValueError, match="zone"):
        library.add(notice("Một"), datetime(2031, 4, 3))
    assert library.notices() == ()


def test_a_change_that_fails_half_way_is_undone(library: Library) -> None:
    old = library.add(notice("Một", "1/TB"), NOW)
    other = library.add(notice("Hai", "2/TB"), NOW)
    clash = replace(notice("Một sửa", "1/TB"), id=other.notice_id)
    with pytest.raises(sqlite3.IntegrityError):
        library.add(clash, LATER)  # the old version has been superseded by then
    assert [stored.id for stored in library.notices()] == [old.notice_id, other.notice_id]


def test_a_damaged_file_is_told_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        for i in range(50):
            library.add(notice(f"Văn bản {i} " * 500, f"{i}/TB"), NOW)
    whole = path.read_bytes()
    for damaged in (b"not a database" * 100, whole[: len(whole) // 2], whole[:4096] + bytes(8192)):
        path.write_bytes(damaged)
        with pytest.raises(Damaged, match=r"library\.db") as caught:
            Library.open(path)
        assert "congvu add" in caught.value.remedy


def test_a_changed_text_is_noticed_when_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        added = library.add(notice("Một trăm triệu đồng", "1/TB"), NOW)
    path.write_bytes(path.read_bytes().replace("trăm".encode(), "ngàn".encode()))
    with Library.open(path) as library, pytest.raises(Damaged, match="bị hỏng") as caught:
        library.source(added.notice_id)
    assert "congvu remove" in caught.value.remedy


def test_another_program_s_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE notice (x)")
    other.close()
    with pytest.raises(Damaged, match="không phải thư viện"):
        Library.open(path)


def test_a_newer_library_asks_for_a_newer_congvu(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    Library.open(path).close()
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(NotReady, match="mới hơn"):
        Library.open(path)


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="Không mở được"):
        Library.open(tmp_path / "none" / "library.db")


def test_another_process_that_writes_is_waited_for_then_told(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library.open(path, timeout_s=0.1) as library:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert library.notices() == ()
        with pytest.raises(Busy, match="tiến trình khác"):
            library.add(notice("Một"), NOW)
        other.execute("ROLLBACK")
        other.close()
        assert library.add(notice("Một"), NOW).outcome is Outcome.ADDED


def test_threads_share_one_library(library: Library) -> None:
    failures: list[BaseException] = []

    def work(worker: int) -> None:
        try:
            for i in range(20):
                library.add(notice(f"{worker} {i}", f"{worker}/TB"), NOW)
                library.notices()
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(library.notices()) == 4
    assert all(len(library.versions(stored.id)) == 20 for stored in library.notices())


ENDLESS_ADDING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from tests.test_library import notice
from corpus.store.library import Library

library = Library.open(Path(sys.argv[1]))
for i in range(100_000):
    added = library.add(notice(f"{sys.argv[2]} {i} " * 2000, "1/TB"), datetime.now(UTC))
    print(added.notice_id, flush=True)
"""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_kill_in_the_middle_of_adding_leaves_nothing_half_there(
    tmp_path: Path, seed: int
) -> None:
    path = tmp_path / "library.db"
    process = subprocess.Popen(
        [sys.executable, "-c", ENDLESS_ADDING, str(path), str(seed)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
    )
    assert process.stdout is not None
    said = [process.stdout.readline().strip() for _ in range(5)]
    time.sleep(random.Random(seed).random() / 20)
    process.kill()
    said += process.stdout.read().split()
    process.wait()
    process.stdout.close()
    with Library.open(path) as library:
        (current,) = library.notices()
        versions = library.versions(current.id)
        assert set(said) <= {version.id for version in versions}
        assert len(versions) - len(said) in {0, 1}  # one may have been done but not yet said
        assert [version.is_current for version in versions] == [True] + [False] * (
            len(versions) - 1
        )
        for version in versions:
            library.source(version.id)
        assert library.add(notice("Sau khi chết", "1/TB"), LATER).replaced_id == current.id
