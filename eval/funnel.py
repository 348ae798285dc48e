"""How many questions of a run each stage of the way to the answer left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from eval.ledger import WAY, Stage
from eval.measures import Record


def stage_of(record: Record) -> Stage | None:
    """Return where a question was lost; None where its record has no ledger."""
    ledger = record.get("ledger")
    told = ledger.get("lost") if isinstance(ledger, Mapping) else None
    return next((stage for stage in Stage if stage.value == told), None)


@dataclass(frozen=True, slots=True)
class Funnel:
    """Questions by where they were lost.

    Args:
        lost: stage → questions; stages that lost none are left out.
    """

    lost: Mapping[Stage, int]

    @classmethod
    def of(cls, records: Iterable[Record]) -> Funnel:
        """Count; records without a ledger are passed by."""
        return cls(Counter(stage for one in records if (stage := stage_of(one)) is not None))

    def at(self, stage: Stage) -> int:
        """Return how many were lost at a stage."""
        return self.lost.get(stage, 0)

    @property
    def asked(self) -> int:
        """Questions that the notices answer, and those that came to an error."""
        return sum(self.at(stage) for stage in (Stage.FAILED, *WAY, Stage.NONE))

    @property
    def unanswerable(self) -> int:
        """Questions that the notices don't answer."""
        return self.at(Stage.ANSWERED) + self.at(Stage.REFUSED)

    def left(self, stage: Stage) -> int:
        """Return how many were left after a stage of the way; after the gate, they are right."""
        order = (Stage.FAILED, *WAY)
        return self.asked - sum(self.at(one) for one in order[: order.index(stage) + 1])
