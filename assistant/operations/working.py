"""Works results out, and shows them with every operand and its marker.

“sửa phòng học: 1.350 triệu đồng [1] + mua xe: 2.400 triệu đồng [2] = 3.750 triệu đồng [1][2]”
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assistant.answer.wording import CitedQuotes, body, cite, warnings
from assistant.contract import Computation, Operand, Working
from assistant.find.ground import Ground, Quote
from assistant.operations.told import Told
from corpus.notice import Span

_SIGNS = {Working.SUM: " + ", Working.DIFFERENCE: " − "}


@dataclass(frozen=True, slots=True)
class Term:
    """What goes into a result.

    Args:
        name: what it is of, in the question's words; ``""`` where the quote says it.
        quote: the statement that tells it.
        at: place of the figure or date in the clause's text; None where the clause counts.
        value: a number in the result's unit, a date, or None where the clause counts.
    """

    name: str
    quote: Quote
    at: Span | None
    value: Decimal | date | None

    @property
    def words(self) -> str:
        """The figure or date as it stands, on one line."""
        return " ".join(self.at.of(self.quote.clause.text).split()) if self.at else ""


def result_of(working: Working, values: Sequence[str]) -> str:
    """Work a result out from values as ``Operand`` has them.

    Args:
        working: how.
        values: decimal numbers or ISO dates; not empty.

    Raises:
        ValueError: the values are no numbers or dates as the working needs them.
    """
    if working is Working.COUNT:
        return str(len(values))
    if working in (Working.DAYS, Working.MONTHS):
        first, last = sorted(date.fromisoformat(value) for value in values)
        return str((last - first).days if working is Working.DAYS else _months(first, last))
    if working in (Working.MOST, Working.LEAST):
        pick = max if working is Working.MOST else min
        return pick(values, key=_comparable)
    numbers = [Decimal(value) for value in values]
    total = sum(numbers) if working is Working.SUM else max(numbers) - min(numbers)
    return f"{Decimal(total):f}"


def _months(first: date, last: date) -> int:
    """Whole months from one day to another."""
    months = 12 * (last.year - first.year) + last.month - first.month
    return months - (last.day < first.day)


def _comparable(value: str) -> Decimal | int:
    return date.fromisoformat(value).toordinal() if value.count("-") == 2 else Decimal(value)


def value_of(value: Decimal | date | None) -> str:
    """Return a term's value as ``Operand`` has it."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else f"{value:f}"


def cited_terms(terms: Sequence[Term]) -> tuple[tuple[CitedQuotes, ...], list[int]]:
    """Give the quotes of terms their markers: one a clause, in the terms' order.

    Returns:
        The quotes under their markers, and the marker of each term.
    """
    by_clause: dict[str, list[Quote]] = {}
    for term in terms:
        same = by_clause.setdefault(term.quote.clause.id, [])
        if term.quote not in same:
            same.append(term.quote)
    quotes = [q for same in by_clause.values() for q in sorted(same, key=lambda q: q.span.start)]
    cited = tuple(
        CitedQuotes(entry.marker, entry.quotes, None) for entry in cite(ground_of(quotes))
    )
    marker_of = {entry.quotes[0].clause.id: entry.marker for entry in cited}
    return cited, [marker_of[term.quote.clause.id] for term in terms]


def ground_of(quotes: Iterable[Quote]) -> Ground:
    """Return the ground that is just these quotes."""
    return Ground(
        quotes=tuple(quotes),
        coverage=1.0,
        missing=frozenset(),
        unknown=(),
        unknown_share=0.0,
        topic_unknown=False,
        strangers=(),
    )


def computation(
    working: Working, terms: Sequence[Term], markers: Sequence[int], unit: str, shown: str
) -> Computation:
    """Return the result of ``terms`` with all that went in."""
    values = [value_of(term.value) for term in terms]
    return Computation(
        working=working,
        operands=tuple(
            Operand(marker, term.at.of(term.quote.clause.text) if term.at else "", value)
            for term, marker, value in zip(terms, markers, values, strict=True)
        ),
        result=result_of(working, values),
        unit=unit,
        shown=shown,
    )


def marked(markers: Iterable[int]) -> str:
    """Return each marker once, in order."""
    return "".join(f"[{marker}]" for marker in dict.fromkeys(markers))


def joined(working: Working, terms: Sequence[Term], markers: Sequence[int]) -> str:
    """Return the operands of a sum or difference with their markers, joined by its sign."""
    pairs = zip(terms, markers, strict=True)
    told = [f"{f'{t.name}: ' if t.name else ''}{t.words} [{m}]" for t, m in pairs]
    return _SIGNS[working].join(told)


def told(line: str, cited: tuple[CitedQuotes, ...], *computed: Computation) -> Told:
    """Return a line that tells a result, with the quotes that prove its operands."""
    return Told(f"{line}\n\n{body(cited)}", cited, warnings(cited, ()), computed)
