"""The half-made model in ``<root>/.partial/<id>/``: what a killed pull leaves and resumes from.

::

    incoming/…   a file on its way, not checked yet
    files/…      files whose size and SHA-256 are right, waiting for the rest
    parts/…      owned by ``PartsSource``
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from assistant.runtime.models.catalogue import Model, ModelFile
from assistant.runtime.models.hashing import sha256_of
from corpus.errors import Damaged


def damaged(name: str, source: str) -> Damaged:
    """Return the error for something fetched whose bytes are not the pinned ones."""
    return Damaged(
        f"{name} lấy từ {source} sai mã kiểm SHA-256 hoặc sai kích thước; đã xoá.",
        "Hãy chạy lại `congvu models pull` hoặc dùng nguồn khác.",
    )


class Staging:
    """Collects the checked files of one model.

    Args:
        folder: where it may write; need not exist.
        model: the model being pulled.
        kept: names of files that are already good where they belong.
    """

    def __init__(self, folder: Path, model: Model, kept: frozenset[str] = frozenset()) -> None:
        self.folder = folder
        self._model = model
        self._kept = kept
        self._checked: set[str] = set()

    @property
    def missing(self) -> tuple[ModelFile, ...]:
        """Files still to be fetched, the small ones first: a wrong one is found early."""
        wanted = (file for file in self._model.files if not self._has(file))
        return tuple(sorted(wanted, key=lambda file: file.size))

    @property
    def staged(self) -> tuple[ModelFile, ...]:
        """Files that wait here, checked."""
        files = self._model.files
        return tuple(file for file in files if file.name not in self._kept and self._has(file))

    def place(self, file: ModelFile) -> Path:
        """Return where ``file`` waits once it is checked."""
        return self.folder / "files" / file.name

    def incoming(self, file: ModelFile) -> Path:
        """Return where ``file`` is written while it comes in; its folder exists."""
        path = self.folder / "incoming" / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def write(self, file: ModelFile, content: Iterable[bytes], source: str) -> None:
        """Write a whole file from ``content``, check it and keep it.

        Raises:
            Damaged: the bytes are not the pinned ones; nothing of them is kept.
        """
        digest, size, path = hashlib.sha256(), 0, self.incoming(file)
        with path.open("wb") as stream:
            for block in content:
                digest.update(block)
                size += len(block)
                if size > file.size:
                    break
                stream.write(block)
        self.accept(file, path, source, digest.hexdigest() if size == file.size else "")

    def accept(self, file: ModelFile, path: Path, source: str, digest: str) -> None:
        """Take over the bytes at ``path`` as ``file``.

        Args:
            file: what they should be.
            path: on the same file system.
            source: where they came from, for the message.
            digest: their SHA-256, worked out by the caller while they came in.

        Raises:
            Damaged: the bytes are not the pinned ones; they are deleted.
        """
        if digest != file.sha256 or path.stat().st_size != file.size:
            path.unlink()
            raise damaged(file.name, source)
        sync(path)
        place = self.place(file)
        place.parent.mkdir(parents=True, exist_ok=True)
        path.replace(place)
        self._checked.add(file.name)

    def _has(self, file: ModelFile) -> bool:
        if file.name in self._kept or file.name in self._checked:
            return True
        place = self.place(file)
        # A file staged by an earlier run is hashed again: a power cut may have emptied it.
        if place.is_file() and sha256_of(place) == file.sha256:
            self._checked.add(file.name)
            return True
        return False


def sync(path: Path) -> None:
    """Have the bytes of ``path`` on the disk before something else says that they are."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
