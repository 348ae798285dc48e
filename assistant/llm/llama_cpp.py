"""A GGUF model in this process, through llama-cpp-python."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Final

import llama_cpp
import numpy as np
from numpy.typing import NDArray

from assistant.llm.base import Generation
from assistant.llm.chat_prompt import ChatPrompt
from assistant.llm.greedy import GreedySampler, Vocabulary
from assistant.llm.stops import StopFilter, Utf8Pieces
from corpus.errors import BadInput, Busy, Damaged, ModelMissing, NotReady

_CHUNK: Final = 64
"""Prompt tokens evaluated at once.

As fast as 512 on 2 cores (146 to 142 tokens/s), and the prompt can be left every 0.4 s.
"""

_GGML_ERROR: Final = 4
"""``GGML_LOG_LEVEL_ERROR`` of ggml.h; llama-cpp-python's own callback numbers the levels
otherwise and so hides errors."""

_log = logging.getLogger(__name__)


class LlamaCpp:
    """One model with one context, for one caller at a time: ``Owner`` makes it one for many.

    Output does not depend on what was asked before. The part of a prompt that it shares with
    the one before is kept, but only in whole chunks that were evaluated as prompt: the same
    tokens evaluated in another grouping differ in their last bits, which may turn a close
    choice, and then the same question would get two answers.

    Args:
        llama: the model, loaded with ``n_batch=64``.
        id: name and quantisation.
        context_length: tokens that fit, prompt and output together.

    Attributes:
        prompt_tokens_evaluated: over all requests, without those that were kept.
    """

    def __init__(self, llama: llama_cpp.Llama, id: str, context_length: int) -> None:
        self._llama: llama_cpp.Llama | None = llama
        self._id = id
        self._context_length = context_length
        self._vocabulary = Vocabulary(llama.model)
        self._prompt = _chat_prompt(llama, self._vocabulary)
        self._kept: list[int] = []
        self._in_use = threading.Lock()
        self.prompt_tokens_evaluated = 0

    @classmethod
    def from_file(
        cls, path: Path, *, id: str, context_length: int = 4096, threads: int | None = None
    ) -> LlamaCpp:
        """Load a GGUF file.

        Args:
            path: the file.
            id: name and quantisation, as reported in ``versions``.
            context_length: tokens that fit, prompt and output together.
            threads: CPU threads; all that this process may use when None.

        Raises:
            ModelMissing: there is no such file.
            Damaged: llama.cpp can't load it.
        """
        if not path.is_file():
            raise ModelMissing(
                f"Chưa có mô hình {id} ở {path}.", f"Hãy chạy `congvu models pull {id}`."
            )
        llama_cpp.llama_log_set(_LOG_CALLBACK, None)
        count = threads or _usable_cpus()
        try:
            llama = llama_cpp.Llama(
                str(path),
                n_ctx=context_length,
                n_batch=_CHUNK,
                n_ubatch=_CHUNK,
                n_threads=count,
                n_threads_batch=count,
                verbose=False,
            )
        except ValueError as error:  # what llama_cpp raises when the C library gives NULL
            raise Damaged(
                f"Không nạp được mô hình {id} từ {path}.",
                f"Hãy chạy `congvu models verify {id}`; nếu tệp hỏng thì tải lại.",
            ) from error
        return cls(llama, id, context_length)

    @property
    def id(self) -> str:
        """Name and quantisation."""
        return self._id

    @property
    def context_length(self) -> int:
        """Tokens that fit, prompt and output together."""
        return self._context_length

    @property
    def supports_grammar(self) -> bool:
        """Whether a grammar is kept to."""
        return True

    def count_tokens(self, text: str) -> int:
        """Return how many tokens the model sees in ``text``."""
        return len(self._open().tokenize(text.encode(), add_bos=False, special=False))

    def generate(self, request: Generation, cancel: threading.Event) -> Generator[str, None, None]:
        """Yield the output piece by piece, without the prefill.

        ``cancel`` is looked at after each token and each 64 tokens of the prompt.

        Raises:
            BadInput: the prompt doesn't fit the context, or the grammar is malformed.
            Busy: another output is under way.
            NotReady: the model is closed.
        """
        if not self._in_use.acquire(blocking=False):
            raise Busy("Mô hình đang trả lời câu hỏi khác.", "Hãy chờ câu trả lời ấy xong.")
        try:
            yield from self._answer(request, cancel)
        finally:
            self._in_use.release()

    def close(self) -> None:
        """Free the model."""
        llama, self._llama = self._llama, None
        if llama is not None:
            llama.close()

    def _answer(self, request: Generation, cancel: threading.Event) -> Generator[str, None, None]:
        self._open()
        prompt = self._prompt.tokens(request.messages, request.prefill)
        self._check_fits(len(prompt), request.max_tokens)
        stop, characters = StopFilter(request.stop), Utf8Pieces()
        with contextlib.closing(GreedySampler(self._vocabulary, request.grammar)) as sampler:
            if not self._evaluate_prompt(prompt, cancel):
                return
            last: list[int] = []
            for _ in range(request.max_tokens):
                if cancel.is_set():
                    return
                if last:
                    self._open().eval(last)
                token = sampler.pick(self._logits())
                if self._vocabulary.ends(token):
                    break
                text = stop.feed(characters.feed(self._vocabulary.piece(token)))
                if text:
                    yield text
                if stop.done:
                    return
                last = [token]
        if held := stop.flush():
            yield held

    def _open(self) -> llama_cpp.Llama:
        """Return the model; asked anew at each step, for it may be closed between two pieces."""
        if self._llama is None:
            raise NotReady("Mô hình ngôn ngữ đã đóng.", "Hãy mở lại trợ lý rồi hỏi lại.")
        return self._llama

    def _check_fits(self, prompt: int, output: int) -> None:
        if prompt + output > self._context_length:
            raise BadInput(
                f"Câu hỏi cùng căn cứ dài {prompt} token, cộng {output} token trả lời thì "
                f"vượt {self._context_length} token mà mô hình nhận.",
                "Hãy hỏi ngắn hơn, bắt đầu hội thoại mới hoặc thu hẹp phạm vi văn bản.",
            )

    def _evaluate_prompt(self, prompt: list[int], cancel: threading.Event) -> bool:
        """Bring the context to the end of ``prompt``; return False if cancelled before."""
        llama = self._open()
        # The last token is evaluated anew in any case: the choice after it needs its logits.
        keep = min(_shared(self._kept, prompt), len(prompt) - 1) // _CHUNK * _CHUNK
        memory = llama_cpp.llama_get_memory(llama.ctx)
        if not llama_cpp.llama_memory_seq_rm(memory, 0, keep, -1):
            # Recurrent models and short attention windows can't go back part of the way.
            llama_cpp.llama_memory_clear(memory, True)
            keep = 0
        llama.n_tokens = keep
        self._kept = prompt[:keep]
        for start in range(keep, len(prompt), _CHUNK):
            if cancel.is_set():
                return False
            chunk = prompt[start : start + _CHUNK]
            llama.eval(chunk)
            self.prompt_tokens_evaluated += len(chunk)
            if len(chunk) == _CHUNK:
                self._kept += chunk
        return True

    def _logits(self) -> NDArray[np.float32]:
        """Return a copy of the last position's logits, shape (vocabulary,)."""
        pointer = llama_cpp.llama_get_logits_ith(self._open().ctx, -1)
        return np.ctypeslib.as_array(pointer, shape=(self._vocabulary.size,)).copy()


def _chat_prompt(llama: llama_cpp.Llama, vocabulary: Vocabulary) -> ChatPrompt:
    def text(token: int) -> str:
        known = 0 <= token < vocabulary.size
        return llama_cpp.llama_vocab_get_text(vocabulary.pointer, token).decode() if known else ""

    def tokenize(part: str, special: bool) -> list[int]:
        return llama.tokenize(part.encode(), add_bos=False, special=special)

    bos = llama.token_bos()
    return ChatPrompt(
        llama.metadata.get("tokenizer.chat_template"),
        tokenize,
        (text(bos), bos),
        bool(llama_cpp.llama_vocab_get_add_bos(vocabulary.pointer)),
        text(llama.token_eos()),
    )


def _usable_cpus() -> int:
    """Return the CPUs this process may use, which in a container are fewer than there are."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _shared(a: Sequence[int], b: Sequence[int]) -> int:
    """Return the length of the longest common prefix."""
    length = min(len(a), len(b))
    return next((at for at in range(length) if a[at] != b[at]), length)


def _forward_log(level: int, text: bytes, _: object) -> None:
    """Pass llama.cpp's words on to logging, which shows errors on stderr and no more."""
    line = text.decode(errors="replace").rstrip()
    if line:
        _log.log(logging.ERROR if level == _GGML_ERROR else logging.DEBUG, "%s", line)


_LOG_CALLBACK: Final = llama_cpp.llama_log_callback(_forward_log)
"""The C library keeps only a pointer to it, so it has to live as long as the process."""
