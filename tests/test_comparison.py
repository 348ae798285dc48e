from __future__ import annotations

import pytest
from fakes_library import ANNEX, DRAFT, PLAN, TB18, Library


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("library"), TB18, ANNEX, PLAN, DRAFT)


def quoted(library: Library, question: str) -> list[tuple[str, str]]:
    """(file, beginning of the clause) of what is quoted."""
    return [
        (quote.notice.file_name, quote.clause.text[:26])
        for quote in library.ground(question).quotes
    ]


def test_each_notice_named_gives_its_clause_and_no_more(library: Library) -> None:
    found = quoted(
        library,
        "Hạn sửa chữa bến phà Cồn Sậy ở Thông báo 18/TB-UBND và Phụ lục I có khác nhau không?",
    )
    assert sorted(found) == [
        ("0.txt", "a) Sở Xây dựng chủ trì, ph"),
        ("1.txt", "- Sửa chữa bến phà Cồn Sậy"),
    ]


def test_the_same_task_told_otherwise_is_quoted_where_no_notice_is_named(library: Library) -> None:
    found = quoted(library, "Sửa chữa bến phà Cồn Sậy hạn nào, các nơi ghi không khớp nhau?")
    assert {file for file, _ in found} == {"0.txt", "1.txt"}
    assert len(found) == 2
