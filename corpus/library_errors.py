"""Says in the words of ``corpus.errors`` what SQLite complains about."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import Busy, CongvuError, Damaged, NoSpace, NotReady

_RESTORE = "Khôi phục thư viện từ bản sao lưu, hoặc đổi tên tệp này rồi chạy `congvu add` lại."


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Raise a ``CongvuError`` for a failure of the library at ``path``, not a bare SQLite one."""
    try:
        yield
    except sqlite3.Error as error:
        told = _explain(error, path)
        if told is None:
            raise
        raise told from error


def not_a_library(path: Path) -> Damaged:
    """The file is damaged, or was never a library."""
    return Damaged(f"Thư viện “{path}” bị hỏng hoặc không phải thư viện của congvu.", _RESTORE)


def newer_schema(path: Path) -> NotReady:
    """The file was written by a newer congvu."""
    return NotReady(
        f"Thư viện “{path}” do bản congvu mới hơn ghi.", "Nâng cấp congvu rồi chạy lại."
    )


def _explain(error: sqlite3.Error, path: Path) -> CongvuError | None:
    # The low byte is the primary code, https://sqlite.org/rescode.html
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return not_a_library(path)
        case sqlite3.SQLITE_IOERR:
            return Damaged(f"Lỗi đọc ghi ổ đĩa ở thư viện “{path}”.", f"Kiểm tra ổ đĩa. {_RESTORE}")
        case sqlite3.SQLITE_FULL:
            return NoSpace(
                f"Ổ đĩa chứa thư viện “{path}” đã đầy; chưa có gì thay đổi.",
                "Giải phóng dung lượng rồi thử lại.",
            )
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Busy(
                f"Thư viện “{path}” đang được một tiến trình khác ghi.", "Chờ một lát rồi thử lại."
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return NotReady(
                f"Không mở được thư viện “{path}” để ghi.",
                "Kiểm tra thư mục có tồn tại và quyền ghi vào thư mục đó.",
            )
    return None
