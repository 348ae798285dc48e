"""Nobody asks more often than allowed, and nobody who keeps to it is refused."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.service.limits.rates import RateLimiter
from corpus.errors import TooMany


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def granted(limiter: RateLimiter, caller: str, per_minute: int) -> bool:
    try:
        limiter.take(caller, per_minute)
    except TooMany:
        return False
    return True


def test_a_minute_s_worth_then_one_at_a_time() -> None:
    clock = Clock()
    limiter = RateLimiter(clock)
    assert [granted(limiter, "a", 6) for _ in range(8)] == [True] * 6 + [False] * 2
    with pytest.raises(TooMany, match="6 lần") as caught:
        limiter.take("a", 6)
    assert caught.value.retry_after_s == pytest.approx(10)
    assert caught.value.exit_code == 5
    clock.now += 10
    assert [granted(limiter, "a", 6) for _ in range(2)] == [True, False]


def test_callers_don_t_take_from_each_other() -> None:
    limiter = RateLimiter(Clock())
    assert granted(limiter, "a", 1)
    assert not granted(limiter, "a", 1)
    assert granted(limiter, "b", 1)


@given(
    per_minute=st.integers(1, 120),
    waits=st.lists(st.floats(0, 30, allow_nan=False), max_size=200),
)
def test_any_span_of_time_grants_a_bucket_and_what_flows_in(
    per_minute: int, waits: list[float]
) -> None:
    clock = Clock()
    limiter = RateLimiter(clock)
    times = []
    for wait in waits:
        clock.now += wait
        if granted(limiter, "a", per_minute):
            times.append(clock.now)
    for i, first in enumerate(times):
        for j, last in enumerate(times[i:], start=1):
            assert j <= per_minute + (last - first) * per_minute / 60 + 1e-3


@given(per_minute=st.integers(1, 600), count=st.integers(1, 300))
def test_an_even_pace_is_never_refused(per_minute: int, count: int) -> None:
    clock = Clock()
    limiter = RateLimiter(clock)
    for _ in range(count):
        limiter.take("a", per_minute)
        clock.now += 60 / per_minute


@given(per_minute=st.integers(1, 120), extra=st.integers(0, 50), gap=st.floats(0, 5))
def test_the_wait_that_is_told_is_enough_and_no_more(
    per_minute: int, extra: int, gap: float
) -> None:
    clock = Clock()
    limiter = RateLimiter(clock)
    for _ in range(per_minute + extra):
        granted(limiter, "a", per_minute)
        clock.now += gap / 100
    try:
        limiter.take("a", per_minute)
    except TooMany as error:
        wait = error.retry_after_s
        assert 0 < wait <= 60 / per_minute + 1e-6
        clock.now += wait * 0.9 - 1e-5
        assert not granted(limiter, "a", per_minute)
        clock.now += wait * 0.1 + 2e-5
        limiter.take("a", per_minute)


def test_those_who_are_idle_cost_no_memory() -> None:
    clock = Clock()
    limiter = RateLimiter(clock, max_callers=10)
    for n in range(1000):
        limiter.take(f"c{n}", 60)
        assert len(limiter) <= 10
        clock.now += 5  # the bucket of whoever asked once is full again after a second


def test_a_flood_of_callers_does_not_clear_the_busiest() -> None:
    limiter = RateLimiter(Clock(), max_callers=10)
    assert [granted(limiter, "busy", 5) for _ in range(6)] == [True] * 5 + [False]
    for n in range(1000):
        limiter.take(f"c{n}", 60)
        assert len(limiter) <= 10
    assert not granted(limiter, "busy", 5)


def test_threads_together_get_no_more() -> None:
    limiter = RateLimiter(Clock())
    counts: list[int] = []

    def work() -> None:
        counts.append(sum(granted(limiter, "a", 100) for _ in range(100)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 100


def test_bad_bounds_are_mistakes_of_the_program() -> None:
    with pytest.raises(ValueError, match="per_minute"):
        RateLimiter(Clock()).take("a", 0)
    with pytest.raises(ValueError, match="max_callers"):
        RateLimiter(Clock(), 0)
