"""Footnotes and the clauses that refer to them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.notice import Clause, ClauseKind, ContextPart, ContextRole
from corpus.parse.tree import Node

_REFERRED_LENGTH = 300  # characters of the text before a footnote's mark
# “80 m²” refers to nothing.
_MARK = re.compile(
    r"(?<=\S)(?<![⁰¹²³⁴-⁹])(?<!\bm)(?<!\bkm)(?<!\bcm)(?<!\bdm)(?<!\bmm)(?<!\b10)"
    r"(?:\s{0,3}\[\^?(\d{1,3})\](?!\()|([⁰¹²³⁴-⁹]{1,3}))"
)
_SIGN = re.compile(r"[\[⁰¹²³⁴-⁹]")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def link_footnotes(clauses: Sequence[Clause], nodes: Sequence[Node]) -> list[Clause]:
    """Tell the clauses of one document their footnotes, and footnotes who refers to them.

    Numbers may begin anew on every page: a mark means the next footnote of its number.

    Args:
        clauses: in the order of the file.
        nodes: the node of each clause.
    """
    notes: dict[int, _Notes] = defaultdict(_Notes)
    for clause, node in zip(clauses, nodes, strict=True):
        number = node.paragraph.first.footnote_number
        if node.kind is ClauseKind.FOOTNOTE and number is not None:
            notes[number].add(clause)
    if not notes:
        return list(clauses)
    contexts: dict[str, tuple[ContextPart, ...]] = {}
    notes_of: dict[str, dict[str, None]] = defaultdict(dict)
    for clause in clauses:
        for number, before in _marks(clause.text):
            note = notes[number].meant_in(clause) if number in notes else None
            if note is None or note.id in notes_of[clause.id]:
                continue
            notes_of[clause.id][note.id] = None
            if note.id not in contexts:
                part = ContextPart(ContextRole.REFERRED, clause.id, _last_sentence(before))
                contexts[note.id] = (*clause.context, part)
                notes[number].refer_to(note)
    return [
        replace(
            clause,
            context=contexts.get(clause.id, clause.context),
            footnote_ids=tuple(notes_of.get(clause.id, ())),
        )
        if clause.id in contexts or clause.id in notes_of
        else clause
        for clause in clauses
    ]


def _marks(text: str) -> Iterator[tuple[int, str]]:
    """The footnote numbers in a text, each with what stands before it."""
    if _SIGN.search(text) is None:
        return
    for match in _MARK.finditer(text):
        number = int(match[1] or match[2].translate(_SUPERSCRIPTS))
        yield number, text[max(0, match.start() - _REFERRED_LENGTH) : match.start()]


class _Notes:
    """The footnotes of one number, in the order of the file, and which are referred to."""

    def __init__(self) -> None:
        self._all: list[Clause] = []
        self._places: list[int] = []
        self._index: dict[str, int] = {}
        # The first free one at an index or behind it, as far as known; the length for none.
        self._free: list[int] = [0]

    def add(self, note: Clause) -> None:
        self._index[note.id] = len(self._all)
        self._all.append(note)
        self._places.append(note.spans[0].start)
        self._free.append(len(self._all))

    def refer_to(self, note: Clause) -> None:
        i = self._index[note.id]
        self._free[i] = i + 1

    def meant_in(self, clause: Clause) -> Clause | None:
        """The footnote that a mark means: the next one that nobody refers to yet, if any is."""
        own = self._index.get(clause.id, -1)
        below = self._next_free(bisect_right(self._places, clause.spans[0].start), own)
        free = below if below is not None else self._next_free(0, own)
        others = (i for i in range(min(2, len(self._all))) if i != own)
        at = free if free is not None else next(others, None)
        return None if at is None else self._all[at]

    def _next_free(self, i: int, own: int) -> int | None:
        at = self._find(i)
        if at == own:
            at = self._find(at + 1)
        return at if at < len(self._all) else None

    def _find(self, i: int) -> int:
        """Follow the chain of those that are not free, and shorten it."""
        end = i
        while self._free[end] != end:
            end = self._free[end]
        while i != end:
            self._free[i], i = end, self._free[i]
        return end


def _last_sentence(text: str) -> str:
    cut = max(text.rfind(mark) for mark in (". ", "; ", ": "))
    return text[cut + 2 :] if cut >= 0 else text
