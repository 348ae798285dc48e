"""Who leads a task and who takes part.

Rules, in the order they are tried on a clause's own text:

1. A bracket that opens with an agency and holds a deadline, a document or ``chủ trì`` names the
   owners of the task before it: ``… (Bộ KHCN, hạn tháng 11/2025; Thông báo 45-TB/TGV)``.
2. The names right before ``chủ trì`` lead.
3. Else the names that open the text lead (``Bộ Y tế …``, ``Đề nghị Chính phủ …``,
   ``Văn phòng Chính phủ: …``), unless the text goes on to tell what they have done (``đã``).
4. The names after ``phối hợp với`` or ``chủ trì cùng`` take part.

A text without a lead of its own takes the owners of the nearest inherited part that has any.
Where it only says ``Phối hợp với Y``, nobody is said to lead: the bare owner heading takes part
beside Y. A lead-in that says ``X chủ trì`` keeps X as lead.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from corpus.dates import View, spaced
from corpus.facts.agencies import agencies_in
from corpus.facts.deadlines import deadlines_in
from corpus.facts.references import references_in
from corpus.notice import Owner, OwnerRole
from corpus.text import fold, lowered

# Groups are read with their diacritics: “bộ” is not “bổ”, “sở” is not “số”.
_BODY = r"cơ quan|đơn vị|địa phương|doanh nghiệp|tổ chức|trường đại học|viện nghiên cứu"
_UNIT = (
    rf"(?:{_BODY}|bộ ngành|bộ|ngành|ban đảng|ban quản lý|ban|tập đoàn|hiệp hội|trường|đại học|viện"
    r"|học viện|sở|tỉnh [uủ][yỷ]|thành [uủ][yỷ]|đảng [uủ][yỷ]|cấp [uủ][yỷ]|tỉnh|thành phố|xã|phường"
    r"|huyện|chuyên gia|cơ sở giáo dục(?: đại học)?|thủ trưởng cơ quan"
    r"|(?:chủ tịch )?(?:[uủ][yỷ] ban nhân dân|ubnd|hđnd) (?:các )?(?:tỉnh|xã|cấp \w+))"
)
_QUALIFIER = (
    r"(?:(?:có )?liên quan|(?:ở )?trung ương|trực thuộc trung ương|trực thuộc|ngang bộ"
    r"|thuộc chính phủ|chủ quản(?: (?:các )?(?:cơ sở dữ liệu|csdl|nền tảng số))?|nhà nước|công nghệ"
    r"|nòng cốt|khác|trên địa bàn|chức năng|đảng|được giao(?: chủ trì)?|cấp tỉnh|cấp xã)"
)
_GROUP = rf"{_UNIT}(?!\w)(?: {_QUALIFIER}(?!\w))*"
_MORE_GROUPS = rf"(?:(?:~,~| và |~,~và )(?:các )?{_GROUP}){{0,9}}"
_COLLECTIVE = re.compile(
    spaced(
        rf"(?<!\w)(?:(?:các|những|một số|\d{{1,2}}) {_GROUP}|(?:cơ quan|đơn vị) {_QUALIFIER}(?!\w)"
        rf"|(?:[uủ][yỷ] ban nhân dân|ubnd) các {_GROUP}|bộ~,~ngành){_MORE_GROUPS}"
    )
)
_OPENING_GROUP = re.compile(
    spaced(rf"(?:(?:{_BODY})(?!\w)(?: {_QUALIFIER})*|bộ trưởng(?=~,)){_MORE_GROUPS}")
)
_BETWEEN = re.compile(spaced(r"~(?:(?:,~)?va(?!\w)~|[,….]{1,9}~|)(?:\([^()]{0,90}\)~(?:,~)?)?"))
_MARKER = re.compile(
    spaced(
        r"(?:~(?:[-+·•]|\(?(?:[ivx]{1,4}|\d{1,2})\)|\(?[a-z]\)|(?:\d{1,2}\.){1,3}\d{0,2}))*~"
        r"(?:(?:de nghi|yeu cau|giao)(?: dong chi)? )?"
    )
)
_LEADS = re.compile(spaced(r"(?<!\w)chu tri(?! dong hanh)(?!\w)"))
# What may stand between the names and “chủ trì”.
_TO_LEADS = re.compile(
    spaced(
        r"[\s,]{0,9}(?:\([^()]{0,90}\)~)?(?:theo chuc nang~,?~nhiem vu(?: duoc giao)?~,?~)?"
        r"(?:la (?:co quan|don vi|dau moi) |duoc giao |chiu trach nhiem |lam )?"
    )
)
_WITH = re.compile(
    spaced(
        r"(?<!\w)(?:phoi hop(?: chat che)?(?:~,? (?:voi|cung)(?: voi)?)?|cung(?: voi)?)"
        r"(?= )"
    )
)
_ONLY_WITH = re.compile(spaced(r"(?:chu dong )?phoi hop (?:chat che )?(?:voi|cung)(?!\w)"))
_DONE = re.compile(r"[\s,]*(?:đã|đang|vẫn|còn|cũng đã|đạt|có trên|ước)(?!\w)", re.I)
# “đồng chí …, Ủy viên Ban Chỉ đạo chủ trì cuộc họp”: a person, at an event.
_PERSON = re.compile(
    r"(?:uy vien(?: thuong truc)?|(?<!bo )truong|chu tich|bi thu|chu nhiem|giam doc|lanh dao"
    r"|dai dien)\s*$"
)
_EVENT = re.compile(spaced(r" ~(?:cuoc )?hop(?!\w)"))
_BRACKET = re.compile(r"\(([^()]{3,600})\)?")
_SHARED_HEAD = re.compile(
    spaced(r"~(?:(?:cac|nhung) (?:bo|so|thanh uy|tinh uy)(?!\w)(?:[^.;:]{0,40}:)?)?~")
)
_COUNTED = re.compile(spaced(r"~\d{1,2} [a-z ]{2,20}:~"))

_IS_TO_ACT = re.compile(
    r"\s*(?:phai|can|(?:duoc|bi) (?:\w+ ){0,6}giao|duoc phan cong"
    r"|co (?:nhung |cac )?(?:nhiem vu|trach nhiem)|chu tri|tap trung"
    r"|lam (?:gi|nhung|viec)|se (?:lam|phai))(?!\w)"
)
_IS_GIVEN = re.compile(
    r"\b(?:giao|phan cong|yeu cau|(?:nhiem vu|viec|trach nhiem)(?: (?:nao|gi))? (?:cua|thuoc))"
    r"(?: cho)? (?:cac )?$"
)


@dataclass(frozen=True, slots=True)
class _Party:
    start: int
    end: int
    canonical: str


@dataclass(frozen=True, slots=True)
class _Said:
    leads: tuple[_Party, ...]
    others: tuple[_Party, ...]
    says_lead: bool  # the word “chủ trì” stands there


def find_owners(
    text: str, clause_id: str, inherited: tuple[tuple[str, str], ...] = ()
) -> tuple[Owner, ...]:
    """Return who a clause gives something to do, leads first.

    Args:
        text: the clause, with or without its number or bullet.
        clause_id: its id.
        inherited: (clause id, text) of its lead-in, owner heading and other headings, the
            nearest first; used where the text names no lead.
    """
    return owners_in(View.of(text), clause_id, inherited)


def owners_in(
    view: View, clause_id: str, inherited: tuple[tuple[str, str], ...] = ()
) -> tuple[Owner, ...]:
    """Return who a clause gives something to do; see ``find_owners``."""
    said = _said(view)
    own = _owners(view, said, clause_id)
    if said.leads or not inherited:
        return own
    only_with = _ONLY_WITH.match(view.folded, view.once(_body)) is not None
    for part_id, part in inherited:
        if owners := _owners_above(part, part_id, only_with=only_with):
            return _distinct((*owners, *own)) if own else owners
    return own


@lru_cache(maxsize=64)  # every item of a list asks the same of its lead-in and headings
def _owners_above(text: str, clause_id: str, *, only_with: bool) -> tuple[Owner, ...]:
    """Whom an inherited part gives to do what stands under it; empty where nobody leads.

    Args:
        text: of the part.
        clause_id: its id.
        only_with: whether what stands under it says “phối hợp với Y” and nothing more.
    """
    view = View.of(text)
    said = _said(view)
    if not said.leads:
        return ()
    owners = _owners(view, said, clause_id)
    if only_with and not said.says_lead:
        return tuple(replace(owner, role=OwnerRole.PARTICIPATE) for owner in owners)
    return owners


def find_actors(question: str) -> tuple[str, ...]:
    """Return the full names of those whose tasks a question asks for.

    “Bộ Xây dựng phải làm gì”, “các địa phương được giao những việc gì”, “giao cho Bộ Y tế”.
    """
    view = View.of(question)
    actors: list[_Party] = []
    for party in reversed(_parties(view)):
        # “Sở A và Sở B phải làm gì”: what is asked of the last is asked of those before it.
        goes_on = actors and _BETWEEN.fullmatch(view.folded, party.end, actors[-1].start)
        is_to_act = _IS_TO_ACT.match(view.folded, party.end)
        if is_to_act or goes_on or _IS_GIVEN.search(view.folded, 0, party.start):
            actors.append(party)
    return tuple(party.canonical for party in reversed(actors))


def is_given_to(owners: Sequence[Owner], actor: str) -> bool:
    """Whether one of those who lead is the actor, or the group that it stands for.

    “Các bộ, ngành, địa phương” lead what “các địa phương” are asked to do.
    """
    name = fold(actor)
    group = re.sub("^(?:cac|nhung) ", "", name)
    leads = [fold(owner.canonical) for owner in owners if owner.role is OwnerRole.LEAD]
    return name in leads or (group != name and any(group in lead for lead in leads))


def _body(view: View) -> int:
    """Where the text begins after its bullet or number and “Đề nghị”."""
    match = _MARKER.match(view.folded)
    return match.end() if match else 0


def _said(view: View) -> _Said:
    parties = _Parties(view)
    if not parties:
        return _Said((), (), says_lead=False)
    bracket = _bracket(parties)
    if bracket is not None:
        return bracket
    others = _with(parties, 0, len(parties))
    before = _before_lead(parties)
    if before:
        return _Said(before, others, says_lead=True)
    leads = _opening(parties)
    held = {party.start for party in leads}
    others = tuple(party for party in others if party.start not in held)
    return _Said(leads, others, says_lead=False)


def _owners(view: View, said: _Said, clause_id: str) -> tuple[Owner, ...]:
    def owner(party: _Party, role: OwnerRole) -> Owner:
        name = view.span(party.start, party.end).of(view.text)
        return Owner(name, party.canonical, role, clause_id)

    leads = [owner(party, OwnerRole.LEAD) for party in said.leads]
    return _distinct((*leads, *(owner(party, OwnerRole.PARTICIPATE) for party in said.others)))


def _distinct(owners: Sequence[Owner]) -> tuple[Owner, ...]:
    """Keep each agency once; who leads is not counted as taking part."""
    kept: dict[str, Owner] = {}
    for owner in owners:
        kept.setdefault(fold(owner.canonical), owner)
    return tuple(kept.values())


class _Parties:
    """The agencies and groups of a view, in order, and how they are enumerated."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._all = _parties(view)
        self._starts = [party.start for party in self._all]
        self._ends = [party.end for party in self._all]
        self._linked: dict[int, bool] = {}

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, i: int) -> _Party:
        return self._all[i]

    def run(self, first: int, last: int) -> tuple[_Party, ...]:
        """The parties from ``first`` up to, but without, ``last``."""
        return tuple(self._all[first:last])

    def after(self, position: int) -> int:
        """Index of the first that begins at a place or behind it; the length where none does."""
        return bisect_left(self._starts, position)

    def before(self, position: int) -> int:
        """Index of the last that ends at a place or before it; -1 where none does."""
        return bisect_right(self._ends, position) - 1

    def goes_on(self, i: int) -> bool:
        """Whether the enumeration that party ``i`` is in goes on with the one after it."""
        if i + 1 >= len(self._all):
            return False
        if i not in self._linked:
            start, end = self._ends[i], self._starts[i + 1]
            linked = _BETWEEN.fullmatch(self.view.folded, start, end) is not None
            self._linked[i] = linked and not self.view.folded[start:end].strip().startswith(".")
        return self._linked[i]

    def end_of_run(self, first: int) -> int:
        """One past the last party of the enumeration that ``first`` begins."""
        last = first
        while self.goes_on(last):
            last += 1
        return last + 1


def _parties(view: View) -> list[_Party]:
    """The agencies and groups (“các bộ, ngành”) of a text, in order, in places of the view."""
    named: list[_Party] = []
    for start, end, canonical in view.once(agencies_in):
        if not _is_gloss(view, named, start, end):
            named.append(_Party(start, end, canonical))
    rest = _without(view, named)
    groups = [match.span() for match in _COLLECTIVE.finditer(rest)]
    opening = _OPENING_GROUP.match(rest, view.once(_body))
    if opening and not any(start <= opening.start() for start, _ in groups):
        groups = [opening.span(), *(span for span in groups if span[0] >= opening.end())]
    starts = {party.start for party in named}
    # “các Bộ Tài chính, Nội vụ”: the names follow, the word before them is no party.
    groups = [
        (start, end)
        for start, end in groups
        if not ({end + 1, end + 2} & starts and view.folded[end] in " :")
    ]
    inside = {p.start for start, end in groups for p in _begun_within(named, start, end)}
    kept = [party for party in named if party.start not in inside]
    kept.extend(_Party(start, end, _group_name(view, start, end)) for start, end in groups)
    return sorted(kept, key=lambda party: party.start)


def _without(view: View, named: Sequence[_Party]) -> str:
    """The text in small letters, the names blotted out: “cơ quan thuộc Chính phủ” is a group."""
    small = lowered(view.plain)
    pieces: list[str] = []
    at = 0
    for party in named:
        if not view.folded.endswith("thuoc ", 0, party.start):
            pieces += [small[at : party.start], "\x00" * (party.end - party.start)]
            at = party.end
    return "".join([*pieces, small[at:]])


def _begun_within(named: Sequence[_Party], start: int, end: int) -> Sequence[_Party]:
    first = bisect_left(named, start, key=lambda party: party.start)
    last = bisect_left(named, end, key=lambda party: party.start)
    return named[first:last]


def _is_gloss(view: View, named: Sequence[_Party], start: int, end: int) -> bool:
    """Whether this only repeats the name before it: “Bộ Khoa học và Công nghệ (Bộ KHCN)”."""
    if not named or view.folded[end : end + 1] != ")":
        return False
    return view.folded[named[-1].end : start].strip() == "("


def _group_name(view: View, start: int, end: int) -> str:
    name = " ".join(view.plain[start:end].split())
    return name if name[:2].isupper() else name[0].lower() + name[1:]


def _opening(parties: _Parties) -> tuple[_Party, ...]:
    view = parties.view
    body = view.once(_body)
    if not _SHARED_HEAD.fullmatch(view.folded, body, max(body, parties[0].start)):
        return ()
    first = 0
    last = parties.end_of_run(first)
    # “Các thành phố: TP. Hà Nội, TP. Đà Nẵng …”: the names, not the word before them.
    gap = view.folded[parties[last - 1].end : parties[last].start] if last < len(parties) else ""
    if last == first + 1 and gap.strip() == ":" and not parties[first].canonical[0].isupper():
        first, last = last, parties.end_of_run(last)
    if _DONE.match(view.plain, parties[last - 1].end):
        return ()
    return parties.run(first, last)


def _before_lead(parties: _Parties) -> tuple[_Party, ...]:
    folded = parties.view.folded
    leads: list[_Party] = []
    seen = -1
    for match in _LEADS.finditer(folded):
        if _EVENT.match(folded, match.end()):
            continue
        last = parties.before(match.start())
        if last == seen or not _leads_at(parties, last, match.start()):
            continue
        seen = last
        first = last
        while first > 0 and parties.goes_on(first - 1):
            first -= 1
        if not _PERSON.search(folded, max(0, parties[first].start - 40), parties[first].start):
            leads.extend(parties.run(first, last + 1))
    return tuple(leads)


def _leads_at(parties: _Parties, i: int, position: int) -> bool:
    """Whether “chủ trì” at a place is said of party ``i``, the last before it."""
    party = parties[i]
    if parties.view.folded.endswith("duoc giao", party.start, party.end):
        return True
    return _TO_LEADS.fullmatch(parties.view.folded, party.end, position) is not None


def _with(parties: _Parties, low: int, high: int) -> tuple[_Party, ...]:
    """Those of the parties ``[low, high)`` that somebody is told to work with."""
    folded = parties.view.folded
    found: list[_Party] = []
    for match in _WITH.finditer(folded):
        i = max(low, parties.after(match.end()))
        if i < high and _SHARED_HEAD.fullmatch(folded, match.end(), parties[i].start):
            found.extend(parties.run(i, min(high, parties.end_of_run(i))))
    return tuple(found)


def _bracket(parties: _Parties) -> _Said | None:
    """The owners of a bracket after the task, where there is one."""
    view = parties.view
    for match in _brackets(view):
        start = match.start(1)
        counted = _COUNTED.match(view.folded, start)
        start = counted.end() if counted else start
        first = parties.after(start)
        if first == len(parties) or parties[first].start != start:
            continue
        inside = View.of(f"({view.span(*match.span(1)).of(view.text)})")
        leads_said = _LEADS.search(view.folded, *match.span(1)) is not None
        if not (leads_said or inside.once(deadlines_in) or inside.once(references_in)):
            continue
        last = parties.end_of_run(first)
        others = _with(parties, parties.after(match.start() + 1), parties.after(match.end()))
        return _Said(parties.run(first, last), others, says_lead=leads_said)
    return None


def _brackets(view: View) -> Iterator[re.Match[str]]:
    """The brackets, last first: a task's own stands at its end."""
    return reversed(list(_BRACKET.finditer(view.folded)))
