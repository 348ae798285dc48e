"""What is said to a greeting, to thanks, and to who asks what the assistant can do."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.operations.recognise import Operation
from assistant.operations.told import Told, plain
from corpus.notice import Notice

_GREETING = (
    "Xin chào! Tôi tra cứu {held} trong kho và trả lời kèm trích dẫn nguyên văn. "
    "Bạn cứ hỏi, có dấu hay không dấu đều được."
)
_THANKS = "Không có gì. Bạn cần tra cứu gì nữa, cứ hỏi tiếp."
_HELP = """\
Tôi trả lời câu hỏi về các văn bản trong kho ({held}), câu nào cũng kèm trích dẫn nguyên văn; điều \
văn bản không nêu thì tôi nói là không nêu. Bạn có thể hỏi:
- ai chủ trì, hạn khi nào, bao nhiêu, căn cứ nào: “Ai chủ trì …, hạn khi nào?”
- điều, khoản cụ thể: “Điều 2 Quyết định số … quy định gì?”
- danh sách: “Sở Y tế được giao những việc gì?”
- phép tính từ số liệu trong văn bản: “Tổng kinh phí … và … là bao nhiêu?”, “Việc nào có hạn muộn \
nhất?”
- tóm tắt: “Tóm tắt {example}”
- trong kho có gì: “Trong kho hiện có những văn bản nào?”"""


def talk(operation: Operation, notices: Mapping[str, Notice]) -> Told:
    """Return what is said.

    Args:
        operation: one of ``TALK``.
        notices: the library, by id; not empty.
    """
    if operation is Operation.THANKS:
        return Told(_THANKS)
    held = f"{len(notices)} văn bản"
    if operation is Operation.GREETING:
        return Told(_GREETING.format(held=held))
    example = plain(next(iter(notices.values())).short_name)
    return Told(_HELP.format(held=held, example=example))
