"""Picks the likeliest token that a grammar allows."""

from __future__ import annotations

import ctypes
from typing import Any, Final

import llama_cpp
import numpy as np
from numpy.typing import NDArray

from corpus.errors import BadInput

_CANDIDATE: Final = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])
"""``llama_token_data`` of llama.h."""

_WIDTHS: Final = (1, 128)
"""How many of the likeliest tokens are tried before the whole vocabulary: trying all 151,936
of Qwen takes 13 ms, half as long as the model takes for a token, and is hardly ever needed."""


class Vocabulary:
    """What the sampler has to know of a model's tokens.

    Args:
        model: ``llama_model *``, which has to outlive this.
    """

    def __init__(self, model: Any) -> None:  # noqa: ANN401 - a ctypes pointer
        self.pointer = llama_cpp.llama_model_get_vocab(model)
        self.size = int(llama_cpp.llama_vocab_n_tokens(self.pointer))
        # A grammar sees a control token as its text: [^\n]* lets "<|im_start|>" through.
        self.banned = np.array(
            [
                token
                for token in range(self.size)
                if llama_cpp.llama_vocab_is_control(self.pointer, token) and not self.ends(token)
            ],
            dtype=np.int64,
        )

    def ends(self, token: int) -> bool:
        """Return whether the token ends the turn."""
        return bool(llama_cpp.llama_vocab_is_eog(self.pointer, token))

    def piece(self, token: int) -> bytes:
        """Return the bytes of the token, which may be a part of a character."""
        size = 32
        while True:
            buffer = ctypes.create_string_buffer(size)
            length = llama_cpp.llama_token_to_piece(self.pointer, token, buffer, size, 0, False)
            if length >= 0:
                return buffer.raw[:length]
            size = -length  # llama.cpp says how much it needs


class GreedySampler:
    """Greedy choice under a grammar, for one output; ``close`` frees the grammar.

    ``Llama.generate`` puts the grammar over the whole vocabulary at each token and lets control
    tokens through; its result is the same otherwise.

    Args:
        vocabulary: of the model.
        grammar: GBNF with a rule ``root``, or None.

    Raises:
        BadInput: the grammar is malformed. llama.cpp prints why to stderr.
    """

    def __init__(self, vocabulary: Vocabulary, grammar: str | None) -> None:
        self._vocabulary = vocabulary
        self._grammar = None if grammar is None else _compile(vocabulary, grammar)

    def pick(self, logits: NDArray[np.float32]) -> int:
        """Return the likeliest allowed token and move the grammar on.

        Args:
            logits: of the last position, shape (vocabulary,); control tokens are overwritten.

        Raises:
            BadInput: the grammar allows nothing more, not even the end.
        """
        logits[self._vocabulary.banned] = -np.inf
        if self._grammar is None:
            return int(logits.argmax())
        for width in (*_WIDTHS, logits.size):
            token = self._allowed(_likeliest(logits, width), logits)
            if token is not None:
                if not self._vocabulary.ends(token):
                    llama_cpp.llama_sampler_accept(self._grammar, token)
                return token
        raise BadInput(
            "Ngữ pháp đầu ra không cho phép mô hình viết tiếp.",
            "Hãy sửa tệp ngữ pháp trong `prompts/`.",
        )

    def close(self) -> None:
        """Free the grammar."""
        if self._grammar is not None:
            llama_cpp.llama_sampler_free(self._grammar)
            self._grammar = None

    def _allowed(self, tokens: NDArray[np.int64], logits: NDArray[np.float32]) -> int | None:
        """Return the likeliest of ``tokens`` that the grammar allows."""
        candidates = np.zeros(tokens.size, dtype=_CANDIDATE)
        candidates["id"] = tokens
        candidates["logit"] = logits[tokens]
        array = llama_cpp.llama_token_data_array(
            candidates.ctypes.data_as(llama_cpp.llama_token_data_p), tokens.size, -1, False
        )
        llama_cpp.llama_sampler_apply(self._grammar, ctypes.byref(array))
        best = int(candidates["logit"].argmax())
        return None if np.isneginf(candidates["logit"][best]) else int(candidates["id"][best])


def _likeliest(logits: NDArray[np.float32], width: int) -> NDArray[np.int64]:
    """Return the ``width`` likeliest tokens, by id, so that equals go to the lower id."""
    if width == 1:
        return np.array([logits.argmax()])
    if width >= logits.size:
        return np.arange(logits.size)
    return np.sort(np.argpartition(logits, -width)[-width:])


def _compile(vocabulary: Vocabulary, grammar: str) -> Any:  # noqa: ANN401 - a ctypes pointer
    # llama.cpp takes an empty grammar for none and would let everything through.
    compiled = grammar.strip() and llama_cpp.llama_sampler_init_grammar(
        vocabulary.pointer, grammar.encode(), b"root"
    )
    if not compiled:
        raise BadInput(
            "Ngữ pháp đầu ra (GBNF) không hợp lệ.", "Hãy sửa tệp ngữ pháp trong `prompts/`."
        )
    return compiled
