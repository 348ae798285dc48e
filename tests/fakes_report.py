"""Runs to report on, and how a page is read back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from eval.report.page import make_page
from eval.report.run_data import load_runs
from eval.report.targets import load_targets

FILE = "07-TB_2032.txt"
ATTACK = "<script>alert(1)</script>"
EVIL = f"\"'>{ATTACK}<img src=x onerror=alert(2)>"
VOID = {"meta", "link", "br", "input"}


def record(n: int, **changed: Any) -> dict[str, Any]:
    fields = {
        "id": f"q{n}",
        "question": f"Sở nào chủ trì việc số {n}?",
        "kind": "owner",
        "style": "formal",
        "answerable": True,
        "answer": "Sở Y tế chủ trì [1].",
        "refused": False,
        "citations": [
            {
                "marker": 1,
                "notice": {"id": "n", "file": FILE, "kind": "Thông báo", "number": "07-TB/BCĐ"},
                "clause": {
                    "text": "- Sở Y tế chủ trì,\n  xong trong quý II.",
                    "label": "mục 2.a",
                    "context": "2. Y tế số",
                    "lines": [12, 13],
                },
                "quote": "Sở Y tế chủ trì, xong trong quý II.",
            }
        ],
        "evidence": [
            {"clause_id": "n#4", "score": 0.9, "file": FILE, "label": "mục 2.a", "lines": [12, 13]},
            {"clause_id": "n#5", "score": 0.3, "file": FILE, "label": "mục 2.b", "lines": [14, 14]},
        ],
        "gold": [[{"file": FILE, "line": 12}]],
        "timings_ms": {
            "retrieve": 40 + n,
            "first_token": 900.0,
            "first_quote": 900.0,
            "total": 2000.0 + 100 * n,
        },
        "words": 9,
        "confidence": 0.9 - n / 100,
        "right": True,
        "reasons": [],
        "measures": {"answer_accuracy": [1, 1]},
    }
    return fields | changed


def wrong(n: int, **changed: Any) -> dict[str, Any]:
    fields = {
        "right": False,
        "answer": "Sở Xây dựng chủ trì [1].",
        "gold": [[{"file": FILE, "line": 30, "label": "mục 5", "text": "Sở Công Thương chủ trì."}]],
        "reasons": ["thiếu ý bắt buộc 1: Sở Công Thương"],
        "measures": {"answer_accuracy": [0, 1]},
    }
    return record(n, **(fields | changed))


RUN = {
    "suite": "notices",
    "started": "2032-03-05T08:09:10+00:00",
    "data": {"path": "bo-cau-hoi", "sha256": "ab", "lacks": ["1 câu không có must"]},
    "versions": {"llm": "gia", "prompt": "lead-1"},
}
METRICS = {
    "answer_accuracy": {"value": 0.935, "low": 0.9, "high": 0.97, "n": 40},
    "refusal_recall": {"value": 0.97, "low": 0.96, "high": 1.0, "n": 9},
    "retrieve_ms_p50": {"value": 42.5, "low": 40, "high": 45, "n": 40},
}


def write_run(
    folder: Path,
    records: Sequence[Mapping[str, Any]] | None = None,
    metrics: Mapping[str, Any] | None = None,
    slices: Mapping[str, Any] | None = None,
    **info: Any,
) -> Path:
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps(RUN | info))
    lines = [json.dumps(one) for one in ([record(1), wrong(2)] if records is None else records)]
    (folder / "records.jsonl").write_text("\n".join(lines) + "\n")
    (folder / "metrics.json").write_text(json.dumps(METRICS if metrics is None else metrics))
    (folder / "slices.json").write_text(json.dumps(slices or {}))
    return folder


def page_of(*folders: Path) -> str:
    return make_page(load_runs(list(folders)), load_targets())


class Reader(HTMLParser):
    """Checks that elements are closed as they were opened, and gathers what a page holds."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.open):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def attributes(self, name: str) -> list[str]:
        return [value for _, attrs in self.tags if (value := attrs.get(name)) is not None]


def row_of(page: str, label: str) -> str:
    rows = [row for row in re.findall(r"<tr.*?</tr>", page) if label in row]
    assert len(rows) == 1, f"{len(rows)} rows with {label}"
    return Reader(rows[0]).text


# -- the page as a whole ------------------------------------------------------------------------
