"""A notice made to stop the answers: one poisoned clause must not make the others wait.

Most patterns run over all of a clause, several times for each question, so what grows with the
square of its length would take minutes here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from fakes_library import DRAFT, PLAN, TB18, Library
from fakes_time import assert_grows_evenly, seconds

from assistant.answer import phrases, verify
from assistant.answer.excerpt import SpanPicker
from assistant.answer.lead import lead_grammar
from assistant.assistant import AnswerOptions
from assistant.find.ground import Quote
from assistant.judge import answer_types
from assistant.judge.agreement import same_task
from assistant.judge.document_relations import lacks_relation
from assistant.judge.question_focus import focus_lacks
from assistant.understand.division import divide
from assistant.understand.question import Asked
from assistant.understand.weights import weigh
from corpus.notice import Clause, Span
from index.initials import Initials

LENGTH = 50_000  # characters of the clause
MOST = 8.0  # seconds of this process; it is about 1, the square of the length takes minutes
SHORT = 2_000  # characters: the smaller of two lengths that are compared
START = "Sở Công Thương rà soát 12 kho lạnh cũ, kinh phí 94 tỷ đồng, trước ngày 15/11/2031"
UNITS = {
    "figures": "1",
    "letters": "a",
    "blanks": " ",
    "opening brackets": "(",
    "footnotes": "[1] ",
    "half a marker": "[1",
    "conditions": "sau khi rà soát ",
    "short sentences": "Ờ ạ. A b. ",
    "semicolons": "kho lạnh cũ; ",
    "phrases": " nhằm kho",
    "phrases far apart": "nhằm\n\n  ",
    "ranges": "5-7 ",
    "counted": "12 kho lạnh 5% ",
    "quotes": "“kho” ",
    "names": "Nông Văn Thuỷ, ",
    "documents": "Nghị quyết số 57-NQ/TW, ",
    "marks alone": "\u0301",
}
QUESTIONS = (
    "Sở Công Thương rà soát bao nhiêu kho lạnh cũ, hoàn thành trước ngày nào?",
    "Ai là giám đốc Sở Công Thương rà soát kho lạnh cũ?",
    "Nêu các nhiệm vụ rà soát kho lạnh của Sở Công Thương",
    "Kho lạnh cũ ở tại xã nào, theo văn bản nào, kinh phí bao nhiêu tiền?",
    "Khi nào khai trương kho lạnh cũ và thủ tục rà soát thế nào?",
)


def poison(unit: str, length: int = LENGTH) -> str:
    return f"{START} {unit * (length // len(unit))} hết. {START}"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("library"), TB18, PLAN, DRAFT)


def poisoned(clause: Clause, unit: str, length: int) -> Clause:
    return replace(clause, text=poison(unit, length))


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_questions_about_a_poisoned_clause_are_answered_in_time(
    library: Library, monkeypatch: pytest.MonkeyPatch, unit: str
) -> None:
    clause = library.clause("12 kho lạnh cũ")
    monkeypatch.setitem(library.snapshot.clauses, clause.id, poisoned(clause, unit, LENGTH))
    said = "Sở Công Thương rà soát 12 kho lạnh cũ [1]."
    assistant, _ = library.assistant(*[said] * len(QUESTIONS), options=AnswerOptions())
    for question in QUESTIONS:
        assert seconds(lambda question=question: assistant.ask(question)) < MOST, question


def quote_of(library: Library, unit: str, length: int) -> Quote:
    clause = poisoned(library.clause("12 kho lạnh cũ"), unit, length)
    return Quote.whole(clause, library.notice_of(clause))


def worth_of(phrase: str) -> float:
    return float("kho" in phrase)


def pick(library: Library, unit: str, length: int) -> None:
    quote = quote_of(library, unit, length)
    question = library.understood(QUESTIONS[0])
    picker = SpanPicker(question, weigh(QUESTIONS[0], library.vocabulary), {})
    picker.quotes(replace(quote.clause, context=()), quote.notice, 120)


READ: dict[str, Callable[[Library, str, int], object]] = {
    **{
        f"answer_types.offers {kind}": lambda _, unit, length, kind=kind: answer_types.offers(
            kind, poison(unit, length), "bao nhiêu tiền, nơi nào?"
        )
        for kind in Asked
    },
    "answer_types.numbers_told": lambda _, unit, length: answer_types.numbers_told(
        poison(unit, length), ""
    ),
    "phrases.shortened": lambda _, unit, length: phrases.shortened(
        poison(unit, length), Span(0, length), worth_of, 0.3
    ),
    "phrases.around": lambda _, unit, length: phrases.around(
        poison(unit, length), Span(0, length), worth_of
    ),
    "verify.check": lambda library, unit, length: verify.check(
        f"Sở Công Thương rà soát 12 kho lạnh cũ, {unit}",
        (quote_of(library, unit, length).clause,),
    ),
    "verify.adds": lambda _, unit, length: verify.adds(poison(unit, length), "kho"),
    "lead.lead_grammar": lambda library, unit, length: lead_grammar(
        [(1, quote_of(library, unit, length))]
    ),
    "agreement.same_task": lambda library, unit, length: same_task(
        library.clause("12 kho lạnh cũ"), quote_of(library, unit, length).clause
    ),
    "focus.focus_lacks": lambda library, unit, length: [
        focus_lacks(library.understood(question), [quote_of(library, unit, length)])
        for question in QUESTIONS
    ],
    "relations.lacks_relation": lambda library, unit, length: lacks_relation(
        library.understood("Văn bản nào thay thế Nghị quyết số 57-NQ/TW?"),
        [quote_of(library, unit, length)],
    ),
    "spans.quotes": pick,
}


@pytest.mark.parametrize("read", READ.values(), ids=READ)
def test_what_reads_a_clause_takes_time_for_its_length(
    library: Library, read: Callable[[Library, str, int], object]
) -> None:
    for unit in UNITS.values():
        assert_grows_evenly(lambda length, unit=unit: read(library, unit, length), SHORT)


@pytest.mark.parametrize(
    "unit",
    ["ai, ", "ai và ", "xã này ", "  ", "bao nhiêu ", "khi nào ", "ai, giám đốc ", "tiếp theo "],
)
@pytest.mark.parametrize("read", ["divide", "spell_out", "focus"])
def test_what_reads_a_question_takes_time_for_its_length(
    library: Library, read: str, unit: str
) -> None:
    initials = Initials(["xây dựng"] * 3)
    quotes = [Quote.whole(one, library.notice_of(one)) for one in [library.clause("48 kho lạnh")]]
    asked = library.understood("Ai là giám đốc, khi nào khai trương, thủ tục thế nào?")

    def work(length: int) -> object:
        text = f"Kho lạnh {unit * (length // len(unit))} khi nào xong?"
        if read == "divide":
            return divide(text, ())
        if read == "spell_out":
            return initials.spell_out("XD QL " * (length // 6), ())
        return focus_lacks(replace(asked, restored=text), quotes)

    assert_grows_evenly(work, 2_000)
