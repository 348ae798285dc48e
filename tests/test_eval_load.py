"""A load test tells what is lost, mixed or told to come back, and times what callers hear."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from fakes_assistant import FakeAssistant, FakeParts
from fakes_cli import Congvu
from fakes_eval import COLD, UNKNOWN, Runner, notices_data
from fakes_time import ends_within

from assistant.api.listening import listening
from assistant.contract import AnswerWarning, WarningKind
from assistant.events import Delta, Done, Event
from assistant.runtime.settings import Settings
from assistant.understand.question import Turn
from corpus.errors import BadInput
from eval.load.client import Heard, Patience
from eval.load.judging import Outcome, Print, judge
from eval.load.level import run_level
from eval.load.server import serving
from eval.record import RunFolder
from eval.report.page import make_page
from eval.report.run_data import load_run
from eval.report.targets import load_targets
from eval.suites import Asked, make_suite
from eval.suites.load import LoadSuite
from eval.suites.notices import NoticeQuestions

FERRY = COLD | {"id": "ferry", "question": "Danh mục các trạm do ai lập?"}
QUICK = Patience(answer=10, retry_after=0.02, level=60)


def load_suite(tmp_path: Path, *questions: Mapping[str, object], **more: Any) -> LoadSuite:
    paths = notices_data(tmp_path / "data", *(questions or (COLD, FERRY, UNKNOWN)))
    given = {"callers": (1, 4), "requests": 6, "patience": QUICK} | more
    return LoadSuite(NoticeQuestions.load(*paths), **given)


class Later(FakeAssistant):
    """Answers rightly for a while, then in another way.

    Args:
        after: how many answers are right.
        change: makes the events of the later ones; gets the question and the right events.
    """

    def __init__(
        self,
        *arguments: Any,
        after: int,
        change: Callable[[Later, str, Iterator[Event]], Iterator[Event]],
    ) -> None:
        super().__init__(*arguments)
        self._left = after
        self._change = change
        self._lock = threading.Lock()

    def right(self, question: str) -> Iterator[Event]:
        return super().stream(question)

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        notices: Sequence[str] = (),
        cancel: threading.Event | None = None,
    ) -> Iterator[Event]:
        with self._lock:
            self._left -= 1
            late = self._left < 0
        events = super().stream(question, history, notices, cancel)
        return self._change(self, question, events) if late else events


def run_later(
    tmp_path: Path,
    settings: Settings,
    change: Callable[[Later, str, Iterator[Event]], Iterator[Event]],
) -> list[dict[str, Any]]:
    """Run 2 questions alone and 4 requests by 2 callers, whose answers are changed."""
    parts = FakeParts(assemble_as=lambda snapshot: Later(snapshot, after=2, change=change))
    suite = load_suite(tmp_path, COLD, FERRY, callers=(2,), requests=4)
    Runner(settings, parts)(suite, tmp_path / "run")
    return RunFolder(tmp_path / "run").records()


# The suite


def test_every_answer_is_its_own_where_nothing_is_wrong(tmp_path: Path, settings: Settings) -> None:
    suite = load_suite(tmp_path)
    metrics = Runner(settings)(suite, tmp_path / "run")
    for level in (1, 4):
        assert metrics[f"callers_{level}_requests"].value == 6
        for wrong in ("lost", "mixed", "changed", "told_to_come_back"):
            assert metrics[f"callers_{level}_{wrong}"].value == 0
        for timed in ("evidence", "first_token", "total", "in_line"):
            assert metrics[f"callers_{level}_{timed}_ms_p95"].n == 6
        assert metrics[f"callers_{level}_first_quote_ms_p95"].n == 4  # a refusal quotes nothing
        perminute = 60 * 6 / metrics[f"callers_{level}_seconds"].value  # type: ignore[operator]
        assert metrics[f"callers_{level}_answers_per_min"].value == pytest.approx(perminute)
    assert metrics["lost"].value == metrics["mixed"].value == 0
    assert metrics["lost"].n == 12
    records = RunFolder(tmp_path / "run").records()
    assert [record["id"] for record in records] == list(suite.tasks)
    assert records[0]["id"] == "1/000/cold" and records[3]["id"] == "1/003/cold"
    assert all(record["status"] == 200 for record in records if "status" in record)
    times = records[0]["timings_ms"]
    assert (
        0
        < times["callers_1_evidence"]
        <= times["callers_1_first_token"]
        <= times["callers_1_first_quote"]
        <= times["callers_1_total"]
    )


def test_a_sentence_above_the_quotes_belongs_to_the_answer(
    tmp_path: Path, settings: Settings
) -> None:
    def lead(question: str) -> Iterator[str]:
        yield "Bảy kho [1]."

    suite = load_suite(tmp_path, callers=(1,))
    parts = FakeParts(assemble_as=lambda snapshot: FakeAssistant(snapshot, lead=lead))
    metrics = Runner(settings, parts)(suite, tmp_path / "run")
    assert metrics["lost"].value == metrics["mixed"].value == metrics["changed"].value == 0
    assert metrics["callers_1_lead_ms_p95"].n == 4


def test_answers_are_made_not_remembered(tmp_path: Path, settings: Settings) -> None:
    runner = Runner(settings)
    runner(load_suite(tmp_path, COLD, callers=(1,), requests=3), tmp_path / "run")
    assert len(runner.parts.assistants[-1].asked) == 1 + 3  # type: ignore[union-attr]


def test_callers_ask_at_the_same_time(tmp_path: Path, settings: Settings) -> None:
    most = [0, 0]
    lock = threading.Lock()

    def linger(question: str) -> None:
        with lock:
            most[0] += 1
            most[1] = max(most)
        time.sleep(0.05)
        with lock:
            most[0] -= 1

    parts = FakeParts(assemble_as=lambda snapshot: FakeAssistant(snapshot, linger))
    Runner(settings, parts)(load_suite(tmp_path, callers=(3,), requests=9), tmp_path / "run")
    assert most[1] == 3


def test_an_answer_of_another_question_is_mixed(tmp_path: Path, settings: Settings) -> None:
    def swap(of: Later, question: str, right: Iterator[Event]) -> Iterator[Event]:
        other = FERRY if question == COLD["question"] else COLD
        for event in of.right(str(other["question"])):
            # Even one that claims to be an answer to the question.
            known = isinstance(event, Done)
            yield Done(replace(event.answer, question=question)) if known else event  # type: ignore[union-attr]

    records = run_later(tmp_path, settings, swap)
    assert [one["outcome"] for one in records[:4]] == ["mixed"] * 4
    assert records[4]["samples"]["callers_2_mixed"] == [4]
    assert records[0]["heard"]["citations"][0]["clause"]["text"].startswith("2. Sở Y tế")


def test_pieces_of_another_stream_are_mixed(tmp_path: Path, settings: Settings) -> None:
    def braid(of: Later, question: str, right: Iterator[Event]) -> Iterator[Event]:
        pieces = list(right)
        yield pieces[0]
        yield pieces[1]
        yield pieces[1]
        yield from pieces[2:]

    records = run_later(tmp_path, settings, braid)
    assert [one["outcome"] for one in records[:4]] == ["mixed"] * 4


def test_another_answer_to_the_same_question_is_changed(tmp_path: Path, settings: Settings) -> None:
    def shorten(of: Later, question: str, right: Iterator[Event]) -> Iterator[Event]:
        for event in right:
            if isinstance(event, Done):
                warned = (AnswerWarning(WarningKind.DEGRADED, "Thiếu."),)
                yield Done(replace(event.answer, answer=event.answer.answer + "!", warnings=warned))
            else:
                yield event
                if isinstance(event, Delta) and event.text.endswith("."):
                    yield Delta("!")

    records = run_later(tmp_path, settings, shorten)
    assert [one["outcome"] for one in records[:4]] == ["changed"] * 4
    assert records[4]["samples"]["callers_2_changed"] == [4]
    assert records[0]["heard"]["answer"].endswith("!")


def test_an_answer_that_breaks_off_is_lost(tmp_path: Path, settings: Settings) -> None:
    def break_off(of: Later, question: str, right: Iterator[Event]) -> Iterator[Event]:
        yield next(right)
        raise RuntimeError("broken")

    records = run_later(tmp_path, settings, break_off)
    assert [one["outcome"] for one in records[:4]] == ["lost"] * 4
    assert "hỏng giữa chừng" in records[0]["problem"]
    assert records[0]["measures"]["lost"] == [1, 1]
    assert records[0]["measures"]["mixed"] == [0, 0]
    assert records[4]["samples"]["callers_2_lost"] == [4]
    assert records[4]["samples"]["callers_2_answers_per_min"] == [0]


def test_who_is_told_to_come_back_comes_back(tmp_path: Path, settings: Settings) -> None:
    parts = FakeParts(
        assemble_as=lambda snapshot: FakeAssistant(snapshot, lambda question: time.sleep(0.05))
    )
    narrow = settings.replaced(parallel_questions=1, queue_size=1)
    metrics = Runner(narrow, parts)(
        load_suite(tmp_path, callers=(6,), requests=12), tmp_path / "run"
    )
    assert metrics["lost"].value == metrics["mixed"].value == 0
    records = RunFolder(tmp_path / "run").records()
    refused = sum(one["refusals"] for one in records[:12])
    assert refused > 0
    share = refused / (12 + refused)
    assert metrics["callers_6_told_to_come_back"].value == pytest.approx(share)
    assert metrics["told_to_come_back"].value == pytest.approx(share)
    waited = next(one for one in records if one.get("refusals"))
    assert 20 <= waited["waited_ms"] <= waited["timings_ms"]["callers_6_evidence"]


def test_a_question_that_fails_alone_stops_the_test(tmp_path: Path, settings: Settings) -> None:
    def fail(question: str) -> None:
        raise RuntimeError("broken")

    parts = FakeParts(assemble_as=lambda snapshot: FakeAssistant(snapshot, fail))
    with pytest.raises(BadInput, match="Câu cold hỏi một mình"):
        Runner(settings, parts)(load_suite(tmp_path, COLD), tmp_path / "run")


def test_a_stopped_run_goes_on_with_the_level_it_was_in(tmp_path: Path, settings: Settings) -> None:
    suite, folder = load_suite(tmp_path), tmp_path / "run"
    Runner(settings)(suite, folder)
    path = folder / "records.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:9]), encoding="utf-8")  # of the second level, two
    runner = Runner(settings)
    runner(suite, folder)
    assert path.read_text(encoding="utf-8").startswith("".join(lines[:9]))
    assert len(RunFolder(folder).records()) == len(suite.tasks) == 14
    assert len(runner.parts.assistants[-1].asked) == 3 + 6  # type: ignore[union-attr]


# A server that answers as it is told


@dataclass
class Scripted:
    """An app that gives each request the next answer: status, headers, body."""

    answers: list[tuple[int, dict[str, str], bytes]]
    bodies: list[dict[str, Any]] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http" or await self._lifespan(receive, send)
        if scope["type"] != "http":
            return
        body = b""
        while (message := await receive()).get("more_body") or message.get("body"):
            body += message["body"]
            if not message.get("more_body"):
                break
        self.bodies.append(json.loads(body))
        status, headers, content = self.answers.pop(0)
        pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        for place in range(0, len(content), 7):  # in pieces that cut letters
            piece = content[place : place + 7]
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        if status == 200 and not content:
            await asyncio.sleep(0.5)
        await send({"type": "http.response.body", "body": b""})

    async def _lifespan(self, receive: Any, send: Any) -> bool:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return True


DONE = {"question": "Hỏi?", "answer": "Một\u2028hai", "citations": [], "evidence": []}


def stream(*events: tuple[str, object]) -> bytes:
    return "".join(
        f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n" for name, data in events
    ).encode()


WHOLE = stream(("evidence", {"evidence": []}), ("delta", {"text": "Một\u2028hai"}), ("done", DONE))
BUSY = (503, {"Retry-After": "3"}, b"{}")


def heard_of(*answers: tuple[int, dict[str, str], bytes], patience: Patience = QUICK) -> Heard:
    with serving(Scripted(list(answers))) as address:
        level = run_level(address, [{"question": "Hỏi?"}], 1, patience)
    return level.heard[0]


def test_a_line_separator_within_json_cuts_nothing() -> None:
    heard = heard_of((200, {}, WHOLE))
    assert heard.answer == DONE
    assert heard.text == "Một\u2028hai"


def test_a_polite_refusal_is_waited_for_but_no_longer_than_allowed() -> None:
    with ends_within(2):
        heard = heard_of(BUSY, (429, {"Retry-After": "9"}, b"{}"), (200, {}, WHOLE))
    assert (heard.refusals, heard.status, heard.problem) == (2, 200, "")
    assert heard.waited_ms >= 40


def test_retry_after_is_kept_to() -> None:
    patience = replace(QUICK, retry_after=30)
    heard = heard_of((503, {"Retry-After": "1"}, b"{}"), (200, {}, WHOLE), patience=patience)
    assert heard.waited_ms >= 1000


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ((503, {}, b"{}"), "HTTP 503"),  # nobody says when to come back
        ((500, {}, b"{}"), "HTTP 500"),
        ((504, {"Retry-After": "3"}, b"{}"), "HTTP 504"),
        ((200, {}, WHOLE[: WHOLE.index(b"event: done")]), "luồng bị cắt trước khi xong"),
        ((200, {}, WHOLE[:-2]), "luồng bị cắt trước khi xong"),
        ((200, {}, stream(("error", {"code": "too_slow"}))), "hỏng giữa chừng: too_slow"),
    ],
)
def test_what_ends_without_an_answer_is_lost(
    answer: tuple[int, dict[str, str], bytes], problem: str
) -> None:
    heard = heard_of(answer)
    assert heard.problem == problem
    assert judge("Hỏi?", heard, Print.of(DONE), frozenset()) is Outcome.LOST


def test_patience_has_an_end() -> None:
    heard = heard_of((200, {}, b""), patience=replace(QUICK, answer=0.2))
    assert heard.problem == "không xong trong 0.2 giây"
    forever = [BUSY] * 1000
    assert heard_of(*forever, patience=replace(QUICK, answer=0.3)).answer is None


def test_events_of_a_stream_do_not_wait_for_each_other() -> None:
    with (
        listening("127.0.0.1", 0) as listener,
        socket.create_connection(listener.getsockname()),
        listener.accept()[0] as accepted,
    ):
        # Else the evidence waits 40 ms for the delayed acknowledgement of the headers.
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_nobody_there_is_lost() -> None:
    level = run_level("http://127.0.0.1:9", [{"question": "Hỏi?"}], 1, QUICK)
    assert level.heard[0].problem.startswith("đứt kết nối")


def test_a_level_ends_in_time() -> None:
    with serving(Scripted([(200, {}, WHOLE)] * 3)) as address:
        level = run_level(address, [{"question": "Hỏi?"}] * 3, 1, replace(QUICK, level=0.0))
    assert [one.problem for one in level.heard] == ["mức này hết giờ trước khi hỏi"] * 3


# Judging


def heard(text: str = "a", cited: Sequence[str] = ("n/1",), question: str = "Hỏi?") -> Heard:
    answer = {
        "question": question,
        "answer": text,
        "citations": [{"clause": {"id": one}} for one in cited],
        "evidence": [{"clause_id": "n/1"}, {"clause_id": "n/2"}],
    }
    return Heard(answer, text, list(cited), ["n/1", "n/2"])


OWN = Print("a", ("n/1",), ("n/1", "n/2"))
OTHERS = frozenset({Print("b", ("n/2",), ("n/1", "n/2"))})


@pytest.mark.parametrize(
    ("got", "outcome"),
    [
        (heard(), Outcome.OWN),
        (heard("other words"), Outcome.CHANGED),
        (heard("other words", ("n/2",)), Outcome.CHANGED),
        (heard("b", ("n/2",)), Outcome.MIXED),
        (heard(cited=("m/9",)), Outcome.MIXED),
        (heard(question="Gì?"), Outcome.MIXED),
        (replace(heard(), text="ab"), Outcome.MIXED),
        (replace(heard(), citations=[]), Outcome.MIXED),
        (replace(heard(), evidence=["n/2"]), Outcome.MIXED),
        (replace(heard(), problem="cut"), Outcome.LOST),
    ],
)
def test_what_is_heard_is_compared_with_the_answer_alone(got: Heard, outcome: Outcome) -> None:
    assert judge("Hỏi?", got, OWN, OTHERS) is outcome


# From the command line to the page


def test_the_command_runs_it_and_the_page_shows_it(congvu: Congvu, tmp_path: Path) -> None:
    data, notices = notices_data(tmp_path / "data")
    options = ("--data", data, "--notices", notices, "--callers", "1,2", "--requests", "3")
    out = tmp_path / "run"
    result = congvu("eval", "run", "load", *options, "--out", out, "--json")
    assert result.code == 0, result.err
    assert result.json["callers_2_lost"] == 0
    assert result.json["callers_2_requests"] == 3
    info = RunFolder(out).info()
    assert info["options"]["callers"] == [1, 2]
    assert info["command"].endswith("--callers 1,2 --requests 3")
    page = make_page([load_run(out, "run")], load_targets())
    assert "Đạt 2 trên 2 mục tiêu" in page
    assert page.count('id="tai-') == 1 + 3 * 2  # heading, title and description of each picture
    assert 'id="thoi-gian"' not in page
    assert "callers_2" not in page


def test_a_loss_is_seen_on_the_page(tmp_path: Path, settings: Settings) -> None:
    def fail(of: Later, question: str, right: Iterator[Event]) -> Iterator[Event]:
        raise RuntimeError("broken")
        yield  # a generator

    run_later(tmp_path, settings, fail)
    page = make_page([load_run(tmp_path / "run", "run")], load_targets())
    assert "Đạt 0 trên 2 mục tiêu" in page


@pytest.mark.parametrize("given", ["0", "1,1", "x", "", "65"])
def test_bad_callers_are_told(congvu: Congvu, tmp_path: Path, given: str) -> None:
    result = congvu("eval", "run", "load", "--callers", given, "--out", tmp_path / "run")
    assert result.code == 2
    assert "--callers" in result.err


def test_options_of_load_belong_to_load() -> None:
    with pytest.raises(BadInput, match="chỉ đi cùng load"):
        make_suite(Asked("notices", callers=(1,)))
