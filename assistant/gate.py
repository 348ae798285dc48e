"""Refuses before the LLM is asked, where the notices do not say what the question asks.

A near-domain question that the notices don't answer is as near by cosine as one that they do
(.58–.76 against .38–.82), so the gate looks at what was asked: does the ground hold a date, a
number, an owner where one was wanted; does it know the agencies, documents and words named?
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer import RefusalReason
from assistant.focus import focus_lacks
from assistant.question import Asked, Question
from assistant.quotes import Ground
from assistant.relations import lacks_relation
from assistant.retrieval import Evidence
from corpus.references import matches_number

_CERTAIN = frozenset(
    {Asked.DEADLINE, Asked.NUMBER, Asked.DOCUMENT, Asked.PLACE, Asked.OWNER, Asked.PERSON}
)


SPLIT = 0.5
"""The confidence from which on a question is answered."""

_STEP = 1e-4  # confidences are given to four digits


@dataclass(frozen=True, slots=True)
class GateLimits:
    """Where the gate closes.

    Args:
        cosine: least cosine of the best clause for a question in the domain, -1 to 1.
        coverage: least share of the question's word weight that the ground must know, 0 to 1.
        unknown: largest share of the question's words, by weight, that the ground may lack.
    """

    cosine: float = 0.45
    coverage: float = 0.30
    unknown: float = 0.45


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate decided.

    Args:
        reason: why the question can't be answered, or None.
        confidence: how well the notices support an answer, in [0, 1]; below ``SPLIT`` where it
            is refused, at least ``SPLIT`` where it is answered.
    """

    reason: RefusalReason | None
    confidence: float


def decide(
    question: Question,
    evidence: Sequence[Evidence],
    ground: Ground | None,
    limits: GateLimits,
) -> Verdict:
    """Decide whether the question can be answered from what was found.

    Args:
        question: understood.
        evidence: what was found, best first.
        ground: what was chosen of it; None where nothing was found.
        limits: where the gate closes.
    """
    reason = _refusal(question, evidence, ground, limits)
    support = _support(evidence, ground)
    # The rules decide, so the score must not say otherwise; it orders what is on one side.
    least, most = (0.0, SPLIT - _STEP) if reason is not None else (SPLIT, 1.0)
    return Verdict(reason, round(least + (most - least) * support, 4))


def _support(evidence: Sequence[Evidence], ground: Ground | None) -> float:
    """The mean of nearness and of the share of the question's words that the ground knows."""
    if ground is None or not evidence:
        return 0.0
    nearest = max(found.cosine for found in evidence)
    return min(max((nearest + ground.coverage) / 2, 0.0), 1.0)


def _refusal(
    question: Question,
    evidence: Sequence[Evidence],
    ground: Ground | None,
    limits: GateLimits,
) -> RefusalReason | None:
    if not evidence or ground is None or not ground.quotes:
        return RefusalReason.NO_EVIDENCE
    if _is_about_missing_document(question, ground):
        return RefusalReason.OUT_OF_SCOPE
    nearest = max(found.cosine for found in evidence)
    is_signer = Asked.SIGNER in question.asked
    if not is_signer and nearest < limits.cosine and ground.unknown_share > limits.unknown / 2:
        return RefusalReason.NO_EVIDENCE
    if not is_signer and (
        ground.coverage < limits.coverage or ground.unknown_share > limits.unknown
    ):
        return RefusalReason.NOT_SUPPORTED
    return RefusalReason.NOT_SUPPORTED if _lacks_what_is_asked(question, ground) else None


def _lacks_what_is_asked(question: Question, ground: Ground) -> bool:
    return bool(
        ground.strangers
        or ground.topic_unknown
        or ground.missing & _CERTAIN
        or lacks_relation(question, ground.quotes)
        or any(focus_lacks(question, ground.quotes).values())
    )


def _is_about_missing_document(question: Question, ground: Ground) -> bool:
    """Whether the question is about a document that neither the library nor the ground has."""
    if question.notice_ids:
        return False
    named = [r for r in question.missing if "/" in r.number or "-" in r.number]
    told = [r for quote in ground.quotes for r in quote.clause.references]
    return any(not any(matches_number(r.number, t.number) for t in told) for r in named)
