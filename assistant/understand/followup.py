"""How much a question leans on the turn before it, and what it takes over from there.

“Bao giờ phải xong?” says nothing without the question before it; “Thế chương trình thực tập
của TP. Hồ Chí Minh thì kéo dài bao lâu?” says enough, and the words of the question before it
would only lead back to the other town.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.understand.weights import weigh
from corpus.facts.agencies import Agency, find_agencies
from corpus.text import syllables
from index.vocabulary import Vocabulary

# With marks: folded, “đô thị” and “do” would point back as “đó” does, and “nêu” begin as “nếu”.
_BEGINS = re.compile(r"^(?:còn|thế|vậy|nếu|ngoài ra|riêng|trong đó)\b|\bthì sao\b")
_POINTS = re.compile(r"(?<!trong )(?<!do )(?<!sau )\b(?:này|đó|ấy|kia|nói trên|vừa nêu)\b")
_SHORT = 9  # syllables: a question shorter than that in a chat leans on the one before
# The words of the question before count at most so much of their weight; of .5 to .8 it answers
# most follow-ups.
_MOST = 0.6
# What a question must say by itself to need none of them, in words that no notice has; the
# second where nothing shows that it goes on with the turn before.
_ENOUGH = 7.1
_ENOUGH_ALONE = 3.6

_PLACES = ("Thành phố ", "Tỉnh ", "Xã ", "Phường ")
_BODIES = ("Bộ ", "Sở ", "Ban ", "Cục ", "Viện ", "Trường ", "Tập đoàn ")
# What “… này”, “… đó” stands for, by the word before it: how names of that kind begin.
_KINDS = {
    **{head.strip().lower(): (head,) for head in (*_PLACES, *_BODIES)},
    **dict.fromkeys(("địa phương", "nơi"), _PLACES),
    **dict.fromkeys(("cơ quan", "đơn vị", "tổ chức"), ("",)),
}
_THAT = re.compile(
    rf"(?<!cán )(?<!toàn )(?<!tác )\b(?P<kind>{'|'.join(_KINDS)}) (?:này|đó|ấy|kia|nói trên)\b",
    re.I,
)
_YEAR = re.compile(r"\b(?:năm )?(?:19|20)\d\d\b", re.I)


@dataclass(frozen=True, slots=True)
class Leaning:
    """A question read with the turn before it.

    Args:
        restored: the question; where it said “thành phố này”, it says which.
        earlier: the question before it, without what this one puts something else in place of;
            ``""`` where this one says enough by itself.
        weight: of the words of ``earlier``, 0 to 1; those of the question count 1.
        goes_on: whether it stays with the turn before, such as with the notice named there.
    """

    restored: str
    earlier: str
    weight: float
    goes_on: bool


def lean(restored: str, typed: str, before: str, answer: str, vocabulary: Vocabulary) -> Leaning:
    """Work out how a question leans on the turn before it.

    Args:
        restored: the question with its marks.
        typed: as it was typed, where it was typed with marks; else ``restored``.
        before: the question before it, with its marks; ``""`` where there is none.
        answer: what was answered to that.
        vocabulary: of the library's own words.
    """
    if not before:
        return Leaning(restored, "", 0.0, goes_on=False)
    said = typed.strip().lower()
    shown = bool(_BEGINS.search(said) or _POINTS.search(said)) or len(syllables(typed)) < _SHORT
    named = _named(restored, (*find_agencies(before), *find_agencies(answer)))
    own = sum(weigh(named, vocabulary).values()) / vocabulary.rarest
    weight = max(0.0, _MOST * (1 - own / (_ENOUGH if shown else _ENOUGH_ALONE)))
    earlier = _without_replaced(before, named) if weight else ""
    return Leaning(named, earlier, weight, goes_on=shown or weight > 0)


def _named(text: str, names: Sequence[Agency]) -> str:
    """Put names for “thành phố này”, “bộ đó”: the first of that kind in the turn before."""

    def name(found: re.Match[str]) -> str:
        heads = _KINDS[found["kind"].lower()]
        meant = next((one for one in names if one.canonical.startswith(heads)), None)
        if meant is None:
            return found[0]
        # A town's clauses say “Hà Nội”; of a list of ministries, a name may lack its “Bộ”.
        return meant.name if _is_place(meant) else meant.canonical

    return _THAT.sub(name, text)


def _without_replaced(before: str, text: str) -> str:
    """Drop the towns, bodies and years of ``before`` where ``text`` names others of the kind."""
    replaced = {_is_place(agency) for agency in find_agencies(text)}
    kept = before
    for agency in reversed(find_agencies(before)):
        if _is_place(agency) in replaced:
            kept = f"{kept[: agency.span.start]} {kept[agency.span.end :]}"
    return " ".join((_YEAR.sub(" ", kept) if _YEAR.search(text) else kept).split())


def _is_place(agency: Agency) -> bool:
    return agency.canonical.startswith(_PLACES)
