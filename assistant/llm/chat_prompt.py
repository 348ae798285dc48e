"""Turns messages into tokens, so that text can never pass for the template's own markers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from llama_cpp.llama_chat_format import Jinja2ChatFormatter

from assistant.llm.base import Message
from corpus.errors import BadInput

Tokenize = Callable[[str, bool], list[int]]
"""Text and whether special tokens in it are read as such, to tokens."""

_PLACE: Final = re.compile("\ue000([0-9]+)\ue001")
"""Stands for a message in the rendered template; private use, so no template writes it."""


class ChatPrompt:
    """The prompt of a model, by the chat template its file carries.

    The template is rendered with placeholders; its own text is tokenised with special tokens
    and the messages without. ``<|im_end|>`` in a notice is thus plain characters and not the
    end of a turn.

    Args:
        template: Jinja2 source from the model's file; None for a base model, whose messages
            are set apart by blank lines.
        tokenize: the model's tokenizer.
        bos: the beginning-of-sequence token's (text, id).
        add_bos: whether the model wants it before every prompt.
        eos: the end-of-sequence token's text.
    """

    def __init__(
        self,
        template: str | None,
        tokenize: Tokenize,
        bos: tuple[str, int],
        add_bos: bool,
        eos: str,
    ) -> None:
        self._render = template and Jinja2ChatFormatter(
            template=template, bos_token=bos[0], eos_token=eos
        )
        self._tokenize = tokenize
        self._bos = bos[1]
        self._add_bos = add_bos

    def tokens(self, messages: Sequence[Message], prefill: str = "") -> list[int]:
        """Return the prompt up to and with the beginning of the assistant's turn.

        Raises:
            BadInput: there is no message, or the template has no place for one of them.
        """
        if not messages:
            raise BadInput("Yêu cầu gửi tới mô hình không có nội dung.", "Hãy nhập câu hỏi.")
        parts = _PLACE.split(self._rendered([message.role for message in messages]))
        missing = set(range(len(messages))) - {int(place) for place in parts[1::2]}
        if missing:
            raise BadInput(
                f"Mẫu hội thoại của mô hình bỏ mất lượt “{messages[min(missing)].role}”.",
                "Hãy chọn mô hình khác trong thiết lập (`congvu models list`).",
            )
        tokens: list[int] = []
        for at, part in enumerate(parts):
            written = at % 2 == 0
            tokens += self._tokenize(part if written else messages[int(part)].content, written)
        if self._add_bos and tokens[:1] != [self._bos]:
            tokens.insert(0, self._bos)
        return tokens + self._tokenize(prefill, False)

    def _rendered(self, roles: Sequence[str]) -> str:
        places = [f"\ue000{n}\ue001" for n in range(len(roles))]
        if not self._render:
            return "".join(f"{place}\n\n" for place in places)
        messages: list[Any] = [
            {"role": role, "content": place} for role, place in zip(roles, places, strict=True)
        ]
        try:
            return str(self._render(messages=messages).prompt)
        except ValueError as error:  # the template's own raise_exception
            raise BadInput(
                f"Mẫu hội thoại của mô hình không nhận thứ tự lượt nói này: {error}.",
                "Hãy bắt đầu một cuộc hội thoại mới.",
            ) from error
