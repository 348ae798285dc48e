"""The widget for everyone: by keyboard, by ear, on a phone, light and dark, in two languages."""

# ruff: noqa: F401, F811 - fixtures are imported, then named as arguments

from __future__ import annotations

import pytest
from fakes_portal import Assistant, answer_events
from playwright.sync_api import expect
from widget_page import ASKED, Chat, Open, chat, chromium, fake, stage, visits

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}


def test_everything_by_keyboard_alone(chat: Open) -> None:
    one = chat()
    keys = one.page.keyboard
    one.launcher.focus()
    keys.press("Enter")
    one.focus_is_on(one.field)
    keys.type("Dòng một")
    keys.press("Shift+Enter")
    keys.type("dòng hai?")
    expect(one.field).to_have_value("Dòng một\ndòng hai?")
    keys.press("Enter")
    expect(one.button("Chép câu trả lời")).to_be_visible()
    one.focus_is_on(one.field)
    for _ in range(30):  # round the dialog, never out of it
        keys.press("Tab")
        assert one.page.evaluate("document.activeElement.localName") == "congvu-chat"
    marker = one.button("[1] Mở điều khoản").first
    for _ in range(30):
        keys.press("Shift+Tab")
        if marker.evaluate("node => node.getRootNode().activeElement === node"):
            break
    one.focus_is_on(marker)
    keys.press("Enter")
    one.focus_is_on(one.dialog.get_by_role("heading", name="mục II.1.a"))
    keys.press("Tab")
    assert one.page.evaluate("document.activeElement.localName") == "congvu-chat"
    keys.press("Escape")
    one.focus_is_on(marker)
    keys.press("Escape")
    expect(one.dialog).to_have_count(0)
    one.focus_is_on(one.launcher)


def test_keys_of_an_input_method_are_not_taken(fake: Assistant, chat: Open) -> None:
    one = chat().open()
    one.field.fill("Ai chu tri")
    one.field.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    one.field.dispatch_event("keydown", {"key": "Escape", "isComposing": True, "bubbles": True})
    expect(one.field).to_have_value("Ai chu tri")
    assert fake.bodies == []


def test_a_screen_reader_hears_what_happens(fake: Assistant, chat: Open) -> None:
    fake.hold = 1
    one = chat().open()
    said = one.dialog.get_by_role("status")
    one.ask()
    expect(said).to_have_text("Đã tìm thấy 2 điều khoản, đang soạn câu trả lời…")
    fake.go.set()
    expect(said).to_contain_text("Trả lời. Cơ quan chủ trì: Công an tỉnh [1].")


def test_a_phone_shows_it_on_the_whole_screen(chat: Open) -> None:
    one = chat(reduced_motion="reduce", **PHONE).open()
    box = one.dialog.bounding_box()
    assert box == {"x": 0, "y": 0, "width": 320, "height": 640}
    expect(one.dialog).to_have_attribute("aria-modal", "true")
    one.ask("Một_từ_rất_dài_không_có_chỗ_nào_để_xuống_dòng_trong_khung_hẹp?")
    expect(one.newest).to_contain_text("Căn cứ")
    wide = (
        "node => [...node.querySelectorAll('*')].filter("
        "n => n.getBoundingClientRect().right > 320.5).map(n => n.className)"
    )
    assert one.dialog.evaluate(wide) == []
    one.newest.get_by_role("button", name="[1]").first.tap()
    mark = one.dialog.locator("mark").bounding_box()
    assert mark is not None
    assert 0 < mark["y"] < 640, "the quote is not in sight"
    assert one.dialog.evaluate(wide) == []


def test_a_long_answer_keeps_its_question_in_sight_and_leaves_the_reader_alone(
    fake: Assistant, chat: Open
) -> None:
    long = "\n".join(f"- Việc thứ {number} [1]" for number in range(80))
    fake.events = answer_events(answer=long)
    fake.hold = 30
    one = chat().open().ask("Câu một?").ask("Không gửi được khi đang trả lời")
    log = one.dialog.get_by_role("region", name="Cuộc hỏi đáp")
    expect(one.newest).to_contain_text("Việc thứ 50")
    expect(one.newest.get_by_text("Câu một?")).to_be_in_viewport()
    expect(one.field).to_have_value("Không gửi được khi đang trả lời")
    assert log.evaluate("node => node.scrollTop") > 0
    log.hover()
    one.page.mouse.wheel(0, 300)
    expect(one.newest.get_by_text("Câu một?")).not_to_be_in_viewport()
    fake.go.set()
    expect(one.newest).to_contain_text("Căn cứ")
    expect(one.newest.get_by_text("Câu một?")).not_to_be_in_viewport()


@pytest.mark.parametrize(
    ("attribute", "system", "dark"),
    [
        ("", "light", False),
        ("", "dark", True),
        ('data-theme="light"', "dark", False),
        ('data-theme="dark"', "light", True),
    ],
)
def test_light_and_dark(chat: Open, attribute: str, system: str, dark: bool) -> None:
    one = chat(attribute, color_scheme=system).open()
    expected = "rgb(16, 20, 26)" if dark else "rgb(243, 245, 248)"
    expect(one.dialog).to_have_css("background-color", expected)


def test_the_system_may_change_its_mind(chat: Open) -> None:
    one = chat(color_scheme="light").open()
    one.page.emulate_media(color_scheme="dark")
    expect(one.dialog).to_have_css("background-color", "rgb(16, 20, 26)")


def test_nothing_moves_for_those_who_asked_for_rest(chat: Open) -> None:
    one = chat(reduced_motion="reduce").open()
    assert one.dialog.evaluate("node => getComputedStyle(node).animationName") == "none"


@pytest.mark.parametrize(
    ("system", "attribute"),
    [
        ("light", ""),
        ("dark", ""),
        ("light", 'data-primary="#ffe600"'),  # white on it, or it on white, can't be read
        ("dark", 'data-primary="#101010"'),
    ],
)
def test_axe_finds_no_barrier(fake: Assistant, chat: Open, system: str, attribute: str) -> None:
    one = chat(attribute, color_scheme=system, reduced_motion="reduce")
    assert one.visit.axe_violations() == []
    one.open().ask()
    expect(one.newest).to_contain_text("Căn cứ")
    fake.status, fake.problem = 500, {"detail": "Hỏng."}
    one.ask("Câu nữa?")
    expect(one.newest).to_contain_text("Hỏng.")
    assert one.visit.axe_violations() == []
    one.newest.page.get_by_role("button", name="[2] Mở").first.click()
    expect(one.dialog.locator("mark")).to_be_visible()
    assert one.visit.axe_violations() == []


def test_a_colour_that_is_no_colour_changes_nothing(chat: Open) -> None:
    one = chat("data-primary='red;}*{display:none'")
    expect(one.launcher).to_have_css("background-color", "rgb(11, 74, 134)")


def test_english_labels_around_vietnamese_answers(chat: Open) -> None:
    one = chat('data-lang="en"')
    one.page.get_by_role("button", name="Ask the notices").click()
    one.dialog.get_by_role("textbox", name="Your question").fill(ASKED)
    one.page.keyboard.press("Enter")
    one.dialog.get_by_role("button", name="[1] Open clause").first.click()
    expect(one.dialog).to_contain_text("5 November 2025")
    expect(one.dialog.locator("blockquote")).to_have_attribute("lang", "vi")


def test_a_portal_may_open_it_from_its_own_button(chat: Open) -> None:
    one = chat()
    link = one.page.get_by_role("link", name="Văn bản")
    link.focus()
    one.page.evaluate("document.querySelector('congvu-chat').open()")
    one.focus_is_on(one.field)
    one.page.keyboard.press("Escape")
    one.focus_is_on(link)
