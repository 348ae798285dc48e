"""A workspace whose models can be worked out by hand, and an assistant that quotes one clause."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.contract import (
    Answer,
    AnswerWarning,
    Citation,
    CitedClause,
    CitedNotice,
    EvidenceItem,
    LeadSentence,
    RefusalReason,
    Versions,
    WarningKind,
    with_lead,
)
from assistant.events import (
    CitationMade,
    Delta,
    Done,
    Event,
    EvidenceFound,
    LeadBegun,
    LeadMade,
    Warned,
)
from assistant.llm.base import GrammarLLM
from assistant.llm.fake import QueueLLM
from assistant.runtime.settings import Settings
from assistant.runtime.wiring import Answerer
from assistant.runtime.workspace import Workspace
from assistant.understand.question import Turn
from corpus.errors import ModelMissing
from index.embedder import Embedder
from index.fakes import CountingEmbedder
from index.snapshot import Snapshot

NOTICE = """UBND TỈNH SÔNG BÍCH
Số: 12/TB-UBND
Sông Bích, ngày 05 tháng 6 năm 2031

THÔNG BÁO
Kết luận về kho lạnh

1. Sở Công Thương rà soát 7 kho lạnh trước ngày 15/11/2031.
2. Sở Y tế lập danh mục các trạm cần kho lạnh, hoàn thành trong quý III/2031.
"""
OTHER = NOTICE.replace("12/TB", "13/TB").replace("kho lạnh", "bến phà")
DRAFT = """DỰ THẢO
UBND TỈNH SÔNG BÍCH
Số:     /BC-UBND

BÁO CÁO
Tình hình kho lạnh

Sáu tháng qua có 5 kho lạnh được sửa.
"""
SECRET = "MẬT\n" + NOTICE
THREE = {"a": NOTICE, "b": OTHER, "draft": DRAFT}
"""Two notices and a draft: what a library holds where a test doesn't say otherwise."""
QUESTION = "Bao nhiêu kho lạnh được rà soát?"
MISSING = ModelMissing("Chưa có mô hình.", "Hãy chạy `congvu models pull`.")


def write(folder: Path, **texts: str) -> Path:
    """Write ``name.txt`` for each text and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


Lead = Callable[[str], Iterator[str] | None]


class FakeAssistant:
    """Quotes the first clause that shares a word of four letters with the question.

    Args:
        snapshot: what it answers from.
        before: called with each question in the middle of its quotes; may raise.
        lead: gives the sentences above the quotes of a question, each when it is asked for one;
            it may wait or raise then. None where no language model is asked.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        before: Callable[[str], None] = lambda question: None,
        lead: Lead = lambda question: None,
    ) -> None:
        self.snapshot = snapshot
        self.asked: list[tuple[str, tuple[Turn, ...], tuple[str, ...]]] = []
        self.cancels: list[threading.Event] = []
        self._before = before
        self._lead = lead

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        notices: Sequence[str] = (),
        cancel: threading.Event | None = None,
    ) -> Iterator[Event]:
        self.asked.append((question, tuple(history), tuple(notices)))
        self.cancels.append(cancel or threading.Event())
        answer = self._answer(question, notices)
        yield EvidenceFound(answer.evidence)
        half = len(answer.answer) // 2
        yield Delta(answer.answer[:half])
        self._before(question)
        yield Delta(answer.answer[half:])
        for citation in answer.citations:
            yield CitationMade(citation)
        sentences = self._lead(question) if answer.citations else None
        if sentences is not None:
            yield LeadBegun()
            lead = []
            for sentence in sentences:
                lead.append(LeadSentence(sentence, (1,)))
                yield LeadMade(lead[-1])
            text = with_lead(lead, answer.answer)
            answer = replace(answer, answer=text, lead=tuple(lead))
        for warning in answer.warnings:
            yield Warned(warning)
        yield Done(answer)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        notices: Sequence[str] = (),
        cancel: threading.Event | None = None,
    ) -> Answer:
        *_, last = self.stream(question, history, notices, cancel)
        assert isinstance(last, Done)
        return last.answer

    def search(
        self, question: str, notices: Sequence[str] = (), limit: int | None = None
    ) -> tuple[EvidenceItem, ...]:
        return self._answer(question, notices).evidence[:limit]

    def _answer(self, question: str, notices: Sequence[str]) -> Answer:
        words = {word for word in question.casefold().split() if len(word) > 3}
        found = [
            (notice, clause)
            for notice in self.snapshot.notices.values()
            for clause in notice.clauses
            if clause.kind.is_content
            and words & set(clause.text.casefold().split())
            and (not notices or notice.id in notices)
        ]
        refusal = Answer(
            question=question,
            answer="Các văn bản trong kho không có nội dung này.",
            refused=True,
            refusal_reason=RefusalReason.NO_EVIDENCE,
            citations=(),
            evidence=(),
            versions=Versions(self.snapshot.id, "fake", "fake", "fake"),
        )
        if not found:
            return refusal
        notice, clause = found[0]
        cited = Citation(1, CitedNotice.of(notice), CitedClause.of(clause), clause.text, True)
        draft = AnswerWarning(WarningKind.DRAFT, "Đây là dự thảo.", (clause.id,))
        return replace(
            refusal,
            answer="Có trong văn bản [1].",
            refused=False,
            refusal_reason=None,
            citations=(cited,),
            evidence=(EvidenceItem(clause.id, 1.0, 1.0, 1.0),),
            warnings=(draft,) if notice.is_draft else (),
        )


@dataclass
class FakeParts:
    """Opens fakes, and remembers what was opened.

    Args:
        embedder: what ``open_embedder`` returns or raises.
        assemble_as: makes the assistant.
    """

    embedder: CountingEmbedder | Exception = field(default_factory=CountingEmbedder)
    assemble_as: Callable[[Snapshot], FakeAssistant] = FakeAssistant
    precisions: list[str] = field(default_factory=list)
    llms: list[QueueLLM] = field(default_factory=list)
    assistants: list[FakeAssistant] = field(default_factory=list)

    def open_embedder(self, precision: str) -> Embedder:
        self.precisions.append(precision)
        if isinstance(self.embedder, Exception):
            raise self.embedder
        return self.embedder

    def open_llm(self) -> GrammarLLM:
        self.llms.append(QueueLLM())
        return self.llms[-1]

    def assemble(self, snapshot: Snapshot, embedder: Embedder, llm: GrammarLLM) -> Answerer:
        self.assistants.append(self.assemble_as(snapshot))
        return self.assistants[-1]


def open_workspace(settings: Settings, parts: FakeParts | None = None) -> Workspace:
    return Workspace(settings, parts or FakeParts())
