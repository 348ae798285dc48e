from __future__ import annotations

import pytest
from fakes_library import Library

from assistant.find.ground import Quote
from assistant.judge.bounds import Difference, find_differences, is_mistaken

NOTICE = """ỦY BAN NHÂN DÂN XÃ MƯỜNG LỒ
Số: 12/TB-UBND
Mường Lồ, ngày 03 tháng 4 năm 2031

THÔNG BÁO
Về việc chuẩn bị mùa mưa

1. Trạm Y tế nhận 4 tủ thuốc cho bản Nà Sản trước ngày 20/4/2031.
2. Thư viện cho mượn 310 đầu sách trong quý II.
3. Thuyền 6 chỗ dùng không quá 5 lít dầu một chuyến.
4. Thuyền 20 chỗ dùng không quá 9 lít dầu một chuyến.
5. Trường học tổ chức thi thầy giáo giỏi cấp xã.
"""
CHEST, BOOKS, BOAT, CONTEST = "tủ thuốc", "đầu sách", "Thuyền 6", "thầy giáo"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("bounds"), NOTICE)


def differences(library: Library, text: str, words: str) -> tuple[Difference, ...]:
    """What a question bounds otherwise than the clause with ``words``."""
    clause = library.clause(words)
    quote = Quote.whole(clause, library.notice_of(clause))
    return find_differences(library.understood(text), [quote])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Bản Nà Sản nhận tủ thuốc trước ngày nào?", CHEST),
        ("Theo Thông báo 12/TB-UBND của UBND xã Mường Lồ, ai nhận 4 tủ thuốc?", CHEST),
        ("Trong quý 2 năm 2031 cho mượn bao nhiêu đầu sách?", BOOKS),  # a numeral of either kind
        ("thuyen 6 cho dung bao nhieu lit dau mot chuyen?", BOAT),
        ("Khi nào thi giáo viên giỏi cấp xã?", CONTEST),  # in part the same words
    ],
)
def test_what_the_text_bounds_alike_differs_in_nothing(
    library: Library, text: str, words: str
) -> None:
    assert differences(library, text, words) == ()


SHOUTED = """BAN CHỈ ĐẠO CHUYỂN ĐỔI SỐ TỈNH LAM KHÊ
Số: 18/TB-BCĐ
Lam Khê, ngày 03 tháng 4 năm 2031

THÔNG BÁO
KẾT LUẬN VỀ CHÍNH QUYỀN SỐ Ở CẤP XÃ

1. Kho dữ liệu chung được sửa trong tháng 7/2031.
"""


@pytest.mark.parametrize(
    "text",
    [
        "Hạn sửa đổi Nghị định về dữ liệu là khi nào?",  # “Nghị định” is what is changed
        "Hạn sửa đổi Luật Dữ liệu là khi nào?",
        "Sở Xây dựng sửa kho dữ liệu khi nào?",  # “SỐ Ở” is no “Sở” with a name
    ],
)
def test_capitals_that_name_nothing_are_no_other_name(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    library = Library(tmp_path_factory.mktemp("shouted"), SHOUTED)
    assert differences(library, text, "Kho dữ liệu") == ()


@pytest.mark.parametrize(
    ("text", "words", "asked", "told"),
    [
        ("Ai nhận tủ thuốc cho bản Nà Lốc?", CHEST, "Nà Lốc", "Nà Sản"),
        ("Trong quý III cho mượn bao nhiêu đầu sách?", BOOKS, "quý III", "quý II"),
        ("Thuyền 8 chỗ dùng bao nhiêu lít dầu?", BOAT, "8 chỗ", "6 chỗ"),
        ("Bao giờ thi thầy giáo giỏi cấp tỉnh?", CONTEST, "cấp tỉnh", "cấp xã"),
        ("Khi nào thi nghệ sĩ giỏi?", CONTEST, "thi nghệ sĩ giỏi", "thi thầy giáo giỏi"),
        (
            "Theo thông báo của UBND xã Tân Lâm, ai nhận tủ thuốc?",
            CHEST,
            "xã Tân Lâm",
            "xã Mường Lồ",
        ),
        ("Vì sao trạm y tế nhận tủ thuốc?", CHEST, "lý do", ""),
        ("Trạm y tế nhận tủ thuốc xong chưa?", CHEST, "kết quả thực hiện", ""),
    ],
)
def test_another_case_is_told_with_the_one_in_the_text(
    library: Library, text: str, words: str, asked: str, told: str
) -> None:
    found = differences(library, text, words)
    assert Difference(asked, told) in found
    assert not is_mistaken(library.understood(text), found)


def test_a_count_that_the_notice_has_once_is_a_mistake(library: Library) -> None:
    text = "Trạm Y tế nhận 7 tủ thuốc cho bản nào?"
    found = differences(library, text, CHEST)
    assert found == (Difference("7 tủ", "4 tủ", is_count=True),)
    assert is_mistaken(library.understood(text), found)


def test_who_doubts_is_mistaken_and_means_nothing_else(library: Library) -> None:
    text = "Có đúng là tủ thuốc cho bản Nà Lốc không?"
    found = differences(library, text, CHEST)
    assert [one.told for one in found] == ["Nà Sản"]
    assert is_mistaken(library.understood(text), found)
