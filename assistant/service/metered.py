"""Counts what the language model writes."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from prometheus_client import Counter

from assistant.llm.base import Generation, GrammarLLM
from assistant.runtime.wiring import Answerer, Parts
from index.embedder import Embedder
from index.snapshot import Snapshot


class MeteredLLM:
    """A language model whose pieces are counted.

    Args:
        llm: the model; this closes it.
        counter: goes up by one for each piece, which is a token or what a token completes.
    """

    def __init__(self, llm: GrammarLLM, counter: Counter) -> None:
        self._llm = llm
        self._counter = counter

    @property
    def id(self) -> str:
        """Name and quantisation."""
        return self._llm.id

    @property
    def context_length(self) -> int:
        """Tokens that fit, prompt and output together."""
        return self._llm.context_length

    @property
    def supports_grammar(self) -> bool:
        """Whether the model keeps to a grammar."""
        return self._llm.supports_grammar

    def generate(self, request: Generation, cancel: threading.Event) -> Iterator[str]:
        """See ``LLM``; joins the model's queue at once, as the model itself does."""
        return self._counted(self._llm.generate(request, cancel))

    def close(self) -> None:
        """Close the model."""
        self._llm.close()

    def _counted(self, pieces: Iterator[str]) -> Iterator[str]:
        for piece in pieces:
            self._counter.inc()
            yield piece


class MeteredParts:
    """Opens parts, the language model with a meter.

    Args:
        parts: opens them.
        counter: of the model's pieces.
    """

    def __init__(self, parts: Parts, counter: Counter) -> None:
        self._parts = parts
        self._counter = counter

    def open_embedder(self, precision: str) -> Embedder:
        """See ``Parts``."""
        return self._parts.open_embedder(precision)

    def open_llm(self) -> GrammarLLM:
        """See ``Parts``."""
        return MeteredLLM(self._parts.open_llm(), self._counter)

    def assemble(self, snapshot: Snapshot, embedder: Embedder, llm: GrammarLLM) -> Answerer:
        """See ``Parts``."""
        return self._parts.assemble(snapshot, embedder, llm)
