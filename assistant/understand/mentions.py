"""Which notices of the library a question names, and where: by number, or by what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.understand.issuers import is_anothers, told_by_place
from corpus.dates import View
from corpus.facts.references import code_of_kind, find_question_references, matches_number
from corpus.notice import DocumentReference, Header, Notice, Span
from corpus.text import fold

_TITLE_WORDS = 2  # of a title: as much of it as people say with the kind
# Folded. “báo cáo” is a verb as often: alone, it is a notice only where it is one to look into.
_LOOKED_INTO = r"(?:theo|trong|o|tai|sang|den|voi)"
_DRAFT = r"(?:ban )?du thao"
_GOES_ON = r"(?= *(?:$|[,;:.?!]|(?:thi|lai|giao|neu|ghi|noi|cho biet|yeu cau|danh gia)\b))"
# What people add to a notice's name, so that it is no part of what they ask about.
_ADDED = (
    r"(?: (?:so ket|tong ket)\b)?"
    r"(?: (?:nq|nghi quyet)(?: so)? ?\d+(?:-nq/tw)?)?"
    r"(?: (?:(?:dau|giua|cuoi) )?nam \d{4}| (?:thang |t)?\d{1,2}[/-]\d{4}| thang \d{1,2} nam \d{4}"
    r"| \d{4}(?![\d/]))?"
)
_MONTH = re.compile(r"(?:thang |\bt)?(?P<month>\d{1,2})(?:[/-]| nam )(?P<year>\d{4})")
_YEAR = re.compile(r"(?<![\d/-])(?P<year>\d{4})(?!\d)")


@dataclass(frozen=True, slots=True)
class Mention:
    """A notice of the library that a question names.

    Args:
        notice_id: of the notice.
        span: of its name in the question.
    """

    notice_id: str
    span: Span


@dataclass(frozen=True, slots=True)
class NamedDocuments:
    """What documents a question names.

    Args:
        mentions: of notices of the library, in the order they are first said.
        missing: documents that the library doesn't have.
    """

    mentions: tuple[Mention, ...]
    missing: tuple[DocumentReference, ...]

    @property
    def notice_ids(self) -> tuple[str, ...]:
        """Each notice once."""
        return tuple(dict.fromkeys(mention.notice_id for mention in self.mentions))


def find_mentions(text: str, notices: Mapping[str, Notice]) -> NamedDocuments:
    """Find the documents that a question names.

    Args:
        text: the question, with or without its marks.
        notices: the library, by id.
    """
    mentions: list[Mention] = []
    missing: list[DocumentReference] = []
    view = View.of(text)
    for reference in find_question_references(text):
        found = [
            Mention(n.id, reference.span)
            for n in notices.values()
            if _means(reference, n) and not is_anothers(text[reference.span.end :], n.header)
        ]
        mentions += found
        if not found:
            missing.append(reference)
    if not mentions and not missing:
        mentions += [Mention(one, span) for one, span in told_by_place(view, notices)]
    numbered = {mention.notice_id for mention in mentions}
    for notice in notices.values():
        if notice.id not in numbered:
            mentions += [Mention(notice.id, span) for span in _said(view, notice, notices)]
    mentions.sort(key=lambda mention: mention.span.start)
    return NamedDocuments(tuple(mentions), tuple(missing))


def without_names(text: str, mentions: Sequence[Mention]) -> str:
    """Return ``text`` without the names of notices."""
    kept = list(text)
    for mention in mentions:
        kept[mention.span.start : mention.span.end] = " " * (mention.span.end - mention.span.start)
    return " ".join("".join(kept).split())


def _means(reference: DocumentReference, notice: Notice) -> bool:
    header = notice.header
    if reference.kind == "Phụ lục":
        return header.kind == f"Phụ lục {reference.number}"
    if not header.number or not matches_number(reference.number, header.number, reference.kind):
        return False
    return reference.date is None or header.date is None or reference.date == header.date


def _said(view: View, notice: Notice, notices: Mapping[str, Notice]) -> Iterator[Span]:
    """Where a notice without a number is named by its kind and something else of its header."""
    header = notice.header
    if header.number or not header.kind or not header.title:
        return
    forms = filter(None, (fold(header.kind), code_of_kind(header.kind).lower()))
    kind = rf"(?:{'|'.join(map(re.escape, forms))})"
    title = " ".join(re.escape(word) for word in fold(header.title).split()[:_TITLE_WORDS])
    names = [rf"(?:{_DRAFT} )?{kind}(?: {_DRAFT})? {title}\b"]
    if sum(other.header.kind == header.kind for other in notices.values()) == 1:
        names += [rf"{kind} (?:thang |t)?\d{{1,2}}[/-]\d{{4}}", rf"{_LOOKED_INTO} {kind}{_GOES_ON}"]
        names += [rf"{_DRAFT} {kind}\b|{kind} {_DRAFT}\b"] if notice.is_draft else []
    for match in re.finditer(rf"\b(?:{'|'.join(names)}){_ADDED}", view.folded):
        if _fits(header, match[0]):
            yield view.span(*match.span())


def _fits(header: Header, name: str) -> bool:
    """Whether the month or year that a name gives is the notice's own."""
    months = [(int(m["month"]), int(m["year"])) for m in _MONTH.finditer(name)]
    years = {year for _, year in months} | {int(m["year"]) for m in _YEAR.finditer(name)}
    if header.date is None:
        return not years
    own = (header.date.month, header.date.year)
    return years <= {header.date.year} and all(month == own for month in months)
