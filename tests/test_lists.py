from __future__ import annotations

import pytest
from fakes_library import Library, texts_of

from assistant.answer.wording import left_out
from assistant.contract import WarningKind

TASKS = """ỦY BAN NHÂN DÂN TỈNH SÔNG BÍCH
Số: 21/TB-UBND
Sông Bích, ngày 05 tháng 6 năm 2031

THÔNG BÁO
Kết luận về nghề cá

1. Nhiệm vụ của các sở
(1) Sở Công Thương
- Rà soát kho lạnh cũ ở bến cá.
- Phối hợp với Sở Xây dựng sửa mái kho lạnh.
- Mở sàn bán cá trực tuyến.
(2) Sở Xây dựng
- Sửa bến phà Cồn Sậy.
- Chủ trì, phối hợp với Sở Công Thương vẽ lại bản đồ các bến cá.
2. Sửa quy định về nghề cá để:
- Bớt giấy tờ cho chủ tàu.
- Cho ngư dân vay vốn mua lưới.
3. Lập quỹ khuyến ngư cho tàu nhỏ.
4. Tăng đầu tư vào các bến cá của tỉnh.
5. Đến năm 2033 có 3 loại tàu được miễn phí bến: tàu gỗ dưới 6 m; tàu cứu nạn của các xã đảo và \
hội chữ thập đỏ trong tỉnh; tàu chở học sinh đi học hằng ngày giữa các cồn và đất liền, kể cả \
ngày nghỉ lễ khi có lớp phụ đạo hoặc thi cuối kỳ do nhà trường tổ chức tại điểm trường chính.
6. Các xã lập tổ trông coi bến.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("library"), TASKS)


def test_a_lead_in_that_is_asked_about_gives_all_its_items(library: Library) -> None:
    ground = library.ground("Sửa quy định về nghề cá nhằm những mục đích gì?")
    assert texts_of(ground) == ["- Bớt giấy tờ cho chủ tàu.", "- Cho ngư dân vay vốn mua lưới."]


def test_an_agency_asked_what_it_must_do_gets_its_own_tasks(library: Library) -> None:
    ground = library.ground("Sở Xây dựng phải làm những việc gì?")
    assert [text[:12] for text in texts_of(ground)] == ["- Sửa bến ph", "- Chủ trì, p"]


def test_items_that_are_not_what_is_asked_for_are_left_out(library: Library) -> None:
    ground = library.ground("Thông báo nêu lập những quỹ nào cho tàu cá?")
    assert texts_of(ground) == ["3. Lập quỹ khuyến ngư cho tàu nhỏ."]


def test_a_list_inside_a_sentence_is_quoted_to_its_end(library: Library) -> None:
    [quote] = library.ground("3 loại tàu nào được miễn phí bến?").quotes
    assert "tàu gỗ" in quote.text
    assert "tàu chở học sinh" in quote.text


def test_what_a_long_list_leaves_out_is_told(tmp_path_factory: pytest.TempPathFactory) -> None:
    tasks = "\n".join(f"- Sở Công Thương sửa kho lạnh số {n} ở bến cá." for n in range(1, 12))
    head = TASKS[: TASKS.index("1. Nhiệm vụ của các sở")]
    notice = f"{head}1. Việc chung\n{tasks}\n2. Sở Xây dựng\n- Sửa bến phà Cồn Sậy.\n"
    library = Library(tmp_path_factory.mktemp("long"), notice)
    text = "Sở Công Thương được giao những việc gì?"
    ground = library.ground(text)
    assert len(ground.quotes) == 8
    assert ground.left_out == 3
    [warning] = left_out(ground)
    assert warning.kind is WarningKind.INCOMPLETE
    assert warning.text.startswith("Còn 3 nội dung khác")
    assert left_out(library.ground("Sở Xây dựng phải làm gì?")) == ()
