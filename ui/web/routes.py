"""What comes and goes as bytes: uploads, exports to be downloaded, originals and their pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final
from urllib.parse import unquote

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from assistant.api.downloads import SAFE_HEADERS, attachment
from assistant.service.callers import Caller, Scope
from assistant.service.jobs.desk import JobDesk
from assistant.service.service import Service
from assistant.service.shelf import Shelf
from corpus.errors import BadInput, CongvuError, NotAllowed, NotFound, Transient
from ui.export import to_markdown
from ui.export_docx import to_docx
from ui.web.chat import Chat
from ui.web.gradio_routes import is_cross_site
from ui.web.readings import Samples
from ui.web.uploads import Upload, Uploads

CallerOf = Callable[[Request], Caller]
"""Tells who sends a request.

Raises:
    NotAllowed: nobody who may.
"""
FILES: Final = "/tep"
"""Below the page's own address: ``/tep/tai-len`` and ``/tep/hoi-dap/{id}.docx``."""
_DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def file_routes(  # noqa: PLR0913, PLR0917 - the parts of a page
    service: Service,
    shelf: Shelf,
    desk: JobDesk,
    chat: Chat,
    uploads: Uploads,
    samples: Samples,
    caller_of: CallerOf,
    now: Callable[[], datetime],
) -> APIRouter:
    """Return the routes; see ``mount.mount_chat`` for the arguments."""
    router = APIRouter(include_in_schema=False)
    limit = service.workspace.settings.upload_max_mb * 1024 * 1024

    async def sent_file(request: Request) -> tuple[Caller, str, bytes]:
        """Return who sends a file, its name, which comes in a header, and its bytes, the body."""
        if is_cross_site(request.scope):
            raise BadInput("Yêu cầu đến từ một trang khác.", "Hãy tải tệp lên từ trang này.")
        caller = caller_of(request)
        service.allow(caller, Scope.MANAGE)
        name = unquote(request.headers.get("x-file-name", ""))
        return caller, name, await _body(request, limit)

    @router.post(f"{FILES}/tai-len")
    async def upload(request: Request) -> Response:
        """Read a file without taking it in."""
        try:
            caller, name, data = await sent_file(request)
            preview = await run_in_threadpool(shelf.preview, name, data, caller)
            token = uploads.keep(Upload(caller.name, name, data, preview))
        except CongvuError as error:
            return _told(error)
        return JSONResponse({"token": token}, headers=SAFE_HEADERS)

    @router.post(f"{FILES}/nhan")
    async def receive(request: Request) -> Response:
        """Take a file into a job; the job's id comes in a header, or there is a new one."""
        try:
            caller, name, data = await sent_file(request)
            known = request.headers.get("x-job") or None
            job = await run_in_threadpool(desk.submit, name, data, caller, known)
        except CongvuError as error:
            return _told(error)
        return JSONResponse({"job": job.id}, headers=SAFE_HEADERS)

    @router.get(FILES + "/hoi-dap/{conversation}.{ending}")
    def export(conversation: str, ending: str, request: Request) -> Response:
        """Give a conversation of the caller's as a file."""
        try:
            caller = caller_of(request)
            service.allow(caller, Scope.ASK)
            kept = service.records.history.conversation(conversation, caller.name)
            exchanges = chat.stored(conversation, caller)
            if ending == "md":
                text = to_markdown(kept.title, exchanges, samples.is_sample, now())
                return _download(text.encode(), "text/markdown; charset=utf-8", kept.title, "md")
            if ending == "docx":
                data = to_docx(kept.title, exchanges, samples.is_sample, now())
                return _download(data, _DOCX, kept.title, "docx")
            raise NotFound("Chỉ xuất được ra .docx hoặc .md.", "Hãy dùng nút Xuất trên trang.")
        except CongvuError as error:
            return _told(error)

    return router


def original_routes(shelf: Shelf, caller_of: CallerOf) -> APIRouter:
    """Return the routes to the originals of notices; see ``mount.mount_chat``."""
    router = APIRouter(include_in_schema=False)

    @router.get(FILES + "/van-ban/{notice}/goc")
    def original(notice: str, request: Request) -> Response:
        """Give the file that a notice was read from."""
        try:
            found = shelf.original(notice, caller_of(request))
        except CongvuError as error:
            return _told(error)
        headers = {"Content-Disposition": attachment(found.notice.file_name), **SAFE_HEADERS}
        return Response(found.data, media_type="application/octet-stream", headers=headers)

    @router.get(FILES + "/van-ban/{notice}/trang/{page}.png")
    def page(notice: str, page: int, request: Request) -> Response:
        """Give a page of the original as a picture."""
        try:
            picture = shelf.page(notice, page, caller_of(request))
        except CongvuError as error:
            return _told(error)
        return Response(picture, media_type="image/png", headers=SAFE_HEADERS)

    return router


async def _body(request: Request, limit: int) -> bytes:
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > limit:
            raise BadInput(
                f"Tệp lớn hơn {limit // 1024 // 1024} MB.",
                "Hãy chia tệp, hoặc nhờ người quản trị tăng `upload_max_mb`.",
            )
    return bytes(data)


def _download(data: bytes, kind: str, title: str, ending: str) -> Response:
    headers = {"Content-Disposition": attachment(f"{title[:80]}.{ending}"), **SAFE_HEADERS}
    return Response(data, media_type=kind, headers=headers)


def _told(error: CongvuError) -> Response:
    status = 400
    for kind, code in ((NotAllowed, 403), (NotFound, 404), (Transient, 503)):
        if isinstance(error, kind):
            status = code
    body = {"message": error.message, "remedy": error.remedy}
    return JSONResponse(body, status, headers=SAFE_HEADERS)
