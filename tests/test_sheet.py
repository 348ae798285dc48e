from __future__ import annotations

from datetime import date

import pytest
from fakes_notices import read

from corpus.notice import Notice
from corpus.parse.sheet import DatumKind, read_sheet

NOTICE = (
    "CHÍNH PHỦ\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "\tĐộc lập - Tự do - Hạnh phúc",
    "Số: 12/2032/NĐ-CP\tHà Nội, ngày 05 tháng 3 năm 2032",
    "NGHỊ ĐỊNH",
    "Quy định về chợ số",
    "Căn cứ Luật Chợ số 9/2031/QH20;",
    "Theo đề nghị của Bộ trưởng Bộ Công Thương;",
    "Điều 1. Chợ số",
    "1. Chợ số mở cửa mỗi ngày.",
    "2. Giấy phép hết hiệu lực sau 05 năm.",
    "Điều 2. Hiệu lực thi hành",
    "1. Nghị định này có hiệu lực thi hành kể từ ngày 20 tháng 3 năm 2032.",
    "2. Khoản 1 Điều 1 có hiệu lực từ ngày 01/7/2032.",
    "3. Nghị định số 88/2020/NĐ-CP hết hiệu lực kể từ ngày Nghị định này có hiệu lực thi hành.",
    "4. Bãi bỏ khoản 2 Điều 3 Nghị định số 77/2021/NĐ-CP.",
    "Nơi nhận:",
    "- Ban Bí thư;",
    "TM. CHÍNH PHỦ",
    "KT. THỦ TƯỚNG",
    "PHÓ THỦ TƯỚNG",
    "[đã ký]",
    "Lê Văn Khoa",
)


def said(notice: Notice, *kinds: DatumKind) -> list[tuple[str, str]]:
    labels = {clause.id: clause.label for clause in notice.clauses}
    return [(labels[one.clause_id], one.text) for one in read_sheet(notice).of(*kinds)]


def test_who_signed_and_in_what_office() -> None:
    notice = read(*NOTICE)
    assert [text for _, text in said(notice, DatumKind.SIGNER)] == ["Lê Văn Khoa"]
    assert [text for _, text in said(notice, DatumKind.OFFICE)] == ["PHÓ THỦ TƯỚNG"]


def test_who_signed_beside_the_recipients() -> None:
    lines = [*NOTICE[:15], "Nơi nhận:\tKT. THỦ TƯỚNG PHÓ THỦ TƯỚNG", "- Ban Bí thư;", "Lê Văn Khoa"]
    notice = read(*lines)
    assert [text for _, text in said(notice, DatumKind.SIGNER)] == ["Lê Văn Khoa"]
    assert [text for _, text in said(notice, DatumKind.OFFICE)] == ["KT. THỦ TƯỚNG PHÓ THỦ TƯỚNG"]


@pytest.mark.parametrize(
    "block",
    [
        ("\tBỘ TRƯỞNG (Đã ký) Nguyễn Mạnh Hùng",),
        ("K.T BỘ TRƯỞNG THỨ TRƯỞNG (Đã ký) Nguyễn Mạnh Hùng",),
        ("BỘ TRƯỞNG", "(Đã ký)", "[daky]", "Nguyễn Mạnh Hùng"),
        (
            "Nơi nhận:" + " " * 40 + "chủ tịch",
            "- Xã A" + " " * 40 + "Nguyễn Mạnh Hùng",
            "- Lưu: VT.",
        ),
    ],
)
def test_where_a_name_may_stand(block: tuple[str, ...]) -> None:
    assert read_sheet(read(*NOTICE[:15], *block)).signers == ("Nguyễn Mạnh Hùng",)


def test_all_who_signed_a_joint_document() -> None:
    blocks = (
        *("TM. ĐOÀN CHỦ TỊCH", "CHỦ TỊCH", "(Đã ký)", "Đỗ Văn Lâm"),
        *("TM. CHÍNH PHỦ", "THỦ TƯỚNG", "(Đã ký)", "Lê Văn Khoa"),
        *("TM. ỦY BAN THƯỜNG VỤ", "CHỦ TỊCH", "(Đã ký)", "Trần Thị Đào"),
    )
    signers = read_sheet(read(*NOTICE[:15], *blocks)).signers
    assert signers == ("Đỗ Văn Lâm", "Lê Văn Khoa", "Trần Thị Đào")


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("Nghị định này có hiệu lực thi hành sau 15 ngày kể từ ngày ký.", date(2032, 3, 20)),
        ("Nghị định này có hiệu lực sau mười lăm ngày, kể từ ngày ban hành.", date(2032, 3, 20)),
        ("Nghị định này có hiệu lực sau 15 ngày, kể từ ngày đăng Công báo.", None),
        ("Nghị định này có hiệu lực thi hành từ ngày được thông qua.", date(2032, 3, 5)),
        ("Nghị định có hiệu lực kể từ ngày 01 tháng 4 năm 2032.", date(2032, 4, 1)),
        ("Luật Chợ có hiệu lực từ ngày 01/7/2032.", None),
        ("Khoản 1 Điều 1 Nghị định này có hiệu lực từ ngày 01/7/2032.", None),
    ],
)
def test_the_first_day_on_which_the_whole_of_it_is_in_force(said: str, day: date | None) -> None:
    assert read_sheet(read(*NOTICE[:11], f"1. {said}")).in_force_from == day


def test_from_when_on_it_and_its_parts_are_in_force() -> None:
    notice = read(*NOTICE)
    days = [one.day for one in read_sheet(notice).of(DatumKind.EFFECT)]
    assert days == [date(2032, 3, 20), date(2032, 7, 1)]


def test_in_force_from_the_day_of_signing_is_the_day_of_the_document() -> None:
    lines = [*NOTICE[:11], "1. Nghị định này có hiệu lực kể từ ngày ký."]
    assert [one.day for one in read_sheet(read(*lines)).of(DatumKind.EFFECT)] == [date(2032, 3, 5)]


def test_what_it_does_to_other_documents() -> None:
    notice = read(*NOTICE)
    assert said(notice, DatumKind.REPLACES) == [("khoản 3 Điều 2", "Nghị định số 88/2020/NĐ-CP")]
    assert said(notice, DatumKind.REPEALS) == [("khoản 4 Điều 2", "Nghị định số 77/2021/NĐ-CP")]


def test_on_what_it_is_based() -> None:
    notice = read(*NOTICE)
    assert [label for label, _ in said(notice, DatumKind.BASIS)] == [
        "căn cứ 1",
        "căn cứ 1",
        "căn cứ 2",
    ]


def test_its_articles() -> None:
    notice = read(*NOTICE)
    assert [text for _, text in said(notice, DatumKind.ARTICLE)] == [
        "Điều 1. Chợ số",
        "Điều 2. Hiệu lực thi hành",
    ]
