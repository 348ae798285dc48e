"""What changed between two versions of a notice, clause by clause."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.notice import Clause, Notice
from corpus.parse.markers import find_marker
from corpus.text import normalise


class ChangeKind(StrEnum):
    """How a clause of the later version stands to the earlier one."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    RENUMBERED = "renumbered"  # the same words under another label

    @property
    def vietnamese(self) -> str:
        """The words shown to people."""
        return _WORDS[self]


_WORDS = {
    ChangeKind.ADDED: "Thêm",
    ChangeKind.REMOVED: "Bỏ",
    ChangeKind.CHANGED: "Sửa",
    ChangeKind.RENUMBERED: "Đổi số mục",
}


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """A clause that is not as it was.

    Args:
        kind: how it changed.
        before: the clause in the earlier version, None for ``ADDED``.
        after: the clause in the later version, None for ``REMOVED``.
    """

    kind: ChangeKind
    before: Clause | None
    after: Clause | None

    @property
    def words(self) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
        """The text before and after, each in three: what both begin with, what differs, the rest.

        Whole words; of a clause that is only in one version everything differs.
        """
        old = self.before.text.split() if self.before is not None else []
        new = self.after.text.split() if self.after is not None else []
        start = 0
        while start < min(len(old), len(new)) and old[start] == new[start]:
            start += 1
        end = 0
        while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
            end += 1
        return _in_three(old, start, end), _in_three(new, start, end)


def changes_between(before: Notice, after: Notice) -> tuple[ClauseChange, ...]:
    """Return the clauses that differ, in the order of the later version.

    Clauses of the same words belong together, in their order; of the others those of the same
    kind and label. What is left was added, or removed: it stands behind what it followed. Time
    grows with the number of clauses.

    Args:
        before: the earlier version.
        after: the later one.
    """
    old, new = before.clauses, after.clauses
    partner: dict[int, int] = {}  # of the later version → of the earlier
    taken: set[int] = set()
    for key_of in (_words_and_place, _words, _place):
        waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
        for i, clause in enumerate(old):
            if i not in taken:
                waiting[key_of(clause)].append(i)
        for j, clause in enumerate(new):
            if j not in partner and waiting[key_of(clause)]:
                partner[j] = waiting[key_of(clause)].popleft()
                taken.add(partner[j])
    removed: defaultdict[int, list[ClauseChange]] = defaultdict(list)
    last = -1
    behind = {i: j for j, i in partner.items()}
    for i, clause in enumerate(old):
        last = behind.get(i, last)
        if i not in taken:
            removed[last].append(ClauseChange(ChangeKind.REMOVED, clause, None))
    found = list(removed[-1])
    for j, clause in enumerate(new):
        if (change := _change(old, partner.get(j), clause)) is not None:
            found.append(change)
        found += removed[j]
    return tuple(found)


def _change(old: Sequence[Clause], at: int | None, clause: Clause) -> ClauseChange | None:
    if at is None:
        return ClauseChange(ChangeKind.ADDED, None, clause)
    before = old[at]
    if _words(before) != _words(clause):
        return ClauseChange(ChangeKind.CHANGED, before, clause)
    if before.label != clause.label:
        return ClauseChange(ChangeKind.RENUMBERED, before, clause)
    return None


def _words(clause: Clause) -> Hashable:
    """What a clause says, without its own number: that may change though nothing else does."""
    marker = find_marker(clause.text)
    return normalise(clause.text[marker.end :] if marker else clause.text)


def _place(clause: Clause) -> Hashable:
    return clause.kind, clause.label


def _words_and_place(clause: Clause) -> Hashable:
    return _words(clause), _place(clause)


def _in_three(words: Sequence[str], start: int, end: int) -> tuple[str, str, str]:
    stop = len(words) - end
    return " ".join(words[:start]), " ".join(words[start:stop]), " ".join(words[stop:])
