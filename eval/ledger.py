"""Where a question was lost on its way to the answer.

A question passes five stages: its notice is found, its clauses are among the evidence, they are
chosen, what is shown of them holds the answer, and the gate lets it through. A wrong answer was
lost at the first stage after which the rest could not be right. Looked at from the end:

- ``gate``: it was refused, though what would have been shown holds all that is required;
- ``excerpt``: the right clauses were chosen, but what is shown of them lacks what is required,
  or holds what no right answer does;
- ``choice``: all gold clauses were among the evidence, and others were chosen;
- ``evidence``: a notice was found, and not all gold clauses of it;
- ``notice``: no gold notice was found.

Clauses are the right ones if they stand on all groups of gold lines, or on some and hold all that
is required: what is required may stand in a clause that nobody marked, but a number such as “14”
stands in many clauses that have nothing to do with the question.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from assistant.answer.wording import body, cite
from assistant.find.ground import Ground
from eval.dataset import GoldLine, Question
from eval.text_match import occurs

if TYPE_CHECKING:
    from eval.suites.asking import Places


class Stage(StrEnum):
    """Where a question was lost, in the order of the way."""

    FAILED = "failed"  # an error came instead of an answer
    NOTICE = "notice"
    EVIDENCE = "evidence"
    CHOICE = "choice"
    EXCERPT = "excerpt"
    GATE = "gate"
    NONE = "none"  # the answer is right
    ANSWERED = "answered"  # though the notices don't tell
    REFUSED = "refused"  # for the notices don't tell


WAY = (Stage.NOTICE, Stage.EVIDENCE, Stage.CHOICE, Stage.EXCERPT, Stage.GATE)
"""What an answerable question passes."""

_ORDER = tuple(Stage)


@dataclass(frozen=True, slots=True)
class Ledger:
    """What became of one question.

    Args:
        answerable: whether the notices tell.
        failed: whether an error came instead of an answer.
        right: whether it came out right.
        notice_found: whether any evidence is of a gold notice.
        notice_first: whether the first is.
        gold_rank: place of the first gold clause among the evidence, from 1; None where none is.
        all_gold_found: whether the evidence stands on every group of gold lines.
        gold_chosen: whether a clause that is quoted, or would have been, stands on a gold line.
        all_gold_chosen: whether they stand on every group.
        facts: required facts, groups of ``must``.
        facts_chosen: how many of them stand in the chosen clauses or their context.
        facts_quoted: in the quotes, shown or not.
        facts_answered: in the answer.
        forbidden_quoted: whether the quotes hold what no right answer does.
        refused: whether the gate refused.
        confidence: how sure it was that there is an answer.
    """

    answerable: bool
    failed: bool
    right: bool
    notice_found: bool
    notice_first: bool
    gold_rank: int | None
    all_gold_found: bool
    gold_chosen: bool
    all_gold_chosen: bool
    facts: int
    facts_chosen: int
    facts_quoted: int
    facts_answered: int
    forbidden_quoted: bool
    refused: bool
    confidence: float | None

    @property
    def lost(self) -> Stage:
        """See the module."""
        if self.failed:
            return Stage.FAILED
        if not self.answerable:
            return Stage.REFUSED if self.refused else Stage.ANSWERED
        if self.right:
            return Stage.NONE
        return next(stage for stage, passed in reversed(list(self._before())) if passed)

    def _before(self) -> Iterator[tuple[Stage, bool]]:
        """Yield for each stage of a wrong answer whether all before it was right."""
        chosen = self.all_gold_chosen or (self.gold_chosen and self._all(self.facts_chosen))
        shown = self._all(self.facts_quoted) if self.facts else self.all_gold_chosen
        yield Stage.NOTICE, True
        yield Stage.EVIDENCE, self.notice_found
        yield Stage.CHOICE, self.all_gold_found
        yield Stage.EXCERPT, chosen
        yield (
            Stage.GATE,
            self.refused and self.gold_chosen and shown and not self.forbidden_quoted,
        )

    def _all(self, facts: int) -> bool:
        return 0 < self.facts == facts

    def to_json(self) -> dict[str, Any]:
        """Return it ready for JSON, with the stage."""
        return {**asdict(self), "lost": self.lost.value}

    def measures(self) -> dict[str, list[float]]:
        """Return (part, whole) of each rate; ``kept_…`` is what a stage and those before it left.

        After the gate it is ``answer_accuracy``.
        """
        if not self.answerable:
            return {}
        told = {
            "notice_found": (self.notice_found, 1),
            "notice_first": (self.notice_first, 1),
            "all_gold_found": (self.all_gold_found, 1),
            "gold_chosen": (self.gold_chosen, 1),
            "facts_chosen": (self.facts_chosen, self.facts),
            "facts_quoted": (self.facts_quoted, self.facts),
        }
        place = _ORDER.index(self.lost)
        told |= {f"kept_{stage}": (place > _ORDER.index(stage), 1) for stage in WAY[:-1]}
        return {name: [int(part), whole] for name, (part, whole) in told.items() if whole}


def ledger_of(
    question: Question, record: Mapping[str, Any], ground: Ground | None, places: Places
) -> Ledger:
    """Follow a question on its way.

    Args:
        question: as it stands in the set.
        record: of its answer, judged.
        ground: what was chosen, of a refusal too.
        places: looks up what stands on gold lines.
    """
    evidence = [str(item["clause_id"]) for item in record["evidence"]]
    files = [unicodedata.normalize("NFC", item.get("file", "")) for item in record["evidence"]]
    quotes = ground.quotes if ground else ()
    clauses = {quote.clause.id: quote.clause for quote in quotes}
    quoted = body(cite(ground)) if ground and quotes else ""
    refused = bool(record.get("refused"))
    found, chosen = (_groups(ids, question.gold, places) for ids in (evidence, list(clauses)))
    return Ledger(
        answerable=question.answerable,
        failed=bool(record.get("error")),
        right=bool(record["right"]),
        notice_found=bool(set(files) & set(question.files)),
        notice_first=bool(files) and files[0] in question.files,
        gold_rank=min((ranks[0] for ranks in found if ranks), default=None),
        all_gold_found=bool(found) and all(found),
        gold_chosen=any(chosen),
        all_gold_chosen=bool(chosen) and all(chosen),
        facts=len(question.must),
        facts_chosen=_facts(
            question, *(f"{one.text}\n{one.context_text}" for one in clauses.values())
        ),
        facts_quoted=_facts(question, quoted),
        facts_answered=0 if refused else _facts(question, str(record.get("answer") or "")),
        forbidden_quoted=any(occurs(form, quoted) for form in question.must_not),
        refused=refused,
        confidence=record.get("confidence"),
    )


def _groups(
    clause_ids: Sequence[str], gold: Sequence[Sequence[GoldLine]], places: Places
) -> list[list[int]]:
    """Return for each group of gold lines the places, from 1, of the clauses that stand on it."""
    return [
        [
            place
            for place, one in enumerate(clause_ids, start=1)
            if any(places.touches(one, line) for line in group)
        ]
        for group in gold
    ]


def _facts(question: Question, *texts: str) -> int:
    """How many required facts stand in any of ``texts``."""
    return sum(
        any(occurs(form, text) for form in group for text in texts) for group in question.must
    )
