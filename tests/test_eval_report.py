"""The report page: what it says of a run, what it leaves unsaid, and that data stays data."""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest
from fakes_report import (
    ATTACK,
    EVIL,
    Reader,
    page_of,
    record,
    row_of,
    write_run,
    wrong,
)
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import BadInput
from eval.report import numbers
from eval.report.plot import Scale
from eval.report.run_data import Run, load_run
from eval.report.statistics import calibration_error, ecdf, gate, reliability
from eval.report.targets import State, load_targets, stand
from eval.statistics import wilson
from ui.html import el
from ui.wording import clean


def test_a_page_asks_nothing_of_the_network(tmp_path: Path) -> None:
    page = page_of(write_run(tmp_path / "a"))
    read = Reader(page)
    assert "://" not in page
    assert [link for link in read.attributes("href") if not link.startswith("#")] == ["data:,"]
    assert read.attributes("src") == []
    assert "url(" not in page
    assert "@import" not in page


def test_a_page_is_in_vietnamese_and_says_what_its_pictures_show(tmp_path: Path) -> None:
    page = page_of(write_run(tmp_path / "a"))
    read = Reader(page)
    assert ("html", {"lang": "vi"}) in read.tags
    pictures = [attrs for tag, attrs in read.tags if tag == "svg" and attrs.get("role") == "img"]
    assert len(pictures) >= 5
    ids = read.attributes("id")
    assert len(ids) == len(set(ids))
    for attrs in pictures:
        assert set((attrs["aria-labelledby"] or "").split()) <= set(ids)
    for target in read.attributes("href"):
        assert target == "data:," or target[1:] in ids
    for tag, attrs in read.tags:
        assert tag != "svg" or attrs.get("role") == "img" or attrs.get("aria-hidden") == "true"


def test_what_comes_from_data_never_becomes_markup(tmp_path: Path) -> None:
    citation = {
        "marker": 1,
        "notice": {"file": EVIL, "kind": EVIL, "number": EVIL},
        "clause": {"text": EVIL, "label": EVIL, "context": EVIL, "lines": [1, 1]},
        "quote": EVIL,
    }
    gold = [[{"file": EVIL, "line": 1, "label": EVIL, "text": EVIL}]]
    evil = wrong(
        1,
        id=EVIL,
        question=EVIL,
        answer=EVIL + " [1]",
        kind=EVIL,
        style=EVIL,
        citations=[citation],
        gold=gold,
        must=[[EVIL]],
        reasons=[EVIL],
        timings_ms={EVIL: 3},
        evidence=[{"clause_id": EVIL, "label": EVIL, "score": 1.0}],
    )
    metrics = {EVIL: {"value": 1.0}}
    found = {"kind": {EVIL: {"answer_accuracy": {"value": 0.5, "n": 1}}}}
    info = {name: {EVIL: EVIL} for name in ("versions", "machine", "set", "settings")}
    data = {"path": EVIL, "sha256": EVIL, "lacks": [EVIL]}
    a = write_run(tmp_path / "a", [evil], metrics, found, data=data, command=EVIL, **info)
    b = write_run(tmp_path / "b", [evil | {"right": True}], metrics, found, started=EVIL)
    page = page_of(a, b)
    assert ATTACK not in page
    assert page.count("<script") == 1
    read = Reader(page)
    assert read.text.count(ATTACK) > 20
    assert not [tag for tag, _ in read.tags if tag == "img"]
    assert not [name for _, attrs in read.tags for name in attrs if name.startswith("on")]


@given(st.text())
def test_any_text_comes_out_of_markup_as_it_went_in(text: str) -> None:
    element = el("p", text, data_kind=text)
    seen = [(tag, dict(attrs)) for tag, attrs in _parse(element)]
    assert [tag for tag, _ in seen] == ["p"]
    assert seen[0][1]["data-kind"] == clean(text)


def _parse(markup: str) -> list[tuple[str, list[tuple[str, str | None]]]]:
    seen: list[tuple[str, list[tuple[str, str | None]]]] = []

    class _Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append((tag, attrs))

    _Tags().feed(markup)
    return seen


# -- targets ------------------------------------------------------------------------------------


def test_every_target_is_well_formed_and_told_once() -> None:
    targets = load_targets()
    assert len({target.label for target in targets}) == len(targets)
    assert {suite for target in targets for suite in target.suite} == {
        "notices",
        "beir",
        "mrc",
        "speed",
        "load",
        "readers",
    }
    assert {target.unit for target in targets} <= set(get_args(numbers.Unit))


def test_the_headline_says_met_or_not_in_words_with_the_interval(tmp_path: Path) -> None:
    page = page_of(write_run(tmp_path / "a"))
    assert row_of(page, ">Trả lời đúng<") == (
        "Trả lời đúng ≥ 95 % 93,5 % ✗ Chưa đạt 90 – 97 % · n = 40 mục tiêu nằm trong khoảng sai số"
    )
    assert row_of(page, "Từ chối đúng câu") == (
        "Từ chối đúng câu không có trong văn bản ≥ 95 % 97 % ✓ Đạt 96 – 100 % · n = 9"
    )
    # Milliseconds of the run against a target in seconds.
    assert row_of(page, "liên quan, p50").startswith(
        "Hiện điều khoản liên quan, p50 ≤ 0,15 giây 0,043 giây ✓ Đạt"
    )
    assert "○ Chưa đo không có trong lần chạy" in row_of(page, "Từ chối nhầm câu")
    assert "Đạt 2 trên 17 mục tiêu, 14 mục tiêu chưa đo" in Reader(page).text


@pytest.mark.parametrize(
    ("metric", "value", "state"),
    [
        ("answer_accuracy", 0.95, State.MET),
        ("answer_accuracy", 0.9499, State.MISSED),
        ("false_refusals", 0.03, State.MET),
        ("false_refusals", 0.0301, State.MISSED),
        ("total_ms_p50", 5000, State.MET),
        ("total_ms_p50", 5001, State.MISSED),
        ("total_ms_p50", None, State.UNKNOWN),
    ],
)
def test_a_bound_is_met_on_it_and_missed_past_it(
    tmp_path: Path, metric: str, value: float | None, state: State
) -> None:
    run = load_run(write_run(tmp_path / "a", metrics={metric: {"value": value}}), "a")
    target = next(one for one in load_targets() if one.metric == metric and "notices" in one.suite)
    assert stand(target, run, [run]).state is state


def test_targets_of_one_data_set_are_not_put_to_another(tmp_path: Path) -> None:
    found = [{"id": "d", "question": "Hỏi gì?", "relevant": ["x"], "ranked": [["x", 1.0]]}]
    metrics = {"R@1": {"value": 0.5, "n": 1}}
    other = write_run(tmp_path / "a", found, metrics, suite="beir", data={"path": "xquad"})
    assert "Không đặt mục tiêu nào" in Reader(page_of(other)).text
    assert "R@1 50 % n = 1" in Reader(page_of(other)).text
    alqac = write_run(tmp_path / "b", found, metrics, suite="beir", data={"path": "ALQAC-dev"})
    assert "đứng đầu (R@1) ≥ 90 % 50 % ✗ Chưa đạt" in row_of(page_of(alqac), "(R@1)")


def test_the_loss_without_diacritics_needs_both_runs(tmp_path: Path) -> None:
    def run(name: str, question: str, value: float) -> Path:
        records = [{"id": "d", "question": question, "relevant": ["x"], "ranked": [["x", 1.0]]}]
        metrics = {"R@1": {"value": value, "n": 1}}
        return write_run(tmp_path / name, records, metrics, suite="beir", data={"path": "alqac"})

    whole, bare = run("co-dau", "Án phí là gì?", 0.91), run("khong-dau", "An phi la gi?", 0.895)
    row = "bỏ dấu: R@1 kém"
    assert "○ Chưa đo cần cả lần chạy có dấu" in row_of(page_of(bare), row)
    assert "0,015 ✗ Chưa đạt" in row_of(page_of(whole, bare), row)
    # The bare run is not asked to reach what is asked of the whole one.
    assert "91 % ✓ Đạt" in row_of(page_of(whole, bare), "đứng đầu (R@1)")
    assert "– không đo ở đây" in row_of(page_of(whole, bare), "đứng đầu (R@1)")


# -- missing parts ------------------------------------------------------------------------------


def test_what_a_run_lacks_is_said(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "a", [{"id": "q1", "question": "Hỏi gì?"}])
    for name in ("slices.json", "run.json"):
        (folder / name).unlink()
    (folder / "metrics.json").write_text("{")
    with (folder / "records.jsonl").open("a") as file:
        file.write('{"id": "q2", "ques')
    text = Reader(page_of(folder)).text
    for told in (
        "Không có run.json.",
        "Không có slices.json.",
        "metrics.json hỏng",
        "bỏ qua 1 dòng hỏng",
        "không chia được theo nhóm",
        "không cho biết câu nào trả lời được",
        "Bản ghi không đo: hiện điều khoản liên quan, chữ đầu tiên của câu trả lời, hiện trích dẫn,"
        " hiện câu tóm tắt của mô hình, trả lời xong.",
        "không kể ra được câu sai",
    ):
        assert told in text


def test_a_folder_without_results_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="không có kết quả"):
        load_run(tmp_path, "a")
    with pytest.raises(BadInput, match="không phải thư mục"):
        load_run(tmp_path / "x", "a")


@pytest.mark.parametrize("bad", [None, 3, "x", [], [3], {}, {"a": 3}, [[3]], [{"file": 3}], True])
def test_a_record_of_any_shape_makes_a_page(tmp_path: Path, bad: object) -> None:
    names = [*record(1), "error", "must", "ranked", "ranking", "found", "relevant", "gate"]
    keep = {"id", "question", "right", "measures"}
    records = [wrong(n, **{name: bad}) for n, name in enumerate(names) if name not in keep]
    info = dict.fromkeys(("started", "data", "set", "versions", "machine", "command"), bad)
    found = {"kind": bad, "style=chat": bad, "notice": {"x": bad}}
    folder = write_run(tmp_path / "a", records, {"R@1": bad, "words_p50": bad}, found, **info)
    assert "Từng câu sai" in Reader(page_of(folder)).text


# -- slices, in both forms ----------------------------------------------------------------------


@pytest.mark.parametrize("flat", [True, False])
def test_slices_are_told_in_words_with_what_misses_the_target(tmp_path: Path, flat: bool) -> None:
    metrics = {"answer_accuracy": {"value": 0.5, "n": 4}, "false_refusals": {"value": 0.0, "n": 4}}
    slices = {"kind=deadline": metrics} if flat else {"kind": {"deadline": metrics}}
    page = page_of(write_run(tmp_path / "a", slices=slices))
    assert row_of(page, ">thời hạn<") == "thời hạn 50 % ✗ chưa đạt mục tiêu n = 4 0 % n = 4"


def test_a_slice_of_single_questions_is_not_spread_out(tmp_path: Path) -> None:
    slices = {f"notice=p{n}": {"answer_accuracy": {"value": 1.0, "n": 1}} for n in range(9)}
    text = Reader(page_of(write_run(tmp_path / "a", slices=slices))).text
    assert "Văn bản: 9 giá trị, mỗi giá trị quá ít câu." in text
    assert "p7" not in text


# -- gate, scores, times, lengths ---------------------------------------------------------------


def gated(scores: Sequence[tuple[float | None, bool, bool]], folder: Path) -> Run:
    records = [
        record(n, confidence=score, answerable=answerable, refused=refused)
        for n, (score, answerable, refused) in enumerate(scores)
    ]
    return load_run(write_run(folder, records), "a")


def test_the_gate_stands_where_it_let_questions_through(tmp_path: Path) -> None:
    scores = [(0.9, True, False), (0.8, True, False), (0.6, False, False), (0.2, False, True)]
    found = gate(gated(scores, tmp_path / "a"))
    assert found is not None
    assert (found.coverage, found.risk) == (0.75, 1 / 3)
    curve = [(point.coverage, round(point.risk, 3)) for point in found.points]
    assert curve == [(0.25, 0), (0.5, 0), (0.75, 0.333), (1, 0.5)]
    assert not found.is_flat


def test_equal_or_missing_scores_give_no_curve_but_the_reason(tmp_path: Path) -> None:
    same = [(1.0, True, False), (1.0, False, True)]
    gated(same, tmp_path / "a")
    page = page_of(tmp_path / "a")
    assert "Điểm ghi lại của mọi câu đều bằng 1,00" in Reader(page).text
    assert 'class="line s0"' not in page.split('id="bieu-do-cua-t"')[1].split("</svg>")[0]
    gated([(None, True, False), (None, False, True)], tmp_path / "b")
    assert "không có điểm của cửa" in Reader(page_of(tmp_path / "b")).text


def test_reliability_by_hand() -> None:
    bins = reliability([(0.95, True), (0.91, True), (0.99, False), (0.15, False)])
    assert [(one.n, round(one.share, 3)) for one in bins] == [(1, 0.0), (3, 0.667)]
    assert bins[1].score == pytest.approx(0.95)
    assert calibration_error(bins) == pytest.approx((0.15 + 3 * (0.95 - 2 / 3)) / 4)
    assert reliability([]) == ()


def test_an_interval_of_shares_is_wilsons() -> None:
    # Newcombe 1998, table I: 15 of 148.
    low, high = wilson(15, 148)
    assert (round(low, 4), round(high, 4)) == (0.0624, 0.1605)
    assert wilson(0, 10)[0] == 0


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_a_distribution_rises_from_nought_to_one(values: list[float]) -> None:
    points = ecdf(values)
    assert points[0] == (0, 0)
    assert points[-1] == (max(values), 1)
    assert list(points) == sorted(points)


@given(st.floats(1e-6, 1e9))
def test_an_axis_holds_its_values_with_few_round_ticks(top: float) -> None:
    scale = Scale.of("x", top)
    assert scale.high >= top * (1 - 1e-6)
    assert 2 <= len(scale.ticks) <= 7
    assert len({scale.write(tick) for tick in scale.ticks}) == len(scale.ticks)
