"""What a streamed answer is made of, in this order: evidence, deltas, citations, warnings, done."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.contract import Answer, AnswerWarning, Citation, EvidenceItem


@dataclass(frozen=True, slots=True)
class EvidenceFound:
    """The clauses found, before the LLM starts."""

    items: tuple[EvidenceItem, ...]


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of the answer's text; never half a marker."""

    text: str


@dataclass(frozen=True, slots=True)
class CitationMade:
    """A citation of the answer."""

    citation: Citation


@dataclass(frozen=True, slots=True)
class Warned:
    """Something to know before relying on the answer."""

    warning: AnswerWarning


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer; its text is what the deltas joined to."""

    answer: Answer


Event = EvidenceFound | Delta | CitationMade | Warned | Done
