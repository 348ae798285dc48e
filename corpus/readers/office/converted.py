"""Word files of before 2007 (.doc), which LibreOffice turns into .docx in a process of its own."""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from corpus.errors import UnreadableFile
from corpus.readers.base import MAX_FILE_BYTES, Reading
from corpus.readers.office.ole import Others, read_other
from corpus.readers.office.word import WordReader
from corpus.readers.rtf import RtfReader
from corpus.readers.tools import Tools
from corpus.readers.web.html import HtmlReader

_OTHERS: Others = (
    (b"{\\rtf", RtfReader),
    (b"PK\x03\x04", WordReader),
    (b"<", HtmlReader),
)

_log = logging.getLogger("congvu.reading")

_NAMES = ("soffice", "libreoffice")
_SECONDS = 120.0  # a first start takes ten
_MOST_BYTES = 4 * MAX_FILE_BYTES  # of the .docx
_ONE_AT_A_TIME = threading.Lock()
_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a place in memory, and a folder of our own in it
_RUNNING: set[int] = set()
"""Groups of processes that have not ended."""
_FOLDERS: set[str] = set()
"""Folders that have not been deleted."""
_REMEDY = (
    "Cài LibreOffice (gói libreoffice-writer-nogui) hoặc đặt `office_converter`, hoặc mở bằng Word"
    " rồi lưu lại dạng .docx."
)
_SAVE = "Mở tệp bằng Word rồi lưu lại dạng .docx."
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse">
<value>true</value></prop><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse">
<value>true</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetProxyType" oor:op="fuse">
<value>2</value></prop><prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value>
</prop><prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse">
<value>0</value></prop></item>
</oor:items>
"""
"""A profile that runs no macro, follows no link, and whose way out leads nowhere."""


class OldWordReader:
    """Reads ``.doc``.

    Args:
        tools: where the program is; None looks for LibreOffice.
    """

    def __init__(self, tools: Tools | None = None) -> None:
        self._tools = tools or Tools()

    @property
    def suffixes(self) -> tuple[str, ...]:
        """File name endings it reads."""
        return (".doc",)

    def read(self, data: bytes, name: str) -> Reading:
        """Read a file.

        Raises:
            UnreadableFile: empty, damaged, no Word file, or it can't be converted here.
        """
        other = read_other(data, name, _OTHERS, "Word", _SAVE)
        if other is not None:
            return other
        program = _program(self._tools, name)
        with _ONE_AT_A_TIME:
            reading = WordReader().read(_converted(data, name, program), name)
        # LibreOffice counts pages of its own making.
        return replace(reading, pages=None)


def _program(tools: Tools, name: str) -> str:
    if tools.office is not None:
        if not os.access(tools.office, os.X_OK):
            raise UnreadableFile(
                f"Không đọc được “{name}”: không chạy được {tools.office}.", _REMEDY
            )
        return str(tools.office)
    found = next((path for one in _NAMES if (path := shutil.which(one))), None)
    if found is None:
        raise UnreadableFile(f"Chưa đọc được “{name}”: Word đời cũ (.doc).", _REMEDY)
    return found


def _converted(data: bytes, name: str, program: str) -> bytes:
    """Return the file as ``.docx``.

    The folder lies in memory: what turns out to be a state secret must not have been on the disk.
    """
    if not os.access(_IN_MEMORY, os.W_OK):
        raise UnreadableFile(
            f"Không đổi được “{name}”: {_IN_MEMORY} không ghi được, mà tệp chưa xét độ mật thì"
            " không được ghi ra đĩa.",
            f"Cho congvu quyền ghi vào {_IN_MEMORY}. {_SAVE}",
        )
    try:
        with _folder() as folder:
            return _converted_in(folder, data, name, program)
    except OSError as error:
        raise UnreadableFile(
            f"Không đổi được “{name}”: {error.strerror or error}.",
            f"Kiểm tra {program} có chạy được và {_IN_MEMORY} còn chỗ. {_SAVE}",
        ) from error


@contextmanager
def _folder() -> Iterator[Path]:
    """Give a folder that is gone afterwards, at the latest when the program ends."""
    made = tempfile.mkdtemp(prefix="congvu-", dir=_IN_MEMORY)
    _FOLDERS.add(made)
    try:
        yield Path(made)
    finally:
        shutil.rmtree(made)
        _FOLDERS.discard(made)


def _converted_in(folder: Path, data: bytes, name: str, program: str) -> bytes:
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(_SETTINGS, "utf-8")
    source = folder / "in.doc"  # a name of ours: theirs could look like an option
    source.write_bytes(data)
    out = folder / "out"
    command = (
        program,
        f"-env:UserInstallation={profile.parent.as_uri()}",
        *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"),
        *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(out), str(source)),
    )
    _run(command, folder, name)
    result = out / "in.docx"
    if not result.is_file() or not 0 < result.stat().st_size <= _MOST_BYTES:
        raise UnreadableFile(
            f"LibreOffice không đổi được “{name}” (hỏng, có mật khẩu hoặc quá lớn).", _SAVE
        )
    return result.read_bytes()


def _run(command: tuple[str, ...], folder: Path, name: str) -> None:
    process = subprocess.Popen(  # noqa: S603 - the program of the settings or of the machine
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "LANG": "C.UTF-8",
            "SAL_USE_VCLPLUGIN": "svp",
        },
        start_new_session=True,
    )
    _RUNNING.add(process.pid)
    try:
        code = process.wait(_SECONDS)
        if code:
            _log.warning("%s ended with %s", command[0], code)
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile(
            f"Đổi “{name}” sang .docx quá {_SECONDS:.0f} giây nên đã dừng.", _SAVE
        ) from error
    finally:
        # soffice starts others; the group goes with all of them, whatever happened.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        _RUNNING.discard(process.pid)


@atexit.register
def _end_all() -> None:
    """Leave nothing behind where the program ends in the middle, in another thread."""
    for group in tuple(_RUNNING):
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
    for folder in tuple(_FOLDERS):
        shutil.rmtree(folder, ignore_errors=True)
