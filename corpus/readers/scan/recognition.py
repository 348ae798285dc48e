"""Has the pages of a file recognised by processes of their own, one a core."""

from __future__ import annotations

import atexit
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from corpus.errors import Cancelled, Damaged, NotReady, UnreadableFile
from corpus.readers.pdf.glyphs import PageContent
from corpus.readers.scan.content import content_of
from corpus.readers.tools import OCR_MODEL, Tools

_log = logging.getLogger("congvu.reading")

_WORKER = Path(__file__).with_name("worker.py")
_PAGE_SECONDS = 60.0  # a page takes two on a quiet core
_MOST_LATE = 3  # pages that took too long: then the file is no document
_PIXELS = 40_000_000  # of a page: A3 at 400 dots an inch has 31 million
_MEMORY = 3 << 30  # bytes a process
_NEEDED = ("tesserocr", "PIL")
_AGAIN = "quét lại ở 200–300 dpi rồi thêm lại"
_ONE_FILE = threading.Lock()
"""A file takes all the processes that there may be."""


@dataclass(slots=True)
class Recognised:
    """What became of the pages of a file.

    Args:
        pages: those that were recognised, by their 0-based number.
        failed: why the others were not, Vietnamese.
        count: how many pages the file has.
    """

    pages: dict[int, PageContent] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)
    count: int = 0


def ocr_model(tools: Tools, name: str) -> Path:
    """Return the folder of the model that recognises letters.

    Raises:
        UnreadableFile: letters can't be recognised on this machine; tells what to install.
    """
    remedy = (
        "Cài phần nhận dạng chữ (`pip install 'congvu[ocr]'`, rồi"
        f" `congvu models pull {OCR_MODEL}`), hoặc dùng bản .docx hay bản PDF xuất thẳng từ Word."
    )
    scan = f"Tệp “{name}” là bản quét hoặc ảnh, không có lớp chữ."
    if any(find_spec(one) is None for one in _NEEDED):
        raise UnreadableFile(scan, remedy)
    try:
        return tools.ocr_model()
    except (NotReady, Damaged) as error:
        raise UnreadableFile(f"{scan} {error.message}", error.remedy or remedy) from error


def recognise(
    kind: str, data: bytes, numbers: Sequence[int] | None, name: str, tools: Tools
) -> Recognised:
    """Recognise pages.

    Args:
        kind: ``pdf`` or ``image``.
        data: the whole file.
        numbers: 0-based numbers of the pages, None for all.
        name: of the file, for messages.
        tools: what there is on this machine.

    Raises:
        UnreadableFile: letters can't be recognised here, the file is damaged or has too many
            pages, or several pages took too long.
        Cancelled: ``end_running`` was called.
    """
    model = ocr_model(tools, name)
    with _ONE_FILE:
        return _File(kind, data, name, model, tools).recognise(numbers)


@atexit.register
def end_running() -> None:
    """End the processes, so that nobody waits for pages when the program stops."""
    for one in tuple(_RUNNING):
        one.cancel()


class _Late(Exception):  # noqa: N818 - no error of the program
    """A page took too long."""


class _Process:
    """A process that has the file."""

    def __init__(self, order: dict[str, Any], data: bytes) -> None:
        self._cancelled = False
        self._process = subprocess.Popen(  # noqa: S603 - this Python and a file of ours
            (sys.executable, "-I", str(_WORKER)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        _RUNNING.add(self)
        try:
            self.count = int(self._ask(json.dumps(order).encode() + b"\n" + data)["pages"])
        except BaseException:
            self.end()
            raise

    def page(self, number: int) -> dict[str, Any]:
        """Have a page recognised.

        Raises:
            _Late: it took too long; the process is gone.
            ValueError: it can't be recognised.
            Cancelled: see ``end_running``.
        """
        return self._ask(b"%d\n" % number)

    def _ask(self, what: bytes) -> dict[str, Any]:
        to, back = self._process.stdin, self._process.stdout
        if to is None or back is None:
            raise TypeError("the process has no pipes")
        late = threading.Event()

        def stop() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(_PAGE_SECONDS, stop)
        timer.start()
        try:
            with suppress(BrokenPipeError):  # it ended: there is no answer either
                to.write(what)
                to.flush()
            answer = back.readline()
        finally:
            timer.cancel()
        if late.is_set():
            raise _Late
        if self._cancelled:
            raise Cancelled("Chương trình dừng khi đang nhận dạng chữ.")
        if not answer:
            self.end()  # its pipes close a moment before it has ended
            raise ValueError("the process ended")
        found: dict[str, Any] = json.loads(answer)
        if "error" in found:
            raise ValueError(found["error"])
        return found

    @property
    def is_alive(self) -> bool:
        """Whether it can take another page."""
        return self._process.poll() is None

    def cancel(self) -> None:
        """End it while another thread waits for a page."""
        self._cancelled = True
        self._process.kill()

    def end(self) -> None:
        """End it."""
        _RUNNING.discard(self)
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()


_RUNNING: set[_Process] = set()


class _File:
    """A file while its pages are recognised."""

    def __init__(self, kind: str, data: bytes, name: str, model: Path, tools: Tools) -> None:
        self._data, self._name, self._tools = data, name, tools
        self._order = {
            "kind": kind,
            "size": len(data),
            "data": str(model),
            "pixels": _PIXELS,
            "memory": _MEMORY,
        }
        self._found = Recognised()
        self._waiting: SimpleQueue[int] = SimpleQueue()
        self._late = 0
        self._stopped = threading.Event()
        self._failures: list[BaseException] = []

    def recognise(self, numbers: Sequence[int] | None) -> Recognised:
        """See the function."""
        first = self._started()
        try:
            self._found.count = first.count
            wanted = range(first.count) if numbers is None else numbers
            self._refuse_long(len(wanted))
            for number in wanted:
                self._waiting.put(number)
        except BaseException:
            first.end()
            raise
        more = min(self._tools.workers, len(wanted)) - 1
        threads = [
            # Nobody waits for a daemon when the program ends.
            threading.Thread(target=self._work, args=(one,), name="ocr", daemon=True)
            for one in (first, *[None] * more)
        ]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        except BaseException:
            self._stopped.set()
            end_running()
            raise
        if self._failures:
            raise self._failures[0]
        if self._stopped.is_set():
            raise UnreadableFile(
                f"Nhiều trang của tệp “{self._name}” không nhận dạng được trong"
                f" {_PAGE_SECONDS:.0f} giây mỗi trang.",
                "Quét lại ở 200–300 dpi, hoặc dùng bản .docx.",
            )
        return self._found

    def _refuse_long(self, pages: int) -> None:
        if pages > self._tools.most_scanned:
            raise UnreadableFile(
                f"Tệp “{self._name}” có quá nhiều trang quét ({pages}; tối đa"
                f" {self._tools.most_scanned}).",
                "Tách tệp thành nhiều tệp nhỏ hơn, hoặc nhờ người quản trị tăng `scan_pages`.",
            )

    def _started(self) -> _Process:
        try:
            return _Process(self._order, self._data)
        except (ValueError, _Late, OSError) as error:
            _log.warning("a file can't be recognised: %s", error or "too slow")
            raise UnreadableFile(
                f"Tệp “{self._name}” hỏng, hoặc không phải ảnh hay bản quét đọc được.",
                "Mở tệp xem có bị lỗi không, rồi quét lại hoặc lưu lại.",
            ) from error

    def _work(self, process: _Process | None) -> None:
        """Have pages recognised until there is none left; a process that ended has a successor."""
        try:
            while not self._stopped.is_set():
                try:
                    number = self._waiting.get_nowait()
                except Empty:
                    return
                if process is None or not process.is_alive:
                    process = self._started()
                self._recognise(number, process)
        except BaseException as error:  # noqa: BLE001 - raised where the pages are waited for
            self._failures.append(error)
            self._stopped.set()
        finally:
            if process is not None:
                process.end()

    def _recognise(self, number: int, process: _Process) -> None:
        try:
            self._found.pages[number] = content_of(process.page(number))
        except _Late:
            process.end()
            self._found.failed[number] = f"mất quá nhiều thời gian; {_AGAIN}"
            self._late += 1
            if self._late >= _MOST_LATE:
                self._stopped.set()
        except ValueError as error:
            _log.warning("a page can't be recognised: %s", error)
            self._found.failed[number] = f"hỏng hoặc quá lớn; {_AGAIN}"
