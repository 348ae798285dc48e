"""A run is a directory that says what it was, goes on where it stopped, and measures all of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fakes_assistant import SECRET, FakeAssistant, FakeParts
from fakes_cli import Congvu
from fakes_eval import (
    ASKED,
    COLD,
    UNKNOWN,
    WRONG,
    Runner,
    beir_folder,
    lines,
    notices_data,
)

from assistant.contract import Timings
from assistant.events import Done, Event
from assistant.runtime.settings import Settings
from corpus.errors import BadInput, Busy, EmptyLibrary
from eval.beir import load_beir
from eval.record import RunFolder
from eval.report.run_data import load_run
from eval.run import default_folder_name, override
from eval.suites import Asked, make_suite
from eval.suites.base import subsample
from eval.suites.mrc import MrcSuite
from eval.suites.notices import NoticeQuestions, NoticeSession, NoticesSuite
from eval.suites.speed import SpeedSuite


def notices_suite(tmp_path: Path, *questions: Mapping[str, object]) -> NoticesSuite:
    return NoticesSuite(NoticeQuestions.load(*notices_data(tmp_path / "data", *questions)))


# The suite of notices


def test_a_run_says_what_it_was_and_what_came_out(tmp_path: Path, settings: Settings) -> None:
    folder = tmp_path / "run"
    metrics = Runner(settings)(notices_suite(tmp_path), folder)
    assert metrics["answer_accuracy"].value == 0.5
    assert metrics["citation_recall"].value == metrics["citation_precision"].value == 1
    assert metrics["refusal_recall"].value == 1
    assert metrics["false_refusals"].value == 0
    assert metrics["R@1"].value == 1
    info = RunFolder(folder).info()
    assert info["suite"] == "notices"
    assert info["started"] == "2031-05-06T12:00:00+00:00"
    assert info["versions"].keys() >= {"congvu", "snapshot", "llm", "embedder", "prompt"}
    assert info["machine"].keys() == {"cpu", "cores", "ram_gb", "os"}
    assert len(info["data"]["sha256"]) == 64
    assert "home" not in info["settings"]
    stored = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    assert stored["answer_accuracy"]["n"] == 2
    slices = json.loads((folder / "slices.json").read_text(encoding="utf-8"))
    assert slices["kind=unanswerable"]["refusal_recall"]["value"] == 1
    assert slices["notice=a.txt"]["answer_accuracy"]["value"] == 0.5


def test_a_record_is_the_answer_with_its_judgement_and_the_gold_clause(
    tmp_path: Path, settings: Settings
) -> None:
    Runner(settings)(notices_suite(tmp_path), tmp_path / "run")
    right, wrong, unknown = RunFolder(tmp_path / "run").records()
    assert right["answer"] == "Có trong văn bản [1]."
    assert right["right"] and right["reasons"] == []
    assert (right["kind"], right["style"], right["answerable"]) == ("fact", "formal", True)
    assert right["gold"] == [
        [
            {
                "file": "a.txt",
                "line": 8,
                "label": "mục 1",
                "text": "1. Sở Công Thương rà soát 7 kho lạnh trước ngày 15/11/2031.",
            }
        ]
    ]
    assert right["evidence"][0]["file"] == "a.txt"
    assert right["citations"][0]["clause"]["lines"] == [8, 8]
    assert not wrong["right"]
    assert wrong["reasons"] == ["thiếu ý bắt buộc 1: mười kho lạnh"]
    assert unknown["refused"] and unknown["right"]
    assert unknown["measures"] == {"refusal_recall": [1, 1]}


def test_history_reaches_the_assistant(tmp_path: Path, settings: Settings) -> None:
    history = [{"role": "user", "content": "Kho lạnh nào?"}]
    runner = Runner(settings)
    runner(notices_suite(tmp_path, COLD | {"history": history}), tmp_path / "run")
    ((_, turns, _),) = runner.parts.assistants[-1].asked
    assert turns[0].content == "Kho lạnh nào?"


def test_a_question_that_fails_is_wrong_and_stops_nothing(
    tmp_path: Path, settings: Settings
) -> None:
    def fail(question: str) -> None:
        if question == COLD["question"]:
            raise Busy("Đang bận.", "Thử lại.")

    parts = FakeParts(assemble_as=lambda snapshot: FakeAssistant(snapshot, fail))
    metrics = Runner(settings, parts)(notices_suite(tmp_path, COLD, UNKNOWN), tmp_path / "run")
    assert metrics["answer_accuracy"].value == 0
    assert metrics["refusal_recall"].value == 1
    record = RunFolder(tmp_path / "run").records()[0]
    assert record["error"] == {"kind": "Busy", "message": "Đang bận. Thử lại."}
    assert record["reasons"][0].startswith("không có câu trả lời")


def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path, settings: Settings) -> None:
    asked: list[str] = []

    def stop_once(question: str) -> None:
        asked.append(question)
        if len(asked) == 2:
            raise KeyboardInterrupt

    parts = FakeParts(assemble_as=lambda snapshot: FakeAssistant(snapshot, stop_once))
    suite = notices_suite(tmp_path)
    runner, folder = Runner(settings, parts), tmp_path / "run"
    with pytest.raises(KeyboardInterrupt):
        runner(suite, folder)
    assert [record["id"] for record in RunFolder(folder).records()] == ["cold"]
    with (folder / "records.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "wrong", "measures": {"answer_acc')  # as a kill would leave it
    runner.heard.clear()
    metrics = runner(suite, folder)
    assert asked == [COLD["question"], WRONG["question"], WRONG["question"], UNKNOWN["question"]]
    assert runner.heard == [(1, 3), (2, 3), (3, 3)]
    assert metrics == Runner(settings)(suite, tmp_path / "at once")
    assert len(RunFolder(folder).records()) == 3


def test_a_finished_run_is_measured_again_without_a_model(
    tmp_path: Path, settings: Settings
) -> None:
    suite, folder = notices_suite(tmp_path), tmp_path / "run"
    metrics = Runner(settings)(suite, folder)
    later = Runner(settings, clock=lambda: datetime(2032, 1, 1, tzinfo=UTC))
    assert later(suite, folder) == metrics
    assert later.parts.llms == []
    assert RunFolder(folder).info()["finished"] == "2031-05-06T12:00:00+00:00"


def test_another_run_may_not_go_on_in_the_same_directory(
    tmp_path: Path, settings: Settings
) -> None:
    folder = tmp_path / "run"
    Runner(settings)(notices_suite(tmp_path), folder)
    with pytest.raises(BadInput, match="lần chạy khác: data_sha256"):
        Runner(settings)(notices_suite(tmp_path, COLD), folder)
    limited = NoticesSuite(NoticeQuestions.load(*notices_data(tmp_path / "data")), limit=1)
    with pytest.raises(BadInput, match=r"options\.limit là None, nay là 1"):
        Runner(settings)(limited, folder)
    changed = settings.model_copy(update={"evidence_clauses": 3})
    with pytest.raises(BadInput, match=r"settings\.evidence_clauses là '12', nay là '3'"):
        Runner(changed)(notices_suite(tmp_path), folder)


def test_a_run_in_progress_keeps_others_out(tmp_path: Path, settings: Settings) -> None:
    folder = RunFolder(tmp_path / "run")
    with folder.locked(), pytest.raises(Busy):
        Runner(settings)(notices_suite(tmp_path), folder.path)


def test_a_refused_notice_stops_the_run(tmp_path: Path, settings: Settings) -> None:
    asked, notices = notices_data(tmp_path / "data")
    (notices / "secret.txt").write_text(SECRET, encoding="utf-8")
    suite = NoticesSuite(NoticeQuestions.load(asked, notices))
    with pytest.raises(BadInput, match=r"secret\.txt"):
        Runner(settings)(suite, tmp_path / "run")


def test_what_the_data_lacks_is_said(tmp_path: Path) -> None:
    assert notices_suite(tmp_path, COLD | {"must": []}).data.lacks == (
        "không có câu hỏi mà văn bản không trả lời được",
        "1 câu trả lời được không có ý bắt buộc (must)",
    )
    assert notices_suite(tmp_path / "all").data.lacks == ()


@pytest.mark.parametrize(
    ("file", "line", "told"),
    [
        ("c.txt", 1, ("“far”", "“c.txt”", "không có tệp đó")),
        ("a.txt", 10, ("“far”", "dòng 10 của “a.txt”", "hết ở dòng 9")),
    ],
)
def test_a_near_line_that_is_nowhere_is_told(
    tmp_path: Path, file: str, line: int, told: tuple[str, ...]
) -> None:
    far = UNKNOWN | {"id": "far", "near": [{"file": file, "line": line}]}
    with pytest.raises(BadInput, match=r"gần nhất \(near\)") as caught:
        notices_suite(tmp_path, COLD, far)
    assert all(words in str(caught.value) for words in told)


@pytest.mark.parametrize(
    ("file", "line", "told"),
    [
        ("c.txt", 1, ("“far”", "“c.txt”", "không có tệp đó")),
        ("a.txt", 10, ("“far”", "dòng 10 của “a.txt”", "hết ở dòng 9")),
    ],
)
def test_a_gold_line_that_is_nowhere_is_told(
    tmp_path: Path, file: str, line: int, told: tuple[str, ...]
) -> None:
    far = COLD | {
        "id": "far",
        "gold": [[{"file": "b.txt", "line": 9}, {"file": file, "line": line}]],
    }
    with pytest.raises(BadInput) as caught:
        notices_suite(tmp_path, COLD, far)
    assert all(words in str(caught.value) for words in told)
    assert "Sửa" in caught.value.remedy


def test_a_gold_line_may_be_the_last(tmp_path: Path) -> None:
    last = COLD | {"gold": [[{"file": "a.txt", "line": 9}]]}
    assert notices_suite(tmp_path, last).tasks == ("cold",)


NEAR = UNKNOWN | {"id": "near", "near": [{"file": "b.txt", "line": 8}]}


def test_a_set_that_names_its_notices_is_asked_on_these_alone(
    tmp_path: Path, settings: Settings
) -> None:
    near = NEAR | {"near": [{"file": "a.txt", "line": 9}]}
    suite = notices_suite(tmp_path, COLD, near)
    assert [file.name for file in suite.asked.files] == ["a.txt"]
    assert any("chỉ lập chỉ mục 1 trong 2 văn bản" in told for told in suite.data.lacks)
    runner = Runner(settings)
    runner(suite, tmp_path / "run")
    known = runner.parts.assistants[-1].snapshot.notices.values()
    assert [notice.file_name for notice in known] == ["a.txt"]
    record = RunFolder(tmp_path / "run").records()[1]
    assert record["slices"]["notice"] == ["a.txt"]


@pytest.mark.parametrize("others", [(UNKNOWN, NEAR), ()])
def test_a_set_that_leaves_open_what_it_is_about_is_asked_on_all(
    tmp_path: Path, others: tuple[Mapping[str, object], ...]
) -> None:
    suite = notices_suite(tmp_path, COLD, *others)
    assert [file.name for file in suite.asked.files] == ["a.txt", "b.txt"]
    assert not any("lập chỉ mục" in told for told in suite.data.lacks)


def test_each_answerable_question_may_be_asked_without_its_own_notice(
    tmp_path: Path, settings: Settings
) -> None:
    asked = NoticeQuestions.load(*notices_data(tmp_path / "data", COLD, UNKNOWN))
    runner = Runner(settings)
    metrics = runner(NoticesSuite(asked, without_own=True), tmp_path / "run")
    # Of “Sở Công Thương rà soát những gì?” the other notice knows the same words.
    assert metrics["own_out_refusals"].n == 1
    assert metrics["own_out_refusals"].value == 0
    cold, unknown = RunFolder(tmp_path / "run").records()
    assert not cold["own_out"]["refused"]
    assert "own_out" not in unknown
    snapshot = runner.parts.assistants[-1].snapshot
    [other] = [one.id for one in snapshot.notices.values() if one.file_name == "b.txt"]
    assert [only for _, _, only in runner.parts.assistants[-1].asked] == [(), (other,), ()]
    assert RunFolder(tmp_path / "run").info()["options"] == {"limit": None, "without_own": True}


def test_a_question_about_all_notices_is_not_asked_without_them(
    tmp_path: Path, settings: Settings
) -> None:
    both = COLD | {"gold": [[{"file": "a.txt", "line": 8}], [{"file": "b.txt", "line": 8}]]}
    asked = NoticeQuestions.load(*notices_data(tmp_path / "data", both, UNKNOWN))
    metrics = Runner(settings)(NoticesSuite(asked, without_own=True), tmp_path / "run")
    assert "own_out_refusals" not in metrics


# Reading questions


def reading(tmp_path: Path, *queries: Mapping[str, object]) -> MrcSuite:
    return MrcSuite(load_beir(beir_folder(tmp_path / "mrc", queries=queries)))


READABLE = {
    "_id": "q1",
    "text": "Chủ bến phải có gì cho từng khách?",
    "metadata": {"answerable": True, "answers": ["phao cứu sinh", "áo phao"]},
}
UNREADABLE = {
    "_id": "q2",
    "text": "Hiệu trưởng đại học hưởng lương hưu quân đội bao nhiêu?",
    "metadata": {"answerable": False, "answers": [], "plausible_answer": "phao"},
}


def test_reading_questions_go_through_the_whole_assistant(
    tmp_path: Path, settings: Settings
) -> None:
    quoting = settings.model_copy(update={"lead": "quote"})
    metrics = Runner(quoting)(reading(tmp_path, READABLE, UNREADABLE), tmp_path / "run")
    readable, unreadable = RunFolder(tmp_path / "run").records()
    assert "phao cứu sinh" in readable["answer"]
    assert readable["citations"][0]["notice"]["file"] == "Luật Bến|2"
    assert unreadable["refused"]
    names = ("answer_accuracy", "gold_in_answers", "refusal_recall", "citation_recall", "R@1")
    assert [metrics[name].value for name in names] == [1] * 5
    assert metrics["false_refusals"].value == 0


def test_an_answer_without_a_gold_string_and_an_answer_to_nothing_are_wrong(
    tmp_path: Path, settings: Settings
) -> None:
    quoting = settings.model_copy(update={"lead": "quote"})
    other = READABLE | {"metadata": {"answerable": True, "answers": ["xuồng máy"]}}
    answered = UNREADABLE | {"text": "Chủ bến treo đèn hiệu gì?"}
    metrics = Runner(quoting)(reading(tmp_path, other, answered), tmp_path / "run")
    assert metrics["answer_accuracy"].value == metrics["gold_in_answers"].value == 0
    assert metrics["citation_recall"].value == 1
    assert metrics["refusal_recall"].value == 0


def test_reading_questions_must_say_whether_they_can_be_answered(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="q1 không nói là trả lời được"):
        reading(tmp_path, *ASKED)
    assert reading(tmp_path, READABLE).data.lacks == ("không có câu hỏi không trả lời được",)


# Speed


def test_speed_times_questions_and_probes_and_compares_them(
    tmp_path: Path, settings: Settings
) -> None:
    def decode(session: NoticeSession) -> dict[str, list[float]]:
        assert session.assistant is not None
        return {
            "decode_tokens_per_s": [9.0, 8.0, 10.0],
            "bare_decode_tokens_per_s": [12.0, 11.0, 13.0],
        }

    asked = NoticeQuestions.load(*notices_data(tmp_path / "data"))
    metrics = Runner(settings)(SpeedSuite(asked, probes={"decode": decode}), tmp_path / "run")
    assert metrics["decode_tokens_per_s"].value == 9
    assert metrics["decode_vs_bare"].value == 0.75
    assert metrics["decode_vs_bare"].n == 3
    assert metrics["query_embedding_ms"].n == 3
    assert "answer_accuracy" not in metrics
    assert metrics["total_ms_p50"].n == 3
    assert [r["id"] for r in RunFolder(tmp_path / "run").records()][-1] == "@decode"


def test_the_probes_that_need_no_language_model_measure(tmp_path: Path, settings: Settings) -> None:
    asked = NoticeQuestions.load(*notices_data(tmp_path / "data"))
    suite = SpeedSuite(asked)
    cheap = {name: probe for name, probe in suite.probes.items() if name != "generation"}
    metrics = Runner(settings)(SpeedSuite(asked, probes=cheap), tmp_path / "run")
    for name in ("peak_memory_gib", "index_build_clauses_per_s"):
        value = metrics[name].value
        assert value is not None
        assert value > 0


def test_evidence_is_compared_with_the_embedding_of_the_same_question(
    tmp_path: Path, settings: Settings
) -> None:
    class Timed(FakeAssistant):
        def stream(self, *args: Any, **others: Any) -> Iterator[Event]:
            *shown, last = super().stream(*args, **others)
            assert isinstance(last, Done)
            yield from shown
            yield Done(replace(last.answer, timings_ms=Timings(40, 50, 50, None, 60)))

    asked = NoticeQuestions.load(*notices_data(tmp_path / "data"))
    runner = Runner(settings, FakeParts(assemble_as=Timed))
    metrics = runner(SpeedSuite(asked, probes={}), tmp_path / "run")
    records = RunFolder(tmp_path / "run").records()
    pairs = [record["pairs"]["evidence_vs_query_embedding"] for record in records]
    assert [pair[0] for (pair,) in pairs] == [40, 40, 40]
    assert all(
        record["samples"]["query_embedding_ms"][0] == pair[0][1]
        for record, pair in zip(records, pairs, strict=True)
    )
    assert metrics["evidence_vs_query_embedding"].n == 3
    assert metrics["first_quote_ms_p95"].value == 50
    assert "lead_ms_p50" not in metrics  # no sentence, no time


def test_what_a_server_cannot_tell_is_said_and_stops_nothing(
    tmp_path: Path, settings: Settings
) -> None:
    served = settings.model_copy(update={"llm_server": "http://127.0.0.1:9/v1"})
    asked = NoticeQuestions.load(*notices_data(tmp_path / "data"))
    suite = SpeedSuite(asked, probes={"generation": SpeedSuite(asked).probes["generation"]})
    metrics = Runner(served)(suite, tmp_path / "run")
    assert "decode_vs_bare" not in metrics
    assert metrics["total_ms_p50"].n == 3
    last = RunFolder(tmp_path / "run").records()[-1]
    assert "máy chủ" in last["not_measured"]
    assert "Không đo tốc độ" in load_run(tmp_path / "run", "run").lacks[-1]


# Settings and the command line


def test_settings_are_overridden_by_their_own_rules(settings: Settings) -> None:
    changed, shown = override(settings, ["evidence_clauses=5", "llm_server_key=bí-mật"])
    assert changed.evidence_clauses == 5
    assert changed.home == settings.home
    assert shown["evidence_clauses"] == "5"
    assert "bí-mật" not in str(shown)


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("evidence_clauses", "thiếu dấu"),
        ("evidence_clause=5", "Có phải là evidence_clauses"),
        ("evidence_clauses=500", "số nguyên từ 1 đến 30"),
        ("lead=poem", "llm hoặc quote"),
    ],
)
def test_a_wrong_override_names_the_remedy(settings: Settings, option: str, told: str) -> None:
    with pytest.raises(BadInput) as caught:
        override(settings, [option])
    assert told in str(caught.value)


def test_a_subsample_is_the_same_every_time_and_keeps_the_order() -> None:
    ids = [f"q{i}" for i in range(50)]
    chosen = subsample(ids, 10)
    assert len(set(chosen)) == 10
    assert chosen == subsample(ids, 10) == tuple(sorted(chosen, key=ids.index))
    assert subsample(ids, None) == subsample(ids, 99) == tuple(ids)
    assert chosen != tuple(ids[:10])


def test_a_run_is_named_by_its_time() -> None:
    moment = datetime(2031, 5, 6, 12, 3, 4, tzinfo=UTC)
    assert default_folder_name("beir", moment) == "20310506T120304Z-beir"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (Asked("poems"), "Không có bộ đo “poems”"),
        (Asked("beir"), "cần --data"),
        (Asked("mrc", data=Path("x"), notices=Path("y")), "--notices không đi cùng mrc"),
        (Asked("notices", data=Path("x")), "đi cùng nhau"),
        (Asked("notices", stripped=True), "chỉ đi cùng beir"),
        (Asked("speed", without_own=True), "--without-own chỉ đi cùng notices"),
        (Asked("notices", peer="llamaindex", without_own=True), "--without-own chỉ đi cùng"),
    ],
)
def test_options_that_make_no_sense_are_told(asked: Asked, told: str) -> None:
    with pytest.raises(BadInput) as caught:
        make_suite(asked)
    assert told in str(caught.value)


def test_without_data_the_samples_are_asked() -> None:
    assert len(make_suite(Asked("notices")).tasks) >= 30


def test_the_command_prints_the_metrics_as_one_object(congvu: Congvu, tmp_path: Path) -> None:
    questions, notices = notices_data(tmp_path / "data")
    out = tmp_path / "run"
    result = congvu(
        *("eval", "run", "notices", "--data", questions, "--notices", notices),
        *("--set", "evidence_clauses=5", "--out", out, "--json"),
    )
    assert result.code == 0, result.err
    assert result.json["answer_accuracy"] == 0.5
    assert "Hỏi: 3/3" in result.err
    assert str(out) in result.err
    info = RunFolder(out).info()
    assert info["set"] == {"evidence_clauses": "5"}
    assert info["settings"]["evidence_clauses"] == "5"
    assert "--set evidence_clauses=5" in info["command"]


def test_a_run_without_out_lies_in_the_home_and_can_be_resumed(
    congvu: Congvu, tmp_path: Path
) -> None:
    folder = beir_folder(tmp_path / "data")
    shown = congvu("eval", "run", "beir", "--data", folder)
    assert shown.code == 0, shown.err
    assert "R@1" in shown.out
    assert "không có đáp án trong kho" in shown.err
    (run,) = (congvu.settings.home / "runs").iterdir()
    assert run.name.endswith("-beir")
    again = congvu("eval", "run", "beir", "--data", folder, "--resume", run, "--json")
    assert again.json["R@1"] == 1
    missing = congvu("eval", "run", "beir", "--data", folder, "--resume", tmp_path / "no")
    assert missing.code == BadInput.exit_code
    assert "run.json" in missing.err


def test_no_notice_at_all_is_told(congvu: Congvu, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    questions = lines(tmp_path / "q.jsonl", COLD)
    result = congvu("eval", "run", "notices", "--data", questions, "--notices", tmp_path / "empty")
    assert result.code in {BadInput.exit_code, EmptyLibrary.exit_code}
