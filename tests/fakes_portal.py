"""An assistant for the widget that answers by script, and a portal on another origin."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from ui.widget import mount_widget

Json = dict[str, Any]
HOSTILE = '<img src=x onerror="window.hurt = true"><script>window.hurt = true</script>'

PLAN: Json = {
    "id": "n1",
    "number": "45/KH-UBND",
    "kind": "Kế hoạch",
    "issuer": "ỦY BAN NHÂN DÂN TỈNH LAM KHÊ",
    "date": "2025-11-05",
    "title": "Thực hiện Nghị quyết về chính quyền số, dữ liệu năm 2026",
    "status": "issued",
    "file": "45-KH-UBND_2025-11-05.txt",
}
REPORT: Json = {
    **PLAN,
    "id": "n2",
    "number": "",
    "kind": "Báo cáo",
    "date": "2026-06-15",
    "title": "Sơ kết tám tháng thực hiện kết luận của Ban Chỉ đạo",
    "status": "draft",
    "file": "bao-cao.md",
}
QUOTE = "hoàn thành trước ngày 31/3/2026"
CLAUSE: Json = {
    "id": "c1",
    "label": "mục II.1.a",
    "text": "a) Công an tỉnh chủ trì, phối hợp với Sở Khoa học và Công nghệ xây dựng Kho dữ liệu"
    f" dùng chung của tỉnh trên hạ tầng Trung tâm dữ liệu tỉnh;\n{QUOTE}.",
    "context": "II. NHIỆM VỤ\n1. Dữ liệu dùng chung",
    "lines": [22, 22],
    "spans_lines": [[22, 22]],
}
OTHER_CLAUSE: Json = {
    **CLAUSE,
    "id": "c2",
    "label": "Phần 2, mục I.3, gạch đầu dòng 2",
    "text": "- Kho dữ liệu dùng chung (Sở KHCN, hạn 31/12/2025).",
    "lines": [71, 72],
}
CITED: Json = {"marker": 1, "notice": PLAN, "clause": CLAUSE, "quote": QUOTE, "verified": True}
CITED_DRAFT: Json = {
    "marker": 2,
    "notice": REPORT,
    "clause": OTHER_CLAUSE,
    # A page break may have changed the white space between the words of a quote.
    "quote": "Kho dữ liệu\ndùng chung (Sở KHCN, hạn 31/12/2025)",
    "verified": True,
}
DRAFT_WARNING: Json = {
    "kind": "draft",
    "text": "Báo cáo là bản DỰ THẢO, chưa ban hành: chỉ dùng để tham khảo.",
    "clauses": ["c2"],
}
ANSWER = (
    "Cơ quan chủ trì: Công an tỉnh [1]. Thời hạn: trước ngày 31/3/2026 [1].\n\n"
    f"- “Công an tỉnh chủ trì, phối hợp với Sở Khoa học và Công nghệ; {QUOTE}.” [1]\n"
    "- “Kho dữ liệu dùng chung (Sở KHCN, hạn 31/12/2025).” [2]"
)
REFUSAL = "Các văn bản trong kho không nêu điều được hỏi. Gần nhất là mục II.1.a."


def event(name: str, data: Json | str) -> bytes:
    """Return one server-sent event."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return f"event: {name}\ndata: {text}\n\n".encode()


def whole(**changes: Any) -> Json:
    """Return the whole object of an answer."""
    return {
        "answer": ANSWER,
        "refused": False,
        "refusal_reason": None,
        "citations": [CITED, CITED_DRAFT],
        "warnings": [DRAFT_WARNING],
        "conversation_id": "talk-1",
        "exchange_id": "x-1",
        "cached": False,
        **changes,
    }


def found() -> bytes:
    """Return the event of the evidence."""
    items = [
        {"clause_id": clause["id"], "score": 0.9, "lexical": 0.9, "dense": 0.9}
        | {"notice": notice, "clause": clause}
        for notice, clause in ((PLAN, CLAUSE), (REPORT, OTHER_CLAUSE))
    ]
    return event("evidence", {"evidence": items})


def answer_events(**changes: Any) -> list[bytes]:
    """Return the events of an answer, its text in pieces."""
    data = whole(**changes)
    text = data["answer"]
    pieces = [text[at : at + 40] for at in range(0, len(text), 40)]
    return [
        found(),
        *(event("delta", {"text": piece}) for piece in pieces),
        *(event("citation", one) for one in data["citations"]),
        *(event("warning", one) for one in data["warnings"]),
        event("done", data),
    ]


def lead_events(sentence: str) -> list[bytes]:
    """Return the events of an answer whose sentence comes after its quotes, ``""`` for none."""
    shown = answer_events(warnings=[])[:-1]
    lead = [{"text": sentence, "markers": [1]}] if sentence else []
    text = f"{sentence}\n\n{ANSWER}" if sentence else ANSWER
    return [
        *shown,
        event("lead_begun", {}),
        *(event("lead", one) for one in lead),
        event("done", whole(answer=text, lead=lead)),
    ]


def torn(pieces: list[bytes], size: int = 29) -> list[bytes]:
    """Cut a stream in places that are no end of an event, a line or a letter."""
    joined = b"".join(pieces).replace(b"\n", b"\r\n")
    return [joined[at : at + size] for at in range(0, len(joined), size)]


@dataclass
class Assistant:
    """What the fake does with the questions, and what it saw.

    Args:
        events: sent as they are.
        problem: a problem document sent instead, with ``status`` and ``headers``.
        hold: before this event (from 0) the stream waits for ``go``.
        pause: seconds between two events, so that each travels alone.
    """

    events: list[bytes] = field(default_factory=answer_events)
    problem: Json | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hold: int | None = None
    pause: float = 0.0
    go: threading.Event = field(default_factory=threading.Event)
    bodies: list[Json] = field(default_factory=list)
    seen: list[dict[str, str]] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)

    async def ask(self, request: Request) -> Response:
        """Answer as told."""
        self.bodies.append(await request.json())
        self.seen.append(dict(request.headers))
        if self.problem is not None:
            return JSONResponse(
                self.problem,
                self.status,
                self.headers,
                media_type="application/problem+json",
            )
        return StreamingResponse(self._stream(), media_type="text/event-stream")

    async def _stream(self) -> AsyncIterator[bytes]:
        try:
            for at, one in enumerate(self.events):
                while at == self.hold and not self.go.is_set():
                    await asyncio.sleep(0.01)
                yield one
                await asyncio.sleep(self.pause)
        except asyncio.CancelledError:
            self.left.set()
            raise


@dataclass
class Stage:
    """Where the assistant of the moment plays: each test has its own on the same address."""

    assistant: Assistant = field(default_factory=Assistant)

    def app(self) -> FastAPI:
        """Return the application: `/v1/ask`, open to every origin, and the widget."""

        async def ask(request: Request) -> Response:
            return await self.assistant.ask(request)

        app = FastAPI(
            routes=[Route("/v1/ask", ask, methods=["POST"])],
            middleware=[
                Middleware(
                    CORSMiddleware,
                    allow_origins=["*"],
                    allow_methods=["POST"],
                    allow_headers=["Authorization", "Content-Type"],
                    expose_headers=["Retry-After"],
                )
            ],
        )
        mount_widget(app)
        return app


# Nothing is allowed that the widget does not need; {host} is where it comes from.
STRICT = (
    "default-src 'none'; script-src {host}; connect-src {host}; style-src 'self'; img-src data:;"
    " base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
)


@dataclass
class Portal:
    """The demo page on an origin of its own, with the script taken from ``host``."""

    host: str
    attributes: str = ""
    policy: str = STRICT

    def app(self) -> Starlette:
        """Return the application: the page at ``/``, its style, and an empty page."""
        return Starlette(
            routes=[
                Route("/", self._page),
                Route("/demo.css", self._style),
                Route("/element", self._element),
            ]
        )

    def _headers(self) -> dict[str, str]:
        return {"Content-Security-Policy": self.policy.format(host=self.host)}

    async def _page(self, request: Request) -> Response:
        own = request.query_params.get("with", self.attributes)
        html = files("ui.widget").joinpath("demo.html").read_text(encoding="utf-8")
        tag = f'<script src="{self.host}/widget/congvu-widget.js" {own} '
        changed = html.replace('<script src="congvu-widget.js" ', tag)
        assert changed != html
        return HTMLResponse(changed, headers=self._headers())

    async def _style(self, request: Request) -> Response:
        css = files("ui.widget").joinpath("demo.css").read_text(encoding="utf-8")
        return Response(css, media_type="text/css")

    async def _element(self, request: Request) -> Response:
        html = (
            '<!doctype html><html lang="en"><title>Element</title><link rel="icon" href="data:,">'
            f'<main><h1>Element</h1><congvu-chat data-endpoint="{self.host}/" data-title="Own">'
            f'</congvu-chat></main><script src="{self.host}/widget/congvu-widget.js" data-manual>'
            "</script></html>"
        )
        return HTMLResponse(html, headers=self._headers())
