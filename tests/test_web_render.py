"""What the web pages show, and that nothing in a notice or a question acts as markup."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from fakes_assistant import DRAFT, NOTICE
from fakes_web import HOSTILE, HOSTILE_QUESTION, NOON, refused, shown
from hypothesis import given
from hypothesis import strategies as st

from assistant.contract import (
    AnswerWarning,
    CitedNotice,
    EvidenceItem,
    LeadSentence,
    RefusalReason,
    WarningKind,
)
from assistant.contract import CitedClause as Clause
from assistant.events import CitationMade, Delta, LeadMade
from assistant.runtime.workspace import Preview
from assistant.service.callers import Caller, Scope
from assistant.service.history.conversations import Conversation
from assistant.service.history.reopened import CitationState, Reopened
from assistant.service.inquiries import ClausesFound, FoundClause
from corpus.parse.notices import parse_notice
from ui.html import Html, el, join, text
from ui.web import answers, notices, panel, reader, shell, side
from ui.web.answers import Look
from ui.web.live import Progress
from ui.web.notice_marks import button, light_markup, marked
from ui.web.panel import ClauseView

LOOK = Look(index=0, is_sample=lambda _: False)
_ADDRESS = re.compile(r"#[\w/.-]*|tep/hoi-dap/\w+\.(docx|md)")


class Reading(HTMLParser):
    """Collects elements, text and everything that could act."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def with_class(self, name: str) -> list[dict[str, str | None]]:
        return [kept for _, kept in self.tags if name in (kept.get("class") or "").split()]


def assert_harmless(page: str) -> Reading:
    read = Reading(page)
    allowed = "script", "img", "iframe", "object", "embed", "style", "base", "meta", "b"
    assert not [tag for tag, _ in read.tags if tag in allowed]
    for tag, attributes in read.tags:
        assert not [name for name in attributes if name.startswith("on")], attributes
        for name in ("href", "src", "action", "formaction"):
            if name in attributes:
                assert tag == "a", tag
                assert _ADDRESS.fullmatch(attributes[name] or ""), attributes
    return read


@given(st.text())
def test_what_is_not_html_is_text(words: str) -> None:
    read = Reading(el("p", words, title=words))
    assert [tag for tag, _ in read.tags] == ["p"]
    assert "<" not in str(text(words))


def test_html_is_taken_as_it_is() -> None:
    assert el("p", el("strong", "a"), None, " & b") == "<p><strong>a</strong> &amp; b</p>"
    assert join(["<", Html("<br>")]) == "&lt;<br>"


@pytest.mark.parametrize(
    "attributes", [{"onclick": "x"}, {"onClick": "x"}, {"style": "x"}, {"a b": "x"}]
)
def test_script_can_not_be_an_attribute(attributes: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="may not be an attribute"):
        el("p", **attributes)


@pytest.mark.parametrize("tag", ["script", "style", "sCript", "iframe", "p onclick"])
def test_script_can_not_be_an_element(tag: str) -> None:
    with pytest.raises(ValueError, match="may not be an element"):
        el(tag)


def test_drawings_keep_their_names_and_round_their_numbers() -> None:
    drawn = el("linearGradient", viewBox="0 0 1 1", x1=0.5, y1=12.3456, x2=3.0)
    assert drawn == '<linearGradient viewBox="0 0 1 1" x1="0.5" y1="12.35" x2="3"></linearGradient>'


def test_attributes_that_are_false_are_left_out() -> None:
    assert button("Gửi", "send", hidden=False, disabled=True).count("hidden") == 0
    assert " disabled" in button("Gửi", "send", disabled=True)


def test_direction_marks_are_shown_as_damage() -> None:
    assert "\u202e" not in text("văn\u202e bản")


def test_a_hostile_notice_is_only_text_everywhere() -> None:
    notice = parse_notice(HOSTILE, '"><script>.txt')
    one = shown(notice=HOSTILE, question=HOSTILE_QUESTION, answer=f"{HOSTILE_QUESTION} [1]")
    citation = one.answer.citations[0]
    found = FoundClause(EvidenceItem("a#1", 1, 1, 1), citation.notice, citation.clause)
    warned = replace(
        one.answer, warnings=(AnswerWarning(WarningKind.DRAFT, HOSTILE_QUESTION, ("x",)),)
    )
    target = reader.Target(citation.clause.id, citation.quote)
    caller = Caller("x", frozenset(Scope))
    talk = Conversation("c1", caller.name, HOSTILE_QUESTION, NOON, NOON)
    progress = Progress(HOSTILE_QUESTION, LOOK)
    progress.take(ClausesFound((found,)))
    searching = progress.html()
    for event in (
        Delta(HOSTILE),
        CitationMade(citation),
        LeadMade(LeadSentence(HOSTILE_QUESTION, (1,))),
    ):
        progress.take(event)
    pages = [
        answers.exchange(replace(one, answer=warned, seen=(found,)), LOOK),
        answers.exchange(refused(HOSTILE_QUESTION), replace(LOOK, nearest=[found])),
        searching,
        progress.html(),
        progress.stopped(text(HOSTILE), is_error=True),
        panel.clause_panel(
            ClauseView(citation.notice, citation.clause, False, citation.quote), HOSTILE_QUESTION
        ),
        reader.reader(notice, is_sample=False, may_manage=True, nonce="1", target=target),
        notices.preview(Preview(notice, (HOSTILE_QUESTION,)), token='"><script>', known=None),
        side.conversation_list([talk], "c1", NOON),
        side.chat_head(HOSTILE_QUESTION, "c1", "tep/hoi-dap"),
        side.welcome([HOSTILE_QUESTION], 1, samples=False, problem=None),
        side.toast(text(HOSTILE_QUESTION), HOSTILE_QUESTION, undo=HOSTILE_QUESTION),
    ]
    for page in pages:
        assert_harmless(page)
    assert "<script>window.pwned=4</script>" in Reading(pages[5]).words


def test_markers_become_buttons_that_name_their_clause() -> None:
    read = assert_harmless(answers.exchange(shown("Có [1], và [7].", notice=NOTICE), LOOK))
    [mark] = read.with_class("cv-mark")
    assert mark["data-marker"] == "1"
    assert mark["aria-label"] == "Dẫn chiếu 1: mục 2, Thông báo 12/TB-UBND"
    assert "[7]" in read.words  # a marker without a citation stays text


def test_a_bracket_in_a_quote_is_no_marker() -> None:
    page = answers.exchange(shown("“Cảng mở năm 2031 [1].” [1]", notice=NOTICE), LOOK)
    assert len(Reading(page).with_class("cv-mark")) == 1
    assert "<q>Cảng mở năm 2031 [1].</q>" in page


def test_quoted_words_and_lists_are_shown_as_such() -> None:
    read = Reading(answers.exchange(shown("- “Một” [1]\n- hai\nBa.", notice=NOTICE), LOOK))
    tags = [tag for tag, _ in read.tags]
    assert tags.count("q") == 1
    assert "“" not in read.words.split("Căn cứ", maxsplit=1)[0]  # the element brings its own
    assert read.words.index("hai") < read.words.index("Ba.")


def test_a_draft_a_sample_and_an_unverified_quote_are_marked() -> None:
    sample = replace(LOOK, is_sample=lambda _: True)
    words = Reading(answers.exchange(shown(notice=DRAFT, verified=False), sample)).words
    assert all(mark in words for mark in ("DỰ THẢO", "VĂN BẢN MẪU", "CHƯA KIỂM CHỨNG"))
    plain = Reading(answers.exchange(shown(notice=NOTICE), LOOK)).words
    assert not any(mark in plain for mark in ("DỰ THẢO", "VĂN BẢN MẪU", "CHƯA KIỂM CHỨNG"))


@pytest.mark.parametrize("reason", list(RefusalReason))
def test_a_refusal_looks_other_than_an_answer_and_names_what_was_nearest(
    reason: RefusalReason,
) -> None:
    citation = shown(notice=NOTICE).answer.citations[0]
    found = FoundClause(EvidenceItem("a#1", 1, 1, 1), citation.notice, citation.clause)
    read = Reading(answers.exchange(refused(reason=reason), replace(LOOK, nearest=[found])))
    assert read.with_class("cv-refusal")
    assert "Gần nhất trong kho văn bản:" in read.words
    assert citation.clause.label in read.words
    assert not Reading(answers.exchange(shown(notice=NOTICE), LOOK)).with_class("cv-refusal")


def test_what_was_cited_then_is_shown_with_what_became_of_it() -> None:
    told = Reopened(CitationState.REMOVED, "Thông báo 12/TB-UBND không còn trong kho.")
    one = replace(shown(notice=NOTICE), changed={1: told})
    assert told.text in Reading(answers.exchange(one, LOOK)).words


def test_feedback_can_only_be_given_on_what_is_stored() -> None:
    one = shown(notice=NOTICE)
    assert Reading(answers.exchange(one, LOOK)).with_class("cv-feedback")
    assert not Reading(answers.exchange(replace(one, id=""), LOOK)).with_class("cv-feedback")


def test_copying_takes_question_quotes_and_the_ai_notice_along() -> None:
    read = Reading(answers.exchange(shown(notice=NOTICE), LOOK))
    [copied] = [kept["data-text"] for _, kept in read.tags if kept.get("data-act") == "copy"]
    assert copied is not None
    assert "Hỏi: Ở đâu?" in copied
    assert "[1] mục 2, Thông báo số 12/TB-UBND ngày 05/6/2031" in copied
    assert "trí tuệ nhân tạo" in copied


def test_the_quote_is_marked_in_its_clause() -> None:
    assert marked("một hai ba", "hai") == "một <mark>hai</mark> ba"
    assert marked("một hai ba", "bốn") == "một hai ba"
    assert marked("một", "") == "một"
    assert marked("một **hai** ba", "**hai**") == "một <mark><strong>hai</strong></mark> ba"


def test_markdown_of_a_source_shows_as_bold_and_nothing_else() -> None:
    assert light_markup("## **Điều 1.** a [b](c)") == "<strong>Điều 1.</strong> a [b](c)"


def test_the_panel_says_where_the_clause_stands() -> None:
    notice = parse_notice(NOTICE, "a.txt")
    clause = next(one for one in notice.clauses if one.label == "mục 1")
    view = ClauseView(
        CitedNotice.of(notice), Clause.of(clause), False, "7 kho lạnh", 1, 0, live=clause
    )
    page = panel.clause_panel(view, "5")
    assert "<mark>7 kho lạnh</mark>" in page
    words = Reading(page).words
    assert all(part in words for part in ("12/TB-UBND", "05/6/2031", "Đã ban hành", "dòng 8"))
    assert "Sở Công Thương (chủ trì)" in words
    assert f'href="#van-ban/{notice.id}/' in page


def test_a_clause_that_is_gone_has_no_door_to_its_notice() -> None:
    citation = shown(notice=NOTICE).answer.citations[0]
    view = ClauseView(citation.notice, citation.clause, False, citation.quote, 1, 0, changed="Gỡ.")
    page = panel.clause_panel(view, "5")
    assert "Gỡ." in page
    assert "href" not in page


def test_the_reader_shows_every_clause_and_an_outline_that_leads_to_them() -> None:
    notice = parse_notice(NOTICE, "a.txt")
    page = reader.reader(notice, is_sample=False, may_manage=False, nonce="1")
    read = assert_harmless(page)
    ids = {kept.get("id") for _, kept in read.tags}
    assert {f"dk-{one.id.rpartition('#')[2]}" for one in notice.clauses} <= ids
    jumps = [kept for _, kept in read.tags if kept.get("data-act") == "jump"]
    assert jumps
    assert {f"dk-{one['data-number']}" for one in jumps} <= ids
    assert not [kept for _, kept in read.tags if kept.get("data-act") == "remove"]


def test_a_table_is_shown_as_a_table_with_its_quoted_row() -> None:
    source = NOTICE + "\nXã\tKho\tHạn\nXã Bến Đá\t5\t2031\nXã Cồn Sậy\t7\t2032\n"
    notice = parse_notice(source, "a.txt")
    row = next(one for one in notice.clauses if "Cồn Sậy" in one.text)
    page = reader.full_text(notice, reader.Target(row.id))
    assert "<td><mark>Xã Cồn Sậy</mark></td>" in page
    assert "<td>Xã Bến Đá</td>" in page


def test_a_preview_says_what_was_not_recognised() -> None:
    told = " ".join(notices.doubts(parse_notice("Một dòng chữ.", "a.txt"), None))
    assert "Không thấy số ký hiệu" in told
    assert "Không thấy ngày ban hành" in told
    assert notices.doubts(parse_notice(NOTICE, "a.txt"), None) == []
    assert "DỰ THẢO" in " ".join(notices.doubts(parse_notice(DRAFT, "a.txt"), None))


def test_the_ai_notice_is_always_there() -> None:
    read = Reading(shell.composer(2000))
    assert "trí tuệ nhân tạo" in read.words
    [told] = [kept for _, kept in read.tags if kept.get("id") == "cv-ai-notice"]
    assert "134/2025/QH15" in (told["title"] or "")


def test_only_who_manages_sees_the_upload() -> None:
    assert "cv-file" in shell.notices_head(may_manage=True, upload_mb=10)
    assert "cv-file" not in shell.notices_head(may_manage=False, upload_mb=10)


def test_what_never_changes_is_harmless_too() -> None:
    for part in (shell.top_bar(), shell.side_head(), shell.composer(9), shell.dialogs()):
        assert_harmless(part)
        assert "{{" not in part
        assert "${" not in part
        assert "`" not in part


def test_a_cited_row_is_shown_under_the_names_of_its_columns() -> None:
    source = NOTICE + "\nXã\tKho\tHạn\n1. Xã Bến Đá\t5\t2031\n2. Xã Cồn Sậy\t7\t2032\n"
    notice = parse_notice(source, "a.txt")
    row = next(one for one in notice.clauses if "Cồn Sậy" in one.text)
    cited, clause = CitedNotice.of(notice), Clause.of(row)
    page = panel.clause_panel(ClauseView(cited, clause, False, "Xã Cồn Sậy\t7", live=row), "1")
    assert "<dt>Xã</dt><dd><mark>2. Xã Cồn Sậy</mark></dd>" in page
    assert "<dt>Kho</dt><dd><mark>7</mark></dd>" in page
    assert "<dt>Hạn</dt><dd>2032</dd>" in page


def test_a_row_in_an_answer_is_laid_out_cell_by_cell() -> None:
    row = "Xã: “Cồn Sậy” | Kho: “7” [1]"
    page = answers.exchange(shown(notice=NOTICE, answer=row), LOOK)
    assert len(Reading(page).with_class("cv-cell")) == 2
    assert '<span class="cv-cell">Xã: <q>Cồn Sậy</q></span>' in page
    assert " | " not in page.split("cv-sources")[0]
    for words in ("Cơ quan: “a” | và nữa [1]", "“a | b: “c””", "a | b"):
        plain = answers.exchange(shown(notice=NOTICE, answer=words), LOOK)
        assert not Reading(plain).with_class("cv-cell"), words
