"""Which document amends or replaces which: asked for, it must be said of both."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes_library import Library

from assistant.find.ground import Quote
from assistant.judge.document_relations import lacks_relation

RULE = """HỘI ĐỒNG NHÂN DÂN TỈNH SÔNG BÍCH
Số: 12/NQ-HĐND
Sông Bích, ngày 05 tháng 6 năm 2031

NGHỊ QUYẾT
Về giá nước đá

1. Triển khai Nghị quyết số 30/NQ-CP và Nghị quyết số 8-NQ/TU về nghề cá.
2. Nghị quyết này thay thế Nghị quyết số 9/NQ-HĐND ngày 02 tháng 5 năm 2028 về giá nước đá.
3. Quyết định số 40/QĐ-UBND sửa đổi, bổ sung Quyết định số 31/QĐ-UBND về bến cá.
4. Sở Tài chính bổ sung kinh phí theo Quyết định số 52/QĐ-UBND.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(Path(tmp_path_factory.mktemp("relations")), RULE)


def lacking(library: Library, text: str) -> bool:
    """Whether the whole notice, quoted, lacks what ``text`` asks."""
    notice = next(iter(library.snapshot.notices.values()))
    quotes = [Quote.whole(clause, notice) for clause in notice.clauses]
    return lacks_relation(library.understood(text), quotes)


@pytest.mark.parametrize(
    "text",
    [
        "Nghị quyết 12/NQ-HĐND thay thế nghị quyết nào?",
        "Quyết định 31/QĐ-UBND được sửa đổi bởi quyết định nào?",
        "Quyết định 40/QĐ-UBND sửa đổi, bổ sung quyết định nào?",
        "Nghị quyết 9/NQ-HĐND bị nghị quyết nào thay thế?",
        "nghi quyet 9/NQ-HDND bi thay the boi nghi quyet nao?",
    ],
)
def test_a_relation_that_is_told(library: Library, text: str) -> None:
    assert not lacking(library, text)


@pytest.mark.parametrize(
    "text",
    [
        "Nghị quyết 12/NQ-HĐND được sửa đổi, bổ sung bởi nghị quyết nào của Chính phủ?",
        "Nghị quyết 12/NQ-HĐND đã bị thay thế bằng nghị quyết nào?",
        "Nghị quyết 30/NQ-CP sửa đổi nghị quyết nào?",
        "Quyết định 40/QĐ-UBND thay thế quyết định nào?",
        "Nghị quyết 8-NQ/TU bị bãi bỏ bởi văn bản nào?",
    ],
)
def test_a_relation_that_is_not_told(library: Library, text: str) -> None:
    assert lacking(library, text)


@pytest.mark.parametrize(
    "text",
    [
        "Sở Tài chính bổ sung kinh phí theo quyết định nào?",
        "Nghị quyết 12/NQ-HĐND triển khai những nghị quyết nào?",
        "Cơ quan nào thay thế thiết bị cũ?",
    ],
)
def test_no_relation_of_documents_is_asked_for(library: Library, text: str) -> None:
    assert not lacking(library, text)
