"""An embedder whose vectors can be worked out by hand, for tests and dry runs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import numpy as np

from corpus.text import syllables
from index.embedder import Vectors


class CountingEmbedder:
    """Counts syllables into buckets; the cosine of two texts is that of their counts.

    Component ``bucket(s, dimension)`` of a vector is the number of times the syllable ``s``
    occurs in title and text, then the row is made unit length. A text without syllables is
    the first unit vector. A syllable is a token.

    Args:
        dimension: number of buckets.
        window: tokens a text may have.
        id: name, so that tests can tell two embedders apart.
    """

    def __init__(self, dimension: int = 64, window: int = 2048, id: str = "counting") -> None:
        self._dimension = dimension
        self._window = window
        self._id = f"{id}/{dimension}"
        self.embedded: list[str] = []
        """Every document text ever embedded, in order."""

    @property
    def id(self) -> str:
        """Name and dimension."""
        return self._id

    @property
    def dimension(self) -> int:
        """Components of a vector."""
        return self._dimension

    @property
    def window(self) -> int:
        """Tokens a text may have."""
        return self._window

    def count_tokens(self, text: str) -> int:
        """Return the number of syllables."""
        return len(syllables(text))

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one row per question, shape (len(texts), dimension)."""
        rows = [self._row(text) for text in texts]
        return np.stack(rows) if rows else np.empty((0, self._dimension), dtype=np.float32)

    def embed_documents(
        self,
        texts: Sequence[str],
        titles: Sequence[str],
        progress: Callable[[int], None] = lambda done: None,
    ) -> Vectors:
        """Return one row per text; the title counts like words of the text."""
        self.embedded.extend(texts)
        pairs = zip(titles, texts, strict=True)
        rows = self.embed_queries([f"{title} {text}" for title, text in pairs])
        progress(len(texts))
        return rows

    def _row(self, text: str) -> Vectors:
        row = np.zeros(self._dimension, dtype=np.float32)
        for syllable in syllables(text):
            row[bucket(syllable, self._dimension)] += 1
        if not row.any():
            row[0] = 1
        unit: Vectors = row / np.linalg.norm(row)
        return unit


def bucket(syllable: str, dimension: int) -> int:
    """Return the component that counts ``syllable``."""
    digest = hashlib.sha256(syllable.encode()).digest()
    return int.from_bytes(digest[:8], "big") % dimension
