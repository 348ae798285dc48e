"""The widget on a portal's page, by what a person sees of it.

A test file imports the fixtures: ``from widget_page import chat, chromium, fake, stage, visits``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from browser import Visit, chromium, visits
from fakes_api import served
from fakes_portal import Assistant, Portal, Stage
from playwright.sync_api import Locator, Page, expect

__all__ = ["ASKED", "Chat", "Open", "Places", "chat", "chromium", "fake", "stage", "visits"]
ASKED = "Ai chủ trì Kho dữ liệu dùng chung và hạn khi nào?"


@dataclass
class Chat:
    """The widget on a page, by what a person sees of it."""

    visit: Visit
    host: str
    portal: str

    @property
    def page(self) -> Page:
        return self.visit.page

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def field(self) -> Locator:
        return self.dialog.get_by_role("textbox", name="Câu hỏi của bạn")

    @property
    def launcher(self) -> Locator:
        return self.page.get_by_role("button", name="Hỏi văn bản")

    @property
    def newest(self) -> Locator:
        return self.dialog.get_by_role("article").last

    def button(self, name: str) -> Locator:
        return self.dialog.get_by_role("button", name=name)

    def open(self) -> Chat:
        self.launcher.click()
        return self

    def ask(self, question: str = ASKED) -> Chat:
        self.field.fill(question)
        self.field.press("Enter")
        return self

    def focus_is_on(self, what: Locator) -> None:
        expect(what).to_be_focused()

    def assert_kept_to_itself(self, *, errors: tuple[str, ...] = ()) -> None:
        """Nothing was asked of others, nothing was stored, nothing went wrong."""
        assert self.visit.outside(self.host, self.portal) == []
        assert [one for one in self.visit.errors if not any(part in one for part in errors)] == []
        assert self.page.context.cookies() == []
        assert self.page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


Open = Callable[..., Chat]


@dataclass
class Places:
    """The stage, where it is, and the portal's page on another origin."""

    stage: Stage
    host: str
    portal: str


@pytest.fixture(scope="module")
def stage() -> Iterator[Places]:
    """Starts the servers once a file: it takes as long as a short test."""
    here = Stage()
    with (
        served(here.app(), timeout_graceful_shutdown=1) as host,
        served(Portal(host).app()) as portal,
    ):
        yield Places(here, host, portal)


@pytest.fixture
def fake(stage: Places) -> Iterator[Assistant]:
    """The assistant of this test."""
    stage.stage.assistant = Assistant()
    yield stage.stage.assistant
    stage.stage.assistant.go.set()


@pytest.fixture
def chat(stage: Places, fake: Assistant, visits: Callable[..., Visit]) -> Open:
    """Opens the portal's page; the first argument is what is added to the script tag."""

    def visit(attributes: str = "", path: str = "/", **options: object) -> Chat:
        url = f"{stage.portal}{path}?with={quote(attributes)}"
        return Chat(visits(url, **options), stage.host, stage.portal)

    return visit
