"""Makes the files of a snapshot out of notices."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from corpus.notice import Clause, Notice
from index.embedder import Embedder, Vectors
from index.embedding_cache import EmbeddingCache, cache_key
from index.lexical import LexicalIndex
from index.passages import Passage, passages_of
from index.snapshot import (
    FORMAT,
    LEXICAL,
    MANIFEST,
    NOTICES,
    PASSAGES,
    VECTORS,
    Counts,
    FileEntry,
    IndexSettings,
    Manifest,
    manifest_to_bytes,
    notices_to_bytes,
    passages_to_bytes,
    sha256_of,
)
from index.stores.factory import new_store

Progress = Callable[[int, int], None]
"""Gets the passages that have their vector, and all of them."""

_CHECKPOINT = 256  # texts embedded between two commits to the cache: what a kill can cost


@dataclass(frozen=True, slots=True)
class BuildInput:
    """Notices in a fixed order with what shapes their index."""

    notices: tuple[Notice, ...]
    notices_json: bytes
    id: str

    @classmethod
    def of(
        cls, notices: Iterable[Notice], embedder: Embedder, settings: IndexSettings
    ) -> BuildInput:
        """Order the notices and work out the id of the snapshot they give.

        Raises:
            ValueError: two notices have the same id.
        """
        ordered = tuple(sorted(notices, key=lambda notice: notice.id))
        if len({notice.id for notice in ordered}) != len(ordered):
            raise ValueError("two notices with the same id")
        notices_json = notices_to_bytes(ordered)
        shape = json.dumps([FORMAT, embedder.id, embedder.dimension, asdict(settings)])
        digest = hashlib.sha256(shape.encode() + b"\n" + notices_json).hexdigest()
        return cls(ordered, notices_json, digest[:16])


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a build works with.

    Args:
        settings: how to build.
        embedder: for passages that the cache doesn't know.
        cache: gets every new vector as soon as it is there.
        progress: gets passages done and all passages.
        sync: brings one file or directory to the disk.
    """

    settings: IndexSettings
    embedder: Embedder
    cache: EmbeddingCache
    progress: Progress
    sync: Callable[[Path], None]


def write_snapshot(folder: Path, given: BuildInput, created: datetime, workshop: Workshop) -> str:
    """Write a whole snapshot into the new directory ``folder`` and bring it to the disk.

    Args:
        folder: made here; whatever interrupts leaves it incomplete and without a manifest.
        given: the notices.
        created: for the manifest.
        workshop: what to build with.

    Returns:
        SHA-256 of the manifest.

    Raises:
        OSError: the disk is full or not writable.
    """
    settings, embedder = workshop.settings, workshop.embedder
    folder.mkdir()
    passages = [
        passage
        for notice in given.notices
        for passage in passages_of(
            notice, settings.passages, embedder.window, embedder.count_tokens
        )
    ]
    vectors, embedded = embed_passages(passages, embedder, workshop.cache, workshop.progress)
    store = new_store(embedder.dimension)
    store.add(vectors)
    notices = {notice.id: notice for notice in given.notices}
    clauses = {clause.id: clause for notice in given.notices for clause in notice.clauses}
    words = [lexical_text(notices[p.notice_id], clauses[p.clause_id], p) for p in passages]

    (folder / NOTICES).write_bytes(given.notices_json)
    (folder / PASSAGES).write_bytes(passages_to_bytes(passages))
    store.save(folder / VECTORS)
    LexicalIndex.build(words, settings.k1, settings.b).save(folder / LEXICAL)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in files:
        workshop.sync(path)
    manifest = Manifest(
        format=FORMAT,
        id=given.id,
        created=created,
        embedder=embedder.id,
        dimension=embedder.dimension,
        settings=settings,
        counts=Counts(
            notices=len(notices),
            clauses=len(clauses),
            passages=len(passages),
            embedded=embedded,
            reused=len(passages) - embedded,
        ),
        notices={notice.id: notice.content_hash for notice in given.notices},
        files={
            path.relative_to(folder).as_posix(): FileEntry(path.stat().st_size, sha256_of(path))
            for path in files
        },
    )
    raw = manifest_to_bytes(manifest)
    (folder / MANIFEST).write_bytes(raw)
    workshop.sync(folder / MANIFEST)
    for path in [*(path for path in folder.rglob("*") if path.is_dir()), folder]:
        workshop.sync(path)
    return hashlib.sha256(raw).hexdigest()


def embed_passages(
    passages: Sequence[Passage], embedder: Embedder, cache: EmbeddingCache, progress: Progress
) -> tuple[Vectors, int]:
    """Return a vector per passage, shape (n, dimension), and how many were embedded anew.

    Texts that occur twice with the same title are embedded once.
    """
    keys = [cache_key(embedder.id, passage.title, passage.text) for passage in passages]
    known = cache.get(list(dict.fromkeys(keys)), embedder.dimension)
    missing = {
        key: passage for key, passage in zip(keys, passages, strict=True) if key not in known
    }
    # Like lengths together: the embedder batches texts of one token count.
    todo = sorted(missing, key=lambda key: len(missing[key].title) + len(missing[key].text))
    done = len(passages) - len(todo)
    progress(done, len(passages))
    for start in range(0, len(todo), _CHECKPOINT):
        part = todo[start : start + _CHECKPOINT]
        vectors = embedder.embed_documents(
            [missing[key].text for key in part],
            [missing[key].title for key in part],
            _after(progress, done + start, len(passages)),
        )
        fresh = dict(zip(part, vectors, strict=True))
        cache.put(fresh)
        known.update(fresh)
    rows = np.empty((len(passages), embedder.dimension), dtype=np.float32)
    for row, key in enumerate(keys):
        rows[row] = known[key]
    return rows, len(todo)


def _after(progress: Progress, before: int, total: int) -> Callable[[int], None]:
    return lambda done: progress(before + done, total)


def lexical_text(notice: Notice, clause: Clause, passage: Passage) -> str:
    """Return what the words of a passage are: the notice's name, all its context, its text."""
    return "\n".join((notice.short_name, *(part.text for part in clause.context), passage.text))


def sync_to_disk(path: Path) -> None:
    """Wait until a file or the entries of a directory are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
