"""Which embedder reads questions and passages: the one place that names an adapter."""

from __future__ import annotations

from pathlib import Path

from index.embedder import Embedder, Prompts
from index.embedders.sentence_transformer import EmbedderOptions, SentenceTransformerEmbedder


def open_embedder(
    path: Path, model_id: str, prompts: Prompts, precision: str = "auto", threads: int | None = None
) -> Embedder:
    """Load the model in ``path``; nothing is asked of the network.

    Args:
        path: the model's folder.
        model_id: its name in the catalogue.
        prompts: the catalogue's for this model.
        precision: ``auto``, ``bf16`` or ``fp32``.
        threads: CPU threads of this process, or None for the library's choice.

    Raises:
        ModelMissing: files of the model are not in ``path``.
        Damaged: the files are there and can't be loaded.
    """
    options = EmbedderOptions(precision, threads)
    return SentenceTransformerEmbedder.from_folder(path, model_id, prompts, options)
