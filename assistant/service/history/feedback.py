"""What people thought of an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique


@unique
class Rating(StrEnum):
    """Thumb up or down."""

    UP = "up"
    DOWN = "down"


@unique
class Reason(StrEnum):
    """Why; a code, so that complaints can be counted."""

    CORRECT = "correct"
    WRONG_ANSWER = "wrong_answer"
    WRONG_FIGURE = "wrong_figure"
    WRONG_CITATION = "wrong_citation"
    INCOMPLETE = "incomplete"
    TOO_LONG = "too_long"
    WRONGLY_REFUSED = "wrongly_refused"
    WRONGLY_ANSWERED = "wrongly_answered"
    OTHER = "other"

    @property
    def vietnamese(self) -> str:
        """The words shown to people."""
        return {
            Reason.CORRECT: "Đúng và đủ",
            Reason.WRONG_ANSWER: "Trả lời sai",
            Reason.WRONG_FIGURE: "Sai số liệu",
            Reason.WRONG_CITATION: "Dẫn sai điều khoản",
            Reason.INCOMPLETE: "Thiếu ý",
            Reason.TOO_LONG: "Dài dòng",
            Reason.WRONGLY_REFUSED: "Văn bản có nói mà không trả lời",
            Reason.WRONGLY_ANSWERED: "Lẽ ra phải từ chối",
            Reason.OTHER: "Lý do khác",
        }[self]


@dataclass(frozen=True, slots=True)
class Feedback:
    """One person's verdict on one exchange.

    Args:
        exchange_id: the exchange.
        question: what had been asked.
        verdict: up or down.
        reason: why, where it was said.
        comment: in the person's own words, ``""`` for none.
        given_at: in UTC.
    """

    exchange_id: str
    question: str
    verdict: Rating
    reason: Reason | None
    comment: str
    given_at: datetime
