"""Whether what a caller heard is the answer to its own question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from eval.load.client import Heard


class Outcome(StrEnum):
    """What became of a request."""

    OWN = "own"  # what the question gets when it is asked alone
    CHANGED = "changed"  # an answer to its question, but another one than alone
    MIXED = "mixed"  # another's answer, or a part of one
    LOST = "lost"  # no answer


@dataclass(frozen=True, slots=True)
class Print:
    """What tells an answer from others.

    Args:
        text: of the answer.
        citations: ids of the clauses cited, in order.
        evidence: ids of the clauses found, in order.
    """

    text: str
    citations: tuple[str, ...]
    evidence: tuple[str, ...]

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Self:
        """Take it from the object of the contract."""
        return cls(
            answer["answer"],
            tuple(str(one["clause"]["id"]) for one in answer["citations"]),
            tuple(str(one["clause_id"]) for one in answer["evidence"]),
        )


def judge(question: str, heard: Heard, alone: Print, others: frozenset[Print]) -> Outcome:
    """Compare what was heard with the answer of the same question asked alone.

    Args:
        question: as asked.
        heard: what came.
        alone: the answer alone.
        others: the answers alone of other questions.
    """
    if heard.answer is None or heard.problem:
        return Outcome.LOST
    got = Print.of(heard.answer)
    streamed = Print(heard.whole, tuple(heard.citations), tuple(heard.evidence))
    if str(heard.answer["question"]).strip() != question.strip() or streamed != got:
        return Outcome.MIXED
    if got == alone:
        return Outcome.OWN
    foreign = set(got.citations) - {*alone.citations, *alone.evidence}
    return Outcome.MIXED if foreign or got in others else Outcome.CHANGED
