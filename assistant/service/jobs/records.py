"""A job: files that somebody sent, and what has become of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum, unique
from functools import cached_property

from corpus.blocks import Recognised
from corpus.notice import Header


@unique
class FileState(StrEnum):
    """How far a file is."""

    WAITING = "waiting"
    READING = "reading"
    STORED = "stored"  # in the library, not yet in the index
    DONE = "done"  # questions are answered from it
    REFUSED = "refused"  # it can't be taken in as it is
    FAILED = "failed"  # something else went wrong: it can be tried again
    CANCELLED = "cancelled"
    LOST = "lost"  # the service stopped before it was read

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens to it by itself."""
        return self not in {FileState.WAITING, FileState.READING, FileState.STORED}

    @property
    def vietnamese(self) -> str:
        """The words shown to people."""
        return _WORDS[self]


_WORDS = {
    FileState.WAITING: "Đang chờ đọc",
    FileState.READING: "Đang đọc",
    FileState.STORED: "Đã đọc, chờ lập chỉ mục",
    FileState.DONE: "Xong",
    FileState.REFUSED: "Bị từ chối",
    FileState.FAILED: "Chưa xong, thử lại được",
    FileState.CANCELLED: "Đã bỏ",
    FileState.LOST: "Bị gián đoạn",
}


@dataclass(frozen=True, slots=True)
class JobFile:
    """A file of a job.

    Args:
        position: 0-based place in the job.
        name: as it was sent; of a file in an archive with the way to it.
        size: bytes.
        sha256: hex digest of its bytes.
        state: how far it is.
        revision: grows with every change of the job's files.
        outcome: what the library did with it (``Outcome``), ``""`` before.
        notice_id: the notice that it is, ``""`` before.
        known_as: the file name under which its content was there before.
        header: what was read of the notice.
        recognised: what else was read.
        message: why it is not taken in, or what failed; ``""`` if nothing.
        remedy: what can be done.
    """

    position: int
    name: str
    size: int
    sha256: str
    state: FileState = FileState.WAITING
    revision: int = 0
    outcome: str = ""
    notice_id: str = ""
    known_as: str = ""
    header: Header | None = None
    recognised: Recognised | None = None
    message: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class Job:
    """Files of one owner.

    Args:
        id: made by chance.
        owner: name of the caller.
        created_at: in UTC.
        files: in the order they were sent.
    """

    id: str
    owner: str
    created_at: datetime
    files: tuple[JobFile, ...]

    @cached_property
    def counts(self) -> Counter[FileState]:
        """How many files are how far."""
        return Counter(file.state for file in self.files)

    @property
    def revision(self) -> int:
        """The latest change of its files; -1 without files."""
        return max((file.revision for file in self.files), default=-1)

    def with_changes(self, changed: Sequence[JobFile]) -> Job:
        """Return the job with files as they are now."""
        files = {file.position: file for file in (*self.files, *changed)}
        return replace(self, files=tuple(files[position] for position in sorted(files)))

    @property
    def is_finished(self) -> bool:
        """Whether nothing more happens by itself."""
        return all(file.state.is_final for file in self.files)

    @property
    def settled(self) -> int:
        """How many files nothing more happens to."""
        return sum(count for state, count in self.counts.items() if state.is_final)

    @property
    def can_retry(self) -> bool:
        """Whether trying again may help."""
        return bool(self.counts[FileState.FAILED])

    @property
    def can_cancel(self) -> bool:
        """Whether some file can still be left out."""
        return bool(self.counts[FileState.WAITING])
