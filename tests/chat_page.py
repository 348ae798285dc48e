"""The whole site on a port of this machine, and its chat by what a person sees of it.

A test file imports the fixtures: ``from chat_page import chat, chromium, site, visits``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from browser import Visit, chromium, visits
from fakes_api import served, wait_for
from fakes_assistant import THREE, FakeAssistant, FakeParts, write
from playwright.sync_api import Locator, Page, expect

from assistant.runtime.settings import Settings
from assistant.service.callers import Scope
from assistant.service.keys import FILE_NAME, KeyStore
from assistant.service.service import Service
from corpus.errors import Cancelled
from index.snapshot import Snapshot
from ui.site import build_site

__all__ = ["ASKED", "Chat", "Open", "Site", "chat", "chromium", "site", "site_on", "visits"]
ASKED = "Sở Công Thương rà soát mấy kho lạnh?"
CLAUSE = "1. Sở Công Thương rà soát 7 kho lạnh trước ngày 15/11/2031."


@dataclass
class Site:
    """The site, and what it is made of."""

    address: str
    service: Service
    keys: KeyStore
    parts: FakeParts
    held: set[str] = field(default_factory=set)
    leads: dict[str, str] = field(default_factory=dict)
    """Question → the sentence above its quotes, ``""`` for one that does not hold."""

    def is_idle(self) -> bool:
        """Whether no question has a place among those being answered."""
        return 'congvu_queue{state="running"} 0.0' in self.service.metrics.render().decode()

    def key(self, *scopes: Scope) -> str:
        """Make an access key and return it."""
        return self.keys.create("van-phong", scopes, datetime.now(UTC)).text

    def cancel_of(self, question: str) -> threading.Event:
        """What stops the latest answer to a question."""
        calls = [
            cancel
            for one in self.parts.assistants
            for (asked, *_), cancel in zip(one.asked, one.cancels, strict=True)
            if asked == question
        ]
        return calls[-1]

    def write_lead(self, question: str) -> Iterator[str] | None:
        """Write the sentence above the quotes, held up like the quotes of other questions."""
        return self._writing(question) if question in self.leads else None

    def _writing(self, question: str) -> Iterator[str]:
        self.wait(question)
        if self.leads[question]:
            yield self.leads[question]

    def wait(self, question: str) -> None:
        """Hold the answer to a held question up until it is let go or stopped."""
        wait_for(lambda: question not in self.held or self.cancel_of(question).is_set(), 90)
        if self.cancel_of(question).is_set():
            raise Cancelled("Câu trả lời đã bị dừng.")


@contextmanager
def site_on(
    settings: Settings, notices: Path | Sequence[Path], parts: FakeParts | None = None
) -> Iterator[Site]:
    """Serve the site.

    Args:
        settings: of a home that may hold something already.
        notices: files or a folder of them, added to the library.
        parts: opens the models; None for fakes whose answers can be held up.
    """
    made: list[Site] = []

    def before(question: str) -> None:
        if question not in made[0].leads:
            made[0].wait(question)

    def lead(question: str) -> Iterator[str] | None:
        return made[0].write_lead(question)

    def assemble(snapshot: Snapshot) -> FakeAssistant:
        return FakeAssistant(snapshot, before, lead)

    parts = parts or FakeParts(assemble_as=assemble)
    service = Service.from_settings(settings, parts)
    with KeyStore.open(settings.home / FILE_NAME) as keys:
        try:
            service.workspace.add([notices] if isinstance(notices, Path) else notices)
            service.open()
            # In a thread: Playwright's event loop counts as running in this one.
            with ThreadPoolExecutor(1) as thread:
                app = thread.submit(build_site, service, keys, settings).result()
            with served(app, timeout_graceful_shutdown=1) as address:  # type: ignore[arg-type]
                made.append(Site(address, service, keys, parts))
                yield made[0]
                made[0].held.clear()
        finally:
            service.close()


@dataclass
class Chat:
    """One tab with the chat."""

    visit: Visit
    site: Site

    @property
    def page(self) -> Page:
        return self.visit.page

    @property
    def field(self) -> Locator:
        return self.page.get_by_label("Câu hỏi", exact=True)

    @property
    def live(self) -> Locator:
        return self.page.locator("#cv-live")

    @property
    def answers(self) -> Locator:
        return self.page.locator("#cv-thread article")

    @property
    def newest(self) -> Locator:
        return self.answers.last

    @property
    def panel(self) -> Locator:
        return self.page.locator("#cv-panel")

    @property
    def toast(self) -> Locator:
        return self.page.locator("#cv-toast .cv-toast")

    def ready(self) -> Chat:
        """Wait until the page can be used."""
        self.page.wait_for_selector("html[data-ready]")
        expect(self.page.locator("#cv-thread :is(.cv-welcome, article)").first).to_be_attached()
        return self

    def ask(self, question: str = ASKED) -> Chat:
        """Send a question, and don't wait."""
        self.field.fill(question)
        self.field.press("Enter")
        return self

    def ask_held(self, question: str) -> Chat:
        """Send a question whose answer stops in the middle."""
        self.site.held.add(question)
        self.ask(question)
        expect(self.live.locator(".cv-words")).to_have_text("Có trong v")
        return self

    def ask_for_lead(self, question: str, sentence: str) -> Chat:
        """Send a question whose quotes are shown while the sentence above them is held up."""
        self.site.leads[question] = sentence
        self.site.held.add(question)
        self.ask(question)
        expect(self.live.locator(".cv-lead-waiting")).to_be_visible()
        return self

    def answered(self, question: str = ASKED) -> Chat:
        """Send a question and wait for the answer."""
        before = self.answers.count()
        self.ask(question)
        expect(self.answers).to_have_count(before + 1)
        return self

    def open_citation(self, marker: int = 1) -> Locator:
        """Press the first marker with a number and return the panel."""
        self.newest.locator(f".cv-mark[data-marker='{marker}']").first.click()
        expect(self.page.locator("#cv-panel-title")).to_be_focused()
        return self.panel

    def go_to_notices(self) -> None:
        self.page.locator("#cv-nav-notices").click()
        expect(self.page.locator("#cv-notices-title")).to_be_visible()

    def assert_kept_to_itself(self) -> None:
        """Nothing was asked of others, and nothing went wrong."""
        assert self.visit.outside(self.site.address) == []
        assert self.visit.errors == []


Open = Callable[..., Chat]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site with two notices and a draft; it takes a second to start, so once a file."""
    folder = tmp_path_factory.mktemp("site")
    settings = Settings(home=folder / "home", models=folder / "models")
    notices = write(folder / "in", **THREE)
    with site_on(settings, notices) as opened:
        yield opened


@pytest.fixture
def chat(site: Site, visits: Callable[..., Visit]) -> Iterator[Open]:
    """Opens a tab in a browser profile of its own."""

    def visit(on: Site | None = None, path: str = "/", **options: object) -> Chat:
        one = on or site
        return Chat(visits(one.address + path, **options), one).ready()

    yield visit
    site.held.clear()
