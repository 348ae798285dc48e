"""Puts the web pages before a FastAPI application."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files

import gradio as gr
from fastapi import FastAPI
from starlette.routing import Match, Mount
from starlette.types import Scope

from assistant.service.jobs.desk import JobDesk
from assistant.service.service import Service
from assistant.service.shelf import Shelf
from ui.web.chat import Chat, Examples
from ui.web.gradio_routes import Gate
from ui.web.page import Page, page_head, page_theme
from ui.web.readings import Readings, Samples
from ui.web.routes import FILES, CallerOf, file_routes, original_routes
from ui.web.stacks import Stacks
from ui.web.uploads import Uploads

GENERAL_QUESTIONS = (
    "Cơ quan nào chủ trì nhiệm vụ …?",
    "Nhiệm vụ … phải hoàn thành khi nào?",
    "Sở … được giao những nhiệm vụ gì?",
    "Văn bản nào đã thay thế …?",
)
"""For a person's own notices: patterns to be completed."""


def mount_chat(  # noqa: PLR0913 - the parts of a site
    app: FastAPI,
    service: Service,
    shelf: Shelf,
    caller_of: CallerOf,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    *,
    sign_out: str | None = None,
) -> None:
    """Serve chat and notices at ``/``, uploads and exports under ``/tep/``.

    Call it last, and in no running event loop: what ``app`` routes already goes before the pages.

    Args:
        app: gets the pages.
        service: answers.
        shelf: the notices.
        caller_of: tells who sends a request.
        now: the time.
        sign_out: where signing out is posted to, below the page's own address; None where
            nobody signs in.
    """
    workspace = service.workspace
    readings = Readings(shelf, workspace)
    samples, uploads = Samples.from_package(), Uploads()
    examples = Examples(sample_questions(), GENERAL_QUESTIONS)
    chat = Chat(service, shelf, readings, samples, examples, f"{FILES.lstrip('/')}/hoi-dap", now)
    desk = JobDesk(service)
    stacks = Stacks(shelf, readings, samples, uploads, desk)
    page = Page(
        chat,
        stacks,
        caller_of,
        question_limit=workspace.settings.question_max_chars,
        upload_mb=workspace.settings.upload_max_mb,
        sign_out=sign_out,
    )
    app.include_router(file_routes(service, shelf, desk, chat, uploads, samples, caller_of, now))
    app.include_router(original_routes(shelf, caller_of))
    asyncio.run(_mount(app, page))
    mounted = app.router.routes[-1]
    if not isinstance(mounted, Mount):
        raise TypeError("Gradio did not mount its application last")
    app.router.routes[-1] = _Pages(mounted.path, Gate(mounted.app))


class _Pages(Mount):
    """Takes every path but the API's, which has its own words for what is not there."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """See ``BaseRoute.matches``."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        return (Match.NONE, {}) if f"{path}/".startswith("/v1/") else super().matches(scope)


async def _mount(app: FastAPI, page: Page) -> None:
    """Run within a loop: without one, Gradio makes several and never closes them."""
    gr.mount_gradio_app(
        app,
        page.blocks(),
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=1,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=page_theme(),
        head=page_head(),
    )


def sample_questions() -> tuple[str, ...]:
    """Return the questions about the samples."""
    lines = (files("ui") / "questions.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip())
