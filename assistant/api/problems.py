"""What callers are told when something goes wrong: RFC 9457 problem documents in Vietnamese."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse

from corpus.errors import (
    BadInput,
    Busy,
    Cancelled,
    CongvuError,
    Damaged,
    EmptyLibrary,
    Forbidden,
    ModelMissing,
    NoSpace,
    NotFound,
    NotReady,
    SecretFile,
    SourceFailed,
    TooMany,
    TooSlow,
    Unauthenticated,
    UnreadableFile,
)

MEDIA_TYPE: Final = "application/problem+json"
_RETRY_SECONDS: Final = 3
_log = logging.getLogger("congvu.api")


class FieldProblem(BaseModel):
    """Một trường không dùng được."""

    field: str = Field(description="Đường dẫn tới trường, ví dụ body.question.")
    code: str = Field(description="Mã lỗi cho chương trình.")
    detail: str = Field(description="Lỗi gì.")


class OpenAIError(BaseModel):
    """Lỗi theo cách của OpenAI, để thư viện của họ đọc được."""

    message: str
    type: str
    code: str
    param: str | None = None


class Problem(BaseModel):
    """Tài liệu lỗi theo RFC 9457."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:congvu:problem:busy",
                    "title": "Hệ thống đang bận",
                    "status": 503,
                    "detail": "Hệ thống đang bận: 4 câu đang trả lời, 8 câu đang chờ.",
                    "remedy": "Hãy thử lại sau ít giây.",
                    "code": "busy",
                }
            ]
        }
    )

    type: str = Field(description="Loại lỗi, một URI cố định cho mỗi mã.")
    title: str = Field(description="Tên loại lỗi.")
    status: int = Field(description="Mã trạng thái HTTP.")
    detail: str = Field(description="Chuyện gì đã xảy ra.")
    remedy: str = Field(description="Người dùng có thể làm gì.")
    code: str = Field(description="Mã lỗi cho chương trình.")
    errors: list[FieldProblem] | None = Field(None, description="Các trường sai, nếu có.")
    error: OpenAIError | None = Field(
        None, description="Chỉ có ở các đường dẫn tương thích OpenAI: lỗi theo dạng của OpenAI."
    )


@dataclass(frozen=True, slots=True)
class Kind:
    """How one class of errors is told.

    Args:
        status: of HTTP.
        code: for programs.
        title: for people.
        retry: whether the same call may go through in a moment.
        told: what is said in place of the error's own words, which may name paths and servers
            that are none of the caller's business; None to say its own words.
    """

    status: int
    code: str
    title: str
    retry: bool = False
    told: tuple[str, str] | None = None


_ADMIN = "Hãy báo người quản trị; chi tiết nằm trong nhật ký của máy chủ."

KINDS: Final[Mapping[type[CongvuError], Kind]] = {
    Unauthenticated: Kind(401, "unauthenticated", "Cần khoá truy cập"),
    Forbidden: Kind(403, "forbidden", "Không có quyền"),
    NotFound: Kind(404, "not_found", "Không tìm thấy"),
    UnreadableFile: Kind(422, "unreadable_file", "Không đọc được tệp"),
    SecretFile: Kind(422, "secret_file", "Tệp có dấu mật"),
    BadInput: Kind(400, "bad_input", "Dữ liệu không dùng được"),
    TooMany: Kind(429, "too_many", "Hỏi quá nhanh", retry=True),
    Busy: Kind(503, "busy", "Hệ thống đang bận", retry=True),
    ModelMissing: Kind(503, "model_missing", "Thiếu mô hình"),
    EmptyLibrary: Kind(503, "empty_library", "Kho chưa có văn bản"),
    NotReady: Kind(503, "not_ready", "Chưa sẵn sàng", retry=True),
    TooSlow: Kind(504, "too_slow", "Trả lời quá lâu", retry=True),
    Cancelled: Kind(503, "cancelled", "Đã dừng", retry=True),
    SourceFailed: Kind(
        503,
        "source_failed",
        "Máy chủ mô hình không trả lời",
        retry=True,
        told=("Máy chủ mô hình ngôn ngữ không trả lời.", "Hãy thử lại sau ít giây."),
    ),
    NoSpace: Kind(
        507,
        "no_space",
        "Ổ đĩa đầy",
        told=("Ổ đĩa của máy chủ đã đầy nên việc này chưa xong; dữ liệu đã có vẫn còn.", _ADMIN),
    ),
    Damaged: Kind(
        500, "damaged", "Dữ liệu bị hỏng", told=("Dữ liệu trên máy chủ bị hỏng.", _ADMIN)
    ),
    CongvuError: Kind(
        500, "internal", "Lỗi của máy chủ", told=("Máy chủ gặp lỗi ngoài dự kiến.", _ADMIN)
    ),
}

_HTTP: Final[Mapping[int, Kind]] = {
    400: Kind(400, "bad_request", "Yêu cầu không dùng được"),
    404: Kind(404, "no_such_path", "Không tìm thấy"),
    405: Kind(405, "method_not_allowed", "Phương thức không dùng được"),
    408: Kind(408, "body_too_slow", "Gửi quá lâu", retry=True),
    413: Kind(413, "too_large", "Yêu cầu quá lớn"),
    415: Kind(415, "unsupported_media_type", "Kiểu dữ liệu không dùng được"),
    422: Kind(422, "invalid", "Yêu cầu không đúng khuôn"),
    421: Kind(421, "wrong_host", "Tên máy không được phép"),
}

_HTTP_WORDS: Final[Mapping[int, tuple[str, str]]] = {
    400: ("Không đọc được phần thân của yêu cầu.", "Xem cách gọi ở /docs."),
    404: ("Không có đường dẫn này.", "Xem các đường dẫn ở /docs."),
    405: ("Đường dẫn này không nhận phương thức đó.", "Xem cách gọi ở /docs."),
    408: ("Phần thân của yêu cầu gửi quá lâu.", "Hãy gửi lại khi đường truyền tốt hơn."),
    413: ("Yêu cầu lớn hơn mức cho phép.", "Gửi ít hơn, hoặc chia tệp."),
    415: ("Đường dẫn này không nhận kiểu dữ liệu đó.", "Xem `Content-Type` cần gửi ở /docs."),
}

_SAID: Final[Mapping[str, str]] = {
    "missing": "Thiếu trường này.",
    "extra_forbidden": "Không có trường này.",
    "json_invalid": "Không phải JSON hợp lệ.",
    "string_too_short": "Quá ngắn: ít nhất {min_length} ký tự.",
    "string_too_long": "Quá dài: nhiều nhất {max_length} ký tự.",
    "too_short": "Quá ít: ít nhất {min_length}.",
    "too_long": "Quá nhiều: nhiều nhất {max_length}.",
    "greater_than_equal": "Phải từ {ge} trở lên.",
    "less_than_equal": "Phải từ {le} trở xuống.",
    "enum": "Phải là một trong: {expected}.",
    "literal_error": "Phải là một trong: {expected}.",
    "value_error": "{error}",
}
"""What pydantic's codes mean to people."""


def kind_of(error: CongvuError) -> Kind:
    """Return how an error is told: as its class, or the nearest class above it."""
    return next(KINDS[one] for one in type(error).__mro__ if one in KINDS)


def problem_of(error: CongvuError) -> Problem:
    """Describe an error; what callers must not learn is logged instead."""
    kind = kind_of(error)
    detail, remedy = kind.told or (error.message, error.remedy)
    if kind.told is not None:
        _log.error("%s: %s", type(error).__name__, error, exc_info=error)
    return _problem(kind, detail, remedy)


def http_problem(status: int, detail: str = "", remedy: str = "") -> Problem:
    """Describe an error of HTTP itself, such as an unknown path."""
    phrase = HTTPStatus(status).phrase
    kind = _HTTP.get(status) or Kind(status, phrase.lower().replace(" ", "_"), phrase)
    usual = _HTTP_WORDS.get(status, (phrase, "Xem cách gọi ở /docs."))
    return _problem(kind, detail or usual[0], remedy or usual[1])


def unexpected_problem() -> Problem:
    """Describe an error that nobody foresaw, without a word of it."""
    kind = KINDS[CongvuError]
    assert kind.told is not None
    return _problem(kind, *kind.told)


def invalid_problem(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """Describe what pydantic found wrong with a request.

    Args:
        errors: as ``ValidationError.errors()`` gives them.
    """
    fields = [
        FieldProblem(
            field=".".join(str(part) for part in one["loc"]),
            code=str(one["type"]),
            detail=_said(str(one["type"]), one.get("ctx") or {}),
        )
        for one in errors
    ]
    first = f"{fields[0].field}: {fields[0].detail}" if fields else "Không rõ trường nào."
    problem = _problem(_HTTP[422], first, "Sửa các trường nêu ở `errors`; xem cách gọi ở /docs.")
    return problem.model_copy(update={"errors": fields})


def headers_of(error: CongvuError) -> dict[str, str]:
    """Return the headers that go with an error."""
    kind = kind_of(error)
    if kind.status == 401:
        return {"WWW-Authenticate": 'Bearer realm="congvu"'}
    if isinstance(error, Busy | TooMany) and error.retry_after_s is not None:
        return {"Retry-After": str(max(1, math.ceil(error.retry_after_s)))}
    return {"Retry-After": str(_RETRY_SECONDS)} if kind.retry else {}


def respond(problem: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return the response that carries a problem."""
    return JSONResponse(
        problem.model_dump(exclude_none=True),
        status_code=problem.status,
        headers=headers,
        media_type=MEDIA_TYPE,
    )


def as_openai(problem: Problem) -> Problem:
    """Add the error in OpenAI's form."""
    server = problem.status >= 500
    error = OpenAIError(
        message=f"{problem.detail} {problem.remedy}".strip(),
        type="server_error" if server else "invalid_request_error",
        code=problem.code,
        param=problem.errors[0].field if problem.errors else None,
    )
    return problem.model_copy(update={"error": error})


def _problem(kind: Kind, detail: str, remedy: str) -> Problem:
    return Problem(
        type=f"urn:congvu:problem:{kind.code}",
        title=kind.title,
        status=kind.status,
        detail=detail,
        remedy=remedy,
        code=kind.code,
        errors=None,
        error=None,
    )


def _said(code: str, context: Mapping[str, Any]) -> str:
    if code in _SAID:
        return _SAID[code].format_map(context)
    if code.endswith(("_type", "_parsing")):
        return f"Sai kiểu: cần {code.removesuffix('_type').removesuffix('_parsing')}."
    return "Giá trị không dùng được."
