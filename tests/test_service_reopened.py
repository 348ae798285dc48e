"""A citation of yesterday says how its notice stands today."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fakes_assistant import DRAFT, NOTICE, OTHER

from assistant.contract import Citation, CitedClause, CitedNotice
from assistant.service.history.reopened import CitationState, Reopened, Reopener
from corpus.blocks import Pages
from corpus.notice import Notice
from corpus.parse.notices import parse_notice
from corpus.store.corrections import Field
from corpus.store.library import Library

NOW = datetime(2031, 6, 5, 8, 0, tzinfo=UTC)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.sqlite") as opened:
        yield opened


def add(library: Library, text: str, file_name: str = "a.txt") -> Notice:
    notice = parse_notice(text, file_name)
    library.add(notice, NOW)
    return notice


def cited(notice: Notice, words: str) -> dict[str, Any]:
    """A citation as the history gives it back."""
    [clause] = [one for one in notice.clauses if words in one.text]
    citation = Citation(1, CitedNotice.of(notice), CitedClause.of(clause), clause.text, True)
    stored: dict[str, Any] = json.loads(json.dumps(asdict(citation)))
    return stored


def citation_in(notice: Notice, words: str) -> str:
    return str(cited(notice, words)["clause"]["id"])


def reopen(library: Library, citation: dict[str, Any]) -> Reopened:
    return Reopener(library).reopen(citation)


def test_an_unchanged_notice_is_the_same(library: Library) -> None:
    notice = add(library, NOTICE)
    add(library, OTHER, "b.txt")
    citation = cited(notice, "Sở Y tế")
    found = reopen(library, citation)
    assert (found.state, found.notice_id) == (CitationState.SAME, notice.id)
    assert (found.clause_id, found.clause_label) == (citation["clause"]["id"], "mục 2")
    assert found.text == "Thông báo 12/TB-UBND vẫn như lúc được dẫn."
    assert found.to_dict()["state"] == "same"


def test_a_new_version_that_keeps_the_words_tells_where_they_are(library: Library) -> None:
    citation = cited(add(library, NOTICE), "Sở Y tế")
    new = add(library, NOTICE.replace("1. Sở Công Thương", "1. Bộ Công Thương"))
    found = reopen(library, citation)
    assert (found.state, found.notice_id) == (CitationState.NOTICE_CHANGED, new.id)
    assert (found.clause_id, found.clause_label) == (citation_in(new, "Sở Y tế"), "mục 2")
    assert found.text == "Thông báo 12/TB-UBND đã có bản mới; đoạn được dẫn vẫn còn, nay ở mục 2."


def test_a_notice_is_found_by_what_it_was_read_as_and_by_what_was_put_right(
    library: Library,
) -> None:
    as_read = add(library, NOTICE)
    library.remove(as_read.id)
    new = add(library, NOTICE.replace("1. Sở Công Thương", "1. Bộ Công Thương"))
    library.corrections.change(library.notices()[0], {Field.NUMBER: "21/TB-UBND"}, "Lan", NOW)
    put_right = replace(as_read, header=replace(as_read.header, number="21/TB-UBND"))
    for one in (as_read, put_right):
        found = reopen(library, cited(one, "Sở Y tế"))
        assert (found.state, found.notice_id) == (CitationState.NOTICE_CHANGED, new.id)


def test_a_clause_that_only_got_another_number_is_found(library: Library) -> None:
    citation = cited(add(library, NOTICE), "Sở Y tế")
    add(library, NOTICE.replace("2. Sở Y tế", "2. Sở Nội vụ họp.\n3. Sở Y tế"))
    found = reopen(library, citation)
    assert (found.state, found.clause_label) == (CitationState.NOTICE_CHANGED, "mục 3")


def test_a_new_version_without_the_words_says_so(library: Library) -> None:
    citation = cited(add(library, NOTICE), "7 kho lạnh")
    new = add(library, NOTICE.replace("7 kho lạnh", "17 kho lạnh"))
    found = reopen(library, citation)
    assert (found.state, found.notice_id) == (CitationState.NOTICE_CHANGED, new.id)
    assert (found.clause_id, found.clause_label) == (None, None)
    assert "không còn đúng đoạn này" in found.text


def test_words_that_became_part_of_a_clause_are_found_but_not_parts_of_words(
    library: Library,
) -> None:
    citation = cited(add(library, DRAFT, "bc.txt"), "Sáu tháng")
    words = citation["clause"]["text"]
    add(library, DRAFT.replace(words, f"Nhìn chung: {words}"), "bc.txt")
    assert reopen(library, citation).clause_id is not None
    add(library, DRAFT.replace(words, f"Nhìn chung: x{words}"), "bc.txt")
    assert reopen(library, citation).clause_id is None


def test_the_old_version_made_current_again_is_the_same_again(library: Library) -> None:
    notice = add(library, NOTICE)
    citation = cited(notice, "Sở Y tế")
    add(library, NOTICE + "3. Thêm.\n")
    add(library, NOTICE)
    assert reopen(library, citation).state is CitationState.SAME


def test_a_removed_notice_is_told(library: Library) -> None:
    notice = add(library, NOTICE)
    citation = cited(notice, "Sở Y tế")
    add(library, OTHER, "b.txt")
    library.remove(notice.id)
    found = reopen(library, citation)
    assert found == Reopened(CitationState.REMOVED, found.text)
    assert found.text.startswith("Thông báo 12/TB-UBND không còn trong kho")


def test_removed_and_added_again_in_another_version_is_a_change(library: Library) -> None:
    notice = add(library, NOTICE)
    citation = cited(notice, "Sở Y tế")
    library.remove(notice.id)
    add(library, NOTICE + "3. Thêm.\n", "khac.txt")
    found = reopen(library, citation)
    assert (found.state, found.clause_label) == (CitationState.NOTICE_CHANGED, "mục 2")


def test_a_superseded_version_removed_alone_is_a_change(library: Library) -> None:
    notice = add(library, NOTICE)
    citation = cited(notice, "Sở Y tế")
    add(library, NOTICE + "3. Thêm.\n")
    library.remove(notice.id)
    assert reopen(library, citation).state is CitationState.NOTICE_CHANGED


def test_a_newer_congvu_that_names_the_same_content_otherwise_is_no_change(
    library: Library,
) -> None:
    notice = add(library, NOTICE)
    citation = cited(notice, "Sở Y tế")

    def renamed(source: str, file_name: str, pages: Pages = ()) -> Notice:
        read = parse_notice(source, file_name)
        return replace(read, id=f"khac-{read.content_hash[:8]}")

    library.load(notice.id, renamed)
    found = Reopener(library, renamed).reopen(citation)
    assert (found.state, found.clause_label) == (CitationState.SAME, "mục 2")
    assert found.notice_id == f"khac-{notice.content_hash[:8]}"


def test_a_notice_is_read_once_for_all_citations_of_an_answer(library: Library) -> None:
    notice = add(library, NOTICE)
    read: list[str] = []

    def parse(source: str, file_name: str, pages: Pages = ()) -> Notice:
        read.append(file_name)
        return parse_notice(source, file_name, pages)

    reopener = Reopener(library, parse)
    for words in ("Sở Y tế", "7 kho lạnh", "Sở Y tế"):
        assert reopener.reopen(cited(notice, words)).state is CitationState.SAME
    assert read == ["a.txt"]
