"""Conversations with their answers and citations, and what people thought of them.

An answer is stored as it was given, so that a citation shows tomorrow what was cited today,
whatever has become of the notice (see ``reopened``). What belongs to somebody else sounds exactly
like what doesn't exist.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Self

from assistant.service.history.feedback import Feedback, Rating, Reason
from assistant.service.history.rows import (
    CONVERSATION,
    EXCHANGE,
    SCHEMA,
    Conversation,
    Exchange,
    conversation_of,
    exchange_of,
)
from corpus.errors import BadInput, NotFound
from corpus.store.closing import Closing
from corpus.store.database import Database, stamp, storable
from corpus.text import fold, normalise

__all__ = ["Conversation", "Exchange", "Feedback", "History", "Rating", "Reason"]

FILE_NAME: Final = "history.sqlite"
"""Under the home folder."""

_TITLE_LENGTH: Final = 200
_COMMENT_LENGTH: Final = 2000
_UNDO: Final = timedelta(hours=1)


class History(Closing):
    """One SQLite file; any thread may use it, and several processes.

    Args:
        database: opened with the schema of the history.
        undo: how long a deleted conversation can be restored.
    """

    def __init__(self, database: Database, undo: timedelta = _UNDO) -> None:
        self._db = database
        self._undo = undo

    @classmethod
    def open(cls, path: Path, undo: timedelta = _UNDO, timeout_s: float = 10.0) -> Self:
        """Open the history at ``path``, making the file when there is none.

        Args:
            path: the SQLite file; its folder must exist.
            undo: how long a deleted conversation can be restored.
            timeout_s: seconds to wait for another process that is writing.

        Raises:
            Damaged: the file holds something else.
            NotReady: it was written by a newer congvu, or may not be opened.
            Busy: another process was writing for longer than ``timeout_s``.
        """
        return cls(Database.open(path, SCHEMA, timeout_s), undo)

    def close(self) -> None:
        """Close the file; the history can't be used afterwards."""
        self._db.close()

    def start(self, owner: str, title: str, now: datetime) -> Conversation:
        """Begin a conversation.

        Args:
            owner: name of the caller.
            title: cut to 200 characters.
            now: with a time zone.

        Raises:
            BadInput: the title is empty.
        """
        title, moment = _title(title), stamp(now)
        row = (uuid.uuid4().hex, owner, title, moment, moment)
        with self._db.writing() as db:
            db.execute(
                f"INSERT INTO conversation ({CONVERSATION}, folded) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608
                (*row, _folded(title)),
            )
        return conversation_of(row)

    def append(
        self,
        conversation_id: str,
        owner: str,
        question: str,
        answer: Mapping[str, Any],
        now: datetime,
    ) -> Exchange:
        """Keep a question and its answer.

        Args:
            conversation_id: where it was asked.
            owner: name of the caller.
            question: as asked.
            answer: the object of the contract, ready for JSON.
            now: with a time zone.

        Raises:
            NotFound: the owner has no such conversation.
        """
        text = json.dumps(answer)
        row = (uuid.uuid4().hex, conversation_id, stamp(now), storable(question), text)
        folded = _folded(f"{question}\n{answer.get('answer', '')}")
        with self._db.writing() as db:
            self.conversation(conversation_id, owner)
            db.execute(
                "INSERT INTO exchange (id, conversation_id, asked_at, question, answer, folded)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (*row, folded),
            )
            db.execute(
                "UPDATE conversation SET updated_at = max(updated_at, ?) WHERE id = ?",
                (row[2], conversation_id),
            )
        return exchange_of(row)

    def conversations(
        self, owner: str, limit: int = 50, search: str | None = None
    ) -> tuple[Conversation, ...]:
        """Return an owner's conversations, the one used last first.

        Args:
            owner: name of the caller.
            limit: at most so many.
            search: words that the title, a question or an answer must hold, in one piece; case
                and diacritics don't count.
        """
        wanted = _folded(search or "")
        rows = self._db.rows(
            f"SELECT {CONVERSATION} FROM conversation"  # noqa: S608
            " WHERE owner = ? AND deleted_at IS NULL AND (instr(folded, ?) OR EXISTS"
            " (SELECT 1 FROM exchange WHERE conversation_id = conversation.id"
            " AND instr(exchange.folded, ?)))"
            " ORDER BY updated_at DESC, rowid DESC LIMIT ?",
            (owner, wanted, wanted, max(0, limit)),
        )
        return tuple(conversation_of(row) for row in rows)

    def conversation(self, conversation_id: str, owner: str) -> Conversation:
        """Return one conversation.

        Raises:
            NotFound: the owner has no such conversation.
        """
        rows = self._db.rows(
            f"SELECT {CONVERSATION} FROM conversation"  # noqa: S608
            " WHERE id = ? AND owner = ? AND deleted_at IS NULL",
            (storable(conversation_id), owner),
        )
        if not rows:
            raise _no_conversation()
        return conversation_of(rows[0])

    def exchanges(self, conversation_id: str, owner: str) -> tuple[Exchange, ...]:
        """Return what was asked and answered in a conversation, the oldest first.

        Raises:
            NotFound: the owner has no such conversation.
        """
        self.conversation(conversation_id, owner)
        rows = self._db.rows(
            f"SELECT {EXCHANGE} FROM exchange WHERE conversation_id = ? ORDER BY rowid",  # noqa: S608
            (conversation_id,),
        )
        return tuple(exchange_of(row) for row in rows)

    def exchange(self, exchange_id: str, owner: str) -> Exchange:
        """Return one question with its answer.

        Raises:
            NotFound: the owner has no such exchange.
        """
        rows = self._db.rows(
            f"SELECT {EXCHANGE} FROM exchange JOIN conversation"  # noqa: S608
            " ON conversation.id = conversation_id"
            " WHERE exchange.id = ? AND owner = ? AND deleted_at IS NULL",
            (storable(exchange_id), owner),
        )
        if not rows:
            raise NotFound("Không có câu trả lời nào mang mã này.", "Xem lại mã câu trả lời.")
        return exchange_of(rows[0])

    def rename(self, conversation_id: str, owner: str, title: str) -> Conversation:
        """Give a conversation another title, cut to 200 characters.

        Raises:
            BadInput: the title is empty.
            NotFound: the owner has no such conversation.
        """
        title = _title(title)
        with self._db.writing() as db:
            self.conversation(conversation_id, owner)
            db.execute(
                "UPDATE conversation SET title = ?, folded = ? WHERE id = ?",
                (title, _folded(title), conversation_id),
            )
            return self.conversation(conversation_id, owner)

    def delete(self, conversation_id: str, owner: str, now: datetime) -> None:
        """Take a conversation out of sight; for a while it can be restored.

        Raises:
            NotFound: the owner has no such conversation.
        """
        with self._db.writing() as db:
            self.conversation(conversation_id, owner)
            db.execute(
                "UPDATE conversation SET deleted_at = ? WHERE id = ?", (stamp(now), conversation_id)
            )

    def restore(self, conversation_id: str, owner: str) -> Conversation:
        """Bring back a conversation that was just deleted; one that wasn't is left alone.

        Raises:
            NotFound: the owner has no such conversation, or it is gone for good.
        """
        with self._db.writing() as db:
            db.execute(
                "UPDATE conversation SET deleted_at = NULL WHERE id = ? AND owner = ?",
                (storable(conversation_id), owner),
            )
            return self.conversation(conversation_id, owner)

    def expunge(self, now: datetime) -> int:
        """Delete for good what was deleted longer ago than it can be restored.

        Args:
            now: with a time zone.

        Returns:
            How many conversations are gone.
        """
        return self._erase("deleted_at <= ?", stamp(now - self._undo))

    def forget_before(self, moment: datetime) -> int:
        """Delete for good the conversations last used before ``moment``; return how many."""
        return self._erase("updated_at < ?", stamp(moment))

    def forget_owner(self, owner: str) -> int:
        """Delete for good all of an owner's conversations and feedback; return how many."""
        return self._erase("owner = ?", owner)

    def give_feedback(  # noqa: PLR0913, PLR0917 - what makes up a verdict
        self,
        exchange_id: str,
        owner: str,
        verdict: Rating,
        reason: Reason | None,
        comment: str,
        now: datetime,
    ) -> Feedback:
        """Keep what the owner thinks of an answer; it takes the place of what was said before.

        Args:
            exchange_id: the exchange.
            owner: name of the caller.
            verdict: up or down.
            reason: why, or None.
            comment: at most 2,000 characters, may be empty.
            now: with a time zone.

        Raises:
            BadInput: the comment is too long.
            NotFound: the owner has no such exchange.
        """
        comment = storable(comment.strip())
        if len(comment) > _COMMENT_LENGTH:
            raise BadInput(
                f"Nhận xét dài quá {_COMMENT_LENGTH} ký tự.", "Hãy viết nhận xét ngắn hơn."
            )
        with self._db.writing() as db:
            about = self.exchange(exchange_id, owner)
            db.execute(
                "INSERT INTO feedback (exchange_id, given_at, verdict, reason, comment)"
                " VALUES (?, ?, ?, ?, ?) ON CONFLICT (exchange_id) DO UPDATE SET"
                " given_at = excluded.given_at, verdict = excluded.verdict,"
                " reason = excluded.reason, comment = excluded.comment",
                (exchange_id, stamp(now), verdict.value, reason and reason.value, comment),
            )
        return Feedback(exchange_id, about.question, verdict, reason, comment, now)

    def feedback(self, limit: int = 100, verdict: Rating | None = None) -> tuple[Feedback, ...]:
        """Return what all people thought, the latest first; for those who manage.

        Whose it is isn't said: the question and the comment are what helps.

        Args:
            limit: at most so many.
            verdict: only these, or None for both.
        """
        rows = self._db.rows(
            "SELECT exchange_id, question, verdict, reason, comment, given_at FROM feedback"
            " JOIN exchange ON exchange.id = exchange_id"
            " JOIN conversation ON conversation.id = conversation_id"
            " WHERE deleted_at IS NULL AND (?1 IS NULL OR verdict = ?1)"
            " ORDER BY given_at DESC, feedback.rowid DESC LIMIT ?2",
            (verdict and verdict.value, max(0, limit)),
        )
        return tuple(
            Feedback(
                exchange_id,
                question,
                Rating(said),
                Reason(reason) if reason else None,
                comment,
                datetime.fromisoformat(given_at),
            )
            for exchange_id, question, said, reason, comment, given_at in rows
        )

    def _erase(self, where: str, value: str) -> int:
        with self._db.writing() as db:
            gone = db.execute(f"DELETE FROM conversation WHERE {where}", (value,)).rowcount  # noqa: S608
        if gone:
            self._db.wipe()
        return gone


def _no_conversation() -> NotFound:
    return NotFound("Không có cuộc hỏi đáp nào mang mã này.", "Xem lại mã cuộc hỏi đáp.")


def _title(text: str) -> str:
    title = " ".join(storable(text).split())[:_TITLE_LENGTH].strip()
    if not title:
        raise BadInput("Tên cuộc hỏi đáp trống.", "Hãy đặt một tên.")
    return title


def _folded(text: str) -> str:
    return fold(normalise(storable(text)))
