"""The tree of a document: one node for each paragraph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from corpus.facts.agencies import find_agencies
from corpus.facts.deadlines import find_deadlines
from corpus.notice import ClauseKind
from corpus.parse.lines import Paragraph
from corpus.parse.markers import Marker, MarkerKind
from corpus.text import fold

_TITLE_LENGTH = 400  # characters: a longer numbered text is a clause
_LEAD_IN_LENGTH = 120  # characters: a longer text before a list says something of its own
_SHORT_TITLE = 60  # characters: so short a text with a list under it is a title


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
        addressee: for recipients, whether it stands under “Kính gửi:”.
        quoted: whether it is new text of another document, which this one amends.
    """

    kind: ClauseKind
    paragraph: Paragraph
    marker: Marker | None = None
    parent: Node | None = None
    position: int = 0
    children: list[Node] = field(default_factory=list)
    table: int = 0
    closing: bool = False
    addressee: bool = False
    quoted: bool = False

    @property
    def text(self) -> str:
        """The paragraph's joined text."""
        return self.paragraph.text

    @property
    def body(self) -> str:
        """The text after the mark."""
        return self.text[self.marker.end if self.marker else 0 :].strip()

    @property
    def introduces(self) -> bool:
        """Whether the text ends in a colon: what follows is what it speaks of."""
        return self.paragraph.introduces

    @cached_property
    def is_title(self) -> bool:
        """Whether a numbered paragraph is only the title of what stands under it.

        Asked when the tree is complete. A text that gives a task or states a figure before its
        list is no title: “Điều 2. Tổng kinh phí là 940 tỷ đồng, trong đó:”.
        """
        if self.kind is ClauseKind.HEADING:
            return True
        body = self.body.rstrip(" *_")
        if not self.children or self.marker is None or body.endswith((".", ";")):
            return False
        if self.marker.kind is MarkerKind.STAR:
            return len(body) <= _TITLE_LENGTH
        if self.marker.is_bullet:
            return len(body) <= _SHORT_TITLE and not find_deadlines(body)
        if self.introduces and len(body) > _SHORT_TITLE:
            named = self.names_owner or fold(body[:3]) == "ve "
            return named and len(body) <= _LEAD_IN_LENGTH and not find_deadlines(body)
        return len(body) <= _TITLE_LENGTH

    @cached_property
    def names_owner(self) -> bool:
        """Whether the text does little but name who must act: ``(1) Sở Nội vụ``."""
        agencies = find_agencies(self.body)
        if not agencies or agencies[0].span.start > len("Các "):
            return False
        named = sum(agency.span.end - agency.span.start for agency in agencies)
        folded = fold(self.body)
        return named >= len(self.body) / 2 or "chu tri" in folded or "(" in folded

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
