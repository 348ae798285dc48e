from __future__ import annotations

import pytest
from fakes_library import ANNEX, DRAFT, PLAN, TB18, Library, texts_of

from assistant.judge.agreement import differ, same_task
from assistant.understand.question import Asked

LONG = """THÔNG BÁO
Về máy làm đá

1. Xã Bến Đá là nơi đầu tiên của tỉnh đặt máy làm đá cho tàu cá, do ngư dân góp tiền và tự \
trông coi. \
Máy làm đá ở bến chính chạy bằng điện mặt trời, mỗi ngày ra 14 tấn đá vảy. \
Người dân trong xã đã họp bốn lần để bàn việc chia ca, ai cũng được dùng như nhau và không ai phải \
trả thêm phí nào. Máy làm đá được bảo dưỡng trước ngày 20/12/2031. \
Tiếng ồn của máy không vượt mức cho phép nên các hộ ở gần bến không phải dời đi đâu.
"""
TASKS = """PHỤ LỤC II
Việc của các xã

1. XÃ BẾN ĐÁ
- Sửa đường ra bến, hạn 31/12/2031:
+ Đoạn đầu dài 4 km.
+ Đoạn sau dài 9 km.
- Trồng rừng chắn sóng, hạn 30/6/2032.
2. XÃ CỒN SẬY
- Trồng rừng ngập mặn, hạn 30/6/2032.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("library"), TB18, ANNEX, PLAN, DRAFT)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("long"), LONG, TASKS)


def test_the_owner_heading_is_quoted_for_a_question_about_the_owner(library: Library) -> None:
    ground = library.ground("Ai xây dựng sàn bán cá trực tuyến cho ngư dân?")
    assert texts_of(ground) == [
        "- Xây dựng sàn bán cá trực tuyến cho ngư dân. Nhiệm vụ thường xuyên.",
        "(1) Sở Công Thương",
    ]


def test_it_is_not_quoted_for_another_question(library: Library) -> None:
    ground = library.ground("Sàn bán cá trực tuyến cho ngư dân có thời hạn ra sao?")
    assert len(ground.quotes) == 1


def test_the_closer_is_quoted_for_a_question_about_the_deadline(library: Library) -> None:
    ground = library.ground("Máy làm đá cho tàu cá ở xã Bến Đá báo cáo kết quả khi nào?")
    assert texts_of(ground)[0] == "- Xã Bến Đá đặt máy làm đá cho tàu cá."
    assert texts_of(ground)[-1].endswith("trước ngày 20/12/2031.")
    assert not ground.missing


def test_a_short_clause_is_quoted_whole(library: Library) -> None:
    [quote] = library.ground("vé điện tử bán ở mấy bến phà?").quotes
    assert quote.text == quote.clause.text


def test_a_long_clause_is_cut_to_the_sentence_that_answers(long: Library) -> None:
    ground = long.ground("Máy làm đá ở bến chính mỗi ngày ra bao nhiêu tấn đá vảy?")
    assert texts_of(ground) == [
        "Máy làm đá ở bến chính chạy bằng điện mặt trời, mỗi ngày ra 14 tấn đá vảy."
    ]


def test_a_long_clause_gives_a_sentence_for_each_thing_asked(long: Library) -> None:
    ground = long.ground("Máy làm đá mỗi ngày ra bao nhiêu tấn đá vảy, bảo dưỡng trước ngày nào?")
    quoted = texts_of(ground)
    assert any("14 tấn" in text for text in quoted)
    assert any("20/12/2031" in text for text in quoted)
    assert not any("Tiếng ồn" in text for text in quoted)


def test_sentences_keep_the_order_of_the_clause(long: Library) -> None:
    ground = long.ground("Máy làm đá bảo dưỡng trước ngày nào, mỗi ngày ra bao nhiêu tấn đá vảy?")
    starts = [quote.span.start for quote in ground.quotes]
    assert starts == sorted(starts)
    assert len(starts) > 1


def test_a_list_leaves_out_what_other_agencies_do(long: Library) -> None:
    ground = long.ground("Xã Cồn Sậy được giao những việc gì?")
    assert texts_of(ground) == ["- Trồng rừng ngập mặn, hạn 30/6/2032."]


def test_a_list_leaves_out_other_dates(long: Library) -> None:
    ground = long.ground("Những việc trồng rừng nào có hạn 30/6/2032?")
    assert {text[:12] for text in texts_of(ground)} == {"- Trồng rừng"}
    assert len(ground.quotes) == 2


def test_a_list_stands_in_the_order_of_its_notice(library: Library) -> None:
    question = "Những xã nào thí điểm đặt máy làm đá cho chợ?"
    assert "chợ nổi" in library.evidence(library.understood(question))[0].clause.text
    ground = library.ground(question)
    own = [quote for quote in ground.quotes if quote.text.startswith("- Xã")]
    assert [quote.text[:12] for quote in own] == ["- Xã Bến Đá ", "- Xã Cồn Sậy"]


def test_a_list_leaves_out_the_heading_above_it(library: Library) -> None:
    ground = library.ground("Những xã nào thí điểm máy làm đá?")
    assert not any(text.startswith("(2)") for text in texts_of(ground))


def test_a_list_leaves_out_the_details_of_an_item(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    library = Library(tmp_path_factory.mktemp("tasks"), TASKS)
    ground = library.ground("Xã Bến Đá được giao những việc gì?")
    assert [text[:15] for text in texts_of(ground)] == ["- Sửa đường ra ", "- Trồng rừng ch"]


def test_the_details_of_a_single_item_are_the_list(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    library = Library(tmp_path_factory.mktemp("item"), TASKS)
    ground = library.ground("Xã Bến Đá sửa đường ra bến gồm những gì?")
    assert [text[:8] for text in texts_of(ground)] == ["+ Đoạn đ", "+ Đoạn s"]


def test_the_second_number_of_a_question_comes_from_the_lead_in(library: Library) -> None:
    ground = library.ground(
        "Kinh phí thực hiện Kế hoạch là bao nhiêu, trong đó nguồn xã hội hóa bao nhiêu?"
    )
    assert sorted(texts_of(ground)) == [
        "2. Kinh phí thực hiện Kế hoạch là 94 tỷ đồng, gồm:",
        "b) Nguồn xã hội hóa 20 tỷ đồng.",
    ]


def test_the_second_number_of_a_question_comes_from_another_notice(library: Library) -> None:
    ground = library.ground(
        "Hội Nông dân mở tổng cộng bao nhiêu lớp dạy ướp cá, trong đó đến 31/01/2032 mấy lớp?"
    )
    assert {quote.notice.file_name for quote in ground.quotes} == {"1.txt", "2.txt"}
    assert any("60 lớp" in text for text in texts_of(ground))
    assert any("25 lớp" in text for text in texts_of(ground))


def test_one_number_needs_no_second_clause(library: Library) -> None:
    ground = library.ground("Hội Nông dân mở bao nhiêu lớp dạy ướp cá, mỗi lớp mấy người?")
    assert len(ground.quotes) == 1
    assert "không quá 20 người" in ground.quotes[0].text


def test_the_second_part_of_a_question_comes_from_another_clause(library: Library) -> None:
    ground = library.ground("Ai bán vé điện tử tại bến phà và trường nào dạy nghề sửa máy tàu?")
    assert [text[:6] for text in texts_of(ground)] in (
        ["b) Ban", "3. Trư"],
        ["3. Trư", "b) Ban"],
    )


def test_each_part_is_answered_from_the_notice_it_names(library: Library) -> None:
    ground = library.ground(
        "Rà soát kho lạnh cũ hạn ngày nào theo Thông báo 18, còn theo Kế hoạch 9 thì Hội Nông dân"
        " mở bao nhiêu lớp dạy ướp cá?"
    )
    assert {quote.notice.file_name for quote in ground.quotes} == {"0.txt", "2.txt"}
    assert any("15/11/2031" in text for text in texts_of(ground))
    assert any("60 lớp" in text for text in texts_of(ground))


def test_one_clause_that_answers_both_parts_is_quoted_alone(library: Library) -> None:
    [quote] = library.ground(
        "Có mấy kho lạnh đến năm 2033, công suất mỗi kho bao nhiêu tấn?"
    ).quotes
    assert "48 kho lạnh" in quote.text


def test_what_no_clause_tells_adds_none(library: Library) -> None:
    ground = library.ground("Ai bán vé điện tử tại bến phà, còn lương giáo viên là bao nhiêu?")
    assert {quote.clause.text[:6] for quote in ground.quotes} == {"b) Ban"}


def test_who_signed_each_of_two_notices(library: Library) -> None:
    ground = library.ground("Ai ký Thông báo 18 và ai ký Kế hoạch 9?")
    assert any("Lưu Thị Bích Đào" in text for text in texts_of(ground))


def test_the_same_words_in_another_order_are_no_second_part(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    library = Library(
        tmp_path_factory.mktemp("order"),
        "1. Sở Xây dựng lắp trạm bơm cho kênh Hòn Tro trước ngày 15/11/2031.\n"
        "2. Sở Y tế kiểm tra kênh trạm bơm Hòn Tro trước ngày 20/12/2031.\n"
        "3. Trường học dạy bơi.\n4. Chợ bán cá.\n",
    )
    first, *_ = library.ground("Sở nào lắp cho kênh trạm bơm Hòn Tro, khi nào?").quotes
    assert "Sở Xây dựng" in first.text


def test_a_heading_is_quoted_where_it_alone_has_what_is_asked_for(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    library = Library(
        tmp_path_factory.mktemp("heading"),
        "KẾ HOẠCH\nDạy bơi\n\n1. Từ năm học 2031 - 2032, các trường phải:\n"
        "- Mở lớp dạy bơi cho học sinh.\n- Đào hồ bơi.\n",
    )
    ground = library.ground("Trường mở lớp dạy bơi cho học sinh từ năm học nào?")
    assert [text[:9] for text in texts_of(ground)] == ["- Mở lớp ", "1. Từ năm"]
    assert len(library.ground("Lớp dạy bơi mở cho ai?").quotes) == 1


def test_two_notices_that_disagree_are_both_quoted(library: Library) -> None:
    ground = library.ground("Ai chủ trì sửa chữa bến phà Cồn Sậy?")
    assert {quote.notice.file_name for quote in ground.quotes} == {"0.txt", "1.txt"}
    assert len(ground.disputed) == 1


def test_a_named_notice_is_not_disputed_by_another(library: Library) -> None:
    ground = library.ground("Theo Thông báo 18, ai chủ trì sửa chữa bến phà Cồn Sậy?")
    assert {quote.notice.file_name for quote in ground.quotes} == {"0.txt"}
    assert ground.disputed == ()


def test_notices_that_agree_are_not_disputed(library: Library) -> None:
    assert library.ground("12 kho lạnh cũ rà soát xong khi nào?").disputed == ()


@pytest.mark.parametrize(
    ("first", "second", "disagree"),
    [
        ("hạn tháng 12/2031", "hạn 31/12/2031", False),
        ("hạn 30/9/2031", "hạn 30/09/2031", False),
        ("hạn tháng 12/2031", "hạn 30/11/2031", True),
        ("hạn 15/12/2031", "hạn tháng 12/2031", True),
    ],
)
def test_which_deadlines_disagree(
    tmp_path_factory: pytest.TempPathFactory, first: str, second: str, disagree: bool
) -> None:
    task = "1. Sở Xây dựng nạo vét luồng vào cảng cá Hòn Tro"
    library = Library(
        tmp_path_factory.mktemp("two"),
        f"THÔNG BÁO\nVề cảng cá\n\n{task} ({first}).\n",
        f"KẾ HOẠCH\nNạo vét luồng\n\n{task} ({second}).\n",
    )
    ground = library.ground("Nạo vét luồng vào cảng cá Hòn Tro hạn khi nào?")
    assert bool(ground.disputed) is disagree


def test_uy_and_uy_are_the_same_owner(tmp_path_factory: pytest.TempPathFactory) -> None:
    library = Library(
        tmp_path_factory.mktemp("uy"),
        "THÔNG BÁO\nVề cảng\n\n1. Văn phòng Uỷ ban nhân dân tỉnh chủ trì nạo vét luồng vào cảng.\n",
        "KẾ HOẠCH\nNạo vét\n\n1. Văn phòng Ủy ban nhân dân tỉnh chủ trì nạo vét luồng vào cảng.\n",
    )
    first, second = (c for c in library.snapshot.clauses.values() if "nạo vét luồng" in c.text)
    assert same_task(first, second)
    assert not differ(library.understood("Ai chủ trì nạo vét luồng?"), first, second)


def test_different_tasks_of_the_same_form_are_not_the_same(library: Library) -> None:
    assert not same_task(library.clause("tàu cá."), library.clause("chợ nổi"))


def test_what_the_ground_lacks_is_told(library: Library) -> None:
    ground = library.ground("Sở Y tế mua bao nhiêu xe cứu thương cho bến phà Hòn Đỏ?")
    assert ground.strangers == ("Sở Y tế",)
    assert 0 < ground.coverage < 1
    assert "mua" not in ground.unknown
    ground = library.ground("Trụ sở Ban quản lý bến phà ở đâu?")
    assert ground.missing == {Asked.PLACE}


def test_the_topic_of_a_question_must_be_known(library: Library) -> None:
    assert library.ground("Lương của Ban quản lý bến phà là bao nhiêu?").topic_unknown
    assert not library.ground("Công suất tối thiểu mỗi kho lạnh là bao nhiêu?").topic_unknown


def test_a_ground_never_repeats_a_quote(library: Library) -> None:
    ground = library.ground("Các xã thí điểm máy làm đá nào báo cáo khi nào, gồm những việc gì?")
    assert len(set(texts_of(ground))) == len(ground.quotes)


def test_a_footnote_does_not_outdo_the_clause_it_explains(library: Library) -> None:
    [quote] = library.ground("có bao nhiêu kho lạnh được khởi công?").quotes
    assert "7 kho lạnh" in quote.text
    [quote] = library.ground("có mấy kho lạnh ở huyện đảo Hòn Tro?").quotes
    assert "3 kho lạnh" in quote.text


def test_a_follow_up_without_words_of_its_own_is_answered(library: Library) -> None:
    ground = library.ground("Hạn của việc đó là bao giờ?", "Sở nào rà soát 12 kho lạnh cũ?")
    assert "12 kho lạnh cũ" in texts_of(ground)[0]
    assert ground.coverage > 0.5


def test_what_is_nearly_as_likely_is_quoted_too(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    notice = "\n".join(
        [
            "THÔNG BÁO",
            "Về máy làm đá",
            "",
            "1. Ủy ban nhân dân tỉnh quyết định một cơ quan chủ trì máy làm đá.",
            "2. Sở Công Thương chủ trì đặt máy làm đá ở các bến.",
            "3. Trường học dạy bơi.",
        ]
    )
    library = Library(tmp_path_factory.mktemp("led"), notice)
    told = texts_of(library.ground("Ai chủ trì máy làm đá?"))
    assert [text[:2] for text in told] == ["1.", "2."]


def test_a_clause_without_agencies_may_tell_the_owner_of_a_thing(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    notice = "\n".join(
        [
            "THÔNG BÁO",
            "Về dữ liệu nghề cá",
            "",
            "1. Có ba kho: kho dữ liệu tàu cá (Sở Công Thương); kho dữ liệu bến cá (Sở Xây dựng).",
            "2. Công an tỉnh chủ trì làm sạch dữ liệu người đi biển.",
        ]
    )
    library = Library(tmp_path_factory.mktemp("own"), notice)
    assert "Sở Xây dựng" in texts_of(library.ground("Ai chủ trì kho dữ liệu bến cá?"))[0]


MORE = """THÔNG BÁO
Về chợ cá 3 Làng

Điều 1. Lập chợ cá trên bến.
Điều 2. Giao xã Cồn Sậy trông coi chợ cá trên bến.
3. Về ba việc của Ban quản lý chợ cá

Ban quản lý chợ cá có các nhiệm vụ do tỉnh giao cho từ ngày thành lập, cụ thể: (1) Xếp chỗ cho các \
hộ bán cá tươi, cá khô và nước mắm ở các dãy nhà. (2) Thu tiền chỗ ngồi vào mỗi tuần chợ phiên. \
(3) Dọn rác trên bến sau mỗi buổi chợ.
4. Các chợ khác
- Thành phố Bến Tre có chợ đêm bán hàng cho khách đi thuyền suốt mùa nước nổi hằng năm; mở thêm \
cầu tàu đón khách từ các nơi tới; có nhà vệ sinh công cộng sạch nhất vùng. Chợ không thu phí.
"""


@pytest.fixture(scope="module")
def more(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("more"), MORE)


def test_the_items_of_a_list_within_a_paragraph_are_quoted_together(more: Library) -> None:
    text = " ".join(texts_of(more.ground("Ban quản lý chợ cá có những nhiệm vụ gì?")))
    assert "(1) Xếp chỗ" in text
    assert "(2) Thu tiền" in text
    assert "Dọn rác" in text


def test_the_number_of_an_item_is_not_all_that_is_quoted_of_it(more: Library) -> None:
    found = more.ground("Nêu các điều về chợ cá trên bến?")
    assert all(len(text.split()) > 3 for text in texts_of(found))


def test_a_part_of_a_sentence_comes_with_whom_it_is_about(more: Library) -> None:
    text = " ".join(texts_of(more.ground("Nơi nào có nhà vệ sinh công cộng sạch nhất vùng?")))
    assert "Thành phố Bến Tre" in text


def test_the_clause_that_counts_the_same_is_taken(library: Library) -> None:
    found = library.ground("Kho lạnh có bao nhiêu kho lạnh cũ phải rà soát?")
    assert "12 kho lạnh cũ" in texts_of(found)[0]


def test_what_a_footnote_is_about_stands_in_its_paragraph(library: Library) -> None:
    found = library.ground("Kho lạnh khởi công ở huyện đảo Hòn Tro có bao nhiêu kho?")
    assert "khoi" not in found.unknown
