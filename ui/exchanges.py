"""Questions with their answers as pages and exports show them, fresh or out of the history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.contract import (
    Answer,
    AnswerWarning,
    Citation,
    CitedClause,
    CitedNotice,
    EvidenceItem,
    LeadSentence,
    RefusalReason,
    Timings,
    Versions,
    WarningKind,
)
from assistant.service.history.reopened import Reopened
from assistant.service.inquiries import FoundClause

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    _T = TypeVar("_T", bound=DataclassInstance)


@dataclass(frozen=True, slots=True)
class Shown:
    """One question and its answer.

    Args:
        id: of the stored exchange, ``""`` where nothing is stored.
        question: as asked.
        answer: as it was given.
        asked_at: with a time zone.
        changed: how citations stand that are not as they were, by marker.
        seen: the evidence, as long as the answer is fresh.
    """

    id: str
    question: str
    answer: Answer
    asked_at: datetime
    changed: Mapping[int, Reopened]
    seen: tuple[FoundClause, ...] = ()

    def citation(self, marker: int) -> Citation | None:
        """Return the citation with a marker, or None."""
        found = (one for one in self.answer.citations if one.marker == marker)
        return next(found, None)


def read_answer(stored: Mapping[str, Any]) -> Answer:
    """Return the answer that ``Answer.to_dict`` wrote and JSON brought back.

    Fields may have been added since by a newer congvu; they are passed over. Those that an older
    one did not have are as if there was nothing.

    Raises:
        KeyError: a field that the contract always had is missing.
    """
    reason = stored["refusal_reason"]
    return Answer(
        question=stored["question"],
        answer=stored["answer"],
        refused=stored["refused"],
        refusal_reason=RefusalReason(reason) if reason else None,
        citations=tuple(_citation(one) for one in stored["citations"]),
        evidence=tuple(_taken(EvidenceItem, one) for one in stored["evidence"]),
        versions=_taken(Versions, stored["versions"]),
        warnings=tuple(
            AnswerWarning(
                WarningKind(one["kind"]),
                one["text"],
                tuple(one["clauses"]),
                tuple(one.get("by", ())),  # kept answers of before have none
            )
            for one in stored["warnings"]
        ),
        timings_ms=_taken(Timings, stored["timings_ms"]),
        lead=tuple(
            LeadSentence(one["text"], tuple(one["markers"])) for one in stored.get("lead", ())
        ),
    )


def _citation(stored: Mapping[str, Any]) -> Citation:
    clause = stored["clause"]
    first, last = clause["lines"]
    return Citation(
        marker=stored["marker"],
        notice=_taken(CitedNotice, stored["notice"]),
        clause=CitedClause(
            id=clause["id"],
            label=clause["label"],
            text=clause["text"],
            context=clause["context"],
            lines=(first, last),
            spans_lines=tuple((start, end) for start, end in clause["spans_lines"]),
            unsure=tuple(clause.get("unsure", ())),
            page=clause.get("page"),
        ),
        quote=stored["quote"],
        verified=stored["verified"],
    )


def _taken(kind: type[_T], stored: Mapping[str, Any]) -> _T:
    """Make a flat dataclass of the fields that are stored, which are all without a default."""
    known = (one for one in fields(kind) if one.default is MISSING or one.name in stored)
    return kind(**{one.name: stored[one.name] for one in known})
