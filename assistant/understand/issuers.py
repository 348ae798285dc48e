"""Documents of one number told apart by who issued them: three communes have a 05/TB-UBND each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from corpus.dates import View
from corpus.notice import Header, Notice, Span
from corpus.text import fold, normalise

_LEVELS = r"xa|phuong|thi tran|dac khu|huyen|quan|thi xa|tinh|thanh pho"
_PLACE = re.compile(rf"\b(?P<level>{_LEVELS}) (?P<name>[^,;-]+)$")
# “… của Ủy ban nhân dân xã Tân Lâm” right after a number says whose it is.
_WHOSE = re.compile(
    rf"\s*,?\s*(?:do|cua)\s+(?:(?:ubnd|hdnd|uy ban nhan dan|hoi dong nhan dan)\s+)?"
    rf"(?P<level>{_LEVELS})\s+(?P<name>\w+(?:\s+\w+){{0,3}})"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A level of government and the name of the place, folded: ``xa``, ``nam ruoc``."""

    level: str
    name: str

    @classmethod
    def of(cls, header: Header) -> Place | None:
        """Return the place whose body issued a notice, or None where the issuer names none."""
        found = _PLACE.search(fold(normalise(header.issuer)))
        return cls(found["level"], found["name"].strip()) if found else None

    @property
    def words(self) -> re.Pattern[str]:
        """Finds the place in a folded text."""
        return re.compile(rf"\b{self.level}\s+{re.escape(self.name)}\b")


def is_anothers(after: str, header: Header) -> bool:
    """Whether a question gives a document number to another place of the same level.

    Args:
        after: what follows the number in the question.
        header: of a notice of that number.
    """
    own = Place.of(header)
    whose = _WHOSE.match(fold(normalise(after)))
    if own is None or whose is None or whose["level"] != own.level:
        return False
    return not re.match(rf"{re.escape(own.name)}\b", " ".join(whose["name"].split()))


def told_by_place(view: View, notices: Mapping[str, Notice]) -> Iterator[tuple[str, Span]]:
    """Yield the notices of a number that several have, where the question names their place.

    A place that another document speaks of in its head may be meant there as well.

    Args:
        view: of the question.
        notices: the library, by id.
    """
    for group in _namesakes(notices.values()):
        places = {notice.id: Place.of(notice.header) for notice in group}
        for notice_id, place in places.items():
            match = place.words.search(view.folded) if place else None
            if place is None or match is None or list(places.values()).count(place) > 1:
                continue
            heads = (
                fold(normalise(f"{one.header.issuer} {one.header.title}"))
                for one in notices.values()
                if one.id not in places
            )
            if not any(place.words.search(head) for head in heads):
                yield notice_id, view.span(*match.span())


def _namesakes(notices: Iterable[Notice]) -> list[list[Notice]]:
    """Notices that share kind and number."""
    groups: dict[tuple[str, str], list[Notice]] = {}
    for notice in notices:
        if notice.header.number:
            key = (notice.header.kind, notice.header.number)
            groups.setdefault(key, []).append(notice)
    return [group for group in groups.values() if len(group) > 1]
