"""The objects of the API, described in Vietnamese for those who call it.

They mirror ``assistant.contract``: a test holds the two together.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(min_length=1, max_length=300)]
"""Id, number or file name of a notice."""


class Strict(BaseModel):
    """What callers send: a misspelt field is told, not ignored."""

    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    """What callers get: every field is always there."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class TurnIn(Strict):
    """Một lượt trước của cuộc hỏi đáp."""

    role: Literal["user", "assistant"]
    content: str = Field(max_length=20_000)


class AskRequest(Strict):
    """Câu hỏi."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"question": "Cơ quan nào chủ trì nhiệm vụ về kho lạnh?"},
                {"question": "Hạn đến khi nào?", "conversation_id": "9f3c…", "stream": True},
            ]
        }
    )

    question: str = Field(
        min_length=1, max_length=20_000, description="Câu hỏi, có dấu hoặc không dấu."
    )
    history: list[TurnIn] = Field(
        default_factory=list,
        max_length=50,
        description="Các lượt trước, cũ nhất đứng đầu; không dùng khi có `conversation_id`.",
    )
    notices: list[Name] = Field(
        default_factory=list,
        max_length=100,
        description="Chỉ tìm trong các văn bản này (mã, số ký hiệu hoặc tên tệp); trống là tất cả.",
    )
    conversation_id: str | None = Field(
        None, max_length=64, description="Hỏi tiếp trong cuộc hỏi đáp đã lưu này."
    )
    keep: bool = Field(True, description="Lưu câu hỏi và câu trả lời để xem lại và góp ý.")
    stream: bool = Field(
        False,
        description="Trả lời dần bằng server-sent events (hoặc gửi `Accept: text/event-stream`).",
    )


class CitedNoticeOut(Out):
    """Văn bản được dẫn."""

    id: str
    number: str = Field(description="Số ký hiệu.")
    kind: str = Field(description="Loại văn bản.")
    issuer: str = Field(description="Cơ quan ban hành.")
    date: str | None = Field(description="Ngày ban hành, dạng năm-tháng-ngày.")
    title: str = Field(description="Trích yếu.")
    status: Literal["issued", "draft"] = Field(description="Đã ban hành hay dự thảo.")
    file: str = Field(description="Tên tệp.")


class CitedClauseOut(Out):
    """Điều khoản được dẫn."""

    id: str
    label: str = Field(description="Cách gọi, ví dụ: mục 4.b, gạch đầu dòng 2.")
    text: str = Field(description="Nguyên văn.")
    context: str = Field(description="Các đề mục, câu dẫn bao quanh.")
    lines: tuple[int, int] = Field(description="Dòng đầu và dòng cuối trong tệp, đếm từ 1.")
    spans_lines: list[tuple[int, int]] = Field(
        description="Dòng đầu và dòng cuối của từng đoạn, khi điều khoản bị ngắt trang."
    )
    unsure: list[str] = Field(
        default=[],
        description="Những chữ có số mà máy đọc không chắc trong bản quét: cần đối chiếu bản gốc.",
    )
    page: int | None = Field(
        None,
        description="Trang của tệp gốc mà điều khoản bắt đầu, đếm từ 1; trống khi tệp không chia"
        " trang.",
    )


class CitationOut(Out):
    """Một trích dẫn: chỗ trong câu trả lời ứng với điều khoản nào."""

    marker: int = Field(description="Số trong ngoặc vuông ở câu trả lời.")
    notice: CitedNoticeOut
    clause: CitedClauseOut
    quote: str = Field(description="Phần nguyên văn làm căn cứ.")
    verified: bool = Field(description="Đã đối chiếu với nguyên văn.")


class EvidenceOut(Out):
    """Một điều khoản tìm được, với điểm từ 0 đến 1."""

    clause_id: str
    score: float
    lexical: float
    dense: float


class FoundOut(EvidenceOut):
    """Một điều khoản tìm được, đủ để hiển thị."""

    notice: CitedNoticeOut
    clause: CitedClauseOut


class WarningOut(Out):
    """Điều cần biết trước khi dựa vào câu trả lời."""

    kind: Literal[
        "draft",
        "superseded",
        "amended",
        "not_in_force",
        "conflict",
        "incomplete",
        "degraded",
        "unfitted",
    ]
    text: str
    clauses: list[str] = Field(description="Các điều khoản được dẫn mà điều này nói tới.")
    by: list[str] = Field(
        default_factory=list,
        description="Các điều khoản của văn bản khác cho thấy điều này (thay thế, sửa đổi…).",
    )


class LeadOut(Out):
    """Một câu tóm tắt do mô hình ngôn ngữ viết và đã được kiểm chứng."""

    text: str = Field(description="Câu, kèm các dấu [n].")
    markers: list[int] = Field(description="Các dẫn chiếu làm căn cứ.")


class OperandOut(Out):
    """Một số hạng của phép tính."""

    marker: int = Field(description="Trích dẫn có số hạng này.")
    quote: str = Field(description="Nguyên văn trong điều khoản; trống khi đếm cả điều khoản.")
    value: str = Field(
        description="Số thập phân theo đơn vị của kết quả, hoặc ngày năm-tháng-ngày."
    )


class ComputationOut(Out):
    """Một kết quả do chương trình tính, đủ để tính lại."""

    working: Literal["count", "sum", "difference", "most", "least", "days", "months"]
    operands: list[OperandOut]
    result: str
    unit: str = Field(description="Đơn vị của kết quả; trống khi là ngày.")
    shown: str = Field(description="Kết quả như viết trong câu trả lời.")


class TimingsOut(Out):
    """Mili giây kể từ khi nhận câu hỏi."""

    retrieve: int = Field(description="Tới khi có các điều khoản tìm được.")
    first_token: int = Field(description="Tới chữ đầu tiên, kể cả của lời từ chối.")
    first_quote: int | None = Field(description="Tới khi có trích dẫn; null khi từ chối.")
    lead: int | None = Field(description="Tới câu tóm tắt đầu tiên; null khi không có.")
    total: int = Field(description="Tới khi trả lời xong.")


class VersionsOut(Out):
    """Câu trả lời được làm bằng gì."""

    snapshot: str
    llm: str
    embedder: str
    prompt: str


class AnswerOut(Out):
    """Câu trả lời có dẫn điều khoản, hoặc lời từ chối."""

    question: str
    answer: str = Field(description="Câu trả lời, có các dấu [n]; câu tóm tắt đứng trên trích dẫn.")
    refused: bool = Field(description="Các văn bản không trả lời được câu hỏi.")
    refusal_reason: Literal["no_evidence", "not_supported", "out_of_scope"] | None
    citations: list[CitationOut]
    evidence: list[EvidenceOut]
    warnings: list[WarningOut]
    timings_ms: TimingsOut
    versions: VersionsOut
    confidence: float = Field(
        description="Xác suất để những gì tìm thấy trong văn bản trả lời được câu hỏi, từ 0 đến 1;"
        " có cả khi từ chối."
    )
    lead: list[LeadOut] = Field(
        description="Các câu tóm tắt mà `answer` mở đầu bằng chúng; trống khi chỉ có trích dẫn."
    )
    computed: list[ComputationOut] = Field(description="Các kết quả do chương trình tính.")


class AskResponse(AnswerOut):
    """Câu trả lời, và chỗ lưu nó."""

    conversation_id: str | None = Field(description="Cuộc hỏi đáp, để hỏi tiếp.")
    exchange_id: str | None = Field(description="Lượt hỏi đáp, để góp ý.")
    cached: bool = Field(description="Câu trả lời đã có sẵn từ lần hỏi trước.")


class SearchResponse(Out):
    """Các điều khoản gần câu hỏi nhất, gần nhất đứng đầu."""

    question: str
    evidence: list[FoundOut]


class FeedbackRequest(Strict):
    """Góp ý về một câu trả lời."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "exchange_id": "0f8fad5bd9cb469fa16570867728950e",
                    "verdict": "down",
                    "reason": "wrong_citation",
                    "comment": "Phải dẫn mục 2.",
                }
            ]
        }
    )

    exchange_id: str = Field(min_length=1, max_length=64)
    verdict: Literal["up", "down"]
    reason: (
        Literal[
            "correct",
            "wrong_answer",
            "wrong_figure",
            "wrong_citation",
            "incomplete",
            "too_long",
            "wrongly_refused",
            "wrongly_answered",
            "other",
        ]
        | None
    ) = None
    comment: str = Field("", max_length=2000)


class FeedbackResponse(Out):
    """Góp ý đã được ghi."""

    exchange_id: str
    verdict: Literal["up", "down"]
    reason: str | None
    comment: str
