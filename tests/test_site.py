"""The whole site as a server runs it: API, pages and widget under one roof."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes_service import open_service
from fastapi.testclient import TestClient

from assistant.runtime.settings import Settings
from assistant.service.callers import Scope
from assistant.service.keys import FILE_NAME, KeyStore
from ui.site import build_site

LOCAL = ("127.0.0.1", 50000)


@pytest.fixture
def open_site(settings: Settings, tmp_path: Path) -> Iterator[Callable[..., TestClient]]:
    """Opens the site with some settings; gives a client on this machine."""
    opened: list[Callable[[], None]] = []

    def site(**given: object) -> TestClient:
        chosen = settings.replaced(**given)
        service = open_service(chosen, tmp_path / "in")
        keys = KeyStore.open(chosen.home / FILE_NAME)
        opened.extend([keys.close, service.close])
        keys.create("van-phong", {Scope.ASK, Scope.READ}, datetime.now(UTC))
        return TestClient(
            build_site(service, keys, chosen),
            base_url="http://127.0.0.1",
            client=LOCAL,
            follow_redirects=False,
        )

    yield site
    for close in opened:
        close()


def test_api_pages_and_widget_answer_side_by_side(open_site: Callable[..., TestClient]) -> None:
    with open_site() as client:
        assert client.get("/readyz").json()["status"] == "ready"
        assert client.post("/v1/ask", json={"question": "Rà soát kho lạnh?"}).status_code == 200
        assert "congvu-chat" in client.get("/widget/congvu-widget.js").text
        page = client.get("/")
        assert page.status_code == 200
        assert "text/html" in page.headers["content-type"]
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_the_pages_do_not_hide_what_the_api_says_is_wrong(
    open_site: Callable[..., TestClient],
) -> None:
    client = open_site()
    missing = client.get("/v1/nothing")
    assert (missing.status_code, missing.json()["code"]) == (404, "no_such_path")
    wrong = client.put("/v1/ask")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")
    assert client.get("/nothing").status_code == 404


def test_where_keys_are_needed_people_sign_in_first(open_site: Callable[..., TestClient]) -> None:
    client = open_site(require_keys=True)
    assert client.get("/").headers["location"] == "/dang-nhap"
    assert client.get("/config").status_code == 303
    assert client.post("/v1/ask", json={"question": "Kho lạnh?"}).status_code == 401
    assert client.get("/healthz").status_code == 200
    assert client.get("/metrics").status_code == 200  # asked from this very machine
    forwarded = client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
    assert forwarded.status_code == 401


@pytest.mark.parametrize("path", ["/congvu/", "/"], ids=["prefix kept", "prefix stripped"])
def test_behind_a_proxy_people_are_sent_to_sign_in_below_its_path(
    open_site: Callable[..., TestClient], path: str
) -> None:
    client = open_site(require_keys=True, root_path="/congvu")
    assert client.get(path).headers["location"] == "/congvu/dang-nhap"
    assert "Khoá truy cập" in client.get(f"{path}dang-nhap").text
    assert client.get(f"{path}readyz").json()["status"] == "ready"


def test_a_page_of_another_site_does_not_get_in_under_another_name(
    open_site: Callable[..., TestClient],
) -> None:
    client = open_site()
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 421
    upload = client.post("/tep/tai-len", headers={"Origin": "https://evil.example"})
    assert "trang khác" in upload.text  # refused for that, not for the name it lacks
