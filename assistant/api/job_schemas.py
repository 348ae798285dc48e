"""Jobs as callers get them."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field

from assistant.api.notice_schemas import WARNINGS, HeaderOut
from assistant.api.schemas import Out
from assistant.service.jobs.records import FileState, Job, JobFile

StateName = Literal[
    "waiting", "reading", "stored", "done", "refused", "failed", "cancelled", "lost"
]


class RecognisedOut(HeaderOut):
    """Những gì nhận ra trong một tệp."""

    pages: int | None = Field(description="Số trang; trống khi tệp không chia trang.")
    clauses: int = Field(description="Số điều khoản có nội dung.")
    tables: int = Field(description="Số bảng.")
    footnotes: int = Field(description="Số chú thích.")
    warnings: list[str] = Field(description=WARNINGS)
    doubts: list[str] = Field(description="Điều cần xem lại trong bản gốc: thiếu số, thiếu ngày…")


class JobFileOut(Out):
    """Một tệp trong việc nhận tệp."""

    position: int = Field(description="Thứ tự trong việc, đếm từ 0.")
    name: str = Field(description="Tên tệp; tệp trong tệp nén có cả đường dẫn bên trong.")
    size: int = Field(description="Số byte.")
    state: StateName = Field(
        description="waiting: chờ đọc; reading: đang đọc; stored: đã vào kho, chờ lập chỉ mục;"
        " done: hỏi được; refused: không nhận được như hiện có; failed: chưa xong, thử lại được;"
        " cancelled: đã bỏ; lost: dịch vụ dừng trước khi đọc, cần gửi lại."
    )
    outcome: Literal["added", "unchanged", "new_version"] | None = Field(
        description="Văn bản mới, đã có sẵn, hay bản mới của văn bản đã có."
    )
    notice: str | None = Field(description="Mã văn bản, khi đã vào kho.")
    known_as: str | None = Field(description="Tên tệp của bản đã có sẵn.")
    recognised: RecognisedOut | None = Field(description="Những gì nhận ra, khi đã đọc.")
    message: str | None = Field(description="Vì sao không nhận hoặc chưa xong.")
    remedy: str | None = Field(description="Nên làm gì.")

    @classmethod
    def of(cls, file: JobFile) -> Self:
        """Describe ``file``."""
        return cls.model_validate(
            {
                "position": file.position,
                "name": file.name,
                "size": file.size,
                "state": file.state.value,
                "outcome": file.outcome or None,
                "notice": file.notice_id or None,
                "known_as": file.known_as or None,
                "recognised": _recognised(file),
                "message": file.message or None,
                "remedy": file.remedy or None,
            }
        )


class IndexingOut(Out):
    """Chỉ mục đang được lập tới đâu."""

    done: int = Field(description="Số đoạn đã xong.")
    total: int = Field(description="Tổng số đoạn.")


class JobBrief(Out):
    """Một việc nhận tệp, gọn."""

    id: str
    state: Literal["running", "finished"] = Field(
        description="finished: không tệp nào còn phải làm gì thêm, dù nhận được hay không."
    )
    created_at: str = Field(description="Lúc bắt đầu.")
    total: int = Field(description="Số tệp.")
    counts: dict[StateName, int] = Field(description="Số tệp theo từng trạng thái.")
    indexing: IndexingOut | None = Field(description="Khi đang lập chỉ mục cho việc này.")
    can_cancel: bool = Field(description="Còn tệp bỏ được.")
    can_retry: bool = Field(description="Có tệp thử lại được.")

    @classmethod
    def fields_of(cls, job: Job, indexing: tuple[int, int] | None) -> dict[str, object]:
        """Return the fields for a job."""
        return {
            "id": job.id,
            "state": "finished" if job.is_finished else "running",
            "created_at": job.created_at.isoformat(),
            "total": len(job.files),
            "counts": {state.value: job.counts[state] for state in FileState},
            "indexing": {"done": indexing[0], "total": indexing[1]} if indexing else None,
            "can_cancel": job.can_cancel,
            "can_retry": job.can_retry,
        }


class JobResponse(JobBrief):
    """Một việc nhận tệp với từng tệp."""

    files: list[JobFileOut]

    @classmethod
    def of(cls, job: Job, indexing: tuple[int, int] | None) -> Self:
        """Describe ``job``."""
        files = [JobFileOut.of(one) for one in job.files]
        return cls.model_validate({**cls.fields_of(job, indexing), "files": files})


class JobsResponse(Out):
    """Các việc nhận tệp của người gọi."""

    jobs: list[JobBrief]


def _recognised(file: JobFile) -> dict[str, object] | None:
    if file.header is None or file.recognised is None:
        return None
    extent = file.recognised.extent
    return {
        **HeaderOut.fields_of(file.header),
        "pages": extent.pages,
        "clauses": file.recognised.clauses,
        "tables": extent.tables,
        "footnotes": extent.footnotes,
        "warnings": list(file.recognised.warnings),
        "doubts": list(file.recognised.doubts),
    }
