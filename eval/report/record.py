"""One question of a run, as the page reads it: whatever a record lacks is empty or None."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class GoldLine:
    """A line that answers the question, with its clause where the record holds it.

    Args:
        file: name of the notice.
        line: 1-based.
    """

    file: str
    line: int
    label: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation of an answer.

    Args:
        marker: number in the answer.
        notice: number and kind, or the file name.
        ranges: inclusive lines that the clause stands on, 1-based.
    """

    marker: int
    notice: str
    file: str
    label: str
    context: str
    text: str
    quote: str
    ranges: tuple[tuple[int, int], ...]

    def covers(self, file: str, line: int) -> bool:
        """Whether the clause stands on a line of a file."""
        return self.file == file and _within(self.ranges, line)


@dataclass(frozen=True, slots=True)
class RetrievedClause:
    """A clause that was retrieved, and whether it stands on a gold line (None: not known)."""

    clause_id: str
    score: float
    label: str
    is_gold: bool | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A document, with its score and its best clause where the record holds them."""

    id: str
    score: float | None = None
    label: str = ""
    text: str = ""


@dataclass(frozen=True)
class Record:
    """One line of ``records.jsonl``; what was judged may lie in it or in its ``details``."""

    raw: Mapping[str, Any]

    def get(self, name: str) -> Any:  # noqa: ANN401
        """Return a field of the record or, failing that, of its details."""
        details = self.raw.get("details")
        return self.raw.get(name, details.get(name) if isinstance(details, Mapping) else None)

    def text(self, name: str) -> str:
        """Return a field as text, empty if it isn't there."""
        value = self.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool | None:
        """Return a yes or no, None if it isn't there."""
        value = self.get(name)
        return value if isinstance(value, bool) else None

    def number(self, name: str) -> float | None:
        """Return a number, None if it isn't there."""
        return as_number(self.get(name))

    def items(self, name: str) -> list[Any]:
        """Return a list, empty if it isn't there."""
        value = self.get(name)
        return value if isinstance(value, list) else []

    @property
    def id(self) -> str:
        """The question's id."""
        return self.text("id")

    @property
    def question(self) -> str:
        """The question as asked."""
        return self.text("question")

    @property
    def confidence(self) -> float | None:
        """What the gate judged by: ``gate`` (a number or its ``score``) or ``confidence``."""
        gate = self.get("gate")
        score = as_number(gate.get("score") if isinstance(gate, Mapping) else gate)
        return self.number("confidence") if score is None else score

    @property
    def must(self) -> tuple[tuple[str, ...], ...]:
        """Groups of forms; one of a group is enough, all groups are needed."""
        groups = [group for group in self.items("must") if isinstance(group, list)]
        return tuple(tuple(str(form) for form in group) for group in groups)

    @property
    def reasons(self) -> tuple[str, ...]:
        """What went wrong, one Vietnamese line each."""
        return tuple(str(one) for one in self.items("reasons"))

    def slices(self, name: str) -> tuple[str, ...]:
        """Return the groups of a slice that the question is in."""
        found = self.get("slices")
        values = found.get(name) if isinstance(found, Mapping) else None
        return tuple(str(one) for one in values) if isinstance(values, list) else ()

    @property
    def error(self) -> str:
        """The error that came instead of an answer, empty if none did."""
        error = self.get("error")
        if isinstance(error, Mapping):
            return str(error.get("message") or error.get("kind") or "lỗi")
        return str(error) if error else ""

    @property
    def timings(self) -> Mapping[str, float]:
        """Seconds by name."""
        found = self.get("timings_ms")
        pairs = found.items() if isinstance(found, Mapping) else ()
        numbers = ((str(name), as_number(value)) for name, value in pairs)
        return {name: value / 1000 for name, value in numbers if value is not None}

    @cached_property
    def ranked(self) -> tuple[Ranked, ...]:
        """Documents of a retrieval question, best first."""
        found = {one.id: one for one in self._documents("found")}
        ranking = self.get("ranking")
        if isinstance(ranking, list):
            return tuple(found.get(str(one), Ranked(str(one))) for one in ranking)
        return tuple(
            Ranked(str(pair[0]), as_number(pair[1]) if len(pair) > 1 else None)
            for pair in self.items("ranked")
            if isinstance(pair, list) and pair
        )

    @cached_property
    def relevant(self) -> tuple[Ranked, ...]:
        """Documents that answer a retrieval question."""
        relevant = self.get("relevant")
        if isinstance(relevant, list | dict):
            return tuple(Ranked(str(one)) for one in relevant)
        return self._documents("gold")

    @property
    def is_retrieval(self) -> bool:
        """Whether documents were to be found, not an answer."""
        return bool(self.relevant)

    @property
    def right(self) -> bool | None:
        """Whether the question came out right; retrieval: whether the first document answers it."""
        if self.is_retrieval:
            return bool(self.ranked) and self.ranked[0].id in {one.id for one in self.relevant}
        return self.flag("right")

    @cached_property
    def citations(self) -> tuple[Cited, ...]:
        """What the answer cites."""
        return tuple(_cited(one) for one in self.items("citations") if isinstance(one, Mapping))

    @cached_property
    def gold(self) -> tuple[tuple[GoldLine, ...], ...]:
        """Groups of lines; one of a group is enough, all groups are needed."""
        groups = [group for group in self.items("gold") if isinstance(group, list)]
        return tuple(
            tuple(
                GoldLine(
                    str(line.get("file") or ""),
                    int(as_number(line.get("line")) or 0),
                    str(line.get("label") or ""),
                    str(line.get("text") or ""),
                )
                for line in group
                if isinstance(line, Mapping)
            )
            for group in groups
        )

    @cached_property
    def evidence(self) -> tuple[RetrievedClause, ...]:
        """What was retrieved, best first."""
        items = [one for one in self.items("evidence") if isinstance(one, Mapping)]
        return tuple(
            RetrievedClause(
                str(one.get("clause_id") or ""), score, str(one.get("label") or ""), self._hit(one)
            )
            for one in items
            if (score := as_number(one.get("score"))) is not None
        )

    def _documents(self, name: str) -> tuple[Ranked, ...]:
        items = [one for one in self.items(name) if _is_document(one)]
        return tuple(
            Ranked(
                str(one["document"]),
                as_number(one.get("score")),
                str(one.get("label") or ""),
                str(one.get("text") or ""),
            )
            for one in items
        )

    def _hit(self, item: Mapping[str, Any]) -> bool | None:
        file, ranges = item.get("file"), _ranges(item)
        if not isinstance(file, str) or not ranges or not self.gold:
            return None
        return any(
            line.file == file and _within(ranges, line.line)
            for group in self.gold
            for line in group
        )


def as_number(value: object) -> float | None:
    """Return a finite JSON number as float, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < float("inf") else None


def _is_document(one: object) -> bool:
    return isinstance(one, Mapping) and "document" in one


def _within(ranges: tuple[tuple[int, int], ...], line: int) -> bool:
    return any(first <= line <= last for first, last in ranges)


def _ranges(clause: Mapping[str, Any]) -> tuple[tuple[int, int], ...]:
    """Lines of a clause: ``spans_lines``, which parts page-broken halves, wins over ``lines``."""
    spans = clause.get("spans_lines")
    stated = spans if isinstance(spans, list) and spans else [clause.get("lines")]
    pairs = [pair for pair in stated if isinstance(pair, list) and len(pair) == 2]
    return tuple(
        (int(pair[0]), int(pair[1])) for pair in pairs if all(isinstance(one, int) for one in pair)
    )


def _cited(one: Mapping[str, Any]) -> Cited:
    clause, notice = (_mapping(one.get(name)) for name in ("clause", "notice"))
    file = str(notice.get("file") or "")
    named = " ".join(str(notice[key]) for key in ("kind", "number") if notice.get(key))
    return Cited(
        marker=int(as_number(one.get("marker")) or 0),
        notice=named or file,
        file=file,
        label=str(clause.get("label") or ""),
        context=str(clause.get("context") or ""),
        text=str(clause.get("text") or ""),
        quote=str(one.get("quote") or ""),
        ranges=_ranges(clause),
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
