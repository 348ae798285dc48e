from __future__ import annotations

import pytest
from fakes_notices import TEXTS
from fakes_time import seconds
from hypothesis import given

from corpus.facts.sentences import sentences


def cut(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


def test_sentences_end_where_a_new_one_begins() -> None:
    assert cut("Sở Y tế mở trạm.  Hoàn thành trong tháng 12/2025 . Đơn vị báo cáo?") == [
        *("Sở Y tế mở trạm.", "Hoàn thành trong tháng 12/2025 .", "Đơn vị báo cáo?"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Chợ tại TP. Hà Nội đã mở.",
        "Có 1.245 hồ sơ, đạt 93.5 phần trăm.",
        "Gồm rau, quả, v.v. của các xã.",
        "Ông Nguyễn V. An làm.",
        "Thu 500 đ. mỗi lượt.",
        "Theo số 45-TB/TGV ngày 30/9/2025.",
        "GS. Lê Văn Lâm chủ trì.",
    ],
)
def test_a_stop_inside_a_sentence_ends_none(text: str) -> None:
    assert cut(text) == [text]


@pytest.mark.parametrize("opening", ["“Một", "(Hai", "*Ba*", "5 chợ", "Đóng", "Ước"])
def test_what_a_sentence_may_begin_with(opening: str) -> None:
    assert cut(f"Chợ đã mở. {opening} cửa.") == ["Chợ đã mở.", f"{opening} cửa."]


def test_a_quote_or_footnote_mark_after_the_stop_belongs_to_the_sentence() -> None:
    assert cut("Mở “chợ đêm.” Thu phí.⁴ Đóng cửa.") == ["Mở “chợ đêm.”", "Thu phí.⁴ Đóng cửa."]


def test_items_of_an_inline_list_can_be_quoted_alone() -> None:
    assert cut("Sở làm: (1) mở chợ; (2) mở bến; **(3)** thu phí.") == [
        *("Sở làm:", "(1) mở chợ;", "(2) mở bến;", "**(3)** thu phí."),
    ]


def test_only_a_long_sentence_is_cut_at_semicolons() -> None:
    assert cut("Mở chợ; mở bến.") == ["Mở chợ; mở bến."]
    part = "mở thêm một chợ đêm bên bờ sông để người dân các xã có chỗ bán hàng"
    assert cut(f"{part}; {part}.") == [f"{part};", f"{part}."]


def test_a_remark_in_brackets_is_not_cut() -> None:
    task = (
        "Mở thêm một chợ đêm bên bờ sông để người dân các xã vùng cao có chỗ bán hàng vào cuối tuần"
    )
    remark = "(Sở Công Thương, hạn 31/12/2025; Thông báo số 18-TB/TGV. Đã xong)"
    assert cut(f"{task} {remark}.") == [f"{task} {remark}."]


def test_a_bracket_that_nothing_closes_holds_nothing_together() -> None:
    assert cut("Chợ (gồm ba dãy. Bến xe có hai cổng.") == [
        "Chợ (gồm ba dãy.",
        "Bến xe có hai cổng.",
    ]
    assert cut("a) Chợ đã mở. Bến xe đã đóng.") == ["a) Chợ đã mở.", "Bến xe đã đóng."]


def test_sentences_of_a_very_long_bracket_can_be_quoted_alone() -> None:
    inner = "Chợ mở cửa lúc năm giờ sáng và đóng cửa lúc chín giờ tối mỗi ngày. " * 6
    assert len(cut(f"Kết quả ({inner.strip()}) đã rõ.")) == 6


def test_white_space_alone_has_no_sentences() -> None:
    assert cut("") == cut(" \n\t") == []


@given(TEXTS)
def test_sentences_cover_a_text_but_for_white_space_and_never_overlap(text: str) -> None:
    spans = sentences(text)
    at = 0
    for span in spans:
        assert at <= span.start < span.end
        assert text[at : span.start].strip() == ""
        assert span.of(text) == span.of(text).strip()
        at = span.end
    assert text[at:].strip() == ""


@pytest.mark.parametrize("piece", ["a; ", "(", "). ", "...", ". A", "(1) ", "”", " ", "( ; "])
def test_a_million_characters_are_cut_in_seconds(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    assert seconds(lambda: sentences(text)) < 10
