"""Take the README's pictures: the site on the sample notices, with the real models.

``make screenshots`` runs it. The home folder is a temporary one, so nothing of the person's own
notices can get into a picture. Takes a minute or two; needs Debian's ``chromium``.
"""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

IMAGES = Path(__file__).parents[1] / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--force-color-profile=srgb")
MOST_BYTES = 400_000
ANSWER_MS = 90_000

QUESTION = "Ai chủ trì xây dựng Kho dữ liệu dùng chung của tỉnh và hạn khi nào?"
EARLIER = (
    "Danh mục 30 nền tảng số dùng chung của tỉnh có còn được dùng không?",
    "Trong 13 nhiệm vụ quá hạn có bao nhiêu nhiệm vụ quá hạn trên 90 ngày?",
)
ON_THE_PHONE = "thoi gian cho binh quan o phuong Ben Go la bao nhieu phut?"
PHONE = {"width": 390, "height": 844}
LIST = {"width": 1180, "height": 810}
READER = {"width": 1180, "height": 640}


@contextmanager
def serving() -> Iterator[str]:
    """Run ``congvu serve`` on the samples in a home of its own; yield the page's address."""
    command = [str(Path(sys.executable).with_name("congvu")), "serve", "--samples", "--port", "0"]
    with tempfile.TemporaryDirectory(prefix="congvu-pictures-") as home:
        server = subprocess.Popen(  # noqa: S603 - our own program
            command,
            env={**os.environ, "CONGVU_HOME": home, "COLUMNS": "200"},
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield _address(server)
        finally:
            server.terminate()
            server.communicate(timeout=60)


def _address(server: subprocess.Popen[str]) -> str:
    said = []
    for line in server.stderr or ():
        said.append(line)
        if found := re.search(r"Trang hỏi đáp: (\S+)", line):
            return found[1]
    raise SystemExit("".join(said))


def open_chat(page: Page, address: str) -> None:
    """Open the chat and wait until it can be used."""
    page.goto(address)
    page.wait_for_selector("html[data-ready]")
    expect(page.locator(".cv-example").first).to_be_visible()


def ask(page: Page, question: str) -> None:
    """Ask in a new conversation and wait for the answer."""
    expect(page.locator("#cv-thread article")).to_have_count(0)
    page.locator("#cv-question").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator("#cv-thread article")).to_have_count(1, timeout=ANSWER_MS)


def take_chat(browser: Browser, address: str) -> None:
    """A question with its answer, and the cited clause beside it."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    open_chat(page, address)
    for question in EARLIER:
        ask(page, question)
        page.locator("#cv-new").click()
    ask(page, QUESTION)
    page.locator(".cv-mark").first.click()
    expect(page.locator("#cv-panel-text mark")).to_be_visible()
    keep(page.screenshot(), "chat.png")
    page.close()


def take_phone(browser: Browser, address: str) -> None:
    """An answer on a phone, typed without diacritics."""
    page = browser.new_page(
        viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True,
        reduced_motion="reduce",
    )  # fmt: skip
    open_chat(page, address)
    ask(page, ON_THE_PHONE)
    keep(page.screenshot(), "phone.png")
    page.close()


def take_notices(browser: Browser, address: str) -> None:
    """The list of notices, and below it one of them in full."""
    page = browser.new_page(viewport=LIST, reduced_motion="reduce")
    open_chat(page, address)
    page.locator("#cv-nav-notices").click()
    expect(page.locator("#cv-notice-table")).to_be_visible()
    halves = [page.screenshot()]
    page.get_by_role("link", name="18-TB/TGV").click()
    page.set_viewport_size(READER)
    page.mouse.move(0, 0)  # else what happens to lie below it looks chosen
    expect(page.locator(".cv-paper")).to_be_visible()
    halves.append(page.screenshot())
    pictures = "".join(
        f'<img src="data:image/png;base64,{base64.b64encode(half).decode()}">' for half in halves
    )
    both = LIST["height"] + READER["height"] + 12
    page.set_viewport_size({"width": LIST["width"], "height": both})
    page.goto("about:blank")
    page.set_content(
        "<style>body{margin:0;display:grid;gap:12px;background:#c9ced4}</style>" + pictures
    )
    keep(page.screenshot(), "notices.png")
    page.close()


def take_widget(browser: Browser, address: str) -> None:
    """The demo page of a portal with the widget open."""
    page = browser.new_page(viewport={"width": 1180, "height": 820}, reduced_motion="reduce")
    page.goto(f"{address}widget/demo.html")
    page.get_by_role("button", name="Hỏi văn bản").click()
    page.get_by_role("textbox", name="Câu hỏi của bạn").fill(EARLIER[0])
    page.keyboard.press("Enter")
    copy = page.get_by_role("button", name="Chép câu trả lời")
    expect(copy).to_be_visible(timeout=ANSWER_MS)
    keep(page.screenshot(), "widget.png")
    page.close()


def keep(picture: bytes, name: str) -> None:
    """Write a picture down.

    Raises:
        SystemExit: it is too large for a repository.
    """
    if len(picture) > MOST_BYTES:
        raise SystemExit(f"{name}: {len(picture)} bytes, more than {MOST_BYTES}")
    (IMAGES / name).write_bytes(picture)
    sys.stdout.write(f"{name}: {len(picture) // 1000} kB\n")


def main() -> None:
    """Take all pictures."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with serving() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for take in (take_chat, take_phone, take_notices, take_widget):
            take(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
