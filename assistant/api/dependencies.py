"""What the routes work with, and how a request finds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException

from assistant.api.access import Access
from assistant.api.answering import Answering
from assistant.api.options import ApiOptions
from assistant.service.callers import Caller
from assistant.service.jobs.desk import JobDesk
from assistant.service.service import Service
from assistant.service.shelf import Shelf
from corpus.errors import Forbidden

_BEARER = HTTPBearer(
    scheme_name="khoa",
    bearerFormat="congvu_…",
    description="Khoá do `congvu keys create` tạo: `Authorization: Bearer congvu_…`. Gọi từ chính"
    " máy chủ thì không cần, trừ khi máy chủ đòi.",
    auto_error=False,  # ``Access`` says what is wrong, in Vietnamese
)


@dataclass(frozen=True, slots=True)
class ApiParts:
    """The parts of the API.

    Args:
        service: answers.
        shelf: the notices.
        desk: files that are taken in in the background.
        access: tells who calls.
        answering: runs questions beside the event loop.
        options: bounds.
    """

    service: Service
    shelf: Shelf
    desk: JobDesk
    access: Access
    answering: Answering
    options: ApiOptions


def parts_of(request: Request) -> ApiParts:
    """Return the parts of the app that a request came to."""
    return cast(ApiParts, request.app.state.parts)


def caller_of(
    request: Request,
    # Only documents that a key may be sent.
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
) -> Caller:
    """Return who calls; see ``Access.caller``."""
    return parts_of(request).access.caller(request)


def private_caller_of(caller: Annotated[Caller, Depends(caller_of)]) -> Caller:
    """Return who calls, unless it is everybody.

    The key of a portal stands in its page: all visitors share it, and must not read what the
    others asked.

    Raises:
        Forbidden: the key is bound to web pages.
    """
    if caller.origins:
        raise Forbidden(
            "Khoá của trang web dùng chung cho mọi người xem nên không xem được lịch sử.",
            "Dùng khoá riêng, không gắn với trang web.",
        )
    return caller


def json_only(request: Request) -> None:
    """Refuse what is not JSON by its own word (415)."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind != "application/json" and not kind.endswith("+json"):
        raise HTTPException(415)


PartsOf = Annotated[ApiParts, Depends(parts_of)]
CallerOf = Annotated[Caller, Depends(caller_of)]
PrivateCallerOf = Annotated[Caller, Depends(private_caller_of)]
