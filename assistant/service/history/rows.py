"""What the history keeps, and the tables it is kept in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from corpus.store.database import Schema

SCHEMA = Schema(
    name="lịch sử hỏi đáp",
    restore="Khôi phục tệp từ bản sao lưu, hoặc đổi tên tệp này để bắt đầu lịch sử mới.",
    version=1,
    statements=(
        """
        CREATE TABLE conversation (
            id TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            title TEXT NOT NULL,
            folded TEXT NOT NULL,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            deleted_at TEXT
        ) STRICT
        """,
        "CREATE INDEX conversations_of ON conversation (owner, updated_at)",
        """
        CREATE TABLE exchange (
            id TEXT PRIMARY KEY,
            conversation_id TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
            asked_at TEXT NOT NULL,
            question TEXT NOT NULL,
            answer TEXT NOT NULL,
            folded TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX exchanges_of ON exchange (conversation_id)",
        """
        CREATE TABLE feedback (
            exchange_id TEXT PRIMARY KEY REFERENCES exchange (id) ON DELETE CASCADE,
            given_at TEXT NOT NULL,
            verdict TEXT NOT NULL,
            reason TEXT,
            comment TEXT NOT NULL
        ) STRICT
        """,
    ),
)
CONVERSATION = "id, owner, title, created_at, updated_at"
EXCHANGE = "exchange.id, conversation_id, asked_at, question, answer"


@dataclass(frozen=True, slots=True)
class Conversation:
    """A chat of one owner.

    Args:
        id: 32 hex digits.
        owner: name of the caller it belongs to.
        title: as shown in the list of past conversations.
        created_at: in UTC.
        updated_at: of its last exchange, in UTC.
    """

    id: str
    owner: str
    title: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer.

    Args:
        id: 32 hex digits.
        conversation_id: where it stands.
        asked_at: in UTC.
        question: as asked.
        answer: the object of the contract as JSON gives it back (tuples are lists).
    """

    id: str
    conversation_id: str
    asked_at: datetime
    question: str
    answer: Mapping[str, Any]


def conversation_of(row: tuple[Any, ...]) -> Conversation:
    """Return what a row of ``CONVERSATION`` says."""
    conversation_id, owner, title, created_at, updated_at = row
    return Conversation(
        conversation_id,
        owner,
        title,
        datetime.fromisoformat(created_at),
        datetime.fromisoformat(updated_at),
    )


def exchange_of(row: tuple[Any, ...]) -> Exchange:
    """Return what a row of ``EXCHANGE`` says."""
    exchange_id, conversation_id, asked_at, question, answer = row
    return Exchange(
        exchange_id,
        conversation_id,
        datetime.fromisoformat(asked_at),
        question,
        json.loads(answer),
    )
