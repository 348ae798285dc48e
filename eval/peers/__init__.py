"""Other systems that answer from the same notices with the same models, for comparison.

None is imported until a run asks for it: it comes with the extra ``peers``.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.llm.base import LLM
from corpus.errors import BadInput, ExtraMissing
from corpus.readers import SourceFile
from eval.peers.sources import Chunk
from index.embedder import Embedder

PEERS = ("llamaindex",)
"""Names on the command line."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a peer answered.

    Args:
        text: with its ``[n]`` markers.
        chunks: the sources that it was given; marker n means the n-th.
        timings_ms: ``retrieve``, ``first_token`` and ``total``, since the question came in.
    """

    text: str
    chunks: tuple[Chunk, ...]
    timings_ms: Mapping[str, float]


class Peer(Protocol):
    """A system that answers from whole files."""

    @property
    def versions(self) -> Mapping[str, str]:
        """Its packages and what it was set to."""

    def ask(self, question: str) -> Reply:
        """Answer one question.

        Raises:
            CongvuError: a model could not do its part.
        """


def check_peer(name: str) -> None:
    """Make sure that a peer can be opened, before a model is.

    Raises:
        BadInput: there is none of that name.
        ExtraMissing: its packages are not installed.
    """
    if name not in PEERS:
        raise BadInput(f"Không có hệ thống đối chiếu “{name}”.", f"Có: {', '.join(PEERS)}.")
    if importlib.util.find_spec("llama_index") is None:
        raise ExtraMissing(
            f"Hệ thống đối chiếu “{name}” cần gói chưa được cài đặt.",
            "Chạy `pip install congvu[peers]`.",
        )


def open_peer(name: str, files: Sequence[SourceFile], embedder: Embedder, llm: LLM) -> Peer:
    """Index whole files with a peer.

    Args:
        name: one of ``PEERS``.
        files: the notices as they lie on disk.
        embedder: the model that congvu itself uses.
        llm: likewise.

    Raises:
        BadInput: there is none of that name.
        ExtraMissing: its packages are not installed.
    """
    check_peer(name)
    from eval.peers.llamaindex import LlamaIndexPeer  # noqa: PLC0415 - the extra

    return LlamaIndexPeer.from_files(files, embedder, llm)
