"""The seam to a vector store."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from index.embedder import Vectors

Scores = NDArray[np.float32]
"""Cosines, shape (n,)."""


class VectorStore(Protocol):
    """Holds unit vectors by row number and tells how near each is to a question."""

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

    def scores(self, query: Vectors) -> Scores:
        """Return the cosine of every row with ``query``, shape (len,).

        Args:
            query: one unit vector, shape (dimension,).

        Raises:
            ValueError: the shape doesn't fit.
        """

    def save(self, path: Path) -> None:
        """Write the store to the file ``path``."""

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a store from the file ``path``.

        Raises:
            Damaged: the file is no store of this kind.
        """
