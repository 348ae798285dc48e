"""Models of a few bytes, the wheels that carry them, and sources that never touch the network."""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.runtime.models.catalogue import Catalogue, Wheel
from assistant.runtime.models.wheels import PartsSource
from corpus.errors import Cancelled, SourceFailed

SINGLE = bytes(range(256)) * 40
"""The content of the one-file model ``tiny-llm``."""
FOLDER = {
    "config.json": b'{"hidden_size": 4}',
    "model.safetensors": b"\x07" * 5000,
    "1_Pooling/config.json": b"{}",
}
"""The files of the model ``tiny-embedder``."""


PLENTY = 10**12
"""Free bytes of a disk that is never full."""
LLM, EMBEDDER = "tiny-llm", "tiny-embedder"


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in members.items():
            bundle.writestr(zipfile.ZipInfo(name), content)
    return stream.getvalue()


def sliced(content: bytes, count: int) -> list[bytes]:
    step = -(-len(content) // count)
    return [content[start : start + step] for start in range(0, len(content), step)]


class World:
    """A catalogue of two tiny models and the wheels that belong to it, by requirement."""

    def __init__(self) -> None:
        self.wheels: dict[str, bytes] = {}
        self.archive = zipped({f"download/{name}": data for name, data in FOLDER.items()})
        self.catalogue = Catalogue.model_validate(
            {
                "model": [
                    self._model("tiny-llm", "llm", {"model.gguf": SINGLE}, SINGLE, None),
                    self._model("tiny-embedder", "embedder", FOLDER, self.archive, "download"),
                ]
            }
        )

    def _model(
        self, name: str, role: str, files: dict[str, bytes], whole: bytes, folder: str | None
    ) -> dict[str, Any]:
        parts: dict[str, Any] = {
            "wheels": [
                self._wheel(f"{name}-part{number}", content)
                for number, content in enumerate(sliced(whole, 4), start=1)
            ]
        }
        if folder:
            parts["archive"] = {"folder": folder, "size": len(whole), "sha256": sha(whole)}
        return {
            "id": name,
            "role": role,
            "title": name,
            "licence": {"name": "L", "url": "https://example.org/L", "notice": "Điều khoản L."},
            "files": [
                {"name": key, "size": len(data), "sha256": sha(data)} for key, data in files.items()
            ],
            "context_length": 8,
            "template": "",
            "dimensions": [4],
            "prompts": {"query": "q: {text}", "document": "{title}: {text}", "untitled": "none"},
            "hub": {"repository": f"maker/{name}", "names": {"model.gguf": "their-name.gguf"}},
            "parts": parts,
        }

    def _wheel(self, package: str, content: bytes) -> dict[str, Any]:
        wheel = zipped({"pkg/__init__.py": b"raise SystemExit", "pkg/chunk.bin": content})
        self.wheels[f"{package}==1.0"] = wheel
        return {
            "package": package,
            "version": "1.0",
            "size": len(wheel),
            "sha256": sha(wheel),
            "member": "pkg/chunk.bin",
            "member_size": len(content),
        }

    def lay_out(self, root: Path, model_id: str) -> None:
        """Write the files of a model to ``root/<id>/``, as a mirror or an old machine has them."""
        files = {"model.gguf": SINGLE} if model_id == "tiny-llm" else FOLDER
        for name, content in files.items():
            path = root / model_id / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


class FakeDownloader:
    """Serves wheels from memory and keeps a list of what it was asked for.

    Args:
        wheels: content by requirement.
        dies_at: requirement at which it behaves as if the process were killed.
    """

    name = "kho giả"

    def __init__(self, wheels: dict[str, bytes], dies_at: str = "") -> None:
        self.wheels = wheels
        self.dies_at = dies_at
        self.asked: list[str] = []

    def has(self, wheel: Wheel) -> bool:
        return True

    def fetch(
        self, wheel: Wheel, folder: Path, advance: Callable[[int], None], stop: threading.Event
    ) -> Path:
        if stop.is_set():
            raise Cancelled("Đã dừng.")
        if wheel.requirement == self.dies_at:
            raise KeyboardInterrupt
        self.asked.append(wheel.requirement)
        if wheel.requirement not in self.wheels:
            raise SourceFailed(f"Không có {wheel.requirement}.")
        path = folder / f"{wheel.package}.whl"
        path.write_bytes(self.wheels[wheel.requirement])
        advance(path.stat().st_size)
        return path


class ListeningReporter:
    """Remembers what was said and how far each stage got."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.stages: list[list[Any]] = []

    def begin(self, title: str, total: int, done: int = 0) -> None:
        self.stages.append([title, total, done])

    def advance(self, count: int) -> None:
        self.stages[-1][2] += count

    def say(self, message: str) -> None:
        self.said.append(message)


def parts(downloader: FakeDownloader) -> PartsSource:
    return PartsSource(downloader, workers=1)


def content_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".verified"
    }
