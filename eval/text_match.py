"""When a form of words occurs in an answer.

Comparison is on NFC, lower case, tone placement unified, ``**`` and double spaces removed,
leading zeros of dates dropped.
"""

from __future__ import annotations

import re

from assistant.answer.quotation import without_markers
from corpus.text import normalise

_MONTH = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:19|20)\d{2}"
# “05/2024/nđ-cp” and “05-tb/tw” are numbers of documents, whose zero belongs to them.
_NO_DOCUMENT = r"(?![\d/.-]*[-/][^\W\d_])"
_ZERO_DATES = (
    re.compile(rf"(?<![\d/.-])0(?=[1-9]\s?[-/.]\s?{_MONTH}\s?[-/.]\s?{_YEAR}(?!\d)){_NO_DOCUMENT}"),
    re.compile(rf"(?<=\d[-/.])0(?=[1-9][-/.]{_YEAR}(?!\d)){_NO_DOCUMENT}"),
    re.compile(rf"(?<![\d/.-])0(?=[1-9]\s?[-/]\s?{_YEAR}(?!\d)){_NO_DOCUMENT}"),
    re.compile(rf"(?<=ngày )0(?=[1-9](?!\d)){_NO_DOCUMENT}"),
    re.compile(rf"(?<=tháng )0(?=[1-9](?!\d)){_NO_DOCUMENT}"),
    re.compile(r"(?<![\d/.-])0(?=[1-9] tháng \d)"),
    re.compile(r"(?<=\bngày \d/)0(?=[1-9](?![\d/]))"),
    re.compile(r"(?<=\bngày \d\d/)0(?=[1-9](?![\d/]))"),
)


def comparable(text: str) -> str:
    """Return ``text`` in the form in which answers and expected forms are compared."""
    text = normalise(normalise(text).lower().replace("**", ""))
    for pattern in _ZERO_DATES:
        text = pattern.sub("", text)
    return text


def occurs(form: str, text: str) -> bool:
    """Whether ``form`` stands in ``text``, both as given.

    A figure does not occur inside a longer one: “34” is not in “1345”, though “12/2025” is in
    “31/12/2025”, which says the same month.
    """
    wanted = comparable(form)
    if not wanted:
        return False
    before = r"(?<!\d)" if wanted[0].isdigit() else ""
    after = r"(?!\d)" if wanted[-1].isdigit() else ""
    return re.search(before + re.escape(wanted) + after, comparable(text)) is not None


def count_words(text: str) -> int:
    """Words of an answer: what white space parts and holds a letter or figure; no markers."""
    return sum(any(c.isalnum() for c in word) for word in without_markers(text).split())
