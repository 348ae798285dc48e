"""Callers who leave, and many callers at once, over the network of this machine."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fakes_api import OPEN, Api, api_on, served, wait_for
from fakes_assistant import QUESTION, FakeAssistant, FakeParts, write
from starlette.testclient import TestClient

from assistant.events import Delta, Event
from assistant.runtime.settings import Settings
from assistant.service.service import Service
from corpus.errors import Cancelled
from index.snapshot import Snapshot

LEAVE_SECONDS = 1.0
"""A place is free again so soon after its caller left; a token of the fake takes 10 ms."""
LONG = "rất dài"


def text(n: int) -> str:
    return f"""UBND TỈNH SÔNG BÍCH
Số: {n}/TB-UBND
Sông Bích, ngày 05 tháng 6 năm 2031

THÔNG BÁO
Kết luận số {n}

1. Sở Công Thương làm việc maso{n:03} trước ngày 15/11/2031.
"""


class Talker(FakeAssistant):
    """Says a word every 10 ms: a few, or for a minute where the question asks for it."""

    def stream(self, question: str, *args: Any, **more: Any) -> Iterator[Event]:
        cancel: threading.Event = more.get("cancel") or args[2]
        first, *rest = super().stream(question, *args, **more)
        yield first
        for _ in range(6000 if LONG in question else 3):
            if cancel.is_set():
                raise Cancelled("Câu trả lời đã bị dừng.")
            time.sleep(0.01)
            if LONG in question:
                yield Delta("chữ ")
        yield from rest


@contextmanager
def crowd(home: Path, notices: int, **more: int) -> Iterator[tuple[Api, str]]:
    """Serve notices, each with a word of its own, to callers of this machine."""
    settings = Settings(
        home=home / "home", models=home / "models", questions_per_minute=10_000, **more
    )

    def assemble(snapshot: Snapshot) -> FakeAssistant:
        return Talker(snapshot)

    service = Service.from_settings(settings, FakeParts(assemble_as=assemble))
    texts = {f"n{n:03}": text(n) for n in range(notices)}
    service.workspace.add([write(home / "in", **texts)])
    service.open()
    try:
        with api_on(service, OPEN) as api, served(api.app) as address:
            yield api, address
    finally:
        service.close()


@pytest.fixture(scope="module")
def one_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Api, str]]:
    folder = tmp_path_factory.mktemp("leave")
    with crowd(folder, 2, parallel_questions=1, queue_size=1) as served:
        yield served


def running(api: Api) -> tuple[int, int]:
    admission = api.service._admission
    return admission.running, admission.waiting


def long_question(n: int = 0) -> str:
    return f"Về maso{n:03} {LONG}"


def outcomes(api: Api) -> Counter[str]:
    lines = api.service.metrics.render().decode().splitlines()
    found = (line.split() for line in lines if line.startswith("congvu_questions_total{"))
    return Counter({name.split('"')[1]: int(float(value)) for name, value in found})


def test_a_reader_of_a_stream_who_leaves_frees_the_place(one_place: tuple[Api, str]) -> None:
    api, address = one_place
    body = {"question": long_question(), "stream": True}
    before = outcomes(api)["cancelled"]
    with httpx.stream("POST", f"{address}/v1/ask", json=body) as response:
        lines = response.iter_lines()
        while not next(lines).startswith("event: delta"):
            pass
        assert running(api) == (1, 0)
    assert wait_for(lambda: running(api) == (0, 0)) < LEAVE_SECONDS
    wait_for(lambda: outcomes(api)["cancelled"] == before + 1)


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/chat/completions"])
def test_one_who_waits_for_the_whole_and_leaves_frees_the_place(
    one_place: tuple[Api, str], path: str
) -> None:
    api, address = one_place
    chat = {"model": "congvu", "messages": [{"role": "user", "content": long_question()}]}
    body = {"question": long_question()} if path == "/v1/ask" else chat
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{address}{path}", json=body, timeout=0.3)
    assert wait_for(lambda: running(api) == (0, 0)) < LEAVE_SECONDS


def test_one_who_waits_in_line_and_leaves_frees_the_line(one_place: tuple[Api, str]) -> None:
    api, address = one_place
    first = {"question": long_question(0), "stream": True}
    with httpx.stream("POST", f"{address}/v1/ask", json=first) as response:
        lines = response.iter_lines()  # dropped, it would close the response
        next(lines)
        with pytest.raises(httpx.ReadTimeout):
            second = {"question": long_question(1), "stream": True}
            httpx.post(f"{address}/v1/ask", json=second, timeout=0.3)
        assert wait_for(lambda: running(api) == (1, 0)) < LEAVE_SECONDS
    wait_for(lambda: running(api) == (0, 0))


@pytest.mark.parametrize("stream", [False, True])
def test_a_server_that_stops_stops_its_answers(one_place: tuple[Api, str], stream: bool) -> None:
    api, _ = one_place
    body = json.dumps({"question": long_question(), "stream": stream}).encode()
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/ask",
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")],
        "client": ("127.0.0.1", 1),
        "scheme": "http",
    }
    sent = False

    async def receive() -> dict[str, Any]:
        nonlocal sent
        if sent:
            await asyncio.sleep(60)
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        pass

    async def stop() -> None:
        request = asyncio.ensure_future(api.app(scope, receive, send))
        while running(api) != (1, 0):
            await asyncio.sleep(0.01)
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request

    asyncio.run(stop())
    assert wait_for(lambda: running(api) == (0, 0)) < LEAVE_SECONDS


def test_a_full_line_says_so_and_when_to_come_back(one_place: tuple[Api, str]) -> None:
    api, address = one_place
    body = {"question": long_question(0), "stream": True}
    with httpx.stream("POST", f"{address}/v1/ask", json=body) as response:
        lines = response.iter_lines()  # dropped, it would close the response
        next(lines)

        def wait_in_line() -> None:
            other = {"question": "Về maso001"}
            assert httpx.post(f"{address}/v1/ask", json=other, timeout=20).status_code == 200

        waiting = threading.Thread(target=wait_in_line)
        waiting.start()
        wait_for(lambda: running(api) == (1, 1))
        for stream in (False, True):
            third = {"question": QUESTION, "stream": stream}
            refused = httpx.post(f"{address}/v1/ask", json=third)
            assert refused.status_code == 503
            assert refused.json()["code"] == "busy"
            assert int(refused.headers["retry-after"]) >= 1
    waiting.join(20)
    assert not waiting.is_alive()
    wait_for(lambda: running(api) == (0, 0))


def test_an_answer_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    with crowd(tmp_path, 1, answer_seconds=1) as (api, _):
        client: TestClient = api.client()
        response = client.post("/v1/ask", json={"question": f"Về maso000 {LONG}"})
        assert response.status_code == 504
        assert response.json()["code"] == "too_slow"
        assert running(api) == (0, 0)


async def _ask_all(address: str, count: int) -> list[tuple[int, httpx.Response]]:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(timeout=60, limits=limits) as client:

        async def one(n: int) -> tuple[int, httpx.Response]:
            body = {"question": f"Về maso{n:03}", "stream": n % 2 == 1}
            return n, await client.post(f"{address}/v1/ask", json=body)

        return list(await asyncio.gather(*(one(n) for n in range(count))))


def _whole(response: httpx.Response) -> dict[str, Any]:
    if response.headers["content-type"].startswith("application/json"):
        whole: dict[str, Any] = response.json()
        return whole
    *_, last = (line for line in response.text.splitlines() if line.startswith("data: "))
    done: dict[str, Any] = json.loads(last[6:])
    return done


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Api, str]]:
    with crowd(tmp_path_factory.mktemp("town"), 100, parallel_questions=4, queue_size=8) as served:
        yield served


@pytest.mark.parametrize("count", [2, 10, 100])
def test_nobody_gets_anothers_answer_and_nobody_is_lost(town: tuple[Api, str], count: int) -> None:
    api, address = town
    api.service._cache.clear()
    before = outcomes(api)
    answers = asyncio.run(_ask_all(address, count))
    statuses = Counter(response.status_code for _, response in answers)
    assert set(statuses) <= {200, 503}
    assert statuses[200] >= min(count, 12)
    for n, response in answers:
        if response.status_code == 200:
            whole = _whole(response)
            assert whole["question"] == f"Về maso{n:03}"
            (cited,) = whole["citations"]
            assert f"maso{n:03}" in cited["quote"]
        else:
            assert response.json()["code"] == "busy"
            assert int(response.headers["retry-after"]) >= 1
    wait_for(lambda: sum((outcomes(api) - before).values()) == count)
    told = outcomes(api) - before
    assert (told["answered"], told["busy"]) == (statuses[200], statuses[503])
    assert running(api) == (0, 0)


def test_after_the_crowd_the_next_one_is_answered(town: tuple[Api, str]) -> None:
    api, address = town
    asyncio.run(_ask_all(address, 60))
    response = httpx.post(f"{address}/v1/ask", json={"question": "Về maso042"}, timeout=20)
    assert "maso042" in response.json()["citations"][0]["quote"]
    assert isinstance(api.service.readiness().snapshot, str)
