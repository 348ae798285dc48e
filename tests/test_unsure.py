"""Figures that a scan gives with little confidence are told wherever a clause is shown."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fakes_assistant import NOTICE

from assistant.answer.wording import CitedQuotes, warnings
from assistant.contract import CitedClause, WarningKind
from assistant.find.ground import Quote
from corpus.blocks import Extent, Recognised
from corpus.notice import Notice, Span
from corpus.parse.notices import parse_notice
from corpus.parse.unsure import with_unsure
from corpus.store.library import Library
from corpus.store.origins import Origin

NOW = datetime(2031, 4, 3, 8, 0, tzinfo=UTC)


def scanned() -> Notice:
    at = NOTICE.index("15/11/2031")
    return with_unsure(parse_notice(NOTICE, "a.pdf"), [Span(at, at + len("15/11/2031"))])


def test_only_the_clause_that_holds_the_word_knows_of_it() -> None:
    notice = scanned()
    [clause] = [one for one in notice.clauses if one.unsure]
    assert clause.unsure == ("15/11/2031",)
    assert "15/11/2031" in clause.text
    assert CitedClause.of(clause).unsure == clause.unsure


def test_what_an_earlier_reading_doubted_is_forgotten() -> None:
    assert with_unsure(scanned(), ()) == parse_notice(NOTICE, "a.pdf")


def test_an_answer_that_cites_it_warns() -> None:
    notice = scanned()
    [clause] = [one for one in notice.clauses if one.unsure]
    quote = Quote(clause, notice, Span(0, len(clause.text)))
    [told] = warnings([CitedQuotes(1, (quote,), None)], ())
    assert (told.kind, told.clauses) == (WarningKind.UNSURE, (clause.id,))
    assert told.text == ("[1] Bản quét, máy đọc không chắc “15/11/2031”: cần đối chiếu bản gốc.")
    sure = replace(clause, unsure=())
    assert warnings([CitedQuotes(1, (replace(quote, clause=sure),), None)], ()) == ()


def test_the_library_keeps_it(tmp_path: Path) -> None:
    notice = scanned()
    with Library.open(tmp_path / "library.sqlite") as library:
        library.add(notice, NOW)
    with Library.open(tmp_path / "library.sqlite") as library:
        assert library.load(notice.id, parse_notice) == notice


def test_it_is_that_of_the_last_reading(tmp_path: Path) -> None:
    notice, changed = scanned(), parse_notice(NOTICE.replace("7 kho", "8 kho"), "a.pdf")
    sure = parse_notice(NOTICE, "a.pdf")
    with Library.open(tmp_path / "library.sqlite") as library:
        library.add(sure, NOW, origin("old"))
        library.add(notice, NOW, origin("new"))
        assert library.load(notice.id, parse_notice) == notice
        library.add(changed, NOW + timedelta(1))
        library.add(sure, NOW + timedelta(2), origin("newest"))
        assert library.load(notice.id, parse_notice) == sure


def test_an_original_of_another_format_does_not_replace_one(tmp_path: Path) -> None:
    words = parse_notice(NOTICE, "a.docx")
    with Library.open(tmp_path / "library.sqlite") as library:
        library.add(words, NOW, origin("old", b"word"))
        assert not library.add(scanned(), NOW, origin("new", b"pdf")).completed
        assert library.origins.original(words.id) == b"word"
        assert library.load(words.id, parse_notice) == words


def test_who_lacks_an_original_gets_its_name_too(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.sqlite") as library:
        library.add(parse_notice(NOTICE, "a.docx"), NOW)
        assert library.add(scanned(), NOW, origin("new", b"pdf")).completed
        assert library.load(scanned().id, parse_notice) == scanned()
        assert library.origins.original(scanned().id) == b"pdf"


def origin(read_by: str, data: bytes = b"file") -> Origin:
    return Origin(data, (), Recognised(0, Extent()), read_by)


def test_a_library_of_before_is_migrated(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    notice = parse_notice(NOTICE, "a.txt")
    with Library.open(path) as library:
        library.add(notice, NOW)
    with sqlite3.connect(path) as old:
        for table in ("correction", "stated", "origin"):
            old.execute(f"DROP TABLE {table}")
        old.execute("ALTER TABLE notice DROP COLUMN unsure")
        old.execute("PRAGMA user_version = 1")
    old.close()
    with Library.open(path) as library:
        assert library.load(notice.id, parse_notice) == notice
