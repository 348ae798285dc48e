"""How Vietnamese is written in general: what stands behind the words of a library.

A question may hold words that no notice has (“cao su”, “sa thải”) and words that notices hardly
use (“cho hỏi”). ``syllables.txt`` holds how often syllables, and pairs of them, stand in official
documents, in questions and in everyday phrases; ``scripts/count_syllables.py`` makes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FILE = "syllables.txt"
START = "^"
"""Stands before the first syllable of a question."""
NUMBER = "0"
"""Stands for every figure: “năm 2026”, “12 tỷ”."""


@dataclass(frozen=True, slots=True)
class Background:
    """Counts of accented lower-case syllables.

    Args:
        singles: syllable → how often it was counted.
        pairs: two that follow each other → how often.
        total: all syllables counted.
    """

    singles: Mapping[str, int]
    pairs: Mapping[tuple[str, str], int]
    total: int


@cache
def load_background() -> Background:
    """Read the counts that come with congvu; they are read once."""
    return from_text(files("index").joinpath(FILE).read_text("utf-8"))


def to_text(singles: Mapping[str, int], pairs: Mapping[tuple[str, str], int]) -> str:
    """Write counts, a line a syllable: the syllable, its count, then followers and theirs."""
    following: dict[str, list[str]] = {word: [] for word in sorted(singles)}
    for (first, second), n in sorted(pairs.items()):
        following[first] += [second, str(n)]
    return "".join(
        f"{' '.join([word, str(singles[word]), *after])}\n" for word, after in following.items()
    )


def from_text(text: str) -> Background:
    """Read what ``to_text`` wrote."""
    singles: dict[str, int] = {}
    pairs: dict[tuple[str, str], int] = {}
    for line in text.splitlines():
        word, n, *after = line.split(" ")
        singles[word] = int(n)
        for second, m in zip(after[::2], after[1::2], strict=True):
            pairs[word, second] = int(m)
    return Background(singles, pairs, sum(singles.values()))
