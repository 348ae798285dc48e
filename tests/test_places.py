from __future__ import annotations

import pytest
from fakes_library import Library

from assistant.assistant import AnswerOptions
from assistant.contract import Answer, RefusalReason

CARS = """ỦY BAN NHÂN DÂN TỈNH SÔNG BÍCH
Số: 35/QĐ-UBND
Sông Bích, ngày 03 tháng 3 năm 2031
QUYẾT ĐỊNH
Ban hành Quy chế quản lý tàu công
Căn cứ Luật Tổ chức chính quyền địa phương;
QUYẾT ĐỊNH:
Điều 1. Ban hành kèm theo Quyết định này Quy chế quản lý tàu công.
Điều 2. Quyết định này có hiệu lực từ ngày 15/3/2031.
Điều 3. Bãi bỏ khoản 2 Điều 7 Quyết định số 8/QĐ-UBND.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Lưu Thị Bích Đào
QUY CHẾ
Quản lý tàu công
(Ban hành kèm theo Quyết định số 35/QĐ-UBND ngày 03 tháng 3 năm 2031)
Điều 1. Phạm vi
Quy chế này áp dụng cho tàu từ 4 đến 16 chỗ.
Điều 2. Định mức dầu
1. Tàu 4 chỗ dùng không quá 9,5 lít dầu mỗi giờ.
2. Tàu 16 chỗ:
a) Chạy sông dùng không quá 14 lít dầu mỗi giờ;
b) Chạy biển dùng không quá 20 lít dầu mỗi giờ.
Điều 3. Thuyền trưởng có trách nhiệm:
1. Ghi nhật trình sau mỗi chuyến.
2. Không cho mượn tàu.
PHỤ LỤC I
Mẫu nhật trình
(Kèm theo Quy chế quản lý tàu công)
1. Cột đi ghi tên bến.
2. Cột giờ ghi giờ tàu về.
"""
MARKET = """ỦY BAN NHÂN DÂN TỈNH SÔNG BÍCH
Số: 46/QĐ-UBND
Sông Bích, ngày 06 tháng 4 năm 2031
QUYẾT ĐỊNH
Quy định quản lý chợ nổi
Điều 1. Giờ họp
1. Chợ họp từ 4 giờ.
Điều 2. Thu phí
1. Thuyền dưới 5 tấn nộp 20.000 đồng.
2. Thuyền từ 5 tấn nộp 45.000 đồng.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Lưu Thị Bích Đào
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("library"), CARS, MARKET)


def ask(library: Library, question: str) -> Answer:
    assistant, _ = library.assistant(options=AnswerOptions(lead=False))
    return assistant.ask(question)


def labels(answer: Answer) -> list[str]:
    return [citation.clause.label for citation in answer.citations]


OF_RULES = [f"{unit}Điều 2, Quy chế" for unit in ("", "khoản 1 ", "khoản 2 ")]


@pytest.mark.parametrize(
    "question",
    [
        "Điều 2 Quy chế quản lý tàu công quy định gì?",
        "dieu 2 quy che quan ly tau cong quy dinh gi",
        "Đ.2 quy chế tàu công",
        "Cho biết nội dung Điều 2 của Quy chế ban hành kèm theo Quyết định 35/QĐ-UBND",
        "Trong Quy chế quản lý tàu công, Điều 2 nói gì?",
    ],
)
def test_an_article_of_an_attached_document_opens_with_all_under_it(
    library: Library, question: str
) -> None:
    points = [f"điểm {letter} khoản 2 Điều 2, Quy chế" for letter in "ab"]
    assert labels(ask(library, question)) == [*OF_RULES, *points]


def test_the_same_article_of_the_decision_itself_is_another(library: Library) -> None:
    assert labels(ask(library, "Điều 2 Quyết định 35/QĐ-UBND quy định gì?")) == ["Điều 2"]


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("Khoản 1 Điều 2 Quy chế quản lý tàu công", "khoản 1 Điều 2, Quy chế"),
        ("k1 đ2 quy chế quản lý tàu công", "khoản 1 Điều 2, Quy chế"),
        ("Phụ lục I mục 2 nêu gì?", "mục 2, Phụ lục I"),
        ("Điều 2 khoản 2 Quyết định số 46/QĐ-UBND quy định gì?", "khoản 2 Điều 2"),
        ("Điều 3 Quyết định 35/QĐ-UBND quy định gì?", "Điều 3"),
    ],
)
def test_a_unit_opens_alone(library: Library, question: str, label: str) -> None:
    assert labels(ask(library, question)) == [label]


def test_an_item_brings_the_lead_in_in_which_its_subject_stands(library: Library) -> None:
    told = labels(ask(library, "điểm b khoản 2 Điều 2 Quy chế quản lý tàu công"))
    assert told == ["khoản 2 Điều 2, Quy chế", "điểm b khoản 2 Điều 2, Quy chế"]


def test_two_units_share_the_article_that_is_said_once(library: Library) -> None:
    told = labels(ask(library, "Khoản 1 và khoản 2 Điều 2 Quyết định 46/QĐ-UBND quy định gì?"))
    assert told == ["khoản 1 Điều 2", "khoản 2 Điều 2"]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Điều 9 Quyết định 46/QĐ-UBND quy định gì?", "46/QĐ-UBND không có Điều 9: có Điều 1, 2."),
        (
            "Điều 9 Quy chế quản lý tàu công giao ai lái tàu?",
            "Quy chế kèm theo Quyết định 35/QĐ-UBND không có Điều 9: có Điều 1 đến 3.",
        ),
        ("Khoản 5 Điều 2 Quyết định 46/QĐ-UBND", "không có khoản 5: có khoản 1, 2."),
        ("Điểm a Điều 1 Quyết định 46/QĐ-UBND", "không có điểm a: không chia theo điểm."),
    ],
)
def test_what_a_document_does_not_have_is_refused_with_what_it_has(
    library: Library, question: str, told: str
) -> None:
    answer = ask(library, question)
    assert answer.refusal_reason is RefusalReason.NOT_SUPPORTED
    assert answer.answer.endswith(told)


def test_an_article_of_several_documents_asks_back(library: Library) -> None:
    answer = ask(library, "Điều 2 quy định gì?")
    assert answer.refused
    assert "Quyết định 46/QĐ-UBND" in answer.answer
    assert "Quy chế kèm theo Quyết định 35/QĐ-UBND" in answer.answer


def test_an_article_that_the_document_changes_is_none_of_its_own(library: Library) -> None:
    question = library.understood("Điều 7 Quyết định 35/QĐ-UBND quy định gì?")
    assert library.reading().places.open(question) is None


def test_what_is_asked_of_an_article_is_looked_for_in_it_alone(library: Library) -> None:
    question = library.understood("Điều 2 Quyết định 46/QĐ-UBND thu thuyền 5 tấn bao nhiêu tiền?")
    opened = library.reading().places.open(question)
    assert opened is not None
    assert opened.ground is None
    clauses = library.snapshot.clauses
    assert [clauses[one].label for one in sorted(opened.clauses)] == [
        "Điều 2",
        "khoản 1 Điều 2",
        "khoản 2 Điều 2",
    ]


def test_the_article_of_another_law_bounds_nothing(library: Library) -> None:
    question = library.understood("Xã nào được hoãn theo Điều 2 của Luật Thủy sản?")
    assert library.reading().places.open(question) is None


def test_a_long_article_says_how_much_it_leaves_out(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    items = "\n".join(f"{n}. Thuyền loại {n} " + "chạy chậm " * 20 for n in range(3, 13))
    text = MARKET.replace("2. Thuyền từ 5 tấn nộp 45.000 đồng.", f"2. Thuyền khác:\n{items}")
    library = Library(tmp_path_factory.mktemp("long"), text)
    answer = ask(library, "Điều 2 Quyết định 46/QĐ-UBND quy định gì?")
    said = labels(answer)
    in_order = [clause.label for clause in library.clauses() if clause.label in said]
    assert said == in_order
    assert [w.text for w in answer.warnings if f"Còn {13 - len(said)} nội dung" in w.text]
