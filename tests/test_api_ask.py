"""Questions over HTTP: whole, as a stream, kept, and what goes wrong."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fakes_api import (
    REFUSED,
    Api,
    assert_problem,
    events_of,
    opened,
    served,
    stream,
)
from fakes_assistant import QUESTION
from starlette.testclient import TestClient

from assistant.api.conversation_schemas import ConversationResponse, ConversationsResponse
from assistant.api.schemas import AnswerOut, AskResponse, SearchResponse
from assistant.contract import Answer
from assistant.runtime.settings import Settings
from assistant.service.history.feedback import Reason
from corpus.errors import Damaged


def ask(client: TestClient, question: str = QUESTION, **more: Any) -> dict[str, Any]:
    response = client.post("/v1/ask", json={"question": question, **more})
    assert response.status_code == 200, response.text
    whole: dict[str, Any] = response.json()
    return whole


def test_the_answer_is_the_object_of_the_contract(client: TestClient) -> None:
    whole = ask(client)
    AskResponse.model_validate(whole)
    assert whole["question"] == QUESTION
    assert "7 kho lạnh" in whole["citations"][0]["quote"]
    assert whole["citations"][0]["notice"]["number"] == "12/TB-UBND"
    assert not whole["cached"]


def test_the_described_object_has_the_fields_of_the_contract() -> None:
    assert set(AnswerOut.model_fields) == {field.name for field in dataclasses.fields(Answer)}


def test_a_refusal_is_an_answer(client: TestClient) -> None:
    whole = ask(client, REFUSED)
    assert whole["refused"]
    assert whole["refusal_reason"] == "no_evidence"
    assert whole["citations"] == []


def test_a_stream_comes_in_order_and_ends_with_the_whole_object(client: TestClient) -> None:
    events = stream(client, QUESTION)
    assert [name for name, _ in events] == ["evidence", "delta", "delta", "citation", "done"]
    by_name = dict(events)
    found = by_name["evidence"]["evidence"][0]
    assert found["notice"]["number"] == "12/TB-UBND"
    assert "7 kho lạnh" in found["clause"]["text"]
    whole = AskResponse.model_validate(by_name["done"]).model_dump(mode="json")
    assert "".join(data["text"] for name, data in events if name == "delta") == whole["answer"]
    assert by_name["citation"] == by_name["done"]["citations"][0]
    assert whole["conversation_id"]
    assert whole["exchange_id"]


def test_the_quotes_are_sent_while_the_llm_still_writes(settings: Settings, tmp_path: Path) -> None:
    written = threading.Event()

    def lead(question: str) -> Iterator[str]:
        assert written.wait(10), "nobody has read the quotes"
        yield "Bảy kho [1]."

    body = {"question": QUESTION, "stream": True}
    with (
        opened(settings, tmp_path / "in", lead=lead) as api,
        served(api.app) as address,
        httpx.Client(base_url=address) as client,
        client.stream("POST", "/v1/ask", json=body) as response,
    ):
        events = []
        lines = response.iter_lines()
        for line in lines:
            events.append(line.removeprefix("event: "))
            if events[-1] == "lead_begun":
                break
        names = [one for one in events if one and not one.startswith("data: ")]
        assert names == ["evidence", "delta", "delta", "citation", "lead_begun"]
        written.set()
        rest = events_of(lines)
    told = {name: data for name, data in rest if data}
    assert list(told) == ["lead", "done"]
    assert told["lead"] == {"text": "Bảy kho [1].", "markers": [1]}
    whole = AskResponse.model_validate(told["done"])
    assert whole.answer == "Bảy kho [1].\n\nCó trong văn bản [1]."
    assert [one.text for one in whole.lead] == ["Bảy kho [1]."]


def test_accept_asks_for_a_stream_as_well(client: TestClient) -> None:
    response = client.post(
        "/v1/ask", json={"question": QUESTION}, headers={"Accept": "text/event-stream"}
    )
    assert response.text.startswith("event: evidence\n")


def test_the_same_question_comes_from_the_cache_and_says_so(client: TestClient) -> None:
    first, second = ask(client), ask(client)
    assert second["cached"]
    assert second["citations"] == first["citations"]
    names = [name for name, _ in stream(client, QUESTION)]
    assert names == ["evidence", "delta", "citation", "done"]


def test_a_conversation_goes_on_and_can_be_reopened(client: TestClient) -> None:
    first = ask(client)
    ask(client, "Còn trạm y tế?", conversation_id=first["conversation_id"])
    listed = client.get("/v1/conversations").json()
    ConversationsResponse.model_validate(listed)
    assert [one["id"] for one in listed["conversations"]] == [first["conversation_id"]]
    response = client.get(f"/v1/conversations/{first['conversation_id']}")
    reopened = ConversationResponse.model_validate(response.json())
    assert [one.question for one in reopened.exchanges] == [QUESTION, "Còn trạm y tế?"]
    assert reopened.exchanges[0].answer["citations"] == first["citations"]
    assert reopened.exchanges[0].today[0].state == "same"


def test_a_reopened_citation_says_that_its_notice_is_gone(client: TestClient) -> None:
    first = ask(client)
    notice = first["citations"][0]["notice"]["id"]
    assert client.delete(f"/v1/notices/{notice}").status_code == 200
    reopened = client.get(f"/v1/conversations/{first['conversation_id']}").json()
    exchange = reopened["exchanges"][0]
    assert exchange["today"][0]["state"] == "removed"
    assert "không còn trong kho" in exchange["today"][0]["text"]
    assert exchange["answer"]["citations"] == first["citations"]


def test_a_conversation_can_be_deleted(client: TestClient) -> None:
    conversation = ask(client)["conversation_id"]
    assert client.delete(f"/v1/conversations/{conversation}").status_code == 204
    assert client.get("/v1/conversations").json() == {"conversations": []}
    assert_problem(client.get(f"/v1/conversations/{conversation}"), 404, "not_found")
    assert_problem(client.delete(f"/v1/conversations/{conversation}"), 404, "not_found")


def test_what_is_not_to_be_kept_is_not(client: TestClient) -> None:
    whole = ask(client, keep=False)
    assert whole["conversation_id"] is None
    assert client.get("/v1/conversations").json() == {"conversations": []}


def test_feedback_is_kept(api: Api, client: TestClient) -> None:
    exchange = ask(client)["exchange_id"]
    body = {"exchange_id": exchange, "verdict": "down", "reason": "wrong_citation"}
    given = client.post("/v1/feedback", json={**body, "comment": "mục 2"})
    assert given.json() == {**body, "comment": "mục 2"}
    (kept,) = api.service.records.history.feedback()
    assert (kept.exchange_id, kept.verdict, kept.comment) == (exchange, "down", "mục 2")
    assert "feedback" in {one.kind for one in api.service.records.audit.records()}
    unknown = client.post("/v1/feedback", json={**body, "exchange_id": "0" * 32})
    assert_problem(unknown, 404, "not_found")


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_for_feedback_can_be_given(client: TestClient, reason: Reason) -> None:
    body = {"exchange_id": ask(client)["exchange_id"], "verdict": "down", "reason": reason.value}
    given = client.post("/v1/feedback", json=body)
    assert (given.status_code, given.json()["reason"]) == (200, reason.value)


def test_a_search_gives_the_evidence_alone(api: Api, client: TestClient) -> None:
    found = client.get("/v1/search", params={"q": QUESTION, "limit": 1}).json()
    SearchResponse.model_validate(found)
    assert "7 kho lạnh" in found["evidence"][0]["clause"]["text"]
    nothing = client.get("/v1/search", params={"q": QUESTION, "notice": "13/TB-UBND"}).json()
    assert nothing["evidence"] == []


def test_a_question_can_be_held_to_some_notices(client: TestClient) -> None:
    assert ask(client, QUESTION, notices=["13/TB-UBND"])["refused"]
    assert not ask(client, QUESTION, notices=["12/TB-UBND"])["refused"]
    unknown = client.post("/v1/ask", json={"question": QUESTION, "notices": ["77/XX"]})
    assert_problem(unknown, 404, "not_found")


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "body.question", "missing"),
        ({"question": ""}, "body.question", "string_too_short"),
        ({"question": 7}, "body.question", "string_type"),
        ({"question": "x", "strem": True}, "body.strem", "extra_forbidden"),
        (
            {"question": "x", "history": [{"role": "system", "content": "y"}]},
            "body.history.0.role",
            "literal_error",
        ),
    ],
)
def test_a_wrong_field_is_named(
    client: TestClient, body: dict[str, Any], field: str, code: str
) -> None:
    problem = assert_problem(client.post("/v1/ask", json=body), 422, "invalid")
    assert [(one["field"], one["code"]) for one in problem["errors"]] == [(field, code)]


def test_no_json_and_other_kinds_are_told(client: TestClient) -> None:
    headers = {"Content-Type": "application/json"}
    broken = client.post("/v1/ask", content=b'{"question"', headers=headers)
    assert assert_problem(broken, 422, "invalid")["errors"][0]["code"] == "json_invalid"
    text = client.post("/v1/ask", content=b"x", headers={"Content-Type": "text/plain"})
    assert_problem(text, 415, "unsupported_media_type")


def test_paths_and_methods_that_are_not_there(client: TestClient) -> None:
    assert_problem(client.get("/v1/nothing"), 404, "no_such_path")
    wrong = client.get("/v1/ask")
    assert_problem(wrong, 405, "method_not_allowed")
    assert wrong.headers["allow"] == "POST"


def test_errors_before_the_first_event_have_their_own_status(
    settings: Settings, tmp_path: Path
) -> None:
    with opened(settings, tmp_path / "in") as api:
        body = {"question": QUESTION, "stream": True, "conversation_id": "0" * 32}
        assert_problem(api.client().post("/v1/ask", json=body), 404, "not_found")


def test_errors_after_the_first_event_become_one(settings: Settings, tmp_path: Path) -> None:
    def fail(question: str) -> None:
        raise Damaged("Tệp /srv/secret hỏng.")

    with opened(settings, tmp_path / "in", before=fail) as api:
        *_, (name, problem) = stream(api.client(), QUESTION)
        assert name == "error"
        assert problem["code"] == "damaged"
        assert "/srv/secret" not in str(problem)
        assert_problem(api.client().post("/v1/ask", json={"question": "kho lạnh"}), 500, "damaged")


def test_what_nobody_foresaw_is_logged_and_not_told(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(question: str) -> None:
        raise ZeroDivisionError("mật khẩu 123")

    with opened(settings, tmp_path / "in", before=fail) as api:
        client = api.client()
        response = client.post("/v1/ask", json={"question": QUESTION})
        assert_problem(response, 500, "internal")
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "123" not in response.text
        *_, (name, problem) = stream(client, QUESTION)
        assert (name, problem["code"]) == ("error", "internal")
    assert caplog.text.count("ZeroDivisionError") >= 2


def test_a_silent_stream_shows_that_it_lives(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.api.answering.SILENT_SECONDS", 0.05)
    with opened(settings, tmp_path / "in", before=lambda question: time.sleep(0.4)) as api:
        response = api.client().post("/v1/ask", json={"question": QUESTION, "stream": True})
    before, _, after = response.text.partition(": ...\n\n")
    assert before.startswith("event: evidence\n")
    assert "event: done\n" in after
