from __future__ import annotations

import unicodedata

import pytest
from fakes_notices import SAMPLE_FILES, source_of
from fakes_time import seconds
from hypothesis import given
from hypothesis import strategies as st

from corpus.text import fold
from index.background import NUMBER, START, Background, from_text, to_text
from index.vocabulary import Vocabulary

TEXTS = [
    "Sở Tài chính chủ trì lập danh mục thiết bị, hoàn thành trước ngày 30/6/2026.",
    "Sở Y tế phối hợp với Sở Tài chính mở trạm y tế ở các xã.",
    "Uỷ ban nhân dân tỉnh giao Sở Y tế đào tạo nhân lực.",
]
QUESTIONS = st.text(
    st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạếềộớựÀĐỘ SỞTÀI 0123456789/-.,?\u0301\u200b"),
    max_size=60,
)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary(TEXTS)


@pytest.fixture(scope="module")
def samples() -> Vocabulary:
    return Vocabulary(source_of(path) for path in SAMPLE_FILES)


def test_a_question_without_marks_gets_those_of_the_corpus(vocabulary: Vocabulary) -> None:
    assert vocabulary.restore("so tai chinh chu tri viec gi?") == "sở tài chính chủ trì việc gì?"


def test_neighbours_decide_between_forms() -> None:
    vocabulary = Vocabulary(["tài chính", "tài chính", "tải hàng", "tải hàng", "tải hàng"])
    assert vocabulary.restore("tai chinh") == "tài chính"
    assert vocabulary.restore("tai hang") == "tải hàng"


def test_capitals_stay_capitals(vocabulary: Vocabulary) -> None:
    assert vocabulary.restore("So Tai chinh") == "Sở Tài chính"
    assert vocabulary.restore("SO TAI CHINH") == "SỞ TÀI CHÍNH"


def test_in_a_marked_question_only_unknown_syllables_are_mended(vocabulary: Vocabulary) -> None:
    assert vocabulary.restore("Sở Tài chình mở trạm") == "Sở Tài chính mở trạm"
    assert vocabulary.restore("Sở KHCN mở trạm") == "Sở KHCN mở trạm"


def test_the_two_tone_places_are_one(vocabulary: Vocabulary) -> None:
    assert vocabulary.restore("uy ban") == "ủy ban"
    assert vocabulary.restore("Uỷ ban") == "Ủy ban"


@pytest.mark.parametrize("text", ["", "30/6/2026", "blockchain", "45-TB/TGV", "  ?  "])
def test_what_the_corpus_does_not_know_stays(vocabulary: Vocabulary, text: str) -> None:
    assert vocabulary.restore(text) == text


def test_words_of_questions_are_known(vocabulary: Vocabulary) -> None:
    assert vocabulary.restore("bao gio hoan thanh") == "bao giờ hoàn thành"


@pytest.mark.parametrize(
    "asked",
    [
        "cây cao su ở Tây Ninh",
        "sa thải công chức thì ai ký",
        "lương của công chức cấp xã năm 2026 là bao nhiêu",
        "nghỉ phép mấy ngày",
        "học phí đại học",
        "cho hỏi thủ tục đăng ký kết hôn",
        "điểm d khoản 2 điều 5",
    ],
)
def test_words_that_no_notice_has_are_written_as_people_write_them(
    vocabulary: Vocabulary, samples: Vocabulary, asked: str
) -> None:
    for one in (vocabulary, samples):
        assert one.restore(fold(asked)) == asked.lower()


def test_the_notices_words_outweigh_those_of_others() -> None:
    others = Background({"cồn": 9, "côn": 90, "đảo": 99}, {("côn", "đảo"): 90}, 198)
    assert Vocabulary([], others).restore("con dao") == "côn đảo"
    assert Vocabulary(["Xã Cồn Đảo."] * 40, others).restore("con dao") == "cồn đảo"


def test_counts_are_read_as_they_were_written() -> None:
    singles, pairs = {START: 2, "kho": 7, "lạnh": 3, NUMBER: 4}, {(START, "kho"): 2}
    read = from_text(to_text(singles, pairs))
    assert (read.singles, read.pairs, read.total) == (singles, pairs, 16)


def test_rare_words_weigh_more_than_common_ones(vocabulary: Vocabulary) -> None:
    assert (
        vocabulary.rarity("khong co tu nay") > vocabulary.rarity("tram") > vocabulary.rarity("so")
    )
    assert vocabulary.rarity("so") >= 0


def test_what_nobody_was_seen_to_write_stays() -> None:
    assert Vocabulary([], Background({}, {}, 0)).restore("duong bien xanh") == "duong bien xanh"
    assert Vocabulary([]).restore("zwickau blockchain") == "zwickau blockchain"


@given(text=QUESTIONS)
def test_restoring_changes_marks_and_nothing_else(samples: Vocabulary, text: str) -> None:
    restored = samples.restore(text)
    assert fold(restored) == fold(unicodedata.normalize("NFC", text))


def test_most_syllables_of_the_samples_are_found_again(samples: Vocabulary) -> None:
    wrong = total = 0
    for path in SAMPLE_FILES:
        for line in source_of(path).splitlines():
            words = unicodedata.normalize("NFC", line).lower().split()
            restored = samples.restore(fold(line)).split()
            total += len(words)
            wrong += sum(a != b for a, b in zip(words, restored, strict=True))
    assert wrong / total < 0.06


def test_a_question_of_twenty_thousand_characters_is_restored_at_once(samples: Vocabulary) -> None:
    assert seconds(lambda: samples.restore("so tai chinh chu tri viec gi " * 700)) < 3


def test_marks_that_were_typed_are_kept_where_people_write_them() -> None:
    vocabulary = Vocabulary(["Cấp 12 máy cho lớp tin học."])
    assert vocabulary.restore("Mở mấy lớp tin học?") == "Mở mấy lớp tin học?"


def test_a_word_that_the_notices_lack_is_not_bent_into_another() -> None:
    vocabulary = Vocabulary(["Tàu đỗ ở đâu thì báo cáo ở đó.", "Quy hoạch điện của tỉnh."])
    assert vocabulary.restore("Đợt đầu có bao nhiêu tàu?") == "Đợt đầu có bao nhiêu tàu?"
    assert vocabulary.restore("Quy hoach điện thế nào?").startswith("Quy hoạch điện")
