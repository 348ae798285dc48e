from __future__ import annotations

import pytest
from fakes_library import ANNEX, TB18
from hypothesis import given
from hypothesis import strategies as st

from assistant.understand.mentions import find_mentions, without_names
from corpus.notice import Notice
from corpus.parse.notices import parse_notice

REPORT = """DỰ THẢO
ỦY BAN NHÂN DÂN TỈNH SÔNG BÍCH
Sông Bích, ngày 15 tháng 6 năm 2032

BÁO CÁO
Sơ kết sáu tháng làm kho lạnh

1. Có 7 kho lạnh được khởi công.
"""
ISSUED = REPORT.replace("DỰ THẢO\n", "").replace("Sơ kết sáu tháng", "Tổng kết ba năm")


def library(*texts: str) -> dict[str, Notice]:
    notices = [parse_notice(text, f"{number}.txt") for number, text in enumerate(texts)]
    return {notice.id: notice for notice in notices}


def files(text: str, notices: dict[str, Notice]) -> list[str]:
    return [notices[one].file_name for one in find_mentions(text, notices).notice_ids]


@pytest.mark.parametrize(
    "text",
    [
        "Dự thảo báo cáo nêu mấy kho lạnh?",
        "du thao bao cao neu may kho lanh",
        "báo cáo sơ kết nói gì",
        "BC sơ kết T6/2032 nói gì",
        "bản dự thảo báo cáo giữa năm 2032 nói gì",
        "báo cáo 6/2032 nói gì",
        "theo báo cáo thì có mấy kho lạnh",
        "có mấy kho lạnh trong báo cáo?",
    ],
)
def test_a_report_without_a_number_is_named_as_people_do(text: str) -> None:
    assert files(text, library(REPORT, TB18)) == ["0.txt"]


@pytest.mark.parametrize(
    "text",
    [
        "Sở nào phải báo cáo kết quả trước ngày nào?",
        "báo cáo Chính phủ khi nào",
        "dự thảo nghị định nêu gì",
        "báo cáo 7/2032 nói gì",
        "dự thảo báo cáo năm 2031 nói gì",
        "báo cáo cho ai, trên hệ thống nào",
    ],
)
def test_to_report_names_no_notice(text: str) -> None:
    assert files(text, library(REPORT, TB18)) == []


def test_of_two_reports_the_title_must_tell_which() -> None:
    notices = library(REPORT, ISSUED)
    assert files("theo báo cáo thì sao", notices) == []
    assert files("báo cáo tổng kết nói gì", notices) == ["1.txt"]


def test_an_issued_report_is_no_draft() -> None:
    assert files("dự thảo báo cáo nói gì", library(ISSUED)) == []


def test_each_notice_is_found_where_it_is_said() -> None:
    notices = library(TB18, ANNEX, REPORT)
    text = "Kho lạnh ở TB 18, Phụ lục I và dự thảo báo cáo sơ kết 2032 khác nhau ra sao?"
    named = find_mentions(text, notices)
    said = [text[m.span.start : m.span.end] for m in named.mentions]
    assert said == ["TB 18", "Phụ lục I", "dự thảo báo cáo sơ kết 2032"]
    assert without_names(text, named.mentions) == "Kho lạnh ở , và khác nhau ra sao?"


def test_what_the_library_lacks_is_missing() -> None:
    named = find_mentions("Nghị quyết 99 và TB 18 nói gì?", library(TB18))
    assert [one.number for one in named.missing] == ["99"]


@given(st.text(max_size=80))
def test_names_stand_inside_the_text(text: str) -> None:
    for mention in find_mentions(text, library(REPORT)).mentions:
        assert 0 <= mention.span.start < mention.span.end <= len(text)


def roster(place: str) -> str:
    return f"""ỦY BAN NHÂN DÂN {place}
Số: 05/TB-UBND
Lam Khê, ngày 02 tháng 02 năm 2032
THÔNG BÁO
Về lịch trực
1. Công an trực đến ngày 22/02/2032.
"""


ROSTERS = library(roster("XÃ CỬA NON"), roster("XÃ ĐỒI CHÈ"), TB18)


@pytest.mark.parametrize(
    "text",
    [
        "Công an xã Cửa Non trực đến ngày nào?",
        "cong an xa cua non truc den ngay nao",
        "Theo Thông báo số 05/TB-UBND của Ủy ban nhân dân xã Cửa Non, trực đến ngày nào?",
        "TB 05 của UBND xã Cửa Non nói gì",
    ],
)
def test_documents_of_one_number_are_told_apart_by_their_place(text: str) -> None:
    assert files(text, ROSTERS) == ["0.txt"]


def test_a_number_without_a_place_means_all_of_them() -> None:
    assert files("Thông báo 05/TB-UBND của Ủy ban nhân dân nói gì?", ROSTERS) == ["0.txt", "1.txt"]


def test_a_document_of_a_place_that_issued_none_is_missing() -> None:
    named = find_mentions(
        "Theo Thông báo 05/TB-UBND của UBND xã Tân Trà, trực đến hôm nào?", ROSTERS
    )
    assert named.notice_ids == ()
    assert [reference.number for reference in named.missing] == ["05/TB-UBND"]


def test_a_place_that_another_document_speaks_of_names_none() -> None:
    about = (
        roster("TỈNH LAM KHÊ").replace("Về lịch trực", "Về chợ ở xã Cửa Non").replace("05", "06")
    )
    notices = library(roster("XÃ CỬA NON"), roster("XÃ ĐỒI CHÈ"), about)
    assert files("Công an xã Cửa Non trực đến ngày nào?", notices) == []
