"""Stop strings, characters and prefills that are cut by tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.llm.stops import PrefillFilter, StopFilter, Utf8Pieces

TEXTS = st.text(alphabet="ab]. ", max_size=30)
STOPS = st.lists(st.text(alphabet="ab].", min_size=1, max_size=4), max_size=3)


def cut(text: str, places: list[int]) -> list[str]:
    ends = sorted({min(place, len(text)) for place in places} | {len(text)})
    return [text[a:b] for a, b in zip([0, *ends], ends, strict=False)]


@given(TEXTS, STOPS, st.lists(st.integers(0, 30), max_size=8))
def test_what_is_shown_ends_where_the_first_stop_begins(
    text: str, stops: list[str], places: list[int]
) -> None:
    whole = StopFilter(stops)
    expected = whole.feed(text) + whole.flush()
    assert not any(stop in expected for stop in stops)
    assert text.startswith(expected)
    assert whole.done or expected == text

    pieces = StopFilter(stops)
    shown = "".join(pieces.feed(piece) for piece in cut(text, places)) + pieces.flush()
    # Cut in pieces, a stop that is whole earlier may win over one that began before it.
    assert not any(stop in shown for stop in stops)
    if len(stops) <= 1:
        assert shown == expected


def test_half_a_stop_is_held_back_until_it_is_none() -> None:
    stop = StopFilter(["[1]"])
    assert [stop.feed(piece) for piece in ("Điều 5 [", "1", "2]")] == ["Điều 5 ", "", "[12]"]
    assert not stop.done


def test_nothing_comes_after_the_stop() -> None:
    stop = StopFilter(["\n"])
    assert [stop.feed(piece) for piece in ("một\nhai", "ba")] == ["một", ""]
    assert stop.flush() == ""


def test_an_empty_stop_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="empty"):
        StopFilter(["a", ""])


@given(st.text(max_size=20), st.integers(1, 5))
def test_characters_come_whole_however_the_bytes_are_cut(text: str, size: int) -> None:
    data = text.encode()
    utf8 = Utf8Pieces()
    pieces = [utf8.feed(data[at : at + size]) for at in range(0, len(data), size)]
    assert "".join(pieces) == text


def test_a_character_that_never_ends_is_not_shown() -> None:
    utf8 = Utf8Pieces()
    assert utf8.feed("quyế".encode()[:-1]) == "quy"


@given(st.text(alphabet="ab \n", max_size=6), st.text(max_size=10), st.integers(1, 4))
def test_a_prefill_is_taken_off(prefill: str, rest: str, size: int) -> None:
    text = f" {prefill.strip()}{rest}" if prefill.strip() else rest
    taker = PrefillFilter(prefill)
    shown = "".join(taker.feed(text[at : at + size]) for at in range(0, len(text), size))
    assert shown == rest
    assert not taker.failed


def test_another_beginning_than_the_prefill_fails_as_soon_as_it_shows() -> None:
    taker = PrefillFilter("Theo [1],")
    assert [taker.feed(piece) for piece in ("The", "o đó", ", không")] == ["", "", ""]
    assert taker.failed
