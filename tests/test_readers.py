"""Files become text, or are refused with a reason and a remedy."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import machine
import pytest
from fakes_time import assert_grows_evenly, seconds
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import BadInput, SecretFile, UnreadableFile
from corpus.readers import check_secrecy, find_files, read_bytes, read_file, reader_for
from corpus.readers.base import MAX_LINES
from corpus.readers.files import explain
from corpus.readers.legacy import guess_encoding
from corpus.readers.secrecy import find_stamp

TEXT = "Số 12-TB/BCĐ\r\n\r\nSở Nội vụ tỉnh Lam Sơn báo cáo.\rHết.\n"


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8"),
        b"\xef\xbb\xbf" + TEXT.encode("utf-8"),
        b"\xff\xfe" + TEXT.encode("utf-16-le"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16 little", "utf-16 big"],
)
def test_text_is_read_as_given_in_every_unicode_encoding(tmp_path: Path, data: bytes) -> None:
    file = read_file(write(tmp_path, "a.txt", data))
    assert file.text == TEXT
    assert file.file_name == "a.txt"
    assert file.size == len(data)


def test_markdown_and_upper_case_endings_are_read(tmp_path: Path) -> None:
    assert read_file(write(tmp_path, "A.MD", b"# Ch")).text == "# Ch"


VISIBLE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1)


@given(VISIBLE.map(lambda text: f"x{text}"), st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]))
def test_no_character_is_lost_or_changed(text: str, encoding: str) -> None:
    mark = "" if encoding == "utf-8" else "\ufeff"
    assert read_bytes((mark + text).encode(encoding), "a.txt").text == text


def test_a_line_of_a_million_characters_is_read(tmp_path: Path) -> None:
    line = "công vụ " * 125_000
    assert read_file(write(tmp_path, "a.txt", line.encode())).text == line


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", "\u200b\n".encode()])
def test_an_empty_file_is_said_to_be_empty(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match="trống") as caught:
        read_bytes(data, "a.txt")
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"abc\x00def", "nhị phân"),
        (b"abc\x01\x02\x03", "nhị phân"),
        ("không có dấu BOM".encode("utf-16-le"), "nhị phân"),
        (b"\xff\xfe" + "a\x00b".encode("utf-16-le"), "nhị phân"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"PK\x03\x04\x14\x00", "Word"),
    ],
)
def test_binary_is_refused_by_name(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said) as caught:
        read_bytes(data, "a.txt")
    assert "UTF-8" in caught.value.remedy


def test_a_stray_control_character_is_no_binary() -> None:
    text = "Sở Nội vụ báo cáo.\x0c" * 20 + "\x02"
    assert read_bytes(text.encode(), "a.txt").text == text


def test_wrong_encoding_says_the_byte_and_the_line() -> None:
    with pytest.raises(UnreadableFile, match="byte thứ 8, dòng 3") as caught:
        read_bytes(b"ab\r\nc\rd\xe9 ", "a.txt")
    assert "Word" in caught.value.remedy


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"C\xb8c s\xeb \xae\xad\xeec giao vi\xd6c", "TCVN3"),
        (b"Ca\xf9c so\xe2\xfb kho\xe2ng \xf1\xf6\xf4\xefc", "VNI"),
        (b"C\xe1c s\xf5\xd2 kh\xf4ng \xf0\xfd\xf5\xf2c", "windows-1258"),
    ],
)
def test_the_old_encoding_is_guessed_in_the_remedy(data: bytes, encoding: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_bytes(data, "a.txt")
    assert encoding in caught.value.remedy


def test_no_encoding_is_guessed_from_nothing() -> None:
    assert guess_encoding(b"\xe9\xe8") is None


def test_half_a_utf16_character_is_told() -> None:
    with pytest.raises(UnreadableFile, match="UTF-16"):
        read_bytes(b"\xff\xfe" + "ab".encode("utf-16-le") + b"x", "a.txt")


def test_too_large_a_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)  # a hole: reading it would say “binary”
    with pytest.raises(UnreadableFile, match=r"quá lớn \(50 MB; tối đa 20 MB\)"):
        read_file(path)


def test_the_size_limit_is_inclusive(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", b"12345")
    assert read_file(path, max_bytes=5).size == 5
    with pytest.raises(UnreadableFile, match="quá lớn"):
        read_file(path, max_bytes=4)


def test_a_file_of_too_many_lines_is_refused_and_blank_ones_do_not_count() -> None:
    assert read_bytes(("a\r\n \n" * MAX_LINES).encode(), "a.txt").size == 5 * MAX_LINES
    with pytest.raises(UnreadableFile, match=r"\(50\.001; tối đa 50\.000\)") as refused:
        read_bytes(b"a\n" * (MAX_LINES + 1), "a.txt")
    assert "Tách văn bản" in refused.value.remedy


def test_marks_heaped_on_one_letter_are_refused() -> None:
    assert read_bytes(("a" + "\u0301\u0323" * 15).encode(), "a.txt").size == 61
    with pytest.raises(UnreadableFile, match="hơn 30 dấu"):
        read_bytes(("a" + "\u0301\u0323" * 16).encode(), "a.txt")


def test_an_unknown_ending_names_the_known_ones() -> None:
    with pytest.raises(UnreadableFile, match=r"\.exe") as caught:
        reader_for("a.exe")
    assert ".txt, .md" in caught.value.remedy
    with pytest.raises(UnreadableFile, match="không có đuôi"):
        reader_for("README")


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    cases = {"folder.txt": "thư mục", "loop.txt": "liên kết vòng", "none.txt": "Không tìm thấy"}
    for name, said in cases.items():
        with pytest.raises(UnreadableFile, match=said) as caught:
            read_file(tmp_path / name)
        assert caught.value.remedy
    with pytest.raises(UnreadableFile, match="không hợp lệ"):
        read_file(Path("a\x00.txt"))
    with pytest.raises(UnreadableFile, match="quá dài"):
        read_file(tmp_path / ("a" * 300 + ".txt"))


def test_special_files_do_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "device.txt").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "socket.txt"))
        for name in ("pipe.txt", "device.txt", "socket.txt"):
            with pytest.raises(UnreadableFile, match="không phải tệp thường"):
                read_file(tmp_path / name)


def test_no_permission_is_told(tmp_path: Path) -> None:
    told = explain(PermissionError(errno.EACCES, "Permission denied"), "a.txt")
    assert "quyền" in told.message
    assert told.remedy
    if os.geteuid() != 0:  # root may read everything
        path = write(tmp_path, "a.txt", b"x")
        path.chmod(0)
        with pytest.raises(UnreadableFile, match="quyền"):
            read_file(path)


def test_an_unforeseen_fault_keeps_the_system_s_words() -> None:
    assert "đĩa {0}" in explain(OSError(errno.EIO, "đĩa {0}"), "{a}.txt").message


def test_a_name_that_is_not_utf8_can_be_stored(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff.txt"))
    path.write_bytes(b"x")
    assert read_file(path).file_name.encode() == "a\ufffd.txt".encode()


def test_folders_are_walked_in_order_without_hidden_files_and_links(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    inside = tmp_path / "inside"
    (inside / "b").mkdir(parents=True)
    (inside / ".git").mkdir()
    outside.mkdir()
    for path in ("outside/x.txt", "inside/b/2.md", "inside/1.txt", "inside/.hidden.txt"):
        (tmp_path / path).write_text("x")
    (inside / ".git" / "y.txt").write_text("x")
    (inside / "3.exe").write_text("x")
    (inside / "link.txt").symlink_to(outside / "x.txt")
    (inside / "link").symlink_to(outside)
    os.mkfifo(inside / "pipe.txt")
    assert find_files([inside]) == [inside / "1.txt", inside / "b" / "2.md"]
    assert find_files([inside / "b", inside]) == [inside / "b" / "2.md", inside / "1.txt"]


def test_a_named_file_is_taken_whatever_its_ending(tmp_path: Path) -> None:
    path = write(tmp_path, "a.exe", b"x")
    assert find_files([path, path]) == [path]


def test_a_folder_without_notices_is_named(tmp_path: Path) -> None:
    write(tmp_path, "a.exe", b"x")
    with pytest.raises(BadInput, match=tmp_path.name) as caught:
        find_files([tmp_path])
    assert ".txt" in caught.value.remedy
    with pytest.raises(UnreadableFile, match="Không tìm thấy"):
        find_files([tmp_path / "none"])


BODY = "\n".join(f"{n}. Sở Nội vụ thực hiện nhiệm vụ thứ {n}." for n in range(1, 60))


@pytest.mark.parametrize(
    ("line", "degree"),
    [
        ("MẬT", "Mật"),
        ("  TỐI MẬT  ", "Tối mật"),
        ("Tuyệt mật", "Tuyệt mật"),
        ("(MẬT)", "Mật"),
        ("[ Tối mật ]", "Tối mật"),
        ("***TUYỆT MẬT***", "Tuyệt mật"),
        ("## MẬT", "Mật"),
        ("<b>MẬT</b>", "Mật"),
        ("<!-- MẬT -->", "Mật"),
        ("&nbsp;TỐI MẬT", "Tối mật"),
        ("classification: Tuyệt mật", "Tuyệt mật"),
        ("x-secrecy: TOI MAT", "Tối mật"),
        ("Phân loại: MẬT – KHẨN", "Mật"),
        ("M Ậ T", "Mật"),
        ("МẬТ", "Mật"),  # Cyrillic М, Т
        ("TỐI МАТ", "Tối mật"),  # Cyrillic МАТ
        ("М Ậ Т", "Mật"),
        ("M\u1ea0\u0302T", "Mật"),
        ("MA\u0302\u0323T", "Mật"),
        ("TO\u0302\u0301I MA\u0323\u0302T", "Tối mật"),
        ("TOI MAT", "Tối mật"),
        ("M\u200bẬT", "Mật"),
        ("Độ mật: Mật", "Mật"),
        ("Mức độ mật : TỐI MẬT", "Tối mật"),
        ("**Độ mật:** Tuyệt mật", "Tuyệt mật"),
        ("do_mat: Toi mat", "Tối mật"),
        ("| Độ mật | Mật |", "Mật"),
        ("Độ khẩn: Thường; Độ mật: Mật; Số: 3", "Mật"),
        ("MẬT - HỎA TỐC", "Mật"),
        ("TÀI LIỆU TỐI MẬT", "Tối mật"),
        ("MẬT\tLam Sơn, ngày 3 tháng 4 năm 2031", "Mật"),
        ("UBND TỈNH LAM SƠN      TỐI MẬT", "Tối mật"),
    ],
)
def test_a_stamp_is_found_in_the_head_and_in_the_tail(line: str, degree: str) -> None:
    for text, place in ((f"UBND TỈNH\n{line}\n{BODY}", 2), (f"{BODY}\n{line}\nHết\n", 60)):
        stamp = find_stamp(text)
        assert stamp is not None
        assert (stamp.degree, stamp.line) == (degree, place)
        with pytest.raises(SecretFile, match=f"{degree}.*dòng {place}") as caught:
            check_secrecy(text)
        assert caught.value.remedy


@pytest.mark.parametrize(
    "line",
    [
        "Rà soát hạ tầng cho môi trường Mật, Tối Mật của các sở",
        "Luật Bảo vệ bí mật nhà nước",
        "BẢO MẬT",
        "Độ mật: Không",
        "Độ mật: Mật độ dân số",
        "Mật độ dân số",
        "Mặt",
        "MẤT",
        "Tối mắt",
        "mật",  # the end of a wrapped sentence
        "- Mật",
        "1. Tối mật",
        "Mật, Tối mật, Tuyệt mật",
        "HỎA TỐC",
        "Số liệu | mật độ | Mật",
    ],
)
def test_the_word_in_running_text_is_no_stamp(line: str) -> None:
    assert find_stamp(f"UBND TỈNH\n{line}\n{BODY}\n{line}\nHết") is None


def test_a_lower_case_word_alone_between_blank_lines_is_a_stamp() -> None:
    assert find_stamp(f"UBND TỈNH\n\nmật\n\n{BODY}") is not None


def test_a_stamp_word_in_the_middle_of_a_long_text_is_none() -> None:
    assert find_stamp(f"{BODY}\nMẬT\n{BODY}") is None


HEADER = "UBND TỈNH LAM SƠN\nSố: 12/TB-UBND\nTHÔNG BÁO\nVề việc phân công nhiệm vụ"
SIGNED = "Nơi nhận:\n- Các sở;\n- Lưu: VT.\nCHỦ TỊCH\nNguyễn Văn An"


@pytest.mark.parametrize(
    "annex",
    [
        "PHỤ LỤC I\n(Kèm theo Thông báo số 12/TB-UBND)\nTỐI MẬT\n{body}",
        "TỐI MẬT\nPHỤ LỤC I\n{body}",
        "PHỤ LỤC I\nDANH MỤC NHIỆM VỤ\n{body}\nTỐI MẬT\nPHỤ LỤC II\n{body}",
        "PHỤ LỤC I\n{body}\nPHỤ LỤC II\nTỐI MẬT\n{body}",
        "KẾ HOẠCH\n(Kèm theo Thông báo số 12/TB-UBND)\n{body}\nTỐI MẬT\nMẪU SỐ 2",
        "BIỂU SỐ 1\nTỐI MẬT\n{body}",
        "Tài liệu kèm theo\nTỐI MẬT\n{body}",
        "SỞ NỘI VỤ      CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nTỐI MẬT\n{body}",
        "ĐẢNG CỘNG SẢN VIỆT NAM\nTỐI MẬT\n{body}",
        "Độc lập – Tự do – Hạnh phúc\nTỐI MẬT\n{body}",
        "Một tờ không có tên\nTỐI MẬT\n{body}",
    ],
)
def test_a_stamp_on_what_is_attached_is_found(annex: str) -> None:
    text = f"{HEADER}\n{BODY}\n{SIGNED}\n{annex.format(body=BODY)}\n{BODY}"
    stamp = find_stamp(text)
    assert stamp is not None
    assert (stamp.degree, stamp.line) == ("Tối mật", text.split("\n").index("TỐI MẬT") + 1)
    assert find_stamp(text.replace("TỐI MẬT", "Phần tài liệu mật do Sở Công an giữ.")) is None


@pytest.mark.parametrize(
    "page_break", ["\f", "\f\n", "\n\f", "-----\n", "Trang 2/9\n", "- Trang 2 -\n"]
)
@pytest.mark.parametrize("page", ["MẬT\n{body}", "Một dòng\nMẬT\n{body}"])
def test_a_stamp_at_the_edge_of_a_page_is_found(page_break: str, page: str) -> None:
    assert find_stamp(f"{BODY}\n{page_break}{page.format(body=BODY)}") is not None
    assert find_stamp(f"{BODY}\nMẬT\n{page_break}{BODY}") is not None


@pytest.mark.parametrize(
    "clause",
    [
        "5. Tài liệu mật gửi qua đường văn thư.",
        "Bảo vệ bí mật nhà nước độ Tuyệt mật",
        "Văn bản có độ mật: theo quy định của Luật",
        "Danh mục bí mật nhà nước",
        "Các độ mật gồm: Tuyệt mật, Tối mật, Mật.",
        "- Tuyệt mật",
        "a) Mật",
        "tuyệt mật",  # the end of a wrapped sentence
    ],
)
def test_an_annex_may_speak_of_secrets(clause: str) -> None:
    annex = f"PHỤ LỤC I\nDANH MỤC NHIỆM VỤ\n{clause}\n{BODY}\n{clause}"
    assert find_stamp(f"{HEADER}\n{BODY}\n{SIGNED}\n{annex}\n\fPHỤ LỤC II\n{clause}\nHết") is None


@pytest.mark.shared
def test_no_real_document_is_taken_for_a_secret() -> None:
    files = [
        path
        for folder in (machine.NOTICES, machine.DOCUMENTS)
        for path in folder.rglob("*")
        if path.suffix in {".txt", ".md"} and not path.name.endswith(".raw.txt")
    ]
    assert len(files) > 150
    assert [path.name for path in files if find_stamp(path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    "line",
    [
        "Mật độ " * 50,
        "PHỤ LỤC I\nx",
        "a",
        "---",
        "do " + "-" * 296,
        "do mat" + " " * 290 + "x",
        "Nơi nhận:\nGIÁM ĐỐC\nNguyễn Văn An",
        "\ufdfa" * 290,
    ],
)
def test_a_hostile_text_takes_time_linear_in_its_length(line: str) -> None:
    def look(characters: int) -> None:
        assert find_stamp(f"{line}\n" * (characters // len(line)) + "MẬT") is not None

    assert_grows_evenly(look, 4_000)


def test_a_long_line_does_not_slow_the_check() -> None:
    assert seconds(lambda: check_secrecy("Mật độ " * 200_000)) < 1


def test_a_pipe_put_in_place_is_noticed_in_time(tmp_path: Path) -> None:
    """The whole command line path: a FIFO must end in a message, within seconds."""
    os.mkfifo(tmp_path / "pipe.txt")
    code = (
        "import sys; from pathlib import Path; from corpus.readers import read_file\n"
        "read_file(Path(sys.argv[1]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "pipe.txt")],
        capture_output=True,
        timeout=20,
        check=False,
    )
    assert b"UnreadableFile" in done.stderr
