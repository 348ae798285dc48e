from __future__ import annotations

import re

import pytest
from fakes_library import ANNEX, DRAFT, PLAN, TB18, Library

from assistant.answer.lead import Claim
from assistant.answer.quotation import find_markers, quotations
from assistant.answer.wording import CitedQuotes, body, cite, lead_text, warnings
from assistant.contract import WarningKind
from assistant.find.ground import Ground, Quote
from corpus.notice import Clause, Span

MARKUP = """# THÔNG BÁO
Về cảng cá

**1. Cảng cá Hòn Tro** có *hai* cầu tàu, xem [9] và <b>phụ lục</b>.
2. Cảng gọi là “Bến Mới” từ năm 2031 [1], nay là ”cảng cũ“ [12][3].
3. Tàu lớn neo ngoài khơi [2].

[1] Theo lời kể của ngư dân.
[2] Tàu dài trên 24 mét.
"""
TABLE = """BÁO CÁO
Số vé phà

1. Số vé bán tại các bến

Bến\tSố vé năm 2031\tThời gian chờ
1. Bến Cồn Sậy\t4.200\t11 phút
2. Bến Hòn Tro\t900\t

2. Thời gian chờ tại bến khác

Bến\tThời gian chờ [9]
1. Bến Gỗ\t12 [3]
2. Bến Đá\t7
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("library"), TB18, ANNEX, PLAN, DRAFT, MARKUP, TABLE)


def ground_of(library: Library, *quotes: Quote, disputed: tuple[str, ...] = ()) -> Ground:
    return Ground(quotes, 1.0, frozenset(), (), 0.0, False, (), disputed)


def whole(library: Library, clause: Clause) -> Quote:
    return Quote.whole(clause, library.notice_of(clause))


def cited(library: Library, *words: str) -> tuple[CitedQuotes, ...]:
    return cite(ground_of(library, *(whole(library, library.clause(one)) for one in words)))


def shown(library: Library, *words: str) -> str:
    return body(cited(library, *words))


def test_markers_count_from_one_and_lead_to_a_citation_each(library: Library) -> None:
    entries = cited(library, "48 kho lạnh", "vé điện tử", "60 lớp")
    assert [entry.marker for entry in entries] == [1, 2, 3]
    assert [entry.citation().marker for entry in entries] == [1, 2, 3]
    assert re.findall(r"\[(\d+)\]", body(entries)) == ["1", "2", "3"]


def test_a_citation_quotes_the_clause_verbatim(library: Library) -> None:
    for entry in cited(library, "48 kho lạnh", "Cảng cá Hòn Tro", "Bến Mới", "Bến Cồn Sậy\t"):
        citation = entry.citation()
        assert citation.quote
        assert citation.quote in citation.clause.text
        assert citation.verified


def test_a_citation_tells_where_it_stands(library: Library) -> None:
    [entry] = cited(library, "sàn bán cá")
    citation = entry.citation()
    assert citation.notice.number == "18/TB-UBND"
    assert citation.notice.date == "2031-06-05"
    assert citation.notice.file == "0.txt"
    assert citation.clause.label == "mục 1.b.(1), gạch đầu dòng 2"
    assert citation.clause.lines == (15, 15)
    assert "Sở Công Thương" in citation.clause.context


def test_one_quote_is_a_sentence_and_several_are_a_list(library: Library) -> None:
    assert shown(library, "48 kho lạnh").startswith("“Đến năm 2033")
    lines = shown(library, "48 kho lạnh", "60 lớp").splitlines()
    assert [line[:3] for line in lines] == ["- “", "- “"]


def test_the_context_of_a_clause_follows_it_on_its_line(library: Library) -> None:
    clause = library.clause("sàn bán cá")
    owner = library.snapshot.clauses[clause.context[-1].clause_id]
    entries = cite(ground_of(library, whole(library, clause), whole(library, owner)))
    assert entries[1].follows == 1
    assert body(entries).splitlines() == [
        "“Xây dựng sàn bán cá trực tuyến cho ngư dân. Nhiệm vụ thường xuyên.” [1]"
        " — “Sở Công Thương” [2]"
    ]


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ("48 kho lạnh", "“Đến năm"),  # -
        ("60 lớp", "“Hội Nông dân"),  # 1.
        ("Nguồn xã hội hóa", "“Nguồn"),  # b)
        ("Hòn Tro.", "“Có 3 kho"),  # ¹
        ("Tàu dài", "“Tàu dài"),  # [2]
        ("Cảng cá Hòn Tro", "“Cảng cá Hòn Tro có hai cầu tàu"),  # **1.
    ],
)
def test_the_number_of_a_clause_is_left_to_its_label(
    library: Library, words: str, start: str
) -> None:
    assert shown(library, words).startswith(start)


def test_markdown_is_not_shown(library: Library) -> None:
    text = shown(library, "Cảng cá Hòn Tro")
    assert "*" not in text
    assert "<b>" not in text


@pytest.mark.parametrize(
    "words", ["Cảng cá Hòn Tro", "Bến Mới", "Tàu lớn neo", "Bến Cồn Sậy\t4", "Bến Gỗ\t"]
)
def test_a_document_cannot_forge_a_marker_or_end_its_quotation(
    library: Library, words: str
) -> None:
    text = shown(library, words)
    assert [number for _, number in find_markers(text)] == [1]
    assert text.count("“") == text.count("”") == len(quotations(text))
    assert text.endswith("” [1]")


def test_brackets_in_a_quote_stay_square(library: Library) -> None:
    assert "xem [9] và" in shown(library, "Cảng cá Hòn Tro")
    assert "“12 [3]” [1]" in shown(library, "Bến Gỗ\t")


def test_the_name_of_a_column_is_no_quote_and_brings_no_marker(library: Library) -> None:
    assert shown(library, "Bến Gỗ\t") == "Bến: “Bến Gỗ” | “12 [3]” [1]"


def test_two_sentences_of_a_clause_share_a_marker(library: Library) -> None:
    clause = library.clause("sàn bán cá")
    notice = library.notice_of(clause)
    cut = clause.text.index(" Nhiệm vụ")
    quotes = (
        Quote(clause, notice, Span(0, 10)),
        Quote(clause, notice, Span(cut + 1, len(clause.text))),
    )
    [entry] = cite(ground_of(library, *quotes))
    assert entry.shown == "“Xây dựng … Nhiệm vụ thường xuyên.” [1]"
    assert entry.citation().quote == clause.text[2:]


def test_a_table_row_is_shown_with_its_column_names(library: Library) -> None:
    text = shown(library, "Bến Cồn Sậy\t")
    assert text == "Bến: “Bến Cồn Sậy” | “4.200” | Thời gian chờ: “11 phút” [1]"


def test_an_empty_cell_is_left_out(library: Library) -> None:
    assert shown(library, "Bến Hòn Tro\t") == "Bến: “Bến Hòn Tro” | “900” [1]"


def test_claims_stand_on_one_line() -> None:
    claims = [Claim("Cơ quan chủ trì: Sở Xây dựng", (1, 2)), Claim("Thời hạn: 31/3/2032", (1,))]
    assert lead_text(claims) == "Cơ quan chủ trì: Sở Xây dựng [1][2]. Thời hạn: 31/3/2032 [1]."


def test_an_issued_notice_needs_no_warning(library: Library) -> None:
    assert warnings(cited(library, "48 kho lạnh"), ()) == ()


def test_a_draft_is_told_once_with_all_its_clauses(library: Library) -> None:
    [warning] = warnings(cited(library, "khởi công", "Hòn Tro.", "48 kho lạnh"), ())
    assert warning.kind is WarningKind.DRAFT
    assert "DỰ THẢO" in warning.text
    assert warning.clauses == (
        library.clause("khởi công").id,
        library.clause("Hòn Tro.").id,
    )


def test_a_dispute_names_both_markers_and_clauses(library: Library) -> None:
    first, second = library.clause("a) Sở Xây dựng"), library.clause("Sở Nội vụ")
    ground = ground_of(
        library, whole(library, first), whole(library, second), disputed=(second.id,)
    )
    [warning] = warnings(cite(ground), ground.disputed)
    assert warning.kind is WarningKind.CONFLICT
    assert "[1] và [2]" in warning.text
    assert warning.clauses == (first.id, second.id)


def test_phrases_that_stand_side_by_side_leave_nothing_out(library: Library) -> None:
    clause = library.clause("48 kho lạnh")
    notice = library.notice_of(clause)
    cuts = [0, *(i for i, c in enumerate(clause.text) if c == " ")][:4]
    quotes = [
        Quote(clause, notice, Span(start + (start > 0), end))
        for start, end in zip(cuts, [*cuts[1:], len(clause.text)], strict=True)
    ]
    (entry,) = cite(ground_of(library, *quotes))
    assert "…" not in entry.shown
    (gap,) = cite(ground_of(library, quotes[0], *quotes[2:]))
    assert " … " in gap.shown
