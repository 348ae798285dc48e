"""Deadlines of tasks as notices say them.

What counts, and what doesn't:

* A period is a deadline where the words before it say so (``hạn``, ``hoàn thành``, ``trước``,
  ``chậm nhất``), where it opens a bracket (``(31/12/2025; Kế hoạch số 02)``) or fills a table
  cell, or, with only ``trong``, ``vào`` or ``cuối``, where its sentence tells something to do
  and not something done (``đã``, ``đạt``, ``so với`` …).
* The date of a document, of an event (``Ngày 26/9/2025, đồng chí …``) and a span (``từ … đến
  …``) are none. ``đến năm 2030`` and ``trước năm 2030`` are targets of a policy and are left
  out; ``đến tháng 6/2027`` counts where a completion follows.
* ``due`` is the last day. ``trước 15/11/2025`` keeps the day that is said, as a civil servant
  enters it; ``trước tháng 12/2025`` ends with the last day of November.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from corpus.dates import Period, Unit, View, find_periods, spaced
from corpus.facts.references import references_in
from corpus.notice import Deadline, DeadlineKind
from corpus.text import lowered

_KINDS = {
    Unit.DAY: DeadlineKind.DATE,
    Unit.MONTH: DeadlineKind.MONTH,
    Unit.QUARTER: DeadlineKind.QUARTER,
    Unit.YEAR: DeadlineKind.YEAR,
}
_REACH = 90  # characters before a period that can hold its cue
_SENTENCE = 2000  # characters before a place in which the beginning of its sentence is looked for
_RECENT = 60  # characters before a place that can hold its “đã”

# Read backwards from the period: cue, limit, preposition; each may be missing.
_BEFORE = re.compile(
    spaced(
        r"(?<!\w)(?P<cue>(?:(?:thoi )?(?<!qua\s)han(?: chot)?|thoi gian)"
        r"(?: (?:hoan thanh|thuc hien|trinh|bao cao|gui|nop))?(?: la)?"
        r"|hoan thanh(?: viec)?|hoan thien|hoan tat|hoan|xong|ket thuc)?~[:,]?~"
        r"(?P<limit>(?:cham|muon) nhat(?: la)?)?~"
        r"(?P<prep>(?:ngay )?trong|vao|truoc|den het|den|het)?~"
        r"(?P<edge>cuoi|het|dau|giua)?~$"
    )
)
_NEXT_DONE = re.compile(
    spaced(
        r"~,?~(?:phai |can |se |co ban )?(?:hoan thanh|hoan thien|thao go|cham dut|xong|dua vao"
        r"|ban hanh|100%)"
    )
)
_TO_DO = re.compile(
    r"hoan thanh|hoan thien|bao cao|trinh|ban hanh|cong bo|khoi cong|trien khai|thuc hien"
    r"|xay dung|xu ly|to chuc|gui|dua vao|van hanh|phe duyet|nghiem thu|giai ngan|ra soat"
    r"|thao go|tham muu|de xuat|kien toan|ky ket|khanh thanh|phien ban|cung cap|tap huan"
)
_DONE = re.compile(r"(?<!\w)(?:đã|đạt|ước|so với|chiếm|vượt|dự kiến|tạo tiền đề|cùng kỳ)(?!\w)")
_JUST_DONE = re.compile(r"(?<!\w)đã[^,.;:]{0,40}$")
_CLOSES = re.compile(r"\s*(?:[;,)]|$)")
_CELL = re.compile(r"\s*(?:[\t|\n]|$)")
_BARE_YEAR = re.compile(spaced(r"(?<!\w)(?:hoan thanh|han)~:?~(?P<year>20\d\d)(?=~[;,.)])"))
_STOPS = frozenset(".;!?…\t\n|")
_STOP = re.compile(r"[.;!?…](?=\s|$|\))|[\t\n|]")
_ABBREVIATED = re.compile(r"(?:tp|ths|ts|gs)$")

_TAIL = r"[^.;,)(:\n\t|]{0,120}"
_EVERY = r"h[ai]ng (?:ngay|tuan|thang|quy|nam)"
_DUTY = r"(?:danh gia|do luong|to chuc|bao cao|ra soat|cong bo|kiem tra|cap nhat|so ket|giao ban)"
_REPORT = r"(?:bao cao|ra soat|cap nhat|so ket|giao ban|kiem tra)"
_ORDINAL = r"(?:\d{1,2}|nhat|hai|ba|tu|nam|sau|bay|tam|chin|muoi(?: (?:mot|hai|ba|lam))?)"
_ASSEMBLY = r"(?:quoc hoi|hoi dong nhan dan|hdnd)(?: khoa [ivxl\d]+)?"
_LIMIT = r"(?:(?:cham nhat|muon nhat) )?(?:trong (?:vong |thoi han )?|sau )?"
_COUNT = r"\d{1,3} (?:ngay|tuan|thang|quy|nam)"
# (kind, words that every match holds, pattern with a group that is the deadline's text, must it be
# told as something to do?). The words are looked for first: that costs next to nothing.
_PHRASES = tuple(
    (kind, re.compile(spaced(words)), re.compile(spaced(pattern)), told)
    for kind, words, pattern, told in (
        (
            DeadlineKind.RECURRING,
            r"thuong xuyen",
            r"(?:^|[.;:(\t\n|])~(?P<text>(?:day la )?nhiem vu thuong xuyen)~(?=[.;:)\t\n|]|$)",
            False,
        ),
        (
            DeadlineKind.RECURRING,
            r"truoc ngay",
            r"(?P<text>truoc ngay \d{1,2} (?:h[ai]ng|moi|cua) thang)",
            False,
        ),
        (DeadlineKind.RECURRING, r"dinh ky", rf"(?P<text>dinh ky~,?~(?:{_EVERY}|{_COUNT}))", False),
        (DeadlineKind.RECURRING, r"dinh ky", rf"(?P<text>dinh ky)(?= {_DUTY})", True),
        (
            DeadlineKind.RECURRING,
            r"dinh ky",
            rf"{_DUTY}[^.;:,]{{0,40}} (?P<text>dinh ky)(?!~,?~(?:{_DUTY}|h|\d))",
            True,
        ),
        (DeadlineKind.RECURRING, _EVERY, rf"(?P<text>{_EVERY})(?=~,?~{_DUTY})", False),
        (
            DeadlineKind.RECURRING,
            _EVERY,
            rf"{_REPORT}[^.;:]{{0,40}} (?P<text>{_EVERY})(?!\w)",
            True,
        ),
        (
            DeadlineKind.RECURRING,
            r"(?:mot|1) lan",
            rf"(?P<text>(?:{_COUNT}|moi (?:tuan|thang|quy|nam)) (?:mot|1|01) lan)",
            True,
        ),
        (DeadlineKind.RECURRING, r"sau moi", rf"(?P<text>sau moi (?=[a-z]){_TAIL})", True),
        (
            DeadlineKind.ROADMAP,
            r"lo trinh",
            r"(?P<text>(?:thuc hien )?theo (?:dung )?lo trinh)(?! (?:tang|giam|phat trien)\w*)",
            False,
        ),
        (
            DeadlineKind.SESSION,
            r"ky hop",
            rf"(?P<text>(?:tai )?ky hop (?:thu {_ORDINAL}|gan nhat|cuoi nam(?: 20\d\d)?)(?!\w)"
            rf"(?:~,?~{_ASSEMBLY})?)",
            True,
        ),
        (
            DeadlineKind.RELATIVE,
            r"ke tu|tu khi|sau khi",
            rf"(?P<text>{_LIMIT}(?:\d{{1,3}}|mot|hai|ba) (?:ngay|tuan|thang|nam)(?: lam viec)?"
            rf" (?:ke tu|tu khi|sau khi){_TAIL})",
            False,
        ),
        (
            DeadlineKind.RELATIVE,
            r"vong \d",
            rf"(?P<text>(?:trong )?vong {_COUNT}(?: lam viec)?)(?!\w)",
            True,
        ),
    )
)


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    kind: DeadlineKind
    due: date | None
    weak: bool = False


class _Text:
    """A text, its sentences, and where it speaks of things done and to do; each worked out once.

    A stop ends a sentence, a tab or a line end a cell of a table.
    """

    def __init__(self, view: View) -> None:
        self.view = view

    @cached_property
    def lower(self) -> str:
        """The text in small letters, character by character."""
        return lowered(self.view.plain)

    @cached_property
    def has_cells(self) -> bool:
        """Whether it is a row of a table."""
        return "\t" in self.view.folded or "|" in self.view.folded

    def sentence(self, position: int) -> tuple[int, int]:
        """The bounds of the sentence, or table cell, around a position."""
        stops = self._stops
        at = bisect_left(stops, position)
        end = stops[at] if at < len(stops) else len(self.view.folded)
        return self.begin(position), end

    def begin(self, position: int) -> int:
        """Where the sentence, or table cell, begins that goes on or ends at a position."""
        before = self.view.folded[position - 1 : position]
        if before in _STOPS and not self._abbreviates(position - 1):
            return position
        at = bisect_left(self._stops, position)
        begin = self._stops[at - 1] + 1 if at else 0
        return max(begin, position - _SENTENCE)

    def just_done(self, position: int) -> bool:
        """Whether “đã” stands right before, in the same sentence."""
        begin = max(self.begin(position), position - _RECENT)
        return _JUST_DONE.search(self.lower[begin:position]) is not None

    def is_done(self, start: int, end: int) -> bool:
        """Whether something between tells of what has been done."""
        return _any_within(self._done, start, end)

    def is_to_do(self, start: int, end: int) -> bool:
        """Whether something between tells of what is to be done."""
        return _any_within(self._to_do, start, end)

    @cached_property
    def _stops(self) -> list[int]:
        found = (stop.start() for stop in _STOP.finditer(self.view.folded))
        return [start for start in found if not self._abbreviates(start)]

    @cached_property
    def _done(self) -> list[tuple[int, int]]:
        return [match.span() for match in _DONE.finditer(self.lower)]

    @cached_property
    def _to_do(self) -> list[tuple[int, int]]:
        return [match.span() for match in _TO_DO.finditer(self.view.folded)]

    def _abbreviates(self, stop: int) -> bool:
        return _ABBREVIATED.search(self.view.folded, max(0, stop - 4), stop) is not None


def _any_within(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    at = bisect_left(spans, (start, 0))
    return at < len(spans) and spans[at][1] <= end


def find_deadlines(text: str) -> tuple[Deadline, ...]:
    """Return the deadlines that a clause says itself, in order; inherited ones are not here."""
    return deadlines_in(View.of(text))


def deadlines_in(view: View) -> tuple[Deadline, ...]:
    """Return the deadlines that a clause says itself; see ``find_deadlines``."""
    # Every named document, and with it its date, is blotted out.
    bare = view.without(reference.span for reference in view.once(references_in))
    text = _Text(bare)
    found = sorted(
        [*_dated(text), *_bare_years(text), *_phrases(text)],
        key=lambda item: (item.start, item.start - item.end),
    )
    kept: list[_Found] = []
    for item in found:
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    firm = {text.begin(item.start) for item in kept if not item.weak}
    result = []
    for item in kept:
        # “ưu tiên ngay trong năm 2025, hoàn thành trước ngày 30/10/2025”: the second holds.
        if item.weak and text.begin(item.start) in firm:
            continue
        span = view.span(item.start, item.end)
        result.append(Deadline(span.of(view.text), span, item.kind, item.due))
    return tuple(result)


def _dated(text: _Text) -> Iterator[_Found]:
    folded = text.view.folded
    for period in find_periods(folded):
        before = _BEFORE.search(folded, max(0, period.start - _REACH), period.start)
        if before is None:
            continue
        weak = _strength(text, period, before)
        if weak is None:
            continue
        start = before.start() + len(before.group()) - len(before.group().lstrip(" \t\n,:"))
        yield _Found(start, period.end, _KINDS[period.unit], _due(period, before), weak)


def _bare_years(text: _Text) -> Iterator[_Found]:
    if "20" not in text.view.folded:
        return
    for match in _BARE_YEAR.finditer(text.view.folded):
        if not text.just_done(match.start()):
            due = date(int(match["year"]), 12, 31)
            yield _Found(*match.span(), DeadlineKind.YEAR, due)


def _strength(text: _Text, period: Period, before: re.Match[str]) -> bool | None:
    """Whether the period is a weak deadline; None where it is none."""
    prep, edge = before["prep"] or "", before["edge"] or ""
    target = period.unit is Unit.YEAR and prep in {"den", "truoc"} and not edge
    firm = bool(before["cue"] or before["limit"])
    if edge in {"dau", "giua"} or (prep == "den" and target) or (target and not firm):
        return None
    if firm or prep == "truoc":
        return None if text.just_done(before.start()) else False
    if not prep.startswith("den") and _stands_alone(text, period, before):
        return False
    if period.bare or (not prep and edge != "cuoi") or _half_year(text.view, before):
        return None
    if prep.startswith("den") or prep == "het":
        return True if _NEXT_DONE.match(text.view.folded, period.end) else None
    start, end = text.sentence(period.start)
    told = text.is_to_do(start, end) and not text.is_done(start, end)
    return True if told else None


def _half_year(view: View, before: re.Match[str]) -> bool:
    """``6 tháng cuối năm 2026`` is a span of time."""
    edge = before.start("edge")
    return edge >= 0 and view.folded[max(0, edge - 20) : edge].rstrip().endswith("thang")


def _stands_alone(text: _Text, period: Period, before: re.Match[str]) -> bool:
    """Whether the period opens a bracket, ends a bracketed item or fills a table cell."""
    folded = text.view.folded
    head = folded[max(0, before.start() - 300) : before.start()].rstrip(" \xa0")
    after = folded[period.end : period.end + 9]
    if head.endswith("(") and _CLOSES.match(after):
        begin = text.begin(before.start())
        return ";" in after or not text.is_done(begin, before.start())
    in_bracket = head.rfind("(") > head.rfind(")")
    if in_bracket and head.endswith((",", ";")) and after.lstrip().startswith(";"):
        return True
    return text.has_cells and (not head or head[-1] in "\t|\n") and bool(_CELL.match(after))


def _due(period: Period, before: re.Match[str]) -> date | None:
    if before["prep"] == "truoc" and period.unit is not Unit.DAY and not before["edge"]:
        return period.first - timedelta(days=1) if period.first else None
    return period.last


def _phrases(text: _Text) -> Iterator[_Found]:
    folded = text.view.folded
    for kind, words, pattern, told in _PHRASES:
        if words.search(folded) is None:
            continue
        for match in pattern.finditer(folded):
            start, end = match.span("text")
            if told and text.is_done(*text.sentence(start)):
                continue
            end -= len(match["text"]) - len(match["text"].rstrip())
            yield _Found(start, end, kind, None)
