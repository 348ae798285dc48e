"""New text that an amending document quotes, and the place of the other document that it is of.

“2. Sửa đổi khoản 1 Điều 70 như sau:” and below it “1. Việc thanh tra … .”: what stands in quotes
is numbered as the other document is, and its numbers go on with none of the amending one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from corpus.facts.cited_places import Place, cited_places, told_place
from corpus.parse.lines import Paragraph
from corpus.parse.markers import Marker, MarkerKind, find_marker
from corpus.parse.places import ARTICLE, words_in_article
from corpus.parse.tree import Node
from corpus.text import fold

_OPENS = '“"«'
_CLOSES = ("”", '"', "»")
_ACTS = ("sua doi", "bo sung", "thay the", "thay cum tu", "bai bo", "dinh chinh")
_PASSIVE = re.compile(
    r"(?:ten |tieu de )?(?:diem|khoan|dieu|muc|chuong|phu luc) .{0,300}"
    r"\bduoc (?:sua doi|bo sung|thay)"
)
_READ = 600  # characters of a paragraph that are looked at for such words
_AS_CHANGED = re.compile(r"\b(?:da )?duoc (?:sua doi|bo sung|thay the)|\bnhu sau\b")


def instructs(paragraph: Paragraph) -> bool:
    """Whether a paragraph says that something of another document is changed."""
    marker = paragraph.marker
    body = fold(paragraph.text[marker.end if marker else 0 :][:_READ].lstrip(" *_"))
    return body.startswith(_ACTS) or _PASSIVE.match(body) is not None


def opens_quote(paragraph: Paragraph) -> bool:
    """Whether a paragraph begins with an opening quote."""
    return paragraph.text[:9].lstrip(" *_")[:1] in tuple(_OPENS)


def quoted_end(run: Sequence[Paragraph], i: int) -> int:
    """Return one past the last paragraph of the new text that begins at ``i``; ``i`` if none does.

    Quotes inside it are counted; one that is never closed ends before the next instruction. One
    that neither ends is none.

    Args:
        run: the paragraphs of a body.
        i: a paragraph that opens a quote, below one that instructs.
    """
    depth = 0
    for j in range(i, len(run)):
        if j > i and instructs(run[j]):
            return j
        text = run[j].text
        depth += text.count("“") - text.count("”")
        if text.rstrip(" .;,*_").endswith(_CLOSES) and (depth <= 0 or _resumes(run, j + 1)):
            return j + 1
    return i


def _resumes(run: Sequence[Paragraph], j: int) -> bool:
    return j == len(run) or instructs(run[j])


def quoted_marker(paragraph: Paragraph) -> Marker | None:
    """Return the mark that stands behind an opening quote."""
    text = paragraph.text
    skipped = len(text) - len(text.lstrip(f" *_{_OPENS}"))
    found = find_marker(text[skipped:])
    return replace(found, end=found.end + skipped) if found else None


def amended_place(node: Node) -> Place:
    """Return the place of the other document whose new text ``node`` is; ``()`` if it isn't told.

    Args:
        node: of new text, in a complete tree.
    """
    chain = [node, *node.ancestors()]
    inside = [one for one in chain if one.quoted]
    told = [_instructed(one.body) for one in chain if not one.quoted]
    marks = [m for one in reversed(inside) if (m := one.marker) and not m.is_bullet]
    base = dict(_base(told, marks[0] if marks else None))
    if not marks:
        return tuple(base.items())
    if marks[0].kind is MarkerKind.ARTICLE:
        words = [ARTICLE, *words_in_article(marks[1:])]
        base = {}
    else:
        words = words_in_article(marks)
    for word in words:
        base.pop(word, None)
    return (*base.items(), *((w, m.label.strip("()")) for w, m in zip(words, marks, strict=True)))


@lru_cache(maxsize=256)  # all new text under an instruction asks again
def _instructed(body: str) -> tuple[Place, ...]:
    text = body[:_READ]
    cut = _AS_CHANGED.search(fold(text)) if len(fold(text)) == len(text) else None
    return cited_places(text[: cut.start()] if cut and cut.start() else text)


def _base(told: Sequence[tuple[Place, ...]], first: Marker | None) -> Place:
    """The place that an instruction names, completed by those above it.

    Args:
        told: the places of the instruction and of what it stands in, innermost first.
        first: the mark that the new text begins with; it chooses among several places.
    """
    place: Place = ()
    for places in told:
        fitting = [
            one for one in places if first is None or first.label in {number for _, number in one}
        ]
        for one in (*fitting, *places)[:1]:
            missing = [unit for unit in one if unit[0] not in {word for word, _ in place}]
            place = (*missing, *place)
        if any(word == ARTICLE for word, _ in place):
            break
    return place


def label_of_new_text(place: Place, instructing: str, inner: Sequence[str]) -> str:
    """Return how new text is cited: ``khoản 2 Điều 1 (nội dung mới của khoản 1 Điều 70)``.

    Args:
        place: in the other document, or ``()``.
        instructing: label of the clause that brings it.
        inner: bullets and paragraphs on the way to it.
    """
    told = f" của {told_place(place)}" if place else ""
    return ", ".join([f"{instructing} (nội dung mới{told})", *inner])
