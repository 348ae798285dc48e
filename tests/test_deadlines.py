from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dates import write_date
from corpus.facts.deadlines import find_deadlines
from corpus.notice import DeadlineKind

DATE, MONTH, QUARTER, YEAR = (
    DeadlineKind.DATE,
    DeadlineKind.MONTH,
    DeadlineKind.QUARTER,
    DeadlineKind.YEAR,
)


@pytest.mark.parametrize(
    ("text", "words", "kind", "due"),
    [
        (
            "Rà soát kho số.  Hoàn thành trong tháng 12/2031 .",
            "Hoàn thành trong tháng 12/2031",
            MONTH,
            date(2031, 12, 31),
        ),
        (
            "Tập huấn cán bộ. Hoàn thành trước 15/11/2031 .",
            "Hoàn thành trước 15/11/2031",
            DATE,
            date(2031, 11, 15),
        ),
        ("gửi Sở Nội vụ  trước ngày 28/5/2031.", "trước ngày 28/5/2031", DATE, date(2031, 5, 28)),
        (
            "Báo cáo, trình Chủ tịch vào tháng 11/2031 . Trong đó, chú ý",
            "vào tháng 11/2031",
            MONTH,
            date(2031, 11, 30),
        ),
        (
            "Đề án kho lạnh (Sở Y tế, hạn tháng 10/2031; Thông báo 12-TB/ABC)",
            "hạn tháng 10/2031",
            MONTH,
            date(2031, 10, 31),
        ),
        ("Liên thông hồ sơ (31/12/2031; Kế hoạch số 02);", "31/12/2031", DATE, date(2031, 12, 31)),
        (
            "Vận hành kho (01/01/2032) (Thông báo số 9-TB/ABC ngày 06/11/2031).",
            "01/01/2032",
            DATE,
            date(2032, 1, 1),
        ),
        (
            "Thu hút 15 dự án (TP An, hạn trong năm 2031).",
            "hạn trong năm 2031",
            YEAR,
            date(2031, 12, 31),
        ),
        ("Thực tập (TP An, năm 2031; Thông báo 4-TB/ABC)", "năm 2031", YEAR, date(2031, 12, 31)),
        (
            "Khởi công cầu (TP An, hoàn thành 2031; Thông báo 4-TB/ABC)",
            "hoàn thành 2031",
            YEAR,
            date(2031, 12, 31),
        ),
        ("Trình đề án trong quý III/2031.", "trong quý III/2031", QUARTER, date(2031, 9, 30)),
        (
            "đưa vào vận hành chậm nhất trong quý 1 năm 2032",
            "chậm nhất trong quý 1 năm 2032",
            QUARTER,
            date(2032, 3, 31),
        ),
        (
            "Xây dựng kế hoạch trong tháng 02 năm 2032.",
            "trong tháng 02 năm 2032",
            MONTH,
            date(2032, 2, 29),
        ),
        ("Cuối năm 2031 có phiên bản chạy thử.", "Cuối năm 2031", YEAR, date(2031, 12, 31)),
        (
            "Các việc phải hoàn đến cuối năm 2031",
            "hoàn đến cuối năm 2031",
            YEAR,
            date(2031, 12, 31),
        ),
        (
            "Hoàn thiện năm 2031, sau đó nhân rộng.",
            "Hoàn thiện năm 2031",
            YEAR,
            date(2031, 12, 31),
        ),
        ("01 văn bản có hạn 6/2031;", "hạn 6/2031", MONTH, date(2031, 6, 30)),
        ("Gửi danh mục trước tháng 12/2031.", "trước tháng 12/2031", MONTH, date(2031, 11, 30)),
        (
            "Phấn đấu đến tháng 6/2032 hoàn thành kho số",
            "đến tháng 6/2032",
            MONTH,
            date(2032, 6, 30),
        ),
        ("1\tMở kho số\tSở Y tế\tTháng 5/2031", "Tháng 5/2031", MONTH, date(2031, 5, 31)),
        (
            "Giải pháp gửi văn bản , hoàn tháng 11/2031; Thông báo số 4-TB/ABC",
            "hoàn tháng 11/2031",
            MONTH,
            date(2031, 11, 30),
        ),
        ("Nhiệm vụ thường xuyên .", "Nhiệm vụ thường xuyên", DeadlineKind.RECURRING, None),
        (
            "ghi sổ và báo cáo định kỳ hằng tuần về Sở",
            "định kỳ hằng tuần",
            DeadlineKind.RECURRING,
            None,
        ),
        ("Hàng tháng báo cáo kết quả.", "Hàng tháng", DeadlineKind.RECURRING, None),
        (
            "kho số. Thực hiện theo lộ trình .",
            "Thực hiện theo lộ trình",
            DeadlineKind.ROADMAP,
            None,
        ),
        ("Trình Quốc hội tại kỳ họp thứ 10 .", "tại kỳ họp thứ 10", DeadlineKind.SESSION, None),
        (
            "Thời hạn: 01 tháng sau khi Luật Kho số có hiệu lực thi hành.",
            "01 tháng sau khi Luật Kho số có hiệu lực thi hành",
            DeadlineKind.RELATIVE,
            None,
        ),
        (
            "Dọn kho trong vòng 100 ngày làm việc",
            "trong vòng 100 ngày làm việc",
            DeadlineKind.RELATIVE,
            None,
        ),
    ],
)
def test_a_deadline_is_read_as_it_stands(
    text: str, words: str, kind: DeadlineKind, due: date | None
) -> None:
    (deadline,) = find_deadlines(text)
    assert (deadline.text, deadline.kind, deadline.due) == (words, kind, due)
    assert deadline.span.of(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "theo Quyết định số 12/QĐ-TTg ngày 24/5/2031.",
        "Ngày 26/9/2031, đồng chí Phó Trưởng Ban đã chủ trì cuộc họp.",
        "Chiến lược phát triển kho số đến năm 2040",
        "Phấn đấu trước năm 2040 có 5 kho số",
        "giai đoạn 2026-2030",
        "Đến ngày 4/6/2031, đã có 7 sở gửi số liệu.",
        "Trong quý III/2031, Sở Y tế đã ban hành danh mục.",
        "Kinh tế số đạt 14% trong năm 2031.",
        "So với cuối năm 2031, tỷ lệ hồ sơ tăng 8%.",
        "các nhiệm vụ trọng tâm 6 tháng cuối năm 2031",
        "Quy chế này có hiệu lực từ ngày 01/7/2031",
        "12 nhiệm vụ thường xuyên và 99 nhiệm vụ khác",
        "đã hoàn thành trong tháng 5/2031",
        "chương trình kéo dài 6 tháng",
        "(đến tháng 6/2031): ngân sách đạt 3%",
    ],
)
def test_a_date_that_binds_nobody_is_no_deadline(text: str) -> None:
    assert find_deadlines(text) == ()


def test_a_day_without_a_year_has_no_last_day() -> None:
    found = find_deadlines(
        "định kỳ 6 tháng gửi Sở trước ngày 10 tháng 5 và trước ngày 02 tháng 11."
    )
    assert [d.kind for d in found] == [DeadlineKind.RECURRING, DATE, DATE]
    assert [d.due for d in found] == [None, None, None]


def test_a_firm_deadline_outweighs_a_loose_one_in_its_sentence() -> None:
    (deadline,) = find_deadlines(
        "Lập danh mục kho triển khai ngay trong năm 2031, hoàn thành trước ngày 30/10/2031."
    )
    assert deadline.due == date(2031, 10, 30)


def test_decomposed_text_gives_places_in_the_text_as_given() -> None:
    text = unicodedata.normalize("NFD", "Mở kho số. Hoàn\u00a0thành  trong tháng 3/2031.")
    (deadline,) = find_deadlines(text)
    assert text[deadline.span.start : deadline.span.end] == deadline.text
    assert deadline.due == date(2031, 3, 31)


@given(st.text(max_size=80))
def test_every_deadline_lies_where_it_says(text: str) -> None:
    for deadline in find_deadlines(text):
        assert text[deadline.span.start : deadline.span.end] == deadline.text != ""


@given(st.dates(date(1990, 1, 1), date(2059, 12, 31)))
def test_any_day_that_is_said_is_kept(day: date) -> None:
    (deadline,) = find_deadlines(f"Gửi báo cáo trước ngày {day.day:02}/{day.month}/{day.year}.")
    assert deadline.due == day


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "line", "kind", "due"),
    [
        ("45-TB-TGV_2025-09-30.txt", 112, MONTH, date(2026, 3, 31)),
        ("45-TB-TGV_2025-09-30.txt", 65, DATE, date(2025, 11, 15)),
        ("45-TB-TGV_2025-09-30.txt", 132, DATE, date(2025, 12, 20)),
        ("45-TB-TGV_2025-09-30.txt", 123, MONTH, date(2025, 11, 30)),
        ("45-TB-TGV_2025-09-30.txt", 109, DeadlineKind.RELATIVE, None),
        ("45-TB-TGV_2025-09-30.txt", 105, DeadlineKind.SESSION, None),
        ("45-TB-TGV_2025-09-30.txt", 69, DeadlineKind.ROADMAP, None),
        ("25-TB-TGV_2025-05-24.txt", 16, DATE, date(2025, 5, 28)),
        ("25-TB-TGV_2025-05-24.txt", 18, DeadlineKind.RECURRING, None),
        ("phu-luc-II_nhiem-vu-den-31-12-2025.txt", 15, MONTH, date(2025, 11, 30)),
        ("phu-luc-II_nhiem-vu-den-31-12-2025.txt", 20, DATE, date(2025, 12, 31)),
        ("phu-luc-II_nhiem-vu-den-31-12-2025.txt", 68, YEAR, date(2025, 12, 31)),
        ("bao-cao-so-ket-NQ57_du-thao_2026-06-30.md", 705, YEAR, date(2026, 12, 31)),
        ("bao-cao-so-ket-NQ57_du-thao_2026-06-30.md", 713, QUARTER, date(2026, 9, 30)),
    ],
)
def test_the_real_notices_set_these_deadlines(
    notices_dir: Path, name: str, line: int, kind: DeadlineKind, due: date | None
) -> None:
    text = (notices_dir / name).read_text("utf-8").split("\n")[line - 1]
    assert [(d.kind, d.due) for d in find_deadlines(text)] == [(kind, due)]


@pytest.mark.shared
def test_the_record_of_events_in_the_real_notices_sets_none(notices_dir: Path) -> None:
    report = notices_dir / "bao-cao-so-ket-NQ57_du-thao_2026-06-30.md"
    lines = report.read_text("utf-8").split("\n")
    found = [n for n, line in enumerate(lines[:500], 1) if find_deadlines(line)]
    assert found == []


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 4, 9), "09/4/2026"),
        (date(2026, 1, 30), "30/01/2026"),
        (date(2025, 12, 5), "05/12/2025"),
    ],
)
def test_dates_are_written_as_official_texts_do(day: date, written: str) -> None:
    assert write_date(day) == written
