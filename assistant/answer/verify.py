"""Checks a claim against the clauses it cites: figures, dates, documents, agencies, words.

Of 20 sentences that the default LLM wrote about the sample and the real notices, and whose
figures and agencies all stood in the cited clause, 9 misled: a bound was dropped (“quá 5%” became
“5%”), the question was echoed as if it were the answer (“đã mở cho dân dùng chưa”), words were
put in another order. So a claim holds only if it is an extract: the clause's own words, in the
clause's order, with its bounds and negations.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from assistant.answer.quotation import without_markers
from assistant.understand.figures import joined_ranges, tokens
from corpus.facts.agencies import find_agencies
from corpus.facts.sentences import sentences
from corpus.facts.terms import spell_out
from corpus.notice import Clause
from corpus.text import fold, normalise, plain_number

_RANGE = re.compile(r"(?<!\d)(\d+(?:[.,]\d+)?%?)(?:-| đến )(\d+(?:[.,]\d+)?%?)")
_PARTS = re.compile(r"[,;:]\s")
NOTE_MARKS = re.compile(r"[⁰¹²³⁴-⁹]+|\[\d{1,3}\]")  # “8,9%⁶”: a footnote's, not the figure's
# A word with what is written into it: “theodoing.dcs.vn” is one, and no three.
_WHOLE_WORD = re.compile(r"[^\W\d_]+(?:[.@/-][^\W\d_]+)*")
_INTERROGATIVE = re.compile(
    r"bao nhiêu|bao giờ|bao lâu|khi nào|\bnào\b|\bgì\b|\bmấy\b|\?"
    r"|\bđã\b[^,.;]{0,300}\bchưa\s{0,9}(?:$|[,.;])"
    r"|\bcó\b[^,.;]{0,300}\bkhông\s{0,9}(?:$|[,.;])|hay (?:không|chưa)"
)
# Words that join what a clause says without saying anything.
_JOINING_WORDS = """
là của có được và với trong cho đến từ về theo do ở tại một các những này gồm thuộc vào đạt cũng
bằng số
"""
_JOINING = frozenset(_JOINING_WORDS.split())
_JOINING_FOLDED = frozenset(map(fold, _JOINING))
# Words that turn a statement into another when they are left out.
_GUARDED = frozenset(
    ("không", "chưa", "trừ", "quá", "dưới", "hơn", "gần", "khoảng", "thiểu", "đa", "nhất", "chỉ")
)
# Folded: what stands before a figure and bounds it.
_BOUNDS = frozenset(("qua", "duoi", "tren", "hon", "gan", "khoang", "thieu", "da", "nhat"))
_SAME_PART = 0.5  # share of the words of a part of a sentence that a claim taken from it uses
_IN_ORDER = 0.9  # share of a claim's words that must stand in the clause's order


@dataclass(frozen=True, slots=True)
class Check:
    """What of a claim its clauses do not say; nothing where it holds.

    Args:
        figures: numbers, dates and document numbers that are not there, or stand there beside
            other words or under a bound that the claim leaves out.
        agencies: agency names, in full form.
        words: words that the clauses don't have.
        dropped: bounds and negations of the sentence it is taken from that it leaves out.
        order: share of its words that stand in the clauses' order, in [0, 1].
        is_question: whether it only asks again.
    """

    figures: tuple[str, ...]
    agencies: tuple[str, ...]
    words: tuple[str, ...]
    dropped: tuple[str, ...]
    order: float
    is_question: bool

    @property
    def holds(self) -> bool:
        """Whether the claim may be shown."""
        wrong = self.figures or self.agencies or self.words or self.dropped or self.is_question
        return not wrong and self.order >= _IN_ORDER


def check(claim: str, clauses: Sequence[Clause]) -> Check:
    """Compare a claim with the clauses it cites and their inherited context.

    Every number, date, document number and agency name of the claim must occur there, a number
    beside the same word before or after it and under the same bound; its other words must be
    the clauses' own, but for joining words.

    Args:
        claim: one sentence, with or without its marker.
        clauses: what it cites.
    """
    said = NOTE_MARKS.sub(" ", " ".join(f"{c.context_text} {c.text}" for c in clauses))
    bare = NOTE_MARKS.sub(" ", without_markers(normalise(claim)))
    told_names = fold(spell_out(said))
    known = set(_whole_words(said))
    return Check(
        figures=tuple(_unfounded_figures(bare, said)),
        agencies=tuple(
            agency.canonical
            for agency in find_agencies(bare)
            if fold(agency.canonical) not in told_names
        ),
        words=tuple(w for w in _whole_words(bare) if w not in known and w not in _JOINING),
        dropped=tuple(_dropped(bare, clauses)),
        order=_order(bare, said),
        is_question=bool(_INTERROGATIVE.search(bare.lower())),
    )


def adds(claim: str, question: str) -> bool:
    """Whether a claim says anything that the question didn't."""
    return bool(set(_words(without_markers(claim))) - set(_words(question)) - _JOINING_FOLDED)


def _unfounded_figures(claim: str, said: str) -> list[str]:
    claimed, told = tokens(claim), tokens(said)
    beside = set(pairwise(["", *told, ""]))
    words_before: defaultdict[str, set[str]] = defaultdict(set)
    for first, second in beside:
        words_before[second].add(first)
    wrong: list[str] = []
    for before, figure, after in zip(["", *claimed], claimed, [*claimed[1:], ""], strict=False):
        if not figure[0].isdigit():
            continue
        if not {(before, figure), (figure, after)} & beside or _loses_bound(
            before, words_before[figure]
        ):
            wrong.append(figure)
    wrong += _leaps(claimed, told)
    flat, flat_claim = joined_ranges(said), set(claimed)
    for low, high in _RANGE.findall(flat):  # half a range is another statement
        ends = {plain_number(low), plain_number(high)}
        if len(ends) == 2 and len(ends & flat_claim) == 1:
            wrong.append(f"{low}-{high}")
    return wrong


def _leaps(claimed: list[str], told: list[str]) -> list[str]:
    """Figures of the claim that don't follow each other in the clause.

    “Đợt một 24 xã trước 31/01, đợt hai 34 xã trước 31/5” must not become “24 xã trước 31/5”.
    """
    wanted = [token for token in claimed if token[0].isdigit()]
    there = [token for token in told if token[0].isdigit()]
    windows = zip(*(there[i:] for i in range(len(wanted))), strict=False)
    return [] if not wanted or any(list(w) == wanted for w in windows) else wanted


def _loses_bound(before: str, told: Set[str]) -> bool:
    """Whether a figure stands only under bounds (“quá 5%”) and the claim has another word."""
    return before not in told and bool(told) and told <= _BOUNDS


def _dropped(claim: str, clauses: Sequence[Clause]) -> list[str]:
    """Bounds and negations that the parts of sentences have from which the claim is taken."""
    claimed = Counter(_whole_words(claim))
    lost: list[str] = []
    for text in (c.text for c in clauses):
        for span in sentences(text):
            for part in _PARTS.split(span.of(text)):
                words = Counter(_whole_words(part))
                shared = sum((words & claimed).values())
                if words and shared >= _SAME_PART * words.total():
                    lost += [w for w in words - claimed if w in _GUARDED]
    return lost


def _order(claim: str, said: str) -> float:
    """Return the share of the claim's words in the longest common subsequence with ``said``.

    A clause may be long, so a row of the table is one number: a bit is 0 where the row grows
    (Hyyrö 2004, “Bit-parallel LCS-length computation revisited”).
    """
    claimed = [word for word in _words(claim) if word not in _JOINING_FOLDED]
    if not claimed:
        return 1.0
    places: dict[str, int] = {}
    for i, word in enumerate(claimed):
        places[word] = places.get(word, 0) | 1 << i
    full = (1 << len(claimed)) - 1
    row = full
    for word in _words(said):
        kept = row & places.get(word, 0)
        row = (row + kept | row - kept) & full
    return (len(claimed) - row.bit_count()) / len(claimed)


def _words(text: str) -> list[str]:
    """Folded words with abbreviations spelled out, and figures."""
    return tokens(spell_out(text))


def _whole_words(text: str) -> list[str]:
    """Words with their marks, in lower case, abbreviations spelled out; no figures."""
    return [word.lower() for word in _WHOLE_WORD.findall(spell_out(text))]
