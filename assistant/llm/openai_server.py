"""Any OpenAI-compatible server, over plain HTTP."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import httpx

from assistant.llm.base import Generation
from assistant.llm.stops import PrefillFilter, StopFilter
from corpus.errors import BadInput, Busy, CongvuError, NotReady, Transient

_POLL_SECONDS: Final = 0.05
_CHECK_SERVER: Final = "Hãy kiểm tra máy chủ mô hình (`llm_server`) đang chạy rồi thử lại."


class ServerKind(StrEnum):
    """What a server can do beyond the OpenAI protocol."""

    LLAMA_CPP = "llama.cpp"  # field `grammar`; goes on with a trailing assistant message
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server is and what it can do.

    Args:
        url: with or without ``/v1``.
        model: as the server names it.
        key: sent as a bearer token, unless empty; never shown.
        kind: what the server can do.
        context_length: tokens that fit, prompt and output together.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    kind: ServerKind = ServerKind.NONE
    context_length: int = 4096


class OpenAIServer:
    """A model behind ``/v1/chat/completions``, greedy and seeded.

    The output never holds the prefill. A server that can't go on from one writes the turn from
    its start; its output is then what follows the prefill, and empty where the model began
    otherwise.

    Args:
        endpoint: the server.
        connect_seconds: to wait for the connection.
        read_seconds: to wait for the next piece; the first one takes the whole prompt.
    """

    def __init__(
        self, endpoint: Endpoint, *, connect_seconds: float = 5.0, read_seconds: float = 120.0
    ) -> None:
        self._endpoint = endpoint
        self._url = endpoint.url.rstrip("/").removesuffix("/v1") + "/v1/chat/completions"
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {},
            timeout=httpx.Timeout(read_seconds, connect=connect_seconds),
            # Each answer has its own connection: leaving one closes it, which is how a server
            # learns that it can stop.
            limits=httpx.Limits(max_keepalive_connections=0),
            # A proxy named in the environment must not see what is meant for a local server.
            trust_env=False,
        )

    @property
    def id(self) -> str:
        """Name of the model on the server."""
        return self._endpoint.model

    @property
    def context_length(self) -> int:
        """Tokens that fit, prompt and output together."""
        return self._endpoint.context_length

    @property
    def supports_grammar(self) -> bool:
        """Whether a grammar is kept to; where not, a request with one raises ``BadInput``."""
        return self._endpoint.kind is ServerKind.LLAMA_CPP

    def generate(self, request: Generation, cancel: threading.Event) -> Generator[str, None, None]:
        """Yield the output piece by piece, without the prefill.

        Raises:
            BadInput: a grammar on a server without, or the server refuses the request.
            Busy: the server says that it is (429, 503).
            NotReady: the adapter is closed, or the server wants another key or model.
            Transient: no connection, a time limit, or an answer cut short.
        """
        if self._client.is_closed:
            raise NotReady("Kết nối tới máy chủ mô hình đã đóng.", "Hãy mở lại trợ lý.")
        if request.grammar is not None and not self.supports_grammar:
            raise BadInput(
                "Máy chủ mô hình này không nhận ngữ pháp đầu ra.",
                'Hãy dùng llama.cpp server (`llm_server_kind = "llama.cpp"`) hoặc mô hình '
                "chạy trong máy.",
            )
        if cancel.is_set():
            return
        stop = StopFilter(request.stop)
        prefill = PrefillFilter("" if self._continues else request.prefill)
        with contextlib.closing(self._pieces(request, cancel)) as pieces:
            for piece in pieces:
                if cancel.is_set():
                    return
                if text := stop.feed(prefill.feed(piece)):
                    yield text
                if stop.done or prefill.failed:
                    return
        if (held := stop.flush()) and not cancel.is_set():
            yield held

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    @property
    def _continues(self) -> bool:
        return self._endpoint.kind is ServerKind.LLAMA_CPP

    def _body(self, request: Generation) -> dict[str, object]:
        messages = [{"role": one.role, "content": one.content} for one in request.messages]
        if request.prefill and self._continues:
            messages.append({"role": "assistant", "content": request.prefill})
        body: dict[str, object] = {
            "model": self._endpoint.model,
            "messages": messages,
            "max_tokens": request.max_tokens,
            "temperature": 0,
            "seed": 0,
            "stream": True,
        }
        if request.stop:
            body["stop"] = list(request.stop)
        if request.grammar is not None:
            body["grammar"] = request.grammar
        return body

    def _pieces(self, request: Generation, cancel: threading.Event) -> Generator[str, None, None]:
        """Yield the server's pieces; end without an error once ``cancel`` is set."""
        try:
            with (
                _Wire(cancel) as wire,
                self._client.stream(
                    "POST", self._url, json=self._body(request), extensions={"trace": wire.trace}
                ) as response,
            ):
                if response.status_code != httpx.codes.OK:
                    response.read()
                    raise _refusal(response)
                yield from _contents(response)
        except httpx.TimeoutException as error:
            if not cancel.is_set():
                raise Transient("Máy chủ mô hình trả lời quá lâu.", _CHECK_SERVER) from error
        except httpx.HTTPError as error:
            if not cancel.is_set():
                raise Transient(
                    f"Không nối được hoặc mất kết nối tới máy chủ mô hình {self._url}.",
                    _CHECK_SERVER,
                ) from error
        except Transient:
            if not cancel.is_set():  # a stream cut by us looks like one cut by the server
                raise


class _Wire:
    """Shuts the connection of one request as soon as its ``cancel`` is set.

    The thread that reads can't look at ``cancel`` while it waits for the server, which is
    silent for as long as it evaluates the prompt.
    """

    def __init__(self, cancel: threading.Event) -> None:
        self._cancel = cancel
        self._over = threading.Event()
        self._stream: Any = None
        self._thread = threading.Thread(target=self._watch, name="llm-cancel", daemon=True)

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Take the connection from httpcore, when it is made and when TLS is put on it."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._stream = info["return_value"]

    def __enter__(self) -> _Wire:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(_POLL_SECONDS):
            if self._cancel.is_set() and self._stream is not None:
                with contextlib.suppress(OSError):  # already closed by the other side
                    self._stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
                return


def _contents(response: httpx.Response) -> Iterator[str]:
    """Yield the text of each event of a chat completion stream.

    Raises:
        Transient: an event is not what the protocol says, or the stream ends too soon.
    """
    finished = False
    for line in _lines(response):
        if not line.startswith(b"data:"):
            continue  # comments that keep the connection alive, event names, empty lines
        data = line[len(b"data:") :].strip()
        if data == b"[DONE]":
            return
        content, reason = _event(data)
        finished = finished or reason is not None
        if content:
            yield content
    if not finished:
        raise Transient("Máy chủ mô hình ngắt giữa chừng câu trả lời.", _CHECK_SERVER)


def _event(data: bytes) -> tuple[str, str | None]:
    """Return an event's text and why the output ended, if it did."""
    try:
        event = json.loads(data)
        if "error" in event:
            raise Transient(f"Máy chủ mô hình báo lỗi: {_said(event)}.", _CHECK_SERVER)
        if not event["choices"]:  # figures about the use, at the end
            return "", None
        choice = event["choices"][0]
        return choice.get("delta", {}).get("content") or "", choice.get("finish_reason")
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise Transient(
            "Máy chủ mô hình trả về dữ liệu không đúng giao thức OpenAI.",
            "Hãy kiểm tra địa chỉ `llm_server` có đúng là máy chủ mô hình không.",
        ) from error


def _lines(response: httpx.Response) -> Iterator[bytes]:
    """Yield the lines of an event stream.

    Not ``iter_lines``: that also cuts at U+2028 and U+0085, which may stand within a JSON text.
    """
    rest = b""
    for part in response.iter_bytes():
        *lines, rest = (rest + part).split(b"\n")
        yield from lines
    if rest:
        yield rest


def _refusal(response: httpx.Response) -> CongvuError:
    """Return the error that says how to react to a status code."""
    code = response.status_code
    said = _detail(response)
    if code in (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE):
        return Busy(f"Máy chủ mô hình đang bận: {said}.", "Hãy thử lại sau ít phút.")
    if code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        return NotReady(
            "Máy chủ mô hình không nhận khóa truy cập.", "Hãy kiểm tra `llm_server_key`."
        )
    if code == httpx.codes.NOT_FOUND:
        return NotReady(
            f"Máy chủ mô hình không có đường dẫn hoặc mô hình này: {said}.",
            "Hãy kiểm tra `llm_server` và `llm_server_model`.",
        )
    if response.is_client_error:
        return BadInput(
            f"Máy chủ mô hình từ chối yêu cầu: {said}.",
            "Hãy hỏi ngắn hơn; nếu vẫn vậy, kiểm tra máy chủ có đúng loại đã khai không.",
        )
    return Transient(f"Máy chủ mô hình gặp lỗi {code}: {said}.", _CHECK_SERVER)


def _detail(response: httpx.Response) -> str:
    try:
        return _said(response.json())
    except ValueError:
        return f"mã {response.status_code}"


def _said(answer: object) -> str:
    """Return the message of an error object, cut to what a person reads."""
    error = answer.get("error", answer) if isinstance(answer, dict) else answer
    said = error.get("message", error) if isinstance(error, dict) else error
    return str(said).strip().rstrip(".")[:200]
