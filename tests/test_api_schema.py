"""The OpenAPI document: complete, and kept to, as schemathesis finds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fakes_api import CLOSED, Api, opened
from fakes_assistant import QUESTION
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.openapi.checks import JsonSchemaError, UndefinedStatusCode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from assistant.api.reference import POLICY
from assistant.runtime.settings import Settings
from assistant.service.callers import Scope

CHECKS: Any = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
MODES = list(schemathesis.GenerationMode)
VIETNAMESE = re.compile(r"[À-ỹ]")


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    folder = tmp_path_factory.mktemp("schema")
    options = replace(CLOSED, failures_per_minute=1_000_000)
    with opened(Settings(home=folder / "home", models=folder), folder / "in", options) as api:
        yield api


@pytest.fixture(scope="module")
def document(api: Api) -> dict[str, Any]:
    return api.app.openapi()


def probe(api: Api, key: str, examples: int, only: str = "") -> Counter[int]:
    """Throw generated requests at every route, and return the statuses that came back.

    Args:
        api: the API.
        key: with every scope.
        examples: for each route.
        only: the one route, or ``""`` for all.
    """
    schema = schemathesis.openapi.from_asgi("/openapi.json", api.app)
    client = api.client("203.0.113.9", Authorization=f"Bearer {key}")
    exchange = client.post("/v1/ask", json={"question": QUESTION}).json()
    notice = client.get("/v1/notices").json()["notices"][0]["id"]
    job = api.service.records.jobs.create("reader", datetime.now(UTC))
    known: dict[str, list[dict[str, str]]] = {
        "/v1/jobs/{id}": [{"id": job}],
        "/v1/jobs/{id}/events": [{"id": job}],
        "/v1/jobs/{id}/cancel": [{"id": job}],
        "/v1/jobs/{id}/retry": [{"id": job}],
        "/v1/conversations/{id}": [{"id": exchange["conversation_id"]}],
        "/v1/models/{id}": [{"id": "congvu"}],
        "/v1/notices/{id}": [{"id": notice}],
        "/v1/notices/{id}/source": [{"id": notice}],
        "/v1/notices/{id}/original": [{"id": notice}],
        "/v1/notices/{id}/clauses/{clause}": [
            {"id": notice, "clause": "3"},
            {"id": notice, "clause": "999"},
        ],
    }
    seen: Counter[int] = Counter()
    for found in schema.get_all_operations():
        operation: Any = found.ok()
        if only not in {"", operation.path}:
            continue
        strategies = [operation.as_strategy(mode) for mode in MODES]
        if operation.method.upper() != "DELETE":
            strategies += [
                operation.as_strategy(path_parameters=one) for one in known.get(operation.path, ())
            ]

        @settings(
            max_examples=examples,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=st.one_of(strategies))
        def try_out(case: Any) -> None:
            response = case.call(headers={"Authorization": f"Bearer {key}"})
            seen[response.status_code] += 1
            case.validate_response(response, checks=CHECKS)

        try_out()
    return seen


@pytest.fixture(scope="module")
def key(api: Api) -> str:
    return api.key(*Scope, per_minute=1_000_000)


def test_the_api_keeps_to_its_document(api: Api, key: str) -> None:
    seen = probe(api, key, examples=12)
    assert {200, 404, 422} <= set(seen)


@pytest.mark.slow
def test_the_api_keeps_to_its_document_under_many_more(api: Api, key: str) -> None:
    assert seen_enough(probe(api, key, examples=150))


def seen_enough(seen: Counter[int]) -> bool:
    return sum(seen.values()) > 1500 and {200, 400, 404, 422} <= set(seen)


def test_schemathesis_notices_an_answer_that_is_not_described(
    settings: Settings, tmp_path: Path
) -> None:
    with opened(settings, tmp_path / "in", CLOSED) as api:
        key = api.key(*Scope, per_minute=1_000_000)
        path = "/v1/notices/{id}"
        operation = api.app.openapi()["paths"][path]["get"]
        del operation["responses"]["404"]
        with pytest.raises(BaseExceptionGroup) as caught:
            probe(api, key, examples=20, only=path)
        assert caught.group_contains(UndefinedStatusCode)


def test_schemathesis_notices_an_object_that_is_not_as_described(
    settings: Settings, tmp_path: Path
) -> None:
    with opened(settings, tmp_path / "in", CLOSED) as api:
        key = api.key(*Scope, per_minute=1_000_000)
        fields = api.app.openapi()["components"]["schemas"]["NoticeOut"]["properties"]
        fields["file"]["type"] = "integer"
        with pytest.raises(BaseExceptionGroup) as caught:
            probe(api, key, examples=5, only="/v1/notices")
        assert caught.group_contains(JsonSchemaError)


def test_every_route_is_described_in_vietnamese(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            where = f"{method} {path}"
            assert VIETNAMESE.search(told["summary"]), where
            assert VIETNAMESE.search(told["description"]), where
            for parameter in told.get("parameters", ()):
                assert VIETNAMESE.search(parameter["description"]), (where, parameter["name"])
            for status, response in told["responses"].items():
                if status not in {"200", "202", "204"}:
                    assert list(response["content"]) == ["application/problem+json"], where
            guarded = path.startswith("/v1/")
            assert bool(told.get("security")) is guarded, where
            if guarded:
                assert {"401", "403", "429", "500", "503"} <= set(told["responses"]), where
            if "requestBody" in told:
                assert {"413", "415", "422"} <= set(told["responses"]), where


def test_every_object_is_described_in_vietnamese(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    plain = [
        name for name, one in schemas.items() if not VIETNAMESE.search(one.get("description", ""))
    ]
    assert plain == []
    for name in ("AskRequest", "CompletionRequest", "FeedbackRequest", "Problem"):
        assert schemas[name]["examples"], name
    assert "HTTPValidationError" not in schemas


def test_references_of_the_document_lead_somewhere(document: dict[str, Any]) -> None:
    names = set(re.findall(r"#/components/schemas/(\w+)", str(document)))
    assert names <= set(document["components"]["schemas"])


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.links: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        given = dict(attrs)
        self.ids.add(given.get("id") or "")
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]


def test_the_reference_page_loads_nothing(api: Api, document: dict[str, Any]) -> None:
    response = api.client().get("/docs")
    page = Page()
    page.feed(response.text)
    assert not page.tags.keys() & {"script", "link", "img", "iframe"}
    assert response.headers["content-security-policy"] == POLICY
    assert "style-src 'sha256-" in POLICY
    assert all(link.startswith("#") or link.endswith("/openapi.json") for link in page.links)
    assert {link[1:] for link in page.links if link.startswith("#")} <= page.ids
    for path in document["paths"]:
        assert f"<code>{path}</code>" in response.text
    assert api.client().get("/redoc").status_code == 404
