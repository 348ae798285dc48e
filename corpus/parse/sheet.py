"""The sheet of a notice: its own data, each datum with the clause that says it.

Who signed it and in what office, when it is in force, what it replaces, repeals and amends, on
what it is based. Worked out once for a notice, so that nothing has to be recognised while a
question waits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from corpus.dates import View, date_at
from corpus.facts.references import find_references, is_kind
from corpus.notice import Clause, ClauseKind, ContextRole, DocumentReference, Notice
from corpus.parse.acts import REPEAL, REPLACE
from corpus.parse.card import effective_of, read_card, signer_of
from corpus.parse.header import adopted_on
from corpus.parse.signature import is_office, is_person_name, split_signature
from corpus.parse.titles import bare, cells_of
from corpus.text import fold, normalise


class DatumKind(StrEnum):
    """What a notice says of itself."""

    KIND = "kind"
    NUMBER = "number"
    ISSUER = "issuer"
    DATE = "date"
    TITLE = "title"
    SIGNER = "signer"
    OFFICE = "office"
    EFFECT = "effect"  # in force from
    REPLACES = "replaces"  # thay thế; what is no longer in force by it
    REPEALS = "repeals"  # bãi bỏ, of a document or of a part of one
    AMENDS = "amends"  # sửa đổi, bổ sung
    BASIS = "basis"  # căn cứ, theo đề nghị
    RECIPIENTS = "recipients"
    ATTACHED = "attached"
    ARTICLE = "article"


RELATIONS = frozenset({DatumKind.REPLACES, DatumKind.REPEALS, DatumKind.AMENDS, DatumKind.BASIS})
"""Data that relate a notice to another document."""


@dataclass(frozen=True, slots=True)
class Datum:
    """One thing that a notice says of itself.

    Args:
        kind: what it is.
        clause_id: the clause that says it.
        text: the words, normalised; for a reference, as they stand.
        reference: the other document, for a relation that names one.
        day: the date said or meant (``từ ngày ký`` is the notice's own), where it is one.
        whole: for ``EFFECT``, whether it speaks of the whole document and not of a part.
    """

    kind: DatumKind
    clause_id: str
    text: str
    reference: DocumentReference | None = None
    day: date | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """The data of one notice, in the order of its clauses.

    Args:
        notice_id: the notice.
        data: what it says of itself.
    """

    notice_id: str
    data: tuple[Datum, ...]

    def of(self, *kinds: DatumKind) -> tuple[Datum, ...]:
        """Return the data of these kinds."""
        return tuple(datum for datum in self.data if datum.kind in kinds)

    @property
    def signers(self) -> tuple[str, ...]:
        """Who signed it, in the order of the signatures."""
        return tuple(dict.fromkeys(datum.text for datum in self.of(DatumKind.SIGNER)))

    @property
    def in_force_from(self) -> date | None:
        """The first day on which it is in force, where it says one."""
        effects = self.of(DatumKind.EFFECT)
        return next((datum.day for datum in effects if datum.day and datum.whole), None)


_IN_FORCE = re.compile(
    r"co hieu luc(?: thi hanh| ap dung)?,?(?: ke)? (?:tu|sau|vao) "
    r"(?:\d{1,2} ?(?:gio|h)(?: ?\d{1,2} ?phut)?,? )?(?:ngay )?"
)
_FORCED = re.compile(r"co hieu luc\b")
_FROM_SIGNING = re.compile(
    r"(?:(?P<days>\d{1,3}|[a-z]+(?: [a-z]+){0,2})(?: ?\(\d{1,3}\))? ngay,? (?:ke )?tu )?"
    r"(?:ngay )?(?:duoc )?(?:ky|thong qua|ban hanh)\b"
)
_DAYS = {"bay": 7, "muoi": 10, "muoi lam": 15, "ba muoi": 30, "bon muoi lam": 45, "sau muoi": 60}
# What the whole of a document is called at the beginning of the sentence that puts it in force.
_ITSELF = re.compile(
    r"[\W\d]*(?:[a-z]\) ?|dieu \d{1,3}[a-z]?\W*)?(?:hieu luc(?: thi hanh)?\W+)?"
    r"(?P<kind>[a-z]+(?: [a-z]+){0,3}?)(?P<this> nay)?,? $"
)
# What comes before a document that a notice does something to, and what comes after it.
_DOES: tuple[tuple[DatumKind, re.Pattern[str]], ...] = (
    (DatumKind.REPLACES, re.compile(rf"\b{REPLACE}\b(?!cum tu|tu\b)")),
    (DatumKind.REPEALS, re.compile(rf"\b{REPEAL}\b")),
    (DatumKind.AMENDS, re.compile(r"\bsua doi(?:, bo sung)?\b")),
)
_SUFFERS: tuple[tuple[DatumKind, re.Pattern[str]], ...] = (
    (DatumKind.REPLACES, re.compile(r"\bhet hieu luc\b")),
    (DatumKind.REPEALS, re.compile(rf"\bbi {REPEAL}\b|\bduoc bai bo\b")),
)
_FORCE = unicodedata.normalize("NFD", "lực")
_BY_OTHERS = re.compile(r"\b(?:da )?duoc (?:sua doi|bo sung|thay the|bai bo)\b")
_REACH = 400  # characters between a document and the word that says what is done to it
_ARTICLE = re.compile(r"Điều \d+\w?")
_ARTICLE_TEXT = re.compile(r"^[*_#\s]*Điều\s+\d+\w?[.:]?\s*")


def read_sheet(notice: Notice) -> Sheet:
    """Work out the sheet of a notice.

    What documents attached to it say of themselves is not its own.
    """
    own = [clause for clause in notice.clauses if not clause.context_of(ContextRole.ATTACHED)]
    data = [
        datum
        for clause in own
        for datum in (*_formal(notice, clause), *_stated(notice, clause))
        if datum.text
    ]
    data += [*_beside_recipients(own), *(d for d in _of_card(notice) if d.text)]
    data += [
        Datum(DatumKind.ATTACHED, clause.id, attached.title)
        for attached in notice.header.attached
        for clause in notice.clauses
        if clause.lines and clause.lines[0][0] == attached.first_line
    ]
    return Sheet(notice.id, tuple(dict.fromkeys(data)))


@dataclass(frozen=True, slots=True)
class FirstDays:
    """From when on a notice says that it is in force.

    Args:
        first: the first day of the whole, as ``Sheet.in_force_from``.
        last: the latest of the first days that it says, of parts as well.
        is_unread: whether it says one of the whole that can't be read.
    """

    first: date | None
    last: date | None
    is_unread: bool


def first_days(notice: Notice) -> FirstDays:
    """Return the first days that a notice says, without working out the whole sheet."""
    effects = [datum for datum in _of_card(notice) if datum.kind is DatumKind.EFFECT]
    unread = False
    for clause in notice.clauses:
        # “lực” in one character or in several
        says = clause.kind.is_content and ("lực" in clause.text or _FORCE in clause.text)
        if says and not clause.is_new_text and not clause.context_of(ContextRole.ATTACHED):
            view = View.of(clause.text)
            effects += _effects(notice, clause, view)
            unread = unread or any(
                _IN_FORCE.match(view.folded, one.start()) is None
                and _is_itself(
                    view.folded[max(0, one.start() - _REACH) : one.start()], notice.header.kind
                )
                for one in _FORCED.finditer(view.folded)
            )
    unread = unread or any(one.whole and one.day is None for one in effects)
    first = next((one.day for one in effects if one.day and one.whole), None)
    return FirstDays(first, max((one.day for one in effects if one.day), default=None), unread)


def _formal(notice: Notice, clause: Clause) -> Iterator[Datum]:
    """What the formal parts say: head, signature, bases, recipients."""
    header = notice.header
    if clause.kind is ClauseKind.HEADER and clause is _head(notice):
        yield Datum(DatumKind.KIND, clause.id, header.kind)
        yield Datum(DatumKind.NUMBER, clause.id, header.number)
        yield Datum(DatumKind.ISSUER, clause.id, header.issuer)
        yield Datum(DatumKind.TITLE, clause.id, header.title)
        yield from (
            Datum(DatumKind.AMENDS, clause.id, reference.text, reference)
            for reference in find_references(header.title)
            if fold(header.title).startswith("sua doi")
        )
        day = header.date
        if day and adopted_on([clause.text for clause in notice.clauses]) != day:
            yield Datum(DatumKind.DATE, clause.id, day.isoformat(), day=day)
    elif clause.kind is ClauseKind.SIGNATURE:
        yield from signed(clause.id, clause.text.splitlines())
    elif clause.kind is ClauseKind.BASIS:
        yield from (
            Datum(DatumKind.BASIS, clause.id, reference.text, reference)
            for reference in clause.references
        )
        yield Datum(DatumKind.BASIS, clause.id, normalise(clause.text))
    elif clause.kind is ClauseKind.RECIPIENT:
        yield Datum(DatumKind.RECIPIENTS, clause.id, normalise(clause.text))


def _head(notice: Notice) -> Clause | None:
    return next((one for one in notice.clauses if one.kind is ClauseKind.HEADER), None)


def _of_card(notice: Notice) -> Iterator[Datum]:
    card = read_card(notice.source.splitlines())
    name, office = signer_of(card)
    signed_in = next((c.id for c in notice.clauses if name and name in normalise(c.text)), "")
    if signed_in:
        yield Datum(DatumKind.SIGNER, signed_in, name)
        yield Datum(DatumKind.OFFICE, signed_in, office)
    head = _head(notice)
    if head is not None and (day := effective_of(card)):
        yield Datum(DatumKind.EFFECT, head.id, day.isoformat(), day=day, whole=True)


def _beside_recipients(own: Sequence[Clause]) -> Iterator[Datum]:
    """A signature in the other column: its first lines on that of “Nơi nhận:”, the name below."""
    parts = [clause for clause in own if clause.kind is ClauseKind.RECIPIENT]
    heads = [c for c in own if c.kind is ClauseKind.NOTE and fold(c.text).startswith("noi nhan")]
    beside = [cell for c in (*heads, *parts) for cell in cells_of(c.text)[1:]]
    office = next((cell for cell in beside if is_office(cell)), "")
    for clause in parts:
        for name in filter(is_person_name, (cells_of(clause.text) or [""])[-1:]):
            yield Datum(DatumKind.SIGNER, clause.id, name)
            yield Datum(DatumKind.OFFICE, clause.id, office)


def signed(clause_id: str, lines: Sequence[str]) -> Iterator[Datum]:
    """Yield signers and their offices; a joint document has several of each.

    Args:
        clause_id: of the signature.
        lines: “KT. THỦ TƯỚNG”, “PHÓ THỦ TƯỚNG”, “[đã ký]”, “Bùi Thanh Sơn”; the office is told
            by the last line of capitals before a name.
    """
    office = ""
    for line in lines:
        text = bare(line)
        if both := split_signature(text):
            office, text = both
        if is_person_name(text):
            yield Datum(DatumKind.SIGNER, clause_id, text)
            yield Datum(DatumKind.OFFICE, clause_id, office)
            office = ""
        elif any(c.isalnum() for c in text) and not fold(text).strip("[( )]").startswith("da k"):
            office = text


def _stated(notice: Notice, clause: Clause) -> Iterator[Datum]:
    """What the running text says: in force from, what it does to others, its articles."""
    if clause.kind is ClauseKind.HEADING or clause.kind.is_content:
        label = clause.label.split(",", 1)[0]
        if _ARTICLE.fullmatch(label) and clause.label == label:
            title = _ARTICLE_TEXT.sub("", normalise(clause.text))
            yield Datum(DatumKind.ARTICLE, clause.id, f"{label}. {title}".rstrip(". "))
    if not clause.kind.is_content or clause.kind is ClauseKind.TABLE_ROW:
        return
    view = View.of(clause.text)
    yield from _effects(notice, clause, view)
    if (passed := adopted_on([clause.text])) is not None:
        yield Datum(DatumKind.DATE, clause.id, passed.isoformat(), day=passed)
    yield from _relations(clause, view)


def _effects(notice: Notice, clause: Clause, view: View) -> Iterator[Datum]:
    text = normalise(clause.text)
    for match in _IN_FORCE.finditer(view.folded):
        found = date_at(view.folded, match.end()) or _day_before(view, match)
        day = found[1] if found else _after_signing(view.folded, match.end(), notice.header.date)
        own = not clause.is_new_text and _is_itself(
            view.folded[max(0, match.start() - _REACH) : match.start()], notice.header.kind
        )
        yield Datum(DatumKind.EFFECT, clause.id, text, day=day, whole=own)


def _day_before(view: View, match: re.Match[str]) -> tuple[int, date] | None:
    """A date that begins with the “ngày” that the expression took for its own."""
    begin = view.folded.rfind("ngay", match.start(), match.end())
    return date_at(view.folded, begin) if begin >= 0 else None


def _after_signing(folded: str, start: int, signed_on: date | None) -> date | None:
    """The day that “từ ngày ký” or “sau 15 ngày kể từ ngày ký” at ``start`` means."""
    match = _FROM_SIGNING.match(folded, start)
    if match is None or signed_on is None:
        return None
    days = match["days"] or "0"
    after = int(days) if days.isdigit() else _DAYS.get(days)
    return None if after is None else signed_on + timedelta(days=after)


def _is_itself(before: str, kind: str) -> bool:
    """Whether the sentence that goes on after ``before`` has the whole document as its subject."""
    near = before[-_REACH:]
    match = _ITSELF.fullmatch(re.split(r"[.;] ", near)[-1]) or _ITSELF.fullmatch(near)
    if match is None:
        return False
    own = fold(kind).startswith(match["kind"])
    return own or (bool(match["this"]) and is_kind(match["kind"]))


def _relations(clause: Clause, view: View) -> Iterator[Datum]:
    for reference in clause.references:
        before = view.folded[max(0, reference.span.start - _REACH) : reference.span.start]
        after = view.folded[reference.span.end : reference.span.end + _REACH]
        kind = _done_to(before.rsplit(". ", 1)[-1], after.split(". ", 1)[0])
        if kind is not None:
            yield Datum(kind, clause.id, reference.text, reference)
    start = view.folded.lstrip('0123456789abcdegh.)- "“')
    if not clause.references and start.startswith(("bai bo ", "huy bo ")):
        yield Datum(DatumKind.REPEALS, clause.id, normalise(clause.text))


def _done_to(before: str, after: str) -> DatumKind | None:
    """What is done to a document, by the nearest word before it, else by one after it."""
    if _BY_OTHERS.search(before) is None:
        last = [(m.start(), kind) for kind, words in _DOES for m in words.finditer(before)]
        if last:
            return max(last)[1]
    return next((kind for kind, words in _SUFFERS if words.search(after)), None)
