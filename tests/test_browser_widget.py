"""The widget as people meet it: in Chromium, on a portal of another origin than the assistant."""

# ruff: noqa: F401, F811 - fixtures are imported, then named as arguments

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from browser import Visit
from fakes_api import CLOSED, opened, served, wait_for
from fakes_assistant import QUESTION
from fakes_portal import (
    ANSWER,
    CITED,
    CLAUSE,
    HOSTILE,
    QUOTE,
    REFUSAL,
    Assistant,
    Portal,
    answer_events,
    event,
    found,
    lead_events,
    torn,
    whole,
)
from playwright.sync_api import expect
from widget_page import ASKED, Chat, Open, Places, chat, chromium, fake, stage, visits

from assistant.runtime.settings import Settings
from assistant.service.callers import Scope
from ui.widget import mount_widget

pytestmark = pytest.mark.browser


def test_an_answer_streams_in_and_its_marker_opens_the_clause(fake: Assistant, chat: Open) -> None:
    fake.hold = 3
    one = chat().open().ask()
    expect(one.newest).to_contain_text("Cơ quan chủ trì: Công an tỉnh")
    expect(one.newest).not_to_contain_text("Căn cứ")
    fake.go.set()
    expect(one.newest).to_contain_text("“Kho dữ liệu dùng chung (Sở KHCN, hạn 31/12/2025).” [2]")
    expect(one.newest).to_contain_text("Báo cáo là bản DỰ THẢO")
    one.button("[1] Mở điều khoản: mục II.1.a, Kế hoạch số 45/KH-UBND").first.click()
    sheet = one.dialog.get_by_role("region", name="Điều khoản được dẫn")
    expect(sheet.locator("mark")).to_have_text(QUOTE)
    expect(sheet.locator("blockquote")).to_have_text(CLAUSE["text"])
    for part in ("mục II.1.a", "45/KH-UBND", "05/11/2025", "LAM KHÊ", "Đã ban hành", "dòng 22"):
        expect(sheet).to_contain_text(part)
    expect(sheet).to_contain_text("1. Dữ liệu dùng chung")
    one.button("Quay lại").click()
    one.focus_is_on(one.button("[1] Mở điều khoản").first)
    one.assert_kept_to_itself()


LEAD = "Công an tỉnh chủ trì xây dựng Kho dữ liệu dùng chung, xong trước ngày 31/3/2026 [1]."


@pytest.mark.parametrize(
    "options", [{}, {"viewport": {"width": 390, "height": 700}}], ids=["desk", "phone"]
)
def test_the_quotes_are_read_while_the_sentence_above_them_is_written(
    fake: Assistant, chat: Open, options: dict[str, object]
) -> None:
    fake.events = lead_events(LEAD)
    fake.hold = len(fake.events) - 2
    one = chat(**options).open().ask()
    quotes = one.newest.locator(".answer")
    expect(one.newest.locator(".status")).to_have_text("Đang viết câu tóm tắt…")
    expect(one.newest).to_contain_text("Căn cứ")
    marker = quotes.get_by_role("button", name="[1] Mở điều khoản").first
    marker.focus()
    before = quotes.bounding_box()
    assert before is not None
    fake.go.set()
    expect(one.newest.get_by_role("button", name="Chép")).to_be_visible()
    expect(one.newest.locator(".lead")).to_have_text(LEAD)
    after = quotes.bounding_box()
    assert after is not None
    assert abs(after["y"] - before["y"]) <= 1, "the quotes moved under their reader"
    expect(marker).to_be_focused()
    expect(one.newest.locator(".status")).to_be_hidden()
    expect(quotes).to_have_text(ANSWER.replace("\n\n", "").replace("\n", "").replace("- ", ""))
    assert one.visit.axe_violations() == []
    one.assert_kept_to_itself()


def test_a_sentence_that_never_comes_moves_nothing(fake: Assistant, chat: Open) -> None:
    fake.events = lead_events("")
    fake.hold = len(fake.events) - 1
    one = chat().open().ask()
    expect(one.newest.locator(".status")).to_have_text("Đang viết câu tóm tắt…")
    before = one.newest.locator(".answer").bounding_box()
    fake.go.set()
    expect(one.newest.get_by_role("button", name="Chép")).to_be_visible()
    assert one.newest.locator(".answer").bounding_box() == before
    expect(one.newest.locator(".lead")).to_be_hidden()


def test_stop_while_the_sentence_is_written_leaves_the_quotes(fake: Assistant, chat: Open) -> None:
    fake.events = lead_events(LEAD)
    fake.hold = len(fake.events) - 2
    one = chat().open().ask()
    expect(one.newest.locator(".status")).to_have_text("Đang viết câu tóm tắt…")
    one.button("Dừng trả lời").click()
    expect(one.newest).to_contain_text("Đã dừng theo yêu cầu.")
    expect(one.newest.locator(".answer")).to_contain_text(QUOTE)
    wait_for(fake.left.is_set)


def test_a_draft_is_marked_and_a_quote_across_a_page_break_is_found(chat: Open) -> None:
    one = chat().open().ask()
    one.newest.get_by_role("button", name="[2]").last.click()
    sheet = one.dialog.get_by_role("region", name="Điều khoản được dẫn")
    expect(sheet.locator("mark")).to_have_text("Kho dữ liệu dùng chung (Sở KHCN, hạn 31/12/2025)")
    expect(sheet).to_contain_text("Đây là bản dự thảo")
    expect(sheet).to_contain_text("dòng 71–72")


def test_the_evidence_can_be_read_while_the_answer_is_written(fake: Assistant, chat: Open) -> None:
    fake.hold = 1
    one = chat().open().ask()
    expect(one.newest).to_contain_text("Đã tìm thấy 2 điều khoản")
    one.newest.get_by_text("Các điều khoản đã tìm thấy (2)").click()
    one.button("mục II.1.a").click()
    expect(one.dialog.locator("blockquote")).to_have_text(CLAUSE["text"])
    expect(one.dialog.locator("mark")).to_have_count(0)
    fake.go.set()
    one.button("Quay lại").click()
    expect(one.newest).to_contain_text("Căn cứ")


def test_a_stream_may_be_cut_anywhere_on_its_way(fake: Assistant, chat: Open) -> None:
    fake.events = [b": ...\r\n\r\n", *torn(answer_events())]
    fake.pause = 0.002
    one = chat().open().ask()
    expect(one.newest.locator(".answer li").last).to_contain_text("hạn 31/12/2025")
    expect(one.newest.get_by_role("button", name="[1] Mở").first).to_be_visible()
    one.newest.get_by_text("Các điều khoản đã tìm thấy").click()
    assert "\ufffd" not in one.newest.inner_text()


def test_a_refusal_looks_different(fake: Assistant, chat: Open) -> None:
    fake.events = [
        found(),
        event(
            "done",
            whole(refused=True, refusal_reason="not_supported", answer=REFUSAL, citations=[]),
        ),
    ]
    one = chat().open().ask("Lương bao nhiêu?")
    expect(one.newest.get_by_role("heading")).to_have_text("Văn bản không nêu điều được hỏi")
    expect(one.newest).to_contain_text(REFUSAL)
    expect(one.newest).not_to_contain_text("Căn cứ")
    expect(one.newest.locator(".card")).to_have_css("border-style", "dashed")


@pytest.mark.parametrize(
    ("status", "title"),
    [(429, "Có quá nhiều câu hỏi cùng lúc"), (503, "Trợ lý chưa trả lời được lúc này")],
)
def test_a_busy_assistant_is_asked_again_when_it_said(
    fake: Assistant, chat: Open, status: int, title: str
) -> None:
    fake.status, fake.headers = status, {"Retry-After": "30"}
    fake.problem = {"title": "Bận", "detail": "Bốn câu đang chờ.", "remedy": "Thử lại."}
    one = chat().open()
    one.page.clock.install()
    one.ask()
    expect(one.newest).to_contain_text(f"{title}Bốn câu đang chờ. Thử lại.")
    again = one.newest.get_by_role("button", name="Hỏi lại")
    expect(again).to_contain_text("Hỏi lại sau")
    one.page.clock.fast_forward(20_000)
    expect(again).to_have_text(re.compile(r"Hỏi lại sau \d giây"))
    expect(again).to_have_attribute("aria-disabled", "true")
    again.click(force=True)
    fake.problem, fake.status = None, 200
    one.page.clock.fast_forward(10_000)
    expect(again).to_have_text("Hỏi lại")
    assert len(fake.bodies) == 1, "asked before the time was over"
    again.click()
    expect(one.newest).to_contain_text("Căn cứ")
    expect(one.dialog.get_by_role("article")).to_have_count(1)
    one.assert_kept_to_itself(errors=(f"status of {status}",))


def test_a_cut_stream_is_no_answer(fake: Assistant, chat: Open) -> None:
    fake.events = answer_events()[:4]
    one = chat().open().ask()
    expect(one.newest).to_contain_text("Kết nối bị ngắt giữa chừng")
    expect(one.newest.get_by_role("button", name="Chép")).to_have_count(0)
    fake.events = answer_events()
    one.newest.get_by_role("button", name="Hỏi lại").click()
    expect(one.newest).to_contain_text("Căn cứ")
    expect(one.newest).not_to_contain_text("Kết nối bị ngắt")


def test_an_error_in_the_stream_is_told(fake: Assistant, chat: Open) -> None:
    problem = {"title": "Lâu", "status": 504, "detail": "Mất quá 60 giây.", "remedy": "Hỏi ngắn."}
    fake.events = [*answer_events()[:3], event("error", problem)]
    one = chat().open().ask()
    expect(one.newest).to_contain_text("Trợ lý gặp sự cốMất quá 60 giây. Hỏi ngắn.")


@pytest.mark.parametrize("broken", [b"event: delta\ndata: {\n\n", b"event: done\ndata: null\n\n"])
def test_a_stream_that_makes_no_sense_counts_as_cut(
    fake: Assistant, chat: Open, broken: bytes
) -> None:
    fake.events = [found(), broken]
    one = chat().open().ask()
    expect(one.newest).to_contain_text("Kết nối bị ngắt giữa chừng")


def test_a_connection_that_fell_silent_is_given_up(fake: Assistant, chat: Open) -> None:
    fake.hold = 2
    one = chat('data-timeout="1"').open().ask()
    expect(one.newest).to_contain_text("Kết nối bị ngắt giữa chừng")
    wait_for(fake.left.is_set)


def test_an_assistant_that_is_not_there(chat: Open) -> None:
    one = chat('data-endpoint="http://127.0.0.1:9"')
    one.open().ask()
    # Chromium tells that port 9 is never called, or the policy does: both look the same here.
    expect(one.newest).to_contain_text("Không kết nối được với trợ lý")
    one.page.context.set_offline(True)
    one.newest.get_by_role("button", name="Hỏi lại").click()
    expect(one.newest).to_contain_text("Không có mạng")


def test_a_page_that_may_not_ask_is_told_so(fake: Assistant, chat: Open) -> None:
    fake.status, fake.problem = 403, {"detail": "Khoá không dành cho trang này."}
    one = chat('data-key="congvu_x"').open().ask()
    expect(one.newest).to_contain_text("Khoá không dành cho trang này.")
    expect(one.newest.get_by_role("button", name="Hỏi lại")).to_have_count(0)
    assert fake.seen[0]["authorization"] == "Bearer congvu_x"
    assert fake.seen[0]["origin"] == one.portal
    assert "cookie" not in fake.seen[0]
    assert "referer" not in fake.seen[0]


def test_a_question_that_cannot_be_used_comes_back_to_be_edited(
    fake: Assistant, chat: Open
) -> None:
    fake.status, fake.problem = 422, {"detail": "Câu hỏi quá dài."}
    one = chat().open().ask("Câu rất dài?")
    one.newest.get_by_role("button", name="Sửa câu hỏi").click()
    expect(one.field).to_have_value("Câu rất dài?")
    one.focus_is_on(one.field)


def test_stop_ends_the_answer_on_the_server_too(fake: Assistant, chat: Open) -> None:
    fake.hold = 3
    one = chat().open().ask()
    expect(one.newest).to_contain_text("Cơ quan chủ trì")
    one.button("Dừng trả lời").click()
    expect(one.newest).to_contain_text("Đã dừng theo yêu cầu")
    wait_for(fake.left.is_set)
    one.focus_is_on(one.field)
    expect(one.button("Gửi câu hỏi")).to_be_visible()
    one.assert_kept_to_itself()


def test_questions_belong_to_one_conversation_until_a_new_one(fake: Assistant, chat: Open) -> None:
    one = chat().open().ask("Câu một?")
    expect(one.button("Chép câu trả lời")).to_have_count(1)
    one.ask("Câu hai?")
    expect(one.button("Chép câu trả lời")).to_have_count(2)
    one.button("Cuộc hỏi đáp mới").click()
    expect(one.dialog.get_by_role("article")).to_have_count(0)
    one.ask("Câu ba?")
    expect(one.button("Chép câu trả lời")).to_have_count(1)
    asked = [(body["question"], body.get("conversation_id")) for body in fake.bodies]
    assert asked == [("Câu một?", None), ("Câu hai?", "talk-1"), ("Câu ba?", None)]
    assert all(body["stream"] is True for body in fake.bodies)


def test_a_new_conversation_stops_the_answer_under_way(fake: Assistant, chat: Open) -> None:
    fake.hold = 3
    one = chat().open().ask("Câu một?")
    expect(one.newest).to_contain_text("Cơ quan chủ trì")
    one.button("Cuộc hỏi đáp mới").click()
    wait_for(fake.left.is_set)
    fake.hold = None
    one.ask("Câu hai?")
    expect(one.newest).to_contain_text("Căn cứ")
    expect(one.dialog.get_by_role("article")).to_have_count(1)
    assert "conversation_id" not in fake.bodies[-1]


def test_markup_in_answers_notices_and_questions_is_only_text(fake: Assistant, chat: Open) -> None:
    clause = {**CLAUSE, "text": f"Đầu {HOSTILE} cuối", "label": HOSTILE, "context": HOSTILE}
    notice = dict.fromkeys(CITED["notice"], HOSTILE)
    cited = {**CITED, "clause": clause, "notice": notice, "quote": HOSTILE}
    warning = {"kind": HOSTILE, "text": HOSTILE, "clauses": []}
    fake.events = answer_events(
        answer=f"{HOSTILE} [1]\n- {HOSTILE}", citations=[cited], warnings=[warning]
    )
    one = chat(f"data-title='{HOSTILE}'").open().ask(HOSTILE)
    expect(one.newest).to_contain_text(f"{HOSTILE} [1]")
    one.newest.get_by_role("button", name="[1]").first.click()
    expect(one.dialog.locator("mark")).to_have_text(HOSTILE)
    assert one.page.locator("congvu-chat img, congvu-chat script").count() == 0
    assert one.page.evaluate("window.hurt") is None
    one.assert_kept_to_itself()


@pytest.mark.parametrize("safe_page", [True, False])
def test_the_answer_is_copied_with_its_sources(chat: Open, safe_page: bool) -> None:
    one = chat(permissions=["clipboard-read", "clipboard-write"])
    if not safe_page:  # a portal without HTTPS has no clipboard
        one.page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    one.open().ask()
    one.button("Chép câu trả lời").click()
    expect(one.button("Đã chép")).to_be_focused()
    one.field.focus()
    one.page.keyboard.press("Control+v")
    copied = one.field.input_value()
    assert copied.startswith(f"{ASKED}\n\n{ANSWER}\n")
    assert (
        f"[1] mục II.1.a, Kế hoạch số 45/KH-UBND ngày 05/11/2025, {CITED['notice']['issuer']}:"
        f" “{QUOTE}”" in copied
    )
    assert "ngày 15/06/2026 (Dự thảo)" in copied
    assert "AI soạn" in copied


def test_the_element_can_be_placed_by_the_page_and_taken_away(fake: Assistant, chat: Open) -> None:
    fake.hold = 3
    one = chat(path="/element")
    element = one.page.locator("congvu-chat")
    expect(element).to_have_count(1)
    one.page.get_by_role("button", name="Ask the notices").click()
    expect(one.dialog.get_by_role("heading", name="Own")).to_be_visible()
    element.evaluate("node => { node.dataset.title = 'Other'; }")
    expect(one.dialog.get_by_role("heading", name="Other")).to_be_visible()
    one.dialog.get_by_role("textbox").fill(ASKED)
    one.page.keyboard.press("Enter")
    expect(one.newest).to_contain_text("Cơ quan chủ trì")
    element.evaluate("node => node.remove()")
    wait_for(fake.left.is_set)
    one.assert_kept_to_itself()


def test_the_demo_works_where_it_is_served(
    fake: Assistant, stage: Places, visits: Callable[..., Visit]
) -> None:
    one = Chat(visits(f"{stage.host}/widget/demo.html"), stage.host, stage.host).open()
    one.button("Ai chủ trì xây dựng Kho dữ liệu").click()
    expect(one.newest).to_contain_text("Căn cứ")
    one.assert_kept_to_itself()


def test_the_real_api_answers_a_portal_whose_key_is_bound_to_it(
    settings: Settings,
    tmp_path: Path,
    visits: Callable[..., Visit],
) -> None:
    with opened(settings, tmp_path / "in", CLOSED) as api:
        mount_widget(api.app)
        with (
            served(api.app) as host,
            served(Portal(host).app()) as portal,
            served(Portal(host).app()) as stranger,
        ):
            key = api.key(Scope.ASK, name="portal", origins=(portal,))
            page = "/?with=" + quote(f'data-key="{key}"')
            one = Chat(visits(portal + page), host, portal).open().ask(QUESTION)
            one.newest.get_by_role("button", name="[1] Mở").first.click()
            expect(one.dialog.locator("mark")).to_be_visible()
            one.button("Quay lại").click()
            one.ask("Ngân sách quốc phòng?")
            expect(one.newest).to_contain_text("Văn bản không nêu điều được hỏi")
            one.assert_kept_to_itself()
            kept = api.service.records.history.conversations("portal")
            assert len(kept) == 1, "two questions are one conversation"

            other = Chat(visits(stranger + page), host, stranger).open().ask(QUESTION)
            expect(other.newest).to_contain_text("Không kết nối được với trợ lý")
