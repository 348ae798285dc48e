"""The jobs in one SQLite file; their bytes are never in it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection
from typing import Any, Final, Self

from assistant.service.jobs.records import FileState, Job, JobFile
from corpus.errors import BadInput, NotFound
from corpus.store.block_rows import recognised_from_json, recognised_to_json
from corpus.store.closing import Closing
from corpus.store.database import Database, Schema, stamp, storable
from corpus.store.library_rows import header_from_json, header_to_json

FILE_NAME: Final = "jobs.sqlite"
MOST_FILES: Final = 5_000
"""Files of a job: each list of them, and whoever follows it, holds them all."""
_SCHEMA = Schema(
    name="sổ việc nhận tệp",
    restore="Đổi tên tệp này để bắt đầu sổ mới; văn bản đã nhận vẫn còn trong kho.",
    version=1,
    statements=(
        """
        CREATE TABLE job (
            id TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX jobs_of ON job (owner, created_at)",
        """
        CREATE TABLE file (
            job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            size INTEGER NOT NULL,
            sha256 TEXT NOT NULL,
            state TEXT NOT NULL,
            revision INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            notice_id TEXT NOT NULL,
            known_as TEXT NOT NULL,
            header TEXT NOT NULL,
            recognised TEXT NOT NULL,
            message TEXT NOT NULL,
            remedy TEXT NOT NULL,
            PRIMARY KEY (job_id, position)
        ) STRICT
        """,
        "CREATE INDEX files_by_state ON file (state)",
        "CREATE INDEX files_by_revision ON file (job_id, revision)",
    ),
)
_FILE: Final = (
    "position, name, size, sha256, state, revision, outcome, notice_id, known_as, header,"
    " recognised, message, remedy"
)


class JobStore(Closing):
    """Keeps jobs; any thread may use it."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @classmethod
    def open(cls, path: Path, timeout_s: float = 10.0) -> Self:
        """Open the file at ``path``, making it where there is none; raises as ``Database.open``."""
        return cls(Database.open(path, _SCHEMA, timeout_s))

    def close(self) -> None:
        """Close the file; the jobs can't be used afterwards."""
        self._db.close()

    def create(self, owner: str, now: datetime) -> str:
        """Begin a job without files and return its id."""
        job_id = uuid.uuid4().hex
        with self._db.writing() as db:
            db.execute("INSERT INTO job VALUES (?, ?, ?)", (job_id, owner, stamp(now)))
        return job_id

    def append(self, job_id: str, owner: str, files: Sequence[tuple[str, int, str]]) -> range:
        """Add files that wait to be read, and return their positions.

        Args:
            job_id: the job.
            owner: whose it must be.
            files: name, bytes and SHA-256 hex digest of each.

        Raises:
            NotFound: the owner has no such job.
            BadInput: the job would have too many files; none was added.
        """
        with self._db.writing() as db:
            self._created(job_id, owner)
            (count,) = db.execute(
                "SELECT count(*) FROM file WHERE job_id = ?", (job_id,)
            ).fetchone()
            places = range(count, count + len(files))
            if places.stop > MOST_FILES:
                raise BadInput(
                    f"Một việc nhận tệp có nhiều nhất {MOST_FILES} tệp; việc này đã có {count}.",
                    "Gửi các tệp còn lại thành một việc mới, không kèm mã của việc này.",
                )
            for position, (name, size, sha256) in zip(places, files, strict=True):
                _write(db, job_id, JobFile(position, storable(name), size, sha256))
        return places

    def job(self, job_id: str, owner: str) -> Job:
        """Return a job with its files.

        Raises:
            NotFound: the owner has no such job.
        """
        return Job(job_id, owner, self._created(job_id, owner), self.files(job_id))

    def jobs(self, owner: str, limit: int) -> tuple[Job, ...]:
        """Return the latest jobs of an owner, the newest first."""
        rows = self._db.rows(
            "SELECT id, created_at FROM job WHERE owner = ?"
            " ORDER BY created_at DESC, rowid DESC LIMIT ?",
            (owner, limit),
        )
        return tuple(
            Job(job_id, owner, datetime.fromisoformat(made), self.files(job_id))
            for job_id, made in rows
        )

    def changes(self, job_id: str, owner: str, after: int) -> tuple[JobFile, ...]:
        """Return the files of a job that changed after a revision.

        Raises:
            NotFound: the owner has no such job (any more).
        """
        self._created(job_id, owner)
        return self.files(job_id, after)

    def files(self, job_id: str, after: int = -1) -> tuple[JobFile, ...]:
        """Return the files of a job whose revision is above ``after``, in order."""
        rows = self._db.rows(
            f"SELECT {_FILE} FROM file WHERE job_id = ? AND revision > ? ORDER BY position",  # noqa: S608
            (job_id, after),
        )
        return tuple(_file_of(row) for row in rows)

    def file(self, job_id: str, position: int) -> JobFile | None:
        """Return one file, or None if its job was forgotten."""
        rows = self._db.rows(
            f"SELECT {_FILE} FROM file WHERE job_id = ? AND position = ?",  # noqa: S608
            (job_id, position),
        )
        return _file_of(rows[0]) if rows else None

    def settle(
        self, job_id: str, position: int, state: FileState, message: str = "", remedy: str = ""
    ) -> None:
        """Write down how far a file is; what was read of it stays as it is.

        Args:
            job_id: its job.
            position: its place in it.
            state: how far it is.
            message: what failed, if anything.
            remedy: what can be done.
        """
        with self._db.writing() as db:
            file = self.file(job_id, position)
            if file is not None:
                _write(db, job_id, replace(file, state=state, message=message, remedy=remedy))

    def update(self, job_id: str, file: JobFile, only_from: FileState | None = None) -> bool:
        """Write down what has become of a file.

        Args:
            job_id: its job.
            file: as it is now.
            only_from: the state that it must still be in.

        Returns:
            whether it was; and the job still there.
        """
        with self._db.writing() as db:
            row = db.execute(
                "SELECT state FROM file WHERE job_id = ? AND position = ?", (job_id, file.position)
            ).fetchone()
            if row is None or (only_from is not None and row[0] != only_from.value):
                return False
            _write(db, job_id, file)
        return True

    def cancel(self, job_id: str, owner: str) -> tuple[int, ...]:
        """Leave out the files that are not read yet, and return their positions.

        Raises:
            NotFound: the owner has no such job.
        """
        with self._db.writing() as db:
            self._created(job_id, owner)
            waiting = [
                one
                for one in self.files(job_id)
                if one.state is FileState.WAITING
                or (one.state is FileState.FAILED and not one.notice_id)
            ]
            for one in waiting:
                _write(db, job_id, replace(one, state=FileState.CANCELLED))
        return tuple(one.position for one in waiting)

    def unfinished(self) -> tuple[tuple[str, JobFile], ...]:
        """Return every file that something was still to happen to, with its job."""
        states = [state.value for state in FileState if not state.is_final]
        marks = ", ".join("?" * len(states))
        rows = self._db.rows(
            f"SELECT job_id, {_FILE} FROM file WHERE state IN ({marks})"  # noqa: S608
            " ORDER BY job_id, position",
            states,
        )
        return tuple((job_id, _file_of(row)) for job_id, *row in rows)

    def notices_told(self) -> set[str]:
        """Return the ids of the notices of which it is told what was read."""
        return {row[0] for row in self._db.rows("SELECT notice_id FROM file WHERE header != ''")}

    def forget_notices(self, notice_ids: Sequence[str]) -> None:
        """Forget for good what was read of notices that were removed."""
        with self._db.writing() as db:
            db.executemany(
                "UPDATE file SET header = '', recognised = '' WHERE notice_id = ?",
                [(one,) for one in notice_ids],
            )
        self._db.wipe()

    def forget_before(self, moment: datetime) -> None:
        """Forget the jobs that were made before."""
        with self._db.writing() as db:
            db.execute("DELETE FROM job WHERE created_at < ?", (stamp(moment),))

    def _created(self, job_id: str, owner: str) -> datetime:
        rows = self._db.rows(
            "SELECT created_at FROM job WHERE id = ? AND owner = ?", (job_id, owner)
        )
        if not rows:
            raise NotFound("Không có việc nhận tệp này.", "Xem các việc bằng GET /v1/jobs.")
        return datetime.fromisoformat(rows[0][0])


def _write(db: Connection, job_id: str, file: JobFile) -> None:
    (last,) = db.execute(
        "SELECT coalesce(max(revision), 0) FROM file WHERE job_id = ?", (job_id,)
    ).fetchone()
    db.execute(
        f"INSERT OR REPLACE INTO file (job_id, {_FILE})"  # noqa: S608
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            job_id,
            file.position,
            file.name,
            file.size,
            file.sha256,
            file.state.value,
            last + 1,
            file.outcome,
            file.notice_id,
            storable(file.known_as),
            header_to_json(file.header) if file.header is not None else "",
            recognised_to_json(file.recognised) if file.recognised is not None else "",
            storable(file.message),
            storable(file.remedy),
        ),
    )


def _file_of(row: Sequence[Any]) -> JobFile:
    position, name, size, sha256, state, revision, outcome, notice, known, head, read, *told = row
    return JobFile(
        position,
        name,
        size,
        sha256,
        FileState(state),
        revision,
        outcome,
        notice,
        known,
        header_from_json(head) if head else None,
        recognised_from_json(read) if read else None,
        *told,
    )
