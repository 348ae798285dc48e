"""Old Word files go through LibreOffice, in a process that can't harm, hang or phone."""

from __future__ import annotations

import errno
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import machine
import pytest
from disk_watch import written
from fakes_documents import docx, par, run
from fakes_time import ends_within
from lxml import etree

from corpus.errors import UnreadableFile
from corpus.readers import SourceFile, read_bytes, read_file
from corpus.readers.office import converted
from corpus.readers.tools import Tools
from eval.character_errors import character_error_rate

OOR = "{http://openoffice.org/2001/registry}"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def program(folder: Path, body: str) -> Tools:
    """A script in the place of LibreOffice; it sees ``source`` and ``out``, paths."""
    path = folder / "soffice"
    path.write_text(
        f"#!{sys.executable}\nimport os, pathlib, subprocess, sys, time\n"
        "source = pathlib.Path(sys.argv[-1])\n"
        "out = pathlib.Path(sys.argv[sys.argv.index('--outdir') + 1])\n"
        "out.mkdir()\n" + body
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return Tools(office=path)


def giving(folder: Path, data: bytes, more: str = "") -> Tools:
    (folder / "given").write_bytes(data)
    copied = f"(out / 'in.docx').write_bytes(pathlib.Path({str(folder / 'given')!r}).read_bytes())"
    return program(folder, f"{more}\n{copied}\n")


def read(tools: Tools, data: bytes = OLD) -> SourceFile:
    return read_bytes(data, "công văn.doc", tools=tools)


def test_what_the_program_makes_is_read_by_our_reader(tmp_path: Path) -> None:
    file = read(giving(tmp_path, docx(par(run("Hạn là 15/11/2026.")))))
    assert (file.text, file.file_name) == ("Hạn là 15/11/2026.\n", "công văn.doc")


def test_the_program_gets_a_profile_of_its_own_and_nothing_stays_behind(tmp_path: Path) -> None:
    note, settings = tmp_path / "note", tmp_path / "settings.xcu"
    spy = (
        f"pathlib.Path({str(note)!r}).write_text('\\n'.join([*sys.argv, os.environ['HOME'],"
        " str(source.read_bytes()[:4])]));"
        f"pathlib.Path({str(settings)!r}).write_bytes(next(pathlib.Path(os.environ['HOME'])"
        ".rglob('registrymodifications.xcu')).read_bytes())"
    )
    read(giving(tmp_path, docx(par(run("Chữ"))), spy))
    told = note.read_text()
    assert "--headless" in told and "-env:UserInstallation=file://" in told
    assert "công văn" not in told  # a name could look like an option
    home = told.split("\n")[-2]
    assert home != str(Path.home()) and not Path(home).exists()
    profile = etree.fromstring(settings.read_bytes())
    values = {one.get(f"{OOR}name"): one.findtext("value") for one in profile.iter("prop")}
    assert values["DisableMacrosExecution"] == values["BlockUntrustedRefererLinks"] == "true"
    assert (values["MacroSecurityLevel"], values["Link"]) == ("3", "0")  # very high; never
    proxy = [values[f"ooInet{name}"] for name in ("ProxyType", "HTTPProxyName", "HTTPProxyPort")]
    assert proxy == ["2", "127.0.0.1", "9"]


@pytest.mark.parametrize(
    "body", ["sys.exit(1)", "os.abort()", "(out / 'in.docx').write_bytes(b'')"]
)
def test_a_crash_or_an_empty_result_is_refused_with_a_remedy(tmp_path: Path, body: str) -> None:
    with pytest.raises(UnreadableFile, match="không đổi được") as caught:
        read(program(tmp_path, body))
    assert ".docx" in caught.value.remedy


def test_what_is_no_word_document_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        read(giving(tmp_path, b"PK\x03\x04 and nothing"))


def test_a_program_that_hangs_is_killed_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(converted, "_SECONDS", 1.0)
    alive = tmp_path / "alive"
    child = (
        f"import time, pathlib\nwhile True: pathlib.Path({str(alive)!r}).touch(); time.sleep(0.1)"
    )
    with ends_within(10), pytest.raises(UnreadableFile, match="quá 1 giây"):
        read(
            program(
                tmp_path, f"subprocess.Popen([sys.executable, '-c', {child!r}])\ntime.sleep(60)"
            )
        )
    seen = alive.stat().st_mtime
    time.sleep(0.6)
    assert alive.stat().st_mtime == seen


def test_without_a_place_in_memory_it_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(converted, "_IN_MEMORY", tmp_path / "none")
    with written() as paths, pytest.raises(UnreadableFile, match="không được ghi ra đĩa") as caught:
        read(Tools(office=Path(sys.executable)))
    assert not paths
    assert str(tmp_path / "none") in caught.value.remedy


def test_a_program_that_does_not_start_and_a_full_memory_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "soffice"
    broken.write_text("#!/nowhere/python\n")
    broken.chmod(0o700)
    with pytest.raises(UnreadableFile) as caught:
        read(Tools(office=broken))
    assert caught.value.remedy

    def full(*given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UnreadableFile, match="No space"):
        read(Tools(office=broken))


def test_a_program_that_ends_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    note, alive = tmp_path / "note", tmp_path / "alive"
    tools = program(
        tmp_path,
        f"pathlib.Path({str(note)!r}).write_text(str(source.parent))\n"
        f"while True: pathlib.Path({str(alive)!r}).touch(); time.sleep(0.1)",
    )
    script = (
        "import pathlib, sys, threading, time\n"
        "from corpus.readers import read_bytes\n"
        "from corpus.readers.tools import Tools\n"
        f"tools = Tools(office=pathlib.Path({str(tools.office)!r}))\n"
        f"given = ({OLD!r}, 'a.doc')\n"
        "threading.Thread(target=read_bytes, args=given, kwargs={'tools': tools}, daemon=True)"
        ".start()\n"
        f"while not pathlib.Path({str(note)!r}).exists(): time.sleep(0.05)\n"
        "time.sleep(0.2)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
    assert not Path(note.read_text()).exists()
    seen = alive.stat().st_mtime
    time.sleep(0.6)
    assert alive.stat().st_mtime == seen


def test_one_runs_at_a_time(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    body = f"os.mkdir({str(lock)!r}); time.sleep(0.3); os.rmdir({str(lock)!r})"
    tools = giving(tmp_path, docx(par(run("Chữ"))), body)
    found: list[SourceFile] = []
    threads = [threading.Thread(target=lambda: found.append(read(tools))) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 3


def test_without_the_program_it_is_refused_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnreadableFile, match="Word đời cũ") as caught:
        read(Tools())
    assert "LibreOffice" in caught.value.remedy
    with pytest.raises(UnreadableFile, match="không chạy được"):
        read(Tools(office=tmp_path / "nowhere"))


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (docx(par(run("Chữ"))), "Chữ\n"),
        (rb"{\rtf1 Chu}", "Chu\n"),
        ("<html><body><p>Chữ của trang</p></body></html>".encode(), "Chữ của trang\n"),
    ],
)
def test_files_that_only_their_name_calls_doc_need_no_program(data: bytes, text: str) -> None:
    assert read(Tools(office=Path("/nowhere")), data).text == text


@pytest.mark.parametrize("data", [b"", b"\0\0", b"plain words"])
def test_what_is_no_word_file_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(Tools(), data)
    assert caught.value.remedy


@pytest.mark.office
@pytest.mark.shared
@pytest.mark.parametrize("number", ["19", "24"])
def test_old_files_give_their_transcripts(number: str) -> None:
    [path] = machine.DOCUMENTS.glob(f"{number}-*.doc")
    file = read_file(path)
    # What fonts of capitals show is capitals; the transcripts have it as typed.
    wanted = path.with_suffix(".txt").read_text("utf-8")
    assert character_error_rate(file.text.lower(), wanted.lower()) <= 0.001


@pytest.mark.office
def test_a_damaged_file_is_refused_by_the_real_program() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(Tools(), OLD)
    assert caught.value.remedy
