"""What the notices of a library were read from: their files, and what the readers told of them.

The files lie in a folder of their own (``Originals``). One is written before the row that needs it
is committed and deleted after that is gone, each while no other process can write into the
library: a kill between the two leaves a file that nobody needs, never a row whose file is
missing. ``sweep`` deletes such files.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from sqlite3 import Connection

from corpus.blocks import Block, Pages, Recognised, pages_of
from corpus.errors import NotFound
from corpus.notice import Notice
from corpus.store.block_rows import (
    blocks_from_json,
    blocks_to_json,
    pages_from_json,
    pages_to_json,
    recognised_from_json,
    recognised_to_json,
)
from corpus.store.database import Database
from corpus.store.library_rows import StoredNotice, spans_to_json
from corpus.store.notice_rows import NoticeRows
from corpus.store.originals import Originals

TABLES = (
    """
    CREATE TABLE origin (
        notice_id TEXT PRIMARY KEY REFERENCES notice (id) ON DELETE CASCADE ON UPDATE CASCADE,
        original TEXT NOT NULL,
        size INTEGER NOT NULL,
        pages TEXT NOT NULL,
        blocks TEXT NOT NULL,
        recognised TEXT NOT NULL,
        read_by TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX origin_by_file ON origin (original)",
)
"""A notice that an older congvu added has none until its file is added again."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a notice was read from.

    Args:
        data: the whole original file.
        blocks: of its text, in order.
        recognised: what came of reading it.
        read_by: which code read it (``corpus.parse.version``).
    """

    data: bytes = field(repr=False)
    blocks: tuple[Block, ...] = field(repr=False)
    recognised: Recognised
    read_by: str


class Origins:
    """What the notices of a library were read from.

    Args:
        database: of the library.
        originals: the files.
        notices: of the library.
    """

    def __init__(self, database: Database, originals: Originals, notices: NoticeRows) -> None:
        self._db = database
        self._originals = originals
        self._notices = notices

    def keep(self, db: Connection, notice: Notice, origin: Origin) -> bool:
        """Keep what a content was read from, and its doubts, unless what is kept is as good.

        That is put in where there is none or where other code read it, but not what is of another
        format than the one that is there.

        Args:
            db: while it is written to.
            notice: its content has a row, maybe with another id and file name.
            origin: what it was read from.

        Returns:
            Whether it is kept now in the place of what was kept before.

        Raises:
            NoSpace: the disk is full.
        """
        notice_id, file_name, read_by = db.execute(
            "SELECT id, file_name, read_by FROM notice LEFT JOIN origin ON notice_id = id"
            " WHERE content_hash = ?",
            (notice.content_hash,),
        ).fetchone()
        lacking = read_by is None and notice_id == notice.id
        same_format = _ending(file_name) == _ending(notice.file_name)
        if not lacking and (read_by == origin.read_by or not same_format):
            return False
        db.execute(
            "UPDATE notice SET unsure = ? WHERE id = ?", (spans_to_json(notice.unsure), notice_id)
        )
        # The original is handed out under the name of the notice.
        db.execute(
            "UPDATE notice SET file_name = ? WHERE id = ? AND id = ?"
            " AND NOT EXISTS (SELECT * FROM origin WHERE notice_id = id)",
            (notice.file_name, notice_id, notice.id),
        )
        db.execute(
            "INSERT OR REPLACE INTO origin"
            " (notice_id, original, size, pages, blocks, recognised, read_by)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                notice_id,
                self._originals.keep(origin.data),
                len(origin.data),
                pages_to_json(pages_of(origin.blocks)),
                blocks_to_json(origin.blocks),
                recognised_to_json(origin.recognised),
                origin.read_by,
            ),
        )
        return True

    def sweep(self) -> None:
        """Delete the originals that no notice needs, such as those that a kill left."""
        with self._db.writing() as db:
            rows = db.execute("SELECT original FROM origin").fetchall()
            self._originals.keep_only({row[0] for row in rows})

    def original(self, notice_id: str) -> bytes:
        """Return the file that a notice of any version was read from.

        Raises:
            NotFound: there is no such id, or no file is kept: an older congvu added it, or pages
                could not be read.
            Damaged: the file on the disk is another one.
        """
        stored = self._notices.get(notice_id)
        rows = self._db.rows("SELECT original FROM origin WHERE notice_id = ?", (notice_id,))
        if not rows:
            raise NotFound(
                f"Tệp gốc của “{stored.file_name}” chưa được giữ: văn bản do bản congvu cũ thêm,"
                " hoặc tệp có trang chưa đọc được.",
                "Thêm lại tệp ấy một lần nữa; tệp có trang quét thì cài phần nhận dạng chữ trước.",
            )
        return self._originals.read(rows[0][0])

    def blocks(self, notice_id: str) -> tuple[Block, ...]:
        """Return what the reader told of the pieces of a notice's text; empty if it is not known.

        Raises:
            NotFound: there is no such id.
        """
        self._notices.get(notice_id)
        rows = self._db.rows("SELECT blocks FROM origin WHERE notice_id = ?", (notice_id,))
        return blocks_from_json(rows[0][0]) if rows else ()

    def pages(self, notice_id: str) -> Pages:
        """Return where the pages of a notice's text begin; empty if it is not known."""
        rows = self._db.rows("SELECT pages FROM origin WHERE notice_id = ?", (notice_id,))
        return pages_from_json(rows[0][0]) if rows else ()

    def recognised(self, notice_id: str) -> Recognised | None:
        """Return what came of reading a notice's file, None if an older congvu added it.

        Raises:
            NotFound: there is no such id.
        """
        self._notices.get(notice_id)
        rows = self._db.rows("SELECT recognised FROM origin WHERE notice_id = ?", (notice_id,))
        return recognised_from_json(rows[0][0]) if rows else None

    def read_from(self, original: str, read_by: str) -> StoredNotice | None:
        """Return the current notice that was read from a file, or None.

        Args:
            original: SHA-256 hex digest of the file.
            read_by: the code that must have read it: another may read it otherwise.
        """
        found = self._notices.select(
            "WHERE original = ? AND read_by = ? AND superseded_at IS NULL", (original, read_by)
        )
        return found[0] if found else None

    def kept_bytes(self) -> tuple[int, int]:
        """Return how many originals there are, and how many bytes they take on the disk."""
        sizes = self._originals.sizes()
        return len(sizes), sum(sizes.values())


def _ending(file_name: str) -> str:
    return PurePath(file_name).suffix.lower()
