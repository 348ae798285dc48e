"""Fitting is nested: nothing that is told of a document comes from models that saw it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from fakes_assistant import NOTICE
from fakes_assistant import write as write_notices
from fakes_cli import Congvu
from fakes_eval import QUESTIONS, lines
from fakes_library import PLAN, TB18, Library, rising

from assistant.judge.fitted import Fitted
from assistant.judge.trees import Trees
from corpus.errors import BadInput
from eval.dataset import Question as Gold
from eval.fit import COSINES, Fitting, write
from eval.learning import Example
from eval.material import Case, Signs, cases_of, folds_of
from eval.suites.notices import NoticeQuestions

DOCUMENTS, EACH = 9, 16
FOLDS = 3


@dataclass(frozen=True)
class FakeCase:
    """A question on the file ``number // EACH``, whose signs its label shines through."""

    number: int
    is_answerable: bool
    library: str = "one"

    @property
    def files(self) -> frozenset[str]:
        return frozenset({f"{self.number // EACH}.txt"})

    def for_relevance(self) -> Iterator[Example]:
        if self.is_answerable:
            for at in range(3):
                shine = float(at == 0) + self._noise(at)
                lexical = float(at == 0) + self._noise(at + 3)
                yield Example({"cosine": shine, "lexical": lexical}, at == 0)

    def for_gate(self, relevance: Trees, *, taken_out: bool = False) -> Signs | None:
        if taken_out and not self.is_answerable:
            return None
        is_answerable = self.is_answerable and not taken_out
        shine = float(is_answerable)
        seen = {"cosine": shine + self._noise(6), "lexical": shine + self._noise(7)}
        seen = {name: value for name, value in seen.items() if name in relevance.names}
        signs = {"relevance": relevance.probability(seen), "near": self._noise(8)}
        return Signs(Example(signs, is_answerable), is_answerable)

    def _noise(self, salt: int) -> float:
        return float(np.random.default_rng([self.number, salt]).normal())


def cases(turned: Sequence[int] = ()) -> list[Case]:
    """Two in three are answerable; those of the documents ``turned`` are told the other way."""
    made = [
        FakeCase(number, (number % 3 > 0) != (number // EACH in turned))
        for number in range(DOCUMENTS * EACH)
    ]
    return cast("list[Case]", made)


def fitting_to(made: list[Case], embedder: str) -> Fitting:
    return Fitting(made, embedder, folds_of(made, FOLDS))


def odds(fitting: Fitting) -> list[float]:
    return [one.log_odds for one in fitting.judged]


def test_a_documents_own_labels_change_nothing_of_how_it_is_judged() -> None:
    told = cases()
    folds = folds_of(told, FOLDS)
    fold = [at for at, its in enumerate(folds) if its == folds[0]]
    turned = {at // EACH for at in fold}

    @dataclass(frozen=True)
    class Relabelled(FakeCase):
        """Looks the same, and is said to be the other way."""

        def for_relevance(self) -> Iterator[Example]:
            for one in super().for_relevance():
                yield Example(one.features, not one.holds)

        def for_gate(self, relevance: Trees, *, taken_out: bool = False) -> Signs | None:
            seen = super().for_gate(relevance, taken_out=taken_out)
            return seen and Signs(Example(seen.example.features, not seen.example.holds), False)

    other = [
        Relabelled(number, number % 3 > 0)
        if number // EACH in turned
        else FakeCase(number, number % 3 > 0)
        for number in range(DOCUMENTS * EACH)
    ]
    first = odds(fitting_to(told, "model/1"))
    second = odds(fitting_to(cast("list[Case]", other), "model/1"))
    same = [a == b for a, b in zip(first, second, strict=True)]
    assert [at for at in fold if not same[at]] == []
    assert not any(same[at] for at in range(len(same)) if at not in fold)


def test_the_gate_learns_from_relevance_that_had_not_seen_the_document() -> None:
    seen: list[tuple[int, Trees]] = []

    @dataclass(frozen=True)
    class Listening(FakeCase):
        def for_gate(self, relevance: Trees, *, taken_out: bool = False) -> Signs | None:
            seen.append((self.number, relevance))
            return super().for_gate(relevance, taken_out=taken_out)

    made = [Listening(number, number % 3 > 0) for number in range(DOCUMENTS * EACH)]
    fitting = fitting_to(cast("list[Case]", made), "model/1")
    fitted = fitting.fitted()
    full = fitting._relevance_without(())
    assert seen
    assert full == fitted.relevance
    assert [number for number, relevance in seen if relevance == full] == []


def test_what_is_fitted_tells_and_is_calibrated() -> None:
    fitting = fitting_to(cases(), "model/1")
    fitted = fitting.fitted()
    assert fitted.answering.calibration.slope > 0
    assert fitting.reliability().ece < 0.15
    answerable = [one for one in fitting.judged if one.is_answerable]
    told = [fitted.answering.calibration.probability(one.log_odds) for one in answerable]
    refused = np.mean([p < fitted.answering.least for p in told])
    assert refused == pytest.approx(0.04, abs=0.02)
    assert fitting.first_clause().value is not None


def test_what_looks_at_cosines_is_left_out_for_any_embedder(tmp_path: Path) -> None:
    fitted = fitting_to(cases(), "").fitted()
    assert COSINES.isdisjoint(fitted.relevance.names)
    assert COSINES.isdisjoint(fitted.answering.model.weights)
    assert fitted.counts_on_words_alone
    assert write(fitted, tmp_path / "new" / "folder").name == "any-embedder.json"


def test_weights_are_written_for_their_embedder(tmp_path: Path) -> None:
    fitted = fitting_to(cases(), "model/1").fitted()
    path = write(fitted, tmp_path)
    assert path.name == "model-1.json"
    assert Fitted.from_json(json.loads(path.read_text(encoding="utf-8"))) == fitted


def test_of_one_document_nothing_can_be_held_out() -> None:
    with pytest.raises(BadInput, match="một nhóm văn bản"):
        fitting_to(cases()[:EACH], "model/1")


def test_documents_are_held_out_whole() -> None:
    folds = folds_of(cases(), FOLDS)
    assert len(set(folds)) == FOLDS
    assert all(len(set(folds[at : at + EACH])) == 1 for at in range(0, len(folds), EACH))


@dataclass(frozen=True)
class Joining(FakeCase):
    @property
    def files(self) -> frozenset[str]:
        return frozenset({"0.txt", "1.txt"})


def test_documents_that_a_question_joins_are_held_out_together() -> None:
    joined = [*cases(), *cast("list[Case]", [Joining(0, True)])]
    folds = folds_of(joined, DOCUMENTS)
    assert folds[0] == folds[EACH] == folds[-1]
    assert folds[0] != folds[2 * EACH]


def test_a_file_of_another_library_is_another_file() -> None:
    other = cast("list[Case]", [FakeCase(0, True, library="other")])
    folds = folds_of([*cases()[:EACH], *other], 2)
    assert folds[0] != folds[-1]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("fit"), TB18, PLAN)


def asked(library: Library, text: str, *gold: tuple[str, int]) -> Case:
    lines = [[{"file": file, "line": line}] for file, line in gold]
    question = Gold.model_validate(
        {
            "id": "q",
            "question": text,
            "kind": "k",
            "style": "s",
            "answerable": bool(gold),
            "gold": lines,
        }
    )
    questions = cast("NoticeQuestions", _Asked({"q": question}))
    [case] = cases_of(questions, library.snapshot, library.embedder)
    return case


@dataclass(frozen=True)
class _Asked:
    questions: dict[str, Gold]
    history: dict[str, tuple[()]] = field(default_factory=dict)


COLD = next(n for n, line in enumerate(TB18.splitlines(), 1) if "12 kho lạnh cũ" in line)
SCHOOL = next(n for n, line in enumerate(PLAN.splitlines(), 1) if "Cao đẳng" in line)
RELEVANCE = Trees(-3.0, tuple(rising(name) for name in ("lexical", "known_in_a_sentence")))


def test_clauses_on_gold_lines_hold(library: Library) -> None:
    case = asked(library, "Ai rà soát 12 kho lạnh cũ?", ("0.txt", COLD))
    examples = list(case.for_relevance())
    assert sum(one.holds for one in examples) == 1
    assert case.files == {"0.txt"}


def test_with_its_notice_taken_out_a_question_is_to_be_refused(library: Library) -> None:
    case = asked(library, "Ai rà soát 12 kho lạnh cũ?", ("0.txt", COLD))
    told, out = case.for_gate(RELEVANCE), case.for_gate(RELEVANCE, taken_out=True)
    assert told is not None
    assert out is not None
    assert (told.example.holds, out.example.holds) == (True, False)
    assert out.example.features["unknown"] > told.example.features["unknown"]
    assert asked(library, "Ai xây cầu?").for_gate(RELEVANCE, taken_out=True) is None


def test_an_answer_is_right_where_its_quotes_have_the_gold(library: Library) -> None:
    right = asked(library, "Ai rà soát 12 kho lạnh cũ?", ("0.txt", COLD)).for_gate(RELEVANCE)
    wrong = asked(library, "Ai rà soát 12 kho lạnh cũ?", ("1.txt", SCHOOL)).for_gate(RELEVANCE)
    assert right is not None
    assert wrong is not None
    assert right.example == wrong.example
    assert (right.is_answered, wrong.is_answered) == (True, False)


def test_what_has_no_answer_is_about_what_is_found(library: Library) -> None:
    case = asked(library, "Kho lạnh cũ sơn màu gì?")
    assert list(case.for_relevance()) == []
    signs = case.for_gate(RELEVANCE)
    assert signs is not None
    assert not signs.example.holds
    assert not signs.is_answered
    assert len(case.files) == 1


@pytest.mark.parametrize(
    "text", ["Ai ký Thông báo số 18/TB-UBND?", "Quyết định 77/QĐ-UBND nói gì?"]
)
def test_what_a_rule_decides_teaches_the_gate_nothing(library: Library, text: str) -> None:
    assert asked(library, text).for_gate(RELEVANCE) is None


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ([], "một nhóm văn bản"),
        (["--data", "other.jsonl"], "Mỗi --data cần một --notices"),
    ],
)
def test_the_command_says_what_it_lacks(
    congvu: Congvu, tmp_path: Path, extra: list[str], said: str
) -> None:
    data = lines(tmp_path / "questions.jsonl", *QUESTIONS)
    notices = write_notices(tmp_path / "notices", a=NOTICE)
    options = ["--data", str(data), "--notices", str(notices), "--no-samples", *extra]
    result = congvu("eval", "fit", *options, "--out", str(tmp_path))
    assert result.code == BadInput.exit_code
    assert said in result.err
    assert not list(tmp_path.glob("*.json"))


def test_the_adapter_of_one_embedder_is_not_for_any(congvu: Congvu, tmp_path: Path) -> None:
    result = congvu("eval", "fit", "--adapt", "--any-embedder", "--out", str(tmp_path))
    assert result.code == BadInput.exit_code
    assert "Chạy hai lần" in result.err
    assert not list(tmp_path.iterdir())


def test_the_command_needs_a_set(congvu: Congvu) -> None:
    assert "Không có bộ câu hỏi nào" in congvu("eval", "fit", "--no-samples").err


def test_the_command_fits_to_the_samples(congvu: Congvu, tmp_path: Path) -> None:
    result = congvu("eval", "fit", "--any-embedder", "--out", str(tmp_path))
    assert result.code == 0, result.err
    assert "refusal_recall" in result.out
    assert "Brier" in result.out
    [path] = tmp_path.glob("*.json")
    fitted = Fitted.from_json(json.loads(path.read_text(encoding="utf-8")))
    assert fitted.counts_on_words_alone
    assert "known_in_a_sentence" in fitted.relevance.names


def test_the_gate_learns_from_answers_whose_notices_are_taken_out() -> None:
    asked: list[tuple[bool, bool]] = []

    @dataclass(frozen=True)
    class Watched(FakeCase):
        def for_gate(self, relevance: Trees, *, taken_out: bool = False) -> Signs | None:
            told = super().for_gate(relevance, taken_out=taken_out)
            if told is not None:
                asked.append((taken_out, told.example.holds))
            return told

    made = [Watched(number, number % 3 > 0) for number in range(DOCUMENTS * EACH)]
    fitting_to(cast("list[Case]", made), "model/1").fitted()
    assert (True, False) in asked
    assert (True, True) not in asked
