"""From the tree to clauses: label, verbatim text, inherited context, and data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from corpus.agencies import find_agencies
from corpus.deadlines import find_deadlines
from corpus.labels import attached_name, is_title, label_of
from corpus.lines import join_spans
from corpus.notice import (
    Clause,
    ClauseKind,
    ContextPart,
    ContextRole,
    Deadline,
    Span,
)
from corpus.owners import find_owners
from corpus.references import find_references
from corpus.structure import Document, Node
from corpus.text import fold
from corpus.titles import bare, is_upper

_BLOCKS = (ClauseKind.HEADER, ClauseKind.SIGNATURE)
_WITHOUT_DATA = (ClauseKind.NOTE, ClauseKind.RECIPIENT, ClauseKind.SIGNATURE, ClauseKind.HEADER)
_CLOSER_LENGTH = 400  # characters: a longer paragraph after a list says something of its own
_REFERRED_LENGTH = 300  # characters of the text before a footnote's mark
_ANAPHORA = re.compile(r"\b(neu tren|tren day|noi tren|cac nhiem vu tren|duoc giao chu tri)\b")
_INTRODUCES = re.compile(r"(:|\bsau|cụ thể)[\s*_:.]*$")
_FOOTNOTE_MARK = re.compile(r"(?<=\S)\s*(?:\[(\d{1,3})\]|([⁰¹²³⁴-⁹]{1,3}))")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def build_clauses(source: str, notice_id: str, documents: Sequence[Document]) -> tuple[Clause, ...]:
    """Make the clauses of all documents of a file.

    Args:
        source: the file's text.
        notice_id: prefix of the clause ids.
        documents: the notice and what is attached to it.
    """
    placed = [(node, document) for document in documents for node in document.walk()]
    placed.sort(key=lambda pair: pair[0].paragraph.first.number)
    ids = {id(node): f"{notice_id}#{n}" for n, (node, _) in enumerate(placed, start=1)}
    numbered = {
        id(document): any(n.marker and not n.marker.is_bullet for n in document.walk())
        for document in documents
    }
    clauses = [
        _clause(source, notice_id, node, document, ids, numbered=numbered[id(document)])
        for node, document in placed
    ]
    return tuple(_link_footnotes(clauses, placed))


def _clause(
    source: str,
    notice_id: str,
    node: Node,
    document: Document,
    ids: dict[int, str],
    *,
    numbered: bool,
) -> Clause:
    lines = node.paragraph.lines
    if node.kind in _BLOCKS:
        spans: tuple[Span, ...] = (Span(lines[0].span.start, lines[-1].span.end),)
        ranges: tuple[tuple[int, int], ...] = ((lines[0].number, lines[-1].number),)
    else:
        spans = node.paragraph.spans
        ranges = tuple((line.number, line.number) for line in lines)
    clause = Clause(
        id=ids[id(node)],
        notice_id=notice_id,
        kind=_kind(node),
        label=label_of(node, document.attached_title, numbered=numbered),
        text=join_spans(source, spans),
        spans=spans,
        lines=ranges,
        context=_context(node, document, ids),
        table=_cells(node),
    )
    if clause.kind in _WITHOUT_DATA:
        return clause
    clause = replace(clause, references=find_references(clause.text))
    return clause if clause.kind is ClauseKind.HEADING else _with_task_data(clause)


def _kind(node: Node) -> ClauseKind:
    return ClauseKind.HEADING if node.marker and is_title(node) else node.kind


def _context(node: Node, document: Document, ids: dict[int, str]) -> tuple[ContextPart, ...]:
    parts: list[ContextPart] = []
    if document.attached_title and document.nodes:
        first = document.nodes[0]
        name = attached_name(document.attached_title)
        parts.append(ContextPart(ContextRole.ATTACHED, ids[id(first)], name))
    chain = [*reversed(list(node.ancestors())), node]
    for outer, inner in zip(chain, chain[1:], strict=False):
        parts.append(ContextPart(_role(outer), ids[id(outer)], outer.text))
        parts += _beside(outer.children, inner, ids)
    parts += _beside(document.nodes, chain[0], ids) if len(chain) == 1 else []
    return tuple(parts)


def _role(node: Node) -> ContextRole:
    if is_owner_heading(node):
        return ContextRole.OWNER
    return ContextRole.HEADING if is_title(node) else ContextRole.LEAD_IN


def is_owner_heading(node: Node) -> bool:
    """Whether a title does nothing but name who must act: ``(1) Bộ Khoa học và Công nghệ``."""
    if node.marker is None or not is_title(node):
        return False
    title = node.text[node.marker.end :].strip()
    agencies = find_agencies(title)
    if not agencies or agencies[0].span.start > len("Các "):
        return False
    named = sum(agency.span.end - agency.span.start for agency in agencies)
    return named >= len(title) / 2 or "chủ trì" in title or "(" in title


def _beside(siblings: Sequence[Node], node: Node, ids: dict[int, str]) -> list[ContextPart]:
    """Lead-in and closer of the list that ``node`` is in, and the header row of its table."""
    at = siblings.index(node)
    if node.kind is ClauseKind.TABLE_ROW:
        head = next(
            s for s in siblings if s.table == node.table and s.kind is ClauseKind.TABLE_HEADER
        )
        title = _before_table(siblings, siblings.index(head))
        parts = [ContextPart(ContextRole.LEAD_IN, ids[id(title)], title.text)] if title else []
        return [*parts, ContextPart(ContextRole.COLUMNS, ids[id(head)], head.text)]
    if node.marker is None:
        return []
    parts = []
    if lead := _lead_in(siblings, at):
        parts.append(ContextPart(ContextRole.LEAD_IN, ids[id(lead)], lead.text))
    if closer := _closer(siblings, at):
        parts.append(ContextPart(ContextRole.CLOSER, ids[id(closer)], closer.text))
    return parts


def _before_table(siblings: Sequence[Node], at: int) -> Node | None:
    before = siblings[at - 1] if at else None
    return before if before is not None and before.kind is ClauseKind.PARAGRAPH else None


def _same_list(a: Node, b: Node) -> bool:
    return bool(a.marker and b.marker and a.marker.kind is b.marker.kind)


def _lead_in(siblings: Sequence[Node], at: int) -> Node | None:
    """The paragraph, or the item of the same list, that introduces the items after it."""
    for before in reversed(siblings[:at]):
        text = before.text
        if _same_list(before, siblings[at]):
            if not before.children and _INTRODUCES.search(text):
                return before
            continue
        if before.kind is ClauseKind.PARAGRAPH and text.rstrip(" *_").endswith(":"):
            return before
        return None
    return None


def _closer(siblings: Sequence[Node], at: int) -> Node | None:
    """The short paragraph right after a list that says something of all its items."""
    for after in siblings[at + 1 :]:
        if _same_list(after, siblings[at]):
            continue
        text = after.text
        if after.kind is not ClauseKind.PARAGRAPH or len(text) > _CLOSER_LENGTH:
            return None
        return after if find_deadlines(text) or _ANAPHORA.search(fold(text)) else None
    return None


def _cells(node: Node) -> tuple[tuple[str, str], ...]:
    """Pair the cells of a row with the names of their columns."""
    if node.kind is not ClauseKind.TABLE_ROW:
        return ()
    siblings = node.parent.children if node.parent else []
    head = next(
        (s for s in siblings if s.table == node.table and s.kind is ClauseKind.TABLE_HEADER),
        None,
    )
    names = [name.strip() for name in head.text.split("\t")] if head else []
    first, *rest = (line.text for line in node.paragraph.lines)
    cells = [cell.strip() for cell in first.split("\t")]
    if rest:  # a page break cut the last cell
        cells[-1] = " ".join([cells[-1], *rest])
    names += [f"cột {i + 1}" for i in range(len(names), len(cells))]
    return tuple(zip(names, cells, strict=False))


def _with_task_data(clause: Clause) -> Clause:
    inherited = [
        (part.clause_id, _without_mark(part.text))
        for part in reversed(clause.context)
        if part.role in (ContextRole.OWNER, ContextRole.LEAD_IN)
    ]
    return replace(
        clause,
        deadlines=find_deadlines(clause.text) or _inherited_deadlines(clause.context),
        owners=find_owners(clause.text, clause.id, tuple(inherited)),
    )


def _without_mark(text: str) -> str:
    return re.sub(r"^(?:[*_#\s]*)(?:\(?\w{1,4}[).]|[-+*·])\s*", "", text)


def _inherited_deadlines(context: Iterable[ContextPart]) -> tuple[Deadline, ...]:
    """Deadlines of the closer, else of the nearest heading or lead-in that says one."""
    parts = sorted(context, key=lambda part: part.role is ContextRole.CLOSER)
    for part in reversed(parts):
        if part.role in (ContextRole.ATTACHED, ContextRole.COLUMNS):
            continue
        if found := find_deadlines(part.text):
            return tuple(replace(deadline, clause_id=part.clause_id) for deadline in found)
    return ()


def _link_footnotes(
    clauses: Sequence[Clause], placed: Sequence[tuple[Node, Document]]
) -> Iterable[Clause]:
    """Tell clauses their footnotes, and footnotes the clause that refers to them."""
    numbers = {
        node.paragraph.first.footnote_number: clause.id
        for clause, (node, _) in zip(clauses, placed, strict=True)
        if node.kind is ClauseKind.FOOTNOTE
    }
    referring: dict[str, ContextPart] = {}
    contexts: dict[str, tuple[ContextPart, ...]] = {}
    notes_of: dict[str, list[str]] = {}
    for clause in clauses:
        for match in _FOOTNOTE_MARK.finditer(clause.text):
            number = int(match[1] or match[2].translate(_SUPERSCRIPTS))
            note_id = numbers.get(number)
            if note_id in (None, clause.id) or note_id in referring:
                continue
            before = clause.text[max(0, match.start() - _REFERRED_LENGTH) : match.start()]
            part = ContextPart(ContextRole.REFERRED, clause.id, _last_sentence(before))
            referring[str(note_id)] = part
            contexts[str(note_id)] = clause.context
            notes_of.setdefault(clause.id, []).append(str(note_id))
    for clause in clauses:
        if clause.id in referring:
            context = (*contexts[clause.id], referring[clause.id])
            yield _with_task_data(replace(clause, context=context))
        else:
            yield replace(clause, footnote_ids=tuple(notes_of.get(clause.id, ())))


def _last_sentence(text: str) -> str:
    cut = max(text.rfind(mark) for mark in (". ", "; ", ": "))
    return text[cut + 2 :] if cut >= 0 else text


def heading_title(text: str) -> str:
    """Return a heading without its mark and Markdown, capitals lowered to a sentence's."""
    title = bare(_without_mark(bare(text)))
    return title.capitalize() if is_upper(title) else title
