"""Where a clause stands among the numbered units of its document: Điều 4, khoản 1, điểm b."""

from __future__ import annotations

from corpus.parse.markers import MarkerKind
from corpus.parse.tree import Node

Place = tuple[tuple[str, str], ...]
"""Numbered units, outermost first, as (word, number)."""

ARTICLE = "điều"
SECTION = "mục"
_WORDS = {
    MarkerKind.PART: "phần",
    MarkerKind.CHAPTER: "chương",
    MarkerKind.ARTICLE: ARTICLE,
}
_IN_ARTICLE = {MarkerKind.NUMBER: "khoản", MarkerKind.LETTER: "điểm"}


def place_of(node: Node) -> Place:
    """Return the numbered units that a paragraph stands in and is, outermost first.

    Units of an article are called as laws call them; all else is a “mục”.
    """
    place: list[tuple[str, str]] = []
    words = _WORDS
    for one in [*reversed(list(node.ancestors())), node]:
        if one.marker is None or one.marker.is_bullet:
            continue
        place.append((words.get(one.marker.kind, SECTION), one.marker.label.strip("()")))
        if one.marker.kind is MarkerKind.ARTICLE:
            words = _WORDS | _IN_ARTICLE
    return tuple(place)
