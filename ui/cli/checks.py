"""What ``congvu doctor`` looks at; nothing is made or changed by looking."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

import httpx

from assistant.judge.fitted import Fitted
from assistant.runtime.home import exposed, how_to_close
from assistant.runtime.index_state import IndexState
from assistant.runtime.models.progress import human_size
from assistant.runtime.models.store import ModelStore, State, free_space
from assistant.runtime.settings import Settings
from assistant.runtime.workspace import Workspace
from corpus.errors import CongvuError
from ui.cli.models import models_in_use, open_store

_SERVER_SECONDS = 3.0
_LOW_MEMORY = 4 * 2**30
"""Bytes: the default models take 3 GB together."""
_LOW_DISK = 2**30
_WEIGHTS = "Trọng số"


class Level(StrEnum):
    """How good the news is."""

    GOOD = "good"
    NOTE = "note"  # worth knowing, nothing is missing
    BAD = "bad"  # questions can't be answered


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Args:
        name: what, in Vietnamese.
        level: how good the news is.
        said: what was found.
        remedy: what to do, where something is wrong.
    """

    name: str
    level: Level
    said: str
    remedy: str = ""

    def to_dict(self) -> dict[str, str]:
        """Return the check ready for JSON."""
        return asdict(self)


def run_checks(workspace: Workspace) -> tuple[Check, ...]:
    """Look at the machine, the models, the library and the index."""
    settings = workspace.settings
    return (
        Check("Python", Level.GOOD, f"{platform.python_version()} ({platform.machine()})"),
        _processor(settings),
        _memory(),
        _disk("Đĩa chứa dữ liệu", settings.home),
        _disk("Đĩa chứa mô hình", settings.models),
        *_models(settings),
        *_server(settings),
        *_notices(workspace),
        *_rights(settings.home),  # last: opening the library closes what is ours to close
    )


def _processor(settings: Settings) -> Check:
    try:
        flags = set(Path("/proc/cpuinfo").read_text(encoding="utf-8").split())
    except OSError:
        flags = set()
    known = [flag for flag in ("avx2", "avx512f", "avx512_bf16", "amx_bf16") if flag in flags]
    said = f"{os.cpu_count()} nhân, dùng {settings.threads} luồng; tập lệnh: "
    return Check("Bộ xử lý", Level.GOOD, said + (", ".join(known) or "không rõ"))


def _memory() -> Check:
    if "SC_PHYS_PAGES" not in os.sysconf_names:
        return Check("Bộ nhớ", Level.NOTE, "không đọc được")
    size = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if size < _LOW_MEMORY:
        remedy = "Nên có ít nhất 4 GB; hoặc dùng máy chủ mô hình (CONGVU_LLM_SERVER)."
        return Check("Bộ nhớ", Level.NOTE, human_size(size), remedy)
    return Check("Bộ nhớ", Level.GOOD, human_size(size))


def _disk(name: str, folder: Path) -> Check:
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    free = free_space(there)
    said = f"{folder}, còn trống {human_size(free)}"
    if free < _LOW_DISK:
        return Check(name, Level.NOTE, said, "Nên giải phóng bớt chỗ.")
    return Check(name, Level.GOOD, said)


def _rights(home: Path) -> Iterator[Check]:
    if not home.exists():
        return
    name = "Quyền truy cập dữ liệu"
    open_to_others = list(exposed(home))
    if not open_to_others:
        yield Check(name, Level.GOOD, f"chỉ chủ sở hữu vào được {home}")
    for path, mode in open_to_others:
        said = f"người khác trên máy vào được {path} (quyền {mode:04o})"
        yield Check(name, Level.NOTE, said, how_to_close(path))


def _models(settings: Settings) -> Iterator[Check]:
    store = open_store(settings)
    for model_id in models_in_use(settings):
        yield _told(f"Mô hình {model_id}", partial(_model, store, model_id))
    yield _told(_WEIGHTS, partial(_weights, settings.embedder))


def _model(store: ModelStore, model_id: str) -> Check:
    name = f"Mô hình {model_id}"
    state = store.state(model_id)
    if state in {State.READY, State.UNCHECKED}:
        return Check(name, Level.GOOD, state.vietnamese)
    return Check(name, Level.BAD, state.vietnamese, f"Chạy `congvu models pull {model_id}`.")


def _weights(embedder: str) -> Check:
    if not Fitted.of(embedder).counts_on_words_alone:
        return Check(_WEIGHTS, Level.GOOD, f"đã khớp với {embedder}")
    said = f"chưa khớp với {embedder}: trả lời hay từ chối chỉ xét theo câu chữ, kém chắc hơn"
    remedy = "Dùng mô hình nhúng mặc định, hoặc chạy `congvu eval fit` với bộ câu hỏi của mình."
    return Check(_WEIGHTS, Level.NOTE, said, remedy)


def _server(settings: Settings) -> Iterator[Check]:
    url = settings.llm_server
    if url is None:
        return
    shown = re.sub(r"//[^/@\s]+@", "//***@", url)
    key = settings.llm_server_key
    headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key is not None else {}
    name = "Máy chủ mô hình"
    try:
        answer = httpx.get(f"{url.rstrip('/')}/models", headers=headers, timeout=_SERVER_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        said = f"{shown} không trả lời ({type(error).__name__})"
        yield Check(name, Level.BAD, said, "Bật máy chủ, hoặc sửa CONGVU_LLM_SERVER.")
        return
    if answer.status_code in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        said = f"{shown} không nhận khóa truy cập"
        yield Check(name, Level.BAD, said, "Kiểm tra CONGVU_LLM_SERVER_KEY.")
    else:
        yield Check(name, Level.GOOD, f"{shown} trả lời (mã {answer.status_code})")


def _notices(workspace: Workspace) -> Iterator[Check]:
    if not workspace.library_path.exists():
        yield Check("Kho văn bản", Level.BAD, "trống", "Chạy `congvu add ĐƯỜNG_DẪN`.")
        return
    library = _told("Kho văn bản", partial(_library, workspace))
    yield library
    if library.level is Level.GOOD:
        yield from (_told("Chỉ mục", partial(_index, workspace)), *_damage(workspace))


def _library(workspace: Workspace) -> Check:
    count = len(workspace.library.notices())
    if not count:
        return Check("Kho văn bản", Level.BAD, "trống", "Chạy `congvu add ĐƯỜNG_DẪN`.")
    files, size = workspace.library.origins.kept_bytes()
    originals = f"{files} tệp gốc ({human_size(size)})" if files else "chưa giữ tệp gốc nào"
    said = f"{count} văn bản, {originals}, {workspace.library_path}"
    return Check("Kho văn bản", Level.GOOD, said)


def _index(workspace: Workspace) -> Check:
    state = workspace.index_state()
    if state is IndexState.CURRENT:
        return Check("Chỉ mục", Level.GOOD, state.vietnamese)
    # The others are built before the next question, or are what a person wanted.
    level = Level.BAD if state is IndexState.DAMAGED else Level.NOTE
    return Check("Chỉ mục", level, state.vietnamese, "Chạy `congvu index` để lập lại chỉ mục.")


def _damage(workspace: Workspace) -> list[Check]:
    damaged = workspace.snapshots.status().damaged
    return [Check("Bản chỉ mục", Level.NOTE, said, "Chạy `congvu index`.") for said in damaged]


def _told(name: str, look: Callable[[], Check]) -> Check:
    """Return what ``look`` finds, or the error that it meets as a finding."""
    try:
        return look()
    except CongvuError as error:
        return Check(name, Level.BAD, error.message, error.remedy)
