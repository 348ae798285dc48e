from __future__ import annotations

import pytest
from fakes_library import Library

from assistant.assistant import AnswerOptions
from assistant.contract import Answer

TASKS = """ỦY BAN NHÂN DÂN TỈNH SÔNG BÍCH
Số: 21/TB-UBND
Sông Bích, ngày 05 tháng 3 năm 2031

THÔNG BÁO
Kết luận giao ban

1. Về bến phà
a) Sở Xây dựng sửa bến Cồn Sậy, hoàn thành trước ngày 10/3/2031.
b) Sở Y tế đặt tủ thuốc ở bến, hoàn thành trước ngày 20/4/2031.
2. Về chợ nổi
a) Sở Công Thương kẻ vạch chợ, hoàn thành trước ngày 18/3/2031.
b) Sở Y tế tiêm phòng dại, hoàn thành trước ngày 12/3/2031.
3. Các xã nộp báo cáo trước ngày 05/9/2031, cụ thể:
- Xã Bến Đá báo cáo về bến.
- Xã Cồn Sậy báo cáo về chợ.
"""
OTHER = TASKS.replace("21/TB", "22/TB").replace("2031", "2032").replace("sửa bến", "vét bến")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("library"), TASKS, OTHER)


def ask(library: Library, question: str) -> Answer:
    assistant, _ = library.assistant(options=AnswerOptions(lead=False))
    return assistant.ask(question)


FERRY, CHEST, LINES, DOGS = "mục 1.a", "mục 1.b", "mục 2.a", "mục 2.b"
REPORTS = ["mục 3", "mục 3, gạch đầu dòng 1", "mục 3, gạch đầu dòng 2"]


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        ("Việc nào phải xong từ 10/3 đến 18/3/2031?", [FERRY, DOGS, LINES]),
        ("viec nao phai xong tu ngay 10/3/2031 den ngay 18/3/2031", [FERRY, DOGS, LINES]),
        ("Những việc nào phải xong trong quý II năm 2031?", [CHEST]),
        ("Thông báo 21/TB-UBND: việc nào phải hoàn thành trong tháng 3?", [FERRY, DOGS, LINES]),
        ("Nhiệm vụ nào đã quá hạn tính đến ngày 12/3/2031?", [FERRY]),
        ("Việc nào đến hạn vào ngày 12 tháng 3 năm 2031?", [DOGS]),
        ("Theo Thông báo 21/TB-UBND sau ngày 20/4/2031 còn việc nào phải xong?", REPORTS),
        ("Sở Y tế có những việc nào phải xong trước ngày 30/4/2031?", [DOGS, CHEST]),
        ("Việc nào phải xong trước tháng 4/2031?", [FERRY, DOGS, LINES]),
    ],
)
def test_tasks_are_selected_by_their_due_date_and_told_in_its_order(
    library: Library, question: str, labels: list[str]
) -> None:
    answer = ask(library, question)
    assert sorted(c.clause.label for c in answer.citations) == sorted(labels)
    assert [c.clause.label for c in answer.citations if c.clause.label not in REPORTS] == [
        one for one in labels if one not in REPORTS
    ]
    assert {c.notice.number for c in answer.citations} == {"21/TB-UBND"}


def test_a_period_in_which_nothing_is_due_is_refused_with_its_days(library: Library) -> None:
    answer = ask(library, "Việc nào phải xong trong quý IV năm 2031?")
    assert answer.refused
    assert "từ 01/10/2031 đến 31/12/2031" in answer.answer


@pytest.mark.parametrize(
    "question",
    [
        "Trong quý II năm 2031 có bao nhiêu chuyến phà?",  # a figure's period
        "Việc nào về tiêm phòng phải xong trong quý I năm 2031?",  # a topic besides
        "Bến Cồn Sậy phải sửa xong trước ngày nào?",
        "Theo Thông báo 99/TB-UBND việc nào phải xong trong quý I năm 2031?",
    ],
)
def test_questions_that_say_more_than_a_period_are_searched(
    library: Library, question: str
) -> None:
    assert library.reading().periods.select(library.understood(question)) is None


def test_more_than_an_answer_holds_is_counted(tmp_path_factory: pytest.TempPathFactory) -> None:
    tasks = "\n".join(
        f"{n}. Xã số {n} " + "vét kênh " * 20 + f", hoàn thành trước ngày {n}/6/2031."
        for n in range(1, 11)
    )
    head = TASKS[: TASKS.index("1. Về bến phà")]
    library = Library(tmp_path_factory.mktemp("many"), head + tasks)
    answer = ask(library, "Việc nào phải xong trong tháng 6/2031?")
    shown = len(answer.citations)
    assert 1 < shown < 10
    assert [w.text for w in answer.warnings if f"Còn {10 - shown} nội dung" in w.text]
