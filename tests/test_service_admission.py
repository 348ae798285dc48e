"""Who may ask now, who waits, who is told to come back; and what is remembered."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.contract import Answer, Versions
from assistant.service.limits.admission import Admission
from assistant.service.limits.answer_cache import AnswerCache, CacheKey
from assistant.understand.question import Turn
from corpus.errors import Busy, Cancelled

FOREVER = threading.Event()


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


def key(question: str, snapshot: str = "s", notices: tuple[str, ...] = ()) -> CacheKey:
    return CacheKey.of(snapshot, question, (), notices)


def answer(text: str) -> Answer:
    return Answer("?", text, False, None, (), (), Versions("s", "l", "e", "p"))


class Visitor:
    """A caller in a thread of its own, who stays until let go."""

    def __init__(self, admission: Admission) -> None:
        self.cancel = threading.Event()
        self.leave = threading.Event()
        self.inside = threading.Event()
        self.error: Exception | None = None
        self._admission = admission
        self._thread = threading.Thread(target=self._visit, daemon=True)
        self._thread.start()

    def _visit(self) -> None:
        try:
            with self._admission.entered(self.cancel):
                self.inside.set()
                self.leave.wait(5)
        except Cancelled as error:
            self.error = error

    def end(self) -> None:
        self.leave.set()
        self._thread.join(5)
        assert not self._thread.is_alive()


def test_those_beyond_the_queue_are_told_to_come_back() -> None:
    admission = Admission(running=1, waiting=1)
    first = Visitor(admission)
    assert first.inside.wait(5)
    second = Visitor(admission)
    until(lambda: admission.waiting == 1)
    with pytest.raises(Busy, match="1 câu đang chờ"), admission.entered(FOREVER):
        pass
    assert not second.inside.is_set()
    first.end()
    assert second.inside.wait(5)
    second.end()
    assert (admission.running, admission.waiting) == (0, 0)


def test_those_refused_are_told_how_long_those_before_them_will_take() -> None:
    seconds = [0.0]
    admission = Admission(running=1, waiting=0, clock=lambda: seconds[0])
    for _ in range(50):  # each takes ten seconds
        with admission.entered(FOREVER):
            seconds[0] += 10.0
    with (
        admission.entered(FOREVER),
        pytest.raises(Busy) as told,
        admission.entered(FOREVER),
    ):
        pass
    assert told.value.retry_after_s == pytest.approx(10.0, rel=0.01)


def test_callers_come_in_first_come_first_served() -> None:
    admission = Admission(running=1, waiting=3)
    first = Visitor(admission)
    assert first.inside.wait(5)
    others = []
    for place in range(1, 4):
        others.append(Visitor(admission))
        until(lambda place=place: admission.waiting == place)  # type: ignore[misc]
    first.end()
    for index, other in enumerate(others):
        assert other.inside.wait(5)
        assert not any(later.inside.is_set() for later in others[index + 1 :])
        other.end()


def test_who_leaves_the_queue_makes_room() -> None:
    admission = Admission(running=1, waiting=1)
    first = Visitor(admission)
    assert first.inside.wait(5)
    second = Visitor(admission)
    until(lambda: admission.waiting == 1)
    second.cancel.set()
    until(lambda: second.error is not None)
    assert admission.waiting == 0
    first.end()


def test_an_error_inside_frees_the_place() -> None:
    admission = Admission(running=1, waiting=0)
    with pytest.raises(ZeroDivisionError), admission.entered(FOREVER):
        raise ZeroDivisionError
    with admission.entered(FOREVER):
        assert admission.running == 1


def test_nobody_can_run_is_a_mistake_in_the_program() -> None:
    with pytest.raises(ValueError, match="running"):
        Admission(running=0, waiting=1)


def test_an_answer_is_remembered_for_its_question_and_snapshot_only() -> None:
    cache = AnswerCache(4)
    cache.put(key("kho lạnh"), answer("1"))
    assert cache.get(key(" kho lạnh ")) == answer("1")
    assert cache.get(key("kho lanh")) is None
    assert cache.get(key("kho lạnh", snapshot="other")) is None
    assert cache.get(key("kho lạnh", notices=("tb-12",))) is None
    assert cache.get(CacheKey.of("s", "kho lạnh", [Turn("user", "bến phà")], ())) is None


def test_the_order_of_the_notices_does_not_matter() -> None:
    assert key("q", notices=("a", "b")) == key("q", notices=("b", "a", "a"))


def test_what_was_used_longest_ago_is_forgotten_first() -> None:
    cache = AnswerCache(2)
    cache.put(key("a"), answer("a"))
    cache.put(key("b"), answer("b"))
    cache.get(key("a"))
    cache.put(key("c"), answer("c"))
    assert cache.get(key("b")) is None
    assert cache.get(key("a")) is not None


def test_a_removed_notice_takes_its_answers_along() -> None:
    cache = AnswerCache(2)
    cache.put(key("a"), answer("a"))
    cache.clear()
    assert cache.get(key("a")) is None


@given(st.integers(0, 5), st.lists(st.text(max_size=3)))
def test_the_cache_never_holds_more_than_its_size(size: int, questions: list[str]) -> None:
    cache = AnswerCache(size)
    for question in questions:
        cache.put(key(question), answer(question))
        assert len(cache) <= size
