"""What speaks for and against answering a question from what was found: the gate weighs it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.find.ground import Ground, Quote
from assistant.find.retriever import Evidence
from assistant.judge.coverage import lacks
from assistant.judge.document_relations import lacks_relation
from assistant.judge.logistic import Features
from assistant.judge.question_focus import focus_lacks
from assistant.understand.constraints import Constraints
from assistant.understand.question import Asked, Question
from corpus.facts.references import find_references, matches_number

_KINDS = (
    Asked.DEADLINE,
    Asked.NUMBER,
    Asked.PLACE,
    Asked.OWNER,
    Asked.PERSON,
)


def features(question: Question, evidence: Sequence[Evidence], ground: Ground) -> Features:
    """Return the signs, by name; most are 0 or 1, shares are in [0, 1].

    Args:
        question: understood.
        evidence: what was found; not empty.
        ground: what was chosen of it; has quotes.
    """
    quotes = ground.quotes
    main = quotes[0].clause
    clauses = {quote.clause.id: quote.clause for quote in quotes}.values()
    cosines = {one.clause.id: one.cosine for one in evidence}
    near = [cosines[one.id] for one in clauses if one.id in cosines]
    nearest = max(cosines.values())
    scores = sorted((found.score for found in evidence), reverse=True)
    description = Constraints.of(question)
    found = {
        "nearest": nearest,
        "near": max(near, default=nearest),  # items under a lead-in may not be found themselves
        "relevance": ground.relevance,
        "ahead": scores[0] - scores[1] if len(scores) > 1 else scores[0],
        "coverage": ground.coverage,
        "unknown": ground.unknown_share,
        "topic_unknown": float(ground.topic_unknown),
        "stranger": float(bool(ground.strangers)),
        "lacks_relation": float(lacks_relation(question, quotes)),
        "lacks_data": float(
            description.names_data
            and Asked.LIST in question.asked
            and not any(description.has_data(quote.clause) for quote in quotes)
        ),
    }
    found |= {f"lacks_{kind}": float(kind in ground.missing) for kind in _KINDS}
    found |= {f"lacks_{name}": float(told) for name, told in focus_lacks(question, quotes).items()}
    found["lacks_kind_in_main"] = float(lacks(question, main))
    return found


def is_about_missing_document(question: Question, quotes: Sequence[Quote]) -> bool:
    """Whether the question is about a document that neither the library nor a quote has."""
    if question.notice_ids:
        return False
    # A programme to carry out a resolution speaks of it in its title.
    titles = [find_references(quote.notice.header.title) for quote in quotes]
    told = [r for quote in quotes for r in quote.clause.references]
    told += [r for found in titles for r in found]
    return any(
        not any(matches_number(number, one.number) for one in told)
        for number in question.missing_documents
    )
