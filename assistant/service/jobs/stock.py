"""The workspace as the worker needs it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assistant.runtime.intake import AddReport
from assistant.runtime.workspace import Workspace
from corpus.parse.version import reading_code


class WorkspaceStock:
    """Stores and indexes in a workspace.

    Args:
        workspace: the notices and their index.
        changed: called when there is a new index.
    """

    def __init__(self, workspace: Workspace, changed: Callable[[], None]) -> None:
        self._workspace = workspace
        self._changed = changed

    def store_upload(self, file_name: Path, data: bytes) -> AddReport:
        """See ``worker.Stock``."""
        return self._workspace.store_upload(file_name, data)

    def is_kept(self, sha256: str) -> str | None:
        """See ``worker.Stock``."""
        known = self._workspace.library.origins.read_from(sha256, reading_code())
        return known.id if known is not None else None

    def index(self, progress: Callable[[int, int], None]) -> None:
        """See ``worker.Stock``."""
        self._workspace.index(progress)
        self._changed()

    def is_behind(self) -> bool:
        """See ``worker.Stock``."""
        return self._workspace.is_behind()
