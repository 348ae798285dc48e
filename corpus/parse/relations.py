"""What a document does to others: the relations between documents, as it states them.

Each is read with the clause that says it, the other document as it is named there, and the
places of that document that it is about. New text that an amending document quotes speaks for
the other document, and documents attached to a notice speak for themselves: neither is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from corpus.dates import View
from corpus.facts.cited_places import Place, cited_places
from corpus.facts.references import find_references
from corpus.notice import Clause, ClauseKind, ContextRole, DocumentReference, Notice
from corpus.parse.endings import Ending, by_act, by_suffering, decides, is_all, listed, of_lead_in


class RelationKind(StrEnum):
    """What one document does to another."""

    BASIS = "basis"
    REPLACES = "replaces"
    REPEALS = "repeals"
    AMENDS = "amends"
    GUIDES = "guides"
    CORRECTS = "corrects"

    @property
    def vietnamese(self) -> str:
        """What is said of the document that does it."""
        return _TOLD[self][0]

    @property
    def passive(self) -> str:
        """What is said of the document that suffers it."""
        return _TOLD[self][1]


_TOLD = {
    RelationKind.BASIS: ("Căn cứ", "Là căn cứ của"),
    RelationKind.REPLACES: ("Thay thế", "Được thay thế bởi"),
    RelationKind.REPEALS: ("Bãi bỏ", "Bị bãi bỏ bởi"),
    RelationKind.AMENDS: ("Sửa đổi, bổ sung", "Được sửa đổi, bổ sung bởi"),
    RelationKind.GUIDES: ("Hướng dẫn, quy định chi tiết", "Được hướng dẫn bởi"),
    RelationKind.CORRECTS: ("Đính chính", "Được đính chính bởi"),
}


ENDING = frozenset({RelationKind.REPLACES, RelationKind.REPEALS})
"""What ends a document, or the places of it that are named."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One thing that a document does to another.

    Args:
        kind: what it does.
        clause_id: the clause that says it.
        target: the other document as it is named; its ``span`` lies in the text that names it,
            which may be the title or a heading above the clause.
        places: of the other document, where only these are meant; none means all of it.
        attached: whether the places are of what is attached to the other document.
        day: from when on, where the text names a day other than the source's first.
        issuer: what is said after “của” behind the other document's number, folded.
    """

    kind: RelationKind
    clause_id: str
    target: DocumentReference
    places: tuple[Place, ...] = ()
    attached: bool = False
    day: date | None = None
    issuer: str = ""

    @property
    def ends_all(self) -> bool:
        """Whether it ends the other document as a whole."""
        return self.kind in ENDING and not self.places


# Folded; what stands before a document that something is done to.
_DOES = (
    (RelationKind.REPLACES, re.compile(r"\bthay (?:the )?(?:cho )?\b(?!cum tu|tu\b|the cum)")),
    (RelationKind.REPEALS, re.compile(r"\b(?:bai|huy) bo\b")),
    (RelationKind.AMENDS, re.compile(r"\bsua doi\b|\bbo sung\b|\bthay(?: the)? (?:cum )?tu\b")),
    (RelationKind.CORRECTS, re.compile(r"\bdinh chinh\b")),
)
# What stands after it.
_SUFFERS = (
    (RelationKind.REPLACES, re.compile(r"\b(?:het hieu luc|cham dut hieu luc)\b")),
    (RelationKind.REPEALS, re.compile(r"\bbi (?:bai|huy) bo\b|\bduoc bai bo\b")),
)
_LISTS = (*_DOES, *_SUFFERS)
_BY_OTHERS = re.compile(r"\b(?:da )?(?:duoc|bi) (?:sua doi|bo sung|thay the|bai bo|dinh chinh)\b")
_GUIDES = re.compile(r"(?:huong dan|quy dinh chi tiet|quy dinh (?:mot so )?bien phap thi hanh)\b")
_AS_RULED = re.compile(r"\b(?:theo|can cu|quy dinh tai|neu tai)\b")
# What may stand between the word of the act and a document that all of it is about.
_WHOLE = re.compile(
    r"\b(?:toan bo|noi dung|hieu luc(?: thi hanh)?|cua|cac|nhung|mot so van ban|van ban"
    r"|quy pham phap luat|sau(?: day)?|va|bo sung|cho|doi voi|thong tu|nghi dinh|quyet dinh"
    r"|nghi quyet|bo luat|luat|phap lenh|chi thi|so|the)\b"
)
_SOME = re.compile(r"\bmot so\b")
_MARK = re.compile(
    r"[*_#\s“\"]{0,40}(?:dieu \d{1,3}[a-z]?[.:]?|\d{1,3}(?:\.\d{1,2})*[.)]|[a-z]\)|[-+*])?\s{0,40}"
)
_STAYS = re.compile(r"\b(?:tiep tuc|van|con) (?:con |van )?(?:co )?hieu luc\b")
_SENTENCE = re.compile(r"[.;]\s")
_PART = re.compile(
    r"(?:thay (?:the )?(?:mot so )?(?:cac )?(?:cum )?tu|bo (?:cum )?(?:tu|diem|khoan|dieu))\b"
)
_FRONT = re.compile(r"(?:ve viec |v/v |ve )?(?:thong tu |nghi dinh |quyet dinh )?")
_REACH = 600  # characters between a document and the word that says what is done to it
_FURTHEST = 200  # characters before a document that begins an item, its mark with them
_NEAR = 60  # characters of a mark, and of “Toàn bộ”, before a document that begins an item
_ISSUER = re.compile(
    r"(?:,? ngay [\d/ .-]{1,12}(?:thang [\d ]{1,4}nam [\d ]{4,6})?)? ?cua (.{1,100})"
)
_LAW = re.compile(r"((?:bo )?luat|phap lenh) (.{3,120}?) (?:so )?\d")


def read_relations(notice: Notice) -> tuple[Relation, ...]:
    """Return what a notice says that it does to other documents, in the order of its clauses."""
    own = [
        clause
        for clause in notice.clauses
        if not clause.is_new_text and not clause.context_of(ContextRole.ATTACHED)
    ]
    by_id = {clause.id: clause for clause in own}
    head = next((clause for clause in own if clause.kind is ClauseKind.HEADER), None)
    found = [*_of_title(notice, own, head.id)] if head else []
    above = _Above(next((one.target for one in found if one.kind is RelationKind.AMENDS), None))
    for clause in own:
        if clause.kind is ClauseKind.BASIS:
            found += _bases(clause)
        elif clause.kind is ClauseKind.HEADING or clause.kind.is_content:
            stated = tuple(_stated(clause, by_id))
            found += stated or above.instructed(clause)
            above.remember(clause, stated)
    if not decides(notice.header.kind):
        found = [one for one in found if not one.ends_all]
    kept = {number for clause in own for number in _kept(clause)}
    found = [
        replace(one, kind=RelationKind.AMENDS, day=None)
        if one.ends_all and one.target.number in kept
        else one
        for one in found
    ]
    # The enacting words and the first article say the title again.
    told: dict[tuple[RelationKind, str, tuple[Place, ...]], Relation] = {}
    for one in found:
        told.setdefault((one.kind, one.target.number, one.places), one)
    return tuple(told.values())


def _kept(clause: Clause) -> Iterator[str]:
    """The numbers of documents that a clause says stay in force, wholly or in part."""
    if not clause.references:
        return
    folded = View.of(clause.text).folded
    for reference in clause.references:
        end = reference.span.end
        if _STAYS.search(_SENTENCE.split(folded[end : end + _REACH])[0]):
            yield reference.number


class _Above:
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
        if places and not _SOME.search(_body(clause)):
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
    folded = View.of(clause.text[:_REACH]).folded
    mark = _MARK.match(folded)
    return folded[mark.end() if mark else 0 :]


def _instruction(clause: Clause) -> RelationKind | None:
    """What a clause that names no document says is done; a part that is replaced amends."""
    body = _body(clause)
    if _PART.match(body):
        whole = body.startswith(("bo diem", "bo khoan", "bo dieu"))
        return RelationKind.REPEALS if whole else RelationKind.AMENDS
    kind = next((kind for kind, words in _DOES if words.match(body)), None)
    if kind is None and body.startswith(("diem ", "khoan ", "dieu ")) and _BY_OTHERS.search(body):
        kind = RelationKind.AMENDS
    return RelationKind.AMENDS if kind is RelationKind.REPLACES else kind


def _instructed_places(clause: Clause) -> tuple[Place, ...]:
    if _instruction(clause) is None:
        return ()
    view = View.of(clause.text[:_REACH])
    mark = _MARK.match(view.folded)
    start = mark.end() if mark else 0
    cut = _BY_OTHERS.search(view.folded, start + _NEAR // 6)
    said = view.plain[start : cut.start() if cut else None]
    return cited_places(said.split(" như sau")[0])


def _of_title(notice: Notice, own: list[Clause], head_id: str) -> Iterator[Relation]:
    """Read what the title says: “Sửa đổi … của Thông tư số …”, “Hướng dẫn thi hành Luật …”."""
    title = notice.header.title
    view = View.of(title)
    front = _FRONT.match(view.folded)
    start = front.end() if front else 0
    kind = next((kind for kind, words in _DOES if words.match(view.folded, start)), None)
    if kind is None and _GUIDES.match(view.folded, start):
        kind = RelationKind.GUIDES
    if kind is None:
        return
    if kind is not RelationKind.GUIDES and _SOME.search(view.folded[start : start + _NEAR]):
        kind = RelationKind.AMENDS
    named = find_references(title)[: 1 if kind is RelationKind.GUIDES else None]
    said = [one for one in named if not _BY_OTHERS.search(view.folded[: one.span.start])]
    if kind in ENDING:
        yield from _ended_by_title(view, kind, start, said, head_id)
        kind = RelationKind.AMENDS
    else:
        for reference in said:
            yield Relation(kind, head_id, reference, issuer=_issuer(view, reference))
    if not said:
        for reference in _laws_named(view.folded, own):
            yield Relation(kind, head_id, reference)


def _ended_by_title(
    view: View, kind: RelationKind, start: int, named: list[DocumentReference], head_id: str
) -> Iterator[Relation]:
    """Read “Bãi bỏ Nghị định số …”: of the first document named, and of those joined to it."""
    act = next(match for _, words in _DOES if (match := words.match(view.folded, start)))
    last: Relation | None = None
    last_end = act.end()
    for reference in named:
        at, end = reference.span.start, reference.span.end
        between, after = view.folded[last_end:at], view.folded[end:]
        last_end = end
        if last is not None:
            if not _joined(between):
                return
            sure = last.ends_all and listed(after).sure
            last = replace(last, kind=kind if sure else RelationKind.AMENDS, target=reference)
            last = replace(last, places=(), issuer=_issuer(view, reference))
        else:
            ending = by_act(view.folded[start : act.end()], between, after)
            places = cited_places(view.plain[act.end() : at])
            sure = bool(places) or (ending is not None and ending.sure)
            told = kind if sure else RelationKind.AMENDS
            attached = "kem theo" in between
            last = Relation(
                told, head_id, reference, places, attached, issuer=_issuer(view, reference)
            )
        yield last


def _issuer(view: View, reference: DocumentReference) -> str:
    match = _ISSUER.match(view.folded, reference.span.end)
    return match[1] if match else ""


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


def _bases(clause: Clause) -> Iterator[Relation]:
    view = View.of(clause.text)
    for reference in clause.references:
        before = view.folded[max(0, reference.span.start - _REACH) : reference.span.start]
        if not _BY_OTHERS.search(before.rsplit("; ", 1)[-1]):
            yield Relation(RelationKind.BASIS, clause.id, reference)


def _stated(clause: Clause, by_id: Mapping[str, Clause]) -> Iterator[Relation]:
    """Read what running text says is done to the documents that it names."""
    if not clause.references:
        return
    view = View.of(clause.text)
    last: Relation | None = None
    last_end = 0
    for reference in clause.references:
        start, end = reference.span.start, reference.span.end
        opens = _sentence_start(view.folded, start)
        before = view.folded[max(opens, last_end) : start]
        after = _SENTENCE.split(view.folded[end : end + _REACH])[0]
        first = last_end <= opens
        prefix = "" if first else view.folded[opens:last_end]
        done = _done_to(before, after, prefix)
        kind, at = done or (None, len(before))
        ending: Ending | None = None
        begin = (
            start - len(before) + at if 0 < at < len(before) else max(opens, start - len(before))
        )
        between = view.folded[begin:start]
        if done is not None and at:
            head = view.folded[begin - at if first else opens : begin]
            ending = by_act(head, between, after)
            if not first and ending is not None:  # “thay thế … và bãi bỏ …”
                sure = last is not None and last.ends_all and is_all(between)
                ending = listed(after) if sure else Ending(False)
        elif done is not None:
            # “Thông tư số 1/… và Thông tư số 2/… hết hiệu lực”
            joined = not first and last is not None and last.ends_all and _joined(before)
            ending = by_suffering("" if joined else before, after)
            if not (first or joined) and ending is not None:
                ending = Ending(False)
        elif last is not None and not first and _joined(before):
            # “bãi bỏ Thông tư số 1/… và Thông tư số 2/…”
            kind, ending = last.kind, listed(after)
            ending = Ending(ending.sure and last.ends_all, ending.day or last.day)
        elif _begins_item(view.folded[:start]) and (of_list := _of_list(clause, by_id)):
            kind, ending = of_list
            own = listed(after)
            ending = Ending(ending.sure and own.sure, own.day or ending.day)
        last, last_end = None, end
        if kind is None or before.endswith("mau so "):
            continue
        if kind in ENDING and ending is None:
            continue
        places = cited_places(view.plain[begin:start])
        day = ending.day if ending is not None and kind in ENDING else None
        if not places and kind in ENDING and not (ending is not None and ending.sure):
            kind, day = RelationKind.AMENDS, None
        attached, issuer = "kem theo" in between, _issuer(view, reference)
        last = Relation(kind, clause.id, reference, places, attached, day, issuer)
        yield last


def _sentence_start(folded: str, end: int) -> int:
    """Where the sentence begins in which ``end`` stands; at most ``_REACH`` before it."""
    low = max(0, end - _REACH)
    starts = [match.end() for match in _SENTENCE.finditer(folded, low, end)]
    mark = _MARK.match(folded)
    begin = mark.end() if mark and low == 0 else low
    return max([one for one in starts if one > begin], default=begin)


def _done_to(before: str, after: str, prefix: str) -> tuple[RelationKind, int] | None:
    """What is done to a document, and where the words that say it end in ``before``.

    By the nearest word before it, else by one after it: then the place is before its beginning.

    Args:
        before: what stands between the sentence's beginning, or the document before, and it.
        after: the rest of the sentence.
        prefix: the sentence up to the document before, where there is one.
    """
    if _BY_OTHERS.search(before):
        return None
    acts = [(match, kind) for kind, words in _DOES for match in words.finditer(before)]
    if acts:
        match, kind = max(acts, key=lambda one: one[0].start())
        subject = before[: acts[0][0].start()] if not prefix else before[: match.start()]
        if prefix:
            # What follows a document is what that document does, unless it is a second act.
            return (kind, match.end()) if re.search(r"\b(?:va|dong thoi) $", subject) else None
        begins = min(one[0].start() for one in acts)
        is_own = not before[:begins].strip() or re.search(r"\bnay\b", before[:begins])
        return (kind, match.end()) if is_own else None
    if _AS_RULED.search(before) or before.startswith(("truong hop ", "khi ", "neu ", "doi voi ")):
        return None
    suffered = next((kind for kind, words in _SUFFERS if words.search(after)), None)
    return (suffered, 0) if suffered else None


def _joined(between: str) -> bool:
    return bool(re.search(r"(?:^|[,;] |\bva )(?:[a-z ]{0,40} so )?$", between)) and not (
        _AS_RULED.search(between) or any(words.search(between) for _, words in _DOES)
    )


def _is_whole(between: str) -> bool:
    return not re.search(r"[a-z]{2,}", _WHOLE.sub(" ", between))


def _begins_item(head: str) -> bool:
    if len(head) > _FURTHEST:
        return False
    mark = _MARK.match(head)
    rest = head[mark.end() if mark else 0 :]
    return len(rest) <= _NEAR and _is_whole(rest)


def _of_list(clause: Clause, by_id: Mapping[str, Clause]) -> tuple[RelationKind, Ending] | None:
    """What the heading or lead-in of a list does to the documents that are its items."""
    above = by_id.get(clause.above)
    heads = [above.text] if above is not None else []
    heads += [part.text for part in reversed(clause.context) if part.role is ContextRole.LEAD_IN]
    for text in heads:
        folded = View.of(text[:_REACH]).folded
        found = [(m.start(), kind) for kind, words in _LISTS for m in words.finditer(folded)]
        announces = text.rstrip(" *_").endswith((":", "sau", "sau đây")) or len(text) < _REACH // 3
        if found and announces and not re.search(r"\bmot so (?:dieu|diem|khoan)\b", folded):
            mark = _MARK.match(folded)
            ending = of_lead_in(folded[mark.end() if mark else 0 :])
            return max(found, key=lambda one: one[0])[1], ending
    return None
