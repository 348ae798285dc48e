"""A BEIR corpus as notices in an index of its own; shared by ``beir`` and ``mrc``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from assistant.find.retriever import Evidence
from assistant.runtime.workspace import Workspace
from eval.beir import BeirSet, notices_of
from eval.suites.base import DataInfo, Surroundings
from index.embedding_cache import EmbeddingCache
from index.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class IndexedDocuments:
    """Documents that can be searched.

    Args:
        workspace: opens the models.
        snapshot: of all documents.
        documents_of: notice id → ids of the documents with that content.
    """

    workspace: Workspace
    snapshot: Snapshot
    documents_of: Mapping[str, Sequence[str]]


@contextmanager
def index_documents(data: BeirSet, surroundings: Surroundings) -> Iterator[IndexedDocuments]:
    """Index every document by the code that indexes notices.

    The library is left out: it tells versions of a notice apart by its number, which documents
    of a benchmark don't have.
    """
    with surroundings.workspace("documents", data.folder) as workspace:
        notices, documents_of = notices_of(data.documents)
        cache = EmbeddingCache(workspace.settings.home / "cache" / "embeddings.sqlite")
        snapshot = workspace.snapshots.build(
            notices, workspace.embedder, cache, surroundings.progress
        )
        yield IndexedDocuments(workspace, snapshot, documents_of)


def info_of(data: BeirSet) -> DataInfo:
    """Describe a BEIR folder for ``run.json``."""
    return DataInfo.of(data.folder, data.files, data.lacks)


def rank_documents(
    evidence: Sequence[Evidence], documents_of: Mapping[str, Sequence[str]]
) -> dict[str, Evidence]:
    """Order documents by their best clause.

    Args:
        evidence: best first.
        documents_of: see ``IndexedDocuments``.

    Returns:
        document id → its best clause, best document first.
    """
    best: dict[str, Evidence] = {}
    for found in evidence:
        for document in documents_of[found.notice.id]:
            best.setdefault(document, found)
    return best
