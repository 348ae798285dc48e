"""A run directory as the page reads it: what is missing or can't be read is noted, not guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from corpus.errors import BadInput
from corpus.text import fold
from eval.measures import Metric
from eval.report.plot import SERIES
from eval.report.record import Record, as_number

Json = Mapping[str, Any]
# As the readers of ``corpus`` count lines.
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Run:
    """One run.

    Args:
        name: short, told apart from the other runs of the page.
        info: ``run.json``.
        records: one for each question, in the order of the file.
        metrics: by name.
        slices: by slice, value and metric.
        sources: lines of the notices by file name, where the run holds them.
        lacks: Vietnamese sentences, what the directory or the data doesn't hold.
    """

    name: str
    info: Json
    records: tuple[Record, ...]
    metrics: Mapping[str, Metric]
    slices: Mapping[str, Mapping[str, Mapping[str, Metric]]]
    sources: Mapping[str, tuple[str, ...]]
    lacks: tuple[str, ...]

    @property
    def suite(self) -> str:
        """Name of the suite, empty if unknown."""
        return str(self.info.get("suite") or "")

    @property
    def data(self) -> str:
        """Path of the question set, empty if unknown."""
        data = self.info.get("data")
        return str(data.get("path") or "") if isinstance(data, Mapping) else str(data or "")

    @property
    def peer(self) -> str:
        """Name of the other system that was asked instead of congvu, else empty."""
        options = self.info.get("options")
        return str(options.get("peer") or "") if isinstance(options, Mapping) else ""

    def asks_same(self, other: Run) -> bool:
        """Whether another run is of the same suite and the same data."""
        mine, theirs = self.info.get("data"), other.info.get("data")
        if not isinstance(mine, Mapping) or not isinstance(theirs, Mapping):
            return False
        same_data = mine.get("sha256") is not None and mine.get("sha256") == theirs.get("sha256")
        return same_data and self.suite == other.suite

    @property
    def judges(self) -> bool:
        """Whether it is meant to judge answers; runs for speed and under load time them."""
        return self.suite not in {"speed", "load", "readers"}

    def figure(self, name: str) -> Metric | None:
        """Return a measure as the page shows it, times in seconds; None if there is no value."""
        found = self.metrics.get(name)
        if found is None or found.value is None:
            return None
        return in_seconds(found) if "_ms" in name else found

    @property
    def gate_told(self) -> bool:
        """Whether the confidence in its records is the gate's own."""
        return any(record.flag("gate_told") for record in self.records)

    @cached_property
    def by_id(self) -> Mapping[str, Record]:
        """Records by question id."""
        return {record.id: record for record in self.records}

    @cached_property
    def stripped(self) -> bool:
        """Whether its questions were asked without diacritics."""
        return bool(self.records) and all(
            fold(record.question) == record.question.lower() for record in self.records
        )


def in_seconds(metric: Metric) -> Metric:
    """Return a measure in milliseconds in seconds."""
    value, low, high = (
        None if one is None else one / 1000 for one in (metric.value, metric.low, metric.high)
    )
    return Metric(value, low, high, metric.n)


def load_runs(paths: list[Path]) -> tuple[Run, ...]:
    """Read run directories; runs of one name get a number.

    Raises:
        BadInput: a path is no directory, or holds neither records nor metrics; or there are more
            runs than a picture can tell apart.
    """
    if len(paths) > SERIES:
        raise BadInput(
            f"Một trang phân biệt được nhiều nhất {SERIES} lần chạy.", "Bỏ bớt lần chạy."
        )
    names: dict[str, int] = {}
    runs: list[Run] = []
    for path in paths:
        name = path.resolve().name
        names[name] = names.get(name, 0) + 1
        runs.append(load_run(path, name if names[name] == 1 else f"{name} ({names[name]})"))
    return tuple(runs)


def load_run(path: Path, name: str) -> Run:
    """Read one run directory.

    Raises:
        BadInput: no directory, or neither records nor metrics in it.
    """
    if not path.is_dir():
        raise BadInput(f"“{path}” không phải thư mục lần chạy.", "Chọn thư mục của `eval run`.")
    lacks: list[str] = []
    info = _object(path / "run.json", lacks)
    records = [Record(one) for one in _lines(path / "records.jsonl", lacks)]
    metrics = _metrics(_object(path / "metrics.json", lacks))
    if not records and not metrics:
        raise BadInput(
            f"“{path}” không có kết quả nào.", "Cần records.jsonl hoặc metrics.json của `eval run`."
        )
    slices = _object(path / "slices.json", lacks)
    notices = path / "notices.jsonl"
    data = info.get("data")
    stated = data.get("lacks") if isinstance(data, Mapping) else None
    if isinstance(stated, list):
        lacks += [f"Bộ dữ liệu: {one}" for one in stated]
    lacks += [f"Không đo {why}." for one in records if (why := one.text("not_measured"))]
    return Run(
        name=name,
        info=info,
        # Probes of the machine lie among the questions.
        records=tuple(record for record in records if record.question),
        metrics=metrics,
        slices=_slices(slices),
        sources=_sources(_lines(notices, lacks)) if notices.exists() else {},
        lacks=tuple(lacks),
    )


def _text(path: Path, lacks: list[str]) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        lacks.append(f"Không có {path.name}.")
    except (OSError, UnicodeDecodeError):
        lacks.append(f"Không đọc được {path.name}.")
    return None


def _object(path: Path, lacks: list[str]) -> dict[str, Any]:
    text = _text(path, lacks)
    if text is None:
        return {}
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        lacks.append(f"{path.name} hỏng: không phải một đối tượng JSON.")
        return {}
    return found


def _lines(path: Path, lacks: list[str]) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = []
    bad = 0
    for line in (_text(path, lacks) or "").split("\n"):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError:
            record = None
        if isinstance(record, dict):
            records.append(record)
        else:
            bad += 1
    if bad:
        lacks.append(f"{path.name}: bỏ qua {bad} dòng hỏng (lần chạy có thể đã bị ngắt).")
    return records


def _metrics(found: object) -> dict[str, Metric]:
    if not isinstance(found, Mapping):
        return {}
    metrics: dict[str, Metric] = {}
    for name, content in found.items():
        stated = content if isinstance(content, Mapping) else {"value": content}
        n = stated.get("n")
        if "value" in stated:
            value, low, high = (as_number(stated.get(key)) for key in ("value", "low", "high"))
            metrics[str(name)] = Metric(value, low, high, n if isinstance(n, int) else 0)
    return metrics


def _slices(found: Json) -> dict[str, dict[str, dict[str, Metric]]]:
    """Read slices by name and value, or flat ones named ``kind=deadline``."""
    slices: dict[str, dict[str, dict[str, Metric]]] = {}
    for key, content in found.items():
        name, flat, value = str(key).partition("=")
        inner = {value: content} if flat else content
        for part, metrics in inner.items() if isinstance(inner, Mapping) else ():
            slices.setdefault(name, {})[str(part)] = _metrics(metrics)
    return slices


def _sources(records: list[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    sources: dict[str, tuple[str, ...]] = {}
    for record in records:
        file, text = record.get("file"), record.get("text") or record.get("source")
        lines = record.get("lines")
        if isinstance(file, str) and isinstance(text, str):
            sources[file] = tuple(_LINE_END.split(text))
        elif isinstance(file, str) and isinstance(lines, list):
            sources[file] = tuple(str(line) for line in lines)
    return sources
