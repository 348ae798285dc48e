"""What outlives a serving process, and its bounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from assistant.runtime.settings import Settings
from assistant.service.audit import log as audit_file
from assistant.service.audit.log import AuditLog
from assistant.service.history import conversations as history_file
from assistant.service.history.conversations import History
from assistant.service.jobs import store as job_file
from assistant.service.jobs.store import JobStore

_DAYS_OF_MONTH = 30.5


@dataclass(frozen=True, slots=True)
class ServiceOptions:
    """Bounds of a serving process.

    Args:
        parallel: questions answered at the same time.
        waiting: questions that may wait.
        seconds: time allowed for one answer.
        per_minute: requests of a caller whose key sets nothing else.
        cached: answers remembered.
        kept: how long history and audit log go back.
    """

    parallel: int = 12
    waiting: int = 8
    seconds: float = 60.0
    per_minute: int = 60
    cached: int = 256
    kept: timedelta = timedelta(days=366)

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Take them from the settings."""
        return cls(
            parallel=settings.parallel_questions,
            waiting=settings.queue_size,
            seconds=settings.answer_seconds,
            per_minute=settings.questions_per_minute,
            cached=settings.answer_cache,
            kept=timedelta(days=_DAYS_OF_MONTH * settings.audit_months),
        )


@dataclass(frozen=True, slots=True)
class Records:
    """What outlives the process.

    Args:
        history: conversations and feedback.
        audit: who asked what and what came of it.
        jobs: files that are taken in in the background.
    """

    history: History
    audit: AuditLog
    jobs: JobStore

    @classmethod
    def open(cls, home: Path) -> Self:
        """Open them under ``home``."""
        return cls(
            History.open(home / history_file.FILE_NAME),
            AuditLog.open(home / audit_file.FILE_NAME),
            JobStore.open(home / job_file.FILE_NAME),
        )

    def tidy(self, now: datetime, kept: timedelta) -> None:
        """Forget what is older than ``kept``, and for good what people have deleted."""
        self.history.expunge(now)
        self.history.forget_before(now - kept)
        self.audit.forget_before(now - kept)
        self.jobs.forget_before(now - kept)

    def close(self) -> None:
        """Close the files."""
        self.history.close()
        self.audit.close()
        self.jobs.close()
