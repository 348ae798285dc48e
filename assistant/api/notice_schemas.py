"""Notices and clauses as callers get them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from assistant.api.schemas import Out
from corpus.blocks import PageBox
from corpus.notice import Clause, Header, Notice, Status
from corpus.parse.changes import ClauseChange
from corpus.parse.links import Related, Validity
from corpus.store.corrections import Correction
from corpus.store.library import StoredNotice

StatusName = Literal["issued", "draft"]
FieldName = Literal["kind", "number", "issuer", "date", "title", "status"]
WARNINGS = "Điều cần biết về cách tệp được đọc: chữ ẩn đã bỏ, chỗ sửa đã chấp nhận…"


class HeaderOut(Out):
    """Phần đầu của văn bản."""

    kind: str = Field(description="Loại văn bản.")
    number: str = Field(description="Số ký hiệu.")
    issuer: str = Field(description="Cơ quan ban hành.")
    date: str | None = Field(description="Ngày ban hành, dạng năm-tháng-ngày.")
    title: str = Field(description="Trích yếu.")
    status: StatusName = Field(description="Đã ban hành hay dự thảo.")

    @classmethod
    def fields_of(cls, header: Header) -> dict[str, str | None]:
        """Return the fields for a header."""
        return {
            "kind": header.kind,
            "number": header.number,
            "issuer": header.issuer,
            "date": header.date.isoformat() if header.date is not None else None,
            "title": header.title,
            "status": "draft" if header.status is Status.DRAFT else "issued",
        }


class NoticeOut(HeaderOut):
    """Một văn bản trong kho."""

    id: str
    file: str = Field(description="Tên tệp.")
    content_hash: str = Field(description="SHA-256 của nguyên văn.")
    added_at: str = Field(description="Lúc được thêm vào kho.")
    original_bytes: int | None = Field(
        description="Kích thước tệp gốc; trống khi tệp gốc chưa được giữ."
    )
    corrected: list[FieldName] = Field(
        default_factory=list, description="Những phần do người dùng sửa."
    )

    @classmethod
    def of(cls, stored: StoredNotice) -> Self:
        """Describe ``stored``."""
        return cls.model_validate(
            {
                **cls.fields_of(stored.header),
                "id": stored.id,
                "file": stored.file_name,
                "content_hash": stored.content_hash,
                "added_at": stored.added_at.isoformat(),
                "original_bytes": stored.original_bytes,
                "corrected": list(stored.corrected),
            }
        )


class NoticesResponse(Out):
    """Các văn bản trong kho."""

    notices: list[NoticeOut]


class ClauseBrief(Out):
    """Một điều khoản, gọn."""

    id: str
    kind: str = Field(description="Là phần gì của văn bản: item, bullet, heading…")
    label: str = Field(description="Cách gọi khi dẫn.")
    text: str = Field(description="Nguyên văn.")
    lines: tuple[int, int] = Field(description="Dòng đầu và dòng cuối trong tệp, đếm từ 1.")
    page: int | None = Field(
        description="Trang của tệp gốc mà điều khoản bắt đầu, đếm từ 1; trống khi tệp không chia"
        " trang."
    )

    @classmethod
    def of(cls, clause: Clause) -> Self:
        """Describe ``clause``."""
        return cls(
            id=clause.id,
            kind=clause.kind.value,
            label=clause.label,
            text=clause.text,
            lines=clause.line_range,
            page=clause.page or None,
        )


class OutlineEntry(Out):
    """Một đề mục."""

    clause_id: str
    label: str
    text: str
    line: int = Field(description="Dòng trong tệp, đếm từ 1.")


class RelatedOut(Out):
    """Một văn bản khác có liên quan."""

    kind: Literal["basis", "replaces", "repeals", "amends", "guides", "corrects"]
    outgoing: bool = Field(description="Văn bản này tác động tới văn bản kia, hay ngược lại.")
    name: str = Field(description="Loại và số của văn bản kia.")
    notice: str | None = Field(description="Mã của văn bản kia; null khi chưa có trong kho.")
    places: list[str] = Field(
        description="Điều khoản chịu tác động; trống là toàn văn bản hoặc không nói rõ."
    )
    clauses: list[str] = Field(description="Mã các điều khoản nói ra điều này.")
    day: str | None = Field(description="Từ ngày nào, khi biết được.")

    @classmethod
    def of(cls, related: Related) -> Self:
        """Describe ``related``."""
        return cls.model_validate(related.to_dict())


class ValidityOut(Out):
    """Hiệu lực vào ngày hỏi."""

    standing: Literal["in_force", "partly", "not_yet", "ended", "draft", "unknown"]
    begins: str | None = Field(description="Ngày bắt đầu có hiệu lực, khi văn bản nói.")
    ends: str | None = Field(description="Ngày đầu tiên không còn hiệu lực, khi biết được.")

    @classmethod
    def of(cls, validity: Validity) -> Self:
        """Describe ``validity``."""
        return cls.model_validate(validity.to_dict())


class CorrectionOut(Out):
    """Một điều nhận ra sai mà người dùng đã sửa."""

    field: FieldName
    value: str = Field(description="Giá trị đúng; trống là không có.")
    by: str = Field(description="Ai sửa.")
    at: str = Field(description="Sửa lúc nào.")

    @classmethod
    def of(cls, correction: Correction) -> Self:
        """Describe ``correction``."""
        return cls.model_validate(correction.to_dict())


class CorrectionIn(BaseModel):
    """Những phần cần sửa; null để bỏ phần đã sửa, trở về điều máy đọc được."""

    model_config = ConfigDict(extra="forbid")

    kind: str | None = Field(None, max_length=300, description="Loại văn bản.")
    number: str | None = Field(None, max_length=300, description="Số ký hiệu; trống: không có.")
    issuer: str | None = Field(None, max_length=1000, description="Cơ quan ban hành.")
    date: str | None = Field(
        None, max_length=40, description="Ngày ban hành, 2026-03-09 hoặc 09/3/2026."
    )
    title: str | None = Field(None, max_length=2000, description="Trích yếu.")
    status: StatusName | None = Field(None, description="Đã ban hành hay dự thảo.")


class NoticeResponse(NoticeOut):
    """Một văn bản với đề cương và các điều khoản."""

    outline: list[OutlineEntry]
    clauses: list[ClauseBrief]
    validity: ValidityOut
    relations: list[RelatedOut] = Field(description="Văn bản liên quan, cả hai chiều.")
    corrections: list[CorrectionOut] = Field(description="Những điều người dùng đã sửa.")


class ContextOut(Out):
    """Một phần bao quanh điều khoản."""

    role: str = Field(description="Vì sao nó thuộc về điều khoản: heading, owner, lead_in…")
    clause_id: str
    text: str


class OwnerOut(Out):
    """Cơ quan được giao việc."""

    name: str
    canonical: str = Field(description="Tên đầy đủ.")
    role: Literal["lead", "participate"]


class DeadlineOut(Out):
    """Một thời hạn."""

    text: str
    kind: str
    due: str | None = Field(description="Ngày cuối cùng, khi tính được.")


class BoxOut(Out):
    """Chỗ của một dòng chữ trên trang của tệp gốc."""

    page: int = Field(description="Trang, đếm từ 1.")
    left: float = Field(description="Mép trái, tính bằng phần của chiều rộng trang (0 đến 1).")
    top: float = Field(description="Mép trên, tính bằng phần của chiều cao trang (0 đến 1).")
    right: float = Field(description="Mép phải.")
    bottom: float = Field(description="Mép dưới.")


class ClauseResponse(ClauseBrief):
    """Một điều khoản với những gì ở quanh nó."""

    notice: NoticeOut
    context: str = Field(description="Các đề mục, câu dẫn bao quanh, thành một dòng.")
    context_parts: list[ContextOut]
    spans_lines: list[tuple[int, int]]
    unsure: list[str] = Field(
        description="Những chữ có số mà máy đọc không chắc trong bản quét: cần đối chiếu bản gốc."
    )
    boxes: list[BoxOut] = Field(
        description="Các dòng của điều khoản trên trang của tệp gốc; trống khi tệp không chia"
        " trang. Ảnh trang: `GET /v1/notices/{id}/pages/{page}`."
    )
    owners: list[OwnerOut]
    deadlines: list[DeadlineOut]
    previous: ClauseBrief | None = Field(description="Điều khoản đứng trước.")
    next: ClauseBrief | None = Field(description="Điều khoản đứng sau.")

    @classmethod
    def about(
        cls, stored: StoredNotice, notice: Notice, clause: Clause, boxes: Sequence[PageBox]
    ) -> Self:
        """Describe ``clause`` of ``notice``, whose lines stand in ``boxes``."""
        place = notice.clauses.index(clause)
        around = notice.clauses
        return cls(
            **ClauseBrief.of(clause).model_dump(),
            notice=NoticeOut.of(stored),
            context=clause.context_text,
            context_parts=[
                ContextOut(role=part.role.value, clause_id=part.clause_id, text=part.text)
                for part in clause.context
            ],
            spans_lines=list(clause.lines),
            unsure=list(clause.unsure),
            boxes=[
                BoxOut(
                    page=one.page, left=one.left, top=one.top, right=one.right, bottom=one.bottom
                )
                for one in boxes
            ],
            owners=[
                OwnerOut(name=one.name, canonical=one.canonical, role=one.role.value)
                for one in clause.owners
            ],
            deadlines=[
                DeadlineOut(
                    text=one.text,
                    kind=one.kind.value,
                    due=one.due.isoformat() if one.due is not None else None,
                )
                for one in clause.deadlines
            ],
            previous=ClauseBrief.of(around[place - 1]) if place else None,
            next=ClauseBrief.of(around[place + 1]) if place + 1 < len(around) else None,
        )


class ChangeOut(Out):
    """Một điều khoản khác với bản trước."""

    kind: Literal["added", "removed", "changed", "renumbered"] = Field(
        description="Thêm, bỏ, sửa chữ, hay chỉ đổi số mục."
    )
    before: ClauseBrief | None = Field(description="Điều khoản ở bản trước.")
    after: ClauseBrief | None = Field(description="Điều khoản ở bản đang dùng.")

    @classmethod
    def of(cls, change: ClauseChange) -> Self:
        """Describe ``change``."""
        before, after = (
            ClauseBrief.of(one) if one is not None else None
            for one in (change.before, change.after)
        )
        return cls.model_validate({"kind": change.kind.value, "before": before, "after": after})


class ChangesResponse(Out):
    """Những gì thay đổi giữa hai bản của một văn bản."""

    before: NoticeOut = Field(description="Bản trước.")
    after: NoticeOut = Field(description="Bản đang dùng.")
    changes: list[ChangeOut] = Field(description="Theo thứ tự của bản đang dùng.")


class AddedResponse(Out):
    """Tệp đã được nhận."""

    outcome: Literal["added", "unchanged", "new_version"] = Field(
        description="Văn bản mới, đã có sẵn, hay bản mới của văn bản đã có."
    )
    id: str = Field(description="Mã văn bản.")
    replaced: str | None = Field(description="Mã của bản bị thay.")
    known_as: str | None = Field(description="Tên tệp của bản đã có sẵn.")
    warnings: list[str] = Field(description=WARNINGS)


class PreviewResponse(HeaderOut):
    """Những gì đọc được từ một tệp chưa lưu."""

    file: str
    outline: list[OutlineEntry]
    clauses: list[ClauseBrief]
    warnings: list[str] = Field(description=WARNINGS)


class RemovedResponse(Out):
    """Văn bản đã gỡ, cùng mọi bản của nó."""

    removed: list[NoticeOut]
