"""What the chat and the page of notices do, without a browser."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from fakes_assistant import DRAFT, NOTICE, OTHER, SECRET, FakeAssistant, FakeParts, Lead
from fakes_web import ASKER, HOSTILE, LAN, MAI, READER, Pages, html

from assistant.runtime.settings import Settings
from assistant.runtime.workspace import Preview
from corpus.errors import BadInput, Cancelled, Forbidden, NotFound, SecretFile
from corpus.parse.notices import parse_notice
from corpus.readers import read_file
from corpus.readers.files import sample_paths
from corpus.store.corrections import Field
from ui.html import Html
from ui.web.filters import Filter
from ui.web.readings import Samples
from ui.web.sent import Sent
from ui.web.tabs import Running, Tab
from ui.web.uploads import Upload, Uploads


@pytest.fixture
def pages(settings: Settings) -> Iterator[Pages]:
    made = Pages(settings, {"a": NOTICE, "b": OTHER, "draft": DRAFT}, FakeParts())
    yield made
    made.service.close()


def test_evidence_comes_first_then_words_then_the_whole(pages: Pages) -> None:
    tab, updates = pages.ask("Sở Công Thương rà soát mấy kho?")
    lives = [html(one, "live") for one in updates]
    assert "Đang tìm trong các văn bản" in lives[0]
    assert "Đang xem 1 điều khoản" in lives[1]
    assert "Đang soạn" in lives[1]
    assert "Có trong" in lives[2]
    assert lives[-1] == ""
    assert "cv-mark" in html(updates[-1], "thread")
    assert len(tab.exchanges) == 1
    assert tab.conversation is not None
    assert html(updates[-1], "status") == "Đã trả lời, có 1 dẫn chiếu."


def with_lead(settings: Settings, lead: Lead) -> Pages:
    parts = FakeParts(assemble_as=lambda snapshot: FakeAssistant(snapshot, lead=lead))
    return Pages(settings, {"a": NOTICE}, parts)


def test_the_quotes_are_shown_as_they_stay_while_the_sentence_is_written(
    settings: Settings,
) -> None:
    opened: list[str] = []

    def lead(question: str) -> Iterator[str]:
        # Meanwhile a citation can be opened.
        sent = Sent({"index": 0, "marker": 1})
        opened.append(html(pages.chat.clause(Tab(), sent, LAN, "tab"), "panel"))
        yield "Bảy kho [1]."

    pages = with_lead(settings, lead)
    tab, updates = pages.ask("Sở Công Thương rà soát mấy kho?")
    waiting, led = updates[-3], updates[-2]
    assert "Đang viết câu tóm tắt" in html(waiting, "live")
    assert html(waiting, "status") == "Có 1 trích dẫn, đang viết câu tóm tắt."
    for part in ("cv-mark", "cv-sources", "Đã xem 1 điều khoản"):
        assert part in html(waiting, "live")
    assert "<mark>" in opened[0]
    assert "Đang viết" not in html(led, "live")
    above, _, below = html(led, "live").partition("Có trong văn bản")
    assert 'class="cv-lead">Bảy kho ' in above
    assert "cv-lead" not in below
    assert html(led, "status") == "Câu tóm tắt, đặt trên các trích dẫn: Bảy kho [1]."
    assert 'class="cv-lead">Bảy kho ' in html(updates[-1], "thread")
    reopened = pages.chat.open(Sent({"conversation": tab.conversation}), LAN, "tab")
    [before], [after] = (
        re.findall(r'<div class="cv-words">.*?</div>', html(one, "thread"))
        for one in (updates[-1], reopened)
    )
    assert before == after
    pages.service.close()


def test_stop_while_the_sentence_is_written_leaves_the_quotes(settings: Settings) -> None:
    def leave(question: str) -> Iterator[str]:
        raise Cancelled("Câu trả lời đã bị dừng.")

    pages = with_lead(settings, leave)
    _, updates = pages.ask("Sở Công Thương rà soát mấy kho?")
    live = html(updates[-1], "live")
    assert "Có trong văn bản [1]." in live
    assert "Đã dừng câu trả lời." in live
    assert "cv-cut" not in live
    pages.service.close()


def test_a_follow_up_stays_in_its_conversation(pages: Pages) -> None:
    tab, _ = pages.ask("Sở Công Thương rà soát mấy kho?")
    again, updates = pages.ask("Còn Sở Y tế lập danh mục gì?", tab)
    assert again.conversation == tab.conversation
    assert html(updates[-1], "thread").count("<article") == 2
    _, history, _ = pages.parts.assistants[-1].asked[-1]
    assert history[0].content == "Sở Công Thương rà soát mấy kho?"


def test_two_tabs_know_nothing_of_each_other(pages: Pages) -> None:
    one, _ = pages.ask("Sở Công Thương rà soát mấy kho?")
    two, _ = pages.ask("Sở Y tế lập danh mục gì?")
    assert one.conversation != two.conversation
    assert [len(tab.exchanges) for tab in (one, two)] == [1, 1]


def test_stop_ends_the_answer_and_says_so(pages: Pages) -> None:
    steps = pages.chat.ask(Tab(), Sent({"question": "Sở Công Thương rà soát?"}), LAN, "tab")
    next(steps), next(steps)
    pages.chat.running.stop("tab")
    cancel = pages.parts.assistants[-1].cancels[-1]
    assert cancel.is_set()
    list(steps)
    assert len(pages.chat.running) == 0


def test_another_tab_can_not_be_stopped_by_chance(pages: Pages) -> None:
    steps = pages.chat.ask(Tab(), Sent({"question": "Sở Công Thương rà soát?"}), LAN, "one")
    next(steps), next(steps)
    pages.chat.running.stop("two")
    assert not pages.parts.assistants[-1].cancels[-1].is_set()
    assert "cv-mark" in html(list(steps)[-1], "thread")


def test_an_answer_does_not_show_up_in_another_conversation(pages: Pages) -> None:
    steps = pages.chat.ask(Tab(), Sent({"question": "Sở Công Thương rà soát?"}), LAN, "tab")
    next(steps), next(steps)
    assert "cv-welcome" in html(pages.chat.new(LAN, "tab"), "thread")
    assert list(steps) == []


def test_a_closed_tab_stops_its_answer(pages: Pages) -> None:
    steps = pages.chat.ask(Tab(), Sent({"question": "Sở Công Thương rà soát?"}), LAN, "tab")
    next(steps), next(steps)
    steps.close()  # type: ignore[attr-defined]
    assert pages.parts.assistants[-1].cancels[-1].is_set()


def test_a_new_question_in_a_tab_stops_the_one_before() -> None:
    running = Running()
    with running.begun("tab") as first, running.begun("tab") as second:
        assert first.is_set()
        assert not second.is_set()
        assert running.is_current("tab", second)


def test_what_goes_wrong_is_told_where_the_answer_would_stand(settings: Settings) -> None:
    def fail(question: str) -> None:
        raise BadInput("Câu hỏi lạ.", "Hãy hỏi khác.")

    parts = FakeParts(assemble_as=lambda snapshot: FakeAssistant(snapshot, fail))
    pages = Pages(settings, {"a": NOTICE}, parts)
    _, updates = pages.ask("Sở Công Thương rà soát mấy kho?")
    live = html(updates[-1], "live")
    assert "Câu hỏi lạ.</strong> Hãy hỏi khác." in live
    assert 'data-act="retry"' in live
    assert "thread" not in updates[-1]
    pages.service.close()


def test_an_empty_question_is_not_asked(pages: Pages) -> None:
    with pytest.raises(BadInput, match="Chưa có câu hỏi"):
        pages.ask("  ")


def test_a_refusal_shows_clauses_nearest_or_none(pages: Pages) -> None:
    _, updates = pages.ask("zzz qqq")
    assert "cv-refusal" in html(updates[-1], "thread")


def test_filters_choose_the_notices(pages: Pages) -> None:
    pages.ask("Sở Công Thương rà soát mấy kho?", kinds=["Báo cáo"])
    draft = next(one for one in pages.shelf.notices(LAN) if one.header.kind == "Báo cáo")
    assert pages.parts.assistants[-1].asked[-1][2] == (draft.id,)


@pytest.mark.parametrize(
    ("sent", "names"),
    [
        ({}, None),
        ({"kinds": ["Thông báo"]}, {"12/TB-UBND", "13/TB-UBND"}),
        ({"from": "5/6/2031", "to": "05/06/2031"}, {"12/TB-UBND", "13/TB-UBND"}),
        ({"kinds": ["Báo cáo"]}, {""}),
    ],
)
def test_a_filter_passes_what_fits(
    pages: Pages, sent: dict[str, Any], names: set[str] | None
) -> None:
    notices = pages.shelf.notices(LAN)
    chosen = Filter.of(Sent(sent)).choose(notices)
    found = {one.header.number for one in notices if one.id in chosen}
    assert (found or None) == names


def test_a_filter_that_nothing_passes_is_told(pages: Pages) -> None:
    _, updates = pages.ask("Kho lạnh?", **{"from": "1/1/2040"})
    assert "Không có văn bản nào khớp với bộ lọc" in html(updates[-1], "live")
    assert pages.parts.assistants[-1].asked == []


@pytest.mark.parametrize("day", ["31/02/2031", "2031-06-05", "x", "٣/1/2031"])
def test_a_day_that_is_none_is_refused(day: str) -> None:
    with pytest.raises(BadInput, match="không phải là ngày"):
        Sent({"from": day}).day("from")


@pytest.mark.parametrize(
    ("read", "value"),
    [("text", 5), ("text", None), ("number", "x"), ("number", True), ("texts", "a"),
     ("texts", [1])],
)  # fmt: skip
def test_the_page_is_not_trusted(read: str, value: object) -> None:
    with pytest.raises(BadInput, match="không dùng được"):
        getattr(Sent({"a": value}), read)("a")
    assert Sent.of([1]).text("a") == ""


def test_a_marker_opens_its_clause_with_the_quote_marked(pages: Pages) -> None:
    tab, _ = pages.ask("Sở Công Thương rà soát mấy kho?")
    panel = html(
        pages.chat.clause(tab, Sent({"index": "0", "marker": "1", "nonce": "7"}), LAN, "tab"),
        "panel",
    )
    assert "<mark>1. Sở Công Thương rà soát 7 kho lạnh" in panel
    assert 'data-nonce="7"' in panel


@pytest.mark.parametrize(("index", "marker"), [("0", "9"), ("3", "1"), (-1, "1")])
def test_a_marker_that_is_not_there_opens_nothing(
    pages: Pages, index: object, marker: object
) -> None:
    tab, _ = pages.ask("Sở Công Thương rà soát mấy kho?")
    with pytest.raises(NotFound):
        pages.chat.clause(tab, Sent({"index": index, "marker": marker}), LAN, "tab")


def test_evidence_opens_its_clause(pages: Pages) -> None:
    stored = pages.shelf.notices(LAN)[0]
    sent = Sent({"notice": stored.id, "clause": f"{stored.id}#2"})
    assert "Điều khoản đã xem" in html(pages.chat.clause(Tab(), sent, LAN, "tab"), "panel")
    with pytest.raises(NotFound):
        pages.chat.clause(Tab(), sent, ASKER, "tab")


def test_a_reopened_citation_shows_what_was_cited_and_says_that_it_changed(pages: Pages) -> None:
    tab, _ = pages.ask("Sở Công Thương rà soát mấy kho?")
    changed = NOTICE.replace("rà soát 7 kho", "rà soát 9 kho")
    pages.shelf.add("a.txt", changed.encode(), LAN)
    opened = pages.chat.open(Sent({"conversation": tab.conversation}), LAN, "tab")
    again = opened["tab"]
    assert isinstance(again, Tab)
    assert "đã có bản mới" in html(opened, "thread")
    panel = html(pages.chat.clause(again, Sent({"index": 0, "marker": 1}), LAN, "tab"), "panel")
    assert "7 kho lạnh" in panel
    assert "9 kho lạnh" not in panel
    # In the tab that was open all the time, the clause is compared when it is opened.
    assert "đã có bản mới" in html(
        pages.chat.clause(tab, Sent({"index": 0, "marker": 1}), LAN, "tab"), "panel"
    )


def test_a_removed_notice_is_still_shown_as_cited(pages: Pages) -> None:
    tab, _ = pages.ask("Sở Công Thương rà soát mấy kho?")
    pages.shelf.remove("12/TB-UBND", LAN)
    opened = pages.chat.open(Sent({"conversation": tab.conversation}), LAN, "tab")
    assert "không còn trong kho" in html(opened, "thread")


def test_conversations_are_renamed_deleted_and_brought_back(pages: Pages) -> None:
    tab, _ = pages.ask("Sở Công Thương rà soát mấy kho?")
    about = {"conversation": tab.conversation}
    renamed = pages.chat.rename(tab, Sent({**about, "title": "Kho <b>"}), LAN)
    assert "Kho &lt;b&gt;" in html(renamed, "list")
    assert "Kho &lt;b&gt;" in html(renamed, "head")
    gone = pages.chat.delete(tab, Sent({**about, "nonce": "3"}), LAN)
    assert "Chưa có cuộc hỏi đáp" in html(gone, "list")
    assert "cv-welcome" in html(gone, "thread")
    assert 'data-act="restore"' in html(gone, "toast")
    assert "Kho" in html(pages.chat.restore(Tab(), Sent(about), LAN), "list")


def test_conversations_are_searched(pages: Pages) -> None:
    pages.ask("Sở Công Thương rà soát mấy kho?")
    assert "cv-open" in html(pages.chat.found(Tab(), Sent({"search": "cong thuong"}), LAN), "list")
    missed = html(pages.chat.found(Tab(), Sent({"search": "vũ trụ"}), LAN), "list")
    assert "Không tìm thấy" in missed


def test_somebody_elses_conversation_is_not_there(pages: Pages) -> None:
    tab, _ = pages.ask("Sở Công Thương rà soát mấy kho?", caller=MAI)
    about = Sent({"conversation": tab.conversation, "title": "x"})
    assert "Công Thương" not in html(pages.chat.opened(LAN), "list")
    for act in (
        lambda: pages.chat.open(about, LAN, "tab"),
        lambda: pages.chat.rename(Tab(), about, LAN),
        lambda: pages.chat.delete(Tab(), about, LAN),
        lambda: pages.chat.stored(str(tab.conversation), LAN),
    ):
        with pytest.raises(NotFound):
            act()
    # Nor can a question be put into it.
    stolen = Tab(tab.conversation, "", ())
    _, updates = pages.ask("Kho lạnh?", stolen, LAN)
    assert "cv-error" in html(updates[-1], "live")


def test_feedback_is_kept_with_its_reason(pages: Pages) -> None:
    tab, _ = pages.ask("Sở Công Thương rà soát mấy kho?")
    said = {"exchange": tab.exchanges[0].id, "verdict": "down", "reason": "wrong_citation"}
    pages.chat.feedback(Sent({**said, "comment": "mục 2 mới đúng"}), LAN)
    [kept] = pages.service.records.history.feedback()
    assert (kept.verdict, kept.reason, kept.comment) == ("down", "wrong_citation", "mục 2 mới đúng")
    with pytest.raises(NotFound):
        pages.chat.feedback(Sent(said), MAI)
    with pytest.raises(BadInput):
        pages.chat.feedback(Sent({**said, "verdict": "maybe"}), LAN)


def test_examples_are_about_the_samples_only_where_they_are(pages: Pages) -> None:
    assert "Ai chủ trì …?" in html(pages.chat.opened(LAN), "thread")
    assert "Về mẫu?" not in html(pages.chat.opened(LAN), "thread")
    assert "VĂN BẢN MẪU" not in html(pages.stacks.listed(LAN), "shelf")


def test_an_empty_library_asks_for_notices(settings: Settings) -> None:
    pages = Pages(settings, {}, FakeParts())
    welcome = html(pages.chat.opened(LAN), "thread")
    assert "Kho chưa có văn bản nào" in welcome
    assert "data-waiting" not in welcome
    pages.service.close()


def test_notices_are_listed_and_read_by_who_may(pages: Pages) -> None:
    listed = html(pages.stacks.listed(READER), "shelf")
    assert "12/TB-UBND" in listed
    assert 'data-act="remove"' not in listed
    assert 'data-act="remove"' in html(pages.stacks.listed(LAN), "shelf")
    assert "12/TB-UBND" not in html(pages.stacks.listed(ASKER), "shelf")
    with pytest.raises(Forbidden):
        pages.stacks.read(Sent({"notice": "12/TB-UBND"}), ASKER)


def test_the_reader_opens_at_a_clause(pages: Pages) -> None:
    notice = pages.shelf.notice("12/TB-UBND", LAN)
    clause = next(one for one in notice.clauses if one.label == "mục 2")
    number = clause.id.rpartition("#")[2]
    sent = Sent({"notice": notice.id, "clause": number, "quote": "danh mục"})
    shown = html(pages.stacks.read(sent, LAN), "reader")
    assert f'data-target="dk-{number}"' in shown
    assert "<mark>danh mục</mark>" in shown
    with pytest.raises(NotFound):
        pages.stacks.read(Sent({"notice": notice.id, "clause": "99"}), LAN)


def _uploaded(pages: Pages, text: str, name: str = "moi.txt") -> str:
    preview = pages.shelf.preview(name, text.encode(), LAN)
    return pages.uploads.keep(Upload(LAN.name, name, text.encode(), preview))


def test_an_upload_is_shown_and_then_taken_in(pages: Pages) -> None:
    token = _uploaded(pages, HOSTILE)
    preview = html(pages.stacks.preview(Sent({"token": token}), LAN), "intake")
    assert "66/TB-UBND" in preview
    assert len(pages.shelf.notices(LAN)) == 3  # not taken in yet
    updates = list(pages.stacks.add(Sent({"token": token, "nonce": "1"}), LAN))
    assert "<progress" in html(updates[0], "intake")
    assert "Đã thêm Thông báo 66/TB-UBND" in html(updates[-1], "toast")
    assert "66/TB-UBND" in html(updates[-1], "shelf")
    assert len(pages.uploads) == 0


def test_a_preview_says_that_a_notice_is_known(pages: Pages) -> None:
    same = html(pages.stacks.preview(Sent({"token": _uploaded(pages, NOTICE)}), LAN), "intake")
    assert "đã có trong kho với đúng nội dung" in same
    other = _uploaded(pages, NOTICE.replace("7 kho", "8 kho"))
    assert "bản mới sẽ thay" in html(pages.stacks.preview(Sent({"token": other}), LAN), "intake")


def test_a_preview_knows_a_notice_that_was_put_right(pages: Pages) -> None:
    [name] = [one.file_name for one in pages.shelf.notices(LAN) if one.header.number[:2] == "12"]
    pages.shelf.correct("12/TB-UBND", {Field.NUMBER: "21/TB-UBND"}, LAN)

    def shown(text: str, file_name: str) -> str:
        token = _uploaded(pages, text.replace("7 kho", "8 kho"), file_name)
        return html(pages.stacks.preview(Sent({"token": token}), LAN), "intake")

    assert "bản mới sẽ thay" in shown(NOTICE, name)  # read wrong as before
    assert "bản mới sẽ thay" in shown(NOTICE.replace("12/TB", "21/TB"), "moi.txt")
    assert "bản mới sẽ thay" not in shown(NOTICE, "moi.txt")  # the number's true owner


def test_a_preview_tells_what_the_reading_left_out(pages: Pages) -> None:
    seen = Preview(pages.shelf.notice("12/TB-UBND", LAN), ("Đã bỏ <b> 2 đoạn chữ ẩn.",))
    token = pages.uploads.keep(Upload(LAN.name, "a.docx", b"", seen))
    shown = html(pages.stacks.preview(Sent({"token": token}), LAN), "intake")
    assert "Đã bỏ &lt;b&gt; 2 đoạn chữ ẩn." in shown


def test_an_upload_is_its_senders_alone(pages: Pages) -> None:
    token = Sent({"token": _uploaded(pages, HOSTILE)})
    for act in (pages.stacks.preview, lambda sent, who: list(pages.stacks.add(sent, who))):
        with pytest.raises(NotFound):
            act(token, MAI)
    pages.stacks.discard(token, MAI)
    assert len(pages.uploads) == 1
    assert pages.stacks.discard(token, LAN) == {"intake": Html("")}
    assert len(pages.uploads) == 0


def test_few_uploads_wait_at_a_time(pages: Pages) -> None:
    uploads = Uploads()
    preview = Preview(pages.shelf.notice("12/TB-UBND", LAN))
    tokens = [uploads.keep(Upload("lan", f"{n}.txt", b"", preview)) for n in range(20)]
    assert len(uploads) == 8
    assert len(set(tokens)) == 20
    with pytest.raises(NotFound):
        uploads.find(tokens[0], "lan")


def test_a_secret_file_never_gets_as_far_as_a_preview(pages: Pages) -> None:
    with pytest.raises(SecretFile):
        pages.shelf.preview("mat.txt", SECRET.encode(), LAN)


def test_a_notice_is_removed_with_a_bar(pages: Pages) -> None:
    updates = list(pages.stacks.remove(Sent({"notice": "13/TB-UBND"}), LAN))
    assert "<progress" in html(updates[0], "intake")
    assert "Đã gỡ Thông báo 13/TB-UBND" in html(updates[-1], "toast")
    assert "13/TB-UBND" not in html(updates[-1], "shelf")


def test_who_may_not_manage_removes_nothing(pages: Pages) -> None:
    updates = list(pages.stacks.remove(Sent({"notice": "13/TB-UBND"}), READER))
    assert "không có quyền" in html(updates[-1], "toast")
    assert len(pages.shelf.notices(LAN)) == 3


def test_questions_run_side_by_side(pages: Pages) -> None:
    got: dict[str, Tab] = {}

    def ask(name: str, question: str) -> None:
        sent = Sent({"question": question})
        for updates in pages.chat.ask(Tab(), sent, LAN, name):
            tab = updates.get("tab")
            if isinstance(tab, Tab):
                got[name] = tab

    questions = {"một": "Sở Công Thương rà soát?", "hai": "Sở Y tế lập danh mục?"}
    threads = [threading.Thread(target=ask, args=pair) for pair in questions.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {name: tab.exchanges[0].question for name, tab in got.items()} == questions


def test_the_samples_are_known_as_such() -> None:
    samples = Samples.from_package()
    for path in sample_paths():
        file = read_file(path)
        assert samples.is_sample(parse_notice(file.text, file.file_name).id)
    assert not samples.is_sample(parse_notice(NOTICE, "a.txt").id)
