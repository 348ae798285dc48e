"""Two runs, question by question: what changed, whether it is sure, what flipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from fakes_cli import Congvu
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import BadInput
from eval.compare import compare_runs, difference
from eval.record import RunFolder

ONE, NONE = (1.0, 1.0), (0.0, 1.0)


def run(
    path: Path, measures: Mapping[str, Mapping[str, Sequence[float]]], **info: Any
) -> RunFolder:
    """Write a run: question id → its measures."""
    folder = RunFolder(path)
    with folder.locked():
        folder.begin({"suite": "beir", "data": {"sha256": "5e"}, "settings": {}} | info)
        for question, found in measures.items():
            folder.append({"id": question, "question": f"Câu {question}?", "measures": found})
    return folder


def rights(values: Sequence[int], metric: str = "R@1") -> dict[str, dict[str, list[float]]]:
    return {f"q{i}": {metric: [value, 1]} for i, value in enumerate(values)}


def test_a_change_worked_out_by_hand() -> None:
    found = difference("R@1", [ONE, ONE, NONE, NONE], [ONE, ONE, ONE, NONE])
    assert found is not None
    assert (found.a, found.b, found.change, found.n) == (0.5, 0.75, 0.25, 4)
    assert found.low == 0  # the one question may be missing from a resample
    assert 0.25 < found.high <= 1
    assert not found.regression


def test_pairs_are_kept_together() -> None:
    # The same rate either way; only pairing tells a sure change from chance.
    before = [ONE, NONE] * 50
    better = difference("R@1", before, [ONE if i < 10 else one for i, one in enumerate(before)])
    assert better is not None
    assert better.change == pytest.approx(0.05)
    assert better.low > 0
    shuffled = difference("R@1", before, [NONE, ONE] * 45 + [ONE, ONE] * 5)
    assert shuffled is not None
    assert shuffled.change == pytest.approx(0.05)
    assert shuffled.low < 0


def test_a_ratio_of_citations_is_pooled() -> None:
    found = difference("citation_precision", [(1, 1), (1, 3)], [(1, 1), (3, 3)])
    assert found is not None
    assert (found.a, found.b) == (0.5, 1)


@pytest.mark.parametrize(
    ("metric", "lost", "asked", "bound", "regression"),
    [
        ("R@1", 10, 100, 0.02, True),
        ("R@1", 10, 100, 0.1, False),  # exactly the bound is not beyond it
        ("R@1", 1, 10, 0.02, False),  # one question of ten may be chance
        ("R@1", 1, 100, 0.02, False),  # within the bound
        ("R@1", 0, 100, 0.0, False),
    ],
)
def test_a_regression_is_beyond_the_bound_and_sure(
    metric: str, lost: int, asked: int, bound: float, *, regression: bool
) -> None:
    after = [NONE] * lost + [ONE] * (asked - lost)
    found = difference(metric, [ONE] * asked, after, bound)
    assert found is not None
    assert found.regression is regression


def test_more_false_refusals_are_worse_and_fewer_are_not() -> None:
    more = difference("false_refusals", [NONE] * 50, [ONE] * 10 + [NONE] * 40)
    fewer = difference("false_refusals", [ONE] * 10 + [NONE] * 40, [NONE] * 50)
    assert more is not None and fewer is not None
    assert more.regression
    assert not fewer.regression


@pytest.mark.parametrize(
    ("before", "after", "ends"),
    [
        # Wilson's lower end of 9 of 9 is .7009, see the tests of rates.
        ([NONE] * 9, [ONE] * 9, (0.4018, 1.0)),
        ([ONE] * 9, [NONE] * 9, (-1.0, -0.4018)),
        ([ONE] * 9, [ONE] * 9, (-0.2991, 0.2991)),
        ([NONE], [ONE], (-0.5869, 1.0)),  # one question proves nothing
    ],
)
def test_questions_that_all_changed_alike_are_not_certain(
    before: list[tuple[float, float]],
    after: list[tuple[float, float]],
    ends: tuple[float, float],
) -> None:
    found = difference("R@1", before, after)
    assert found is not None
    assert (found.low, found.high) == pytest.approx(ends, abs=1e-4)


def test_what_no_question_counts_in_is_not_compared() -> None:
    assert difference("R@1", [(0, 0)], [ONE]) is None


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=12))
def test_swapping_the_runs_turns_the_change_round(pairs: list[tuple[int, int]]) -> None:
    a, b = [(float(x), 2.0) for x, _ in pairs], [(float(y), 2.0) for _, y in pairs]
    there, back = difference("R@1", a, b), difference("R@1", b, a)
    assert there is not None and back is not None
    assert there.change == -back.change
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    assert there.low - 1e-9 <= there.change <= there.high + 1e-9 or len(pairs) > 1


def test_the_questions_that_flipped_are_named(tmp_path: Path) -> None:
    a, b = run(tmp_path / "a", rights([1, 0, 1])), run(tmp_path / "b", rights([1, 1, 0]))
    found = compare_runs(a, b)
    assert [(flip.id, flip.better) for flip in found.flips] == [("q1", True), ("q2", False)]
    assert found.flips[0].question == "Câu q1?"


def test_only_common_questions_are_compared_and_the_rest_is_counted(tmp_path: Path) -> None:
    a, b = run(tmp_path / "a", rights([1, 1, 0, 0])), run(tmp_path / "b", rights([1, 1]))
    found = compare_runs(a, b)
    assert (found.common, found.only_one) == (2, 2)
    assert found.differences["R@1"].a == found.differences["R@1"].b == 1


def test_what_else_differs_between_the_runs_is_said(tmp_path: Path) -> None:
    a = run(tmp_path / "a", rights([1]), settings={"lead": "llm"}, versions={"code": "1"})
    b = run(tmp_path / "b", rights([1]), settings={"lead": "quote"}, versions={"code": "1"})
    assert compare_runs(a, b).settings == {"settings.lead": ("llm", "quote")}


def timed(path: Path, took: Sequence[float], **info: Any) -> RunFolder:
    """Write a run: milliseconds of each question."""
    folder = RunFolder(path)
    with folder.locked():
        folder.begin({"suite": "speed", "data": {"sha256": "5e"}, "machine": {"cpu": "A"}} | info)
        for n, one in enumerate(took):
            folder.append({"id": f"q{n}", "question": "Câu?", "timings_ms": {"total": one}})
    return folder


def test_a_longer_time_is_a_regression_by_hand(tmp_path: Path) -> None:
    before = [100.0 + n for n in range(21)]
    a = timed(tmp_path / "a", before)
    b = timed(tmp_path / "b", [one + 30 for one in before])
    found = compare_runs(a, b).times["total"]
    assert (found.a, found.b, found.change, found.n) == (110, 140, 30, 21)
    assert (found.low, found.high) == (30, 30)  # every question took 30 ms longer
    assert found.p95 == (119, 149)
    assert found.regression
    assert compare_runs(a, b).regressions == ("total_ms_p50",)
    assert compare_runs(b, a).regressions == ()
    assert compare_runs(a, b, time_bound=0.3).regressions == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([10.0] * 20, [25.0] * 20),  # 150 % more, which nobody notices
        ([1000.0] * 20, [1100.0] * 20),  # within the bound
        ([100.0, 900.0] * 10, [900.0, 100.0] * 9 + [900.0, 900.0]),  # one way and the other
        ([100.0], [900.0]),  # a single question
    ],
    ids=["unnoticed", "bound", "unsure", "single"],
)
def test_a_longer_time_that_is_no_regression(
    tmp_path: Path, before: list[float], after: list[float]
) -> None:
    found = compare_runs(timed(tmp_path / "a", before), timed(tmp_path / "b", after))
    assert found.regressions == ()


def test_times_of_two_machines_are_told_and_not_judged(tmp_path: Path) -> None:
    a = timed(tmp_path / "a", [10.0] * 20)
    b = timed(tmp_path / "b", [9000.0] * 20, machine={"cpu": "B"})
    found = compare_runs(a, b)
    assert found.times["total"].change == 8990
    assert not found.same_machine
    assert found.regressions == ()


def test_the_command_judges_times_by_their_own_bound(congvu: Congvu, tmp_path: Path) -> None:
    a = timed(tmp_path / "a", [1000.0] * 20).path
    b = timed(tmp_path / "b", [1500.0] * 20).path
    slower = congvu("eval", "compare", a, b)
    assert slower.code == 1
    assert "CHẬM ĐI" in slower.out
    assert congvu("eval", "compare", a, b, "--time-bound", "0.6").code == 0


@pytest.mark.parametrize(
    "other", [{"suite": "mrc"}, {"data": {"sha256": "00"}}], ids=["suite", "data"]
)
def test_runs_of_different_questions_are_not_compared(
    tmp_path: Path, other: dict[str, Any]
) -> None:
    a, b = run(tmp_path / "a", rights([1])), run(tmp_path / "b", rights([1]), **other)
    with pytest.raises(BadInput, match="khác"):
        compare_runs(a, b)


def test_runs_without_a_common_question_are_not_compared(tmp_path: Path) -> None:
    a, b = run(tmp_path / "a", rights([1])), run(tmp_path / "b", {"z": {"R@1": [1, 1]}})
    with pytest.raises(BadInput, match="không có câu hỏi chung"):
        compare_runs(a, b)


def test_the_command_ends_with_1_on_a_regression_only(congvu: Congvu, tmp_path: Path) -> None:
    good = run(tmp_path / "good", rights([1] * 40)).path
    bad = run(tmp_path / "bad", rights([0] * 10 + [1] * 30)).path
    worse = congvu("eval", "compare", good, bad)
    assert worse.code == 1
    assert "KÉM ĐI" in worse.out
    assert "Câu q0?" in worse.out
    assert congvu("eval", "compare", bad, good).code == 0
    assert congvu("eval", "compare", good, bad, "--bound", "0.3").code == 0
    told = congvu("eval", "compare", good, bad, "--json")
    assert told.code == 1
    assert told.json["regressions"] == ["R@1"]


def test_a_directory_that_is_no_run_is_told(congvu: Congvu, tmp_path: Path) -> None:
    result = congvu("eval", "compare", tmp_path, tmp_path)
    assert result.code == BadInput.exit_code
    assert "run.json" in result.err
