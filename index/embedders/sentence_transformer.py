"""EmbeddingGemma through sentence-transformers, from a folder on this machine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

from corpus.errors import BadInput, Damaged, ModelMissing
from index.embedder import Prompts, Vectors
from index.embedders.precision import Precision, resolve_precision
from index.embedders.question_adapter import QuestionAdapter, shipped_factors
from index.embedders.turns import Turns

DIMENSIONS = (768, 512, 256, 128)
"""Lengths the model's vectors may be cut to (Matryoshka, EmbeddingGemma model card)."""

_BATCH = 8  # texts; measured: 16 is no faster and holds more memory
_BUCKET = 16  # tokens: texts that differ by less share a batch, padded to the longest of it
# Attention holds a matrix of scores for each text. Eight texts of a clause's length (at most 400
# tokens) stay far below this; of texts of 2,048 tokens, two go together.
_MOST_SCORES = 2 * 2048**2  # batch x length², for each head
_WIDTH, _INNER_WIDTH = 768, 1152  # EmbeddingGemma's config.json
# Torch's fused attention takes a fifth to a half longer in bf16 on a CPU, at every length; in
# fp32 both take the same, and at the window's length the fused one less (decision 0004).
_ATTENTION = {Precision.BF16: "eager", Precision.FP32: "sdpa"}
_FILES = ("modules.json", "config.json", "model.safetensors", "tokenizer.json")


@dataclass(frozen=True, slots=True)
class EmbedderOptions:
    """How a model is loaded.

    Args:
        precision: ``auto``, ``bf16`` or ``fp32``.
        threads: CPU threads of this process, or None for torch's choice.
        dimension: 768, 512, 256 or 128.

    Raises:
        BadInput: the precision or the dimension is not one of these.
    """

    precision: str = "auto"
    threads: int | None = None
    dimension: int = 768

    def __post_init__(self) -> None:
        if self.dimension not in DIMENSIONS or self.precision not in list(Precision):
            raise BadInput(
                f"Không có bộ nhúng với số chiều {self.dimension} và độ chính xác"
                f" “{self.precision}”.",
                f"Chọn số chiều trong {DIMENSIONS} và độ chính xác trong {tuple(Precision)}.",
            )


_DEFAULTS = EmbedderOptions()


class SentenceTransformerEmbedder:
    """Embeds with a loaded sentence-transformers model; calls from several threads queue.

    A batch holds texts of about the same token count, padded to the longest of them. The
    padding is masked out, so a vector is the same alone and in any batch but for rounding in
    the seventh digit (measured), and next to no time goes into it.

    Args:
        model: loaded, on the CPU.
        id: model, dimension and precision.
        dimension: components kept of each vector.
        prompts: how the model was taught to read questions and passages.
        adapter: put around the model's layers, for questions.
    """

    def __init__(
        self,
        model: SentenceTransformer,
        id: str,
        dimension: int,
        prompts: Prompts,
        adapter: QuestionAdapter,
    ) -> None:
        self._model = model
        self._adapter = adapter
        self._id = id
        self._prompts = prompts
        self._dimension = dimension
        # The tokenizer refuses a second thread, and two forward passes share the same cores.
        self._turns = Turns()

    @classmethod
    def from_folder(
        cls,
        path: Path,
        model_id: str,
        prompts: Prompts,
        options: EmbedderOptions = _DEFAULTS,
    ) -> SentenceTransformerEmbedder:
        """Load the model; nothing is asked of the network.

        Args:
            path: a sentence-transformers folder.
            model_id: its name in the catalogue.
            prompts: the catalogue's for this model.
            options: precision, threads and dimension.

        Raises:
            ModelMissing: files of the model are not in ``path``.
            Damaged: the files are there and can't be loaded.
        """
        missing = [name for name in _FILES if not (path / name).is_file()]
        if missing:
            raise ModelMissing(
                f"Mô hình nhúng {model_id} chưa có trên máy (thiếu {', '.join(missing)}).",
                "Chạy `congvu models pull` để tải mô hình.",
            )
        if options.threads is not None:
            torch.set_num_threads(options.threads)
        chosen = resolve_precision(Precision(options.precision), _WIDTH, _INNER_WIDTH)
        try:
            model = _load(path, chosen)
            adapter = QuestionAdapter.attach(model, shipped_factors(model_id))
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise Damaged(
                f"Không nạp được mô hình nhúng {model_id}: {error}",
                "Chạy `congvu models verify` rồi `congvu models pull`.",
            ) from error
        vectors = options.dimension
        return cls(model, f"{model_id}/{vectors}/{chosen}", vectors, prompts, adapter)

    @property
    def id(self) -> str:
        """Model, dimension and precision, e.g. ``embeddinggemma-300m/768/bf16``."""
        return self._id

    @property
    def dimension(self) -> int:
        """Components of a vector."""
        return self._dimension

    @property
    def model(self) -> SentenceTransformer:
        """What embeds, for those who train an adapter of it."""
        return self._model

    @property
    def adapter(self) -> QuestionAdapter:
        """What the model reads questions through."""
        return self._adapter

    @property
    def prompts(self) -> Prompts:
        """How questions and passages are framed."""
        return self._prompts

    @property
    def window(self) -> int:
        """Tokens a text may have, prompt included."""
        window = self._model.max_seq_length
        if window is None:
            raise ValueError(f"{self._id} names no token window")
        return int(window)

    def count_tokens(self, text: str) -> int:
        """Return how many tokens ``text`` has, begin and end marks included."""
        with self._turns.patient():
            return self._lengths([text])[0]

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit row per question, shape (len(texts), dimension)."""
        prompts = [self._prompts.for_query(text) for text in texts]
        return self._embed(prompts, lambda done: None, self._turns.urgent, self._adapter.on)

    def embed_documents(
        self,
        texts: Sequence[str],
        titles: Sequence[str],
        progress: Callable[[int], None] = lambda done: None,
    ) -> Vectors:
        """Return one unit row per text, in the order given; ``progress`` gets the count done."""
        prompts = [
            self._prompts.for_document(text, title.strip())
            for title, text in zip(titles, texts, strict=True)
        ]
        return self._embed(prompts, progress, self._turns.patient)

    def _embed(
        self,
        prompts: Sequence[str],
        progress: Callable[[int], None],
        turn: Callable[[], AbstractContextManager[None]],
        reading: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> Vectors:
        rows = np.empty((len(prompts), self._dimension), dtype=np.float32)
        done = 0
        with turn():
            batches = list(self._batches(prompts))
        for batch in batches:
            # One batch a turn: a question asked during an index build waits for one batch only.
            with turn(), reading():
                vectors = self._model.encode(
                    [prompts[i] for i in batch],
                    batch_size=len(batch),
                    show_progress_bar=False,
                    convert_to_numpy=True,
                )
            rows[batch] = _unit(np.asarray(vectors, dtype=np.float32)[:, : self._dimension])
            done += len(batch)
            progress(done)
        return rows

    def _batches(self, prompts: Sequence[str]) -> Iterator[list[int]]:
        """Yield indices of prompts of about one length, longest first: memory peaks early."""
        buckets: defaultdict[int, list[int]] = defaultdict(list)
        for i, length in enumerate(self._lengths(prompts)):
            buckets[ceil(min(length, self.window) / _BUCKET) * _BUCKET].append(i)
        for longest, indices in sorted(buckets.items(), reverse=True):
            size = max(1, min(_BATCH, _MOST_SCORES // longest**2))
            for start in range(0, len(indices), size):
                yield indices[start : start + size]

    def _lengths(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        tokens = self._model.tokenizer(list(texts), truncation=False, verbose=False)
        return [len(ids) for ids in tokens["input_ids"]]


def _load(path: Path, precision: Precision) -> SentenceTransformer:
    with _no_progress_bars():
        model = SentenceTransformer(
            str(path),
            device="cpu",
            local_files_only=True,
            model_kwargs={
                "dtype": precision.dtype,
                "attn_implementation": _ATTENTION[precision],
            },
        )
    model.eval()
    transformer, *tail = list(model)
    # The mean over all tokens and the projections cost next to nothing; done in bf16 they
    # moved vectors by up to 0.4 % in length and cosines by as much as 0.004 (measured).
    for module in tail:
        module.float()
    transformer.register_forward_hook(_to_float32)
    return model


def _to_float32(
    module: torch.nn.Module, args: object, features: dict[str, torch.Tensor]
) -> dict[str, torch.Tensor]:
    features["token_embeddings"] = features["token_embeddings"].float()
    return features


@contextmanager
def _no_progress_bars() -> Iterator[None]:
    """Keep transformers' own bar off stderr while a model is loaded."""
    was_on = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        if was_on:
            transformers_logging.enable_progress_bar()  # type: ignore[no-untyped-call]


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return unit
