"""One service for many callers: limits, cache, history, audit and figures at one door."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from fakes_assistant import DRAFT, NOTICE, OTHER, SECRET, FakeParts
from fakes_service import ASKER, LOCAL, READER, Gate, ask, open_service

from assistant.contract import Answer
from assistant.events import CitationMade, Delta, Done, LeadBegun, LeadMade, Warned
from assistant.runtime.settings import Settings
from assistant.service.callers import Caller, Scope
from assistant.service.inquiries import ClausesFound, Inquiry, Kept, Served
from assistant.service.service import Service
from assistant.service.shelf import Shelf
from corpus.errors import (
    BadInput,
    Busy,
    Cancelled,
    EmptyLibrary,
    Forbidden,
    NotReady,
    SecretFile,
    TooMany,
    TooSlow,
)
from ui.exchanges import read_answer

QUESTION = "Bao nhiêu kho lạnh được rà soát?"


@pytest.fixture
def service(settings: Settings, tmp_path: Path) -> Iterator[Service]:
    service = open_service(settings, tmp_path / "in")
    yield service
    service.close()


def answer_of(served: list[Served]) -> Answer:
    last = served[-1]
    assert isinstance(last, Done)
    return last.answer


def kept_of(served: list[Served]) -> Kept:
    kept = served[-2]
    assert isinstance(kept, Kept)
    return kept


def outcomes(service: Service) -> list[tuple[str, str, str | None]]:
    return [(one.kind, one.outcome, one.question) for one in service.records.audit.records()]


def figure(service: Service, line: str) -> bool:
    return line in service.metrics.render().decode().splitlines()


def test_the_events_come_in_order_and_the_evidence_can_be_shown(service: Service) -> None:
    served = ask(service, QUESTION)
    kinds = [type(one) for one in served]
    assert kinds == [ClausesFound, Delta, Delta, CitationMade, Kept, Done]
    found = served[0]
    assert isinstance(found, ClausesFound)
    assert "7 kho lạnh" in found.clauses[0].clause.text
    assert found.clauses[0].notice.number == "12/TB-UBND"


def summed_up(question: str) -> Iterator[str]:
    yield "Bảy kho [1]."
    yield "Hạn là 15/11/2031 [1]."


def test_the_lead_comes_after_the_quotes_and_is_kept(settings: Settings, tmp_path: Path) -> None:
    service = open_service(settings, tmp_path / "in", lead=summed_up)
    served = ask(service, QUESTION)
    kinds = [type(one) for one in served]
    assert kinds[:4] == [ClausesFound, Delta, Delta, CitationMade]
    assert kinds[4:] == [LeadBegun, LeadMade, LeadMade, Kept, Done]
    answer = answer_of(served)
    assert answer.answer == "Bảy kho [1]. Hạn là 15/11/2031 [1].\n\nCó trong văn bản [1]."
    again = ask(service, QUESTION)
    assert [type(one) for one in again] == [
        ClausesFound, Delta, CitationMade, LeadMade, LeadMade, Kept, Done,
    ]  # fmt: skip
    assert again[1] == Delta("Có trong văn bản [1].")
    assert answer_of(again).answer == answer.answer
    for until in ("first_token", "first_quote", "lead", "total"):
        assert figure(service, f'congvu_answer_seconds_count{{until="{until}"}} 2.0')
    stored = service.records.history.exchanges(kept_of(served).conversation_id or "", "local")
    assert read_answer(stored[0].answer).lead == answer.lead
    service.close()


def test_a_sentence_out_of_time_does_not_cost_the_answer(
    settings: Settings, tmp_path: Path
) -> None:
    now = [0.0]

    def dawdle(question: str) -> Iterator[str]:
        now[0] += 100
        return iter(())

    service = open_service(settings.replaced(answer_seconds=1), tmp_path / "in", lead=dawdle)
    service._clock = lambda: now[0]
    assert answer_of(ask(service, QUESTION)).citations
    assert outcomes(service) == [("ask", "answered", QUESTION)]
    service.close()


def test_a_warning_comes_before_the_end(service: Service) -> None:
    served = ask(service, "Có mấy kho được sửa?", notices=("draft.txt",))
    assert [type(one) for one in served][-4:] == [CitationMade, Warned, Kept, Done]


def test_the_same_question_is_answered_from_memory(service: Service) -> None:
    first, second = ask(service, QUESTION), ask(service, f"  {QUESTION}")
    assert not kept_of(first).cached
    assert kept_of(second).cached
    assert answer_of(second).answer == answer_of(first).answer
    assert answer_of(second).citations == answer_of(first).citations
    assert figure(service, 'congvu_cache_total{result="hit"} 1.0')


def test_a_cached_answer_is_not_given_in_another_conversation(service: Service) -> None:
    first = kept_of(ask(service, "Kho lạnh nào?"))
    again = ask(service, QUESTION, conversation=first.conversation_id)
    assert not kept_of(again).cached


def test_an_answer_goes_when_its_notice_goes(service: Service) -> None:
    shelf = Shelf(service)
    ask(service, QUESTION)
    shelf.remove("12/TB-UBND", LOCAL)
    served = ask(service, QUESTION)
    assert not kept_of(served).cached
    assert all(one.notice.number != "12/TB-UBND" for one in answer_of(served).citations)


def test_what_is_added_or_removed_is_told_though_the_index_can_not_be_built(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf(service)
    ask(service, QUESTION)

    def busy(*given: object) -> None:
        raise Busy("Kho thay đổi liên tục.", "Hãy thử lại.")

    monkeypatch.setattr(service.workspace, "index", busy)
    with pytest.raises(Busy):
        shelf.add("moi.txt", NOTICE.replace("12/TB", "21/TB").encode(), LOCAL)
    with pytest.raises(Busy):
        shelf.remove("12/TB-UBND", LOCAL)
    assert [(kind, outcome) for kind, outcome, _ in outcomes(service)] == [
        ("ask", "answered"),
        ("add", "done"),
        ("remove", "done"),
    ]
    served = ask(service, QUESTION)
    assert not kept_of(served).cached
    assert all(one.notice.number != "12/TB-UBND" for one in answer_of(served).citations)


def test_a_conversation_goes_on_with_what_was_said(service: Service) -> None:
    first = kept_of(ask(service, QUESTION))
    ask(service, "Còn trạm y tế?", conversation=first.conversation_id)
    assistant = service._assistant  # type: ignore[attr-defined]
    turns = assistant.asked[-1][1]
    assert [one.role for one in turns] == ["user", "assistant"]
    assert turns[0].content == QUESTION
    assert first.conversation_id is not None
    kept = service.records.history.exchanges(first.conversation_id, LOCAL.name)
    assert [one.question for one in kept] == [QUESTION, "Còn trạm y tế?"]
    assert kept[0].answer["citations"][0]["marker"] == 1


def test_nobody_goes_on_with_somebody_elses_conversation(service: Service) -> None:
    first = kept_of(ask(service, QUESTION, READER))
    with pytest.raises(BadInput):
        ask(service, "Còn gì nữa?", ASKER, conversation=first.conversation_id)


def test_a_question_need_not_be_kept(service: Service) -> None:
    served = ask(service, QUESTION, keep=False)
    assert kept_of(served).exchange_id is None
    assert service.records.history.conversations(LOCAL.name) == ()


def test_every_question_is_in_the_audit_log(service: Service) -> None:
    ask(service, QUESTION)
    ask(service, "Giá vàng?")
    with pytest.raises(BadInput):
        ask(service, QUESTION, notices=("99-TB",))
    assert outcomes(service) == [
        ("ask", "answered", QUESTION),
        ("ask", "refused", "Giá vàng?"),
        ("ask", "failed", QUESTION),
    ]
    assert service.records.audit.verify().ok


def test_what_a_caller_may_not_do_is_refused(service: Service) -> None:
    shelf = Shelf(service)
    with pytest.raises(Forbidden):
        ask(service, QUESTION, Caller("r", frozenset({Scope.READ})))
    with pytest.raises(Forbidden):
        service.search("kho lạnh", ASKER)
    with pytest.raises(Forbidden):
        shelf.notices(ASKER)
    with pytest.raises(Forbidden):
        shelf.add("a.txt", NOTICE.encode(), READER)
    with pytest.raises(Forbidden):
        shelf.remove("12/TB-UBND", READER)


def test_a_caller_who_asks_too_often_is_told_when_to_come_back(service: Service) -> None:
    hasty = Caller("hasty", frozenset({Scope.ASK}), per_minute=1)
    ask(service, QUESTION, hasty)
    with pytest.raises(TooMany) as told:
        ask(service, QUESTION, hasty)
    assert 0 < told.value.retry_after_s <= 60
    assert figure(service, 'congvu_questions_total{outcome="limited"} 1.0')


def test_searching_shows_clauses_without_an_answer(service: Service) -> None:
    found = service.search("kho lạnh", READER)
    assert found[0].item.clause_id == found[0].clause.id
    assert ("search", "done", "kho lạnh") in outcomes(service)


def test_many_callers_get_their_own_answers_or_are_told_to_come_back(
    settings: Settings, tmp_path: Path
) -> None:
    topics = {
        f"t{n}": NOTICE.replace("12/TB", f"{n}/TB").replace("kho lạnh", f"bến{n:03d}")
        for n in range(20, 40)
    }
    service = open_service(settings, tmp_path / "in", **topics)

    def one(number: int) -> str:
        topic = 20 + number % 20
        try:
            answer = answer_of(ask(service, f"Việc bến{topic:03d} ra sao, lần {number}?"))
        except Busy:
            return "busy"
        assert f"bến{topic:03d}" in answer.citations[0].clause.text
        return "answered"

    with ThreadPoolExecutor(100) as pool:
        results = list(pool.map(one, range(100)))
    assert set(results) <= {"answered", "busy"}
    assert results.count("answered") >= 4
    assert len(service.records.audit.records(limit=200)) == 100
    assert (service._admission.running, service._admission.waiting) == (0, 0)
    service.close()


def test_who_leaves_stops_the_answer_and_frees_the_place(
    settings: Settings, tmp_path: Path
) -> None:
    gate = Gate()
    service = open_service(settings.replaced(parallel_questions=1), tmp_path / "in", before=gate)
    gate.opened.set()
    events = service.ask(Inquiry(QUESTION), LOCAL)
    next(events)
    events.close()
    stop = service._assistant.cancels[-1]  # type: ignore[union-attr]
    assert stop.is_set()
    assert service._admission.running == 0
    assert outcomes(service) == [("ask", "cancelled", QUESTION)]
    service.close()


def test_an_answer_that_takes_too_long_is_stopped(settings: Settings, tmp_path: Path) -> None:
    def never(question: str) -> None:
        raise Cancelled("Câu trả lời đã bị dừng.")

    service = open_service(settings.replaced(answer_seconds=1), tmp_path / "in", before=never)
    service._clock = iter(range(0, 10_000, 5)).__next__
    with pytest.raises(TooSlow, match="1 giây"):
        ask(service, QUESTION)
    service.close()


def test_a_caller_who_cancels_hears_so(settings: Settings, tmp_path: Path) -> None:
    cancel = threading.Event()

    def leave(question: str) -> None:
        cancel.set()
        raise Cancelled("Câu trả lời đã bị dừng.")

    service = open_service(settings, tmp_path / "in", before=leave)
    with pytest.raises(Cancelled):
        list(service.ask(Inquiry(QUESTION), LOCAL, cancel))
    assert figure(service, 'congvu_questions_total{outcome="cancelled"} 1.0')
    service.close()


def test_before_the_models_are_open_callers_are_told_to_wait(settings: Settings) -> None:
    service = Service.from_settings(settings, FakeParts())
    with pytest.raises(NotReady, match="đang mở"):
        ask(service, QUESTION)
    assert not service.readiness().ready
    service.open()
    with pytest.raises(EmptyLibrary):
        ask(service, QUESTION)
    service.close()


def test_an_upload_is_looked_at_before_it_is_taken_in(settings: Settings) -> None:
    service = Service.from_settings(settings, FakeParts())
    service.open()
    shelf = Shelf(service)
    seen = shelf.preview("moi.txt", OTHER.encode(), LOCAL).notice
    assert seen.header.number == "13/TB-UBND"
    assert shelf.notices(LOCAL) == ()
    report = shelf.add("../../moi.txt", OTHER.encode(), LOCAL)
    assert report.header is not None
    assert report.file_name == "moi.txt"
    assert "bến phà" in answer_of(ask(service, "Rà soát bến phà nào?")).citations[0].clause.text
    assert ("add", "done", None) in outcomes(service)
    service.close()


def test_a_file_that_cannot_be_taken_in_changes_nothing(service: Service) -> None:
    shelf = Shelf(service)
    before = shelf.notices(LOCAL)
    with pytest.raises(SecretFile):
        shelf.add("mat.txt", SECRET.encode(), LOCAL)
    with pytest.raises(BadInput, match="10 MB"):
        shelf.add("to.txt", b"a" * (10 * 1024 * 1024 + 1), LOCAL)
    with pytest.raises(BadInput, match="không có tên"):
        shelf.add("..", b"a", LOCAL)
    assert shelf.notices(LOCAL) == before


def test_a_clause_is_found_by_its_id(service: Service) -> None:
    shelf = Shelf(service)
    notice, clause = shelf.clause("12/TB-UBND", "1", READER)
    assert clause.notice_id == notice.id
    assert shelf.clause(notice.id, clause.id, READER) == (notice, clause)
    with pytest.raises(BadInput, match="không có điều khoản"):
        shelf.clause(notice.id, "999", READER)


def test_what_another_process_indexed_is_taken_in(
    settings: Settings, service: Service, tmp_path: Path
) -> None:
    now = [0.0]
    service._clock = lambda: now[0]
    service._looked = 0.0
    other = Service.from_settings(settings, FakeParts())
    (tmp_path / "more.txt").write_text(DRAFT.replace("kho lạnh", "đò ngang"), encoding="utf-8")
    other.workspace.add([tmp_path / "more.txt"])
    other.close()
    assert answer_of(ask(service, "Đò ngang?")).refused
    now[0] = 10.0
    assert not answer_of(ask(service, "Đò ngang nào?")).refused


def test_the_figures_tell_nothing_about_people(service: Service) -> None:
    ask(service, QUESTION, READER)
    text = service.metrics.render().decode()
    assert "kho" not in text
    assert READER.name not in text
    assert figure(service, 'congvu_questions_total{outcome="answered"} 1.0')
    assert figure(service, "congvu_ready 1.0")


def test_what_is_too_old_is_forgotten_while_the_service_runs(
    service: Service, settings: Settings
) -> None:
    moments = [service._now(), 0.0]
    service._now = lambda: moments[0]
    service._clock = lambda: moments[1]
    service._looked = service._tidied = 0.0
    ask(service, QUESTION)
    moments[:] = [moments[0] + timedelta(days=31 * settings.audit_months), 4000.0]
    ask(service, "Trạm y tế nào?")
    kept = service.records.history.conversations(LOCAL.name)
    assert [one.title for one in kept] == ["Trạm y tế nào?"]
    assert QUESTION not in [question for _, _, question in outcomes(service)]
