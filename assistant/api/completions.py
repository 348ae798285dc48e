"""OpenAI's chat completions, so that programs made for them can ask with citations kept.

What a caller writes as system message is not obeyed: answers come from the notices alone, and
nothing but the question, the earlier turns and the notices decides them. Questions asked this way
are not kept as conversations, for these programs keep their own; the audit log has them.

Text of these programs only grows, so what belongs above the quotes is appended below them: a
reader does not wait for the LLM here either. Streamed or not, the text is the same.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import JSONResponse, Response

from assistant.api.completion_schemas import (
    MODEL,
    CompletionRequest,
    CompletionResponse,
    ModelOut,
    ModelsResponse,
)
from assistant.api.dependencies import CallerOf, PartsOf, json_only
from assistant.api.problems import Problem, as_openai
from assistant.api.responses import errors, events
from assistant.api.streams import EventStream, sse
from assistant.contract import Answer, Citation, LeadSentence
from assistant.events import Delta, Done, LeadMade
from assistant.service.callers import Scope
from assistant.service.inquiries import Inquiry, Served
from assistant.understand.question import Turn
from corpus.errors import NotFound

PATHS = ("/v1/chat/", "/v1/models")
"""Where errors are told in OpenAI's form as well."""
_NO_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
_LEAD = "\n\nTóm tắt: "
_STREAM = """Các mảnh `chat.completion.chunk` của OpenAI, rồi `data: [DONE]`. Trích dẫn đến
ngay; câu tóm tắt của mô hình, nếu có, nối vào sau chúng (“Tóm tắt: …”), rồi tới danh sách căn cứ.
Mảnh cuối (có `finish_reason`) mang thêm `citations`, `refused`, `warnings` trong `delta`."""

router = APIRouter(prefix="/v1", tags=["tương thích OpenAI"])


@router.post(
    "/chat/completions",
    summary="Hỏi theo khuôn của OpenAI",
    description="Như POST /v1/ask, cho các chương trình viết cho OpenAI. Câu hỏi là tin nhắn cuối;"
    " các tin nhắn trước là ngữ cảnh, chỉ đọc phần đầu của tin dài; tin nhắn `system` và"
    " `developer` không được làm theo, vì câu trả lời chỉ dựa vào văn bản. Không lưu thành"
    " cuộc hỏi đáp. Cần quyền ask.",
    response_model=CompletionResponse,
    responses={
        200: {
            "description": "Câu trả lời.",
            "content": events(_STREAM, {"": {}}),
        },
        **errors(400, 404, 413, 415, 422, 504, 507),
    },
    dependencies=[Depends(json_only)],
)
async def chat(
    body: CompletionRequest, request: Request, parts: PartsOf, caller: CallerOf
) -> Response:
    """Answer in OpenAI's form."""
    _check_model(body.model)
    *earlier, last = body.messages
    inquiry = Inquiry(
        question=last.text,
        history=tuple(
            Turn(one.role, one.text)
            for one in earlier
            if one.role in {"user", "assistant"} and one.text.strip()
        ),
        keep=False,
    )
    named = f"chatcmpl-{uuid.uuid4().hex}", int(time.time())
    if body.stream:
        with_usage = body.stream_options is not None and body.stream_options.include_usage
        chunks = _Chunks(*named, with_usage=with_usage)
        return EventStream(parts.answering, inquiry, caller, chunks.write, _failed, adapt=as_openai)
    whole = await parts.answering.whole(inquiry, caller, request.receive)
    answer = whole.done.answer
    message = {
        "role": "assistant",
        "content": "".join((answer.below_lead, *leads(answer.lead), sources(answer.citations))),
        "refusal": None,
        **_extras(answer),
    }
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return JSONResponse(
        {
            "id": named[0],
            "object": "chat.completion",
            "created": named[1],
            "model": MODEL,
            "choices": [choice],
            "usage": _NO_USAGE,
        }
    )


@router.get(
    "/models",
    summary="Mô hình có thể gọi",
    description="Chỉ có một: trợ lý này. Cần quyền ask.",
    responses=errors(),
)
def models(parts: PartsOf, caller: CallerOf) -> ModelsResponse:
    """List the only model."""
    parts.service.allow(caller, Scope.ASK)
    return ModelsResponse(data=[_model()])


@router.get(
    "/models/{id}",
    summary="Một mô hình",
    description="Cần quyền ask.",
    responses=errors(404, 422),
)
def model(
    model_id: Annotated[str, Path(alias="id", max_length=200, description="Tên mô hình.")],
    parts: PartsOf,
    caller: CallerOf,
) -> ModelOut:
    """Return the only model."""
    parts.service.allow(caller, Scope.ASK)
    _check_model(model_id)
    return _model()


def leads(sentences: Sequence[LeadSentence]) -> Iterator[str]:
    """Yield the pieces of text that tell the lead below the quotes."""
    for index, sentence in enumerate(sentences):
        yield f"{' ' if index else _LEAD}{sentence.text}"


def sources(citations: tuple[Citation, ...]) -> str:
    """Return the numbered list that follows an answer's text, ``""`` where nothing is cited."""
    if not citations:
        return ""
    lines = [f"[{one.marker}] {_source(one)}" for one in citations]
    return "\n\nCăn cứ:\n" + "\n".join(dict.fromkeys(lines))


class _Chunks:
    """Writes one answer as OpenAI's chunks.

    Args:
        completion: id of the completion.
        created: seconds since 1970.
        with_usage: whether a last chunk tells the usage.
    """

    def __init__(self, completion: str, created: int, *, with_usage: bool) -> None:
        self._completion = completion
        self._created = created
        self._with_usage = with_usage
        self._begun = False
        self._lead: list[LeadSentence] = []

    def write(self, event: Served) -> Iterator[bytes]:
        """Write one event of the service."""
        if not self._begun:
            self._begun = True
            yield self._chunk({"role": "assistant", "content": ""})
        if isinstance(event, Delta):
            yield self._chunk({"content": event.text})
        elif isinstance(event, LeadMade):
            self._lead.append(event.sentence)
            *_, piece = leads(self._lead)
            yield self._chunk({"content": piece})
        elif isinstance(event, Done):
            listed = sources(event.answer.citations)
            if listed:
                yield self._chunk({"content": listed})
            yield self._chunk(_extras(event.answer), "stop")
            if self._with_usage:
                yield sse({**self._frame(), "choices": [], "usage": _NO_USAGE})
            yield b"data: [DONE]\n\n"

    def _chunk(self, delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return sse({**self._frame(), "choices": [choice]})

    def _frame(self) -> dict[str, Any]:
        return {
            "id": self._completion,
            "object": "chat.completion.chunk",
            "created": self._created,
            "model": MODEL,
        }


def _failed(problem: Problem) -> bytes:
    return sse(as_openai(problem).model_dump(exclude_none=True))


def _extras(answer: Answer) -> dict[str, Any]:
    return {
        "citations": [asdict(one) for one in answer.citations],
        "refused": answer.refused,
        "warnings": [asdict(one) for one in answer.warnings],
    }


def _source(citation: Citation) -> str:
    notice = citation.notice
    name = f"{notice.kind} {notice.number}".strip() or notice.title or notice.file
    day = f", ngày {'/'.join(reversed(notice.date.split('-')))}" if notice.date else ""
    issuer = f", {notice.issuer}" if notice.issuer else ""
    draft = " (dự thảo)" if notice.status == "draft" else ""
    return f"{citation.clause.label}, {name}{day}{issuer}{draft}"


def _check_model(name: str) -> None:
    if name != MODEL:
        raise NotFound(f"Không có mô hình “{name}”.", f"Dùng mô hình `{MODEL}`.")


def _model() -> ModelOut:
    return ModelOut(id=MODEL, created=0, owned_by="congvu")
