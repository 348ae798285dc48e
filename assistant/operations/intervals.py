"""How many days or months lie between two dates that a question names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.contract import Working
from assistant.find.ground import Quote
from assistant.find.retriever import Evidence
from assistant.operations.arithmetic import Unsure
from assistant.operations.asked import content, parts
from assistant.operations.told import Told
from assistant.operations.working import Term, cited_terms, computation, marked, told
from assistant.understand.question import Question
from corpus.dates import Unit, View, find_periods
from corpus.facts.references import find_references
from corpus.facts.sentences import sentences
from corpus.notice import Clause, ClauseKind, Notice, Span
from corpus.text import fold, normalise
from index.vocabulary import Vocabulary

_TWO = 2
_KNOWN, _AHEAD = 0.8, 0.15  # as for quantities; a date alone has less to be told apart by
_LONGEST = 4000
# What a notice's own dates are called.
_ISSUED = re.compile(r"\b(?:ban hành|ký|ra)\b")
_IN_FORCE = re.compile(r"\b(?:hiệu lực|áp dụng)\b")
_FORCE = re.compile(r"hieu luc (?:thi hanh )?(?:ke )?tu")


@dataclass(frozen=True, slots=True)
class Dated:
    """A stretch of a clause that tells exactly one date.

    Args:
        quote: the stretch.
        at: place of the date in the clause's text.
        first: first day of what is told.
        unit: how exact it is.
    """

    quote: Quote
    at: Span
    first: date
    unit: Unit


def between(
    asked: Question,
    evidence: Sequence[Evidence],
    notices: Mapping[str, Notice],
    vocabulary: Vocabulary,
) -> Told | Unsure | None:
    """Work out how far two dates lie apart.

    Args:
        asked: the question.
        evidence: clauses that may tell the dates.
        notices: the library, by id; a notice's own head tells when it was issued.
        vocabulary: tells how rare a word is.

    Returns:
        None where the question names no two dates; the reason where they can't be told for sure.
    """
    said = normalise(asked.restored).lower()
    only = [notices[one] for one in asked.notice_ids]
    if _ISSUED.search(said) and _IN_FORCE.search(said):
        if len(only) != 1:
            return Unsure("chưa rõ hỏi văn bản nào")
        ends = [_issued(only[0]), _in_force(only[0])]
    else:
        names = parts(asked.restored)
        if len(names) != _TWO:
            return None
        ends = [_of_part(content(name), evidence, vocabulary) for name in names]
    sure = [one for one in ends if one is not None]
    if len(sure) < _TWO or sure[0].first == sure[1].first:
        return Unsure("không chắc văn bản nêu ngày nào cho từng mốc được hỏi")
    return _told(sure, in_months="tháng" in said.split())


def _issued(notice: Notice) -> Dated | None:
    """The date in a notice's head, where it is the one that was read as its own."""
    for clause in notice.clauses:
        if clause.kind is ClauseKind.HEADER:
            own = [one for one in _dates(clause, notice) if one.first == notice.header.date]
            return own[0] if own else None
    return None


def _in_force(notice: Notice) -> Dated | None:
    """The one date from which a notice says that it is in force."""
    found = [
        one
        for clause in notice.clauses
        if clause.kind.is_content
        for one in _dates(clause, notice)
        if _FORCE.search(fold(normalise(one.quote.text))) and one.unit is Unit.DAY
    ]
    return found[0] if len({one.first for one in found}) == 1 else None


def _of_part(
    words: frozenset[str], evidence: Sequence[Evidence], vocabulary: Vocabulary
) -> Dated | None:
    words = words - content("ngày tháng hạn thời nộp cách")
    total = sum(vocabulary.rarity(fold(word)) for word in words)
    if not total:
        return None
    dated = [one for e in evidence for one in _dates(e.clause, e.notice)]
    shares = [
        sum(vocabulary.rarity(fold(word)) for word in words & _said(one)) / total for one in dated
    ]
    ranked = sorted(zip(shares, range(len(dated)), strict=True), reverse=True)
    if not ranked or ranked[0][0] < _KNOWN:
        return None
    best = dated[ranked[0][1]]
    rivals = [share for share, n in ranked if dated[n].first != best.first]
    return best if not rivals or ranked[0][0] - rivals[0] >= _AHEAD else None


def _said(one: Dated) -> frozenset[str]:
    return content(f"{one.quote.text} {one.quote.clause.context_text}")


def _dates(clause: Clause, notice: Notice) -> Iterator[Dated]:
    """Yield the stretches of a clause that tell one date, which is exact to the month."""
    text = clause.text[:_LONGEST]
    stretches = text.splitlines(keepends=True) if clause.kind is ClauseKind.HEADER else None
    spans = _lines(stretches) if stretches else list(sentences(text))
    for span in spans:
        view = View.of(_without_documents(span.of(text)))
        found = [p for p in find_periods(view.folded) if p.first is not None]
        if len(found) != 1 or found[0].unit not in (Unit.DAY, Unit.MONTH):
            continue
        at = view.span(found[0].start, found[0].end)
        first = found[0].first
        if first is not None:
            place = Span(span.start + at.start, span.start + at.end)
            yield Dated(Quote(clause, notice, span), place, first, found[0].unit)


def _without_documents(text: str) -> str:
    """Blot out documents with their dates: these tell when others were issued."""
    given = list(text)
    for reference in find_references(text):
        span = reference.span
        given[span.start : span.end] = "\x00" * (span.end - span.start)
    return "".join(given)


def _lines(lines: Sequence[str]) -> list[Span]:
    spans: list[Span] = []
    at = 0
    for line in lines:
        bare = line.strip()
        start = at + line.index(bare) if bare else at
        spans += [Span(start, start + len(bare))] if bare else []
        at += len(line)
    return spans


def _told(ends: Sequence[Dated], *, in_months: bool) -> Told | Unsure:
    first, last = sorted(ends, key=lambda one: one.first)
    by_month = Unit.MONTH in (first.unit, last.unit)
    if by_month and not (in_months and first.unit is last.unit):
        return Unsure("văn bản chỉ nêu tháng, không nêu ngày")
    terms = [Term("", one.quote, one.at, one.first) for one in (first, last)]
    cited, markers = cited_terms(terms)
    ways = [] if by_month else [(Working.DAYS, "ngày")]
    ways = [(Working.MONTHS, "tháng"), *ways] if in_months else ways
    results = []
    for working, unit in ways:
        found = computation(working, terms, markers, unit, "")
        results.append((found, f"{found.result} {unit}"))
    shown = [words for _, words in results]
    whole = by_month or first.first.day == last.first.day
    more = "hơn " if in_months and not whole else ""
    line = (
        f"Từ {terms[0].words} [{markers[0]}] đến {terms[1].words} [{markers[1]}]"
        f" = {more}{' ('.join(shown)}{')' * (len(shown) - 1)} {marked(markers)}."
    )
    computed = [
        computation(found.working, terms, markers, found.unit, words) for found, words in results
    ]
    return told(line, cited, *computed)
