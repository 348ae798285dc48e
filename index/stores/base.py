"""The seam to a vector store."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from index.embedder import Vectors

Scores = NDArray[np.float32]
"""Cosines, shape (n,)."""
Rows = NDArray[np.int64]
"""Numbers of rows in the order they were added, shape (n,)."""


class VectorStore(Protocol):
    """Holds unit vectors by row number and finds those nearest to a question."""

    def __len__(self) -> int:
        """Return the number of rows."""

    @property
    def dimension(self) -> int:
        """Components of a vector."""

    def add(self, vectors: Vectors) -> None:
        """Append rows, shape (n, dimension).

        Raises:
            ValueError: the shape doesn't fit.
        """

    def search(self, query: Vectors, k: int) -> tuple[Scores, Rows]:
        """Return the cosines and numbers of the ``min(k, len)`` best rows, best first.

        Args:
            query: one unit vector, shape (dimension,).
            k: at least 1.
        """

    def scores(self, query: Vectors) -> Scores:
        """Return the cosine of every row with ``query``, shape (len,)."""

    def save(self, path: Path) -> None:
        """Write the store to the file ``path``."""

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a store from the file ``path``.

        Raises:
            Damaged: the file is no store of this kind.
        """
