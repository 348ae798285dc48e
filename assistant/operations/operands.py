"""Finds the quantity of each part that a question names, or says that it can't be sure.

A sum of the wrong operands is worse than none. So a part has its operand only where one statement
knows its words clearly better than every other, each part has another, all stand in one notice
and measure the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.find.retriever import Evidence
from assistant.operations.asked import Measure, content
from corpus.facts.quantities import Quantity, find_quantities
from corpus.facts.sentences import sentences
from corpus.notice import Clause, Notice, Span
from corpus.text import fold
from index.vocabulary import Vocabulary

_KNOWN = 0.7  # share of a part's word weight that its statement must know
_AHEAD = 0.15  # by how much of it the statement must be ahead of any other
_LONGEST = 4000  # characters of a clause in which quantities are looked for


@dataclass(frozen=True, slots=True)
class Statement:
    """A stretch of a clause that tells one quantity of what is asked for.

    Args:
        clause: it stands in.
        notice: the clause's.
        span: of the stretch in the clause's text.
        quantity: that it tells; its span is in the stretch.
    """

    clause: Clause
    notice: Notice
    span: Span
    quantity: Quantity

    @property
    def at(self) -> Span:
        """Place of the quantity in the clause's text."""
        start = self.span.start + self.quantity.span.start
        return Span(start, self.span.start + self.quantity.span.end)


def statements(evidence: Sequence[Evidence], measure: Measure) -> list[Statement]:
    """Return the statements of ``evidence`` that tell exactly one quantity of the measure."""
    return [
        Statement(found.clause, found.notice, span, quantity)
        for found in evidence
        for span, quantity in _told(found.clause.text[:_LONGEST], measure)
    ]


def _told(text: str, measure: Measure) -> Iterator[tuple[Span, Quantity]]:
    for sentence in sentences(text):
        for span in (sentence, *_pieces(text, sentence)):
            fitting = [q for q in find_quantities(span.of(text)) if measure.fits(q)]
            if len(fitting) == 1:
                yield span, fitting[0]
                if span == sentence:
                    break


def _pieces(text: str, sentence: Span) -> list[Span]:
    """Cut a sentence at commas and semicolons that stand before a blank."""
    cuts = [i for i in range(sentence.start, sentence.end - 1) if text[i : i + 2] in (", ", "; ")]
    edges = [sentence.start, *(cut + 1 for cut in cuts), sentence.end]
    return [Span(a, b) for a, b in pairwise(edges)]


def operands(
    parts: Sequence[frozenset[str]], found: Sequence[Statement], vocabulary: Vocabulary
) -> list[Statement | None]:
    """Return for each part the statement that tells its quantity, or None where that's unsure.

    Args:
        parts: the words of each, as the question names them.
        found: statements to choose from.
        vocabulary: tells how rare a word is.
    """
    shared = frozenset.intersection(*parts) if len(parts) > 1 else frozenset()
    chosen = [_choose(own - shared, found, vocabulary) for own in parts]
    taken = [(one.clause.id, one.at) for one in chosen if one is not None]
    return [
        one if one is not None and taken.count((one.clause.id, one.at)) == 1 else None
        for one in chosen
    ]


def _choose(
    own: frozenset[str], found: Sequence[Statement], vocabulary: Vocabulary
) -> Statement | None:
    total = sum(vocabulary.rarity(fold(word)) for word in own)
    if not total:
        return None
    ranked = sorted(
        ((_share(own, one, vocabulary) / total, n) for n, one in enumerate(found)), reverse=True
    )
    if not ranked or ranked[0][0] < _KNOWN:
        return None
    best = found[ranked[0][1]]
    rivals = [share for share, n in ranked[1:] if (found[n].clause.id, found[n].at) != _place(best)]
    return best if not rivals or ranked[0][0] - rivals[0] >= _AHEAD else None


def _place(one: Statement) -> tuple[str, Span]:
    return one.clause.id, one.at


def _share(own: frozenset[str], one: Statement, vocabulary: Vocabulary) -> float:
    text = f"{one.span.of(one.clause.text)} {one.clause.context_text}"
    said = content(text)
    return sum(vocabulary.rarity(fold(word)) for word in own & said)
