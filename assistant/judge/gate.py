"""Refuses before the LLM is asked, where the notices do not say what the question asks.

A near-domain question that the notices don't answer is as near by cosine as one that they do
(.58–.76 against .38–.82), so the gate weighs what was asked: does the ground hold a date, a
number, an owner where one was wanted; does it know the agencies and words named? The weights
are learned from questions with and without an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.contract import RefusalReason
from assistant.find.ground import Ground
from assistant.find.retriever import Evidence
from assistant.judge.bounds import Difference, find_differences, is_mistaken
from assistant.judge.gate_features import features, is_about_missing_document
from assistant.judge.logistic import Answering, Features
from assistant.understand.question import Asked, Question
from corpus.notice import ClauseKind


@dataclass(frozen=True, slots=True)
class GateDecision:
    """What the gate decided.

    Args:
        reason: why the question can't be answered, or None.
        confidence: the probability that what was found answers it, in [0, 1].
        differences: what the question bounds otherwise than what was found: the reason for the
            refusal, or what the answer puts right.
    """

    reason: RefusalReason | None
    confidence: float
    differences: tuple[Difference, ...] = ()


class Gate:
    """Decides whether a question can be answered from what was found.

    Args:
        answering: weighs the features of ``assistant.judge.gate_features``.
    """

    def __init__(self, answering: Answering) -> None:
        self._answering = answering

    def decide(
        self,
        question: Question,
        evidence: Sequence[Evidence],
        ground: Ground | None,
    ) -> GateDecision:
        """Decide.

        Args:
            question: understood.
            evidence: what was found, best first.
            ground: what was chosen of it; None where nothing was found.
        """
        if not evidence or ground is None or not ground.quotes:
            return GateDecision(RefusalReason.NO_EVIDENCE, 0.0)
        if is_about_missing_document(question, ground.quotes):
            return GateDecision(RefusalReason.OUT_OF_SCOPE, 0.0)
        differences = find_differences(question, ground.quotes)
        if not is_mistaken(question, differences):
            return GateDecision(RefusalReason.NOT_SUPPORTED, 0.0, differences)
        if Asked.SIGNER in question.asked:
            # A signature says nothing of what a notice is about: it is there or not.
            signed = any(q.clause.kind is ClauseKind.SIGNATURE for q in ground.quotes)
            return (
                GateDecision(None, 1.0)
                if signed
                else GateDecision(RefusalReason.NOT_SUPPORTED, 0.0)
            )
        signs = features(question, evidence, ground)
        confidence = round(self._answering.probability(signs), 4)
        if confidence >= self._answering.least:
            return GateDecision(None, confidence, differences)
        reason = RefusalReason.NO_EVIDENCE if self._is_far(signs) else RefusalReason.NOT_SUPPORTED
        return GateDecision(reason, confidence, differences)

    def _is_far(self, signs: Features) -> bool:
        """Whether nothing is near; where cosines tell nothing, whether no word is known."""
        far = self._answering.far
        return signs["coverage"] == 0.0 if far is None else signs["nearest"] < far
