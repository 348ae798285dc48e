"""What is counted, held, done or named must stand beside the number, the name or the date."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes_library import Library

from assistant.find.ground import Quote
from assistant.judge.question_focus import focus_lacks, lacks_count

HARBOUR = """ỦY BAN NHÂN DÂN TỈNH SÔNG BÍCH
Số: 21/TB-UBND
Sông Bích, ngày 05 tháng 6 năm 2031

THÔNG BÁO
Về cảng cá Bến Đá

1. Khởi công cảng cá Bến Đá ngày 12/3/2031; cảng có 14 cầu tàu và ba kho lạnh.
2. Tổ bảo vệ cảng cá gồm các ngư dân của xã, làm việc 2 năm.
3. Họp với đồng chí Nông Văn Thuỷ, Giám đốc Cảng cá; đồng chí Lò Thị Sao, Bí thư xã Cồn Sậy.
4. Tập đoàn Hải Vân xây kho lạnh tại xã Cồn Sậy với vốn 40 tỷ đồng.
5. Hoàn thành trong 01 tháng sau khi Luật Thuỷ sản có hiệu lực thi hành.
6. Quy chế cảng có hiệu lực kể từ ngày ký.
7. Năm 2030, chợ cá bán 900 tấn cá thu cho các tàu trong tỉnh.
8. Mua máy đo độ mặn, công nghệ 28nm, đo trong 15 phút.
9. Cuộc họp bàn các nội dung: (1) Nước sạch; (2) Rác thải trên bến; (3) Đèn đường.

CHỦ TỊCH
Lưu Thị Bích Đào
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(Path(tmp_path_factory.mktemp("focus")), HARBOUR)


def lacks(library: Library, text: str, words: str) -> bool:
    """Whether the clause with ``words`` lacks what ``text`` asks for."""
    clause = library.clause(words)
    quotes = [Quote.whole(clause, library.notice_of(clause))]
    return any(focus_lacks(library.understood(text), quotes).values())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Cảng cá Bến Đá có bao nhiêu cầu tàu?", "cầu tàu"),
        ("cang ca Ben Da co bao nhieu cau tau?", "cầu tàu"),
        ("cảng có mấy kho lạnh vậy", "ba kho lạnh"),
        ("Cảng cá khởi công ngày nào?", "Khởi công"),
        ("Quy chế cảng có hiệu lực khi nào?", "Quy chế"),
        ("Ai là Giám đốc Cảng cá?", "Nông Văn Thuỷ"),
        ("Giám đốc Cảng cá là ai?", "Nông Văn Thuỷ"),
        ("Xã nào có kho lạnh của Tập đoàn Hải Vân?", "Tập đoàn"),
        ("Doanh nghiệp nào xây kho lạnh?", "Tập đoàn"),
        ("Chợ cá bán cho bao nhiêu người?", "900 tấn"),  # people have many names
        ("Xây kho lạnh hết bao nhiêu tiền?", "Tập đoàn"),
        ("Năm 2030 chợ cá bán bao nhiêu tấn cá thu?", "900 tấn"),
        ("Máy đo dùng công nghệ bao nhiêu nm?", "28nm"),
        ("Luật có hiệu lực rồi thì hoàn thành trong mấy tháng?", "Luật"),
        ("Đo độ mặn mất mấy phút vậy?", "28nm"),
        ("Luật Thuỷ sản có hiệu lực thì làm gì?", "Luật"),
        ("Cuộc họp bàn mấy nội dung?", "Nước sạch"),  # they are numbered
        ("Chủ tịch (người ký thông báo này) là ai?", "Bích Đào"),
        ("Ai là chủ tịch (người ký thông báo này)?", "Bích Đào"),
    ],
)
def test_what_is_asked_for_is_told(library: Library, text: str, words: str) -> None:
    assert not lacks(library, text, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Cảng cá Bến Đá có bao nhiêu bến xe?", "cầu tàu"),  # other things are counted
        ("Tổ bảo vệ cảng cá có bao nhiêu ngư dân?", "Tổ bảo vệ"),  # only the years are counted
        ("Cảng cá khai trương ngày nào?", "Khởi công"),  # another event's date
        ("Luật Thuỷ sản có hiệu lực từ ngày nào?", "Luật"),  # a condition, not its date
        ("Ai là Chủ tịch xã Cồn Sậy?", "Nông Văn Thuỷ"),  # another office
        ("Ai là Giám đốc Bến xe?", "Nông Văn Thuỷ"),  # the office of another body
        ("Giám đốc Cồn Sậy là ai?", "Nông Văn Thuỷ"),  # both words, in two parts of the sentence
        ("Trường nào dạy nghề đi biển?", "Tập đoàn"),  # no name of that kind
        ("Tỉnh nào xây kho lạnh?", "Tập đoàn"),
        ("Lãi suất vay vốn xây kho lạnh là bao nhiêu?", "Tập đoàn"),  # a trait nobody names
        ("Tiêu chí chọn nơi xây kho lạnh là gì?", "Tập đoàn"),
        ("Năm 2034 chợ cá bán bao nhiêu tấn cá thu?", "900 tấn"),  # another year's number
    ],
)
def test_what_is_asked_for_is_lacking(library: Library, text: str, words: str) -> None:
    assert lacks(library, text, words)


def test_a_list_asked_for_with_its_length_counts_itself(library: Library) -> None:
    question = library.understood("Tổ bảo vệ có mấy nhiệm vụ, là những nhiệm vụ nào?")
    assert not lacks_count(question, [library.clause("Tổ bảo vệ")])


def test_dates_count_nothing(library: Library) -> None:
    question = library.understood("Cảng cá có bao nhiêu lễ khởi công?")
    assert lacks_count(question, [library.clause("6. Quy chế")])
