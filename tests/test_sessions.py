"""Signing in to the web pages, and who gets in without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.api.listening import listening
from assistant.service.callers import Scope
from assistant.service.keys import KeyStore, NewKey
from assistant.service.limits.rates import RateLimiter
from corpus.errors import NotAllowed
from ui.sessions import COOKIE, PagesNeedSession, Sessions, sign_in_routes


@dataclass
class Clocks:
    """A clock for sessions and one for keys, moved by hand."""

    seconds: float = 0.0
    now: datetime = field(default_factory=lambda: datetime(2031, 6, 5, tzinfo=UTC))


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[KeyStore]:
    with KeyStore.open(tmp_path / "access.sqlite") as store:
        yield store


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def sessions(keys: KeyStore, clocks: Clocks) -> Sessions:
    return Sessions(keys, lambda: clocks.seconds, lambda: clocks.now, seconds=100)


@pytest.fixture
def key(keys: KeyStore, clocks: Clocks) -> NewKey:
    scopes = frozenset({Scope.ASK, Scope.READ})
    return keys.create("van-phong", scopes, clocks.now, expires_at=clocks.now + timedelta(days=1))


@pytest.fixture
def site(sessions: Sessions) -> TestClient:
    app = FastAPI()
    app.include_router(sign_in_routes(sessions, RateLimiter(lambda: 0.0)))

    @app.get("/")
    def page() -> str:
        return "trang hỏi đáp"

    @app.get("/v1/ask")
    def api() -> str:
        return "api"

    return TestClient(PagesNeedSession(app, sessions), follow_redirects=False)


def test_a_session_is_its_keys_caller_until_it_ends(
    sessions: Sessions, key: NewKey, clocks: Clocks
) -> None:
    token = sessions.start(key.text)
    caller = sessions.caller(token)
    assert caller is not None
    assert caller.name == "van-phong"
    clocks.seconds = 100
    assert sessions.caller(token) is None


def test_a_revoked_key_ends_its_sessions_at_once(
    sessions: Sessions, keys: KeyStore, key: NewKey, clocks: Clocks
) -> None:
    token = sessions.start(key.text)
    keys.revoke("van-phong", clocks.now)
    assert sessions.caller(token) is None


def test_an_expired_key_opens_nothing(sessions: Sessions, key: NewKey, clocks: Clocks) -> None:
    clocks.now += timedelta(days=2)
    with pytest.raises(NotAllowed):
        sessions.start(key.text)


def test_signing_out_ends_the_session(sessions: Sessions, key: NewKey) -> None:
    token = sessions.start(key.text)
    sessions.end(token)
    assert sessions.caller(token) is None
    assert sessions.caller(None) is None


def test_a_browser_without_a_session_is_sent_to_sign_in(site: TestClient) -> None:
    answer = site.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/dang-nhap")
    assert "Khoá truy cập" in site.get("/dang-nhap").text
    assert site.get("/v1/ask").status_code == 200  # the API asks for its own key


def test_signing_in_opens_the_pages(site: TestClient, key: NewKey) -> None:
    answer = site.post("/dang-nhap", data={"key": f" {key.text} "})
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    assert COOKIE in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert key.text not in cookie
    assert site.get("/").text == '"trang hỏi đáp"'
    site.post("/dang-xuat")
    assert site.get("/").status_code == 303


def test_a_wrong_key_is_told_and_guessing_is_slowed_down(site: TestClient) -> None:
    first = site.post("/dang-nhap", data={"key": "congvu_x_<script>"})
    assert first.status_code == 401
    assert 'role="alert"><p class="problem">Khoá truy cập không đúng.' in first.text
    assert "<script>" not in first.text
    codes = [site.post("/dang-nhap", data={"key": "x"}).status_code for _ in range(12)]
    assert codes[-1] == 429
    assert site.post("/dang-nhap", content=b"a" * 5000).status_code == 413


def test_an_empty_key_is_told_in_words_for_people(site: TestClient) -> None:
    answer = site.post("/dang-nhap", data={"key": "  "})
    assert answer.status_code == 401
    assert "Hãy nhập khoá" in answer.text
    assert "Authorization" not in answer.text


def test_a_taken_port_is_told_with_a_remedy() -> None:
    with listening("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Exception, match=f"cổng {port}") as told:
            listening("127.0.0.1", port)
        assert "--port" in str(told.value)
