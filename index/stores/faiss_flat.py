"""Exact search in memory with FAISS: every row is compared, nothing is approximated."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import faiss
import numpy as np

from corpus.errors import Damaged
from index.embedder import Vectors
from index.stores.base import Scores


class FaissFlatStore:
    """FAISS ``IndexFlatIP``; the inner product of unit vectors is their cosine.

    Args:
        dimension: components of a vector.
    """

    def __init__(self, dimension: int) -> None:
        self._index: Any = faiss.IndexFlatIP(dimension)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Components of a vector."""
        return int(self._index.d)

    def add(self, vectors: Vectors) -> None:
        """Append rows, shape (n, dimension)."""
        if vectors.ndim != 2 or vectors.shape[1] != self.dimension:
            raise ValueError(f"rows of shape {vectors.shape} in a store of {self.dimension}")
        self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))

    def scores(self, query: Vectors) -> Scores:
        """Return the cosine of every row with ``query``, shape (len,)."""
        one = self._one(query)
        if not len(self):
            return np.empty(0, dtype=np.float32)
        values = faiss.rev_swig_ptr(self._index.get_xb(), len(self) * self.dimension)
        product: Scores = values.reshape(len(self), self.dimension) @ one
        return product

    def save(self, path: Path) -> None:
        """Write the store to the file ``path``."""
        # Not faiss.write_index: it hides the reason (a full disk) in a RuntimeError.
        path.write_bytes(faiss.serialize_index(self._index).tobytes())

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a store from the file ``path``."""
        raw = np.frombuffer(path.read_bytes(), dtype=np.uint8)
        try:
            index = faiss.deserialize_index(raw)
        except RuntimeError as error:
            raise _damaged(path) from error
        if not isinstance(index, faiss.IndexFlatIP):
            raise _damaged(path)
        store = cls(index.d)
        store._index = index
        return store

    def _one(self, query: Vectors) -> Vectors:
        if query.shape != (self.dimension,):
            raise ValueError(f"query of shape {query.shape} in a store of {self.dimension}")
        return np.ascontiguousarray(query, dtype=np.float32)


def _damaged(path: Path) -> Damaged:
    return Damaged(
        f"Tệp véc-tơ {path.name} bị hỏng.",
        "Chạy `congvu index` để lập lại chỉ mục.",
    )
