"""The adapter to an OpenAI-compatible server, against real sockets."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fakes_llm import ask, request
from fakes_openai import DONE, FakeOpenAI, event, serve
from fakes_time import ends_within

from assistant.llm.openai_server import Endpoint, OpenAIServer, ServerKind
from corpus.errors import BadInput, Busy, CongvuError, NotReady, Transient

PIECES = ["Sở ", "Nông ", "nghiệp ", "chủ ", "trì ", "[1]."]


@contextmanager
def adapter(
    kind: ServerKind = ServerKind.LLAMA_CPP, key: str = "", **behaviour: Any
) -> Iterator[tuple[OpenAIServer, FakeOpenAI]]:
    behaviour.setdefault("answer", lambda body: PIECES)
    with serve(FakeOpenAI(**behaviour)) as server:
        llm = OpenAIServer(
            Endpoint(server.url, "mô-hình", key=key, kind=kind),
            connect_seconds=2,
            read_seconds=2,
        )
        yield llm, server
        llm.close()


def test_what_is_asked_is_what_the_server_gets() -> None:
    with adapter(key="bí-mật".encode().hex()) as (llm, server):
        assert ask(llm, "Ai?", max_tokens=9, stop=("\n",), grammar="root ::= .*") == "".join(PIECES)
    body = server.bodies[0]
    assert body.pop("messages")[1] == {"role": "user", "content": "Ai?"}
    assert body == {
        "path": "/v1/chat/completions",
        "model": "mô-hình",
        "max_tokens": 9,
        "temperature": 0,
        "seed": 0,
        "stream": True,
        "stop": ["\n"],
        "grammar": "root ::= .*",
    }
    assert server.headers[0]["Authorization"] == f"Bearer {'bí-mật'.encode().hex()}"


def test_a_key_is_never_shown() -> None:
    assert "abc" not in repr(Endpoint("http://x", "m", key="abc"))


def test_llama_cpp_goes_on_from_a_prefill() -> None:
    with adapter() as (llm, server):
        assert ask(llm, "Ai?", prefill="Theo căn cứ, ") == "".join(PIECES)
    assert server.bodies[0]["messages"][-1] == {"role": "assistant", "content": "Theo căn cứ, "}


def test_elsewhere_the_prefill_is_not_sent_and_taken_off_the_text() -> None:
    with adapter(ServerKind.NONE) as (llm, server):
        assert ask(llm, "Ai?", prefill="Sở Nông") == " nghiệp chủ trì [1]."
        assert ask(llm, "Ai?", prefill="Bộ") == ""
    assert all(one["messages"][-1]["role"] == "user" for one in server.bodies)


def test_a_grammar_where_there_is_none_is_refused_not_ignored() -> None:
    with adapter(ServerKind.NONE) as (llm, server):
        assert not llm.supports_grammar
        with pytest.raises(BadInput, match="ngữ pháp"):
            ask(llm, "Ai?", grammar="root ::= .*")
    assert server.bodies == []


@pytest.mark.parametrize(
    ("status", "kind", "word"),
    [
        (400, BadInput, "said so"),
        (401, NotReady, "llm_server_key"),
        (404, NotReady, "llm_server_model"),
        (429, Busy, "thử lại"),
        (500, Transient, "500"),
        (503, Busy, "thử lại"),
    ],
)
def test_a_status_says_how_to_react(status: int, kind: type[CongvuError], word: str) -> None:
    with adapter(status=status) as (llm, _), pytest.raises(kind, match=word) as caught:
        ask(llm, "Ai?")
    assert type(caught.value) is kind
    assert caught.value.remedy


def test_a_refusal_that_is_no_json_is_told_by_its_number() -> None:
    with adapter(status=502, error=b"<html>") as (llm, _), pytest.raises(Transient, match="502"):
        ask(llm, "Ai?")


@pytest.mark.parametrize(
    "events",
    [
        [b"data: {not json\n\n"],
        [b'data: {"choices": 3}\n\n'],
        [b"data: 3\n\n"],
        [b'data: {"error": {"message": "slot failed"}}\n\n'],
        [event({"content": "nửa câu"})],
        [b"<html>a page</html>"],
        [],
    ],
    ids=["no json", "no choices", "a number", "an error", "cut short", "a page", "nothing"],
)
def test_a_stream_that_is_no_whole_answer_is_transient(events: list[bytes]) -> None:
    with adapter(events=events) as (llm, _), pytest.raises(Transient) as caught:
        ask(llm, "Ai?")
    assert caught.value.remedy


def test_a_line_separator_within_the_text_does_not_cut_the_event() -> None:
    text = "một\u2028hai\u0085ba"
    with adapter(events=[event({"content": text}), DONE]) as (llm, _):
        assert ask(llm, "Ai?") == text


def test_events_cut_anywhere_are_put_together() -> None:
    whole = event({"content": "quyết định"}) + event({}, "stop")
    with adapter(events=[whole[at : at + 7] for at in range(0, len(whole), 7)]) as (llm, _):
        assert ask(llm, "Ai?") == "quyết định"


def test_no_server_is_transient_with_a_remedy() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        llm = OpenAIServer(Endpoint(f"http://127.0.0.1:{free.getsockname()[1]}", "m"))
        with pytest.raises(Transient, match="llm_server"):
            ask(llm, "Ai?")
        llm.close()


def test_a_silent_server_runs_into_the_time_limit() -> None:
    with serve(FakeOpenAI(lambda body: PIECES, silent=threading.Event())) as server:
        llm = OpenAIServer(Endpoint(server.url, "m"), read_seconds=0.2)
        with pytest.raises(Transient, match="quá lâu"):
            ask(llm, "Ai?")
        llm.close()


def test_leaving_closes_the_connection() -> None:
    with adapter(answer=lambda body: ["a"] * 2000, piece_seconds=0.002) as (llm, server):
        pieces = llm.generate(request("Ai?", max_tokens=2000), threading.Event())
        next(pieces)
        pieces.close()
        assert server.left.wait(2)
    assert server.sent < 1000


def test_cancel_is_heard_while_the_server_is_still_silent() -> None:
    with adapter(silent=threading.Event()) as (llm, server):
        cancel = threading.Event()
        threading.Timer(0.2, cancel.set).start()
        with ends_within(1):
            assert list(llm.generate(request("Ai?"), cancel)) == []
        assert server.left.wait(2)
