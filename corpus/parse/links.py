"""Relations between the documents of a library, both ways, and what is in force on a day.

A document that is named but not there is kept as a name: it is found as soon as it is added,
for links are worked out anew from what the documents say.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from corpus.facts.cited_places import Place, told_place
from corpus.facts.references import matches_number
from corpus.notice import Clause, ContextRole, DocumentReference, Header, Notice, Status
from corpus.parse.acts import ENDING, Relation, RelationKind
from corpus.parse.card import ended_of, read_card
from corpus.parse.relations import read_relations
from corpus.parse.sheet import first_days
from corpus.text import fold

_CHANGES = ENDING | {RelationKind.AMENDS, RelationKind.CORRECTS}
_LEADING = re.compile(r"0*(\d{1,5})")
_CARD_LINES = 60  # the table of properties stands at the top of a saved page
_LARGE = frozenset({"chương", "phần", "mục"})


class Standing(StrEnum):
    """Whether a document is in force on a day."""

    IN_FORCE = "in_force"
    PARTLY = "partly"  # some of it was amended or repealed
    NOT_YET = "not_yet"
    ENDED = "ended"
    DRAFT = "draft"
    UNKNOWN = "unknown"  # it doesn't say from when on

    @property
    def vietnamese(self) -> str:
        """The words shown to people."""
        return _STANDINGS[self]


_STANDINGS = {
    Standing.IN_FORCE: "Còn hiệu lực, xét theo các văn bản trong kho",
    Standing.PARTLY: "Còn hiệu lực một phần: đã có văn bản sửa đổi, bổ sung hoặc bãi bỏ một phần",
    Standing.NOT_YET: "Chưa có hiệu lực",
    Standing.ENDED: "Hết hiệu lực",
    Standing.DRAFT: "Dự thảo, chưa ban hành",
    Standing.UNKNOWN: "Văn bản không nói ngày có hiệu lực",
}


@dataclass(frozen=True, slots=True)
class Link:
    """A relation and the documents of the library at its ends.

    Args:
        relation: as the source states it.
        source_id: the notice that states it.
        target_id: the notice that it is about, or ``""`` where that isn't in the library.
    """

    relation: Relation
    source_id: str
    target_id: str


@dataclass(frozen=True, slots=True)
class Validity:
    """Whether a document is in force on a day, and by what not, or not wholly.

    Args:
        standing: on that day.
        begins: first day, where the document says one.
        ends: first day on which it is no longer in force, where that is known.
        by: the links that end or change it on that day.
    """

    standing: Standing
    begins: date | None = None
    ends: date | None = None
    by: tuple[Link, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Return what people are told of it, ready for JSON; without the links."""
        return {
            "standing": self.standing.value,
            "begins": self.begins.isoformat() if self.begins else None,
            "ends": self.ends.isoformat() if self.ends else None,
        }


@dataclass(frozen=True, slots=True)
class Stated:
    """What a document says of itself and of others; enough to link it, without its clauses.

    Args:
        notice_id: of the notice.
        header: what identifies it.
        relations: what it does to others.
        begins: the first day on which it is in force, where it says one.
        settled: the first day on which all of it is in force, where it says days.
        unsettled: whether it says a first day that can't be read.
        ended: whether it was saved from a page that says that it is no longer in force.
        ends: since when, where that page says so.
    """

    notice_id: str
    header: Header
    relations: tuple[Relation, ...]
    begins: date | None = None
    settled: date | None = None
    unsettled: bool = False
    ended: bool = False
    ends: date | None = None

    @classmethod
    def of(cls, notice: Notice) -> Self:
        """Read what a notice says."""
        ended, ends = ended_of(read_card(notice.source.splitlines()[:_CARD_LINES]))
        days = first_days(notice)
        return cls(
            *(notice.id, notice.header, read_relations(notice)),
            *(days.first, days.last, days.is_unread),
            ended,
            # A page gives the day of a part as well.
            ends if ended else None,
        )

    @property
    def short_name(self) -> str:
        """Kind and number, or the title."""
        return f"{self.header.kind} {self.header.number}".strip() or self.header.title


@dataclass(frozen=True, slots=True)
class Related:
    """All that one document does to another, of one kind, as people are shown it.

    Args:
        kind: what is done.
        outgoing: whether the document that is looked at does it, or suffers it.
        name: of the other document.
        notice_id: of the other document, or ``""`` where it isn't in the library.
        places: of the document that suffers it, as laws cite them; none means all of it.
        clause_ids: the clauses that say it, of the document that does it.
        day: from when on, where that is known.
    """

    kind: RelationKind
    outgoing: bool
    name: str
    notice_id: str
    places: tuple[str, ...]
    clause_ids: tuple[str, ...]
    day: date | None

    @property
    def told(self) -> str:
        """What is said before the other document's name."""
        return self.kind.vietnamese if self.outgoing else self.kind.passive

    def to_dict(self) -> dict[str, object]:
        """Return it ready for JSON."""
        return {
            "kind": self.kind.value,
            "outgoing": self.outgoing,
            "name": self.name,
            "notice": self.notice_id or None,
            "places": list(self.places),
            "clauses": list(self.clause_ids),
            "day": self.day.isoformat() if self.day else None,
        }


class Links:
    """The relations between documents.

    Args:
        stated: what each says; of each document the current version.
    """

    def __init__(self, stated: Iterable[Stated]) -> None:
        self._stated = {one.notice_id: one for one in stated}
        self._by_number: Mapping[str, list[Stated]] = _by_number(self._stated.values())
        self._from: dict[str, list[Link]] = defaultdict(list)
        self._to: dict[str, list[Link]] = defaultdict(list)
        for source in self._stated.values():
            for relation in source.relations:
                target = self.find(relation.target, source.notice_id, relation)
                link = Link(relation, source.notice_id, target.notice_id if target else "")
                self._from[source.notice_id].append(link)
                if target is not None:
                    self._to[target.notice_id].append(link)

    @classmethod
    def between(cls, notices: Iterable[Notice]) -> Self:
        """Read what notices say and link them."""
        return cls(Stated.of(notice) for notice in notices)

    def find(
        self, reference: DocumentReference, source_id: str = "", relation: Relation | None = None
    ) -> Stated | None:
        """Return the document that a reference means, or None where none or several may be meant.

        Args:
            reference: as it stands in a text.
            source_id: the notice that names it, which is never meant.
            relation: what that notice does to it; what is changed must be named beyond doubt.
        """
        leading = _LEADING.match(reference.number)
        near = self._by_number.get(leading[1], ()) if leading else ()
        found = [
            one
            for one in near
            if one.notice_id != source_id
            and matches_number(reference.number, one.header.number, reference.kind)
            and not (reference.date and one.header.date and reference.date != one.header.date)
        ]
        if relation is not None and relation.kind in _CHANGES:
            source = self._stated[source_id].header
            found = [one for one in found if _is_surely(relation, one.header, source)]
        return found[0] if len(found) == 1 else None

    def of(self, notice_id: str) -> tuple[Link, ...]:
        """Return what a notice does to others, in the order of its clauses."""
        return tuple(self._from.get(notice_id, ()))

    def to(self, notice_id: str) -> tuple[Link, ...]:
        """Return what others do to a notice."""
        return tuple(self._to.get(notice_id, ()))

    def related(self, notice_id: str) -> tuple[Related, ...]:
        """Return the documents that a notice is related to, what it does itself first."""
        groups: dict[tuple[RelationKind, bool, str, str], list[Link]] = {}
        for outgoing, links in ((True, self.of(notice_id)), (False, self.to(notice_id))):
            for link in links:
                other = link.target_id if outgoing else link.source_id
                target = link.relation.target
                name = (
                    self._stated[other].short_name
                    if other
                    else f"{target.kind} {target.number}".strip()
                )
                groups.setdefault((link.relation.kind, outgoing, name, other), []).append(link)
        order = list(RelationKind)
        found = sorted(groups.items(), key=lambda one: (not one[0][1], -order.index(one[0][0])))
        return tuple(
            Related(
                kind,
                outgoing,
                name,
                other,
                tuple(
                    dict.fromkeys(
                        told_place(place) for one in links for place in one.relation.places
                    )
                ),
                tuple(dict.fromkeys(one.relation.clause_id for one in links)),
                self.day_of(links[0]),
            )
            for (kind, outgoing, name, other), links in found
        )

    def stated(self, notice_id: str) -> Stated:
        """Return what the document at an end of a link says."""
        return self._stated[notice_id]

    def day_of(self, link: Link) -> date | None:
        """Return the first day on which what a link says holds, where it is known."""
        source = self._stated[link.source_id]
        signed = None if source.unsettled else source.header.date
        return link.relation.day or source.begins or signed

    def ended_from(self, link: Link) -> date | None:
        """Return the first day on which a link has ended all of its target, beyond doubt."""
        source = self._stated[link.source_id]
        if not link.relation.ends_all or not self._counts(link):
            return None
        if source.unsettled:
            return link.relation.day
        own = source.settled or source.header.date
        said = [day for day in (link.relation.day, own) if day is not None]
        return max(said, default=None)

    def validity(self, notice_id: str, on: date) -> Validity:
        """Return whether a notice is in force on a day."""
        own = self._stated[notice_id]
        begins = own.begins
        if own.header.status is Status.DRAFT:
            return Validity(Standing.DRAFT)
        ending = {one: day for one in self._to[notice_id] if (day := self.ended_from(one))}
        ends = min([*ending.values(), *([own.ends] if own.ends else [])], default=None)
        over = tuple(one for one, day in ending.items() if day <= on)
        if over or (own.ended and (own.ends is None or own.ends <= on)):
            return Validity(Standing.ENDED, begins, ends, over)
        if begins is not None and begins > on:
            return Validity(Standing.NOT_YET, begins, ends)
        changed = tuple(one for one in self._to[notice_id] if self._changes(one, on))
        if changed:
            return Validity(Standing.PARTLY, begins, ends, changed)
        standing = Standing.IN_FORCE if begins is not None else Standing.UNKNOWN
        return Validity(standing, begins, ends)

    def changes_of(self, clause: Clause, on: date) -> tuple[Link, ...]:
        """Return the links by which a clause is changed or repealed on a day, its notice not.

        An amendment that names no places is about any clause, unless the same document names
        some elsewhere; so is what may have ended all of it.
        """
        links = [
            one
            for one in self._to.get(clause.notice_id, ())
            if self._changes(one, on) and not self._has_ended(one, on)
        ]
        placed = {one.source_id for one in links if one.relation.places}
        return tuple(
            one
            for one in links
            if _touches(one.relation, clause)
            or (not one.relation.places and one.source_id not in placed)
            or one.relation.ends_all
        )

    def _changes(self, link: Link, on: date) -> bool:
        return link.relation.kind in _CHANGES and self._counts(link) and self._holds(link, on)

    def _has_ended(self, link: Link, on: date) -> bool:
        day = self.ended_from(link)
        return day is not None and day <= on

    def _counts(self, link: Link) -> bool:
        """Whether the source has force at all: a draft changes nothing yet."""
        return self._stated[link.source_id].header.status is not Status.DRAFT

    def _holds(self, link: Link, on: date) -> bool:
        day = self.day_of(link)
        return day is None or day <= on


_YEAR = re.compile(r"/(?:19|20)\d\d/")
_CODE = re.compile(r"[^\W\d]")
_LOCAL = re.compile(r"\b(?:ubnd|hdnd)")
_SOMEWHERE = re.compile(
    r"(?:chu tich )?(?:uy ban|hoi dong) nhan dan (?:tinh|thanh pho|huyen|quan|xa|phuong|thi xa)"
    r" (?!(?:ve|quy dinh|ban hanh|sua doi|bai bo|va|phe duyet|giao|het|bi|tu|ke)\b)[a-z]"
)


def _is_surely(relation: Relation, target: Header, source: Header) -> bool:
    """Whether the document that is changed is this one and no other of its number.

    Numbers without a year begin again each year, those of People's Committees and Councils in
    each place.
    """
    reference = relation.target
    is_later = bool(target.date and source.date and target.date > source.date)
    is_own = bool(source.number) and matches_number(reference.number, source.number, reference.kind)
    is_dated = reference.date is not None and reference.date == target.date
    has_year = _YEAR.search(reference.number) is not None
    if is_later or is_own or not (has_year or is_dated) or not _CODE.search(reference.number):
        return False
    if _LOCAL.search(fold(reference.number)) is None:
        return True
    issuer, named = _issuer(target.issuer), _issuer(relation.issuer)
    if _SOMEWHERE.match(named):
        return bool(issuer) and re.match(rf"(?:chu tich )?{re.escape(issuer)}\b", named) is not None
    return issuer != "" and issuer == _issuer(source.issuer)


def _issuer(name: str) -> str:
    folded = " ".join(fold(name).split())
    return folded.replace("ubnd", "uy ban nhan dan").replace("hdnd", "hoi dong nhan dan")


def _by_number(notices: Iterable[Stated]) -> dict[str, list[Stated]]:
    found: dict[str, list[Stated]] = defaultdict(list)
    for notice in notices:
        if leading := _LEADING.match(notice.header.number):
            found[leading[1]].append(notice)
    return found


def _touches(relation: Relation, clause: Clause) -> bool:
    """Whether a clause stands in, or is, one of the places that a relation is about."""
    attached = clause.context_of(ContextRole.ATTACHED)
    name = fold(attached[0].text) if attached else ""
    for place in relation.places:
        annex = next((number for word, number in place if word == "phụ lục"), "")
        inner = tuple(unit for unit in place if unit[0] != "phụ lục")
        if bool(annex or relation.attached) != bool(attached):
            continue
        if annex and not re.fullmatch(rf"phu luc (?:so )?0*{re.escape(annex.lstrip('0'))}", name):
            continue
        if any(word == "điều" for word, _ in inner):
            touched = _begins(_plain(clause.place), _plain(inner))
        elif inner and inner[-1][0] in _LARGE:
            # “Chương II” holds its articles, with the part that it stands in or without.
            touched = set(_lower(inner)) <= set(_lower(clause.place))
        else:
            touched = _begins(_lower(clause.place), _lower(inner))
        if touched:
            return True
    return False


def _begins(units: Sequence[tuple[str, str]], begin: Sequence[tuple[str, str]]) -> bool:
    return list(units[: len(begin)]) == list(begin)


def _plain(place: Place) -> Place:
    """The units that tell a place: chapters and parts don't where there is an article."""
    has_article = any(word == "điều" for word, _ in place)
    return tuple((w, n) for w, n in _lower(place) if not (has_article and w in _LARGE))


def _lower(place: Place) -> Place:
    return tuple((word, number.lower()) for word, number in place)
