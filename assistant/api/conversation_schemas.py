"""Stored conversations as callers get them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from assistant.api.schemas import Out


class ConversationOut(Out):
    """Một cuộc trò chuyện đã lưu."""

    id: str
    title: str
    created_at: str
    updated_at: str


class ConversationsResponse(Out):
    """Các cuộc trò chuyện của người gọi, mới nhất đứng đầu."""

    conversations: list[ConversationOut]


class ReopenedOut(Out):
    """Một trích dẫn so với kho văn bản hôm nay."""

    marker: int
    state: Literal["same", "notice_changed", "removed"] = Field(
        description="Vẫn như lúc được dẫn, văn bản đã có bản mới, hay không còn trong kho."
    )
    text: str = Field(description="Nói cho người đọc.")
    notice_id: str | None = Field(description="Bản đang dùng hôm nay.")
    clause_id: str | None = Field(description="Điều khoản của bản ấy còn nguyên đoạn được dẫn.")
    clause_label: str | None


class ExchangeOut(Out):
    """Một lượt hỏi đáp, đúng như lúc được trả lời."""

    id: str
    asked_at: str
    question: str
    answer: dict[str, Any] = Field(description="Đối tượng trả lời như của POST /v1/ask khi ấy.")
    today: list[ReopenedOut] = Field(description="Từng dẫn chiếu so với kho văn bản hôm nay.")


class ConversationResponse(ConversationOut):
    """Một cuộc trò chuyện với các lượt hỏi đáp."""

    exchanges: list[ExchangeOut]
