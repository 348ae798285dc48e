"""How long a piece of work takes, and how its time grows with its length."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_FACTOR = 8
_NOISE = 0.1  # seconds: what is faster says nothing; the square of a length takes seconds
_SLACK = 4.0  # caches of a busy machine; quadratic work takes _FACTOR times as long again


def seconds(work: Callable[[], object]) -> float:
    """Return the processor seconds that ``work`` takes, without the collector's."""
    gc.disable()
    try:
        start = time.process_time()
        work()
        return time.process_time() - start
    finally:
        gc.enable()


def assert_grows_evenly(work: Callable[[int], object], length: int) -> None:
    """Check that eight times the length takes about eight times as long, not sixty-four times.

    Args:
        work: takes a length.
        length: the smaller one.
    """
    short = min(seconds(lambda: work(length)) for _ in range(2))
    long = seconds(lambda: work(_FACTOR * length))
    most = _NOISE + _SLACK * _FACTOR * short
    assert long < most, f"{long:.3f} s for {_FACTOR * length}, {short:.4f} s for {length}"


@contextmanager
def ends_within(most: float) -> Iterator[None]:
    """Check that what is done inside takes less than ``most`` seconds on the clock."""
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    assert took < most, f"{took:.1f} s"
