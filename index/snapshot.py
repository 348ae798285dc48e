"""One immutable, hashed state of the index, and how it is read back and checked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from corpus.errors import CongvuError, Damaged, OtherFormat
from corpus.notice import Clause, Notice
from index.lexical import LexicalIndex
from index.passages import Passage, PassageSettings
from index.stores.base import VectorStore
from index.stores.factory import load_store

FORMAT = 4
"""Raised whenever files, tokens or passages change their meaning: older snapshots are rebuilt."""

MANIFEST = "manifest.json"
NOTICES = "notices.jsonl"
PASSAGES = "passages.jsonl"
VECTORS = "vectors.faiss"
LEXICAL = "bm25"

REINDEX = "Chạy `congvu index` để lập lại chỉ mục."


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """What shapes an index besides its notices and its embedder.

    Args:
        passages: how clauses are cut.
        k1: BM25's saturation of a word's frequency.
        b: BM25's weight of a text's length, 0 to 1.
    """

    passages: PassageSettings = field(default_factory=PassageSettings)
    k1: float = 1.5
    b: float = 0.75


@dataclass(frozen=True, slots=True)
class FileEntry:
    """Size in bytes and SHA-256 hex digest of one file."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a snapshot holds, and how much of it was embedded for it."""

    notices: int
    clauses: int
    passages: int
    embedded: int
    reused: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot is made of.

    Args:
        format: ``FORMAT`` when it was built.
        id: hash of notices, embedder and settings: the same input gives the same id.
        created: when it was built, UTC.
        embedder: id of the embedder; a question must be embedded by the same one.
        dimension: components of a vector.
        settings: how it was built.
        counts: how much it holds.
        notices: notice id → content hash.
        files: path inside the snapshot → size and hash.
    """

    format: int
    id: str
    created: datetime
    embedder: str
    dimension: int
    settings: IndexSettings
    counts: Counts
    notices: dict[str, str]
    files: dict[str, FileEntry]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything a question needs, in memory.

    Args:
        manifest: what it is made of.
        notices: id → notice.
        clauses: id → clause.
        passages: row i of ``store`` and of ``lexical`` is passage i.
        store: the passages' vectors.
        lexical: the passages' words.
    """

    manifest: Manifest
    notices: dict[str, Notice]
    clauses: dict[str, Clause]
    passages: tuple[Passage, ...]
    store: VectorStore
    lexical: LexicalIndex

    @property
    def id(self) -> str:
        """Hash of what went in."""
        return self.manifest.id


_Line = TypeVar("_Line")

_NOTICE = TypeAdapter(Notice)
_PASSAGE = TypeAdapter(Passage)
_MANIFEST = TypeAdapter(Manifest)


def notices_to_bytes(notices: Iterable[Notice]) -> bytes:
    """Return the notices as JSON lines."""
    return b"".join(_NOTICE.dump_json(notice) + b"\n" for notice in notices)


def passages_to_bytes(passages: Iterable[Passage]) -> bytes:
    """Return the passages as JSON lines."""
    return b"".join(_PASSAGE.dump_json(passage) + b"\n" for passage in passages)


def manifest_to_bytes(manifest: Manifest) -> bytes:
    """Return the manifest as JSON."""
    return _MANIFEST.dump_json(manifest, indent=1) + b"\n"


def sha256_of(path: Path) -> str:
    """Return the SHA-256 hex digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_manifest(folder: Path, manifest_sha256: str) -> Manifest:
    """Check every file of the snapshot in ``folder`` against its hash.

    Args:
        folder: the snapshot's directory.
        manifest_sha256: hash of the manifest, kept outside of it.

    Raises:
        Damaged: a file is missing, cut or changed; the message names it.
        OtherFormat: another version of congvu wrote it.
    """
    path = folder / MANIFEST
    try:
        raw = path.read_bytes()
        if hashlib.sha256(raw).hexdigest() != manifest_sha256:
            raise _damaged(folder, MANIFEST, "không khớp mã băm")
        manifest = _MANIFEST.validate_json(raw)
        if manifest.format != FORMAT:
            raise OtherFormat(
                f"Bản chỉ mục {folder.name} do một bản congvu khác lập"
                f" (định dạng {manifest.format}, bản này đọc định dạng {FORMAT}).",
                REINDEX,
            )
        for name, entry in manifest.files.items():
            path = folder / name
            if path.stat().st_size != entry.size or sha256_of(path) != entry.sha256:
                raise _damaged(folder, name, "không khớp mã băm")
    except OSError as error:
        raise _damaged(folder, path.relative_to(folder).as_posix(), str(error.strerror)) from error
    except ValidationError as error:
        raise _damaged(folder, MANIFEST, "không đọc được") from error
    return manifest


def read_notices(folder: Path) -> tuple[Notice, ...]:
    """Return the notices of the checked snapshot in ``folder``.

    Raises:
        Damaged: they can't be read.
    """
    return _read_lines(folder, NOTICES, _NOTICE)


def read_passages(folder: Path) -> tuple[Passage, ...]:
    """Return the passages of the checked snapshot in ``folder``.

    Raises:
        Damaged: they can't be read.
    """
    return _read_lines(folder, PASSAGES, _PASSAGE)


def read_snapshot(folder: Path, manifest_sha256: str) -> Snapshot:
    """Check the snapshot in ``folder`` and load it.

    Args:
        folder: the snapshot's directory.
        manifest_sha256: hash of the manifest, kept outside of it.

    Raises:
        Damaged: a file is missing, cut or changed, or they don't fit together.
        OtherFormat: another version of congvu wrote it.
    """
    manifest = read_manifest(folder, manifest_sha256)
    try:
        store = load_store(folder / VECTORS)
    except OSError as error:
        raise _damaged(folder, type(error).__name__, "không đọc được") from error
    notices = read_notices(folder)
    passages = read_passages(folder)
    lexical = LexicalIndex.load(folder / LEXICAL)
    rows = {len(passages), len(store), len(lexical), manifest.counts.passages}
    if len(rows) != 1 or store.dimension != manifest.dimension:
        raise _damaged(folder, MANIFEST, "số đoạn, số véc-tơ và số chiều không khớp nhau")
    return Snapshot(
        manifest=manifest,
        notices={notice.id: notice for notice in notices},
        clauses={clause.id: clause for notice in notices for clause in notice.clauses},
        passages=passages,
        store=store,
        lexical=lexical,
    )


def _read_lines(folder: Path, name: str, line: TypeAdapter[_Line]) -> tuple[_Line, ...]:
    try:
        # Not splitlines(): JSON may hold other line ends than \n inside a string.
        lines = (folder / name).read_bytes().split(b"\n")
        return tuple(line.validate_json(one) for one in lines if one)
    except (OSError, ValidationError) as error:
        raise _damaged(folder, name, "không đọc được") from error


def _damaged(folder: Path, name: str, why: str) -> CongvuError:
    return Damaged(f"Bản chỉ mục {folder.name} bị hỏng: tệp {name} {why}.", REINDEX)
