"""The settings say which model is opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes_llm import ask, model_file
from fakes_openai import FakeOpenAI, serve
from machine import GEMMA
from pydantic import SecretStr

from assistant.runtime.language_model import CONTEXT_LENGTH, open_llm
from assistant.runtime.models.catalogue import Catalogue
from assistant.runtime.models.store import ModelStore
from assistant.runtime.settings import Settings
from corpus.errors import BadInput, ModelMissing


def store(root: Path) -> ModelStore:
    return ModelStore(root, Catalogue.load())


def test_a_server_that_is_set_is_used_with_its_key(tmp_path: Path) -> None:
    with serve(FakeOpenAI(lambda body: ["được"])) as server:
        settings = Settings(
            llm_server=server.url, llm_server_key=SecretStr("k"), llm_server_model="m"
        )
        llm = open_llm(settings, store(tmp_path))
        assert (llm.id, llm.supports_grammar, ask(llm, "?")) == ("m", False, "được")
        llm.close()
        able = settings.model_copy(update={"llm_server_kind": "llama.cpp"})
        assert open_llm(able, store(tmp_path)).supports_grammar
    assert server.headers[0]["Authorization"] == "Bearer k"


def test_a_server_needs_the_name_of_its_model(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="CONGVU_LLM_SERVER_MODEL"):
        open_llm(Settings(llm_server="http://127.0.0.1:1"), store(tmp_path))


def test_a_model_that_is_not_here_names_the_command_that_fetches_it(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="models pull"):
        open_llm(Settings(), store(tmp_path))


@pytest.mark.models
def test_else_the_model_is_loaded_here_and_may_be_shared() -> None:
    root = model_file(GEMMA).parent.parent
    llm = open_llm(Settings(llm=GEMMA, threads=1), store(root))
    try:
        assert (llm.id, llm.context_length, llm.supports_grammar) == (GEMMA, CONTEXT_LENGTH, True)
        assert ask(llm, "Xin chào", max_tokens=4)
    finally:
        llm.close()
