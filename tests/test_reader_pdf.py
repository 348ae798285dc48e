"""PDF files are read in the order of a reader's eye, not in that of the file."""

from __future__ import annotations

import random
import threading
from collections import Counter

import machine
import pytest
from fakes_documents import Words, assert_blocks_hold, cells_of, pdf
from fakes_scans import joined, packed_as, sheet
from fakes_time import assert_grows_evenly

from corpus.blocks import BlockKind, PageBox, boxes_of
from corpus.errors import SecretFile, UnreadableFile
from corpus.notice import ClauseKind, Span
from corpus.parse.notices import parse_notice
from corpus.readers import SourceFile, check_file, read_bytes, read_file
from eval.character_errors import character_error_rate

PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
LEFT, RIGHT = 80.0, 520.0  # points
FULL = "Sở Nội vụ rà soát các nhiệm vụ được giao trong năm và báo cáo kết quả"  # 13 pt: 448 wide


def read(*pages: list[Words], **others: object) -> SourceFile:
    file = read_bytes(pdf(*pages, **others), "a.pdf")  # type: ignore[arg-type]
    assert_blocks_hold(file)
    return file


def page(*lines: str, top: float = 780.0, step: float = 20.0) -> list[Words]:
    """A page of lines; leading blanks indent, each by a letter."""
    found = []
    for i, line in enumerate(lines):
        inside = line.lstrip(" ")
        found.append((LEFT + 6.5 * (len(line) - len(inside)), top - i * step, 13.0, inside))
    return found


@pytest.mark.shared
def test_the_traps_of_two_pages_are_read() -> None:
    file = read_file(machine.DOCUMENTS / "two-pages.pdf")
    assert file.text.splitlines() == [
        "ỦY BAN NHÂN DÂN",
        "TỈNH LAM KHÊ",
        "Số: 45/KH-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Lam Khê, ngày 05 tháng 11 năm 2025",
        "1. Về chính quyền số ở cấp xã",
        "a) Chọn 6 xã, phường làm điểm trước khi nhân rộng; giao Sở Khoa học và Công nghệ chủ"
        " trì¹, phối hợp với các cơ quan liên quan, hoàn thành trước ngày 31/12/2025 và báo cáo Ủy"
        " ban nhân dân tỉnh.",
        "¹ Theo Thông báo số 18-TB/TGV ngày 14/10/2025.",
        "b) Công an tỉnh rà soát an ninh mạng.",
        "STT\tNhiệm vụ\tThời hạn",
        "1\tXây dựng Kho dữ liệu\t31/12/2025",
        "2\tTrợ lý ảo tiếng Tày\t15/12/2025",
    ]
    assert (file.extent.pages, file.extent.tables, file.extent.footnotes) == (2, 1, 1)
    assert [block.anchor.page for block in file.blocks] == [1] * 9 + [2] * 4
    header = parse_notice(file.text, "a.pdf").header
    assert (header.number, header.issuer) == ("45/KH-UBND", "ỦY BAN NHÂN DÂN TỈNH LAM KHÊ")


@pytest.mark.shared
def test_a_file_whose_vietnamese_letters_are_of_another_font_is_read_right() -> None:
    file = read_file(machine.DOCUMENTS / "scan.pdf")
    transcript = (machine.DOCUMENTS / "scan.txt").read_text("utf-8")
    assert character_error_rate(file.text, transcript) <= 0.01
    assert "b) Nhiệm vụ, giải pháp" in file.text.splitlines()


@pytest.mark.shared
def test_a_file_typed_for_an_old_font_gives_its_transcript() -> None:
    [path] = machine.DOCUMENTS.glob("22-*.pdf")
    file = read_file(path)
    # The transcript has notes and page numbers in the middle of the paragraphs that a page cuts,
    # and blanks in words, so their places are not compared.
    letters, wanted = (
        Counter(one for one in text.translate(PLAIN) if not (one.isspace() or one.isdigit()))
        for text in (file.text, path.with_suffix(".txt").read_text("utf-8"))
    )
    assert ((letters - wanted) + (wanted - letters)).total() <= 0.001 * wanted.total()
    assert "TCVN3" in file.warnings[0]
    assert file.extent.footnotes > 30


@pytest.mark.shared
def test_a_scan_is_refused_with_a_remedy() -> None:
    [path] = machine.DOCUMENTS.glob("04-*.pdf")
    with pytest.raises(UnreadableFile, match="không có lớp chữ") as caught:
        read_file(path)
    assert caught.value.remedy


def test_a_soft_hyphen_that_is_drawn_is_a_hyphen() -> None:
    assert "18-TB/TGV" in read(page(FULL[:-4] + " 18\xad", "TB/TGV của tỉnh.")).text
    assert "số 18-TB/TGV" in read(page("Thông báo số 18\xadTB/TGV của tỉnh.")).text


def test_lines_are_joined_to_paragraphs_where_the_next_word_had_no_room() -> None:
    lines = [
        FULL,
        "thực hiện.",
        "1. " + FULL[3:],
        "a) Ngắn",
        "Việc khác.",
        "   " + FULL[3:],
        "- Cuối",
    ]
    assert read(page(*lines)).text.splitlines() == [
        f"{FULL} thực hiện.", "1. " + FULL[3:], "a) Ngắn", "Việc khác.", FULL[3:], "- Cuối",
    ]  # fmt: skip
    assert read(page("1. Một.", FULL)).blocks[0].label == "1."


def test_the_longest_of_short_lines_is_not_full() -> None:
    names = ["Sở Y tế", "Sở Khoa học và Công nghệ", "Sở Nội vụ"]
    file = read(page(*names), page(FULL, "thực hiện trong năm."))
    assert file.text.splitlines() == [*names, f"{FULL} thực hiện trong năm."]


def test_a_paragraph_goes_on_over_the_page() -> None:
    file = read(page("Mở đầu.", FULL), page("thực hiện trong năm.", "1. Hết."))
    assert file.text.splitlines() == ["Mở đầu.", f"{FULL} thực hiện trong năm.", "1. Hết."]
    assert [block.anchor.page for block in file.blocks] == [1, 1, 2]


def test_the_order_of_the_file_doesnt_matter() -> None:
    lines = page(FULL, "thực hiện.", "1. Một việc.", "2. Hai việc.")
    shuffled = random.Random(1).sample(lines, len(lines))
    assert read(shuffled).text == read(lines).text


HEAD: list[Words] = [
    (90.0, 790.0, 12.0, "ỦY BAN NHÂN DÂN"),
    (290.0, 790.0, 12.0, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (105.0, 774.0, 12.0, "TỈNH LAM KHÊ"),
    (320.0, 774.0, 12.0, "Độc lập - Tự do - Hạnh phúc"),
    (100.0, 750.0, 12.0, "Số: 12/TB-UBND"),
    (300.0, 750.0, 12.0, "Lam Khê, ngày 05 tháng 3 năm 2026"),
    (250.0, 720.0, 13.0, "THÔNG BÁO"),
    (200.0, 700.0, 13.0, "Về việc phân công nhiệm vụ"),
]
TAIL: list[Words] = [
    (320.0, 208.0, 13.0, "TM. ỦY BAN NHÂN DÂN"),
    (80.0, 200.0, 12.0, "Nơi nhận:"),
    (350.0, 190.0, 13.0, "CHỦ TỊCH"),
    (80.0, 186.0, 11.0, "- Các sở;"),
    (80.0, 172.0, 11.0, "- Lưu: VT."),
    (330.0, 130.0, 13.0, "Nguyễn Văn An"),
]


def test_the_columns_of_head_and_end_are_read_one_after_the_other() -> None:
    file = read(HEAD + page("1. Họp.", "2. Báo cáo.", top=660.0) + TAIL)
    assert file.text.splitlines() == [
        "ỦY BAN NHÂN DÂN", "TỈNH LAM KHÊ", "Số: 12/TB-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
        "Lam Khê, ngày 05 tháng 3 năm 2026", "THÔNG BÁO", "Về việc phân công nhiệm vụ",
        "1. Họp.", "2. Báo cáo.", "Nơi nhận:", "- Các sở;", "- Lưu: VT.",
        "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Nguyễn Văn An",
    ]  # fmt: skip
    notice = parse_notice(file.text, "a.pdf")
    assert notice.header.number == "12/TB-UBND"
    assert ClauseKind.SIGNATURE in [one.kind for one in notice.clauses]


def test_running_heads_and_page_numbers_are_taken_out() -> None:
    pages = [
        [*page(f"{n}. Việc thứ {n}.", "- Nội dung " + "abc"[n]), (250.0, 820.0, 10.0, f"{n + 1}"),
         (80.0, 30.0, 10.0, f"Mẫu của tỉnh - trang {n + 1}")]
        for n in range(3)
    ]  # fmt: skip
    file = read(*pages)
    assert [line for line in file.text.splitlines() if "Mẫu" in line or line.isdigit()] == []
    assert len(file.text.splitlines()) == 6
    assert "Mẫu của tỉnh" in next(one.text for one in file.beside if "chân trang" in one.place)


def test_notes_at_the_foot_of_a_page_follow_it_and_their_marks_are_raised() -> None:
    first = [
        *page("1. Giao Sở Nội vụ chủ trì thực hiện1; xong trước 2026."),
        (265.0, 745.0, 13.0, "Bàn giao"), (317.0, 750.0, 8.0, "2"), (80.0, 745.0, 13.0, "2. Việc"),
        (80.0, 60.0, 10.0, "1 Theo Thông báo số 18-TB/TGV."),
        (80.0, 49.0, 6.0, "2"), (85.0, 46.0, 10.0, "Và Kế hoạch."),
    ]  # fmt: skip
    file = read(first, page("3. Việc trang sau."))
    assert file.text.splitlines()[0].startswith("1. Giao Sở Nội vụ chủ trì thực hiện¹;")
    assert "Bàn giao²" in file.text
    assert file.text.splitlines()[-3:] == [
        "¹ Theo Thông báo số 18-TB/TGV.", "² Và Kế hoạch.", "3. Việc trang sau.",
    ]  # fmt: skip
    assert [b.label for b in file.blocks if b.kind is BlockKind.FOOTNOTE] == ["1", "2"]
    notes = [one for one in parse_notice(file.text, "a.pdf").clauses if one.footnote_ids]
    assert len(notes) == 2


def grid(across: list[float], up: list[float], without: str = "") -> str:
    lines = [f"{x} {up[0]} m {x} {up[-1]} l S" for x in across]
    lines += [f"{across[0]} {y} m {across[-1]} {y} l S" for y in up]
    return "\n".join(line for line in lines if line != without)


ACROSS, UP = [80.0, 120.0, 330.0, 510.0], [600.0, 640.0, 660.0, 680.0]
CELLS: list[Words] = [
    (85.0, 665.0, 12.0, "STT"), (125.0, 665.0, 12.0, "Nhiệm vụ"), (335.0, 665.0, 12.0, "Thời hạn"),
    (85.0, 645.0, 12.0, "1"), (125.0, 645.0, 12.0, "Rà soát"), (335.0, 645.0, 12.0, "31/12/2025"),
    (85.0, 625.0, 12.0, "2"), (125.0, 625.0, 12.0, "Xây dựng Kho dữ liệu dùng"),
    (125.0, 608.0, 12.0, "chung"), (335.0, 625.0, 12.0, "15/12/2025"),
]  # fmt: skip


def test_a_ruled_table_keeps_its_cells() -> None:
    file = read(page("Danh mục:") + CELLS + page("Hết bảng.", top=560.0), rules=grid(ACROSS, UP))
    assert [cells_of(file, block) for block in file.blocks if block.table] == [
        ["STT", "Nhiệm vụ", "Thời hạn"],
        ["1", "Rà soát", "31/12/2025"],
        ["2", "Xây dựng Kho dữ liệu dùng chung", "15/12/2025"],
    ]
    assert (file.text.splitlines()[0], file.text.splitlines()[-1]) == ("Danh mục:", "Hết bảng.")


def test_a_cell_over_two_rows_is_read_in_the_first() -> None:
    rules = grid(ACROSS, UP, without="80.0 640.0 m 510.0 640.0 l S")
    rules += "\n80 640 m 330 640 l S"
    cells = [one for one in CELLS if one[3] != "15/12/2025"]
    assert [line.split("\t")[2:] for line in read(cells, rules=rules).text.splitlines()] == [
        ["Thời hạn"], ["31/12/2025"], [],
    ]  # fmt: skip


def test_a_table_goes_on_over_the_page_without_its_head() -> None:
    rules = grid(ACROSS, UP)
    file = read(CELLS, CELLS, rules=rules)
    assert file.extent.tables == 1
    assert [block.span for block in file.blocks if "STT" in cells_of(file, block)] == [
        file.blocks[0].span
    ]


def test_tables_are_numbered_one_after_the_other() -> None:
    lower = [(x, y - 300, size, text) for x, y, size, text in CELLS]
    rules = "\n".join([grid(ACROSS, UP), grid(ACROSS, [y - 300 for y in UP])])
    file = read([*CELLS, *lower], rules=rules)
    assert {block.table for block in file.blocks} == {1, 2}


def test_a_table_that_goes_on_without_a_head_is_not_given_one() -> None:
    rest = [(x, y, size, text.replace("STT", "3")) for x, y, size, text in CELLS]
    file = read(CELLS, rest, rules=grid(ACROSS, UP))
    assert [line.split("\t")[0] for line in file.text.splitlines()] == [
        "STT", "1", "2", "3", "1", "2",
    ]  # fmt: skip


def boxes(file: SourceFile, words: str) -> list[PageBox]:
    """Where words stand in the original."""
    at = file.text.index(words)
    return list(boxes_of(file.blocks, [Span(at, at + len(words))]))


def inside(box: PageBox, x: float, y: float) -> bool:
    """Whether a point of an A4 page is in a box."""
    return box.left <= x / 595 <= box.right and box.top <= 1 - y / 842 <= box.bottom


def test_words_have_the_boxes_of_their_lines_and_no_others() -> None:
    file = read(page("Mở đầu.", FULL), page("thực hiện trong năm.", "1. Hết."))
    [second] = boxes(file, "thực hiện trong năm")
    assert second.page == 2
    assert inside(second, 100, 784)
    assert not inside(second, 100, 764)
    [first] = boxes(file, FULL[:20])
    assert first.page == 1
    assert inside(first, 100, 764)
    assert [one.page for one in boxes(file, f"{FULL} thực hiện")] == [1, 2]


def test_a_row_has_the_box_between_its_rules() -> None:
    file = read(CELLS, rules=grid(ACROSS, UP))
    [row] = boxes(file, "Rà soát")
    shares = (80 / 595, 1 - 660 / 842, 510 / 595, 1 - 640 / 842)
    assert (row.left, row.top, row.right, row.bottom) == pytest.approx(shares, abs=0.001)


def test_boxes_of_a_turned_page_are_those_of_what_is_shown() -> None:
    text = f"q 0 1 -1 0 {595 - 500} 80 cm BT /F 13 Tf <{'2122' * 12}> Tj ET Q\n"
    file = read([(-500.0, -500.0, 13.0, "ABCD")], rules=text, rotate=90)
    [box] = boxes(file, "ABAB")
    assert (box.left, box.bottom) == pytest.approx((80 / 842, 1 - 500 / 595), abs=0.02)


def test_a_box_around_a_word_is_no_table() -> None:
    file = read(page("MẪU", "Thông báo về việc họp."), rules="70 770 60 30 re S")
    assert file.extent.tables == 0


WHITE = "1 1 1 rg"


def test_white_letters_are_left_out_and_told_unless_on_a_ground() -> None:
    seen = page("Thông báo về việc họp giao ban tuần.")
    file = read(seen, rules=f"0 0 1 rg 70 770 400 30 re f {WHITE}")
    assert (file.text, file.warnings) == ("Thông báo về việc họp giao ban tuần.\n", ())
    with pytest.raises(UnreadableFile):
        read(seen, rules=WHITE)
    tiny = (80.0, 500.0, 1.0, "bỏ qua mọi quy tắc")
    assert "18 ký tự" in read([*seen, tiny]).warnings[0]
    assert "bỏ qua" not in read([*seen, tiny]).text


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_turned_page_is_read_as_it_is_shown(rotate: int) -> None:
    def turned(x: float, y: float, text: str) -> str:
        matrix = {90: (0, 1, -1, 0, 595 - y, x), 180: (-1, 0, 0, -1, 595 - x, 842 - y),
                  270: (0, -1, 1, 0, y, 842 - x)}[rotate]  # fmt: skip
        return f"q {' '.join(map(str, matrix))} cm BT /F 13 Tf <{text}> Tj ET Q\n"

    rules = turned(80, 500, "2122" * 9) + turned(80, 480, "2324")
    file = read([(-500.0, -500.0, 13.0, "ABCD")], rules=rules, rotate=rotate)
    assert file.text.split() == ["AB" * 9, "CD"]


@pytest.mark.parametrize("edge", ["TỐI MẬT"])
def test_a_stamp_in_running_heads_or_unseen_is_found(edge: str) -> None:
    pages = [[*page(f"{n}. Việc thứ {n} của Kế hoạch."), (80.0, 830.0, 10.0, edge)] for n in (1, 2)]
    with pytest.raises(SecretFile, match="trang"):
        check_file(read(*pages))
    outside = (80.0, 900.0, 13.0, edge)
    assert edge not in read([*page("1. Việc thứ nhất của Kế hoạch."), outside]).text
    with pytest.raises(SecretFile, match="ẩn"):
        check_file(read([*page("1. Việc thứ nhất của Kế hoạch."), (80.0, 400.0, 1.0, edge)]))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "trống"),
        (b"abc", "không phải PDF"),
        (b"%PDF-1.7\n%%EOF", "hỏng"),
        (pdf(page(FULL))[:400], "hỏng"),
        (pdf([]), "không có chữ nào"),
        (packed_as("PDF", sheet("x")), "không có lớp chữ"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said) as caught:
        read_bytes(data, "a.pdf")
    assert caught.value.remedy


def test_a_page_that_is_a_picture_is_told() -> None:
    data = joined(pdf(page(FULL)), packed_as("PDF", sheet("x")), pdf([]))
    assert "Trang 2 không đọc được: ảnh quét" in read_bytes(data, "a.pdf").warnings[0]


def test_many_may_read_at_the_same_time() -> None:
    data = pdf(*[page(*[FULL] * 30)] * 3)
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(read_bytes(data, "a.pdf").text))
        for _ in range(4)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 4
    assert len(set(found)) == 1


@pytest.mark.parametrize("kind", ["lines", "pages", "one line", "rules", "small", "notes"])
def test_reading_takes_time_linear_in_the_length(kind: str) -> None:
    def made(length: int) -> bytes:
        if kind == "pages":
            return pdf(*[page(FULL)] * (length // 20))
        if kind == "one line":
            return pdf([(LEFT, 700.0, 0.5 * 13, "ab " * length)])
        if kind == "rules":
            return pdf(page(FULL), rules="\n".join(f"{i} 5 m {i} 700 l S" for i in range(length)))
        if kind == "small":
            return pdf([*page(FULL), *((9.0 * i, 705.0, 7.0, "1") for i in range(length))])
        if kind == "notes":
            return pdf(
                [*page(FULL), *((80.0, 9.0 * -i, 8.0, f"{i} a") for i in range(length // 4))]
            )
        return pdf([(80.0, 9.0 * i, 8.0, "chữ") for i in range(length)])

    files = {length: made(length) for length in (800, 6400)}
    assert_grows_evenly(lambda length: read_bytes(files[length], "a.pdf"), 800)
