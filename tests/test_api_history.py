"""A long chat before a question costs what a short one does, and is not refused for its length."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes_api import CLOSED, api_on
from fakes_assistant import FakeParts, write
from fakes_library import ANNEX, PLAN, TB18
from fakes_time import seconds

from assistant.assistant import AnswerOptions, Assistant
from assistant.llm.base import GrammarLLM
from assistant.runtime.settings import Settings
from assistant.runtime.wiring import Answerer
from assistant.service.callers import Scope
from assistant.service.service import Service
from assistant.understand.question import TURN_CHARS
from index.embedder import Embedder
from index.snapshot import Snapshot

QUESTION = "Việc đó bao giờ phải xong?"
BODY = 1_000_000  # bytes that a request may have, with room for what is around the messages
MESSAGE = 200_000  # characters that one message may have


class RealParts(FakeParts):
    """Fake models, and the real assistant on them."""

    def assemble(self, snapshot: Snapshot, embedder: Embedder, llm: GrammarLLM) -> Answerer:
        return Assistant.from_parts(snapshot, embedder, llm, AnswerOptions(lead=False))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("history")
    settings = Settings(home=folder / "home", models=folder / "models")
    service = Service.from_settings(settings, RealParts())
    notices = write(Path(folder / "in"), tb=TB18, annex=ANNEX, plan=PLAN)
    service.workspace.add([notices])
    service.open()
    try:
        with api_on(service, CLOSED) as api, api.holder(Scope.ASK, per_minute=1000) as client:
            yield client
    finally:
        service.close()


def turns(unit: str, size: int, messages: int) -> list[dict[str, str]]:
    """A chat of so many messages that is ``size`` bytes long."""
    units = size // messages // len(json.dumps(unit, ensure_ascii=False).encode()[1:-1])
    text = unit * min(units, MESSAGE // len(unit))
    return [
        {"role": "assistant" if number % 2 else "user", "content": text}
        for number in range(messages)
    ]


@pytest.mark.parametrize("messages", [6, 50, 198])
@pytest.mark.parametrize(
    "unit",
    ["sua chua ben pha ", "Sở Xây dựng, ", "XD QL ", "Thông báo số 18/TB-UBND ", "1", " ", "ta "],
)
def test_a_chat_of_a_megabyte_costs_little(client: Any, unit: str, messages: int) -> None:
    chat = [*turns(unit, int(BODY * 0.97), messages), {"role": "user", "content": QUESTION}]
    body = json.dumps({"model": "congvu", "messages": chat}, ensure_ascii=False).encode()
    assert len(body) > BODY * 0.5
    answers: list[Any] = []
    taken = seconds(lambda: answers.append(post(client, body)))
    assert answers[0].status_code == 200, answers[0].text
    assert taken < 0.3


def post(client: Any, body: bytes) -> Any:
    headers = {"content-type": "application/json"}
    return client.post("/v1/chat/completions", content=body, headers=headers)


def test_the_beginning_of_a_long_turn_is_read(client: Any) -> None:
    before = "Sở nào chủ trì sửa chữa bến phà Cồn Sậy?"
    long = f"{before} " + "… " * TURN_CHARS
    said = [answer_of(client, one) for one in (before, long)]
    assert "31/3/2032" in said[0]
    assert "31/3/2032" in said[1]


def test_a_long_answer_is_no_reason_to_refuse(client: Any) -> None:
    chat = {"role": "assistant", "content": "“Sở Xây dựng chủ trì …” [1]\n" * 5_000}
    assert "31/3/2032" in answer_of(client, "Sở nào chủ trì sửa chữa bến phà Cồn Sậy?", chat)


def answer_of(client: Any, before: str, *more: dict[str, str]) -> str:
    messages = [{"role": "user", "content": before}, *more, {"role": "user", "content": QUESTION}]
    found = client.post("/v1/chat/completions", json={"model": "congvu", "messages": messages})
    content: str = found.json()["choices"][0]["message"]["content"]
    return content
