"""How well questions are told apart by their words alone, on questions made for it."""

from __future__ import annotations

import itertools

import pytest

from eval.measures import Metric
from eval.wording import measure_wording, question_only_auc

SUBJECTS = (
    "kho lạnh",
    "bến phà",
    "chợ nổi",
    "trạm bơm",
    "đê biển",
    "cầu treo",
    "lớp học",
    "xe buýt",
)
FILES = ("a.txt", "b.txt", "c.txt", "d.txt")
ASKED = [(subject, file) for file in FILES for subject in SUBJECTS]


def auc(can: str, cannot: str) -> Metric:
    """Ask about each subject and document in one way for what is told, and in another for not."""
    questions = [words.format(subject) for subject, _ in ASKED for words in (can, cannot)]
    documents = [(file,) for _, file in ASKED for _ in range(2)]
    found = question_only_auc(questions, [True, False] * len(ASKED), documents)
    assert found is not None
    return found


def test_a_style_of_its_own_gives_unanswerable_questions_away() -> None:
    found = auc("Cơ quan nào chủ trì việc {}?", "Chi phí cho {} tối đa là bao nhiêu?")
    assert found.value == 1
    assert found.n == 2 * len(ASKED)


def test_the_same_words_for_both_tell_nothing() -> None:
    found = auc("Cơ quan nào chủ trì việc {}?", "Cơ quan nào chủ trì việc {}?")
    assert found.value == 0.5
    assert found.low == found.high == 0.5


def test_questions_on_one_document_are_never_trained_and_tested_on() -> None:
    # The only thing that tells is a colour, and on each document it is another.
    questions, can, documents = [], [], []
    colours = (("xanh", "vàng"), ("đỏ", "tím"), ("nâu", "bạc"), ("chàm", "đen"))
    for file, (told, untold) in zip(FILES, colours, strict=True):
        for subject, answerable in itertools.product(SUBJECTS, (True, False)):
            questions.append(f"Sổ {told if answerable else untold} nói gì về {subject}?")
            can.append(answerable)
            documents.append((file,))
    alone = question_only_auc(questions, can, [(str(n),) for n in range(len(questions))])
    apart = question_only_auc(questions, can, documents)
    assert alone is not None and apart is not None
    assert alone.value is not None and apart.value is not None
    assert alone.value > 0.9
    assert apart.value < 0.7


def test_questions_on_two_documents_bind_them_together() -> None:
    documents = [(FILES[n % 4], FILES[(n + 1) % 4]) for n in range(40)]
    assert question_only_auc(["ai?"] * 40, [True, False] * 20, documents) is None


@pytest.mark.parametrize("can", [[True] * 30, [True] * 25 + [False] * 5])
def test_too_few_of_a_sort_tell_nothing(can: list[bool]) -> None:
    assert question_only_auc(["ai?"] * 30, can, [(str(n),) for n in range(30)]) is None


def test_only_where_someone_may_refuse_is_it_asked() -> None:
    records = [
        {
            "id": str(n),
            "question": "Ai chủ trì?" if n % 2 else "Hết bao nhiêu tiền?",
            "answerable": bool(n % 2),
            "slices": {"notice": [f"{n % 3}.txt"]},
            "measures": {"false_refusals" if n % 2 else "refusal_recall": [0, 1]},
        }
        for n in range(60)
    ]
    assert measure_wording(records)["question_only_auc"].value == 1
    assert measure_wording([record | {"measures": {}} for record in records]) == {}
