from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fakes_notices import read

from corpus.blocks import Pages
from corpus.errors import BadInput
from corpus.notice import Notice, Status
from corpus.parse.notices import parse_notice
from corpus.store.corrections import Field
from corpus.store.library import Library, Outcome

NOW = datetime(2031, 6, 5, 8, tzinfo=UTC)
HEAD = (
    "UBND TỈNH SÔNG BÍCH",
    "Số: 12/TB-UBND",
    "Sông Bích, ngày 05 tháng 6 năm 2031",
    "THÔNG BÁO",
    "Kết luận về kho lạnh",
    "",
)
NOTICE = read(*HEAD, "1. Rà soát 7 kho lạnh.")
NEXT = read(*HEAD, "1. Rà soát 8 kho lạnh.")
RIGHT = read(HEAD[0], "Số: 21/TB-UBND", *HEAD[2:], "1. Rà soát 9 kho lạnh.")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.sqlite") as opened:
        opened.add(NOTICE, NOW)
        yield opened


def correct(library: Library, **values: str | None) -> None:
    [notice] = [one for one in library.notices() if one.content_hash == NOTICE.content_hash]
    changes = {Field(name): value for name, value in values.items()}
    library.corrections.change(notice, changes, "Lan", NOW)


def current(library: Library) -> Notice:
    [notice] = library.load_all(parse_notice)
    return notice


def newer(source: str, name: str, pages: Pages = ()) -> Notice:
    """Read as a newer parser may: another number."""
    made = parse_notice(source, name, pages)
    changed = parse_notice(source.replace("12/TB", "13/TB"), name).header
    return replace(made, header=changed)


def test_what_is_put_right_is_shown_wherever_the_notice_is(library: Library) -> None:
    correct(library, number="21/TB-UBND", date="09/3/2031", status="draft")
    header = current(library).header
    assert (header.number, header.date) == ("21/TB-UBND", date(2031, 3, 9))
    assert header.status is Status.DRAFT
    assert header.title == NOTICE.header.title
    [stored] = library.notices()
    assert stored.header == header
    assert stored.corrected == current(library).corrected == ("number", "date", "status")
    assert library.find("TB21").id == NOTICE.id


def test_who_put_it_right_is_kept(library: Library) -> None:
    correct(library, number="21/TB-UBND")
    [one] = library.corrections.of(NOTICE.id)
    assert (one.field, one.value, one.by_whom, one.made_at) == ("number", "21/TB-UBND", "Lan", NOW)


def test_it_can_be_undone(library: Library) -> None:
    correct(library, number="21/TB-UBND", title="Kho")
    correct(library, number=None)
    assert current(library).header.number == "12/TB-UBND"
    assert current(library).corrected == ("title",)


def test_what_was_read_so_needs_no_correction(library: Library) -> None:
    revision = library.revision
    correct(library, number="12/TB-UBND")
    assert library.corrections.of(NOTICE.id) == ()
    assert library.revision == revision


def test_an_index_made_before_is_behind(library: Library) -> None:
    revision = library.revision
    correct(library, number="21/TB-UBND")
    assert library.revision != revision
    correct(library, number=None)
    assert library.revision == revision


@pytest.mark.parametrize("new", [NEXT, RIGHT], ids=["read_wrong_as_before", "read_right_at_last"])
def test_a_new_version_keeps_it(library: Library, new: Notice) -> None:
    correct(library, number="21/TB-UBND", title="Kho lạnh")
    assert library.add(new, NOW).outcome is Outcome.NEW_VERSION
    assert current(library).header.number == "21/TB-UBND"
    assert current(library).header.title == "Kho lạnh"
    assert current(library).content_hash == new.content_hash
    assert current(library).header.number == "21/TB-UBND"


def test_another_document_is_none_of_it(library: Library) -> None:
    correct(library, title="Kho lạnh")
    assert library.add(RIGHT, NOW).outcome is Outcome.ADDED
    assert {one.header.title for one in library.notices()} == {"Kho lạnh", RIGHT.header.title}


def test_a_parser_that_reads_something_else_keeps_it(library: Library) -> None:
    correct(library, title="Kho lạnh")
    assert library.load(NOTICE.id, newer).header.title == "Kho lạnh"
    [stored] = library.notices()
    assert (stored.header.number, stored.header.title) == ("13/TB-UBND", "Kho lạnh")
    assert library.load(stored.id, newer).corrected == ("title",)


@pytest.mark.parametrize("first", ["superseded", "current"])
def test_versions_stay_together_when_a_parser_reads_something_else(
    library: Library, first: str
) -> None:
    correct(library, title="Kho lạnh")
    library.add(NEXT, NOW)
    order = [NOTICE, NEXT] if first == "superseded" else [NEXT, NOTICE]
    for one in order:
        assert library.load(one.id, newer).header.title == "Kho lạnh"
        [stored] = library.notices()
        assert stored.header.title == "Kho lạnh"
    assert library.notices()[0].header.number == "13/TB-UBND"
    assert [one.id for one in library.versions(NEXT.id)] == [NEXT.id, NOTICE.id]


def test_a_notice_that_is_handed_on_from_an_index_is_not_taken_for_what_was_read(
    library: Library,
) -> None:
    correct(library, title="Kho lạnh")
    handed_on = current(library)
    correct(library, title="Kho")
    assert library.load(NOTICE.id, lambda *_: handed_on).header.title == "Kho"
    correct(library, title=None)
    assert library.load(NOTICE.id, lambda *_: handed_on) == NOTICE
    assert library.notices()[0].header == NOTICE.header


def test_two_documents_are_not_called_alike(library: Library) -> None:
    library.add(RIGHT, NOW)
    with pytest.raises(BadInput, match="Kho đã có một văn bản"):
        correct(library, number="21/TB-UBND")
    assert library.corrections.of(NOTICE.id) == ()


def other(place: int, name: str, number: str = "12/TB-UBND") -> Notice:
    """Another document, by default the one whose number the first was misread as."""
    return read(HEAD[0], f"Số: {number}", *HEAD[2:], f"1. Xây {place} bến đò.", name=name)


def numbers(library: Library) -> dict[str, str]:
    """Content → number, of what is current."""
    return {one.content_hash: one.header.number for one in library.notices()}


def test_the_true_owner_of_a_misread_number_is_another_document(library: Library) -> None:
    correct(library, number="21/TB-UBND")
    owner, newer_owner = other(1, "ben.txt"), other(2, "ben-2.txt")
    assert library.add(owner, NOW).outcome is Outcome.ADDED
    assert numbers(library) == {
        NOTICE.content_hash: "21/TB-UBND",
        owner.content_hash: "12/TB-UBND",
    }
    added = library.add(newer_owner, NOW)
    assert (added.outcome, added.replaced_id) == (Outcome.NEW_VERSION, owner.id)
    # The first is still known by its file name, read wrong as before, and by its true number.
    assert library.add(NEXT, NOW).replaced_id == NOTICE.id
    assert library.add(RIGHT, NOW).replaced_id == NEXT.id
    assert numbers(library) == {
        RIGHT.content_hash: "21/TB-UBND",
        newer_owner.content_hash: "12/TB-UBND",
    }


def test_several_documents_can_be_misread_alike(library: Library) -> None:
    correct(library, number="21/TB-UBND")
    second, third = other(1, "ben.txt"), other(3, "kho.txt")
    library.add(second, NOW)
    [stored] = [one for one in library.notices() if one.id == second.id]
    library.corrections.change(stored, {Field.NUMBER: "22/TB-UBND"}, "Lan", NOW)
    assert library.add(third, NOW).outcome is Outcome.ADDED
    assert library.add(other(4, "ben.txt"), NOW).replaced_id == second.id
    assert sorted(numbers(library).values()) == ["12/TB-UBND", "21/TB-UBND", "22/TB-UBND"]
    library.remove(NOTICE.id)
    assert library.add(other(5, "bai.txt"), NOW).replaced_id == third.id


def test_a_correction_is_not_undone_where_its_true_owner_is_there(library: Library) -> None:
    correct(library, number="21/TB-UBND")
    library.add(other(1, "ben.txt"), NOW)
    with pytest.raises(BadInput, match="Kho đã có một văn bản"):
        correct(library, number=None)
    assert numbers(library)[NOTICE.content_hash] == "21/TB-UBND"


def test_a_number_that_was_put_right_is_free_for_its_owner(library: Library) -> None:
    misread = other(1, "ben.txt", number="15/TB-UBND")
    library.add(misread, NOW)
    correct(library, number="21/TB-UBND")
    [stored] = [one for one in library.notices() if one.id == misread.id]
    library.corrections.change(stored, {Field.NUMBER: "12/TB-UBND"}, "Lan", NOW)
    assert library.add(other(2, "ben-2.txt"), NOW).replaced_id == misread.id
    assert library.add(NEXT, NOW).replaced_id == NOTICE.id


def test_a_parser_that_reads_a_corrected_documents_old_number_supersedes_nothing(
    library: Library,
) -> None:
    old = other(1, "ben.txt", number="15/TB-UBND")
    library.add(old, NOW)
    correct(library, number="21/TB-UBND")

    def right(source: str, name: str, pages: Pages = ()) -> Notice:
        header = parse_notice(source.replace("15/TB", "12/TB"), name).header
        return replace(parse_notice(source, name, pages), header=header)

    library.load(old.id, right)
    assert numbers(library) == {NOTICE.content_hash: "21/TB-UBND", old.content_hash: "12/TB-UBND"}
    assert library.add(other(2, "ben-2.txt"), NOW).outcome is Outcome.NEW_VERSION


def test_it_goes_with_the_document(library: Library, tmp_path: Path) -> None:
    correct(library, title="Bí danh Hoa Sen")
    library.remove(NOTICE.id)
    library.add(NOTICE, NOW)
    assert current(library).header == NOTICE.header
    assert b"Hoa Sen" not in (tmp_path / "library.sqlite").read_bytes()


@pytest.mark.parametrize(
    ("field", "value"),
    [("date", "31/02/2031"), ("date", "hôm qua"), ("status", "mới"), ("kind", " "),
     ("title", "a" * 2001)],
)  # fmt: skip
def test_what_can_not_be_is_refused(library: Library, field: str, value: str) -> None:
    with pytest.raises(BadInput):
        correct(library, **{"number": "21/TB-UBND", field: value})
    assert library.corrections.of(NOTICE.id) == ()


def test_a_document_may_have_none(library: Library) -> None:
    correct(library, number="", date="")
    assert (current(library).header.number, current(library).header.date) == ("", None)


@pytest.mark.parametrize("version", [1, 2])
def test_an_older_library_opens_as_it_was(tmp_path: Path, version: int) -> None:
    path = tmp_path / "old.sqlite"
    with Library.open(path) as library:
        library.add(NOTICE, NOW)
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE correction")
        db.execute("DROP TABLE stated")
        if version == 1:
            db.execute("DROP TABLE origin")
            db.execute("ALTER TABLE notice DROP COLUMN unsure")
        db.execute(f"PRAGMA user_version = {version}")
    with Library.open(path) as library:
        assert current(library) == NOTICE
        correct(library, title="Kho")
        assert current(library).header.title == "Kho"


def test_a_cut_off_change_changes_nothing(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(type(library.corrections), "_check_alone", cut)
    with pytest.raises(KeyboardInterrupt):
        correct(library, number="21/TB-UBND")
    assert library.corrections.of(NOTICE.id) == ()


def test_what_a_document_states_follows_what_is_put_right(tmp_path: Path) -> None:
    decree = read(
        "CHÍNH PHỦ\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Số: 7/2030/NĐ-CP\tHà Nội, ngày 02 tháng 01 năm 2030",
        "NGHỊ ĐỊNH",
        "Sửa đổi, bổ sung một số điều của Nghị định số 5/2020/NĐ-CP",
        "Căn cứ Luật Chợ;",
        "Điều 1. Chợ nghỉ khi có bão.",
        "Điều 2. Nghị định này có hiệu lực kể từ ngày ký.",
    )

    def stated(library: Library) -> tuple[date | None, list[str]]:
        links = library.links(parse_notice)
        targets = [one.relation.target.number for one in links.of(decree.id)]
        return links.stated(decree.id).begins, targets

    with Library.open(tmp_path / "library.sqlite") as library:
        library.add(decree, NOW)
        assert stated(library) == (date(2030, 1, 2), ["5/2020/NĐ-CP"])
        title = decree.header.title.replace("5/2020", "6/2020")
        values = {Field.DATE: "12/01/2030", Field.TITLE: title}
        library.corrections.change(library.notices()[0], values, "Lan", NOW)
        assert stated(library) == (date(2030, 1, 12), ["6/2020/NĐ-CP"])
        library.corrections.change(library.notices()[0], dict.fromkeys(values), "Lan", NOW)
        assert stated(library) == (date(2030, 1, 2), ["5/2020/NĐ-CP"])
