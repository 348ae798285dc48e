"""The question sets of the project are what their README says."""

from __future__ import annotations

import json
from collections import Counter
from itertools import combinations
from typing import Any

import pytest
from machine import DOCUMENTS, ROOT

from corpus.text import fold
from eval.dataset import Question, load_questions
from eval.text_match import occurs
from eval.wording import question_only_auc

FOLDER = ROOT / "eval" / "sets"
SETS = ("train", "choose", "measure", "guard")


@pytest.fixture(scope="module")
def sets() -> dict[str, tuple[Question, ...]]:
    return {name: load_questions(FOLDER / f"{name}.jsonl") for name in SETS}


def raw(name: str) -> list[dict[str, Any]]:
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_no_id_stands_twice_in_all_sets(sets: dict[str, tuple[Question, ...]]) -> None:
    ids = Counter(question.id for questions in sets.values() for question in questions)
    assert len(ids) == 1344
    assert set(ids.values()) == {1}


@pytest.mark.parametrize("name", SETS)
def test_an_unanswerable_question_is_made_from_an_answerable_one_of_its_style(
    sets: dict[str, tuple[Question, ...]], name: str
) -> None:
    by_id = {question.id: question for question in sets[name]}
    made = [question for question in sets[name] if not question.answerable]
    assert len(made) > len(sets[name]) / 4
    for question in made:
        pair = by_id[question.pair]
        assert pair.answerable
        assert pair.style == question.style
        assert pair.question != question.question
        assert question.near
        assert not question.gold
        assert not question.must
    for question in sets[name]:
        assert question.answerable != bool(question.pair)


@pytest.mark.parametrize("name", SETS)
def test_an_answerable_question_says_where_and_what_the_answer_is(
    sets: dict[str, tuple[Question, ...]], name: str
) -> None:
    for question in sets[name]:
        if question.answerable:
            assert question.gold, question.id
            assert question.must, question.id
            assert all(question.gold), question.id
            assert all(question.must), question.id
        if question.style == "no_diacritics":
            assert fold(question.question) == question.question.lower(), question.id


def test_no_document_is_in_two_sets(sets: dict[str, tuple[Question, ...]]) -> None:
    named = {
        name: {file for one in questions for file in one.files} for name, questions in sets.items()
    }
    assert {name: len(files) for name, files in named.items()} == {
        "train": 24,
        "choose": 8,
        "measure": 16,
        "guard": 3,
    }
    for one, other in combinations(named.values(), 2):
        assert not one & other


@pytest.mark.parametrize("name", SETS)
def test_no_file_is_larger_than_a_repository_bears(name: str) -> None:
    assert (FOLDER / f"{name}.jsonl").stat().st_size < 2_000_000


def test_the_wording_hardly_tells_what_can_be_answered(
    sets: dict[str, tuple[Question, ...]],
) -> None:
    # The set that is measured by is nobody's to look into; what its runs say is in their report.
    for name, most in (("train", 0.62), ("choose", 0.60)):
        questions = sets[name]
        found = question_only_auc(
            [one.question for one in questions],
            [one.answerable for one in questions],
            [one.files for one in questions],
        )
        assert found is not None
        assert found.value is not None
        assert found.value < most


@pytest.mark.shared
@pytest.mark.parametrize("name", SETS)
def test_every_span_stands_on_its_line(name: str) -> None:
    folder = DOCUMENTS / "vbpl"
    lines: dict[str, list[str]] = {}

    def line(where: dict[str, Any]) -> str:
        file = where["file"]
        if file not in lines:
            lines[file] = (folder / file).read_text(encoding="utf-8").split("\n")
        return lines[file][where["line"] - 1]

    for question in raw(name):
        for gold in (one for group in question["gold"] for one in group):
            assert gold["span"] in line(gold), question["id"]
        for near in question.get("near", ()):
            assert line(near).strip(), question["id"]


@pytest.mark.shared
def test_what_is_required_stands_in_the_gold_lines_or_is_worked_out(
    sets: dict[str, tuple[Question, ...]],
) -> None:
    folder = DOCUMENTS / "vbpl"
    told = 0
    asked = [question for question in sets["train"] if question.answerable]
    for question in asked:
        gold = [one for group in question.gold for one in group]
        text = "\n".join(
            (folder / one.file).read_text(encoding="utf-8").split("\n")[one.line - 1]
            for one in gold
        )
        told += all(any(occurs(form, text) for form in group) for group in question.must)
    assert told > 0.9 * len(asked)
