"""How a clause that was cited earlier stands today.

What is shown is always the stored text, as it was cited; this only says what has become of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum, unique
from typing import Any

from corpus.blocks import Pages
from corpus.errors import NotFound
from corpus.notice import Clause, Header, Notice
from corpus.parse.markers import find_marker
from corpus.parse.notices import parse_notice
from corpus.store.library import Library, StoredNotice
from corpus.text import normalise


@unique
class CitationState(StrEnum):
    """What has become of the notice of a citation."""

    SAME = "same"
    NOTICE_CHANGED = "notice_changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Reopened:
    """How a stored citation stands today.

    Args:
        state: what has become of its notice.
        text: the same as a Vietnamese sentence.
        notice_id: the version of the document that is current now, None when there is none.
        clause_id: the clause of that version that holds the cited text, None when none does.
        clause_label: how that clause is cited.
    """

    state: CitationState
    text: str
    notice_id: str | None = None
    clause_id: str | None = None
    clause_label: str | None = None

    def to_dict(self) -> dict[str, str | None]:
        """Return it ready for JSON."""
        return {**asdict(self), "state": self.state.value}


class Reopener:
    """Compares stored citations with a library; use one for the citations of one answer.

    Args:
        library: the notices of today.
        parse: takes source, file name and pages.
    """

    def __init__(
        self, library: Library, parse: Callable[[str, str, Pages], Notice] = parse_notice
    ) -> None:
        self._library = library
        self._parse = parse
        self._read: dict[str, Notice] = {}

    def reopen(self, citation: Mapping[str, Any]) -> Reopened:
        """Say how a citation stands.

        Args:
            citation: an item of ``citations`` in the object of the contract.

        Raises:
            Damaged: the library can't be read.
        """
        cited, clause = citation["notice"], citation["clause"]
        name = f"{cited['kind']} {cited['number']}".strip() or cited["file"]
        current = self._current(cited)
        if current is None:
            return Reopened(
                CitationState.REMOVED,
                f"{name} không còn trong kho văn bản; dưới đây là nội dung lúc được dẫn.",
            )
        found = _find(self._load(current.id), clause)
        # The id ends in the content's hash: a newer congvu may name the same content otherwise.
        if _digest(cited["id"]) == current.content_hash[:8]:
            state, text = CitationState.SAME, f"{name} vẫn như lúc được dẫn."
        elif found is not None:
            state = CitationState.NOTICE_CHANGED
            text = f"{name} đã có bản mới; đoạn được dẫn vẫn còn, nay ở {found.label}."
        else:
            state = CitationState.NOTICE_CHANGED
            text = (
                f"{name} đã có bản mới, trong đó không còn đúng đoạn này;"
                " dưới đây là nội dung lúc được dẫn."
            )
        if found is None:
            return Reopened(state, text, current.id)
        return Reopened(state, text, current.id, found.id, found.label)

    def _current(self, cited: Mapping[str, Any]) -> StoredNotice | None:
        try:
            newest = self._library.versions(cited["id"])[0]
        except NotFound:
            newest = None
        if newest is not None and newest.is_current:
            return newest
        # Removed and added again meanwhile, perhaps in another version.
        return self._library.like(_header(cited), cited["file"])

    def _load(self, notice_id: str) -> Notice:
        if notice_id not in self._read:
            self._read[notice_id] = self._library.load(notice_id, self._parse)
        return self._read[notice_id]


def _find(notice: Notice, cited: Mapping[str, Any]) -> Clause | None:
    """Return the clause that holds the cited text, rather one with the same label.

    The number before the text doesn't count: a clause put in above changes it.
    """
    wanted = _bare(cited["text"])
    same = [one for one in notice.clauses if _bare(one.text) == wanted]
    whole_words = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
    holding = same or [one for one in notice.clauses if whole_words.search(normalise(one.text))]
    return min(holding, key=lambda one: one.label != cited["label"], default=None)


def _bare(text: str) -> str:
    marker = find_marker(text)
    return normalise(text[marker.end :] if marker is not None else text) or normalise(text)


def _header(cited: Mapping[str, Any]) -> Header:
    day = cited["date"]
    return Header(
        kind=cited["kind"],
        number=cited["number"],
        issuer=cited["issuer"],
        date=date.fromisoformat(day) if day else None,
        title=cited["title"],
    )


def _digest(notice_id: str) -> str:
    return notice_id.rpartition("-")[2]
