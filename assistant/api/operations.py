"""For those who run the service: is it alive, is it ready, what are its figures."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from assistant.api.dependencies import PartsOf
from assistant.api.responses import errors
from assistant.api.schemas import Out
from assistant.service.metrics import CONTENT_TYPE
from corpus.errors import NotReady

router = APIRouter(tags=["vận hành"])


class Alive(Out):
    """Tiến trình đang chạy."""

    status: Literal["ok"]


class Ready(Out):
    """Đã sẵn sàng trả lời."""

    status: Literal["ready"]
    snapshot: str


@router.head("/healthz", include_in_schema=False)  # some monitors ask for nothing else
@router.get(
    "/healthz",
    summary="Còn sống không",
    description="Tiến trình còn chạy. Không cần khoá.",
    responses={500: errors()[500]},
)
async def healthz() -> Alive:
    """Say that the process lives."""
    return Alive(status="ok")


@router.head("/readyz", include_in_schema=False)
@router.get(
    "/readyz",
    summary="Đã sẵn sàng chưa",
    description="Mô hình đã mở và chỉ mục đã được kiểm tra. Không cần khoá.",
    responses={status: errors()[status] for status in (500, 503)},
)
async def readyz(parts: PartsOf) -> Ready:
    """Say whether questions can be answered."""
    readiness = parts.service.readiness()
    if not readiness.ready or readiness.snapshot is None:
        raise readiness.problem or NotReady("Trợ lý chưa sẵn sàng.", "Hãy thử lại sau ít giây.")
    return Ready(status="ready", snapshot=readiness.snapshot)


@router.get(
    "/metrics",
    summary="Số liệu vận hành",
    description="Theo khuôn của Prometheus, không có dữ liệu cá nhân. Từ chính máy chủ thì không"
    " cần khoá; nếu không, cần quyền manage.",
    response_class=PlainTextResponse,
    responses={200: {"description": "Số liệu.", "content": {"text/plain": {}}}, **errors()},
)
def metrics(request: Request, parts: PartsOf) -> Response:
    """Return the figures."""
    parts.access.may_see_figures(request)
    return Response(parts.service.metrics.render(), media_type=CONTENT_TYPE)
