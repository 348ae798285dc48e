"""Past conversations: each caller's own, as they were answered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse, Response

from assistant.api.conversation_schemas import ConversationResponse, ConversationsResponse
from assistant.api.dependencies import PartsOf, PrivateCallerOf
from assistant.api.responses import errors
from assistant.service.callers import Scope
from assistant.service.history.conversations import Conversation, Exchange
from assistant.service.history.reopened import Reopener

router = APIRouter(prefix="/v1", tags=["lịch sử"])

Id = Annotated[str, Path(alias="id", min_length=1, max_length=64, description="Mã cuộc hỏi đáp.")]


@router.get(
    "/conversations",
    summary="Các cuộc hỏi đáp đã lưu",
    description="Của chính người gọi, mới nhất đứng đầu. Khoá gắn với trang web không xem được."
    " Cần quyền ask.",
    response_model=ConversationsResponse,
    responses=errors(422),
)
def conversations(
    parts: PartsOf,
    caller: PrivateCallerOf,
    limit: Annotated[int, Query(ge=1, le=500, description="Nhiều nhất bao nhiêu.")] = 50,
    q: Annotated[
        str | None, Query(max_length=200, description="Chỉ những cuộc có các chữ này.")
    ] = None,
) -> Response:
    """List the caller's conversations."""
    parts.service.allow(caller, Scope.ASK)
    found = parts.service.records.history.conversations(caller.name, limit, q)
    return JSONResponse({"conversations": [_conversation(one) for one in found]})


@router.get(
    "/conversations/{id}",
    summary="Mở lại một cuộc hỏi đáp",
    description="Các câu trả lời và dẫn chiếu đúng như lúc ấy, và hôm nay văn bản còn như vậy"
    " không. Cần quyền ask.",
    response_model=ConversationResponse,
    responses=errors(404, 422),
)
def conversation(conversation_id: Id, parts: PartsOf, caller: PrivateCallerOf) -> Response:
    """Reopen one."""
    parts.service.allow(caller, Scope.ASK)
    history = parts.service.records.history
    found = history.conversation(conversation_id, caller.name)
    workspace = parts.service.workspace
    reopener = Reopener(workspace.library, workspace.read)
    exchanges = history.exchanges(conversation_id, caller.name)
    return JSONResponse(
        {**_conversation(found), "exchanges": [_exchange(one, reopener) for one in exchanges]}
    )


@router.delete(
    "/conversations/{id}",
    summary="Xoá một cuộc hỏi đáp",
    description="Không còn hiện ra nữa. Cần quyền ask.",
    status_code=204,
    response_class=Response,
    responses=errors(404, 422, 507),
)
def delete_conversation(conversation_id: Id, parts: PartsOf, caller: PrivateCallerOf) -> Response:
    """Delete one."""
    parts.service.allow(caller, Scope.ASK)
    parts.service.records.history.delete(conversation_id, caller.name, datetime.now(UTC))
    return Response(status_code=204)


def _conversation(one: Conversation) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "created_at": one.created_at.isoformat(),
        "updated_at": one.updated_at.isoformat(),
    }


def _exchange(one: Exchange, reopener: Reopener) -> dict[str, Any]:
    cited = one.answer.get("citations", ())
    return {
        "id": one.id,
        "asked_at": one.asked_at.isoformat(),
        "question": one.question,
        "answer": one.answer,
        "today": [
            {"marker": citation["marker"], **reopener.reopen(citation).to_dict()}
            for citation in cited
        ],
    }
