"""The costly parts of an assistant, and how they are opened.

What lies behind them takes seconds to import, so it is imported when a part is opened: a person
who lists notices or asks for help doesn't wait.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from assistant.runtime.settings import Settings

if TYPE_CHECKING:
    from assistant.assistant import AnswerOptions
    from assistant.contract import Answer, EvidenceItem
    from assistant.events import Event
    from assistant.llm.base import GrammarLLM
    from assistant.runtime.models.store import ModelStore
    from assistant.understand.question import Turn
    from index.embedder import Embedder
    from index.snapshot import Snapshot


class Answerer(Protocol):
    """What answers questions: ``assistant.assistant.Assistant``, or a fake of it."""

    @property
    def snapshot(self) -> Snapshot:
        """The notices that it answers from."""

    def search(
        self, question: str, notices: Sequence[str] = (), limit: int | None = None
    ) -> tuple[EvidenceItem, ...]:
        """Return the clauses that are nearest to ``question``, best first, without answering."""

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        notices: Sequence[str] = (),
        cancel: threading.Event | None = None,
    ) -> Iterator[Event]:
        """Yield the answer as it is made, the whole of it in the last event."""

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        notices: Sequence[str] = (),
        cancel: threading.Event | None = None,
    ) -> Answer:
        """Return the whole answer."""


class Parts(Protocol):
    """Opens the parts of an assistant."""

    def open_embedder(self, precision: str) -> Embedder:
        """Return the embedding model; ``precision`` is ``auto``, ``bf16`` or ``fp32``.

        Raises:
            ModelMissing: it is not on this machine.
            Damaged: its files don't match their hashes.
        """

    def open_llm(self) -> GrammarLLM:
        """Return the language model.

        Raises:
            ModelMissing: it is not on this machine.
            Damaged: its file doesn't match its hash.
        """

    def assemble(self, snapshot: Snapshot, embedder: Embedder, llm: GrammarLLM) -> Answerer:
        """Return the assistant that answers from ``snapshot``."""


def answer_options(settings: Settings) -> AnswerOptions:
    """Take what concerns answers from the settings."""
    from assistant.assistant import AnswerOptions  # noqa: PLC0415

    return AnswerOptions(
        evidence=settings.evidence_clauses,
        question_max_chars=settings.question_max_chars,
        answer_max_tokens=settings.answer_max_tokens,
        lead=settings.lead == "llm",
    )


class LocalParts:
    """The parts that the settings name.

    Args:
        settings: which models, where they lie, how the assistant answers.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def models(self) -> ModelStore:
        """The models on this machine."""
        from assistant.runtime.models.catalogue import Catalogue  # noqa: PLC0415
        from assistant.runtime.models.store import ModelStore  # noqa: PLC0415

        return ModelStore(self._settings.models, Catalogue.load())

    def open_embedder(self, precision: str) -> Embedder:
        """See ``Parts``."""
        prompts = self.models.catalogue.prompts_of(self._settings.embedder)
        path = self.models.path(self._settings.embedder)
        from index.embedders.factory import open_embedder  # noqa: PLC0415

        return open_embedder(
            path, self._settings.embedder, prompts, precision, self._settings.threads
        )

    def open_llm(self) -> GrammarLLM:
        """See ``Parts``."""
        from assistant.runtime.language_model import open_llm  # noqa: PLC0415

        return open_llm(self._settings, self.models)

    def assemble(self, snapshot: Snapshot, embedder: Embedder, llm: GrammarLLM) -> Answerer:
        """See ``Parts``."""
        from assistant.assistant import Assistant  # noqa: PLC0415

        return Assistant.from_parts(snapshot, embedder, llm, answer_options(self._settings))
