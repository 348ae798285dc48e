from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from fakes_library import ANNEX, DRAFT, PLAN, TB18, WORDS_ALONE, Library

from assistant.contract import RefusalReason
from assistant.find.ground import Ground, Quote
from assistant.find.retriever import Evidence
from assistant.judge.coverage import describe
from assistant.judge.gate import Gate, GateDecision
from assistant.judge.logistic import Answering, Logistic
from assistant.understand.weighing import weigh_question

PROGRAMME = """CHÍNH PHỦ
Số: 30/NQ-CP
Sông Bích, ngày 05 tháng 6 năm 2031

NGHỊ QUYẾT
Chương trình thực hiện Nghị quyết số 68-NQ/TW về nghề cá

1. Hội Nông dân mở chợ cá trên mạng cho ngư dân.
"""
OPEN = Logistic({}, 20.0)
"""Lets pass whatever was found."""
FAR = 0.45

STORES, FERRY, TICKETS = "- Rà soát 12 kho lạnh cũ, báo", "a) Sở Xây dựng", "vé điện tử"
ICE, SCHOOL, FUNDS = "Xã Bến Đá đặt", "Cao đẳng", "Nguồn xã hội hóa"
LISTED, SIGNED = "12 kho lạnh cũ (Sở", "Bích Đào"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("library"), TB18, ANNEX, PLAN, DRAFT, PROGRAMME)


def ground(library: Library, text: str, words: str) -> Ground:
    """What the clauses with each of ``words``, quoted whole, are to a question."""
    question = library.understood(text)
    found = [library.clause(one) for one in words.split("|")]
    quotes = [Quote.whole(clause, library.notice_of(clause)) for clause in found]
    return describe(question, quotes, weigh_question(question, library.vocabulary), ())


def verdict(
    library: Library,
    text: str,
    words: str,
    model: Logistic = WORDS_ALONE,
    evidence: Sequence[Evidence] | None = None,
) -> GateDecision:
    """Decide on ``text`` where the clauses with ``words`` would be quoted."""
    question = library.understood(text)
    found = library.evidence(question) if evidence is None else evidence
    told = Gate(Answering(model, far=FAR)).decide(question, found, ground(library, text, words))
    assert 0.0 <= told.confidence <= 1.0
    assert (told.confidence >= 0.5) is (told.reason is None)
    return told


TOLD = [
    ("Ai rà soát 12 kho lạnh cũ?", STORES),
    ("Bến phà Cồn Sậy sửa chữa xong khi nào?", FERRY),
    ("ve dien tu ban o may ben pha?", TICKETS),
    ("Ai ký Thông báo số 18/TB-UBND?", SIGNED),
    ("Những xã nào thí điểm máy làm đá?", f"{ICE}|Xã Cồn Sậy"),
    ("Theo Phụ lục I, 12 kho lạnh cũ rà soát theo thông báo nào?", LISTED),
]
LACKING = [
    ("Địa chỉ của Ban quản lý bến phà bán vé điện tử ở đâu?", TICKETS),  # a place
    ("Trường Cao đẳng Sông Bích dạy nghề sửa máy tàu từ khi nào?", SCHOOL),  # a deadline
    ("Máy làm đá cho tàu cá ở xã Bến Đá theo nghị định nào?", ICE),  # a document
    ("Xã Bến Đá đặt mấy máy làm đá cho tàu cá, hết bao nhiêu tiền?", ICE),  # a number
    ("Nguồn xã hội hóa 20 tỷ đồng do ông nào góp?", FUNDS),  # a person
    ("Lương của Ban quản lý bến phà bán vé điện tử là bao nhiêu?", TICKETS),  # a topic
]
MISSING = [
    ("Quyết định số 77/QĐ-UBND do ai ký?", SIGNED),
    ("Kế hoạch số 9/KH-TU giao việc gì cho xã Bến Đá?", ICE),
    ("Theo Nghị quyết 68-NQ/TW, bến phà phải làm gì?", TICKETS),
]


@pytest.mark.parametrize(("text", "words"), TOLD)
def test_what_the_notices_say_passes(library: Library, text: str, words: str) -> None:
    assert verdict(library, text, words).reason is None


@pytest.mark.parametrize("text", ["Mai trời có mưa không?", "Giá vàng hôm nay lên hay xuống?"])
def test_nothing_is_near(library: Library, text: str) -> None:
    assert verdict(library, text, TICKETS).reason is RefusalReason.NO_EVIDENCE


@pytest.mark.parametrize(("text", "words"), MISSING)
def test_a_document_that_is_not_there(library: Library, text: str, words: str) -> None:
    expected = GateDecision(RefusalReason.OUT_OF_SCOPE, 0.0)
    assert verdict(library, text, words, OPEN) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # The quoted clause refers to it, or its notice's title names it.
        ("Kế hoạch số 8/KH-UBND giao mở 25 lớp dạy ướp cá hạn khi nào?", "25 lớp"),
        ("Nghị quyết 68-NQ/TW giao Hội Nông dân làm gì cho ngư dân?", "chợ cá trên mạng"),
    ],
)
def test_a_document_that_is_only_told_of_is_not_missing(
    tmp_path_factory: pytest.TempPathFactory, text: str, words: str
) -> None:
    annex = ANNEX.replace("số 9/KH-UBND", "số 8/KH-UBND")
    library = Library(tmp_path_factory.mktemp("told"), annex, PLAN, PROGRAMME)
    assert library.understood(text).missing
    assert verdict(library, text, words).reason is None
    assert verdict(library, text, "60 lớp", OPEN).reason is RefusalReason.OUT_OF_SCOPE


@pytest.mark.parametrize(("text", "words"), LACKING)
def test_what_was_asked_for_is_not_there(library: Library, text: str, words: str) -> None:
    assert verdict(library, text, words).reason is RefusalReason.NOT_SUPPORTED
    assert verdict(library, text, words, OPEN).reason is None


def test_another_agency_is_refused_whatever_the_weights(library: Library) -> None:
    told = verdict(library, "Sở Y tế rà soát 12 kho lạnh cũ khi nào?", STORES, OPEN)
    assert told.reason is RefusalReason.NOT_SUPPORTED
    assert [(one.asked, one.told) for one in told.differences] == [("Sở Y tế", "Sở Công Thương")]


def test_who_asks_whether_it_is_so_is_put_right(library: Library) -> None:
    told = verdict(library, "Có phải Sở Y tế rà soát 12 kho lạnh cũ không?", STORES, OPEN)
    assert told.reason is None
    assert [one.told for one in told.differences] == ["Sở Công Thương"]


@pytest.mark.parametrize("model", [WORDS_ALONE, OPEN])
@pytest.mark.parametrize(
    "text", ["Ai ký Thông báo số 18/TB-UBND?", "ai dung ten duoi thong bao 18 vay"]
)
def test_who_signed_is_told_by_a_signature_alone(
    library: Library, text: str, model: Logistic
) -> None:
    refused = GateDecision(RefusalReason.NOT_SUPPORTED, 0.0)
    assert verdict(library, text, SIGNED, model) == GateDecision(None, 1.0)
    assert verdict(library, text, f"{FERRY}|{SIGNED}", model) == GateDecision(None, 1.0)
    assert verdict(library, text, FERRY, model) == refused


def test_the_weights_are_the_models(library: Library) -> None:
    text, words = TOLD[1]
    sure = verdict(library, text, words, replace(WORDS_ALONE, bias=2.0)).confidence
    assert sure > verdict(library, text, words).confidence
    strict = verdict(library, text, words, replace(WORDS_ALONE, bias=-9.0))
    assert strict.reason is RefusalReason.NOT_SUPPORTED


@pytest.mark.parametrize(("bias", "reason"), [(0.0, None), (-0.01, RefusalReason.NOT_SUPPORTED)])
def test_one_half_is_enough(library: Library, bias: float, reason: RefusalReason | None) -> None:
    assert verdict(library, *TOLD[1], Logistic({}, bias)).reason is reason


@pytest.mark.parametrize(
    ("cosine", "reason"),
    [(0.44, RefusalReason.NO_EVIDENCE), (0.46, RefusalReason.NOT_SUPPORTED)],
)
def test_a_refusal_says_whether_anything_is_near(
    library: Library, cosine: float, reason: RefusalReason
) -> None:
    text, words = LACKING[0]
    found = [replace(e, cosine=cosine) for e in library.evidence(library.understood(text))]
    assert verdict(library, text, words, evidence=found).reason is reason
    assert verdict(library, text, words, OPEN, found).reason is None


def test_no_evidence_at_all(library: Library) -> None:
    text = "Ai rà soát 12 kho lạnh cũ?"
    question = library.understood(text)
    found, told = library.evidence(question), ground(library, text, STORES)
    expected = GateDecision(RefusalReason.NO_EVIDENCE, 0.0)
    gate = Gate(Answering(OPEN))
    assert gate.decide(question, found, told).reason is None
    assert gate.decide(question, (), told) == expected
    assert gate.decide(question, found, None) == expected
    assert gate.decide(question, found, replace(told, quotes=())) == expected


def test_confidence_tells_how_well_an_answer_is_supported(library: Library) -> None:
    told = verdict(library, *TOLD[1])
    far = verdict(library, "Giá vàng hôm nay lên hay xuống?", TICKETS)
    lacking = verdict(library, "Bán vé điện tử tại bến phà khi nào?", TICKETS)
    assert 0.0 < far.confidence < lacking.confidence < 0.5 <= told.confidence < 1.0
