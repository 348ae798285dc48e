"""Instructions of an amending document that name no document: “Sửa đổi khoản 2 Điều 5 như sau:”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.dates import View
from corpus.facts.cited_places import Place, cited_places
from corpus.notice import Clause, DocumentReference
from corpus.parse.acts import BY_OTHERS, DOES, REACH, SOME, Relation, RelationKind, after_mark

_PART = re.compile(
    r"(?:thay (?:the )?(?:mot so )?(?:cac )?(?:cum )?tu|bo (?:cum )?(?:tu|diem|khoan|dieu))\b"
)
_PLACE = 10  # characters that the place takes which an instruction begins with, at least


class Above:
    """What the clauses above an instruction say of the document and the article it is about.

    Args:
        amended: the document that the title says is amended, or None.
    """

    def __init__(self, amended: DocumentReference | None) -> None:
        self._amended = amended
        self._targets: dict[str, DocumentReference | None] = {}
        self._places: dict[str, Place] = {}

    def remember(self, clause: Clause, stated: tuple[Relation, ...]) -> None:
        """Keep what clauses under this one are about."""
        acts = [one for one in stated if one.kind is RelationKind.AMENDS]
        outer = self._targets.get(clause.above, self._amended)
        self._targets[clause.id] = acts[0].target if acts else outer
        own = acts[0].places if acts else _instructed_places(clause)
        place = own[0] if len(own) == 1 else ()
        self._places[clause.id] = self._completed(place, clause)

    def instructed(self, clause: Clause) -> Iterator[Relation]:
        """Read “Sửa đổi khoản 2 Điều 5 như sau:”, whose document is named above it."""
        target = self._targets.get(clause.above, self._amended)
        kind = _instruction(clause)
        if target is None or kind is None:
            return
        places = _instructed_places(clause)
        if places and not SOME.search(_body(clause)):
            whole = tuple(self._completed(place, clause) for place in places)
            yield Relation(kind, clause.id, target, whole)

    def _completed(self, place: Place, clause: Clause) -> Place:
        if any(word == "điều" for word, _ in place):
            return place
        outer = self._places.get(clause.above, ())
        said = {word for word, _ in place}
        return (*(unit for unit in outer if unit[0] not in said), *place)


def _body(clause: Clause) -> str:
    """The folded beginning of a clause without its mark, of its own length."""
    folded = View.of(clause.text[:REACH]).folded
    return folded[after_mark(folded) :]


def _instruction(clause: Clause) -> RelationKind | None:
    """What a clause that names no document says is done; a part that is replaced amends."""
    body = _body(clause)
    if _PART.match(body):
        whole = body.startswith(("bo diem", "bo khoan", "bo dieu"))
        return RelationKind.REPEALS if whole else RelationKind.AMENDS
    kind = next((kind for kind, words in DOES if words.match(body)), None)
    if kind is None and body.startswith(("diem ", "khoan ", "dieu ")) and BY_OTHERS.search(body):
        kind = RelationKind.AMENDS
    return RelationKind.AMENDS if kind is RelationKind.REPLACES else kind


def _instructed_places(clause: Clause) -> tuple[Place, ...]:
    if _instruction(clause) is None:
        return ()
    view = View.of(clause.text[:REACH])
    start = after_mark(view.folded)
    cut = BY_OTHERS.search(view.folded, start + _PLACE)
    said = view.plain[start : cut.start() if cut else None]
    return cited_places(said.split(" như sau")[0])
