"""Questions: answers, evidence alone, and what people think of an answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response

from assistant.api.dependencies import CallerOf, PartsOf, json_only
from assistant.api.problems import Problem
from assistant.api.responses import errors, events, ref
from assistant.api.schemas import (
    AskRequest,
    AskResponse,
    FeedbackRequest,
    FeedbackResponse,
    Name,
    SearchResponse,
)
from assistant.api.streams import EventStream, sse
from assistant.events import CitationMade, Delta, Done, LeadBegun, LeadMade, Warned
from assistant.service.audit.records import EventKind
from assistant.service.callers import Scope
from assistant.service.history.feedback import Rating, Reason
from assistant.service.inquiries import ClausesFound, FoundClause, Inquiry, Kept, Served
from assistant.understand.question import Turn

_STREAM = """Luồng server-sent events, theo thứ tự:

- `evidence` – ngay khi tìm xong: `{"evidence": […]}`, các điều khoản tìm được kèm văn bản;
- `delta` – mảnh tiếp theo của phần trích dẫn, không chờ mô hình ngôn ngữ: `{"text": …}`;
- `citation` – một dẫn chiếu;
- `lead_begun` – trích dẫn đã đủ, mô hình đang viết câu tóm tắt (có thể không thành): `{}`;
- `lead` – câu tóm tắt tiếp theo, đã kiểm chứng, đặt TRÊN phần trích dẫn:
  `{"text": …, "markers": […]}`;
- `warning` – một điều cần biết;
- `done` – cả đối tượng trả lời, như khi không dùng luồng;
- `error` – tài liệu lỗi, khi hỏng giữa chừng; sau đó không còn gì.

`answer` trong `done` gồm các câu `lead` (cách nhau một dấu cách), một dòng trống, rồi các mảnh
`delta` nối liền; không có `lead` thì chỉ là các mảnh `delta`. Những gì đã hiện không bị rút lại: mô
hình bận, hỏng hoặc hết giờ thì chỉ thiếu câu tóm tắt, kèm một `warning` loại `degraded`. Hàng đợi
của dịch vụ đầy thì vẫn là 503 (`Retry-After`) trước sự kiện đầu tiên. Bỏ qua các sự kiện lạ: sau
này có thể thêm."""

_EVENTS = {
    "evidence": {
        "type": "object",
        "properties": {"evidence": {"type": "array", "items": ref("FoundOut")}},
        "required": ["evidence"],
    },
    "delta": {
        "type": "object",
        "properties": {"text": {"type": "string"}},
        "required": ["text"],
    },
    "citation": ref("CitationOut"),
    "lead_begun": {"type": "object"},
    "lead": ref("LeadOut"),
    "warning": ref("WarningOut"),
    "done": ref("AskResponse"),
    "error": ref("Problem"),
}

router = APIRouter(prefix="/v1", tags=["hỏi đáp"])


@router.post(
    "/ask",
    summary="Hỏi",
    description="Trả lời từ các văn bản trong kho, có dẫn điều khoản; từ chối khi các văn bản"
    " không nêu. Người gọi bỏ đi thì câu trả lời dừng ngay. Cần quyền ask.",
    response_model=AskResponse,
    responses={
        200: {
            "description": "Câu trả lời có dẫn điều khoản, hoặc lời từ chối (`refused`).",
            "content": events(_STREAM, _EVENTS),
        },
        **errors(400, 404, 413, 415, 422, 504, 507),
    },
    dependencies=[Depends(json_only)],
)
async def ask(body: AskRequest, request: Request, parts: PartsOf, caller: CallerOf) -> Response:
    """Answer a question, whole or as a stream."""
    inquiry = Inquiry(
        question=body.question,
        history=tuple(Turn(one.role, one.content) for one in body.history),
        notices=tuple(body.notices),
        conversation=body.conversation_id,
        keep=body.keep,
    )
    if body.stream or "text/event-stream" in request.headers.get("accept", ""):
        return EventStream(parts.answering, inquiry, caller, _Writer().write, _failed)
    whole = await parts.answering.whole(inquiry, caller, request.receive)
    return JSONResponse(contract(whole.done, whole.kept))


@router.get(
    "/search",
    summary="Tìm điều khoản, không trả lời",
    description="Các điều khoản gần câu hỏi nhất, không qua mô hình ngôn ngữ. Cần quyền read.",
    response_model=SearchResponse,
    responses=errors(400, 404, 422, 507),
)
def search(
    parts: PartsOf,
    caller: CallerOf,
    q: Annotated[
        str,
        Query(min_length=1, max_length=20_000, description="Câu hỏi.", examples=["kho lạnh"]),
    ],
    notice: Annotated[
        list[Name] | None, Query(max_length=100, description="Chỉ tìm trong các văn bản này.")
    ] = None,
    limit: Annotated[int | None, Query(ge=1, le=100, description="Số điều khoản.")] = None,
) -> Response:
    """Return evidence without the LLM."""
    found = parts.service.search(q, caller, tuple(notice or ()), limit)
    return JSONResponse({"question": q, "evidence": [_found(one) for one in found]})


@router.post(
    "/feedback",
    summary="Góp ý về một câu trả lời",
    description="Ghi ý kiến của người hỏi; góp ý sau thay cho góp ý trước. Cần quyền ask.",
    response_model=FeedbackResponse,
    responses=errors(400, 404, 413, 415, 422, 507),
    dependencies=[Depends(json_only)],
)
def feedback(body: FeedbackRequest, parts: PartsOf, caller: CallerOf) -> Response:
    """Keep a verdict."""
    parts.service.allow(caller, Scope.ASK)
    given = parts.service.records.history.give_feedback(
        body.exchange_id,
        caller.name,
        Rating(body.verdict),
        Reason(body.reason) if body.reason is not None else None,
        body.comment,
        datetime.now(UTC),
    )
    parts.service.record(
        EventKind.FEEDBACK, caller, given.verdict.value, detail={"exchange": given.exchange_id}
    )
    return JSONResponse(
        {
            "exchange_id": given.exchange_id,
            "verdict": given.verdict.value,
            "reason": given.reason.value if given.reason is not None else None,
            "comment": given.comment,
        }
    )


def contract(done: Done, kept: Kept) -> dict[str, Any]:
    """Return the object of the contract with where it is stored."""
    return {**done.answer.to_dict(), **asdict(kept)}


class _Writer:
    """Writes the events of one answer."""

    def __init__(self) -> None:
        self._kept = Kept(None, None, cached=False)

    def write(self, event: Served) -> Iterator[bytes]:
        """Write one event; ``Kept`` is told within ``done``."""
        match event:
            case ClausesFound(clauses):
                yield sse({"evidence": [_found(one) for one in clauses]}, "evidence")
            case Delta(text):
                yield sse({"text": text}, "delta")
            case CitationMade(citation):
                yield sse(asdict(citation), "citation")
            case LeadBegun():
                yield sse({}, "lead_begun")
            case LeadMade(sentence):
                yield sse(asdict(sentence), "lead")
            case Warned(warning):
                yield sse(asdict(warning), "warning")
            case Kept():
                self._kept = event
            case Done():
                yield sse(contract(event, self._kept), "done")


def _failed(problem: Problem) -> bytes:
    return sse(problem.model_dump(exclude_none=True), "error")


def _found(one: FoundClause) -> dict[str, Any]:
    return {**asdict(one.item), "notice": asdict(one.notice), "clause": asdict(one.clause)}
