"""How the wheels that carry a model are had: by pip, or from a folder they were copied to."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from assistant.runtime.models.catalogue import Wheel
from corpus.errors import Cancelled, SourceFailed

_POLL_S = 0.2
_GRACE_S = 5.0


class WheelDownloader(Protocol):
    """Fetches one wheel; called from several threads at once."""

    @property
    def name(self) -> str:
        """What people are told, e.g. ``PyPI``."""

    def has(self, wheel: Wheel) -> bool:
        """Whether it is worth asking for ``wheel`` here."""

    def fetch(
        self,
        wheel: Wheel,
        folder: Path,
        advance: Callable[[int], None],
        stop: threading.Event,
    ) -> Path:
        """Put the wheel into ``folder`` and return its path.

        Args:
            wheel: what to fetch; its hash is checked by the caller.
            folder: empty, and deleted afterwards.
            advance: gets the bytes that came in since the last call.
            stop: when set, the caller is leaving: give up soon.

        Raises:
            SourceFailed: it can't be had.
            Cancelled: ``stop`` was set.
        """


class PipDownloader:
    """The ordinary client, one process a wheel.

    It uses the index, proxy and certificates pip is configured with. ``--only-binary`` keeps it
    from ever running a package's own set-up code.

    Args:
        command: how pip is called.
        environ: the environment it gets, or None for this process's own.
    """

    def __init__(
        self,
        command: Sequence[str] = (sys.executable, "-m", "pip"),
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self._command = tuple(command)
        self._environ = environ

    @property
    def name(self) -> str:
        """See ``WheelDownloader``."""
        return "PyPI"

    def has(self, wheel: Wheel) -> bool:
        """See ``WheelDownloader``."""
        return True

    def fetch(
        self,
        wheel: Wheel,
        folder: Path,
        advance: Callable[[int], None],
        stop: threading.Event,
    ) -> Path:
        """See ``WheelDownloader``."""
        log, out = folder / "pip.log", folder / "out"
        arguments = (
            *("download", "--no-deps", "--only-binary", ":all:", "--no-cache-dir", "--no-input"),
            *("--quiet", "--progress-bar", "off", "--dest", str(out), wheel.requirement),
        )
        environ = dict(os.environ if self._environ is None else self._environ)
        # pip's own temporary file lies in our folder: on the disk whose space was checked, where
        # its growth can be watched, and where the next pull clears it away after a kill.
        environ |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "TMPDIR": str(folder)}
        with log.open("wb") as errors:
            process = subprocess.Popen(  # noqa: S603 - the catalogue's pattern lets no option in
                (*self._command, *arguments),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                env=environ,
            )
            try:
                code = _watch(process, lambda: min(_size(folder), wheel.size), advance, stop)
            finally:
                _end(process)
        wheels = sorted(out.glob("*.whl"))
        if code != 0 or len(wheels) != 1:
            lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            raise SourceFailed(
                f"pip không tải được {wheel.requirement}: {lines[-1] if lines else f'mã {code}'}.",
                "Hãy kiểm tra mạng và cấu hình pip rồi chạy lại: phần đã tải được giữ nguyên.",
            )
        return wheels[0]


def _watch(
    process: subprocess.Popen[bytes],
    measure: Callable[[], int],
    advance: Callable[[int], None],
    stop: threading.Event,
) -> int:
    seen = 0
    while True:
        try:
            return process.wait(_POLL_S)
        except subprocess.TimeoutExpired:
            # Never backwards: pip deletes its temporary copy at the end.
            now = max(seen, measure())
            advance(now - seen)
            seen = now
        if stop.is_set():
            raise Cancelled("Đã dừng tải.")


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _size(folder: Path) -> int:
    total = 0
    for base, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(base) / name).stat().st_size
            except FileNotFoundError:
                continue  # pip moved it between the listing and the look
    return total


class FolderDownloader:
    """A folder of wheels that were downloaded on another machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def name(self) -> str:
        """See ``WheelDownloader``."""
        return f"các tệp wheel ở {self._folder}"

    def has(self, wheel: Wheel) -> bool:
        """See ``WheelDownloader``."""
        return self._find(wheel) is not None

    def fetch(
        self,
        wheel: Wheel,
        folder: Path,
        advance: Callable[[int], None],
        stop: threading.Event,
    ) -> Path:
        """See ``WheelDownloader``."""
        path = self._find(wheel)
        if path is None:
            raise SourceFailed(
                f"Không thấy tệp wheel của {wheel.requirement} ở {self._folder}.",
                f"Hãy tải bằng `pip download --no-deps {wheel.requirement}` rồi chép vào đó.",
            )
        copy = folder / path.name
        shutil.copyfile(path, copy)
        advance(wheel.size)
        return copy

    def _find(self, wheel: Wheel) -> Path | None:
        # PEP 427: in a wheel's file name every run of -, _ and . of the name is one underscore.
        stem = f"{wheel.package.replace('-', '_').replace('.', '_')}-{wheel.version}"
        return next(iter(sorted(self._folder.glob(f"{stem}-*.whl"))), None)
