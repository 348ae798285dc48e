from __future__ import annotations

import pytest
from fakes_library import ANNEX, DRAFT, PLAN, TB18
from hypothesis import given
from hypothesis import strategies as st

from assistant.understand.division import MOST, Piece, divide
from assistant.understand.mentions import find_mentions
from corpus.parse.notices import parse_notice

NOTICES = {
    notice.id: notice
    for number, text in enumerate((TB18, ANNEX, PLAN, DRAFT))
    for notice in [parse_notice(text, f"{number}.txt")]
}


def divided(text: str) -> tuple[Piece, ...]:
    return divide(text, find_mentions(text, NOTICES).mentions)


def parts(text: str) -> list[tuple[str, str]]:
    """Each part with the files of the notices that it asks of."""
    return [
        (piece.text, " ".join(NOTICES[one].file_name for one in piece.notice_ids))
        for piece in divided(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Có bao nhiêu kho lạnh cũ, còn bến phà sửa xong khi nào?",
            ["Có bao nhiêu kho lạnh cũ", "còn bến phà sửa xong khi nào?"],
        ),
        (
            "Kho lạnh cũ có bao nhiêu; bến phà sửa xong khi nào, ai làm?",
            ["Kho lạnh cũ có bao nhiêu", "bến phà sửa xong khi nào, ai làm?"],
        ),
        (
            "Ai bán vé ở bến phà và trường nào dạy nghề sửa máy?",
            ["Ai bán vé ở bến phà", "và trường nào dạy nghề sửa máy?"],
        ),
        (
            "Bến Cồn Sậy: sở nào sửa chữa, với bán vé mấy nơi?",
            ["Bến Cồn Sậy: sở nào sửa chữa", "Bến Cồn Sậy: với bán vé mấy nơi?"],
        ),
        (
            "Mở bao nhiêu lớp dạy ướp cá, trong đó mấy lớp ở xã, huyện?",
            ["Mở bao nhiêu lớp dạy ướp cá", "trong đó mấy lớp ở xã, huyện?"],
        ),
    ],
)
def test_a_question_is_cut_where_both_sides_ask(text: str, expected: list[str]) -> None:
    assert [piece.text for piece in divided(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Sở nào sửa chữa bến phà Cồn Sậy, bao giờ xong?",
        "Bộ nào và sở nào?",
        "Sở Tài chính, Sở Xây dựng và Hội Nông dân có việc gì?",
        "Theo Thông báo 18, ai rà soát kho lạnh?",
        "Các xã, phường nào thí điểm máy làm đá theo Phụ lục I, ở đâu?",
        "AI dùng để làm gì trong kho lạnh",
        "",
        "???",
    ],
)
def test_what_asks_one_thing_stays_whole(text: str) -> None:
    assert divided(text) == ()


def test_the_same_asked_of_several_notices_has_a_side_for_each() -> None:
    found = divided("So sánh Thông báo 18 và Phụ lục I về bến phà Cồn Sậy?")
    assert [piece.text for piece in found] == ["về bến phà Cồn Sậy?"] * 2
    assert all(piece.is_side for piece in found)
    assert len({piece.notice_ids for piece in found}) == 2


def test_each_part_is_asked_of_the_notice_it_names() -> None:
    assert parts("Sửa bến phà khi nào theo Thông báo 18, còn mở mấy lớp theo Kế hoạch 9?") == [
        ("Sửa bến phà khi nào theo", "0.txt"),
        ("còn mở mấy lớp theo ?", "2.txt"),
    ]


def test_a_notice_is_meant_until_another_time_is_asked_for() -> None:
    found = parts(
        "Phụ lục I giao rà soát mấy kho lạnh, hạn báo cáo ngày nào, nay rà soát được mấy kho?"
    )
    assert [name for _, name in found] == ["1.txt", "1.txt", ""]


def test_what_is_asked_in_contrast_is_in_another_notice() -> None:
    text = "Mục tiêu có bao nhiêu kho lạnh, còn theo dự thảo báo cáo thì làm được bao nhiêu kho?"
    first, second = divided(text)
    assert first.not_in == second.notice_ids != ()
    assert second.not_in == ()


def test_this_is_said_again() -> None:
    _, second = divided(
        "Kế hoạch 9 giao gì cho Trường Cao đẳng Sông Bích, đến nay Trường Cao này ra sao?"
    )
    assert "Trường Cao đẳng Sông Bích" in second.text


WORDS = ("kho", "nào", "khi nào", ",", "còn", "và", "TB 18", "Phụ lục I", "?", ":", "bao nhiêu")


@given(st.lists(st.sampled_from(WORDS)))
def test_no_question_has_too_many_parts(words: list[str]) -> None:
    text = " ".join(words)
    found = divided(text)
    assert len(found) in (0, *range(2, MOST + 1))
    assert found == divided(text)
