"""The seam to a language model."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a chat, ``role`` being ``system``, ``user`` or ``assistant``."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Generation:
    """What is asked of the model.

    Args:
        messages: the fixed rules first, then the evidence, then the question, so that the
            longest prefix stays in the model's cache.
        grammar: GBNF the output must follow, or None.
        max_tokens: upper bound of the output.
        prefill: the beginning of the assistant's turn, already written for it.
        stop: strings that end the output (not returned).
    """

    messages: tuple[Message, ...]
    grammar: str | None = None
    max_tokens: int = 256
    prefill: str = ""
    stop: tuple[str, ...] = ()


class LLM(Protocol):
    """A local language model, greedy and seeded: the same input gives the same output."""

    @property
    def id(self) -> str:
        """Name and quantisation, as reported in ``versions``."""

    @property
    def context_length(self) -> int:
        """Tokens that fit, prompt and output together."""

    def generate(self, request: Generation, cancel: threading.Event) -> Iterator[str]:
        """Yield the output piece by piece.

        Stops within a token of ``cancel`` being set or of the iterator being closed.

        Raises:
            Busy: the queue is full.
            BadInput: the prompt doesn't fit the context, or the grammar is malformed.
            Transient: the server behind the adapter failed.
        """

    def close(self) -> None:
        """Free the model or the connection; later calls raise ``NotReady``."""


class GrammarLLM(LLM, Protocol):
    """An LLM that says whether ``Generation.grammar`` binds it."""

    @property
    def supports_grammar(self) -> bool:
        """Whether a grammar is kept to; where not, a request with one raises ``BadInput``."""
