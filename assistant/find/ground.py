"""What a ground is made of: verbatim pieces of clauses."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.understand.question import Asked
from corpus.notice import Clause, Notice, Span


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim piece of a clause.

    Args:
        clause: the clause.
        notice: its notice.
        span: place in ``clause.text``.
    """

    clause: Clause
    notice: Notice
    span: Span

    @classmethod
    def whole(cls, clause: Clause, notice: Notice) -> Quote:
        """Quote all of a clause."""
        return cls(clause, notice, Span(0, len(clause.text)))

    @property
    def text(self) -> str:
        """The words, as they stand."""
        return self.span.of(self.clause.text)


@dataclass(frozen=True, slots=True)
class Ground:
    """What an answer may say.

    Args:
        quotes: in the order they are shown; those of one clause follow each other.
        coverage: share of the question's word weight found in the quotes and their context,
            in [0, 1].
        missing: kinds of answer that were asked for and are not there.
        unknown: words of the question that occur in no quote or context.
        unknown_share: their share of the weight of the question's single words, in [0, 1].
        topic_unknown: whether what is asked about (“Lương của … là bao nhiêu”) is among them.
        strangers: agencies that the question names and neither quotes nor context do.
        disputed: clauses that give the same task another owner or deadline.
        relevance: the highest of the quoted clauses, in [0, 1].
        left_out: items of a list that fit as well and are not quoted: there are too many.
    """

    quotes: tuple[Quote, ...]
    coverage: float
    missing: frozenset[Asked]
    unknown: tuple[str, ...]
    unknown_share: float
    topic_unknown: bool
    strangers: tuple[str, ...]
    disputed: tuple[str, ...] = ()
    relevance: float = 0.0
    left_out: int = 0
