"""Where a clause stands among the numbered units of its document: Điều 4, khoản 1, điểm b."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.facts.cited_places import Place
from corpus.parse.markers import Marker, MarkerKind
from corpus.parse.tree import Node

__all__ = ["ARTICLE", "SECTION", "Place", "place_of", "words_in_article"]

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

    Units of an article are called as laws call them; all else is a “mục”. New text of another
    document stands nowhere in this one.
    """
    if node.quoted:
        return ()
    chain = [*reversed(list(node.ancestors())), node]
    markers = [one.marker for one in chain if one.marker and not one.marker.is_bullet]
    articles = [n for n, marker in enumerate(markers, start=1) if marker.kind is MarkerKind.ARTICLE]
    inside = articles[0] if articles else len(markers)
    words = [_WORDS.get(marker.kind, SECTION) for marker in markers[:inside]]
    words += words_in_article(markers[inside:])
    return tuple((word, m.label.strip("()")) for word, m in zip(words, markers, strict=True))


def words_in_article(markers: Sequence[Marker]) -> list[str]:
    """Return what the units under an article are called, outermost first.

    A list “1)” inside a khoản “1.” is no khoản.
    """
    signs: dict[MarkerKind, str] = {}
    return [
        _IN_ARTICLE.get(one.kind, SECTION)
        if signs.setdefault(one.kind, one.sign) == one.sign
        else SECTION
        for one in markers
    ]
