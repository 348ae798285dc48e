"""BM25 over Vietnamese: syllables and syllable bigrams, without diacritics.

People leave diacritics out and set them wrongly; what restored marks tell, the vectors know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import bm25s
import numpy as np
from numpy.typing import NDArray

from corpus.errors import Damaged
from corpus.text import fold, normalise, plain_number, syllables

Scores = NDArray[np.float32]

_META = "lexical.json"
_LETTERS = r"[^\W\d_]"
_CODE = re.compile(
    # 45-TB/TGV, 45 -TB/TGV, 07-TB-CQTTBCĐ, 66.7/2025/NQ-CP, 83/BKHCN-BTTTT-VP; 45-TB
    rf"(?<![\w./-])\d+(?:\.\d+)?(?:/\d{{4}})?"
    rf"(?:(?:\ ?-|/){_LETTERS}+(?:[-/]{_LETTERS}+)+|[-/]{_LETTERS}{{2,}})"
)


def tokenize(text: str) -> tuple[list[str], list[str]]:
    """Return the running syllables of ``text`` and what is looked up besides them.

    Besides: document codes whole (``45-tb/tgv``, however they are spaced), the parts and the
    tail of dates (``15/11/2025`` → ``15``, ``11``, ``2025``, ``11/2025``), percentages
    without their sign. Leading zeros are dropped: people write ``ngày 05/9`` and ``ngày 5/9``.
    ``1.245`` and ``93,54%`` stay whole.
    """
    flat = normalise(text).lower()
    running = [plain_number(syllable) for syllable in syllables(flat)]
    besides = [match.replace(" ", "") for match in _CODE.findall(flat)]
    for token in running:
        if "/" in token:
            parts = token.split("/")
            besides.extend(parts)
            besides.extend("/".join(parts[i:]) for i in range(1, len(parts) - 1))
        elif token.endswith("%"):
            besides.append(token[:-1])
    return running, besides


class LexicalIndex:
    """Two BM25 indexes over the same texts: of folded syllables and of their bigrams.

    Args:
        streams: name → index, None where no text has a token of that kind.
        documents: number of texts.
    """

    def __init__(self, streams: dict[str, bm25s.BM25 | None], documents: int) -> None:
        self._streams = streams
        self._documents = documents

    def __len__(self) -> int:
        return self._documents

    @classmethod
    def build(cls, texts: Sequence[str], k1: float = 1.5, b: float = 0.75) -> Self:
        """Index ``texts``; the same texts give the same files, byte by byte.

        Args:
            texts: one per row.
            k1: saturation of a term's frequency (bm25s's default, Lucene's variant).
            b: weight of the text's length, 0 to 1.
        """
        bags: dict[str, list[list[str]]] = {name: [] for name in _STREAMS}
        for text in texts:
            for name, bag in _bags(text).items():
                bags[name].append(bag)
        streams = {name: _build_stream(rows, k1, b) for name, rows in bags.items()}
        return cls(streams, len(texts))

    def scores(self, query: str) -> Scores:
        """Return the BM25 score of every text, shape (len,), 0 where nothing matches.

        Args:
            query: the question; words that no text has count nothing.
        """
        total = np.zeros(self._documents, dtype=np.float32)
        for name, tokens in _bags(query).items():
            total += self._stream_scores(name, tokens)
        return total

    def save(self, folder: Path) -> None:
        """Write the indexes into ``folder``, which is made."""
        folder.mkdir(parents=True, exist_ok=True)
        filled = {name: stream for name, stream in self._streams.items() if stream is not None}
        for name, stream in filled.items():
            stream.save(folder / name, show_progress=False)
        meta = {"documents": self._documents, "streams": list(filled)}
        (folder / _META).write_text(json.dumps(meta), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what ``save`` wrote.

        Raises:
            Damaged: a file is missing or unreadable.
        """
        streams: dict[str, bm25s.BM25 | None] = dict.fromkeys(_STREAMS)
        try:
            meta = json.loads((folder / _META).read_text(encoding="utf-8"))
            for name in meta["streams"]:
                streams[name] = bm25s.BM25.load(folder / name, show_progress=False)
            return cls(streams, int(meta["documents"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Damaged(
                f"Chỉ mục từ trong {folder.name} bị hỏng: {error}",
                "Chạy `congvu index` để lập lại chỉ mục.",
            ) from error

    def _stream_scores(self, name: str, tokens: list[str]) -> Scores:
        stream = self._streams[name]
        known = stream.get_tokens_ids(tokens) if stream is not None else []
        if stream is None or not known:  # bm25s fails on an empty list of words
            return np.zeros(self._documents, dtype=np.float32)
        found: Scores = stream.get_scores_from_ids(known)
        return found


_STREAMS = ("folded-syllables", "folded-bigrams")


def _bags(text: str) -> dict[str, list[str]]:
    running, besides = tokenize(text)
    plain = [fold(token) for token in running]
    singles = plain + [fold(token) for token in besides]
    return dict(zip(_STREAMS, (singles, [" ".join(pair) for pair in pairwise(plain)]), strict=True))


def _build_stream(rows: list[list[str]], k1: float, b: float) -> bm25s.BM25 | None:
    # Sorted, because bm25s numbers the words in the order of a set, which changes from
    # process to process, and the same input must give the same snapshot.
    words = sorted({token for row in rows for token in row})
    if not words:
        return None  # bm25s would divide by a mean length of 0
    numbers: dict[str, int] = {word: i for i, word in enumerate(words)}
    stream: Any = bm25s.BM25(k1=k1, b=b)
    stream.index(
        ([[numbers[token] for token in row] for row in rows], numbers),
        create_empty_token=False,
        show_progress=False,
    )
    return stream
