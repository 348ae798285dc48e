"""The seam to an embedding model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Rows of unit length, shape (n, dimension)."""


class Prompts(Protocol):
    """How a model wants its texts to be framed: ``assistant.runtime.models.catalogue.Prompts``."""

    def for_query(self, text: str) -> str:
        """Return ``text`` framed as a question."""

    def for_document(self, text: str, title: str = "") -> str:
        """Return ``text`` framed as a passage under ``title``."""


class Embedder(Protocol):
    """Turns texts into unit vectors; the dot product of two is their cosine."""

    @property
    def id(self) -> str:
        """Model, dimension and precision: vectors of different ids are not comparable."""

    @property
    def dimension(self) -> int:
        """Components of a vector."""

    @property
    def window(self) -> int:
        """Tokens a text may have before its tail is lost."""

    def count_tokens(self, text: str) -> int:
        """Return how many tokens the model sees in ``text``."""

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one row per question, shape (len(texts), dimension)."""

    def embed_documents(
        self,
        texts: Sequence[str],
        titles: Sequence[str],
        progress: Callable[[int], None] = lambda done: None,
    ) -> Vectors:
        """Return one row per text, in the order given; ``progress`` gets the count done."""
