"""How often one caller may ask: a bucket of tokens that fills again with time."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import Final

from corpus.errors import TooMany

_WINDOW_S: Final = 60.0


class RateLimiter:
    """A full bucket holds a minute's worth; any thread may take from it.

    Kept is one number a caller, the moment at which the bucket will be full again (the generic
    cell rate algorithm, ITU-T I.371). A caller whose bucket is full is as good as unknown, so
    those who don't ask cost no memory.

    Args:
        clock: seconds, never going back.
        max_callers: buckets kept; beyond, the fullest half is taken for full.
    """

    def __init__(self, clock: Callable[[], float], max_callers: int = 10_000) -> None:
        if max_callers < 1:
            raise ValueError(f"max_callers must be ≥ 1, not {max_callers}")
        self._clock = clock
        self._max = max_callers
        self._lock = threading.Lock()
        self._full_at: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, caller: str, per_minute: int) -> None:
        """Take one token, or raise and take none.

        Args:
            caller: whose bucket.
            per_minute: tokens that the bucket holds and that flow in each minute.

        Raises:
            TooMany: the bucket is empty; it says when there will be a token.
            ValueError: ``per_minute`` is not positive.
        """
        if per_minute < 1:
            raise ValueError(f"per_minute must be ≥ 1, not {per_minute}")
        with self._lock:
            now = self._clock()
            full_at = max(self._full_at.get(caller, now), now) + _WINDOW_S / per_minute
            # A hair of tolerance: the sum of 60 sixtieths is not exactly a minute.
            wait = full_at - now - _WINDOW_S
            if wait > 1e-6:
                raise TooMany(
                    f"Đã quá {per_minute} lần trong một phút.",
                    f"Hãy thử lại sau {math.ceil(wait)} giây.",
                    retry_after_s=wait,
                )
            self._full_at[caller] = full_at
            if len(self._full_at) > self._max:
                # The fullest buckets are those that will be, or have been, full first.
                moments = sorted(self._full_at.items(), key=_moment)
                self._full_at = dict(moments[-max(1, self._max // 2) :])


def _moment(item: tuple[str, float]) -> float:
    return item[1]
