from __future__ import annotations

from pathlib import Path

import pytest
from fakes_library import ANNEX, DRAFT, PLAN, TB18, Library

from assistant.understand.question import Asked

SAME_NUMBER = TB18.replace("18/TB-UBND", "18/KH-UBND").replace("THÔNG BÁO", "KẾ HOẠCH")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("library"), TB18, ANNEX, PLAN, DRAFT)


def names(library: Library, text: str, *history: str) -> set[str]:
    """The files of the notices that a question names."""
    question = library.understood(text, *history)
    return {library.snapshot.notices[name].file_name for name in question.notice_ids}


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Bến phà Cồn Sậy sửa xong khi nào?", Asked.DEADLINE),
        ("ben pha Con Say sua xong bao gio", Asked.DEADLINE),
        ("hạn rà soát kho lạnh?", Asked.DEADLINE),
        ("chậm nhất ngày nào phải báo cáo", Asked.DEADLINE),
        ("quý mấy thì xong", Asked.DEADLINE),
        ("Cơ quan nào chủ trì?", Asked.OWNER),
        ("co quan nao chu tri?", Asked.OWNER),
        ("ai rà soát kho lạnh cũ", Asked.OWNER),
        ("việc sửa bến phà giao ai", Asked.OWNER),
        ("đồng chí nào kết luận", Asked.PERSON),
        ("gặp ai để hỏi", Asked.PERSON),
        ("Ai ký Thông báo số 18/TB-UBND?", Asked.SIGNER),
        ("ai la nguoi ky thong bao 18", Asked.SIGNER),
        ("có bao nhiêu kho lạnh", Asked.NUMBER),
        ("co may ben pha ban ve dien tu", Asked.NUMBER),
        ("tỷ lệ hỏng còn mức nào", Asked.NUMBER),
        ("văn bản nào giao việc này", Asked.DOCUMENT),
        ("theo nghị quyết số mấy", Asked.DOCUMENT),
        ("trụ sở ban quản lý ở đâu", Asked.PLACE),
        ("dia chi nao ban ve", Asked.PLACE),
        ("Sở Công Thương được giao những việc gì", Asked.LIST),
        ("máy làm đá gồm những loại nào", Asked.LIST),
        ("hai văn bản có khác nhau không", Asked.COMPARISON),
        ("số liệu có khớp không", Asked.COMPARISON),
        ("Số kho lạnh ở hai văn bản khác nhau ra sao", Asked.NUMBER),
        ("ai đứng tên ở thông báo 18", Asked.SIGNER),
    ],
)
def test_what_kind_of_thing_is_asked_for(library: Library, text: str, asked: Asked) -> None:
    assert asked in library.understood(text).asked


@pytest.mark.parametrize(
    ("text", "not_asked"),
    [
        ("bao nhiêu kho lạnh quá hạn", Asked.DEADLINE),
        ("báo cáo đúng hạn để làm gì", Asked.DEADLINE),
        ("mỗi tháng mấy buổi dạy ướp cá", Asked.DEADLINE),
        ("Ai ký Thông báo số 18/TB-UBND?", Asked.OWNER),
        ("AI dùng để làm gì trong kho lạnh", Asked.PERSON),
        ("AI dùng để làm gì trong kho lạnh", Asked.OWNER),
        ("máy lấy số đặt ở xã nào", Asked.NUMBER),
        ("quy định về vé phà", Asked.DEADLINE),
        ("tháng mấy phải xong", Asked.NUMBER),
        ("bán vé ở mấy bến phà nào", Asked.NUMBER),
        ("số hóa vé phà thế nào", Asked.NUMBER),
    ],
)
def test_false_friends(library: Library, text: str, not_asked: Asked) -> None:
    assert not_asked not in library.understood(text).asked


def test_a_question_typed_in_capitals_may_ask_who(library: Library) -> None:
    assert Asked.PERSON in library.understood("AI CHỦ TRÌ SỬA CHỮA BẾN PHÀ").asked


def test_one_question_may_ask_for_several_things(library: Library) -> None:
    question = library.understood("Sở nào sửa bến phà và xong khi nào?")
    assert question.asked == {Asked.OWNER, Asked.DEADLINE}
    assert question.parts == 2
    assert question.numbers == 0


@pytest.mark.parametrize(
    ("text", "numbers", "parts"),
    [
        ("mở tổng cộng bao nhiêu lớp, trong đó mấy lớp ở xã?", 2, 2),
        ("bao nhiêu phần trăm nguồn thu của mấy bến phà?", 1, 1),
        ("vốn đầu tư là bao nhiêu", 1, 1),
        ("bến phà Cồn Sậy", 0, 1),
        ("sửa xong tháng mấy, ai làm", 0, 2),
        ("bán vé ở mấy bến phà nào", 0, 1),
    ],
)
def test_how_many_things_are_asked_for(
    library: Library, text: str, numbers: int, parts: int
) -> None:
    question = library.understood(text)
    assert (question.numbers, question.parts) == (numbers, parts)


@pytest.mark.parametrize(
    "text",
    [
        "Theo TB 18, ai rà soát kho lạnh?",
        "Theo Thông báo 18, ai rà soát kho lạnh?",
        "Theo Thông báo số 18/TB-UBND ngày 05/6/2031, ai rà soát?",
        "theo thong bao so 18/TB-UBND ai ra soat",
    ],
)
def test_a_named_notice_is_the_only_one_looked_in(library: Library, text: str) -> None:
    assert names(library, text) == {"0.txt"}
    assert library.understood(text).only_named


def test_an_annex_is_named_by_its_roman_number(library: Library) -> None:
    assert names(library, "Sở Công Thương có việc gì trong Phụ lục I?") == {"1.txt"}
    assert names(library, "Sở Công Thương có việc gì trong Phụ lục II?") == set()


def test_a_notice_without_a_number_is_named_by_kind_and_title(library: Library) -> None:
    assert names(library, "Báo cáo sơ kết sáu tháng nói gì về kho lạnh?") == {"3.txt"}
    assert names(library, "bao cao so ket noi gi") == {"3.txt"}
    assert names(library, "báo cáo kết quả thí điểm khi nào") == set()


def test_several_named_notices_are_no_hard_filter(library: Library) -> None:
    text = "Thông báo 18 và Kế hoạch 9 có khác nhau không?"
    assert names(library, text) == {"0.txt", "2.txt"}
    assert not library.understood(text).only_named


def test_a_document_that_is_not_there_is_missing(library: Library) -> None:
    question = library.understood("Quyết định số 77/QĐ-UBND giao việc gì?")
    assert [reference.number for reference in question.missing] == ["77/QĐ-UBND"]
    assert question.notice_ids == ()


def test_the_date_tells_notices_of_one_number_apart(library: Library) -> None:
    question = library.understood("Thông báo số 18/TB-UBND ngày 07/8/2030 nói gì?")
    assert question.notice_ids == ()
    assert len(question.missing) == 1


def test_the_kind_tells_notices_of_one_number_apart(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    library = Library(tmp_path_factory.mktemp("same"), TB18, SAME_NUMBER)
    assert names(library, "Kế hoạch 18 nói gì?") == {"1.txt"}
    assert names(library, "Thông báo 18 nói gì?") == {"0.txt"}


def test_words_are_restored_from_the_notices(library: Library) -> None:
    question = library.understood("kho lanh cu ra soat xong khi nao")
    assert question.restored == "kho lạnh cũ rà soát xong khi nào"
    assert question.text == "kho lanh cu ra soat xong khi nao"


FIRST = "Theo Thông báo 18, ai sửa chữa bến phà Cồn Sậy?"


@pytest.mark.parametrize(
    "text", ["Thế còn hạn thì sao?", "Khi nào thì xong?", "việc đó phối hợp với cơ quan nào khác?"]
)
def test_a_follow_up_leans_on_the_question_before(library: Library, text: str) -> None:
    question = library.understood(text, "Mai trời có mưa không?", FIRST)
    assert question.is_follow_up
    assert question.earlier == FIRST
    assert names(library, text, FIRST) == {"0.txt"}


def test_a_question_that_stands_by_itself_forgets_the_one_before(library: Library) -> None:
    text = "Hội Nông dân của tỉnh mở bao nhiêu lớp dạy ướp cá cho ngư dân?"
    question = library.understood(text, FIRST)
    assert not question.is_follow_up
    assert question.earlier == ""
    assert question.notice_ids == ()


def test_a_follow_up_may_name_another_notice(library: Library) -> None:
    assert names(library, "Thế trong Phụ lục I thì sao?", FIRST) == {"1.txt"}


def test_the_first_question_leans_on_nothing(library: Library) -> None:
    question = library.understood("Thế còn hạn thì sao?")
    assert not question.is_follow_up
    assert question.earlier == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("học bổng mỗi tháng bn tiền", "học bổng mỗi tháng bao nhiêu tiền"),
        ("báo cáo kq trc ngày nào", "báo cáo kết quả trước ngày nào"),
        ("trang banve.ko.vn là gì", "trang banve.ko.vn là gì"),
    ],
)
def test_the_shorthand_of_chats_is_written_out(library: Library, typed: str, meant: str) -> None:
    assert library.understood(typed).restored == meant


def test_a_department_typed_without_marks_is_restored(library: Library) -> None:
    assert library.understood("so y te phai lam gi").restored.startswith("sở y tế ")


def test_two_notices_named_are_compared(library: Library) -> None:
    asked = library.understood(
        "Thông báo 18/TB-UBND và Kế hoạch 9/KH-UBND nói gì về lớp học?"
    ).asked
    assert Asked.COMPARISON in asked


def test_a_number_before_a_noun_asks_for_a_list(library: Library) -> None:
    assert Asked.LIST in library.understood("3 loại tàu nào được miễn phí").asked
    assert Asked.LIST not in library.understood("12 kho lạnh cũ rà soát xong khi nào").asked


@pytest.mark.parametrize(
    ("text", "is_list"),
    [
        ("nêu các mục tiêu đến 2033 về kho lạnh", True),
        ("Ba sở nào chủ trì?", True),
        ("nếu các kho lạnh chậm tiến độ thì báo cáo ai", False),
        ("xong vào năm nào", False),
    ],
)
def test_a_list_is_asked_for_without_a_plural(library: Library, text: str, is_list: bool) -> None:
    assert (Asked.LIST in library.understood(text).asked) is is_list


@pytest.mark.parametrize(
    ("text", "not_asked"),
    [
        ("Viện Hàn lâm có bao nhiêu phòng", Asked.DEADLINE),  # “Hàn” is no “hạn”
        ("trung tâm dùng máy tính nào", Asked.OWNER),  # “tính” is no “tỉnh”
        ("dùng bản nào của sổ tay", Asked.OWNER),
        ("phải báo cáo trước những ngày nào", Asked.LIST),
        ("giải nhất mùa 3 là đội nào", Asked.LIST),
        ("phải hoàn thiện kế hoạch gì", Asked.DOCUMENT),
    ],
)
def test_a_likeness_of_words_asks_nothing(library: Library, text: str, not_asked: Asked) -> None:
    assert not_asked not in library.understood(text).asked


def test_unknown_letters_are_read_as_words_of_the_notices(tmp_path: Path) -> None:
    text = TB18.replace("kho lạnh", "kho đông lạnh")
    library = Library(tmp_path, text)
    assert "kho đông lạnh" in library.understood("xã nào có kho ĐL mới?").restored


def test_the_parts_are_understood_each_by_itself(library: Library) -> None:
    text = (
        "Sửa chữa bến phà khi nào theo TB 18, còn theo Kế hoạch 9 thì mở bao nhiêu lớp dạy ướp cá?"
    )
    question = library.understood(text)
    first, second = question.divided
    assert first.asked == {Asked.DEADLINE}
    assert second.asked == {Asked.NUMBER}
    assert first.only_named and second.only_named and not question.only_named
    assert first.notice_ids != second.notice_ids
    assert first.part_of == second.part_of == question.restored
    assert question.part_of == ""


def test_a_part_without_marks_is_understood_alike(library: Library) -> None:
    text = "sua chua ben pha khi nao, con hoi nong dan mo bao nhieu lop day uop ca?"
    assert [part.asked for part in library.understood(text).divided] == [
        {Asked.DEADLINE},
        {Asked.NUMBER},
    ]


def test_what_is_told_in_contrast_lets_the_rest_be_elsewhere(library: Library) -> None:
    text = "Có bao nhiêu kho lạnh, còn theo dự thảo báo cáo thì khởi công bao nhiêu kho?"
    question = library.understood(text)
    first, second = question.divided
    assert not question.only_named
    assert set(first.notice_ids) == set(library.snapshot.notices) - set(second.notice_ids)


def test_the_parts_of_a_follow_up_are_asked_of_the_notice_named_before(library: Library) -> None:
    question = library.understood(
        "Còn bến phà sửa khi nào, bán vé ở mấy bến?", "Thông báo 18 nói gì về kho lạnh?"
    )
    assert [part.notice_ids for part in question.divided] == [question.notice_ids] * 2
