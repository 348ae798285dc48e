"""Questions are read through the adapter, passages never are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import Linear, Sequential

from corpus.errors import Damaged
from index.embedders.question_adapter import (
    QuestionAdapter,
    file_of,
    read_factors,
    shipped_factors,
    write_factors,
)
from index.embedders.sentence_transformer import SentenceTransformerEmbedder

WIDTH, RANK = 4, 2
DOWN = np.ones((RANK, WIDTH), dtype=np.float32)
UP = np.full((3, RANK), 0.5, dtype=np.float32)
INPUT = torch.ones(1, WIDTH)


def model() -> Sequential:
    linear = Linear(WIDTH, 3)
    torch.nn.init.zeros_(linear.weight)
    torch.nn.init.zeros_(linear.bias)
    return Sequential(Sequential(linear), torch.nn.ReLU())


def test_only_within_the_block_is_anything_added() -> None:
    changed = model()
    adapter = QuestionAdapter.attach(changed, {"0.0": (DOWN, UP)})
    with adapter.on():
        assert changed(INPUT).tolist() == [[4.0, 4.0, 4.0]]  # 0.5 · 2 · 4
    assert changed(INPUT).tolist() == [[0.0, 0.0, 0.0]]


def test_an_error_within_the_block_turns_it_off() -> None:
    changed = model()
    adapter = QuestionAdapter.attach(changed, {"0.0": (DOWN, UP)})
    with pytest.raises(ZeroDivisionError), adapter.on():
        raise ZeroDivisionError
    assert changed(INPUT).tolist() == [[0.0, 0.0, 0.0]]


def test_taken_out_the_model_is_as_it_came() -> None:
    changed = model()
    names = [name for name, _ in changed.named_modules()]
    adapter = QuestionAdapter.attach(changed, {"0.0": (DOWN, UP)})
    adapter.detach(changed)
    assert [name for name, _ in changed.named_modules()] == names
    assert not adapter.layers


@pytest.mark.parametrize(
    ("name", "down", "error"),
    [("0.7", DOWN, KeyError), ("1", DOWN, KeyError), ("0.0", DOWN[:, :2], ValueError)],
)
def test_what_does_not_fit_is_refused(name: str, down: np.ndarray, error: type[Exception]) -> None:
    with pytest.raises(error):
        QuestionAdapter.attach(model(), {name: (down, UP)})


def test_factors_are_written_and_read(tmp_path: Path) -> None:
    path = write_factors({"0.0": (DOWN, UP)}, "some-model", tmp_path / "new")
    assert path == file_of("some-model", tmp_path / "new")
    [(name, (down, up))] = read_factors(path).items()
    assert name == "0.0"
    assert (down == DOWN).all()
    assert (up == UP).all()
    changed = model()
    adapter = QuestionAdapter.attach(changed, {"0.0": (0 * DOWN, UP)})
    adapter.load({name: (down, up)})
    assert (adapter.factors()["0.0"][0] == DOWN).all()


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\x93NUMPY"])
def test_a_damaged_file_is_told(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.npz").write_bytes(data)
    with pytest.raises(Damaged, match=r"a\.npz"):
        read_factors(tmp_path / "a.npz")


def test_a_model_without_factors_reads_as_it_is() -> None:
    assert shipped_factors("some-model") == {}


@pytest.mark.models
def test_the_default_embedder_reads_questions_otherwise_and_passages_as_they_were(
    real_embedder: SentenceTransformerEmbedder,
) -> None:
    text = "ai chủ trì sửa cầu"
    assert real_embedder.adapter.layers
    before = real_embedder.embed_documents([text], [""])
    asked = real_embedder.embed_queries([text])
    bare = real_embedder.adapter.layers.copy()
    real_embedder.adapter.layers.clear()
    try:
        unadapted = real_embedder.embed_queries([text])
    finally:
        real_embedder.adapter.layers.update(bare)
    assert (real_embedder.embed_documents([text], [""]) == before).all()
    assert not np.allclose(asked, unadapted, atol=1e-3)
