"""Suite ``notices``: questions on notices, with gold lines, through the whole assistant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.cli.questions import Asked, read_batch
from assistant.parts import Answerer
from assistant.prompting import Prompt
from assistant.question import Turn
from assistant.workspace import Workspace
from corpus.errors import BadInput
from corpus.readers import find_files
from corpus.text import normalise
from eval.dataset import Question, load_questions
from eval.measures import Record
from eval.suites.asking import Clauses, ask, record_of
from eval.suites.base import DataInfo, Progress, Surroundings, subsample

QUESTIONS = "questions.jsonl"
_HISTORY_CHARS = 20_000  # the largest that the setting `question_max_chars` can be


@dataclass(frozen=True, slots=True)
class NoticeQuestions:
    """A question set and the notices it is about.

    Args:
        questions: by id.
        history: earlier turns of those that have any, by id.
        notices: folder of the notices.
        data: described for ``run.json``.
    """

    questions: Mapping[str, Question]
    history: Mapping[str, tuple[Turn, ...]]
    notices: Path
    data: DataInfo

    @classmethod
    def load(cls, path: Path, notices: Path) -> NoticeQuestions:
        """Read a set.

        Args:
            path: JSON lines, or a folder with ``questions.jsonl``.
            notices: a folder or a file.

        Raises:
            BadInput: something is not readable or not in the format.
        """
        file = path / QUESTIONS if path.is_dir() else path
        questions = {question.id: question for question in load_questions(file)}
        history = {
            str(line.id): line.history
            for line in read_batch(file, _HISTORY_CHARS)
            if isinstance(line, Asked) and line.history
        }
        files = find_files([notices])
        lacks = _lacks(questions, {normalise(one.name) for one in files})
        return cls(questions, history, notices, DataInfo.of(path, [file, *files], lacks))


def _lacks(questions: Mapping[str, Question], names: set[str]) -> list[str]:
    asked = questions.values()
    gold = {line.file for question in asked for group in question.gold for line in group}
    lacks = [f"thiếu văn bản {file}" for file in sorted(gold) if normalise(file) not in names]
    if all(question.answerable for question in asked):
        lacks.append("không có câu hỏi mà văn bản không trả lời được")
    answerable = [question for question in asked if question.answerable]
    for what, count in (
        ("dòng đáp án (gold)", sum(not question.gold for question in answerable)),
        ("ý bắt buộc (must)", sum(not question.must for question in answerable)),
    ):
        if count:
            lacks.append(f"{count} câu trả lời được không có {what}")
    return lacks


@dataclass(frozen=True, slots=True)
class NoticeSession:
    """The assistant on the notices of a set."""

    asked: NoticeQuestions
    workspace: Workspace
    assistant: Answerer
    clauses: Clauses
    versions: Mapping[str, str]

    def record(self, task: str) -> Record:
        """Ask one question and judge the answer."""
        question = self.asked.questions[task]
        answer = ask(self.assistant, question, self.asked.history.get(task, ()))
        return record_of(question, answer, self.clauses)


@contextmanager
def open_notices(asked: NoticeQuestions, surroundings: Surroundings) -> Iterator[NoticeSession]:
    """Index the notices and open the assistant on them.

    Raises:
        BadInput: a notice was refused; a run without it would measure something else.
    """
    with surroundings.workspace("notices", asked.notices) as workspace:
        fill(asked, workspace, surroundings.progress)
        assistant = workspace.open_assistant(surroundings.progress)
        snapshot = workspace.snapshots.load_current()
        yield NoticeSession(
            asked,
            workspace,
            assistant,
            Clauses.of(tuple(snapshot.notices.values())),
            versions_of(snapshot.id, workspace),
        )


def fill(asked: NoticeQuestions, workspace: Workspace, progress: Progress) -> None:
    """Index the notices of a set.

    Raises:
        BadInput: a notice was refused.
    """
    reports = workspace.add([asked.notices], progress)
    for refused in (report.error for report in reports if report.error is not None):
        raise BadInput(f"Văn bản không dùng được: {refused.message}", refused.remedy)


def versions_of(snapshot: str, workspace: Workspace) -> dict[str, str]:
    """Return what answers of ``workspace`` are made with."""
    return {
        "snapshot": snapshot,
        "llm": workspace.llm.id,
        "embedder": workspace.embedder.id,
        "prompt": Prompt.load("lead").version,
    }


@dataclass(frozen=True, slots=True)
class NoticesSuite:
    """See the module.

    Args:
        asked: the questions.
        limit: a seeded subsample of so many, None for all.
    """

    asked: NoticeQuestions
    limit: int | None = None
    name: str = field(default="notices", init=False)

    @property
    def data(self) -> DataInfo:
        """See ``Suite``."""
        return self.asked.data

    @property
    def options(self) -> dict[str, Any]:
        """See ``Suite``."""
        return {"limit": self.limit}

    @property
    def tasks(self) -> tuple[str, ...]:
        """See ``Suite``."""
        return subsample(list(self.asked.questions), self.limit)

    @contextmanager
    def open(self, surroundings: Surroundings) -> Iterator[NoticeSession]:
        """See ``Suite``."""
        with open_notices(self.asked, surroundings) as session:
            yield session
