"""How a clause is cited: from the marks on its way to the top of its document."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.markers import Marker, MarkerKind
from corpus.notice import ClauseKind
from corpus.structure import Node
from corpus.titles import bare, kind_of

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
_TITLE_LENGTH = 250  # characters: a longer numbered text is a clause, not a title


def is_title(node: Node) -> bool:
    """Whether a numbered paragraph is only the title of what stands under it."""
    if node.kind is ClauseKind.HEADING:
        return True
    text = node.text.rstrip(" *_")
    return bool(node.children) and len(text) <= _TITLE_LENGTH and text[-1:] not in ".;"


def attached_name(title: str) -> str:
    """Return the short name of an attached document: its kind, or its title."""
    found = kind_of(title) if title else None
    return found[0] if found else title


def label_of(node: Node, attached_title: str, *, numbered: bool) -> str:
    """Return the label of a clause.

    Articles are cited as laws are (“điểm a khoản 2 Điều 3”), all else from the largest unit to
    the smallest (“mục 4.b.(1), gạch đầu dòng 8”).

    Args:
        node: the clause's place in the tree.
        attached_title: of the attached document it stands in, or ``""``.
        numbered: whether the document has any numbered item; without one, paragraphs are
            simply counted.
    """
    label = _own_label(node, numbered=numbered)
    name = attached_name(attached_title)
    return f"{label}, {name}" if name else label


def _own_label(node: Node, *, numbered: bool) -> str:
    if node.kind in _FIXED:
        return _FIXED[node.kind]
    if node.kind is ClauseKind.FOOTNOTE:
        return f"chú thích {node.paragraph.first.footnote_number}"
    if node.kind is ClauseKind.RECIPIENT:
        return f"nơi nhận, dòng {node.position}"
    if node.kind is ClauseKind.BASIS:
        return f"căn cứ {node.position}"
    chain = [*reversed(list(node.ancestors())), node]
    parts = _numbers([n.marker for n in chain if n.marker and not n.marker.is_bullet])
    parts += [_bullet(n) for n in chain if n.marker and n.marker.is_bullet]
    if node.kind is ClauseKind.HEADING and node.marker is None:
        parts.append(f"phần “{bare(node.text)[:_SHOWN_TITLE].strip(' :')}”")
    elif node.kind is ClauseKind.TABLE_HEADER:
        parts.append(f"bảng {node.table}, dòng tiêu đề")
    elif node.kind is ClauseKind.TABLE_ROW:
        parts.append(f"bảng {node.table}, dòng {node.position}")
    elif node.kind is ClauseKind.PARAGRAPH:
        parts.append(_paragraph(node, numbered=numbered))
    return ", ".join(parts)


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
        elif marker.kind is MarkerKind.DECIMAL and path:
            path[-1] = marker.label  # 2.1 says already that it stands in 2
        else:
            path.append(marker.label)
    if path:
        parts.append("mục " + ".".join(path))
    return parts


def _article(markers: Sequence[Marker]) -> str:
    at = next(i for i, m in enumerate(markers) if m.kind is MarkerKind.ARTICLE)
    words = {MarkerKind.NUMBER: "khoản", MarkerKind.LETTER: "điểm"}
    smaller = [f"{words.get(m.kind, 'mục')} {m.label}" for m in reversed(markers[at + 1 :])]
    return " ".join([*smaller, f"Điều {markers[at].label}"])


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
        return f"đoạn {node.position + (0 if is_title(parent) else 1)}"
    if node.closing:
        return f"đoạn kết {node.position}"
    return f"đoạn mở đầu {node.position}" if numbered else f"đoạn {node.position}"
