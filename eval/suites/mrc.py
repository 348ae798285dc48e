"""Suite ``mrc``: reading questions, answerable and not, through the whole assistant.

A BEIR folder whose questions say in ``metadata`` whether they are ``answerable`` and which
``answers`` are right. The assistant isn't told the passage: it has all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from assistant.assistant import Assistant
from assistant.runtime.wiring import Answerer, answer_options
from corpus.errors import BadInput
from corpus.notice import Notice
from eval.beir import BeirSet, Query
from eval.dataset import GoldLine, Question
from eval.measures import Record
from eval.suites.asking import Clauses, ask, record_of
from eval.suites.base import DataInfo, Surroundings, subsample
from eval.suites.documents import index_documents, info_of
from eval.suites.notices import versions_of


@dataclass(frozen=True, slots=True)
class MrcSession:
    """The assistant on all passages."""

    questions: Mapping[str, Question]
    assistant: Answerer
    clauses: Clauses
    versions: Mapping[str, str]

    def record(self, task: str) -> Record:
        """Ask one question and judge the answer."""
        question = self.questions[task]
        record = record_of(question, ask(self.assistant, question, ()).answer, self.clauses)
        answered = record["answered"] and not record["refused"]
        if question.answerable and answered:
            # Unlike answer_accuracy, of the answers that were given.
            record["measures"]["gold_in_answers"] = [int(record["right"]), 1]
        return record


@dataclass(frozen=True, slots=True)
class MrcSuite:
    """See the module.

    Args:
        beir: the folder; every question says whether it is answerable.
        limit: a seeded subsample of so many, None for all.
    """

    beir: BeirSet
    limit: int | None = None
    name: str = field(default="mrc", init=False)

    def __post_init__(self) -> None:
        unknown = [q.id for q in self.beir.queries if not isinstance(_answerable(q), bool)]
        if unknown:
            raise BadInput(
                f"Câu hỏi {unknown[0]} không nói là trả lời được hay không.",
                'Mỗi câu cần metadata {"answerable": true/false, "answers": […]}.',
            )

    @property
    def data(self) -> DataInfo:
        """See ``Suite``; that unanswerable questions have no passage is no lack here."""
        info = info_of(self.beir)
        lacks: list[str] = []
        asked = [query for query in self.beir.queries if _answerable(query)]
        for what, count in (
            ("câu trả lời được không có đáp án", sum(not _answers(q) for q in asked)),
            ("câu trả lời được không có đoạn", sum(q.id not in self.beir.qrels for q in asked)),
        ):
            if count:
                lacks.append(f"{count} {what}")
        if len(asked) == len(self.beir.queries):
            lacks.append("không có câu hỏi không trả lời được")
        return DataInfo(info.path, info.sha256, tuple(lacks))

    @property
    def options(self) -> dict[str, Any]:
        """See ``Suite``."""
        return {"limit": self.limit}

    @property
    def tasks(self) -> tuple[str, ...]:
        """See ``Suite``."""
        return subsample([query.id for query in self.beir.queries], self.limit)

    @contextmanager
    def open(self, surroundings: Surroundings) -> Iterator[MrcSession]:
        """See ``Suite``."""
        with index_documents(self.beir, surroundings) as indexed:
            workspace = indexed.workspace
            options = answer_options(workspace.settings)
            notice_of = {
                document: indexed.snapshot.notices[notice_id]
                for notice_id, documents in indexed.documents_of.items()
                for document in documents
            }
            yield MrcSession(
                {query.id: self._question(query, notice_of) for query in self.beir.queries},
                Assistant.from_parts(indexed.snapshot, workspace.embedder, workspace.llm, options),
                Clauses.of(tuple(indexed.snapshot.notices.values())),
                versions_of(indexed.snapshot.id, workspace),
            )

    def _question(self, query: Query, notice_of: Mapping[str, Notice]) -> Question:
        """Put a reading question into the form in which answers are judged.

        One of its answers must stand in the answer; any line of its passage is gold.
        """
        answerable = bool(_answerable(query))
        passages = self.beir.qrels.get(query.id, {}) if answerable else {}
        lines = tuple(
            GoldLine(file=notice_of[document].file_name, line=line)
            for document in passages
            for clause in notice_of[document].clauses
            for first, last in clause.lines
            for line in range(first, last + 1)
        )
        return Question(
            id=query.id,
            question=query.text,
            kind="fact" if answerable else "unanswerable",
            style="mrc",
            answerable=answerable,
            gold=(lines,) if lines else (),
            must=(_answers(query),) if answerable and _answers(query) else (),
        )


def _answerable(query: Query) -> object:
    return query.metadata.get("answerable")


def _answers(query: Query) -> tuple[str, ...]:
    found = query.metadata.get("answers")
    return tuple(str(one) for one in found) if isinstance(found, list) else ()
