"""Says in the words of ``corpus.errors`` what SQLite complains about."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import Busy, CongvuError, Damaged, NoSpace, NotReady


def blames_disk(error: Damaged) -> bool:
    """Whether the disk could not be read or written; the file itself may be sound."""
    code = getattr(error.__cause__, "sqlite_errorcode", 0)
    return bool(code & 0xFF == sqlite3.SQLITE_IOERR)


@dataclass(frozen=True, slots=True)
class Wording:
    """How people speak of one SQLite file.

    Args:
        path: the file.
        name: what it holds, in Vietnamese and lower case: ``thư viện``.
        restore: what to do when it is damaged, a Vietnamese sentence.
    """

    path: Path
    name: str
    restore: str

    @property
    def told(self) -> str:
        """The file at the beginning of a sentence."""
        return f"{self.name[:1].upper()}{self.name[1:]} “{self.path}”"

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Raise a ``CongvuError`` for a failure of the file, not a bare SQLite one."""
        try:
            yield
        except sqlite3.Error as error:
            told = self._explain(error)
            if told is None:
                raise
            raise told from error

    def damaged(self) -> Damaged:
        """The file is damaged, or was never what it should be."""
        return Damaged(f"{self.told} bị hỏng hoặc không phải {self.name} của congvu.", self.restore)

    def newer(self) -> NotReady:
        """The file was written by a newer congvu."""
        return NotReady(f"{self.told} do bản congvu mới hơn ghi.", "Nâng cấp congvu rồi chạy lại.")

    def too_old(self, version: int) -> NotReady:
        """The file was written by a congvu so old that no migration leads from it."""
        return NotReady(
            f"{self.told} có định dạng quá cũ (phiên bản {version}), bản congvu này không chuyển"
            " được.",
            f"Chạy một bản congvu trung gian trước (xem mục Nâng cấp của README). {self.restore}",
        )

    def _explain(self, error: sqlite3.Error) -> CongvuError | None:
        # The low byte is the primary code, https://sqlite.org/rescode.html
        match getattr(error, "sqlite_errorcode", 0) & 0xFF:
            case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
                return self.damaged()
            case sqlite3.SQLITE_IOERR:
                return Damaged(
                    f"Lỗi đọc ghi ổ đĩa ở {self.name} “{self.path}”.",
                    f"Kiểm tra ổ đĩa. {self.restore}",
                )
            case sqlite3.SQLITE_FULL:
                return NoSpace(
                    f"Ổ đĩa chứa {self.name} “{self.path}” đã đầy; chưa có gì thay đổi.",
                    "Giải phóng dung lượng rồi thử lại.",
                )
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                return Busy(
                    f"{self.told} đang được một tiến trình khác ghi.", "Chờ một lát rồi thử lại."
                )
            case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
                return NotReady(
                    f"Không mở được {self.name} “{self.path}” để ghi.",
                    "Kiểm tra thư mục có tồn tại và quyền ghi vào thư mục đó.",
                )
        return None
