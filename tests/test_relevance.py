"""What a clause is judged by, and which way each sign of it counts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fakes_library import TB18, Library, rising

from assistant.find.retriever import Evidence
from assistant.judge.fitted import Fitted
from assistant.judge.logistic import Features
from assistant.judge.relevance import Relevance
from assistant.judge.trees import Trees
from assistant.understand.weighing import weigh_question

MODEL = Trees(-0.5, (rising("cosine", 2.0), rising("lacks_kind", -3.0)))
STORES, SHOP, FERRY, TICKETS = "12 kho lạnh cũ", "sàn bán cá", "chủ trì", "vé điện tử"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(Path(tmp_path_factory.mktemp("relevance")), TB18)


def judge(library: Library, text: str, model: Trees = MODEL) -> Relevance:
    question = library.understood(text)
    return Relevance(question, weigh_question(question, library.vocabulary), model)


def found(library: Library, words: str) -> Evidence:
    clause = library.clause(words)
    return Evidence(clause, library.notice_of(clause), 0.5, 0.25, 0.75, 0.625, ())


def seen(library: Library, text: str, words: str) -> Features:
    best = replace(found(library, FERRY), score=0.75)
    return judge(library, text).features([best, found(library, words)])[1]


# Feature, question, clause and value, then what differs and the other value.
PAIRS = [
    ("lacks_kind", "Bán vé điện tử khi nào?", TICKETS, 1),
    ("lacks_kind", "Bán vé điện tử khi nào?", FERRY, 0),  # has a date
    ("lacks_kind", "Bán vé điện tử thế nào?", TICKETS, 0),
    ("lacks_count", "Có bao nhiêu bến phà?", TICKETS, 0),
    ("lacks_count", "Có bao nhiêu kho lạnh?", TICKETS, 1),
    ("lacks_count", "co bao nhieu kho lanh?", TICKETS, 1),
    ("lacks_count", "Kho lạnh ở đâu?", TICKETS, 0),
    ("lacks_agency", "Sở Công Thương rà soát gì?", STORES, 0),  # the heading above names it
    ("lacks_agency", "so cong thuong ra soat gi?", STORES, 0),
    ("lacks_agency", "Sở Y tế rà soát gì?", STORES, 1),
    ("lacks_agency", "Sở Xây dựng và Sở Y tế sửa gì?", FERRY, 1),  # one of two
    ("lacks_agency", "Rà soát gì?", STORES, 0),
    ("given", "Sở Công Thương phải làm những việc gì?", STORES, 1),
    ("given", "Sở Công Thương phải làm những việc gì?", FERRY, -1),
    ("given", "Sở Công Thương phải rà soát khi nào?", FERRY, 0),  # no list: words decide
    ("given", "Những việc nào về kho lạnh?", STORES, 0),
    ("due", "Những việc nào hạn 15/11/2031?", STORES, 1),
    ("due", "Những việc nào hạn 15/11/2031?", FERRY, -1),
    ("due", "Ai báo cáo trước ngày 15/11/2031?", STORES, 0),
]


@pytest.mark.parametrize(("name", "text", "words", "value"), PAIRS)
def test_what_is_seen_of_a_clause(
    library: Library, name: str, text: str, words: str, value: int
) -> None:
    assert seen(library, text, words)[name] == value


def test_how_it_was_found(library: Library) -> None:
    told = seen(library, "Bán vé điện tử", TICKETS)
    assert (told["score"], told["behind_best"]) == (0.5, 0.25)
    assert (told["lexical"], told["cosine"]) == (0.25, 0.625)


def test_words_count_where_one_sentence_has_them(library: Library) -> None:
    name = "known_in_a_sentence"
    assert seen(library, "Sàn bán cá trực tuyến", SHOP)[name] == 1.0
    # In two sentences: only one of them counts.
    apart = seen(library, "Trực tuyến nhiệm vụ", SHOP)[name]
    assert 0.3 < apart < 0.6
    assert seen(library, "Sàn bán cá trực tuyến", FERRY)[name] < 0.3


def test_the_probability_is_the_models(library: Library) -> None:
    relevance = judge(library, "Bán vé điện tử khi nào?")
    tickets, ferry = relevance.of([found(library, TICKETS), found(library, FERRY)])
    assert tickets == MODEL.probability({"cosine": 0.625, "lacks_kind": 1.0})
    assert tickets < ferry


SHIPPED = Fitted.of("embeddinggemma-300m").relevance
ANY = Fitted.of("counting/64").relevance

# A clause, a question that it answers, and one that it doesn't for want of one thing.
TWINS = [
    (TICKETS, "Bán vé điện tử thế nào?", "Bán vé điện tử khi nào?"),
    (TICKETS, "Vé điện tử bán tại bao nhiêu bến phà?", "Vé điện tử bán tại bao nhiêu kho lạnh?"),
    (STORES, "Sở Công Thương rà soát gì?", "Sở Y tế rà soát gì?"),
    (STORES, "Sở Công Thương phải làm những việc gì?", "Sở Xây dựng phải làm những việc gì?"),
    (STORES, "Những việc nào hạn 15/11/2031?", "Những việc nào hạn 16/12/2031?"),
    (SHOP, "Xây dựng sàn bán cá trực tuyến", "Xây dựng trạm bơm nước ngầm"),
]


@pytest.mark.parametrize("model", [SHIPPED, ANY], ids=["default", "any"])
@pytest.mark.parametrize(("words", "sound", "lacking"), TWINS)
def test_a_clause_is_likelier_where_it_lacks_nothing(
    library: Library, words: str, sound: str, lacking: str, model: Trees
) -> None:
    clause = found(library, words)
    likely, unlikely = (judge(library, text, model).of([clause])[0] for text in (sound, lacking))
    assert likely >= unlikely


@pytest.mark.parametrize("model", [SHIPPED, ANY], ids=["default", "any"])
def test_the_shipped_models_weigh_only_these_features(library: Library, model: Trees) -> None:
    assert model.names <= set(seen(library, "Bán vé điện tử", TICKETS))


def test_a_nearer_clause_is_likelier(library: Library) -> None:
    judged = judge(library, "Bán vé điện tử ở mấy bến phà?", SHIPPED)
    near = replace(found(library, TICKETS), score=1.0, cosine=0.8)
    shop = replace(found(library, SHOP), score=0.3, cosine=0.3)
    one, other = judged.of([near, shop])
    assert one > other
    assert one > judged.of([replace(near, cosine=0.3), shop])[0]


def test_what_stands_beside_a_clause_is_seen(library: Library) -> None:
    question = judge(library, "Nhiệm vụ của Sở Công Thương")
    stores, shop, tickets = (found(library, words) for words in (STORES, SHOP, TICKETS))
    together = question.features([stores, shop, tickets])
    assert together[0]["siblings"] == together[1]["siblings"] > together[2]["siblings"] == 0
    assert [one["rank"] for one in together] == [1, 1 / 2, 1 / 3]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (STORES, {"tells_count", "tells_deadline"}),
        (SHOP, {"tells_deadline"}),
        (FERRY, {"tells_deadline"}),
    ],
)
def test_what_a_clause_tells_is_seen(library: Library, words: str, told: set[str]) -> None:
    signs = seen(library, "Việc gì?", words)
    names = {"tells_count", "tells_deadline", "tells_money", "tells_share"}
    assert {name for name in names if signs[name]} == told
