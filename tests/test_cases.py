"""Small made-up documents whose faults users of other systems reported: each is asked as it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pytest
from fakes_notices import read_file
from machine import CASES

from assistant.assistant import AnswerOptions, Assistant
from assistant.llm.llama_cpp import LlamaCpp
from eval.text_match import occurs
from index.embedder import Embedder
from index.embedding_cache import EmbeddingCache
from index.snapshot_store import SnapshotStore

pytestmark = [pytest.mark.models, pytest.mark.shared]

Case = Mapping[str, Any]
Ask = Callable[[tuple[str, ...]], Assistant]

LINES = (CASES / "cases.jsonl").read_text("utf-8").splitlines() if CASES.is_dir() else []


@pytest.fixture(scope="module")
def assistant_of(
    real_embedder: Embedder, real_llm: LlamaCpp, tmp_path_factory: pytest.TempPathFactory
) -> Ask:
    """Return the assistant that has read nothing but the named documents."""

    @cache
    def build(names: tuple[str, ...]) -> Assistant:
        home = tmp_path_factory.mktemp("case")
        notices = [read_file(CASES / name) for name in names]
        snapshot = SnapshotStore(home).build(
            notices, real_embedder, EmbeddingCache(home / "cache.sqlite")
        )
        return Assistant.from_parts(snapshot, real_embedder, real_llm, AnswerOptions(lead=False))

    return build


@pytest.mark.parametrize("case", [json.loads(x) for x in LINES], ids=lambda case: case["id"])
def test_a_case(case: Case, assistant_of: Ask) -> None:
    answer = assistant_of(tuple(case["docs"])).ask(case["question"])
    lacking = [forms for forms in case.get("must", ()) if not contains_any(answer.answer, forms)]
    held = [form for form in case.get("must_not", ()) if contains_any(answer.answer, [form])]
    assert (answer.refused, lacking, held) == (case["refused"], [], []), answer.answer


def contains_any(text: str, forms: list[str]) -> bool:
    return any(occurs(form, text) for form in forms)
