"""The same question gets the same answer, whatever was asked or broken off before it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from fakes_llm import EVIDENCE as LONG_EVIDENCE
from fakes_llm import SENTENCE, ask, model_file, request
from machine import GEMMA, QWEN
from numpy.typing import NDArray

from assistant.llm.llama_cpp import LlamaCpp

EVIDENCE = LONG_EVIDENCE[:900]


@contextmanager
def fresh(model_id: str) -> Iterator[LlamaCpp]:
    """A model that was asked nothing yet; closed before the next one is opened."""
    llm = LlamaCpp.from_file(model_file(model_id), id=model_id, context_length=2048)
    try:
        yield llm
    finally:
        llm.close()


def break_off(llm: LlamaCpp, question: str, pieces: int) -> None:
    answer = llm.generate(request(question), threading.Event())
    for _ in range(pieces):
        next(answer)
    answer.close()


@pytest.mark.models
def test_what_is_kept_of_a_prompt_changes_no_bit_of_the_logits() -> None:
    # Kept token by token, as Llama.generate does, they differ by up to 0.6 here.
    def logits(llm: LlamaCpp, question: str) -> NDArray[np.float32]:
        ask(llm, question, max_tokens=1)
        return llm._logits()

    question = f"{EVIDENCE} Tóm tắt."
    with fresh(GEMMA) as llm:
        expected = logits(llm, question)
        for other in (f"{EVIDENCE[:500]} Khác.", f"{EVIDENCE} Tóm tắt. Ngắn thôi.", question, "?"):
            break_off(llm, other, 3)
            before = llm.prompt_tokens_evaluated
            np.testing.assert_array_equal(logits(llm, question), expected)
            reused = llm.count_tokens(question) - (llm.prompt_tokens_evaluated - before)
            assert (reused > 64) == (len(other) > 1)


@pytest.mark.models
def test_the_answer_does_not_depend_on_what_was_asked_before() -> None:
    question = f"{EVIDENCE}\nTóm tắt các việc phải làm."

    def answer(llm: LlamaCpp) -> str:
        return ask(llm, question, grammar=SENTENCE, max_tokens=24)

    with fresh(QWEN) as llm:
        expected = answer(llm)
    with fresh(QWEN) as llm:
        break_off(llm, f"{EVIDENCE[:500]} rồi khác", 5)
        assert answer(llm) == expected
        cancel = threading.Event()
        timer = threading.Timer(0.1, cancel.set)
        timer.start()
        assert not list(llm.generate(request(f"{EVIDENCE[:300]} bỏ {EVIDENCE * 2}"), cancel))
        timer.join()
        assert answer(llm) == expected
