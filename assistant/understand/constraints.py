"""What a question says of its items by their data: whose they are, until when, after what.

“Bộ Y tế được giao những việc gì trong Thông báo 5”: such items share few words with the question,
so their owners and deadlines must be looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from assistant.understand.question import Question
from assistant.understand.weights import Weights, folded_words, terms, worth
from corpus.dates import Period, Unit, View, find_periods
from corpus.facts.owners import find_actors, is_given_to
from corpus.facts.references import matches_number
from corpus.notice import Clause, DeadlineKind
from corpus.text import fold

_UNITS = (Unit.DAY, Unit.MONTH, Unit.QUARTER, Unit.YEAR)
_TAKING_PART = re.compile(r"\b(?:phoi hop|tham gia|cung (?:cac|voi)|ca viec)\b")
_TOPIC = 0.25  # share of the question's weight from which on it has a topic beside the data
# The frame of such a question, folded: it says nothing of what the items are about.
_FRAME = re.compile(
    r"\b(?:(?:duoc|bi) giao|giao|nhiem vu|cong viec|viec|noi dung|yeu cau|chu tri|phoi hop"
    r"|tham gia|trach nhiem|thoi han|han chot|han|trien khai|thuc hien|hoan thanh|tap trung"
    r"|tong hop|liet ke|danh muc|van ban|thong bao|nghi quyet|phu luc|ke hoach|tat ca|den het"
    r"|den cuoi|cuoi|dau|ngay|thang|quy|nam|phai lam|lam|co)\b"
)


@dataclass(frozen=True, slots=True)
class Constraints:
    """What a question says of the clauses it wants.

    Args:
        actors: full names of those whose tasks are asked for.
        taking_part: whether tasks that they only take part in are wanted, too.
        periods: when what is asked for is due; of “năm 2025 … 31/12/2025” the exact one.
        documents: numbers of the documents that the library lacks and the clauses refer to.
    """

    actors: tuple[str, ...]
    taking_part: bool
    periods: tuple[Period, ...]
    documents: tuple[str, ...]

    @classmethod
    def of(cls, question: Question) -> Self:
        """Read it off a question."""
        return cls(
            actors=find_actors(question.restored),
            taking_part=bool(_TAKING_PART.search(fold(question.restored))),
            periods=_periods(question),
            documents=question.missing_documents,
        )

    @property
    def names_data(self) -> bool:
        """Whether an owner or a deadline is named."""
        return bool(self.actors or self.periods)

    def is_all(self, question: Question, weights: Weights) -> bool:
        """Whether the data are all that the question says: then whatever has them is wanted."""
        naming = terms(" ".join([*self.actors, *(one.text for one in question.references)]))
        left = terms(_FRAME.sub(" ; ", " ".join(folded_words(question.restored)))) - naming
        topic = worth(weights, {term for term in left if not any(c.isdigit() for c in term)})
        return self.names_data and topic < _TOPIC * sum(weights.values())

    def has_data(self, clause: Clause) -> bool:
        """Whether a clause has the owner and the deadline that the question names."""
        return clause.kind.is_content and self.given(clause) >= 0 and self.due(clause) >= 0

    def fits(self, clause: Clause) -> bool:
        """Whether it also refers to the documents that the question names."""
        return self.has_data(clause) and all(
            any(matches_number(number, one.number) for one in clause.references)
            for number in self.documents
        )

    def given(self, clause: Clause) -> int:
        """1 where one of the actors has the task, -1 where none has, 0 where none is named."""
        if not self.actors:
            return 0
        if any(is_given_to(clause.owners, actor) for actor in self.actors):
            return 1
        named = {fold(owner.canonical) for owner in clause.owners} if self.taking_part else set()
        return 1 if any(fold(actor) in named for actor in self.actors) else -1

    def due(self, clause: Clause) -> int:
        """1 where the clause is due when the question says, -1 if not, 0 where it says nothing."""
        if not self.periods:
            return 0
        return 1 if any(_is_due(clause, period) for period in self.periods) else -1


def _periods(question: Question) -> tuple[Period, ...]:
    """The periods that the question names, but for those of documents."""
    text = question.restored
    for reference in question.references:
        text = text.replace(reference.text, " ")
    found = [one for one in find_periods(View.of(text).folded) if one.last is not None]
    exact = min((_UNITS.index(one.unit) for one in found), default=0)
    return tuple(one for one in found if one.unit is _UNITS[exact])


def _is_due(clause: Clause, period: Period) -> bool:
    if period.first is None or period.last is None:
        return False
    if period.unit is Unit.DAY:  # “tháng 11/2025” ends on that day, and isn't said so
        return any(
            deadline.due == period.last and deadline.kind is DeadlineKind.DATE
            for deadline in clause.deadlines
        )
    days = [deadline.due for deadline in clause.deadlines if deadline.due is not None]
    return any(period.first <= day <= period.last for day in days)
