"""Opens the language model that the settings ask for."""

from __future__ import annotations

import os
from typing import Final

from assistant.llm.base import GrammarLLM
from assistant.llm.model_thread import ModelThread
from assistant.llm.openai_server import Endpoint, OpenAIServer, ServerKind
from assistant.runtime.models.store import ModelStore
from assistant.runtime.settings import Settings
from corpus.errors import BadInput

CONTEXT_LENGTH: Final = 4096
"""Tokens of context in this process.

A prompt that filled it would take half a minute on 2 cores, and the memory of a context grows
with its length: 115 MB at 4,096, 0.9 GB at the 32,768 that Qwen2.5-1.5B could take.
"""


def open_llm(settings: Settings, store: ModelStore) -> GrammarLLM:
    """Return the server's model where one is set, else the model loaded in this process.

    Args:
        settings: which model, how many threads, how many may wait.
        store: where models lie.

    Raises:
        BadInput: the model's name is missing or unknown.
        ModelMissing: the model is not on this machine.
        Damaged: its file does not match its hash, or can't be loaded.
    """
    if settings.llm_server is not None:
        return OpenAIServer(_endpoint(settings, settings.llm_server))
    # OpenMP's threads spin at each barrier, and when the CPU is shared the one that still works
    # waits for those: a prompt of 919 tokens then took 62 s, with this 8 s; alone, both take 6 s.
    # It is read when the C library is loaded, hence the import below it.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from assistant.llm.llama_cpp import LlamaCpp  # noqa: PLC0415

    model = LlamaCpp.from_file(
        store.path(settings.llm),
        id=settings.llm,
        context_length=min(store.catalogue.get(settings.llm).context_length, CONTEXT_LENGTH),
        threads=settings.threads,
    )
    return ModelThread(model, settings.queue_size)


def _endpoint(settings: Settings, url: str) -> Endpoint:
    if settings.llm_server_model is None:
        raise BadInput(
            f"Chưa biết dùng mô hình nào trên máy chủ {url}.",
            "Hãy đặt `llm_server_model` (CONGVU_LLM_SERVER_MODEL) là tên mô hình trên máy chủ.",
        )
    key = settings.llm_server_key
    return Endpoint(
        url,
        settings.llm_server_model,
        key=key.get_secret_value() if key is not None else "",
        kind=ServerKind(settings.llm_server_kind),
        context_length=CONTEXT_LENGTH,
    )
