"""The tables of the audit log, with the triggers that keep them append-only.

The triggers stop mistakes and careless tools; who can write the file can also drop them, and
then the hashes tell.
"""

from __future__ import annotations

from corpus.store.database import Schema

RESTORE = (
    "Giữ các tệp hiện có làm bằng chứng, rồi khôi phục cả audit.sqlite lẫn audit-head.sqlite từ"
    " cùng một bản sao lưu."
)

SCHEMA = Schema(
    name="nhật ký kiểm toán",
    restore=RESTORE,
    version=1,
    statements=(
        """
        CREATE TABLE record (
            seq INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            kind TEXT NOT NULL,
            outcome TEXT NOT NULL,
            body TEXT NOT NULL,
            personal_hash TEXT NOT NULL,
            previous TEXT NOT NULL,
            hash TEXT NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE personal (
            seq INTEGER PRIMARY KEY REFERENCES record (seq),
            salt BLOB NOT NULL,
            caller TEXT NOT NULL,
            question TEXT
        ) STRICT
        """,
        "CREATE INDEX personal_of ON personal (caller)",
        # The last record that was dropped; a row with seq 0 before any was.
        """
        CREATE TABLE anchor (
            only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
            seq INTEGER NOT NULL,
            hash TEXT NOT NULL
        ) STRICT
        """,
        "INSERT INTO anchor VALUES (1, 0, printf('%064d', 0))",
        # Holds a row only inside the transaction of a purge or of the retention.
        "CREATE TABLE erasing (only_row INTEGER PRIMARY KEY CHECK (only_row = 1)) STRICT",
        """
        CREATE TRIGGER record_in_order BEFORE INSERT ON record
        WHEN NEW.seq IS NOT
            coalesce((SELECT max(seq) FROM record), (SELECT seq FROM anchor)) + 1
        BEGIN SELECT raise(ABORT, 'audit records are only appended'); END
        """,
        """
        CREATE TRIGGER record_fixed BEFORE UPDATE ON record
        BEGIN SELECT raise(ABORT, 'audit records are never changed'); END
        """,
        """
        CREATE TRIGGER record_kept BEFORE DELETE ON record
        WHEN NOT EXISTS (SELECT 1 FROM erasing)
        BEGIN SELECT raise(ABORT, 'audit records are never deleted'); END
        """,
        """
        CREATE TRIGGER personal_with_last BEFORE INSERT ON personal
        WHEN NEW.seq IS NOT (SELECT max(seq) FROM record)
        BEGIN SELECT raise(ABORT, 'audit records are only appended'); END
        """,
        """
        CREATE TRIGGER personal_fixed BEFORE UPDATE ON personal
        BEGIN SELECT raise(ABORT, 'audit records are never changed'); END
        """,
        """
        CREATE TRIGGER personal_kept BEFORE DELETE ON personal
        WHEN NOT EXISTS (SELECT 1 FROM erasing)
        BEGIN SELECT raise(ABORT, 'personal data are erased by purging only'); END
        """,
        """
        CREATE TRIGGER anchor_fixed BEFORE UPDATE ON anchor
        WHEN NOT EXISTS (SELECT 1 FROM erasing)
        BEGIN SELECT raise(ABORT, 'the anchor moves with the retention only'); END
        """,
    ),
)

HEAD_SCHEMA = Schema(
    name="dấu cuối chuỗi nhật ký",
    restore=RESTORE,
    version=1,
    statements=(
        """
        CREATE TABLE head (
            only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
            seq INTEGER NOT NULL,
            hash TEXT NOT NULL
        ) STRICT
        """,
        "INSERT INTO head VALUES (1, 0, printf('%064d', 0))",
    ),
    # It may lag behind the log after a power cut, which is allowed; a sync would only cost.
    durable=False,
)
