"""The numbers that Word writes before paragraphs (ECMA-376, part 1, 17.9).

Counters belong to the abstract list, so that two lists of one kind count on; a start override
counts once for each list, where it is used first; a number begins the deeper levels anew.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace

from lxml import etree

from corpus.readers.office.names import number, switch, value, w

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MOST_ROMAN = 3999
_FIGURES = {
    "none": "",
    "decimalZero": "{:02d}",
    "decimalEnclosedParen": "({})",
    "numberInDash": "- {} -",
}
_MOST_LETTERS = 780  # Word ends at thirty letters
# Bullets of symbol fonts lie in the private area of Unicode and mean nothing without the font.
_BULLETS = {"\uf0a7": "▪", "\uf0a8": "▪", "\uf06e": "▪", "\uf02d": "-", "\uf02b": "+", "o": "◦"}
_BULLET = "•"


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered.

    Args:
        start: its first number.
        form: ``w:numFmt``: ``decimal``, ``lowerLetter``, ``bullet``.
        text: the label, with ``%n`` for the number of level n.
        legal: whether the levels above are shown in figures (``w:isLgl``).
        restart: the 1-based level whose numbers begin this one anew: any above for None, no
            other for 0.
        gap: what stands between label and text.
        style: the paragraph style that belongs to the level.
    """

    start: int = 1
    form: str = "decimal"
    text: str = ""
    legal: bool = False
    restart: int | None = None
    gap: str = " "
    style: str = ""


@dataclass(slots=True)
class _List:
    """A ``w:num``: an abstract list with what it overrides."""

    abstract: str
    levels: dict[int, Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the paragraphs of a document; they must be given in its order.

    Args:
        root: of the numbering part, None where there is none.
        list_of_style: the list that a numbering style means, by style id.
    """

    def __init__(self, root: etree._Element | None, list_of_style: dict[str, str]) -> None:
        self._abstract: dict[str, dict[int, Level]] = {}
        self._links: dict[str, str] = {}
        self._lists: dict[str, _List] = {}
        self._list_of_style = list_of_style
        self._counters: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self._used: set[tuple[str, int]] = set()
        if root is None:
            return
        for element in root.iter(w("abstractNum")):
            name = element.get(w("abstractNumId"), "")
            self._abstract[name] = _levels(element)
            if link := value(element, "numStyleLink"):
                self._links[name] = link
        for element in root.iter(w("num")):
            self._lists[element.get(w("numId"), "")] = _list(element)

    def level_of_style(self, list_id: str, style: str) -> int | None:
        """Return the level of a list that belongs to a paragraph style, if one does."""
        for level in range(_LEVELS):
            found = self._level(list_id, level)
            if found is not None and found.style == style:
                return level
        return None

    def next_label(self, list_id: str, level: int) -> tuple[str, str]:
        """Count a paragraph and return its label and the gap after it; ``""`` for no label."""
        shown = self._level(list_id, level)
        if shown is None:
            return "", ""
        abstract = self._real(list_id)
        counters = self._counters[abstract]
        start = shown.start
        own = self._lists[list_id].starts.get(level)
        if own is not None and (list_id, level) not in self._used:
            counters.pop(level, None)
            start = own
        self._used.add((list_id, level))
        counters[level] = counters[level] + 1 if level in counters else start
        for deeper in [one for one in counters if one > level]:
            found = self._level(list_id, deeper)
            restart = None if found is None else found.restart
            if restart is None or level < restart:
                del counters[deeper]
        return self._written(list_id, shown, counters), shown.gap

    def _written(self, list_id: str, shown: Level, counters: dict[int, int]) -> str:
        if shown.form == "bullet":
            mark = shown.text.strip()
            private = len(mark) == 1 and "\ue000" <= mark <= "\uf8ff"
            return _BULLETS.get(mark, _BULLET if private or not mark else mark)

        def count(place: re.Match[str]) -> str:
            level = int(place[1]) - 1
            of = self._level(list_id, level) or Level()
            form = "decimal" if shown.legal and of.form != "decimalZero" else of.form
            return written(counters.get(level, of.start), form)

        return "" if shown.form == "none" and not shown.text else _PLACE.sub(count, shown.text)

    def _real(self, list_id: str) -> str:
        """The abstract list behind a list, through the style that it may name instead."""
        abstract = self._lists[list_id].abstract
        linked = self._list_of_style.get(self._links.get(abstract, ""))
        if linked is None or linked not in self._lists:
            return abstract
        return self._lists[linked].abstract

    def _level(self, list_id: str, level: int) -> Level | None:
        found = self._lists.get(list_id)
        if found is None:
            return None
        return found.levels.get(level) or self._abstract.get(self._real(list_id), {}).get(level)


def written(count: int, form: str) -> str:
    """Write a number in one of Word's forms (``ST_NumberFormat``); unknown ones in figures.

    Letters are those of the English alphabet, as Word writes them: e follows d, there is no đ.
    """
    if form in ("lowerRoman", "upperRoman") and 0 < count <= _MOST_ROMAN:
        numeral = _roman(count)
        return numeral if form == "lowerRoman" else numeral.upper()
    if form in ("lowerLetter", "upperLetter") and 0 < count <= _MOST_LETTERS:
        times, letter = divmod(count - 1, 26)
        word = chr(ord("a") + letter) * (times + 1)
        return word if form == "lowerLetter" else word.upper()
    return _FIGURES.get(form, "{}").format(count)


def _roman(count: int) -> str:
    parts: list[str] = []
    for worth, letters in _ROMAN:
        times, count = divmod(count, worth)
        parts.append(letters * times)
    return "".join(parts)


def _levels(parent: etree._Element) -> dict[int, Level]:
    found: dict[int, Level] = {}
    for element in parent.iterchildren(w("lvl")):
        place = number(element.get(w("ilvl")), 0)
        restart = value(element, "lvlRestart")
        form = element.find(f".//{w('numFmt')}")  # may stand in an alternative
        found[place] = Level(
            start=number(value(element, "start"), 0),
            form="decimal" if form is None else form.get(w("val"), "decimal"),
            text=(value(element, "lvlText") or "")[:100],
            legal=bool(switch(element, "isLgl")),
            restart=None if restart is None else number(restart, 0),
            gap="" if value(element, "suff") == "nothing" else " ",
            style=value(element, "pStyle") or "",
        )
    return found


def _list(element: etree._Element) -> _List:
    found = _List(value(element, "abstractNumId") or "")
    for override in element.iterchildren(w("lvlOverride")):
        level = number(override.get(w("ilvl")), 0)
        start = value(override, "startOverride")
        if start is not None:
            found.starts[level] = number(start, 1)
        for own in _levels(override).values():
            found.levels[level] = own if start is None else replace(own, start=number(start, 1))
    return found
