"""What of a question its quotes hold and what they lack: the gate decides by it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.find.ground import Ground, Quote
from assistant.judge.answer_types import offers, unmet
from assistant.understand.question import Asked, Question
from assistant.understand.weights import Weights, folded_words, telling_words, terms, worth
from corpus.facts.agencies import find_agencies
from corpus.facts.terms import spell_out
from corpus.notice import Clause
from corpus.text import fold

# A heading may name a town or a resolution; the answer must stand in the clause itself.
_IN_ITSELF = frozenset({Asked.PLACE, Asked.DOCUMENT, Asked.PERSON, Asked.DEADLINE})
# “UBND thành phố Hà Nội” is “UBND Hà Nội”.
_PLACE_WORD = re.compile(r"\b(?:thanh pho|tinh) ")
# Bodies that speak in every notice: naming them tells nothing about a clause.
_EVERYWHERE = (
    "ban chi dao",
    "to giup viec",
    "co quan thuong truc",
    "chinh phu",
    "tinh",
    "trung uong",
)


def describe(
    question: Question,
    quotes: Sequence[Quote],
    weights: Weights,
    disputed: Sequence[str],
    around: Sequence[str] = (),
) -> Ground:
    """Return the ground that ``quotes`` make.

    Args:
        question: understood.
        quotes: in the order they are shown.
        weights: of the question's own words, without the turn before it.
        disputed: clauses that give the same task another owner or deadline.
        around: what the quotes are read with, such as the paragraph of a quoted footnote.
    """
    said = _said(quotes).union(*map(terms, around))
    single = {term: weight for term, weight in weights.items() if " " not in term}
    texts = " ".join(part for q in quotes for part in (q.clause.text, q.clause.context_text))
    unknown = tuple(term for term in single if term not in said)
    return Ground(
        quotes=tuple(quotes),
        coverage=worth(weights, said) / (sum(weights.values()) or 1.0),
        missing=_missing(question, quotes, texts),
        unknown=unknown,
        unknown_share=worth(single, set(unknown)) / (sum(single.values()) or 1.0),
        topic_unknown=_topic(question) in unknown,
        strangers=_strangers(question, quotes, texts),
        disputed=tuple(disputed),
    )


def lacks(question: Question, clause: Clause) -> bool:
    """Whether a clause with its context and data lacks a kind of answer that is asked for."""
    text = f"{clause.text} {clause.context_text}"
    data = _data([clause])
    return bool(unmet(question.asked, lambda a: a in data or offers(a, text, question.restored)))


def _missing(question: Question, quotes: Sequence[Quote], texts: str) -> frozenset[Asked]:
    """Kinds of answer that were asked for and that neither words nor data of the quotes hold."""
    own = " ".join(quote.text for quote in quotes)
    whole = " ".join(quote.clause.text for quote in quotes)
    data = _data([quote.clause for quote in quotes])

    def is_told(asked: Asked) -> bool:
        # The number of a heading (“3 Nhà”) counts nothing that stands under it.
        text = own if asked in _IN_ITSELF else whole if asked is Asked.NUMBER else texts
        return asked in data or offers(asked, text, question.restored)

    return unmet(question.asked, is_told)


def _data(clauses: Sequence[Clause]) -> set[Asked]:
    found = {Asked.OWNER} if any(clause.owners for clause in clauses) else set()
    return found | ({Asked.DEADLINE} if any(clause.deadlines for clause in clauses) else set())


def _said(quotes: Sequence[Quote]) -> set[str]:
    said: set[str] = set()
    for quote in quotes:
        header = quote.notice.header
        date = f"{header.date:%d/%m/%Y}" if header.date else ""
        for text in (
            quote.clause.text,
            quote.clause.context_text,
            f"{quote.notice.short_name} {header.title}",
            date,
        ):
            said |= terms(text)
    return said


def _topic(question: Question) -> str:
    """The first word of meaning of “X … là bao nhiêu / là gì”: what is asked about."""
    words = folded_words(question.restored)
    if " ".join(words[-3:]) != "la bao nhieu" and words[-2:] != ["la", "gi"]:
        return ""
    return next(iter(telling_words(question.restored)), "")


def _strangers(question: Question, quotes: Sequence[Quote], texts: str) -> tuple[str, ...]:
    issuers = " ".join(quote.notice.header.issuer for quote in quotes)
    known = _PLACE_WORD.sub("", fold(spell_out(f"{texts} {issuers}")))
    return tuple(
        agency.canonical
        for agency in find_agencies(question.restored)
        if _PLACE_WORD.sub("", fold(agency.canonical)) not in known
        and not fold(agency.canonical).startswith(_EVERYWHERE)
    )
