"""The directory of snapshots: built aside, swapped in at once, checked, rolled back.

Layout::

    <root>/build.lock              held by the one process that builds
    <root>/pointers                a line "<id> <SHA-256 of its manifest>" for the current
                                   snapshot, then one for that before: switched in one write
    <root>/snapshots/<id>/         complete, never written again
    <root>/snapshots/.building-…   what a killed build left; removed by the next one
"""

from __future__ import annotations

import errno
import logging
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import Busy, Damaged, EmptyLibrary, NoSpace, NotReady, OtherFormat
from corpus.notice import Notice
from index.builder import BuildInput, Progress, Workshop, sync_to_disk, write_snapshot
from index.embedder import Embedder
from index.embedding_cache import EmbeddingCache, cache_key
from index.snapshot import (
    REINDEX,
    IndexSettings,
    Manifest,
    Snapshot,
    read_manifest,
    read_notices,
    read_passages,
    read_snapshot,
)

_log = logging.getLogger("congvu.index")

_POINTERS = "pointers"
_CURRENT, _PREVIOUS = range(2)  # lines of the pointer file
_BUILDING = ".building-"
_POINTER = re.compile(r"([0-9a-f]{16}) ([0-9a-f]{64})")
_NAMES = ("hiện tại", "trước")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which snapshot, and the hash its manifest must have."""

    id: str
    manifest_sha256: str


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """What is on disk.

    Args:
        current: the snapshot that answers, None if there is none or it is damaged.
        previous: what a roll-back brings, None if there is none or it is damaged.
        damaged: messages naming what is damaged.
        other_format: whether a snapshot is there that another version of congvu made.
    """

    current: Manifest | None
    previous: Manifest | None
    damaged: tuple[str, ...]
    other_format: bool

    @property
    def usable(self) -> Manifest | None:
        """The snapshot that is loaded, None if there is none to load."""
        return self.current or self.previous


class SnapshotStore:
    """Keeps the current snapshot and the one before it under ``root``.

    Args:
        root: its directory, made by the first build.
        settings: how to build.
        clock: gives the time for manifests.
        lock_timeout: seconds a build waits for another one.
        sync: brings one file or directory to the disk.
    """

    def __init__(
        self,
        root: Path,
        settings: IndexSettings | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        lock_timeout: float = 10.0,
        sync: Callable[[Path], None] = sync_to_disk,
    ) -> None:
        self._root = root
        self._snapshots = root / "snapshots"
        self._settings = settings if settings is not None else IndexSettings()
        self._clock = clock
        self._lock_timeout = lock_timeout
        self._sync = sync

    def build(
        self,
        notices: Iterable[Notice],
        embedder: Embedder,
        cache: EmbeddingCache,
        progress: Progress = lambda done, total: None,
    ) -> Snapshot:
        """Build a snapshot, make it the current one and return it.

        Until the last step the old snapshot answers; the same input as that of a sound
        current snapshot changes nothing.

        Args:
            notices: all that shall be found, in any order.
            embedder: for passages and, later, questions.
            cache: vectors of earlier builds.
            progress: gets passages done and all passages.

        Raises:
            Busy: another process builds.
            NoSpace: the disk is full; the old snapshot is untouched.
            EmptyLibrary: there are no notices; the empty snapshot is now the current one.
        """
        given = BuildInput.of(notices, embedder, self._settings)
        workshop = Workshop(self._settings, embedder, cache, progress, self._sync)
        with self._locked(), _disk_errors():
            self._remove_leftovers()
            sound = self._sound(_CURRENT)
            if sound is None or sound.id != given.id:
                before = sound or self._sound(_PREVIOUS)
                pointer = self._write(given, workshop)
                self._point(pointer, before if before and before.id != pointer.id else None)
                self._remove_older()
        return self.load_current(embedder.id)

    def load_current(self, embedder_id: str | None = None) -> Snapshot:
        """Check and load the current snapshot, or the previous one if it is damaged.

        Args:
            embedder_id: the embedder that questions will be embedded by, None to not check.

        Raises:
            EmptyLibrary: nothing was ever indexed, or all notices were removed.
            Damaged: neither can be used.
            NotReady: it was built with another embedder.
        """
        refused: list[Damaged] = []
        for line in (_CURRENT, _PREVIOUS):
            try:
                pointer = self._read_pointer(line)
                if pointer is None:
                    continue
                snapshot = read_snapshot(self._snapshots / pointer.id, pointer.manifest_sha256)
            except Damaged as error:
                _log.warning("Từ chối bản chỉ mục %s: %s", _NAMES[line], error.message)
                refused.append(error)
                continue
            if refused:
                _log.warning("Dùng bản chỉ mục trước: %s.", snapshot.id)
            return _usable(snapshot, embedder_id)
        if refused:
            raise Damaged(" ".join(error.message for error in refused), REINDEX)
        raise EmptyLibrary(
            "Chưa có văn bản nào được lập chỉ mục.", "Thêm văn bản bằng `congvu add ĐƯỜNG_DẪN`."
        )

    def is_current(self, snapshot: Snapshot) -> bool:
        """Whether a snapshot is the current one."""
        pointer = self._sound(_CURRENT)
        return pointer is not None and pointer.id == snapshot.id

    def notices(self) -> tuple[Notice, ...]:
        """Return the notices of the current snapshot; none if it can't be used."""
        pointer = self._sound(_CURRENT)
        if pointer is None:
            return ()
        try:
            return read_notices(self._snapshots / pointer.id)
        except Damaged as error:
            _log.warning("Từ chối bản chỉ mục %s: %s", _NAMES[_CURRENT], error.message)
            return ()

    def roll_back(self) -> Manifest:
        """Make the previous snapshot the current one and the other way round.

        Raises:
            NotReady: there is no other sound snapshot.
            Busy: another process builds.
            NoSpace: the disk is full; nothing was changed.
        """
        with self._locked(), _disk_errors():
            current, previous = self._sound(_CURRENT), self._sound(_PREVIOUS)
            if previous is None or (current is not None and current.id == previous.id):
                raise NotReady("Không có bản chỉ mục trước để quay về.", REINDEX)
            self._point(previous, current)
            return read_manifest(self._snapshots / previous.id, previous.manifest_sha256)

    def forget_previous(self) -> None:
        """Delete what a roll-back would bring: removed notices must not come back.

        Raises:
            Busy: another process builds.
        """
        with self._locked():
            self._point(self._sound(_CURRENT), None)
            self._remove_older()

    def clear(self) -> None:
        """Delete all snapshots, as when the last notice was removed; needs no embedder.

        Raises:
            Busy: another process builds.
        """
        with self._locked():
            (self._root / _POINTERS).unlink(missing_ok=True)
            self._remove_older()

    def prune(self, cache: EmbeddingCache) -> int:
        """Delete the vectors that neither snapshot holds and return how many they were.

        Raises:
            Busy: another process builds, and its vectors are in no snapshot yet.
        """
        with self._locked():
            status = self.status()
            needed = {
                cache_key(manifest.embedder, passage.title, passage.text)
                for manifest in (status.current, status.previous)
                if manifest is not None
                for passage in read_passages(self._snapshots / manifest.id)
            }
            return cache.keep(needed)

    def status(self) -> StoreStatus:
        """Check what is on disk without loading it."""
        found: dict[int, Manifest | None] = {_CURRENT: None, _PREVIOUS: None}
        damaged: list[str] = []
        other_format = False
        for line in found:
            try:
                pointer = self._read_pointer(line)
                if pointer is not None:
                    folder = self._snapshots / pointer.id
                    found[line] = read_manifest(folder, pointer.manifest_sha256)
            except OtherFormat:
                other_format = True
            except Damaged as error:
                damaged.append(error.message)
        return StoreStatus(found[_CURRENT], found[_PREVIOUS], tuple(damaged), other_format)

    def _write(self, given: BuildInput, workshop: Workshop) -> Pointer:
        building = self._snapshots / f"{_BUILDING}{given.id}"
        try:
            manifest_sha256 = write_snapshot(building, given, self._clock(), workshop)
            place = self._snapshots / given.id
            if place.exists():  # damaged, or left by a kill between two renames
                place.rename(self._snapshots / f"{_BUILDING}old-{given.id}")
            building.rename(place)
            self._sync(self._snapshots)
        finally:
            self._remove_leftovers()
        return Pointer(given.id, manifest_sha256)

    def _point(self, current: Pointer | None, previous: Pointer | None) -> None:
        beside = self._root / f"{_POINTERS}.new"
        kept = [pointer for pointer in (current, previous) if pointer is not None]
        lines = "".join(f"{pointer.id} {pointer.manifest_sha256}\n" for pointer in kept)
        beside.write_text(lines, encoding="ascii")
        self._sync(beside)
        beside.replace(self._root / _POINTERS)
        self._sync(self._root)

    def _read_pointer(self, line: int) -> Pointer | None:
        path = self._root / _POINTERS
        if not path.exists():
            return None
        lines = path.read_text(encoding="ascii", errors="replace").splitlines()
        if line >= len(lines):
            return None
        match = _POINTER.fullmatch(lines[line])  # a damaged line leaves the other one
        if match is None:
            raise Damaged(f"Tệp {path} bị hỏng.", REINDEX)
        return Pointer(match[1], match[2])

    def _sound(self, line: int) -> Pointer | None:
        """Return the pointer if its snapshot can be used, else None and a warning."""
        try:
            pointer = self._read_pointer(line)
            if pointer is not None:
                read_manifest(self._snapshots / pointer.id, pointer.manifest_sha256)
        except Damaged as error:
            _log.warning("Từ chối bản chỉ mục %s: %s", _NAMES[line], error.message)
            return None
        return pointer

    def _remove_leftovers(self) -> None:
        for folder in self._snapshots.glob(f"{_BUILDING}*"):
            shutil.rmtree(folder)

    def _remove_older(self) -> None:
        pointers = (self._sound(_CURRENT), self._sound(_PREVIOUS))
        kept = {pointer.id for pointer in pointers if pointer is not None}
        for folder in self._snapshots.iterdir():
            if folder.name not in kept:
                shutil.rmtree(folder)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._snapshots.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self._root / "build.lock", timeout=self._lock_timeout):
                yield
        except Timeout as error:
            raise Busy(
                "Một tiến trình khác đang lập chỉ mục.", "Đợi tiến trình đó xong rồi chạy lại."
            ) from error


@contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise NoSpace(
                "Ổ đĩa đầy, bản chỉ mục cũ vẫn nguyên.", "Giải phóng chỗ trống rồi chạy lại."
            ) from error
        raise


def _usable(snapshot: Snapshot, embedder_id: str | None) -> Snapshot:
    if not snapshot.notices:
        raise EmptyLibrary(
            "Thư viện không có văn bản nào.", "Thêm văn bản bằng `congvu add ĐƯỜNG_DẪN`."
        )
    built_with = snapshot.manifest.embedder
    if embedder_id is not None and embedder_id != built_with:
        raise NotReady(
            f"Chỉ mục {snapshot.id} lập bằng bộ nhúng {built_with}, đang dùng {embedder_id}.",
            REINDEX,
        )
    return snapshot
