"""What every adapter of the language model seam keeps to."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from fakes_llm import ask, model_file, request
from fakes_openai import FakeOpenAI, serve
from machine import GEMMA

from assistant.llm.base import Generation, GrammarLLM
from assistant.llm.fake import QueueLLM
from assistant.llm.model_thread import ModelThread
from assistant.llm.openai_server import Endpoint, OpenAIServer
from corpus.errors import NotReady

QUESTION = "Kể tên các tuyến kênh ở tỉnh Sông Bích."
OTHER = "Ai trình phương án rà soát?"


def answer_to(question: str) -> str:
    """What the fakes say: long, in Vietnamese, different for each question."""
    return " ".join(f"{question} Điều {n}, khoản {n + 1} nêu rõ." for n in range(30))


def fake(stack: ExitStack) -> GrammarLLM:
    def reply(generation: Generation) -> str:
        return answer_to(generation.messages[-1].content)

    return QueueLLM([reply] * 9)


def owned_fake(stack: ExitStack) -> GrammarLLM:
    owner = ModelThread(fake(stack))
    stack.callback(owner.close)
    return owner


def server(stack: ExitStack) -> GrammarLLM:
    def answer(body: dict[str, list[dict[str, str]]]) -> list[str]:
        text = answer_to(body["messages"][-1]["content"])
        return [text[at : at + 5] for at in range(0, len(text), 5)]

    running = stack.enter_context(serve(FakeOpenAI(answer)))
    adapter = OpenAIServer(Endpoint(running.url, "fake"))
    stack.callback(adapter.close)
    return adapter


def llama(stack: ExitStack) -> GrammarLLM:
    from assistant.llm.llama_cpp import LlamaCpp  # noqa: PLC0415 - the C library, if marked so

    owner = ModelThread(LlamaCpp.from_file(model_file(GEMMA), id=GEMMA, context_length=1024))
    stack.callback(owner.close)
    return owner


@pytest.fixture(
    params=[fake, owned_fake, server, pytest.param(llama, marks=pytest.mark.models)],
    ids=lambda opener: opener.__name__,
)
def llm(request: pytest.FixtureRequest) -> Iterator[GrammarLLM]:
    opener: Callable[[ExitStack], GrammarLLM] = request.param
    with ExitStack() as stack:
        yield opener(stack)


def test_the_same_question_gets_the_same_answer(llm: GrammarLLM) -> None:
    first = ask(llm, QUESTION, max_tokens=24)
    ask(llm, OTHER, max_tokens=8)
    assert first
    assert ask(llm, QUESTION, max_tokens=24) == first


def test_max_tokens_cuts_the_end_off(llm: GrammarLLM) -> None:
    long, short = (ask(llm, QUESTION, max_tokens=n) for n in (24, 6))
    assert long.startswith(short)
    assert 0 < len(short) < len(long)


def test_a_stop_string_ends_the_output_and_is_not_in_it(llm: GrammarLLM) -> None:
    whole = ask(llm, QUESTION, max_tokens=24)
    stop = whole[len(whole) // 2 :][:3]
    assert ask(llm, QUESTION, max_tokens=24, stop=("¤", stop)) == whole[: whole.index(stop)]


def test_a_stop_string_that_never_comes_holds_nothing_back(llm: GrammarLLM) -> None:
    whole = ask(llm, QUESTION, max_tokens=24)
    assert ask(llm, QUESTION, max_tokens=24, stop=(whole[-2:] + "¤",)) == whole


def test_cancel_stops_within_a_token(llm: GrammarLLM) -> None:
    cancel = threading.Event()
    pieces = llm.generate(request(QUESTION, max_tokens=200), cancel)
    next(pieces)
    cancel.set()
    assert len(list(pieces)) <= 1


def test_a_request_cancelled_beforehand_gives_nothing(llm: GrammarLLM) -> None:
    cancel = threading.Event()
    cancel.set()
    assert list(llm.generate(request(QUESTION), cancel)) == []


@pytest.mark.parametrize("leave", ["close", "drop"])
def test_who_leaves_frees_the_model_for_the_next(llm: GrammarLLM, leave: str) -> None:
    alone = ask(llm, OTHER, max_tokens=12)
    pieces = llm.generate(request(QUESTION, max_tokens=200), threading.Event())
    next(pieces)
    if leave == "close":
        pieces.close()  # type: ignore[attr-defined]
    del pieces
    gc.collect()
    assert ask(llm, OTHER, max_tokens=12) == alone


def test_each_of_two_callers_gets_its_own_answer(llm: GrammarLLM) -> None:
    questions = [QUESTION, OTHER]
    alone = [ask(llm, question, max_tokens=12) for question in questions]
    with ThreadPoolExecutor(2) as pool:
        together = pool.map(lambda question: ask(llm, question, max_tokens=12), questions)
        assert list(together) == alone


def test_after_close_it_is_not_ready(llm: GrammarLLM) -> None:
    llm.close()
    llm.close()
    with pytest.raises(NotReady) as caught:
        ask(llm, QUESTION)
    assert caught.value.remedy


def test_it_says_what_it_is(llm: GrammarLLM) -> None:
    assert llm.id
    assert llm.context_length >= 1024
    assert isinstance(llm.supports_grammar, bool)
