"""One thread owns the model; the others wait their turn."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from fakes_llm import ask, request

from assistant.llm.fake import QueueLLM, Reply
from assistant.llm.model_thread import ModelThread
from corpus.errors import BadInput, Busy, NotReady


@pytest.fixture
def gate() -> threading.Event:
    """Opens the model's mouth; shut at first."""
    return threading.Event()


class Desk:
    """An owner over a fake, and its callers."""

    def __init__(self, gate: threading.Event, replies: list[Reply], queue_size: int = 8) -> None:
        self.gate = gate
        self.model = QueueLLM(replies, gate=gate)
        self.owner = ModelThread(self.model, queue_size)

    def call(self, question: str = "?") -> tuple[Iterator[str], threading.Event]:
        cancel = threading.Event()
        return self.owner.generate(request(question), cancel), cancel

    def serving(self, count: int) -> None:
        """Wait until the model has taken up ``count`` requests."""
        deadline = time.monotonic() + 5
        while len(self.model.requests) < count:
            assert time.monotonic() < deadline, "the model was not asked"
            time.sleep(0.001)

    @property
    def asked(self) -> list[str]:
        return [one.messages[-1].content for one in self.model.requests]


@pytest.fixture
def desk(gate: threading.Event) -> Iterator[Desk]:
    desk = Desk(gate, ["một", "hai", "ba", "bốn", "năm"], queue_size=2)
    yield desk
    desk.owner.close()


def test_callers_are_served_in_the_order_they_came(desk: Desk) -> None:
    answers = [desk.call(question)[0] for question in ("a", "b", "c")]
    desk.gate.set()
    assert ["".join(answer) for answer in reversed(answers)] == ["ba", "hai", "một"]
    assert desk.asked == ["a", "b", "c"]


def test_a_full_queue_is_told_at_once_with_a_remedy(desk: Desk) -> None:
    kept = [desk.call() for _ in range(3)]
    with pytest.raises(Busy) as caught:
        desk.call()
    assert "queue_size" in caught.value.remedy
    desk.gate.set()
    assert "".join(kept[2][0]) == "ba"
    assert "".join(desk.call()[0]) == "bốn"


def test_who_is_cancelled_while_waiting_never_reaches_the_model(desk: Desk) -> None:
    first, _ = desk.call("a")
    waiting, cancel = desk.call("b")
    third, _ = desk.call("c")
    desk.serving(1)
    cancel.set()
    assert list(waiting) == [], "and it need not wait for its turn to hear it"
    desk.gate.set()
    assert ("".join(first), "".join(third)) == ("một", "hai")
    assert desk.asked == ["a", "c"]


def test_who_left_the_queue_makes_room(desk: Desk) -> None:
    kept = [desk.call() for _ in range(2)]
    gone, _ = desk.call()
    gone.close()  # type: ignore[attr-defined]
    assert desk.call()[0] is not None
    assert kept


@pytest.mark.parametrize("how", ["cancel", "close", "drop"])
def test_who_leaves_midway_stops_the_model_within_a_token(gate: threading.Event, how: str) -> None:
    desk = Desk(gate, ["a" * 400, "tiếp"])
    try:
        answer, cancel = desk.call()
        desk.serving(1)
        if how == "cancel":
            cancel.set()
        elif how == "close":
            answer.close()  # type: ignore[attr-defined]
        del answer
        following, _ = desk.call()
        desk.serving(2)
        assert desk.model.pieces == 0, "the gate is still shut, the model was stopped at it"
        gate.set()
        assert "".join(following) == "tiếp"
    finally:
        desk.owner.close()


def test_an_error_reaches_exactly_its_caller(desk: Desk) -> None:
    owner = ModelThread(QueueLLM(["một", BadInput("Hỏng.", "Sửa."), "ba"]))
    try:
        answers = [owner.generate(request("?"), threading.Event()) for _ in range(3)]
        assert "".join(answers[0]) == "một"
        with pytest.raises(BadInput, match="Hỏng"):
            list(answers[1])
        assert list(answers[1]) == []
        assert "".join(answers[2]) == "ba"
    finally:
        owner.close()


def test_close_joins_the_thread_tells_who_waits_and_closes_the_model(desk: Desk) -> None:
    served, _ = desk.call()
    waiting, _ = desk.call()
    desk.serving(1)
    desk.owner.close()
    assert not any(thread.name == "llm-owner" for thread in threading.enumerate())
    assert desk.model.closed
    for answer in (served, waiting):
        with pytest.raises(NotReady):
            list(answer)
    with pytest.raises(NotReady):
        desk.call()


def test_many_callers_all_get_their_own_answer() -> None:
    owner = ModelThread(
        QueueLLM([lambda asked: asked.messages[-1].content * 3] * 40), queue_size=40
    )
    got: dict[str, str] = {}

    def caller(name: str) -> None:
        got[name] = ask(owner, name)

    threads = [threading.Thread(target=caller, args=(f"câu {n}; ",)) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    owner.close()
    assert got == {f"câu {n}; ": f"câu {n}; " * 3 for n in range(40)}


def test_a_queue_needs_room_for_one() -> None:
    with pytest.raises(ValueError, match="queue_size"):
        ModelThread(QueueLLM(), queue_size=0)
