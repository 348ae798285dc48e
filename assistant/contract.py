"""What the assistant gives back: the contract of ``ask --json``, the HTTP API and the eval runner.

Fields may be added, never renamed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from corpus.notice import Clause, Notice

GAP = "\n\n"
"""Between paragraphs: the lead, what the data of a clause says, the quotes."""


class RefusalReason(StrEnum):
    """Why the assistant does not answer."""

    NO_EVIDENCE = "no_evidence"  # nothing in the notices is near the question
    NOT_SUPPORTED = "not_supported"  # something is near, but it does not say what was asked
    OUT_OF_SCOPE = "out_of_scope"  # about a document that is not in the library


class WarningKind(StrEnum):
    """What a reader must know before relying on an answer."""

    DRAFT = "draft"
    SUPERSEDED = "superseded"  # replaced or repealed by another document
    AMENDED = "amended"  # another document amends, corrects or repeals what is quoted
    NOT_IN_FORCE = "not_in_force"  # from a later day on
    CONFLICT = "conflict"
    INCOMPLETE = "incomplete"  # a part of what was asked was not found
    DEGRADED = "degraded"  # a part of the assistant did not work; what is shown holds
    UNSURE = "unsure"  # figures of a scan that are to be checked against the original
    UNFITTED = "unfitted"  # whether to answer was decided without this embedder's cosines


@dataclass(frozen=True, slots=True)
class CitedNotice:
    """The notice of a citation, as shown to people."""

    id: str
    number: str
    kind: str
    issuer: str
    date: str | None
    title: str
    status: str
    file: str

    @classmethod
    def of(cls, notice: Notice) -> CitedNotice:
        """Describe ``notice``."""
        header = notice.header
        return cls(
            id=notice.id,
            number=header.number,
            kind=header.kind,
            issuer=header.issuer,
            date=header.date.isoformat() if header.date else None,
            title=header.title,
            status=header.status.value,
            file=notice.file_name,
        )


@dataclass(frozen=True, slots=True)
class CitedClause:
    """The clause of a citation.

    Args:
        id: the clause's id.
        label: how it is cited.
        text: verbatim.
        context: inherited headings, owner, lead-in, closer, outermost first.
        lines: 1-based first and last line in the source file.
        spans_lines: (first, last) of each piece of a page-broken clause.
        unsure: words of ``text`` whose figures were read in a scan with little confidence; they
            are to be checked against the original.
        page: 1-based page of the original that it begins on, None where that has no pages.
    """

    id: str
    label: str
    text: str
    context: str
    lines: tuple[int, int]
    spans_lines: tuple[tuple[int, int], ...]
    unsure: tuple[str, ...] = ()
    page: int | None = None

    @classmethod
    def of(cls, clause: Clause) -> CitedClause:
        """Describe ``clause``."""
        return cls(
            id=clause.id,
            label=clause.label,
            text=clause.text,
            context=clause.context_text,
            lines=clause.line_range,
            spans_lines=clause.lines,
            unsure=clause.unsure,
            page=clause.page or None,
        )


@dataclass(frozen=True, slots=True)
class Citation:
    """Claim → clause, with the verbatim words that support the claim."""

    marker: int
    notice: CitedNotice
    clause: CitedClause
    quote: str
    verified: bool


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """A retrieved clause with its fused score and the two it was made of, all in [0, 1]."""

    clause_id: str
    score: float
    lexical: float
    dense: float


class Working(StrEnum):
    """How a result was worked out from its operands."""

    COUNT = "count"  # how many operands there are
    SUM = "sum"
    DIFFERENCE = "difference"  # the larger less the smaller
    MOST = "most"  # the largest, or the latest date
    LEAST = "least"  # the smallest, or the earliest date
    DAYS = "days"  # from the first date to the second
    MONTHS = "months"  # the same, whole months


@dataclass(frozen=True, slots=True)
class Operand:
    """What a result was worked out from.

    Args:
        marker: of the citation whose clause says it.
        quote: the words that say it, verbatim in that clause; ``""`` where the clause counts
            as a whole.
        value: a decimal number in the result's unit, a date ``2026-06-30``, or ``""``.
    """

    marker: int
    quote: str
    value: str


@dataclass(frozen=True, slots=True)
class Computation:
    """A result that the program worked out, so that anyone can work it out again.

    Args:
        working: how.
        operands: all that went in, in the order shown.
        result: a decimal number or a date, as the operands' values are written.
        unit: of the values and the result, as shown; ``""`` for dates.
        shown: the result as it stands in the answer.
    """

    working: Working
    operands: tuple[Operand, ...]
    result: str
    unit: str
    shown: str


@dataclass(frozen=True, slots=True)
class AnswerWarning:
    """Something a reader must know.

    Args:
        kind: what sort of thing.
        text: as shown.
        clauses: ids of the cited clauses that it is about.
        by: ids of the clauses that show it, where other documents do.
    """

    kind: WarningKind
    text: str
    clauses: tuple[str, ...] = ()
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeadSentence:
    """A sentence above the quotes that the LLM phrased and that holds.

    Args:
        text: as shown, with its markers.
        markers: of the citations that it rests on.
    """

    text: str
    markers: tuple[int, ...]


def with_lead(lead: Sequence[LeadSentence], text: str) -> str:
    """Return ``text`` with the lead above it as a paragraph of its own, if there is one."""
    said = " ".join(sentence.text for sentence in lead)
    return f"{said}{GAP}{text}" if said else text


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds since the question came in.

    Args:
        retrieve: until the evidence.
        first_token: until the first text, be it a refusal.
        first_quote: until the quotes, None where nothing is quoted.
        lead: until the first sentence of the LLM, None where none is shown.
        total: until the whole answer.
    """

    retrieve: int = 0
    first_token: int = 0
    first_quote: int | None = None
    lead: int | None = None
    total: int = 0

    def all_at(self, milliseconds: int) -> Timings:
        """Return the times of an answer that is there all at once."""
        quote, lead = (None if at is None else milliseconds for at in (self.first_quote, self.lead))
        return Timings(milliseconds, milliseconds, quote, lead, milliseconds)


@dataclass(frozen=True, slots=True)
class Versions:
    """What the answer was made with."""

    snapshot: str
    llm: str
    embedder: str
    prompt: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A cited answer, or a refusal.

    Args:
        answer: the text that a person reads, its lead above the quotes.
        lead: the sentences that ``answer`` begins with and that came after the quotes.
        confidence: the probability that what was found in the notices answers the question, in
            [0, 1], as the gate judged it before anything was written; told with refusals too.
        computed: results that the program worked out, with what they were worked out from.
    """

    question: str
    answer: str
    refused: bool
    refusal_reason: RefusalReason | None
    citations: tuple[Citation, ...]
    evidence: tuple[EvidenceItem, ...]
    versions: Versions
    warnings: tuple[AnswerWarning, ...] = ()
    timings_ms: Timings = field(default_factory=Timings)
    confidence: float = 0.0
    lead: tuple[LeadSentence, ...] = ()
    computed: tuple[Computation, ...] = ()

    @property
    def below_lead(self) -> str:
        """The text that was shown at once: ``answer`` without its lead."""
        return self.answer[len(with_lead(self.lead, "")) :]

    def to_dict(self) -> dict[str, Any]:
        """Return the object of the contract, ready for JSON."""
        return asdict(self)
