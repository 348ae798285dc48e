"""In which notices to look: chosen by name, kind and date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from corpus.errors import BadInput
from corpus.store.library import StoredNotice
from ui.web.sent import Sent


@dataclass(frozen=True, slots=True)
class Filter:
    """What a person ticked; what is empty leaves everything in.

    Args:
        notices: ids.
        kinds: such as “Kế hoạch”.
        first: the earliest date of a notice.
        last: the latest.
    """

    notices: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None

    @classmethod
    def of(cls, sent: Sent) -> Self:
        """Read it from what the page sent."""
        return cls(sent.texts("notices"), sent.texts("kinds"), sent.day("from"), sent.day("to"))

    @property
    def is_open(self) -> bool:
        """Whether every notice passes."""
        return not (self.notices or self.kinds or self.first or self.last)

    def choose(self, notices: Sequence[StoredNotice]) -> tuple[str, ...]:
        """Return the ids of the notices to look in; none means all.

        Raises:
            BadInput: no notice passes.
        """
        if self.is_open:
            return ()
        chosen = tuple(one.id for one in notices if self._passes(one))
        if not chosen:
            raise BadInput(
                "Không có văn bản nào khớp với bộ lọc.", "Hãy bỏ bớt điều kiện trong phần lọc."
            )
        return chosen

    def _passes(self, notice: StoredNotice) -> bool:
        header = notice.header
        if self.notices and notice.id not in self.notices:
            return False
        if self.kinds and (header.kind or NO_KIND) not in self.kinds:
            return False
        if self.first is None and self.last is None:
            return True
        # A notice without a date can't be said to lie between two.
        return header.date is not None and (
            (self.first is None or header.date >= self.first)
            and (self.last is None or header.date <= self.last)
        )


NO_KIND = "Không rõ loại"
"""What stands for the kind of a notice that doesn't say it."""
