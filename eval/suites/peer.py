"""Suite ``notices`` put to a peer: the same questions, files, models, scorer and records."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from assistant.understand.question import Turn
from corpus.errors import Cancelled, CongvuError
from corpus.notice import Clause
from corpus.parse.notices import parse_notice
from corpus.readers import check_file, read_file
from eval.dataset import GoldLine
from eval.measures import Record
from eval.peers import Peer, check_peer, open_peer
from eval.peers.sources import Chunk, chunk_ids, contract_of
from eval.suites.asking import Clauses, record_of
from eval.suites.base import DataInfo, Surroundings, subsample, to_json
from eval.suites.notices import NoticeQuestions


@dataclass(frozen=True, slots=True)
class Chunks:
    """Looks up gold lines in our clauses, and evidence in the peer's chunks of one answer.

    Args:
        clauses: of the notices.
        chunks: by id.
    """

    clauses: Clauses
    chunks: Mapping[str, Chunk]

    def on(self, gold: GoldLine) -> Clause | None:
        """See ``Places``."""
        return self.clauses.on(gold)

    def touches(self, evidence_id: str, gold: GoldLine) -> bool:
        """See ``Places``."""
        chunk = self.chunks[evidence_id]
        first, last = chunk.lines
        same_file = unicodedata.normalize("NFC", chunk.file) == gold.file
        return same_file and first <= gold.line <= last

    def described(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """See ``Places``."""
        chunk = self.chunks[item["clause_id"]]
        return {**item, "file": chunk.file, "lines": [*chunk.lines]}


@dataclass(frozen=True, slots=True)
class PeerSession:
    """A peer on the notices of a set."""

    asked: NoticeQuestions
    peer: Peer
    clauses: Clauses
    versions: Mapping[str, str]

    def record(self, task: str) -> Record:
        """Ask one question and judge the answer; what the peer fails at is part of the record."""
        question = self.asked.questions[task]
        text = _with_history(question.question, self.asked.history.get(task, ()))
        head = {"id": question.id, "question": question.question}
        try:
            reply = self.peer.ask(text)
        except Cancelled:
            raise
        except CongvuError as error:
            told = {"kind": type(error).__name__, "message": str(error)}
            return record_of(question, {**head, "error": told}, self.clauses)
        answer = {**head, **contract_of(reply.text, reply.chunks), "timings_ms": reply.timings_ms}
        chunks = dict(zip(chunk_ids(reply.chunks), reply.chunks, strict=True))
        return record_of(question, to_json(answer), Chunks(self.clauses, chunks))


def _with_history(question: str, history: Sequence[Turn]) -> str:
    """Put the person's earlier questions before this one: the peer takes a single text."""
    return "\n".join([*(turn.content for turn in history if turn.role == "user"), question])


@dataclass(frozen=True, slots=True)
class PeerSuite:
    """See the module.

    Args:
        asked: the questions.
        peer: one of ``eval.peers.PEERS``.
        limit: a seeded subsample of so many, None for all.
    """

    asked: NoticeQuestions
    peer: str
    limit: int | None = None
    name: str = field(default="notices", init=False)

    def __post_init__(self) -> None:
        check_peer(self.peer)

    @property
    def data(self) -> DataInfo:
        """See ``Suite``."""
        return self.asked.data

    @property
    def options(self) -> dict[str, Any]:
        """See ``Suite``."""
        return {"limit": self.limit, "peer": self.peer}

    @property
    def tasks(self) -> tuple[str, ...]:
        """See ``Suite``."""
        return subsample(list(self.asked.questions), self.limit)

    @contextmanager
    def open(self, surroundings: Surroundings) -> Iterator[PeerSession]:
        """See ``Suite``."""
        with surroundings.workspace(f"peer-{self.peer}", self.asked.notices) as workspace:
            files = [read_file(path) for path in self.asked.files]
            for file in files:
                check_file(file)
            llm, embedder = workspace.llm, workspace.embedder
            peer = open_peer(self.peer, files, embedder, llm)
            yield PeerSession(
                self.asked,
                peer,
                Clauses.of([parse_notice(file.text, file.file_name) for file in files]),
                {"snapshot": "", "llm": llm.id, "embedder": embedder.id, "prompt": ""}
                | {**peer.versions},
            )
