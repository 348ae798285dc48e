"""What a question says of its items by their data, formally or as in a chat."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes_library import Library

from assistant.understand.constraints import Constraints
from assistant.understand.weighing import weigh_question

TASKS = """ỦY BAN NHÂN DÂN TỈNH SÔNG BÍCH
Số: 18/TB-UBND
Sông Bích, ngày 05 tháng 6 năm 2031

THÔNG BÁO
Kết luận về nghề cá

1. Sở Xây dựng sửa bến phà trước ngày 31/3/2032.
2. Sở Công Thương rà soát kho lạnh trong tháng 3/2032.
3. Sở Y tế khám sức khỏe ngư dân xong trong quý I/2032.
4. Sở Tài chính chủ trì, phối hợp với Sở Xây dựng lập quỹ khuyến ngư trong năm 2032.
5. Hội Nông dân mở lớp ướp cá trước ngày 15/4/2032.
6. Giữ sạch các bến cá. Nhiệm vụ thường xuyên.
7. Số vé phà bán tại các bến:
- Bến Cồn Sậy bán 4.200 vé.
- Bến Hòn Tro bán 900 vé.
"""
FERRY, STORE, HEALTH, FUND, LESSONS, CLEAN = "bến phà", "rà soát", "sức khỏe", "quỹ", "lớp", "sạch"
ALL = (FERRY, STORE, HEALTH, FUND, LESSONS, CLEAN)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(Path(tmp_path_factory.mktemp("described")), TASKS)


def read(library: Library, text: str) -> Constraints:
    return Constraints.of(library.understood(text))


@pytest.mark.parametrize(
    ("text", "actors"),
    [
        ("Sở Xây dựng được giao những việc gì trong Thông báo 18?", ("Sở Xây dựng",)),
        ("sở xây dựng phải làm gì vậy", ("Sở Xây dựng",)),
        ("so xay dung phai lam gi", ("Sở Xây dựng",)),
        ("Liệt kê các việc giao cho Sở Y tế", ("Sở Y tế",)),
        ("Nhiệm vụ của Sở Y tế là gì?", ("Sở Y tế",)),
        ("Sở Y tế ở đâu?", ()),
    ],
)
def test_whose_tasks(library: Library, text: str, actors: tuple[str, ...]) -> None:
    assert read(library, text).actors == actors


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("Những việc nào phải xong trước ngày 31/3/2032?", ["2032-03-31..2032-03-31"]),
        ("việc nào hạn 31/3/2032 thế?", ["2032-03-31..2032-03-31"]),
        ("viec nao han thang 3/2032", ["2032-03-01..2032-03-31"]),
        ("Những việc nào đến hạn trong quý I/2032?", ["2032-01-01..2032-03-31"]),
        ("Những việc nào hoàn thành trong năm 2032?", ["2032-01-01..2032-12-31"]),
        ("Những việc nào phải xong trước ngày 31/3?", []),  # of which year?
        ("Thông báo số 18/TB-UBND ngày 05/6/2031 giao những việc gì?", []),  # the document's
        (
            "Theo Quyết định số 5/QĐ-UBND ngày 01/4/2032, việc nào xong trong tháng 3/2032?",
            ["2032-03-01..2032-03-31"],
        ),
    ],
)
def test_until_when(library: Library, text: str, ends: list[str]) -> None:
    assert [f"{one.first}..{one.last}" for one in read(library, text).periods] == ends


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Những việc nào hạn 31/3/2032?", {FERRY}),  # others end on that day, too, unsaid
        ("Những việc nào hạn 15/4/2032?", {LESSONS}),
        ("Những việc nào hạn 30/3/2032?", set()),
        ("Những việc nào xong trong tháng 3/2032?", {FERRY, STORE, HEALTH}),
        ("Những việc nào xong trong tháng 4/2032?", {LESSONS}),
        ("Những việc nào xong trong quý I/2032?", {FERRY, STORE, HEALTH}),
        ("Những việc nào xong trong năm 2032?", {FERRY, STORE, HEALTH, FUND, LESSONS}),
        ("Những việc nào xong trong năm 2031?", set()),
    ],
)
def test_a_day_must_be_said_and_a_month_holds_each_of_its_days(
    library: Library, text: str, due: set[str]
) -> None:
    description = read(library, text)
    told = {words: description.due(library.clause(words)) for words in ALL}
    assert told == {words: 1 if words in due else -1 for words in ALL}


@pytest.mark.parametrize(
    ("text", "given", "taking_part"),
    [
        ("Sở Xây dựng được giao những việc gì?", {FERRY}, False),
        ("Sở Xây dựng được giao chủ trì hoặc phối hợp những việc gì?", {FERRY, FUND}, True),
        ("so xay dung phai lam gi, ca viec phoi hop", {FERRY, FUND}, True),
        ("Sở Nội vụ được giao những việc gì?", set(), False),
    ],
)
def test_a_task_is_given_to_who_leads_it(
    library: Library, text: str, given: set[str], taking_part: bool
) -> None:
    description = read(library, text)
    assert description.taking_part is taking_part
    told = {words: description.given(library.clause(words)) for words in ALL}
    assert told == {words: 1 if words in given else -1 for words in ALL}


def test_what_is_not_said_decides_nothing(library: Library) -> None:
    description = read(library, "Bến phà bán vé thế nào?")
    ferry = library.clause(FERRY)
    marks = (description.given, description.due)
    assert [mark(ferry) for mark in marks] == [0, 0]
    assert not description.names_data


def test_all_the_data_must_fit_and_a_heading_never_does(library: Library) -> None:
    description = read(library, "Sở Xây dựng được giao những việc gì, hạn 31/3/2032?")
    assert description.names_data
    assert [words for words in ALL if description.fits(library.clause(words))] == [FERRY]
    other = read(library, "Sở Xây dựng được giao những việc gì, hạn 15/4/2032?")
    assert [words for words in ALL if other.fits(library.clause(words))] == []
    nothing = read(library, "Bến phà bán vé thế nào?")
    assert nothing.fits(library.clause(FERRY))
    assert not nothing.fits(library.clause("Số vé phà bán"))


@pytest.mark.parametrize(
    ("text", "is_all"),
    [
        ("Sở Xây dựng được giao những việc gì trong Thông báo 18?", True),
        ("sở xây dựng làm những việc gì trong tb 18 vậy?", True),
        ("so xay dung phai lam gi", True),
        ("Những nhiệm vụ nào hoàn thành trong năm 2032?", True),
        ("Sở Xây dựng được giao những việc gì trước ngày 31/3/2032?", True),
        ("Sở Xây dựng được giao những việc gì về bến phà?", False),
        ("so xay dung phai lam gi cho nghe ca", False),
        ("Những việc nào về kho lạnh phải xong trong tháng 3/2032?", False),
        ("Thông báo 18 giao những việc gì?", False),  # no data at all
    ],
)
def test_whether_the_data_are_all_that_is_said(library: Library, text: str, is_all: bool) -> None:
    question = library.understood(text)
    weights = weigh_question(question, library.vocabulary)
    assert Constraints.of(question).is_all(question, weights) is is_all
