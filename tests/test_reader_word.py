"""Word documents are read as Word shows them, and what is left out is told."""

from __future__ import annotations

import machine
import pytest
from fakes_documents import (
    a_list,
    assert_blocks_hold,
    cells_of,
    docx,
    merged,
    par,
    run,
    table,
    words_of,
)

from corpus.blocks import Anchor, BlockKind
from corpus.errors import SecretFile, UnreadableFile
from corpus.notice import ClauseKind
from corpus.parse.notices import parse_notice
from corpus.readers import SourceFile, check_file, read_bytes, read_file
from corpus.readers.office.numbering import written
from eval.character_errors import character_error_rate

LETTERS = a_list(1, "upperRoman|%1.", "lowerLetter|%2)", "decimal|(%3)", "bullet|\uf0b7")


def read(body: str, **others: str) -> SourceFile:
    file = read_bytes(docx(body, **others), "a.docx")
    assert_blocks_hold(file)
    return file


def lines(body: str, **others: str) -> list[str]:
    return read(body, **others).text.splitlines()


def numbered(numbering: str, *places: tuple[int, int]) -> list[str]:
    """The labels of paragraphs in these lists and levels."""
    body = "".join(par("x", numbered=place) for place in places)
    return [line.removesuffix("x").strip() for line in lines(body, numbering=numbering)]


@pytest.mark.shared
def test_the_traps_of_an_ordinary_file_are_read_as_word_shows_them() -> None:
    file = read_file(machine.DOCUMENTS / "word-traps.docx")
    shown = (machine.DOCUMENTS / "word-traps.expected.txt").read_text("utf-8")
    text, note = file.text.split("\n[^2]: ")
    assert text.split() == shown.split()
    assert note.startswith("Theo Thông báo số 05-TB/BCĐ")
    assert_blocks_hold(file)
    told = " ".join(file.warnings)
    for what in ("2 chỗ sửa có theo dõi", "1 đoạn chữ ẩn", "1 ý kiến", "VĂN BẢN MẪU"):
        assert what in told
    header = parse_notice(file.text, file.file_name).header
    assert (header.kind, header.number) == ("Thông báo", "18-TB/TGV")


def test_levels_begin_anew_below_each_number() -> None:
    places = [(1, 0), (1, 1), (1, 1), (1, 2), (1, 3), (1, 0), (1, 1), (1, 2)]
    assert numbered(LETTERS, *places) == ["I.", "a)", "b)", "(1)", "•", "II.", "a)", "(1)"]


def test_lists_of_one_kind_count_on_unless_one_begins_anew() -> None:
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering = (
        a_list(1, "decimal|%1.", "decimal|%1.%2.")
        + a_list(2, abstract=1)
        + a_list(3, abstract=1, override=override)
    )
    places = [(1, 0), (2, 0), (3, 0), (3, 0), (1, 0), (3, 1), (3, 0)]
    assert numbered(numbering, *places) == ["1.", "2.", "1.", "2.", "3.", "3.1.", "4."]


def test_a_level_may_go_on_through_the_levels_above() -> None:
    never = a_list(1, "upperRoman|%1.", 'decimal|%2.|<w:lvlRestart w:val="0"/>')
    assert numbered(never, (1, 0), (1, 1), (1, 0), (1, 1)) == ["I.", "1.", "II.", "2."]
    legal = a_list(1, "upperRoman|%1.", "decimal|%1.%2.|<w:isLgl/>")
    assert numbered(legal, (1, 0), (1, 0), (1, 1)) == ["I.", "II.", "2.1."]


def test_a_level_without_one_above_shows_where_that_would_begin() -> None:
    assert numbered(a_list(1, "decimal|%1.", "decimal|%1.%2."), (1, 1), (1, 1)) == ["1.1.", "1.2."]


@pytest.mark.parametrize(
    ("form", "count", "shown"),
    [
        ("decimal", 12, "12"),
        ("decimalZero", 7, "07"),
        ("upperRoman", 49, "XLIX"),
        ("lowerRoman", 4, "iv"),
        ("lowerRoman", 4000, "4000"),
        ("lowerLetter", 5, "e"),  # Word knows no đ
        ("upperLetter", 28, "BB"),
        ("none", 3, ""),
        ("ideographTraditional", 3, "3"),
    ],
)
def test_a_number_is_written_in_its_form(form: str, count: int, shown: str) -> None:
    assert written(count, form) == shown


def test_a_style_may_carry_the_list_and_its_level() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Dieu"><w:pPr>'
        '<w:numPr><w:numId w:val="1"/></w:numPr>'
        '<w:outlineLvl w:val="2"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Dieu2"><w:basedOn w:val="Dieu"/></w:style>'
    )
    numbering = a_list(1, "upperRoman|Chương %1", 'decimal|Điều %2.|<w:pStyle w:val="Dieu"/>')
    file = read(
        par("Phạm vi", properties='<w:pStyle w:val="Dieu2"/>')
        + par(
            "Bỏ số", properties='<w:pStyle w:val="Dieu"/><w:numPr><w:numId w:val="0"/></w:numPr>'
        ),
        styles=styles,
        numbering=numbering,
    )
    assert file.text == "Điều 1. Phạm vi\nBỏ số\n"
    assert [block.kind for block in file.blocks] == [BlockKind.HEADING, BlockKind.HEADING]
    assert file.blocks[0].label == "Điều 1."
    assert file.blocks[0].style is not None
    assert file.blocks[0].style.bold


def test_a_list_may_be_that_of_a_numbering_style() -> None:
    styles = (
        '<w:style w:type="numbering" w:styleId="Kieu"><w:pPr>'
        '<w:numPr><w:numId w:val="2"/></w:numPr>'
        "</w:pPr></w:style>"
    )
    linked = (
        '<w:abstractNum w:abstractNumId="9"><w:numStyleLink w:val="Kieu"/></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="9"/></w:num>'
    )
    numbering = linked + a_list(2, "upperLetter|%1.")
    assert lines(par("x", numbered=(1, 0)), styles=styles, numbering=numbering) == ["A. x"]


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ("<w:r><w:t>18</w:t><w:noBreakHyphen/><w:t>TB/TGV</w:t></w:r>", "18-TB/TGV"),
        ("<w:r><w:t>văn</w:t><w:softHyphen/><w:t>bản</w:t></w:r>", "vănbản"),
        ("<w:r><w:tab/><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r>", "a\tb"),
        ("<w:r><w:t>CHƯƠNG I</w:t><w:br/><w:t>QUY ĐỊNH</w:t></w:r>", "CHƯƠNG I\nQUY ĐỊNH"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0A8"/><w:t> Có</w:t></w:r>', "☐ Có"),
        ('<w:r><w:sym w:font="X" w:char="lạ"/><w:t>a</w:t></w:r>', "a"),
        ("<w:hyperlink><w:r><w:t>liên kết</w:t></w:r></w:hyperlink>", "liên kết"),
        (
            "<w:sdt><w:sdtPr><w:t/></w:sdtPr><w:sdtContent>" + run("ô") + "</w:sdtContent></w:sdt>",
            "ô",
        ),
        ('<w:fldSimple w:instr="REF x">' + run("2.a") + "</w:fldSimple>", "2.a"),
        (run("nghị quyết", "<w:caps/>"), "NGHỊ QUYẾT"),
        (run("ẩn", '<w:vanish w:val="0"/>'), "ẩn"),
        ("<m:oMath><m:r><m:t>x+y</m:t></m:r></m:oMath>", "x+y"),
        (
            "<w:r><w:ruby><w:rt><w:r><w:t>trên</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>gốc</w:t>"
            "</w:r></w:rubyBase></w:ruby></w:r>",
            "gốc",
        ),
    ],
)
def test_what_stands_in_a_paragraph_is_read_as_shown(inside: str, shown: str) -> None:
    assert read(par(inside)).text == f"{shown}\n"


def field(*between: str) -> str:
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{one}"/></w:r>' for one in ("begin", "end"))
    return begin + "".join(between) + end


def test_a_field_is_read_by_its_result_even_over_paragraphs() -> None:
    separate = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    inner = field("<w:r><w:instrText>PAGE</w:instrText></w:r>", separate, run("7"))
    outer = field(run("IF "), inner, run(" = 1"), separate, run("Kết quả"))
    assert read(par("a ", outer, " b")).text == "a Kết quả b\n"
    begin = f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{separate}'
    body = par(begin, "Một") + par("Hai", '<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    assert lines(body) == ["Một", "Hai"]


def test_tracked_changes_are_accepted_and_told() -> None:
    body = par(
        "Hạn: ",
        f"<w:del>{run('x').replace('w:t', 'w:delText')}</w:del>",
        f"<w:ins>{run('15/12')}</w:ins>",
        f"<w:moveFrom>{run('đi')}</w:moveFrom>",
        f"<w:moveTo>{run('.')}</w:moveTo>",
    )
    file = read(body)
    assert file.text == "Hạn: 15/12.\n"
    assert "4 chỗ sửa có theo dõi" in " ".join(file.warnings)


def test_a_deleted_end_of_a_paragraph_joins_it_to_the_next_and_counts_no_number() -> None:
    gone = "<w:rPr><w:del/></w:rPr>"
    body = (
        par("Một", numbered=(1, 0))
        + par("Hai ", numbered=(1, 0), properties=gone)
        + par("ba", numbered=(1, 0))
        + par("Cuối", properties=gone)
    )
    file = read(body, numbering=a_list(1, "decimal|%1."))
    assert file.text == "1. Một\n2. Hai ba\nCuối\n"


def test_a_deleted_row_is_gone() -> None:
    head, gone, kept = ["STT", "Việc", "Hạn"], ["1", "Bỏ", "a"], ["2", "Giữ", "b"]
    deleted = table(head, gone, kept).replace(
        "</w:tr><w:tr>", "</w:tr><w:tr><w:trPr><w:del/></w:trPr>", 1
    )
    assert lines(deleted) == ["STT\tViệc\tHạn", "2\tGiữ\tb"]


WHITE = '<w:color w:val="FFFFFF"/>'
DARK = '<w:shd w:val="clear" w:fill="1F4E79"/>'


@pytest.mark.parametrize(
    "unseen",
    [
        run("lệnh", "<w:vanish/>"),
        run("lệnh", WHITE),
        run("lệnh", '<w:color w:val="FEFEFE"/>'),
        run("lệnh", '<w:sz w:val="2"/>'),
        run("lệnh", '<w:rStyle w:val="An"/>'),
        run("lệnh", '<w:shd w:val="clear" w:fill="FFFFFF"/>' + WHITE),
    ],
)
def test_what_nobody_can_see_is_left_out_and_told(unseen: str) -> None:
    styles = '<w:style w:type="character" w:styleId="An"><w:rPr><w:vanish/></w:rPr></w:style>'
    file = read(par("Thấy", unseen, " rõ"), styles=styles)
    assert file.text == "Thấy rõ\n"
    assert "Đã bỏ 1 đoạn chữ ẩn" in file.warnings[0]
    assert file.beside[0].text == "lệnh"


@pytest.mark.parametrize(
    "body",
    [
        par(run("chữ", WHITE + DARK)),
        par(run("chữ", WHITE + '<w:highlight w:val="black"/>')),
        par(run("chữ", WHITE), properties=DARK),
        table([f"<w:tcPr>{DARK}</w:tcPr>{par(run('chữ', WHITE))}"]),
    ],
)
def test_white_letters_on_a_coloured_ground_are_seen(body: str) -> None:
    file = read(body)
    assert (file.text, file.warnings) == ("chữ\n", ())


def test_runs_of_old_fonts_are_read_as_the_font_shows_them() -> None:
    fonts = '<w:rFonts w:ascii="{0}" w:hAnsi="{0}"/>'
    body = par(
        run("NghÞ ®Þnh", fonts.format(".VnTimeH")), " ", run("vÒ viÖc", fonts.format(".VnTime")),
        run(" café §1", fonts.format("Times New Roman")),
    )  # fmt: skip
    file = read(body)
    assert file.text == "NGHỊ ĐỊNH về việc café §1\n"
    assert "TCVN3" in file.warnings[0]


def test_notes_stand_at_the_end_endnotes_after_footnotes() -> None:
    def note(kind: str, name: int) -> str:
        return f'<w:r><w:{kind}Reference w:id="{name}"/></w:r>'

    file = read(
        par("Một", note("endnote", 1), " hai", note("footnote", 3), note("footnote", 99), "."),
        footnotes='<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        f'<w:footnote w:id="2">{par("Không ai nhắc.")}</w:footnote>'
        f'<w:footnote w:id="3">{par("Chân ")}{par("trang.")}</w:footnote>',
        endnotes=f'<w:endnote w:id="1">{par("Cuối.")}</w:endnote>',
    )
    assert file.text == "Một[^4] hai[^3].\n[^3]: Chân  trang.\n[^4]: Cuối.\n"
    assert [(b.kind, b.label, b.anchor) for b in file.blocks[1:]] == [
        (BlockKind.FOOTNOTE, "3", Anchor("word/footnotes.xml", 2)),
        (BlockKind.FOOTNOTE, "4", Anchor("word/endnotes.xml", 0)),
    ]
    assert file.extent.footnotes == 2
    notice = parse_notice(file.text, "a.docx")
    assert [one.kind for one in notice.clauses].count(ClauseKind.FOOTNOTE) == 2
    assert len(notice.clauses[0].footnote_ids) == 2


def test_a_row_keeps_its_columns() -> None:
    body = table(
        ["STT", "Nhiệm vụ", merged('<w:gridSpan w:val="2"/>', "Cơ quan"), "Hạn"],
        [
            par("", numbered=(1, 0)),
            par("Một") + par("hai"),
            merged('<w:vMerge w:val="restart"/>', "Sở A"),
            "Sở B",
            "31/12",
        ],
        [par("", numbered=(1, 0)), "Ba", merged("<w:vMerge/>"), "", "30/6"],
    )
    file = read(body, numbering=a_list(1, "decimal|%1"))
    assert [cells_of(file, block) for block in file.blocks] == [
        ["STT", "Nhiệm vụ", "Cơ quan", "", "Hạn"],
        ["1", "Một hai", "Sở A", "Sở B", "31/12"],
        ["2", "Ba", "", "", "30/6"],
    ]
    assert file.extent.tables == 1
    assert [block.anchor.paragraph for block in file.blocks] == [0, 4, 10]
    rows = parse_notice(file.text, "a.docx").clauses
    assert [one.kind for one in rows] == [
        ClauseKind.TABLE_HEADER,
        ClauseKind.TABLE_ROW,
        ClauseKind.TABLE_ROW,
    ]


def test_tables_of_tables_are_read_and_rows_may_begin_further_right() -> None:
    inner = table(["a", "b"], ["c", "d"])
    shifted = table(["STT", "Việc", "Hạn"], ["1", inner + par("sau"), "x"]) + par("Hết")
    assert lines(shifted) == ["STT\tViệc\tHạn", "1\ta b c d sau\tx", "Hết"]
    late = table(["A", "B", "C"], ["1", "2", "3"]).replace(
        "</w:tr><w:tr>", '</w:tr><w:tr><w:trPr><w:gridBefore w:val="2"/></w:trPr>'
    )
    assert cells_of(read(late), read(late).blocks[1])[:2] == ["", ""]


def test_the_two_columns_of_head_and_signature_are_read_one_after_the_other() -> None:
    head = table(
        ["UBND TỈNH", par("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") + par("Độc lập - Tự do")],
        ["Số: 12/TB-UBND", "Lam Khê, ngày 05 tháng 3 năm 2026"],
    )
    tail = table([par("Nơi nhận:") + par("- Các sở;"), par("CHỦ TỊCH") + par("Nguyễn Văn An")])
    file = read(head + par("THÔNG BÁO") + par("Về việc họp") + par("1. Họp.") + tail)
    assert file.text.splitlines() == [
        "UBND TỈNH", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do", "Số: 12/TB-UBND",
        "Lam Khê, ngày 05 tháng 3 năm 2026", "THÔNG BÁO", "Về việc họp", "1. Họp.",
        "Nơi nhận:", "- Các sở;", "CHỦ TỊCH", "Nguyễn Văn An",
    ]  # fmt: skip
    header = parse_notice(file.text, "a.docx").header
    assert (header.number, header.issuer) == ("12/TB-UBND", "UBND TỈNH")


def box(text: str) -> str:
    content = f"<w:txbxContent>{par(text)}</w:txbxContent>"
    return (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{content}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{content}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    assert lines(par("Trước", box("Hộp"), " sau") + par("Hết")) == ["Trước sau", "Hộp", "Hết"]


@pytest.mark.parametrize(
    ("body", "others", "place"),
    [
        (par("Họp", box("TỐI MẬT")), {}, "dòng 2"),
        (par("Họp"), {"header": par("TỐI MẬT")}, "đầu trang"),
        (par("Họp"), {"footer": table(["", "TỐI MẬT"])}, "chân trang"),
        (par("Họp"), {"core": "<keywords>tối mật</keywords>"}, "thuộc tính"),
        (par("Họp"), {"core": "<title>TỐI MẬT</title>"}, "thuộc tính"),
        (par("Họp", run("TỐI MẬT", "<w:vanish/>")), {}, "chữ ẩn"),
        (par("Họp"), {"comments": f'<w:comment w:id="1">{par("TỐI MẬT")}</w:comment>'}, "nhận xét"),
        (par("Họp") + table(["a", "TỐI MẬT"], ["b", "c"]), {}, "dòng 2"),
    ],
)
def test_a_stamp_is_found_wherever_it_stands(body: str, others: dict[str, str], place: str) -> None:
    with pytest.raises(SecretFile, match=f"Tối mật.*{place}"):
        check_file(read(body, **others))


def test_a_draft_is_known_by_its_page_header_and_the_rest_of_it_is_told() -> None:
    file = read(par("THÔNG BÁO") + par("Họp."), header=par("DỰ THẢO") + par("Mẫu của tỉnh"))
    assert file.text.startswith("DỰ THẢO\nTHÔNG BÁO\n")
    assert words_of(file, file.blocks[0]) == "DỰ THẢO"
    assert "đầu trang: “Mẫu của tỉnh”" in file.warnings[0]
    assert read(par("Họp."), footer=par("Trang 2/9") + par("- 3 -")).warnings == ()


def test_what_is_empty_is_said_to_be_empty() -> None:
    with pytest.raises(UnreadableFile, match="trống"):
        read(par("  ") + par())


@pytest.mark.shared
@pytest.mark.parametrize(
    "name", ["34-HD-36-HD-VPTW-the-thuc-van-ban-Dang", "37-ND-30-2020-ND-CP-cong-tac-van-thu"]
)
def test_real_documents_give_their_transcripts(name: str) -> None:
    file = read_file(machine.DOCUMENTS / "rules" / f"{name}.docx")
    transcript = (machine.DOCUMENTS / "rules" / f"{name}.txt").read_text("utf-8")
    assert character_error_rate(file.text, transcript) <= 0.01
    assert_blocks_hold(file)
    check_file(file)
    assert file.extent.pages is not None
