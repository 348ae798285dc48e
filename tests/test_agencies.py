from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.facts.agencies import (
    abbreviations,
    expand_terms,
    find_agencies,
)


def canonical(text: str) -> list[str]:
    return [agency.canonical for agency in find_agencies(text)]


@pytest.mark.parametrize(
    ("written", "full"),
    [
        ("Bộ KHCN", "Bộ Khoa học và Công nghệ"),
        ("BKHCN", "Bộ Khoa học và Công nghệ"),
        ("Bộ KH&CN", "Bộ Khoa học và Công nghệ"),
        ("bộ khcn", "Bộ Khoa học và Công nghệ"),
        ("Bộ Khoa học   và\u00a0Công nghệ", "Bộ Khoa học và Công nghệ"),
        ("bo tai chinh", "Bộ Tài chính"),
        ("BGDĐT", "Bộ Giáo dục và Đào tạo"),
        ("Bộ GD-ĐT", "Bộ Giáo dục và Đào tạo"),
        ("BCA", "Bộ Công an"),
        ("Bộ CA", "Bộ Công an"),
        ("Bộ TT&TT", "Bộ Thông tin và Truyền thông"),
        ("VPCP", "Văn phòng Chính phủ"),
        ("VPTWĐ", "Văn phòng Trung ương Đảng"),
        ("NHNN", "Ngân hàng Nhà nước Việt Nam"),
        ("TP. Hà Nội", "Thành phố Hà Nội"),
        ("Tp Hà Nội", "Thành phố Hà Nội"),
        ("TPHCM", "Thành phố Hồ Chí Minh"),
        ("TP. HCM", "Thành phố Hồ Chí Minh"),
        ("UBND TP. Hồ Chí Minh", "Ủy ban nhân dân thành phố Hồ Chí Minh"),
        ("ĐHQG TP.HCM", "Đại học Quốc gia Thành phố Hồ Chí Minh"),
        ("Sở KHCN tỉnh An Bình", "Sở Khoa học và Công nghệ tỉnh An Bình"),
        ("Bộ Văn hóa, Thể thao và Du lịch", "Bộ Văn hóa, Thể thao và Du lịch"),
        ("Toà án nhân dân tối cao", "Tòa án nhân dân tối cao"),
    ],
)
def test_one_agency_has_one_full_name(written: str, full: str) -> None:
    assert canonical(written) == [full]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sở Tài chính bố trí kinh phí", ["Sở Tài chính"]),
        (
            "Trung tâm Chuyển đổi số tỉnh An Bình. Hoàn thành",
            ["Trung tâm Chuyển đổi số tỉnh An Bình"],
        ),
        ("UBND tỉnh An Bình và Sở Xây dựng rà soát", ["UBND tỉnh An Bình", "Sở Xây dựng"]),
        ("Công ty Cổ phần Ánh Dương cung cấp", ["Công ty Cổ phần Ánh Dương"]),
        ("Cục Chuyển đổi số - Cơ yếu", ["Cục Chuyển đổi số - Cơ yếu"]),
        ("Viện Công nghệ thông tin nghiên cứu kho", ["Viện Công nghệ thông tin"]),
        ("Bộ Tài chính Báo cáo tỉnh", ["Bộ Tài chính"]),
        ("cán bộ công an và toàn bộ tài chính", []),
        ("các cơ quan Đảng; nhiệm vụ AI; Đại hội XIV; cơ sở R&D; Trưởng Ban", []),
        ("ông Huệ và hai phòng thí nghiệm", []),
        ("số 12-TB/TGV", []),
        ("MỘT SỐ NHIỆM VỤ, GIẢI PHÁP", []),
        ("Bộ tiêu chí và Bộ dữ liệu lớn, Ban hành danh mục", []),
    ],
)
def test_a_name_ends_where_it_ends(text: str, names: list[str]) -> None:
    assert [agency.name for agency in find_agencies(text)] == names


def test_a_list_shares_its_head() -> None:
    assert canonical("Các Bộ: Khoa học và Công nghệ, Tài chính, Nội vụ chủ động") == [
        "Bộ Khoa học và Công nghệ",
        "Bộ Tài chính",
        "Bộ Nội vụ",
    ]
    assert canonical("các bộ, cơ quan: Công an, Xây dựng, Văn phòng Chính phủ; các sở") == [
        "Bộ Công an",
        "Bộ Xây dựng",
        "Văn phòng Chính phủ",
    ]
    assert canonical("các Sở Tài chính và Nội vụ") == ["Sở Tài chính", "Sở Nội vụ"]
    assert canonical("các thành uỷ: Hà Nội, Huế") == ["Thành ủy Hà Nội", "Thành ủy Huế"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("giao Ban Cơ yếu CP việc gì", "Ban Cơ yếu Chính phủ"),
        ("vào Trung tâm ĐMST trước 2030", "Trung tâm đổi mới sáng tạo"),
    ],
)
def test_abbreviations_inside_a_name_are_written_out(text: str, name: str) -> None:
    assert canonical(text) == [name]


def test_one_agency_written_in_two_ways_is_one() -> None:
    assert canonical("Uỷ ban nhân dân thành phố Huế") == canonical("UBND TP. Huế")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ban quản lý bến phà bán vé điện tử", "Ban quản lý"),
        ("Văn phòng Ủy ban nhân dân chủ trì", "Văn phòng Ủy ban nhân dân"),
        ("Văn phòng Ủy ban nhân dân tỉnh rà soát", "Văn phòng Ủy ban nhân dân tỉnh"),
        ("Văn phòng UBND tỉnh Lam Khê chủ trì", "Văn phòng Ủy ban nhân dân tỉnh Lam Khê"),
    ],
)
def test_a_head_that_is_a_name_by_itself_is_not_cut(text: str, name: str) -> None:
    assert canonical(text) == [name]


@pytest.mark.parametrize("text", ["sở y tế phải làm gì", "hỏi sở Y tế việc này"])
def test_a_department_is_known_in_small_letters(text: str) -> None:
    assert canonical(text) == ["Sở Y tế"]


@pytest.mark.parametrize("text", ["cơ sở y tế tuyến xã", "trụ sở công an xã", "số y tế"])
def test_other_words_with_the_same_syllable_are_none(text: str) -> None:
    assert "Sở Y tế" not in canonical(text)
    assert "Sở Công an" not in canonical(text)


@given(st.text(max_size=80))
def test_every_agency_lies_where_it_says(text: str) -> None:
    end = 0
    for agency in find_agencies(text):
        assert text[agency.span.start : agency.span.end] == agency.name
        assert agency.span.start >= end
        end = agency.span.end


def test_decomposed_names_are_found_in_place() -> None:
    text = unicodedata.normalize("NFD", "giao Sở Giáo dục và Đào tạo, Bộ Nội vụ")
    first, second = find_agencies(text)
    assert first.canonical == "Sở Giáo dục và Đào tạo"
    assert second.span.of(text) == unicodedata.normalize("NFD", "Bộ Nội vụ")


def test_terms_are_expanded_both_ways() -> None:
    assert abbreviations()["TTHC"] == ("thủ tục hành chính",)
    assert "thủ tục hành chính" in expand_terms("tthc là gì")
    assert "TTHC" in expand_terms("thu tuc hanh chinh")
    assert "chuyển đổi số" in expand_terms("CDS của tỉnh")
    assert "trí tuệ nhân tạo" in expand_terms("ứng dụng AI")
    assert expand_terms("ai làm") == ()
    assert expand_terms("CĐS (chuyển đổi số)") == ()


@pytest.mark.shared
def test_the_real_notices_name_these_agencies(notices_dir: Path) -> None:
    def of(name: str, line: int) -> list[str]:
        return canonical((notices_dir / name).read_text("utf-8").split("\n")[line - 1])

    assert of("25-TB-TGV_2025-05-24.txt", 22)[:5] == [
        "Bộ Khoa học và Công nghệ",
        "Bộ Tài chính",
        "Bộ Xây dựng",
        "Bộ Nội vụ",
        "Bộ Nông nghiệp và Môi trường",
    ]
    assert len(of("45-TB-TGV_2025-09-30.txt", 11)) >= 26
    assert of("phu-luc-II_nhiem-vu-den-31-12-2025.txt", 44)[:4] == [
        "Đại học Quốc gia Hà Nội",
        "Đại học Quốc gia Thành phố Hồ Chí Minh",
        "Đại học Bách khoa Hà Nội",
        "Đại học Đà Nẵng",
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Công an tỉnh chủ trì, phối hợp với các sở.", "Công an tỉnh"),
        ("Giao Hội Người cao tuổi tỉnh mở lớp.", "Hội Người cao tuổi tỉnh"),
        ("UBND xã rà soát thiết bị.", "UBND xã"),
        ("(1) Tỉnh đoàn", "Tỉnh đoàn"),
    ],
)
def test_a_place_at_home_needs_no_name(text: str, name: str) -> None:
    assert name in [agency.name for agency in find_agencies(text)]


def test_no_name_goes_on_into_the_next_cell_of_a_row() -> None:
    named = find_agencies("1\tSở Tài chính\tBáo cáo Ủy ban nhân dân tỉnh\tCông an\tXã Cửa Ngọc")
    assert [one.name for one in named][:2] == ["Sở Tài chính", "Ủy ban nhân dân tỉnh"]
    assert not any("\t" in one.name for one in named)
