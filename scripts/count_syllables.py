#!/usr/bin/env python3
r"""Count how Vietnamese is written: what ``index/syllables.txt`` is made of.

    scripts/count_syllables.py --documents ../shared/documents/vbpl \
        --questions ../shared/bench/train

The counts stand behind a library's own (``index/background.py``). They come from three sources:

- official documents: syllables and pairs that stand there at least ``_LEAST`` times;
- questions as people ask them (JSON lines with ``question``), because documents hardly ask:
  what stands in at least ``_LEAST_QUESTIONS`` of them, each counted ``_WEIGHT`` times;
- ``scripts/everyday.txt``, phrases of everyday life, written by hand: each ``_WEIGHT`` times.

Only counts leave the texts, no sentence of them.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from corpus.text import has_diacritics, syllables
from index.background import FILE, NUMBER, START, to_text

_ROOT = Path(__file__).parents[1]
_EVERYDAY = _ROOT / "scripts" / "everyday.txt"
_LEAST = 3  # times: below that, typing errors are many
_LEAST_QUESTIONS = 2  # what one question alone says is no habit
_WEIGHT = 10  # of 0, 3, 10, 30 (phrases) and 0, 1, 5, 20 (questions) no other did clearly better

Counts = tuple[Counter[str], Counter[tuple[str, str]]]


def count(texts: Iterable[str], *, once: bool = False, starts: bool = False) -> Counts:
    """Count syllables and pairs within the lines of texts.

    Args:
        texts: lines without any marks are left out: they are codes, names, foreign.
        once: a text that repeats itself counts once.
        starts: count what a text begins with, too.
    """
    singles: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for text in texts:
        runs = [tokens(line) for line in text.splitlines() if has_diacritics(line)]
        single = [word for run in runs for word in run]
        double = [pair for run in runs for pair in pairwise(run)]
        if starts and single:
            single.append(START)
            double.append((START, single[0]))
        singles.update(set(single) if once else single)
        pairs.update(set(double) if once else double)
    return singles, pairs


def tokens(text: str) -> list[str]:
    """Return the syllables of a line, every figure as ``NUMBER``."""
    return [NUMBER if token[0].isdigit() else token for token in syllables(text)]


def count_phrases(phrases: Iterable[str]) -> Counts:
    """Count phrases that a question may begin with, with marks or without (“ai lo”)."""
    singles: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for phrase in phrases:
        words = [START, *tokens(phrase)]
        singles.update(words)
        pairs.update(pairwise(words))
    return singles, pairs


def main() -> None:
    """Write ``index/syllables.txt``."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=Path, required=True, help="folder of .txt")
    parser.add_argument("--questions", type=Path, required=True, help="folder of .jsonl")
    parser.add_argument("--out", type=Path, default=_ROOT / "index" / FILE)
    given = parser.parse_args()
    documents = (path.read_text("utf-8") for path in sorted(given.documents.glob("*.txt")))
    questions = (
        json.loads(line)["question"]
        for path in sorted(given.questions.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    )
    lines = _EVERYDAY.read_text("utf-8").splitlines()
    phrases = (phrase for line in lines if line and line[0] != "#" for phrase in line.split(","))
    singles: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for (words, doubles), least, weight in (
        (count(documents), _LEAST, 1),
        (count(questions, once=True, starts=True), _LEAST_QUESTIONS, _WEIGHT),
        (count_phrases(phrases), 1, _WEIGHT),
    ):
        for word, n in words.items():
            singles[word] += weight * n if n >= least else 0
        for pair, n in doubles.items():
            pairs[pair] += weight * n if n >= least else 0
    given.out.write_text(to_text(+singles, +pairs), encoding="utf-8")


if __name__ == "__main__":
    main()
