"""Jobs as callers see and steer them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

from assistant.service.callers import Caller, Scope
from assistant.service.jobs.records import FileState, Job, JobFile
from assistant.service.service import Service
from assistant.service.uploads import check_size, plain_name
from corpus.readers import is_container, members_in, reader_for

_LISTED = 20


class JobDesk:
    """Takes files in as jobs.

    Args:
        service: whose notices they become.
        now: gives the time.
    """

    def __init__(
        self, service: Service, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._service = service
        self._store = service.records.jobs
        self._worker = service.jobs
        self._now = now

    def submit(self, file_name: str, data: bytes, caller: Caller, job_id: str | None = None) -> Job:
        """Take a file, or all documents in an archive or a message, and read it later.

        Args:
            file_name: as the person's machine calls it.
            data: the whole file; it stays in memory until it is judged to be no secret.
            caller: who adds.
            job_id: a job of the caller's that the file is added to; None for a new one.

        Raises:
            Forbidden: the caller may not manage notices.
            NotFound: the caller has no such job.
            UnreadableFile: no reader takes such a file, or the archive can't be opened.
            BadInput: too large, without a name, or one too many for the job.
            Busy: too much waits already.
        """
        self._service.allow(caller, Scope.MANAGE)
        check_size(data, self._service.workspace.settings.upload_max_mb)
        name = plain_name(file_name)
        if is_container(name):
            found = [(f"{name}/{one.name}", one.data) for one in members_in(data, name)]
        else:
            reader_for(name)
            found = [(name, data)]
        self._worker.reserve(sum(len(one) for _, one in found))
        if job_id is None:
            job_id = self._store.create(caller.name, self._now())
        rows = [(one, len(held), hashlib.sha256(held).hexdigest()) for one, held in found]
        places = self._store.append(job_id, caller.name, rows)
        files = [(place, held) for place, (_, held) in zip(places, found, strict=True)]
        self._worker.take(job_id, files, caller)
        return self._store.job(job_id, caller.name)

    def job(self, job_id: str, caller: Caller) -> Job:
        """Return a job.

        Raises:
            Forbidden: the caller may not manage notices.
            NotFound: the caller has no such job.
        """
        self._service.allow(caller, Scope.MANAGE)
        return self._store.job(job_id, caller.name)

    def changes(self, job: Job, caller: Caller) -> tuple[JobFile, ...]:
        """Return the files of a job that changed since it was looked up.

        Raises:
            Forbidden, NotFound: as for ``job``.
        """
        self._service.allow(caller, Scope.MANAGE)
        return self._store.changes(job.id, caller.name, job.revision)

    def jobs(self, caller: Caller) -> tuple[Job, ...]:
        """Return the latest jobs of the caller, the newest first.

        Raises:
            Forbidden: the caller may not manage notices.
        """
        self._service.allow(caller, Scope.MANAGE)
        return self._store.jobs(caller.name, _LISTED)

    def cancel(self, job_id: str, caller: Caller) -> Job:
        """Leave out what is not read yet; what is in the library stays there.

        Raises:
            Forbidden, NotFound: as for ``job``.
        """
        self._service.allow(caller, Scope.MANAGE)
        gone = self._store.cancel(job_id, caller.name)
        self._worker.drop([(job_id, position) for position in gone])
        return self._store.job(job_id, caller.name)

    def retry(self, job_id: str, caller: Caller) -> Job:
        """Try again what failed.

        Raises:
            Forbidden, NotFound: as for ``job``.
        """
        job = self.job(job_id, caller)
        failed = [one.position for one in job.files if one.state is FileState.FAILED]
        self._worker.retry(job_id, failed, caller)
        return self._store.job(job_id, caller.name)

    def indexing(self, job: Job) -> tuple[int, int] | None:
        """Return passages done and all of them while the files of a job are indexed, or None."""
        return self._worker.indexing if job.counts[FileState.STORED] else None
