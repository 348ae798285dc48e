from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dates import View
from corpus.facts.references import (
    find_question_references,
    find_references,
    matches_number,
    normalise_number,
)
from corpus.text import fold


def numbers(text: str) -> list[str]:
    return [reference.number for reference in find_references(text)]


@pytest.mark.parametrize(
    ("text", "number", "kind", "day"),
    [
        ("theo Thông báo số 12 -TB/ABTW ngày 05/3/2031.", "12-TB/ABTW", "Thông báo", (2031, 3, 5)),
        ("Thống báo số 07-TB-CQTTBCĐ", "07-TB/CQTTBCĐ", "Thông báo", None),
        ("tinh thần Nghị quyết 99/NQ-TW", "99-NQ/TW", "Nghị quyết", None),
        (
            "Nghị quyết số 99-NQ/TW, ngày 22 tháng 12 năm 2031",
            "99-NQ/TW",
            "Nghị quyết",
            (2031, 12, 22),
        ),
        ("Quyết định số 1131/QĐ-TTg", "1131/QĐ-TTg", "Quyết định", None),
        ("Nghị quyết 66.7/2031/NQ-CP", "66.7/2031/NQ-CP", "Nghị quyết", None),
        (
            "Nghị định số 10/2024/NĐ-CHÍNH PHủ, ngày 01/02/2024",
            "10/2024/NĐ-CP",
            "Nghị định",
            (2024, 2, 1),
        ),
        ("công văn số 83/BKHCN-BTTTT-VP", "83/BKHCN-BTTTT-VP", "Công văn", None),
        ("Công văn số 19995-CV/VPTW", "19995-CV/VPTW", "Công văn", None),
        ("**Quy định số 05-QĐ/BCĐTW** ngày 27/8/2031", "05-QĐ/BCĐTW", "Quy định", (2031, 8, 27)),
        ("Thông báo kết luận số 12-TB/TGV", "12-TB/TGV", "Thông báo", None),
        ("Kế hoạch hành động chiến lược số 01-KH/ABTW", "01-KH/ABTW", "Kế hoạch", None),
        ("Tờ trình số 04/TTr-BKHCN", "04/TTr-BKHCN", "Tờ trình", None),
        ("Luật số 57/2024/QH15", "57/2024/QH15", "Luật", None),
        ("thực hiện Nghị quyết 57²³ và", "57", "Nghị quyết", None),
        ("Kế hoạch số 02;", "02", "Kế hoạch", None),
        ("Đề án 06, cải cách", "06", "Đề án", None),
        ("Nghị định 94/2031 cần", "94/2031", "Nghị định", None),
        ("(21-TB/VPTW ngày 01/6/2031)", "21-TB/VPTW", "Thông báo", (2031, 6, 1)),
        ("Chương trình số 02-\nCTr/BCĐTW", "02-CTr/BCĐTW", "Chương trình", None),
    ],
)
def test_a_document_is_read_from_its_words(
    text: str, number: str, kind: str, day: tuple[int, int, int] | None
) -> None:
    (reference,) = find_references(text)
    assert reference.number == number
    assert reference.kind == kind
    assert reference.date == (date(*day) if day else None)
    assert reference.span.of(text) == reference.text


@pytest.mark.parametrize(
    "text",
    [
        "giai đoạn 2021-2025",
        "mới xong 1.245/1.469 việc, tức 84,8%",
        "ngày 30/9/2031",
        "kế hoạch 5 năm và Kế hoạch 06 tháng",
        "hơn 72 quyết định, 30 nghị quyết",
        "Báo cáo 6/2031",
        "Luật Thủ đô 2024",
        "1.000 hồ sơ/năm/tỉnh",
        "1,5 tỉ USD/năm; 5-10 nghìn tỷ",
        "Nghị quyết 3 nhà",
        "trong tháng 12/2031",
    ],
)
def test_what_is_no_document_number_is_left_alone(text: str) -> None:
    assert find_references(text) == ()


def test_a_list_shares_its_kind_word() -> None:
    text = "các nghị định số 231/2025/NĐ-CP, 249/2025/NĐ-CP và 179/2026/NĐ-CP"
    found = find_references(text)
    assert [r.number for r in found] == ["231/2025/NĐ-CP", "249/2025/NĐ-CP", "179/2026/NĐ-CP"]
    assert {r.kind for r in found} == {"Nghị định"}
    assert numbers("các Nghị quyết số 57, 59 và 66.") == ["57", "59", "66"]
    assert numbers("Nghị quyết số 57 và 4 nghị quyết khác") == ["57"]


def test_decomposed_text_and_odd_blanks_give_places_in_the_text_as_given() -> None:
    text = "a\u0306 " + unicodedata.normalize(
        "NFD", "theo Quyết\u00a0 định  số\t12/QĐ-TTg ngày 01/02/2031."
    )
    (reference,) = find_references(text)
    assert reference.number == "12/QĐ-TTg"
    assert reference.date == date(2031, 2, 1)
    assert text[reference.span.start : reference.span.end] == reference.text
    assert reference.text.endswith("2031")


@pytest.mark.parametrize(
    ("question", "number", "kind"),
    [
        ("tb 45 giao gì", "45", "Thông báo"),
        ("TB45", "45", "Thông báo"),
        ("trong thông báo 45 có gì", "45", "Thông báo"),
        ("nq 03", "03", "Nghị quyết"),
        ("NQ57 nói gì về AI", "57", "Nghị quyết"),
        ("thong bao 25-tb/tgv", "25-TB/TGV", "Thông báo"),
        ("QĐ 1132", "1132", "Quyết định"),
        ("45tb/tgv", "45-TB/TGV", "Thông báo"),
        ("phụ lục 2", "II", "Phụ lục"),
        ("PL2", "II", "Phụ lục"),
        ("nghị quyết 57 quy định gì", "57", "Nghị quyết"),
        ("thông báo 45 năm 2031", "45", "Thông báo"),
    ],
)
def test_a_question_may_be_typed_carelessly(question: str, number: str, kind: str) -> None:
    (reference,) = find_question_references(question)
    assert (reference.number, reference.kind) == (number, kind)
    assert reference.span.of(question) == reference.text


def test_two_notices_of_one_question() -> None:
    assert [r.number for r in find_question_references("so sánh tb 45 và 25")] == ["45", "25"]
    assert find_question_references("kế hoạch 5 năm, bc 6 tháng, đã 06 lần") == ()


@pytest.mark.parametrize(
    ("reference", "notice", "kind", "same"),
    [
        ("45", "45-TB/TGV", "Thông báo", True),
        ("45", "45-NQ/TW", "Thông báo", False),
        ("45", "45-TB/TGV", "", True),
        ("45-TB/TGV", "45 -TB/TGV", "", True),
        ("45-TB/TGV", "45-NQ/TW", "", False),
        ("45-TB/TGV", "45/2026/NĐ-CP", "", False),
        ("1131/QĐ-TTg", "1132/QĐ-TTg", "", False),
        ("02-KH/BCĐTW", "02-CTr/BCĐTW", "", False),
        ("02", "02-CTr/BCĐTW", "Kế hoạch", False),
        ("05-TB/BCĐTW", "05-QĐ/BCĐTW", "", False),
        ("74-TB/VPTW", "74/2017/NĐ-CP", "", False),
        ("2618/QĐ-BKHCN", "2618/QĐ-TTg", "", False),
        ("07-TB-CQTTBCĐ", "07-TB/CQTTBCĐ", "Thông báo", True),
        ("57/NQ-TW", "57-NQ/TW", "Nghị quyết", True),
        ("3", "03/NQ-CP", "Nghị quyết", True),
        ("94/2025", "94/2025/NĐ-CP", "Nghị định", True),
        ("05", "05-QĐ/BCĐTW", "Quy định", True),
        ("25-tb/tgv", "25-TB/TGV", "", True),
        ("II", "II", "Phụ lục", True),
        ("12", "12/TT-BCT", "Quyết định", False),
    ],
)
def test_numbers_match_by_what_is_said(reference: str, notice: str, kind: str, same: bool) -> None:
    assert matches_number(reference, notice, kind) is same


NUMBERS = st.builds(
    lambda n, code, issuer: f"{n}-{code}/{issuer}",
    st.integers(1, 99999),
    st.sampled_from(["TB", "NQ", "KH", "CTr", "CV", "QĐ"]),
    st.sampled_from(["TW", "TGV", "BCĐTW", "VPTW"]),
)


@given(NUMBERS)
def test_normalising_is_idempotent_and_survives_separators(number: str) -> None:
    assert normalise_number(number) == number
    assert normalise_number(number.replace("-", " - ")) == number
    assert normalise_number(number.replace("/", "-")) == number
    assert matches_number(number, number)


@given(st.text(max_size=80))
def test_every_reference_lies_where_it_says(text: str) -> None:
    for reference in (*find_references(text), *find_question_references(text)):
        assert text[reference.span.start : reference.span.end] == reference.text != ""


@given(st.text(alphabet="aăâbcdđeêoôơuưyhnáàảãạ\u0301\u0300 ", max_size=40))
def test_a_view_keeps_its_places(text: str) -> None:
    view = View.of(text)
    assert len(view.plain) == len(view.folded)
    assert view.span(0, len(view.plain)).of(text) == text
    assert fold(fold(text)) == fold(text)


@pytest.mark.shared
def test_the_real_notices_name_these_documents(notices_dir: Path) -> None:
    def of(name: str, line: int) -> list[tuple[str, date | None]]:
        text = (notices_dir / name).read_text("utf-8").split("\n")[line - 1]
        return [(r.number, r.date) for r in find_references(text)]

    annex = notices_dir / "phu-luc-II_nhiem-vu-den-31-12-2025.txt"
    found = [
        r.number for line in annex.read_text("utf-8").split("\n") for r in find_references(line)
    ]
    assert found.count("45-TB/TGV") == 36
    assert of(annex.name, 6) == [("07-TB/CQTTBCĐ", date(2025, 10, 15))]
    assert of("25-TB-TGV_2025-05-24.txt", 21) == [("10/2024/NĐ-CP", date(2024, 2, 1))]
    assert [n for n, _ in of("45-TB-TGV_2025-09-30.txt", 119)] == ["71/NQ-CP", "02-KH/BCĐTW"]
    report = "bao-cao-so-ket-NQ57_du-thao_2026-06-30.md"
    assert len(of(report, 263)) == 6
    assert ("57-NQ/TW", None) in of(report, 443)
    assert [n for n, _ in of("03-NQ-CP_2025-01-09.md", 18)][:2] == [
        "04/TTr-BKHCN-BTTTT",
        "83/BKHCN-BTTTT-VP",
    ]
