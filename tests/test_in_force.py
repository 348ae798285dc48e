from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from fakes_library import Library
from fakes_notices import read

from assistant.answer.in_force import in_force_warnings
from assistant.answer.wording import CitedQuotes
from assistant.contract import WarningKind
from assistant.find.ground import Quote
from corpus.notice import Notice
from corpus.parse.links import Links

HEAD = "CHÍNH PHỦ\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
OLD = read(
    HEAD,
    "Số: 5/2020/NĐ-CP\tHà Nội, ngày 02 tháng 01 năm 2020",
    "NGHỊ ĐỊNH",
    "Về chợ",
    "Căn cứ Luật Chợ;",
    "Điều 1. Nghị định này có hiệu lực từ ngày 15/02/2020.",
    "Điều 5. Giờ họp chợ",
    "1. Chợ họp từ 5 giờ.",
    "2. Chợ nghỉ khi có bão.",
)
AMENDING = read(
    HEAD,
    "Số: 7/2024/NĐ-CP\tHà Nội, ngày 01 tháng 6 năm 2024",
    "NGHỊ ĐỊNH",
    "Sửa đổi, bổ sung một số điều của Nghị định số 5/2020/NĐ-CP",
    "Căn cứ Luật Chợ;",
    "Điều 1. Sửa đổi khoản 2 Điều 5 như sau:",
    "“2. Chợ nghỉ khi có bão hoặc lũ.”.",
    "Điều 2. Nghị định này có hiệu lực từ ngày 01/7/2024.",
)
NEW = read(
    HEAD,
    "Số: 8/2030/NĐ-CP\tHà Nội, ngày 01 tháng 6 năm 2030",
    "NGHỊ ĐỊNH",
    "Về chợ mới",
    "Căn cứ Luật Chợ;",
    "Điều 1. Nghị định này có hiệu lực từ ngày 01/8/2030 và thay thế Nghị định số 5/2020/NĐ-CP.",
)


def told(
    notice: Notice, *labels: str, on: date, others: tuple[Notice, ...] = ()
) -> list[tuple[WarningKind, str]]:
    clauses = [one for one in notice.clauses if one.label in labels]
    cited = [
        CitedQuotes(n, (Quote.whole(one, notice),), None) for n, one in enumerate(clauses, start=1)
    ]
    notices = (OLD, AMENDING, NEW, *others)
    found = in_force_warnings(cited, Links.between(notices), on)
    ids = {one.id for notice in notices for one in notice.clauses}
    assert all(set(one.by) <= ids and set(one.clauses) <= ids for one in found)
    assert all(one.by for one in found if one.kind is not WarningKind.NOT_IN_FORCE)
    return [(one.kind, one.text) for one in found]


def test_nothing_is_said_of_what_is_in_force_unchanged() -> None:
    assert told(OLD, "khoản 1 Điều 5", on=date(2025, 1, 1)) == []
    assert told(OLD, "khoản 2 Điều 5", on=date(2024, 6, 30)) == []


def test_a_clause_that_was_amended_is_told_with_what_amends_it() -> None:
    assert told(OLD, "khoản 1 Điều 5", "khoản 2 Điều 5", on=date(2025, 1, 1)) == [
        (
            WarningKind.AMENDED,
            "Khoản 2 Điều 5 Nghị định 5/2020/NĐ-CP đã được sửa đổi, bổ sung: Nghị định"
            " 7/2024/NĐ-CP sửa đổi, bổ sung khoản 2 Điều 5 (từ ngày 01/7/2024).",
        )
    ]


def test_each_change_is_told_with_its_own_verb() -> None:
    repealing = read(
        HEAD,
        "Số: 9/2025/NĐ-CP\tHà Nội, ngày 01 tháng 6 năm 2025",
        "NGHỊ ĐỊNH",
        "Về bến",
        "Căn cứ Luật Chợ;",
        "Điều 1. Bãi bỏ Điều 5 Nghị định số 5/2020/NĐ-CP.",
        "Điều 2. Nghị định này có hiệu lực từ ngày 01/7/2025.",
    )
    found = told(OLD, "khoản 1 Điều 5", "khoản 2 Điều 5", on=date(2026, 1, 1), others=(repealing,))
    amended, repealed = (
        next(text for _, text in found if verb in text) for verb in ("đã được", "đã bị")
    )
    assert len(found) == 2
    assert amended == (
        "Khoản 2 Điều 5 Nghị định 5/2020/NĐ-CP đã được sửa đổi, bổ sung: Nghị định"
        " 7/2024/NĐ-CP sửa đổi, bổ sung khoản 2 Điều 5 (từ ngày 01/7/2024)."
    )
    assert repealed == (
        "Khoản 1 Điều 5, khoản 2 Điều 5 Nghị định 5/2020/NĐ-CP đã bị bãi bỏ: Nghị định"
        " 9/2025/NĐ-CP bãi bỏ Điều 5 (từ ngày 01/7/2025)."
    )


def test_a_document_that_was_replaced_is_told_once_with_what_replaces_it() -> None:
    assert told(OLD, "khoản 1 Điều 5", "khoản 2 Điều 5", on=date(2031, 1, 1)) == [
        (
            WarningKind.SUPERSEDED,
            "Nghị định 5/2020/NĐ-CP đã hết hiệu lực từ ngày 01/8/2030: Nghị định 8/2030/NĐ-CP"
            " thay thế (từ ngày 01/8/2030).",
        )
    ]


def test_a_doubt_whether_a_document_has_ended_is_told_as_one() -> None:
    unclear = read(
        HEAD,
        "Số: 9/2025/NĐ-CP\tHà Nội, ngày 01 tháng 6 năm 2025",
        "NGHỊ ĐỊNH",
        "Về bến",
        "Căn cứ Luật Chợ;",
        "Điều 1. Nghị định này thay thế Nghị định số 5/2020/NĐ-CP.",
        "Điều 2. Nghị định này có hiệu lực sau một trăm tám mươi ngày kể từ ngày ký.",
    )
    assert told(OLD, "khoản 1 Điều 5", on=date(2026, 1, 1), others=(unclear,)) == [
        (
            WarningKind.AMENDED,
            "Nghị định 5/2020/NĐ-CP có thể đã hết hiệu lực: Nghị định 9/2025/NĐ-CP thay thế."
            " Cần đối chiếu điều khoản này với văn bản ấy.",
        )
    ]


def test_of_many_that_change_a_clause_the_first_are_named() -> None:
    many = tuple(
        read(
            HEAD,
            f"Số: {number}/2025/NĐ-CP\tHà Nội, ngày 01 tháng 6 năm 2025",
            "NGHỊ ĐỊNH",
            "Về bến",
            "Căn cứ Luật Chợ;",
            "Điều 1. Bãi bỏ khoản 1 Điều 5 Nghị định số 5/2020/NĐ-CP.",
            "Điều 2. Nghị định này có hiệu lực từ ngày 01/7/2025.",
        )
        for number in range(11, 16)
    )
    [(_, text)] = told(OLD, "khoản 1 Điều 5", on=date(2026, 1, 1), others=many)
    assert text.count("/2025/NĐ-CP") == 3
    assert text.endswith("; ….")


def test_what_is_not_yet_in_force_is_told() -> None:
    assert told(NEW, "Điều 1", on=date(2030, 7, 31)) == [
        (
            WarningKind.NOT_IN_FORCE,
            "Nghị định 8/2030/NĐ-CP chưa có hiệu lực: có hiệu lực từ ngày 01/8/2030.",
        )
    ]
    assert told(NEW, "Điều 1", on=date(2030, 8, 1)) == []


DECISION = """UBND TỈNH SÔNG BÍCH
Số: 15/2021/QĐ-UBND
Sông Bích, ngày 05 tháng 6 năm 2021

QUYẾT ĐỊNH
Về kho lạnh

Điều 1. Sở Công Thương rà soát 7 kho lạnh trước ngày 15/11/2021.
Điều 2. Sở Y tế lập danh mục các trạm cần kho lạnh, hoàn thành trong quý III/2021.
Điều 3. Xã Suối Lạnh mở chợ trước ngày 01/3/2022.
"""
REPLACING = """UBND TỈNH SÔNG BÍCH
Số: 16/2022/QĐ-UBND
Sông Bích, ngày 05 tháng 6 năm 2022

QUYẾT ĐỊNH
Về bến phà

Điều 1. Bến phà mở cửa từ 5 giờ.
Điều 2. Quyết định này có hiệu lực từ ngày 01/7/2022 và thay thế Quyết định số 15/2021/QĐ-UBND.
"""


@pytest.mark.parametrize(
    ("question", "refused"),
    [
        ("Sở Y tế lập danh mục gì cho kho lạnh?", False),
        ("Tóm tắt Quyết định 15/2021/QĐ-UBND", False),
        ("Xã Suối Nóng mở chợ trước ngày nào?", True),
    ],
)
def test_whatever_cites_a_replaced_document_says_so(
    tmp_path: Path, question: str, *, refused: bool
) -> None:
    library = Library(tmp_path, DECISION, REPLACING)
    assistant, _ = library.assistant()
    answer = assistant.ask(question)
    assert answer.refused is refused
    assert any(one.notice.number == "15/2021/QĐ-UBND" for one in answer.citations)
    [warning] = [one for one in answer.warnings if one.kind is WarningKind.SUPERSEDED]
    assert "thay thế (từ ngày 01/7/2022)" in warning.text
    assert warning.by == (library.clause("thay thế Quyết định").id,)
