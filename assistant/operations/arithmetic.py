"""Sums and differences of quantities that a question names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.contract import Working
from assistant.find.ground import Quote
from assistant.find.retriever import Evidence
from assistant.operations.asked import Measure, content, measure, measuring, parts, said_number
from assistant.operations.operands import Statement, operands, statements
from assistant.operations.told import Told, plain
from assistant.operations.working import (
    Term,
    cited_terms,
    computation,
    joined,
    marked,
    result_of,
    told,
    value_of,
)
from assistant.understand.question import Question
from corpus.facts.quantities import Bound, write_figure
from index.vocabulary import Vocabulary

# Fewest and most parts that a result is worked out from.
_PARTS = {Working.SUM: (2, 6), Working.DIFFERENCE: (2, 2)}
_SAID = {Bound.EXACT: "", Bound.MOST: "không quá ", Bound.LEAST: "ít nhất "}
_NAMES = {Working.SUM: "Tổng", Working.DIFFERENCE: "Chênh lệch"}


@dataclass(frozen=True, slots=True)
class Unsure:
    """Why nothing is worked out, for people."""

    reason: str


def work_out(
    working: Working, asked: Question, evidence: Sequence[Evidence], vocabulary: Vocabulary
) -> Told | Unsure | None:
    """Work out the sum or difference of what a question names.

    Args:
        working: ``SUM`` or ``DIFFERENCE``.
        asked: the question.
        evidence: clauses to take operands from.
        vocabulary: tells how rare a word is.

    Returns:
        None where the question names no two parts, so that the text itself may tell the result;
        the reason where it does and they can't be worked out.
    """
    named = parts(asked.restored)
    wanted = measure(asked.restored)
    fewest, most = _PARTS[working]
    if wanted is None or not fewest <= len(named) <= most:
        return None
    own = [content(name) - measuring(asked.restored) for name in named]
    found = operands(own, statements(evidence, wanted), vocabulary)
    sure = [one for one in found if one is not None]
    bound = _bound(working, sure)
    said = said_number(asked.restored)
    if working is Working.SUM and said is not None and said != len(named):
        return Unsure(f"câu hỏi nói {said} phần mà nêu tên {len(named)}")
    if len(sure) < len(named):
        return Unsure(f"chỉ chắc số liệu của {len(sure)} trong {len(named)} phần được hỏi")
    if len({one.notice.id for one in sure}) > 1 and len(asked.notice_ids) < fewest:
        return Unsure("các số liệu đứng ở những văn bản khác nhau")
    if bound is None:
        return Unsure("các số liệu có cận khác nhau (tối đa, ít nhất, khoảng)")
    return _told(working, named, sure, bound, wanted)


def _bound(working: Working, found: Sequence[Statement]) -> Bound | None:
    """The bound of the result; None where the operands' bounds give none."""
    bounds = {one.quantity.bound for one in found}
    if Bound.ABOUT in bounds or bounds >= {Bound.MOST, Bound.LEAST}:
        return None
    if working is Working.DIFFERENCE:
        return Bound.EXACT if len(bounds) == 1 else None
    return next(iter(bounds - {Bound.EXACT}), Bound.EXACT)


def _told(
    working: Working,
    named: Sequence[str],
    found: Sequence[Statement],
    bound: Bound,
    wanted: Measure,
) -> Told:
    # Written in the smallest of the units that the operands are written in.
    finest = min(found, key=lambda one: (one.quantity.step, -len(one.quantity.unit))).quantity
    pairs = list(zip(named, found, strict=True))
    if working is Working.DIFFERENCE:
        pairs.sort(key=lambda pair: pair[1].quantity.value, reverse=True)
    terms = [
        Term(
            name=plain(name),
            quote=Quote(one.clause, one.notice, one.span),
            at=one.at,
            value=one.quantity.value / finest.step,
        )
        for name, one in pairs
    ]
    unit = finest.unit or _noun(found, wanted)
    cited, markers = cited_terms(terms)
    result = result_of(working, [value_of(term.value) for term in terms])
    figure = write_figure(Decimal(result))
    shown = f"{figure}{unit}" if unit == "%" else f"{figure} {unit}".strip()
    line = (
        f"{_NAMES[working]}: {joined(working, terms, markers)}"
        f" = {_SAID[bound]}{shown} {marked(markers)}."
    )
    return told(line, cited, computation(working, terms, markers, unit, shown))


def _noun(found: Sequence[Statement], wanted: Measure) -> str:
    """What is counted: the syllables on which question and operands agree."""
    kept: list[str] = []
    for at, word in enumerate(wanted.noun):
        if any(one.quantity.counted[at : at + 1] != (word,) for one in found):
            break
        kept.append(word)
    return " ".join(kept)
