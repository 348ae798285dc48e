"""How a clause is cited: from the marks on its way to the top of its document."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.notice import ClauseKind
from corpus.parse.amending import amended_place, label_of_new_text
from corpus.parse.markers import Marker, MarkerKind
from corpus.parse.places import words_in_article
from corpus.parse.titles import bare, kind_of
from corpus.parse.tree import Node

_ORDINALS = ("", "nhất", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười")
_BULLET_WORDS = {
    MarkerKind.DASH: "gạch đầu dòng",
    MarkerKind.PLUS: "dấu cộng",
    MarkerKind.DOT: "chấm đầu dòng",
}
_FIXED = {
    ClauseKind.HEADER: "phần đầu văn bản",
    ClauseKind.SIGNATURE: "phần chữ ký",
    ClauseKind.NOTE: "ghi chú",
}
_SHOWN_TITLE = 60  # characters of an unnumbered title in a label


def attached_name(title: str) -> str:
    """Return the short name of an attached document: its kind, or its title."""
    found = kind_of(title) if title else None
    return found[0] if found else title


def label_of(node: Node, attached: str, *, numbered: bool) -> str:
    """Return the label of a clause.

    Articles are cited as laws are (“điểm a khoản 2 Điều 3”), all else from the largest unit to
    the smallest (“mục 4.b.(1), gạch đầu dòng 8”).

    Args:
        node: the clause's place in the tree.
        attached: name of the attached document it stands in, or ``""``.
        numbered: whether the document has any numbered item; without one, paragraphs are
            simply counted.
    """
    label = _own_label(node, numbered=numbered)
    return f"{label}, {attached}" if attached else label


def section_of(node: Node) -> str:
    """Return the unnumbered title that a clause stands under, as a label tells it, or ``""``."""
    titles = [n for n in node.ancestors() if n.kind is ClauseKind.HEADING and n.marker is None]
    return _section(titles[0]) if titles else ""


def _section(title: Node) -> str:
    return f"phần “{bare(title.text)[:_SHOWN_TITLE].strip(' :')}”"


def _own_label(node: Node, *, numbered: bool) -> str:
    if node.kind in _FIXED:
        return _FIXED[node.kind]
    if node.kind is ClauseKind.FOOTNOTE:
        return f"chú thích {node.paragraph.first.footnote_number}"
    if node.kind is ClauseKind.RECIPIENT:
        return f"{'kính gửi' if node.addressee else 'nơi nhận'}, dòng {node.position}"
    if node.kind is ClauseKind.BASIS:
        return f"căn cứ {node.position}"
    chain = [*reversed(list(node.ancestors())), node]
    if node.quoted:
        inside = [one for one in chain if one.quoted]
        instructing = chain[chain.index(inside[0]) - 1]
        inner = [_bullet(n) for n in inside if n.marker and n.marker.is_bullet]
        told = _own_label(instructing, numbered=numbered)
        return label_of_new_text(
            amended_place(node), told, [*inner, *_unnumbered(node, numbered=numbered)]
        )
    parts = _numbers([n.marker for n in chain if n.marker and not n.marker.is_bullet])
    parts += [_bullet(n) for n in chain if n.marker and n.marker.is_bullet]
    return ", ".join([*parts, *_unnumbered(node, numbered=numbered)])


def _unnumbered(node: Node, *, numbered: bool) -> list[str]:
    """What a clause without a mark is called."""
    if node.kind is ClauseKind.HEADING and node.marker is None:
        return [_section(node)]
    if node.kind is ClauseKind.TABLE_HEADER:
        return [f"bảng {node.table}, dòng tiêu đề"]
    if node.kind is ClauseKind.TABLE_ROW:
        return [f"bảng {node.table}, dòng {node.position}"]
    if node.kind is ClauseKind.PARAGRAPH:
        return [_paragraph(node, numbered=numbered)]
    return []


def _numbers(markers: Sequence[Marker]) -> list[str]:
    """Turn the numbered marks, outermost first, into ``Phần 1``, ``mục II.4.a``."""
    parts: list[str] = []
    if any(m.kind is MarkerKind.ARTICLE for m in markers):
        return [_article(markers)]
    path: list[str] = []
    for marker in markers:
        if marker.kind is MarkerKind.PART:
            parts.append(f"Phần {marker.label}")
        elif marker.kind is MarkerKind.CHAPTER:
            parts.append(f"Chương {marker.label}")
        elif marker.kind is MarkerKind.DECIMAL and path and _says(marker.label, path[-1]):
            path[-1] = marker.label
        else:
            path.append(marker.label)
    if path:
        parts.append("mục " + ".".join(path))
    return parts


def _says(label: str, outer: str) -> bool:
    """Whether ``2.1`` says already that it stands in ``2``."""
    return label.startswith(f"{outer}.")


def _article(markers: Sequence[Marker]) -> str:
    at = next(i for i, m in enumerate(markers) if m.kind is MarkerKind.ARTICLE)
    inside = markers[at + 1 :]
    smaller = [
        f"{word} {m.label}" for word, m in zip(words_in_article(inside), inside, strict=True)
    ]
    return " ".join([*reversed(smaller), f"Điều {markers[at].label}"])


def _bullet(node: Node) -> str:
    kind = node.marker.kind if node.marker else MarkerKind.DASH
    if kind is MarkerKind.STAR:
        n = node.position
        return f"nhóm * thứ {_ORDINALS[n] if n < len(_ORDINALS) else n}"
    return f"{_BULLET_WORDS[kind]} {node.position}"


def _paragraph(node: Node, *, numbered: bool) -> str:
    parent = node.parent
    if parent is not None and parent.marker is not None:
        # The item's own text is its first paragraph where it is not just a title.
        return f"đoạn {node.position + (0 if parent.is_title else 1)}"
    if node.closing:
        return f"đoạn kết {node.position}"
    return f"đoạn mở đầu {node.position}" if numbered else f"đoạn {node.position}"
