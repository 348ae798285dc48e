from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from fakes_assistant import NOTICE, OTHER

from corpus.blocks import Pages
from corpus.notice import Notice
from corpus.parse.notices import parse_notice
from corpus.store.kept import KeptNotices, size_of


class Counted:
    """Parses and counts how often."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, source: str, file_name: str, pages: Pages = ()) -> Notice:
        self.read.append(file_name)
        return parse_notice(source, file_name, pages)


def test_a_notice_is_read_once() -> None:
    parse = Counted()
    kept = KeptNotices(parse)
    assert kept(NOTICE, "a.txt") is kept(NOTICE, "a.txt")
    assert kept(NOTICE, "a.txt") == parse_notice(NOTICE, "a.txt")
    assert parse.read == ["a.txt"]


def test_another_text_or_file_name_is_another_notice() -> None:
    kept = KeptNotices(Counted())
    assert kept(NOTICE, "a.txt").source == NOTICE
    assert kept(OTHER, "a.txt").source == OTHER
    assert kept(NOTICE, "b.txt").file_name == "b.txt"


def test_those_asked_for_last_are_kept() -> None:
    parse = Counted()
    notices = [parse_notice(NOTICE, f"{name}.txt") for name in "abc"]
    kept = KeptNotices(parse, max_bytes=2 * size_of(notices[0]))
    for name in ("a", "b", "a", "c", "a", "b"):
        kept(NOTICE, f"{name}.txt")
    assert parse.read == ["a.txt", "b.txt", "c.txt", "b.txt"]


def test_a_notice_larger_than_the_room_is_read_and_throws_nobody_out() -> None:
    parse = Counted()
    kept = KeptNotices(parse, max_bytes=size_of(parse_notice(NOTICE, "a.txt")))
    kept(NOTICE, "a.txt")
    assert kept(NOTICE + "Thêm.\n" * 1000, "b.txt").file_name == "b.txt"
    kept(NOTICE, "a.txt")
    assert parse.read == ["a.txt", "b.txt"]


def test_what_is_forgotten_is_read_again() -> None:
    parse = Counted()
    kept = KeptNotices(parse, max_bytes=size_of(parse_notice(NOTICE, "a.txt")))
    notice = kept(NOTICE, "a.txt")
    kept.forget([notice.content_hash])
    kept(NOTICE, "a.txt")
    kept(NOTICE, "a.txt")  # there is room again for it
    assert parse.read == ["a.txt", "a.txt"]


def test_what_is_forgotten_while_it_is_read_is_not_kept() -> None:
    begun, removed = threading.Event(), threading.Event()
    parse = Counted()

    def slowly(source: str, file_name: str, pages: Pages = ()) -> Notice:
        begun.set()
        assert removed.wait(10)
        return parse(source, file_name)

    kept = KeptNotices(slowly)
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(kept, NOTICE, "a.txt")
        assert begun.wait(10)
        kept.forget([parse_notice(NOTICE, "a.txt").content_hash])
        removed.set()
        assert reading.result().source == NOTICE
    kept(NOTICE, "a.txt")
    assert parse.read == ["a.txt", "a.txt"]


def test_many_threads_share_what_is_kept() -> None:
    kept = KeptNotices(Counted(), max_bytes=2 * size_of(parse_notice(NOTICE, "a.txt")))
    with ThreadPoolExecutor(8) as pool:
        names = [f"{n % 4}.txt" for n in range(80)]
        read = pool.map(lambda name: kept(NOTICE, name), names)
        assert [notice.file_name for notice in read] == names
