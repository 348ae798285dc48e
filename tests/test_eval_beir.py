"""Folders in the BEIR layout, their documents as notices, and the suite that ranks them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fakes_eval import ASKED, LAWS, Runner, beir_folder
from hypothesis import given
from hypothesis import strategies as st

from assistant.runtime.settings import Settings
from corpus.errors import BadInput
from corpus.notice import ClauseKind
from corpus.text import fold
from eval.beir import Document, load_beir, notice_of, notices_of, strip_diacritics
from eval.record import RunFolder
from eval.suites.beir import BeirSuite


def document(text: str, title: str = "", id: str = "d") -> Document:
    return Document.model_validate({"_id": id, "title": title, "text": text})


def test_a_question_without_a_relevant_document_here_is_left_out_and_told(tmp_path: Path) -> None:
    data = load_beir(beir_folder(tmp_path))
    assert [query.id for query in data.judged] == ["q1"]
    assert data.qrels == {"q1": {"Luật Bến|2": 1}}
    assert data.lacks == (
        "1 câu hỏi không có đáp án trong kho, không tính vào độ đo truy hồi",
        "1 dòng qrels nêu văn bản không có trong kho",
    )


def test_a_score_of_nought_is_not_relevant(tmp_path: Path) -> None:
    qrels = (("q1", "Luật Bến|2", 2), ("q1", "Luật Bến|1", 0))
    assert load_beir(beir_folder(tmp_path, qrels=qrels)).qrels == {"q1": {"Luật Bến|2": 2}}


def test_qrels_may_lie_where_beir_itself_puts_them(tmp_path: Path) -> None:
    folder = beir_folder(tmp_path)
    (folder / "qrels").mkdir()
    (folder / "qrels.tsv").rename(folder / "qrels" / "test.tsv")
    assert load_beir(folder).qrels == {"q1": {"Luật Bến|2": 1}}


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    folder = beir_folder(tmp_path)
    (folder / name).unlink()
    with pytest.raises(BadInput, match=name):
        load_beir(folder)


@pytest.mark.parametrize(
    ("name", "line", "told"),
    [
        ("corpus.jsonl", '{"_id": "x"}', "dòng 4 không đúng dạng"),
        ("corpus.jsonl", "{", "dòng 4 không đúng dạng"),
        ("queries.jsonl", '{"_id": "q1", "text": "?"}', "hai dòng cùng _id “q1”"),
        ("qrels.tsv", "q1\tLuật Bến|2", "dòng 4 không đúng dạng"),
        ("qrels.tsv", "q1\tLuật Bến|2\tcó", "dòng 4 không đúng dạng"),
    ],
)
def test_a_damaged_line_is_named(tmp_path: Path, name: str, line: str, told: str) -> None:
    folder = beir_folder(tmp_path)
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    with pytest.raises(BadInput) as caught:
        load_beir(folder)
    assert told in str(caught.value)


def test_a_set_without_any_relevant_document_measures_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="không có câu hỏi nào có đáp án"):
        load_beir(beir_folder(tmp_path, qrels=(("q1", "đâu đó", 1),)))


def test_a_document_is_cut_into_clauses_under_its_title() -> None:
    notice = notice_of(document(LAWS[1]["text"], LAWS[1]["title"], LAWS[1]["_id"]))
    assert notice.short_name == "Luật Bến - Điều 2. Chủ bến"
    assert [(clause.kind, clause.label) for clause in notice.clauses[1:]] == [
        (ClauseKind.ITEM, "mục 1"),
        (ClauseKind.ITEM, "mục 2"),
    ]
    title = notice.clauses[0]
    assert (title.kind, title.text) == (ClauseKind.HEADER, "Luật Bến - Điều 2. Chủ bến")
    assert all(clause.spans[0].of(notice.source) == clause.text for clause in notice.clauses)


def test_a_document_without_a_title_is_called_by_its_id() -> None:
    notice = notice_of(document("Chủ bến treo đèn hiệu.", id="7-0"))
    assert notice.short_name == "7-0"
    assert [clause.kind for clause in notice.clauses] == [ClauseKind.PARAGRAPH]


def test_documents_that_give_one_notice_all_rank_with_it() -> None:
    same = [document("Chủ bến treo đèn.", id="a b"), document("Chủ bến treo đèn.", id="a-b")]
    notices, documents_of = notices_of([*same, document("Khác hẳn.", id="c")])
    assert len(notices) == 2
    assert sorted(documents_of.values()) == [["a b", "a-b"], ["c"]]


def test_marks_are_stripped_and_case_is_kept() -> None:
    assert strip_diacritics("Đơn vị nào chủ trì? ỦY BAN, 93,5 %") == (
        "Don vi nao chu tri? UY BAN, 93,5 %"
    )


@given(st.text(alphabet="aăâbcdđeêghikơưAĂÂĐ ớệựỹ12?", max_size=40))
def test_stripped_text_folds_to_the_same_and_has_no_marks(text: str) -> None:
    stripped = strip_diacritics(text)
    assert fold(stripped) == fold(text)
    assert fold(stripped) == stripped.lower()


def test_a_document_ranks_by_its_best_clause(tmp_path: Path, settings: Settings) -> None:
    suite = BeirSuite(load_beir(beir_folder(tmp_path / "data")))
    metrics = Runner(settings)(suite, tmp_path / "run")
    assert metrics["R@1"].value == metrics["MRR@10"].value == metrics["nDCG@10"].value == 1
    assert metrics["R@1"].n == 1
    (record,) = RunFolder(tmp_path / "run").records()
    assert record["ranked"][0][0] == "Luật Bến|2"
    assert record["best_clauses"][0]["label"] == "mục 2"
    assert record["slices"] == {"type": ["Tự luận"]}
    assert sorted(name for name, _ in record["ranked"]) == [law["_id"] for law in LAWS]
    info = RunFolder(tmp_path / "run").info()
    assert info["versions"]["llm"] == ""
    assert info["data"]["lacks"][0].startswith("1 câu hỏi không có đáp án")


def test_a_question_about_another_document_is_lost(tmp_path: Path, settings: Settings) -> None:
    folder = beir_folder(tmp_path / "data", qrels=(("q1", "Luật Chợ|1", 1),))
    metrics = Runner(settings)(BeirSuite(load_beir(folder)), tmp_path / "run")
    assert metrics["R@1"].value == 0
    assert metrics["R@10"].value == 1


def test_the_same_questions_are_asked_without_marks(tmp_path: Path, settings: Settings) -> None:
    suite = BeirSuite(load_beir(beir_folder(tmp_path / "data")), stripped=True)
    metrics = Runner(settings)(suite, tmp_path / "run")
    (record,) = RunFolder(tmp_path / "run").records()
    assert record["question"] == "Phao cuu sinh cho khach do ai lo?"
    assert record["restored"].startswith("Phao cứu sinh cho khách")
    assert metrics["R@1"].value == 1


def test_the_index_is_built_anew_and_its_vectors_are_kept(
    tmp_path: Path, settings: Settings
) -> None:
    runner, data = Runner(settings), load_beir(beir_folder(tmp_path / "data"))
    runner(BeirSuite(data), tmp_path / "one")
    embedder = runner.parts.open_embedder("auto")
    embedded = list(embedder.embedded)
    runner(BeirSuite(data), tmp_path / "two")
    assert embedder.embedded == embedded
    one, two = (RunFolder(tmp_path / name).info() for name in ("one", "two"))
    assert one["versions"] == two["versions"]
    assert not settings.home.joinpath("library.sqlite").exists()


def test_the_index_of_one_folder_never_answers_for_another(
    tmp_path: Path, settings: Settings
) -> None:
    runner = Runner(settings)
    runner(BeirSuite(load_beir(beir_folder(tmp_path / "data"))), tmp_path / "one")
    other = beir_folder(tmp_path / "data", documents=LAWS[:2], queries=ASKED)
    runner(BeirSuite(load_beir(other)), tmp_path / "two")
    record = json.loads((tmp_path / "two" / "records.jsonl").read_text(encoding="utf-8"))
    assert "Luật Chợ|1" not in [name for name, _ in record["ranked"]]
