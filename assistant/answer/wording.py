"""Turns claims and quotes into the text that a person reads, and into citations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from assistant.answer.lead import Claim
from assistant.contract import AnswerWarning, Citation, CitedClause, CitedNotice, WarningKind
from assistant.find.ground import Ground, Quote
from assistant.judge.bounds import Difference
from assistant.understand.question import Question
from corpus.notice import Notice, Span
from corpus.parse.markers import find_marker
from corpus.parse.unsure import told_unsure

_NOTE_NUMBER = re.compile(r"[*_]*(?:[⁰¹²³⁴-⁹]{1,3}|\[\d{1,3}\])\s*")
_MARKUP = re.compile(r"\*\*|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)|</?[ib]>")
# A quote within a quote has single marks, so that ours end it, and no “[1]” of a notice's own is
# taken for a marker: markers stand outside.
_INNER_QUOTES = str.maketrans("“”", "‘’")
_GAP = " … "
_CELL = " | "
_FIGURE = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class CitedQuotes:
    """The quotes of one clause under one marker.

    Args:
        marker: 1-based.
        quotes: of the same clause, in its order.
        follows: marker of the clause whose context this is, or None.
    """

    marker: int
    quotes: tuple[Quote, ...]
    follows: int | None

    @property
    def whole(self) -> Quote:
        """From the first quoted word of the clause to the last."""
        first, last = self.quotes[0], self.quotes[-1]
        return Quote(first.clause, first.notice, Span(first.span.start, last.span.end))

    @property
    def shown(self) -> str:
        """The words between quotation marks, with the marker."""
        row = _row(self.whole)
        return f"{row or self._words} [{self.marker}]"

    @property
    def _words(self) -> str:
        """What is quoted, with marks where words of the same sentence are left out."""
        first, last = self.quotes[0], self.quotes[-1]
        before = "… " if _breaks_off(first.clause.text[: first.span.start]) else ""
        after = " …" if _breaks_off(last.text) and last.span.end < len(last.clause.text) else ""
        between = "".join(
            f"{self._between(earlier, later)}{_readable(later.text)}"
            for earlier, later in pairwise(self.quotes)
        )
        return f"“{before}{_readable(first.text)}{between}{after}”"

    @staticmethod
    def _between(earlier: Quote, later: Quote) -> str:
        """What stands for the words between two quotes; neighbours leave nothing out."""
        left_out = earlier.clause.text[earlier.span.end : later.span.start]
        return _GAP if any(c.isalnum() for c in left_out) else " "

    def citation(self) -> Citation:
        """Return the citation; what is quoted verbatim needs no other proof."""
        quote = self.whole
        return Citation(
            marker=self.marker,
            notice=CitedNotice.of(quote.notice),
            clause=CitedClause.of(quote.clause),
            quote=quote.text,
            verified=quote.text in quote.clause.text,
        )


def cite(ground: Ground) -> tuple[CitedQuotes, ...]:
    """Give each quoted clause its marker, in the order they are shown."""
    cited: list[CitedQuotes] = []
    last_main: CitedQuotes | None = None
    for clause_id, group in groupby(ground.quotes, key=lambda quote: quote.clause.id):
        quotes = tuple(_without_marker(quote) for quote in group)
        inherited = last_main is not None and any(
            part.clause_id == clause_id for part in last_main.quotes[0].clause.context
        )
        follows = last_main.marker if inherited and last_main else None
        entry = CitedQuotes(len(cited) + 1, quotes, follows)
        cited.append(entry)
        if not inherited:
            last_main = entry
    return tuple(cited)


def body(cited: Sequence[CitedQuotes]) -> str:
    """Return the quotes as text, one clause a line, its inherited parts on the same line."""
    lines: list[str] = []
    for entry in cited:
        if entry.follows is None:
            lines.append(entry.shown)
        else:
            lines[-1] += f" — {entry.shown}"
    return lines[0] if len(lines) == 1 else "\n".join(f"- {line}" for line in lines)


def untold(
    question: Question, cited: Sequence[CitedQuotes], notices: Mapping[str, Notice]
) -> tuple[AnswerWarning, ...]:
    """Warn of the notices that a part of the question names and no quote is from.

    Args:
        question: understood.
        cited: what the answer quotes.
        notices: the library, by id.
    """
    told = {entry.quotes[0].notice.id for entry in cited}
    named = [part.notice_ids[0] for part in question.divided if len(part.notice_ids) == 1]
    names = [notices[one].short_name for one in dict.fromkeys(named) if one not in told]
    if not names:
        return ()
    text = f"Không tìm thấy điều được hỏi trong {' và '.join(names)}."
    return (AnswerWarning(WarningKind.INCOMPLETE, text, ()),)


def left_out(ground: Ground) -> tuple[AnswerWarning, ...]:
    """Warn that more items fit the question than are quoted."""
    if not ground.left_out:
        return ()
    text = (
        f"Còn {ground.left_out} nội dung khác khớp với câu hỏi mà không nêu hết ở đây: hỏi hẹp hơn"
        " (thêm văn bản, thời hạn hoặc lĩnh vực) để xem."
    )
    return (AnswerWarning(WarningKind.INCOMPLETE, text, ()),)


def corrections(
    differences: Sequence[Difference], cited: Sequence[CitedQuotes]
) -> tuple[Claim, ...]:
    """Say what the text has otherwise than the question takes for granted.

    Args:
        differences: in what the question is wrong.
        cited: what the answer quotes.
    """
    return tuple(
        Claim(f"Văn bản ghi {one.told}, không phải {one.asked}", (_marker(one, cited),))
        for one in differences
    )


def contrast(differences: Sequence[Difference], cited: Sequence[CitedQuotes]) -> str:
    """Say for what the nearest clauses tell something, and for what they don't.

    Args:
        differences: between the question and these clauses; at least one.
        cited: the clauses.
    """
    told = [
        f"Văn bản nêu “{one.told}”, không nêu “{one.asked}” [{_marker(one, cited)}]."
        if one.told
        else f"Văn bản không nêu {one.asked} [{_marker(one, cited)}]."
        for one in differences
    ]
    return " ".join(told)


def _marker(difference: Difference, cited: Sequence[CitedQuotes]) -> int:
    """Return the marker of the clause that says it itself; of the first where none does."""
    said = (entry.marker for entry in cited if difference.told in entry.quotes[0].clause.text)
    return next(said, cited[0].marker)


def lead_text(claims: Sequence[Claim]) -> str:
    """Return the claims as one line."""
    return " ".join(claim.shown for claim in claims)


def warnings(cited: Sequence[CitedQuotes], disputed: Sequence[str]) -> tuple[AnswerWarning, ...]:
    """Warn of drafts, of weak figures of scans and of clauses that disagree.

    Args:
        cited: what the answer quotes.
        disputed: ids of clauses that give the same task another owner or deadline.
    """
    drafts: dict[str, tuple[Notice, list[str]]] = {}
    for entry in cited:
        quote = entry.quotes[0]
        if quote.notice.is_draft:
            drafts.setdefault(quote.notice.id, (quote.notice, []))[1].append(quote.clause.id)
    told = [
        AnswerWarning(
            WarningKind.DRAFT,
            f"{notice.short_name} là bản DỰ THẢO, chưa ban hành: chỉ dùng để tham khảo.",
            tuple(clauses),
        )
        for notice, clauses in drafts.values()
    ]
    for entry in cited:
        if words := entry.quotes[0].clause.unsure:
            text = f"[{entry.marker}] {told_unsure(words)}"
            told.append(AnswerWarning(WarningKind.UNSURE, text, (entry.quotes[0].clause.id,)))
    for entry in cited:
        if entry.quotes[0].clause.id in disputed:
            first = cited[0]
            text = (
                f"[{first.marker}] và [{entry.marker}] nói về cùng một việc nhưng nêu khác nhau"
                " về cơ quan chủ trì hoặc thời hạn: cần đối chiếu văn bản gốc."
            )
            clauses = (first.quotes[0].clause.id, entry.quotes[0].clause.id)
            told.append(AnswerWarning(WarningKind.CONFLICT, text, clauses))
    return tuple(told)


def _without_marker(quote: Quote) -> Quote:
    """Leave the bullet or number at the beginning of a clause to its label."""
    if quote.span.start:
        return quote
    marker = find_marker(quote.clause.text)
    note = _NOTE_NUMBER.match(quote.clause.text)
    start = marker.end if marker else note.end() if note else 0
    start = start if start < quote.span.end else 0
    return Quote(quote.clause, quote.notice, Span(start, quote.span.end))


def _breaks_off(text: str) -> bool:
    """Whether the text ends inside a sentence: in a word or a number, or at a comma."""
    last = text.rstrip()[-1:]
    return last == "," or last.isalpha() or last.isdecimal()


def _row(quote: Quote) -> str:
    """Lay out a table row with the names of its columns; ``""`` for anything else.

    “62,0 | 14,9 | 24,0%” tells nobody what was planned and what was spent.
    """
    cells = [(name, _unnumbered(cell)) for name, cell in quote.clause.table if cell.strip()]
    return _CELL.join(f"{_column(name)}“{_readable(cell)}”" for name, cell in cells)


def _unnumbered(cell: str) -> str:
    marker = find_marker(cell)
    return cell[marker.end :] if marker else cell


def _column(name: str) -> str:
    """A name with a figure (“Kế hoạch năm 2026”) would put it where the row doesn't have it.

    It stands outside the quotation marks, where “[1]” would be a marker.
    """
    return f"{_readable(name)}: " if name.strip() and not _FIGURE.search(name) else ""


def _readable(text: str) -> str:
    """Lay out a quote on one line: no markup, cells apart, no marks that end it early."""
    cells = [cell.strip() for cell in text.split("\t")]
    flat = " ".join(_CELL.join(cell for cell in cells if cell).split())
    return _MARKUP.sub("", flat).translate(_INNER_QUOTES)
