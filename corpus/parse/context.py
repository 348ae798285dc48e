"""What a clause inherits: the headings above it, and what stands around the list it is in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise

from corpus.facts.deadlines import find_deadlines
from corpus.notice import ClauseKind, ContextPart, ContextRole
from corpus.parse.labels import attached_name
from corpus.parse.markers import MarkerKind
from corpus.parse.titles import bare
from corpus.parse.tree import Document, Node
from corpus.text import fold

_CLOSER_LENGTH = 400  # characters: a longer paragraph after a list says something of its own
_PART_LENGTH = 2000  # characters: every clause of a list stores its lead-in again
_REFERS_BACK = ("neu tren", "tren day", "noi tren", "nhiem vu tren", "duoc giao chu tri")
_ANNOUNCES = ("sau", "cu the", "gom", "trong do", "nhu", "bao gom")
_SPOKEN = re.compile(
    r"(?:mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi) la\b|thu (?:nhat|hai|ba|tu|nam|sau|bay)\b"
    r"|\((?:1|i)\) "
)
_BESIDE = (ClauseKind.FOOTNOTE, ClauseKind.NOTE)

_Around = Mapping[int, Sequence[tuple[ContextRole, Node]]]


class Contexts:
    """Finds the context of the nodes of one document.

    Args:
        document: its complete tree.
        ids: the clause id of each node, by the node's ``id()``.
    """

    def __init__(self, document: Document, ids: Mapping[int, str]) -> None:
        self._document = document
        self._ids = ids
        # By the id() of the parent, 0 for the top: siblings share what they inherit.
        self._around: dict[int, _Around] = {}
        self._above: dict[int, tuple[ContextPart, ...]] = {}
        self._parts: dict[tuple[ContextRole, int], ContextPart] = {}

    def of(self, node: Node) -> tuple[ContextPart, ...]:
        """Return what ``node`` inherits, outermost first."""
        return (*self._attached(node), *self._inherited(node.parent), *self._beside(node))

    def columns_of(self, row: Node) -> str:
        """Return the header row of the table that ``row`` stands in, or ``""``."""
        beside = self._around_of(row)
        return next((other.text for role, other in beside if role is ContextRole.COLUMNS), "")

    def _attached(self, node: Node) -> Sequence[ContextPart]:
        """The attached document, for all but its own first paragraph."""
        title, first = self._document.attached_title, self._document.nodes[0]
        if not title or node is first:
            return ()
        return (ContextPart(ContextRole.ATTACHED, self._ids[id(first)], self._attached_name),)

    @cached_property
    def _attached_name(self) -> str:
        return attached_name(self._document.attached_title)

    def _inherited(self, parent: Node | None) -> tuple[ContextPart, ...]:
        """What all that stands under ``parent`` inherits from it and from above it."""
        if parent is None:
            return ()
        if id(parent) not in self._above:
            above = self._inherited(parent.parent)
            # “… kết luận như sau:” before “1.” says nothing of “1.a”.
            if parent.parent is not None or (parent.marker is not None and parent.marker.is_bullet):
                above = (*above, *self._beside(parent))
            self._above[id(parent)] = (*above, self._part(role_of(parent), parent))
        return self._above[id(parent)]

    def _part(self, role: ContextRole, node: Node) -> ContextPart:
        key = (role, id(node))
        if key not in self._parts:
            part_id = self._ids[id(node)]
            self._parts[key] = ContextPart(role, part_id, node.text[:_PART_LENGTH])
        return self._parts[key]

    def _beside(self, node: Node) -> list[ContextPart]:
        return [self._part(role, other) for role, other in self._around_of(node)]

    def _around_of(self, node: Node) -> Sequence[tuple[ContextRole, Node]]:
        parent = node.parent
        key = id(parent) if parent else 0
        if key not in self._around:
            siblings = parent.children if parent else self._document.nodes
            self._around[key] = _around(siblings)
        return self._around[key].get(id(node), ())


def role_of(node: Node) -> ContextRole:
    """Return what ``node`` is to the clauses under it."""
    if is_owner_heading(node):
        return ContextRole.OWNER
    return ContextRole.HEADING if node.is_title else ContextRole.LEAD_IN


def is_owner_heading(node: Node) -> bool:
    """Whether a title does nothing but name who must act: ``(1) Bộ Khoa học và Công nghệ``."""
    return node.marker is not None and node.is_title and node.names_owner


def _around(siblings: Sequence[Node]) -> _Around:
    """Lead-in and closer of the lists among ``siblings``, and the header rows of tables."""
    found: dict[int, list[tuple[ContextRole, Node]]] = defaultdict(list)
    shown = [node for node in siblings if node.kind not in _BESIDE]
    for at, node in enumerate(shown):
        if node.kind is ClauseKind.TABLE_HEADER:
            before = shown[at - 1] if at else None
            title = before if before and before.kind is ClauseKind.PARAGRAPH else None
            for row in shown[at + 1 :]:
                if row.table != node.table or row.kind is not ClauseKind.TABLE_ROW:
                    break
                if title is not None:
                    found[id(row)].append((ContextRole.LEAD_IN, title))
                found[id(row)].append((ContextRole.COLUMNS, node))
    for run, before, after in _lists(shown):
        lead = before if before is not None and _leads_in(before) else None
        closer = after if after is not None and _closes(after) else None
        for node in run:
            if lead is not None:
                found[id(node)].append((ContextRole.LEAD_IN, lead))
            if closer is not None:
                found[id(node)].append((ContextRole.CLOSER, closer))
            if not node.children and _announces(node):
                lead = node  # “- Bộ A chủ trì các nội dung sau:”, and its list in bullets alike
    return found


def _lists(shown: Sequence[Node]) -> list[tuple[list[Node], Node | None, Node | None]]:
    """The runs of siblings of one sort, each with what stands before and after it."""
    runs: list[tuple[list[Node], Node | None, Node | None]] = []
    run: list[Node] = []
    sort: MarkerKind | str | None = None
    before: Node | None = None
    for previous, node in pairwise([None, *shown, None]):
        own = _sort(node) if node else None
        if run and own != sort:
            runs.append((run, before, node))
            run = []
        if node is not None and own is not None:
            before = before if run else previous
            run.append(node)
        sort = own
    return runs


def _sort(node: Node) -> MarkerKind | str | None:
    """What makes a node an item of a list: its mark, or “Một là, …” and “(1) …; (2) …”."""
    if node.marker is not None:
        return node.marker.kind
    if node.kind is not ClauseKind.PARAGRAPH:
        return None
    return "spoken" if _SPOKEN.match(fold(bare(node.text[:40]))) else None


def _leads_in(node: Node) -> bool:
    return node.kind is ClauseKind.PARAGRAPH and node.introduces


def _announces(node: Node) -> bool:
    """Whether an item says that others follow; a colon alone may be a slip for a full stop."""
    return fold(bare(node.text[-40:])).rstrip(" :._*").endswith(_ANNOUNCES)


def _closes(node: Node) -> bool:
    """Whether a paragraph right after a list says something of all its items."""
    if node.kind is not ClauseKind.PARAGRAPH or len(node.text) > _CLOSER_LENGTH:
        return False
    folded = fold(bare(node.text))
    return any(words in folded for words in _REFERS_BACK) or bool(find_deadlines(node.text))
