"""Reading the moments that people give on the command line."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from corpus.errors import BadInput

_DAYS = re.compile(r"(\d{1,5})d", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def moment_before(text: str, now: datetime) -> datetime:
    """Return the moment ``90d`` ago, or the beginning of a day ``2031-06-05``.

    Args:
        text: as typed.
        now: with a time zone, which is that of the day.

    Raises:
        BadInput: it is neither.
    """
    return _moment(text, now, -1)


def moment_after(text: str, now: datetime) -> datetime:
    """Return the moment in ``90d``, or the end of a day ``2031-06-05``; arguments as above."""
    return _moment(text, now, 1)


def _moment(text: str, now: datetime, sign: int) -> datetime:
    text = text.strip()
    try:
        if days := _DAYS.fullmatch(text):
            return now + sign * timedelta(days=int(days[1]))
        if _DATE.fullmatch(text):
            day = date.fromisoformat(text) + timedelta(days=max(0, sign))
            return datetime(day.year, day.month, day.day, tzinfo=now.tzinfo)
    except (ValueError, OverflowError) as error:
        raise _unreadable(text) from error
    raise _unreadable(text)


def _unreadable(text: str) -> BadInput:
    return BadInput(
        f"Không hiểu thời điểm “{text}”.", "Ghi số ngày (90d) hoặc một ngày (2031-06-05)."
    )
