from __future__ import annotations

from datetime import date

import pytest
from fakes_notices import read

from corpus.notice import Clause, Notice
from corpus.parse.acts import RelationKind
from corpus.parse.links import Links, Standing


def decree(number: str, day: str, title: str, *lines: str, above: tuple[str, ...] = ()) -> Notice:
    return read(
        *above,
        "CHÍNH PHỦ\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        f"Số: {number}\tHà Nội, {day}",
        "NGHỊ ĐỊNH",
        title,
        "Căn cứ Luật Chợ số 9/2019/QH14;",
        *lines,
    )


OLD = decree(
    *("5/2020/NĐ-CP", "ngày 02 tháng 01 năm 2020", "Về chợ"),
    "Điều 1. Nghị định này có hiệu lực từ ngày 15/02/2020.",
    "Điều 5. Giờ họp chợ",
    "1. Chợ họp từ 5 giờ.",
    "2. Chợ nghỉ khi có bão.",
    "a) Ban quản lý báo trước.",
    "Điều 6. Chỗ bán",
)
LAW = decree(*("9/2019/NĐ-CP", "ngày 02 tháng 01 năm 2019", "Về chợ cũ"), "Điều 1. Làm.")
AMENDING = decree(
    *("7/2024/NĐ-CP", "ngày 01 tháng 6 năm 2024"),
    "Sửa đổi, bổ sung một số điều của Nghị định số 5/2020/NĐ-CP ngày 02 tháng 01 năm 2020",
    "Điều 1. Sửa đổi khoản 2 Điều 5 như sau:",
    "“2. Chợ nghỉ khi có bão hoặc lũ.”.",
    "Điều 2. Nghị định này có hiệu lực từ ngày 01/7/2024.",
)
NEW = decree(
    *("8/2030/NĐ-CP", "ngày 01 tháng 6 năm 2030", "Về chợ mới"),
    "Điều 1. Nghị định này có hiệu lực từ ngày 01/8/2030 và thay thế Nghị định số 5/2020/NĐ-CP.",
)


def clause(notice: Notice, label: str) -> Clause:
    return next(one for one in notice.clauses if one.label == label)


def test_a_relation_is_seen_from_both_ends() -> None:
    links = Links.between([OLD, AMENDING, NEW])
    kinds = (RelationKind.AMENDS, RelationKind.AMENDS, RelationKind.REPLACES)
    assert tuple(one.relation.kind for one in links.to(OLD.id)) == kinds
    [replaced] = [one for one in links.of(NEW.id) if one.relation.kind is RelationKind.REPLACES]
    assert (replaced.source_id, replaced.target_id) == (NEW.id, OLD.id)


def test_a_document_that_is_not_there_is_found_when_it_is_added() -> None:
    [one] = [r for r in Links.between([NEW]).of(NEW.id) if r.relation.kind is RelationKind.REPLACES]
    assert (one.target_id, one.relation.target.number) == ("", "5/2020/NĐ-CP")
    assert Links.between([NEW, OLD]).to(OLD.id)


@pytest.mark.parametrize(
    ("on", "standing"),
    [
        (date(2020, 2, 14), Standing.NOT_YET),
        (date(2020, 2, 15), Standing.IN_FORCE),
        (date(2024, 6, 30), Standing.IN_FORCE),
        (date(2024, 7, 1), Standing.PARTLY),
        (date(2030, 7, 31), Standing.PARTLY),
        (date(2030, 8, 1), Standing.ENDED),
    ],
)
def test_what_is_in_force_on_a_day(on: date, standing: Standing) -> None:
    validity = Links.between([OLD, AMENDING, NEW]).validity(OLD.id, on)
    assert validity.standing is standing
    assert (validity.begins, validity.ends) == (date(2020, 2, 15), date(2030, 8, 1))
    assert bool(validity.by) == (standing in {Standing.PARTLY, Standing.ENDED})


@pytest.mark.parametrize(
    ("label", "changed"),
    [
        ("khoản 2 Điều 5", True),
        ("điểm a khoản 2 Điều 5", True),
        ("khoản 1 Điều 5", False),
        ("Điều 5", False),
        ("Điều 6", False),
    ],
)
def test_only_the_clauses_that_are_named_are_changed(label: str, changed: bool) -> None:
    links = Links.between([OLD, AMENDING])
    found = links.changes_of(clause(OLD, label), date(2025, 1, 1))
    assert bool(found) is changed
    assert not links.changes_of(clause(OLD, label), date(2024, 6, 30))


def test_an_amendment_without_places_may_be_about_any_clause() -> None:
    title = "Sửa đổi, bổ sung một số điều của Nghị định số 5/2020/NĐ-CP"
    vague = decree("7/2024/NĐ-CP", "ngày 01 tháng 6 năm 2024", title, "Điều 1. Theo phụ lục.")
    assert Links.between([OLD, vague]).changes_of(clause(OLD, "Điều 6"), date(2025, 1, 1))


def test_a_draft_changes_nothing() -> None:
    title = "Bãi bỏ Nghị định số 5/2020/NĐ-CP"
    day = "ngày 01 tháng 6 năm 2024"
    draft = decree("7/2024/NĐ-CP", day, title, "Điều 1. Bãi bỏ.", above=("DỰ THẢO LẦN 2",))
    links = Links.between([OLD, draft])
    assert links.validity(OLD.id, date(2025, 1, 1)).standing is Standing.IN_FORCE
    assert links.validity(draft.id, date(2025, 1, 1)).standing is Standing.DRAFT


def test_the_same_number_of_another_day_or_kind_is_not_meant() -> None:
    other = decree(*("5/2020/NĐ-CP", "ngày 03 tháng 3 năm 2020", "Về bến"), "Điều 1. Làm.")
    links = Links.between([other, AMENDING])
    assert not links.to(other.id)
    assert not Links.between([LAW, OLD]).to(LAW.id)


def test_where_several_may_be_meant_none_is() -> None:
    twin = decree(*("5/2020/NĐ-CP", "ngày 02 tháng 01 năm 2020", "Về bến"), "Điều 1. Làm.")
    assert not Links.between([OLD, twin, NEW]).to(OLD.id)


def test_a_page_of_the_national_database_says_that_it_is_over() -> None:
    page = read(
        "Số hiệu41/2020/TT-BTC\tLoại văn bảnThông tư",
        "Ngày ban hành16/06/2020\tNgày có hiệu lực01/07/2020",
        "Tình trạng hiệu lực Hết hiệu lực toàn bộ\tNgày hết hiệu lực01/05/2025",
        "Cơ quan ban hànhBộ Tài chính",
    )
    links = Links.between([page])
    assert links.validity(page.id, date(2026, 1, 1)).standing is Standing.ENDED
    assert links.validity(page.id, date(2026, 1, 1)).ends == date(2025, 5, 1)


def test_one_without_a_first_day_is_unknown() -> None:
    assert Links.between([LAW]).validity(LAW.id, date(2026, 1, 1)).standing is Standing.UNKNOWN


def test_related_documents_are_told_once_for_each_kind_with_all_places() -> None:
    links = Links.between([OLD, AMENDING, NEW])
    told = [(one.told, one.name, bool(one.notice_id), one.places) for one in links.related(OLD.id)]
    assert told == [
        ("Căn cứ", "Luật 9/2019/QH14", False, ()),
        ("Được sửa đổi, bổ sung bởi", "Nghị định 7/2024/NĐ-CP", True, ("khoản 2 Điều 5",)),
        ("Được thay thế bởi", "Nghị định 8/2030/NĐ-CP", True, ()),
    ]
