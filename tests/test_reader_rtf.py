"""RTF files are read as Word shows them."""

from __future__ import annotations

import machine
import pytest
from fakes_documents import assert_blocks_hold, cells_of
from fakes_time import assert_grows_evenly

from corpus.blocks import BlockKind
from corpus.errors import SecretFile, UnreadableFile
from corpus.parse.notices import parse_notice
from corpus.readers import SourceFile, check_file, read_bytes, read_file
from eval.character_errors import character_error_rate

FONTS = (
    r"{\fonttbl{\f0\fcharset0 Times New Roman;}{\f1\fcharset163 Times New Roman (Vietnamese);}"
    r"{\f2\fcharset0{\*\panose 0202}.VnTime;}{\f3\fcharset0 .VnTimeH;}}"
    r"{\colortbl;\red0\green0\blue0;\red255\green255\blue255;}"
)


def rtf(body: str) -> bytes:
    text = "".join(one if one.isascii() else rf"\u{ord(one)}?" for one in body)
    return (r"{\rtf1\ansi\ansicpg1252\uc1\deff0" + FONTS + text + "}").encode("latin-1")


def read(body: str) -> SourceFile:
    file = read_bytes(rtf(body), "a.rtf")
    assert_blocks_hold(file)
    return file


@pytest.mark.shared
def test_a_circular_typed_for_an_old_font_gives_its_transcript() -> None:
    [path] = machine.DOCUMENTS.glob("25-*.rtf")
    file = read_file(path)
    transcript = path.with_suffix(".txt").read_text("utf-8")
    assert character_error_rate(file.text, transcript) <= 0.01
    assert "TCVN3" in file.warnings[0]
    header = parse_notice(file.text, file.file_name).header
    assert (header.kind, header.issuer) == ("Thông tư", "BỘ TÀI CHÍNH")
    assert str(header.date) == "2000-05-15"


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (r"Sở {\b Nội} vụ\par Hai", ["Sở Nội vụ", "Hai"]),
        (r"18\_TB\~x \{a\}\\\emdash ", ["18-TB\xa0x {a}\\—"]),
        (r"a\line b\tab c", ["a", "b\tc"]),
        (r"{\listtext\f0 a)\tab}{\pntext (1)\tab}Việc", ["a)\t(1)\tViệc"]),
        (r"{\field{\*\fldinst REF x}{\fldrslt 2.a}}", ["2.a"]),
        (r"{\caps nghị quyết}", ["NGHỊ QUYẾT"]),
        (r"{\*\lạ bỏ}{\stylesheet{\s1 Normal;}}còn", ["còn"]),
        (
            r"{\shp{\*\shpinst{\sp{\sn a}{\sv 1}}{\shptxt Hộp\par}}{\shprslt Hộp}}sau",
            ["Hộp", "sau"],
        ),
        (r"\u-10179?\u-8704?\uc2\u7879??!", ["\U0001f600ệ!"]),
        (r"{\f1 \'d0\'fa\'ec c\'e0}", ["Đú\u0301 cà"]),
        (r"{\f2 v\'d2 vi\'d6c}{\f3  ngh\'de} {\f0 caf\'e9}", ["về việc NGHỊ café"]),
        (r"{\bin5 }}}}}a", ["a"]),
    ],
)
def test_what_stands_in_a_paragraph_is_read_as_shown(body: str, shown: list[str]) -> None:
    assert read(body).text.splitlines() == shown


def test_a_list_item_knows_its_label() -> None:
    file = read(r"{\listtext 1.\tab}Một\par {\b 2. Hai}\par")
    assert [(b.kind, b.label, b.style and b.style.bold) for b in file.blocks] == [
        (BlockKind.LIST_ITEM, "1.", False),
        (BlockKind.LIST_ITEM, "2.", True),
    ]


ROW = r"\trowd\cellx1\cellx2\cellx3\pard\intbl {}\cell {}\cell {}\cell\row "


def test_tables_keep_their_columns_and_heads_are_read_by_columns() -> None:
    rows = ROW.format("STT", "Việc", "Hạn") + ROW.format("1", r"Rà\par soát", "")
    file = read(r"Danh mục\par " + rows + r"\pard Hết\par")
    assert [cells_of(file, block) for block in file.blocks if block.table] == [
        ["STT", "Việc", "Hạn"],
        ["1", "Rà soát"],
    ]
    head = ROW.format(r"UBND TỈNH\par Số: 1", r"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "")
    assert read(head).text.splitlines() == [
        "UBND TỈNH", "Số: 1", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    ]  # fmt: skip


def test_notes_stand_at_the_end() -> None:
    note = r"{\super\chftn{\footnote{\super\chftn} Theo Thông báo.}}"
    file = read(rf"Một{note} hai{note}.\par Ba\par")
    assert file.text.splitlines() == [
        "Một[^1] hai[^2].", "Ba", "[^1]: Theo Thông báo.", "[^2]: Theo Thông báo.",
    ]  # fmt: skip
    assert file.extent.footnotes == 2


def test_what_is_deleted_hidden_or_white_is_left_out_and_told() -> None:
    file = read(r"Hạn {\deleted 1/12}{\revised 15/12}{\v ẩn}{\cf2 trắng}{\fs2 nhỏ}.\par")
    assert file.text == "Hạn 15/12.\n"
    told = " ".join(file.warnings)
    assert "2 chỗ sửa" in told
    assert "10 ký tự chữ ẩn" in told
    assert read(r"{\cf2\highlight4 chữ}").text == "chữ\n"


@pytest.mark.parametrize(
    "body",
    [
        r"{\header TỐI MẬT\par}Họp", r"{\footerf TỐI MẬT}Họp", r"{\info{\keywords tối mật}}Họp",
        r"Họp{\v TỐI MẬT}", r"Họp{\*\annotation TỐI MẬT}", r"TỐI MẬT\par Họp",
        r"{\shp{\*\shpinst{\shptxt TỐI MẬT\par}}}Họp",
    ],
)  # fmt: skip
def test_a_stamp_is_found_wherever_it_stands(body: str) -> None:
    with pytest.raises(SecretFile, match="Tối mật"):
        check_file(read(body))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{\\x}", "không phải RTF"),
        (rtf(r"\par"), "trống"),
        (rtf("{" * 5000 + "a"), "lồng nhau"),
    ],
)
def test_what_is_no_rtf_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said) as caught:
        read_bytes(data, "a.rtf")
    assert caught.value.remedy


def test_what_is_cut_off_or_odd_does_no_harm() -> None:
    assert read("a}}}}b").text == "ab\n"
    assert read(r"a\ansicpg99999 \'e9\cf99 b\f77 c\cf-3 d").text == "aébcd\n"
    assert read(r"a\cell b").text == "a\nb\n"
    assert read_bytes(b"{\\rtf1 a\\", "a.rtf").text == "a\n"


@pytest.mark.parametrize(
    "piece",
    ["a", r"\par a", r"{\b a}", r"\'e9", r"\u7879?", "{}", r"{\footnote a}", r"\cell ", r"\bin1 ",
     r"{\fonttbl{\f1 a;}}", "\\", "}"],
)  # fmt: skip
def test_reading_takes_time_linear_in_the_length(piece: str) -> None:
    files = {length: rtf("x " + piece * length) for length in (3000, 24_000)}
    assert_grows_evenly(lambda length: read_bytes(files[length], "a.rtf"), 3000)
