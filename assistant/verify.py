"""Checks a claim against the clauses it cites: figures, dates, documents, agencies, words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from corpus.agencies import find_agencies
from corpus.notice import Clause
from corpus.terms import spell_out
from corpus.text import fold, normalise

_FIGURE = re.compile(r"\d+(?:[.,/–-]\d+)*")
_MARKERS = re.compile(r"\s*\[\d+(?:,\s*\d+)*\]")
_SYLLABLE = re.compile(r"[^\W\d_]+")
_OWN_WORDS = 0.25  # share of a claim's words that may be joining words of the model's own


@dataclass(frozen=True, slots=True)
class Check:
    """What of a claim its clauses do not say; nothing where it holds.

    Args:
        figures: numbers, dates and document numbers.
        agencies: agency names, in full form.
        words: share of the other words that neither clause nor question has, in [0, 1].
    """

    figures: tuple[str, ...]
    agencies: tuple[str, ...]
    words: float

    @property
    def holds(self) -> bool:
        """Whether the claim may be shown."""
        return not self.figures and not self.agencies and self.words <= _OWN_WORDS


def check(claim: str, clauses: tuple[Clause, ...], question: str) -> Check:
    """Compare a claim with the clauses it cites and their inherited context.

    Every number, date, document number and agency name of the claim must occur there; of its
    other words, most must, or be the question's own.

    Args:
        claim: one sentence, with or without its marker.
        clauses: what it cites.
        question: as restored; its words prove nothing but are no invention either.
    """
    said = " ".join(f"{c.text} {c.context_text}" for c in clauses)
    bare = _MARKERS.sub("", normalise(claim))
    told_figures = set(figures(said))
    told_names = fold(spell_out(said))
    words = _pairs(bare)
    known = _pairs(said) | _pairs(question)
    return Check(
        figures=tuple(f for f in figures(bare) if f not in told_figures),
        agencies=tuple(
            agency.canonical
            for agency in find_agencies(bare)
            if fold(agency.canonical) not in told_names
        ),
        words=len(words - known) / len(words) if words else 0.0,
    )


def figures(text: str) -> list[str]:
    """Return the numbers and dates of ``text`` in one form: no leading zeros, plain hyphens."""
    flat = normalise(text).replace("–", "-").replace(" - ", "-")
    return [re.sub(r"(?<![\d.,])0+(?=\d)", "", found) for found in _FIGURE.findall(flat)]


def _pairs(text: str) -> set[str]:
    """Folded pairs of neighbouring words, abbreviations spelled out: single words prove little."""
    words = [fold(word) for word in _SYLLABLE.findall(spell_out(text))]
    return {f"{a} {b}" for a, b in pairwise(words)}
