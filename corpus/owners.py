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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.agencies import find_agencies
from corpus.dates import View, spaced
from corpus.deadlines import find_deadlines
from corpus.notice import Owner, OwnerRole
from corpus.references import find_references
from corpus.text import fold

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
_BETWEEN = re.compile(r"\s*(?:,?\s*va(?!\w)|[,….]+|)\s*(?:\([^()]{0,90}\)\s*,?)?\s*")
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
    view = View.of(text)
    said = _said(text, view)
    own = _owners(text, view, said, clause_id)
    if said.leads:
        return own
    only_with = _ONLY_WITH.match(view.folded, _body(view)) is not None
    for part_id, part in inherited:
        part_view = View.of(part)
        above = _said(part, part_view)
        if not above.leads:
            continue
        owners = _owners(part, part_view, above, part_id)
        if only_with and not above.says_lead:
            owners = tuple(
                Owner(o.name, o.canonical, OwnerRole.PARTICIPATE, o.clause_id) for o in owners
            )
        return _distinct((*owners, *own))
    return own


def find_actors(question: str) -> tuple[str, ...]:
    """Return the full names of those whose tasks a question asks for.

    “Bộ Xây dựng phải làm gì”, “các địa phương được giao những việc gì”, “giao cho Bộ Y tế”.
    """
    view = View.of(question)
    actors: list[_Party] = []
    for party in reversed(_parties(question, view)):
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


def _said(text: str, view: View) -> _Said:
    parties = _parties(text, view)
    bracket = _bracket(text, view, parties)
    if bracket is not None:
        return bracket
    others = _after(view, parties, _WITH)
    before = _before_lead(view, parties)
    if before:
        return _Said(before, others, says_lead=True)
    leads = _opening(view, parties)
    held = {party.start for party in leads}
    others = tuple(party for party in others if party.start not in held)
    return _Said(leads, others, says_lead=False)


def _owners(text: str, view: View, said: _Said, clause_id: str) -> tuple[Owner, ...]:
    def owner(party: _Party, role: OwnerRole) -> Owner:
        name = view.span(party.start, party.end).of(text)
        return Owner(name, party.canonical, role, clause_id)

    leads = [owner(party, OwnerRole.LEAD) for party in said.leads]
    return _distinct((*leads, *(owner(party, OwnerRole.PARTICIPATE) for party in said.others)))


def _distinct(owners: Sequence[Owner]) -> tuple[Owner, ...]:
    """Keep each agency once; who leads is not counted as taking part."""
    kept: dict[str, Owner] = {}
    for owner in owners:
        kept.setdefault(fold(owner.canonical), owner)
    return tuple(kept.values())


def _parties(text: str, view: View) -> list[_Party]:
    """The agencies and groups (“các bộ, ngành”) of a text, in order, in places of the view."""
    places = {start: i for i, start in enumerate(view.starts)} if view.starts else None
    named: list[_Party] = []
    for agency in find_agencies(text):
        start, end = agency.span.start, agency.span.end
        if places is not None:
            start, end = places[start], places[end]
        if not _is_gloss(view, named, start, end):
            named.append(_Party(start, end, agency.canonical))
    lowered = [c.lower() if len(c.lower()) == 1 else c for c in view.plain]
    for party in named:
        if not view.folded[: party.start].endswith("thuoc "):  # “cơ quan thuộc Chính phủ”
            lowered[party.start : party.end] = "\x00" * (party.end - party.start)
    rest = "".join(lowered)
    groups = [match.span() for match in _COLLECTIVE.finditer(rest)]
    opening = _OPENING_GROUP.match(rest, _body(view))
    if opening and not any(start <= opening.start() for start, _ in groups):
        groups = [span for span in groups if span[0] >= opening.end()] + [opening.span()]
    starts = {party.start for party in named}
    # “các Bộ Tài chính, Nội vụ”: the names follow, the word before them is no party.
    groups = [
        (start, end)
        for start, end in groups
        if not ({end + 1, end + 2} & starts and view.folded[end] in " :")
    ]
    kept = [p for p in named if not any(start <= p.start < end for start, end in groups)]
    kept.extend(_Party(start, end, _group_name(view, start, end)) for start, end in groups)
    return sorted(kept, key=lambda party: party.start)


def _is_gloss(view: View, named: Sequence[_Party], start: int, end: int) -> bool:
    """Whether this only repeats the name before it: “Bộ Khoa học và Công nghệ (Bộ KHCN)”."""
    before = view.folded[named[-1].end : start].strip() if named else ""
    return before == "(" and view.folded[end : end + 1] == ")"


def _group_name(view: View, start: int, end: int) -> str:
    name = " ".join(view.plain[start:end].split())
    return name if name[:2].isupper() else name[0].lower() + name[1:]


def _chain(view: View, parties: Sequence[_Party], first: int) -> int:
    """One past the last party of the enumeration that ``parties[first]`` begins."""
    last = first + 1
    while last < len(parties):
        gap = view.folded[parties[last - 1].end : parties[last].start]
        if not _BETWEEN.fullmatch(gap) or gap.strip().startswith("."):
            break
        last += 1
    return last


def _opening(view: View, parties: Sequence[_Party]) -> tuple[_Party, ...]:
    body = _body(view)
    if not parties or not _SHARED_HEAD.fullmatch(view.folded, body, max(body, parties[0].start)):
        return ()
    first = 0
    last = _chain(view, parties, first)
    # “Các thành phố: TP. Hà Nội, TP. Đà Nẵng …”: the names, not the word before them.
    gap = view.folded[parties[last - 1].end : parties[last].start] if last < len(parties) else ""
    if last == first + 1 and gap.strip() == ":" and not parties[first].canonical[0].isupper():
        first, last = last, _chain(view, parties, last)
    if _DONE.match(view.plain, parties[last - 1].end):
        return ()
    return tuple(parties[first:last])


def _before_lead(view: View, parties: Sequence[_Party]) -> tuple[_Party, ...]:
    leads: list[_Party] = []
    for match in _LEADS.finditer(view.folded):
        if _EVENT.match(view.folded, match.end()):
            continue
        last = _ending_at(view, parties, match.start())
        if last is None:
            continue
        first = last
        while first > 0 and _chain(view, parties, first - 1) > first:
            first -= 1
        if not _PERSON.search(view.folded, max(0, parties[first].start - 40), parties[first].start):
            leads.extend(parties[first : last + 1])
    return tuple(leads)


def _ending_at(view: View, parties: Sequence[_Party], position: int) -> int | None:
    for i in range(len(parties) - 1, -1, -1):
        if parties[i].end <= position:
            inner = view.folded[parties[i].start : parties[i].end].endswith("duoc giao")
            near = _TO_LEADS.fullmatch(view.folded, parties[i].end, position)
            return i if near or inner else None
    return None


def _after(view: View, parties: Sequence[_Party], cue: re.Pattern[str]) -> tuple[_Party, ...]:
    found: list[_Party] = []
    for match in cue.finditer(view.folded):
        for i, party in enumerate(parties):
            if party.start >= match.end():
                if _SHARED_HEAD.fullmatch(view.folded, match.end(), party.start):
                    found.extend(parties[i : _chain(view, parties, i)])
                break
    return tuple(found)


def _bracket(text: str, view: View, parties: Sequence[_Party]) -> _Said | None:
    """The owners of a bracket after the task, where there is one."""
    for match in _brackets(view):
        start = match.start(1)
        counted = _COUNTED.match(view.folded, start)
        start = counted.end() if counted else start
        first = next((i for i, party in enumerate(parties) if party.start == start), None)
        if first is None:
            continue
        inside = view.span(*match.span(1)).of(text)
        leads_said = _LEADS.search(view.folded, *match.span(1)) is not None
        if not (leads_said or find_deadlines(f"({inside})") or find_references(inside)):
            continue
        last = _chain(view, parties, first)
        within = [party for party in parties if match.start() < party.start < match.end()]
        others = _after(view, within, _WITH)
        return _Said(tuple(parties[first:last]), others, says_lead=leads_said)
    return None


def _brackets(view: View) -> Iterator[re.Match[str]]:
    """The brackets, last first: a task's own stands at its end."""
    return reversed(list(_BRACKET.finditer(view.folded)))
