"""A document is called ended only where a text says so beyond doubt."""

from __future__ import annotations

from datetime import date

import pytest
from fakes_notices import read
from fakes_time import assert_grows_evenly

from corpus.notice import Notice
from corpus.parse.header import adopted_on
from corpus.parse.links import Links, Standing
from corpus.parse.relations import read_relations
from corpus.parse.sheet import first_days

TODAY = date(2026, 11, 27)
NAMED = "Nghị định số 5/2020/NĐ-CP"
FORCE = "Điều 9. Nghị định này có hiệu lực từ ngày 01/7/2024."


def decree(
    *lines: str,
    title: str = "Về chợ mới",
    kind: str = "NGHỊ ĐỊNH",
    number: str = "7/2024/NĐ-CP",
    day: str = "ngày 01 tháng 6 năm 2024",
    issuer: str = "CHÍNH PHỦ",
) -> Notice:
    return read(
        f"{issuer}\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        f"Số: {number}\tHà Nội, {day}",
        kind,
        title,
        "Căn cứ Luật Chợ số 9/2019/QH14;",
        *lines,
    )


OLD = decree(
    "Chương I",
    "QUY ĐỊNH CHUNG",
    "Điều 1. Nghị định này có hiệu lực từ ngày 15/02/2020.",
    "Chương II",
    "GIỜ HỌP",
    "Điều 5. Giờ họp chợ",
    "1. Chợ họp từ 5 giờ.",
    number="5/2020/NĐ-CP",
    day="ngày 02 tháng 01 năm 2020",
    title="Về chợ",
)


def standing(*sources: Notice, of: Notice = OLD, on: date = TODAY) -> Standing:
    return Links.between([of, *sources]).validity(of.id, on).standing


@pytest.mark.parametrize(
    "lines",
    [
        (f"Điều 1. Nghị định này thay thế {NAMED}.",),
        (f"Điều 1. Nghị định này thay thế {NAMED} ngày 02/01/2020 của Chính phủ về chợ.", FORCE),
        (f"Điều 1. {NAMED} hết hiệu lực kể từ ngày Nghị định này có hiệu lực.", FORCE),
        (f"Điều 1. {NAMED} hết hiệu lực kể từ ngày 01/01/2025.", FORCE),
        (f"Điều 1. Nghị định này có hiệu lực từ ngày ký và thay thế {NAMED}.",),
        ("Điều 1. Bãi bỏ toàn bộ các văn bản sau:", f"1. {NAMED} về chợ.", FORCE),
        (
            "Điều 1. Kể từ ngày Nghị định này có hiệu lực, các Nghị định sau hết hiệu lực:",
            f"a) {NAMED} về chợ;",
            FORCE,
        ),
        ("Điều 1. Các văn bản sau hết hiệu lực từ ngày 01/01/2025:", f"1. {NAMED};", FORCE),
        (f"Điều 1. Bãi bỏ Nghị định số 9/2019/NĐ-CP và {NAMED}.", FORCE),
        (f"Điều 1. Bãi bỏ {NAMED}.", "Điều 2. Nghị định này có hiệu lực từ 00 giờ 00 phút ngày"
         " 01/01/2025."),
    ],
)  # fmt: skip
def test_a_document_ends_where_it_is_said_plainly(lines: tuple[str, ...]) -> None:
    assert standing(decree(*lines)) is Standing.ENDED


@pytest.mark.parametrize(
    "title",
    [
        f"Bãi bỏ khoản 2 Điều 5 {NAMED}",
        f"Bãi bỏ thủ tục hành chính quy định tại {NAMED}",
        f"Thay thế Phụ lục I ban hành kèm theo {NAMED}",
        f"Thay thế Trưởng ban chỉ đạo theo {NAMED}",
        f"Bãi bỏ Nghị định số 9/2023/NĐ-CP sửa đổi {NAMED}",
        f"Bãi bỏ Điều 3 Nghị định số 9/2023/NĐ-CP, {NAMED}",
        f"Bãi bỏ {NAMED}, trừ Điều 5",
    ],
)
def test_a_title_that_speaks_of_a_part_or_of_another_ends_nothing(title: str) -> None:
    assert standing(decree("Điều 1. Làm.", FORCE, title=title)) is not Standing.ENDED


def test_a_title_ends_the_document_that_it_names() -> None:
    title = f"Bãi bỏ {NAMED} sửa đổi Nghị định số 4/2019/NĐ-CP"
    assert standing(decree("Điều 1. Làm.", FORCE, title=title)) is Standing.ENDED


@pytest.mark.parametrize(
    "lines",
    [
        (f"Điều 1. {NAMED} hết hiệu lực kể từ ngày 01/01/2028.",),
        (f"Điều 1. Nghị định này thay thế {NAMED} kể từ ngày 01/01/2028.",),
        ("Điều 1. Các văn bản sau hết hiệu lực kể từ ngày 01/01/2028:", f"1. {NAMED};"),
    ],
)
def test_a_document_ends_on_the_day_that_is_said_of_it(lines: tuple[str, ...]) -> None:
    source = decree(*lines, FORCE)
    assert standing(source, on=date(2027, 12, 31)) is not Standing.ENDED
    assert standing(source, on=date(2028, 1, 1)) is Standing.ENDED


@pytest.mark.parametrize(
    ("force", "may_have_ended"),
    [
        ("có hiệu lực từ 00 giờ 00 phút ngày 01/01/2027.", False),
        ("có hiệu lực từ 00 giờ 00 phút ngày 01 tháng 01 năm 2027.", False),
        ("có hiệu lực sau một trăm tám mươi ngày kể từ ngày ký.", True),
        ("có hiệu lực cùng thời điểm với Luật Chợ số 9/2030/QH17.", True),
        ("có hiệu lực từ ngày 01/7/2024, trừ Điều 1 có hiệu lực từ ngày 01/01/2027.", True),
    ],
)
def test_the_day_of_signing_ends_nothing_where_the_first_day_is_another(
    force: str, *, may_have_ended: bool
) -> None:
    source = decree(f"Điều 1. Nghị định này thay thế {NAMED}.", f"Điều 2. Nghị định này {force}")
    assert standing(source) is not Standing.ENDED
    clause = next(one for one in OLD.clauses if one.label == "Điều 5")
    assert bool(Links.between([OLD, source]).changes_of(clause, TODAY)) is may_have_ended


@pytest.mark.parametrize(
    "lines",
    [
        (f"Điều 1. Nghị định này thay thế {NAMED}, trừ Điều 5.",),
        (f"Điều 1. Nghị định này không thay thế {NAMED}.",),
        (f"Điều 1. {NAMED} chưa hết hiệu lực.",),
        (f"Điều 1. {NAMED} không bị bãi bỏ.",),
        (f"Điều 1. {NAMED} tiếp tục có hiệu lực cho đến khi bị bãi bỏ.",),
        (f"Điều 1. {NAMED} hết hiệu lực một phần.",),
        ("Điều 1. Bãi bỏ một phần các văn bản sau:", f"1. {NAMED}."),
        (f"Điều 1. Một số nội dung tại {NAMED} hết hiệu lực.",),
        (f"Điều 1. Bãi bỏ một số nội dung tại {NAMED}.",),
        ("Điều 1. Văn bản hết hiệu lực:", f"| 1 | {NAMED} về chợ | Hết hiệu lực một phần |"),
        ("Điều 1. Văn bản hết hiệu lực:", f"1\t{NAMED} về chợ\tHết hiệu lực một phần"),
        ("Điều 1. Bãi bỏ các quy định sau:", f"a) {NAMED}: khoản 2 Điều 5;"),
        (f"Điều 1. Bãi bỏ các quy định sau: a) {NAMED}: khoản 2 Điều 5;",),
        ("Điều 1. Thủ tục bị bãi bỏ gồm:", f"a) {NAMED}: cấp phép chợ;"),
        (f"Điều 1. {NAMED} về chợ đã bị bãi bỏ bởi Nghị định số 9/2023/NĐ-CP.",),
        (f"Điều 1. Sau khi Nghị định này có hiệu lực, Bộ trưởng trình Chính phủ bãi bỏ {NAMED}.",),
        (f"Điều 1. Căn cứ Nghị định này, Bộ Công Thương đề xuất thay thế {NAMED}.",),
        (f"Điều 1. Bãi bỏ Điều 3 Nghị định số 9/2023/NĐ-CP, {NAMED}.",),
        (f"Điều 1. Bãi bỏ Điều 3 Nghị định số 9/2023/NĐ-CP và {NAMED}.",),
        (f"Điều 1. {NAMED} hết hiệu lực khi Luật Chợ có hiệu lực.",),
        (f"Điều 1. Nghị định này thay thế {NAMED}. Điều 5 {NAMED} tiếp tục có hiệu lực.",),
        (f"Điều 1. Nghị định số 9/2019/NĐ-CP hướng dẫn {NAMED} hết hiệu lực.",),
        (f"Điều 1. Bãi bỏ {NAMED} đối với tỉnh Sông Bích.",),
        (f"Điều 1. Bãi bỏ {NAMED} về chợ tại khoản 2 Điều 5.",),
        ("Điều 1. Bãi bỏ các văn bản sau:", f"1. {NAMED}:", "a) Khoản 2 Điều 5;"),
        ("Điều 1. Bãi bỏ các quy định sau:", f"1. {NAMED};"),
    ],
)
def test_a_part_an_exception_or_a_denial_ends_nothing(lines: tuple[str, ...]) -> None:
    assert standing(decree(*lines, FORCE)) is not Standing.ENDED


@pytest.mark.parametrize(
    ("kind", "code"),
    [("KẾ HOẠCH", "KH"), ("TỜ TRÌNH", "TTr"), ("BÁO CÁO", "BC"), ("THÔNG BÁO", "TB"), ("", "CV")],
)
def test_what_decides_nothing_ends_nothing(kind: str, code: str) -> None:
    source = decree(
        f"1. Bãi bỏ {NAMED}.", kind=kind, number=f"7/{code}-BCT", title=f"Bãi bỏ {NAMED}"
    )
    assert standing(source) is not Standing.ENDED


def local(number: str, day: str, issuer: str, *lines: str) -> Notice:
    return decree(*lines, number=number, day=day, issuer=issuer, kind="QUYẾT ĐỊNH")


HERE, AWAY = "ỦY BAN NHÂN DÂN TỈNH SÔNG BÍCH", "ỦY BAN NHÂN DÂN TỈNH NÚI HỒNG"
FIRST = local("5/QĐ-UBND", "ngày 02 tháng 01 năm 2020", HERE, "Điều 1. Làm.")


@pytest.mark.parametrize(
    ("issuer", "said", "ended"),
    [
        (HERE, "Quyết định số 5/QĐ-UBND ngày 02/01/2020", True),
        (HERE, "Quyết định số 5/QĐ-UBND ngày 02/01/2020 của Ủy ban nhân dân tỉnh về chợ", True),
        (HERE, "Quyết định số 5/QĐ-UBND", False),
        (HERE, "Quyết định số 5", False),
        (AWAY, "Quyết định số 5/QĐ-UBND ngày 02/01/2020", False),
        (
            AWAY,
            "Quyết định số 5/QĐ-UBND ngày 02/01/2020 của Ủy ban nhân dân tỉnh Sông Bích về chợ",
            True,
        ),
        (HERE, "Quyết định số 5/QĐ-UBND ngày 02/01/2020 của Ủy ban nhân dân tỉnh Núi Hồng", False),
    ],
)
def test_numbers_that_many_bear_need_a_day_and_an_issuer(
    issuer: str, said: str, ended: bool
) -> None:
    text = f"Điều 1. Quyết định này thay thế {said}."
    source = local("8/QĐ-UBND", "ngày 01 tháng 6 năm 2024", issuer, text)
    assert (standing(source, of=FIRST) is Standing.ENDED) is ended


def test_nothing_is_ended_by_an_earlier_document_or_by_its_own_number() -> None:
    earlier = decree(
        f"Điều 1. Nghị định này thay thế {NAMED}.", number="3/2019/NĐ-CP",
        day="ngày 01 tháng 6 năm 2019",
    )  # fmt: skip
    again = decree(f"Điều 1. Nghị định này thay thế {NAMED}.", number="5/2020/NĐ-CP")
    assert standing(earlier) is not Standing.ENDED
    assert standing(again) is not Standing.ENDED


def test_a_page_of_the_national_database_says_that_a_part_is_over() -> None:
    page = read(
        "Số hiệu41/2020/TT-BTC\tLoại văn bảnThông tư",
        "Ngày ban hành16/06/2020\tNgày có hiệu lực01/07/2020",
        "Tình trạng hiệu lực Hết hiệu lực một phần\tNgày hết hiệu lực01/05/2025",
        "Cơ quan ban hànhBộ Tài chính",
    )
    validity = Links.between([page]).validity(page.id, TODAY)
    assert (validity.standing, validity.ends) == (Standing.IN_FORCE, None)


def test_the_articles_of_a_chapter_that_is_repealed_are_told() -> None:
    links = Links.between([OLD, decree(f"Điều 1. Bãi bỏ Chương II của {NAMED}.", FORCE)])
    changed = {one.label: bool(links.changes_of(one, TODAY)) for one in OLD.clauses}
    assert (changed["Điều 1"], changed["Điều 5"], changed["khoản 1 Điều 5"]) == (False, True, True)


@pytest.mark.parametrize(
    "line",
    ["* " * 9, "Nghị định số 5/2020/NĐ-CP, ", "Nghị định này có hiệu lực từ ngày 1, 2 và "],
)
def test_hostile_endings_take_no_longer_than_their_length(line: str) -> None:
    def work(times: int) -> None:
        notice = decree(f"Điều 1. {line * times} bãi bỏ {NAMED}", FORCE)
        read_relations(notice)
        first_days(notice)

    assert_grows_evenly(work, 100)


def test_hostile_words_of_adoption_take_no_longer_than_their_length() -> None:
    assert_grows_evenly(lambda n: adopted_on(["Luật này được thông qua " * n]), 1000)
