"""The default models answer the questions on the sample notices: measured, with floors.

The floors lie a little below what was measured when they were written (in brackets), so that
another word in a prompt passes and a fault in ranking, gate or verification does not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from fakes_notices import SAMPLE_FILES, read_file
from machine import ROOT

from assistant.answer.quotation import find_markers
from assistant.assistant import AnswerOptions, Assistant
from assistant.contract import Answer
from assistant.llm.llama_cpp import LlamaCpp
from assistant.understand.question import Turn
from eval.dataset import load_answers, load_questions
from eval.score import Report, score
from eval.statistics import Estimate
from index.embedder import Embedder
from index.embedding_cache import EmbeddingCache
from index.snapshot import Snapshot
from index.snapshot_store import SnapshotStore

pytestmark = pytest.mark.models

QUESTIONS = ROOT / "eval" / "samples.jsonl"


@dataclass(frozen=True)
class Run:
    """One run over the question set."""

    snapshot: Snapshot
    answers: Mapping[str, Answer]
    report: Report


@pytest.fixture(scope="module")
def run(
    real_embedder: Embedder, real_llm: LlamaCpp, tmp_path_factory: pytest.TempPathFactory
) -> Run:
    home = tmp_path_factory.mktemp("samples")
    notices = [read_file(path) for path in SAMPLE_FILES]
    cache = EmbeddingCache(home / "cache.sqlite")
    snapshot = SnapshotStore(home).build(notices, real_embedder, cache)
    assistant = Assistant.from_parts(snapshot, real_embedder, real_llm, AnswerOptions())
    answers = {
        record["id"]: assistant.ask(
            record["question"],
            [Turn(turn["role"], turn["content"]) for turn in record.get("history") or ()],
        )
        for record in map(json.loads, QUESTIONS.read_text("utf-8").splitlines())
    }
    return Run(snapshot, answers, scored(answers, home / "answers.jsonl"))


def scored(answers: Mapping[str, Answer], path: Path) -> Report:
    lines = (json.dumps({"id": name, **one.to_dict()}) for name, one in answers.items())
    path.write_text("\n".join(lines), "utf-8")
    questions = load_questions(QUESTIONS)
    return score(questions, load_answers(path, questions))


def failures(report: Report) -> str:
    """What went wrong, for the message of a failed test."""
    return "\n".join(
        f"{one.question.id} {one.question.question}: {'; '.join(one.reasons)}"
        for one in report.judged
        if one.reasons
    )


def value(found: Estimate) -> float:
    assert found.value is not None
    return found.value


def test_every_question_is_answered(run: Run) -> None:
    assert not run.report.unanswered
    assert len(run.answers) >= 50


@pytest.mark.parametrize(
    ("measure", "floor"),
    [
        ("accuracy", 0.96),  # [1.00]
        ("citation_recall", 0.95),  # [.98]
        ("citation_precision", 0.90),  # [.92]
        ("refusal_recall", 0.55),  # [.56]; 1.00 while the gate was fitted to these (0016)
        ("faithful_in_clause", 1.0),  # [1.00]: never to be softened
        ("faithful_with_context", 1.0),
    ],
)
def test_quality_does_not_fall(run: Run, measure: str, floor: float) -> None:
    found: Estimate = getattr(run.report.overall, measure)
    assert value(found) >= floor, failures(run.report)


def test_answerable_questions_are_not_refused(run: Run) -> None:
    assert value(run.report.overall.false_refusals) <= 0.03, failures(run.report)  # [.00]


def test_nobody_wins_by_pouring_out_clauses(run: Run) -> None:
    too_long = {kind: one.words for kind, one in run.report.length.items() if one.within is False}
    assert not too_long


def test_every_marker_leads_to_a_verbatim_quote(run: Run) -> None:
    for name, answer in run.answers.items():
        markers = {number for _, number in find_markers(answer.answer)}
        assert markers == {citation.marker for citation in answer.citations}, name
        for citation in answer.citations:
            assert citation.quote in run.snapshot.clauses[citation.clause.id].text, name
            assert citation.verified, name


def test_whatever_cites_a_draft_says_so(run: Run) -> None:
    cites = {
        n for n, a in run.answers.items() if any(c.notice.status == "draft" for c in a.citations)
    }
    warns = {n for n, a in run.answers.items() if any(w.kind == "draft" for w in a.warnings)}
    assert cites == warns
    assert cites


def test_the_contradiction_between_two_samples_is_told(run: Run) -> None:
    told = {
        frozenset(citation.notice.number for citation in answer.citations)
        for answer in run.answers.values()
        if any(warning.kind == "conflict" for warning in answer.warnings)
    }
    assert any(frozenset({"45/KH-UBND", ""}) <= one for one in told)
