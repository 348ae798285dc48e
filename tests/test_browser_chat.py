"""The chat as people meet it: in Chromium, on the whole site."""

# ruff: noqa: F401, F811 - fixtures are imported, then named as arguments

from __future__ import annotations

from pathlib import Path

import pytest
from browser import Visit
from chat_page import ASKED, CLAUSE, Chat, Open, Site, chat, chromium, site, site_on, visits
from docx import Document
from fakes_api import wait_for
from fakes_assistant import NOTICE, write
from fakes_web import HOSTILE, HOSTILE_QUESTION
from playwright.sync_api import expect

from assistant.runtime.settings import Settings

pytestmark = pytest.mark.browser


def test_a_question_its_evidence_its_answer_and_the_clause(site: Site, chat: Open) -> None:
    one = chat()
    expect(one.page.locator("#cv-ai-notice")).to_contain_text("trí tuệ nhân tạo")
    question = "Sở Công Thương rà soát 7 kho nào?"
    one.ask_held(question)
    evidence = one.live.locator(".cv-evidence")
    expect(evidence.locator("summary")).to_contain_text("Đã xem 1 điều khoản")
    expect(evidence.locator("li")).to_contain_text("12/TB-UBND")
    expect(one.page.locator("#cv-stop")).to_be_visible()
    site.held.clear()
    expect(one.newest).to_contain_text("Có trong văn bản [1].")
    expect(one.live.locator("article")).to_have_count(0)
    expect(one.page.locator("#cv-send")).to_be_visible()
    panel = one.open_citation()
    expect(panel.locator("#cv-panel-text mark")).to_have_text(CLAUSE)
    for part in ("12/TB-UBND", "05/6/2031", "Đã ban hành", "dòng 8"):
        expect(panel).to_contain_text(part)
    panel.locator("[data-act=read]").click()
    target = one.page.locator(".cv-paper .cv-target")
    expect(target.locator("mark")).to_have_text(CLAUSE)
    expect(target).to_be_in_viewport()
    expect(target).to_be_focused()
    one.page.go_back()
    expect(one.newest).to_be_visible()
    one.assert_kept_to_itself()


LEAD = "Sở Công Thương rà soát 7 kho lạnh trước ngày 15/11/2031 [1]."
PHONE = {"viewport": {"width": 390, "height": 700}}
QUOTES = ".cv-words > :not(.cv-lead)"


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_the_quotes_are_read_while_the_sentence_above_them_is_written(
    site: Site, chat: Open, options: dict[str, object]
) -> None:
    one = chat(**options).answered().answered("Sở Y tế lập danh mục gì?")
    one.ask_for_lead(f"Sở Công Thương rà soát 7 kho, tóm lại? {len(options)}", LEAD)
    quotes = one.live.locator(QUOTES)
    expect(quotes).to_have_text("Có trong văn bản [1].")
    status = one.page.locator("#cv-status [role=status]")
    expect(status).to_have_text("Có 1 trích dẫn, đang viết câu tóm tắt.")
    expect(one.live.locator(".cv-source")).to_contain_text("12/TB-UBND")
    one.live.locator(".cv-mark").click()
    expect(one.panel.locator("#cv-panel-text mark")).to_have_text(CLAUSE)
    one.panel.get_by_role("button", name="Đóng điều khoản").click()
    one.live.locator(".cv-evidence summary").click()
    expect(one.live.locator(".cv-evidence li")).to_be_visible()
    one.live.locator(".cv-words .cv-mark").focus()
    one.page.wait_for_timeout(1100)  # by then somebody reads
    before = quotes.bounding_box()
    site.held.clear()
    expect(one.live.locator("article")).to_have_count(0)
    expect(one.newest.locator(".cv-lead")).to_have_text(LEAD)
    assert before is not None
    after = one.newest.locator(QUOTES).bounding_box()
    assert after is not None
    assert abs(after["y"] - before["y"]) <= 1, "the quotes moved under their reader"
    expect(one.newest.locator(f"{QUOTES} .cv-mark")).to_be_focused()
    expect(one.newest.locator(".cv-evidence li")).to_be_visible()
    one.assert_kept_to_itself()


def test_a_sentence_that_never_comes_moves_nothing(site: Site, chat: Open) -> None:
    one = chat()
    one.ask_for_lead("Sở Công Thương rà soát 7 kho, không thành?", "")
    one.page.wait_for_timeout(1100)
    before = one.live.locator(QUOTES).bounding_box()
    site.held.clear()
    expect(one.newest.locator(".cv-actions")).to_be_visible()
    expect(one.page.locator(".cv-lead, .cv-lead-waiting")).to_have_count(0)
    assert one.newest.locator(QUOTES).bounding_box() == before


def test_stop_while_the_sentence_is_written_leaves_the_quotes(site: Site, chat: Open) -> None:
    one = chat()
    question = "Sở Công Thương rà soát 7 kho, thôi?"
    one.ask_for_lead(question, LEAD)
    one.page.locator("#cv-stop").click()
    expect(one.live.locator(".cv-stopped")).to_contain_text("Đã dừng câu trả lời.")
    expect(one.live.locator(QUOTES)).to_have_text("Có trong văn bản [1].")
    assert site.cancel_of(question).is_set()
    wait_for(site.is_idle)
    one.assert_kept_to_itself()


def test_stop_ends_the_answer_and_frees_its_place(site: Site, chat: Open) -> None:
    one = chat()
    question = "Sở Y tế lập danh mục nào, dừng?"
    one.ask_held(question)
    assert not site.is_idle()
    one.page.locator("#cv-stop").click()
    expect(one.live.locator(".cv-stopped")).to_contain_text("Đã dừng câu trả lời.")
    assert site.cancel_of(question).is_set()
    wait_for(site.is_idle)
    expect(one.page.locator("#cv-send")).to_be_visible()
    expect(one.field).to_be_focused()
    site.held.clear()
    one.live.locator("[data-act=retry]").click()
    expect(one.newest).to_contain_text("Có trong văn bản [1].")
    expect(one.live.locator(".cv-stopped")).to_have_count(0)
    one.assert_kept_to_itself()


def test_a_closed_tab_ends_its_answer(site: Site, chat: Open) -> None:
    one = chat()
    question = "Sở Y tế lập danh mục nào, đóng?"
    one.ask_held(question)
    assert not site.cancel_of(question).is_set()
    one.page.close()
    wait_for(site.cancel_of(question).is_set)
    wait_for(site.is_idle)


def test_a_refusal_is_no_answer(chat: Open) -> None:
    one = chat().answered("Ngân sách quốc phòng?")
    expect(one.newest.locator(".cv-refusal-title")).to_have_text(
        "Không có căn cứ trong kho văn bản"
    )
    expect(one.newest).to_contain_text("Các văn bản trong kho không có nội dung này.")
    expect(one.newest.locator(".cv-mark, .cv-sources")).to_have_count(0)
    expect(one.page.locator("#cv-status [role=status]")).to_contain_text("Không trả lời")


def test_a_draft_is_called_a_draft(chat: Open) -> None:
    one = chat().answered("Bao nhiêu kho được sửa?")
    expect(one.newest.locator(".cv-warning-draft")).to_contain_text("Đây là dự thảo.")
    expect(one.newest.locator(".cv-source")).to_contain_text("DỰ THẢO")
    expect(one.open_citation().locator(".cv-chip-draft")).to_be_visible()


def test_an_answer_can_be_complained_about(site: Site, chat: Open) -> None:
    one = chat().answered()
    one.newest.get_by_role("button", name="Câu trả lời chưa tốt").click()
    form = one.newest.locator(".cv-feedback")
    form.get_by_label("Sai số liệu").check()
    form.get_by_label("Nói rõ hơn").fill("phải là 8 kho")
    form.get_by_role("button", name="Gửi góp ý").click()
    expect(one.toast).to_contain_text("góp ý đã được ghi lại")
    expect(form).to_be_hidden()
    down = one.newest.locator("[data-act=down]")
    expect(down).to_have_attribute("aria-pressed", "true")
    expect(down).to_be_focused()
    kept = site.service.records.history.feedback()[0]
    assert (kept.question, kept.verdict, kept.reason) == (ASKED, "down", "wrong_figure")
    assert kept.comment == "phải là 8 kho"


def test_an_answer_is_copied_with_its_citations(site: Site, chat: Open) -> None:
    one = chat(permissions=["clipboard-read", "clipboard-write"]).answered()
    one.newest.get_by_role("button", name="Chép").click()
    expect(one.toast).to_be_visible()
    copied = one.page.evaluate("navigator.clipboard.readText()")
    assert "Có trong văn bản [1]." in copied
    assert "12/TB-UBND" in copied


def test_a_conversation_is_taken_home_as_word_and_markdown(chat: Open, tmp_path: Path) -> None:
    one = chat().answered().answered("Sở Y tế lập danh mục gì?")
    for kind, ending in (("Word", "docx"), ("Markdown", "md")):
        with one.page.expect_download() as download:
            one.page.locator(".cv-exports a", has_text=kind).click()
        download.value.save_as(tmp_path / f"a.{ending}")
        # The browser takes the question mark out.
        assert download.value.suggested_filename == f"{ASKED[:-1]}_.{ending}"
    document = Document(str(tmp_path / "a.docx"))
    footer = document.sections[0].footer.paragraphs
    word = "\n".join(part.text for part in (*document.paragraphs, *footer))
    markdown = (tmp_path / "a.md").read_text(encoding="utf-8")
    for text in (word, markdown):
        for part in (ASKED, "Sở Y tế lập danh mục gì?", "12/TB-UBND", "trí tuệ nhân tạo"):
            assert part in text


def test_two_tabs_go_their_own_ways(site: Site, chat: Open) -> None:
    first, second = "Sở Công Thương rà soát, cửa một?", "Sở Y tế lập danh mục, cửa hai?"
    one = chat()
    other = Chat(Visit(one.page.context.new_page()), site)
    other.page.goto(site.address)
    other.ready()
    one.ask_held(first)
    other.ask_held(second)
    other.page.locator("#cv-stop").click()
    expect(other.live.locator(".cv-stopped")).to_be_visible()
    assert not site.cancel_of(first).is_set()
    site.held.clear()
    expect(one.newest).to_contain_text("Có trong văn bản [1].")
    expect(other.answers).to_have_count(0)
    other.answered("Sở Y tế lập danh mục gì?")
    expect(other.answers).to_have_count(1)
    expect(one.answers).to_have_count(1)
    expect(one.open_citation().locator("mark")).to_have_text(CLAUSE)
    expect(other.panel).to_be_hidden()


def test_only_the_chosen_notices_are_looked_at(chat: Open) -> None:
    one = chat()
    one.page.locator("#cv-filter summary").click()
    one.page.locator("#cv-filter-form input[name=kinds][value='Báo cáo']").check()
    expect(one.page.locator("#cv-filter-note")).to_have_text("Chỉ tìm trong: Báo cáo.")
    one.answered("Sở Công Thương rà soát mấy kho?")
    expect(one.newest.locator(".cv-refusal")).to_be_visible()
    one.page.get_by_role("button", name="Bỏ lọc").click()
    one.answered("Sở Công Thương rà soát mấy kho vậy?")
    expect(one.newest.locator(".cv-mark")).to_be_visible()


def test_past_conversations_are_named_deleted_and_brought_back(chat: Open) -> None:
    one = chat().answered("Sở Y tế lập danh mục trạm nào?")
    past = one.page.locator("#cv-list li", has_text="trạm nào")
    past.hover()
    past.locator("[data-act=rename]").click()
    one.page.locator("#cv-rename-name").fill("Các trạm <b>y tế</b>")
    one.page.keyboard.press("Enter")
    expect(one.page.locator(".cv-chat-title")).to_have_text("Các trạm <b>y tế</b>")
    past = one.page.locator("#cv-list li", has_text="Các trạm")
    past.hover()
    past.locator("[data-act=delete]").click()
    expect(past).to_have_count(0)
    expect(one.answers).to_have_count(0)
    one.toast.locator("[data-act=restore]").click()
    expect(past).to_have_count(1)
    one.page.locator("#cv-list-search").fill("y te")
    past.locator("[data-act=open]").click()
    expect(one.newest).to_contain_text("trạm nào")


def test_after_a_restart_a_citation_shows_what_it_was(
    settings: Settings, tmp_path: Path, chat: Open
) -> None:
    folder = tmp_path / "in"
    with site_on(settings, write(folder, a=NOTICE)) as before:
        one = chat(before).answered()
        one.page.close()
    changed = write(folder, a=NOTICE.replace("7 kho lạnh", "9 kho lạnh"))
    with site_on(settings, changed) as after:
        one = chat(after)
        one.page.locator("#cv-list [data-act=open]").click()
        expect(one.newest).to_contain_text("Có trong văn bản [1].")
        expect(one.newest.locator(".cv-changed")).to_be_visible()
        panel = one.open_citation()
        expect(panel.locator("#cv-panel-text mark")).to_have_text(CLAUSE)
        expect(panel.locator(".cv-changed")).to_contain_text("đã có bản mới")
        one.answered("Còn Sở Công Thương rà soát mấy kho?")
        expect(one.open_citation().locator("mark")).to_contain_text("9 kho lạnh")
        expect(one.panel.locator(".cv-changed")).to_have_count(0)


def test_hostile_words_stay_words(settings: Settings, tmp_path: Path, chat: Open) -> None:
    with site_on(settings, write(tmp_path / "in", xau=HOSTILE)) as hostile:
        one = chat(hostile)
        one.page.on("dialog", lambda dialog: one.visit.errors.append(dialog.message))
        one.answered(HOSTILE_QUESTION + " Sở Công Thương soát kho")
        panel = one.open_citation()
        expect(panel.locator("#cv-panel-text")).to_contain_text("<script>window.pwned=4</script>")
        panel.locator("[data-act=read]").click()
        expect(one.page.locator(".cv-paper .cv-target")).to_contain_text("{{constructor}}")
        one.page.go_back()
        one.go_to_notices()
        expect(one.page.locator("#cv-notice-table")).to_contain_text("<img src=x")
        one.page.locator("#cv-notice-table [data-act=remove]").click()
        one.page.get_by_role("button", name="Giữ lại").click()
        one.page.reload()
        one.ready()
        one.page.locator("#cv-nav-chat").click()
        one.page.locator("#cv-list [data-act=open]").click()
        expect(one.newest).to_contain_text("<img src=x onerror=alert(1)>")
        made = ":is(#cv-chat, #cv-notices) :is(script, img, a[href^='javascript'])"
        expect(one.page.locator(made)).to_have_count(0)
        assert one.page.evaluate("window.pwned") is None
        one.assert_kept_to_itself()
