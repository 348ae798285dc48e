"""Questions on documents that nothing was fitted to: a drop on them is a fault that others meet."""

from __future__ import annotations

import tomllib

import pytest
from fakes_notices import read_file
from machine import DOCUMENTS, ROOT

from assistant.assistant import AnswerOptions, Assistant
from assistant.llm.llama_cpp import LlamaCpp
from assistant.understand.question import Turn
from eval.dataset import load_questions
from eval.measures import Metric, measure
from eval.suites.asking import Clauses, ask, record_of
from index.embedder import Embedder
from index.embedding_cache import EmbeddingCache
from index.snapshot_store import SnapshotStore

pytestmark = [pytest.mark.models, pytest.mark.shared]

BOUNDS = tomllib.loads((ROOT / "eval" / "guard.toml").read_text("utf-8"))
QUESTIONS = ROOT / "eval" / "sets" / "guard.jsonl"


@pytest.fixture(scope="module")
def measured(
    real_embedder: Embedder, real_llm: LlamaCpp, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Metric]:
    home = tmp_path_factory.mktemp("guard")
    questions = load_questions(QUESTIONS)
    names = sorted({name for one in questions for name in one.files})
    notices = [read_file(DOCUMENTS / "vbpl" / name) for name in names]
    snapshot = SnapshotStore(home).build(
        notices, real_embedder, EmbeddingCache(home / "cache.sqlite")
    )
    options = AnswerOptions(lead=False)
    assistant = Assistant.from_parts(snapshot, real_embedder, real_llm, options)
    clauses = Clauses.of(tuple(snapshot.notices.values()))
    records = []
    for question in questions:
        history = [Turn(turn.role, turn.content) for turn in question.history]
        records.append(record_of(question, ask(assistant, question, history).answer, clauses))
    return measure(records)


@pytest.mark.parametrize("name", BOUNDS["floors"])
def test_no_figure_falls_below_its_floor(measured: dict[str, Metric], name: str) -> None:
    value = measured[name].value
    assert value is not None
    assert value >= BOUNDS["floors"][name], name


@pytest.mark.parametrize("name", BOUNDS["ceilings"])
def test_no_figure_rises_above_its_ceiling(measured: dict[str, Metric], name: str) -> None:
    value = measured[name].value
    assert value is not None
    assert value <= BOUNDS["ceilings"][name], name
