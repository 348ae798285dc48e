"""A short extract of one notice: its head, then points of every section, verbatim.

It is an extract, no summary in other words: every line can be proved by its quote. Room is shared
out in turns, one point a section and round, so that a long first section doesn't crowd out the
rest; within a section tasks (who must act, by when) come before remarks.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answer.wording import CitedQuotes, body, cite, warnings
from assistant.contract import AnswerWarning, WarningKind
from assistant.find.ground import Quote
from assistant.operations.holdings import head_quote, name_of, title_of
from assistant.operations.told import Told
from assistant.operations.working import ground_of
from assistant.understand.weights import count_words
from corpus.facts.sentences import sentences
from corpus.notice import Clause, ClauseKind, ContextRole, Notice, Span

_WORDS = 200  # of a whole extract, the head included
_POINT_WORDS = 36  # of one point: a longer one is cut at a word
_POINTS = frozenset(
    {ClauseKind.PARAGRAPH, ClauseKind.ITEM, ClauseKind.BULLET, ClauseKind.TABLE_ROW}
)
_ABOVE = frozenset({ContextRole.ATTACHED, ContextRole.HEADING, ContextRole.OWNER})


def summarise(notice: Notice) -> Told:
    """Return the extract of ``notice``, in the notice's own order."""
    sections = _sections(notice)
    points = [clause for section in sections for clause in section]
    head = head_quote(notice)
    title = title_of(notice)
    said = f"{name_of(notice)}{f': {title}' if title else ''}"
    chosen = _chosen(sections, _WORDS - count_words(said))
    quotes = [_point(clause, notice) for clause in points if clause in chosen]
    first, *cited = _renumbered(cite(ground_of((head, *quotes))))
    left_out = len(points) - len(quotes)
    lines = [f"{said} [{first.marker}]."]
    lines += [body(cited)] if cited else []
    told = _left_out(left_out, len(points))
    lines += [told] if told else []
    whole = (first, *cited)
    warned = (AnswerWarning(WarningKind.INCOMPLETE, told),) if left_out else ()
    return Told("\n".join(lines), whole, (*warnings(whole, ()), *warned))


def _left_out(left_out: int, points: int) -> str:
    shown = points - left_out
    if not points:
        return ""
    rest = f" trên {points} điểm; còn {left_out} điểm không nêu ở đây" if left_out else " điểm"
    return f"Đây là trích yếu nguyên văn: {shown}{rest}."


def _renumbered(cited: Sequence[CitedQuotes]) -> list[CitedQuotes]:
    """Every point by itself: what stands above another is no remark on it here."""
    return [CitedQuotes(entry.marker, entry.quotes, None) for entry in cited]


def _sections(notice: Notice) -> list[list[Clause]]:
    """Return the points of a notice by the outermost heading they stand under, in order."""
    parents = {part.clause_id for clause in notice.clauses for part in clause.context}
    sections: dict[str, list[Clause]] = {}
    for clause in notice.clauses:
        # What introduces others says little without them; they say it all in its place.
        if clause.kind not in _POINTS or clause.id in parents:
            continue
        above = [part.clause_id for part in clause.context if part.role in _ABOVE]
        key = next(iter(above), clause.id if clause.kind is ClauseKind.ITEM else "")
        sections.setdefault(key, []).append(clause)
    return list(sections.values())


def _chosen(sections: Sequence[Sequence[Clause]], room: int) -> set[Clause]:
    """Take one point of each section in turn while there is room."""
    queues = [sorted(section, key=_weight) for section in sections]
    chosen: set[Clause] = set()
    for turn in range(max(map(len, queues), default=0)):
        for queue in queues:
            if turn >= len(queue):
                continue
            words = count_words(_first(queue[turn]).of(queue[turn].text))
            if words <= room:
                chosen.add(queue[turn])
                room -= words
    return chosen


def _weight(clause: Clause) -> int:
    """What is told first of a section; those alike stay in the notice's order."""
    return -(bool(clause.owners) + bool(clause.deadlines))


def _point(clause: Clause, notice: Notice) -> Quote:
    return Quote(clause, notice, _first(clause))


def _first(clause: Clause) -> Span:
    """The first sentence of a clause, cut at a word where it is long."""
    found = sentences(clause.text)
    span = found[0] if found else Span(0, len(clause.text))
    # A number alone (“1.”) is no sentence.
    if len(found) > 1 and count_words(span.of(clause.text)) == 1:
        span = Span(span.start, found[1].end)
    at = span.start
    for count, word in enumerate(span.of(clause.text).split()):
        if count == _POINT_WORDS:
            return Span(span.start, at)
        at = clause.text.index(word, at) + len(word)
    return span
