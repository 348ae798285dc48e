"""Office files that are damaged or made to do harm end in a message, soon, and touch nothing."""

from __future__ import annotations

import struct
import tracemalloc
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from fakes_documents import a_list, docx, docx_parts, packed, par, run, table
from fakes_time import assert_grows_evenly

from corpus.errors import UnreadableFile
from corpus.readers import read_bytes
from corpus.readers.office import package

GOOD = docx(par("Thông báo."))


def refused(data: bytes, name: str = "a.docx") -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_bytes(data, name)
    assert caught.value.remedy
    return caught.value.message


def with_part(name: str, content: str | bytes) -> bytes:
    return packed({**docx_parts(par("Thông báo.")), name: content})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "mật khẩu"),
        (b"%PDF-1.7\n", "hỏng"),
        ("Chỉ là chữ.".encode(), "hỏng"),
        (GOOD[: len(GOOD) // 2], "hỏng"),
        (packed({"a.txt": "x"}), "hỏng"),
        (with_part("word/document.xml", "<w:document"), "hỏng"),
        (with_part("word/document.xml", b"\xff\xfe\x00"), "hỏng"),
        (with_part("word/document.xml", "<workbook/>"), "không phải tệp Word"),
        (with_part("word/document.xml", "<a>" * 3000 + "</a>" * 3000), "hỏng"),
        (docx(par("x"), styles="<w:style"), "hỏng"),
    ],
    ids=["encrypted", "pdf", "text", "cut", "zip", "no xml", "binary", "other", "deep", "styles"],
)
def test_what_is_no_word_file_is_refused(data: bytes, said: str) -> None:
    assert said in refused(data)


def test_a_part_whose_bytes_were_changed_is_noticed() -> None:
    data = bytearray(packed({**docx_parts(par("x" * 500))}))
    at = data.index(b"word/document.xml") + len("word/document.xml") + 20
    data[at] ^= 0xFF
    assert "hỏng" in refused(bytes(data))


def test_a_zip_with_a_password_is_told() -> None:
    data = bytearray(GOOD)
    at = data.index(b"PK\x01\x02")
    while at >= 0:
        flags = struct.unpack_from("<H", data, at + 8)[0]
        struct.pack_into("<H", data, at + 8, flags | 1)
        at = data.find(b"PK\x01\x02", at + 1)
    assert "mật khẩu" in refused(bytes(data))


def test_two_parts_of_one_name_are_no_document() -> None:
    out = BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("WORD/document.xml", "<x/>")
    assert "trùng tên" in refused(out.getvalue())


def test_bombs_are_refused_before_they_are_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = with_part("word/media/x", b"\0" * (30 * 1024 * 1024))
    assert len(bomb) < 100_000
    tracemalloc.start()
    assert "bung ra" in refused(bomb)
    assert tracemalloc.get_traced_memory()[1] < 2 * 1024 * 1024
    tracemalloc.stop()
    many = packed({f"{i}": "" for i in range(package.MAX_ENTRIES + 1)})
    assert "quá nhiều phần" in refused(many)
    monkeypatch.setattr(package, "MAX_PART_BYTES", 100)
    assert "bung ra" in refused(GOOD)
    monkeypatch.setattr(package, "MAX_UNPACKED_BYTES", 100)
    assert "bung ra" in refused(GOOD)


def test_tables_nested_without_end_are_refused() -> None:
    nested = par("x")
    for _ in range(60):
        nested = f"<w:tbl><w:tr><w:tc>{nested}</w:tc></w:tr></w:tbl>"
    assert "lồng nhau" in refused(docx(nested))


@pytest.mark.parametrize("wrapper", ["sdt", "ins", "smartTag"])
def test_wrappers_nested_to_the_limit_are_read(wrapper: str) -> None:
    inside = run("Sâu")
    for _ in range(200):
        inside = f"<w:{wrapper}>{inside}</w:{wrapper}>"
    assert read_bytes(docx(par("x", inside)), "a.docx").text == "xSâu\n"


ENTITY = """<?xml version="1.0"?><!DOCTYPE d [{}]><w:document xmlns:w=
"http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{}</w:t></w:r>
</w:p></w:body></w:document>"""


def test_no_entity_is_expanded_and_no_file_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("KHÔNG ĐƯỢC ĐỌC")
    outside = ENTITY.format(f'<!ENTITY x SYSTEM "{secret.as_uri()}">', "&x;")
    assert "DTD" in refused(with_part("word/document.xml", outside))
    laughs = "".join(f'<!ENTITY a{i + 1} "{f"&a{i};" * 10}">' for i in range(9))
    billion = ENTITY.format('<!ENTITY a0 "ha">' + laughs, "&a9;")
    assert "hỏng" in refused(with_part("word/document.xml", billion))


def test_what_lies_outside_is_never_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_connection(*_: object) -> None:
        raise AssertionError("a link was followed")

    monkeypatch.setattr("socket.socket.connect", no_connection)
    monkeypatch.setattr("socket.getaddrinfo", no_connection)
    parts = docx_parts(par("Thông báo."), footnotes="")
    relations = str(parts["word/_rels/document.xml.rels"])
    parts["word/_rels/document.xml.rels"] = relations.replace(
        'Target="footnotes.xml"', 'Target="http://example.invalid/x" TargetMode="External"'
    )
    assert read_bytes(packed(parts), "a.docx").text == "Thông báo.\n"
    parts["word/_rels/document.xml.rels"] = relations.replace(
        "footnotes.xml", "../../../../etc/passwd"
    )
    assert read_bytes(packed(parts), "a.docx").text == "Thông báo.\n"


@pytest.mark.parametrize(
    "style",
    [
        '<w:style w:styleId="A"><w:basedOn w:val="A"/></w:style>',
        '<w:style w:styleId="A"><w:basedOn w:val="B"/></w:style>'
        '<w:style w:styleId="B"><w:basedOn w:val="A"/></w:style>',
    ],
)
def test_styles_in_a_circle_end(style: str) -> None:
    body = par("x", properties='<w:pStyle w:val="A"/>')
    assert read_bytes(docx(body, styles=style), "a.docx").text == "x\n"


@pytest.mark.parametrize("figure", ["-1", "99999999999999999999", "x", ""])
def test_odd_figures_do_no_harm(figure: str) -> None:
    numbering = a_list(1, "decimal|%1.").replace('w:start w:val="1"', f'w:start w:val="{figure}"')
    body = par("a", numbered=(1, 0)) + par("b").replace(
        "<w:pPr>", f'<w:pPr><w:numPr><w:ilvl w:val="{figure}"/><w:numId w:val="1"/></w:numPr>'
    )
    rows = table(["a", "b", "c", "d"], ["e", "f", "g", "h"]).replace(
        "<w:tc>", f'<w:tc><w:tcPr><w:gridSpan w:val="{figure}"/></w:tcPr>'
    )
    assert "a" in read_bytes(docx(body + rows, numbering=numbering), "a.docx").text


def test_a_list_that_links_to_itself_ends() -> None:
    styles = (
        '<w:style w:type="numbering" w:styleId="K"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
        "</w:pPr></w:style>"
    )
    linked = (
        '<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="K"/></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    )
    data = docx(par("x", numbered=(1, 0)), styles=styles, numbering=linked)
    assert read_bytes(data, "a.docx").text == "x\n"


@pytest.mark.parametrize(
    "kind", ["paragraphs", "runs", "rows", "cells", "boxes", "notes", "wrappers", "deleted"]
)
def test_reading_takes_time_linear_in_the_length(kind: str) -> None:
    def one(i: int) -> str:
        return {
            "paragraphs": par("Chữ", numbered=(1, i % 9)),
            "runs": run("chữ "),
            "rows": f"<w:tr><w:tc>{par('a')}</w:tc><w:tc>{par('b')}</w:tc></w:tr>",
            "cells": f"<w:tc>{par('a')}</w:tc>",
            "boxes": f"<w:r><w:drawing><w:txbxContent>{par('a')}</w:txbxContent></w:drawing></w:r>",
            "notes": f'<w:r><w:t>a</w:t><w:footnoteReference w:id="{i}"/></w:r>',
            "wrappers": f"<w:ins>{run('a')}</w:ins>",
            "deleted": par("a", properties="<w:rPr><w:del/></w:rPr>"),
        }[kind]

    def body(length: int) -> str:
        inside = "".join(map(one, range(length)))
        if kind in ("runs", "boxes", "notes", "wrappers"):
            return par(inside)
        if kind == "cells":
            return f"<w:tbl><w:tr><w:tc>{par('x')}</w:tc></w:tr><w:tr>{inside}</w:tr></w:tbl>"
        return f"<w:tbl>{inside}</w:tbl>" if kind == "rows" else inside

    notes = "".join(f'<w:footnote w:id="{i}">{par("n")}</w:footnote>' for i in range(8 * 400))
    numbering = a_list(1, *("decimal|%1." for _ in range(9)))
    made = {
        length: docx(body(length), footnotes=notes, numbering=numbering)
        for length in (400, 8 * 400)
    }
    assert_grows_evenly(lambda length: read_bytes(made[length], "a.docx"), 400)
