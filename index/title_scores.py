"""What stands under which title, and what a title says of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.notice import Clause, ClauseKind
from index.fusion import Scores
from index.passages import Passage


class Titles:
    """The titles of notices and sections, and the passages under each.

    A question is often put in the words of a title (“Nhiệm vụ của …”), which the clauses under
    it don't repeat. Who asks so wants them and not the title.

    Args:
        passages: of a snapshot.
        clauses: id → clause.
    """

    def __init__(self, passages: Sequence[Passage], clauses: Mapping[str, Clause]) -> None:
        under: defaultdict[str, list[int]] = defaultdict(list)
        titles: defaultdict[str, list[int]] = defaultdict(list)
        for row, passage in enumerate(passages):
            if passage.kind is ClauseKind.HEADER:
                titles[passage.notice_id].append(row)
                continue
            if passage.kind is ClauseKind.HEADING:
                titles[passage.clause_id].append(row)
            elif passage.kind.is_content:
                under[passage.notice_id].append(row)
                for part in clauses[passage.clause_id].context:
                    under[part.clause_id].append(row)
        filled = [one for one in titles if under[one]]
        self._titles = _Groups([titles[one] for one in filled])
        self._under = _Groups([under[one] for one in filled])

    def lend(self, scores: Scores) -> Scores:
        """Give the best passage under each title the title's score, where that is higher.

        Args:
            scores: of all passages, shape (n,); those that may not be found are negative.
        """
        lent = scores.copy()
        title, best = self._titles.highest(scores), self._under.highest(scores)
        for group in np.flatnonzero((title > best) & (best >= 0)).tolist():
            rows = self._under.rows(group)
            row = rows[scores[rows].argmax()]
            lent[row] = max(lent[row], title[group])
        return lent


class _Groups:
    """Groups of rows, none empty, one after the other in an array: one call for all of them."""

    def __init__(self, groups: Sequence[Sequence[int]]) -> None:
        self._rows = np.array([row for group in groups for row in group], dtype=np.int64)
        self._ends = np.cumsum([0, *map(len, groups)])

    def rows(self, group: int) -> NDArray[np.int64]:
        return self._rows[self._ends[group] : self._ends[group + 1]]

    def highest(self, scores: Scores) -> Scores:
        if not len(self._rows):
            return np.empty(0, dtype=np.float32)
        found: Scores = np.maximum.reduceat(scores[self._rows], self._ends[:-1])
        return found
