"""Pages that are pictures are recognised, and what is doubtful of them is told."""

from __future__ import annotations

import random
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import machine
import numpy as np
import pytest
from fakes_assistant import open_workspace
from fakes_documents import assert_blocks_hold, cells_of, pdf
from fakes_scans import joined, ocr_tools, packed_as, ruled, sheet, worker
from fakes_time import assert_grows_evenly, ends_within
from PIL import Image

from assistant.runtime.settings import Settings
from corpus.errors import Cancelled, Damaged, SecretFile, UnreadableFile
from corpus.parse.notices import parse_notice
from corpus.readers import SourceFile, check_file, read_bytes, read_file
from corpus.readers.pdf.glyphs import PageContent
from corpus.readers.scan import recognition
from corpus.readers.scan.content import content_of
from corpus.readers.tools import Tools
from corpus.text import fold

Use = Callable[..., None]
FIRST = "Giao Van phong theo doi 125 nhiem vu cua nam 2026."
THIRD = "So Noi vu chu tri, phoi hop voi cac so, nganh lien quan."
SECOND = "Han bao cao la ngay 15/11/2026 theo Cong van 3722/VPCP."
TEXT_PAGE = pdf([(80.0, 780.0 - 20 * i, 13.0, "Trang nay co lop chu " * 3) for i in range(8)])


def read(data: bytes, name: str = "a.png", **tools: int) -> SourceFile:
    file = read_bytes(data, name, tools=ocr_tools(**tools))
    assert_blocks_hold(file)
    return file


# What the seam does, with a script in the place of tesseract


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Use:
    def use(body: str, pages: int = 3) -> None:
        monkeypatch.setattr(recognition, "_WORKER", worker(tmp_path, body, pages))
        monkeypatch.setattr(recognition, "_NEEDED", ())

    return use


def fake_read(**tools: int) -> SourceFile:
    data = packed_as("PNG", sheet())
    return read_bytes(data, "a.png", tools=Tools(Path, **tools))  # type: ignore[arg-type]


def test_figures_of_weak_words_are_told_with_their_place(fake: Use) -> None:
    fake("say('Hạn', '15/11/2026.', 'số', '37a/QĐ.', sure=95.0 if number else 61.0)", pages=2)
    file = fake_read()
    assert file.text == "Hạn 15/11/2026. số 37a/QĐ.\n" * 2
    assert [one.of(file.text) for one in file.unsure] == ["15/11/2026", "37a/QĐ"]
    assert file.unsure[0].end < len(file.text) / 2  # those of the first page
    assert "2 chỗ có số đọc không chắc, cần đối chiếu bản gốc" in file.warnings[0]


def test_a_weak_label_is_a_label_still(fake: Use) -> None:
    fake("say('2.', 'Giao', 'Sở', 'Nội', 'vụ', sure=40.0)", pages=1)
    file = fake_read()
    assert (file.blocks[0].label, file.text) == ("2.", "2. Giao Sở Nội vụ\n")


def test_pages_stay_in_order_whoever_recognised_them(fake: Use) -> None:
    fake("time.sleep(0.2 if number == 0 else 0); say(f'Chu{number}')", pages=6)
    assert fake_read(workers=3).text.split() == [f"Chu{i}" for i in range(6)]


def test_a_process_that_dies_costs_its_page_and_no_other(fake: Use) -> None:
    fake("os._exit(9) if number == 1 else say(f'Chu{number}')", pages=4)
    file = fake_read(workers=2)
    assert file.text.split() == ["Chu0", "Chu2", "Chu3"]
    assert file.warnings[0] == (
        "Trang 2 không đọc được: hỏng hoặc quá lớn; quét lại ở 200–300 dpi rồi thêm lại."
    )


def test_a_page_that_takes_too_long_is_left_out_and_told(
    fake: Use,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recognition, "_PAGE_SECONDS", 1.5)
    fake("time.sleep(60) if number == 0 else say(f'Chu{number}')", pages=2)
    with ends_within(20):
        file = fake_read()
    assert file.text.split() == ["Chu1"]
    assert file.warnings[0] == (
        "Trang 1 không đọc được: mất quá nhiều thời gian; quét lại ở 200–300 dpi rồi thêm lại."
    )


def test_a_file_that_takes_too_long_on_every_page_is_refused(
    fake: Use,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recognition, "_PAGE_SECONDS", 1.0)
    fake("time.sleep(60)", pages=100)
    with ends_within(20), pytest.raises(UnreadableFile, match="1 giây mỗi trang"):
        fake_read()


def test_what_is_no_answer_fails_the_page(fake: Use) -> None:
    fake("print('xyz', flush=True)", pages=1)
    with pytest.raises(UnreadableFile, match="Không nhận dạng được chữ"):
        fake_read()


def test_a_file_of_too_many_pages_is_refused_before_any_is_recognised(fake: Use) -> None:
    fake("time.sleep(60)", pages=500)
    with pytest.raises(UnreadableFile, match=r"500; tối đa 200") as caught:
        fake_read(most_scanned=200)
    assert "scan_pages" in caught.value.remedy


@pytest.mark.parametrize("name", ["a.png", "a.pdf"])
def test_without_the_extra_a_scan_is_refused_with_the_remedy(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognition, "_NEEDED", ("no_such_package",))
    data = packed_as(name[2:].upper(), sheet(FIRST))
    with pytest.raises(UnreadableFile, match="không có lớp chữ") as caught:
        read_bytes(data, name)
    assert "congvu[ocr]" in caught.value.remedy


def test_without_the_model_a_scan_is_refused_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recognition, "_NEEDED", ())
    with pytest.raises(UnreadableFile, match="Chưa có mô hình") as caught:
        read_bytes(packed_as("PNG", sheet(FIRST)), "a.png")
    assert "congvu models pull tesseract-vie" in caught.value.remedy


def test_without_the_extra_the_pages_with_letters_are_read_and_the_others_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recognition, "_NEEDED", ("no_such_package",))
    file = read_bytes(joined(TEXT_PAGE, packed_as("PDF", sheet(FIRST))), "a.pdf")
    assert "Trang nay co lop chu" in file.text
    assert file.warnings[0].startswith("Trang 2 không đọc được: ảnh quét. Cài phần nhận dạng chữ")


@pytest.mark.parametrize(
    ("data", "said"), [(b"", "trống"), (b"abc", "hỏng"), (b"GIF89a" + b"x" * 99, "hỏng")]
)
def test_what_is_no_picture_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said) as caught:
        read_bytes(data, "a.jpg")
    assert caught.value.remedy


def test_who_waits_for_pages_is_told_when_they_are_given_up(fake: Use) -> None:
    fake("open(os.path.dirname(__file__) + '/begun', 'w').close(); time.sleep(60)")
    begun = recognition._WORKER.with_name("begun")

    def give_up() -> None:
        _wait_for(begun)
        recognition.end_running()

    threading.Thread(target=give_up).start()
    with ends_within(20), pytest.raises(Cancelled):
        fake_read(workers=2)


def test_a_program_that_ends_does_not_wait_for_pages(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    script = worker(tmp_path, f"open({str(begun)!r}, 'w').close()\ntime.sleep(60)")
    (tmp_path / "a.png").write_bytes(packed_as("PNG", sheet()))
    program = (
        "import pathlib, threading, time\n"
        "from corpus.readers import read_file\n"
        "from corpus.readers.scan import recognition\n"
        "from corpus.readers.tools import Tools\n"
        f"recognition._NEEDED, recognition._WORKER = (), pathlib.Path({str(script)!r})\n"
        f"given = (pathlib.Path({str(tmp_path / 'a.png')!r}),)\n"
        "tools = {'tools': Tools(pathlib.Path)}\n"
        "threading.Thread(target=read_file, args=given, kwargs=tools, daemon=True).start()\n"
        f"while not pathlib.Path({str(begun)!r}).exists(): time.sleep(0.05)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=40, capture_output=True)


def _wait_for(path: Path) -> None:
    end = time.monotonic() + 20
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.05)


def test_a_damaged_model_refuses_the_file_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged() -> Path:
        raise Damaged("Mô hình hỏng.", "Tải lại.")

    monkeypatch.setattr(recognition, "_NEEDED", ())
    with pytest.raises(UnreadableFile, match="Mô hình hỏng") as caught:
        read_bytes(packed_as("PNG", sheet(FIRST)), "a.png", tools=Tools(damaged))
    assert caught.value.remedy == "Tải lại."


def test_a_faint_stamp_is_no_text_and_still_refuses_the_file(fake: Use) -> None:
    fake("say('Giao', 'Sở', faint=['TỐI MẬT'] if number else [])", pages=2)
    file = fake_read()
    assert "MẬT" not in file.text
    with pytest.raises(SecretFile):
        check_file(file)


def test_a_picture_full_of_lines_costs_what_they_cost() -> None:
    def page(count: int) -> PageContent:
        rules = [(i % 2 == 0, i / 9, 0.0, 20.0) for i in range(count)]
        return content_of({"width": 9e3, "height": 9e3, "words": [], "faint": [], "rules": rules})

    assert_grows_evenly(page, 2_000)
    assert not page(2_000).rules


def test_a_pdf_with_unread_pages_is_not_kept_and_read_again(
    settings: Settings, fake: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = joined(TEXT_PAGE, packed_as("PDF", sheet(FIRST)))
    originals = settings.home / "originals"
    with open_workspace(settings) as workspace:
        with monkeypatch.context() as patch:
            patch.setattr(recognition, "_NEEDED", ("no_such_package",))
            first = workspace.add_upload("a.pdf", data)
        assert first.added is not None and first.warnings
        assert not originals.exists() or not list(originals.iterdir())
        fake("say('Sở', 'Nội', 'vụ', 'báo', 'cáo')", pages=2)
        workspace.tools = Tools(Path)
        again = workspace.add_upload("a.pdf", data).added
        assert again is not None
        assert "Nội vụ báo cáo" in workspace.library.source(again.notice_id)
        assert workspace.library.origins.original(again.notice_id) == data
        same = workspace.add_upload("a.pdf", data)
        assert not same.changed


# What tesseract makes of pages


@pytest.mark.ocr
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "PDF"])
def test_pictures_of_each_format_are_read(kind: str) -> None:
    file = read(packed_as(kind, sheet(FIRST, SECOND)), f"a.{kind.lower()}")
    assert "125 nhiem vu" in fold(file.text) and "15/11/2026" in file.text
    assert file.pages == 1


@pytest.mark.ocr
@pytest.mark.parametrize("kind", ["TIFF", "PDF"])
def test_all_pages_of_a_file_are_read(kind: str) -> None:
    file = read(packed_as(kind, sheet(FIRST), sheet(SECOND)), f"a.{kind.lower()}", workers=2)
    assert file.pages == 2
    assert [block.anchor.page for block in file.blocks] == [1, 2]
    assert file.text.index("125") < file.text.index("3722")


@pytest.mark.ocr
def test_scanned_pages_stand_between_those_with_letters() -> None:
    scan = packed_as("PDF", sheet(FIRST))
    file = read(joined(TEXT_PAGE, scan, TEXT_PAGE), "a.pdf")
    at = file.text.index("125")
    assert file.text.index("Trang nay") < at < file.text.rindex("Trang nay")
    assert any(one.startswith("Trang 2 là ảnh quét") for one in file.warnings)


@pytest.mark.ocr
@pytest.mark.parametrize("turn", [2.0, -2.5, 90, 180, 270])
def test_skewed_sideways_and_noisy_pages_are_read(turn: float) -> None:
    page = sheet(*[FIRST, SECOND, THIRD] * 7).rotate(turn, expand=turn % 90 == 0, fillcolor=255)
    dots = np.array(page)
    chance = np.random.default_rng(1)
    dots[chance.random(dots.shape) < 0.002] = 0
    dots = np.clip(dots + chance.normal(0, 12, dots.shape), 0, 255).astype(np.uint8)
    file = read(packed_as("JPEG", Image.fromarray(dots)), "a.jpg")
    assert file.text.count("15/11/2026") >= 6
    assert fold(file.text).count("nhiem vu") >= 5


@pytest.mark.ocr
def test_a_ruled_table_keeps_its_cells() -> None:
    rows = [
        ["STT", "Nhiem vu", "Co quan", "Thoi han"],
        ["1", "Lap kho du lieu", "So Noi vu", "31/12/2026"],
        ["2", "Bao cao ket qua", "Van phong", "15/11/2026"],
    ]
    file = read(packed_as("PNG", ruled(rows, [140, 460, 340, 320])))
    found = [cells_of(file, block) for block in file.blocks if block.table]
    assert [[fold(one) for one in row] for row in found] == [
        [fold(one) for one in row] for row in rows
    ]
    assert file.extent.tables == 1


def bomb(wide: int, tall: int) -> bytes:
    """A small PNG that says it is huge."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", wide, tall, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0" * 5_000_000))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


@pytest.mark.ocr
def test_a_picture_that_would_unpack_to_gigabytes_is_refused_at_once() -> None:
    with ends_within(10), pytest.raises(UnreadableFile, match="quá lớn"):
        read(bomb(60_000, 60_000))


@pytest.mark.ocr
def test_damaged_pictures_are_refused_or_read_and_never_more() -> None:
    whole = packed_as("PNG", sheet(FIRST))
    chance = random.Random(3)
    for _ in range(6):
        at = chance.randrange(8, len(whole))
        data = whole[:at] if chance.random() < 0.5 else whole[:at] + b"\xff" * 9 + whole[at + 9 :]
        try:
            read(data)
        except UnreadableFile as error:
            assert error.remedy


@pytest.mark.ocr
def test_a_picture_without_letters_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="không có chữ nào"):
        read(packed_as("PNG", sheet()))


@pytest.mark.ocr
@pytest.mark.shared
def test_a_scanned_letter_gives_its_header_and_its_task() -> None:
    [path] = machine.DOCUMENTS.glob("04-*.pdf")
    file = read_file(path, tools=ocr_tools())
    notice = parse_notice(file.text, file.file_name)
    assert notice.header.number == "3722/VPCP-CN"
    assert any(one.startswith("Hà Nội, ngày 28 tháng 4 năm 2026") for one in file.text.splitlines())
    assert "trước ngày 10 tháng 5 năm 2026" in file.text
