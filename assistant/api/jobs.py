"""Files that are taken in in the background: how far they are, what was recognised."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Final

from anyio import to_thread
from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse, Response
from starlette.responses import StreamingResponse

from assistant.api.answering import SILENT_SECONDS
from assistant.api.dependencies import CallerOf, PartsOf
from assistant.api.job_schemas import JobBrief, JobFileOut, JobResponse, JobsResponse
from assistant.api.responses import errors, events, ref
from assistant.api.streams import PING, sse
from assistant.service.callers import Caller
from assistant.service.jobs.desk import JobDesk

router = APIRouter(prefix="/v1", tags=["việc nhận tệp"])

_LOOK_SECONDS: Final = 0.3
Id = Annotated[str, Path(alias="id", min_length=1, max_length=64, description="Mã việc nhận tệp.")]


@router.get(
    "/jobs",
    summary="Các việc nhận tệp",
    description="Hai mươi việc gần nhất của chính người gọi, mới nhất đứng đầu. Cần quyền manage.",
    responses=errors(),
)
def jobs(parts: PartsOf, caller: CallerOf) -> JobsResponse:
    """List the caller's jobs."""
    desk = parts.desk
    return JobsResponse(
        jobs=[
            JobBrief.model_validate(JobBrief.fields_of(one, desk.indexing(one)))
            for one in desk.jobs(caller)
        ]
    )


@router.get(
    "/jobs/{id}",
    summary="Một việc nhận tệp",
    description="Từng tệp đang ở đâu, nhận ra gì, có gì cần xem lại. Cần quyền manage.",
    responses=errors(404, 422),
)
def job(job_id: Id, parts: PartsOf, caller: CallerOf) -> JobResponse:
    """Return a job."""
    found = parts.desk.job(job_id, caller)
    return JobResponse.of(found, parts.desk.indexing(found))


@router.get(
    "/jobs/{id}/events",
    summary="Theo dõi một việc nhận tệp",
    description="Server-sent events: `file` mỗi khi một tệp đổi trạng thái (lúc đầu: mọi tệp),"
    " `job` mỗi khi cả việc đổi; luồng dừng khi việc xong. Cần quyền manage.",
    response_class=Response,
    responses={
        200: {
            "description": "Các sự kiện.",
            "content": events("Một sự kiện.", {"file": ref("JobFileOut"), "job": ref("JobBrief")}),
        },
        **errors(404, 422),
    },
)
def follow(job_id: Id, parts: PartsOf, caller: CallerOf) -> Response:
    """Tell of a job until it is done."""
    parts.desk.job(job_id, caller)  # what is not there gets a status of its own
    return StreamingResponse(
        _told(parts.desk, job_id, caller),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@router.post(
    "/jobs/{id}/cancel",
    summary="Bỏ các tệp chưa đọc",
    description="Tệp chưa đọc thì thôi không đọc nữa; tệp đã vào kho ở lại trong kho. Cần quyền"
    " manage.",
    responses=errors(404, 422),
)
def cancel(job_id: Id, parts: PartsOf, caller: CallerOf) -> JobResponse:
    """Leave out what is not read yet."""
    found = parts.desk.cancel(job_id, caller)
    return JobResponse.of(found, parts.desk.indexing(found))


@router.post(
    "/jobs/{id}/retry",
    summary="Thử lại các tệp chưa xong",
    description="Làm lại các tệp ở trạng thái failed (đĩa đầy, thiếu mô hình…); tệp không còn trong"
    " bộ nhớ thành lost và cần gửi lại. Cần quyền manage.",
    status_code=202,
    responses=errors(404, 422),
)
def retry(job_id: Id, parts: PartsOf, caller: CallerOf) -> JobResponse:
    """Try again what failed."""
    found = parts.desk.retry(job_id, caller)
    return JobResponse.of(found, parts.desk.indexing(found))


def accepted(desk: JobDesk, job_id: str, caller: Caller, *, preferred: bool) -> Response:
    """Return the answer to a file that is taken in in the background.

    Args:
        desk: the jobs.
        job_id: the job.
        caller: whose it is.
        preferred: whether the caller asked for it (RFC 7240).
    """
    found = desk.job(job_id, caller)
    headers = {"Location": f"/v1/jobs/{job_id}"}
    if preferred:
        headers["Preference-Applied"] = "respond-async"
    body = JobResponse.of(found, desk.indexing(found))
    return JSONResponse(body.model_dump(mode="json"), status_code=202, headers=headers)


async def _told(desk: JobDesk, job_id: str, caller: Caller) -> AsyncIterator[bytes]:
    before, silent = b"", 0.0
    found = await to_thread.run_sync(desk.job, job_id, caller)
    changed = found.files
    while True:
        for file in changed:
            yield sse(JobFileOut.of(file).model_dump(mode="json"), "file")
        brief = JobBrief.model_validate(JobBrief.fields_of(found, desk.indexing(found)))
        now = sse(brief.model_dump(mode="json"), "job")
        if now != before:
            yield now
        if found.is_finished:
            return
        silent = 0.0 if changed or now != before else silent + _LOOK_SECONDS
        if silent >= SILENT_SECONDS:
            yield PING
            silent = 0.0
        before = now
        await asyncio.sleep(_LOOK_SECONDS)
        changed = await to_thread.run_sync(desk.changes, found, caller)
        if changed:
            found = found.with_changes(changed)
