"""What careless and hostile callers do: names, bodies that never end, papers taken away."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from disk_watch import large, written
from fakes_api import OPEN, Api, assert_problem, opened
from fakes_assistant import NOTICE, QUESTION, SECRET, FakeParts
from fakes_service import LOCAL, open_service
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, Router

from assistant.api.middleware import BodyLimit, Unexpected
from assistant.api.problems import problem_of
from assistant.runtime.settings import Settings
from assistant.service.inquiries import Inquiry
from assistant.service.service import Service
from assistant.service.shelf import Shelf
from corpus.errors import EmptyLibrary, NoSpace

NEW = NOTICE.replace("12/TB", "14/TB").replace("kho lạnh", "cầu treo")


@pytest.fixture
def api(settings: Settings, tmp_path: Path) -> Iterator[Api]:
    with opened(settings, tmp_path / "in", OPEN) as api:
        yield api


@pytest.mark.parametrize("preview", [False, True])
@pytest.mark.parametrize("stem", ["a" * 300, "ạ" * 120])
def test_a_name_that_no_disk_takes_is_told(api: Api, stem: str, preview: bool) -> None:
    files = {"file": (f"{stem}.txt", NEW.encode())}
    answer = api.client().post("/v1/notices", files=files, params={"preview": preview})
    assert "tên" in assert_problem(answer, 400, "bad_input")["detail"].casefold()


def test_the_watch_sees_a_file_without_a_name() -> None:
    with written() as opened, tempfile.TemporaryFile():
        pass
    assert opened


@pytest.mark.parametrize("preview", [True, False])
def test_a_secret_upload_never_touches_the_disk(api: Api, *, preview: bool) -> None:
    files = {"file": ("mat.txt", large(SECRET))}
    with written() as opened:
        answer = api.client().post("/v1/notices", files=files, params={"preview": preview})
    assert_problem(answer, 422, "secret_file")
    assert opened == []


def test_an_upload_is_held_in_memory_until_it_is_in_the_library(
    settings: Settings, tmp_path: Path
) -> None:
    service = open_service(settings, tmp_path / "in")
    try:
        with written() as opened:
            Shelf(service).add("moi.txt", NEW.encode(), LOCAL)
    finally:
        service.close()
    assert opened
    assert [one for one in opened if not Path(one).is_relative_to(settings.home)] == []


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_monitor_may_ask_for_the_head_alone(api: Api, path: str) -> None:
    assert api.client().head(path).status_code == 200


async def _echo(request: Request) -> JSONResponse:
    return JSONResponse({"read": len(await request.body())})


def _sent(*parts: dict[str, Any]) -> list[dict[str, Any]]:
    """Send a request in parts, then stay silent, and return what is answered."""
    site = ExceptionMiddleware(Router([Route("/", _echo, methods=["POST"])]))
    app = Unexpected(BodyLimit(site, lambda method, path: 1000, seconds=0.05))
    waiting, answered = list(parts), []
    scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b""}

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.sleep(60)
        return waiting.pop(0)

    async def send(message: Any) -> None:
        answered.append(message)

    asyncio.run(app(scope, receive, send))
    return answered


def _part(body: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_that_never_ends_is_given_up() -> None:
    start, *_ = _sent(_part(b"a", more=True))
    assert start["status"] == 408
    assert (b"connection", b"close") in start["headers"]
    start, *_ = _sent(_part(b"a", more=True), _part(b"b", more=False))
    assert start["status"] == 200


def test_who_leaves_in_the_middle_of_a_body_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert _sent(_part(b"a", more=True), {"type": "http.disconnect"}) == []
    assert not caplog.records


def _removed_elsewhere(settings: Settings, *names: str) -> None:
    """Remove notices as another process does that is killed before it builds the index."""
    other = Service.from_settings(settings, FakeParts())
    for name in names:
        other.workspace.library.remove(other.workspace.library.find(name).id)
    other.close()


def test_what_another_process_removed_is_not_answered_from(
    settings: Settings, tmp_path: Path
) -> None:
    with opened(settings, tmp_path / "in") as api:
        client = api.client()
        first = client.post("/v1/ask", json={"question": QUESTION}).json()
        gone = {one["notice"]["number"] for one in first["citations"]}
        assert gone
        _removed_elsewhere(settings, *gone)
        again = client.post("/v1/ask", json={"question": QUESTION}).json()
        assert not gone & {one["notice"]["number"] for one in again["citations"]}
        found = client.get("/v1/search", params={"q": QUESTION}).json()["evidence"]
        assert not gone & {one["notice"]["number"] for one in found}


def test_after_the_last_notice_went_elsewhere_nothing_is_answered(
    settings: Settings, tmp_path: Path
) -> None:
    service = open_service(settings, tmp_path / "in", a=NOTICE)
    try:
        _removed_elsewhere(settings, "12/TB-UBND")
        with pytest.raises(EmptyLibrary):
            list(service.ask(Inquiry(QUESTION), LOCAL))
    finally:
        service.close()


def test_a_new_version_from_elsewhere_hides_nothing_before_it_is_indexed(
    settings: Settings, tmp_path: Path
) -> None:
    service = open_service(settings, tmp_path / "in", a=NOTICE)
    other = Service.from_settings(settings, FakeParts())
    try:
        other.workspace.library.add(
            other.workspace.preview("a.txt", NOTICE.replace("7 kho", "9 kho").encode()).notice,
            service._now(),
        )
        *_, done = service.ask(Inquiry(QUESTION), LOCAL)
        assert done.answer.citations  # type: ignore[union-attr]
    finally:
        other.close()
        service.close()


def test_a_full_disk_is_not_told_as_if_nothing_were_stored(api: Api) -> None:
    # The notice may be in the library while the index, built after it, found no place.
    told = problem_of(NoSpace("Ổ đĩa đầy.")).detail
    assert "đầy" in told
    assert "chưa có gì thay đổi" not in told
    documented = api.app.openapi()["paths"]["/v1/notices"]["post"]["responses"]["507"]
    assert documented["description"] == told
