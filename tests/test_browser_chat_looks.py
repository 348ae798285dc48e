"""The chat for everyone: by keyboard, on a phone, light and dark, signed in."""

# ruff: noqa: F401, F811 - fixtures are imported, then named as arguments

from __future__ import annotations

from pathlib import Path

import pytest
from browser import Visit
from chat_page import ASKED, CLAUSE, Chat, Open, Site, chat, chromium, site, site_on, visits
from fakes_assistant import NOTICE, write
from playwright.sync_api import Locator, Page, expect

from assistant.runtime.settings import Settings
from assistant.service.callers import Scope

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
WIDER = (
    "() => [...document.querySelectorAll('#cv-top *, #cv-main *, #cv-notices *, #cv-panel *')]"
    ".filter(n => n.checkVisibility() && n.getBoundingClientRect().right > innerWidth + 1"
    " && !n.closest('.cv-sr, .cv-paper-table, .cv-table thead')).map(n => n.outerHTML.slice(0, 99))"
)


def press_until(page: Page, key: str, there: Locator) -> None:
    """Press a key until the focus is on an element."""
    for _ in range(40):
        page.keyboard.press(key)
        if there.evaluate("node => document.activeElement === node"):
            return
    pytest.fail(f"{key} does not lead there")


def test_everything_by_keyboard_alone(chat: Open) -> None:
    one = chat()
    keys = one.page.keyboard
    press_until(one.page, "Tab", one.page.get_by_role("link", name="Tới phần nội dung"))
    keys.press("Enter")
    expect(one.field).to_be_focused()
    keys.type("Sở Công Thương")
    keys.press("Shift+Enter")
    keys.type("rà soát mấy kho?")
    expect(one.field).to_have_value("Sở Công Thương\nrà soát mấy kho?")
    keys.press("Enter")
    expect(one.newest).to_contain_text("Có trong văn bản [1].")
    expect(one.field).to_be_focused()
    mark = one.newest.locator(".cv-mark")
    press_until(one.page, "Shift+Tab", mark)
    keys.press("Enter")
    expect(one.page.locator("#cv-panel-title")).to_be_focused()
    expect(one.panel.locator("mark")).to_have_text(CLAUSE)
    press_until(one.page, "Tab", one.panel.locator("[data-act=read]"))
    keys.press("Escape")
    expect(one.panel).to_be_hidden()
    expect(mark).to_be_focused()


def test_keys_of_an_input_method_are_not_taken(chat: Open) -> None:
    one = chat()
    one.field.fill("Ai chu tri")
    one.field.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    expect(one.field).to_have_value("Ai chu tri")
    expect(one.answers).to_have_count(0)


def test_a_phone_has_a_drawer_and_a_sheet(chat: Open) -> None:
    one = chat(reduced_motion="reduce", **PHONE)
    side = one.page.locator("#cv-side")
    expect(side).to_be_hidden()
    opener = one.page.locator(".cv-top [data-act=drawer]")
    opener.tap()
    expect(side).to_be_visible()
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(one.page.locator("#cv-new")).to_be_focused()
    one.page.keyboard.press("Escape")
    expect(side).to_be_hidden()
    assert one.page.evaluate(WIDER) == []
    one.answered("Sở Công Thương rà_soát_một_từ_dài_không_có_chỗ_nào_để_xuống_dòng?")
    expect(one.field).not_to_be_focused()  # its keyboard would cover the answer
    assert one.page.evaluate(WIDER) == []
    one.newest.locator(".cv-mark").tap()
    expect(one.panel.locator("mark")).to_have_text(CLAUSE)
    box = one.panel.bounding_box()
    assert box is not None
    assert (box["x"], box["width"], box["y"] + box["height"]) == (0, 360, 740)
    assert box["y"] > 100
    assert one.page.evaluate(WIDER) == []
    one.panel.locator("#cv-panel-close").tap()
    expect(one.panel).to_be_hidden()
    one.go_to_notices()
    assert one.page.evaluate(WIDER) == []
    one.page.get_by_role("link", name="12/TB-UBND").tap()
    expect(one.page.locator(".cv-paper")).to_be_visible()
    assert one.page.evaluate(WIDER) == []
    one.assert_kept_to_itself()


@pytest.mark.parametrize(
    ("theme", "options"),
    [
        ("light", {}),
        ("dark", {"color_scheme": "dark"}),
        ("light", PHONE),
    ],
    ids=["light", "dark", "phone"],
)
def test_axe_finds_no_barrier(chat: Open, theme: str, options: dict[str, object]) -> None:
    one = chat(reduced_motion="reduce", **options)
    expect(one.page.locator("html")).to_have_attribute("data-theme", theme)
    assert one.visit.axe_violations() == []
    one.answered("Bao nhiêu kho được sửa?").answered("Ngân sách quốc phòng?").answered()
    one.open_citation()
    assert one.visit.axe_violations() == []
    one.page.keyboard.press("Escape")
    one.newest.locator("[data-act=down]").click()
    assert one.visit.axe_violations() == []
    one.go_to_notices()
    assert one.visit.axe_violations() == []
    one.page.get_by_role("link", name="12/TB-UBND").click()
    expect(one.page.locator(".cv-paper")).to_be_visible()
    assert one.visit.axe_violations() == []


def test_axe_finds_no_barrier_while_the_sentence_is_written(site: Site, chat: Open) -> None:
    one = chat(**PHONE)
    question = "Sở Công Thương rà soát 7 kho, còn viết?"
    one.ask_for_lead(question, "Bảy kho lạnh được rà soát [1].")
    assert one.visit.axe_violations() == []
    assert one.page.evaluate(WIDER) == []
    site.held.clear()
    expect(one.newest.locator(".cv-lead")).to_be_visible()
    assert one.visit.axe_violations() == []
    assert one.page.evaluate(WIDER) == []


def test_dark_is_chosen_and_remembered(chat: Open) -> None:
    one = chat()
    ground = "getComputedStyle(document.body).backgroundColor"
    light = one.page.evaluate(ground)
    one.page.locator("#cv-theme").click()
    expect(one.page.locator("html")).to_have_attribute("data-theme", "dark")
    dark = one.page.evaluate(ground)
    assert sum(map(int, dark[4:-1].split(","))) < 120 < sum(map(int, light[4:-1].split(",")))
    one.page.reload()
    one.ready()
    assert one.page.evaluate(ground) == dark


def test_a_screen_reader_hears_what_happens(site: Site, chat: Open) -> None:
    one = chat()
    said = one.page.locator("#cv-status [role=status]")
    question = "Sở Công Thương rà soát, nghe?"
    one.ask_held(question)
    expect(said).to_have_text("Đang xem 1 điều khoản.")
    expect(one.live).to_have_attribute("aria-busy", "true")
    site.held.clear()
    expect(said).to_have_text("Đã trả lời, có 1 dẫn chiếu.")
    expect(one.live).to_have_attribute("aria-busy", "false")


def test_signing_in_asking_and_signing_out(
    settings: Settings, tmp_path: Path, chat: Open, visits: object
) -> None:
    closed = settings.replaced(require_keys=True)
    with site_on(closed, write(tmp_path / "in", a=NOTICE)) as locked:
        key = locked.key(Scope.ASK, Scope.READ)
        visit: Visit = visits(locked.address)  # type: ignore[operator]
        page = visit.page
        assert page.url.endswith("/dang-nhap")
        assert visit.axe_violations() == []
        page.get_by_label("Khoá truy cập").fill("congvu_sai")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_be_visible()
        assert visit.axe_violations() == []
        assert visit.errors.pop().count("401") == 1
        page.get_by_label("Khoá truy cập").fill(key)
        page.keyboard.press("Enter")
        one = Chat(visit, locked).ready().answered()
        expect(one.open_citation().locator("mark")).to_have_text(CLAUSE)
        one.go_to_notices()
        expect(page.locator("#cv-file, [data-act=remove]")).to_have_count(0)
        page.get_by_role("button", name="Đăng xuất").click()
        page.wait_for_url("**/dang-nhap")
        assert page.context.cookies() == []
        page.goto(locked.address)
        assert page.url.endswith("/dang-nhap")
        one.assert_kept_to_itself()


def test_nobody_signs_out_where_nobody_signs_in(chat: Open) -> None:
    expect(chat().page.get_by_role("button", name="Đăng xuất")).to_have_count(0)
