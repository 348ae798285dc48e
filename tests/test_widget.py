"""How the widget is served, and the bounds that it promises to portals."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from importlib.resources import files

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from ui.widget import mount_widget
from ui.widget.script import widget_script

SCRIPT = "/widget/congvu-widget.js"


@pytest.fixture
def client() -> Iterator[TestClient]:
    app = FastAPI()
    mount_widget(app)
    with TestClient(app) as opened:
        yield opened


def test_the_script_may_be_loaded_by_pages_of_any_site(client: TestClient) -> None:
    response = client.get(SCRIPT)
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.text == widget_script()


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_the_script_is_sent_once_and_then_only_asked_about(
    client: TestClient, encoding: str
) -> None:
    first = client.get(SCRIPT, headers={"Accept-Encoding": encoding})
    assert "max-age=" in first.headers["Cache-Control"]
    assert first.headers["Vary"] == "Accept-Encoding"
    known = {"Accept-Encoding": encoding, "If-None-Match": first.headers["ETag"]}
    again = client.get(SCRIPT, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    changed = client.get(SCRIPT, headers={**known, "If-None-Match": '"another"'})
    assert changed.status_code == 200


def test_a_packed_script_is_another_representation(client: TestClient) -> None:
    plain = client.get(SCRIPT, headers={"Accept-Encoding": "identity"})
    packed = client.get(SCRIPT, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert plain.headers["ETag"] != packed.headers["ETag"]
    assert plain.text == packed.text


def test_a_head_request_has_the_headers_alone(client: TestClient) -> None:
    response = client.head(SCRIPT)
    assert (response.status_code, response.content) == (200, b"")
    assert "ETag" in response.headers


def test_what_is_not_there_is_not_found(client: TestClient) -> None:
    assert client.get("/widget/parts/chat.js").status_code == 404
    assert client.get("/widget/__init__.py").status_code == 404


def test_the_demo_is_marked_as_a_sample_and_allows_itself_little(client: TestClient) -> None:
    page = client.get("/widget/demo.html")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert "Trang mẫu" in page.text
    for name in re.findall(r'(?:src|href)="([\w.-]+\.\w+)"', page.text):
        assert client.get(f"/widget/{name}").status_code == 200, name


def test_the_documentation_of_the_api_does_not_speak_of_the_widget() -> None:
    app = FastAPI()
    mount_widget(app)
    assert app.openapi()["paths"] == {}


def test_the_script_stays_small_on_the_wire() -> None:
    assert len(gzip.compress(widget_script().encode())) < 20_000


@pytest.mark.parametrize(
    "banned",
    [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "document.cookie",
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "import(",
    ],
)
def test_the_script_does_without(banned: str) -> None:
    assert banned not in widget_script()


def test_the_script_names_no_address_but_that_of_svg() -> None:
    assert set(re.findall(r"https?://[\w./]+", widget_script())) == {
        "http://www.w3.org/2000/svg",
        "https://HOST/widget/congvu",
    }


def test_both_languages_have_the_same_labels() -> None:
    text = files("ui.widget").joinpath("parts", "labels.js").read_text(encoding="utf-8")
    vietnamese, english = text.split("  vi: {")[1].split("  en: {")
    names = re.compile(r"^ {4,6}(\w+):", re.M)
    assert names.findall(vietnamese) == names.findall(english)
    assert len(names.findall(english)) > 40
