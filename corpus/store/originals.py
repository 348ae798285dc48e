"""The files that notices were read from, named by their content.

Layout: ``<folder>/<SHA-256 of the bytes>``, for the owner alone. The same bytes are kept once. A
file is there wholly or not at all: it is written beside its place and moved into it.

The library says which are needed; see ``Origins`` for how the two stay together.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from corpus.errors import Damaged, NoSpace, NotFound

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_WRITING: Final = ".writing-"
_NAME: Final = re.compile(r"[0-9a-f]{64}")


class Originals:
    """Keeps files by the SHA-256 hex digest of their bytes.

    Args:
        folder: where they lie; made when the first one is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, data: bytes) -> str:
        """Keep a file and return its name.

        Args:
            data: the whole file; whoever gives it has made sure that it may be on the disk.

        Raises:
            NoSpace: the disk is full; nothing was changed.
        """
        name = hashlib.sha256(data).hexdigest()
        place = self._folder / name
        try:
            if place.is_file() and place.stat().st_size == len(data):
                return name
            self._folder.mkdir(exist_ok=True, mode=0o700)
            self._write(place, data)
        except OSError as error:
            if error.errno in _FULL:
                raise NoSpace(
                    "Ổ đĩa đầy, chưa giữ được tệp gốc nên chưa thêm văn bản.",
                    "Giải phóng chỗ trống rồi thêm lại.",
                ) from error
            raise
        return name

    def read(self, name: str) -> bytes:
        """Return a file.

        Raises:
            NotFound: it is not there.
            Damaged: it is there with other bytes.
        """
        try:
            data = (self._folder / name).read_bytes()
        except FileNotFoundError as error:
            raise NotFound("Không còn tệp gốc của văn bản này.", "Thêm lại tệp gốc.") from error
        if hashlib.sha256(data).hexdigest() != name:
            raise Damaged(
                "Tệp gốc đang giữ đã bị hỏng.", "Gỡ văn bản bằng `congvu remove` rồi thêm lại tệp."
            )
        return data

    def sizes(self) -> dict[str, int]:
        """Return what is kept: name → bytes."""
        return {path.name: path.stat().st_size for path in self._files()}

    def keep_only(self, names: Collection[str]) -> None:
        """Delete every file but these, and what an interrupted writing left."""
        for path in [*self._files(), *self._folder.glob(f"{_WRITING}*")]:
            if path.name not in names:
                path.unlink(missing_ok=True)

    def _files(self) -> Iterator[Path]:
        if self._folder.is_dir():
            yield from (path for path in self._folder.iterdir() if _NAME.fullmatch(path.name))

    def _write(self, place: Path, data: bytes) -> None:
        # Made with the rights 0600, whatever the umask.
        handle, written = tempfile.mkstemp(prefix=_WRITING, dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(handle)
            Path(written).replace(place)
        except BaseException:
            Path(written).unlink(missing_ok=True)
            raise
