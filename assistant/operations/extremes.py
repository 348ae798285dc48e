"""Which task is due first or last, and which row of a table has the most or the least."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assistant.contract import Working
from assistant.find.ground import Quote
from assistant.find.retriever import Evidence
from assistant.operations.arithmetic import Unsure
from assistant.operations.asked import beyond, content, wants_most, words
from assistant.operations.told import Told, plain
from assistant.operations.working import Term, cited_terms, computation, told
from assistant.understand.question import Question
from corpus.dates import write_date
from corpus.facts.agencies import find_agencies
from corpus.facts.quantities import Quantity, find_quantities
from corpus.facts.sentences import sentences
from corpus.notice import Clause, Notice, Span
from corpus.text import fold, normalise
from index.vocabulary import Vocabulary

_LEAST = 2  # things that are compared
_SHOWN = 8  # of these, those quoted; the others count and are told by number
_KNOWN = 0.7  # share of what else a question says that the table must know
_TOTALS = ("tong", "cong", "chung", "toan")


def extreme(
    asked: Question,
    evidence: Sequence[Evidence],
    notices: Mapping[str, Notice],
    scope: Sequence[str],
    vocabulary: Vocabulary,
) -> Told | Unsure | None:
    """Tell what comes first or last of all that the question bounds.

    Args:
        asked: the question.
        evidence: what was found for it; its rows lead to their tables.
        notices: the library, by id.
        scope: ids of the notices that it is about.
        vocabulary: tells how rare a word is.

    Returns:
        None where it asks for no end of a row or of deadlines; the reason where that end can't
        be told for sure.
    """
    most = wants_most(asked.restored)
    if most is None:
        return None
    working = Working.MOST if most else Working.LEAST
    if words().dates.search(normalise(asked.restored).lower()):
        return _due(working, asked, notices, scope)
    return _in_table(working, asked, evidence, notices, vocabulary)


def _due(
    working: Working, asked: Question, notices: Mapping[str, Notice], scope: Sequence[str]
) -> Told | Unsure | None:
    if len(scope) != 1:
        return Unsure("chưa rõ hỏi văn bản nào")
    notice = notices[scope[0]]
    agencies = {agency.canonical for agency in find_agencies(asked.restored)}
    table = words()
    if beyond(asked.restored, table.most, table.least, table.tasks, table.dates):
        return None  # of some kind of task only: that is looked up
    terms: list[Term] = []
    for clause in notice.clauses:
        owned = {owner.canonical for owner in clause.owners}
        own = [d for d in clause.deadlines if d.due and not d.clause_id]
        if not own or not clause.kind.is_content or (agencies and not agencies & owned):
            continue
        last = max(own, key=lambda d: d.due or date.min)
        terms.append(
            Term("", Quote(clause, notice, _around(clause, last.span)), last.span, last.due)
        )
    return _ordered(working, terms, "thời hạn")


def _around(clause: Clause, span: Span) -> Span:
    """The sentence that a span stands in."""
    for sentence in sentences(clause.text):
        if sentence.start <= span.start < sentence.end:
            return sentence
    return Span(0, len(clause.text))


@dataclass(frozen=True, slots=True)
class _Row:
    clause: Clause
    name: str
    cell: str
    at: Span | None
    quantity: Quantity | None


def _in_table(
    working: Working,
    asked: Question,
    evidence: Sequence[Evidence],
    notices: Mapping[str, Notice],
    vocabulary: Vocabulary,
) -> Told | Unsure | None:
    """Compare the rows of the one table and column that a question's words name."""
    own = beyond(asked.restored, words().most, words().least)
    best: list[tuple[float, Notice, int, Sequence[Clause]]] = []
    for notice, rows in _tables(evidence, notices):
        above = content(f"{notice.header.title} {rows[0].context_text}")
        names = [name for name, _ in rows[0].table]
        for column, name in enumerate(names):
            if not any(_quantity(row, column) for row in rows):
                continue
            known = above | content(" ".join([names[0], name]))
            held = _weight(own & known, vocabulary) / (_weight(own, vocabulary) or 1.0)
            named = content(name)
            told_of = _weight(named & own, vocabulary) / (_weight(named, vocabulary) or 1.0)
            if held >= _KNOWN and told_of:
                best.append((told_of * held, notice, column, rows))
    best.sort(key=lambda one: -one[0])
    if not best:
        return None
    if len(best) > 1 and best[0][0] == best[1][0]:
        return Unsure("có nhiều cột hoặc nhiều bảng phù hợp")
    _, notice, column, rows = best[0]
    return _compared(working, notice, column, rows)


def _compared(
    working: Working, notice: Notice, column: int, rows: Sequence[Clause]
) -> Told | Unsure:
    terms: list[Term] = []
    kinds: set[tuple[str, tuple[str, ...]]] = set()
    for row in rows:
        name, cell = row.table[0][1], row.table[column][1]
        if fold(name).split()[:1] and fold(name).split()[0] in _TOTALS:
            continue
        quantity = _quantity(row, column)
        at = row.text.rfind(cell) if column else row.text.find(cell)
        if quantity is None or at < 0:
            return Unsure(f"ô “{cell}” của “{name}” không đọc được thành số")
        kinds.add((quantity.dimension, quantity.counted[:1]))
        place = Span(at + quantity.span.start, at + quantity.span.end)
        terms.append(Term(plain(name), Quote.whole(row, notice), place, quantity.value))
    if len(kinds) > 1:
        return Unsure("các ô của cột không cùng đơn vị")
    return _ordered(working, terms, plain(rows[0].table[column][0]).lower() or "số liệu")


def _quantity(row: Clause, column: int) -> Quantity | None:
    """The one quantity of a cell."""
    found = find_quantities(row.table[column][1]) if column < len(row.table) else ()
    return found[0] if len(found) == 1 else None


def _tables(
    evidence: Sequence[Evidence], notices: Mapping[str, Notice]
) -> list[tuple[Notice, Sequence[Clause]]]:
    """Return the tables that rows of the evidence belong to, with all their rows."""
    tables: dict[tuple[str, tuple[str, ...], str], list[Clause]] = {}
    for found in evidence:
        if found.clause.table:
            tables.setdefault(_key(found.clause), [])
    for notice_id in {key[0] for key in tables}:
        for clause in notices[notice_id].clauses:
            if clause.table and _key(clause) in tables:
                tables[_key(clause)].append(clause)
    return [(notices[key[0]], rows) for key, rows in tables.items() if len(rows) >= _LEAST]


def _key(row: Clause) -> tuple[str, tuple[str, ...], str]:
    return row.notice_id, tuple(name for name, _ in row.table), row.context_text


def _weight(said: frozenset[str], vocabulary: Vocabulary) -> float:
    return sum(vocabulary.rarity(fold(word)) for word in said)


def _ordered(working: Working, terms: Sequence[Term], compared: str) -> Told | Unsure:
    """Tell the first of the terms by value, and the next ones for comparison."""
    if len(terms) < _LEAST:
        return Unsure(f"chỉ thấy {len(terms)} {compared}")
    ranked = sorted(terms, key=_rank, reverse=working is Working.MOST)
    winners = [term for term in ranked if term.value == ranked[0].value]
    shown = ranked[: max(_SHOWN, len(winners))]
    cited, markers = cited_terms(shown)
    marker_of = dict(zip(map(id, shown), markers, strict=True))
    end = "nhất" if isinstance(ranked[0].value, Decimal) else ""
    word = _word(working, ranked[0])
    first = "; ".join(_said(term, marker_of[id(term)]) for term in winners)
    rest = "; ".join(_said(term, marker_of[id(term)]) for term in shown[len(winners) :])
    figure = ranked[0].words
    left = len(ranked) - len(shown)
    more = f"; và {left} {compared} khác" if left else ""
    line = f"{word}{f' {end}' if end else ''} trong {len(terms)} {compared}: {first}."
    line += f" So với: {rest}{more}." if rest else ""
    computed = computation(working, shown, markers, "", figure)
    return told(line, cited, computed)


def _word(working: Working, term: Term) -> str:
    if isinstance(term.value, date):
        return "Muộn nhất" if working is Working.MOST else "Sớm nhất"
    return "Cao" if working is Working.MOST else "Thấp"


def _said(term: Term, marker: int) -> str:
    value = write_date(term.value) if isinstance(term.value, date) else term.words
    return f"{f'{term.name}: ' if term.name else ''}{value} [{marker}]"


def _rank(term: Term) -> Decimal | int:
    if isinstance(term.value, date):
        return term.value.toordinal()
    return term.value if term.value is not None else Decimal(0)
