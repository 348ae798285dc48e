"""The words of the domain: a notice, its clauses, and the data found on them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    """Whether a notice is in force as issued or still a draft."""

    ISSUED = "issued"
    DRAFT = "draft"

    @property
    def vietnamese(self) -> str:
        """The word shown to people."""
        return "Dự thảo" if self is Status.DRAFT else "Đã ban hành"


class ClauseKind(StrEnum):
    """What part of a notice a clause is."""

    HEADER = "header"  # issuer, number, place and date, title
    BASIS = "basis"  # căn cứ
    HEADING = "heading"  # a numbered title or owner that has clauses under it
    PARAGRAPH = "paragraph"  # running text without a number of its own
    ITEM = "item"  # a numbered clause: 1., a), (1), Điều n
    BULLET = "bullet"  # -, +, *, ·
    FOOTNOTE = "footnote"
    TABLE_HEADER = "table_header"
    TABLE_ROW = "table_row"
    RECIPIENT = "recipient"  # nơi nhận
    SIGNATURE = "signature"
    NOTE = "note"  # page titles, separators with text, QR captions

    @property
    def is_content(self) -> bool:
        """Whether the clause states something (and not who got or signed the notice)."""
        return self in _CONTENT


_CONTENT = frozenset(
    {
        ClauseKind.PARAGRAPH,
        ClauseKind.ITEM,
        ClauseKind.BULLET,
        ClauseKind.FOOTNOTE,
        ClauseKind.TABLE_ROW,
    }
)


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of code points, ``[start, end)``, in a text named by its owner."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"span [{self.start}, {self.end}) is not in order")

    def of(self, text: str) -> str:
        """Return the part of ``text`` that the span covers."""
        return text[self.start : self.end]


class ContextRole(StrEnum):
    """Why a part of the context belongs to a clause."""

    ATTACHED = "attached"  # the attached document the clause stands in
    HEADING = "heading"
    OWNER = "owner"  # a heading that is only the name of who must act
    LEAD_IN = "lead_in"  # the paragraph that introduces a list
    CLOSER = "closer"  # the paragraph after a list that holds for all of it
    COLUMNS = "columns"  # the header row of a table
    REFERRED = "referred"  # the clause whose marker points to this footnote


@dataclass(frozen=True, slots=True)
class ContextPart:
    """One inherited piece of context; it is a clause of its own and can be cited."""

    role: ContextRole
    clause_id: str
    text: str


@dataclass(frozen=True, slots=True)
class DocumentReference:
    """A document named in a text.

    Args:
        text: the words as they stand.
        span: their place in the text that was read.
        number: the normalised number, e.g. ``45-TB/TGV``; ``Kế hoạch 02`` gives ``02``.
        kind: ``Thông báo``, ``Nghị quyết``, … where the text says it, else ``""``.
        date: the date where it is said.
    """

    text: str
    span: Span
    number: str
    kind: str = ""
    date: datetime.date | None = None


class DeadlineKind(StrEnum):
    """How a deadline is said."""

    DATE = "date"  # trước 15/11/2025, ngày 31/12/2025
    MONTH = "month"  # trong tháng 12/2025
    QUARTER = "quarter"  # quý III/2026
    YEAR = "year"  # trong năm 2025
    SESSION = "session"  # kỳ họp thứ 10
    RECURRING = "recurring"  # nhiệm vụ thường xuyên, hằng tuần
    ROADMAP = "roadmap"  # theo lộ trình
    RELATIVE = "relative"  # 01 tháng sau khi luật có hiệu lực


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline as it stands and, where it can be worked out, its last day.

    Args:
        text: the words as they stand.
        span: their place in the text of the clause that says it.
        kind: how it is said.
        due: the last day, where it can be worked out.
        clause_id: the clause that says it, where it is inherited; ``""`` for the clause itself.
    """

    text: str
    span: Span
    kind: DeadlineKind
    due: datetime.date | None = None
    clause_id: str = ""


class OwnerRole(StrEnum):
    """Who leads and who takes part."""

    LEAD = "lead"  # chủ trì, or the only one named
    PARTICIPATE = "participate"  # phối hợp


@dataclass(frozen=True, slots=True)
class Owner:
    """An agency that a clause gives something to do.

    Args:
        name: the words as they stand in ``clause_id``.
        canonical: the full name (``Bộ KHCN`` → ``Bộ Khoa học và Công nghệ``).
        role: leads or takes part.
        clause_id: the clause that says it: the clause itself, its owner heading or lead-in.
    """

    name: str
    canonical: str
    role: OwnerRole
    clause_id: str


@dataclass(frozen=True, slots=True)
class Clause:
    """The smallest citable unit of a notice.

    ``text`` is what stands at ``spans``, word for word, as ``read_lines`` reads it: cut lines
    joined, look-alike letters mended, Markdown's escapes gone, a row's cells between tabs.

    Args:
        id: stable within the library: ``{notice_id}#{n}``.
        notice_id: the notice it stands in.
        kind: what part of the notice it is.
        label: how it is cited, e.g. ``mục 4.b.(1), gạch đầu dòng 8``.
        text: the two halves of a page-broken paragraph are joined.
        spans: places in the notice's source text, which no other clause has.
        lines: 1-based first and last line of each span.
        context: inherited parts, outermost first.
        references: documents named in ``text``.
        deadlines: in ``text``, else inherited from the closer.
        owners: in ``text``, else inherited from the owner heading or lead-in.
        footnote_ids: footnotes whose markers stand in ``text``.
        table: for rows: (column name, cell) pairs.
        place: the numbered units it stands in and is, outermost first, as (word, number):
            ``(("điều", "4"), ("khoản", "1"), ("điểm", "b"))``.
        above: id of the clause that it stands directly under; ``""`` at the top.
        unsure: words of ``text`` whose figures were read in a scan with little confidence.
        page: 1-based page of the original that it begins on, 0 where that has no pages.
        is_new_text: whether it is text of another document, which this one changes by it.
        amends: the place of that document whose new text it is, as ``place`` names places;
            ``()`` where that isn't told.
    """

    id: str
    notice_id: str
    kind: ClauseKind
    label: str
    text: str
    spans: tuple[Span, ...]
    lines: tuple[tuple[int, int], ...]
    context: tuple[ContextPart, ...] = ()
    references: tuple[DocumentReference, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    owners: tuple[Owner, ...] = ()
    footnote_ids: tuple[str, ...] = ()
    table: tuple[tuple[str, str], ...] = ()
    place: tuple[tuple[str, str], ...] = ()
    above: str = ""
    unsure: tuple[str, ...] = ()
    page: int = 0
    is_new_text: bool = False
    amends: tuple[tuple[str, str], ...] = ()

    @property
    def line_range(self) -> tuple[int, int]:
        """First and last 1-based line of the source that the clause touches."""
        return self.lines[0][0], self.lines[-1][1]

    @property
    def context_text(self) -> str:
        """The context as one line, outermost first."""
        return " › ".join(part.text for part in self.context)

    def context_of(self, role: ContextRole) -> tuple[ContextPart, ...]:
        """Return the context parts of one role, outermost first."""
        return tuple(part for part in self.context if part.role is role)


@dataclass(frozen=True, slots=True)
class AttachedDocument:
    """A document issued with the notice and standing in the same file."""

    title: str
    first_line: int


@dataclass(frozen=True, slots=True)
class Header:
    """What identifies a notice; ``""`` or None where the file doesn't say."""

    kind: str = ""
    number: str = ""
    issuer: str = ""
    date: datetime.date | None = None
    title: str = ""
    status: Status = Status.ISSUED
    attached: tuple[AttachedDocument, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """One document with its clauses.

    The key of a document is (kind, number, issuer, date), never the number alone.

    Args:
        id: short and stable, made of the number or file name and the content hash.
        header: what identifies it.
        source: the file's text as given (BOM dropped, line ends kept).
        content_hash: SHA-256 hex digest of ``source`` in UTF-8.
        file_name: name of the file it was read from, without folders.
        clauses: in the order of the source.
        unsure: places in ``source`` of words whose figures were read in a scan with little
            confidence, in order.
        corrected: names of the fields of ``header`` that a person put right.
    """

    id: str
    header: Header
    source: str
    content_hash: str
    file_name: str
    clauses: tuple[Clause, ...] = field(default=())
    unsure: tuple[Span, ...] = ()
    corrected: tuple[str, ...] = ()

    @property
    def short_name(self) -> str:
        """Kind and number, as in later mentions: ``Thông báo 45-TB/TGV``."""
        name = f"{self.header.kind} {self.header.number}".strip()
        return name or self.header.title or self.file_name

    @property
    def is_draft(self) -> bool:
        """Whether the notice may only be cited as a draft."""
        return self.header.status is Status.DRAFT
