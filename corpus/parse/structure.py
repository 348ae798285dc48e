"""From lines to a tree: which paragraph stands under which heading.

The kinds of marks nest differently from notice to notice (five known ones nest them in five
ways; ``docs/decisions/0002-structure-before-models.md``), so no rank is fixed: a mark that goes
on with an open list is its next item, any other begins a list inside the innermost open item.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Sequence

from corpus.notice import ClauseKind
from corpus.parse.amending import instructs, opens_quote, quoted_end, quoted_marker
from corpus.parse.lines import Line, Paragraph, paragraphs
from corpus.parse.markers import BULLETS, Marker, MarkerKind
from corpus.parse.notation import stands_beside
from corpus.parse.titles import bare, is_upper
from corpus.parse.tree import Document, Node
from corpus.parse.zones import Section, Zone
from corpus.text import fold

_BASIS = ("can cu ", "theo de nghi ", "tren co so ", "xet ", "thuc hien ")
_CLOSING = re.compile(
    r"tran trong|kinh bao cao|kinh trinh|duoi su lanh dao|biet(?:,| va) (?:to chuc )?thuc hien"
    r"|thong bao de cac|quan tam,? phoi hop|^trong qua trinh (?:to chuc )?thuc hien"
    r"|^(?:nghi quyet|luat) nay (?:da )?duoc .{1,200} thong qua"
)
_SUMS_UP = re.compile(
    r"(?:nhin chung|tom lai|nhu vay|tu phan tich neu tren"
    r"|(?:cac|nhung|toan bo) (?:nhiem vu|noi dung|don vi|co quan|viec)(?: \w+){0,5}"
    r" (?:neu |noi )?tren)\b"
)
_READ = 2000  # characters of a paragraph that are looked at for such words
_TITLE_LENGTH = 160  # characters: a longer line without a mark is text, not a title
_WHOLE_TITLE = 400  # characters: a title in capitals that is cut into lines is not longer
_NESTS_IN_ITSELF = frozenset(
    {MarkerKind.NUMBER, MarkerKind.LETTER, MarkerKind.PAREN, MarkerKind.PAREN_ROMAN}
)
_LARGE = (MarkerKind.PART, MarkerKind.CHAPTER, MarkerKind.CAPITAL, MarkerKind.ROMAN)
# “(1) …; (2) …” in one paragraph is a list inside it, not the first item of a list.
_SECOND = {
    MarkerKind.PAREN: re.compile(r"[;,.:…]\s+[*_]{0,3}\(2\)"),
    MarkerKind.PAREN_ROMAN: re.compile(r"[;,.:…]\s+[*_]{0,3}\(ii\)"),
}


def build_document(section: Section) -> Document:
    """Turn the zones of a document into its tree."""
    builder = _Builder()
    body = [line for zone, part in section.zones if zone is Zone.BODY for line in part]
    pieces = paragraphs(body)
    at = 0
    for zone, part in section.zones:
        if zone is Zone.BODY:
            first = at
            while at < len(pieces) and pieces[at].first.number <= part[-1].number:
                at += 1
            builder.add_body(pieces[first:at])
        elif zone is Zone.RECIPIENTS:
            builder.add_block(ClauseKind.NOTE, part[:1])
            builder.add_recipients(part[1:])
        elif zone is Zone.ADDRESSEES:
            builder.add_recipients(part, addressee=True)
        elif zone is Zone.HEADER:
            builder.add_block(ClauseKind.HEADER, part)
        elif zone is Zone.SIGNATURE:
            builder.add_block(ClauseKind.SIGNATURE, part)
        else:
            for line in part:
                builder.add_block(ClauseKind.NOTE, (line,))
    return Document(section.attached_title, tuple(builder.top))


class _Builder:
    """Builds a tree paragraph by paragraph.

    Args:
        root: what all of it stands under, where it is new text of another document.
    """

    def __init__(self, root: Node | None = None) -> None:
        self._root = root
        self.top: list[Node] = root.children if root else []
        self._open: list[Node] = []  # from the top to the innermost open item
        self._section: Node | None = None  # an unnumbered title above what follows
        self._last: Node | None = None  # the node before, footnotes aside
        self._counts: Counter[Hashable] = Counter()

    def add_block(self, kind: ClauseKind, lines: Sequence[Line]) -> None:
        self._open = []
        self._section = None
        self._append(Node(kind, Paragraph(tuple(lines))), None)

    def add_recipients(self, lines: Sequence[Line], *, addressee: bool = False) -> None:
        for paragraph in paragraphs(lines):
            self._append(Node(ClauseKind.RECIPIENT, paragraph, addressee=addressee), None)

    def add_body(self, run: Sequence[Paragraph]) -> None:
        bases = 0 if self._root else _count_bases(run)
        closing = 0 if self._root else _count_closing(run)
        i = 0
        while i < len(run):
            paragraph = run[i]
            if _is_beside(paragraph):
                self._add_beside(paragraph)
            elif i < bases:
                self._append(Node(ClauseKind.BASIS, paragraph), None)
            elif i and (end := self._quoted_end(run, i)) > i:
                self._add_new_text(run[i:end])
                i = end
                continue
            elif (rows := _table(run, i)) > i + 1:
                self._add_table(run[i:rows])
                i = rows
                continue
            elif i >= len(run) - closing:
                self._open, self._section = [], None
                self._append(Node(ClauseKind.PARAGRAPH, paragraph, closing=True), None)
            else:
                self._add_paragraph(paragraph)
            i += 1

    def _quoted_end(self, run: Sequence[Paragraph], i: int) -> int:
        """One past the new text that begins at ``i`` under an instruction; ``i`` if none does."""
        last = self._last
        if self._root is not None or last is None or not opens_quote(run[i]):
            return i
        return quoted_end(run, i) if instructs(last.paragraph) else i

    def _add_new_text(self, run: Sequence[Paragraph]) -> None:
        inner = _Builder(self._last)
        first = quoted_marker(run[0])
        if first is not None:
            inner.add_marked(run[0], first)
        inner.add_body(run[1:] if first else run)

    def _add_beside(self, paragraph: Paragraph) -> None:
        noted = paragraph.first.footnote_number is not None
        kind = ClauseKind.FOOTNOTE if noted else ClauseKind.NOTE
        self._append(Node(kind, paragraph), None, note=True)

    def _add_table(self, rows: Sequence[Paragraph]) -> None:
        self._close_bullets()
        parent = self._innermost
        self._counts[id(parent), "tables"] += 1
        table = self._counts[id(parent), "tables"]
        kind = ClauseKind.TABLE_HEADER
        for row in rows:
            if _is_beside(row):
                self._add_beside(row)
                continue
            self._append(Node(kind, row, table=table), parent)
            kind = ClauseKind.TABLE_ROW

    def _add_paragraph(self, paragraph: Paragraph) -> None:
        marker = paragraph.marker
        if marker is None or _is_inline_list(marker, paragraph.text):
            self._add_unmarked(paragraph)
            return
        self.add_marked(paragraph, marker)

    def add_marked(self, paragraph: Paragraph, marker: Marker) -> None:
        parent = self._parent_for(marker)
        kind = ClauseKind.BULLET if marker.is_bullet else ClauseKind.ITEM
        node = Node(kind, paragraph, marker)
        self._append(node, parent)
        self._open.append(node)

    def _add_unmarked(self, paragraph: Paragraph) -> None:
        last = self._last
        if last is not None and _takes_title(last, paragraph) and not last.children:
            last.paragraph = Paragraph(last.paragraph.lines + paragraph.lines)
            return
        if not _is_title(paragraph):
            self._close_bullets()
            if _SUMS_UP.match(_folded(paragraph)):
                self._close_sentence()
            self._append(Node(ClauseKind.PARAGRAPH, paragraph), self._innermost)
            return
        self._open, self._section = [], None
        node = Node(ClauseKind.HEADING, paragraph)
        self._append(node, None)
        self._section = node

    @property
    def _innermost(self) -> Node | None:
        return self._open[-1] if self._open else self._section

    def _parent_for(self, marker: Marker) -> Node | None:
        """Close what the mark ends and return the item it stands in."""
        if not marker.is_bullet:
            self._close_bullets()
        depth = self._depth_of(marker)
        if depth is not None:
            del self._open[depth:]
        elif marker.is_bullet:
            self._close_smaller_bullets(marker)
        elif marker.kind in _LARGE:
            self._close_below(marker.kind)
        return self._innermost

    def _depth_of(self, marker: Marker) -> int | None:
        """Place in the open items of the one whose list the mark goes on with, or None."""
        depths = range(len(self._open) - 1, -1, -1)
        same = [d for d in depths if _same_sort(self._open[d].marker, marker)]
        if marker.kind is MarkerKind.DECIMAL and same:
            # “1.2” closes “1.1.1” and goes on with “1.1”, if that is open.
            return next((d for d in same if _as_deep(self._open[d].marker, marker)), same[-1])
        if not same or marker.is_bullet:
            return same[0] if same else None
        alike = [d for d in same if self._sign_at(d) == marker.sign]
        for depth in (*alike, *same):
            before = self._open[depth].marker
            if before is not None and before.ordinal + 1 == marker.ordinal:
                return depth
        if marker.ordinal == 1 and marker.kind is MarkerKind.NUMBER and not alike:
            return None  # “1)” below “1.”
        return None if self._begins_inside(marker, same) else same[0]

    def _sign_at(self, depth: int) -> str:
        marker = self._open[depth].marker
        return marker.sign if marker else ""

    def _begins_inside(self, marker: Marker, same: Sequence[int]) -> bool:
        """Whether “1.” or “a)”, though such a list is open, begins one inside its last item."""
        if marker.ordinal != 1 or marker.kind not in _NESTS_IN_ITSELF or len(same) > 1:
            return False
        inner = self._open[-1]
        if inner.introduces or (inner.children and inner.children[-1].introduces):
            return True
        if same[0] == len(self._open) - 1 or inner.paragraph.is_sentence:
            return False
        return not any(child.marker for child in inner.children)

    def _close_below(self, kind: MarkerKind) -> None:
        """Large units never stand inside smaller ones."""
        larger = _LARGE[: _LARGE.index(kind)]
        while self._open and (m := self._open[-1].marker) and m.kind not in larger:
            self._open.pop()

    def _close_bullets(self) -> None:
        while self._open and (marker := self._open[-1].marker) and marker.is_bullet:
            self._open.pop()

    def _close_smaller_bullets(self, marker: Marker) -> None:
        rank = BULLETS.index(marker.kind)
        while self._open and (m := self._open[-1].marker) and m.is_bullet:
            if BULLETS.index(m.kind) < rank or self._open[-1].introduces:
                break
            self._open.pop()

    def _close_sentence(self) -> None:
        """Leave an item that is a full sentence: what sums up speaks of the whole list."""
        if self._open and self._open[-1].paragraph.is_sentence and not self._open[-1].children:
            self._open.pop()

    def _append(self, node: Node, parent: Node | None, *, note: bool = False) -> None:
        siblings = parent.children if parent else self.top
        node.parent = parent or self._root
        node.quoted = self._root is not None
        if node.kind is not ClauseKind.TABLE_HEADER:
            sort = node.marker.kind if node.marker else (node.closing, node.addressee)
            key = (id(parent), node.kind if node.table else sort, node.table, *_unmarked_kind(node))
            self._counts[key] += 1
            node.position = self._counts[key]
        siblings.append(node)
        if not note:
            self._last = node


def _unmarked_kind(node: Node) -> tuple[ClauseKind, ...]:
    return () if node.marker else (node.kind,)


def _same_sort(open_marker: Marker | None, marker: Marker) -> bool:
    """Whether both marks number one list; ``1.2`` is no sibling of ``1.1.1`` but closes it."""
    if open_marker is None or open_marker.kind is not marker.kind:
        return False
    deeper = marker.label.count(".") > open_marker.label.count(".")
    return not (marker.kind is MarkerKind.DECIMAL and deeper)


def _as_deep(open_marker: Marker | None, marker: Marker) -> bool:
    return open_marker is not None and open_marker.label.count(".") == marker.label.count(".")


def _is_beside(paragraph: Paragraph) -> bool:
    """Whether a paragraph stands beside the text: a footnote, a picture, a line of signs."""
    if paragraph.first.footnote_number is not None:
        return True
    return not any(c.isalnum() for c in paragraph.text) or stands_beside(paragraph.text)


def _table(run: Sequence[Paragraph], i: int) -> int:
    """One past the last row of the table that begins at ``i``; ``i`` where none does.

    Footnotes of a page break may stand between its rows.
    """
    if not run[i].first.is_table_row:
        return i
    table, columns = run[i].first.table, run[i].first.text.count("\t")
    end = j = i + 1
    while j < len(run):
        if run[j].first.is_table_row:
            parted = j > end and run[j].first.text.count("\t") != columns
            if parted or run[j].first.table != table:
                break
            end = j + 1
        elif not _is_beside(run[j]):
            break
        j += 1
    return end


def _is_inline_list(marker: Marker, text: str) -> bool:
    second = _SECOND.get(marker.kind)
    return second is not None and marker.ordinal == 1 and second.search(text) is not None


def _folded(paragraph: Paragraph) -> str:
    return fold(bare(paragraph.text[:_READ]))


def _is_title(paragraph: Paragraph) -> bool:
    """Whether a paragraph without a mark is a title: capitals, or a Markdown heading."""
    text = paragraph.text
    if text.startswith(("# ", "## ", "### ", "#### ", "##### ", "###### ")):
        return True
    if len(text) > _TITLE_LENGTH:
        return False
    shown = paragraph.bare
    return is_upper(shown) and sum(c.isalpha() for c in shown) > 3


def _takes_title(node: Node, paragraph: Paragraph) -> bool:
    """Whether the title of ``node`` is still open: ``Phần 1`` alone, or capitals cut in two."""
    if node.kind is ClauseKind.HEADING or node.marker is None or node.marker.is_bullet:
        return False
    if len(node.text) > _WHOLE_TITLE:
        return False
    title = node.body
    if not title:
        return len(paragraph.text) <= _TITLE_LENGTH
    return title[-1] not in ".:;" and is_upper(bare(title)) and _is_title(paragraph)


def _count_bases(run: Sequence[Paragraph]) -> int:
    """How many paragraphs at the beginning are “Căn cứ …” lines before the enacting words."""
    count = 0
    for paragraph in run:
        if not _folded(paragraph).startswith(_BASIS) or paragraph.marker is not None:
            break
        count += 1
    after = run[count].bare if count < len(run) else ""
    semicolons = sum(p.text.rstrip(" *_").endswith((";", ",")) for p in run[:count])
    return count if semicolons or is_upper(after) else 0


def _count_closing(run: Sequence[Paragraph]) -> int:
    """How many unmarked paragraphs at the end close the notice and not its last item."""
    tail = 0
    for paragraph in reversed(run):
        if paragraph.marker is not None or paragraph.first.footnote_number is not None:
            break
        if paragraph.first.is_table_row or _is_title(paragraph):
            break
        tail += 1
    if tail == len(run):
        return 0
    for k in range(tail, 0, -1):
        if _CLOSING.search(_folded(run[-k])):
            return k
    return 0
