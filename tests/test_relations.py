from __future__ import annotations

import pytest
from fakes_notices import at, check_laws, labels, read
from fakes_time import assert_grows_evenly

from corpus.facts.cited_places import cited_places, told_place
from corpus.notice import Notice
from corpus.parse.relations import read_relations

HEAD = (
    "CHÍNH PHỦ\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "\tĐộc lập - Tự do - Hạnh phúc",
    "Số: 12/2032/NĐ-CP\tHà Nội, ngày 05 tháng 3 năm 2032",
    "NGHỊ ĐỊNH",
)
AMENDING = (
    *HEAD,
    "Sửa đổi, bổ sung một số điều của Nghị định số 5/2020/NĐ-CP ngày 02 tháng 01 năm 2020 về chợ",
    "Căn cứ Luật Chợ số 9/2031/QH20 được sửa đổi, bổ sung bởi Luật số 10/2031/QH20;",
    "Chính phủ ban hành Nghị định sửa đổi, bổ sung một số điều của Nghị định số 5/2020/NĐ-CP.",
    "Điều 1. Sửa đổi, bổ sung một số điều của Nghị định số 5/2020/NĐ-CP",
    "1. Sửa đổi khoản 2 Điều 5 như sau:",
    "“2. Chợ họp mỗi ngày, trừ:",
    "a) Ngày giỗ Tổ;",
    "b) Ngày có bão.”.",
    "2. Sửa đổi, bổ sung một số khoản của Điều 7 như sau:",
    "a) Bổ sung khoản 3a vào sau khoản 3 như sau:",
    "“3a. Người bán treo biển giá.",
    "Biển giá viết bằng tiếng Việt.”;",
    "b) Bãi bỏ khoản 4.",
    "3. Bổ sung Điều 8a vào sau Điều 8 như sau:",
    "“Điều 8a. Chợ nổi",
    "1. Chợ nổi họp từ 5 giờ.",
    "2. Ghe “lớn” neo ngoài.”",
    "Điều 2. Hiệu lực thi hành",
    "1. Nghị định này có hiệu lực thi hành kể từ ngày 20 tháng 3 năm 2032.",
    "2. Bãi bỏ Điều 3 Nghị định số 83/2024/NĐ-CP sửa đổi, bổ sung Nghị định số 123/2016/NĐ-CP.",
)


def told(notice: Notice) -> list[tuple[str, str, list[str], str]]:
    """(kind, number, places, label of the clause) of what a notice does to others."""
    label = {clause.id: clause.label for clause in notice.clauses}
    return [
        (r.kind.value, r.target.number, [told_place(p) for p in r.places], label[r.clause_id])
        for r in read_relations(notice)
    ]


# Places that a text cites


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("khoản 2 Điều 5", ["khoản 2 Điều 5"]),
        ("điểm a, điểm b khoản 2 Điều 3", ["điểm a khoản 2 Điều 3", "điểm b khoản 2 Điều 3"]),
        ("các khoản 1, 2 và 3 Điều 10", [f"khoản {n} Điều 10" for n in (1, 2, 3)]),
        ("khoản 2 Điều 7; điểm đ khoản 1 Điều 5", ["khoản 2 Điều 7", "điểm đ khoản 1 Điều 5"]),
        ("Điều 10a sau Điều 10", ["Điều 10a"]),
        ("khoản 3 vào sau khoản 2 Điều 5", ["khoản 3 Điều 5"]),
        ("cụm từ “khoản 9 Điều 9” tại Điều 1", ["Điều 1"]),
        (
            "khoản 12 Điều 73 và mục số 25 của Phụ lục số 02",
            ["khoản 12 Điều 73", "mục 25 Phụ lục 02"],
        ),
        ("tên Chương VII", ["chương VII"]),
        ("Phụ lục ii", ["Phụ lục II"]),
        ("các điều kiện ở mục tiêu này, điểm sáng", []),
    ],
)
def test_places_that_a_text_cites(text: str, places: list[str]) -> None:
    assert [told_place(place) for place in cited_places(text)] == places


# New text of an amending document


def test_new_text_stands_under_what_it_is_brought_by_and_knows_what_it_amends() -> None:
    notice = read(*AMENDING)
    assert [
        (at(notice, n).label, told_place(at(notice, n).amends)) for n in (10, 12, 15, 19, 21)
    ] == [
        ("khoản 1 Điều 1 (nội dung mới của khoản 2 Điều 5)", "khoản 2 Điều 5"),
        ("khoản 1 Điều 1 (nội dung mới của điểm b khoản 2 Điều 5)", "điểm b khoản 2 Điều 5"),
        ("điểm a khoản 2 Điều 1 (nội dung mới của khoản 3a Điều 7)", "khoản 3a Điều 7"),
        ("khoản 3 Điều 1 (nội dung mới của Điều 8a)", "Điều 8a"),
        ("khoản 3 Điều 1 (nội dung mới của khoản 2 Điều 8a)", "khoản 2 Điều 8a"),
    ]
    assert at(notice, 16).label.endswith("(nội dung mới của khoản 3a Điều 7), đoạn 2")


def test_the_numbers_of_new_text_go_on_with_none_of_the_amending_document() -> None:
    notice = read(*AMENDING)
    assert [at(notice, n).label for n in (13, 17, 18, 22, 24)] == [
        *("khoản 2 Điều 1", "điểm b khoản 2 Điều 1", "khoản 3 Điều 1", "Điều 2", "khoản 2 Điều 2"),
    ]
    assert not any(clause.is_new_text for clause in notice.clauses if not clause.amends)
    assert len(labels(notice)) == len(set(labels(notice)))
    check_laws(notice)


def test_new_text_is_no_place_of_the_amending_document() -> None:
    places = [clause.place for clause in read(*AMENDING).clauses]
    assert (("điều", "1"), ("khoản", "2")) in places
    assert not any(("điều", "8a") in place for place in places)


def test_a_quote_that_is_never_closed_ends_before_the_next_instruction() -> None:
    lines = [line.removesuffix("”.") for line in AMENDING]
    assert at(read(*lines), 13).label == "khoản 2 Điều 1"


def test_a_quote_without_end_or_instruction_is_none() -> None:
    notice = read(
        *HEAD, "Về chợ", "", "1. Bổ sung nhân lực như sau:", "“2. Chợ họp mỗi ngày.", "3. Hết."
    )
    assert not any(clause.is_new_text for clause in notice.clauses)


def test_quotes_that_are_no_new_text_change_nothing() -> None:
    lines = ("1. Đoàn nghe báo cáo:", "“Chợ số là chợ của mọi người”.", "2. Việc sau.")
    notice = read(*HEAD, "Về chợ", "", *lines)
    assert [clause.label for clause in notice.clauses][-3:] == ["mục 1", "mục 1, đoạn 1", "mục 2"]


# Relations


def test_what_an_amending_document_does() -> None:
    assert told(read(*AMENDING)) == [
        ("amends", "5/2020/NĐ-CP", [], "phần đầu văn bản"),
        ("basis", "9/2031/QH20", [], "căn cứ 1"),
        ("amends", "5/2020/NĐ-CP", ["khoản 2 Điều 5"], "khoản 1 Điều 1"),
        ("amends", "5/2020/NĐ-CP", ["khoản 3a Điều 7"], "điểm a khoản 2 Điều 1"),
        ("repeals", "5/2020/NĐ-CP", ["khoản 4 Điều 7"], "điểm b khoản 2 Điều 1"),
        ("amends", "5/2020/NĐ-CP", ["Điều 8a"], "khoản 3 Điều 1"),
        ("repeals", "83/2024/NĐ-CP", ["Điều 3"], "khoản 2 Điều 2"),
    ]


@pytest.mark.parametrize(
    ("said", "relations"),
    [
        (
            "Nghị định này có hiệu lực từ ngày ký và thay thế Nghị định số 5/2020/NĐ-CP.",
            [("replaces", "5/2020/NĐ-CP", [])],
        ),
        (
            "Nghị định số 5/2020/NĐ-CP ngày 02 tháng 01 năm 2020 của Chính phủ về chợ và Điều 6 của"
            " Nghị định số 7/2021/NĐ-CP hết hiệu lực từ ngày Nghị định này có hiệu lực.",
            [("replaces", "5/2020/NĐ-CP", []), ("replaces", "7/2021/NĐ-CP", ["Điều 6"])],
        ),
        (
            "Bãi bỏ Nghị định số 5/2020/NĐ-CP và Nghị định số 7/2021/NĐ-CP.",
            [("repeals", "5/2020/NĐ-CP", []), ("repeals", "7/2021/NĐ-CP", [])],
        ),
        (
            "Bãi bỏ một số biểu mẫu ban hành kèm theo Nghị định số 5/2020/NĐ-CP.",
            [("amends", "5/2020/NĐ-CP", [])],
        ),
        ("Hồ sơ cấp sửa đổi, bổ sung theo quy định tại Nghị định số 5/2020/NĐ-CP.", []),
        ("Chợ đã được công nhận theo Nghị định số 5/2020/NĐ-CP thì không phải thay thế biển.", []),
        ("Trường hợp Nghị định số 5/2020/NĐ-CP hết hiệu lực thì áp dụng văn bản mới.", []),
        ("Nghị định số 5/2020/NĐ-CP được sửa đổi bởi Nghị định số 7/2021/NĐ-CP được áp dụng.", []),
    ],
)
def test_what_a_sentence_does(said: str, relations: list[tuple[str, str, list[str]]]) -> None:
    notice = read(*HEAD, "Quy định về chợ", "Căn cứ Luật Chợ;", f"Điều 1. {said}")
    assert [one[:3] for one in told(notice)] == relations


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Bỏ cụm từ “và bến” tại khoản 2 Điều 5.", "amends"),
        ("Thay thế cụm từ “bến” bằng cụm từ “chợ” tại khoản 2 Điều 5.", "amends"),
        ("Thay thế khoản 2 Điều 5 như sau:", "amends"),
        ("Bỏ khoản 2 Điều 5.", "repeals"),
        ("Bãi bỏ khoản 2 Điều 5.", "repeals"),
        ("Khoản 2 Điều 5 được sửa đổi như sau:", "amends"),
    ],
)
def test_what_an_instruction_does_to_a_place(said: str, kind: str) -> None:
    notice = read(*AMENDING[:7], "Điều 1. Sửa đổi một số điều", f"1. {said}")
    assert ("5/2020/NĐ-CP", ["khoản 2 Điều 5"]) in [
        (n, p) for k, n, p, _ in told(notice) if k == kind
    ]


def test_a_list_of_documents_suffers_what_its_heading_says() -> None:
    notice = read(
        *HEAD,
        "BÃI BỎ MỘT SỐ NGHỊ ĐỊNH",
        "Căn cứ Luật Chợ;",
        "Điều 1. Bãi bỏ toàn bộ các Nghị định sau:",
        "1. Nghị định số 5/2020/NĐ-CP về chợ.",
        "2. Nghị định số 7/2021/NĐ-CP sửa đổi, bổ sung Nghị định số 6/2019/NĐ-CP.",
    )
    assert [one[:2] for one in told(notice)] == [
        *(("repeals", "5/2020/NĐ-CP"), ("repeals", "7/2021/NĐ-CP")),
    ]


@pytest.mark.parametrize(
    ("title", "relations"),
    [
        ("Hướng dẫn thi hành Nghị định số 5/2020/NĐ-CP về chợ", [("guides", "5/2020/NĐ-CP")]),
        ("Quy định chi tiết một số điều của Luật Chợ nổi", [("guides", "9/2031/QH20")]),
        ("Về việc đính chính Nghị định số 5/2020/NĐ-CP", [("corrects", "5/2020/NĐ-CP")]),
        ("Về việc trả lời Công văn số 5/UBND-KT", []),
    ],
)
def test_what_a_title_does(title: str, relations: list[tuple[str, str]]) -> None:
    notice = read(*HEAD, title, "Căn cứ Luật Chợ nổi số 9/2031/QH20;", "Điều 1. Chợ.")
    assert [one[:2] for one in told(notice) if one[0] != "basis"] == relations


def test_what_new_text_and_annexes_say_is_not_the_document_s_own() -> None:
    quoted = "“2. Nghị định này thay thế Nghị định số 1/2019/NĐ-CP.”."
    notice = read(
        *AMENDING[:9],
        quoted,
        "PHỤ LỤC",
        "(Kèm theo Nghị định số 12/2032/NĐ-CP)",
        "1. Bãi bỏ Nghị định số 3/2019/NĐ-CP.",
    )
    assert {one[1] for one in told(notice)} == {"5/2020/NĐ-CP", "9/2031/QH20"}


def test_hostile_text_takes_no_longer_than_its_length() -> None:
    def amending(times: int) -> None:
        line = "1. Sửa đổi khoản 2 Điều 5, " + "khoản 1 và điểm a, b, c " * 20
        read_relations(read(*AMENDING[:8], *[line, "“1. Mở"] * times))

    assert_grows_evenly(amending, 40)
