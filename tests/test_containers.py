"""Archives and messages: the documents in them are read like files of their own."""

from __future__ import annotations

import json
import zipfile
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
from fakes_assistant import NOTICE, OTHER, SECRET
from fakes_cli import Congvu
from fakes_documents import docx, packed, par

from corpus.errors import UnreadableFile
from corpus.readers import containers, find_files, read_bytes, read_members
from corpus.readers.containers import members_of


def message(**fields: str) -> EmailMessage:
    made = EmailMessage()
    for name, value in ({"subject": "Gửi thông báo", "from": "vt@example.vn"} | fields).items():
        made[name] = value
    made.set_content("Kính gửi các sở.\n")
    return made


def test_the_members_of_an_archive_are_those_in_archives_and_messages_in_it() -> None:
    mail = message()
    mail.add_attachment(b"a", maintype="text", subtype="plain", filename="kèm.txt")
    data = packed({
        "tb/một.txt": "x", "trong.zip": packed({"hai.txt": "y"}), "thư.eml": mail.as_bytes(),
        "__MACOSX/._một.txt": "z", ".ẩn.txt": "z", "thư mục/": "",
    })  # fmt: skip
    assert {one.name for one in members_of(data, "a.zip")} == {
        "tb/một.txt", "trong.zip/hai.txt", "thư.eml/noi-dung-thu.txt", "thư.eml/kèm.txt",
    }  # fmt: skip


def test_names_in_utf8_are_read_though_the_archive_does_not_say_so() -> None:
    data = packed({"thông báo.txt": "x"})
    plain = data.replace((0x800).to_bytes(2, "little") + b"\x08\x00", b"\x00\x00\x08\x00")
    assert [one.name for one in members_of(plain, "a.zip")] == ["thông báo.txt"]


def test_a_logo_in_the_text_of_a_message_is_no_scan_and_an_attached_picture_is_one() -> None:
    mail = message(subject="Gửi bản quét")
    mail.set_content("Kính gửi")
    mail.add_attachment(b"scan", maintype="image", subtype="png", filename="quet.png")
    mail.add_attachment(b"logo", maintype="image", subtype="png", filename="logo.png", cid="<a@b>")
    assert [one.name for one in members_of(mail.as_bytes(), "thư.eml")][1:] == ["quet.png"]


def test_a_message_gives_its_words_and_what_is_attached() -> None:
    mail = message(to="so@example.vn")
    mail.add_attachment(docx(par("x")), maintype="application", subtype="msword", filename="a.docx")
    mail.add_attachment(message(subject="Bên trong"))
    body, word, inner = members_of(mail.as_bytes(), "thư.eml")
    text = read_bytes(body.data, "noi-dung-thu.txt").text
    assert "Chủ đề: Gửi thông báo" in text
    assert "Kính gửi các sở." in text
    assert read_bytes(word.data, word.name).text == "x\n"
    assert inner.name == "thu-2.eml/noi-dung-thu.txt"


def test_a_message_that_is_a_page_is_read_as_one() -> None:
    mail = EmailMessage()
    mail["subject"] = "x"
    page = "<meta charset='windows-1258'><p>Kính gửi các sở</p>"
    mail.set_content(page, subtype="html", charset="utf-8")
    [body] = members_of(mail.as_bytes(), "a.eml")
    assert read_bytes(body.data, body.name).text == "Kính gửi các sở\n"


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"PK\x03\x04", "a.zip", "không phải ZIP"),
        (b"chu", "a.eml", "không phải thư"),
        (packed({"x": b"\0" * (30 * 1024 * 1024)}), "a.zip", "tỷ lệ nén"),
        (packed({f"{i}": "" for i in range(2001)}), "a.zip", "quá nhiều tệp"),
    ],
)
def test_what_is_no_container_is_refused(data: bytes, name: str, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said) as caught:
        members_of(data, name)
    assert caught.value.remedy


def test_archives_in_archives_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = packed({"a.txt": "x"})
    for _ in range(5):
        data = packed({"a.zip": data})
    with pytest.raises(UnreadableFile, match="lồng nhau"):
        members_of(data, "a.zip")
    monkeypatch.setattr(containers, "_MOST", 3)
    two = packed({"a.txt": "x", "b.txt": "y"})
    with pytest.raises(UnreadableFile, match="quá nhiều tệp"):
        members_of(packed({"a.zip": two, "b.zip": two}), "a.zip")


def test_a_password_is_told() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    data = bytearray(out.getvalue())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UnreadableFile, match="mật khẩu"):
        members_of(bytes(data), "a.zip")


def test_nothing_readable_in_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(packed({"a.exe": "x"}))
    with pytest.raises(UnreadableFile, match="không chứa văn bản"):
        read_members(tmp_path / "a.zip")
    with pytest.raises(UnreadableFile, match="từng tệp"):
        read_bytes(b"PK", "a.zip")


def test_each_document_of_an_archive_is_taken_in_or_refused(congvu: Congvu, tmp_path: Path) -> None:
    path = tmp_path / "in" / "van-ban.zip"
    path.parent.mkdir()
    path.write_bytes(packed({"a.txt": NOTICE, "mat/b.txt": SECRET, "c.txt": OTHER, "d.exe": "x"}))
    assert find_files([path.parent]) == [path]
    result = congvu("add", path.parent, "--json")
    assert result.code == 2
    told = {Path(str(one["file"])).name: one for one in json.loads(result.out)}
    assert set(told) == {"a.txt", "b.txt", "c.txt"}
    assert told["a.txt"]["number"] == "12/TB-UBND"
    assert "van-ban.zip" in str(told["a.txt"]["file"])
    assert "độ mật" in str(told["b.txt"]["error"])
    assert "13/TB-UBND" in congvu("list").out
