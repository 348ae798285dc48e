"""The adapter learns from gold passages, and each half of the documents is read by the other's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from fakes_library import PLAN, TB18, Library

import eval.adapting
from corpus.errors import BadInput
from eval.adapting import Adapting, Lesson, lessons_of, train
from eval.dataset import Question as Gold
from eval.material import Case, cases_of
from eval.suites.notices import NoticeQuestions
from index.embedders.question_adapter import Factors, QuestionAdapter, shipped_factors
from index.embedders.sentence_transformer import SentenceTransformerEmbedder

COLD = next(n for n, line in enumerate(TB18.splitlines(), 1) if "12 kho lạnh cũ" in line)
SCHOOL = next(n for n, line in enumerate(PLAN.splitlines(), 1) if "Cao đẳng" in line)
STORES, COLLEGE = "Ai rà soát 12 kho lạnh cũ?", "Trường Cao đẳng làm gì?"


@dataclass(frozen=True)
class Asked:
    questions: dict[str, Gold]
    history: dict[str, tuple[()]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("adapting"), TB18, PLAN)


@pytest.fixture(scope="module")
def cases(library: Library) -> tuple[Case, ...]:
    told = (
        ("a", STORES, [[{"file": "0.txt", "line": COLD}]]),
        ("b", COLLEGE, [[{"file": "1.txt", "line": SCHOOL}]]),
        ("c", "Kho lạnh cũ sơn màu gì?", []),
    )
    questions = {
        name: Gold.model_validate(
            {
                "id": name,
                "question": text,
                "kind": "k",
                "style": "s",
                "answerable": bool(gold),
                "gold": gold,
            }
        )
        for name, text, gold in told
    }
    asked = cast("NoticeQuestions", Asked(questions))
    return cases_of(asked, library.snapshot, library.embedder)


class Bare:
    """Frames nothing."""

    def for_query(self, text: str) -> str:
        return text

    def for_document(self, text: str, title: str = "") -> str:
        return text


def empty_embedder() -> SentenceTransformerEmbedder:
    model = cast("Any", torch.nn.Module())
    model.max_seq_length = 8
    return SentenceTransformerEmbedder(model, "told/4/fp32", 4, Bare(), QuestionAdapter({}))


def test_a_lesson_says_where_its_answer_stands(library: Library, cases: tuple[Case, ...]) -> None:
    stores, college = lessons_of(cases)  # what has no answer teaches nothing
    [rows] = stores.gold
    passages = library.snapshot.passages
    assert [("12 kho lạnh cũ" in passages[row].text) for row in rows.tolist()] == [True]
    assert college.passages is stores.passages
    assert stores.passages.shape == (len(passages), library.embedder.dimension)
    assert stores.lexical.max() == 1.0
    assert int(stores.lexical.argmax()) == int(rows[0])


def test_each_half_is_read_by_what_the_other_taught(
    cases: tuple[Case, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taught: list[list[str]] = []

    def note(embedder: object, lessons: Sequence[Lesson], **_: object) -> dict[str, Any]:
        taught.append([one.text for one in lessons])
        return {}

    monkeypatch.setattr(eval.adapting, "train", note)
    adapting = Adapting(empty_embedder(), tmp_path)
    apart = adapting.read_apart(cases, [0, 1, 0])
    assert [[STORES in text for text in texts] for texts in taught] == [[False], [True]]
    assert apart[0].reading is apart[2].reading is not apart[1].reading
    assert [one.question for one in apart] == [one.question for one in cases]
    adapting.read_apart(cases, [0, 1, 0])
    assert len(taught) == 2  # the same lessons are not learned twice


def test_a_half_without_lessons_is_told(cases: tuple[Case, ...], tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="Không có câu hỏi nào"):
        Adapting(empty_embedder(), tmp_path).read_apart(cases[:1], [0])


def test_an_embedder_that_takes_no_adapter_is_told(library: Library, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="--adapt"):
        Adapting(library.embedder, tmp_path)


@pytest.fixture
def trained(
    real_embedder: SentenceTransformerEmbedder,
) -> Iterator[tuple[SentenceTransformerEmbedder, dict[str, tuple[Factors, Factors]]]]:
    """Yield the default embedder after a few steps, and give it back as it came."""
    texts = ["Sở Y tế lập danh mục trạm.", "Trường học dạy bơi.", "Cảng bán vé điện tử."]
    passages = torch.from_numpy(real_embedder.embed_documents(texts, [""] * 3))
    lesson = Lesson("trẻ em học gì", passages, torch.zeros(3), (torch.tensor([2]),))
    factors = train(real_embedder, [lesson], epochs=36)
    try:
        yield real_embedder, factors
    finally:
        real_embedder.adapter.detach(real_embedder.model)
        kept = QuestionAdapter.attach(real_embedder.model, shipped_factors("embeddinggemma-300m"))
        real_embedder.adapter.layers = kept.layers


@pytest.mark.models
def test_training_moves_questions_to_their_passages_and_nothing_else(
    trained: tuple[SentenceTransformerEmbedder, dict[str, tuple[Factors, Factors]]],
) -> None:
    embedder, factors = trained
    text = ["Cảng bán vé điện tử."]
    gold = embedder.embed_documents(text, [""])[0]
    adapted = embedder.embed_queries(["trẻ em học gì"])[0]
    embedder.adapter.load({name: (0 * down, 0 * up) for name, (down, up) in factors.items()})
    bare = embedder.embed_queries(["trẻ em học gì"])[0]
    assert adapted @ gold > bare @ gold + 0.02
    assert np.array_equal(embedder.embed_documents(text, [""])[0], gold)
