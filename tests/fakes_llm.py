"""What the tests of the language model seam share."""

from __future__ import annotations

import threading
from pathlib import Path

from machine import model_store

from assistant.llm.base import LLM, Generation, Message

EVIDENCE = "".join(
    f"[{n}] Sở Nông nghiệp tỉnh Sông Bích chủ trì, phối hợp với Ủy ban nhân dân các huyện rà soát "
    f"{3 * n + 2} tuyến kênh, trình phương án trước ngày {n + 3}/11/2031.\n"
    for n in range(1, 9)
)
"""About 500 tokens."""

SENTENCE = 'root ::= [A-ZÀ-ỸĐ] [^\\n\\[\\]]{8,120} " [1]."'
"""A grammar: a sentence of any words, of bounded length, that ends in the marker."""


def model_file(model_id: str) -> Path:
    """Return a model's file on this machine; the test must be marked ``models``."""
    return model_store().path(model_id)


def request(question: str, **others: object) -> Generation:
    """Return a request of one rule and one question."""
    messages = (
        Message("system", "Bạn là trợ lý tra cứu văn bản. Trả lời ngắn gọn bằng tiếng Việt."),
        Message("user", question),
    )
    return Generation(messages, **others)  # type: ignore[arg-type]


def ask(llm: LLM, question: str, **others: object) -> str:
    """Return the whole output."""
    return "".join(llm.generate(request(question, **others), threading.Event()))
