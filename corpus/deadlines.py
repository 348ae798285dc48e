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
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from corpus.dates import Period, Unit, View, find_periods, spaced
from corpus.notice import Deadline, DeadlineKind
from corpus.references import find_references

_KINDS = {
    Unit.DAY: DeadlineKind.DATE,
    Unit.MONTH: DeadlineKind.MONTH,
    Unit.QUARTER: DeadlineKind.QUARTER,
    Unit.YEAR: DeadlineKind.YEAR,
}
_REACH = 90  # characters before a period that can hold its cue

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
# (kind, pattern, group that is the deadline's text, must it be told as something to do?)
_PHRASES = tuple(
    (kind, re.compile(spaced(pattern)), told)
    for kind, pattern, told in (
        (
            DeadlineKind.RECURRING,
            r"(?:^|[.;:(\t\n|])~(?P<text>(?:day la )?nhiem vu thuong xuyen)~(?=[.;:)\t\n|]|$)",
            False,
        ),
        (DeadlineKind.RECURRING, r"(?P<text>truoc ngay \d{1,2} (?:h[ai]ng|moi|cua) thang)", False),
        (DeadlineKind.RECURRING, rf"(?P<text>dinh ky~,?~(?:{_EVERY}|{_COUNT}))", False),
        (DeadlineKind.RECURRING, rf"(?P<text>dinh ky)(?= {_DUTY})", True),
        (
            DeadlineKind.RECURRING,
            rf"{_DUTY}[^.;:,]{{0,40}} (?P<text>dinh ky)(?!~,?~(?:{_DUTY}|h|\d))",
            True,
        ),
        (DeadlineKind.RECURRING, rf"(?P<text>{_EVERY})(?=~,?~{_DUTY})", False),
        (DeadlineKind.RECURRING, rf"{_REPORT}[^.;:]{{0,40}} (?P<text>{_EVERY})(?!\w)", True),
        (
            DeadlineKind.RECURRING,
            rf"(?P<text>(?:{_COUNT}|moi (?:tuan|thang|quy|nam)) (?:mot|1|01) lan)",
            True,
        ),
        (DeadlineKind.RECURRING, rf"(?P<text>sau moi (?=[a-z]){_TAIL})", True),
        (
            DeadlineKind.ROADMAP,
            r"(?P<text>(?:thuc hien )?theo (?:dung )?lo trinh)(?! (?:tang|giam|phat trien)\w*)",
            False,
        ),
        (
            DeadlineKind.SESSION,
            rf"(?P<text>(?:tai )?ky hop (?:thu {_ORDINAL}|gan nhat|cuoi nam(?: 20\d\d)?)(?!\w)"
            rf"(?:~,?~{_ASSEMBLY})?)",
            True,
        ),
        (
            DeadlineKind.RELATIVE,
            rf"(?P<text>{_LIMIT}(?:\d{{1,3}}|mot|hai|ba) (?:ngay|tuan|thang|nam)(?: lam viec)?"
            rf" (?:ke tu|tu khi|sau khi){_TAIL})",
            False,
        ),
        (
            DeadlineKind.RELATIVE,
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


def find_deadlines(text: str) -> tuple[Deadline, ...]:
    """Return the deadlines that a clause says itself, in order; inherited ones are not here."""
    view = _without_references(text)
    found = sorted(
        [*_dated(view), *_bare_years(view), *_phrases(view)],
        key=lambda item: (item.start, item.start - item.end),
    )
    kept: list[_Found] = []
    for item in found:
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    firm = {_sentence(view, item.start)[0] for item in kept if not item.weak}
    result = []
    for item in kept:
        # “ưu tiên ngay trong năm 2025, hoàn thành trước ngày 30/10/2025”: the second holds.
        if item.weak and _sentence(view, item.start)[0] in firm:
            continue
        span = view.span(item.start, item.end)
        result.append(Deadline(span.of(text), span, item.kind, item.due))
    return tuple(result)


def _without_references(text: str) -> View:
    """View the text with every named document, and with it its date, blotted out."""
    given = list(text)
    for reference in find_references(text):
        span = reference.span
        given[span.start : span.end] = "\x00" * (span.end - span.start)
    return View.of("".join(given))


def _dated(view: View) -> Iterator[_Found]:
    for period in find_periods(view.folded):
        before = _BEFORE.search(view.folded, max(0, period.start - _REACH), period.start)
        if before is None:
            continue
        weak = _strength(view, period, before)
        if weak is None:
            continue
        start = before.start() + len(before.group()) - len(before.group().lstrip(" \t\n,:"))
        yield _Found(start, period.end, _KINDS[period.unit], _due(period, before), weak)


def _bare_years(view: View) -> Iterator[_Found]:
    for match in _BARE_YEAR.finditer(view.folded):
        if not _JUST_DONE.search(_sentence_before(view, match.start())):
            due = date(int(match["year"]), 12, 31)
            yield _Found(*match.span(), DeadlineKind.YEAR, due)


def _strength(view: View, period: Period, before: re.Match[str]) -> bool | None:
    """Whether the period is a weak deadline; None where it is none."""
    prep, edge = before["prep"] or "", before["edge"] or ""
    target = period.unit is Unit.YEAR and prep in {"den", "truoc"} and not edge
    firm = bool(before["cue"] or before["limit"])
    if edge in {"dau", "giua"} or (prep == "den" and target) or (target and not firm):
        return None
    if firm or prep == "truoc":
        past = _JUST_DONE.search(_sentence_before(view, before.start()))
        return None if past else False
    if not prep.startswith("den") and _stands_alone(view, period, before):
        return False
    if period.bare or (not prep and edge != "cuoi") or _half_year(view, before):
        return None
    if prep.startswith("den") or prep == "het":
        return True if _NEXT_DONE.match(view.folded, period.end) else None
    start, end = _sentence(view, period.start)
    told = _TO_DO.search(view.folded, start, end) and not _DONE.search(
        view.plain.lower(), start, end
    )
    return True if told else None


def _half_year(view: View, before: re.Match[str]) -> bool:
    """``6 tháng cuối năm 2026`` is a span of time."""
    head = view.folded[: before.start("edge")] if before["edge"] else ""
    return head.rstrip().endswith("thang")


def _stands_alone(view: View, period: Period, before: re.Match[str]) -> bool:
    """Whether the period opens a bracket, ends a bracketed item or fills a table cell."""
    head = view.folded[max(0, before.start() - 300) : period.start]
    head = head[: len(head) - (period.start - before.start())].rstrip(" \xa0")
    after = view.folded[period.end : period.end + 9]
    if head.endswith("(") and _CLOSES.match(after):
        return ";" in after or not _DONE.search(_sentence_before(view, before.start()))
    in_bracket = head.rfind("(") > head.rfind(")")
    if in_bracket and head.endswith((",", ";")) and after.lstrip().startswith(";"):
        return True
    has_cells = "\t" in view.folded or "|" in view.folded
    return has_cells and (not head or head[-1] in "\t|\n") and bool(_CELL.match(after))


def _due(period: Period, before: re.Match[str]) -> date | None:
    if before["prep"] == "truoc" and period.unit is not Unit.DAY and not before["edge"]:
        return period.first - timedelta(days=1) if period.first else None
    return period.last


def _phrases(view: View) -> Iterator[_Found]:
    lower = view.plain.lower()
    for kind, pattern, told in _PHRASES:
        for match in pattern.finditer(view.folded):
            start, end = match.span("text")
            bounds = _sentence(view, start)
            if told and _DONE.search(lower, *bounds):
                continue
            end -= len(match["text"]) - len(match["text"].rstrip())
            yield _Found(start, end, kind, None)


def _sentence(view: View, position: int) -> tuple[int, int]:
    """The bounds of the sentence, or table cell, around a position."""
    start = max(0, position - 2000)
    for stop in _STOP.finditer(view.folded, start, position):
        if not _ABBREVIATED.search(view.folded, max(0, stop.start() - 4), stop.start()):
            start = stop.end()
    for stop in _STOP.finditer(view.folded, position):
        if not _ABBREVIATED.search(view.folded, max(0, stop.start() - 4), stop.start()):
            return start, stop.start()
    return start, len(view.folded)


def _sentence_before(view: View, position: int) -> str:
    start, _ = _sentence(view, position)
    return view.plain[start:position].lower()
