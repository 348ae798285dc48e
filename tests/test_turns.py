"""A question waits for one batch of an index build, never for the build."""

from __future__ import annotations

import threading
import time

from fakes_api import wait_for

from index.embedders.turns import Turns


def test_who_is_urgent_comes_before_one_who_takes_turn_after_turn() -> None:
    turns, order = Turns(), list[str]()
    begun = threading.Event()

    def build() -> None:
        for batch in range(50):
            with turns.patient():
                order.append("batch")
                begun.set()
                if batch == 0:
                    wait_for(lambda: turns._urgent)

    def ask() -> None:
        with turns.urgent():
            order.append("question")

    builder, asker = threading.Thread(target=build), threading.Thread(target=ask)
    builder.start()
    assert begun.wait(10)
    asker.start()
    builder.join(10)
    asker.join(10)
    assert order.index("question") == 1


def test_one_at_a_time() -> None:
    turns, inside, most = Turns(), [0], [0]

    def take(kind: str) -> None:
        for _ in range(50):
            with getattr(turns, kind)():
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0.0001)
                inside[0] -= 1

    threads = [threading.Thread(target=take, args=(k,)) for k in ("urgent", "patient") * 4]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert most == [1]


def test_a_turn_that_fails_is_given_back() -> None:
    turns = Turns()
    for kind in (turns.urgent, turns.patient):
        try:
            with kind():
                raise ValueError
        except ValueError:
            pass
    other = threading.Thread(target=lambda: turns.patient().__enter__(), daemon=True)
    other.start()
    other.join(5)
    assert not other.is_alive()
