"""Questions on documents that nothing was fitted to: a drop on them is a fault that others meet."""

from __future__ import annotations

import tomllib

import pytest
from fakes_notices import read_file
from machine import DOCUMENTS, ROOT

from assistant.assistant import AnswerOptions, Assistant
from assistant.llm.llama_cpp import LlamaCpp
from eval.measures import Metric, measure
from eval.suites.asking import Clauses, ask, record_of
from eval.suites.notices import NoticeQuestions
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
    asked = NoticeQuestions.load(QUESTIONS, DOCUMENTS / "vbpl")
    notices = [read_file(path) for path in asked.files]
    snapshot = SnapshotStore(home).build(
        notices, real_embedder, EmbeddingCache(home / "cache.sqlite")
    )
    options = AnswerOptions(lead=False)
    assistant = Assistant.from_parts(snapshot, real_embedder, real_llm, options)
    clauses = Clauses.of(tuple(snapshot.notices.values()))
    return measure(
        [
            record_of(one, ask(assistant, one, asked.history.get(one.id, ())).answer, clauses)
            for one in asked.questions.values()
        ]
    )


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
