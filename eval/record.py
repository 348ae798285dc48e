"""A run is a directory, and a run that was stopped goes on from what it holds.

Layout (``eval.report`` and ``eval.compare`` read it)::

    run.json        what was run, with what, on what, when
    records.jsonl   one object per question, written as soon as it is answered
    metrics.json    name → value, low, high, n
    slices.json     slice → metric → value, low, high, n
    run.lock        held while a process writes here
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from corpus.errors import BadInput, Busy
from eval.measures import Metric, Record

RUN, RECORDS, METRICS, SLICES = "run.json", "records.jsonl", "metrics.json", "slices.json"
_MUST_AGREE = ("suite", "data_sha256", "settings", "set", "options", "versions")


class RunFolder:
    """The directory of one run.

    Args:
        path: it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def is_begun(self) -> bool:
        """Whether a run was begun here."""
        return (self.path / RUN).is_file()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Make the directory and keep other processes from writing into it.

        Raises:
            Busy: another process does.
            BadInput: it can't be made.
        """
        try:
            # Questions about state papers and answers from them are nobody else's business.
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            with FileLock(self.path / "run.lock", timeout=0):
                yield
        except Timeout as error:
            raise Busy(
                f"Một tiến trình khác đang ghi vào {self.path}.",
                "Đợi nó xong hoặc dùng --out khác.",
            ) from error
        except FileExistsError as error:
            raise BadInput(f"“{self.path}” không phải thư mục.", "Chọn --out khác.") from error

    def begin(self, run: Mapping[str, Any]) -> dict[str, Any]:
        """Write ``run.json``, or check that the run begun here is the same.

        Returns:
            what now stands in ``run.json``.

        Raises:
            BadInput: another run was begun here; the message names what differs.
        """
        if not self.is_begun:
            self._write(RUN, run)
            return dict(run)
        return self.check(run)

    def check(self, run: Mapping[str, Any]) -> dict[str, Any]:
        """Return what stands in ``run.json`` if it is the run that ``run`` describes.

        Raises:
            BadInput: it is another one; the message names what differs.
        """
        begun = self.info()
        old, new = _identity(begun), _identity(json.loads(json.dumps(run)))
        for name in (name for name in _MUST_AGREE if name in new):
            if old.get(name) != new[name]:
                raise BadInput(
                    f"{self.path} là lần chạy khác: {_difference(name, old, new)}.",
                    "Chọn --out khác để bắt đầu lại từ đầu.",
                )
        return begun

    def info(self) -> dict[str, Any]:
        """Return ``run.json``.

        Raises:
            BadInput: there is none, or it can't be read.
        """
        return self._read(RUN)

    def records(self) -> list[dict[str, Any]]:
        """Return the whole records; a half-written last line is not one.

        Raises:
            BadInput: a line that isn't the last is damaged.
        """
        path = self.path / RECORDS
        *lines, _ = path.read_bytes().split(b"\n") if path.is_file() else [b""]
        try:
            return [json.loads(line) for line in lines]
        except ValueError as error:
            raise BadInput(f"{path} bị hỏng.", "Chạy lại với --out khác.") from error

    def drop_half_record(self) -> None:
        """Cut off a last line that a kill left unfinished."""
        path = self.path / RECORDS
        if not path.is_file():
            return
        content = path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            path.write_bytes(whole)

    def append(self, record: Record) -> None:
        """Add one record; it is in the file when this returns."""
        line = json.dumps(record, ensure_ascii=False) + "\n"
        with (self.path / RECORDS).open("a", encoding="utf-8", newline="\n") as file:
            file.write(line)

    def finish(
        self,
        run: Mapping[str, Any],
        metrics: Mapping[str, Metric],
        slices: Mapping[str, Mapping[str, Metric]],
    ) -> None:
        """Write the figures, then ``run.json`` with its end."""
        self._write(METRICS, metrics_to_json(metrics))
        self._write(SLICES, {name: metrics_to_json(found) for name, found in slices.items()})
        self._write(RUN, run)

    def _read(self, name: str) -> dict[str, Any]:
        path = self.path / name
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise BadInput(
                f"Không đọc được {path}.", "Chỉ ra thư mục của một lần `congvu eval run`."
            ) from error
        if not isinstance(found, dict):
            raise BadInput(f"{path} không đúng dạng.", "Chạy lại với --out khác.")
        return found

    def _write(self, name: str, content: object) -> None:
        beside = self.path / f"{name}.new"
        text = json.dumps(content, ensure_ascii=False, indent=1)
        beside.write_text(text + "\n", encoding="utf-8")
        beside.replace(self.path / name)


def metrics_to_json(metrics: Mapping[str, Metric]) -> dict[str, dict[str, float | int | None]]:
    """Return metrics ready for JSON."""
    return {name: asdict(metric) for name, metric in metrics.items()}


def in_order(records: Sequence[Record], ids: Sequence[str]) -> list[Record]:
    """Return the records in the order of ``ids``, so that a resumed run measures the same."""
    by_id = {record["id"]: record for record in records}
    return [by_id[one] for one in ids if one in by_id]


def _identity(run: Mapping[str, Any]) -> dict[str, Any]:
    """Where the data lies and how it was called doesn't matter, what is in it does."""
    return {**run, "data_sha256": (run.get("data") or {}).get("sha256")}


def _difference(name: str, begun: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    old, new = begun.get(name), wanted.get(name)
    if isinstance(old, dict) and isinstance(new, dict):
        keys = [key for key in sorted({*old, *new}) if old.get(key) != new.get(key)]
        old, new = old.get(keys[0]), new.get(keys[0])
        name = f"{name}.{keys[0]}"
    return f"{name} là {old!r}, nay là {new!r}"
