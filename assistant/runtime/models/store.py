"""The models on this machine: where they are, whether they are sound, how they get here."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.runtime.models.catalogue import Catalogue, Model, ModelFile
from assistant.runtime.models.hashing import sha256_of
from assistant.runtime.models.progress import Reporter, SilentReporter, human_size
from assistant.runtime.models.sources import Source
from assistant.runtime.models.staging import Staging, sync
from corpus.errors import BadInput, Busy, CongvuError, Damaged, ModelMissing, NoSpace, SourceFailed

_MARKER = ".verified"
_SPARE = 64 * 2**20
"""Bytes left free on the disk: a full disk hurts more than this pull."""


class State(StrEnum):
    """What a look at names, sizes and the marker tells about a model."""

    READY = "ready"
    UNCHECKED = "unchecked"  # all there, not hashed since it last changed
    DAMAGED = "damaged"  # a file has the wrong size
    PARTIAL = "partial"  # a pull was interrupted
    MISSING = "missing"

    @property
    def vietnamese(self) -> str:
        """The words shown to people."""
        return {
            State.READY: "sẵn sàng",
            State.UNCHECKED: "có, chưa kiểm tra",
            State.DAMAGED: "hỏng",
            State.PARTIAL: "đang tải dở",
            State.MISSING: "chưa có",
        }[self]


def free_space(path: Path) -> int:
    """Return the free bytes of the disk that ``path`` lies on."""
    return shutil.disk_usage(path).free


class ModelStore:
    """Models in ``<root>/<id>/``, each with a marker of what was hashed and when it last changed.

    Args:
        root: the folder of all models (``CONGVU_MODELS``); need not exist.
        catalogue: what is allowed in.
        free: tells the free bytes of a disk.
        lock_wait: seconds to wait for another process that pulls the same model.
    """

    def __init__(
        self,
        root: Path,
        catalogue: Catalogue,
        free: Callable[[Path], int] = free_space,
        lock_wait: float = 3600.0,
    ) -> None:
        self.root = root
        self.catalogue = catalogue
        self._free = free
        self._lock_wait = lock_wait

    def folder(self, model_id: str) -> Path:
        """Return the folder of a model, whether it exists or not."""
        return self.root / self.catalogue.get(model_id).id

    def state(self, model_id: str) -> State:
        """Return what can be told without reading the files."""
        model = self.catalogue.get(model_id)
        folder = self.folder(model_id)
        sizes = [_size_of(folder / file.name) for file in model.files]
        if None in sizes:
            return State.PARTIAL if self._partial(model).exists() else State.MISSING
        if any(size != file.size for size, file in zip(sizes, model.files, strict=True)):
            return State.DAMAGED
        return (
            State.READY if self._marker(model) == _fingerprint(model, folder) else State.UNCHECKED
        )

    def path(self, model_id: str, reporter: Reporter | None = None) -> Path:
        """Return what a runtime loads: the file of a one-file model, else the folder.

        Cheap when the model was hashed since it last changed; else it is hashed now, once.

        Raises:
            ModelMissing: it is not here.
            Damaged: a file has the wrong size or hash; the message names it.
        """
        state = self.state(model_id)
        if state is not State.READY:
            self.verify(model_id, reporter)
        model, folder = self.catalogue.get(model_id), self.folder(model_id)
        return folder / model.files[0].name if len(model.files) == 1 else folder

    def verify(self, model_id: str, reporter: Reporter | None = None) -> None:
        """Hash every file of a model.

        Raises:
            ModelMissing: it is not here.
            Damaged: a file has the wrong size or hash; the message names it.
        """
        reporter = reporter or SilentReporter()
        model, folder = self.catalogue.get(model_id), self.folder(model_id)
        if self.state(model_id) in {State.MISSING, State.PARTIAL}:
            raise ModelMissing(
                f"Chưa có mô hình {model_id} ở {folder}.",
                f"Hãy chạy `congvu models pull {model_id}`.",
            )
        before = _fingerprint(model, folder)
        reporter.begin(f"Kiểm tra {model_id}", model.size)
        for file in model.files:
            if not _intact(folder / file.name, file, reporter):
                (folder / _MARKER).unlink(missing_ok=True)
                raise Damaged(
                    f"Tệp {folder / file.name} bị hỏng: sai kích thước hoặc mã kiểm SHA-256.",
                    f"Hãy chạy `congvu models pull {model_id}` để tải lại riêng tệp hỏng.",
                )
        self._mark(folder, before)

    def pull(
        self, model_id: str, sources: Sequence[Source], reporter: Reporter | None = None
    ) -> Path:
        """Bring a model here, from the first source that has it whole.

        Files that are already right are kept. What an interrupted pull has checked is not
        fetched again, and the model appears in its place only when all of it is checked.

        Args:
            model_id: which one.
            sources: tried in turn.
            reporter: hears how it goes, and why a source was passed over.

        Returns:
            The same as ``path``.

        Raises:
            SourceFailed: no source could be reached.
            Damaged: a source was reached, but what it gave has the wrong hash.
            NoSpace: the disk is too full; said before anything is fetched.
            Busy: another process has been pulling this model for too long.
        """
        reporter = reporter or SilentReporter()
        model = self.catalogue.get(model_id)
        if self.state(model_id) is State.READY:
            return self.path(model_id)  # before the lock: the root may be shared read-only
        with self._alone(model, reporter):
            if self.state(model_id) in {State.READY, State.UNCHECKED}:
                try:
                    return self.path(model_id, reporter)
                except Damaged as error:
                    reporter.say(error.message)
            licence = model.licence
            reporter.say(f"{model.title}. {licence.notice} ({licence.name}: {licence.url})")
            staging = Staging(self._partial(model), model, self._good_files(model, reporter))
            try:
                self._fetch(model, staging, sources, reporter)
            except OSError as error:
                if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
                    raise
                raise NoSpace(
                    f"Đĩa đầy khi đang tải {model_id} vào {self.root}.",
                    "Hãy dọn đĩa rồi chạy lại: phần đã tải được giữ nguyên.",
                ) from error
            self._publish(model, staging)
            return self.path(model_id)

    def _fetch(
        self, model: Model, staging: Staging, sources: Sequence[Source], reporter: Reporter
    ) -> None:
        failures: list[CongvuError] = []
        for source in sources:
            if not staging.missing:
                return
            if not source.offers(model):
                continue
            self._demand_space(source.space(model, staging), model)
            reporter.say(f"Lấy {model.id} từ {source.name}.")
            try:
                source.fetch(model, staging, reporter)
            except (SourceFailed, Damaged) as error:
                failures.append(error)
                reporter.say(f"{error} Thử nguồn kế tiếp.")
        if staging.missing:
            told = (
                "; ".join(error.message for error in failures) or "không nguồn nào có mô hình này"
            )
            # Wrong bytes are the graver news: someone should look at that source.
            kind = (
                Damaged if any(isinstance(error, Damaged) for error in failures) else SourceFailed
            )
            raise kind(
                f"Không lấy được mô hình {model.id}: {told}",
                "Hãy kiểm tra mạng, đặt CONGVU_MODEL_MIRROR, hoặc chép tệp từ máy khác và chạy "
                f"`congvu models pull {model.id} --from ĐƯỜNG_DẪN`.",
            )

    def _demand_space(self, needed: int, model: Model) -> None:
        free = self._free(self.root)
        if free < needed + _SPARE:
            raise NoSpace(
                f"Không đủ chỗ cho mô hình {model.id}: cần {human_size(needed + _SPARE)}, "
                f"đĩa chứa {self.root} chỉ còn {human_size(free)}.",
                "Hãy dọn đĩa hoặc đặt CONGVU_MODELS sang đĩa khác.",
            )

    def _good_files(self, model: Model, reporter: Reporter) -> frozenset[str]:
        folder = self.folder(model.id)
        there = [file for file in model.files if _size_of(folder / file.name) == file.size]
        if there:
            reporter.begin(f"Kiểm tra {model.id}", sum(file.size for file in there))
        return frozenset(file.name for file in there if _intact(folder / file.name, file, reporter))

    def _publish(self, model: Model, staging: Staging) -> None:
        """Put the checked files in their place; a kill at any point leaves nothing half-trusted."""
        folder = self.folder(model.id)
        for file in staging.staged:
            target = folder / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            staging.place(file).replace(target)
        # Until the marker is there, `path` hashes what it finds.
        self._mark(folder, _fingerprint(model, folder))
        shutil.rmtree(staging.folder, ignore_errors=True)

    def _partial(self, model: Model) -> Path:
        return self.root / ".partial" / model.id

    def _marker(self, model: Model) -> object:
        try:
            return json.loads((self.folder(model.id) / _MARKER).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None

    def _mark(self, folder: Path, fingerprint: dict[str, list[object]]) -> None:
        draft = folder / f"{_MARKER}.tmp"
        try:
            draft.write_text(json.dumps(fingerprint, indent=1), encoding="utf-8")
            sync(draft)
            draft.replace(folder / _MARKER)
        except OSError as error:
            # Models shared read-only are fine: they are only hashed again by the next process.
            if error.errno not in {errno.EACCES, errno.EPERM, errno.EROFS}:
                raise

    @contextmanager
    def _alone(self, model: Model, reporter: Reporter) -> Iterator[None]:
        folder = self.root / ".partial"
        lock = FileLock(folder / f"{model.id}.lock")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=0)
        except PermissionError as error:
            raise BadInput(
                f"Không ghi được vào {self.root}.", "Hãy đặt CONGVU_MODELS sang thư mục ghi được."
            ) from error
        except Timeout:
            reporter.say(f"Một tiến trình khác đang tải {model.id}; đang chờ.")
            try:
                lock.acquire(timeout=self._lock_wait)
            except Timeout as error:
                raise Busy(
                    f"Một tiến trình khác vẫn đang tải {model.id}.", "Hãy chờ nó xong rồi chạy lại."
                ) from error
        try:
            yield
        finally:
            lock.release()


def _size_of(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None


def _intact(path: Path, file: ModelFile, reporter: Reporter) -> bool:
    return _size_of(path) == file.size and sha256_of(path, reporter.advance) == file.sha256


def _fingerprint(model: Model, folder: Path) -> dict[str, list[object]]:
    """What the marker holds: for each file its pinned hash, its size and when it last changed."""
    stats = {file: (folder / file.name).stat() for file in model.files}
    return {
        file.name: [file.sha256, stat.st_size, stat.st_mtime_ns] for file, stat in stats.items()
    }
