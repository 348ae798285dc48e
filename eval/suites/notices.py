"""Suite ``notices``: questions on notices, with gold lines, through the whole assistant."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.llm.prompting import Prompt
from assistant.runtime.wiring import Answerer
from assistant.runtime.workspace import Workspace
from assistant.understand.question import Turn
from corpus.errors import BadInput
from corpus.parse.lines import split_lines
from corpus.readers import find_files, read_file
from eval.dataset import Question, load_questions
from eval.ledger import ledger_of
from eval.measures import Record
from eval.suites.asking import Clauses, ask, record_of
from eval.suites.base import DataInfo, Progress, Surroundings, subsample
from ui.cli.batch import Asked, read_batch

QUESTIONS = "questions.jsonl"
_HISTORY_CHARS = 20_000  # the largest that the setting `question_max_chars` can be


@dataclass(frozen=True, slots=True)
class NoticeQuestions:
    """A question set and the notices it is about.

    Args:
        questions: by id.
        history: earlier turns of those that have any, by id.
        notices: folder of the notices.
        files: the notices in it that are indexed.
        data: described for ``run.json``.
    """

    questions: Mapping[str, Question]
    history: Mapping[str, tuple[Turn, ...]]
    notices: Path
    files: tuple[Path, ...]
    data: DataInfo

    @classmethod
    def load(cls, path: Path, notices: Path) -> NoticeQuestions:
        """Read a set.

        A set that says of every question which notices it is about, with ``near`` lines for what
        none of them tells, is asked on these alone: a folder of laws would take an hour to embed.

        Args:
            path: JSON lines, or a folder with ``questions.jsonl``.
            notices: a folder or a file.

        Raises:
            BadInput: something is not readable or not in the format, or a gold line is nowhere.
            UnreadableFile: a notice that gold lines name can't be read.
        """
        file = path / QUESTIONS if path.is_dir() else path
        questions = {question.id: question for question in load_questions(file)}
        history = {
            str(line.id): line.history
            for line in read_batch(file, _HISTORY_CHARS)
            if isinstance(line, Asked) and line.history
        }
        found = find_files([notices])
        _check_lines(questions, notices, found)
        files, lacks = _asked_about(questions, found), _lacks(questions)
        if len(files) < len(found):
            lacks.append(
                f"chỉ lập chỉ mục {len(files)} trong {len(found)} văn bản của thư mục: những văn"
                " bản mà bộ câu hỏi nêu (gold, near)"
            )
        return cls(questions, history, notices, files, DataInfo.of(path, [file, *files], lacks))


def _asked_about(questions: Mapping[str, Question], found: Sequence[Path]) -> tuple[Path, ...]:
    """Return the notices that a set names; all where it leaves open what a question is about."""
    asked = questions.values()
    if not any(question.near for question in asked) or not all(q.files for q in asked):
        return tuple(found)
    named = {file for question in asked for file in question.files}
    named |= {line.file for question in asked for line in question.near}
    return tuple(file for file in found if unicodedata.normalize("NFC", file.name) in named)


def _check_lines(questions: Mapping[str, Question], notices: Path, files: Sequence[Path]) -> None:
    """Check that every gold line is there: to cite what isn't would count as a miss for ever."""
    named = {unicodedata.normalize("NFC", file.name): file for file in files}
    lengths: dict[str, int] = {}
    for question in questions.values():
        gold = [(line, "đáp án (gold)") for group in question.gold for line in group]
        for line, what in [*gold, *((line, "chỗ gần nhất (near)") for line in question.near)]:
            if line.file not in named:
                raise BadInput(
                    f"Câu “{question.id}”: {what} nằm trong “{line.file}”, mà {notices}"
                    " không có tệp đó.",
                    "Sửa tên tệp trong bộ câu hỏi, hoặc chỉ đúng thư mục văn bản.",
                )
            if line.file not in lengths:
                lengths[line.file] = _last_line(named[line.file])
            if line.line > lengths[line.file]:
                raise BadInput(
                    f"Câu “{question.id}”: {what} ở dòng {line.line} của “{line.file}”, mà"
                    f" tệp đó hết ở dòng {lengths[line.file]}.",
                    "Sửa số dòng trong bộ câu hỏi, hoặc dùng đúng bản của văn bản.",
                )


def _last_line(file: Path) -> int:
    """The number of the last line that says something; 0 where none does."""
    return max((line.number for line in split_lines(read_file(file).text)), default=0)


def _lacks(questions: Mapping[str, Question]) -> list[str]:
    asked = questions.values()
    lacks: list[str] = []
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
    """The assistant on the notices of a set.

    Args:
        without_own: whether each answerable question is asked once more without its notices.
    """

    asked: NoticeQuestions
    workspace: Workspace
    assistant: Answerer
    clauses: Clauses
    versions: Mapping[str, str]
    without_own: bool = False

    def record(self, task: str) -> Record:
        """Ask one question and judge the answer."""
        question, history = self.asked.questions[task], self.asked.history.get(task, ())
        reply = ask(self.assistant, question, history)
        record = record_of(question, reply.answer, self.clauses)
        ledger = ledger_of(question, record, reply.ground, self.clauses)
        record["ledger"] = ledger.to_json()
        record["measures"] |= ledger.measures()
        if self.without_own and question.answerable and (others := self._others(question)):
            # Only a refusal is right: nothing that is left answers.
            answer = ask(self.assistant, question, history, others).answer
            kept = ("refusal_reason", "confidence", "answer", "error")
            refused = bool(answer.get("refused"))
            record["own_out"] = {"refused": refused, **{k: answer[k] for k in kept if k in answer}}
            record["measures"]["own_out_refusals"] = [int(refused), 1]
        return record

    def _others(self, question: Question) -> list[str]:
        """Return the notices that a question is not about; none where the set doesn't say."""
        if not question.files:
            return []
        named = self.clauses.notices.items()
        return [notice.id for file, notice in named if file not in question.files]


@contextmanager
def open_notices(
    asked: NoticeQuestions, surroundings: Surroundings, without_own: bool = False
) -> Iterator[NoticeSession]:
    """Index the notices and open the assistant on them.

    Args:
        asked: the set.
        surroundings: what the session is opened with.
        without_own: see ``NoticeSession``.

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
            without_own,
        )


def fill(asked: NoticeQuestions, workspace: Workspace, progress: Progress) -> None:
    """Index the notices of a set.

    Raises:
        BadInput: a notice was refused.
    """
    reports = workspace.add(asked.files, progress)
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
        without_own: ask each answerable question once more without its own notices.
    """

    asked: NoticeQuestions
    limit: int | None = None
    without_own: bool = False
    name: str = field(default="notices", init=False)

    @property
    def data(self) -> DataInfo:
        """See ``Suite``."""
        return self.asked.data

    @property
    def options(self) -> dict[str, Any]:
        """See ``Suite``."""
        # A run that was begun before there was the option goes on without it.
        return {"limit": self.limit} | ({"without_own": True} if self.without_own else {})

    @property
    def tasks(self) -> tuple[str, ...]:
        """See ``Suite``."""
        return subsample(list(self.asked.questions), self.limit)

    @contextmanager
    def open(self, surroundings: Surroundings) -> Iterator[NoticeSession]:
        """See ``Suite``."""
        with open_notices(self.asked, surroundings, self.without_own) as session:
            yield session
