"""What a caller asks of the service, and what comes back besides the assistant's own events."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.contract import CitedClause, CitedNotice, EvidenceItem
from assistant.events import CitationMade, Delta, Done, LeadBegun, LeadMade, Warned
from assistant.understand.question import Turn
from corpus.errors import CongvuError


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question as it comes in.

    Args:
        question: as typed.
        history: earlier turns, oldest first; not used when ``conversation`` is given.
        notices: the only notices to look in, by id, number or file name; none means all.
        conversation: id of the stored conversation that it goes on, or None for a new one.
        keep: whether question and answer are stored, so that they can be reopened.
    """

    question: str
    history: tuple[Turn, ...] = ()
    notices: tuple[str, ...] = ()
    conversation: str | None = None
    keep: bool = True


@dataclass(frozen=True, slots=True)
class FoundClause:
    """A clause of the evidence, with what is needed to show it."""

    item: EvidenceItem
    notice: CitedNotice
    clause: CitedClause


@dataclass(frozen=True, slots=True)
class ClausesFound:
    """The evidence."""

    clauses: tuple[FoundClause, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the answer is stored.

    Args:
        conversation_id: of the conversation, None where nothing is stored.
        exchange_id: of question and answer in it; feedback names it.
        cached: whether the answer was given before.
    """

    conversation_id: str | None
    exchange_id: str | None
    cached: bool


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether questions can be answered.

    Args:
        ready: models are open and the snapshot was checked.
        snapshot: its id, None where there is none.
        problem: why not, None when ready.
    """

    ready: bool
    snapshot: str | None
    problem: CongvuError | None


Served = ClausesFound | Delta | CitationMade | LeadBegun | LeadMade | Warned | Kept | Done
"""In this order; ``Kept`` comes right before ``Done``, which is the last."""
