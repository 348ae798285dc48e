"""A low-rank change of an embedding model, by which it reads questions as people type them.

Only questions are read through it. Passages keep the vectors that the model itself gives them,
so no library is embedded again when the adapter is fitted anew or left out. What it learns is
which clause a question means among others of the same document: a question's vector moves to
the passages that answer it (low-rank adaptation: Hu et al., 2021, arXiv 2106.09685).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Self
from zipfile import BadZipFile

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import Linear, Module, Parameter

from corpus.errors import Damaged

Factors = NDArray[np.float32]
SHIPPED = Path(str(files("index.embedders").joinpath("fitted")))
_DOWN, _UP = "down", "up"


class LowRank(Module):
    """A linear layer to which ``up @ down`` is added while its switch is on.

    Args:
        linear: the layer, unchanged, in whatever precision.
        down: shape (rank, inputs); kept in fp32, for small steps of training are lost in less.
        up: shape (outputs, rank).
    """

    def __init__(self, linear: Linear, down: torch.Tensor, up: torch.Tensor) -> None:
        super().__init__()
        self.linear = linear
        self.down = Parameter(down.float())
        self.up = Parameter(up.float())
        self.is_on = False

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the layer's outputs, shape (…, outputs)."""
        outputs: torch.Tensor = self.linear(inputs)
        if self.is_on:
            added = (inputs.float() @ self.down.T) @ self.up.T
            outputs = outputs + added.to(outputs.dtype)
        return outputs


class QuestionAdapter:
    """The low-rank layers of one model.

    Args:
        layers: by the name of the linear layer that each is put around.
    """

    def __init__(self, layers: Mapping[str, LowRank]) -> None:
        self.layers = layers

    @classmethod
    def attach(cls, model: Module, factors: Mapping[str, tuple[Factors, Factors]]) -> Self:
        """Put low-rank layers around linear layers of ``model``, which is changed in place.

        Args:
            model: any module; its own weights stay as they are.
            factors: (down, up) by the name of a linear layer in ``model``.

        Raises:
            KeyError: the model has no such linear layer.
            ValueError: the shapes don't fit it.
        """
        layers: dict[str, LowRank] = {}
        for name, (down, up) in factors.items():
            linear = _linear(model, name)
            if down.shape[1:] != (linear.in_features,) or up.shape != (
                linear.out_features,
                len(down),
            ):
                raise ValueError(f"the factors of {name} have shapes {down.shape} and {up.shape}")
            layers[name] = LowRank(linear, torch.from_numpy(down), torch.from_numpy(up))
            _put(model, name, layers[name])
        return cls(layers)

    def detach(self, model: Module) -> None:
        """Take the layers out of ``model``, which is then as it came."""
        for name, layer in self.layers.items():
            _put(model, name, layer.linear)
        self.layers = {}

    @contextmanager
    def on(self) -> Iterator[None]:
        """Let the model read questions within the block; one thread at a time."""
        for layer in self.layers.values():
            layer.is_on = True
        try:
            yield
        finally:
            for layer in self.layers.values():
                layer.is_on = False

    def load(self, factors: Mapping[str, tuple[Factors, Factors]]) -> None:
        """Take other factors for the same layers.

        Raises:
            KeyError: a layer's factors are missing.
        """
        with torch.no_grad():
            for name, layer in self.layers.items():
                down, up = factors[name]
                layer.down.copy_(torch.from_numpy(down))
                layer.up.copy_(torch.from_numpy(up))

    def factors(self) -> dict[str, tuple[Factors, Factors]]:
        """Return (down, up) by the name of the layer, as ``attach`` takes them."""
        return {
            name: (layer.down.detach().float().numpy(), layer.up.detach().float().numpy())
            for name, layer in self.layers.items()
        }


def read_factors(source: Path) -> dict[str, tuple[Factors, Factors]]:
    """Return what ``write_factors`` wrote.

    Raises:
        Damaged: the file can't be read.
    """
    try:
        with source.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            names = [one.removesuffix(f"/{_DOWN}") for one in stored if one.endswith(_DOWN)]
            return {name: (_read(stored, name, _DOWN), _read(stored, name, _UP)) for name in names}
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise Damaged(f"Tệp trọng số {source.name} không đọc được.", "Cài lại congvu.") from error


def shipped_factors(model_id: str) -> dict[str, tuple[Factors, Factors]]:
    """Return the factors that were fitted for a model; empty where none were.

    Args:
        model_id: its name in the catalogue.

    Raises:
        Damaged: the file can't be read.
    """
    source = file_of(model_id, SHIPPED)
    return read_factors(source) if source.is_file() else {}


def file_of(model_id: str, folder: Path) -> Path:
    """Return the file that the factors for a model have in ``folder``."""
    return folder / f"{model_id}.questions.npz"


def write_factors(
    factors: Mapping[str, tuple[Factors, Factors]], model_id: str, folder: Path
) -> Path:
    """Write factors as ``shipped_factors`` reads them, in half precision, and return the file.

    The folder is made where it is missing; a file that is there is replaced when all is written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = file_of(model_id, folder)
    unfinished = path.with_suffix(".new.npz")
    arrays = {
        f"{name}/{part}": array.astype(np.float16)
        for name, pair in factors.items()
        for part, array in zip((_DOWN, _UP), pair, strict=True)
    }
    np.savez(unfinished, allow_pickle=False, **arrays)
    unfinished.replace(path)
    return path


def _read(stored: Mapping[str, NDArray[np.float16]], name: str, part: str) -> Factors:
    return stored[f"{name}/{part}"].astype(np.float32)


def _linear(model: Module, name: str) -> Linear:
    found = dict(model.named_modules()).get(name)
    if not isinstance(found, Linear):
        raise KeyError(f"no linear layer {name}")
    return found


def _put(model: Module, name: str, layer: Module) -> None:
    parent, _, last = name.rpartition(".")
    setattr(model.get_submodule(parent), last, layer)
