"""What a person should look at when a notice was read."""

from __future__ import annotations

from corpus.notice import Notice, Status


def doubts_of(notice: Notice) -> tuple[str, ...]:
    """Say what was not found in a notice, or makes it another one than it seems."""
    header = notice.header
    told: list[str] = []
    if not header.number:
        told.append("Không thấy số ký hiệu: câu trả lời sẽ gọi văn bản theo tên hoặc tên tệp.")
    if header.date is None:
        told.append("Không thấy ngày ban hành: không lọc được văn bản này theo ngày.")
    if not header.issuer:
        told.append("Không thấy cơ quan ban hành.")
    if header.status is Status.DRAFT:
        told.append("Đây là bản DỰ THẢO: mọi câu trả lời dẫn tới nó sẽ nói rõ điều đó.")
    if not any(one.kind.is_content for one in notice.clauses):
        told.append("Không nhận ra điều khoản nào: văn bản này sẽ không trả lời được gì.")
    return tuple(told)
