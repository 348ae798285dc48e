"""How errors stand in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from assistant.api.problems import MEDIA_TYPE

_WHEN: Final = {
    400: "Dữ liệu không dùng được.",
    401: "Cần khoá truy cập, hoặc khoá không đúng.",
    403: "Khoá không có quyền làm việc này, hoặc không dùng được từ trang đang gọi.",
    404: "Không tìm thấy.",
    408: "Phần thân của yêu cầu gửi quá lâu.",
    413: "Yêu cầu quá lớn.",
    415: "`Content-Type` không đúng.",
    422: "Yêu cầu không đúng khuôn.",
    429: "Hỏi quá nhanh; `Retry-After` cho biết đợi mấy giây.",
    500: "Lỗi của máy chủ.",
    503: "Hệ thống đang bận hoặc chưa sẵn sàng; thử lại sau `Retry-After` giây.",
    504: "Trả lời quá lâu nên đã dừng.",
    507: "Ổ đĩa của máy chủ đã đầy nên việc này chưa xong; dữ liệu đã có vẫn còn.",
}
_ALWAYS: Final = (401, 403, 429, 500, 503)
_RETRY: Final = {
    "Retry-After": {"description": "Số giây nên đợi.", "schema": {"type": "integer"}},
}

Responses = dict[int | str, dict[str, Any]]


def errors(*statuses: int) -> Responses:
    """Describe the errors of a route: these, and those that every route has."""
    slow = (408,) if 413 in statuses else ()  # where there is a body
    return {
        status: {
            "description": _WHEN[status],
            "content": {MEDIA_TYPE: {"schema": ref("Problem")}},
            **({"headers": _RETRY} if status in {429, 503} else {}),
        }
        for status in sorted({*_ALWAYS, *statuses, *slow})
    }


def events(description: str, kinds: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Describe a stream of server-sent events (OpenAPI 3.2, 4.14.4).

    Args:
        description: in Vietnamese.
        kinds: name of the event, ``""`` for one without, → JSON schema of its data.
    """
    return {
        "text/event-stream": {
            "itemSchema": {
                "description": description,
                "oneOf": [
                    {
                        "type": "object",
                        "properties": {
                            **({"event": {"const": name}} if name else {}),
                            "data": {
                                "type": "string",
                                "contentMediaType": "application/json",
                                "contentSchema": data,
                            },
                        },
                        "required": ["event", "data"] if name else ["data"],
                        "additionalProperties": False,
                    }
                    for name, data in kinds.items()
                ],
            }
        }
    }


def ref(name: str) -> dict[str, Any]:
    """Point to an object of the document."""
    return {"$ref": f"#/components/schemas/{name}"}
