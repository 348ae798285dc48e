"""The ledgers of a run as numbers, as a picture with its table, and run beside run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from fakes_report import Reader, page_of, record, row_of, write_run

from eval.compare import StageChange, compare_runs
from eval.funnel import Funnel, stage_of
from eval.ledger import WAY, Stage
from eval.measures import Metric
from eval.record import RunFolder
from eval.show import wording_note

LOST = (
    *["none"] * 5,
    *["gate"] * 2,
    "excerpt",
    *["choice"] * 4,
    *["evidence"] * 3,
    "notice",
    *["answered"] * 3,
    *["refused"] * 2,
)


def lost(stage: str, n: int, **changed: Any) -> dict[str, Any]:
    slices = {"kind": ["owner"], "style": ["chat" if n % 2 else "formal"], "notice": ["a.txt"]}
    told = {
        "right": stage in {"none", "refused"},
        "answerable": stage not in {"answered", "refused"},
        "ledger": {"lost": stage},
        "slices": slices,
    }
    return record(n, **(told | changed))


def asked(stages: Sequence[str]) -> list[dict[str, Any]]:
    return [lost(stage, n) for n, stage in enumerate(stages)]


def test_each_stage_leaves_what_it_and_those_before_it_did_not_lose() -> None:
    found = Funnel.of(asked(LOST))
    assert found.asked == 16
    assert [found.left(stage) for stage in WAY] == [15, 12, 8, 7, 5]
    assert [found.at(stage) for stage in WAY] == [1, 3, 4, 1, 2]
    assert found.unanswerable == 5


def test_an_error_is_lost_before_the_first_stage() -> None:
    found = Funnel.of(asked(["failed", "none"]))
    assert (found.asked, found.left(Stage.FAILED), found.left(Stage.NOTICE)) == (2, 1, 1)


@pytest.mark.parametrize("ledger", [None, {}, {"lost": "nowhere"}, {"lost": ["gate"]}, "gate"])
def test_a_record_without_a_ledger_is_passed_by(ledger: object) -> None:
    assert stage_of({"ledger": ledger}) is None
    assert Funnel.of([{"ledger": ledger}]).asked == 0


def test_the_page_draws_the_funnel_and_says_its_numbers(tmp_path: Path) -> None:
    page = page_of(write_run(tmp_path / "a", asked(LOST)))
    assert row_of(page, ">Câu trả lời được<") == "Câu trả lời được 16 – 100 %"
    assert row_of(page, ">Thấy đủ điều khoản<") == "Thấy đủ điều khoản 12 −3 75 %"
    assert row_of(page, ">Chọn đúng điều khoản<") == "Chọn đúng điều khoản 8 −4 50 %"
    assert "5 câu không có trong văn bản: từ chối 2, trả lời nhầm 3." in Reader(page).text
    assert "Thấy đủ điều khoản: 12 câu; Chọn đúng điều khoản: 8 câu" in Reader(page).text


def test_the_page_tells_each_group_of_questions_apart(tmp_path: Path) -> None:
    page = page_of(write_run(tmp_path / "a", asked(["none", "gate", "choice", "refused"])))
    # Even ones are formal: one right, one lost where clauses are chosen.
    assert row_of(page, ">trang trọng<") == "trang trọng 2 50 % (1/2) 1 0 –"
    assert row_of(page, ">nói chuyện<") == "nói chuyện 2 0 % (0/1) 0 1 1/1"
    text = Reader(page).text
    assert "trang trọng: đúng 1, chọn điều khoản 1; nói chuyện: cửa từ chối nhầm 1." in text
    assert "a.txt: đúng 1, chọn điều khoản 1, cửa từ chối nhầm 1." in text
    assert "Mất ở bước: cửa từ chối nhầm" in text


def test_a_page_without_ledgers_has_no_funnel(tmp_path: Path) -> None:
    assert "Câu hỏi mất ở đâu" not in page_of(write_run(tmp_path / "a"))


def test_runs_beside_each_other_have_a_funnel_each(tmp_path: Path) -> None:
    before, after = asked(["gate", "none"]), asked(["none", "none"])
    page = page_of(write_run(tmp_path / "a", before), write_run(tmp_path / "b", after))
    read = Reader(page)
    assert read.text.count("2 câu mà văn bản trả lời được") >= 2
    ids = read.attributes("id")
    assert len(ids) == len(set(ids))


def test_the_change_per_stage_is_told_with_what_moved(tmp_path: Path) -> None:
    before = asked(["gate", "gate", "choice", "none", "answered"])
    after = asked(["none", "choice", "gate", "none", "refused"])
    a, b = write_run(tmp_path / "a", before), write_run(tmp_path / "b", after)
    found = compare_runs(RunFolder(a), RunFolder(b)).stages
    assert found == {
        "choice": StageChange(1, 1, left=1, came=1),
        "gate": StageChange(2, 1, left=2, came=1),
        "none": StageChange(1, 2, left=0, came=1),
        "answered": StageChange(1, 0, left=1, came=0),
        "refused": StageChange(0, 1, left=0, came=1),
    }


def test_only_questions_that_both_runs_followed_are_compared_by_stage(tmp_path: Path) -> None:
    before = [lost("gate", 0, ledger=None), lost("gate", 1)]
    a = write_run(tmp_path / "a", before)
    b = write_run(tmp_path / "b", asked(["none", "gate"]))
    assert compare_runs(RunFolder(a), RunFolder(b)).stages == {"gate": StageChange(1, 1, 0, 0)}


# What the wording alone tells


@pytest.mark.parametrize(
    ("value", "said", "unsaid"),
    [(0.55, "nhờ đối chiếu với văn bản", "chỉ là đoán"), (0.86, "chỉ là đoán", "nhờ đối chiếu")],
)
def test_the_page_says_what_refusals_are_to_be_held_against(
    tmp_path: Path, value: float, said: str, unsaid: str
) -> None:
    metrics = {
        "refusal_recall": {"value": 0.9, "low": 0.8, "high": 1.0, "n": 9},
        "question_only_auc": {"value": value, "low": value - 0.1, "high": value + 0.1, "n": 40},
        "own_out_refusals": {"value": 0.75, "low": 0.6, "high": 0.9, "n": 16},
    }
    page = page_of(write_run(tmp_path / "a", asked(LOST), metrics))
    text = Reader(page).text
    shown = f"{value:.2f}".replace(".", ",")
    assert said in text
    assert unsaid not in text
    assert row_of(page, "Từ chối đúng câu").endswith(f"đoán từ riêng câu hỏi: AUC {shown}")
    assert "khi bỏ chính văn bản của chúng ra: từ chối đúng 75" in text


def test_the_terminal_says_it_too() -> None:
    fair, unfair = ({"question_only_auc": Metric(value, None, None, 9)} for value in (0.6, 0.61))
    assert "không nhờ cách hỏi" in str(wording_note(fair))
    assert "đoán theo cách hỏi" in str(wording_note(unfair))
    assert wording_note({}) is None
