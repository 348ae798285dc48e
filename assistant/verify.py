"""Checks a claim against the clauses it cites: figures, dates, documents, agencies, words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from corpus.agencies import find_agencies
from corpus.notice import Clause
from corpus.terms import spell_out
from corpus.text import fold, normalise

_RANGE = re.compile(r"(\d+(?:[.,]\d+)?)(?:-| đến )(\d+(?:[.,]\d+)?)")
_MARKERS = re.compile(r"\s*\[\d+(?:,\s*\d+)*\]")
_TOKEN = re.compile(r"\d+(?:[.,/-]\d+)*%?|[^\W\d_]+")
_INTERROGATIVE = re.compile(
    r"bao nhieu|bao gio|bao lau|khi nao|\bnao\b|\bgi\b|\bmay\b(?! (?:bay|moc|tinh|chu))|\?"
)
# Words that join what a clause says without saying anything.
_JOINING = frozenset(
    ["la", "cua", "co", "da", "duoc", "se", "va", "voi", "trong", "cho", "den", "tu", "ve", "theo", "do", "o", "tai", "mot", "cac", "nhung", "nay", "phai", "can", "gom", "thuoc", "vao", "khoang", "hon", "it", "nhat", "toi", "thieu", "la", "dat", "bi", "cung", "tren", "duoi"]
)
_OWN_PAIRS = 0.5  # share of a claim's pairs of words that may be the model's own joining


@dataclass(frozen=True, slots=True)
class Check:
    """What of a claim its clauses do not say; nothing where it holds.

    Args:
        figures: numbers, dates and document numbers that are not there, or stand there beside
            other words.
        agencies: agency names, in full form.
        words: words that neither clause nor question has.
        pairs: share of the pairs of neighbouring words that neither has, in [0, 1].
        is_question: whether it only asks again.
    """

    figures: tuple[str, ...]
    agencies: tuple[str, ...]
    words: tuple[str, ...]
    pairs: float
    is_question: bool

    @property
    def holds(self) -> bool:
        """Whether the claim may be shown."""
        wrong = self.figures or self.agencies or self.words or self.is_question
        return not wrong and self.pairs <= _OWN_PAIRS


def check(claim: str, clauses: tuple[Clause, ...], question: str) -> Check:
    """Compare a claim with the clauses it cites and their inherited context.

    Every number, date, document number and agency name of the claim must occur there, a number
    beside the same word before or after it; its other words must be the clauses' or the
    question's own, but for joining words.

    Args:
        claim: one sentence, with or without its marker.
        clauses: what it cites.
        question: as restored; its words prove nothing but are no invention either.
    """
    said = " ".join(f"{c.text} {c.context_text}" for c in clauses)
    bare = _MARKERS.sub("", normalise(claim))
    told_names = fold(spell_out(said))
    claimed, told, asked = _words(bare), _words(said), _words(question)
    known_words = set(told) | set(asked) | _JOINING
    known_pairs = set(pairwise(told)) | set(pairwise(asked))
    pairs = [p for p in pairwise(claimed) if not (p[0] in _JOINING or p[1] in _JOINING)]
    return Check(
        figures=tuple(_unfounded_figures(bare, said)),
        agencies=tuple(
            agency.canonical
            for agency in find_agencies(bare)
            if fold(agency.canonical) not in told_names
        ),
        words=tuple(w for w in claimed if w not in known_words and not w[0].isdigit()),
        pairs=sum(p not in known_pairs for p in pairs) / len(pairs) if pairs else 0.0,
        is_question=bool(_INTERROGATIVE.search(fold(bare))),
    )


def adds(claim: str, question: str) -> bool:
    """Whether a claim says anything that the question didn't."""
    return bool(set(_words(_MARKERS.sub("", claim))) - set(_words(question)) - _JOINING)


def _unfounded_figures(claim: str, said: str) -> list[str]:
    claimed, told = _tokens(claim), _tokens(said)
    beside = set(pairwise(["", *told, ""]))
    present = set(told)
    wrong: list[str] = []
    for before, figure, after in zip(["", *claimed], claimed, [*claimed[1:], ""], strict=False):
        if not figure[0].isdigit():
            continue
        if figure not in present or not {(before, figure), (figure, after)} & beside:
            wrong.append(figure)
    flat, flat_claim = _flat(said), set(claimed)
    for low, high in _RANGE.findall(flat):  # half a range is another statement
        if len({low, high} & flat_claim) == 1:
            wrong.append(f"{low}-{high}")
    return wrong


def _tokens(text: str) -> list[str]:
    """Folded words and figures; a figure keeps its sign."""
    return [_plain(fold(token)) for token in _TOKEN.findall(_flat(text))]


def _flat(text: str) -> str:
    return re.sub(r"(?<=\d)\s*[–-]\s*(?=\d)", "-", normalise(text))


def _words(text: str) -> list[str]:
    """Folded words with abbreviations spelled out, and figures."""
    return _tokens(spell_out(text))


def _plain(figure: str) -> str:
    return re.sub(r"(?<![\d.,])0+(?=\d)", "", figure)


def figures(text: str) -> list[str]:
    """Return the numbers and dates of ``text`` in one form: no leading zeros, plain hyphens."""
    return [token for token in _tokens(text) if token[0].isdigit()]
