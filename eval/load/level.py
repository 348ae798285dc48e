"""A number of callers at once, each with its next question as soon as it has an answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from eval.load.client import Heard, Patience, StreamCaller

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Level:
    """What callers heard.

    Args:
        heard: one for each question, in the order of asking.
        seconds: from the first question to the last answer.
    """

    heard: tuple[Heard, ...]
    seconds: float


def run_level(address: str, bodies: Sequence[Body], callers: int, patience: Patience) -> Level:
    """Put all questions to a server of this machine.

    Args:
        address: of the server.
        bodies: of ``POST /v1/ask``.
        callers: at once.
        patience: how long they wait.
    """
    return asyncio.run(_run(address, bodies, callers, patience))


async def _run(address: str, bodies: Sequence[Body], callers: int, patience: Patience) -> Level:
    heard = [Heard(problem="mức này hết giờ trước khi hỏi") for _ in bodies]
    began = time.perf_counter()

    async def work(left: Iterator[tuple[int, Body]], client: httpx.AsyncClient) -> None:
        caller = StreamCaller(client, patience)
        for place, body in left:
            if time.perf_counter() - began > patience.level:
                return
            heard[place] = await caller.ask(body)

    # The environment may name a proxy; a proxy has no business here.
    async with httpx.AsyncClient(
        base_url=address,
        trust_env=False,
        timeout=httpx.Timeout(patience.answer),
        limits=httpx.Limits(max_connections=callers),
    ) as client:
        left = iter(enumerate(bodies))
        async with asyncio.TaskGroup() as group:
            for _ in range(callers):
                group.create_task(work(left, client))
    return Level(tuple(heard), time.perf_counter() - began)
