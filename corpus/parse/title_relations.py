"""What the title of a document says that it does to others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from corpus.dates import View
from corpus.facts.cited_places import cited_places
from corpus.facts.references import find_references
from corpus.notice import Clause, ClauseKind, DocumentReference, Notice
from corpus.parse.acts import (
    BY_OTHERS,
    DOES,
    ENDING,
    SOME,
    Relation,
    RelationKind,
    are_joined,
    issuer_after,
)
from corpus.parse.endings import by_act, listed

_GUIDES = re.compile(r"(?:huong dan|quy dinh chi tiet|quy dinh (?:mot so )?bien phap thi hanh)\b")
_FRONT = re.compile(r"(?:ve viec |v/v |ve )?(?:thong tu |nghi dinh |quyet dinh )?")
_LAW = re.compile(r"((?:bo )?luat|phap lenh) (.{3,120}?) (?:so )?\d")
_NEAR = 60  # characters of a title in which “một số” stands


def relations_of_title(notice: Notice, own: list[Clause], head_id: str) -> Iterator[Relation]:
    """Read what the title says: “Sửa đổi … của Thông tư số …”, “Hướng dẫn thi hành Luật …”.

    Args:
        notice: the document.
        own: its clauses, without those of others.
        head_id: of the clause that the title stands in.
    """
    title = notice.header.title
    view = View.of(title)
    front = _FRONT.match(view.folded)
    start = front.end() if front else 0
    kind = next((kind for kind, words in DOES if words.match(view.folded, start)), None)
    if kind is None and _GUIDES.match(view.folded, start):
        kind = RelationKind.GUIDES
    if kind is None:
        return
    if kind is not RelationKind.GUIDES and SOME.search(view.folded[start : start + _NEAR]):
        kind = RelationKind.AMENDS
    named = find_references(title)[: 1 if kind is RelationKind.GUIDES else None]
    said = [one for one in named if not BY_OTHERS.search(view.folded[: one.span.start])]
    if kind in ENDING:
        yield from _ended_by_title(view, kind, start, said, head_id)
        kind = RelationKind.AMENDS
    else:
        for reference in said:
            yield Relation(kind, head_id, reference, issuer=issuer_after(view, reference))
    if not said:
        for reference in _laws_named(view.folded, own):
            yield Relation(kind, head_id, reference)


def _ended_by_title(
    view: View, kind: RelationKind, start: int, named: list[DocumentReference], head_id: str
) -> Iterator[Relation]:
    """Read “Bãi bỏ Nghị định số …”: of the first document named, and of those joined to it."""
    act = next(match for _, words in DOES if (match := words.match(view.folded, start)))
    last: Relation | None = None
    last_end = act.end()
    for reference in named:
        at, end = reference.span.start, reference.span.end
        between, after = view.folded[last_end:at], view.folded[end:]
        last_end = end
        if last is not None:
            if not are_joined(between):
                return
            sure = last.ends_all and listed(after).sure
            last = replace(last, kind=kind if sure else RelationKind.AMENDS, target=reference)
            last = replace(last, places=(), issuer=issuer_after(view, reference))
        else:
            ending = by_act(view.folded[start : act.end()], between, after)
            places = cited_places(view.plain[act.end() : at])
            sure = bool(places) or (ending is not None and ending.sure)
            told = kind if sure else RelationKind.AMENDS
            attached = "kem theo" in between
            last = Relation(
                told, head_id, reference, places, attached, issuer=issuer_after(view, reference)
            )
        yield last


def _laws_named(title: str, own: list[Clause]) -> Iterator[DocumentReference]:
    """Laws that a title names without a number, which a basis or the enacting words tell.

    Args:
        title: folded.
        own: the clauses of the document.
    """
    for clause in own:
        if clause.kind is not ClauseKind.BASIS and not clause.label.startswith("đoạn mở đầu"):
            continue
        view = View.of(clause.text)
        for reference in clause.references:
            start = max(0, view.folded.rfind("luat ", 0, reference.span.start + 5))
            match = _LAW.match(view.folded, start)
            if match is not None and match[2] in title and match.end() > reference.span.start:
                yield reference
                return
