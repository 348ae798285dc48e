"""Chat completions as OpenAI's API has them, as far as they make sense here."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.api.schemas import CitationOut, Out, WarningOut

MODEL: Final = "congvu"
"""The only model there is: the assistant itself."""

Text = Annotated[str, Field(max_length=200_000)]


class Part(BaseModel):
    """Một phần của tin nhắn; chỉ nhận chữ."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["text"]
    text: Text


class Message(BaseModel):
    """Một tin nhắn; của trợ lý có thể không có chữ nào (`content` là null)."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant"]
    content: Text | Annotated[list[Part], Field(max_length=100)] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Message:
        if self.content is None and self.role != "assistant":
            raise ValueError(f"Tin nhắn của {self.role} phải có content.")
        return self

    @property
    def text(self) -> str:
        """The words, whatever the form; ``""`` where an assistant only called tools."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content or ())


class StreamOptions(BaseModel):
    """Tùy chọn của luồng."""

    model_config = ConfigDict(extra="ignore")

    include_usage: bool = False


class ResponseFormat(BaseModel):
    """Khuôn trả lời; chỉ nhận chữ."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["text"]


class CompletionRequest(BaseModel):
    """Yêu cầu như của OpenAI.

    Các tham số lấy mẫu (`temperature`, `top_p`, `seed`, `max_tokens`, `stop`…) được nhận và bỏ
    qua: câu trả lời chỉ trích từ văn bản. `tools`, `n` khác 1, `logprobs` và khuôn JSON bị từ
    chối, vì lờ đi thì chương trình gọi sẽ hỏng về sau.
    """

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "examples": [
                {
                    "model": MODEL,
                    "messages": [{"role": "user", "content": "Ai chủ trì việc rà soát kho lạnh?"}],
                }
            ]
        },
    )

    model: str = Field(max_length=200, description=f"Luôn là `{MODEL}`.")
    messages: list[Message] = Field(min_length=1, max_length=200)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: Annotated[int, Field(ge=1, le=1)] | None = None
    logprobs: Literal[False] | None = None
    tools: Annotated[list[Any], Field(max_length=0)] | None = None
    functions: Annotated[list[Any], Field(max_length=0)] | None = None
    tool_choice: Literal["none", "auto"] | None = None
    response_format: ResponseFormat | None = None

    @model_validator(mode="after")
    def _ends_with_a_question(self) -> CompletionRequest:
        if self.messages[-1].role != "user":
            raise ValueError("Tin nhắn cuối phải là câu hỏi của người dùng (role: user).")
        return self


class MessageOut(Out):
    """Câu trả lời; `citations`, `refused`, `warnings` là phần thêm của congvu."""

    role: Literal["assistant"] = "assistant"
    content: str = Field(description="Câu trả lời có các dấu [n], rồi danh sách “Căn cứ”.")
    refusal: None = None
    citations: list[CitationOut]
    refused: bool
    warnings: list[WarningOut]


class ChoiceOut(Out):
    """Câu trả lời duy nhất."""

    index: int = 0
    message: MessageOut
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class UsageOut(Out):
    """Luôn bằng 0: phần lớn câu trả lời là trích nguyên văn, không do mô hình viết ra."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0


class CompletionResponse(Out):
    """Câu trả lời theo khuôn của OpenAI."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str = MODEL
    choices: list[ChoiceOut]
    usage: UsageOut


class ModelOut(Out):
    """Một mô hình."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: str


class ModelsResponse(Out):
    """Các mô hình."""

    object: Literal["list"] = "list"
    data: list[ModelOut]
