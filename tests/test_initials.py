"""Abbreviations that only the notices' own words explain."""

from __future__ import annotations

import pytest

from index.initials import Initials
from index.vocabulary import Vocabulary

TEXTS = [
    "Xây dựng kho lạnh, xây dựng bến phà, xây dựng chợ cá; xuất dầu.",
    "Bài học kinh nghiệm một, bài học kinh nghiệm hai, bài học kinh nghiệm ba.",
    "Giải quyết kiến nghị của dân, trả lời kiến nghị của dân, xem kiến nghị của dân.",
    "Quản lý bến phà, quản lý chợ, quản lý cảng; đánh giá tàu, đánh giá bến, đánh giá chợ.",
    "Tàu của xã SP; kho QP.",
]


@pytest.fixture(scope="module")
def initials() -> Initials:
    return Initials(TEXTS)


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("XD kho lạnh do ai làm?", "xây dựng kho lạnh do ai làm?"),
        ("bài học KN là gì", "bài học kinh nghiệm là gì"),
        ("trả lời KN của dân", "trả lời kiến nghị của dân"),
        ("cơ quan ql bến phà nào", "cơ quan quản lý bến phà nào"),
        ("ĐG tàu cá", "đánh giá tàu cá"),
        ("bai hoc KN nao", "bai hoc kinh nghiem nao"),
    ],
)
def test_letters_become_the_words_of_the_notices(
    initials: Initials, text: str, spelled: str
) -> None:
    assert initials.spell_out(text, ()) == spelled


@pytest.mark.parametrize(
    "text",
    [
        "Kế hoạch 9/KH-XD có gì?",  # the number of a document
        "XD 12 nói gì?",
        "kho rộng mấy km",  # a measure
        "SP của xã",  # the notices write it so too
        "XDKLBP ở đâu",  # too long for anything but a name
        "ZZ là gì",
        "BÀI HỌC KN LÀ GÌ",  # all in capitals: nothing stands out
        "con cá, cái bến",  # syllables
    ],
)
def test_other_words_stay(initials: Initials, text: str) -> None:
    assert initials.spell_out(text, ()) == text


def test_what_another_table_knows_stays(initials: Initials) -> None:
    assert initials.spell_out("XD kho lạnh", {"XD"}) == "XD kho lạnh"


def test_words_that_follow_each_other_once_stand_for_nothing() -> None:
    assert Initials(["xuất dầu"]).spell_out("XD ở đâu", ()) == "XD ở đâu"


def test_the_vocabulary_spells_out_what_the_table_does_not_know() -> None:
    vocabulary = Vocabulary([*TEXTS, "Ngân sách nhà nước. " * 3])
    assert vocabulary.spell_out("XD bằng NSNN") == "xây dựng bằng NSNN"
