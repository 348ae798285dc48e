"""One question put to the whole assistant, judged, as a record."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.events import Done
from assistant.find.ground import Ground
from assistant.runtime.wiring import Answerer
from assistant.understand.question import Turn
from corpus.errors import Cancelled, CongvuError
from corpus.notice import Clause, Notice
from eval.dataset import Answer, GoldLine, Question
from eval.metrics import Judged, Share
from eval.retrieval_metrics import NAMES, judge_ranking
from eval.score import score
from eval.suites.base import to_json


class Places(Protocol):
    """Looks up what answers and gold lines point to."""

    def on(self, gold: GoldLine) -> Clause | None:
        """Return the clause that stands on a gold line."""

    def touches(self, evidence_id: str, gold: GoldLine) -> bool:
        """Whether a piece of evidence stands on a gold line."""

    def described(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """Return an item of the evidence with its file, label and lines."""


@dataclass(frozen=True, slots=True)
class Clauses:
    """Looks up what answers and gold lines point to.

    Args:
        notices: by file name.
        clauses: by id, each with its notice.
    """

    notices: Mapping[str, Notice]
    clauses: Mapping[str, tuple[Notice, Clause]]

    @classmethod
    def of(cls, notices: Sequence[Notice]) -> Clauses:
        """Index ``notices``."""
        return cls(
            {_file_of(notice): notice for notice in notices},
            {clause.id: (notice, clause) for notice in notices for clause in notice.clauses},
        )

    def on(self, gold: GoldLine) -> Clause | None:
        """Return the clause that stands on a gold line."""
        notice = self.notices.get(gold.file)
        clauses = () if notice is None else notice.clauses
        return next((c for c in clauses if _stands_on(c, gold.line)), None)

    def touches(self, evidence_id: str, gold: GoldLine) -> bool:
        """See ``Places``; the evidence is clauses."""
        found = self.clauses.get(evidence_id)
        if found is None:
            return False
        notice, clause = found
        return _file_of(notice) == gold.file and _stands_on(clause, gold.line)

    def described(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """See ``Places``."""
        found = self.clauses.get(item["clause_id"])
        if found is None:
            return dict(item)
        notice, clause = found
        lines = [*clause.line_range]
        return {**item, "file": notice.file_name, "label": clause.label, "lines": lines}


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for a question.

    Args:
        answer: the contract object with the question's id, or the error that came instead.
        ground: what was chosen to be quoted, of a refusal too; None where nothing was.
    """

    answer: dict[str, Any]
    ground: Ground | None = None


def ask(
    assistant: Answerer,
    question: Question,
    history: Sequence[Turn],
    notices: Sequence[str] = (),
) -> Reply:
    """Ask; an error is an answer too.

    Args:
        assistant: who is asked.
        question: what.
        history: earlier turns, oldest first.
        notices: ids of the only notices to look in; none means all.
    """
    try:
        *_, last = assistant.stream(question.question, history, notices)
    except Cancelled:
        raise
    except CongvuError as error:
        told = {"kind": type(error).__name__, "message": str(error)}
        return Reply({"id": question.id, "question": question.question, "error": told})
    if not isinstance(last, Done):
        raise Cancelled("Câu trả lời đã bị dừng.")
    return Reply(to_json({"id": question.id, **last.answer.to_dict()}), last.ground)


def record_of(question: Question, answer: dict[str, Any], places: Places) -> dict[str, Any]:
    """Judge an answer.

    Returns:
        the contract object; what ``eval.score`` says of it; the gold lines with their clauses;
        the evidence with its clauses; ``measures`` and ``slices``.
    """
    report = score([question], {question.id: Answer.model_validate(answer)})
    judged, detail = report.judged[0], report.details()[0]
    evidence = [places.described(item) for item in answer.get("evidence") or ()]
    slices = {"kind": [question.kind], "style": [question.style], "notice": list(question.files)}
    return {
        **answer,
        **to_json(detail),
        "question": question.question,
        "gold": _gold(question, places),
        "must": to_json(question.must),
        "must_not": list(question.must_not),
        "evidence": evidence,
        "measures": measures_of(judged) | _retrieval(question, evidence, places),
        "slices": {name: values for name, values in slices.items() if values},
    }


def measures_of(judged: Judged) -> dict[str, list[float]]:
    """Return (part, whole) of each rate that the answer counts in."""
    answerable = judged.question.answerable
    right, refused = Share(int(judged.right), 1), Share(int(judged.refused), 1)
    shares = {"faithful_in_clause": judged.faithful_in_clause}
    shares["faithful_with_context"] = judged.faithful_with_context
    if answerable:
        shares["answer_accuracy"] = right
        shares["citation_recall"] = judged.recall
        shares["citation_precision"] = judged.precision
        shares["false_refusals"] = refused
    else:
        shares["refusal_recall"] = refused
    return {name: [one.part, one.whole] for name, one in shares.items() if one.whole}


def _retrieval(
    question: Question, evidence: Sequence[Mapping[str, Any]], places: Places
) -> dict[str, list[float]]:
    """Judge the order of the evidence; a gold group is found with the first clause on its lines.

    A clause on lines of two groups finds both, in this order and the next.
    """
    if not question.answerable or not question.gold:
        return {}
    groups = {f"gold {n}": group for n, group in enumerate(question.gold)}
    ranking: list[str] = []
    for item in evidence:
        clause_id = item["clause_id"]
        touched = [
            name
            for name, group in groups.items()
            if any(places.touches(clause_id, line) for line in group)
        ]
        new = [name for name in touched if name not in ranking]
        ranking += new if touched else [clause_id]
    found = judge_ranking(dict.fromkeys(groups, 1), ranking)
    return {name: [found[name], 1] for name in NAMES}


def _gold(question: Question, places: Places) -> list[list[dict[str, Any]]]:
    groups: list[list[dict[str, Any]]] = []
    for group in question.gold:
        lines: list[dict[str, Any]] = []
        for line in group:
            clause = places.on(line)
            told = {"label": clause.label, "text": clause.text} if clause is not None else {}
            lines.append({"file": line.file, "line": line.line, **told})
        groups.append(lines)
    return groups


def _file_of(notice: Notice) -> str:
    """Gold lines name files in NFC; a file system may not."""
    return unicodedata.normalize("NFC", notice.file_name)


def _stands_on(clause: Clause, line: int) -> bool:
    return any(first <= line <= last for first, last in clause.lines)
