"""Footnotes and the clauses that refer to them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.notice import Clause, ClauseKind, ContextPart, ContextRole
from corpus.tree import Node

_REFERRED_LENGTH = 300  # characters of the text before a footnote's mark
# “80 m²” refers to nothing.
_MARK = re.compile(
    r"(?<=\S)(?<![⁰¹²³⁴-⁹])(?<!\bm)(?<!\bkm)(?<!\bcm)(?<!\bdm)(?<!\bmm)(?<!\b10)"
    r"(?:\s{0,3}\[\^?(\d{1,3})\](?!\()|([⁰¹²³⁴-⁹]{1,3}))"
)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def link_footnotes(clauses: Sequence[Clause], nodes: Sequence[Node]) -> list[Clause]:
    """Tell the clauses of one document their footnotes, and footnotes who refers to them.

    Numbers may begin anew on every page: a mark means the next footnote of its number.

    Args:
        clauses: in the order of the file.
        nodes: the node of each clause.
    """
    waiting: dict[int, list[Clause]] = defaultdict(list)
    for clause, node in zip(clauses, nodes, strict=True):
        number = node.paragraph.first.footnote_number
        if node.kind is ClauseKind.FOOTNOTE and number is not None:
            waiting[number].append(clause)
    contexts: dict[str, tuple[ContextPart, ...]] = {}
    notes_of: dict[str, list[str]] = defaultdict(list)
    for clause in clauses:
        for number, before in _marks(clause.text):
            note = _next_note(waiting[number], clause, contexts) if number in waiting else None
            if note is None or note.id in notes_of[clause.id]:
                continue
            notes_of[clause.id].append(note.id)
            if note.id not in contexts:
                part = ContextPart(ContextRole.REFERRED, clause.id, _last_sentence(before))
                contexts[note.id] = (*clause.context, part)
    return [
        replace(
            clause,
            context=contexts.get(clause.id, clause.context),
            footnote_ids=tuple(notes_of.get(clause.id, ())),
        )
        for clause in clauses
    ]


def _marks(text: str) -> Iterator[tuple[int, str]]:
    """The footnote numbers in a text, each with what stands before it."""
    for match in _MARK.finditer(text):
        number = int(match[1] or match[2].translate(_SUPERSCRIPTS))
        yield number, text[max(0, match.start() - _REFERRED_LENGTH) : match.start()]


def _next_note(
    notes: Sequence[Clause], clause: Clause, referred: dict[str, tuple[ContextPart, ...]]
) -> Clause | None:
    """The footnote that a mark in ``clause`` means: the next one that nobody refers to yet."""
    others = [note for note in notes if note.id != clause.id]
    free = [note for note in others if note.id not in referred]
    below = [note for note in free if note.spans[0].start > clause.spans[0].start]
    return next(iter([*below, *free, *others]), None)


def _last_sentence(text: str) -> str:
    cut = max(text.rfind(mark) for mark in (". ", "; ", ": "))
    return text[cut + 2 :] if cut >= 0 else text
