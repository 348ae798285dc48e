from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from fakes_notices import SAMPLES, at, labels, read, read_file

from corpus.notice import ClauseKind, Header, Status
from corpus.parse.signature import is_person_name

PARTY = (
    " BAN CHỈ ĐẠO CHUYỂN ĐỔI SỐ TỈNH",
    "TỔ GIÚP VIỆC",
    "*",
    "ĐẢNG CỘNG SẢN VIỆT NAM",
    "---------------",
    "Số 12 -TB/TGV",
    "Lam Khê, ngày 05 tháng 3 năm 2026",
    "THÔNG BÁO   KẾT LUẬN",
    "CUỘC HỌP VỀ CHỢ SỐ",
)
STATE = (
    "ỦY BAN NHÂN DÂN",
    "TỈNH LAM KHÊ",
    "-------",
    "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "---------------",
    "Số: 07/QĐ-UBND",
    "Lam Khê, ngày 09 tháng 01 năm 2026",
    "QUYẾT ĐỊNH",
    "Về việc ban hành Quy chế chợ số",
    "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH LAM KHÊ",
)
BODY = (
    "Căn cứ Luật Chợ năm 2020;",
    "Xét đề nghị của Sở Công Thương;",
    "QUYẾT ĐỊNH:",
    "Điều 1. Làm.",
)


def test_the_party_style() -> None:
    header = read(*PARTY, "1. Việc thứ nhất.").header
    assert header == Header(
        kind="Thông báo",
        number="12-TB/TGV",
        issuer="BAN CHỈ ĐẠO CHUYỂN ĐỔI SỐ TỈNH - TỔ GIÚP VIỆC",
        date=date(2026, 3, 5),
        title="Kết luận CUỘC HỌP VỀ CHỢ SỐ",
    )


def test_the_state_style() -> None:
    header = read(*STATE, *BODY).header
    assert header == Header(
        kind="Quyết định",
        number="07/QĐ-UBND",
        issuer="ỦY BAN NHÂN DÂN TỈNH LAM KHÊ",
        date=date(2026, 1, 9),
        title="Về việc ban hành Quy chế chợ số",
    )


@pytest.mark.parametrize(
    "stamp",
    [
        "HỎA TỐC",
        "(KHẨN)",
        "LƯU HÀNH NỘI BỘ",
        "XEM XONG TRẢ LẠI",
        "SAO Y BẢN CHÍNH",
        "VĂN BẢN MẪU - không có giá trị pháp lý",
    ],
)
@pytest.mark.parametrize("line", [0, 2, 6, 8])
def test_a_stamp_is_neither_issuer_nor_title(stamp: str, line: int) -> None:
    stamped = [*STATE[:line], stamp, *STATE[line:]]
    assert read(*stamped, *BODY).header == read(*STATE, *BODY).header


def test_a_decomposed_header_is_the_same_header() -> None:
    loose = [unicodedata.normalize("NFD", line) for line in (*STATE, *BODY)]
    assert read(*loose).header == read(*STATE, *BODY).header


def test_the_header_and_the_reasons_are_no_tasks() -> None:
    notice = read(*STATE, *BODY)
    assert at(notice, 1).line_range == (1, 11)
    assert at(notice, 1).kind is ClauseKind.HEADER
    assert [at(notice, n).label for n in (12, 13)] == ["căn cứ 1", "căn cứ 2"]
    assert [c.label for c in notice.clauses if c.kind.is_content] == ["Điều 1"]


def test_a_web_page_title_is_no_part_of_the_header_data() -> None:
    web = "Thông báo 12-TB/TGV năm 2026 kết luận cuộc họp về chợ số do Tổ Giúp việc ban hành"
    assert read(web, *PARTY, "1. Việc.").header == read(*PARTY, "1. Việc.").header


@pytest.mark.parametrize(
    "mark",
    ["DỰ THẢO", "(Dự thảo)", "Dự thảo lần 2", "DỰ THẢO 15/6/2026", "Dự thảo, ngày 15/6/2026"],
)
def test_a_draft_is_known_by_its_mark(mark: str) -> None:
    assert read(mark, *STATE, *BODY).header.status is Status.DRAFT


def test_a_draft_is_known_by_its_file_name() -> None:
    assert read(*PARTY, "1. Việc.", name="bao-cao_du-thao_2026.md").is_draft
    assert read(*PARTY, "1. Việc.", name="Dự thảo báo cáo.txt").is_draft


def test_speaking_of_a_draft_makes_none() -> None:
    lines = (*STATE[:7], "V/v góp ý dự thảo Nghị định", STATE[7], "Kính gửi: Sở Y tế", "1. Việc.")
    assert read(*lines).header.status is Status.ISSUED


def test_a_draft_has_no_number() -> None:
    header = read(
        "Số -BC/BCĐ", "", "DỰ THẢO", "15/6/2026", "", "BÁO CÁO", "Sơ kết sáu tháng"
    ).header
    assert (header.number, header.kind, header.date) == ("", "Báo cáo", date(2026, 6, 15))
    assert header.title == "Sơ kết sáu tháng"
    assert header.status is Status.DRAFT


@pytest.mark.parametrize(
    "number",
    [
        *("Số:      /BC-UBND", "Số: …/2026/TT-BTC", "Số: ......./QĐ-UBND", "Số: ___/KH-UBND"),
        *("Số:   /2026/NĐ-CP", "Số:", "Số: /TTr- BLĐTBXH"),
    ],
)
def test_a_number_that_is_left_open_is_none(number: str) -> None:
    lines = (*STATE[:6], number, "Lam Khê, ngày    tháng 4 năm 2026", "KẾ HOẠCH")
    title = ("Sửa đổi Kế hoạch", "số 51/KH-UBND ngày 14 tháng 5 năm 2025 của UBND tỉnh")
    notice = read(*lines, *title, "", "1. Việc.")
    assert (notice.header.number, notice.header.date) == ("", None)
    assert notice.header.title == " ".join(title)
    assert at(notice, 1) is at(notice, 11)


def test_a_title_about_figures_is_no_number() -> None:
    header = read(*PARTY, "SỐ CỘNG ĐỒNG", "1. Việc.").header
    assert header.title == "Kết luận CUỘC HỌP VỀ CHỢ SỐ SỐ CỘNG ĐỒNG"


@pytest.mark.parametrize(
    "title",
    [
        ("Sửa đổi, bổ sung một số điều của", "Luật Thi đua, khen thưởng"),
        ("Sửa đổi một số điều của Thông tư số 135/2018/TT-BTC ngày", "28/12/2018 về tiền mặt"),
        ("Về lương của Hội đồng thành viên,", "Tổng giám đốc, Kế toán trưởng"),
    ],
)
def test_a_title_that_stops_inside_goes_on(title: tuple[str, str]) -> None:
    assert read(*STATE[:9], *title, *BODY).header.title == " ".join(title)


def test_a_title_between_blank_lines_is_one() -> None:
    title = ("Về lương đối với thành viên", "Hội đồng thành viên hoặc Chủ tịch công ty")
    notice = read(*STATE[:8], "", "TỜ TRÌNH", *title, "", "Kính gửi: Chính phủ", "", "1. Việc.")
    assert notice.header.title == " ".join(title)
    assert [one.label for one in notice.clauses] == ["phần đầu văn bản", "mục 1"]


def test_a_paragraph_under_a_title_is_none_of_it() -> None:
    notice = read(*STATE[:8], "", "TỜ TRÌNH", "Về lương", "Ủy ban trình như sau:", "", "1. Việc.")
    assert notice.header.title == "Về lương"
    assert at(notice, 12).kind is ClauseKind.PARAGRAPH


def test_a_letter_has_no_kind_word() -> None:
    header = read_file(SAMPLES / "678-SKHCN-CDS_2026-04-09.txt").header
    assert (header.kind, header.number) == ("Công văn", "678/SKHCN-CĐS")
    assert header.title.startswith("V/v ")
    assert header.issuer == "ỦY BAN NHÂN DÂN TỈNH LAM KHÊ - SỞ KHOA HỌC VÀ CÔNG NGHỆ"


def test_addressees_are_recipients_and_no_tasks() -> None:
    notice = read_file(SAMPLES / "678-SKHCN-CDS_2026-04-09.txt")
    assert [(at(notice, n).kind, at(notice, n).label) for n in (13, 15)] == [
        (ClauseKind.RECIPIENT, "kính gửi, dòng 1"),
        (ClauseKind.RECIPIENT, "kính gửi, dòng 3"),
    ]
    assert at(notice, 17).label == "đoạn mở đầu 1"


@pytest.mark.parametrize("number", ["12-TB/TGV", "12 - TB/TGV", "12 -TB/TGV"])
def test_the_number_is_normalised(number: str) -> None:
    assert read(*PARTY[:5], f"Số {number}", *PARTY[6:], "1. Việc.").header.number == "12-TB/TGV"


def test_an_impossible_date_is_none() -> None:
    lines = [line.replace("ngày 09 tháng 01", "ngày 31 tháng 02") for line in (*STATE, *BODY)]
    assert read(*lines).header.date is None


def test_text_without_a_header_has_none() -> None:
    notice = read("Chiều nay họp lúc 15 giờ tại phòng số 2.", "Mọi người mang theo máy tính.")
    assert notice.header == Header()
    assert notice.short_name == "thu.txt"
    assert labels(notice) == ["đoạn 1", "đoạn 2"]


def test_a_title_far_down_makes_no_header_of_the_text_above_it() -> None:
    long = (
        "Cuộc họp bàn về cách sắp xếp lại các quầy hàng trong chợ, về phí gửi xe và về giờ đóng cửa"
    )
    notice = read(f"{long} của ba chợ lớn nhất tỉnh.", "KẾ HOẠCH", "1. Việc.")
    assert at(notice, 1).kind is ClauseKind.PARAGRAPH


# Attached documents


def test_a_programme_issued_with_a_resolution_is_a_document_of_its_own() -> None:
    notice = read_file(SAMPLES / "27-NQ-HDND_2025-07-18.md")
    assert [(a.title, a.first_line) for a in notice.header.attached] == [("CHƯƠNG TRÌNH", 55)]
    assert at(notice, 56) is at(notice, 58)
    assert at(notice, 58).label == "phần đầu văn bản, Chương trình"
    assert at(notice, 29).label == "khoản 1 Điều 2"
    assert at(notice, 62).label == "mục I.1, Chương trình"
    assert at(notice, 72).label == "mục II.1.a, Chương trình"


def test_its_own_line_about_the_covering_document_splits_nothing() -> None:
    notice = read(
        *STATE[:7], "KẾ HOẠCH", "Chợ số", "(Kèm theo Quyết định số 07/QĐ-UBND)", "1. Việc thứ nhất."
    )
    assert notice.header.kind == "Kế hoạch"
    assert notice.header.attached == ()
    assert at(notice, 11).label == "mục 1"


def test_annexes_after_the_signature_are_not_recipients() -> None:
    notice = read(
        *PARTY,
        "1. Việc thứ nhất.",
        "Nơi nhận:",
        "- Sở Y tế,",
        "TỔ TRƯỞNG",
        "Lương Bá Khoan",
        "Phụ lục I",
        "CÁC VIỆC CỦA CHỢ",
        "1. Việc trong phụ lục.",
        "Phụ lục II",
        "CÁC CHỢ",
        "1. Chợ Bến Gỗ.",
    )
    assert [a.title for a in notice.header.attached] == ["Phụ lục I", "Phụ lục II"]
    assert [at(notice, n).label for n in (10, 12, 17, 20)] == [
        *("mục 1", "nơi nhận, dòng 1", "mục 1, Phụ lục I", "mục 1, Phụ lục II"),
    ]


# Recipients and signatures


def test_recipients_and_signature_can_be_found_and_are_no_tasks() -> None:
    notice = read_file(SAMPLES / "18-TB-TGV_2025-10-14.txt")
    signature = at(notice, 88)
    assert signature is at(notice, 89) is at(notice, 91)
    assert (signature.kind, signature.label) == (ClauseKind.SIGNATURE, "phần chữ ký")
    assert "Lương Bá Khoan" in signature.text
    assert {at(notice, n).kind for n in range(82, 88)} == {ClauseKind.RECIPIENT}
    assert not any(at(notice, n).kind.is_content for n in range(81, 92))
    assert not any(at(notice, n).owners or at(notice, n).deadlines for n in range(81, 92))


@pytest.mark.parametrize(
    "block",
    [
        ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Đặng Thị Đào"),
        ("CHÁNH VĂN PHÒNG", "", "(Đã ký)", "", "Đỗ Đức Đôn"),
        ("T/M BAN THƯỜNG VỤ", "BÍ THƯ", "NGUYỄN VĂN AN"),
        ("Phó Giám đốc", "TS. Trần Bá"),
        ("GIÁM ĐỐC", "Đại tá Lê Văn Lâm"),
        ("BỘ TRƯỞNG", "[đã ký]"),
        ("CHỦ TỊCH", "H'Len Niê"),
    ],
)
def test_forms_of_signatures(block: tuple[str, ...]) -> None:
    notice = read(*PARTY, "1. Việc thứ nhất.", "Nơi nhận:", "- Sở Y tế.", *block)
    assert at(notice, 13).kind is ClauseKind.SIGNATURE
    assert at(notice, 13).line_range == (13, 12 + len(block))


def test_the_word_of_decision_before_a_chapter_is_no_signature() -> None:
    notice = read(*STATE, *BODY[:2], "QUYẾT NGHỊ:", "Chương I", "QUY ĐỊNH CHUNG", "Điều 1. Làm.")
    assert not any(clause.kind is ClauseKind.SIGNATURE for clause in notice.clauses)


def test_what_follows_the_name_is_a_note_and_footnotes_are_footnotes() -> None:
    notice = read(
        *PARTY, "1. Việc [1] này.", "GIÁM ĐỐC", "Lê Văn Lâm", "Mã QR kèm theo", "[1] Việc cũ."
    )
    assert [at(notice, n).kind for n in (11, 13, 14)] == [
        *(ClauseKind.SIGNATURE, ClauseKind.NOTE, ClauseKind.FOOTNOTE),
    ]


def test_a_title_about_heads_of_offices_is_no_signature() -> None:
    notice = read(*PARTY, "1. Việc.", "TRÁCH NHIỆM CỦA GIÁM ĐỐC", "Giám đốc làm việc này.")
    assert at(notice, 11).kind is ClauseKind.HEADING


@pytest.mark.parametrize(
    "name",
    [
        "Đặng Quốc Lễ",
        "Đỗ Đào",
        "PGS.TS. Lê Văn Lâm",
        "Trịnh Thị Hoà An",
        "TÔ LÂM",
        "H'Len Niê-Kđăm",
    ],
)
def test_names_of_people(name: str) -> None:
    assert is_person_name(name)


@pytest.mark.parametrize(
    "text", ["CHỦ TỊCH", "Sở Y tế", "Lê", "Đã ký", "Lê Văn 5", "", "-", "Chương I"]
)
def test_what_is_no_name(text: str) -> None:
    assert not is_person_name(text)


ASSEMBLY = (
    "ỦY BAN THƯỜNG VỤ\tCỘNG HÒA XÃ HỘI CHỦ NGHÍA VIỆT NAM",
    "QUỐC HỘI\tĐộc lập - Tự do - Hạnh phúc",
    "-------\t---------------",
    "Nghị quyết số: 87/2025/UBTVQH15\tHà Nội, ngày 10 tháng 7 năm 2025",
    "NGHỊ QUYẾT",
    "Quy định danh mục nhiệm vụ và định mức khoán chi",
    "cho từng nhiệm vụ, hoạt động",
    "ỦY BAN THƯỜNG VỤ QUỐC HỘI",
    *BODY,
)


def test_the_style_of_the_national_assembly() -> None:
    assert read(*ASSEMBLY).header == Header(
        kind="Nghị quyết",
        number="87/2025/UBTVQH15",
        issuer="ỦY BAN THƯỜNG VỤ QUỐC HỘI",
        date=date(2025, 7, 10),
        title="Quy định danh mục nhiệm vụ và định mức khoán chi cho từng nhiệm vụ, hoạt động",
    )


def test_a_law_is_dated_by_the_day_it_was_passed() -> None:
    header = read(
        "QUỐC HỘI\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc",
        "Luật số: 99/2025/QH15",
        "LUẬT",
        "CHỢ SỐ",
        *BODY,
        "Luật này được Quốc hội nước Cộng hòa xã hội chủ nghĩa Việt Nam khóa XV, Kỳ họp thứ 10"
        " thông qua ngày 26 tháng 11 năm 2025.",
    ).header
    assert (header.number, header.issuer, header.title) == ("99/2025/QH15", "QUỐC HỘI", "CHỢ SỐ")
    assert header.date == date(2025, 11, 26)


def test_another_law_that_was_passed_dates_nothing() -> None:
    lines = [line for line in STATE if not line.startswith("Lam Khê, ngày")]
    header = read(*lines, *BODY, "Điều 2. Luật Chợ thông qua ngày 26 tháng 11 năm 2025.").header
    assert header.date is None


def test_a_page_saved_from_the_national_database_is_read_by_its_table() -> None:
    name = "Thông tư số 41/2025/TT-BTC Sửa đổi Thông tư số 123/2014/TT-BTC"
    header = read(
        "Trang chủ",
        ">",
        name,
        "TRANG CHỦ",
        "GIỚI THIỆU",
        "Số hiệu41/2025/TT-BTC\tLoại văn bảnThông tư",
        "NgànhTài chính\tNgày ban hành16/06/2025",
        "Lĩnh vực--\tNgày có hiệu lực01/07/2025",
        "Cơ quan ban hànhBộ Tài chính",
        "Chức danhThứ trưởng\tNgười kýBùi Văn Khắng",
    ).header
    assert header == Header(
        kind="Thông tư",
        number="41/2025/TT-BTC",
        issuer="Bộ Tài chính",
        date=date(2025, 6, 16),
        title="Sửa đổi Thông tư số 123/2014/TT-BTC",
    )


def test_a_header_with_eth_for_d_and_cyrillic_letters_is_read_as_meant() -> None:
    strange = str.maketrans({"Đ": "Ð", "đ": "ð", "C": "С", "T": "Т"})
    header = read(*STATE, *BODY).header
    assert read(*(line.translate(strange) for line in (*STATE, *BODY))).header == header


# Kinds of faults found on documents of all kinds (eval/sets/headers.jsonl)


@pytest.mark.parametrize(
    "mark",
    [
        "DỰ THẢO LẦN 2 (15/10/2025)",
        "DỰ THẢO 3",
        "Dự thảo lần thứ ba, ngày 15 tháng 10 năm 2025",
        "DỰ THẢO XIN Ý KIẾN",
        "Dự thảo trình Ủy ban nhân dân tỉnh",
        "(Dự thảo lấy ý kiến, 15/10/2025)",
    ],
)
def test_marks_of_drafts(mark: str) -> None:
    header = read(mark, *STATE, *BODY).header
    assert header.status is Status.DRAFT
    assert (header.kind, header.issuer) == ("Quyết định", "ỦY BAN NHÂN DÂN TỈNH LAM KHÊ")
    assert header.date == date(2026, 1, 9)


@pytest.mark.parametrize("end", ["--------------------", "_______", "***"])
def test_a_title_goes_on_to_the_rule_below_it(end: str) -> None:
    title = ("Quy định một số điều và biện pháp thi hành", "Luật Bảo vệ bến chợ")
    notice = read(*STATE[:9], *title, end, *BODY)
    assert notice.header.title == " ".join(title)
    assert at(notice, 10) is at(notice, 12)


def test_a_title_goes_on_to_the_first_basis() -> None:
    title = (
        "Quy định về bến chợ và",
        "Nghị định số 15/2025/NĐ-CP ngày 14 tháng 6 năm 2025 về chợ;",
    )
    more = ("hướng dẫn một số điều của Luật Chợ", "Chợ nổi đối với tỉnh Lam Khê")
    assert read(*STATE[:9], *title, *more, *BODY).header.title == " ".join((*title, *more))


def test_a_title_in_capitals_goes_on_with_a_body_that_is_not_the_issuer() -> None:
    title = ("SỐ LƯỢNG PHÓ TRƯỞNG BAN VÀ VIỆC BỐ TRÍ ĐẠI BIỂU", "HỘI ĐỒNG NHÂN DÂN CẤP XÃ")
    assert read(*STATE[:9], *title, STATE[10], *BODY).header.title == " ".join(title)


@pytest.mark.parametrize(
    ("lines", "issuer"),
    [
        (("NGÂN HÀNG NHÀ NƯỚC", "VIỆT NAM"), "NGÂN HÀNG NHÀ NƯỚC VIỆT NAM"),
        (("BỘ NÔNG NGHIỆP VÀ", "MÔI TRƯỜNG"), "BỘ NÔNG NGHIỆP VÀ MÔI TRƯỜNG"),
        (("UBND TỈNH LAM KHÊ", "SỞ NỘI VỤ"), "UBND TỈNH LAM KHÊ - SỞ NỘI VỤ"),
        (("QUỐC HỘI", "CHÍNH PHỦ - BỘ CÔNG AN"), "QUỐC HỘI - CHÍNH PHỦ - BỘ CÔNG AN"),
        (("ĐOÀN CHỦ TỊCH", "ỦY BAN MẶT TRẬN TỔ QUỐC"), "ĐOÀN CHỦ TỊCH ỦY BAN MẶT TRẬN TỔ QUỐC"),
        (("Ủy ban nhân dân", "thành phố Cửa Ngọc"), "Ủy ban nhân dân thành phố Cửa Ngọc"),
    ],
)
@pytest.mark.parametrize("between", ["\t", " " * 30])
def test_an_issuer_stands_in_the_left_column(
    lines: tuple[str, str], issuer: str, between: str
) -> None:
    head = (
        f"{lines[0]}{between}CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        f"{lines[1]}{between}Độc lập - Tự do - Hạnh phúc",
        f"Số:      12   /2026/TT-ABC{between}---------------",
        f"{between}Lam Khê, ngày   09   tháng 01 năm 2026",
    )
    header = read(*head, "THÔNG TƯ", "Về bến chợ", *BODY).header
    assert (header.issuer, header.number) == (issuer, "12/2026/TT-ABC")
    assert header.date == date(2026, 1, 9)


def test_numbers_and_dates_of_a_title_are_not_its_own() -> None:
    title = ("SỬA ĐỔI MỘT SỐ ĐIỀU CỦA THÔNG TƯ", "SỐ 05/2024/TT-BXD", "ngày 31 tháng 7 năm 2024")
    head = [line for line in STATE if not line.startswith(("Số:", "Lam Khê,"))]
    header = read(*head[:6], "QUYẾT ĐỊNH", *title, "", *BODY).header
    assert (header.number, header.date) == ("", None)


def test_the_number_of_a_law_that_is_left_open_is_none() -> None:
    header = read(
        "QUỐC HỘI\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Luật số:      /2026/QH16\tĐộc lập - Tự do - Hạnh phúc",
        "DỰ THẢO 2",
        "LUẬT",
        "CHỢ SỐ",
        *BODY,
    ).header
    assert header == Header("Luật", "", "QUỐC HỘI", None, "CHỢ SỐ", Status.DRAFT)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("45/KH-UBND", "Kế hoạch"),
        ("12-TB/TGV", "Thông báo"),
        ("678/SKHCN-CĐS", "Công văn"),
        ("15-CV/TU", "Công văn"),
    ],
)
def test_without_a_kind_word_the_number_tells_the_kind(number: str, kind: str) -> None:
    header = read(*STATE[:6], f"Số: {number}", STATE[7], "1. Việc.").header
    assert (header.kind, header.title) == (kind, "")


@pytest.mark.parametrize(
    "lines",
    [
        (
            "Nghị định của Chính phủ số 114/2003/NĐ-CP",
            "ngày 10/10/2003 về cán bộ xã, phường, thị trấn.",
            "",
            "Chính phủ",
        ),
        (
            "NGHỊ ĐỊNH",
            "CỦA CHÍNH PHỦ SỐ 114/2003/NĐ-CP NGÀY 10 THÁNG 10 NĂM 2003",
            "VỀ CÁN BỘ XÃ, PHƯỜNG, THỊ TRẤN",
            "CHÍNH PHỦ",
        ),
    ],
)
def test_the_head_of_the_official_gazette(lines: tuple[str, ...]) -> None:
    notice = read("Chính phủ", "", *lines, *BODY)
    header = notice.header
    assert (header.kind, header.number, header.date) == (
        *("Nghị định", "114/2003/NĐ-CP", date(2003, 10, 10)),
    )
    assert header.issuer.lower() == "chính phủ"
    assert header.title.lower() == "về cán bộ xã, phường, thị trấn"
    assert [one.label for one in notice.clauses][:2] == ["phần đầu văn bản", "căn cứ 1"]


def test_a_paragraph_about_a_decree_is_no_head() -> None:
    told = "Nghị định của Chính phủ số 114/2003/NĐ-CP ngày 10/10/2003 được áp dụng tại xã."
    assert read("Chiều nay họp.", told).header == Header()


def test_a_head_in_mixed_letters_and_the_mark_of_a_typist() -> None:
    header = read(
        "ủy Ban Nhân Dân\tCộng hòa xã hội chủ nghĩa việt nam",
        "thành phố Cửa Ngọc\tĐộc lập - Tự do - Hạnh phúc",
        "XV80",
        "Số:  256 /2004/QĐ-UB   \t     Cửa Ngọc, ngày  01 tháng  7 năm 2004",
        "QUYẾT ĐỊNH của ủY BAN NHÂN DÂN THÀNH PHỐ cửa ngọc",
        "V/v ban hành Chương trình chợ số của thành phố Cửa Ngọc",
        "ủY BAN NHÂN DÂN THÀNH PHỐ Cửa Ngọc",
        *BODY,
    ).header
    assert (header.kind, header.number) == ("Quyết định", "256/2004/QĐ-UB")
    assert header.issuer == "ủy Ban Nhân Dân thành phố Cửa Ngọc"
    assert header.title == "V/v ban hành Chương trình chợ số của thành phố Cửa Ngọc"


@pytest.mark.parametrize(
    "block",
    [
        ("\tBỘ TRƯỞNG (Đã ký) Nguyễn Mạnh Hùng",),
        ("K.T THỐNG ĐỐC PHÓ THỐNG ĐỐC (Đã ký) Phạm Thanh Hà",),
        ("CHÁNH VĂN PHÒNG [đã ký] Phạm Tiến Dũng",),
        ("TM. CHÍNH PHỦ", "PHÓ THỦ TƯỚNG", "(Đã ký)", "[daky]", "Bùi Thanh Sơn"),
        ("KT/BỘ TRƯỞNG BỘ TÀI CHÍNH", "THỨ TRƯỞNG", "( đã kí )", "Lê Văn Lâm"),
    ],
)
def test_signatures_on_one_line_and_with_marks_of_copies(block: tuple[str, ...]) -> None:
    notice = read(*STATE, *BODY, *block)
    first = len(STATE) + len(BODY) + 1
    assert at(notice, first).kind is ClauseKind.SIGNATURE
    assert at(notice, first + len(block) - 1) is at(notice, first)
