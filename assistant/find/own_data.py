"""Answers for a document's own data: who signed it, when it is in force, what it replaces.

The words of such a question are those of the document's name, which stand in every clause of it
or in none, so retrieval can't rank what answers. The sheet knows the clause.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Self

from assistant.find.retriever import Evidence
from assistant.understand.question import Question
from assistant.understand.wanted import SURE, Wanted
from assistant.understand.weights import Weights, terms, worth
from corpus.facts.references import matches_number
from corpus.notice import Clause, Notice
from corpus.parse.sheet import RELATIONS, Datum, DatumKind, Sheet, read_sheet
from index.snapshot import Snapshot

_ALSO = {
    DatumKind.SIGNER: (DatumKind.SIGNER, DatumKind.OFFICE),
    DatumKind.REPLACES: (DatumKind.REPLACES, DatumKind.REPEALS),
}
_MOST = 2  # clauses for one datum
_NAMED = 0.3  # share of the question's weight that the title of the document meant must hold
_CLEARER = 1.25  # how many times more than the next one's
_TWO = 2  # documents that a question may compare


class OwnData:
    """Finds the clauses that say what a question wants of a document itself.

    Args:
        sheets: by notice id.
        notices: by id.
        clauses: by id.
        wanted: tells what is wanted.
    """

    def __init__(
        self,
        sheets: Mapping[str, Sheet],
        notices: Mapping[str, Notice],
        clauses: Mapping[str, Clause],
        wanted: Wanted,
    ) -> None:
        self._sheets = sheets
        self._notices = notices
        self._clauses = clauses
        self._wanted = wanted

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self:
        """Read the sheets of a snapshot's notices."""
        sheets = {notice.id: read_sheet(notice) for notice in snapshot.notices.values()}
        return cls(sheets, snapshot.notices, snapshot.clauses, Wanted.load())

    def told(
        self,
        question: Question,
        weights: Weights,
        evidence: Sequence[Evidence],
        only: Sequence[str] = (),
    ) -> tuple[tuple[Clause, ...], float]:
        """Return the clauses that say it all, and how sure it is that it is wanted.

        No clause is returned where nothing is surely wanted, the document isn't known, or its
        sheet lacks one of the data.

        Args:
            question: understood.
            weights: of its words.
            evidence: what was retrieved; it orders several clauses for one datum.
            only: ids of the only notices to look in; none means all.
        """
        chances = self._wanted.of(question.text)
        kinds = [kind for kind, chance in chances.items() if chance >= SURE]
        if not kinds:
            return (), 0.0
        rank = {found.clause.id: place for place, found in enumerate(evidence)}
        chosen: dict[str, None] = {}
        for kind in kinds:
            data = self._data(question, weights, kind, only)
            ids = list(dict.fromkeys(datum.clause_id for datum in data))
            if kind is DatumKind.BASIS:  # every document has many: retrieval must know which
                ids = [one for one in ids if one in rank]
            if not ids:
                return (), 0.0
            ids.sort(key=lambda one: rank.get(one, len(rank)))
            chosen |= dict.fromkeys(ids[:_MOST])
        sure = min(chances[kind] for kind in kinds)
        return tuple(self._clauses[one] for one in chosen), sure

    def _data(
        self, question: Question, weights: Weights, kind: DatumKind, only: Sequence[str]
    ) -> Iterator[Datum]:
        kinds = _ALSO.get(kind, (kind,))
        if question.missing_documents:
            # “Văn bản nào thay thế 105/2025?”: the other document, not one that is missing.
            for sheet in self._sheets.values() if kind in RELATIONS else ():
                if only and sheet.notice_id not in only:
                    continue
                yield from (one for one in sheet.of(*kinds) if _relates(one, question))
            return
        for notice_id in self._meant(question, weights, only):
            yield from self._sheets[notice_id].of(*kinds)

    def _meant(self, question: Question, weights: Weights, only: Sequence[str]) -> Sequence[str]:
        """The documents that the question is about: named, the only one, or told by the title."""
        if question.notice_ids:
            return question.notice_ids if len(question.notice_ids) <= _TWO else ()
        held = {
            notice.id: worth(weights, terms(f"{notice.short_name} {notice.header.title}"))
            for notice in self._notices.values()
            if not only or notice.id in only
        }
        first, *others = sorted(held, key=lambda one: -held[one])
        if not others:
            return (first,)
        clear = held[first] >= _CLEARER * held[others[0]]
        return (first,) if clear and held[first] >= _NAMED * sum(weights.values()) else ()


def _relates(datum: Datum, question: Question) -> bool:
    reference = datum.reference
    return reference is not None and any(
        matches_number(number, reference.number) for number in question.missing_documents
    )
