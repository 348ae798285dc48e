"""What a question bounds and its quotes bound otherwise: another number, name, level or period.

“Suối Nóng” is no small difference from “Suối Lạnh”, nor quý III from quý I: the same thing with
another value in the same place is another case. The place is told by its neighbour, the word
before a name (“xã Tân Lâm”, “xã Cửa Ngọc”), the word before or after a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise, takewhile

from assistant.find.ground import Quote
from assistant.understand.question import Question
from assistant.understand.stopwords import is_stop
from corpus.facts.agencies import find_agencies
from corpus.facts.references import find_references, is_kind
from corpus.facts.terms import spell_out
from corpus.language import read_table
from corpus.notice import Clause, Notice
from corpus.text import fold, has_diacritics, normalise, plain_number

_WORD = re.compile(r"[^\W_]+(?:[.,/:-][^\W_]+)*%?|[^\w\s]")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,9}){0,3}%?")
_BETWEEN = range(2, 4)  # syllables of a thing that stands between two words; one is seldom a thing
_LEVEL = "cap"
_QUARTER = "quy"
_YEAR = "nam"  # before it, a number lasts so long; after it, the notice may be of that year


@dataclass(frozen=True, slots=True)
class Difference:
    """One bound of the question that the quotes do not keep.

    Args:
        asked: as the question says it, with its neighbour.
        told: as the text has it; ``""`` where it has nothing of the kind.
        is_count: whether it counts a thing of which the text has but one count: then the
            question is wrong about it, and not about something else.
    """

    asked: str
    told: str
    is_count: bool = False


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    form: str
    value: str  # of a number
    is_bare: bool  # whether the whole text has no marks

    @property
    def is_capital(self) -> bool:
        """Whether it may belong to a name; an abbreviation stands for one with other words."""
        return self.text[0].isupper() and not self.value and not self.is_shouted

    @property
    def is_shouted(self) -> bool:
        """Whether it stands in capitals, where those of its neighbour show no name."""
        return len(self.text) > 1 and self.text.isupper()

    def is_same(self, other: _Word) -> bool:
        """Whether it is the same word, by its marks where both have them: “số” is not “sở”."""
        is_bare = self.is_bare or other.is_bare
        return self.form == other.form and (is_bare or self.text.lower() == other.text.lower())

    @property
    def is_noun(self) -> bool:
        """Whether it may name what its neighbour tells apart; “của”, “tại”, “thì” name nothing."""
        return self.form.isalpha() and not is_stop(self.text.lower(), is_bare=self.is_bare)

    @property
    def names_number(self) -> bool:
        """Whether a number after it may tell it from others of its name."""
        return self.is_noun or self.form == _QUARTER


_END = _Word(".", ".", "", is_bare=False)


@dataclass(frozen=True, slots=True)
class _Wanted:
    asked: re.Pattern[str]
    told: re.Pattern[str]
    name: str


@dataclass(frozen=True, slots=True)
class _Tables:
    labels: frozenset[str]
    levels: Mapping[str, str]
    doubts: re.Pattern[str]
    wanted: tuple[_Wanted, ...]


def find_differences(question: Question, quotes: Sequence[Quote]) -> tuple[Difference, ...]:
    """Return what the question bounds otherwise than ``quotes``.

    Args:
        question: understood.
        quotes: what would be shown; read with their context and the head of their notice.
    """
    clauses = {quote.clause.id: quote.clause for quote in quotes}.values()
    notices = {quote.notice.id: quote.notice for quote in quotes}.values()
    around = [*map(_around, clauses), *map(_head, notices)]
    said = [_words(text) for text in around]
    asked = _words(_without_numbers(question.restored))
    found = [
        *_lacking(question, around),
        *_other_names(asked, said),
        *_other_levels(asked, said),
        *_other_numbers(asked, said, [*notices]),
        *_other_things(asked, said),
    ]
    return tuple(replace(one, asked=_as_typed(one.asked, question)) for one in dict.fromkeys(found))


def _as_typed(restored: str, question: Question) -> str:
    """Return words as they were typed: a name that no notice writes so is restored to another."""
    typed = normalise(question.text)
    at = fold(typed).find(fold(restored))
    is_typed = at >= 0 and has_diacritics(typed) and len(fold(typed)) == len(typed)
    return typed[at : at + len(restored)] if is_typed else restored


def is_mistaken(question: Question, found: Sequence[Difference]) -> bool:
    """Whether the question is wrong about the thing it means, and means no other thing.

    Args:
        question: understood.
        found: its differences.
    """
    doubts = bool(_tables().doubts.search(fold(question.restored)))
    return all(one.told and (doubts or one.is_count) for one in found)


def _around(clause: Clause) -> str:
    return f"{clause.context_text} . {clause.label} . {clause.text}"


def _head(notice: Notice) -> str:
    head = notice.header
    date = f"ngày {head.date:%d/%m/%Y} tháng {head.date:%m} năm {head.date:%Y}" if head.date else ""
    issuer = head.issuer.title() if head.issuer.isupper() else head.issuer
    return f"{notice.short_name} . {head.title} . {issuer} . {date}"


def _words(text: str) -> list[_Word]:
    found: list[_Word] = []
    is_bare = not has_diacritics(text)
    for match in _WORD.finditer(normalise(spell_out(text))):
        form = plain_number(fold(match[0]))
        after_quarter = bool(found) and found[-1].form == _QUARTER
        value = form if _NUMBER.fullmatch(form) else _ROMAN.get(form, "") if after_quarter else ""
        found.append(_Word(match[0], form, value, is_bare))
    return found


def _without_numbers(text: str) -> str:
    """Leave out the numbers of documents: whether these are there is looked up."""
    for reference in find_references(text):
        text = text.replace(reference.number, ".")
    return text


def _lacking(question: Question, around: Sequence[str]) -> Iterator[Difference]:
    """Find what is asked and told with words of its own, such as a reason."""
    asked, told = fold(question.restored), fold(" ".join(around))
    for wanted in _tables().wanted:
        if wanted.asked.search(asked) and not wanted.told.search(told):
            yield Difference(wanted.name, "")


def _other_names(asked: Sequence[_Word], said: Sequence[Sequence[_Word]]) -> Iterator[Difference]:
    """Find names that the text has otherwise after the same word."""
    names = {word.form for words in said for word in words if word.text[0].isupper()}
    pairs = {(a.form, b.form) for words in said for a, b in pairwise(words)}
    for at, (before, name) in enumerate(pairwise(asked)):
        if not (name.is_capital and before.is_noun) or name.form in names:
            continue
        if is_kind(name.text) or is_kind(" ".join(one.text for one in asked[at + 1 : at + 3])):
            continue  # “sửa đổi Nghị định” names nothing that is called “đổi”
        if (before.form, name.form) in pairs:
            continue
        others = (
            _run(words, i + 1)
            for words in said
            for i, (first, second) in enumerate(pairwise(words))
            if first.is_same(before) and not first.is_shouted and second.is_capital
        )
        if other := next(others, ""):
            mine = f"{before.text} {_run(asked, at + 1)}"
            yield Difference(_whole(mine, asked), _whole(f"{before.text} {other}", *said))


def _whole(name: str, *texts: Sequence[_Word]) -> str:
    """Return the agency whose name begins so: not every word of it has a capital."""
    said = (" ".join(word.text for word in words) for words in texts)
    agencies = (agency.canonical for text in said for agency in find_agencies(text))
    return next((one for one in agencies if one.startswith(f"{name} ")), name)


def _run(words: Sequence[_Word], start: int) -> str:
    """Return the words of a name: as far as they have capitals."""
    return " ".join(word.text for word in takewhile(lambda one: one.is_capital, words[start:]))


def _other_levels(asked: Sequence[_Word], said: Sequence[Sequence[_Word]]) -> Iterator[Difference]:
    """Find the level of an authority that the text has otherwise."""
    told = _levels_in(*said)
    mine = _levels_in(asked)
    if told and not told.keys() & mine.keys():
        for level in mine.values():
            yield Difference(f"cấp {level}", f"cấp {next(iter(told.values()))}")


def _levels_in(*texts: Sequence[_Word]) -> dict[str, str]:
    """Return the levels named, by their folded form; “cấp quản lý” names none."""
    levels = _tables().levels
    after = (b for words in texts for a, b in pairwise(words) if a.form == _LEVEL)
    named = ((levels.get(word.form, ""), word) for word in after)
    return {
        word.form: level
        for level, word in named
        if level and (word.is_bare or word.text.lower() == level)
    }


def _other_numbers(
    asked: Sequence[_Word], said: Sequence[Sequence[_Word]], notices: Sequence[Notice]
) -> Iterator[Difference]:
    """Find numbers that the text has otherwise before or after the same word."""
    known = {word.value for words in said for word in words}
    labels = _tables().labels
    for before, number, after in zip(asked, asked[1:], [*asked[2:], _END], strict=False):
        if not number.value or number.value in known or before.form in labels:
            continue
        told = _values(said, after.form, before=True) if after.is_noun else []
        if told and number.text[0].isdigit() and after.form not in {*labels, _YEAR}:
            written = [_words(clause.text) for notice in notices for clause in notice.clauses]
            is_count = len(_values(written, after.form, before=True)) == 1
            yield Difference(f"{number.text} {after.text}", f"{told[0]} {after.text}", is_count)
            continue
        told = _values(said, before.form, before=False) if before.names_number else []
        is_of_it = before.form == _YEAR and any(number.value in one.source for one in notices)
        if told and not is_of_it:
            yield Difference(f"{before.text} {number.text}", f"{before.text} {told[0]}")


def _other_things(asked: Sequence[_Word], said: Sequence[Sequence[_Word]]) -> Iterator[Difference]:
    """Find words that the text has otherwise between the same two words."""
    known = {word.form for words in said for word in words}
    at = 1
    while at < len(asked):
        end = at
        while end < len(asked) and asked[end].is_noun and asked[end].form not in known:
            end += 1
        if end < len(asked) and end - at in _BETWEEN:
            before, after = asked[at - 1], asked[end]
            if before.is_noun and after.is_noun:
                other = _between(said, before.form, after.form)
                if other:
                    mine = " ".join(word.text for word in asked[at - 1 : end + 1])
                    yield Difference(mine, f"{before.text} {other} {after.text}")
        at = max(end, at + 1)


def _between(said: Sequence[Sequence[_Word]], first: str, last: str) -> str:
    for words in said:
        for i, word in enumerate(words):
            if word.form != first:
                continue
            for length in _BETWEEN:
                inner, rest = words[i + 1 : i + 1 + length], words[i + 1 + length :]
                if rest and rest[0].form == last and all(one.is_noun for one in inner):
                    return " ".join(one.text for one in inner)
    return ""


def _values(said: Sequence[Sequence[_Word]], neighbour: str, *, before: bool) -> list[str]:
    """Return the different numbers that stand before, or else after, a word."""
    pairs = ((a, b) if before else (b, a) for words in said for a, b in pairwise(words))
    found = {number.value: number.text for number, word in pairs if word.form == neighbour}
    return [text for value, text in found.items() if value]


@cache
def _tables() -> _Tables:
    told = read_table("bounds")
    return _Tables(
        labels=frozenset(told["labels"]),
        levels={fold(level): level for level in told["levels"]},
        doubts=_any_of(told["doubts"]),
        wanted=tuple(
            _Wanted(_any_of(one["asked"]), _any_of(one["told"]), one["name"])
            for one in told["wanted"]
        ),
    )


def _any_of(phrases: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})\b")
