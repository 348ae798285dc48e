"""The whole way once: real models, real server, the samples, citations against the source."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from fakes_api import OPEN, Api, api_on, events_of, served
from machine import ROOT

from assistant.runtime.models.store import ModelStore
from assistant.runtime.settings import Settings
from assistant.service.service import Service

pytestmark = pytest.mark.models

QUESTION = "Cơ quan nào chủ trì xây dựng kho dữ liệu dùng chung của tỉnh?"


@pytest.fixture(scope="module")
def running(
    model_store: ModelStore, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Api, str]]:
    home = tmp_path_factory.mktemp("home")
    service = Service.from_settings(Settings(home=home, models=model_store.root, threads=2))
    service.workspace.add([ROOT / "corpus" / "samples"])
    service.open()
    try:
        with api_on(service, OPEN) as api, served(api.app) as address:
            yield api, address
    finally:
        service.close()


def test_a_streamed_answer_cites_the_lines_of_the_source(running: tuple[Api, str]) -> None:
    _, address = running
    assert httpx.get(f"{address}/readyz").status_code == 200
    body = {"question": QUESTION, "stream": True}
    with httpx.stream("POST", f"{address}/v1/ask", json=body, timeout=120) as response:
        events = events_of(response.iter_lines())
    names = [name for name, _ in events]
    order = ["evidence", "delta", "citation", "warning", "done"]
    assert names == sorted(names, key=order.index)
    assert names[0] == "evidence"
    assert names.count("done") == 1
    whole = dict(events)["done"]
    assert not whole["refused"]
    assert whole["citations"]
    assert "".join(data["text"] for name, data in events if name == "delta") == whole["answer"]
    for cited in whole["citations"]:
        clause = cited["clause"]
        path = f"{address}/v1/notices/{cited['notice']['id']}"
        lines = httpx.get(f"{path}/source").text.splitlines()
        first, last = clause["lines"]
        assert clause["text"] in "\n".join(lines[first - 1 : last])
        assert cited["quote"] in clause["text"]
        number = clause["id"].rpartition("#")[2]
        assert httpx.get(f"{path}/clauses/{number}").json()["text"] == clause["text"]


def test_what_the_notices_do_not_say_is_refused(running: tuple[Api, str]) -> None:
    _, address = running
    body = {"question": "Giá vé tàu điện ngầm ở Tokyo là bao nhiêu?"}
    whole = httpx.post(f"{address}/v1/ask", json=body, timeout=120).json()
    assert whole["refused"]
    assert whole["citations"] == []
