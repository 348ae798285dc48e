"""How long reading takes: for any shape of text it grows with its length, and no faster."""

from __future__ import annotations

import pytest
from fakes_time import seconds

from corpus.parse.notices import parse_notice

SIZE = 15_000  # characters of the smaller text
SECONDS = 5.0  # for four times as much; 0.1 to 1 on the machine it was written on
GROWTH = 9.0  # times as long for four times the length: 4, or 16 where it grows with the square
TOO_SHORT = 0.3  # seconds: below it the ratio of two times says nothing

# Words repeated in one paragraph.
WORDS = {
    "deadlines": "hạn 1/1/2025 ",
    "recurring": "báo cáo định kỳ ",
    "done": "đã hạn 1/1/2025 ",
    "year": "trong năm 2025 ",
    "half years": "6 tháng cuối năm 2026 ",
    "bracketed dates": "(1/1/2025) ",
    "cells": "1/1/2025\t",
    "after a cue": "trong 3 ngày kể từ ",
    "leads": "Sở Y tế chủ trì ",
    "leads without a name": "cơ quan được giao, chủ trì chủ trì ",
    "with": "phối hợp với Sở Y tế ",
    "enumeration": "Sở Y tế, ",
    "far apart": "Sở Y tế" + " " * 300 + "x ",
    "groups": "các bộ, ngành, ",
    "shared head": "các Bộ: Tài chính, Xây dựng, ",
    "owners in brackets": "(Sở Y tế) ",
    "open brackets": "(Sở Y tế ",
    "long name": "Sở A B C D ",
    "documents": "Nghị quyết số 57-NQ/TW ngày 1/1/2025, ",
    "numbers": "Nghị quyết số 1, ",
    "dotted": "1.1.",
    "footnote marks": "x[1] ",
    "decomposed": "hạn 1/1/2025 hoa\u0300 ",
    "eth": "Ðiều 1 hạn 1/1/2025 ",
    "cyrillic": "Sở Тài сhính у tế ",
    "cyrillic without a blank": "aС",
}
# A beginning, and lines repeated after it.
LEAD_IN = f"Giao {', '.join(f'Sở Y tế, UBND xã Tân Lam {n}' for n in range(60))}"[:1700]
LINES = {
    "bullets under a long lead-in": (f"{LEAD_IN} việc sau:\n", "- Việc này.\n"),
    "bullets that take part": (f"{LEAD_IN} việc sau:\n", "- Phối hợp với Sở Nội vụ.\n"),
    "items of a long item": (f"1. {'việc ' * 5000}:\n", "- x\n+ y\n"),
    "one title in many lines": ("1. CHỢ\n", "CHỢ\n"),
    "notes of one number": ("", "[1] việc [1] này\n"),
    "many marks, many notes": ("Xem [1] " * 500 + "\n", "[1] Theo Sở.\n"),
    "decimals": ("", "1.1. a\n1.1.1. a\n"),
    "all marks": ("", "Điều 1. a\nI. a\n1. a\n1.1. a\na) a\n(1) a\n(i) a\n- a\n+ a\n"),
    "one paragraph in many lines": ("", "việc này còn\n"),
    "rows and notes": ("", "a\tb\n[1] x\n"),
}


def reading(source: str) -> float:
    return seconds(lambda: parse_notice(source, "dai.txt"))


def check_growth(begin: str, unit: str) -> None:
    small, large = (begin + unit * (size // len(unit)) for size in (SIZE, 4 * SIZE))
    before = reading(small)
    after = min(reading(large) for _ in range(2))  # the machine may be busy with something else
    assert after < SECONDS
    assert after < max(TOO_SHORT, GROWTH * before)


@pytest.mark.parametrize("shape", WORDS)
def test_four_times_the_words_take_four_times_as_long(shape: str) -> None:
    check_growth("", WORDS[shape])


@pytest.mark.parametrize("shape", LINES)
def test_four_times_the_lines_take_four_times_as_long(shape: str) -> None:
    check_growth(*LINES[shape])


def test_five_thousand_bullets_under_a_long_lead_in() -> None:
    assert reading(f"{LEAD_IN} các nhiệm vụ sau:\n" + "- Rà soát việc này.\n" * 5000) < 10


def test_what_all_items_inherit_is_held_once() -> None:
    notice = parse_notice(f"{LEAD_IN} việc sau:\n- Một.\n- Hai.\n", "dai.txt")
    one, two = notice.clauses[-2:]
    assert one.context[0] is two.context[0]
    assert one.owners is two.owners
