from __future__ import annotations

import pytest
from fakes_library import TB18
from test_sheet import NOTICE

from assistant.find.own_data import OwnData
from assistant.understand.question import understand
from assistant.understand.wanted import SURE, Wanted
from assistant.understand.weights import weigh
from corpus.notice import ClauseKind
from corpus.parse.notices import parse_notice
from corpus.parse.sheet import DatumKind, read_sheet
from index.vocabulary import Vocabulary

NOTICES = {
    notice.id: notice
    for notice in (parse_notice("\n".join(NOTICE), "12.txt"), parse_notice(TB18, "18.txt"))
}
CLAUSES = {clause.id: clause for notice in NOTICES.values() for clause in notice.clauses}
VOCABULARY = Vocabulary(clause.text for clause in CLAUSES.values())
OWN = OwnData({n.id: read_sheet(n) for n in NOTICES.values()}, NOTICES, CLAUSES, Wanted.load())


def told(text: str) -> list[str]:
    question = understand(text, (), NOTICES, VOCABULARY)
    clauses, _ = OWN.told(question, weigh(question.restored, VOCABULARY), ())
    return [clause.label for clause in clauses]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ai đặt bút ký nghị định 77/2031/NĐ-CP thế?", DatumKind.SIGNER),
        ("Thông tư 9/2031/TT-BYT do ai ký, giữ chức vụ gì?", DatumKind.SIGNER),
        ("nghi dinh 77/2031 co hieu luc tu ngay nao", DatumKind.EFFECT),
        ("Quy định về chợ số bắt đầu được áp dụng từ hôm nào?", DatumKind.EFFECT),
    ],
)
def test_what_is_wanted_is_told_by_how_it_is_asked(text: str, kind: DatumKind) -> None:
    chances = Wanted.load().of(text)
    assert [one for one, chance in chances.items() if chance >= SURE] == [kind]


@pytest.mark.parametrize(
    "text", ["Chợ số mở cửa mấy giờ?", "Sở nào chủ trì ký kết hợp đồng?", "Kinh phí là bao nhiêu?"]
)
def test_a_question_about_the_matter_wants_no_data_of_the_document(text: str) -> None:
    assert max(Wanted.load().of(text).values()) < SURE


def test_who_signed_is_told_by_the_signature_of_the_document_that_is_named() -> None:
    (label,) = told("Nghị định 12/2032/NĐ-CP do ai ký?")
    signature = next(
        c for c in CLAUSES.values() if c.kind is ClauseKind.SIGNATURE and "Khoa" in c.text
    )
    assert label == signature.label


def test_in_force_is_told_for_the_document_that_its_subject_names() -> None:
    assert told("Nghị định quy định về chợ số có hiệu lực từ ngày nào?")[0] == "khoản 1 Điều 2"


def test_nothing_is_told_of_a_document_that_is_not_there() -> None:
    assert told("Nghị định 55/2019/NĐ-CP do ai ký?") == []
