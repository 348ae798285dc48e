"""Who may call what, from where, how much, and what the answers carry."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes_api import CLOSED, OPEN, Api, api_on, assert_problem, opened
from fakes_assistant import NOTICE, QUESTION
from fakes_service import open_service
from starlette.responses import HTMLResponse
from starlette.routing import Route

from assistant.api.options import ApiOptions, is_loopback
from assistant.runtime.settings import Settings
from assistant.service.callers import Scope
from corpus.errors import BadInput

ASK = {"question": QUESTION}
PORTAL = "https://cong.example.vn"
FAR = "203.0.113.9"


@pytest.fixture
def closed(settings: Settings, tmp_path: Path) -> Iterator[Api]:
    with opened(settings, tmp_path / "in", CLOSED) as api:
        yield api


@pytest.fixture
def open_api(settings: Settings, tmp_path: Path) -> Iterator[Api]:
    with opened(settings, tmp_path / "in", replace(OPEN, cors_origins=(PORTAL,))) as api:
        yield api


ROUTES = {
    ("POST", "/v1/ask"): Scope.ASK,
    ("POST", "/v1/chat/completions"): Scope.ASK,
    ("GET", "/v1/models"): Scope.ASK,
    ("GET", "/v1/models/{id}"): Scope.ASK,
    ("PATCH", "/v1/notices/{id}"): Scope.MANAGE,
    ("POST", "/v1/feedback"): Scope.ASK,
    ("GET", "/v1/conversations"): Scope.ASK,
    ("GET", "/v1/conversations/{id}"): Scope.ASK,
    ("DELETE", "/v1/conversations/{id}"): Scope.ASK,
    ("GET", "/v1/search"): Scope.READ,
    ("GET", "/v1/notices"): Scope.READ,
    ("GET", "/v1/notices/{id}"): Scope.READ,
    ("GET", "/v1/notices/{id}/clauses/{clause}"): Scope.READ,
    ("GET", "/v1/notices/{id}/source"): Scope.READ,
    ("GET", "/v1/notices/{id}/original"): Scope.READ,
    ("GET", "/v1/notices/{id}/pages/{page}"): Scope.READ,
    ("GET", "/v1/notices/{id}/changes"): Scope.READ,
    ("POST", "/v1/notices"): Scope.MANAGE,
    ("DELETE", "/v1/notices/{id}"): Scope.MANAGE,
    ("GET", "/v1/jobs"): Scope.MANAGE,
    ("GET", "/v1/jobs/{id}"): Scope.MANAGE,
    ("GET", "/v1/jobs/{id}/events"): Scope.MANAGE,
    ("POST", "/v1/jobs/{id}/cancel"): Scope.MANAGE,
    ("POST", "/v1/jobs/{id}/retry"): Scope.MANAGE,
    ("GET", "/metrics"): Scope.MANAGE,
}
CHAT = {"model": "congvu", "messages": [{"role": "user", "content": QUESTION}]}
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/v1/ask"): {"json": ASK},
    ("POST", "/v1/chat/completions"): {"json": CHAT},
    ("POST", "/v1/feedback"): {"json": {"exchange_id": "0", "verdict": "up"}},
    ("POST", "/v1/notices"): {"files": {"file": ("a.txt", NOTICE.encode())}},
    ("PATCH", "/v1/notices/congvu"): {"json": {"title": "Kho"}},
    ("GET", "/v1/search"): {"params": {"q": "kho"}},
}


def test_every_route_wants_a_key_with_its_own_scope(closed: Api) -> None:
    paths = closed.app.openapi()["paths"]
    told = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert told - set(ROUTES) == {("GET", "/healthz"), ("GET", "/readyz")}
    stranger = closed.client(FAR)
    holders = {scope: closed.holder(scope) for scope in Scope}
    others = {scope: closed.holder(*[o for o in Scope if o is not scope]) for scope in Scope}
    for (method, template), scope in ROUTES.items():
        path = template.replace("{id}", "congvu").replace("{clause}", "0").replace("{page}", "1")
        more = BODIES.get((method, path), {})
        none = stranger.request(method, path, **more)
        assert_problem(none, 401, "unauthenticated")
        assert none.headers["www-authenticate"].startswith("Bearer")
        assert_problem(others[scope].request(method, path, **more), 403, "forbidden")
        assert holders[scope].request(method, path, **more).status_code in {200, 404}


def test_life_and_readiness_need_no_key(closed: Api) -> None:
    assert closed.client(FAR).get("/healthz").json() == {"status": "ok"}
    assert closed.client(FAR).get("/readyz").json()["status"] == "ready"


def test_not_ready_is_told_with_its_reason(settings: Settings, tmp_path: Path) -> None:
    service = open_service(settings, tmp_path / "in")
    gone = service.workspace.remove("12/TB-UBND", "13/TB-UBND", "draft.txt")
    service.forget([one.id for one in gone])
    service.changed()
    with api_on(service) as api:
        client = api.client()
        assert client.get("/healthz").status_code == 200
        assert_problem(client.get("/readyz"), 503, "empty_library")
        assert_problem(client.post("/v1/ask", json=ASK), 503, "empty_library")
    service.close()


def test_a_key_that_is_no_good_any_more(closed: Api) -> None:
    now = datetime.now(UTC)
    expired = closed.keys.create(
        "a", [Scope.ASK], now - timedelta(days=2), expires_at=now - timedelta(days=1)
    )
    revoked = closed.keys.create("b", [Scope.ASK], now)
    closed.keys.revoke("b", now)
    for key in (expired.text, revoked.text, "congvu_0_0", "x", ""):
        client = closed.client(FAR, Authorization=f"Bearer {key}")
        assert_problem(client.post("/v1/ask", json=ASK), 401, "unauthenticated")


def test_failures_are_limited_by_address_and_good_keys_are_not(
    settings: Settings, tmp_path: Path
) -> None:
    options = replace(CLOSED, failures_per_minute=3)
    with opened(settings, tmp_path / "in", options) as api:
        bad = api.client(FAR, Authorization="Bearer congvu_0_0")
        for _ in range(3):
            assert_problem(bad.get("/v1/models"), 401, "unauthenticated")
        limited = bad.get("/v1/models")
        assert_problem(limited, 429, "too_many")
        assert int(limited.headers["retry-after"]) >= 1
        assert api.holder(Scope.ASK).get("/v1/models").status_code == 200
        other = api.client("198.51.100.7").get("/v1/models")
        assert_problem(other, 401, "unauthenticated")


def test_a_key_may_ask_so_often(closed: Api) -> None:
    client = closed.holder(Scope.ASK, per_minute=2)
    for _ in range(2):
        assert client.post("/v1/ask", json=ASK).status_code == 200
    limited = client.post("/v1/ask", json={**ASK, "stream": True})
    assert_problem(limited, 429, "too_many")
    assert 1 <= int(limited.headers["retry-after"]) <= 60


def test_a_portals_key_works_from_its_pages_alone(closed: Api) -> None:
    client = closed.holder(Scope.ASK, origins=[PORTAL])
    good = client.post("/v1/ask", json=ASK, headers={"Origin": PORTAL})
    assert good.status_code == 200
    assert good.headers["access-control-allow-origin"] == PORTAL
    assert "access-control-allow-credentials" not in good.headers
    assert_problem(client.post("/v1/ask", json=ASK), 403, "forbidden")
    elsewhere = client.post("/v1/ask", json=ASK, headers={"Origin": "https://other.example"})
    assert_problem(elsewhere, 403, "forbidden")
    assert "access-control-allow-origin" not in elsewhere.headers


def test_visitors_of_a_portal_do_not_read_each_other(closed: Api) -> None:
    client = closed.holder(Scope.ASK, origins=[PORTAL])
    client.headers["Origin"] = PORTAL
    asked = client.post("/v1/ask", json=ASK).json()
    for path in ("/v1/conversations", f"/v1/conversations/{asked['conversation_id']}"):
        assert_problem(client.get(path), 403, "forbidden")


def test_callers_do_not_read_each_others_conversations(closed: Api) -> None:
    mine = closed.holder(Scope.ASK)
    theirs = closed.holder(Scope.ASK, Scope.READ)
    conversation = mine.post("/v1/ask", json=ASK).json()["conversation_id"]
    path = f"/v1/conversations/{conversation}"
    assert mine.get(path).status_code == 200
    assert_problem(theirs.get(path), 404, "not_found")
    assert_problem(theirs.delete(path), 404, "not_found")
    taken = theirs.post("/v1/ask", json={**ASK, "conversation_id": conversation})
    assert_problem(taken, 404, "not_found")
    assert theirs.get("/v1/conversations").json() == {"conversations": []}


def preflight(api: Api, origin: str, method: str = "POST") -> int:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization, content-type",
    }
    return api.client().options("/v1/ask", headers=headers).status_code


def test_the_cors_list_holds_settings_and_keys(open_api: Api) -> None:
    assert preflight(open_api, PORTAL) == 200
    assert preflight(open_api, "https://other.example") == 400
    assert preflight(open_api, "null") == 400
    assert preflight(open_api, PORTAL, "PUT") == 400


def test_a_new_portal_is_on_the_list(closed: Api) -> None:
    closed.key(Scope.ASK, origins=["https://tinh.example.vn"])
    assert preflight(closed, "https://tinh.example.vn") == 200


def test_without_keys_only_this_machine_may_call(open_api: Api) -> None:
    assert open_api.client().post("/v1/ask", json=ASK).status_code == 200
    assert_problem(open_api.client(FAR).post("/v1/ask", json=ASK), 401, "unauthenticated")
    proxied = open_api.client(**{"X-Forwarded-For": FAR}).post("/v1/ask", json=ASK)
    assert_problem(proxied, 401, "unauthenticated")


def test_without_keys_any_words_pass_for_a_key_but_a_wrong_key_of_ours(open_api: Api) -> None:
    assert open_api.client(Authorization="Bearer none").get("/v1/models").status_code == 200
    wrong = open_api.client(Authorization="Bearer congvu_0_0").get("/v1/models")
    assert_problem(wrong, 401, "unauthenticated")


def test_without_keys_the_pages_of_other_sites_are_refused(open_api: Api) -> None:
    for origin, status in (
        ("https://other.example", 403),
        ("null", 403),
        (PORTAL, 200),
        ("http://127.0.0.1:8017", 200),
    ):
        client = open_api.client(Origin=origin)
        assert client.post("/v1/ask", json=ASK).status_code == status
        file = {"file": ("a.txt", NOTICE.encode())}
        assert client.post("/v1/notices", files=file).status_code == status


def test_without_keys_other_names_are_refused(open_api: Api) -> None:
    client = open_api.client(Host="rebound.example:8017")
    assert_problem(client.get("/v1/notices"), 421, "wrong_host")
    for host in ("localhost:8017", "[::1]:8017", "127.0.0.1"):
        assert open_api.client(Host=host).get("/v1/notices").status_code == 200


def test_figures_are_for_this_machine_and_managers(closed: Api) -> None:
    closed.holder(Scope.ASK).post("/v1/ask", json={**ASK, "question": "Kho lạnh bí ẩn?"})
    figures = closed.client().get("/metrics")
    assert figures.headers["content-type"].startswith("text/plain")
    line = 'congvu_http_requests_total{method="POST",route="/v1/ask",status="200"} 1.0'
    assert line in figures.text
    assert "bí ẩn" not in figures.text
    assert closed.holder(Scope.MANAGE).get("/metrics").status_code == 200
    proxied = closed.client(**{"X-Forwarded-For": FAR}).get("/metrics")
    assert_problem(proxied, 401, "unauthenticated")


def test_made_up_paths_are_one_figure(open_api: Api) -> None:
    client = open_api.client()
    for n in range(5):
        client.get(f"/made/up/{n}")
    text = client.get("/metrics").text
    assert 'congvu_http_requests_total{method="GET",route="other",status="404"} 5.0' in text
    assert "made" not in text


def test_bodies_are_limited_before_they_are_read(settings: Settings, tmp_path: Path) -> None:
    options = replace(OPEN, body_max_bytes=1000, upload_max_mb=1)
    with opened(settings, tmp_path / "in", options) as api:
        client = api.client()
        long = {"question": "a" * 2000}
        assert_problem(client.post("/v1/ask", json=long), 413, "too_large")

        def chunks() -> Iterator[bytes]:
            yield b'{"question": "'
            for _ in range(100):
                yield b"a" * 100
            yield b'"}'

        headers = {"Content-Type": "application/json"}
        streamed = client.post("/v1/ask", content=chunks(), headers=headers)
        assert_problem(streamed, 413, "too_large")
        big = {"file": ("a.txt", b"a" * (1024 * 1024 + 70_000))}
        assert_problem(client.post("/v1/notices", files=big), 413, "too_large")
        fits = {"file": ("a.txt", NOTICE.encode() + b" " * 900_000)}
        assert client.post("/v1/notices", files=fits).status_code == 200


def test_a_question_that_is_too_long_is_told(open_api: Api) -> None:
    response = open_api.client().post("/v1/ask", json={"question": "a" * 20_001})
    assert_problem(response, 422, "invalid")


def test_answers_carry_the_headers_that_protect(open_api: Api) -> None:
    headers = open_api.client().post("/v1/ask", json=ASK).headers
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers


def test_pages_mounted_on_the_api_keep_their_own_policy(open_api: Api) -> None:
    async def page(request: object) -> HTMLResponse:
        return HTMLResponse("x")

    async def own(request: object) -> HTMLResponse:
        return HTMLResponse("x", headers={"Content-Security-Policy": "default-src 'self'"})

    open_api.app.router.routes.extend([Route("/page", page), Route("/own", own)])
    client = open_api.client()
    assert client.get("/page").headers["content-security-policy"] == "frame-ancestors 'self'"
    assert client.get("/own").headers["content-security-policy"] == "default-src 'self'"


def test_a_proxy_may_put_a_path_before(settings: Settings, tmp_path: Path) -> None:
    with opened(settings, tmp_path / "in", replace(OPEN, root_path="/congvu")) as api:
        client = api.client()
        for path in ("/congvu/v1/models", "/v1/models"):  # the proxy keeps it, or takes it away
            response = client.get(path)
            assert response.status_code == 200
            assert response.headers["cache-control"] == "no-store"
        assert client.get("/openapi.json").json()["servers"] == [{"url": "/congvu"}]
        assert 'href="http://127.0.0.1:8017/congvu/openapi.json"' in client.get("/docs").text


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.1", False),
        ("congvu.example.vn", False),
    ],
)
def test_any_address_but_loopback_needs_keys(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
    options = ApiOptions.from_settings(Settings(host=host))
    assert options.keys_required is not loopback
    assert ApiOptions.from_settings(Settings(host=host, require_keys=True)).keys_required


def test_origins_come_from_the_settings() -> None:
    settings = Settings(cors_origins=" https://A.example.vn/ , http://localhost:8080 ")
    assert ApiOptions.from_settings(settings).cors_origins == (
        "https://a.example.vn",
        "http://localhost:8080",
    )
    with pytest.raises(BadInput):
        ApiOptions.from_settings(Settings(cors_origins="*"))


def test_refused_keys_are_logged_without_the_key(
    closed: Api, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "congvu.api"):
        closed.client(FAR, Authorization="Bearer congvu_abc_def").get("/v1/models")
    assert FAR in caplog.text
    assert "congvu_abc" not in caplog.text


def test_an_error_does_not_list_what_one_may_not_read(closed: Api) -> None:
    body = {**ASK, "notices": ["77/XX"]}
    hidden = closed.holder(Scope.ASK).post("/v1/ask", json=body)
    assert "12/TB-UBND" not in str(assert_problem(hidden, 404, "not_found"))
    told = closed.holder(Scope.ASK, Scope.READ).post("/v1/ask", json=body)
    assert "12/TB-UBND" in assert_problem(told, 404, "not_found")["remedy"]
