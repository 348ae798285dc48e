from __future__ import annotations

import pytest
from fakes_library import ANNEX, DRAFT, PLAN, TB18, Library

from assistant.find.retriever import Evidence
from corpus.notice import ClauseKind


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("library"), TB18, ANNEX, PLAN, DRAFT)


def find(library: Library, text: str, *history: str, limit: int = 12) -> tuple[Evidence, ...]:
    return library.evidence(library.understood(text, *history), limit)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Xã nào đặt máy làm đá cho chợ nổi?", "chợ nổi"),
        ("xa nao dat may lam da cho cho noi", "chợ nổi"),
        ("xã nào đăt máy làm đa cho chợ nôi?", "chợ nổi"),
        ("trường nào dạy nghề sửa máy tàu", "sửa máy tàu"),
        ("kho lạnh ở huyện đảo Hòn Tro", "Hòn Tro"),
    ],
)
def test_the_clause_that_answers_comes_first(library: Library, text: str, words: str) -> None:
    assert words in find(library, text)[0].clause.text


def test_scores_are_in_order_and_within_bounds(library: Library) -> None:
    found = find(library, "Hạn sửa chữa bến phà Cồn Sậy khi nào?")
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)
    for one in found:
        assert 0 <= one.lexical <= 1
        assert 0 <= one.dense <= 1
        assert -1 <= one.cosine <= 1


def test_at_most_so_many_clauses_each_once(library: Library) -> None:
    found = find(library, "kho lạnh bến phà máy làm đá", limit=3)
    assert len({one.clause.id for one in found}) == len(found) == 3


def test_a_named_notice_is_a_filter(library: Library) -> None:
    found = find(library, "Theo Kế hoạch 9/KH-UBND, kho lạnh cũ rà soát khi nào?")
    assert {one.notice.header.number for one in found} == {"9/KH-UBND"}


def test_two_named_notices_do_not_hide_the_others(library: Library) -> None:
    found = find(library, "Thông báo 18 và Kế hoạch 9 giao sửa chữa bến phà Cồn Sậy khác gì?")
    assert {one.notice.file_name for one in found} >= {"0.txt", "1.txt", "2.txt"}


def test_two_named_notices_come_before_an_equal(library: Library) -> None:
    text = "sửa chữa bến phà Cồn Sậy hạn khi nào?"
    annex, notice = library.clause("- Sửa chữa bến phà").id, library.clause("a) Sở Xây dựng").id

    def lead(question: str) -> float:
        scores = {one.clause.id: one.score for one in find(library, question)}
        return scores[annex] - scores[notice]

    assert lead(text) > lead(f"Theo Thông báo 18 và Kế hoạch 9, {text}") + 0.1


def test_the_caller_may_choose_the_notices(library: Library) -> None:
    plan = library.notices[2].id
    question = library.understood("Ai rà soát kho lạnh?")
    found = library.retriever.find(question, 12, [plan])
    assert found
    assert {one.notice.id for one in found} == {plan}


def test_the_callers_choice_outweighs_the_name_in_the_question(library: Library) -> None:
    plan = library.notices[2].id
    question = library.understood("Theo Thông báo 18, ai rà soát kho lạnh?")
    assert {one.notice.id for one in library.retriever.find(question, 12, [plan])} == {plan}


def test_who_signed_is_looked_for_in_signatures(library: Library) -> None:
    found = find(library, "Ai ký Thông báo số 18/TB-UBND?")
    assert {one.clause.kind for one in found} == {ClauseKind.SIGNATURE}


def test_who_signed_a_notice_without_signature_is_looked_for_everywhere(library: Library) -> None:
    found = find(library, "Ai ký Kế hoạch 9/KH-UBND?")
    assert found
    assert ClauseKind.SIGNATURE not in {one.clause.kind for one in found}


def test_a_title_is_no_answer(library: Library) -> None:
    found = find(library, "Kết luận về kho lạnh và bến phà")
    assert found[0].clause.kind is not ClauseKind.HEADER


def test_a_heading_comes_after_what_stands_under_it(library: Library) -> None:
    found = find(library, "máy làm đá thí điểm ở các xã")
    kinds = [one.clause.kind for one in found]
    assert kinds.index(ClauseKind.HEADING) > 0


def test_a_clause_that_refers_to_a_missing_document_comes_first(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    library = Library(tmp_path_factory.mktemp("annex"), ANNEX)
    found = find(library, "Kế hoạch số 9/KH-UBND giao Sở Nội vụ sửa chữa bến phà hạn nào?")
    assert "9/KH-UBND" in found[0].clause.text


def test_a_follow_up_finds_what_the_question_before_was_about(library: Library) -> None:
    before = "Máy làm đá cho tàu cá đặt ở xã nào?"
    alone = find(library, "Thế còn hạn báo cáo thì sao?")
    after = find(library, "Thế còn hạn báo cáo thì sao?", before)
    wanted = library.clause("tàu cá.").id
    rank = {one.clause.id: i for i, one in enumerate(after)}
    assert rank[wanted] < {one.clause.id: i for i, one in enumerate(alone)}.get(wanted, 99)


def test_clauses_with_a_bonus_keep_their_order(library: Library) -> None:
    text = "Thông báo 18 và Phụ lục I: sửa chữa bến phà Cồn Sậy hạn khi nào?"
    found = find(library, text)
    assert found[0].score == 1
    assert len({one.score for one in found[:4]}) == 4  # clipped at 1, they would tie


def test_each_of_the_notices_named_is_seen(library: Library) -> None:
    text = "Kế hoạch 9 và Thông báo 18 mở bao nhiêu lớp dạy ướp cá, mỗi lớp mấy người?"
    found = find(library, text, limit=6)
    files = [one.notice.file_name for one in found]
    assert len(found) == 6
    assert files.count("0.txt") >= 2
    assert files.count("2.txt") >= 2
