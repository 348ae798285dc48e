"""Notices as they are in the library's rows, with their heads put right."""

from __future__ import annotations

from corpus.errors import NotFound
from corpus.store.corrections import Corrections
from corpus.store.database import Database
from corpus.store.library_rows import COLUMNS, StoredNotice, stored_notice


class NoticeRows:
    """Finds notices of any version.

    Args:
        database: of the library.
        corrections: of the library.
    """

    def __init__(self, database: Database, corrections: Corrections) -> None:
        self._db = database
        self._corrections = corrections

    def get(self, notice_id: str) -> StoredNotice:
        """Return a notice.

        Raises:
            NotFound: there is no such id.
        """
        found = self.select("WHERE id = ?", (notice_id,))
        if not found:
            raise unknown(notice_id)
        return found[0]

    def select(self, where: str, values: tuple[str, ...] = ()) -> tuple[StoredNotice, ...]:
        """Return the notices that a clause chooses.

        Args:
            where: SQL after the tables ``notice`` and, where there is one, ``origin``.
            values: for its question marks.
        """
        rows = self._db.rows(
            f"SELECT {COLUMNS} FROM notice LEFT JOIN origin ON notice_id = id {where}",  # noqa: S608
            values,
        )
        return self._corrections.apply([stored_notice(row) for row in rows])


def unknown(notice_id: str) -> NotFound:
    """Return what is raised where there is no such id."""
    return NotFound(
        f"Không có văn bản nào mang mã “{notice_id}”.", "Xem mã các văn bản bằng `congvu list`."
    )
