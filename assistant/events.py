"""What a streamed answer is made of.

In this order: evidence, deltas, citations, the lead, warnings, done.

The quotes stand on their own and are there after a fraction of a second; the LLM takes seconds for
the sentence above them. So they are shown at once and it comes later, as an event of its own.
Nothing that was shown is ever taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.contract import Answer, AnswerWarning, Citation, EvidenceItem, LeadSentence

if TYPE_CHECKING:
    from assistant.find.ground import Ground


@dataclass(frozen=True, slots=True)
class EvidenceFound:
    """The clauses found."""

    items: tuple[EvidenceItem, ...]


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of the text that needs no LLM; never half a marker."""

    text: str


@dataclass(frozen=True, slots=True)
class CitationMade:
    """A citation of the answer."""

    citation: Citation


@dataclass(frozen=True, slots=True)
class LeadBegun:
    """All quotes are there, and the LLM is phrasing what belongs above them; it may fail to."""


@dataclass(frozen=True, slots=True)
class LeadMade:
    """The next sentence that belongs above the text of the deltas, verified."""

    sentence: LeadSentence


@dataclass(frozen=True, slots=True)
class Warned:
    """Something to know before relying on the answer."""

    warning: AnswerWarning


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer; its text is the leads, and below them what the deltas joined to.

    Args:
        answer: what callers get.
        ground: what was chosen to be quoted, of a refusal too; None where there was nothing to
            choose from, or the answer was kept from an earlier time.
    """

    answer: Answer
    ground: Ground | None = None


Event = EvidenceFound | Delta | CitationMade | LeadBegun | LeadMade | Warned | Done
