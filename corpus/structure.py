"""From lines to a tree: which paragraph stands under which heading.

The kinds of marks nest differently from notice to notice (``domain.md`` of the project lists
five grammars), so no rank is fixed: a mark that goes on with an open list is its next item,
any other begins a list inside the innermost open item.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from corpus.header import Section, Zone, bare, is_upper
from corpus.lines import Line, Paragraph, paragraphs
from corpus.markers import BULLETS, Marker, MarkerKind, find_marker
from corpus.notice import ClauseKind
from corpus.text import fold

_BASIS = ("can cu ", "theo de nghi ", "tren co so ", "xet de nghi ", "xet to trinh ", "thuc hien ")
_CLOSING_WORDS = (
    "tran trong", "kinh bao cao", "duoi su lanh dao", "de biet, thuc hien", "de biet va thuc hien",
    "thong bao de cac", "biet, thuc hien",
)  # fmt: skip
_TITLE_LENGTH = 160  # characters: a longer line without a mark is text, not a title


@dataclass(eq=False)
class Node:
    """One paragraph in the tree of its document.

    Args:
        kind: what the paragraph is; a numbered one with others under it may become a heading.
        paragraph: its lines; a title that stands on the line after ``Phần 1`` is among them.
        marker: the mark it begins with.
        parent: None for the top of a document.
        position: 1-based place among its siblings of the same sort (bullets of one kind,
            paragraphs without a mark, rows of a table).
        children: in the order of the file.
        table: 1-based number of the table within the parent, for rows.
        closing: whether it closes the whole document (“… trân trọng thông báo …”).
    """

    kind: ClauseKind
    paragraph: Paragraph
    marker: Marker | None = None
    parent: Node | None = None
    position: int = 0
    children: list[Node] = field(default_factory=list)
    table: int = 0
    closing: bool = False

    @property
    def text(self) -> str:
        """The paragraph's joined text."""
        return self.paragraph.text

    def ancestors(self) -> Iterator[Node]:
        """Yield the parent, its parent, and so on."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent


@dataclass(frozen=True, slots=True)
class Document:
    """The tree of one document: its top nodes, in the order of the file."""

    attached_title: str
    nodes: tuple[Node, ...]

    def walk(self) -> Iterator[Node]:
        """Yield every node before its children."""
        stack = list(reversed(self.nodes))
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))


def build_document(section: Section) -> Document:
    """Turn the zones of a document into its tree."""
    builder = _Builder()
    body = [line for zone, part in section.zones if zone is Zone.BODY for line in part]
    pieces = {p.first.number: p for p in paragraphs(body)}
    for zone, part in section.zones:
        if zone is Zone.BODY:
            last = part[-1].number
            run = [p for n, p in pieces.items() if part[0].number <= n <= last]
            builder.add_body(run)
        elif zone is Zone.RECIPIENTS:
            builder.add_recipients(part)
        elif zone is Zone.HEADER:
            builder.add_block(ClauseKind.HEADER, part)
        elif zone is Zone.SIGNATURE:
            builder.add_block(ClauseKind.SIGNATURE, part)
        else:
            for line in part:
                builder.add_block(ClauseKind.NOTE, (line,))
    return Document(section.attached_title, tuple(builder.top))


class _Builder:
    def __init__(self) -> None:
        self.top: list[Node] = []
        self._open: list[Node] = []  # from the top to the innermost open item
        self._section: Node | None = None  # an unnumbered title above what follows

    def add_block(self, kind: ClauseKind, lines: Sequence[Line]) -> None:
        self._open = []
        self._section = None
        self._append(Node(kind, Paragraph(tuple(lines))), None)

    def add_recipients(self, lines: Sequence[Line]) -> None:
        self.add_block(ClauseKind.NOTE, lines[:1])
        for paragraph in paragraphs(lines[1:]):
            self._append(Node(ClauseKind.RECIPIENT, paragraph), None)

    def add_body(self, run: Sequence[Paragraph]) -> None:
        bases = _count_bases(run)
        closing = _count_closing(run)
        i = 0
        while i < len(run):
            paragraph = run[i]
            if paragraph.first.footnote_number is not None:
                self._append(Node(ClauseKind.FOOTNOTE, paragraph), None, note=True)
            elif not any(c.isalnum() for c in paragraph.text):
                self._append(Node(ClauseKind.NOTE, paragraph), None, note=True)
            elif i < bases:
                self._append(Node(ClauseKind.BASIS, paragraph), None)
            elif paragraph.first.is_table_row:
                i = self._add_table(run, i)
                continue
            elif i >= len(run) - closing:
                self._open, self._section = [], None
                self._append(Node(ClauseKind.PARAGRAPH, paragraph, closing=True), None)
            else:
                self._add_paragraph(paragraph)
            i += 1

    def _add_table(self, run: Sequence[Paragraph], i: int) -> int:
        self._close_bullets()
        parent = self._open[-1] if self._open else self._section
        siblings = parent.children if parent else self.top
        table = 1 + max((node.table for node in siblings), default=0)
        first = i
        while i < len(run) and run[i].first.is_table_row:
            kind = ClauseKind.TABLE_HEADER if i == first else ClauseKind.TABLE_ROW
            self._append(Node(kind, run[i], table=table), parent)
            i += 1
        return i

    def _add_paragraph(self, paragraph: Paragraph) -> None:
        marker = find_marker(paragraph.text)
        if marker is None:
            self._add_unmarked(paragraph)
            return
        parent = self._parent_for(marker)
        kind = ClauseKind.BULLET if marker.is_bullet else ClauseKind.ITEM
        node = Node(kind, paragraph, marker)
        self._append(node, parent)
        self._open.append(node)

    def _add_unmarked(self, paragraph: Paragraph) -> None:
        if not _is_title(paragraph):
            self._close_bullets()
            parent = self._open[-1] if self._open else self._section
            self._append(Node(ClauseKind.PARAGRAPH, paragraph), parent)
            return
        last = self._last
        if last is not None and _takes_title(last) and not last.children:
            last.paragraph = Paragraph(last.paragraph.lines + paragraph.lines)
            return
        self._open, self._section = [], None
        node = Node(ClauseKind.HEADING, paragraph)
        self._append(node, None)
        self._section = node

    def _parent_for(self, marker: Marker) -> Node | None:
        """Close what the mark ends and return the item it stands in."""
        if not marker.is_bullet:
            self._close_bullets()
        for depth in range(len(self._open) - 1, -1, -1):
            open_marker = self._open[depth].marker
            if open_marker is None or open_marker.kind is not marker.kind:
                continue
            restarts = marker.ordinal == 1 and open_marker.ordinal >= 1
            if restarts and marker.kind not in (MarkerKind.DECIMAL, MarkerKind.ARTICLE):
                continue
            del self._open[depth:]
            return self._open[-1] if self._open else self._section
        if marker.is_bullet:
            rank = BULLETS.index(marker.kind)
            while self._open and (m := self._open[-1].marker) and m.is_bullet:
                if BULLETS.index(m.kind) < rank:
                    break
                self._open.pop()
        elif marker.kind in (MarkerKind.PART, MarkerKind.CHAPTER, MarkerKind.ROMAN):
            self._close_below(marker.kind)
        return self._open[-1] if self._open else self._section

    def _close_below(self, kind: MarkerKind) -> None:
        """Large units never stand inside smaller ones."""
        order = (MarkerKind.PART, MarkerKind.CHAPTER, MarkerKind.ROMAN)
        larger = order[: order.index(kind)]
        while self._open and (m := self._open[-1].marker) and m.kind not in larger:
            self._open.pop()

    def _close_bullets(self) -> None:
        while self._open and (marker := self._open[-1].marker) and marker.is_bullet:
            self._open.pop()

    def _append(self, node: Node, parent: Node | None, *, note: bool = False) -> None:
        siblings = parent.children if parent else self.top
        node.parent = parent
        node.position = 1 + sum(_counts_with(node, other) for other in siblings)
        siblings.append(node)
        if not note:
            self._last = node

    _last: Node | None = None


def _counts_with(node: Node, other: Node) -> bool:
    if node.table or other.table:
        return node.table == other.table and other.kind is ClauseKind.TABLE_ROW
    if node.marker and other.marker:
        return node.marker.kind is other.marker.kind
    return (node.kind, node.closing) == (other.kind, other.closing) and node.marker is other.marker


def _is_title(paragraph: Paragraph) -> bool:
    """Whether a paragraph without a mark is a title: capitals, or a Markdown heading."""
    text = paragraph.text
    if len(text) > _TITLE_LENGTH and not text.startswith("#"):
        return False
    shown = bare(text)
    return text.startswith("#") or (is_upper(shown) and sum(c.isalpha() for c in shown) > 3)


def _takes_title(node: Node) -> bool:
    """Whether the title of ``node`` is still open: ``Phần 1`` alone, or capitals cut in two."""
    if node.kind is ClauseKind.HEADING or node.marker is None or node.marker.is_bullet:
        return False
    title = node.text[node.marker.end :].strip()
    return not title or (is_upper(bare(title)) and title[-1] not in ".:;")


def _count_bases(run: Sequence[Paragraph]) -> int:
    """How many paragraphs at the beginning are “Căn cứ …” lines before the enacting words."""
    count = 0
    for paragraph in run:
        text = bare(paragraph.text)
        if not fold(text).startswith(_BASIS) or find_marker(paragraph.text):
            break
        count += 1
    after = bare(run[count].text) if count < len(run) else ""
    semicolons = sum(bare(p.text).endswith((";", ",")) for p in run[:count])
    return count if semicolons or is_upper(after) else 0


def _count_closing(run: Sequence[Paragraph]) -> int:
    """How many unmarked paragraphs at the end close the notice and not its last item."""
    tail = 0
    for paragraph in reversed(run):
        if find_marker(paragraph.text) or paragraph.first.footnote_number is not None:
            break
        if paragraph.first.is_table_row or _is_title(paragraph):
            break
        tail += 1
    if tail == len(run):
        return 0
    for k in range(tail, 0, -1):
        if any(word in fold(bare(run[-k].text)) for word in _CLOSING_WORDS):
            return k
    return 0
