"""Whether the quotes say what a question asks of two documents: which amends or replaces which.

Both documents may stand in one clause, each for itself: “thực hiện Nghị quyết số 57-NQ/TW và
Nghị quyết số 71/NQ-CP” says of neither that it amends the other. So the word of the relation
must stand in a sentence with the document that the question names, and with another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.find.ground import Quote
from assistant.understand.question import Asked, Question
from corpus.facts.references import find_references, matches_number
from corpus.facts.sentences import sentences
from corpus.notice import DocumentReference
from corpus.text import fold

# Folded. “bổ sung” alone adds money or staff as often as it amends.
_RELATION = r"sua doi|thay the|bai bo|huy bo|thay cho"
_KIND = (
    r"(?:(?:nhung|cac|mot) )?(?:van ban|nghi quyet|nghi dinh|quyet dinh|quy dinh|thong tu"
    r"|thong bao|ke hoach|chi thi|ket luan|cong van|luat|phap lenh|chuong trinh|de an)"
)
_LINK = r"(?:,? (?:va )?bo sung)?(?: (?:boi|bang|theo|cho|toan bo))?"
_ASKED = (
    re.compile(rf"\b(?P<relation>{_RELATION}){_LINK} {_KIND}\b"),
    re.compile(rf"\b{_KIND} nao\b(?: \w+){{0,3}}? (?P<relation>{_RELATION})\b"),
)
_PASSIVE = re.compile(
    rf"\b(?:bi|duoc) (?:{_RELATION})|(?:{_RELATION})\b[^?]{{0,12}}\b(?:boi|bang)\b"
)


def lacks_relation(question: Question, quotes: Sequence[Quote]) -> bool:
    """Whether a relation between two documents is asked for that no quote tells.

    Args:
        question: understood.
        quotes: what would be shown.
    """
    if Asked.DOCUMENT not in question.asked:
        return False
    asked = fold(question.restored)
    relations = {match["relation"] for pattern in _ASKED for match in pattern.finditer(asked)}
    if not relations:
        return False
    # No notice tells what came after it: who amended it stands where it is called by its number.
    by_name = bool(_PASSIVE.search(asked))
    return not any(_tells(quote, relations, question, by_name=by_name) for quote in quotes)


def _tells(quote: Quote, relations: set[str], question: Question, *, by_name: bool) -> bool:
    text = quote.text
    of_named_notice = quote.notice.id in question.notice_ids
    for span in sentences(text):
        said = span.of(text)
        if not any(relation in fold(said) for relation in relations):
            continue
        there = find_references(said)
        # “Nghị quyết này thay thế …”: the other document may be the notice that speaks.
        has_other = not of_named_notice or any(not _is_named(one, question) for one in there)
        has_named = not question.references or any(_is_named(one, question) for one in there)
        if has_other and (has_named or (of_named_notice and not by_name)):
            return True
    return False


def _is_named(reference: DocumentReference, question: Question) -> bool:
    return any(
        matches_number(named.number, reference.number, named.kind) for named in question.references
    )
