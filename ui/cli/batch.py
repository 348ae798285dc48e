"""Checking what people ask before a model is opened for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from assistant.understand.question import Turn
from corpus.errors import BadInput, CongvuError

_ROLES = ("user", "assistant")
_HISTORY_SHAPE = 'Lịch sử là danh sách {"role": "user" hoặc "assistant", "content": "…"}.'


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of a batch.

    Args:
        id: as given; comes back with the answer.
        question: what is asked.
        history: earlier turns, oldest first.
    """

    id: str | int
    question: str
    history: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Unasked:
    """A line of a batch that can't be asked.

    Args:
        id: as given, or None where there is none.
        error: why.
    """

    id: str | int | None
    error: CongvuError


def check_question(question: str, max_chars: int) -> str:
    """Return ``question`` without white space around it.

    Args:
        question: as typed.
        max_chars: the setting ``question_max_chars``.

    Raises:
        BadInput: it is empty, too long, or not text.
    """
    question = question.strip()
    if not any(char.isalnum() for char in question):
        raise BadInput("Câu hỏi trống.", 'Hãy gõ câu hỏi, ví dụ: congvu ask "Ai chủ trì …?"')
    if len(question) > max_chars:
        raise BadInput(
            f"Câu hỏi dài {len(question)} ký tự, quá {max_chars} ký tự.",
            "Hãy hỏi ngắn hơn, hoặc tăng `question_max_chars`.",
        )
    try:
        question.encode()
    except UnicodeEncodeError as error:  # bytes of the command line that are no UTF-8
        raise BadInput("Câu hỏi có ký tự hỏng.", "Hãy gõ lại bằng bảng mã UTF-8.") from error
    return question


def parse_history(turns: object, max_chars: int) -> tuple[Turn, ...]:
    """Return the turns of a chat given as JSON.

    Args:
        turns: what the JSON held; None is an empty chat.
        max_chars: characters a question of it may have; an answer may have ten times as many.

    Raises:
        BadInput: it is not a list of turns, or one is too long.
    """
    if turns is None:
        return ()
    if not isinstance(turns, list):
        raise BadInput("Lịch sử không đúng dạng.", _HISTORY_SHAPE)
    return tuple(_turn(turn, max_chars) for turn in turns)


def read_history(path: Path, max_chars: int) -> tuple[Turn, ...]:
    """Read a chat from a JSON file.

    Raises:
        BadInput: not readable, not JSON, or not a list of turns.
    """
    try:
        turns = json.loads(read_text(path))
    except ValueError as error:
        raise BadInput(f"“{path}” không phải JSON.", _HISTORY_SHAPE) from error
    return parse_history(turns, max_chars)


def read_batch(path: Path, max_chars: int) -> tuple[Asked | Unasked, ...]:
    """Read questions from a file of JSON lines; blank lines are passed over.

    Raises:
        BadInput: the file can't be read or holds no question.
    """
    lines = [
        (number, line)
        for number, line in enumerate(read_text(path).split("\n"), start=1)
        if line.strip()
    ]
    if not lines:
        raise BadInput(
            f"“{path}” không có câu hỏi nào.",
            'Mỗi dòng là một đối tượng JSON: {"id": "…", "question": "…"}.',
        )
    return tuple(_batch_line(number, line, max_chars) for number, line in lines)


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file.

    Raises:
        BadInput: it can't be read.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(
            f"Không đọc được “{path}”: {error.strerror}.", "Xem lại đường dẫn."
        ) from error
    except UnicodeDecodeError as error:
        raise BadInput(f"“{path}” không phải UTF-8.", "Lưu lại tệp bằng bảng mã UTF-8.") from error


def _batch_line(number: int, line: str, max_chars: int) -> Asked | Unasked:
    try:
        record = json.loads(line)
    except ValueError:
        record = None
    if not isinstance(record, dict):
        return Unasked(
            None,
            BadInput(f"Dòng {number} không phải đối tượng JSON.", "Sửa dòng đó rồi chạy lại."),
        )
    line_id = record.get("id")
    if not isinstance(line_id, str | int) or isinstance(line_id, bool):
        return Unasked(
            None, BadInput(f"Dòng {number} không có `id`.", "Cho mỗi câu hỏi một mã riêng.")
        )
    try:
        question = check_question(_text(record.get("question"), number), max_chars)
        return Asked(line_id, question, parse_history(record.get("history"), max_chars))
    except BadInput as error:
        return Unasked(line_id, error)


def _text(value: object, number: int) -> str:
    if not isinstance(value, str):
        raise BadInput(f"Dòng {number} không có `question`.", "Sửa dòng đó rồi chạy lại.")
    return value


def _turn(turn: object, max_chars: int) -> Turn:
    if not isinstance(turn, dict):
        raise BadInput("Lịch sử không đúng dạng.", _HISTORY_SHAPE)
    role, content = turn.get("role"), turn.get("content")
    if role not in _ROLES or not isinstance(content, str):
        raise BadInput("Lịch sử không đúng dạng.", _HISTORY_SHAPE)
    if len(content) > max_chars * (1 if role == "user" else 10):
        raise BadInput("Một lượt trong lịch sử quá dài.", "Hãy rút ngắn lượt đó.")
    return Turn(role, content)
