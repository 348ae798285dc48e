"""Tasks that a question selects by when they are due: “những việc phải xong trong quý II”.

The due dates were worked out when the notices were read; here they are only compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.find.ground import Quote
from assistant.find.opened import Opened, whole_ground
from assistant.understand.question import Question
from assistant.understand.weights import count_words
from corpus.dates import View, end_of_month, write_date
from corpus.facts.agencies import find_agencies
from corpus.facts.owners import is_given_to
from corpus.facts.sentences import sentences
from corpus.language import read_table
from corpus.notice import Clause, Deadline, Notice, Span
from corpus.text import fold

_WORDS = 300  # of one answer: the bound of a list
_LONG = 60  # words: of a longer clause the sentence with the date is quoted
_YEAR = r"(?P<{0}y>(?:19|20)\d\d)"
_MOMENT = re.compile(
    r"(?<![\d/.,-])(?:"
    rf"(?:ngay )?(?P<d>\d{{1,2}})[/.-](?P<m>\d{{1,2}})(?:[/.-]{_YEAR.format('d')})?"
    rf"|(?:ngay )(?P<ld>\d{{1,2}}) thang (?P<lm>\d{{1,2}})(?:(?: nam |/){_YEAR.format('l')})?"
    rf"|(?:thang )?(?P<sm>\d{{1,2}})/{_YEAR.format('s')}"
    rf"|thang (?P<tm>\d{{1,2}})(?: nam {_YEAR.format('t')})?"
    rf"|quy (?P<q>iv|i{{1,3}}|[1-4])(?:(?: nam |/){_YEAR.format('q')})?"
    rf"|nam {_YEAR.format('n')}"
    r")(?![\d/%]|[.,]\d)"
)
_OPEN = ("after", "from", "before", "until")  # bounds on one side
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@dataclass(frozen=True, slots=True)
class _Moment:
    """A day, month, quarter or year that a question names, whose year may be left out."""

    start: int
    end: int
    year: int | None
    months: tuple[int, int]  # first and last
    day: int | None

    def first(self, year: int) -> date | None:
        """Its first day; None where there is no such day."""
        return _day(self.year or year, self.months[0], self.day or 1)

    def last(self, year: int) -> date | None:
        """Its last day; None where there is no such day."""
        if self.day is None:
            return end_of_month(self.year or year, self.months[1])
        return self.first(year)


@dataclass(frozen=True, slots=True)
class Range:
    """Days from the first to the last, both included; None is open."""

    first: date | None
    last: date | None

    def holds(self, day: date) -> bool:
        """Whether a day is one of them."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    @property
    def told(self) -> str:
        """The range for people."""
        if self.first is None:
            return f"đến {write_date(self.last)}" if self.last else ""
        if self.last is None:
            return f"từ {write_date(self.first)}"
        if self.first == self.last:
            return f"ngày {write_date(self.first)}"
        return f"từ {write_date(self.first)} đến {write_date(self.last)}"


class Periods:
    """Selects tasks by their due dates.

    Args:
        notices: by id.
    """

    def __init__(self, notices: Mapping[str, Notice]) -> None:
        self._notices = notices
        self._dated = [
            (notice, clause)
            for notice in notices.values()
            for clause in notice.clauses
            if clause.kind.is_content and any(one.due for one in clause.deadlines)
        ]

    def select(self, question: Question, notices: Sequence[str] = ()) -> Opened | None:
        """Quote all tasks that are due when a question says, in the order of their dates.

        Args:
            question: understood.
            notices: ids of the only notices to look in; none means all.

        Returns:
            None where it selects no tasks by their dates, or says more of them than that.
        """
        folded = View.of(question.restored).folded
        read = _read(folded)
        if read is None or question.missing_documents or _says_more(question, folded, read[1]):
            return None
        allowed = set(notices) or set(self._notices)
        if question.notice_ids:
            allowed &= set(question.notice_ids)
        dated = [(n, c) for n, c in self._dated if n.id in allowed]
        years = {d.due.year for _, c in dated for d in c.deadlines if d.due}
        ranges = [one for year in sorted(years or {0}) if (one := read[0].of(year)) is not None]
        actors = _actors(question, [self._notices[one] for one in allowed])
        groups = _groups(
            (n, c, d)
            for n, c in dated
            if not actors or any(is_given_to(c.owners, actor) for actor in actors)
            for d in c.deadlines
            if d.due and any(one.holds(d.due) for one in ranges)
        )
        if not groups:
            told = f" {ranges[0].told}" if len(set(ranges)) == 1 else ""
            return Opened(missing=f"Không có việc nào đến hạn{told} trong các văn bản được hỏi.")
        return Opened(ground=whole_ground(groups, _WORDS))


@dataclass(frozen=True, slots=True)
class _Asked:
    """How a question bounds the due date: by one moment or two."""

    bound: str
    moments: tuple[_Moment, ...]

    def of(self, year: int) -> Range | None:
        """Return the range, in that year where none is said; None where it has no day."""
        said = next((one.year for one in reversed(self.moments) if one.year), year)
        if not said:
            return None
        first, last = self.moments[0].first(said), self.moments[-1].last(said)
        if first is None or last is None:
            return None
        # “trước 15/6” has what is due “trước 15/6”, but “trước tháng 6” nothing of June.
        day_before = first - timedelta(days=1)
        is_day = self.moments[0].day is not None
        return {
            "overdue": Range(None, day_before),
            "after": Range(last + timedelta(days=1), None),
            "from": Range(first, None),
            "before": Range(None, last if is_day else day_before),
            "until": Range(None, last),
        }.get(self.bound, Range(first, last))


def _read(folded: str) -> tuple[_Asked, list[tuple[int, int]]] | None:
    """Read how the question bounds the due date, and where it says so."""
    words = read_table("periods")
    found = [_moment(match) for match in _MOMENT.finditer(folded)]
    moments = tuple(one for one in found if 1 <= one.months[0] <= 12)
    of_tasks = _says(folded, words["due"]["words"]) and _says(folded, words["tasks"]["words"])
    bound = _bound(folded, moments) if moments and of_tasks else ""
    if not bound:
        return None
    return _Asked(bound, moments), [(one.start, one.end) for one in moments]


def _bound(folded: str, moments: Sequence[_Moment]) -> str:
    """How the moments bound the due date; ``""`` where that can't be told."""
    bounds = read_table("periods")["bounds"]
    if len(moments) > 1:
        between = folded[moments[0].end : moments[1].start].strip(" ,")
        return "in" if len(moments) == 2 and between in bounds["range"] else ""
    if _says(folded, bounds["overdue"]):
        return "overdue"
    before = folded[: moments[0].start].rstrip(" ,")
    said = (name for name in _OPEN if before.endswith(tuple(f" {one}" for one in bounds[name])))
    starts = (name for name in _OPEN if before in bounds[name])
    return next(said, None) or next(starts, None) or "in"


def _moment(match: re.Match[str]) -> _Moment:
    years = (match[f"{one}y"] for one in "dlstqn")
    year = next((int(one) for one in years if one), None)
    day = match["d"] or match["ld"]
    month = match["m"] or match["lm"] or match["sm"] or match["tm"]
    months = (int(month), int(month)) if month else (1, 12)
    if match["q"]:
        last = 3 * (_QUARTERS.get(match["q"]) or int(match["q"]))
        months = (last - 2, last)
    return _Moment(*match.span(), year, months, int(day) if day else None)


def _day(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if day <= end_of_month(year, month).day and day else None


def _says(folded: str, words: Sequence[str]) -> bool:
    return re.search(rf"\b(?:{'|'.join(words)})\b", folded) is not None


def _says_more(question: Question, folded: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a question has a topic besides dates, agencies and notices."""
    table = read_table("periods")
    kept = list(folded)
    named = [one.span for one in question.mentions]
    named += [one.span for one in find_agencies(question.restored)]
    for start, end in [*spans, *((one.start, one.end) for one in named)]:
        kept[start:end] = [" "] * (end - start)
    words = [
        *table["due"]["words"], *table["tasks"]["words"], *table["frame"]["words"],
        *(one for said in table["bounds"].values() for one in said),
    ]  # fmt: skip
    pattern = "|".join(re.escape(one) for one in sorted(words, key=len, reverse=True))
    return bool(re.findall(r"\w+", re.sub(rf"\b(?:{pattern})\b", " ", "".join(kept))))


def _actors(question: Question, notices: Sequence[Notice]) -> list[str]:
    """Full names of those whose tasks are asked for; who issued a notice only names it."""
    issuers = " ".join(fold(notice.header.issuer) for notice in notices)
    names = {agency.canonical for agency in find_agencies(question.restored)}
    return sorted(name for name in names if fold(name) not in issuers)


def _groups(found: Iterable[tuple[Notice, Clause, Deadline]]) -> list[list[Quote]]:
    """Quote what is due, in the order of the dates: what shares one deadline stands together."""
    apart: dict[str, tuple[date, list[Quote]]] = {}
    for notice, clause, deadline in found:
        said_by = deadline.clause_id or clause.id
        due = deadline.due or date.max
        held = apart.setdefault(said_by, (due, []))
        span = _sentence(clause, deadline)
        if not any(one.clause.id == clause.id for one in held[1]):
            held[1].append(Quote(clause, notice, span))
        apart[said_by] = (min(held[0], due), held[1])
    groups = []
    for said_by, (due, quotes) in apart.items():
        notice = quotes[0].notice
        own = {one.clause.id for one in quotes}
        saying = [c for c in notice.clauses if c.id == said_by and c.id not in own]
        shown = [quotes[0], *(Quote.whole(one, notice) for one in saying), *quotes[1:]]
        groups.append((due, notice.id, quotes[0].clause.spans[0].start, shown))
    return [shown for *_, shown in sorted(groups, key=lambda one: one[:3])]


def _sentence(clause: Clause, deadline: Deadline) -> Span:
    """All of a clause, or of a long one the sentence with the date."""
    whole = Span(0, len(clause.text))
    if deadline.clause_id or count_words(clause.text) <= _LONG:
        return whole
    at = deadline.span.start
    return next((one for one in sentences(clause.text) if one.start <= at < one.end), whole)
