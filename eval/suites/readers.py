"""Suite ``readers``: files of offices beside their transcripts.

A folder with files of any format and, beside each that is measured, what it says, typed: the same
name with the ending ``.txt`` or ``.expected.txt``. Measured are

- characters, in the order of the transcript, and with runs of words free to stand elsewhere;
- labels: numbered lines of the transcript that begin with the same label and words in the text;
- rows: rows of tables of the transcript that have the same cells (nine tenths of the letters of
  each) in the text;
- header fields (kind, number, issuer, date, title) that the parser reads in both alike. What it
  reads in the transcript is taken for right, so faults of the parser are no faults of the reader;
- pages, or megabytes where there are none, a second.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from assistant.runtime.reading_tools import reading_tools
from corpus.errors import BadInput, UnreadableFile
from corpus.notice import Header
from corpus.parse.markers import find_marker
from corpus.parse.notices import parse_notice
from corpus.readers import read_file, supported_suffixes
from corpus.readers.tools import Tools
from corpus.text import fold
from eval.character_errors import character_errors
from eval.measures import Record
from eval.suites.base import DataInfo, Surroundings, subsample

_TRANSCRIPTS = (".txt", ".expected.txt")
_FIRST_WORDS = 3  # of a numbered line: they tell it from others with its label
_SAME_CELL = 0.9


@dataclass(frozen=True, slots=True)
class ReadersSession:
    """The files, and what there is on this machine to read them."""

    files: Mapping[str, tuple[Path, Path]]
    tools: Tools

    @property
    def versions(self) -> Mapping[str, str]:
        """See ``Session``; no model answers."""
        return {"snapshot": "", "llm": "", "embedder": "", "prompt": ""}

    def record(self, task: str) -> Record:
        """Read a file and hold it against its transcript."""
        path, beside = self.files[task]
        record: dict[str, Any] = {"id": task, "question": task}
        began = time.perf_counter()
        try:
            file = read_file(path, tools=self.tools)
        except UnreadableFile as error:
            return {**record, "not_measured": f"{task}: {error}"}
        seconds = time.perf_counter() - began
        wanted = beside.read_text("utf-8-sig")
        speed = (
            {"pages_per_s": [file.pages / seconds]}
            if file.pages
            else {"mb_per_s": [file.size / 1e6 / seconds]}
        )
        return {
            **record,
            "measures": measures_of(file.text, wanted, path.name),
            "samples": speed,
            "slices": {"format": [path.suffix.lower().removeprefix(".")]},
            "unsure": len(file.unsure),
            "warnings": list(file.warnings),
        }


def measures_of(found: str, wanted: str, file_name: str) -> dict[str, list[int]]:
    """Return ``[part, whole]`` of each measure of a text beside its transcript."""
    return {
        "character_errors": list(character_errors(found, wanted)),
        "character_errors_moved": list(character_errors(found, wanted, moved=True)),
        "labels": list(_shared(_labels(found), _labels(wanted))),
        "rows": list(_rows_kept(found, wanted)),
        "header_fields": list(_fields_kept(found, wanted, file_name)),
    }


def _labels(text: str) -> list[tuple[str, str]]:
    """The label of each numbered line with the words that follow it."""
    labels: list[tuple[str, str]] = []
    for line in text.splitlines():
        marker = find_marker(line.strip())
        if marker is not None and marker.label and "\t" not in line:
            words = fold(line.strip()[marker.end :]).split()[:_FIRST_WORDS]
            labels.append((marker.label, " ".join(words)))
    return labels


def _shared(found: list[Any], wanted: list[Any]) -> tuple[int, int]:
    return (Counter(found) & Counter(wanted)).total(), len(wanted)


def _rows(text: str) -> list[list[str]]:
    lines = (line for line in text.splitlines() if line.count("\t") > 1)
    return [[" ".join(cell.split()) for cell in line.rstrip().split("\t")] for line in lines]


def _rows_kept(found: str, wanted: str) -> tuple[int, int]:
    rows = _rows(wanted)
    left = Counter(map(tuple, _rows(found)))
    exact = left & Counter(map(tuple, rows))
    left -= exact
    missing = Counter(map(tuple, rows)) - exact
    kept = exact.total()
    for row in missing.elements():
        if same := next((one for one in left if _same_row(one, row)), None):
            left -= Counter([same])
            kept += 1
    return kept, len(rows)


def _same_row(one: Sequence[str], other: Sequence[str]) -> bool:
    if [bool(cell) for cell in one] != [bool(cell) for cell in other]:
        return False
    return all(_alike(a, b) for a, b in zip(one, other, strict=True) if a)


def _alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    # The first two are cheap and never below the third.
    ratios = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    return all(ratio() >= _SAME_CELL for ratio in ratios)


def _fields_kept(found: str, wanted: str, file_name: str) -> tuple[int, int]:
    right, read = (_fields(parse_notice(text, file_name).header) for text in (wanted, found))
    told = [name for name, value in right.items() if value]
    return sum(read[name] == right[name] for name in told), len(told)


def _fields(header: Header) -> dict[str, str]:
    return {
        "kind": fold(header.kind),
        "number": header.number,
        "issuer": " ".join(fold(header.issuer).split()),
        "date": str(header.date or ""),
        "title": " ".join(fold(header.title).split()),
    }


@dataclass(frozen=True, slots=True)
class ReadersSuite:
    """See the module.

    Args:
        folder: of the files.
        files: file and transcript by the file's place in the folder.
        limit: a seeded subsample of so many, None for all.
    """

    folder: Path
    files: Mapping[str, tuple[Path, Path]]
    limit: int | None = None
    name: str = field(default="readers", init=False)

    @classmethod
    def load(cls, folder: Path, limit: int | None = None) -> ReadersSuite:
        """Find the files that have a transcript beside them.

        Raises:
            BadInput: there are none.
        """
        endings = tuple(one for one in supported_suffixes() if one not in {".txt", ".md"})
        found: dict[str, tuple[Path, Path]] = {}
        for path in sorted(folder.rglob("*")):
            if not path.name.lower().endswith(endings) or not path.is_file():
                continue
            beside = (path.with_suffix(ending) for ending in _TRANSCRIPTS)
            if transcript := next((one for one in beside if one.is_file()), None):
                found[path.relative_to(folder).as_posix()] = (path, transcript)
        if not found:
            raise BadInput(
                f"Trong {folder} không có tệp nào có bản gõ tay bên cạnh.",
                "Đặt cạnh mỗi tệp một tệp .txt cùng tên ghi đúng những gì tệp ấy viết.",
            )
        return cls(folder, found, limit)

    @property
    def data(self) -> DataInfo:
        """See ``Suite``."""
        return DataInfo.of(self.folder, [one for pair in self.files.values() for one in pair])

    @property
    def options(self) -> dict[str, Any]:
        """See ``Suite``."""
        return {"limit": self.limit}

    @property
    def tasks(self) -> tuple[str, ...]:
        """See ``Suite``."""
        return subsample(list(self.files), self.limit)

    @contextmanager
    def open(self, surroundings: Surroundings) -> Iterator[ReadersSession]:
        """See ``Suite``; the models of OCR are opened by the readers."""
        yield ReadersSession(self.files, reading_tools(surroundings.settings))
