"""The demo from the command line down to the models: what `make run </dev/null` ends with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fakes_cli import Congvu
from given_parts import GivenParts
from machine import ROOT

from assistant.llm.base import GrammarLLM
from assistant.llm.fake import QueueLLM
from eval.dataset import Answer, load_answers, load_questions
from index.embedder import Embedder
from index.fakes import CountingEmbedder

GOLD = load_questions(ROOT / "eval" / "samples.jsonl")
QUESTIONS = (ROOT / "ui" / "questions.txt").read_text(encoding="utf-8").splitlines()


def answers(congvu: Congvu, tmp_path: Path) -> dict[str, Answer]:
    """Ask the demo's questions as a batch and read the answers as the scorer does."""
    asked = [one for one in GOLD if one.question in QUESTIONS]
    lines = [json.dumps({"id": one.id, "question": one.question}) for one in asked]
    batch, out = tmp_path / "questions.jsonl", tmp_path / "answers.jsonl"
    batch.write_text("\n".join(lines), encoding="utf-8")
    result = congvu("ask", "--batch", batch, "--out", out)
    assert result.code == 0, result.err
    return load_answers(out, asked)


def test_whatever_is_answered_is_cited_verbatim(congvu: Congvu, tmp_path: Path) -> None:
    congvu.settings = congvu.settings.model_copy(update={"lead": "quote"})
    congvu.parts = GivenParts(congvu.settings, CountingEmbedder(), QueueLLM())
    result = congvu("demo")
    assert result.code == 0, result.err
    assert [line[5:] for line in result.out.splitlines() if line.startswith("Hỏi> ")] == QUESTIONS
    samples = {path.name: path for path in (ROOT / "corpus" / "samples").iterdir()}
    for answer in answers(congvu, tmp_path).values():
        assert bool(answer.citations) is not answer.refused
        for citation in answer.citations:
            source = samples[citation.notice.file].read_text(encoding="utf-8").split("\n")
            first, last = citation.clause.lines
            assert citation.clause.text.split("\n")[0].strip() in "\n".join(
                source[first - 1 : last]
            )


@pytest.mark.models
def test_the_questions_of_the_readme_are_answered(
    congvu: Congvu, tmp_path: Path, real_embedder: Embedder, real_llm: GrammarLLM
) -> None:
    congvu.parts = GivenParts(congvu.settings, real_embedder, real_llm)
    shown = congvu("demo")
    assert shown.code == 0, shown.err
    given = answers(congvu, tmp_path)
    for one in GOLD:
        if one.question in QUESTIONS:
            answer = given[one.id]
            assert answer.refused is not one.answerable, one.question
            for group in one.gold:
                cited = any(c.touches(line) for c in answer.citations for line in group)
                assert cited, (one.question, answer.answer)
