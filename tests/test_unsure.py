"""Figures that a scan gives with little confidence are told wherever a clause is shown."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from fakes_assistant import NOTICE

from assistant.answer.wording import CitedQuotes, warnings
from assistant.contract import CitedClause, WarningKind
from assistant.find.ground import Quote
from corpus.notice import Notice, Span
from corpus.parse.notices import parse_notice
from corpus.parse.unsure import with_unsure
from corpus.store.library import Library

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


def test_a_library_of_before_is_migrated(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    notice = parse_notice(NOTICE, "a.txt")
    with Library.open(path) as library:
        library.add(notice, NOW)
    with sqlite3.connect(path) as old:
        old.execute("ALTER TABLE notice DROP COLUMN unsure")
        old.execute("PRAGMA user_version = 1")
    old.close()
    with Library.open(path) as library:
        assert library.load(notice.id, parse_notice) == notice
