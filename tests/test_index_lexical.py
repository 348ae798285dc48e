"""BM25 finds Vietnamese words as people write them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import Damaged
from corpus.text import fold
from index.lexical import LexicalIndex, tokenize

TEXTS = (
    "Sở Công Thương rà soát 1.245 kho lạnh trước ngày 05/11/2031 theo Thông báo 45-TB/TGV.",
    "Ủy ban nhân dân tỉnh Hồ Sen hoà giải tranh chấp, đạt 93,54% kế hoạch.",
    "Nghị quyết 45-NQ/TW về chuyển đổi số, thực hiện trong tháng 3/2032.",
    "Sở Y tế đã ban hành hướng dẫn.",
)


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return LexicalIndex.build(TEXTS)


def best(index: LexicalIndex, query: str) -> int:
    return int(np.argmax(index.scores(query)))


@pytest.mark.parametrize(
    ("query", "row"),
    [
        ("kho lạnh", 0),
        ("45 -TB/TGV", 0),
        ("45-tb/tgv", 0),
        ("45-NQ/TW", 2),
        ("ngày 5/11/2031", 0),
        ("tháng 11/2031", 0),
        ("tháng 03/2032", 2),
        ("uỷ ban hòa giải", 1),
        ("đạt 93,54 phần trăm", 1),
        ("1.245", 0),
    ],
)
def test_the_right_text_comes_first(index: LexicalIndex, query: str, row: int) -> None:
    assert best(index, query) == row


def test_diacritics_make_no_difference(index: LexicalIndex) -> None:
    assert best(index, "da ban hanh huong dan") == 3
    assert np.array_equal(index.scores("huong dan"), index.scores("hướng dẫn"))


def test_a_pair_of_syllables_counts_besides_the_two(index: LexicalIndex) -> None:
    paired, apart = index.scores("kho lạnh"), index.scores("lạnh kho")
    assert paired[0] > apart[0] > 0


def test_a_code_is_found_whole_and_in_parts() -> None:
    running, besides = tokenize("Thông báo 45 -TB/TGV")
    assert running == ["thông", "báo", "45", "tb", "tgv"]
    assert besides == ["45-tb/tgv"]


@pytest.mark.parametrize(
    "code",
    ["07-TB-CQTTBCĐ", "66.7/2025/NQ-CP", "83/BKHCN-BTTTT-VP", "19995-CV/VPTW", "57/NQ-TW"],
)
def test_codes_of_every_form_stay_whole(code: str) -> None:
    assert code.lower() in tokenize(f"Theo văn bản số {code}, các sở")[1]


def test_a_span_of_years_is_no_code() -> None:
    assert tokenize("giai đoạn 2021-2025") == (["giai", "đoạn", "2021", "2025"], [])


@given(st.text(max_size=60))
def test_any_query_gives_finite_scores(query: str) -> None:
    index = LexicalIndex.build(TEXTS)
    scores = index.scores(query)
    assert scores.shape == (4,)
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()
    assert (scores >= 0).all()


@pytest.mark.parametrize("query", ["", "   ", "?!", "zzz qqq"])
def test_nothing_known_scores_nothing(index: LexicalIndex, query: str) -> None:
    assert not index.scores(query).any()


@pytest.mark.parametrize("texts", [(), ("",), ("một",), ("", "một hai", "..."), ("một", "hai")])
def test_tiny_collections_work(texts: tuple[str, ...], tmp_path: Path) -> None:
    index = LexicalIndex.build(texts)
    index.save(tmp_path / "bm25")
    for one in (index, LexicalIndex.load(tmp_path / "bm25")):
        assert len(one) == len(texts)
        scores = one.scores("một hai")
        assert scores.shape == (len(texts),)
        assert np.isfinite(scores).all()


@settings(max_examples=25)
@given(st.lists(st.text(max_size=40), max_size=5), st.text(max_size=20))
def test_what_is_loaded_scores_like_what_was_saved(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], query: str
) -> None:
    folder = tmp_path_factory.mktemp("bm25")
    index = LexicalIndex.build(texts)
    index.save(folder)
    loaded = LexicalIndex.load(folder)
    assert np.array_equal(index.scores(query), loaded.scores(query))


@given(st.text(max_size=40))
def test_folding_the_query_changes_no_folded_score(query: str) -> None:
    index = LexicalIndex.build(TEXTS)
    once, twice = index.scores(query), index.scores(fold(query))
    if query.isascii():
        assert np.array_equal(once, twice)
    assert once.shape == twice.shape


def test_a_missing_or_broken_file_is_said(tmp_path: Path) -> None:
    LexicalIndex.build(TEXTS).save(tmp_path)
    (tmp_path / "folded-bigrams" / "vocab.index.json").write_text("{", encoding="utf-8")
    with pytest.raises(Damaged, match="bị hỏng"):
        LexicalIndex.load(tmp_path)
    with pytest.raises(Damaged):
        LexicalIndex.load(tmp_path / "nowhere")
