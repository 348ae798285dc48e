"""How far a text that was read is from its transcript."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

_EXACT = 400  # characters: of longer differences the length is taken, which is never too little
_RUN = 3  # words that stand together elsewhere: fewer may be chance
_MOST_MOVED = 100  # runs
_SEARCHED = 5_000  # words left over: in more of them nothing is looked for elsewhere
_LONG = 2_000  # words or lines


def character_error_rate(found: str, wanted: str) -> float:
    """Return the character error rate: edits for each character of the transcript.

    White space counts as one blank wherever it stands. Words that differ are compared letter by
    letter, so the edits are those of one alignment: never fewer than the least that there are.

    Args:
        found: what was read.
        wanted: the transcript, with at least one word.
    """
    edits, characters = character_errors(found, wanted)
    return edits / characters


def character_errors(found: str, wanted: str, *, moved: bool = False) -> tuple[int, int]:
    """Return the edits and the characters of the transcript; see ``character_error_rate``.

    Args:
        found: what was read.
        wanted: the transcript.
        moved: whether runs of three words and more that stand in another place cost nothing: a
            letterhead has two columns, and transcripts put them one way or another.
    """
    characters = len(" ".join(wanted.split()))
    blocks = list(_differing(found, wanted))
    if moved:
        given, true = ([word for block in blocks for word in block[side]] for side in (0, 1))
        blocks = [_without_moved(given, true)]
    edits = 0
    for given, true in blocks:
        for kind, a, b, c, d in _matcher(given, true).get_opcodes():
            if kind != "equal":
                edits += _edits(" ".join(given[a:b]), " ".join(true[c:d]))
                edits += 1 if kind != "replace" else 0  # the blank beside what one of them lacks
    return edits, characters


def _differing(found: str, wanted: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the words of the lines that differ: words that occur often take long to align."""
    given, true = (
        [line for line in (" ".join(one.split()) for one in text.splitlines()) if line]
        for text in (found, wanted)
    )
    for kind, a, b, c, d in _matcher(given, true).get_opcodes():
        if kind != "equal":
            yield " ".join(given[a:b]).split(), " ".join(true[c:d]).split()


def _matcher(given: Sequence[str], true: Sequence[str]) -> SequenceMatcher[str]:
    # In long texts frequent words are no anchors: that costs time, and hardly ever an edit.
    return SequenceMatcher(None, given, true, autojunk=len(true) > _LONG)


def _without_moved(given: list[str], true: list[str]) -> tuple[list[str], list[str]]:
    """Leave out of both the runs of words that one has in another place than the other."""
    matched = _matcher(given, true).get_matching_blocks()
    held_given = {i for one in matched for i in range(one.a, one.a + one.size)}
    held_true = {i for one in matched for i in range(one.b, one.b + one.size)}
    rest_given = [i for i in range(len(given)) if i not in held_given]
    rest_true = [i for i in range(len(true)) if i not in held_true]
    gone_given: set[int] = set()
    gone_true: set[int] = set()
    for _ in range(_MOST_MOVED):
        if max(len(rest_given), len(rest_true)) > _SEARCHED:
            break
        one = _matcher(
            [given[i] for i in rest_given], [true[i] for i in rest_true]
        ).find_longest_match()
        if one.size < _RUN:
            break
        gone_given.update(rest_given[one.a : one.a + one.size])
        gone_true.update(rest_true[one.b : one.b + one.size])
        del rest_given[one.a : one.a + one.size], rest_true[one.b : one.b + one.size]
    return (
        [word for i, word in enumerate(given) if i not in gone_given],
        [word for i, word in enumerate(true) if i not in gone_true],
    )


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
