from __future__ import annotations

import pytest

from assistant.judge.answer_types import numbers_told, offers, unmet
from assistant.understand.question import Asked


@pytest.mark.parametrize(
    ("asked", "text", "question"),
    [
        (Asked.DEADLINE, "Hoàn thành trước ngày 15/11/2031.", "khi nào xong"),
        (Asked.DEADLINE, "Nhiệm vụ thường xuyên.", "thời hạn ra sao"),
        (Asked.DEADLINE, "Xong trong quý III.", "quý mấy xong"),
        (Asked.NUMBER, "Tỉnh có 48 kho lạnh.", "bao nhiêu kho lạnh"),
        (Asked.NUMBER, "Kinh phí 94 tỷ đồng.", "kinh phí là bao nhiêu tiền"),
        (Asked.NUMBER, "Chiếm 7,5% sản lượng.", "chiếm bao nhiêu phần trăm"),
        (Asked.NUMBER, "Dữ liệu gồm bảy loại.", "mấy loại dữ liệu"),
        (Asked.DEADLINE, "Có hiệu lực kể từ ngày ký.", "có hiệu lực khi nào"),
        (Asked.OWNER, "Sở Công Thương rà soát.", "cơ quan nào rà soát"),
        (Asked.DOCUMENT, "Theo Quyết định số 77/QĐ-UBND.", "theo quyết định nào"),
        (Asked.PLACE, "Trụ sở đặt tại xã Bến Đá.", "ở đâu"),
        (Asked.PLACE, "Xem tại banve.vn.", "địa chỉ nào"),
        (Asked.PLACE, "Thành phố Bến Tre có chợ đêm.", "nơi nào có chợ đêm"),
        (Asked.PERSON, "Việc này do người đứng đầu xã lo.", "ai lo"),
        (Asked.PERSON, "Gặp bà Lưu Thị Bích Đào.", "gặp ai"),
        (Asked.SIGNER, "CHỦ TỊCH Lưu Thị Bích Đào", "ai ký"),
        (Asked.LIST, "Bất cứ điều gì.", "những việc gì"),
    ],
)
def test_a_text_holds_what_is_asked_for(asked: Asked, text: str, question: str) -> None:
    assert offers(asked, text, question)


@pytest.mark.parametrize(
    ("asked", "text", "question"),
    [
        (Asked.DEADLINE, "Rà soát kho lạnh cũ.", "khi nào xong"),
        (Asked.NUMBER, "Tỉnh có nhiều kho lạnh.", "bao nhiêu kho lạnh"),
        (Asked.NUMBER, "Rà soát 12 kho.", "12 kho tốn bao nhiêu điện"),
        (Asked.NUMBER, "Mở 60 lớp.", "kinh phí là bao nhiêu tiền"),
        (Asked.NUMBER, "Giảm còn 7 trạm.", "chiếm bao nhiêu phần trăm"),
        (
            Asked.NUMBER,
            "2. Sửa tiêu chí, hạn tháng 12/2031 (Thông báo 18/TB-UBND).",
            "mấy tiêu chí",
        ),
        (Asked.OWNER, "Rà soát kho lạnh.", "cơ quan nào rà soát"),
        (Asked.OWNER, "Sở Công Thương rà soát.", "Sở Công Thương phối hợp với cơ quan nào"),
        (Asked.DOCUMENT, "Rà soát kho lạnh.", "theo quyết định nào"),
        (Asked.DOCUMENT, "Theo Quyết định số 77/QĐ-UBND.", "77/QĐ-UBND thay quyết định nào"),
        (Asked.PLACE, "Sửa bến phà.", "ở đâu"),
        (Asked.PLACE, "Thành phố Bến Tre có chợ đêm.", "địa chỉ nào"),
        (Asked.PERSON, "Đợt đầu đã đến xã do đại lý ở ủy ban giao.", "đại lý tên gì"),
    ],
)
def test_a_text_lacks_what_is_asked_for(asked: Asked, text: str, question: str) -> None:
    assert not offers(asked, text, question)


def test_who_is_answered_by_a_person_or_by_an_agency() -> None:
    wanted = {Asked.OWNER, Asked.PERSON, Asked.DEADLINE}
    assert unmet(wanted, lambda kind: kind is Asked.PERSON) == {Asked.DEADLINE}
    assert unmet(wanted, lambda kind: kind is Asked.OWNER) == {Asked.DEADLINE}
    assert unmet(wanted, lambda kind: kind is Asked.DEADLINE) == {Asked.OWNER, Asked.PERSON}


def test_a_name_is_not_replaced_by_an_agency() -> None:
    assert unmet({Asked.PERSON}, lambda kind: kind is Asked.OWNER) == {Asked.PERSON}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("3. Nguồn xã hội hóa 20 tỷ đồng.", {"20"}),
        ("- Mở 25 lớp (Hội Nông dân, hạn 31/01/2032; Kế hoạch số 9/KH-UBND).", {"25"}),
        ("Từ 5% đến 7,5%.", {"5%", "7,5%"}),
        ("Sửa bến phà.", set()),
    ],
)
def test_numbers_that_may_answer(text: str, told: set[str]) -> None:
    assert numbers_told(text, "bao nhiêu") == told


def test_what_the_question_said_answers_nothing() -> None:
    assert numbers_told("Rà soát 12 kho, giữ 7 kho.", "trong 12 kho giữ mấy kho") == {"7"}
