"""What the suite ``speed`` measures besides answers."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.llm.base import Generation, Message
from assistant.runtime.models.catalogue import Catalogue
from assistant.runtime.models.store import ModelStore
from assistant.runtime.settings import Settings
from eval.machine import Memory
from eval.suites.notices import NoticeSession
from index.embedding_cache import EmbeddingCache
from index.snapshot_store import SnapshotStore

if TYPE_CHECKING:
    import llama_cpp

    from assistant.llm.llama_cpp import LlamaCpp

Samples = dict[str, list[float]]

_ROUNDS = 5  # ours and the bare loop in turns, so that a busy minute hits both
_DECODED = 64  # tokens
_PROMPT_CHARS = 1500  # of evidence, about what an answer's prompt has
_CONTEXT = 4096
_CHUNK = 512  # llama.cpp's own default


class NotMeasured(Exception):  # noqa: N818 - no error: the rest of the run goes on
    """Why something can't be measured here, a Vietnamese phrase."""


def memory(session: NoticeSession) -> Samples:
    """Read the memory of this process, GiB; nothing where the system doesn't tell."""
    found = Memory.now()
    if found is None:
        return {}
    return {"peak_memory_gib": [found.peak_rss], "rss_anon_gib": [found.rss_anon]}


def index_build(session: NoticeSession) -> Samples:
    """Build the index of the notices without any cached vector, clauses/s."""
    notices = tuple(session.clauses.notices.values())
    clauses = sum(len(notice.clauses) for notice in notices)
    with tempfile.TemporaryDirectory(prefix="congvu-eval-") as folder:
        store, cache = SnapshotStore(Path(folder)), EmbeddingCache(Path(folder) / "cache.sqlite")
        took = _seconds(lambda: store.build(notices, session.workspace.embedder, cache))
    return {"index_build_clauses_per_s": [clauses / took]}


def generation(session: NoticeSession) -> Samples:
    """Evaluate a prompt and generate after it, ours and bare, tokens/s.

    Raises:
        NotMeasured: the model is on a server, where there is no bare loop to compare with.
    """
    settings = session.workspace.settings
    if settings.llm_server is not None:
        raise NotMeasured("tốc độ đọc và sinh chữ so với vòng lặp trần: mô hình ở trên máy chủ")
    from assistant.llm.llama_cpp import LlamaCpp  # noqa: PLC0415 - loads the C library

    path = _model_path(settings)
    text = "\n".join(clause.text for _, clause in session.clauses.clauses.values())[:_PROMPT_CHARS]
    samples: dict[str, list[float]] = {}
    ours = LlamaCpp.from_file(
        path, id=settings.llm, context_length=_CONTEXT, threads=settings.threads
    )
    bare = _open_bare(path, settings.threads)
    try:
        for number in range(_ROUNDS):
            # Another beginning each time, else ours would keep the prompt.
            prompt = f"{number}. Tóm tắt các nhiệm vụ sau đây.\n{text}"
            for name, value in (_ours(ours, prompt) | _bare(bare, prompt)).items():
                samples.setdefault(name, []).append(value)
    finally:
        ours.close()
        bare.close()
    return samples


def _ours(model: LlamaCpp, prompt: str) -> dict[str, float]:
    before = model.prompt_tokens_evaluated
    request = Generation((Message("user", prompt),), max_tokens=_DECODED)
    began = time.perf_counter()
    pieces: list[str] = []
    first = 0.0
    for piece in model.generate(request, threading.Event()):
        first = first or time.perf_counter()
        pieces.append(piece)
    ended = time.perf_counter()
    tokens = model.count_tokens("".join(pieces))
    evaluated = model.prompt_tokens_evaluated - before
    return {
        "prefill_tokens_per_s": evaluated / (first - began),
        "decode_tokens_per_s": max(tokens - 1, 0) / (ended - first),
    }


def _bare(llama: llama_cpp.Llama, prompt: str) -> dict[str, float]:
    import llama_cpp  # noqa: PLC0415

    llama.n_tokens = 0  # the whole prompt anew
    llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(llama.ctx), True)
    tokens = llama.tokenize(prompt.encode(), add_bos=False, special=False)
    prefill = _seconds(lambda: llama.eval(tokens))
    began = time.perf_counter()
    for _ in range(_DECODED):
        llama.eval([int(np.argmax(_logits(llama)))])
    decode = time.perf_counter() - began
    return {
        "bare_prefill_tokens_per_s": len(tokens) / prefill,
        "bare_decode_tokens_per_s": _DECODED / decode,
    }


def _logits(llama: llama_cpp.Llama) -> NDArray[np.float32]:
    import llama_cpp  # noqa: PLC0415

    pointer = llama_cpp.llama_get_logits_ith(llama.ctx, -1)
    return np.ctypeslib.as_array(pointer, shape=(llama.n_vocab(),))


def _open_bare(path: Path, threads: int) -> llama_cpp.Llama:
    import llama_cpp  # noqa: PLC0415

    return llama_cpp.Llama(
        str(path),
        n_ctx=_CONTEXT,
        n_batch=_CHUNK,
        n_threads=threads,
        n_threads_batch=threads,
        verbose=False,
    )


def _model_path(settings: Settings) -> Path:
    return ModelStore(settings.models, Catalogue.load()).path(settings.llm)


def _seconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


PROBES: Mapping[str, Callable[[NoticeSession], Samples]] = {
    # Memory first: the others open a second model.
    "memory": memory,
    "index_build": index_build,
    "generation": generation,
}
"""By name, in the order in which they are run."""
