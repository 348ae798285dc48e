"""Passages cover their clause, word for word, and never cut a number."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from fakes_index import make_clause, make_notice
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.notice import Clause, ClauseKind, ContextPart, ContextRole, Notice
from index.passages import (
    PASSAGE_KINDS,
    Passage,
    PassageSettings,
    passages_of,
    split_text,
    title_of,
)

WINDOW = 2048
UNBREAKABLE = ("45-TB/TGV", "12 -TB/UBND", "1.245", "93,54%", "15/11/2025", "66.7/2025/NQ-CP")


def words(text: str) -> int:
    return len(text.split())


def cut(text: str, size: int) -> list[str]:
    return [span.of(text) for span in split_text(text, size, WINDOW, words)]


def in_notice(*clauses: Clause) -> Notice:
    return replace(make_notice("n"), clauses=clauses)


def passages(notice: Notice, **settings: int) -> tuple[Passage, ...]:
    return passages_of(notice, PassageSettings(**settings), WINDOW, words)


def assert_covers(text: str, size: int) -> None:
    spans = split_text(text, size, WINDOW, words)
    place = 0
    for span in spans:
        assert text[place : span.start].strip() == ""
        assert span.of(text) == span.of(text).strip() != ""
        assert len(span.of(text)) <= size
        place = span.end
    assert text[place:].strip() == ""


@example("0" * 15 + "\r" + "0" * 30, 16)
@given(st.text(), st.integers(min_value=16, max_value=80))
def test_any_text_is_covered_but_for_white_space(text: str, size: int) -> None:
    assert_covers(text, size)


sentences = st.lists(
    st.tuples(
        st.sampled_from([*UNBREAKABLE, "Sở", "chủ trì", "hoàn thành", "trước ngày", "TP."]),
        st.sampled_from([" ", "  ", ". ", "; ", ", ", ": ", ".\n", "\n", " . ", "… ", "! "]),
    ),
    min_size=1,
    max_size=120,
).map(lambda parts: "".join(word + gap for word, gap in parts))


@given(sentences, st.integers(min_value=60, max_value=200))
def test_no_number_date_or_code_is_cut(text: str, size: int) -> None:
    assert_covers(text, size)
    parts = cut(text, size)
    for code in UNBREAKABLE:
        in_all = len(re.findall(re.escape(code), text))
        assert sum(len(re.findall(re.escape(code), part)) for part in parts) == in_all


def test_a_long_clause_is_cut_at_its_sentences() -> None:
    text = (
        "Sở Công Thương rà soát các kho lạnh. Hoàn thành trước 15/11/2031. "
        "UBND TP. Hồ Sen báo cáo kết quả. Nhiệm vụ thường xuyên."
    )
    assert cut(text, 70) == [
        "Sở Công Thương rà soát các kho lạnh. Hoàn thành trước 15/11/2031.",
        "UBND TP. Hồ Sen báo cáo kết quả. Nhiệm vụ thường xuyên.",
    ]


def test_a_page_break_inside_a_code_is_no_place_to_cut() -> None:
    text = "Thực hiện Chương trình số 02-\nCTr/BCĐ về kho lạnh của tỉnh Hồ Sen"
    assert any("02-\nCTr/BCĐ" in part for part in cut(text, 34))


def test_the_parts_are_of_like_length() -> None:
    parts = cut("Sở rà soát kho lạnh. " * 50, 1000)
    assert len(parts) == 2
    assert min(len(part) for part in parts) > 300


def test_a_line_of_a_million_letters_is_cut_all_the_same() -> None:
    parts = cut("x" * 1_000_000, 1000)
    assert len(parts) == 1000


def test_a_text_of_many_tokens_is_cut_further() -> None:
    text = " ".join("abcdefghij")  # 10 tokens in 19 bytes, a window of 4
    spans = split_text("đ ữ " * 20, 1000, 12, words)
    assert max(words(span.of("đ ữ " * 20)) for span in spans) <= 12
    assert [span.of(text) for span in split_text(text, 1000, 19, words)] == [text]


@given(st.lists(st.text(min_size=1, max_size=300), max_size=4))
def test_a_passage_is_a_verbatim_part_of_its_clause(texts: list[str]) -> None:
    notice = make_notice("n", *texts)
    by_id = {clause.id: clause for clause in notice.clauses}
    found = passages(notice, characters=50)
    for passage in found:
        assert by_id[passage.clause_id].text[passage.start : passage.end] == passage.text
    assert [p.clause_id for p in found] == sorted(p.clause_id for p in found)
    for one, other in pairwise(found):
        assert one.clause_id != other.clause_id or one.end <= other.start


@pytest.mark.parametrize("kind", list(ClauseKind))
def test_kinds_that_answer_nothing_are_left_out(kind: ClauseKind) -> None:
    found = passages(in_notice(make_clause("Nội dung", kind)))
    assert [passage.kind for passage in found] == ([kind] if kind in PASSAGE_KINDS else [])


def test_every_kind_with_content_is_found() -> None:
    assert {kind for kind in ClauseKind if kind.is_content} <= PASSAGE_KINDS


def part(role: ContextRole, text: str) -> ContextPart:
    return ContextPart(role, "n#9", text)


def test_the_title_holds_name_headings_owner_and_lead_in() -> None:
    clause = make_clause(
        "Rà soát kho lạnh",
        context=(
            part(ContextRole.HEADING, "1. Về nông nghiệp"),
            part(ContextRole.OWNER, "a) Sở Công Thương"),
            part(ContextRole.LEAD_IN, "Khẩn trương:"),
            part(ContextRole.CLOSER, "Hoàn thành trong quý I."),
        ),
    )
    assert title_of(in_notice(clause), clause, 200) == (
        "Thông báo 12-TB/UBND › 1. Về nông nghiệp › a) Sở Công Thương › Khẩn trương:"
    )


@given(st.lists(st.text(max_size=200), max_size=6), st.integers(min_value=16, max_value=250))
def test_the_title_keeps_its_bound(texts: list[str], limit: int) -> None:
    clause = make_clause("x", context=tuple(part(ContextRole.HEADING, text) for text in texts))
    assert len(title_of(in_notice(clause), clause, limit)) <= limit


def test_a_crowded_title_loses_its_outermost_heading_first() -> None:
    context = tuple(
        part(ContextRole.HEADING, f"{name} " * 12) for name in ("ngoài", "giữa", "trong")
    )
    clause = make_clause("x", context=context)
    title = title_of(in_notice(clause), clause, 100)
    assert "trong" in title
    assert "ngoài" not in title


def test_settings_out_of_bounds_are_refused() -> None:
    with pytest.raises(ValueError, match="16"):
        PassageSettings(characters=3)
