from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from corpus.facts.owners import find_actors, find_owners, is_given_to
from corpus.notice import OwnerRole

Inherited = tuple[tuple[str, str], ...]


def parties(text: str, inherited: Inherited = ()) -> tuple[list[str], list[str]]:
    owners = find_owners(text, "x#1", inherited)
    leads = [o.canonical for o in owners if o.role is OwnerRole.LEAD]
    return leads, [o.canonical for o in owners if o.role is OwnerRole.PARTICIPATE]


@pytest.mark.parametrize(
    ("text", "leads", "others"),
    [
        (
            "- Bộ Công an chủ trì, phối hợp với Bộ Y tế và các bộ, ngành, địa phương mở kho số.",
            ["Bộ Công an"],
            ["Bộ Y tế", "các bộ, ngành, địa phương"],
        ),
        (
            "Sở KHCN, Sở Xây dựng theo chức năng, nhiệm vụ chủ trì"
            " phối hợp với các cơ quan liên quan mở kho.",
            ["Sở Khoa học và Công nghệ", "Sở Xây dựng"],
            ["các cơ quan liên quan"],
        ),
        (
            "(7) Các thành phố:  TP. Huế, TP. Đà Nẵng chủ trì xây dựng bến số.",
            ["Thành phố Huế", "Thành phố Đà Nẵng"],
            [],
        ),
        ("- Văn phòng Chính phủ: Một số hướng dẫn về kho số;", ["Văn phòng Chính phủ"], []),
        ("Bộ KHCN khắc phục sự cố kho số", ["Bộ Khoa học và Công nghệ"], []),
        ("Bộ Khoa học và Công nghệ (Bộ KHCN) sửa kho số", ["Bộ Khoa học và Công nghệ"], []),
        ("b) Các Bộ: Tài chính, Nội vụ chủ động rà soát kho số", ["Bộ Tài chính", "Bộ Nội vụ"], []),
        ("Các bộ, ngành, địa phương báo cáo kết quả", ["các bộ, ngành, địa phương"], []),
        (
            "UBND tỉnh An Bình và Sở Xây dựng tiếp tục quy hoạch",
            ["Ủy ban nhân dân tỉnh An Bình", "Sở Xây dựng"],
            [],
        ),
        (
            "Đề nghị Chính phủ chỉ đạo Bộ Công an chủ trì, phối hợp với Bộ Y tế nghiên cứu",
            ["Bộ Công an"],
            ["Bộ Y tế"],
        ),
        ("Đề nghị Chính phủ xem xét cơ chế", ["Chính phủ"], []),
        (
            "Bộ Nội vụ chủ trì cùng Văn phòng Quốc hội, Bộ Y tế thống nhất phương án",
            ["Bộ Nội vụ"],
            ["Văn phòng Quốc hội", "Bộ Y tế"],
        ),
        (
            "Trên cơ sở đó, Bộ Nội vụ chủ trì, phối hợp Bộ Y tế công bố danh sách",
            ["Bộ Nội vụ"],
            ["Bộ Y tế"],
        ),
        ("· Mở kho số (Bộ Y tế, hạn tháng 11/2031; Thông báo 12-TB/ABC)", ["Bộ Y tế"], []),
        (
            "· Mở kho số (BGDĐT xây dựng, trình Chính phủ; hạn tháng 11/2031)",
            ["Bộ Giáo dục và Đào tạo"],
            [],
        ),
        (
            "· Mở kho số (Bộ Công an chủ trì, phối hợp với Bộ Y tế; hạn 20/12/2031)",
            ["Bộ Công an"],
            ["Bộ Y tế"],
        ),
        (
            "- Kế hoạch (02 Đại học: ĐHQG Hà Nội, ĐH Đà Nẵng; hạn tháng 11/2031)",
            ["Đại học Quốc gia Hà Nội", "Đại học Đà Nẵng"],
            [],
        ),
        (
            "- Bộ Y tế mở kho số (báo cáo Thường trực Ban Chỉ đạo trong tháng 12/2031)",
            ["Bộ Y tế"],
            [],
        ),
        ("Bộ Công Thương đã ban hành danh mục.", [], []),
        ("Cuộc họp do đồng chí A, Ủy viên Ban Chỉ đạo chủ trì cuộc họp.", [], []),
        ("Số hóa hồ sơ lưu trữ.", [], []),
    ],
)
def test_owners_are_read_from_the_text(text: str, leads: list[str], others: list[str]) -> None:
    assert parties(text) == (leads, others)


HEADING: Inherited = (("x#0", "(1) Bộ Y tế"),)


def test_the_owner_heading_leads_its_bullets() -> None:
    (owner,) = find_owners("- Rà soát kho số.", "x#1", HEADING)
    assert (owner.name, owner.role, owner.clause_id) == ("Bộ Y tế", OwnerRole.LEAD, "x#0")
    assert parties("- Chủ trì, phối hợp với Bộ Nội vụ lập kho số.", HEADING) == (
        ["Bộ Y tế"],
        ["Bộ Nội vụ"],
    )


def test_the_nearest_part_that_names_a_lead_is_used() -> None:
    inherited = (
        ("x#3", "Theo chức năng, nhiệm vụ, tập trung:"),
        ("x#2", "(4) Các sở, ngành"),
        ("x#1", "1. Về kho số"),
    )
    owners = find_owners("- Số hóa hồ sơ.", "x#4", inherited)
    assert [(o.canonical, o.clause_id) for o in owners] == [("các sở, ngành", "x#2")]
    assert parties("- Bộ Công an chủ trì mở kho.", inherited) == (["Bộ Công an"], [])


def test_who_only_cooperates_does_not_lead() -> None:
    text = "- Phối hợp với Bộ Nội vụ lập kho số."
    assert parties(text, HEADING) == ([], ["Bộ Y tế", "Bộ Nội vụ"])
    said = (("x#0", "a) Bộ Y tế chủ trì, phối hợp với các sở liên quan:"),)
    leads, others = parties(text, said)
    assert leads == ["Bộ Y tế"]
    assert others == ["các sở liên quan", "Bộ Nội vụ"]


def test_names_stand_as_in_the_clause() -> None:
    text = unicodedata.normalize("NFD", "- Bộ KHCN chủ trì mở kho, phối hợp với Bộ Nội vụ")
    owners = find_owners(text, "x#1")
    assert [o.canonical for o in owners] == ["Bộ Khoa học và Công nghệ", "Bộ Nội vụ"]
    assert all(o.name in text for o in owners)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "line", "leads"),
    [
        ("phu-luc-II_nhiem-vu-den-31-12-2025.txt", 83, ["Bộ Công an"]),
        ("phu-luc-II_nhiem-vu-den-31-12-2025.txt", 46, ["Bộ Giáo dục và Đào tạo"]),
        ("phu-luc-II_nhiem-vu-den-31-12-2025.txt", 63, ["Thành phố Hồ Chí Minh"]),
        ("phu-luc-II_nhiem-vu-den-31-12-2025.txt", 91, []),
        ("45-TB-TGV_2025-09-30.txt", 126, ["Bộ Công an"]),
        ("45-TB-TGV_2025-09-30.txt", 104, ["Bộ Khoa học và Công nghệ"]),
        ("45-TB-TGV_2025-09-30.txt", 112, []),
        ("25-TB-TGV_2025-05-24.txt", 15, ["Bộ Khoa học và Công nghệ"]),
        ("25-TB-TGV_2025-05-24.txt", 12, []),
        ("bao-cao-so-ket-NQ57_du-thao_2026-06-30.md", 695, ["Bộ Công an"]),
        (
            "bao-cao-so-ket-NQ57_du-thao_2026-06-30.md",
            713,
            ["Thành ủy Hà Nội", "Thành ủy thành phố Hồ Chí Minh"],
        ),
    ],
)
def test_these_lead_in_the_real_notices(
    notices_dir: Path, name: str, line: int, leads: list[str]
) -> None:
    text = (notices_dir / name).read_text("utf-8").split("\n")[line - 1]
    assert parties(text)[0] == leads


@pytest.mark.parametrize(
    ("question", "actors"),
    [
        ("Bộ Xây dựng được Thông báo 45 giao những việc gì?", ("Bộ Xây dựng",)),
        ("tháng 7 các địa phương phải làm gì", ("các địa phương",)),
        ("Kế hoạch giao cho Bộ Y tế việc gì?", ("Bộ Y tế",)),
        ("Việc nào có Bộ Y tế tham gia?", ()),
    ],
)
def test_a_question_tells_whose_tasks_it_asks_for(question: str, actors: tuple[str, ...]) -> None:
    assert find_actors(question) == actors


def test_a_group_has_what_larger_groups_lead() -> None:
    owners = find_owners("Các bộ, ngành, địa phương ban hành kiến trúc dữ liệu.", "x#1")
    assert is_given_to(owners, "các địa phương")
    assert not is_given_to(owners, "Bộ Y tế")


def test_who_only_takes_part_is_not_given_the_task() -> None:
    owners = find_owners("Bộ Công an chủ trì, phối hợp với Bộ Y tế mở kho số.", "x#1")
    assert is_given_to(owners, "Bộ Công an")
    assert not is_given_to(owners, "Bộ Y tế")
