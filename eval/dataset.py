"""Question sets and the answers to them, both as JSON lines.

The form of a question is that of ``notices-dev`` (docs, "How quality is measured"); the form of
an answer is the contract object of ``congvu ask --json`` with the question's ``id``.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from corpus.errors import BadInput


def _empty_if_null(value: object) -> object:
    return () if value is None else value


T = TypeVar("T")
ManyOrNull = Annotated[tuple[T, ...], BeforeValidator(_empty_if_null)]
FileName = Annotated[
    str, BeforeValidator(lambda v: PurePosixPath(unicodedata.normalize("NFC", str(v))).name)
]
"""A notice is known by its file's name; a question set may name the folder, too."""


class _Record(BaseModel):
    # More fields may be added to the contract at any time; those read here must be right.
    model_config = ConfigDict(frozen=True, extra="ignore")


class GoldLine(_Record):
    """A line of a notice that answers the question: file name and 1-based line."""

    file: FileName
    line: Annotated[int, Field(ge=1)]


class Question(_Record):
    """A question and what a right answer to it holds.

    Args:
        gold: groups of lines; one of a group is enough, all groups are needed.
        must: groups of surface forms; one of a group is enough, all groups are needed.
        must_not: forms that no right answer holds.
        near: of an unanswerable question, where what comes nearest to it stands.
        pair: of an unanswerable question, the id of the answerable one that it was made from by
            the smallest change.
    """

    id: str
    question: str
    kind: str
    style: str
    answerable: bool
    gold: ManyOrNull[tuple[GoldLine, ...]] = ()
    must: ManyOrNull[tuple[str, ...]] = ()
    must_not: ManyOrNull[str] = ()
    near: ManyOrNull[GoldLine] = ()
    pair: str = ""

    @property
    def files(self) -> tuple[str, ...]:
        """Notices that the question is about, sorted: gold lines stand there, or else near ones."""
        gold = [line for group in self.gold for line in group]
        return tuple(sorted({line.file for line in gold or self.near}))


class CitedNotice(_Record):
    """The notice of a citation; ``file`` is what gold lines name it by."""

    file: FileName
    kind: str = ""
    number: str | None = ""
    issuer: str | None = ""
    date: str | None = ""
    title: str | None = ""


class CitedClause(_Record):
    """The clause of a citation.

    Args:
        lines: first and last line, 1-based.
        spans_lines: first and last line of each half of a page-broken clause; wins over
            ``lines``, which would take in the footnotes between the halves.
    """

    text: str
    label: str = ""
    context: str = ""
    lines: tuple[int, int]
    spans_lines: ManyOrNull[tuple[int, int]] = ()

    @property
    def ranges(self) -> tuple[tuple[int, int], ...]:
        """Inclusive ranges of lines that the clause stands on."""
        return self.spans_lines or (self.lines,)


class Citation(_Record):
    """What a marker leads to."""

    marker: int
    notice: CitedNotice
    clause: CitedClause

    def touches(self, gold: GoldLine) -> bool:
        """Whether the gold line is one of the clause's lines."""
        return self.notice.file == gold.file and any(
            first <= gold.line <= last for first, last in self.clause.ranges
        )


class Evidence(_Record):
    """A clause that was retrieved, with its score."""

    score: float


class Operand(_Record):
    """What a result was worked out from: words of a cited clause, or the clause itself."""

    marker: int
    quote: str = ""
    value: str = ""


class Computation(_Record):
    """A result that the assistant worked out."""

    working: str
    operands: ManyOrNull[Operand] = ()
    result: str
    unit: str = ""
    shown: str


class Answer(_Record):
    """A contract object, or the record of a question that failed (``error``).

    Args:
        confidence: how sure the gate was, told with refusals too; None in answers of before it
            was told.
    """

    id: str
    answer: str = ""
    refused: bool = False
    citations: ManyOrNull[Citation] = ()
    evidence: ManyOrNull[Evidence] = ()
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    computed: ManyOrNull[Computation] = ()
    timings_ms: Annotated[dict[str, float | None], BeforeValidator(lambda v: v or {})] = {}
    error: Any = None

    @model_validator(mode="before")
    @classmethod
    def _answer_or_error(cls, data: object) -> object:
        if isinstance(data, dict) and not data.get("error"):
            missing = [key for key in ("answer", "refused") if key not in data]
            if missing:
                raise ValueError(f"thiếu trường {', '.join(missing)}")
        return data

    @model_validator(mode="after")
    def _one_citation_a_marker(self) -> Self:
        markers = [citation.marker for citation in self.citations]
        if len(markers) != len(set(markers)):
            raise ValueError("hai trích dẫn cùng một số")
        return self


def load_questions(path: Path) -> tuple[Question, ...]:
    """Read a question set.

    Raises:
        BadInput: not readable, empty, not JSON lines of questions, or an id twice.
    """
    questions = tuple(_unique(_records(path, Question), path))
    if not questions:
        raise BadInput(f"“{path}” không có câu hỏi nào.", "Chọn bộ câu hỏi khác.")
    return questions


def load_answers(path: Path, questions: Sequence[Question]) -> dict[str, Answer]:
    """Read the answers to a question set, by id; questions may be without an answer.

    Raises:
        BadInput: not readable, not JSON lines of contract objects, an id twice, or an id that
            no question has.
    """
    answers = {answer.id: answer for answer in _unique(_records(path, Answer), path)}
    unknown = sorted(answers.keys() - {question.id for question in questions})
    if unknown:
        raise BadInput(
            f"“{path}” trả lời câu hỏi không có trong bộ câu hỏi: {', '.join(unknown[:5])}.",
            "Dùng đúng bộ câu hỏi đã chạy.",
        )
    return answers


R = TypeVar("R", Question, Answer)


def _unique(records: Iterator[R], path: Path) -> Iterator[R]:
    seen: set[str] = set()
    for record in records:
        if record.id in seen:
            raise BadInput(f"“{path}” có hai dòng cùng id “{record.id}”.", "Bỏ bớt một dòng.")
        seen.add(record.id)
        yield record


def _records(path: Path, model: type[R]) -> Iterator[R]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"Không đọc được “{path}”.", "Kiểm tra đường dẫn và bảng mã.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield model.model_validate(json.loads(line))
        except json.JSONDecodeError as error:
            raise BadInput(
                f"“{path}” dòng {number} không phải JSON.", "Mỗi dòng là một đối tượng JSON."
            ) from error
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "cả dòng"
            raise BadInput(
                f"“{path}” dòng {number}, {where}: {first['msg']}.", "Sửa dòng đó rồi chạy lại."
            ) from error
