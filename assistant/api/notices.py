"""The notices: to read, and to manage for those who may."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Header, Path, Query
from fastapi.responses import PlainTextResponse, Response

from assistant.api.dependencies import CallerOf, PartsOf
from assistant.api.downloads import SAFE_HEADERS, attachment
from assistant.api.job_schemas import JobResponse
from assistant.api.jobs import accepted
from assistant.api.notice_schemas import (
    AddedResponse,
    ChangeOut,
    ChangesResponse,
    ClauseBrief,
    ClauseResponse,
    CorrectionIn,
    CorrectionOut,
    HeaderOut,
    NoticeOut,
    NoticeResponse,
    NoticesResponse,
    OutlineEntry,
    PreviewResponse,
    RelatedOut,
    RemovedResponse,
    ValidityOut,
)
from assistant.api.responses import errors
from assistant.api.uploads import FORM, SentFileOf
from corpus.errors import BadInput
from corpus.notice import ClauseKind, Notice
from corpus.readers import CONTAINERS, is_container, supported_suffixes
from corpus.store.corrections import Field

router = APIRouter(prefix="/v1", tags=["văn bản"])

Id = Annotated[
    str,
    Path(
        alias="id",
        min_length=1,
        max_length=300,
        description="Mã văn bản; tên tệp cũng được.",
        examples=["12-TB-UBND-1a2b3c4d"],
    ),
]
ClauseId = Annotated[
    str,
    Path(
        alias="clause",
        min_length=1,
        max_length=300,
        description="Mã điều khoản, hoặc phần sau dấu # của mã.",
        examples=["5"],
    ),
]


@router.get(
    "/notices",
    summary="Các văn bản trong kho",
    description="Bản đang dùng của mỗi văn bản, theo thứ tự thêm vào. Cần quyền read.",
    responses=errors(),
)
def notices(parts: PartsOf, caller: CallerOf) -> NoticesResponse:
    """List the notices."""
    return NoticesResponse(notices=[NoticeOut.of(one) for one in parts.shelf.notices(caller)])


@router.get(
    "/notices/{id}",
    summary="Một văn bản",
    description="Phần đầu, đề cương, mọi điều khoản, hiệu lực hôm nay, văn bản liên quan và những"
    " điều người dùng đã sửa. Cần quyền read.",
    responses=errors(400, 404, 422),
)
def notice(notice_id: Id, parts: PartsOf, caller: CallerOf) -> NoticeResponse:
    """Return a notice."""
    stored = parts.shelf.stored(notice_id, caller)
    loaded = parts.shelf.notice(stored.id, caller)
    links = parts.shelf.links(caller)
    return NoticeResponse(
        **NoticeOut.of(stored).model_dump(),
        outline=_outline(loaded),
        clauses=[ClauseBrief.of(one) for one in loaded.clauses],
        validity=ValidityOut.of(links.validity(stored.id, datetime.now().astimezone().date())),
        relations=[RelatedOut.of(one) for one in links.related(stored.id)],
        corrections=[CorrectionOut.of(one) for one in parts.shelf.corrections(stored.id, caller)],
    )


@router.patch(
    "/notices/{id}",
    summary="Sửa điều nhận ra sai",
    description="Sửa loại, số, cơ quan, ngày, trích yếu hoặc tình trạng mà máy đọc sai; được giữ"
    " khi đọc lại và khi có bản mới. null bỏ phần đã sửa. Cần quyền manage.",
    responses=errors(400, 404, 413, 415, 422, 503),
)
def correct(notice_id: Id, given: CorrectionIn, parts: PartsOf, caller: CallerOf) -> NoticeOut:
    """Put right what was recognised of a notice."""
    values = {Field(name): getattr(given, name) for name in given.model_fields_set}
    if not values:
        raise BadInput("Chưa nói sửa gì.", "Gửi ít nhất một trong: kind, number, issuer, date, "
                       "title, status.")  # fmt: skip
    return NoticeOut.of(parts.shelf.correct(notice_id, values, caller))


@router.get(
    "/notices/{id}/clauses/{clause}",
    summary="Một điều khoản",
    description="Nguyên văn, phần bao quanh, điều khoản trước và sau. Cần quyền read.",
    responses=errors(400, 404, 422),
)
def clause(notice_id: Id, clause_id: ClauseId, parts: PartsOf, caller: CallerOf) -> ClauseResponse:
    """Return a clause."""
    stored = parts.shelf.stored(notice_id, caller)
    loaded, found = parts.shelf.clause(stored.id, clause_id, caller)
    boxes = parts.shelf.boxes(loaded, caller).of(found)
    return ClauseResponse.about(stored, loaded, found, boxes)


@router.get(
    "/notices/{id}/source",
    summary="Nguyên văn tệp",
    description="Toàn văn đúng như đã đọc từ tệp. Cần quyền read.",
    response_class=PlainTextResponse,
    responses={
        200: {"description": "Toàn văn, UTF-8.", "content": {"text/plain": {}}},
        **errors(400, 404, 422),
    },
)
def source(notice_id: Id, parts: PartsOf, caller: CallerOf) -> Response:
    """Return the source text."""
    loaded = parts.shelf.notice(notice_id, caller)
    # What was read is text, whatever the file was.
    plain = loaded.file_name.lower().endswith((".txt", ".md"))
    name = quote(loaded.file_name if plain else f"{loaded.file_name}.txt", safe="")
    return PlainTextResponse(
        loaded.source.encode(),
        headers={"Content-Disposition": f"inline; filename*=UTF-8''{name}"},
    )


@router.get(
    "/notices/{id}/changes",
    summary="Thay đổi so với bản trước",
    description="Từng điều khoản được thêm, bỏ, sửa, đổi số mục so với bản ngay trước, hoặc với bản"
    " cũ nêu ở `since`. 404 khi văn bản chỉ có một bản. Cần quyền read.",
    responses=errors(400, 404, 422),
)
def changes(
    notice_id: Id,
    parts: PartsOf,
    caller: CallerOf,
    since: Annotated[str | None, Query(max_length=300, description="Mã của bản cũ.")] = None,
) -> ChangesResponse:
    """Return what changed since an earlier version."""
    found = parts.shelf.changes(notice_id, caller, since)
    return ChangesResponse(
        before=NoticeOut.of(found.before),
        after=NoticeOut.of(found.after),
        changes=[ChangeOut.of(one) for one in found.clauses],
    )


@router.get(
    "/notices/{id}/original",
    summary="Tệp gốc",
    description="Đúng tệp đã thêm vào kho, từng byte; mã của bản cũ cũng được. 404 khi tệp gốc chưa"
    " được giữ (văn bản do bản congvu cũ thêm). Cần quyền read.",
    response_class=Response,
    responses={
        200: {"description": "Tệp gốc.", "content": {"application/octet-stream": {}}},
        **errors(400, 404, 422),
    },
)
def original(notice_id: Id, parts: PartsOf, caller: CallerOf) -> Response:
    """Return the file that a notice was read from."""
    found = parts.shelf.original(notice_id, caller)
    headers = {"Content-Disposition": attachment(found.notice.file_name), **SAFE_HEADERS}
    return Response(found.data, media_type="application/octet-stream", headers=headers)


@router.get(
    "/notices/{id}/pages/{page}",
    summary="Ảnh một trang của tệp gốc",
    description="Ảnh PNG của một trang PDF, rộng nhiều nhất 1.100 điểm ảnh. Cần quyền read.",
    response_class=Response,
    responses={
        200: {"description": "Ảnh trang.", "content": {"image/png": {}}},
        **errors(400, 404, 422),
    },
)
def page(
    notice_id: Id,
    number: Annotated[
        int, Path(alias="page", ge=1, le=100_000, description="Trang, đếm từ 1.", examples=[1])
    ],
    parts: PartsOf,
    caller: CallerOf,
) -> Response:
    """Return a page of the original as a picture."""
    picture = parts.shelf.page(notice_id, number, caller)
    return Response(picture, media_type="image/png", headers=SAFE_HEADERS)


@router.post(
    "/notices",
    summary="Thêm văn bản",
    description=f"Nhận một tệp ({', '.join((*supported_suffixes(), *CONTAINERS))}). Bình thường"
    " trả lời 200 khi tệp đã vào chỉ mục. Trả lời ngay 202 kèm một việc nhận tệp (`/v1/jobs/{id}`)"
    " khi có tiêu đề `Prefer: respond-async`, khi gửi tệp nén hoặc thư (mỗi văn bản bên trong là"
    " một tệp của việc ấy), hoặc khi có `job`: thêm tệp vào việc đã có, để gửi cả thư mục. Với"
    " `preview=true`: chỉ đọc thử, không lưu. Tệp có dấu mật bị từ chối. Cần quyền manage.",
    response_model=AddedResponse | PreviewResponse,
    responses={
        202: {
            "model": JobResponse,
            "description": "Tệp đang được nhận.",
            "headers": {
                "Location": {
                    "description": "Địa chỉ của việc nhận tệp.",
                    "schema": {"type": "string"},
                }
            },
        },
        **errors(400, 404, 413, 415, 422, 507),
    },
    openapi_extra=FORM,
)
def add(  # noqa: PLR0913, PLR0917 - what a request has
    parts: PartsOf,
    caller: CallerOf,
    file: SentFileOf,
    preview: Annotated[bool, Query(description="Chỉ đọc thử, không lưu.")] = False,
    job: Annotated[
        str | None, Query(max_length=64, description="Mã việc nhận tệp mà tệp này thuộc về.")
    ] = None,
    prefer: Annotated[
        str | None, Header(max_length=200, description="`respond-async`: trả lời ngay, làm sau.")
    ] = None,
) -> AddedResponse | PreviewResponse | Response:
    """Take a file in, now or in the background, or show what would be."""
    if preview:
        seen = parts.shelf.preview(file.name, file.data, caller)
        read = seen.notice
        return PreviewResponse.model_validate(
            {
                **HeaderOut.fields_of(read.header),
                "file": read.file_name,
                "outline": _outline(read),
                "clauses": [ClauseBrief.of(one) for one in read.clauses],
                "warnings": list(seen.warnings),
            }
        )
    wishes = {one.partition(";")[0].strip().casefold() for one in (prefer or "").split(",")}
    preferred = "respond-async" in wishes
    if preferred or job is not None or is_container(file.name):
        taken = parts.desk.submit(file.name, file.data, caller, job)
        return accepted(parts.desk, taken.id, caller, preferred=preferred)
    report = parts.shelf.add(file.name, file.data, caller)
    if report.added is None:
        raise report.error or BadInput("Tệp không được nhận.", "Xem lại tệp.")
    return AddedResponse(
        outcome=report.added.outcome.value,
        id=report.added.notice_id,
        replaced=report.added.replaced_id,
        known_as=report.added.known_as,
        warnings=list(report.warnings),
    )


@router.delete(
    "/notices/{id}",
    summary="Gỡ văn bản",
    description="Xoá hẳn văn bản cùng mọi bản của nó khỏi kho và chỉ mục. Cần quyền manage.",
    responses=errors(400, 404, 422, 507),
)
def remove(notice_id: Id, parts: PartsOf, caller: CallerOf) -> RemovedResponse:
    """Delete a notice."""
    gone = parts.shelf.remove(notice_id, caller)
    return RemovedResponse(removed=[NoticeOut.of(one) for one in gone])


def _outline(notice: Notice) -> list[OutlineEntry]:
    return [
        OutlineEntry(clause_id=one.id, label=one.label, text=one.text, line=one.line_range[0])
        for one in notice.clauses
        if one.kind is ClauseKind.HEADING
    ]
