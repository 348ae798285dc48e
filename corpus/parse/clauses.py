"""From the tree to clauses: label, verbatim text, inherited context, and data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from corpus.dates import View
from corpus.facts.deadlines import deadlines_in, find_deadlines
from corpus.facts.owners import owners_in
from corpus.facts.references import references_in
from corpus.notice import (
    Clause,
    ClauseKind,
    ContextPart,
    ContextRole,
    Deadline,
    DocumentReference,
    Owner,
    Span,
)
from corpus.parse.amending import amended_place
from corpus.parse.context import Contexts
from corpus.parse.footnotes import link_footnotes
from corpus.parse.labels import attached_name, label_of, section_of
from corpus.parse.places import place_of
from corpus.parse.tree import Document, Node

_BLOCKS = (ClauseKind.HEADER, ClauseKind.SIGNATURE)
_UNNAMED = (*_BLOCKS, ClauseKind.NOTE)
_WITHOUT_DATA = (*_UNNAMED, ClauseKind.RECIPIENT)
_OWNER_LENGTH = 20_000  # characters; who must act isn't said on page ten of a paragraph
_MARK = re.compile(r"[*_#\s]{0,9}(?:\(?\w{1,4}[).]|[-+*·])\s*")


@dataclass(frozen=True, slots=True)
class _Data:
    """What is found in a clause, or inherited by it."""

    references: tuple[DocumentReference, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    owners: tuple[Owner, ...] = ()


_NO_DATA = _Data()


@dataclass(frozen=True, slots=True)
class _File:
    """What all clauses of a file need; ids and labels by the nodes' ``id()``."""

    source: str
    notice_id: str
    ids: Mapping[int, str]
    labels: Mapping[int, str]


def build_clauses(source: str, notice_id: str, documents: Sequence[Document]) -> tuple[Clause, ...]:
    """Make the clauses of all documents of a file.

    Args:
        source: the file's text.
        notice_id: prefix of the clause ids.
        documents: the notice and what is attached to it.
    """
    nodes = [node for document in documents for node in document.walk()]
    nodes.sort(key=lambda node: node.paragraph.first.number)
    ids = {id(node): f"{notice_id}#{n}" for n, node in enumerate(nodes, start=1)}
    file = _File(source, notice_id, ids, _labels(documents))
    clauses: list[Clause] = []
    for document in documents:
        clauses += _clauses_of(document, file)
    clauses.sort(key=lambda clause: clause.spans[0].start)
    return tuple(clauses)


def _clauses_of(document: Document, file: _File) -> list[Clause]:
    nodes = sorted(document.walk(), key=lambda node: node.paragraph.first.number)
    contexts = Contexts(document, file.ids)
    clauses: list[Clause] = []
    for node in nodes:
        spans, lines = _places(node)
        block = node.kind in _BLOCKS
        text = _block_text(node, file.source) if block else node.text
        kind = ClauseKind.HEADING if node.marker and node.is_title else node.kind
        context = contexts.of(node)
        data = _NO_DATA if kind in _WITHOUT_DATA else _data(text, kind, node, context, file.ids)
        clauses.append(
            Clause(
                id=file.ids[id(node)],
                notice_id=file.notice_id,
                kind=kind,
                label=file.labels[id(node)],
                text=text,
                spans=spans,
                lines=lines,
                context=context,
                references=data.references,
                deadlines=data.deadlines,
                owners=data.owners,
                table=_cells(node, contexts.columns_of(node), file.source) if node.table else (),
                place=place_of(node),
                above=file.ids[id(node.parent)] if node.parent else "",
                amends=amended_place(node) if node.quoted else (),
                is_new_text=node.quoted,
            )
        )
    return link_footnotes(clauses, nodes)


def _places(node: Node) -> tuple[tuple[Span, ...], tuple[tuple[int, int], ...]]:
    """Spans and line ranges; header and signature are one block, blank lines included."""
    lines = node.paragraph.lines
    if node.kind in _BLOCKS:
        block = Span(lines[0].span.start, lines[-1].span.end)
        return (block,), ((lines[0].number, lines[-1].last),)
    return node.paragraph.spans, tuple((line.number, line.last) for line in lines)


def _block_text(node: Node, source: str) -> str:
    """The lines of a block with the blanks between them as they are in the file."""
    lines = node.paragraph.lines
    pieces = [lines[0].text]
    for before, line in pairwise(lines):
        pieces += [source[before.span.end : line.span.start], line.text]
    return "".join(pieces)


def _labels(documents: Sequence[Document]) -> dict[int, str]:
    """The labels by the nodes' ``id()``; one that two would share names its section, or line."""
    labels: dict[int, str] = {}
    nodes: list[Node] = []
    for document in documents:
        inside = list(document.walk())
        name = attached_name(document.attached_title)
        numbered = any(node.marker and not node.marker.is_bullet for node in inside)
        for node in inside:
            labels[id(node)] = label_of(node, name, numbered=numbered)
        nodes += inside
    nodes = [node for node in nodes if node.kind not in _UNNAMED]
    for tell in (section_of, _line_of):
        shared = Counter(labels[id(node)] for node in nodes)
        for node in nodes:
            if shared[labels[id(node)]] > 1 and (told := tell(node)):
                labels[id(node)] += f", {told}"
    return labels


def _line_of(node: Node) -> str:
    return f"dòng {node.paragraph.first.number} của tệp"


def _cells(node: Node, columns: str, source: str) -> tuple[tuple[str, str], ...]:
    """Pair the cells of a row with the names of their columns."""
    if node.kind is not ClauseKind.TABLE_ROW:
        return ()
    names = [name.strip() for name in columns.split("\t")] if columns else []
    first, *rest = (line.text for line in node.paragraph.lines)
    cells = [cell.strip() for cell in first.split("\t")]
    # The first cells are empty, and the tabs behind them are white space before the line.
    line = node.paragraph.first
    empty = source.count("\t", line.span.start - line.indent, line.span.start)
    if empty and len(cells) + empty <= len(names):
        cells = [""] * empty + cells
    if rest:  # a page break cut the last cell
        cells[-1] = " ".join([cells[-1], *rest])
    names += [f"cột {i + 1}" for i in range(len(names), len(cells))]
    return tuple(zip(names, cells, strict=False))


def _data(
    text: str,
    kind: ClauseKind,
    node: Node,
    context: Sequence[ContextPart],
    ids: Mapping[int, str],
) -> _Data:
    view = View.of(text)
    references = view.once(references_in)
    # Without notation the first row of a table may be no head but a row that was cut off it.
    names_columns = kind is ClauseKind.TABLE_HEADER and node.paragraph.first.table > 0
    if kind is ClauseKind.HEADING or names_columns:
        return _Data(references)
    own = _own_statement(node, ids)
    parts = [part for part in context if part.clause_id != own]
    inherited = tuple(
        (part.clause_id, _without_mark(part.text))
        for part in reversed(parts)
        if part.role in (ContextRole.OWNER, ContextRole.LEAD_IN)
    )
    told = view if len(text) <= _OWNER_LENGTH else View.of(text[:_OWNER_LENGTH])
    return _Data(
        references,
        view.once(deadlines_in) or _inherited_deadlines(parts),
        owners_in(told, ids[id(node)], inherited),
    )


@lru_cache(maxsize=64)  # every item of a list asks the same of its lead-in and headings
def _without_mark(text: str) -> str:
    return _MARK.sub("", text, count=1)


def _own_statement(node: Node, ids: Mapping[int, str]) -> str:
    """Id of the item whose later paragraph ``node`` is, or ``""``.

    “1. Sở A làm việc X trước ngày 15/5.” gives its next paragraph neither owner nor deadline.
    """
    parent = node.parent
    if node.marker or parent is None or parent.is_title or parent.introduces:
        return ""
    return ids[id(parent)]


def _inherited_deadlines(context: Iterable[ContextPart]) -> tuple[Deadline, ...]:
    """Deadlines of the closer, else of the nearest heading or lead-in that says one."""
    parts = sorted(context, key=lambda part: part.role is ContextRole.CLOSER)
    for part in reversed(parts):
        if part.role in (ContextRole.ATTACHED, ContextRole.COLUMNS):
            continue
        if found := _deadlines_of(part.text):
            return tuple(replace(deadline, clause_id=part.clause_id) for deadline in found)
    return ()


@lru_cache(maxsize=64)
def _deadlines_of(text: str) -> tuple[Deadline, ...]:
    """Deadlines of a heading or lead-in; every clause under it asks again."""
    return find_deadlines(text)
