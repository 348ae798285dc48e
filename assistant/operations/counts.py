"""How many tasks a notice gives an agency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.contract import Working
from assistant.find.ground import Quote
from assistant.operations.arithmetic import Unsure
from assistant.operations.asked import beyond, words
from assistant.operations.told import Told
from assistant.operations.working import Term, cited_terms, computation, marked, told
from assistant.understand.question import Question
from corpus.facts.agencies import find_agencies
from corpus.notice import Clause, Notice, OwnerRole
from corpus.text import normalise

_MOST = 40  # tasks that are shown one by one


def count_tasks(
    asked: Question, notices: Mapping[str, Notice], scope: Sequence[str]
) -> Told | Unsure | None:
    """Count the clauses of a notice that an agency leads, and show each.

    Args:
        asked: the question.
        notices: the library, by id.
        scope: ids of the notices that it is about.

    Returns:
        None where it counts something else, or what the agency isn't given; the reason where
        they can't be counted.
    """
    said = normalise(asked.restored).lower()
    agencies = list(dict.fromkeys(a.canonical for a in find_agencies(asked.restored)))
    if (
        not words().tasks.search(said)
        or len(agencies) != 1
        or beyond(asked.restored, words().tasks)
    ):
        return None
    if len(scope) != 1:
        return Unsure("chưa rõ hỏi văn bản nào")
    notice = notices[scope[0]]
    led = _given(notice, agencies[0], OwnerRole.LEAD)
    helped = [c for c in _given(notice, agencies[0], OwnerRole.PARTICIPATE) if c not in led]
    if not led or len(led) + len(helped) > _MOST:
        return None if not led else Unsure(f"có tới {len(led) + len(helped)} nhiệm vụ")
    terms = [Term("", Quote.whole(clause, notice), None, None) for clause in [*led, *helped]]
    cited, markers = cited_terms(terms)
    own, others = markers[: len(led)], markers[len(led) :]
    shown = f"{len(led)} nhiệm vụ"
    line = f"{agencies[0]} được giao {shown} {marked(own)}"
    computed = [computation(Working.COUNT, terms[: len(led)], own, "nhiệm vụ", shown)]
    if helped:
        more = f"{len(helped)} nhiệm vụ khác"
        line += f", phối hợp trong {more} {marked(others)}"
        computed.append(
            computation(Working.COUNT, terms[len(led) :], others, "nhiệm vụ khác", more)
        )
    return told(f"{line}.", cited, *computed)


def _given(notice: Notice, agency: str, role: OwnerRole) -> list[Clause]:
    """The clauses that give an agency something to do, those with clauses of their own left out."""
    parents = {part.clause_id for clause in notice.clauses for part in clause.context}
    return [
        clause
        for clause in notice.clauses
        if clause.kind.is_content
        and clause.id not in parents
        and any(owner.canonical == agency and owner.role is role for owner in clause.owners)
    ]
