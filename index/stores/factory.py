"""Which vector store snapshots are kept in: the one place that names an adapter."""

from __future__ import annotations

from pathlib import Path

from index.stores.base import VectorStore
from index.stores.faiss_flat import FaissFlatStore


def new_store(dimension: int) -> VectorStore:
    """Return an empty store for vectors of ``dimension`` components."""
    return FaissFlatStore(dimension)


def load_store(path: Path) -> VectorStore:
    """Read what a store of ``new_store`` wrote.

    Raises:
        Damaged: the file is no store of this kind.
    """
    return FaissFlatStore.load(path)
