"""Question sets and folders in the formats that the suites read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fakes_assistant import NOTICE, OTHER, FakeParts, write

from assistant.runtime.settings import Settings
from assistant.runtime.wiring import LocalParts
from assistant.runtime.workspace import Workspace
from eval.measures import Metric
from eval.record import RunFolder
from eval.run import Plan, run_suite
from eval.suites.base import Suite, Surroundings

COLD = {
    "id": "cold",
    "question": "Sở Công Thương rà soát những gì?",
    "kind": "fact",
    "style": "formal",
    "answerable": True,
    # FakeAssistant says “Có trong văn bản [1].” and cites the first clause it finds.
    "gold": [[{"file": "a.txt", "line": 8}]],
    "must": [["trong văn bản"]],
}
WRONG = COLD | {"id": "wrong", "must": [["mười kho lạnh"]]}
UNKNOWN = {
    "id": "unknown",
    "question": "Lương bổng?",
    "kind": "unanswerable",
    "style": "chat",
    "answerable": False,
}
QUESTIONS = (COLD, WRONG, UNKNOWN)

LAWS = (
    {"_id": "Luật Bến|1", "title": "Luật Bến - Điều 1. Phạm vi", "text": "Luật này nói về bến."},
    {
        "_id": "Luật Bến|2",
        "title": "Luật Bến - Điều 2. Chủ bến",
        "text": "1. Chủ bến treo đèn hiệu.\n2. Chủ bến phải có phao cứu sinh cho từng khách.",
    },
    {"_id": "Luật Chợ|1", "title": "Luật Chợ - Điều 1. Phạm vi", "text": "Luật này nói về chợ."},
)
ASKED = (
    {"_id": "q1", "text": "Phao cứu sinh cho khách do ai lo?", "metadata": {"type": "Tự luận"}},
    {"_id": "q2", "text": "Thuế đất là bao nhiêu?"},
)
QRELS = (("q1", "Luật Bến|2", 1), ("q2", "Luật Đất|9", 1))


def lines(path: Path, *records: Mapping[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    path.write_text(text, encoding="utf-8")
    return path


def notices_data(folder: Path, *questions: Mapping[str, Any]) -> tuple[Path, Path]:
    """Write questions and the notices they are about; return both paths."""
    asked = lines(folder / "questions.jsonl", *(questions or QUESTIONS))
    return asked, write(folder / "notices", a=NOTICE, b=OTHER)


def beir_folder(
    folder: Path,
    documents: tuple[Mapping[str, Any], ...] = LAWS,
    queries: tuple[Mapping[str, Any], ...] = ASKED,
    qrels: tuple[tuple[str, str, int], ...] = QRELS,
) -> Path:
    lines(folder / "corpus.jsonl", *documents)
    lines(folder / "queries.jsonl", *queries)
    rows = ["query-id\tcorpus-id\tscore", *("\t".join(map(str, row)) for row in qrels)]
    (folder / "qrels.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


@dataclass
class Runner:
    """Runs suites with fakes for the models."""

    settings: Settings
    parts: FakeParts | LocalParts = field(default_factory=FakeParts)
    clock: Callable[[], datetime] = lambda: datetime(2031, 5, 6, 12, tzinfo=UTC)
    heard: list[tuple[int, int]] = field(default_factory=list)

    def __call__(self, suite: Suite, folder: Path) -> dict[str, Metric]:
        surroundings = Surroundings(
            self.settings,
            lambda settings: Workspace(settings, self.parts),
            lambda done, total: None,
        )
        plan = Plan(
            surroundings, {}, "congvu eval run", lambda *done: self.heard.append(done), self.clock
        )
        return run_suite(suite, RunFolder(folder), plan)
