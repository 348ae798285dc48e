from __future__ import annotations

from dataclasses import replace

import pytest
from fakes_library import ANNEX, DRAFT, PLAN, TB18, Library

from assistant.answer import RefusalReason
from assistant.gate import SPLIT, GateLimits, Verdict, decide

OPEN = GateLimits(cosine=-1.0, coverage=0.0, unknown=1.0)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("library"), TB18, ANNEX, PLAN, DRAFT)


def verdict(library: Library, text: str, limits: GateLimits | None = None) -> Verdict:
    question = library.understood(text)
    limits = limits or GateLimits()
    return decide(question, library.evidence(question), library.ground(text), limits)


def reason(library: Library, text: str, limits: GateLimits | None = None) -> RefusalReason | None:
    return verdict(library, text, limits).reason


@pytest.mark.parametrize(
    "text",
    [
        "Ai rà soát 12 kho lạnh cũ?",
        "Bến phà Cồn Sậy sửa chữa xong khi nào?",
        "ve dien tu ban o may ben pha?",
        "Ai ký Thông báo số 18/TB-UBND?",
        "Những xã nào thí điểm máy làm đá?",
        "Theo Phụ lục I, 12 kho lạnh cũ rà soát theo thông báo nào?",
    ],
)
def test_what_the_notices_say_passes(library: Library, text: str) -> None:
    assert reason(library, text) is None


@pytest.mark.parametrize("text", ["Mai trời có mưa không?", "Giá vàng hôm nay lên hay xuống?"])
def test_nothing_is_near(library: Library, text: str) -> None:
    assert reason(library, text) is RefusalReason.NO_EVIDENCE


@pytest.mark.parametrize(
    "text",
    [
        "Quyết định số 77/QĐ-UBND do ai ký?",
        "Kế hoạch số 9/KH-TU giao việc gì cho xã Bến Đá?",
        "Theo Nghị quyết 68-NQ/TW, bến phà phải làm gì?",
    ],
)
def test_a_document_that_is_not_there(library: Library, text: str) -> None:
    assert reason(library, text) is RefusalReason.OUT_OF_SCOPE


def test_a_missing_document_that_the_quoted_clause_refers_to_is_answered(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    library = Library(tmp_path_factory.mktemp("annex"), ANNEX)
    text = "Kế hoạch số 9/KH-UBND giao mở 25 lớp dạy ướp cá hạn khi nào?"
    assert library.understood(text).missing
    assert reason(library, text, OPEN) is None


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("Địa chỉ của Ban quản lý bến phà bán vé điện tử ở đâu?", "a place"),
        ("Trường Cao đẳng Sông Bích dạy nghề sửa máy tàu từ khi nào?", "a deadline"),
        ("Máy làm đá cho tàu cá ở xã Bến Đá theo nghị định nào?", "a document"),
        ("Xã Bến Đá đặt mấy máy làm đá cho tàu cá, hết bao nhiêu tiền?", "a number"),
        ("Nguồn xã hội hóa 20 tỷ đồng do ông nào góp?", "a person"),
    ],
)
def test_what_was_asked_for_is_not_there(library: Library, text: str, lacks: str) -> None:
    assert reason(library, text, OPEN) is RefusalReason.NOT_SUPPORTED, lacks


def test_an_agency_that_the_clauses_do_not_name(library: Library) -> None:
    assert reason(library, "Sở Y tế rà soát 12 kho lạnh cũ khi nào?", OPEN) is (
        RefusalReason.NOT_SUPPORTED
    )


def test_a_topic_that_the_clauses_do_not_know(library: Library) -> None:
    text = "Lương của Ban quản lý bến phà bán vé điện tử là bao nhiêu?"
    assert reason(library, text, OPEN) is RefusalReason.NOT_SUPPORTED


def test_the_limits_are_the_callers(library: Library) -> None:
    text = "Bến phà Cồn Sậy sửa chữa xong khi nào?"
    strict = replace(GateLimits(), coverage=1.01)
    assert reason(library, text, strict) is RefusalReason.NOT_SUPPORTED
    far = replace(GateLimits(), cosine=1.01, unknown=-1.0)
    assert reason(library, text, far) is RefusalReason.NO_EVIDENCE


def test_no_evidence_at_all(library: Library) -> None:
    question = library.understood("Ai rà soát 12 kho lạnh cũ?")
    assert decide(question, (), None, OPEN) == Verdict(RefusalReason.NO_EVIDENCE, 0.0)
    empty = replace(library.ground(question.text), quotes=())
    found = library.evidence(question)
    assert decide(question, found, empty, OPEN).reason is RefusalReason.NO_EVIDENCE


def test_confidence_never_contradicts_the_decision(library: Library) -> None:
    told = verdict(library, "Bến phà Cồn Sậy sửa chữa xong khi nào?")
    far = verdict(library, "Mai trời có mưa không?")
    lacking = verdict(library, "Địa chỉ của Ban quản lý bến phà bán vé điện tử ở đâu?")
    assert 0.0 <= far.confidence < lacking.confidence < SPLIT <= told.confidence <= 1.0
