"""One caller: asks for a stream, times what comes, and comes back when told to."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from assistant.contract import GAP

_COME_BACK: Final = frozenset({429, 503})
"""Statuses that, with ``Retry-After``, tell a caller to come back."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long callers wait, in seconds.

    Args:
        answer: for one answer, coming back included; beyond, the request is lost.
        retry_after: at most so long before coming back, whatever ``Retry-After`` says.
        level: questions of a level that are not begun by then are lost.
    """

    answer: float = 180.0
    retry_after: float = 30.0
    level: float = 900.0


@dataclass(slots=True)
class Heard:
    """What a caller got for one question; milliseconds since it first asked.

    Args:
        answer: the object of ``done``; None where the request was lost.
        text: all pieces of text of the stream: the quotes.
        citations: ids of the clauses that the stream cited, in its order.
        evidence: ids of the clauses that it showed first.
        lead: the sentences that belong above the quotes.
        evidence_ms: until the evidence.
        first_token_ms: until the first piece of text.
        first_quote_ms: until the first citation; None where nothing is quoted.
        lead_ms: until the first sentence of the LLM; None where there is none.
        total_ms: until ``done``.
        refusals: how often it was told to come back.
        waited_ms: until the request that was let in was sent: 0 if it was the first.
        status: of the last response; 0 without one.
        problem: why there is no answer, Vietnamese.
    """

    answer: Mapping[str, Any] | None = None
    text: str = ""
    citations: list[str] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)
    lead: list[str] = field(default_factory=list)
    evidence_ms: float | None = None
    first_token_ms: float | None = None
    first_quote_ms: float | None = None
    lead_ms: float | None = None
    total_ms: float | None = None
    refusals: int = 0
    waited_ms: float = 0.0
    status: int = 0
    problem: str = ""

    @property
    def whole(self) -> str:
        """The text as a reader has it in the end, the lead above the quotes."""
        return GAP.join(part for part in (" ".join(self.lead), self.text) if part)


class StreamCaller:
    """Asks one question after the other.

    Args:
        client: of the server.
        patience: how long it waits.
        clock: seconds.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        patience: Patience,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._client = client
        self._patience = patience
        self._clock = clock

    async def ask(self, body: Mapping[str, Any]) -> Heard:
        """Ask a question and return what came; nothing is raised for a bad answer.

        Args:
            body: of ``POST /v1/ask``.
        """
        heard, began = Heard(), self._clock()
        try:
            async with asyncio.timeout(self._patience.answer):
                while (wait := await self._once(body, heard, began)) is not None:
                    heard.refusals += 1
                    await asyncio.sleep(min(wait, self._patience.retry_after))
        except TimeoutError:
            heard.answer = None
            heard.problem = f"không xong trong {self._patience.answer:g} giây"
        except httpx.HTTPError as error:
            heard.answer = None
            heard.problem = f"đứt kết nối ({type(error).__name__})"
        return heard

    async def _once(self, body: Mapping[str, Any], heard: Heard, began: float) -> float | None:
        """Send a request; return the seconds to wait where it is to be sent again."""
        heard.waited_ms = self._since(began) if heard.refusals else 0.0
        async with self._client.stream("POST", "/v1/ask", json={**body, "stream": True}) as told:
            heard.status = told.status_code
            if told.status_code in _COME_BACK:
                wait = told.headers.get("retry-after", "")
                if wait.isdecimal():
                    return float(wait)
            if told.status_code != 200:
                heard.problem = f"HTTP {told.status_code}"
                return None
            async for name, data in _events(told.aiter_bytes()):
                self._note(name, data, heard, began)
        if heard.answer is None and not heard.problem:
            heard.problem = "luồng bị cắt trước khi xong"
        return None

    def _note(self, name: str, data: Any, heard: Heard, began: float) -> None:  # noqa: ANN401
        match name:
            case "evidence":
                heard.evidence_ms = self._since(began)
                heard.evidence = [str(one["clause_id"]) for one in data["evidence"]]
            case "delta":
                if heard.first_token_ms is None:
                    heard.first_token_ms = self._since(began)
                heard.text += data["text"]
            case "lead":
                if heard.lead_ms is None:
                    heard.lead_ms = self._since(began)
                heard.lead.append(data["text"])
            case "citation":
                if heard.first_quote_ms is None:
                    heard.first_quote_ms = self._since(began)
                heard.citations.append(str(data["clause"]["id"]))
            case "done":
                heard.total_ms = self._since(began)
                heard.answer = data
            case "error":
                heard.problem = f"hỏng giữa chừng: {data.get('code', 'không rõ')}"

    def _since(self, began: float) -> float:
        return 1000 * (self._clock() - began)


async def _events(chunks: AsyncIterator[bytes]) -> AsyncIterator[tuple[str, Any]]:
    """Read server-sent events: name and data.

    Not by ``aiter_lines``: it takes U+2028 for the end of a line, which JSON may hold.
    """
    rest = b""
    async for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n\n")
        for block in whole:
            fields = dict(line.split(": ", 1) for line in block.decode().split("\n") if line)
            if "data" in fields:
                yield fields.get("event", "message"), json.loads(fields["data"])
