"""How answers are compared with expected forms, cut into claims, and searched for figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.claims import Claim, split_claims
from eval.figures import missing_figures
from eval.text_match import comparable, count_words, occurs


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("Sở Nội vụ", "do Sở Nội vụ chủ trì"),  # NFC
        ("Sở NỘI vụ", "sở nội VỤ"),  # lower case
        ("Ủy ban Hoà Bình", "Uỷ ban Hòa Bình"),  # tone placement
        ("6,2 triệu", "**6,2** triệu"),  # bold
        ("Sở Nội vụ", "Sở  Nội\u00a0vụ"),  # spaces
        ("Sở Nội vụ", "Sở\nNội vụ"),
        ("5/9/2031", "ngày 05/09/2031"),  # zeros of dates
        ("05-09-2031", "5-9-2031"),
        ("9/2031", "trong tháng 09/2031"),
        ("ngày 5 tháng 4 năm 2031", "ngày 05 tháng 04 năm 2031"),
        ("23 tháng 04", "23 tháng 4 năm 2031"),
        ("ngày 05/09", "ngày 5/9"),
        ("12/2031", "trước ngày 31/12/2031"),
        ("34", "34 xã"),
    ],
)
def test_forms_that_say_the_same_match(form: str, text: str) -> None:
    assert occurs(form, text)
    assert comparable(comparable(text)) == comparable(text)


def test_decomposed_characters_match() -> None:
    assert occurs("Sở Nội vụ", "So\u031b\u0309 No\u0323\u0302i vu\u0323")


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("34", "1345 xã"),
        ("34", "345"),
        ("5 dự án", "15 dự án"),
        ("05 dự án", "5 dự án"),  # no date: the zero stays
        ("5-TB/BCĐ", "05-TB/BCĐ"),
        ("5/2031/NĐ-CP", "05/2031/NĐ-CP"),
        ("Hoàn thành", "Hoan thanh"),
        ("31/12/2031", "12/2031"),
        ("", "bất kỳ"),
        ("**", "bất kỳ"),
    ],
)
def test_forms_that_say_something_else_do_not(form: str, text: str) -> None:
    assert not occurs(form, text)


@given(st.text())
def test_a_text_occurs_in_itself(text: str) -> None:
    assert occurs(text, text) == bool(comparable(text))


def test_words_are_counted_without_markers_and_marks() -> None:
    assert count_words("Sở Nội vụ – chủ trì, “xong trước 12/2031” [1][2].") == 8
    assert count_words(" [1] – ") == 0


@pytest.mark.parametrize(
    ("answer", "claims"),
    [
        ("Sở A làm [1]. Sở B làm [2].", [("Sở A làm", (1,)), ("Sở B làm", (2,))]),
        ("Sở A làm. [1] Sở B làm [2][3].", [("Sở A làm.", (1,)), ("Sở B làm", (2, 3))]),
        ("Sở A làm [1], [2]. Hết.", [("Sở A làm", (1, 2)), ("Hết.", ())]),
        ("Sở A làm [1, 2] và Sở B làm [3]", [("Sở A làm", (1, 2)), ("và Sở B làm", (3,))]),
        ("Sở A làm. Sở B làm [1].", [("Sở A làm.", ()), ("Sở B làm", (1,))]),
        ("- Sở A làm\n- Sở B làm [1]", [("- Sở A làm", ()), ("- Sở B làm", (1,))]),
        ("“Một câu. Hai câu.” [1]", [("“Một câu. Hai câu.”", (1,))]),
        ('"Một câu. Hai câu." [1]', [('"Một câu. Hai câu."', (1,))]),
        ("“Là “3 Nhà”. Chú thích [7].” [1]", [("“Là “3 Nhà”. Chú thích [7].”", (1,))]),
        ("“Chưa đóng. Câu sau [1].", [("“Chưa đóng.", ()), ("Câu sau", (1,))]),
        ("Gồm:\n- Việc A [1]\n- Việc B [2]", [("Gồm: - Việc A", (1,)), ("- Việc B", (2,))]),
        ("1. Việc A [1]\n2. Việc B [2]", [("1. Việc A", (1,)), ("2. Việc B", (2,))]),
        ("TP. Lam Sơn do TS. An lo [1].", [("TP. Lam Sơn do TS. An lo", (1,))]),
        ("Tăng 1.245 hồ sơ, mục 4.b.(1) [1].", [("Tăng 1.245 hồ sơ, mục 4.b.(1)", (1,))]),
        ("Gồm:", [("Gồm:", ())]),
        ("[1]", [("", (1,))]),
        ("", []),
        ("...", []),
    ],
)  # fmt: skip
def test_an_answer_is_cut_into_claims(
    answer: str, claims: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert split_claims(answer) == tuple(Claim(text, markers) for text, markers in claims)


CLAUSE = (
    "Sở Khoa học và Công nghệ chủ trì, phối hợp Ủy ban nhân dân Phường 1 và Bộ GD&ĐT hoàn thành"
    " 1.245 điểm trước ngày 05/09/2031 theo Thông báo số 45 -TB/BCĐ, đạt 30 %, báo cáo Chính phủ"
    " trong quý III/2032."
)


@pytest.mark.parametrize(
    "claim",
    [
        "Sở KH&CN chủ trì",
        "Sở KHCN và Bộ Giáo dục và Đào tạo",
        "Sở Khoa học và Công nghệ",
        "UBND tỉnh và Uỷ ban nhân dân xã",
        "Uỷ ban nhân dân Phường 1",
        "UBND Phường",
        "1245 điểm",
        "hạn 5/9/2031",
        "hạn 05 tháng 9 năm 2031",
        "trong tháng 9/2031",
        "năm 2031",
        "Thông báo 45-TB/BCĐ",
        "Thông báo 45",
        "đạt 30%",
        "quý 3/2032",
        "Chính phủ",
        "BGDĐT",
        "không có số nào",
    ],
)
def test_figures_that_the_clause_has_are_found(claim: str) -> None:
    assert missing_figures(claim, CLAUSE) == ()


@pytest.mark.parametrize(
    ("claim", "missing"),
    [
        ("Bộ Khoa học và Công nghệ chủ trì", ("bộ khoa học",)),
        ("Sở Tài chính chủ trì", ("sở tài chính",)),
        ("Sở TC chủ trì", ("sở tc",)),
        ("1.254 điểm", ("1254",)),
        ("12.45 điểm", ("12,45",)),
        ("trước 5/9/2032", ("5/9/2032",)),
        ("trong tháng 10/2031", ("10/2031",)),
        ("ngày 6 tháng 9", ("6/9",)),
        ("quý II/2032", ("quý 2/2032",)),
        ("Kế hoạch 45-KH/BCĐ", ("45-kh-bcđ",)),
        ("trình Quốc hội", ("quốc hội",)),
        ("UBND Xã Đông", ("ubnd xã đông",)),
        ("ngày 30/0/2031", ("0",)),
    ],
)
def test_figures_that_the_clause_lacks_are_named(claim: str, missing: tuple[str, ...]) -> None:
    assert missing_figures(claim, CLAUSE) == missing


def test_every_text_has_its_own_figures() -> None:
    assert missing_figures(CLAUSE, CLAUSE) == ()
    assert missing_figures(CLAUSE, "") != ()
