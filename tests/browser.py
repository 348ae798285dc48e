"""A real browser for tests: Debian's Chromium, and pages that remember what they did.

A test file that uses it is marked ``browser`` and imports the fixtures ``chromium`` and ``visits``.

The browser lives as long as the test file: Playwright's event loop counts as running in this
thread for as long as it is there, and an ``asyncio.run`` in a later file would refuse to start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Whatever a page asks for, nothing leaves this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
WAIT_MS = 8_000


@dataclass
class Visit:
    """A page, and what went on in it.

    Args:
        page: Playwright's page.
        requests: address of every request, in order.
        errors: what the page wrote to the console as an error, and exceptions nobody caught.
    """

    page: Page
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def outside(self, *origins: str) -> list[str]:
        """Return the requests to other places than ``origins``."""
        allowed = (*(f"{origin}/" for origin in origins), "data:", "about:")
        return [url for url in self.requests if not url.startswith(allowed)]

    def axe_violations(self) -> list[str]:
        """Return what axe finds to be a serious or critical barrier, shadow roots included."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{one['id']}: {node['target']} {node['failureSummary']}"
            for one in found
            if one["impact"] in {"serious", "critical"}
            for node in one["nodes"]
        ]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser of this test file."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def visits(chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens pages, each in a browser profile of its own; options are those of a context."""
    contexts = []

    def visit(url: str, **options: Any) -> Visit:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        contexts.append(context)
        context.set_default_timeout(WAIT_MS)
        opened = Visit(context.new_page())
        context.on("request", lambda request: opened.requests.append(request.url))
        opened.page.on("pageerror", lambda error: opened.errors.append(str(error)))
        opened.page.on(
            "console",
            lambda said: opened.errors.append(said.text) if said.type == "error" else None,
        )
        opened.page.goto(url)
        return opened

    yield visit
    for context in contexts:
        context.close()
