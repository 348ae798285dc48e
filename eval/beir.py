"""Folders in the BEIR layout, and each of their documents as a notice.

Layout (Thakur et al. 2021): ``corpus.jsonl`` with ``_id``, ``title``, ``text``; ``queries.jsonl``
with ``_id``, ``text`` and free ``metadata``; ``qrels.tsv`` (or ``qrels/test.tsv``) with a header
line and ``query-id``, ``corpus-id``, ``score``. A score of 0 judges a document as not relevant.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.errors import BadInput
from corpus.notice import Clause, ClauseKind, Notice
from corpus.parse.notices import parse_notice

CORPUS, QUERIES = "corpus.jsonl", "queries.jsonl"
QRELS = ("qrels.tsv", "qrels/test.tsv")
_LAYOUT = f"Thư mục BEIR cần có {CORPUS}, {QUERIES} và {QRELS[0]}."


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(alias="_id")
    text: str
    metadata: dict[str, Any] = Field(default_factory=dict)


class Document(_Row):
    """A document of the corpus; ``title`` may be empty."""

    title: str = ""


class Query(_Row):
    """A question; what else is known of it stands in ``metadata``."""


@dataclass(frozen=True, slots=True)
class BeirSet:
    """A BEIR folder.

    Args:
        folder: where it lies.
        documents: in the order of the file.
        queries: in the order of the file.
        qrels: question id → document id → relevance (> 0); only documents that are there.
        lacks: what the data lacks, one Vietnamese sentence each.
    """

    folder: Path
    documents: tuple[Document, ...]
    queries: tuple[Query, ...]
    qrels: Mapping[str, Mapping[str, int]]
    lacks: tuple[str, ...] = field(default=())

    @property
    def files(self) -> tuple[Path, ...]:
        """The files it was read from."""
        return (self.folder / CORPUS, self.folder / QUERIES, _qrels_path(self.folder))

    @property
    def judged(self) -> tuple[Query, ...]:
        """The questions that have a relevant document in the corpus."""
        return tuple(query for query in self.queries if query.id in self.qrels)


def load_beir(folder: Path) -> BeirSet:
    """Read a BEIR folder.

    Raises:
        BadInput: a file is missing or not in the layout, an id occurs twice, or no question has
            a relevant document.
    """
    documents = _rows(folder / CORPUS, Document)
    queries = _rows(folder / QUERIES, Query)
    named = _read_qrels(_qrels_path(folder))
    known = {document.id for document in documents}
    qrels = {
        query.id: found
        for query in queries
        if (found := {d: s for d, s in named.get(query.id, {}).items() if d in known and s > 0})
    }
    if not qrels:
        raise BadInput(f"“{folder}” không có câu hỏi nào có đáp án trong kho.", _LAYOUT)
    asked = {query.id for query in queries}
    counts = {
        "câu hỏi không có đáp án trong kho, không tính vào độ đo truy hồi": len(queries)
        - len(qrels),
        "dòng qrels nêu văn bản không có trong kho": sum(
            document not in known for found in named.values() for document in found
        ),
        "dòng qrels nêu câu hỏi không có": sum(len(named[q]) for q in named if q not in asked),
        "văn bản không có tiêu đề": sum(not document.title.strip() for document in documents),
    }
    lacks = tuple(f"{count} {what}" for what, count in counts.items() if count)
    return BeirSet(folder, documents, queries, qrels, lacks)


def notice_of(document: Document) -> Notice:
    """Read a document as a notice, cut into clauses like any other.

    The title is the notice's: it stands before the text as in a file, it is what the notice is
    called, and its own lines are the header.

    Args:
        document: its id becomes the file name.
    """
    title = " ".join(document.title.split())
    source = f"{title}\n\n{document.text}" if title else document.text
    notice = parse_notice(source, document.id)
    if not title:
        return notice
    return replace(
        notice,
        header=replace(notice.header, title=title),
        clauses=tuple(_as_header(clause, len(title)) for clause in notice.clauses),
    )


def notices_of(documents: Sequence[Document]) -> tuple[tuple[Notice, ...], dict[str, list[str]]]:
    """Return the documents as notices, and which documents each notice is.

    Documents with the same text whose ids differ in punctuation only give one notice.

    Returns:
        the notices, each id once, and notice id → document ids.
    """
    notices: dict[str, Notice] = {}
    documents_of: dict[str, list[str]] = {}
    for document in documents:
        notice = notice_of(document)
        notices.setdefault(notice.id, notice)
        documents_of.setdefault(notice.id, []).append(document.id)
    return tuple(notices.values()), documents_of


def strip_diacritics(text: str) -> str:
    """Return ``text`` as typed without marks, case kept: ``Đơn vị`` → ``Don vi``."""
    parts = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in parts if unicodedata.category(char) != "Mn")


def _as_header(clause: Clause, title_length: int) -> Clause:
    in_title = clause.spans[-1].end <= title_length
    return replace(clause, kind=ClauseKind.HEADER) if in_title else clause


def _qrels_path(folder: Path) -> Path:
    found = next((folder / name for name in QRELS if (folder / name).is_file()), None)
    if found is None:
        raise BadInput(f"“{folder}” không có {' hay '.join(QRELS)}.", _LAYOUT)
    return found


R = TypeVar("R", Document, Query)


def _rows(path: Path, model: type[R]) -> tuple[R, ...]:
    rows: dict[str, R] = {}
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = model.model_validate(json.loads(line))
        except (json.JSONDecodeError, ValidationError) as error:
            raise BadInput(
                f"“{path}” dòng {number} không đúng dạng.", "Mỗi dòng cần _id và text."
            ) from error
        if row.id in rows:
            raise BadInput(f"“{path}” có hai dòng cùng _id “{row.id}”.", "Bỏ bớt một dòng.")
        rows[row.id] = row
    if not rows:
        raise BadInput(f"“{path}” trống.", _LAYOUT)
    return tuple(rows.values())


def _read_qrels(path: Path) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    # Not a sniffed dialect: ids hold commas, quotes and bars.
    rows = csv.reader(io.StringIO(_text(path)), delimiter="\t", quoting=csv.QUOTE_NONE)
    for number, row in enumerate(rows, start=1):
        if not row or (number == 1 and row[-1].strip() == "score"):
            continue
        try:
            query, document, score = row
            found.setdefault(query, {})[document] = int(score)
        except ValueError as error:
            raise BadInput(
                f"“{path}” dòng {number} không đúng dạng.",
                "Mỗi dòng cần query-id, corpus-id, score, cách nhau bằng tab.",
            ) from error
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"Không đọc được “{path}”.", _LAYOUT) from error
