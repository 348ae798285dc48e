"""What a suite is: questions of one format, and how each becomes a record.

A suite is made from its data before a model is opened, so that bad data is told at once; a
session is opened only if a question is left to ask.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from filelock import FileLock, Timeout

from assistant.runtime.settings import Settings
from assistant.runtime.workspace import Workspace
from corpus.errors import Busy
from eval.machine import sha256_of_files
from eval.measures import Record
from eval.statistics import SEED

_KEPT = frozenset({"cache", "run.lock"})

Progress = Callable[[int, int], None]
"""Gets what is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class DataInfo:
    """What a run was asked from.

    Args:
        path: file or folder, as given.
        sha256: of the names and contents of its files.
        lacks: what it lacks, one Vietnamese sentence each.
    """

    path: str
    sha256: str
    lacks: tuple[str, ...] = ()

    @classmethod
    def of(cls, path: Path, files: Sequence[Path], lacks: Sequence[str] = ()) -> DataInfo:
        """Hash ``files``, which must be there."""
        return cls(str(path), sha256_of_files(tuple(files)), tuple(lacks))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a session is opened with.

    Args:
        settings: of the run.
        open_workspace: opens what settings point to.
        progress: hears how an index grows, in passages.
    """

    settings: Settings
    open_workspace: Callable[[Settings], Workspace]
    progress: Progress

    @contextmanager
    def workspace(self, name: str, data: Path) -> Iterator[Workspace]:
        """Open a workspace of its own, empty but for the embeddings of earlier runs.

        Library and index are made anew each time: how texts are read and indexed may have
        changed, and a run must not measure the code of the day before.

        Args:
            name: of the kind of home.
            data: the documents that fill it; another path has another home.

        Raises:
            Busy: another run uses it.
        """
        digest = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:8]
        home = self.settings.home / "eval" / f"{name}-{digest}"
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with FileLock(home / "run.lock", timeout=0):
                _empty(home)
                inner = self.settings.model_copy(update={"home": home})
                with self.open_workspace(inner) as workspace:
                    yield workspace
        except Timeout as error:
            raise Busy(
                f"Một lần chạy khác đang dùng {home}.", "Đợi lần chạy đó xong rồi chạy lại."
            ) from error


def _empty(home: Path) -> None:
    for path in home.iterdir():
        if path.name in _KEPT:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


class Session(Protocol):
    """A suite with its models open."""

    @property
    def versions(self) -> Mapping[str, str]:
        """Snapshot, llm, embedder, prompt; ``""`` for what isn't used."""

    def record(self, task: str) -> Record:
        """Do one task of the suite; what it fails at is part of the record."""


class Suite(Protocol):
    """One kind of measurement."""

    @property
    def name(self) -> str:
        """As on the command line."""

    @property
    def data(self) -> DataInfo:
        """Where its questions come from."""

    @property
    def options(self) -> Mapping[str, object]:
        """What else shapes the run."""

    @property
    def tasks(self) -> tuple[str, ...]:
        """Ids of the records, in order."""

    def open(self, surroundings: Surroundings) -> AbstractContextManager[Session]:
        """Open the models and build the index."""


def subsample(ids: Sequence[str], limit: int | None) -> tuple[str, ...]:
    """Return at most ``limit`` of ``ids``, seeded, in their order; all where None."""
    if limit is None or limit >= len(ids):
        return tuple(ids)
    chosen = np.random.default_rng(SEED).choice(len(ids), size=limit, replace=False)
    return tuple(ids[i] for i in sorted(chosen))


def to_json(value: object) -> Any:  # noqa: ANN401 - whatever it was
    """Return ``value`` as it will be read back: tuples as lists."""
    return json.loads(json.dumps(value, ensure_ascii=False))
