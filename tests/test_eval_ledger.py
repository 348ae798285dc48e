"""Where a question was lost, worked out by hand on one notice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from fakes_eval import COLD, UNKNOWN, Runner, notices_data

from assistant.find.ground import Ground, Quote
from assistant.runtime.settings import Settings
from corpus.notice import Span
from corpus.parse.notices import parse_notice
from eval.dataset import Question
from eval.ledger import Ledger, ledger_of
from eval.measures import measure
from eval.record import RunFolder
from eval.suites.asking import Clauses, record_of
from eval.suites.notices import NoticeQuestions, NoticesSuite

ROADS = """UBND TỈNH SÔNG BÍCH
Số: 12/TB-UBND
Sông Bích, ngày 05 tháng 6 năm 2031

THÔNG BÁO
Kết luận về đường và cầu

1. Sở Xây dựng sửa 7 cây cầu. Kinh phí là 45 tỷ đồng.
2. Sở Công Thương mở 3 chợ nổi.
3. Công an tỉnh đặt 14 biển báo.
"""
SHIPS = ROADS.replace("12/TB", "13/TB").replace("đường và cầu", "tàu và phà")
NOTICES = (parse_notice(ROADS, "roads.txt"), parse_notice(SHIPS, "ships.txt"))
PLACES = Clauses.of(NOTICES)


def clause(file: str, line: int) -> Any:
    return next(
        one
        for notice in NOTICES
        for one in notice.clauses
        if notice.file_name == file and one.lines == ((line, line),)
    )


def asking(**changed: Any) -> Question:
    fields = {
        "id": "q",
        "question": "Sửa mấy cây cầu, hết bao nhiêu tiền?",
        "kind": "number",
        "style": "formal",
        "answerable": True,
        "gold": [[{"file": "roads.txt", "line": 8}]],
        "must": [["7 cây cầu", "7 cầu"], ["45 tỷ"]],
    }
    return Question.model_validate(fields | changed)


Place = tuple[str, int]
BRIDGES, MARKETS, SIGNS = ("roads.txt", 8), ("roads.txt", 9), ("roads.txt", 10)
SHIP = ("ships.txt", 8)


def follow(
    question: Question,
    found: Sequence[Place],
    quoted: Sequence[tuple[Place, str]],
    refused: bool = False,
    **changed: Any,
) -> Ledger:
    """Follow a question whose answer quotes pieces of clauses, or would have."""
    quotes = []
    for place, words in quoted:
        one = clause(*place)
        start = one.text.index(words)
        notice = PLACES.clauses[one.id][0]
        quotes.append(Quote(one, notice, Span(start, start + len(words))))
    shown = " ".join(f"“{quote.text}” [{n}]." for n, quote in enumerate(quotes, start=1))
    evidence = [{"clause_id": clause(*place).id, "score": 1.0} for place in found]
    answer = {
        "id": question.id,
        "answer": "Văn bản không nêu." if refused else shown,
        "refused": refused,
        "evidence": evidence,
        "confidence": 0.25,
    }
    record = record_of(question, answer | changed, PLACES)
    ground = Ground(tuple(quotes), 1.0, frozenset(), (), 0.0, False, ())
    return ledger_of(question, record, ground if quotes else None, PLACES)


WHOLE = "Sở Xây dựng sửa 7 cây cầu. Kinh phí là 45 tỷ đồng."
HALF = "Sở Xây dựng sửa 7 cây cầu."


def test_a_right_answer_is_lost_nowhere() -> None:
    way = follow(asking(), [MARKETS, BRIDGES], [(BRIDGES, WHOLE)])
    assert way == Ledger(
        answerable=True,
        failed=False,
        right=True,
        notice_found=True,
        notice_first=True,
        gold_rank=2,
        all_gold_found=True,
        gold_chosen=True,
        all_gold_chosen=True,
        facts=2,
        facts_chosen=2,
        facts_quoted=2,
        facts_answered=2,
        forbidden_quoted=False,
        refused=False,
        confidence=0.25,
    )
    assert way.lost == "none"
    assert way.to_json()["lost"] == "none"


def test_without_the_notice_all_is_lost() -> None:
    way = follow(asking(), [SHIP], [(SHIP, WHOLE)], refused=True)
    assert (way.notice_found, way.gold_rank, way.lost) == (False, None, "notice")
    # The other notice has the same words: that they are the required ones is luck.
    assert (way.facts_chosen, way.gold_chosen) == (2, False)


def test_a_notice_without_its_clause_is_lost_at_the_evidence() -> None:
    way = follow(asking(), [SHIP, SIGNS], [(SIGNS, "14 biển báo")])
    assert (way.notice_found, way.notice_first, way.lost) == (True, False, "evidence")


def test_a_part_of_the_gold_is_not_all_of_it() -> None:
    both = asking(
        gold=[[{"file": "roads.txt", "line": 8}], [{"file": "roads.txt", "line": 10}]],
        must=[["7 cây cầu"], ["14 biển báo"]],
    )
    way = follow(both, [BRIDGES, MARKETS], [(BRIDGES, WHOLE)])
    assert (way.gold_rank, way.all_gold_found, way.lost) == (1, False, "evidence")
    assert (way.gold_chosen, way.all_gold_chosen, way.facts_chosen) == (True, False, 1)


def test_the_wrong_clause_of_the_right_ones_is_a_wrong_choice() -> None:
    way = follow(asking(), [MARKETS, BRIDGES], [(MARKETS, "3 chợ nổi")])
    assert (way.all_gold_found, way.gold_chosen, way.lost) == (True, False, "choice")


def test_a_piece_that_leaves_out_what_is_required_is_lost_at_the_excerpt() -> None:
    way = follow(asking(), [BRIDGES], [(BRIDGES, HALF)])
    assert (way.facts_chosen, way.facts_quoted, way.facts_answered) == (2, 1, 1)
    assert way.lost == "excerpt"


def test_what_no_right_answer_holds_is_lost_at_the_excerpt() -> None:
    question = asking(must=[["7 cây cầu"]], must_not=["45 tỷ"])
    assert follow(question, [BRIDGES], [(BRIDGES, WHOLE)]).lost == "excerpt"
    refused = follow(question, [BRIDGES], [(BRIDGES, WHOLE)], refused=True)
    assert (refused.forbidden_quoted, refused.lost) == (True, "excerpt")


def test_a_sum_that_no_clause_holds_is_lost_at_the_excerpt() -> None:
    total = asking(
        gold=[[{"file": "roads.txt", "line": 8}], [{"file": "roads.txt", "line": 10}]],
        must=[["21"]],
    )
    chosen = [(BRIDGES, WHOLE), (SIGNS, "14 biển báo")]
    way = follow(total, [BRIDGES, SIGNS], chosen)
    assert (way.all_gold_chosen, way.facts_chosen, way.lost) == (True, 0, "excerpt")


def test_a_refusal_of_what_holds_all_is_lost_at_the_gate() -> None:
    way = follow(asking(), [BRIDGES], [(BRIDGES, WHOLE)], refused=True)
    assert (way.facts_quoted, way.facts_answered, way.lost) == (2, 0, "gate")


def test_a_refusal_of_too_little_was_lost_before_the_gate() -> None:
    assert follow(asking(), [BRIDGES], [(BRIDGES, HALF)], refused=True).lost == "excerpt"
    assert follow(asking(), [BRIDGES], [(MARKETS, "3 chợ nổi")], refused=True).lost == "choice"
    assert follow(asking(), [BRIDGES], [], refused=True).lost == "choice"


def test_without_required_facts_the_gold_clauses_decide() -> None:
    question = asking(must=[])
    assert follow(question, [BRIDGES], [(BRIDGES, HALF)], refused=True).lost == "gate"
    assert follow(question, [BRIDGES], [(SIGNS, "14")], refused=True).lost == "choice"


@pytest.mark.parametrize(("refused", "stage"), [(True, "refused"), (False, "answered")])
def test_an_unanswerable_question_is_refused_or_answered(refused: bool, stage: str) -> None:
    question = asking(answerable=False, gold=[], must=[], near=[{"file": "roads.txt", "line": 8}])
    way = follow(question, [BRIDGES], [(BRIDGES, HALF)], refused=refused)
    assert way.lost == stage
    assert way.measures() == {}


def test_an_error_is_lost_before_all_stages() -> None:
    way = follow(asking(), [], [], error={"kind": "Busy", "message": "Đang bận."})
    assert way.lost == "failed"
    assert {part for name, (part, _) in way.measures().items() if name.startswith("kept_")} == {0}


def test_each_stage_keeps_what_the_stages_before_it_kept() -> None:
    ways = [
        follow(asking(), [BRIDGES], [(BRIDGES, WHOLE)]),
        follow(asking(), [BRIDGES], [(BRIDGES, WHOLE)], refused=True),
        follow(asking(), [BRIDGES], [(BRIDGES, HALF)]),
        follow(asking(), [BRIDGES, MARKETS], [(MARKETS, "3 chợ nổi")]),
        follow(asking(), [MARKETS], [(MARKETS, "3 chợ nổi")]),
    ]
    found = measure([{"measures": way.measures()} for way in ways])
    kept = [found[f"kept_{stage}"].value for stage in ("notice", "evidence", "choice", "excerpt")]
    assert kept == [1.0, 0.8, 0.6, 0.4]
    assert found["facts_chosen"].value == 0.6
    assert found["facts_quoted"].value == 0.5
    assert found["gold_chosen"].value == 0.6


def test_a_run_writes_the_ledger_of_each_question(tmp_path: Path, settings: Settings) -> None:
    quoting = settings.model_copy(update={"lead": "quote"})
    asked = NoticeQuestions.load(*notices_data(tmp_path / "data", COLD, UNKNOWN))
    metrics = Runner(quoting)(NoticesSuite(asked), tmp_path / "run")
    cold, unknown = (record["ledger"] for record in RunFolder(tmp_path / "run").records())
    # FakeAssistant doesn't tell what it chose.
    assert (cold["lost"], cold["gold_rank"], cold["gold_chosen"]) == ("none", 1, False)
    assert unknown["lost"] == "refused"
    assert metrics["kept_excerpt"].value == 1
    assert metrics["all_gold_found"].n == 1
