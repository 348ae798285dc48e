"""Agencies named in a text, their full names, and the abbreviations of official Vietnamese.

Known names come from ``language/abbreviations.toml``; others are read by pattern: a head (``Sở``,
``Cục``, ``Viện`` …) and the words with capitals after it. A name is written once here:
``Bộ KHCN``, ``BKHCN`` and ``Bộ KH&CN`` have one canonical form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from corpus.dates import View
from corpus.language import read_table
from corpus.notice import Span
from corpus.text import fold

# A tab parts the cells of a row: no name goes on over it.
_TOKEN = re.compile(r"tp\.(?=\s?\w)|\w+(?:[&-]\w+)*|[^\w\s]|\t")
_MONOSYLLABLES = frozenset({"dang", "hue"})  # names that no small syllable completes


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency named in a text.

    Args:
        name: the words as they stand (in ``các Bộ: Tài chính, Xây dựng`` only ``Xây dựng``).
        canonical: the full name, ``Bộ Xây dựng``.
        span: the place of ``name`` in the text that was read.
    """

    name: str
    canonical: str
    span: Span


class _Token(NamedTuple):
    plain: str
    folded: str
    start: int
    end: int

    @property
    def is_capital(self) -> bool:
        return self.plain[0].isupper()

    @property
    def is_acronym(self) -> bool:
        return len(self.plain) > 1 and self.plain.isupper()


class _Tokens:
    """The words and signs of a view. Few of them can begin a name, so only those are looked at."""

    def __init__(self, view: View) -> None:
        self._plain, folded = view.plain, view.folded
        self._spans = [match.span() for match in _TOKEN.finditer(folded)]
        words = [folded[start:end] for start, end in self._spans]
        self.words = ["tp" if word == "tp." else word for word in words]

    def __len__(self) -> int:
        return len(self.words)

    def __getitem__(self, i: int) -> _Token:
        start, end = self._spans[i]
        return _Token(self._plain[start:end], self.words[i], start, end)

    def plain(self, first: int, last: int) -> list[str]:
        """The tokens from ``first`` up to, but without, ``last`` as they stand."""
        return [self._plain[start:end] for start, end in self._spans[first:last]]


@dataclass(frozen=True, slots=True)
class _Name:
    folded: tuple[str, ...]
    spelling: tuple[str, ...]
    canonical: str


_Index = Mapping[str, tuple[tuple[int, Mapping[tuple[str, ...], _Name]], ...]]
"""By its first word: the lengths that a name can have, longest first, and the names by words."""


@dataclass(frozen=True, slots=True)
class _Names:
    """The data file, made ready for reading token by token."""

    known: _Index
    fields: _Index
    heads: _Index
    places: _Index
    words: _Index
    outside: frozenset[str]
    openers: frozenset[str]
    nouns: frozenset[str]
    standing: frozenset[str]
    # Words that an agency, or an enumeration of some, begins with, and the words that must follow
    # them; none where the first can stand alone.
    begin: Mapping[str, frozenset[str]]


class _Hit(NamedTuple):
    first: int
    last: int  # one past the last token
    canonical: str


def _data() -> dict[str, Any]:
    return read_table("abbreviations")


def abbreviations() -> Mapping[str, tuple[str, ...]]:
    """Return the general abbreviations, each with its full terms, the likeliest first."""
    return MappingProxyType({short: tuple(full) for short, full in _data()["terms"].items()})


def expand_terms(text: str) -> tuple[str, ...]:
    """Return the other forms of the terms in a question, in order, without those it has.

    Both ways: ``TTHC`` gives ``thủ tục hành chính`` and the full term gives ``TTHC``. Case and
    diacritics don't matter, but an abbreviation that is also a word (``AI``/``ai``) must
    stand in capitals.
    """
    view = View.of(text)
    tokens = _Tokens(view)
    written = set(tokens.plain(0, len(tokens)))
    folded = set(tokens.words)
    padded = f" {' '.join(tokens.words)} "
    found: dict[str, None] = {}
    for short, full in abbreviations().items():
        is_word = len(short) < 3 and any(c in "aeiouy" for c in fold(short))
        if short in written or (not is_word and fold(short) in folded):
            found.update(dict.fromkeys(term for term in full if f" {fold(term)} " not in padded))
        elif any(f" {_words(term)} " in padded for term in full):
            found[short] = None
    return tuple(found)


def find_agencies(text: str) -> tuple[Agency, ...]:
    """Return the agencies that a text names, in order and without overlap."""
    view = View.of(text)
    spans = [(view.span(start, end), canonical) for start, end, canonical in agencies_in(view)]
    return tuple(Agency(span.of(text), canonical, span) for span, canonical in spans)


def agencies_in(view: View) -> tuple[tuple[int, int, str], ...]:
    """Return first and last place (in the view) and full name of the agencies that it names."""
    tokens = _Tokens(view)
    begin, words = _names().begin, tokens.words
    hits: list[_Hit] = []
    seen = 0
    for i, word in enumerate(words):
        seconds = begin.get(word)
        if seconds is None or i < seen:
            continue
        if seconds and seconds.isdisjoint(words[i + 1 : i + 2]):
            continue
        if listed := _enumeration(tokens, i):
            hits.extend(listed)
        elif (hit := _agency(tokens, i)) is not None:
            hits.append(hit)
        seen = hits[-1].last if hits else 0
    return tuple((tokens[hit.first].start, tokens[hit.last - 1].end, hit.canonical) for hit in hits)


def _words(text: str) -> str:
    return " ".join(_Tokens(View.of(text)).words)


def _index(names: Mapping[str, str]) -> _Index:
    """Index spellings (→ canonical names) by first syllable and length, the longest first."""
    index: dict[str, dict[int, dict[tuple[str, ...], _Name]]] = {}
    for spelling, canonical in names.items():
        tokens = _Tokens(View.of(spelling))
        name = _Name(tuple(tokens.words), tuple(tokens.plain(0, len(tokens))), canonical)
        lengths = index.setdefault(name.folded[0], {})
        lengths.setdefault(len(name.folded), {}).setdefault(name.folded, name)
    return {
        first: tuple(sorted(lengths.items(), key=lambda item: -item[0]))
        for first, lengths in index.items()
    }


@cache
def _names() -> _Names:
    data = _data()
    known: dict[str, str] = {}
    fields: dict[str, str] = {}
    for field, shorts in data["ministries"].items():
        known[f"Bộ {field}"] = f"Bộ {field}"
        fields[field] = field
        for short in shorts:
            known |= {f"Bộ {short}": f"Bộ {field}", f"B{short}": f"Bộ {field}"}
            fields |= {short: field} if len(short) > 3 else {}
    for full, others in data["agencies"].items():
        known |= dict.fromkeys((full, *others), full)
    for city in data["places"]["cities"]:
        known |= dict.fromkeys((f"Thành phố {city}", f"TP {city}", city), f"Thành phố {city}")
    for province in data["places"]["provinces"]:
        known |= dict.fromkeys((f"Tỉnh {province}", province), f"Tỉnh {province}")
    del known["Hồ Chí Minh"]  # by itself it is the name of a person
    known |= dict.fromkeys(("TPHCM", "TP HCM", "TP.HCM"), "Thành phố Hồ Chí Minh")
    patterns = data["patterns"]
    long = {"UBND": "Ủy ban nhân dân", "HĐND": "Hội đồng nhân dân", "ĐH": "Đại học"}
    long |= {f"Văn phòng {short}": f"Văn phòng {long[short]}" for short in ("UBND", "HĐND")}
    heads = {head: long.get(head, head) for head in patterns["heads"]}
    places = {place: place for place in patterns["places"]} | {"TP": "thành phố"}
    words = {word: word for word in patterns["words"]}
    sets = (patterns[key] for key in ("outside", "openers", "nouns", "standing"))
    outside, openers, nouns, standing = (frozenset(map(fold, one)) for one in sets)
    names, titles, areas = _index(known), _index(heads), _index(places)
    return _Names(
        known=names,
        fields=_index(fields),
        heads=titles,
        places=areas,
        words=_index(words),
        outside=outside,
        openers=openers,
        nouns=nouns,
        standing=standing,
        begin=_begin((names, titles, areas)),
    )


def _begin(indexes: Iterable[_Index]) -> Mapping[str, frozenset[str]]:
    seconds: dict[str, set[str]] = {
        word: {shared.split()[0] for shared in _SHARED} for word in _ENUMERATE
    }
    alone: set[str] = set()
    for index in indexes:
        for first, lengths in index.items():
            for length, names in lengths:
                seconds.setdefault(first, set()).update(words[1] for words in names if length > 1)
                alone.update(words[0] for words in names if length == 1)
    return {
        first: frozenset() if first in alone else frozenset(seconds[first]) for first in seconds
    }


def _match(index: _Index, tokens: _Tokens, i: int) -> _Name | None:
    if i >= len(tokens):
        return None
    for length, names in index.get(tokens.words[i], ()):
        name = names.get(tuple(tokens.words[i : i + length]))
        if name is not None:
            return name
    return None


def _is_spelled(name: _Name, tokens: _Tokens, i: int, *, exact: bool = False) -> bool:
    """Whether the diacritics are right or, if not ``exact``, all missing: “Huệ” is not “Huế”."""
    part = "".join(tokens.plain(i, i + len(name.folded))).replace(".", "")
    if part.isascii() and not exact:
        return True
    if exact and part.isupper() and not name.spelling[0].isupper():
        return False  # in a line of capitals nothing shows where a name ends
    wanted = "".join(name.spelling).replace(".", "")
    return _letters(part.lower()) == _letters(wanted.lower())


@lru_cache(maxsize=4096)  # the same few hundred names are compared all the time
def _letters(word: str) -> list[str]:
    """The letters and marks of a word, wherever in a syllable its tone was typed."""
    return sorted(unicodedata.normalize("NFD", word))


def _agency(tokens: _Tokens, i: int) -> _Hit | None:
    if i and tokens[i - 1].plain == "/" and tokens[i].is_acronym:
        return None  # the issuer in a document number: 45-TB/TGV
    known, made = _known(tokens, i), _pattern(tokens, i)
    if known and (made is None or known.last >= made.last):
        return known
    return made


def _known(tokens: _Tokens, i: int) -> _Hit | None:
    name = _match(_names().known, tokens, i)
    if name is None:
        return None
    trusted = tokens[i].is_capital and len(name.folded) > 2
    if not (trusted or _is_spelled(name, tokens, i)) or _is_noun(tokens, i):
        return None
    return _Hit(i, i + len(name.folded), name.canonical)


def _is_noun(tokens: _Tokens, i: int) -> bool:
    """Whether the small word here belongs to the one before it: “cán bộ công an”."""
    return not tokens[i].is_capital and i > 0 and tokens.words[i - 1] in _names().nouns


def _pattern(tokens: _Tokens, i: int) -> _Hit | None:
    place = _match(_names().places, tokens, i)
    if place is not None and _is_spelled(place, tokens, i, exact=True):
        start = i + len(place.folded)
        end = _capitals(tokens, start)
        return _hit(tokens, i, end) if end > start else None
    head = _match(_names().heads, tokens, i)
    if head is None:
        return None
    small = len(head.folded) == 1 and not tokens[i].is_capital
    if small and tokens.words[i] != "so":
        return None  # “nhiệm vụ AI”, “đại hội XIV”
    if not _is_spelled(head, tokens, i, exact=True) or _is_noun(tokens, i):
        return None
    if small:
        return _department(tokens, i)
    start = i + len(head.folded)
    end = _run(tokens, start)
    is_name = end > start or " ".join(head.folded) in _names().standing
    return _hit(tokens, i, end) if is_name else None


def _department(tokens: _Tokens, i: int) -> _Hit | None:
    """Read “sở y tế” as people type it; “cơ sở y tế”, “trụ sở công an” are none."""
    if tokens[i].plain.lower() != "sở" or (i and tokens.words[i - 1] in {"co", "tru"}):
        return None
    field = _match(_names().fields, tokens, i + 1)
    if field is None or not _is_spelled(field, tokens, i + 1):
        return None
    return _Hit(i, i + 1 + len(field.folded), f"Sở {field.canonical}")


def _capitals(tokens: _Tokens, i: int) -> int:
    """The end of a place's name, at most four syllables."""
    end = i
    if _match(_names().places, tokens, i):
        return i
    while end < min(i + 4, len(tokens)) and tokens[end].is_capital:
        end += 1
    return end


def _run(tokens: _Tokens, start: int) -> int:
    """The end of the words that follow a head; ``start`` if none does."""
    names = _names()
    i = end = start
    open_word = False  # a capital syllable that a small one may complete: “Tài” chính
    while i < len(tokens):
        token = tokens[i]
        place = _match(names.places, tokens, i)
        if place is not None and _capitals(tokens, i + len(place.folded)) > i + len(place.folded):
            return _capitals(tokens, i + len(place.folded))
        if place is not None and not token.is_capital and i == end:
            return i + len(place.folded)  # “Công an tỉnh”: the place needs no name at home
        known = _known(tokens, i) if i == start else None
        name = _match(names.fields, tokens, i) if token.is_capital else None
        opens = " ".join(tokens.words[i : i + 2]) in names.openers
        if name is None and (token.is_capital or (end > start and not opens)):
            name = _match(names.words, tokens, i)
        if known is not None or name is not None:
            i = end = known.last if known else i + len(name.folded if name else ())
            open_word = False
        elif token.is_capital:
            if end > start and opens:
                return end
            open_word = (
                (i == end == start or not tokens[i - 1].is_capital)
                and not token.is_acronym
                and token.folded not in _MONOSYLLABLES
            )
            i = end = i + 1
        elif open_word and token.folded not in names.outside and token.plain.isalpha():
            i = end = i + 1
            open_word = False
        elif end > start and token.folded in {"va", "-"} and _joins(tokens, i + 1):
            i += 1
            open_word = False
        else:
            return end
    return end


def _joins(tokens: _Tokens, i: int) -> bool:
    """Whether what follows “và” or “-” is one more part of the name, not another agency."""
    if i >= len(tokens) or not tokens[i].is_capital:
        return False
    names = _names()
    return not any(_match(part, tokens, i) for part in (names.known, names.heads, names.places))


def _hit(tokens: _Tokens, first: int, last: int) -> _Hit:
    """Write a name out: “Ban Cơ yếu CP”, “Trung tâm ĐMST”."""
    names = _names()
    parts: list[str] = []
    i = first
    while i < last:
        token = tokens[i]
        known = _match(names.heads, tokens, i) if i == first else None
        known = known or _match(names.places, tokens, i)
        if known is not None and not _is_spelled(known, tokens, i, exact=True):
            known = None
        if known is None and token.is_acronym:
            known = _match(names.fields, tokens, i)
        if known is not None and i + len(known.folded) <= last:
            parts.append(known.canonical)
            i += len(known.folded)
            continue
        written = _data()["terms"].get(token.plain, (token.plain,))[0]
        parts.append({"hcm": "Hồ Chí Minh", "cp": "Chính phủ"}.get(token.folded, written))
        i += 1
    name = " ".join(parts).replace(" ,", ",")
    return _Hit(first, last, name[0].upper() + name[1:])


_ENUMERATE = frozenset({"cac", "nhung"})
_SHARED = {"bo": "Bộ", "so": "Sở", "thanh uy": "Thành ủy", "tinh uy": "Tỉnh ủy"}


def _enumeration(tokens: _Tokens, i: int) -> list[_Hit]:
    """Read ``các Bộ: Tài chính, Xây dựng`` and ``các bộ, cơ quan: Công an, …``."""
    if tokens.words[i] not in _ENUMERATE or i + 2 >= len(tokens):
        return []
    two = f"{tokens.words[i + 1]} {tokens.words[i + 2]}"
    shared = _SHARED.get(tokens.words[i + 1]) or _SHARED.get(two)
    if shared is None:
        return []
    first = i + (2 if tokens.words[i + 1] in _SHARED else 3)
    if not (shared in {"Bộ", "Sở"} and _item(tokens, first, shared)):
        colon = next(
            (k for k in range(first, min(first + 9, len(tokens))) if tokens[k].plain == ":"), -1
        )
        if colon < 0 or any(tokens[k].plain in ".;" for k in range(first, colon)):
            return []
        first = colon + 1
    return _items(tokens, first, shared)


def _items(tokens: _Tokens, i: int, shared: str) -> list[_Hit]:
    hits: list[_Hit] = []
    while i < len(tokens):
        hit = _item(tokens, i, shared) or _agency(tokens, i)
        if hit is None:
            break
        hits.append(hit)
        i = hit.last
        if i < len(tokens) and tokens[i].plain == ",":
            i += 1
        if i < len(tokens) and tokens.words[i] == "va":
            i += 1
        if i == hit.last:
            break
    return hits


def _item(tokens: _Tokens, i: int, shared: str) -> _Hit | None:
    if i >= len(tokens) or not tokens[i].is_capital:
        return None
    if shared in {"Bộ", "Sở"}:
        field = _match(_names().fields, tokens, i)
        return _Hit(i, i + len(field.folded), f"{shared} {field.canonical}") if field else None
    place = _known(tokens, i)
    if place is None:
        return None
    bare = re.sub("^(?:Tỉnh|Thành phố) (?!Hồ)", "", place.canonical).replace("Thành", "thành")
    return _Hit(i, place.last, f"{shared} {bare}")
