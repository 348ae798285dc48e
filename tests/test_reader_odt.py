"""OpenDocument texts are read as LibreOffice shows them."""

from __future__ import annotations

import pytest
from fakes_documents import assert_blocks_hold, cells_of, docx, packed, par
from fakes_time import assert_grows_evenly

from corpus.blocks import BlockKind
from corpus.errors import SecretFile, UnreadableFile
from corpus.readers import SourceFile, check_file, read_bytes

URN = "urn:oasis:names:tc:opendocument:xmlns:"
NAMES = " ".join(
    f'xmlns:{short}="{URN}{long}:1.0"'
    for short, long in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"),
        ("draw", "drawing"), ("fo", "xsl-fo-compatible"), ("meta", "meta"),
    )
)  # fmt: skip
LISTS = (
    '<text:list-style style:name="L1">'
    '<text:list-level-style-number text:level="1" style:num-format="I" style:num-suffix="."/>'
    '<text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")"/>'
    '<text:list-level-style-number text:level="3" style:num-format="1" style:num-prefix="("'
    ' style:num-suffix=")"/>'
    '<text:list-level-style-bullet text:level="4" text:bullet-char="-"/></text:list-style>'
    '<text:list-style style:name="L2"><text:list-level-style-number text:level="1"'
    ' style:num-format="1" style:num-suffix="."/><text:list-level-style-number text:level="2"'
    ' style:num-format="1" style:num-suffix="." text:display-levels="2"/></text:list-style>'
    '<style:style style:name="H"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="W"><style:text-properties fo:color="#FFFFFF"/></style:style>'
)


def odt(body: str, styles: str = "", meta: str = "", **others: str) -> bytes:
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {NAMES}><office:automatic-styles>{LISTS}"
            f"</office:automatic-styles><office:body><office:text>{body}</office:text>"
            "</office:body></office:document-content>",
            "styles.xml": f"<office:document-styles {NAMES}>{styles}</office:document-styles>",
            "meta.xml": f"<office:document-meta {NAMES}>{meta}</office:document-meta>",
            **{name.replace("_", "/") + ".xml": one for name, one in others.items()},
        }
    )


def read(body: str, **others: str) -> SourceFile:
    file = read_bytes(odt(body, **others), "a.odt")
    assert_blocks_hold(file)
    return file


def p(text: str) -> str:
    return f"<text:p>{text}</text:p>"


def items(*inside: str, style: str = "", more: str = "") -> str:
    named = f'text:style-name="{style}"' if style else ""
    made = "".join(f"<text:list-item>{one}</text:list-item>" for one in inside)
    return f"<text:list {named} {more}>{made}</text:list>"


def test_labels_are_counted_at_every_level() -> None:
    deep = items(p("x") + items(p("x"), p("x") + items(p("-"))))
    body = items(p("x") + deep, p("x") + items(p("x")), style="L1")
    assert [line.rpartition(" ")[0] for line in read(body).text.splitlines()] == [
        "I.", "a)", "(1)", "(2)", "-", "II.", "a)",
    ]  # fmt: skip


def test_a_list_begins_anew_unless_it_goes_on() -> None:
    body = (
        items(p("x") + items(p("x")), p("x"), style="L2")
        + items(p("x"), style="L2", more='text:continue-numbering="true"')
        + items(p("x"), style="L2")
        + items(p("x"), style="L2").replace(
            "<text:list-item>", '<text:list-item text:start-value="7">'
        )
    )
    labels = [line.split()[0] for line in read(body).text.splitlines()]
    assert labels == ["1.", "1.1.", "2.", "3.", "1.", "7."]


def test_headings_are_numbered_by_the_outline() -> None:
    outline = (
        '<text:outline-style><text:outline-level-style text:level="1" style:num-format="1"'
        ' style:num-prefix="Điều " style:num-suffix="."/></text:outline-style>'
    )
    head = '<text:h text:outline-level="1">Phạm vi</text:h>'
    file = read(head + head, styles=outline)
    assert file.text.splitlines() == ["Điều 1. Phạm vi", "Điều 2. Phạm vi"]
    assert file.blocks[0].kind is BlockKind.HEADING
    assert file.blocks[1].label == "Điều 2."


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ("a<text:span>b</text:span>c", "abc"),
        ("a<text:s text:c='2'/>b<text:tab/>c<text:line-break/>d", "a  b\tc\nd"),
        ("18\n- TB", "18 - TB"),
        (
            "<text:a>liên kết</text:a><office:annotation><text:p>x</text:p></office:annotation>",
            "liên kết",
        ),
        ("<text:bookmark text:name='x'/>a<text:hidden-text>b</text:hidden-text>", "a"),
        (
            "a<text:span text:style-name='H'>b</text:span>"
            "<text:span text:style-name='W'>c</text:span>",
            "a",
        ),
    ],
)
def test_what_stands_in_a_paragraph_is_read_as_shown(inside: str, shown: str) -> None:
    assert read(p(inside)).text == f"{shown}\n"


def test_notes_boxes_and_changes() -> None:
    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        + p("Theo Thông báo.") + "</text:note-body></text:note>"
    )  # fmt: skip
    box = f"<draw:frame><draw:text-box>{p('Hộp')}</draw:text-box></draw:frame>"
    changes = (
        "<text:tracked-changes><text:changed-region><text:deletion>" + p("đã bỏ")
        + "</text:deletion></text:changed-region></text:tracked-changes>"
    )  # fmt: skip
    file = read(
        changes + p(f"Một{note} hai{box}.") + "<text:section>" + p("Ba") + "</text:section>"
    )
    assert file.text.splitlines() == ["Một[^1] hai.", "Hộp", "Ba", "[^1]: Theo Thông báo."]
    assert "1 chỗ sửa" in file.warnings[0]
    assert file.extent.footnotes == 1


def test_a_row_keeps_its_columns() -> None:
    def row(*cells: str) -> str:
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    def c(inside: str) -> str:
        return f"<table:table-cell>{inside}</table:table-cell>"

    covered = "<table:covered-table-cell/>"
    body = "<table:table><table:table-header-rows>" + row(
        c(p("STT")), c(p("Việc")), covered, c(p("Hạn"))
    )
    body += "</table:table-header-rows>" + row(
        c(items(p("")  , style="L2")), c(p("Rà") + p("soát")), c(p("b")), c(p("31/12"))
    ) + row(covered, c(p("Nộp")), c(""), c(p("1/1"))) + "</table:table>"  # fmt: skip
    file = read(body)
    assert [cells_of(file, block) for block in file.blocks] == [
        ["STT", "Việc", "", "Hạn"],
        ["1.", "Rà soát", "b", "31/12"],
        ["", "Nộp", "", "1/1"],
    ]


@pytest.mark.parametrize(
    ("body", "others"),
    [
        (p("Họp"), {"styles": f"<style:header>{p('TỐI MẬT')}</style:header>"}),
        (p("Họp"), {"meta": "<office:meta><meta:keyword>tối mật</meta:keyword></office:meta>"}),
        (p("Họp<text:span text:style-name='H'>TỐI MẬT</text:span>"), {}),
        (p(f"Họp<draw:frame><draw:text-box>{p('TỐI MẬT')}</draw:text-box></draw:frame>"), {}),
    ],
)
def test_a_stamp_is_found_wherever_it_stands(body: str, others: dict[str, str]) -> None:
    with pytest.raises(SecretFile, match="Tối mật"):
        check_file(read(body, **others))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (docx(par("x")), "hỏng"),
        (odt(""), "trống"),
        (odt(p("x"), **{"META-INF_manifest": "<m><encryption-data/></m>"}), "mật khẩu"),
        (odt("<table:table><table:table-row><table:table-cell>" * 40 + p("x")
             + "</table:table-cell></table:table-row></table:table>" * 40), "lồng nhau"),
    ],
)  # fmt: skip
def test_what_is_no_document_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said) as caught:
        read_bytes(data, "a.odt")
    assert caught.value.remedy


@pytest.mark.parametrize("kind", ["paragraphs", "items", "lists", "spans", "cells", "notes"])
def test_reading_takes_time_linear_in_the_length(kind: str) -> None:
    note = "<text:note><text:note-body><text:p>n</text:p></text:note-body></text:note>"

    def made(length: int) -> bytes:
        return odt({
            "paragraphs": p("x") * length,
            "items": items(*[p("x")] * length, style="L1"),
            "lists": items(p("x"), style="L1") * length,
            "spans": p("<text:span>x</text:span>" * length),
            "cells": "<table:table><table:table-row>"
            + f"<table:table-cell>{p('x')}</table:table-cell>" * length
            + "</table:table-row><table:table-row/></table:table>",
            "notes": p(f"x{note}" * length),
        }[kind])  # fmt: skip

    files = {length: made(length) for length in (800, 6400)}
    assert_grows_evenly(lambda length: read_bytes(files[length], "a.odt"), 800)
