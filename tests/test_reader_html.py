"""Saved pages: the document in the page, its tables and lists, and nothing of the menus."""

from __future__ import annotations

import machine
import pytest
from fakes_documents import assert_blocks_hold, cells_of
from fakes_time import assert_grows_evenly

from corpus.blocks import BlockKind
from corpus.errors import SecretFile, UnreadableFile
from corpus.notice import ClauseKind
from corpus.parse.notices import parse_notice
from corpus.readers import SourceFile, check_file, read_bytes, read_file
from eval.character_errors import character_error_rate

DOCUMENTS = "".join(
    f"<p>{n}. Sở Nội vụ rà soát nhiệm vụ thứ {n} của Kế hoạch.</p>" for n in range(9)
)
HEAD = "<p>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</p>"


def read(page: str, name: str = "a.html") -> SourceFile:
    file = read_bytes(page.encode(), name)
    assert_blocks_hold(file)
    return file


def lines(page: str) -> list[str]:
    return read(page).text.splitlines()


@pytest.mark.shared
@pytest.mark.parametrize("number", [15, 16, 17, 18])
def test_the_pages_of_the_portal_give_their_text(number: int) -> None:
    [path] = machine.DOCUMENTS.glob(f"{number}-*.html")
    file = read_file(path)
    transcript = path.with_suffix(".txt").read_text("utf-8")
    assert character_error_rate(file.text, transcript) <= 0.01
    assert_blocks_hold(file)
    check_file(file)
    assert "Trang chủ" not in file.text
    header = parse_notice(file.text, file.file_name).header
    assert header.number
    assert header.date is not None


def test_menus_scripts_and_the_foot_of_the_page_are_dropped_and_told() -> None:
    file = read(
        "<html><head><title>Cổng</title><style>p{}</style></head><body>"
        "<header><nav><a>Trang chủ</a></nav><div>Đăng nhập</div></header>"
        f"<main><div class='x'><script>var a = 1;</script>{HEAD}{DOCUMENTS}</div></main>"
        "<div class='toc'><span>1. Sở Nội vụ rà soát nhiệm vụ</span></div>"
        "<footer><p>Bản quyền thuộc Cổng</p></footer></body></html>"
    )
    assert file.text.splitlines()[0] == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert len(file.text.splitlines()) == 10
    assert "menu" in file.warnings[0]


def test_a_large_table_is_not_all_of_a_document() -> None:
    row = "<tr><td>1<td>Rà soát các nhiệm vụ được giao trong năm<td>31/12</tr>"
    page = f"<body><div><p>PHỤ LỤC I</p><table>{row * 50}</table><p>Ghi chú.</p></div></body>"
    assert (lines(page)[0], lines(page)[-1]) == ("PHỤ LỤC I", "Ghi chú.")
    long = f"<tr><td>1<td>Việc<td>{'Rà soát các nhiệm vụ. ' * 99}</tr>"
    page = f"<body><div>Cổng</div><div><table>{row}{long}{row}</table></div></body>"
    assert [line.count("\t") for line in lines(page)] == [2, 2, 2]


def test_the_head_of_the_document_is_taken_along_where_it_stands_apart() -> None:
    page = f"<body><div>Menu</div><div><div>{HEAD}</div><div>{DOCUMENTS}</div></div></body>"
    assert lines(page)[0] == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert len(lines(page)) == 10


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ("<p>Sở\n   Nội <b>vụ</b></p><p>hai</p>", ["Sở Nội vụ", "hai"]),
        ("CHÍNH PHỦ<br>Số: 1", ["CHÍNH PHỦ", "Số: 1"]),
        ("<div>a<div>b</div>c</div>", ["a", "b", "c"]),
        ("<pre>a\n  b</pre>", ["a", "b"]),
        ("<p style='text-transform: uppercase'>nghị định</p>", ["NGHỊ ĐỊNH"]),
        ("<p>a &amp; b &lt; c&nbsp;d</p>", ["a & b < c\xa0d"]),
        ("<ol><li>a</li><li>b</li></ol>", ["1. a", "2. b"]),
        (
            "<ol type='a' start='3'><li>x</li><li value='7'>y</li><li>z</li></ol>",
            ["c. x", "g. y", "h. z"],
        ),
        (
            "<ol style='list-style-type: upper-roman'><li>\n<p>x</p><p>y</p></li></ol>",
            ["I. x", "y"],
        ),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>", ["• a", "• b"]),
        ("<ul style='list-style: none'><li>- a</li></ul>", ["- a"]),
        ("<p><span style='mso-list:Ignore'>1.<span>&nbsp; </span></span>Họp</p>", ["1.\xa0 Họp"]),
        ("<![if !supportLists]><p>a</p><![endif]><!-- không -->", ["a"]),
    ],
)
def test_a_page_is_read_as_it_is_shown(inside: str, shown: list[str]) -> None:
    assert lines(f"<body>{inside}</body>") == shown


def test_headings_and_items_are_blocks_with_their_labels() -> None:
    file = read("<body><h2>Chương I</h2><ol><li><b>Một</b></li></ol><p>Hai <b>ba</b></p></body>")
    assert [(b.kind, b.label, b.style and b.style.bold) for b in file.blocks] == [
        (BlockKind.HEADING, "", True),
        (BlockKind.LIST_ITEM, "1.", True),
        (BlockKind.PARAGRAPH, "", False),
    ]


def test_a_row_keeps_its_columns_and_what_covers_it_is_not_said_again() -> None:
    file = read(
        "<table><thead><tr><th>STT<th>Việc<th colspan=2>Hạn</tr></thead>"
        "<tr><td rowspan=2>1</td><td><p>Rà</p><p>soát<br>kho</p></td><td>a</td><td>b</td></tr>"
        "<tr><td>Nộp<ul><li>x</ul></td><td></td><td>c</td></tr></table>"
    )
    assert [cells_of(file, block) for block in file.blocks] == [
        ["STT", "Việc", "Hạn"],
        ["1", "Rà soát kho", "a", "b"],
        ["", "Nộp • x", "", "c"],
    ]
    assert file.extent.tables == 1
    kinds = [one.kind for one in parse_notice(file.text, "a.html").clauses]
    assert kinds[:2] == [ClauseKind.TABLE_HEADER, ClauseKind.TABLE_ROW]


def test_a_table_that_lays_out_the_page_is_read_cell_by_cell() -> None:
    page = f"<table><tr><td><p>Menu</p></td><td>{HEAD}{DOCUMENTS}</td></tr></table>"
    assert lines(f"<body>{page}</body>")[0] == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    tail = "<table><tr><td>Nơi nhận:<br>- Các sở;<td>CHỦ TỊCH<br>An</tr></table>"
    assert lines(f"<body>{tail}</body>") == ["Nơi nhận:", "- Các sở;", "CHỦ TỊCH", "An"]


def test_notes_of_word_pages_are_linked() -> None:
    file = read(
        '<body><p>Họp<a href="#_ftn1" name="_ftnref1"><span>[1]</span></a>.</p>'
        '<div id="ftn1"><p><a href="#_ftnref1" name="_ftn1">[1]</a> Theo Thông báo.</p></div>'
    )
    assert file.text == "Họp[^1].\n[^1]: Theo Thông báo.\n"
    assert (file.blocks[1].kind, file.blocks[1].label) == (BlockKind.FOOTNOTE, "1")


@pytest.mark.parametrize(
    "unseen",
    [
        "<span style='display:none'>lệnh</span>",
        "<span hidden>lệnh</span>",
        "<div style='color:#FFFFFF'>lệnh</div>",
        "<font color=white>lệnh</font>",
        "<span style='mso-hide:all'>lệnh</span>",
        "<span style='font-size:0'>lệnh</span>",
        "<table><tr><td>a<td style='color:white'>lệnh</tr><tr><td>b<td>c</tr></table>",
    ],
)
def test_what_nobody_can_see_is_left_out_and_told(unseen: str) -> None:
    file = read(f"<body><p>Thấy</p>{unseen}<p>rõ</p></body>")
    assert "lệnh" not in file.text
    assert "1 đoạn chữ ẩn" in file.warnings[0]
    assert any(beside.text == "lệnh" for beside in file.beside)


def test_white_letters_on_a_coloured_ground_are_seen() -> None:
    row = "<tr style='background:#004'><td style='color:#fff'>STT<td>b</tr><tr><td>1<td>2</tr>"
    page = f"<p style='background:#004;color:#fff'>a</p><table>{row}</table>"
    assert lines(f"<body>{page}</body>") == ["a", "STT\tb", "1\t2"]


@pytest.mark.parametrize(
    "page",
    [
        f"<title>TỐI MẬT</title><body>{DOCUMENTS}</body>",
        f"<meta name='keywords' content='Tối mật'><body>{DOCUMENTS}</body>",
        f"<body><div>TỐI MẬT</div><div>{DOCUMENTS}</div></body>",
        f"<body>{DOCUMENTS}<p style='display:none'>TỐI MẬT</p></body>",
        f"<body><p>TỐI MẬT</p>{DOCUMENTS}</body>",
    ],
)
def test_a_stamp_is_found_wherever_it_stands(page: str) -> None:
    with pytest.raises(SecretFile, match="Tối mật"):
        check_file(read(page))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig", "cp1258"])
def test_the_page_says_its_encoding(encoding: str) -> None:
    said = "" if encoding.startswith("utf-16") else f"<meta charset='{encoding}'>"
    page = f"<html><head>{said}</head><body><p>Công an xa\u0303</p></body></html>"
    assert read_bytes(page.encode(encoding), "a.htm").text == "Công an xa\u0303\n"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<meta charset='utf-8'><p>C\xf4ng</p>", "mã utf-8"),
        (b"<meta charset='la-lung'><p>a</p>", "mã la-lung"),
        (b"\x00\x01\x02", "nhị phân"),
        (b"<html><body><script>x</script></body></html>", "không có chữ"),
        (("<div>" * 1000 + "x").encode(), "lồng nhau"),
    ],
)
def test_what_is_no_page_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said) as caught:
        read_bytes(data, "a.html")
    assert caught.value.remedy


def test_nothing_outside_of_the_page_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_connection(*_: object) -> None:
        raise AssertionError("a link was followed")

    monkeypatch.setattr("socket.getaddrinfo", no_connection)
    page = (
        '<!DOCTYPE html SYSTEM "http://example.invalid/x.dtd" [<!ENTITY x SYSTEM "/etc/passwd">]>'
        '<body><link rel="stylesheet" href="http://example.invalid/x.css"><p>a&x;b</p>'
        '<iframe src="http://example.invalid/"></iframe></body>'
    )
    assert "root:" not in read(page).text


@pytest.mark.parametrize(
    "piece",
    [
        "<p>chữ</p>", "<li>chữ</li>", "<td>a</td>", "<tr><td>a<td>b</tr>", "<br>", "<b>chữ</b>",
        "<td rowspan=9>a</td>", "<ul><li>a</li></ul>", "<a href='#_ftn1'>[1]</a>", "<div>", " ",
    ],
)  # fmt: skip
def test_reading_takes_time_linear_in_the_length(piece: str) -> None:
    def page(length: int) -> bytes:
        inside = piece * length if piece != "<div>" else "<div>a</div>" * length
        around = {"<li": "ol", "<td": "table><tr", "<tr": "table"}.get(piece[:3], "div")
        return f"<body><p>x</p><{around}>{inside}".encode()

    made = {length: page(length) for length in (2000, 8 * 2000)}
    assert_grows_evenly(lambda length: read_bytes(made[length], "a.html"), 2000)


@pytest.mark.parametrize(
    ("found", "wanted", "rate"),
    [
        ("Hạn 15/12", "Hạn 15/12", 0.0),
        ("Hạn\n15/12", "Hạn  15/12", 0.0),
        ("Han 15/12", "Hạn 15/12", 1 / 9),
        ("Hạn", "Hạn 15/12", 6 / 9),
        ("Hạn x 15/12", "Hạn 15/12", 2 / 9),
    ],
)
def test_errors_are_counted_by_the_character(found: str, wanted: str, rate: float) -> None:
    assert character_error_rate(found, wanted) == pytest.approx(rate)
