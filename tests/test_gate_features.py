"""What speaks for and against an answer: every sign is there for what it is meant for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from fakes_library import PLAN, Library

from assistant.find.ground import Quote
from assistant.find.retriever import Evidence
from assistant.judge.coverage import describe
from assistant.judge.fitted import Fitted
from assistant.judge.gate_features import features, is_about_missing_document
from assistant.judge.logistic import Features
from assistant.understand.weighing import weigh_question

PORT = """ỦY BAN NHÂN DÂN TỈNH SÔNG BÍCH
Số: 21/TB-UBND
Sông Bích, ngày 05 tháng 6 năm 2031

THÔNG BÁO
Thực hiện Nghị quyết số 68-NQ/TW về cảng cá

1. Khởi công cảng cá Bến Đá ngày 12/3/2031; cảng có 14 cầu tàu.
2. Ngư dân nộp lưới cũ cho cảng cá.
3. Họp với đồng chí Nông Văn Thuỷ, Giám đốc Cảng cá.
4. Tập đoàn Hải Vân xây kho lạnh tại xã Cồn Sậy với vốn 40 tỷ đồng.
5. Quyết định số 40/QĐ-UBND sửa đổi Quyết định số 31/QĐ-UBND về bến cá.
6. Triển khai Quyết định số 52/QĐ-UBND về bến cá.
7. Chợ cá năm 2030 bán 900 tấn cá thu.
8. Dạy nghề theo Luật Thuỷ sản.
9. Sở Xây dựng sửa bến phà trước ngày 31/3/2032.
"""
NETS, PIER, MEETING, STORE = "nộp lưới", "cầu tàu", "Văn Thuỷ", "Hải Vân"
AMENDS, CARRIES_OUT, MARKET, LAW, FERRY = "số 40", "số 52", "900 tấn", "Thuỷ sản", "bến phà"

# Sign, a question and the clause where it must be, its sound twin and the clause for that.
SIGNS = [
    ("lacks_deadline", "Nộp lưới cũ khi nào?", NETS, "Sửa bến phà khi nào?", FERRY),
    ("lacks_deadline", "Sở Xây dựng có hạn khi nào?", NETS, "Sở Xây dựng có hạn khi nào?", FERRY),
    ("lacks_number", "Nộp lưới cũ được bao nhiêu tiền?", NETS, "Xây hết bao nhiêu tiền?", STORE),
    ("lacks_place", "Ngư dân nộp lưới cũ ở đâu?", NETS, "Kho lạnh xây ở đâu?", STORE),
    ("lacks_owner", "Cơ quan nào nhận lưới cũ?", NETS, "Cơ quan nào sửa bến phà?", FERRY),
    ("lacks_person", "Họp với đồng chí nào?", NETS, "Họp với đồng chí nào?", MEETING),
    ("lacks_count", "Có bao nhiêu kho lạnh?", PIER, "Có bao nhiêu cầu tàu?", PIER),
    ("lacks_count", "co bao nhieu kho lanh?", PIER, "co bao nhieu cau tau?", PIER),
    ("lacks_office", "Ai là Giám đốc Bến xe?", MEETING, "Ai là Giám đốc Cảng cá?", MEETING),
    ("lacks_event", "Cảng khai trương ngày nào?", PIER, "Cảng khởi công ngày nào?", PIER),
    ("lacks_kind", "Tỉnh nào xây kho lạnh?", STORE, "Xã nào xây kho lạnh?", STORE),
    ("lacks_trait", "Tiêu chí chọn nơi xây là gì?", STORE, "Giá xây kho là bao nhiêu?", STORE),
    ("lacks_year", "Năm 2034 bán bao nhiêu tấn?", MARKET, "Năm 2030 bán bao nhiêu tấn?", MARKET),
    (
        "lacks_relation",
        "Quyết định 52/QĐ-UBND sửa đổi quyết định nào?",
        CARRIES_OUT,
        "Quyết định 40/QĐ-UBND sửa đổi quyết định nào?",
        AMENDS,
    ),
    ("lacks_data", "Sở Y tế phải làm gì?", FERRY, "Sở Xây dựng phải làm gì?", FERRY),
    (
        "lacks_data",
        "Những việc nào hạn 30/6/2032?",
        FERRY,
        "Những việc nào hạn 31/3/2032?",
        FERRY,
    ),
    ("lacks_kind_in_main", "Có hạn khi nào?", f"{NETS}|{FERRY}", "Có hạn khi nào?", FERRY),
    ("topic_unknown", "Lương của ngư dân là gì?", NETS, "Lưới của ngư dân là gì?", NETS),
    ("stranger", "Sở Y tế sửa bến phà khi nào?", FERRY, "Sở Xây dựng sửa khi nào?", FERRY),
    ("stranger", "so y te sua ben pha khi nao?", FERRY, "so xay dung sua khi nao?", FERRY),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(Path(tmp_path_factory.mktemp("support")), PORT, PLAN)


def quoted(library: Library, words: str) -> list[Quote]:
    """The clauses with each of ``words``, whole."""
    found = [library.clause(one) for one in words.split("|")]
    return [Quote.whole(clause, library.notice_of(clause)) for clause in found]


def signs(
    library: Library, text: str, words: str, evidence: Sequence[Evidence] | None = None
) -> Features:
    """What is seen where ``text`` is asked and the clauses with ``words`` are quoted."""
    question = library.understood(text)
    weights = weigh_question(question, library.vocabulary)
    ground = replace(describe(question, quoted(library, words), weights, ()), relevance=0.625)
    found = library.evidence(question) if evidence is None else evidence
    return features(question, found, ground)


def is_sign(name: str) -> bool:
    return name.startswith("lacks_") or name in {"stranger", "topic_unknown"}


@pytest.mark.parametrize("case", SIGNS, ids=lambda case: case[0])
def test_a_sign_tells_the_lacking_from_the_sound(
    library: Library, case: tuple[str, str, str, str, str]
) -> None:
    name, text, words, twin, told = case
    assert signs(library, text, words)[name] == 1.0
    assert signs(library, twin, told)[name] == 0.0


def test_every_sign_is_tried(library: Library) -> None:
    names = {name for name in signs(library, "Ai nộp lưới cũ?", NETS) if is_sign(name)}
    assert names == {name for name, *_ in SIGNS}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Sở Xây dựng sửa bến phà khi nào?", FERRY),
        ("so xay dung sua ben pha khi nao", FERRY),
        ("Ai là Giám đốc Cảng cá?", MEETING),
        ("Tập đoàn Hải Vân xây kho lạnh ở đâu?", STORE),
        ("Chợ cá năm 2030 bán bao nhiêu tấn cá thu?", MARKET),
        ("Dạy nghề theo Luật Thuỷ sản thế nào?", LAW),
    ],
)
def test_nothing_speaks_against_what_is_told(library: Library, text: str, words: str) -> None:
    found = signs(library, text, words)
    assert [name for name, value in found.items() if is_sign(name) and value] == []
    assert found["unknown"] == 0.0
    assert found["coverage"] > 0.8


def test_where_no_data_are_named_none_are_lacking(library: Library) -> None:
    text, title = "Dạy nghề gì, gồm những kinh phí nào?", "2. Kinh phí"
    assert signs(library, text, title)["lacks_data"] == 0.0
    assert signs(library, f"{text} Hạn 31/3/2032", title)["lacks_data"] == 1.0  # a heading has none


def test_shares_of_the_words(library: Library) -> None:
    own = signs(library, "Ngư dân nộp lưới cũ", NETS)
    assert (own["coverage"], own["unknown"]) == (1.0, 0.0)
    other = signs(library, "Chèo thuyền kayak", NETS)
    assert (other["coverage"], other["unknown"]) == (0.0, 1.0)
    # Two clauses know all the words together, and neither of them does alone.
    text = "Ngư dân nộp lưới cũ, chợ cá bán cá thu"
    assert signs(library, text, f"{NETS}|{MARKET}")["unknown"] == 0.0
    assert signs(library, text, NETS)["unknown"] > 0.0


def test_how_near_the_clauses_are(library: Library) -> None:
    text = "Ngư dân nộp lưới cũ"
    [first, second, *_] = library.evidence(library.understood(text))
    first = replace(first, clause=library.clause(FERRY), score=0.75, cosine=0.5)
    second = replace(second, clause=library.clause(NETS), score=0.5, cosine=0.25)
    found = signs(library, text, NETS, [second, first])
    assert (found["nearest"], found["near"], found["ahead"]) == (0.5, 0.25, 0.25)
    assert found["relevance"] == 0.625
    # An item under a lead-in may not be among what was found.
    alone = signs(library, text, NETS, [first])
    assert (alone["nearest"], alone["near"], alone["ahead"]) == (0.5, 0.5, 0.75)


@pytest.mark.parametrize(
    ("text", "words", "is_missing"),
    [
        ("Nghị quyết 68-NQ/TW giao gì cho cảng cá?", NETS, False),  # the notice's title names it
        ("Nghị quyết 68-NQ/TW giao gì cho cảng cá?", "60 lớp", True),
        ("Nghị quyết 69-NQ/TW giao gì cho cảng cá?", NETS, True),
        ("Quyết định 52/QĐ-UBND về việc gì?", CARRIES_OUT, False),  # the clause refers to it
        ("Quyết định 52/QĐ-UBND về việc gì?", AMENDS, True),
        ("Quyết định 52/QĐ-UBND và 53/QĐ-UBND về việc gì?", CARRIES_OUT, True),  # one of two
        ("Thông báo 21/TB-UBND nói gì về Quyết định 53/QĐ-UBND?", AMENDS, False),  # one is there
        ("Quyết định 53 về việc gì?", AMENDS, False),  # a bare number may be anything
    ],
)
def test_a_missing_document(library: Library, text: str, words: str, is_missing: bool) -> None:
    question = library.understood(text)
    assert question.missing
    assert is_about_missing_document(question, quoted(library, words)) is is_missing


GATES = {"default": Fitted.of("embeddinggemma-300m"), "any": Fitted.of("counting/64")}


@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize("case", SIGNS, ids=lambda case: case[0])
def test_the_shipped_gate_is_surer_of_what_is_told(
    library: Library, case: tuple[str, str, str, str, str], gate: str
) -> None:
    name, text, words, twin, told = case
    alike = {"nearest": 0.6, "near": 0.6, "ahead": 0.1}  # found as well as each other
    answering = GATES[gate].answering
    lacking, sound = signs(library, text, words), signs(library, twin, told)
    # Only what the sign says of the two differs. What told nothing on many documents has no
    # weight: then the gate is as sure of both.
    unsure, sure = (
        answering.probability({**sound, **alike, name: one[name]}) for one in (lacking, sound)
    )
    assert unsure < sure if name in answering.model.weights else unsure == sure


def test_the_shipped_gate_follows_what_was_found(library: Library) -> None:
    answering = GATES["default"].answering
    plain = signs(library, "Sở Xây dựng sửa bến phà khi nào?", FERRY)
    better = plain | {"nearest": 0.8, "near": 0.8, "relevance": 0.95}
    worse = plain | {"nearest": 0.3, "near": 0.3, "relevance": 0.05}
    assert answering.probability(better) > answering.probability(worse)
