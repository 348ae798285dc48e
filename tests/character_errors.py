"""How far a text that was read is from its transcript."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

_EXACT = 400  # characters: of longer differences the length is taken, which is never too little


def character_error_rate(found: str, wanted: str) -> float:
    """Return the character error rate: edits for each character of the transcript.

    White space counts as one blank wherever it stands. Words that differ are compared letter by
    letter, so the edits are those of one alignment: never fewer than the least that there are.

    Args:
        found: what was read.
        wanted: the transcript, with at least one word.
    """
    given, true = found.split(), wanted.split()
    edits = 0
    matcher = SequenceMatcher(None, given, true, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            edits += _edits(" ".join(given[a:b]), " ".join(true[c:d]))
            edits += 1 if kind != "replace" else 0  # the blank beside what is missing or too much
    return edits / len(" ".join(true))


def _edits(one: Sequence[str], other: Sequence[str]) -> int:
    """The edit distance of two texts (Levenshtein)."""
    if max(len(one), len(other)) > _EXACT:
        return max(len(one), len(other))
    row = list(range(len(other) + 1))
    for i, mine in enumerate(one, start=1):
        above, row[0] = row[0], i
        for j, theirs in enumerate(other, start=1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (mine != theirs))
    return row[-1]
