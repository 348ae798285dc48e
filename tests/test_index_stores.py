"""The contract of vector stores; every adapter runs it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import Damaged
from index.embedder import Vectors
from index.stores.base import VectorStore
from index.stores.faiss_flat import FaissFlatStore

Make = Callable[[int], VectorStore]


@pytest.fixture(params=[FaissFlatStore])
def make(request: pytest.FixtureRequest) -> Make:
    made: Make = request.param
    return made


def unit(*rows: tuple[float, ...]) -> Vectors:
    array = np.array(rows, dtype=np.float32)
    units: Vectors = array / np.linalg.norm(array, axis=1, keepdims=True)
    return units


ROWS = unit((1, 0, 0), (0, 1, 0), (1, 1, 0), (-1, 0, 0))


def test_scores_are_cosines_in_the_order_added(make: Make) -> None:
    store = make(3)
    store.add(ROWS[:1])
    store.add(ROWS[1:])
    assert len(store) == 4
    assert store.scores(ROWS[0]) == pytest.approx([1, 0, 2**-0.5, -1])
    assert store.scores(ROWS[0]).dtype == np.float32


def test_an_empty_store_has_no_scores(make: Make) -> None:
    assert make(3).scores(ROWS[0]).shape == (0,)


def test_a_wrong_shape_is_refused(make: Make) -> None:
    store = make(3)
    with pytest.raises(ValueError, match="shape"):
        store.add(np.zeros((2, 4), dtype=np.float32))
    with pytest.raises(ValueError, match="shape"):
        store.scores(np.zeros(4, dtype=np.float32))


def test_what_is_loaded_equals_what_was_saved(make: Make, tmp_path: Path) -> None:
    store = make(3)
    store.add(ROWS)
    store.save(tmp_path / "vectors")
    loaded = type(store).load(tmp_path / "vectors")
    assert loaded.dimension == 3
    assert np.array_equal(loaded.scores(ROWS[2]), store.scores(ROWS[2]))
    loaded.add(ROWS)
    assert (len(loaded), len(store)) == (8, 4)


@pytest.mark.parametrize("content", [b"", b"no index at all", b"IxFI"])
def test_a_file_that_is_no_store_is_named(make: Make, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "vectors"
    path.write_bytes(content)
    with pytest.raises(Damaged, match="vectors"):
        type(make(3)).load(path)
