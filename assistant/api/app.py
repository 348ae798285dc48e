"""The HTTP API as one app; web pages are mounted on it."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from assistant.api import (
    ask,
    completions,
    conversations,
    jobs,
    notices,
    operations,
    reference,
)
from assistant.api.access import Access
from assistant.api.answering import Answering
from assistant.api.cors import Origins, PortalCors
from assistant.api.dependencies import ApiParts
from assistant.api.middleware import (
    BodyLimit,
    Counted,
    SecurityHeaders,
    TrustedHosts,
    Unexpected,
    path_of,
)
from assistant.api.options import ApiOptions
from assistant.api.problems import (
    Problem,
    as_openai,
    headers_of,
    http_problem,
    invalid_problem,
    problem_of,
    respond,
)
from assistant.service.jobs.desk import JobDesk
from assistant.service.keys import KeyStore
from assistant.service.service import Service
from assistant.service.shelf import Shelf
from corpus.errors import CongvuError

_ABOUT = (
    "Trả lời câu hỏi về văn bản chỉ đạo, chỉ từ các văn bản trong kho, có dẫn từng điều khoản;"
    " từ chối khi văn bản không nêu. Câu trả lời do trí tuệ nhân tạo soạn: người dùng quyết định."
)
_pages = APIRouter(include_in_schema=False)


class CongvuApi(FastAPI):
    """The API; its OpenAPI document also describes problem documents."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document."""
        schema = super().openapi()
        schemas = schema["components"]["schemas"]
        if "Problem" not in schemas:
            told = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= told.pop("$defs")
            schemas["Problem"] = told
            schema["components"]["schemas"] = dict(sorted(schemas.items()))
        return schema


def create_api(service: Service, keys: KeyStore, options: ApiOptions) -> CongvuApi:
    """Return the API; whoever serves it opens and closes the service.

    Args:
        service: answers.
        keys: who may call.
        options: bounds and permissions.
    """
    app = CongvuApi(
        title="congvu",
        version=version("congvu"),
        description=_ABOUT,
        # FastAPI's own pages load scripts from elsewhere; ours is at /docs.
        docs_url=None,
        redoc_url=None,
        # Addresses without their slash are told as unknown: a redirect would lose the body's key.
        redirect_slashes=False,
        # Nothing is sent anywhere.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.root_path = options.root_path
    app.state.parts = ApiParts(
        service=service,
        shelf=Shelf(service),
        desk=JobDesk(service),
        access=Access(keys, options, denied=service.record_denied),
        answering=Answering(service, options.threads),
        options=options,
    )
    for module in (ask, completions, conversations, notices, jobs, operations):
        app.include_router(module.router)
    app.include_router(_pages)
    app.add_exception_handler(CongvuError, _tell)
    app.add_exception_handler(RequestValidationError, _tell_invalid)
    app.add_exception_handler(HTTPException, _tell_http)
    # The one added last is met first.
    app.add_middleware(BodyLimit, limit=_limits(options))
    app.add_middleware(Unexpected)
    app.add_middleware(PortalCors, origins=Origins(options.cors_origins, keys))
    app.add_middleware(TrustedHosts, hosts=options.hosts)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Counted, metrics=service.metrics)
    return app


@_pages.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """Describe the API."""
    base = str(request.base_url).rstrip("/")
    html = reference.page(request.app.openapi(), base)
    return HTMLResponse(html, headers={"Content-Security-Policy": reference.POLICY})


def _limits(options: ApiOptions) -> Callable[[str, str], int]:
    def limit(method: str, path: str) -> int:
        # Pages that are mounted beside the API take uploads too.
        takes_files = not path.startswith("/v1/") or (method, path) == ("POST", "/v1/notices")
        return options.upload_max_bytes if takes_files else options.body_max_bytes

    return limit


async def _tell(request: Request, error: Exception) -> Response:
    assert isinstance(error, CongvuError)
    return respond(_adapted(request, problem_of(error)), headers_of(error))


async def _tell_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return respond(_adapted(request, invalid_problem(error.errors())))


async def _tell_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return respond(_adapted(request, http_problem(error.status_code)), error.headers)


def _adapted(request: Request, problem: Problem) -> Problem:
    return as_openai(problem) if path_of(request.scope).startswith(completions.PATHS) else problem
