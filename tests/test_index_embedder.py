"""The contract of embedders; the fake and the real one run it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from machine import EMBEDDER as MODEL

from assistant.runtime.models.catalogue import Catalogue
from corpus.errors import BadInput, Damaged, ModelMissing
from index.embedder import Embedder, Prompts
from index.embedders.precision import Precision, best_seconds, resolve_precision
from index.embedders.question_adapter import QuestionAdapter
from index.embedders.sentence_transformer import EmbedderOptions, SentenceTransformerEmbedder
from index.fakes import CountingEmbedder, bucket

PROMPTS = Catalogue.load().prompts_of(MODEL)
TEXTS = [
    "Sở Công Thương rà soát kho lạnh.",
    "Hoàn thành trước ngày 15/11/2031, báo cáo Ủy ban nhân dân tỉnh Hồ Sen.",
    "Sở Y tế lập danh mục các trạm.",
    "",
]
TITLES = ["Thông báo 12-TB/UBND › 1. Về nông nghiệp", "", "Thông báo 13-TB/UBND", ""]


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.models)])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    if request.param == "fake":
        return CountingEmbedder()
    real: Embedder = request.getfixturevalue("real_embedder")
    return real


def test_rows_are_unit_vectors_in_order(embedder: Embedder) -> None:
    rows = embedder.embed_documents(TEXTS, TITLES)
    assert rows.shape == (4, embedder.dimension)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    turned = embedder.embed_documents(TEXTS[::-1], TITLES[::-1])
    assert turned[::-1] == pytest.approx(rows, abs=1e-5)


def test_a_vector_does_not_depend_on_its_batch_mates(embedder: Embedder) -> None:
    together = embedder.embed_documents(TEXTS * 3, TITLES * 3)
    alone = embedder.embed_documents(TEXTS[:1], TITLES[:1])
    assert together[0] == pytest.approx(alone[0], abs=1e-5)


@pytest.mark.models
def test_padding_does_not_change_a_vector(real_embedder: Embedder) -> None:
    """Texts of one bucket of lengths share a batch, and the shorter ones are padded."""
    texts = [f"Sở Công Thương rà soát kho lạnh{' cũ' * more}." for more in range(8)]
    lengths = [real_embedder.count_tokens(text) for text in texts]
    assert len(set(lengths)) > 4
    together = real_embedder.embed_documents(texts, [""] * 8)
    alone = np.vstack([real_embedder.embed_documents([text], [""]) for text in texts])
    assert (together * alone).sum(axis=1) == pytest.approx(np.ones(8), abs=1e-4)


def test_the_same_call_gives_the_same_bits(embedder: Embedder) -> None:
    assert np.array_equal(embedder.embed_queries(TEXTS), embedder.embed_queries(TEXTS))


def test_the_title_counts(embedder: Embedder) -> None:
    rows = embedder.embed_documents(TEXTS[:1] * 2, ["Về y tế", "Về kho lạnh"])
    assert not np.allclose(rows[0], rows[1], atol=1e-3)


def test_nothing_gives_no_rows(embedder: Embedder) -> None:
    assert embedder.embed_documents([], []).shape == (0, embedder.dimension)
    assert embedder.embed_queries([]).shape == (0, embedder.dimension)


def test_progress_ends_at_the_number_of_texts(embedder: Embedder) -> None:
    seen: list[int] = []
    embedder.embed_documents(TEXTS, TITLES, seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == len(TEXTS)


def test_titles_and_texts_must_pair(embedder: Embedder) -> None:
    with pytest.raises(ValueError, match="argument"):
        embedder.embed_documents(TEXTS, TITLES[:1])


def test_a_text_beyond_the_window_is_still_embedded(embedder: Embedder) -> None:
    long = "kho lạnh " * (embedder.window // 2 + 50)
    assert embedder.count_tokens(long) > embedder.window
    assert np.isfinite(embedder.embed_documents([long], [""])).all()


def test_a_question_is_nearest_to_its_answer(embedder: Embedder) -> None:
    rows = embedder.embed_documents(TEXTS[:3], TITLES[:3])
    question = embedder.embed_queries(["Sở Y tế lập danh mục gì?"])[0]
    assert int(np.argmax(rows @ question)) == 2


class _Framed:
    """Frames by letters of its own, and remembers nothing else."""

    def for_query(self, text: str) -> str:
        return f"Q:{text}"

    def for_document(self, text: str, title: str = "") -> str:
        return f"D:{title}:{text}"


class _Told:
    """Stands in for the model: a token is a letter, and a vector tells how many there are."""

    max_seq_length = 2048

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.batches: list[list[int]] = []

    def tokenizer(self, texts: list[str], **_: object) -> dict[str, list[list[int]]]:
        return {"input_ids": [[0] * len(text) for text in texts]}

    def encode(self, texts: list[str], **_: object) -> np.ndarray:
        self.heard += texts
        self.batches.append([len(text) for text in texts])
        return np.array([[len(text), 1, 0, 0] for text in texts], dtype=np.float32)


def told_embedder(model: _Told, prompts: Prompts) -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(
        cast("Any", model), "told/4", 4, prompts, QuestionAdapter({})
    )


def test_texts_are_framed_as_the_catalogue_says() -> None:
    model = _Told()
    embedder = SentenceTransformerEmbedder(
        cast("Any", model), "told/4", 4, _Framed(), QuestionAdapter({})
    )
    embedder.embed_queries(["ai ký?"])
    embedder.embed_documents(["Kho lạnh."], [" Mục 1 "])
    assert model.heard == ["Q:ai ký?", "D:Mục 1:Kho lạnh."]


class _Bare:
    """Frames nothing."""

    def for_query(self, text: str) -> str:
        return text

    def for_document(self, text: str, title: str = "") -> str:
        return text


@given(lengths=st.lists(st.integers(1, 3000), max_size=40), more=st.lists(st.just(40), max_size=20))
def test_batches_hold_about_one_length_and_rows_keep_their_order(
    lengths: list[int], more: list[int]
) -> None:
    model = _Told()
    embedder = SentenceTransformerEmbedder(
        cast("Any", model), "told/4", 4, _Bare(), QuestionAdapter({})
    )
    told: list[int] = []
    texts = ["x" * length for length in [*lengths, *more]]
    rows = embedder.embed_documents(texts, [""] * len(texts), told.append)
    for row, text in zip(rows, texts, strict=True):
        assert row[0] == pytest.approx(len(text) * row[1], rel=1e-4)
    for batch in model.batches:
        read = [min(length, model.max_seq_length) for length in batch]
        assert max(read) - min(read) < 16
        assert len(batch) <= 8
        assert len(batch) * max(read) ** 2 <= 2 * model.max_seq_length**2
    first = [max(batch) for batch in model.batches]
    assert [(min(n, 2048) - 1) // 16 for n in first] == sorted(
        ((min(n, 2048) - 1) // 16 for n in first), reverse=True
    )  # what needs most memory comes first
    assert told == list(np.cumsum([len(batch) for batch in model.batches]))


def test_short_texts_of_near_lengths_share_a_batch() -> None:
    model = _Told()
    embedder = SentenceTransformerEmbedder(
        cast("Any", model), "told/4", 4, _Bare(), QuestionAdapter({})
    )
    embedder.embed_documents(["x" * length for length in range(17, 33)], [""] * 16)
    assert [len(batch) for batch in model.batches] == [8, 8]


def test_the_fake_can_be_worked_out_by_hand() -> None:
    row = CountingEmbedder(64).embed_queries(["kho kho lạnh"])[0]
    expected = np.zeros(64)
    expected[bucket("kho", 64)] += 2
    expected[bucket("lạnh", 64)] += 1
    assert row == pytest.approx(expected / np.linalg.norm(expected))


def test_a_missing_model_names_its_files(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"model\.safetensors") as raised:
        SentenceTransformerEmbedder.from_folder(tmp_path, MODEL, PROMPTS)
    assert "congvu models pull" in raised.value.remedy


def test_a_broken_model_is_damaged(tmp_path: Path) -> None:
    for name in ("modules.json", "config.json", "model.safetensors", "tokenizer.json"):
        (tmp_path / name).write_text("{", encoding="utf-8")
    with pytest.raises(Damaged, match=MODEL):
        SentenceTransformerEmbedder.from_folder(tmp_path, MODEL, PROMPTS)


@pytest.mark.parametrize(("precision", "dimension"), [("fp16", 768), ("auto", 300)])
def test_other_precisions_and_dimensions_are_refused(precision: str, dimension: int) -> None:
    with pytest.raises(BadInput):
        EmbedderOptions(precision, dimension=dimension)


@pytest.mark.parametrize("asked", [Precision.BF16, Precision.FP32])
def test_a_precision_that_was_asked_for_is_taken(asked: Precision) -> None:
    assert resolve_precision(asked, 8, 8) is asked


def test_auto_is_resolved_to_a_real_precision() -> None:
    assert resolve_precision(Precision.AUTO, 768, 1152) in (Precision.BF16, Precision.FP32)
    assert best_seconds(Precision.FP32.dtype, 8, 8) > 0
    with pytest.raises(ValueError, match="auto"):
        _ = Precision.AUTO.dtype
