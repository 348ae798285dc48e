"""Abbreviations spelled out, so that ``TTHC`` and ``thủ tục hành chính`` are the same words."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from corpus.facts.agencies import abbreviations, find_agencies
from corpus.text import fold, normalise


@cache
def _pattern() -> re.Pattern[str]:
    shorts = sorted(abbreviations(), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, shorts)) + r")(?!\w)")


@lru_cache(maxsize=1024)  # the same clauses are compared with every question
def spell_out(text: str) -> str:
    """Return ``text`` normalised, with its abbreviations and agencies in their full form.

    Only for comparing: what is quoted is never rewritten. Abbreviations must stand as they
    are written in official texts (``AI`` is one, ``ai`` is a question word), but for those
    in lower case that no Vietnamese syllable could be (``tthc``).
    """
    flat = normalise(text)
    pieces: list[str] = []
    at = 0
    for agency in find_agencies(flat):
        pieces += [flat[at : agency.span.start], agency.canonical]
        at = agency.span.end
    whole = "".join([*pieces, flat[at:]])
    full = abbreviations()
    upper = _pattern().sub(lambda match: full[match[0]][0], whole)
    return _LOWER.sub(lambda match: _lower_forms().get(match[0], match[0]), upper)


_LOWER = re.compile(r"(?<!\w)[a-zđ]{3,8}(?!\w)")
_VOWELS = re.compile("[aeiouy]")


@cache
def _lower_forms() -> dict[str, str]:
    """Abbreviations without a vowel, in lower case: people type so in a hurry."""
    return {
        short.lower(): full[0]
        for short, full in abbreviations().items()
        if not _VOWELS.search(fold(short)) and short.isalpha()
    }
