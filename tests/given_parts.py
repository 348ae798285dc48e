"""The assistant that people get, on models that a test gives."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from fakes_assistant import FakeParts

from assistant.llm.base import Generation, GrammarLLM
from assistant.runtime.settings import Settings
from assistant.runtime.wiring import Answerer, LocalParts
from index.embedder import Embedder
from index.snapshot import Snapshot


class Borrowed:
    """A language model that belongs to someone else: it is not closed."""

    def __init__(self, llm: GrammarLLM) -> None:
        self._llm = llm
        self.id = llm.id
        self.context_length = llm.context_length
        self.supports_grammar = llm.supports_grammar

    def generate(self, request: Generation, cancel: threading.Event) -> Iterator[str]:
        return self._llm.generate(request, cancel)

    def close(self) -> None:
        """Leave it open."""


class GivenParts(FakeParts):
    """The assistant that people get, on models that are given."""

    def __init__(self, settings: Settings, embedder: Embedder, llm: GrammarLLM) -> None:
        super().__init__()
        self._local = LocalParts(settings)
        self._given = embedder
        self._llm = llm

    def open_embedder(self, precision: str) -> Embedder:
        return self._given

    def open_llm(self) -> GrammarLLM:
        return Borrowed(self._llm)

    def assemble(self, snapshot: Snapshot, embedder: Embedder, llm: GrammarLLM) -> Answerer:
        return self._local.assemble(snapshot, embedder, llm)
